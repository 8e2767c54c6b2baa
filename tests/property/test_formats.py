"""Whatever a finding says, a reader of its format gets exactly that, and nothing else."""

import json
import re
import unicodedata
import xml.etree.ElementTree as ET
from html import unescape
from typing import Any
from urllib.parse import unquote

import cmarkgfm  # type: ignore[import-untyped]
import pytest
from hypothesis import given
from hypothesis import strategies as st
from junitparser import JUnitXml

from newsarchive.findings.diagnostics import Applicability, Diagnostic, Fix, Severity, Suggestion
from newsarchive.findings.edits import Edit
from newsarchive.findings.html.bounds import ROWS
from newsarchive.findings.missing import missing_pages
from newsarchive.findings.remedies import remedy_of
from newsarchive.findings.report import Report
from newsarchive.writers import BY_NAME, FORMATS
from newsarchive.writers._view import Presentation
from tests.consumers import annotation, gitlab_validator, junit_faults, sarif_text, sarif_validator

pytestmark = pytest.mark.property

PARTS = (
    "::", "::error::", "##[warning]", "::stop-commands::x", "%0A", "%25", "\n", "\r\n", "\r", "\t",
    "]]>", "<![CDATA[", "&amp;", "&", "<", ">", '"', "'", "</failure>", "<!--", "-->", "\0",
    "\x1b[2J", "\x07", "\x7f", "\x80", "\x85", "\x9b", "www.example.org", "a@example.org", "|",
    "\u2028", "\u202e", "\u2066", "\ufeff", "\ufffe", "\uffff", "😀",
    "\U000e0001", "é", "e\u0301", "](", "[a](https://example.org)", "{0}", "{{", "}", "\\", ",",
    "=", ";", "~~", "*", "_", "`", "$x$", "https://example.org", ":tada:", "@me", "#1",
    " ", "  ", "../", "%SRCROOT%", "?", "#", ":", "a",
)  # fmt: skip
OMITTED = "<!-- raw HTML omitted -->"
any_text = st.lists(st.sampled_from(PARTS), max_size=6).map("".join) | st.text(max_size=5)
names = any_text.map(lambda text: text.replace("/", "").replace("\0", ""))
places = st.integers(1, 9999)


@st.composite
def findings(draw: st.DrawFn) -> Diagnostic:
    code = draw(st.sampled_from(["NA102", "NA201", "NA207", "NA502", "XX001"]))
    page = f"/news/2016/03/2/x{draw(names)}.md"
    start, line, column = draw(st.tuples(places, places, places))
    length, lines = draw(st.tuples(st.integers(0, 50), st.integers(0, 1)))
    edits = st.lists(st.builds(Edit, places, places.map(lambda n: n + 9999), any_text), min_size=1)
    fix = st.builds(Fix, any_text, edits.map(tuple), st.sampled_from(Applicability), st.booleans())
    suggestion = st.builds(
        Suggestion, any_text, st.floats(0, 1), st.lists(any_text, max_size=2).map(tuple)
    )
    return Diagnostic(
        code,
        "some-rule",
        draw(st.sampled_from(Severity)),
        draw(any_text),
        page,
        f"archive{page}",
        start,
        start + length,
        line,
        column,
        line + lines,
        column + length,
        draw(st.none() | fix),
        draw(st.lists(suggestion, max_size=2).map(tuple)),
        draw(any_text),
    )


reports = st.lists(findings(), max_size=3).map(
    lambda found: Report(tuple(sorted(found, key=lambda d: d.sort_key)), {"event": 3}, {})
)


def view_of(report: Report) -> Presentation:
    return Presentation(fingerprints=[f"{n:032x}" for n in range(len(report.diagnostics))])


def lines(form: str, report: Report) -> list[str]:
    found = list(BY_NAME[form].lines(report, view_of(report)))
    assert not any("\n" in line or "\r" in line for line in found)
    return found


