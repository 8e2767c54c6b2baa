"""Strategies for texts: pages as the archive lays them out, and what damage makes of them."""

from collections.abc import Callable

from hypothesis import strategies as st

from newsarchive.document import BOM
from newsarchive.rendering import render
from newsarchive.strategies._models import pages
from newsarchive.strategies._parts import piece


def page_texts() -> st.SearchStrategy[tuple[str, str]]:
    """Pairs of an archive path and the text of a page there, as the archive lays it out."""
    return pages().map(lambda page: (page.path, render(page)))


def _deleted(lines: list[str], at: int, to: int) -> list[str]:
    return lines[:at] + lines[at + 1 :]


def _doubled(lines: list[str], at: int, to: int) -> list[str]:
    return [*lines[: at + 1], *lines[at:]]


def _moved(lines: list[str], at: int, to: int) -> list[str]:
    rest = _deleted(lines, at, to)
    return [*rest[:to], lines[at], *rest[to:]]


_OPERATIONS: tuple[Callable[[list[str], int, int], list[str]], ...] = (_deleted, _doubled, _moved)


@st.composite
def damaged_page_texts(draw: st.DrawFn) -> tuple[str, str]:
    """Pairs of an archive path and a page's text with damage done to it.

    Lines are lost, doubled and moved, pieces of text are put in anywhere, other line endings and
    byte order marks appear, the end is cut off. The text is whatever comes of it.
    """
    path, text = draw(page_texts())
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
