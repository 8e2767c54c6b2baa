"""All findings beside a health report, short: what they say, where, and what can be done."""

from __future__ import annotations

from collections.abc import Iterator
from json.encoder import encode_basestring_ascii as quoted

from newsarchive.findings.diagnostics import Diagnostic
from newsarchive.findings.remedies import remedy_of
from newsarchive.findings.report import SCHEMA_VERSION, Report
from newsarchive.findings.wording import as_json


def lines(report: Report) -> Iterator[str]:
    """The counts, then an object a line for each finding.

    Of 100,000 findings the whole objects take 170 MB, most of it repairs that `check` makes anew.
    """
    yield as_json({"type": "summary", "schema_version": SCHEMA_VERSION, **report.summary_object()})
    for d in report.counted:
        yield _object(d).replace("\x7f", "\\u007f")


def _object(d: Diagnostic) -> str:
    """A finding; put together here, as an encoder takes three times as long."""
    target = ""
    if d.target:
        meant = ", ".join([quoted(suggestion.path) for suggestion in d.suggestions])
        target = f', "target": {quoted(d.target)}, "suggestions": [{meant}]'
    return (
        f'{{"type": "finding", "code": {quoted(d.code)}, "name": {quoted(d.name)}, '
        f'"severity": "{d.severity}", "page": {quoted(d.page)}, "line": {d.line}, '
        f'"column": {d.column}, "message": {quoted(d.message)}, '
        f'"remedy": "{remedy_of(d).value}"{target}}}'
    )
