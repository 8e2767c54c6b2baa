"""The report as JSON lines: an object of counts, then one for each finding."""

from __future__ import annotations

import json
from collections.abc import Iterator

from newsarchive.findings.report import SCHEMA_VERSION, Report
from newsarchive.writers._view import View


def lines(report: Report, view: View = View()) -> Iterator[str]:  # noqa: B008 - frozen
    """The report, an object a line, told apart by `type`.

    The counts come first, so that a reader knows how many findings follow, and whether it got
    them all.
    """
    head = {"type": "summary", "schema_version": SCHEMA_VERSION, **report.summary_object()}
    yield json.dumps(head)
    for number, diagnostic in enumerate(report.diagnostics):
        found = diagnostic.to_dict(view.fingerprint(number))
        yield json.dumps({"type": "finding", **found})
