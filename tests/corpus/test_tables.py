"""Original pages: tables say the same by either way, and give back every page."""

import pytest

from tests.corpus.test_corpus import original_pages, packed_pages
from tests.unit.tables.test_glance import gives_back, same

pytestmark = [pytest.mark.slow, pytest.mark.corpus]


def test_original_pages_come_back_from_json_lines() -> None:
    for path, data in original_pages():
        assert gives_back(path, data), path


@pytest.mark.parametrize("name", ["archive-2012-2017.tar.xz", "renames-2016-2017.tar.xz"])
def test_packed_archives_come_back_and_most_pages_are_read_at_a_glance(name: str) -> None:
    taken = []
    for path, data in packed_pages(name):
        assert gives_back(path, data), path
        taken.append(same(path, data.decode()))
    assert sum(taken) > 0.8 * len(taken)
