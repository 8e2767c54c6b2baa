"""The report as Markdown, for a page of a job: how much was found, a table, and the findings."""

from __future__ import annotations

from collections.abc import Iterator

from newsarchive.findings.report import Report
from newsarchive.findings.wording import found, part_shown, summary
from newsarchive.page.patterns import pattern
from newsarchive.page.printable import printable
from newsarchive.writers._view import Presentation

# What means something to a reader of Markdown as GitHub's, between blanks or in a word.
_SPECIAL = pattern(r"[\\`*_{}\[\]<>()#|~&!:@$]|(?<=www)\.")


def lines(report: Report, view: Presentation = Presentation()) -> Iterator[str]:  # noqa: B008 - frozen
    """The report, a finding a line."""
    yield "## newsarchive"
    yield ""
    yield f"**{found(report.counted)}**"
    *looked_at, _ = summary(report.pages, report.links, (), excluded=report.excluded)
    for line in (
        *(() if view.quiet else looked_at),
        *part_shown(report.diagnostics, report.left_out),
    ):
        yield ""
        yield line
    if not report.counted:
        return
    yield ""
    yield "| rule | findings |"
    yield "|---|--:|"
    names = {d.code: d.name for d in report.counted}
    for code, number in report.by_code().most_common():
        yield f"| {escaped(code)} {escaped(names[code])} | {number:,} |"
    yield ""
    for d in report.diagnostics:
        place = escaped(f"{view.path(d)}:{d.line}:{d.column}")
        yield f"- {d.severity.value} **{escaped(d.code)}** {place}: {escaped(d.message)}"


def escaped(text: str) -> str:
    """A text as Markdown that shows it: no link, no markup, no mention in it."""
    # Readers look for addresses and mentions after escapes are gone; a comment keeps them apart.
    return _SPECIAL.sub(r"\\\g<0>", printable(text)).replace("\\@", "<!-- -->@<!-- -->")
