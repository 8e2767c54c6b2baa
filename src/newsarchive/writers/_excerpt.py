"""The line of a page that a finding points at."""

from __future__ import annotations

from collections.abc import Iterator

from newsarchive.findings.diagnostics import Diagnostic
from newsarchive.findings.wording import COLOURS
from newsarchive.page.printable import printable
from newsarchive.writers._columns import cells, cut, cut_front
from newsarchive.writers._view import Presentation


def excerpt(d: Diagnostic, view: Presentation) -> Iterator[str]:
    """The line that a finding points at, and carets below what it points at."""
    document = view.document(d.file)
    if document is None or not 1 <= d.line <= document.line_count:
        return
    first, last = document.line_span(d.line)
    number = str(d.line)
    margin = " " * len(number)
    room = view.width - len(number) - 3
    start = min(first + d.column - 1, last)
    end = min(first + d.end_column - 1, last) if d.end_line == d.line else last
    parts = _parts(document.text, (first, start, max(start, end), last), _FAR * max(room, 1))
    before, marked, after = _window(*parts, room)
    carets = view.style("^" * (cells(marked) or 1), fg=COLOURS[d.severity], bold=True)
    yield f"{margin} |"
    yield f"{number} | {before}{marked}{after}"
    yield f"{margin} | {' ' * cells(before)}{carets}"


# How many times the characters that there is room for are looked at: marks above others take no
# room. All of a line would be too much, where thousands of findings stand in one of a megabyte.
_FAR = 8


def _parts(text: str, cuts: tuple[int, int, int, int], most: int) -> tuple[str, str, str]:
    """What stands before, in and after a finding in its line, and ``…`` for what is far off."""
    first, start, end, last = cuts
    before = printable(text[max(first, start - most) : start])
    marked = printable(text[start : min(end, start + most)])
    after = printable(text[end : min(last, end + most)])
    return (
        f"…{before}" if start - first > most else before,
        f"{marked}…" if end - start > most else marked,
        f"{after}…" if last - end > most else after,
    )


def _window(before: str, marked: str, after: str, room: int) -> tuple[str, str, str]:
    """As much of a line as there is room for, with ``…`` where something is left out."""
    if cells(before + marked + after) <= room:
        return before, marked, after
    third = max(room // 3, 1)
    if cells(marked) > third * 2:
        marked, after = cut(marked, third * 2), ""
    if cells(before) > third:
        before = cut_front(before, third)
    return before, marked, cut(after, max(room - cells(before + marked), 1)) if after else ""
