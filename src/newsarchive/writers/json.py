"""The report as one JSON object."""

from __future__ import annotations

from collections.abc import Iterator

from newsarchive.findings.report import Report
from newsarchive.writers._view import Presentation


def lines(report: Report, view: Presentation = Presentation()) -> Iterator[str]:  # noqa: B008 - frozen
    """The report as JSON text, one finding a line."""
    return report.json_lines(view.fingerprints)
