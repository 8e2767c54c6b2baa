"""A check says of a page that is read at a glance what it says of one that is read whole."""

import pytest
from hypothesis import example, given, settings

import newsarchive as na
from newsarchive import strategies as nas
from tests.builders import DAY_PATH, PAGE, PATH, SMALL_ARCHIVE
from tests.longway import check_sound

pytestmark = pytest.mark.property


@given(nas.archives() | nas.damaged_archives())
@settings(max_examples=40)
@example({**SMALL_ARCHIVE, PATH: PAGE})
def test_pages_of_whole_archives(pages: dict[str, str]) -> None:
    check_sound(pages)


@given(nas.nearly_page_texts() | nas.damaged_page_texts() | nas.page_texts())
@settings(max_examples=400)
def test_pages_that_may_be_in_order(page: tuple[str, str]) -> None:
    check_sound(dict([page]))


@given(nas.archives(front_page=False))
@settings(max_examples=20)
def test_what_the_archive_writes_is_mostly_taken(pages: dict[str, str]) -> None:
    odd = {d.page for path, text in pages.items() for d in na.check_text(text, path)}
    assert check_sound(pages) >= len(pages) - len(odd) - sum("(" in t or "[" in t for t in pages)


@pytest.mark.parametrize(("path", "text"), [(PATH, PAGE), (DAY_PATH, SMALL_ARCHIVE[DAY_PATH])])
def test_a_character_more_less_or_another_hides_nothing(path: str, text: str) -> None:
    for at in range(len(text)):
        for new in ("", "\n", " ", "[", "]", "(", ")", "#", "&", "=", "1", "é", "\u2028"):
            check_sound({path: text[:at] + new + text[at + 1 :]})
            check_sound({path: text[:at] + new + text[at:]})
