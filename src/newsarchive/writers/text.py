"""Findings for people: ``file:line:col: CODE [name] message``, and a summary."""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from functools import partial

from newsarchive.findings.diagnostics import Diagnostic
from newsarchive.findings.report import Report
from newsarchive.findings.wording import (
    COLOURS,
    FIXED_BY,
    Style,
    flags_of,
    grouped,
    nothing,
    part_shown,
    plain,
    summary,
)
from newsarchive.findings.wording import count as count  # for what commands tell beside reports
from newsarchive.page.patterns import pattern
from newsarchive.page.printable import printable
from newsarchive.writers._view import Presentation


def escaped(text: str) -> str:
    """JSON with control and direction characters as escapes: the same value, safe to be shown."""
    return _UNSEEN.sub(_as_escapes, text)


# What JSON lets stand: DEL, and what `str.isprintable` says no to beyond ASCII.
_UNSEEN = pattern(r"[^\n -~]")


def _as_escapes(found: re.Match[str]) -> str:
    return (
        found[0]
        if found[0].isprintable()
        else json.dumps(found[0])[1:-1].replace("\x7f", "\\u007f")
    )


def lines(report: Report, view: Presentation = Presentation()) -> Iterator[str]:  # noqa: B008 - frozen
    """The report line by line: findings, then the summary."""
    if view.statistics:
        yield from statistics(report, view.style)
    else:
        below = partial(_source, view=view) if view.show_source else nothing
        yield from grouped(report.diagnostics, view.style, below)
    if not view.quiet:
        yield from summary(report.pages, report.links, report.counted, view.style, report.excluded)
        yield from () if view.statistics else part_shown(report.diagnostics, report.left_out)


def _source(d: Diagnostic, view: Presentation) -> Iterator[str]:
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
    carets = view.style("^" * (_cells(marked) or 1), fg=COLOURS[d.severity], bold=True)
    yield f"{margin} |"
    yield f"{number} | {before}{marked}{after}"
    yield f"{margin} | {' ' * _cells(before)}{carets}"


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
    if _cells(before + marked + after) <= room:
        return before, marked, after
    third = max(room // 3, 1)
    if _cells(marked) > third * 2:
        marked, after = _cut(marked, third * 2), ""
    if _cells(before) > third:
        before = _cut(before[::-1], third)[::-1]
    return before, marked, _cut(after, max(room - _cells(before + marked), 1)) if after else ""


def _cut(text: str, room: int) -> str:
    """The beginning of a text, as much as there is room for."""
    if _cells(text) <= room:
        return text
    kept = text[: room - 1]  # a character takes no less than a column, but for marks above one
    while kept and _cells(kept) > room - 1:
        kept = kept[:-1]
    return kept + "…"


def _cells(text: str) -> int:
    """How many columns of a terminal a text takes."""
    if text.isascii():
        return len(text)
    wide = sum(unicodedata.east_asian_width(c) in "WF" for c in text)
    return len(text) + wide - sum(unicodedata.combining(c) > 0 for c in text)


def statistics(report: Report, style: Style = plain) -> Iterator[str]:
    """How often each rule complains, the most frequent first, and what can be repaired."""
    first = {d.code: d for d in reversed(report.counted)}
    fixes = Counter((d.code, flags_of(d.fix)) for d in report.counted if d.fix)
    ordered = sorted(report.by_code().items(), key=lambda item: (-item[1], item[0]))
    width = len(f"{ordered[0][1]:,}") if ordered else 0
    for code, number in ordered:
        shown = style(code, fg=COLOURS[first[code].severity], bold=True)
        repairs = [
            f"{fixes[code, flags]:,} {'fixable' if flags == '--fix' else f'with {flags}'}"
            for flags in FIXED_BY
            if fixes[code, flags]
        ]
        hint = f" ({', '.join(repairs)})" if repairs else ""
        yield f"{number:{width},} {shown} [{first[code].name}]{hint}"
