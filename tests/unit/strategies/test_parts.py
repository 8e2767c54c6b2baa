"""Drawn pieces of pages are all that a line, a name and a link can be."""

import datetime
import re
import string
import sys

import pytest

import newsarchive as na
from newsarchive import strategies as nas
from newsarchive.page.paths import PageKind, kind_of
from newsarchive.strategies import _parts
from tests.draws import all_of, largest, never_drawn

pytestmark = pytest.mark.slow

# What marks a page, as it stands behind small letters and before them.
BEHIND = [
    "](", "](/news/2016/03/1/a.md)", "_Context: a_", "### [", "---", "1. [", "Cover Image",
    "Previous Day...", "://", "&quot;", "### Related:", "2016-02-30", "&#39;", "[[", "{{", "||",
    "../", "#top",
]  # fmt: skip
BEFORE = ["# ", "##### ", "Formats: ", ", "]
WITH_BLANKS = [" _Context: a, b_", " _(Current version)_", " _2016-03-01 00:00:00 (Update)_"]


def test_titles_may_be_letters_and_what_marks_a_page() -> None:
    all_of(nas.titles(), lambda title: title.lstrip(string.ascii_lowercase), *BEHIND)
    all_of(nas.titles(), lambda title: title.rstrip(string.ascii_lowercase), *BEFORE)
    among = [re.compile(f"[a-z]{re.escape(mark)}").search for mark in WITH_BLANKS]
    assert never_drawn(nas.titles(), *among, lambda title: "  " in title[1:]) == []


def test_every_blank_and_every_sign_stands_in_a_title() -> None:
    blanks = {c for c in map(chr, range(sys.maxunicode)) if c.isspace()} - {"\r", "\n"}
    missing = {*blanks, *string.punctuation, *string.digits, *"£ß漢\u0301\ufeff\x00\x7f"}

    def was_the_last(title: str) -> bool:
        missing.difference_update(title)
        return not missing

    assert never_drawn(nas.titles(), was_the_last) == []


def test_links_have_texts_and_targets_of_every_kind() -> None:
    targets = ["http://example.org/a", "https://example.org/?a=(b)&c=%20#", "/index.md", "", "x"]
    all_of(nas.related_links(), lambda link: link.path, *targets[:4])
    missing = never_drawn(
        nas.related_links(),
        lambda link: " " in link.path,
        lambda link: "(" in link.path and "example.org" not in link.path,
        lambda link: link.path.startswith("/news/") and link.path.endswith(".md"),
        lambda link: "]-(" in link.title,
        lambda link: link.title_blanks == ("", " "),
        lambda link: len(link.title_blanks[0]) > 9,
        lambda link: link.context == ("x",),
    )
    assert missing == []
    assert never_drawn(nas.changes(), lambda change: change.kind == "x") == []


@pytest.mark.parametrize("name", ["index", "README", "index.md", ".README.md", ".md", ""])
def test_whatever_a_name_is_an_events_path_follows(name: str) -> None:
    path = _parts._event_path(datetime.date(2016, 3, 2), name)
    assert kind_of(path) is PageKind.EVENT


def test_names_have_one_to_twelve_characters() -> None:
    lengths: set[int] = set()

    def measured(page: na.Editorial) -> bool:
        lengths.add(len(page.path.removeprefix("/opinion/").rpartition("/")[0]))
        return lengths == set(range(1, 13))

    assert never_drawn(nas.editorials(), measured) == []


def test_of_what_there_may_be_several_there_are_three_at_most() -> None:
    events = largest(
        nas.events(),
        lambda event: {
            "sources": len(event.sources),
            "related": len(event.related),
            "changes": len(event.changes),
            "lines": (event.description or "").count("\n") + 1,
        },
        draws=120,
    )
    assert set(events.values()) == {3}
    pages = largest(
        nas.front_pages(),
        lambda page: {
            "sections": len(page.sections),
            "entries": max(len(section.entries) for section in page.sections),
        },
        draws=50,
    )
    assert set(pages.values()) == {3}


def test_titles_are_lines_of_any_characters() -> None:
    missing = never_drawn(
        nas.titles(),
        lambda title: "](" in title,
        lambda title: not title.isascii(),
        lambda title: title != title.strip() or "\n" in title or not title,
        draws=300,
    )
    assert missing == [2]
