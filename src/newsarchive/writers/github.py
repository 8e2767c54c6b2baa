"""The report as annotations of GitHub Actions: workflow commands on standard output."""

from __future__ import annotations

from collections.abc import Iterator

from newsarchive.findings.diagnostics import Diagnostic, Severity
from newsarchive.findings.report import Report
from newsarchive.findings.wording import found, part_shown
from newsarchive.page.printable import printable
from newsarchive.writers._view import Presentation

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}
# What ends a command, a property or a line is escaped, so that no title or path can begin
# another command.
_IN_MESSAGES = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_IN_PROPERTIES = _IN_MESSAGES | str.maketrans({":": "%3A", ",": "%2C"})


def lines(report: Report, view: Presentation = Presentation()) -> Iterator[str]:  # noqa: B008 - frozen
    """The report, a command for each finding, and a line that tells how much was found.

    Without that line the log of a clean run would be as empty as that of a run that never was.
    """
    for diagnostic in report.diagnostics:
        yield _command(diagnostic, view)
    if not view.quiet:
        yield found(report.counted)
        yield from part_shown(report.diagnostics, report.left_out)


def _command(d: Diagnostic, view: Presentation) -> str:
    place: dict[str, object] = {"file": view.path(d), "line": d.line, "endLine": d.end_line}
    if d.line == d.end_line:  # columns are taken on one line only
        place |= {"col": d.column, "endColumn": d.end_column}
    place["title"] = f"{d.code} {d.name}"
    properties = ",".join(
        f"{key}={printable(str(value)).translate(_IN_PROPERTIES)}" for key, value in place.items()
    )
    return f"::{_COMMANDS[d.severity]} {properties}::{printable(d.message).translate(_IN_MESSAGES)}"
