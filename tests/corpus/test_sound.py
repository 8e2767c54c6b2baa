"""Nearly all original pages are judged at a glance, and no otherwise than those that are read."""

import pytest

from newsarchive.page.paths import PageKind, kind_of
from tests.corpus.test_corpus import original_pages, packed_pages
from tests.longway import check_sound

pytestmark = [pytest.mark.slow, pytest.mark.corpus]

DAYS = (PageKind.EVENT, PageKind.DAY_INDEX)


def test_original_pages_are_judged_alike_both_ways() -> None:
    assert check_sound(dict(original_pages())) > 20


@pytest.mark.parametrize("name", ["archive-2012-2017.tar.xz", "renames-2016-2017.tar.xz"])
def test_nearly_all_packed_pages_are_sound(name: str) -> None:
    pages = {path: data for path, data in packed_pages(name) if kind_of(path) in DAYS}
    assert check_sound(pages) > 0.95 * len(pages)
