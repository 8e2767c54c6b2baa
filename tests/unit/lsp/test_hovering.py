"""What is told of a title, a term and a link, without a client."""

from __future__ import annotations

from pathlib import Path

import pytest
from lsprotocol import types

from newsarchive.lsp.hovering import hover
from newsarchive.lsp.session import OpenPage, Session
from tests.builders import LATER, OPENS, PATH, REBUILT, SMALL_ARCHIVE, event, write_archive
from tests.unit.lsp import opening

BURNS = f"[The pier burns.]({PATH})"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_archive(tmp_path / "archive", small=True)


def opened(root: Path, path: str = PATH, text: str | None = None) -> tuple[Session, OpenPage]:
    """A page that is open, in an archive that is known to be read."""
    session, page = opening.opened(root, path, text)
    assert page.archive
    page.archive.is_loaded = True
    return session, page


def told(session: Session, page: OpenPage, words: str, offset: int = 0) -> list[str]:
    """The lines of what is told of the place of some words, and then what it is told of."""
    found = hover(session, page, page.text.index(words) + offset, markdown=False)
    if found is None:
        return []
    assert isinstance(found.contents, types.MarkupContent)
    assert found.range
    ends = (found.range.start, found.range.end)
    start, end = (page.lines.offset(place.line, place.character) for place in ends)
    return [*found.contents.value.split("\n"), page.text[start:end]]


def test_each_kind_of_link_is_counted_the_commonest_first(root: Path) -> None:
    older = [f"{BURNS} _2016-03-03 10:00:00 (First version)_", f"[L.]({LATER}) _(Current version)_"]
    text = event("2016-03-10", "Later.", related=[BURNS] * 2, changes=older)
    (root / LATER[1:]).write_text(text, "utf-8")
    assert told(*opened(root), "pier burns")[1] == (
        "Linked from 3 pages (3 related links, 1 older version, 1 index entry), "
        "2016-02-29 to 2016-03-10"
    )


@pytest.mark.parametrize("is_read", [True, False])
def test_while_the_archive_is_read_it_is_said(root: Path, is_read: bool) -> None:
    session, page = opened(root)
    assert page.archive
    page.archive.is_loaded = is_read
    lines = [told(session, page, words)[-2] for words in ("pier burns", "Veldania")]
    said = [line == "The archive is still being read: there may be more" for line in lines]
    assert said == [not is_read] * 2


def test_of_many_pages_with_a_term_the_last_are_named(root: Path) -> None:
    pages = {
        f"/news/2016/04/{day}/x.md": event(
            f"2016-04-{day}", f"T{day}.", related=[f"{BURNS} _Context: a, sea, b_"]
        )
        for day in range(1, 8)
    }
    text = SMALL_ARCHIVE[PATH].replace("pier, Veldania", "pier, sea")
    session, page = opened(write_archive(root, pages), text=text)
    assert told(session, page, "sea_") == [
        "sea",
        "In the context of 8 links on 8 pages, 2016-03-2 to 2016-04-7",
        *(f"2016-04-{day} T{day}." for day in (7, 6, 5, 4, 3)),
        "sea",
    ]


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_term_is_marked_from_end_to_end(root: Path, newline: str) -> None:
    text = SMALL_ARCHIVE[PATH].replace("pier, Veldania", "pier, New Veldania")
    session, page = opened(root, text=text.replace("\n", newline))
    words = "pier, New Veldania"
    marked = [told(session, page, words, offset)[-1] for offset in range(len(words) + 1)]
    link = marked[5]
    assert link.startswith("1. [The pier opens.]"), "between two terms lies the link"
    assert marked == ["pier"] * 5 + [link] + ["New Veldania"] * 13


def test_between_two_commas_is_no_term(root: Path) -> None:
    text = SMALL_ARCHIVE[PATH].replace("pier, Veldania", "pier, , Veldania")
    session, page = opened(root, text=text)
    told_of = [told(session, page, "pier, , Veldania", offset)[-1] for offset in (4, 6, 8)]
    assert [text.count("\n") for text in told_of] == [0, 0, 0]
    assert told_of[0] == "pier"
    assert told_of[1].startswith("1. [The pier opens.]")
    assert told_of[2] == "Veldania"


def test_an_index_names_its_path_where_a_page_has_no_title(root: Path) -> None:
    index = "/news/2016/03/4/index.md"
    text = SMALL_ARCHIVE[index].replace(f"({REBUILT})\n", f"({REBUILT})\n_Context: sea_\n")
    session, page = opened(root, index, text)
    assert told(session, page, "[The pier is rebuilt.")[:-1] == [
        "The pier is rebuilt.",
        "2016-03-4",
        "Shared context: sea",
    ]
    assert told(session, page, "sea") == [
        "sea",
        "In the context of 1 link on 1 page, 2016-03-4",
        f"2016-03-4 {index}",
        "sea",
    ]


def test_a_page_in_no_day_has_none(root: Path) -> None:
    lone = "/news/2016/02/29/lone.md"
    front = f"## [News](/news/2016/03/10/index.md)\n\n### [Alone.]({lone})\n\n"
    (root / "index.md").write_text(front, "utf-8")
    session, page = opened(root, lone, event("2016-02-29", "Alone."))
    assert told(session, page, "Alone.")[1] == "Linked from 1 page (1 index entry)"


@pytest.mark.parametrize(("length", "shown"), [(300, 300), (301, 300)])
def test_a_description_is_cut_where_it_is_long(root: Path, length: int, shown: int) -> None:
    text = event("2016-02-29", "The pier opens.", description="x" * length)
    (root / OPENS[1:]).write_text(text, "utf-8")
    line = told(*opened(root), "[The pier opens.")[-2]
    assert len(line) == shown
    assert line.endswith("...") is (length > shown)


def test_beside_titles_links_and_terms_nothing_is_told(root: Path) -> None:
    session, page = opened(root)
    assert told(session, page, "Nobody") == []
    assert told(session, page, "### Related") == []
