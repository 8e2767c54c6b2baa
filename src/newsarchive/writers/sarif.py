"""The report as SARIF 2.1.0, the format of code scanning, with every fix in it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from newsarchive.findings.diagnostics import Diagnostic, Fix, Severity
from newsarchive.findings.edits import Edit
from newsarchive.findings.report import Report
from newsarchive.findings.wording import as_json, part_shown, separated
from newsarchive.page.document import BOM, Document
from newsarchive.rules import Rule, rules_in_force
from newsarchive.store.names import encoded
from newsarchive.store.urls import is_url
from newsarchive.writers._view import Presentation, Suppressed

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
BASE = "%SRCROOT%"
"""How the folder is called that paths are relative to."""

FINGERPRINT = "newsarchive/v1"
"""The key of fingerprints; its number is that of `newsarchive.runs.fingerprints.VERSION`."""

_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_NEWLINES = as_json(["\r\n", "\n", "\r"])
_BOM_BYTES = len(BOM.encode())
# A brace begins a placeholder, and a text in brackets before a parenthesis is a link: what stands
# in a title must be neither.
_MESSAGE = (("{", "{{"), ("}", "}}"), ("](", "]\\("))


def lines(report: Report, view: Presentation = Presentation()) -> Iterator[str]:  # noqa: B008 - frozen
    """The report as SARIF text, a result a line."""
    from newsarchive._site import SITE
    from newsarchive._version import __version__

    told = (*report.diagnostics, *(s.diagnostic for s in view.suppressed))
    rules = _rules(told, report.urls)
    yield "{"
    yield f'"$schema": {as_json(SCHEMA)},'
    yield '"version": "2.1.0",'
    yield '"runs": [{'
    yield '"tool": {"driver": {'
    yield f'"name": "newsarchive", "semanticVersion": "{__version__}",'
    yield f'"informationUri": "{SITE}", "rules": ['
    yield from separated(map(as_json, rules))
    yield "]}},"
    yield f'"originalUriBaseIds": {as_json({BASE: _base(view)})},'
    yield '"columnKind": "unicodeCodePoints",'
    yield f'"newlineSequences": {_NEWLINES},'
    yield f'"invocations": [{as_json(_invocation(report))}],'
    yield '"results": ['
    writer = _Results(view, {rule["id"]: n for n, rule in enumerate(rules)})
    yield from separated(map(as_json, writer.results(report)))
    yield "]}]}"


def _invocation(report: Report) -> dict[str, Any]:
    """What is to know of the run: that it came to its end, and whether findings are left out."""
    notes = [
        {"level": "note", "message": {"text": line}}
        for line in part_shown(report.diagnostics, report.left_out)
    ]
    told = {"toolExecutionNotifications": notes} if notes else {}
    return {"executionSuccessful": True, **told}


def _base(view: Presentation) -> dict[str, Any]:
    known = {"uri": Path(view.base).as_uri().rstrip("/") + "/"} if view.base else {}
    return {**known, "description": {"text": "The folder that paths are relative to."}}


def _rules(diagnostics: Iterable[Diagnostic], urls: Mapping[str, str]) -> list[dict[str, Any]]:
    """What is to know of every rule; of rules that the catalogue lacks, what findings tell."""
    known = {rule.code: _rule(rule, urls.get(rule.code, rule.url)) for rule in rules_in_force()}
    for d in diagnostics:
        if d.code not in known:
            known[d.code] = {
                "id": d.code,
                "name": d.name,
                "shortDescription": {"text": d.name},
                "defaultConfiguration": {"level": _LEVELS[d.severity]},
            }
    return list(known.values())


def _rule(rule: Rule, url: str) -> dict[str, Any]:
    summary = f"Complains when {rule.summary}."
    examples = (("Found", rule.bad), ("Expected", rule.good))
    shown = "".join(f"\n\n{label}:\n\n{text}" for label, text in examples if text)
    fenced = "".join(f"\n\n{label}:\n\n```text\n{text}\n```" for label, text in examples if text)
    fix = f"\n\nFix: {rule.fix}." if rule.fix else ""
    return {
        "id": rule.code,
        "name": rule.name,
        "shortDescription": {"text": _message(summary)},
        "fullDescription": {"text": _message(rule.why)},
        "help": {
            "text": _message(f"{summary}\n\n{rule.why}{fix}{shown}"),
            "markdown": _doubled(f"{summary}\n\n{rule.why}{fix}{fenced}"),
        },
        **({"helpUri": url} if url else {}),
        "defaultConfiguration": {"enabled": rule.default, "level": _LEVELS[rule.severity]},
        "properties": {"problem.severity": _PROBLEMS[rule.severity], "tags": ["news-archive"]},
    }


_PROBLEMS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "recommendation"}


def _doubled(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")


def _message(text: str) -> str:
    """A text that says itself as a message: no placeholder and no link in it."""
    for plain, shown in _MESSAGE:
        text = text.replace(plain, shown)
    return text


class _Results:
    """Makes results of findings; `numbers` are the rules' places in the list of rules."""

    def __init__(self, view: Presentation, numbers: dict[str, int]) -> None:
        self._view = view
        self._numbers = numbers

    def results(self, report: Report) -> Iterator[dict[str, Any]]:
        """The findings as result objects, those that the baseline knows last."""
        # Either all results of a run say whether they are suppressed, or none does.
        rest: dict[str, Any] = {"suppressions": []} if self._view.suppressed else {}
        for number, d in enumerate(report.diagnostics):
            yield {**self._result(d, self._view.fingerprint(number)), **rest}
        for known in self._view.suppressed:
            made = self._result(known.diagnostic, known.fingerprint)
            yield {**made, "suppressions": [_suppression(known)]}

    def _result(self, d: Diagnostic, fingerprint: str) -> dict[str, Any]:
        document = self._view.document(d.file) if d.file else None
        place = {
            "artifactLocation": _artifact(self._view.path(d)),
            "region": _found_region(d, document),
        }
        made: dict[str, Any] = {
            "ruleId": d.code,
            "ruleIndex": self._numbers[d.code],
            "level": _LEVELS[d.severity],
            "message": {"text": _message(d.message)},
            "locations": [{"physicalLocation": place}],
        }
        if fingerprint:
            made["partialFingerprints"] = {FINGERPRINT: fingerprint}
        properties: dict[str, Any] = {"page": d.page}
        if d.target:
            properties["target"] = d.target
        if d.suggestions:
            properties["suggestions"] = [s.path for s in d.suggestions]
        if d.fix and d.fix.edits:
            made["fixes"] = [self._fix(d, d.fix)]
            properties["fixApplicability"] = d.fix.applicability.value
            properties["fixRemoves"] = d.fix.removes
        return {**made, "properties": properties}

    def _fix(self, d: Diagnostic, fix: Fix) -> dict[str, Any]:
        return {
            "description": {"text": _message(fix.title)},
            "artifactChanges": [self._changed(d, page, edits) for page, edits in fix.by_page],
            "properties": {"applicability": fix.applicability.value, "removes": fix.removes},
        }

    def _changed(self, d: Diagnostic, page: str, edits: tuple[Edit, ...]) -> dict[str, Any]:
        """What a fix changes in one file."""
        view = self._view
        if page:
            file = d.file.removesuffix(d.page) + page
            path = view.relative(file) if d.file else page.lstrip("/")
        else:
            file, path = d.file, view.path(d)
        document = view.document(file) if d.file else None
        return {
            "artifactLocation": _artifact(path),
            "replacements": [_replacement(edit, document) for edit in edits],
        }


