"""Findings for people: ``file:line:col: CODE [name] message``, and a summary."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator

from newsarchive.diagnostics import Applicability, Diagnostic, Severity
from newsarchive.report import Report

Style = Callable[..., str]
_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.INFO: "blue"}


def printable(text: str) -> str:
    """A text with control and direction characters escaped, so that no terminal acts on them."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


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


def _plain(text: str, **_: object) -> str:
    return text


def lines(report: Report, style: Style = _plain) -> Iterator[str]:
    """The report line by line: findings, then the summary.

    Args:
        report: the report.
        style: colours a text (called as `click.style`); by default it stays plain.
    """
    groups = _by_missing_page(report)
    for diagnostic in report.diagnostics:
        group = groups.get(_missing_page(diagnostic), [diagnostic])
        if group[0] is not diagnostic:
            continue  # below the first link to the same missing page
        many = f" (linked from {count(len(group), 'place')})" if len(group) > 1 else ""
        yield _line(diagnostic, style) + many
        for other in group[1:]:
            yield f"    also {printable(other.where)}: {other.code} [{other.name}]"
    yield from summary(report, style)


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


def _line(d: Diagnostic, style: Style) -> str:
    code = style(d.code, fg=_COLOURS[d.severity], bold=True)
    fixable = " (fixable)" if _is_safe(d) else ""
    where = style(printable(d.where), bold=True)
    return f"{where}: {code} [{d.name}] {printable(d.message)}{fixable}"


def _is_safe(d: Diagnostic) -> bool:
    """Whether ``--fix`` alone repairs a finding."""
    return d.fix is not None and d.fix.applicability is Applicability.SAFE


def count(number: int, noun: str) -> str:
    """A number and its noun: ``1 page``, ``2 pages``, ``2 index entries``."""
    if number != 1:
        noun = {"index entry": "index entries", "day index": "day indexes",
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


def summary(report: Report, style: Style = _plain) -> Iterator[str]:
    """What was checked and what was found, in two or three lines."""
    pages = f": {_kinds(dict(report.pages), _PAGE_NOUNS)}" if report.pages else ""
    yield f"Checked {count(report.page_count, 'page')}{pages}."
    if report.links:
        kinds = _kinds(dict(report.links), _LINK_NOUNS)
        yield f"Followed {count(report.link_count, 'link')}: {kinds}."
    counts = report.counts()
    if not counts:
        yield style("No findings.", fg="green", bold=True)
        return
    found = ", ".join(
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
    yield f"Found {found}{hint}."