def escaped(c: str) -> str:
    """A character as Python's escapes write it."""
    short = {"\t": "\\t", "\n": "\\n", "\r": "\\r"}
    number = ord(c)
    width, letter = (2, "x") if number < 0x100 else (4, "u") if number < 0x10000 else (8, "U")
    return short.get(c, f"\\{letter}{number:0{width}x}")


def as_shown(text: str) -> str:
    """A text in which controls, formats and odd blanks are seen and not obeyed."""
    return "".join(
        escaped(c) if c != " " and unicodedata.category(c)[0] in "CZ" else c for c in text
    )


def in_xml(text: str) -> str:
    """A text as a document of XML 1.0 can hold it, without controls other than line ends, tabs."""
    return "".join(
        escaped(c)
        if (c not in "\t\n\r" and unicodedata.category(c) in ("Cc", "Cs")) or c in "\ufffe\uffff"
        else c
        for c in text
    )


def as_object(d: Diagnostic, fingerprint: str) -> dict[str, Any]:
    """A finding as `reference/json.md` says it."""
    fix = d.fix and {
        "title": d.fix.title,
        "applicability": d.fix.applicability.value,
        "removes": d.fix.removes,
        "page": None,
        "edits": [
            {"start": e.start, "end": e.end, "replacement": e.replacement} for e in d.fix.edits
        ],
    }
    return {
        "code": d.code, "name": "some-rule", "severity": d.severity.value, "message": d.message,
        "page": d.page, "file": d.file, "fix": fix, "target": d.target or None,
        "line": d.line, "column": d.column, "end_line": d.end_line, "end_column": d.end_column,
        "suggestions": [
            {"path": s.path, "score": round(s.score, 3), "certain": False,
             "reasons": list(s.reasons)}
            for s in d.suggestions
        ],
        "fingerprint": fingerprint, "url": None,
    }  # fmt: skip


@given(reports)
def test_json_and_json_lines(report: Report) -> None:
    meant = [as_object(d, f"{n:032x}") for n, d in enumerate(report.diagnostics)]
    assert json.loads("\n".join(lines("json", report)))["diagnostics"] == meant
    head, *rest = map(json.loads, lines("jsonl", report))
    assert head["findings"]["total"] == len(rest)
    assert rest == [{"type": "finding", **found} for found in meant]


@given(reports)
def test_sarif(report: Report) -> None:
    log = json.loads("\n".join(lines("sarif", report)))
    assert list(sarif_validator().iter_errors(log)) == []
    [run] = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    for n, (d, result) in enumerate(zip(report.diagnostics, run["results"], strict=True)):
        assert sarif_text(result["message"]["text"]) == d.message or "]\\(" in d.message
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"] == d.code
        place = result["locations"][0]["physicalLocation"]
        assert unquote(place["artifactLocation"]["uri"]) == d.file
        assert place["artifactLocation"]["uri"].isascii()
        region = place["region"]
        assert (region["startLine"], region["endLine"]) == (d.line, d.end_line)
        assert (region["startColumn"], region["endColumn"]) == (d.column, d.end_column)
        assert (region["charOffset"], region["charLength"]) == (d.start, d.end - d.start)
        assert list(result["partialFingerprints"].values()) == [f"{n:032x}"]
        assert sarif_edits(result) == [
            (e.start, e.end, e.replacement) for e in (d.fix.edits if d.fix else ())
        ]


def sarif_edits(result: dict[str, Any]) -> list[tuple[int, int, str]]:
    return [
        (region["charOffset"], region["charOffset"] + region["charLength"], text)
        for fix in result.get("fixes", ())
        for change in fix["artifactChanges"]
        for replacement in change["replacements"]
        for region in [replacement["deletedRegion"]]
        for text in [replacement.get("insertedContent", {}).get("text", "")]
    ]


