"""The report as one JSON object."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from newsarchive.findings.diagnostics import Diagnostic, Fix, Severity, Suggestion
from newsarchive.findings.report import Report
from newsarchive.writers._view import View

SCHEMA_VERSION = 1


def _fix(fix: Fix | None) -> dict[str, Any] | None:
    if fix is None:
        return None
    edits = [{"start": e.start, "end": e.end, "replacement": e.replacement} for e in fix.edits]
    return {
        "title": fix.title,
        "applicability": fix.applicability.value,
        "removes": fix.removes,
        "page": fix.page or None,
        "edits": edits,
    }


def _suggestion(suggestion: Suggestion) -> dict[str, Any]:
    return {
        "path": suggestion.path,
        "score": round(suggestion.score, 3),
        "certain": suggestion.certain,
        "reasons": list(suggestion.reasons),
    }


def diagnostic_object(d: Diagnostic, fingerprint: str = "") -> dict[str, Any]:
    """One finding as a JSON object. Lines and columns count from 1, offsets from 0."""
    return {
        "code": d.code,
        "name": d.name,
        "severity": d.severity.value,
        "page": d.page,
        "file": d.file,
        "line": d.line,
        "column": d.column,
        "end_line": d.end_line,
        "end_column": d.end_column,
        "message": d.message,
        "fix": _fix(d.fix),
        "target": d.target or None,
        "suggestions": [_suggestion(s) for s in d.suggestions],
        "fingerprint": fingerprint or None,
    }


def summary_object(report: Report) -> dict[str, Any]:
    """What was looked at and how much was found, as a JSON object."""
    counts = report.counts()
    return {
        "pages": {"total": report.page_count, **dict(sorted(report.pages.items()))},
        "links": {"total": report.link_count, **dict(sorted(report.links.items()))},
        "findings": {
            "total": len(report.diagnostics),
            **{severity.value: counts[severity] for severity in Severity},
        },
        "codes": dict(sorted(report.by_code().items())),
    }


def lines(report: Report, view: View = View()) -> Iterator[str]:  # noqa: B008 - frozen
    """The report as JSON text, one finding a line."""
    yield "{"
    yield f'"schema_version": {SCHEMA_VERSION},'
    yield f'"summary": {json.dumps(summary_object(report))},'
    yield '"diagnostics": ['
    last = len(report.diagnostics) - 1
    for number, diagnostic in enumerate(report.diagnostics):
        found = diagnostic_object(diagnostic, view.fingerprint(number))
        yield json.dumps(found) + ("," if number < last else "")
    yield "]}"
