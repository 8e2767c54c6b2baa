"""Strategies for texts: pages as the archive lays them out, and what damage makes of them."""

from collections.abc import Callable

from hypothesis import strategies as st

from newsarchive.page.document import BOM
from newsarchive.page.editions import Edition
from newsarchive.page.rendering import render
from newsarchive.strategies._archives import archives
from newsarchive.strategies._models import day_indexes, events, pages
from newsarchive.strategies._parts import fragments, piece


def page_texts(
    *, generation: int | None = None, edition: Edition | str | None = None
) -> st.SearchStrategy[tuple[str, str]]:
    """Pairs of an archive path and the text of a page there, as the archive lays it out.

    Args:
        generation: 1 or 2 for the events and day indexes of the archive's first or second
            generator; None for pages of every kind and any mixture of what either wrote.
        edition: as for `events`.
    """
    drawn = pages(edition=edition)
    if generation is not None:
        kinds = (events, day_indexes)
        drawn = st.one_of(*(kind(generation=generation, edition=edition) for kind in kinds))
    return drawn.map(lambda page: (page.path, render(page)))


@st.composite
def nearly_page_texts(draw: st.DrawFn, *, edition: Edition | str | None = None) -> tuple[str, str]:
    """Pairs of an archive path and a page's text with little or nothing wrong with it.

    The page is one of a closed archive, or as odd as `page_texts` has them; in one or two places
    some characters are put in, left out or replaced, or the end is cut off. For code that takes
    a short way where a page is as it should be.

    Args:
        draw: given by hypothesis.
        edition: as for `events`.
    """
    if draw(st.booleans()):
        pages = archives(max_days=2, max_events_per_day=2, front_page=False, edition=edition)
        path, text = draw(st.sampled_from(sorted(draw(pages).items())))
    else:
        path, text = draw(page_texts(edition=edition))
    for _ in range(draw(st.integers(0, 2))):
        if draw(st.integers(0, 3)) == 0:
            lines = text.split("\n")
            at = draw(st.integers(0, len(lines) - 1))
            text = "\n".join(draw(st.sampled_from([_deleted, _doubled]))(lines, at, at))
        else:
            at = draw(st.integers(0, len(text)))
            upto = draw(st.integers(at, min(len(text), at + 3)))
            text = text[:at] + draw(_TOUCHES) + text[upto:]
    return path, text[: len(text) - draw(st.sampled_from([0, 0, 0, 1, 2, 5]))]


# What tells a page that is nearly as it should be from one that is.
_CHARACTERS = " \n\r\t()[]<>`\\#12_&-.:\u00a0\x00\x1c\u2028é"
_PIECES = (
    "", "\n\n", "01", "1. ", "##### ", "### Source:\n\n", "### Related:\n\n", "### Changes:\n\n",
    "### X:\n\n", "---\n", " # a\n", "1. [a](b)\n", "2. [a](/news/2016/02/29/a.md)\n",
    "### [a](/b)\n\n", "_Context: a_", "''", "2016-02-30", "2016-3-2", "[[", "||", "{{", "&amp;",
    "&#39;", "#top", "../", "https://",
)  # fmt: skip
_TOUCHES = st.sampled_from((*_CHARACTERS, *_PIECES, *fragments))


def _deleted(lines: list[str], at: int, to: int) -> list[str]:
    return lines[:at] + lines[at + 1 :]


def _doubled(lines: list[str], at: int, to: int) -> list[str]:
    return [*lines[: at + 1], *lines[at:]]


def _moved(lines: list[str], at: int, to: int) -> list[str]:
    rest = _deleted(lines, at, to)
    return [*rest[:to], lines[at], *rest[to:]]


_OPERATIONS: tuple[Callable[[list[str], int, int], list[str]], ...] = (_deleted, _doubled, _moved)


@st.composite
def damaged_page_texts(draw: st.DrawFn, *, edition: Edition | str | None = None) -> tuple[str, str]:
    """Pairs of an archive path and a page's text with damage done to it.

    Lines are lost, doubled and moved, pieces of text are put in anywhere, other line endings and
    byte order marks appear, the end is cut off. The text is whatever comes of it.

    Args:
        draw: given by hypothesis.
        edition: as for `events`.
    """
    path, text = draw(page_texts(edition=edition))
    for _ in range(draw(st.integers(0, 3))):
        lines = text.split("\n")
        places = st.integers(0, len(lines) - 1)
        text = "\n".join(draw(st.sampled_from(_OPERATIONS))(lines, draw(places), draw(places)))
    for _ in range(draw(st.integers(0, 2))):
        at = draw(st.integers(0, len(text)))
        text = text[:at] + draw(piece | st.sampled_from(["\n", "\n\n", "\r", BOM])) + text[at:]
    if draw(st.booleans()):
        text = text.replace("\n", draw(st.sampled_from(["\r\n", "\r"])), draw(st.integers(-1, 5)))
    if draw(st.booleans()):
        text = text[: draw(st.integers(0, len(text)))]
    return path, draw(st.sampled_from(["", "", BOM])) + text