@given(reports)
def test_github(report: Report) -> None:
    commands = {"error": "error", "warning": "warning", "info": "notice"}
    *told, last = lines("github", report)
    assert not last.startswith("::")
    for d, line in zip(report.diagnostics, told, strict=True):
        command, properties, message = annotation(line)
        assert command == commands[d.severity]
        assert properties.pop("file") == as_shown(d.file)
        assert properties.pop("title") == f"{d.code} {d.name}"
        assert message == as_shown(d.message)
        place = {"line": str(d.line), "endLine": str(d.end_line)}
        if d.line == d.end_line:
            place |= {"col": str(d.column), "endColumn": str(d.end_column)}
        assert properties == place


@given(reports)
def test_gitlab(report: Report) -> None:
    issues = json.loads("\n".join(lines("gitlab", report)))
    for d, issue in zip(report.diagnostics, issues, strict=True):
        gitlab_validator().validate(issue)
        assert issue["location"]["path"] == d.file
        assert issue["location"]["lines"]["begin"] == d.line
        assert issue["description"] == f"{d.code} [{d.name}] {d.message}"


@given(reports)
def test_junit(report: Report) -> None:
    text = "\n".join(lines("junit", report))
    assert text.isascii()
    assert junit_faults(text) == []
    assert not any(unicodedata.category(c) == "Cc" for c in text.replace("\n", ""))
    found = report.diagnostics
    xml = JUnitXml.fromstring(text.encode())
    failing = sum(d.severity is Severity.ERROR for d in found)
    assert sum(suite.tests for suite in xml) == (len(found) or 1)
    assert sum(suite.failures for suite in xml) == failing
    cases = [case for suite in xml for case in suite]
    names = [case.name for suite in xml for case in suite]
    assert sum(suite.tests for suite in xml) == len(cases) == len(names)
    for d, case in zip(found, cases if found else (), strict=True):
        assert case.name.startswith(f"{d.code} {d.name} ")
        assert case.classname == in_xml(d.file)
        [result] = case.result
        assert result.message == in_xml(d.message)
    # Another parser, and one that is strict about names and references.
    assert len(ET.fromstring(text.encode()).findall(".//testcase")) == (len(found) or 1)


@given(reports)
def test_markdown(report: Report) -> None:
    text = lines("markdown", report)
    assert all(line.isprintable() for line in text)
    listed = [line for line in text if line.startswith("- ")]
    assert len(listed) == len(report.diagnostics)
    # As GitHub renders it: no tag but those of the report itself, and each message as it is.
    for d, line in zip(report.diagnostics, listed, strict=True):
        html = cmarkgfm.github_flavored_markdown_to_html(line).replace(OMITTED, "")
        assert set(re.findall(r"<\s*/?\s*([a-zA-Z]+)", html)) == {"ul", "li", "strong"}
        shown = unescape(re.sub(r"</?(?:ul|li|strong)>", "", html)).strip()
        wanted = f"{d.severity} {d.code} {d.file}:{d.line}:{d.column}: {d.message}"
        assert " ".join(shown.split()) == " ".join(as_shown(wanted).split())
    whole = cmarkgfm.github_flavored_markdown_to_html("\n".join(text))
    assert whole.count("<li>") == len(report.diagnostics)
    rules = len({d.code for d in report.diagnostics})
    remedies = len({remedy_of(d) for d in report.diagnostics if d.fix or d.target})
    missing = min(len(missing_pages(report.diagnostics)), ROWS)
    assert whole.count("<td ") == rules + remedies + missing


@given(reports)
def test_text_and_concise_cannot_act_on_a_terminal(report: Report) -> None:
    for form in ("text", "concise", "github"):
        assert all(line.isprintable() for line in lines(form, report))
    assert len(lines("concise", report)) == len(report.diagnostics) + 1


@given(st.sampled_from(FORMATS), reports)
def test_any_encoding_of_standard_output_can_hold_what_programs_read(
    form: Any, report: Report
) -> None:
    if form.name not in ("text", "concise", "github", "markdown"):
        text = "".join(form.lines(report))
        assert text.isascii()
        assert text.isprintable()
