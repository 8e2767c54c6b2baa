"""A page laid out as the archive does it is read the short way, and found to be the same."""

import pytest
from hypothesis import example, given, settings

import newsarchive as na
from newsarchive import strategies as nas
from newsarchive.page.parser import read
from newsarchive.page.parser._spans import spans_of
from tests.builders import DAY_PATH, PATH
from tests.longway import read_by_blocks

pytestmark = pytest.mark.property

HEAD = "### [2016-03-2](/news/2016/03/2/index.md)\n\n"
TITLED = f"{HEAD}# T \n\n"
DAY = "## [2016-03-2](/news/2016/03/2/index.md)\n\n"


def check_both_ways(text: str, path: str) -> bool:
    """Whether a text went the short way; if so, the long way found the same."""
    short = read(text, path)
    if not short.canonical:
        return False
    long = read_by_blocks(short)
    assert long.problems == short.problems == []
    assert long.complete
    assert short.complete
    assert long.page == short.page
    assert short.page is not None
    assert na.render(short.page) == short.body
    assert spans_of(long) == spans_of(short)
    assert [link[:5] for link in long.links()] == [link[:5] for link in short.links()]
    assert long.section_headings == short.section_headings
    return True


@given(nas.events() | nas.day_indexes())
@settings(max_examples=60)
def test_both_ways_find_the_same(page: na.Event | na.DayIndex) -> None:
    check_both_ways(na.render(page), page.path)


@given(nas.nearly_page_texts())
@settings(max_examples=200)
@example((PATH, f"{TITLED}---\n\n"))
@example((PATH, f"{TITLED} # a\n\n"))
@example((PATH, f"{TITLED}a\n_Context: b_\n\n"))
@example((PATH, f"{HEAD}# \u2028\n\n\n\n"))
@example((PATH, "### [2016-02-30](/a)\n\n# T \n\n\n\n"))
@example((PATH, f"{TITLED}\n\n\n### Changes:\n\n1. [a](/b) _2016-02-30 00:00:00 (Update)_\n"))
@example((PATH, f"{TITLED}\n\n\n### Changes:\n\n2. [a](/b) _(Update)_\n"))
@example((PATH, f"{TITLED}\n\n\n### Source:\n\n1. [Cover Image ](b)\n"))
@example((PATH, f"{TITLED}\n\n\n### Source:\n\n2. [Cover Image](b)\n"))
@example((PATH, f"{TITLED}\n\n\n### Related:\n\n1. [a](/b)\n\n### Source:\n\n1. [a](b)\n"))
@example((PATH, f"{TITLED}\n\n\n###\tSource:\n\n1. [a](b)\n"))
@example((PATH, f"{TITLED}\n\n\n### Source:\n\n1. [ ](b)\n"))
@example((PATH, f"{TITLED}\n\n\n### Source:\n\n1. [a](b)\n2. [a"))
@example((PATH, f"{TITLED}\n\n\n### Source:\n\n1. [a](b)\n2. [a](c)"))
@example((PATH, f"{TITLED}\n\n\n### Source:\n\n1. [a](b)\n\n"))
@example((DAY_PATH, f"{DAY}### [a](/b)\n\n### [a](/c)"))
@example((DAY_PATH, f"{DAY}### [a](/b)\n ---\n\n"))
@example((DAY_PATH, f"{DAY}### [a](/b)\n_Context: a_ \n\n"))
@example((DAY_PATH, f"{DAY}### [ ](/b)\n\n"))
@example((DAY_PATH, f"{DAY}##### \n### [a](/b)\n\n\n## [Previous Day...](/c)\n\n"))
@example((DAY_PATH, "## [2016-02-30](/a)\n\n"))
@example((DAY_PATH, f"{DAY}## [Previous Day... ](/c)\n\n"))
def test_what_is_nearly_so_is_not_taken_for_it(given_text: tuple[str, str]) -> None:
    path, text = given_text
    check_both_ways(text, path)


@given(nas.archives(front_page=False))
@settings(max_examples=20)
def test_what_the_archive_lays_out_goes_the_short_way(pages: dict[str, str]) -> None:
    for path, text in pages.items():
        assert check_both_ways(text, path), (path, text)
