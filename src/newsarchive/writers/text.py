"""Findings for people: a line each, or grouped by what can be done about them; and a summary."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator

from newsarchive.findings.remedies import Remedy, remedy_of
from newsarchive.findings.report import Report
from newsarchive.findings.wording import COLOURS, FIXED_BY, Style, line, part_shown, plain, summary
from newsarchive.findings.wording import count as count  # for what commands tell beside reports
from newsarchive.page.patterns import pattern
from newsarchive.writers._view import Presentation, told


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
    view = view._replace(urls=report.urls)
    if view.statistics:
        yield from statistics(report, view.style)
    elif view.group:
        from newsarchive.writers._grouped import grouped

        yield from grouped(report, view)
        return
    elif view.show_source:
        from newsarchive.writers._excerpt import excerpt

        for diagnostic in told(report.diagnostics, view):
            yield line(diagnostic, view.style, view.led)
            yield from excerpt(diagnostic, view)
    else:
        for diagnostic in told(report.diagnostics, view):
            yield line(diagnostic, view.style, view.led)
    if not view.quiet:
        yield from summary(
            report.pages, report.links, report.counted, view.style, report.excluded, report.archives
        )
        yield from () if view.statistics else part_shown(report.diagnostics, report.left_out)


def statistics(report: Report, style: Style = plain) -> Iterator[str]:
    """How often each rule complains, the most frequent first, and what can be repaired."""
    first = {d.code: d for d in reversed(report.counted)}
    fixes = Counter((d.code, remedy_of(d)) for d in report.counted)
    ordered = sorted(report.by_code().items(), key=lambda item: (-item[1], item[0]))
    width = len(f"{ordered[0][1]:,}") if ordered else 0
    for code, number in ordered:
        shown = style(code, fg=COLOURS[first[code].severity], bold=True)
        repairs = [
            f"{fixes[code, remedy]:,} "
            f"{'fixable' if remedy is Remedy.SAFE else f'with {remedy.asked}'}"
            for remedy in FIXED_BY
            if fixes[code, remedy]
        ]
        hint = f" ({', '.join(repairs)})" if repairs else ""
        yield f"{number:{width},} {shown} [{first[code].name}]{hint}"
