"""A check says of a page that is read at a glance what it says of one that is read whole."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import newsarchive as na
from newsarchive import strategies as nas
from newsarchive.page.editions import EN, ZH
from tests.builders import DAY_PATH, PAGE, PATH, SMALL_ARCHIVE
from tests.editions import of_editions
from tests.longway import check_sound

pytestmark = pytest.mark.property


Archive = tuple[na.Edition, dict[str, str]]


@given(of_editions(lambda one: nas.archives(edition=one) | nas.damaged_archives(edition=one)))
@settings(max_examples=60)
@example((EN, {**SMALL_ARCHIVE, PATH: PAGE}))
def test_pages_of_whole_archives(drawn: Archive) -> None:
    edition, pages = drawn
    check_sound(pages, edition=edition)


def _texts(edition: na.Edition) -> st.SearchStrategy[tuple[str, str]]:
    return st.one_of(
        nas.nearly_page_texts(edition=edition),
        nas.damaged_page_texts(edition=edition),
        nas.page_texts(edition=edition),
    )


@given(of_editions(_texts))
@settings(max_examples=500)
def test_pages_that_may_be_in_order(drawn: tuple[na.Edition, tuple[str, str]]) -> None:
    edition, page = drawn
    check_sound(dict([page]), edition=edition)


@given(st.sampled_from([EN, ZH]).flatmap(lambda one: st.tuples(
    st.just(one), nas.archives(front_page=False, edition=one)
)))  # fmt: skip
@settings(max_examples=20)
def test_what_the_archive_writes_is_mostly_taken(drawn: Archive) -> None:
    edition, pages = drawn
    found = (d for path, text in pages.items() for d in na.check_text(text, path, edition=edition))
    odd = {d.page for d in found}
    assert check_sound(pages, edition=edition) >= len(pages) - len(odd) - sum(
        "(" in t or "[" in t for t in pages
    )


@pytest.mark.parametrize(("path", "text"), [(PATH, PAGE), (DAY_PATH, SMALL_ARCHIVE[DAY_PATH])])
def test_a_character_more_less_or_another_hides_nothing(path: str, text: str) -> None:
    for at in range(len(text)):
        for new in ("", "\n", " ", "[", "]", "(", ")", "#", "&", "=", "1", "é", "\u2028"):
            check_sound({path: text[:at] + new + text[at + 1 :]})
            check_sound({path: text[:at] + new + text[at:]})
