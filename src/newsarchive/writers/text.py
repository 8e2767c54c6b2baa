"""Findings for people: ``file:line:col: CODE [name] message``, and a summary."""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator

from newsarchive.findings.diagnostics import Applicability, Diagnostic, Severity
from newsarchive.findings.report import Report
from newsarchive.page.printable import printable
from newsarchive.writers._view import Style, View, plain

_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.INFO: "blue"}


def escaped(text: str) -> str:
    """JSON with control and direction characters as escapes: the same value, safe to be shown."""
    return _UNSEEN.sub(_as_escapes, text)


# What JSON lets stand: DEL, and what `str.isprintable` says no to beyond ASCII.
_UNSEEN = re.compile(r"[^\n -~]")


def _as_escapes(found: re.Match[str]) -> str:
    return (
        found[0]
        if found[0].isprintable()
        else json.dumps(found[0])[1:-1].replace("\x7f", "\\u007f")
    )


def lines(report: Report, view: View = View()) -> Iterator[str]:  # noqa: B008 - frozen
    """The report line by line: findings, then the summary."""
    if view.statistics:
        yield from statistics(report, view.style)
    else:
        yield from _findings(report, view)
    if not view.quiet:
        yield from summary(report, view.style)


def _findings(report: Report, view: View) -> Iterator[str]:
    groups = _by_missing_page(report)
    for diagnostic in report.diagnostics:
        group = groups.get(_missing_page(diagnostic), [diagnostic])
        if group[0] is not diagnostic:
            continue  # below the first link to the same missing page
        many = f" (linked from {count(len(group), 'place')})" if len(group) > 1 else ""
        yield line(diagnostic, view.style) + many
        if view.show_source:
            yield from _source(diagnostic, view)
        for other in group[1:]:
            yield f"    also {printable(other.where)}: {other.code} [{other.name}]"


def _missing_page(d: Diagnostic) -> tuple[str, str]:
    """The archive's root and the missing page: a report may be of several archives."""
    return d.file.removesuffix(d.page), d.target


def _by_missing_page(report: Report) -> dict[tuple[str, str], list[Diagnostic]]:
    """The broken links of a report by the page that is missing, where several lead to it."""
    groups: dict[tuple[str, str], list[Diagnostic]] = {}
    for diagnostic in report.diagnostics:
        if diagnostic.target:
            groups.setdefault(_missing_page(diagnostic), []).append(diagnostic)
    return {target: group for target, group in groups.items() if len(group) > 1}


def line(d: Diagnostic, style: Style = plain) -> str:
    """A finding as one line."""
    code = style(d.code, fg=_COLOURS[d.severity], bold=True)
    fixable = " (fixable)" if _is_safe(d) else ""
    where = style(printable(d.where), bold=True)
    return f"{where}: {code} [{d.name}] {printable(d.message)}{fixable}"


def _source(d: Diagnostic, view: View) -> Iterator[str]:
    """The line that a finding points at, and carets below what it points at."""
    document = view.document(d.file)
    if document is None or not 1 <= d.line <= document.line_count:
        return
    text = document.line_text(d.line)
    end = d.end_column - 1 if d.end_line == d.line else len(text)
    start, end = d.column - 1, max(end, d.column - 1)
    number = str(d.line)
    margin = " " * len(number)
    room = view.width - len(number) - 3
    parts = printable(text[:start]), printable(text[start:end]), printable(text[end:])
    before, marked, after = _window(*parts, room)
    carets = view.style("^" * (_cells(marked) or 1), fg=_COLOURS[d.severity], bold=True)
    yield f"{margin} |"
    yield f"{number} | {before}{marked}{after}"
    yield f"{margin} | {' ' * _cells(before)}{carets}"


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
    first = {d.code: d for d in reversed(report.diagnostics)}
    safe = Counter(d.code for d in report.diagnostics if _is_safe(d))
    asked = Counter(d.code for d in report.diagnostics if d.fix is not None) - safe
    ordered = sorted(report.by_code().items(), key=lambda item: (-item[1], item[0]))
    width = len(f"{ordered[0][1]:,}") if ordered else 0
    for code, number in ordered:
        shown = style(code, fg=_COLOURS[first[code].severity], bold=True)
        repairs = [f"{safe[code]:,} fixable"] if safe[code] else []
        if asked[code]:
            repairs.append(f"{asked[code]:,} with --unsafe-fixes")
        hint = f" ({', '.join(repairs)})" if repairs else ""
        yield f"{number:{width},} {shown} [{first[code].name}]{hint}"


def _is_safe(d: Diagnostic) -> bool:
    """Whether ``--fix`` alone repairs a finding."""
    return d.fix is not None and d.fix.applicability is Applicability.SAFE


def count(number: int, noun: str) -> str:
    """A number and its noun: ``1 page``, ``2 pages``, ``2 index entries``."""
    if number != 1:
        noun = {"entry": "entries", "index entry": "index entries", "day index": "day indexes",
                "opinion index": "opinion indexes"}.get(noun, noun + "s")  # fmt: skip
    return f"{number:,} {noun}"


_PAGE_NOUNS = {"prose": "prose page"}
_LINK_NOUNS = {
    "related": "related link",
    "change": "change",
    "day": "day link",
    "previous-day": "previous-day link",
    "format": "format link",
}


def _kinds(counts: dict[str, int], nouns: dict[str, str]) -> str:
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(count(n, nouns.get(kind, kind.replace("-", " "))) for kind, n in ordered)


def summary(report: Report, style: Style = plain) -> Iterator[str]:
    """What was checked and what was found, in two or three lines."""
    pages = f": {_kinds(dict(report.pages), _PAGE_NOUNS)}" if report.pages else ""
    yield f"Checked {count(report.page_count, 'page')}{pages}."
    if report.links:
        kinds = _kinds(dict(report.links), _LINK_NOUNS)
        yield f"Followed {count(report.link_count, 'link')}: {kinds}."
    yield found(report, style)


def found(report: Report, style: Style = plain) -> str:
    """How much was found and how much of it can be repaired, in one line."""
    counts = report.counts()
    if not counts:
        return style("No findings.", fg="green", bold=True)
    kinds = ", ".join(
        style(count(counts[s], s.value) if s is not Severity.INFO else f"{counts[s]:,} info",
              fg=_COLOURS[s], bold=True)
        for s in Severity
        if counts[s]
    )  # fmt: skip
    fixable = sum(map(_is_safe, report.diagnostics))
    asked = sum(d.fix is not None and not _is_safe(d) for d in report.diagnostics)
    hint = f"; {fixable:,} can be fixed with --fix" if fixable else ""
    if asked:
        hint += f"{', ' if fixable else '; '}{asked:,} more with --unsafe-fixes"
    return f"Found {kinds}{hint}."
