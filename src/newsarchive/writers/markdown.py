"""The report as Markdown, for a page of a job: what was found, what can be done, the findings."""

from __future__ import annotations

from collections.abc import Iterator

from newsarchive.findings.report import Report
from newsarchive.findings.wording import found, part_shown, summary
from newsarchive.writers._health import tables
from newsarchive.writers._markup import escaped, linked
from newsarchive.writers._view import Presentation


def lines(report: Report, view: Presentation = Presentation()) -> Iterator[str]:  # noqa: B008 - frozen
    """The report, a finding a line."""
    yield "## newsarchive"
    yield ""
    yield f"**{found(report.counted)}**"
    *looked_at, _ = summary(
        report.pages, report.links, (), excluded=report.excluded, archives=report.archives
    )
    for line in (
        *(() if view.quiet else looked_at),
        *part_shown(report.diagnostics, report.left_out),
    ):
        yield ""
        yield line
    if not report.counted:
        return
    yield from tables(report)
    yield ""
    for d in report.diagnostics:
        place = escaped(f"{view.path(d)}:{d.line}:{d.column}")
        code = linked(d.code, report.urls)
        yield f"- {d.severity.value} **{code}** {place}: {escaped(d.message)}"
