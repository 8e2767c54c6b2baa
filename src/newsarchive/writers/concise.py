"""One line for each finding, ``file:line:col: severity CODE message``, and one for all of them."""

from __future__ import annotations

from collections.abc import Iterator

from newsarchive.findings.report import Report
from newsarchive.findings.wording import found, line, part_shown
from newsarchive.writers._view import Presentation, told
from newsarchive.writers.text import statistics


def lines(report: Report, view: Presentation = Presentation()) -> Iterator[str]:  # noqa: B008 - frozen
    """The report, a line for each finding; no groups, no notes, no counts of pages."""
    if view.statistics:
        yield from statistics(report, view.style)
    else:
        for diagnostic in told(report.diagnostics, view):
            yield line(diagnostic, view.style)
    if not view.quiet:
        yield found(report.counted, view.style)
        yield from () if view.statistics else part_shown(report.diagnostics, report.left_out)
