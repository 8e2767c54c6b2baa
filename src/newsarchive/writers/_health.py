"""A health report as Markdown, for the summary of a job: what matters, and no more."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Iterator, Sequence

from newsarchive.findings.html.bounds import ROWS
from newsarchive.findings.html.figures import Figures
from newsarchive.findings.missing import MissingPage, missing_pages
from newsarchive.findings.names import day_and_slug
from newsarchive.findings.remedies import Remedy, remedy_of
from newsarchive.findings.report import Report
from newsarchive.findings.wording import count, counted
from newsarchive.page.printable import printable
from newsarchive.writers._markup import escaped, linked

_NAME = 100  # characters of a name in a row


def health(report: Report, figures: Figures) -> Iterator[str]:
    """The report, line by line."""
    title = f": {escaped(figures.name)}" if figures.name else ""
    yield f"## Archive health{title}"
    yield ""
    found = counted(report.counts()) or "No findings"
    looked_at = f"{count(report.page_count, 'page')}, {count(report.link_count, 'link')}"
    state = f", {escaped(figures.state)}" if figures.state else ""
    yield f"**{found}** on {looked_at}{state}."
    if figures.appeared is not None:
        yield ""
        yield f"Since the last report: **{figures.appeared:,} new**, **{figures.gone:,} gone**."
    if report.counted:
        yield from tables(report, figures.command)


def tables(report: Report, command: Sequence[str] = ()) -> Iterator[str]:
    """What can be repaired, which rules found something, and the pages that are missing most.

    Further commands are proposed for the words of the check, `command`.
    """
    yield from _repairs(report, command)
    yield from _rules(report)
    yield from _missing(missing_pages(report.counted))


def _repairs(report: Report, command: Sequence[str]) -> Iterator[str]:
    remedies = Counter(remedy_of(d) for d in report.counted if d.fix or d.target)
    if not remedies:
        return
    yield ""
    yield "| repairs | findings | with |"
    yield "|---|--:|---|"
    for remedy in Remedy:
        if remedies[remedy]:
            flags = f"`{remedy.flags}`" if remedy.flags else ""
            yield f"| {remedy.value} | {remedies[remedy]:,} | {flags} |"
    if command and any(remedy.flags for remedy in remedies):
        yield ""
        yield "Look at them first:"
        yield ""
        yield f"    {printable(shlex.join([*command, '--diff']))}"


def _rules(report: Report) -> Iterator[str]:
    first = {d.code: d for d in reversed(report.counted)}
    yield ""
    yield "| rule | severity | findings |"
    yield "|---|---|--:|"
    codes = report.by_code().most_common()
    for code, number in sorted(codes, key=lambda item: -first[item[0]].severity.rank):
        d = first[code]
        yield f"| {linked(code, report.urls)} {escaped(d.name)} | {d.severity.value} | {number:,} |"


def _missing(missing: list[MissingPage]) -> Iterator[str]:
    if not missing:
        return
    yield ""
    yield "| links | missing page | repair |"
    yield "|--:|---|---|"
    for group in missing[:ROWS]:
        name = " ".join(day_and_slug(group.target)).strip()
        shown = name if len(name) <= _NAME else f"{name[:_NAME]}…"
        yield f"| {len(group.links):,} | {escaped(shown)} | {group.remedy.value} |"
    if len(missing) > ROWS:
        yield ""
        yield f"… {count(len(missing) - ROWS, 'more missing page')}."