def _suppression(known: Suppressed) -> dict[str, str]:
    """That a finding is known elsewhere than in its page, and why it is left as it is."""
    reason = {"justification": known.reason} if known.reason else {}
    return {"kind": "external", "status": "accepted", **reason}


@lru_cache(maxsize=8)  # a page's findings stand together
def _artifact(path: str) -> dict[str, str]:
    if os.path.isabs(path):
        return {"uri": Path(path).as_uri()}
    if is_url(path):
        return {"uri": quote(encoded(path), safe="/:@")}
    return {"uri": quote(encoded(path)), "uriBaseId": BASE}


def _replacement(edit: Edit, document: Document | None) -> dict[str, Any]:
    made: dict[str, Any] = {"deletedRegion": _edited_region(edit, document)}
    if edit.replacement:
        made["insertedContent"] = {"text": edit.replacement}
    return made


def _found_region(d: Diagnostic, document: Document | None) -> dict[str, int]:
    """Where a finding stands. A byte order mark does not count in any place of a text."""
    marks = document.bom_length if document else 0
    start, end = max(d.start - marks, 0), max(d.end - marks, 0)
    lines = _lines((d.line, d.column), (d.end_line, d.end_column), marks)
    return {**lines, "charOffset": start, "charLength": end - start}


def _edited_region(edit: Edit, document: Document | None) -> dict[str, int]:
    """What an edit takes away; byte order marks only bytes can name."""
    marks = document.bom_length if document else 0
    if document and edit.start < marks:
        taken = document.text[edit.start : edit.end]
        return {"byteOffset": edit.start * _BOM_BYTES, "byteLength": len(taken.encode())}
    region = {"charOffset": edit.start - marks, "charLength": edit.end - edit.start}
    if document is None or edit.end > len(document.text):
        return region
    return {**_lines(document.position(edit.start), document.position(edit.end), marks), **region}


def _lines(first: tuple[int, int], last: tuple[int, int], marks: int) -> dict[str, int]:
    """Lines and columns from one place to another, in a text that so many marks begin."""
    (line, column), (end_line, end_column) = first, last
    return {
        "startLine": line,
        "startColumn": max(column - marks, 1) if line == 1 else column,
        "endLine": end_line,
        "endColumn": max(end_column - marks, 1) if end_line == 1 else end_column,
    }
