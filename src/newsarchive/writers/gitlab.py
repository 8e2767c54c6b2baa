"""The report as GitLab's Code Quality report: an array of issues."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any

from newsarchive.findings.diagnostics import Diagnostic, Severity
from newsarchive.findings.report import Report
from newsarchive.findings.wording import as_json, separated
from newsarchive.writers._view import Presentation

_SEVERITIES = {Severity.ERROR: "major", Severity.WARNING: "minor", Severity.INFO: "info"}


def lines(report: Report, view: Presentation = Presentation()) -> Iterator[str]:  # noqa: B008 - frozen
    """The report, an issue a line."""
    yield "["
    found = enumerate(report.diagnostics)
    yield from separated(as_json(_issue(d, number, view, report.urls)) for number, d in found)
    yield "]"


def _issue(
    d: Diagnostic, number: int, view: Presentation, urls: Mapping[str, str]
) -> dict[str, Any]:
    url = urls.get(d.code)
    return {
        "description": f"{d.code} [{d.name}] {d.message}",
        "check_name": d.name,
        # GitLab shows one of those that share one; without one it shows none.
        "fingerprint": view.fingerprint(number) or _by_place(d, view, number),
        "severity": _SEVERITIES[d.severity],
        "location": {"path": view.path(d), "lines": {"begin": d.line, "end": d.end_line}},
        **({"content": {"body": f"[{d.code}]({url})"}} if url else {}),
    }


def _by_place(d: Diagnostic, view: Presentation, number: int) -> str:
    key = f"{d.code}\0{view.path(d)}\0{d.start}\0{number}"
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:32]
