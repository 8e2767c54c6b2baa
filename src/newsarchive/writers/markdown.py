"""The report as Markdown, for a page of a job: how much was found, a table, and the findings."""

from __future__ import annotations

import re
from collections.abc import Iterator

from newsarchive.findings.report import Report
from newsarchive.findings.wording import found, summary
from newsarchive.page.printable import printable
from newsarchive.writers._view import View

# What means something to a reader of Markdown as GitHub's, between blanks or in a word.
_SPECIAL = re.compile(r"[\\`*_{}\[\]<>()#|~&!:@$]|(?<=www)\.")


def lines(report: Report, view: View = View()) -> Iterator[str]:  # noqa: B008 - frozen
    """The report, a finding a line."""
    yield "## newsarchive"
    yield ""
    yield f"**{found(report.diagnostics)}**"
    *looked_at, _ = summary(report.pages, report.links, ())
    for line in () if view.quiet else looked_at:
        yield ""
        yield line
    if not report.diagnostics:
        return
    yield ""
    yield "| rule | findings |"
    yield "|---|--:|"
    names = {d.code: d.name for d in report.diagnostics}
    for code, number in report.by_code().most_common():
        yield f"| {shown(code)} {shown(names[code])} | {number:,} |"
    yield ""
    for d in report.diagnostics:
        place = shown(f"{view.path(d)}:{d.line}:{d.column}")
        yield f"- {d.severity.value} **{shown(d.code)}** {place}: {shown(d.message)}"


def shown(text: str) -> str:
    """A text as Markdown that shows it: no link, no markup, no mention in it."""
    # Readers look for addresses and mentions after escapes are gone; a comment keeps them apart.
    return _SPECIAL.sub(r"\\\g<0>", printable(text)).replace("\\@", "<!-- -->@<!-- -->")
