"""The report as JSON lines: an object of counts, then one for each finding."""

from __future__ import annotations

from collections.abc import Iterator

from newsarchive.findings.report import SCHEMA_VERSION, Report
from newsarchive.findings.wording import as_json
from newsarchive.writers._view import Presentation


def lines(report: Report, view: Presentation = Presentation()) -> Iterator[str]:  # noqa: B008 - frozen
    """The report, an object a line, told apart by `type`.

    The counts come first, so that a reader knows how many findings follow, and whether it got
    them all.
    """
    head = {"type": "summary", "schema_version": SCHEMA_VERSION, **report.summary_object()}
    yield as_json(head)
    for number, diagnostic in enumerate(report.diagnostics):
        found = diagnostic.to_dict(view.fingerprint(number), report.urls.get(diagnostic.code, ""))
        yield as_json({"type": "finding", **found})
