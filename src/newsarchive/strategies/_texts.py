"""Strategies for texts: pages as the archive lays them out, and what damage makes of them."""

from collections.abc import Callable
from typing import TypeAlias

from hypothesis import strategies as st

from newsarchive.page.document import BOM
from newsarchive.page.editions import Edition
from newsarchive.page.rendering import render
from newsarchive.strategies._archives import archives
from newsarchive.strategies._models import day_indexes, events, pages
from newsarchive.strategies._parts import nasty, piece, some


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

    The page is one of a closed archive, or as odd as `page_texts` has them. A line is lost,
    doubled or moved, or in a few places some characters are put in, left out or replaced, at the
    end, too. For code that takes a short way where a page is as it should be.

    Args:
        draw: given by hypothesis.
        edition: as for `events`.
    """
    if draw(st.booleans()):
        path, text = draw(st.sampled_from(sorted(draw(archives(edition=edition)).items())))
    else:
        path, text = draw(page_texts(edition=edition))
    if draw(st.booleans()):
        text = draw(_lines_changed(text, draw(_operations)))
    for old, new in draw(some(st.tuples(_characters, _characters))):
        at = draw(_places(text))
        text = text[:at] + new + text[at + len(old) :]
    return path, text


_characters = st.sampled_from(f"{nasty}\n\r") | piece


def _places(text: str) -> st.SearchStrategy[int]:
    """The places in a text, its end included."""
    return st.sampled_from(range(len(text) + 1))


def _deleted(lines: list[str], at: int, to: int) -> list[str]:
    return lines[:at] + lines[at + 1 :]


def _doubled(lines: list[str], at: int, to: int) -> list[str]:
    return [*lines[: at + 1], *lines[at:]]


def _moved(lines: list[str], at: int, to: int) -> list[str]:
    rest = _deleted(lines, at, to)
    return [*rest[:to], lines[at], *rest[to:]]


_Operation: TypeAlias = Callable[[list[str], int, int], list[str]]
_operations: st.SearchStrategy[_Operation] = st.sampled_from([_deleted, _doubled, _moved])


@st.composite
def _lines_changed(draw: st.DrawFn, text: str, operation: _Operation) -> str:
    """A text with a line that is lost, doubled or moved."""
    lines = text.split("\n")
    places = st.sampled_from(range(len(lines)))
    return "\n".join(operation(lines, draw(places), draw(places)))


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
    for operation in draw(some(_operations)):
        text = draw(_lines_changed(text, operation))
    for new in draw(some(piece | st.sampled_from(f"\n\r{BOM}"))):
        at = draw(_places(text))
        text = text[:at] + new + text[at:]
    if draw(st.booleans()):
        at = draw(_places(text))  # all line endings, or those from there on
        text = text[:at] + text[at:].replace("\n", draw(st.sampled_from(["\r\n", "\r"])))
    if draw(st.booleans()):
        text = text[: draw(_places(text))]
    return path, draw(st.sampled_from(["", BOM])) + text
