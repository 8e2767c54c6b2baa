"""Nearly all original pages are judged at a glance, and no otherwise than those that are read."""

import pytest

import newsarchive as na
from newsarchive.page.editions import EN, ZH
from newsarchive.page.paths import PageKind, kind_of
from tests.corpus.test_corpus import original_pages, packed_pages
from tests.longway import check_sound

pytestmark = [pytest.mark.slow, pytest.mark.corpus]

DAYS = (PageKind.EVENT, PageKind.DAY_INDEX)


def test_original_pages_are_judged_alike_both_ways() -> None:
    assert check_sound(dict(original_pages())) > 20


@pytest.mark.parametrize(
    ("name", "edition", "share"),
    [
        ("archive-2012-2017.tar.xz", EN, 0.98),
        ("renames-2016-2017.tar.xz", EN, 0.97),
        ("zh-2019-02.tar.xz", ZH, 0.9),
        ("zh-2019-11.tar.xz", ZH, 0.9),
    ],
)
def test_nearly_all_packed_pages_are_sound(name: str, edition: na.Edition, share: float) -> None:
    pages = {path: data for path, data in packed_pages(name) if kind_of(path) in DAYS}
    assert check_sound(pages, edition=edition) > share * len(pages)
