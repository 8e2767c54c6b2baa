"""Findings for people: ``file:line:col: CODE [name] message``, and a summary."""

from __future__ import annotations

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


def _plain(text: str, **_: object) -> str:
    return text


def lines(report: Report, style: Style = _plain) -> Iterator[str]:
    """The report line by line: findings, then the summary.

    Args:
        report: the report.
        style: colours a text (called as `click.style`); by default it stays plain.
    """
    for diagnostic in report.diagnostics:
        yield _line(diagnostic, style)
    yield from summary(report, style)


def _line(d: Diagnostic, style: Style) -> str:
    code = style(d.code, fg=_COLOURS[d.severity], bold=True)
    fixable = " (fixable)" if d.fix and d.fix.applicability is Applicability.SAFE else ""
    where = style(printable(d.where), bold=True)
    return f"{where}: {code} [{d.name}] {printable(d.message)}{fixable}"


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
    yield f"Checked {count(report.page_count, 'page')}: {_kinds(dict(report.pages), _PAGE_NOUNS)}."
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
    fixable = sum(bool(d.fix) for d in report.diagnostics)
    hint = f"; {fixable:,} can be fixed with --fix" if fixable else ""
    yield f"Found {found}{hint}."
