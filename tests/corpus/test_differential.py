"""On original pages, the library's links are those that CommonMark renderers show.

Prose and opinion pieces are left out: they are free text, and the library follows no link there.
"""

import pytest

from newsarchive.page.paths import PageKind, kind_of
from tests.corpus.test_corpus import original_pages, packed_pages
from tests.renderers import by_us, differences

pytestmark = pytest.mark.corpus

FREE_TEXT = (PageKind.PROSE, PageKind.EDITORIAL)


def check_links(path: str, data: bytes) -> int:
    """Both renderers show the page's links; how many there are."""
    if kind_of(path) in FREE_TEXT:
        return 0
    text = data.decode()
    assert differences(text, path) == {}, path
    return sum(map(len, by_us(text, path)))


@pytest.mark.slow
def test_links_of_original_pages() -> None:
    assert sum(check_links(path, data) for path, data in original_pages()) > 100


@pytest.mark.slow
def test_links_of_packed_pages() -> None:
    assert sum(check_links(*page) for page in packed_pages("archive-2012-2017.tar.xz")) > 1000
