"""Output formats for other programs, each read back by what reads it elsewhere."""

import json
import tracemalloc
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from junitparser import JUnitXml, TestSuite

import newsarchive as na
from newsarchive.findings.diagnostics import Applicability, Diagnostic, Fix, Severity, Suggestion
from newsarchive.findings.edits import Edit
from newsarchive.findings.report import Report
from newsarchive.page.document import Document
from newsarchive.runs.fingerprints import VERSION
from newsarchive.writers import BY_NAME, FORMATS, Format
from newsarchive.writers._view import Presentation
from newsarchive.writers.sarif import BASE, FINGERPRINT
from tests.builders import DATA, TODAY, inspected, page
from tests.consumers import annotation, gitlab_validator, junit_faults, sarif_text, sarif_validator

PAGE = "/news/2016/03/2/the-pier-burns.md"
EMPTY = Report((), {"event": 1}, {})
PRINTS = tuple(f"{n:032x}" for n in range(9))


def finding(
    code: str = "NA207",
    severity: Severity = Severity.WARNING,
    message: str = "the link text is wrong",
    path: str = PAGE,
    fix: Fix | None = None,
) -> Diagnostic:
    return Diagnostic(
        code, "some-rule", severity, message, path, f"archive{path}", 10, 14, 3, 5, 3, 9, fix
    )  # fmt: skip


ERROR = finding("NA201", Severity.ERROR)
INFO = finding("NA502", Severity.INFO)
SEVERAL = Report((ERROR, finding(), INFO), {"event": 1}, {"related": 2})


def written(form: str, report: Report, view: Presentation | None = None) -> str:
    return "".join(f"{line}\n" for line in BY_NAME[form].lines(report, view))


def sarif(report: Report, view: Presentation | None = None) -> Any:
    log = json.loads(written("sarif", report, view))
    assert list(sarif_validator().iter_errors(log)) == []
    [run] = log["runs"]
    return run


class TestRegistry:
    def test_every_writer_is_listed_and_every_entry_has_a_writer(self) -> None:
        folder = Path(na.__file__).parent / "writers"
        modules = {file.stem for file in folder.glob("[!_]*.py")} - {"diff"}
        assert modules == set(BY_NAME)
        assert len(BY_NAME) == len(FORMATS)

    @pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.name)
    def test_an_entry_says_what_it_is(self, form: Format) -> None:
        assert form.summary
        assert not form.summary.endswith(".")
        assert form.extension.startswith(".")
        assert "/" in form.media_type

    def test_the_documentation_lists_every_entry(self) -> None:
        text = (Path(__file__).parents[3] / "docs/reference/formats.md").read_text("utf-8")
        rows = [line for line in text.split("<!-- formats -->")[1].split("\n## ")[0].splitlines()
                if line.startswith("| `")]  # fmt: skip
        assert rows == [f"| `{f.name}` | {f.summary} | `{f.extension}` |" for f in FORMATS]

    @pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.name)
    def test_lines_have_no_line_endings_in_them(self, form: Format) -> None:
        hostile = replace(ERROR, message="a\nb\r\nc", file="archive/a\nb.md")
        for line in form.lines(Report((hostile,))):
            assert "\n" not in line
            assert "\r" not in line

    @pytest.mark.slow
    @pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.name)
    def test_many_findings_are_written_one_at_a_time(self, form: Format) -> None:
        one = replace(ERROR, message="x" * 200, fix=Fix("mend", (Edit(1, 2, "y" * 200),)))
        report = Report((one,) * 4_000)
        sum(map(len, form.lines(Report((one,)))))  # what is imported and made once
        tracemalloc.start()
        try:
            size = sum(map(len, form.lines(report)))
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        assert size > 4_000 * 200
        assert peak < 500_000


class TestEmpty:
    """A report without findings is a valid file of its format."""

    def test_text_and_concise(self) -> None:
        assert written("text", EMPTY) == "Checked 1 page: 1 event.\nNo findings.\n"
        assert written("concise", EMPTY) == "No findings.\n"

    def test_json(self) -> None:
        assert json.loads(written("json", EMPTY))["diagnostics"] == []

    def test_json_lines_are_the_summary_alone(self) -> None:
        [line] = written("jsonl", EMPTY).splitlines()
        assert json.loads(line)["findings"]["total"] == 0

    def test_sarif(self) -> None:
        assert sarif(EMPTY)["results"] == []

    def test_github_says_so(self) -> None:
        assert written("github", EMPTY) == "No findings.\n"
        assert written("github", EMPTY, Presentation(quiet=True)) == ""

    def test_markdown_says_so(self) -> None:
        assert written("markdown", EMPTY).splitlines() == [
            "## newsarchive", "", "**No findings.**", "", "Checked 1 page: 1 event.",
        ]  # fmt: skip

    def test_gitlab(self) -> None:
        assert json.loads(written("gitlab", EMPTY)) == []

    def test_junit_has_one_test_that_passes(self) -> None:
        xml = JUnitXml.fromstring(written("junit", EMPTY).encode())
        [suite] = xml
        [case] = suite
        assert (suite.tests, suite.failures, case.name, case.result) == (1, 0, "no findings", [])
        assert junit_faults(written("junit", EMPTY)) == []


class TestJson:
    def test_a_finding_has_its_fingerprint_where_that_is_known(self) -> None:
        found = json.loads(written("json", SEVERAL, Presentation(fingerprints=PRINTS[:3])))
        assert [d["fingerprint"] for d in found["diagnostics"]] == list(PRINTS[:3])
        found = json.loads(written("json", SEVERAL))
        assert [d["fingerprint"] for d in found["diagnostics"]] == [None] * 3

    def test_json_lines_hold_what_json_holds(self) -> None:
        view = Presentation(fingerprints=PRINTS[:3])
        whole = json.loads(written("json", SEVERAL, view))
        head, *rest = map(json.loads, written("jsonl", SEVERAL, view).splitlines())
        assert head == {"type": "summary", "schema_version": 1, **whole["summary"]}
        assert rest == [{"type": "finding", **d} for d in whole["diagnostics"]]


class TestSarif:
    def test_a_result(self) -> None:
        view = Presentation(fingerprints=PRINTS[:3], base="/srv/check out")
        run = sarif(SEVERAL, view)
        result = run["results"][0]
        assert (result["ruleId"], result["level"]) == ("NA201", "error")
        assert result["message"] == {"text": "the link text is wrong"}
        assert result["locations"] == [{"physicalLocation": {
            "artifactLocation": {"uri": f"archive{PAGE}", "uriBaseId": BASE},
            "region": {"startLine": 3, "startColumn": 5, "endLine": 3, "endColumn": 9,
                       "charOffset": 10, "charLength": 4},
        }}]  # fmt: skip
        assert result["partialFingerprints"] == {FINGERPRINT: PRINTS[0]}
        assert result["properties"] == {"page": PAGE}
        assert "fixes" not in result
        assert run["originalUriBaseIds"][BASE]["uri"] == "file:///srv/check%20out/"
        assert run["columnKind"] == "unicodeCodePoints"

    def test_severities_are_levels(self) -> None:
        assert [r["level"] for r in sarif(SEVERAL)["results"]] == ["error", "warning", "note"]

    def test_without_fingerprints_and_base_there_are_none(self) -> None:
        run = sarif(SEVERAL)
        assert "partialFingerprints" not in run["results"][0]
        assert "uri" not in run["originalUriBaseIds"][BASE]

    def test_the_key_of_fingerprints_has_their_version(self) -> None:
        assert f"newsarchive/v{VERSION}" == FINGERPRINT

    def test_every_rule_is_described(self) -> None:
        run = sarif(SEVERAL)
        rules = run["tool"]["driver"]["rules"]
        assert [rule["id"] for rule in rules] == [rule.code for rule in na.ALL_RULES]
        for result in run["results"]:
            assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        levels = {"error": "error", "warning": "warning", "info": "note"}
        for rule, described in zip(na.ALL_RULES, rules, strict=True):
            assert described["name"] == rule.name
            assert described["defaultConfiguration"] == {
                "enabled": rule.default,
                "level": levels[rule.severity],
            }
            assert sarif_text(described["fullDescription"]["text"]) == rule.why
            assert rule.bad in sarif_text(described["help"]["text"])

    def test_a_rule_that_the_catalogue_lacks_is_described_by_its_finding(self) -> None:
        run = sarif(Report((finding("XX001"), finding("XX001"))))
        rules = run["tool"]["driver"]["rules"]
        assert [rule["id"] for rule in rules].count("XX001") == 1
        assert rules[run["results"][1]["ruleIndex"]]["id"] == "XX001"

    def test_what_a_title_holds_is_no_placeholder_and_no_link(self) -> None:
        message = "'{0} [here](https://example.org) {{MS|City}}'"
        [result] = sarif(Report((finding(message=message),)))["results"]
        assert "](" not in result["message"]["text"]
        assert sarif_text(result["message"]["text"]) == message

    def test_paths_are_percent_encoded(self) -> None:
        odd = replace(ERROR, file="archive/news/a b%#?:ü\\.md")
        [result] = sarif(Report((odd,)))["results"]
        [place] = result["locations"]
        uri = place["physicalLocation"]["artifactLocation"]["uri"]
        assert uri == "archive/news/a%20b%25%23%3F%3A%C3%BC%5C.md"

    def test_a_file_elsewhere_has_an_absolute_uri(self) -> None:
        [result] = sarif(Report((replace(ERROR, file="/srv/a b.md"),)))["results"]
        [place] = result["locations"]
        assert place["physicalLocation"]["artifactLocation"] == {"uri": "file:///srv/a%20b.md"}

    def test_suggestions_and_target_are_properties(self) -> None:
        meant = Suggestion("/news/2016/03/2/b.md", 0.5, ("near",))
        found = replace(ERROR, suggestions=(meant,), target="/news/2016/03/2/a.md")
        [result] = sarif(Report((found,)))["results"]
        assert result["properties"]["suggestions"] == ["/news/2016/03/2/b.md"]
        assert result["properties"]["target"] == "/news/2016/03/2/a.md"

    def test_fixes_are_marked_safe_or_unsafe(self) -> None:
        safe = Fix("mend", (Edit(1, 2, "x"),))
        unsafe = Fix("drop", (Edit(1, 2, ""),), Applicability.UNSAFE, removes=True)
        report = Report((finding(fix=safe), finding(fix=unsafe), finding(fix=Fix("nothing", ()))))
        first, second, third = sarif(report)["results"]
        assert first["properties"]["fixApplicability"] == "safe"
        assert first["fixes"][0]["properties"] == {"applicability": "safe", "removes": False}
        assert second["fixes"][0]["properties"] == {"applicability": "unsafe", "removes": True}
        [change] = second["fixes"][0]["artifactChanges"]
        assert change["replacements"] == [{"deletedRegion": {"charOffset": 1, "charLength": 1}}]
        assert "fixes" not in third

    def test_a_fix_of_another_page_names_that_page(self) -> None:
        fix = Fix("list it", (Edit(0, 0, "x"),), page="/news/2016/03/2/index.md")
        [result] = sarif(Report((finding(fix=fix),)))["results"]
        [change] = result["fixes"][0]["artifactChanges"]
        assert change["artifactLocation"]["uri"] == "archive/news/2016/03/2/index.md"
        [result] = sarif(Report((replace(finding(fix=fix), file=""),)))["results"]
        [change] = result["fixes"][0]["artifactChanges"]
        assert change["artifactLocation"]["uri"] == "news/2016/03/2/index.md"


def applied(text: str, replacements: list[dict[str, Any]]) -> list[str]:
    """A text after a fix, as readers of each way to name a place see it."""
    body, lines = text.removeprefix("\ufeff"), Document(text.removeprefix("\ufeff"))
    starts = [0]
    for number in range(1, lines.line_count):
        starts.append(starts[-1] + len(lines.line_text(number)))
        while body[starts[-1]] not in "\r\n":
            starts[-1] += 1
        starts[-1] += 2 if body.startswith("\r\n", starts[-1]) else 1
    by_offset = by_line = body
    for replacement in reversed(replacements):
        region = replacement["deletedRegion"]
        new = replacement.get("insertedContent", {}).get("text", "")
        if "byteOffset" in region:
            data = text.encode()
            end = region["byteOffset"] + region["byteLength"]
            return [(data[: region["byteOffset"]] + new.encode() + data[end:]).decode()]
        start, length = region["charOffset"], region["charLength"]
        by_offset = by_offset[:start] + new + by_offset[start + length :]
        start = starts[region["startLine"] - 1] + region["startColumn"] - 1
        end = starts[region["endLine"] - 1] + region["endColumn"] - 1
        by_line = by_line[:start] + new + by_line[end:]
    mark = "\ufeff" if text.startswith("\ufeff") else ""
    return [mark + by_offset, mark + by_line]


def fixable_pages() -> Iterator[Any]:
    for file in sorted(DATA.glob("invalid/*.md")):
        if not file.stem.endswith(".fixed") and file.with_suffix(".fixed.md").exists():
            yield pytest.param(file, id=file.stem)


class TestSarifFixes:
    """A reader of SARIF that applies a fix gets what the library makes of it."""

    def check(self, text: str, path: str) -> int:
        found = inspected(text, path).diagnostics
        report = Report(tuple(replace(d, file="x.md") for d in found))
        run = sarif(report, Presentation(document=lambda file: Document(text)))
        tried = 0
        for diagnostic, result in zip(report.diagnostics, run["results"], strict=True):
            if diagnostic.fix and not diagnostic.fix.page:
                [change] = result["fixes"][0]["artifactChanges"]
                new = text
                for edit in reversed(diagnostic.fix.edits):
                    new = new[: edit.start] + edit.replacement + new[edit.end :]
                assert set(applied(text, change["replacements"])) == {new}
                tried += 1
        return tried

    @pytest.mark.parametrize("file", list(fixable_pages()))
    def test_of_pages_with_faults(self, file: Path) -> None:
        text = file.read_bytes().decode()
        path = file.with_suffix(".diagnostics").read_text("utf-8").split("\n")[0].split()[-1]
        assert self.check(text, path)

    @pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
    @pytest.mark.parametrize("mark", ["", "\ufeff"])
    def test_line_endings_and_byte_order_marks_shift_nothing(self, newline: str, mark: str) -> None:
        text = page("""
            ### [2016-03-2](/news/2016/03/2/index.md)

            # The pier burns 🜂.·



            ### Source:

            2. [Harbour](https://harbour.example.org/1)
            7. [Harbour 𝔄](https://harbour.example.org/2)
        """)
        assert self.check(mark + text.replace("\n", newline), PAGE) >= 1

    def test_a_mark_counts_in_no_place(self) -> None:
        text = "\ufeff### [2016-03-3](/news/2016/03/2/index.md)\n\n# The pier burns.\n\n\n\n\n"
        found = [d for d in inspected(text).diagnostics if d.code == "NA301"]
        report = Report(tuple(replace(d, file="x.md") for d in found))
        run = sarif(report, Presentation(document=lambda file: Document(text)))
        [place] = run["results"][0]["locations"]
        region = place["physicalLocation"]["region"]
        body = text.removeprefix("\ufeff")
        start = region["charOffset"]
        assert body[start : start + region["charLength"]] == "2016-03-3"
        assert body[region["startColumn"] - 1 : region["endColumn"] - 1] == "2016-03-3"

    def test_a_file_that_shrank_since_still_gives_offsets(self) -> None:
        report = Report((finding(fix=Fix("mend", (Edit(50, 60, "x"),))),))
        run = sarif(report, Presentation(document=lambda file: Document("short")))
        [change] = run["results"][0]["fixes"][0]["artifactChanges"]
        assert change["replacements"][0]["deletedRegion"] == {"charOffset": 50, "charLength": 10}


class TestGithub:
    def test_an_annotation(self) -> None:
        line, last = written("github", Report((ERROR,))).splitlines()
        assert last == "Found 1 error."
        assert line == (
            f"::error file=archive{PAGE},line=3,endLine=3,col=5,endColumn=9,"
            "title=NA201 some-rule::the link text is wrong"
        )

    def test_severities_are_commands(self) -> None:
        *lines, last = written("github", SEVERAL).splitlines()
        assert last == "Found 1 error, 1 warning, 1 info."
        assert [line.split()[0] for line in lines] == ["::error", "::warning", "::notice"]

    def test_columns_are_told_on_one_line_alone(self) -> None:
        line, _ = written("github", Report((replace(ERROR, end_line=4),))).splitlines()
        assert "col" not in line
        assert "line=3,endLine=4" in line

    def test_what_ends_a_command_or_begins_another_is_escaped(self) -> None:
        hostile = replace(
            ERROR, message="100%\n::set-env name=X::y", file="archive/a,b:c::warning::%0A.md"
        )
        line, _ = written("github", Report((hostile,))).splitlines()
        command, properties, message = annotation(line)
        assert command == "error"
        assert properties["file"] == "archive/a,b:c::warning::%0A.md"
        assert message == r"100%\n::set-env name=X::y"


class TestGitlab:
    def test_an_issue(self) -> None:
        [issue] = json.loads(
            written("gitlab", Report((ERROR,)), Presentation(fingerprints=PRINTS[:1]))
        )
        assert issue == {
            "description": "NA201 [some-rule] the link text is wrong",
            "check_name": "some-rule",
            "fingerprint": PRINTS[0],
            "severity": "major",
            "location": {"path": f"archive{PAGE}", "lines": {"begin": 3, "end": 3}},
        }

    def test_severities(self) -> None:
        found = json.loads(written("gitlab", SEVERAL))
        assert [issue["severity"] for issue in found] == ["major", "minor", "info"]
        assert [e for issue in found for e in gitlab_validator().iter_errors(issue)] == []

    def test_without_fingerprints_they_are_made_of_the_place(self) -> None:
        found = json.loads(written("gitlab", Report((ERROR, ERROR))))
        assert len({issue["fingerprint"] for issue in found}) == 2


class TestLeftOut:
    """A report of the gravest findings tells how many there are in all."""

    CUT = SEVERAL.gravest(1)
    LINE = "Shown are the 1 most severe of 3 findings."

    @pytest.mark.parametrize("form", ["text", "concise", "github", "markdown"])
    def test_formats_for_people_say_so(self, form: str) -> None:
        text = written(form, self.CUT)
        assert self.LINE in text.splitlines()
        assert "Found 1 error, 1 warning, 1 info." in text
        assert "Shown" not in written(form, SEVERAL)
        assert "NA207:" not in text

    @pytest.mark.parametrize("form", ["text", "concise"])
    def test_statistics_count_all(self, form: str) -> None:
        view = Presentation(statistics=True)
        assert written(form, self.CUT, view) == written(form, SEVERAL, view)

    def test_json(self) -> None:
        whole = json.loads(written("json", self.CUT))
        assert [d["code"] for d in whole["diagnostics"]] == ["NA201"]
        assert whole["summary"]["findings"]["total"] == 3
        assert whole["summary"]["findings"]["left_out"] == 2
        head, *rest = written("jsonl", self.CUT).splitlines()
        assert json.loads(head)["findings"] == whole["summary"]["findings"]
        assert len(rest) == 1

    def test_sarif(self) -> None:
        run = sarif(self.CUT)
        assert len(run["results"]) == 1
        [invocation] = run["invocations"]
        [note] = invocation["toolExecutionNotifications"]
        assert note == {"level": "note", "message": {"text": self.LINE}}
        assert sarif(SEVERAL)["invocations"] == [{"executionSuccessful": True}]

    def test_junit(self) -> None:
        text = written("junit", self.CUT)
        assert junit_faults(text) == []
        [told] = ET.fromstring(text).findall(".//property")
        assert told.attrib == {"name": "findings", "value": self.LINE}


class TestControlCharacters:
    @pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.name)
    def test_none_is_written_as_it_is(self, form: Format) -> None:
        every = "".join(map(chr, [*range(32), *range(0x7F, 0xA0)]))
        hostile = replace(ERROR, message=every, file=f"archive/{every}.md", target=every,
                          fix=Fix(every, (Edit(1, 2, every),)),
                          suggestions=(Suggestion(every, 0.5, (every,)),))  # fmt: skip
        for line in form.lines(Report((hostile,))):
            assert not any(c in every for c in line)


class TestMarkdown:
    def test_a_report(self) -> None:
        odd = replace(ERROR, message="'[a](b)' <img> *x*")
        assert written("markdown", replace(SEVERAL, diagnostics=(odd, INFO, odd))).splitlines() == [
            "## newsarchive",
            "",
            "**Found 2 errors, 1 info.**",
            "",
            "Checked 1 page: 1 event.",
            "",
            "Followed 2 links: 2 related links.",
            "",
            "| rule | severity | findings |",
            "|---|---|--:|",
            "| NA201 some-rule | error | 2 |",
            "| NA502 some-rule | info | 1 |",
            "",
            f"- error **NA201** archive{PAGE}\\:3\\:5: "
            r"'\[a\]\(b\)' \<img\> \*x\*",
            f"- info **NA502** archive{PAGE}\\:3\\:5: the link text is wrong",
            f"- error **NA201** archive{PAGE}\\:3\\:5: "
            r"'\[a\]\(b\)' \<img\> \*x\*",
        ]

    def test_what_can_be_repaired_and_the_missing_pages_come_first(self) -> None:
        target = "/news/2016/03/2/*gone*.md"
        links = [replace(ERROR, target=target, line=n, fix=Fix("x", ())) for n in range(3)]
        others = [replace(ERROR, target=f"/news/2016/03/3/b-{n}.md") for n in range(20)]
        shown = written("markdown", Report((*links, *others))).splitlines()
        assert "| safe | 3 | `--fix` |" in shown
        assert "| by hand | 20 |  |" in shown
        assert r"| 3 | 2016-03-2 \*gone\* | safe |" in shown
        assert "… 6 more missing pages." in shown


class TestJunit:
    def suites(self, report: Report, view: Presentation | None = None) -> list[TestSuite]:
        text = written("junit", report, view)
        assert junit_faults(text) == []
        return list(JUnitXml.fromstring(text.encode()))

    @pytest.mark.parametrize(
        ("good", "bad", "fault"),
        [
            ("<testsuites>", '<testsuites name="x">', "Ant: testsuites has no name"),
            (' time="0">', ' time="0" file="x">', "Jenkins: testcase has no file"),
            (' time="0">', ">", "Ant: testcase lacks time"),
            ('hostname="localhost"', 'hostname=" "', "Ant: hostname of testsuite is ' '"),
            ("<properties/>", "", "Ant: testsuite has its elements in no good order"),
            (' skipped="2"', ' skipped="1"', "suite 0 tells [3, 1, 1] of [3, 1, 2]"),
            ("<system-err/>", "<skipped/><system-err/>",
             "Jenkins: testsuite has its elements in no good order"),
        ],
    )  # fmt: skip
    def test_the_schemas_rules_find_fault(self, good: str, bad: str, fault: str) -> None:
        text = written("junit", SEVERAL)
        assert junit_faults(text) == []
        assert good in text
        assert fault in junit_faults(text.replace(good, bad, 1))

    def test_a_text_without_a_name_has_a_suite_with_one(self) -> None:
        [suite] = self.suites(Report((replace(ERROR, file="", page=""),)))
        assert suite.name == "newsarchive"

    def test_findings_that_are_not_in_order_have_one_suite_for_each_page(self) -> None:
        other = finding("NA201", Severity.ERROR, path="/news/2016/03/3/b.md")
        first, second = self.suites(Report((ERROR, other, INFO)))
        assert (first.tests, second.tests) == (2, 1)

    def test_a_suite_for_each_page_and_a_test_for_each_finding(self) -> None:
        other = finding("NA201", Severity.ERROR, path="/news/2016/03/3/b.md")
        report = Report((ERROR, INFO, other))
        first, second = self.suites(report, Presentation(fingerprints=PRINTS[:3]))
        assert (first.name, first.tests, first.failures) == (f"archive{PAGE}", 2, 1)
        assert (second.name, second.tests) == ("archive/news/2016/03/3/b.md", 1)
        case, note = first
        assert case.name == "NA201 some-rule 000000000000"
        assert case.classname == f"archive{PAGE}"
        assert note.name.startswith("NA502 ")

    def test_what_fails_the_run_is_a_failure_and_the_rest_is_skipped(self) -> None:
        def results(fails: Severity | None) -> list[str]:
            [suite] = self.suites(SEVERAL, Presentation(fails=fails))
            return [type(case.result[0]).__name__ for case in suite]

        assert results(Severity.ERROR) == ["Failure", "Skipped", "Skipped"]
        assert results(Severity.WARNING) == ["Failure", "Failure", "Skipped"]
        assert results(None) == ["Skipped"] * 3

    def test_a_failure_has_its_message_and_place(self) -> None:
        [[case]] = self.suites(Report((ERROR,)))
        [failure] = case.result
        assert failure.message == "the link text is wrong"
        assert failure.type == "error"
        assert failure.text == f"archive{PAGE}:3:5: NA201 [some-rule] the link text is wrong"

    def test_markup_is_text_and_what_xml_forbids_is_escaped(self) -> None:
        hostile = replace(ERROR, message="<b>&amp;]]>\x00\x1b\x7f\x9f\ud800\ufffe\n\t'\"")
        text = written("junit", Report((hostile,)))
        assert text.isascii()
        failure = ET.fromstring(text.encode()).find(".//failure")
        assert failure is not None
        assert failure.get("message") == "<b>&amp;]]>\\x00\\x1b\\x7f\\x9f\\ud800\\ufffe\n\t'\""

    def test_names_do_not_change_when_lines_shift(self) -> None:
        lower = replace(ERROR, line=99)
        view = Presentation(fingerprints=PRINTS[:1])
        [[before]], [[after]] = (
            self.suites(Report((ERROR,)), view),
            self.suites(Report((lower,)), view),
        )
        assert before.name == after.name


@pytest.mark.slow
def test_of_the_sample_with_faults_every_format_is_valid() -> None:
    root = Path(__file__).parents[3] / "examples" / "faulty"
    report = na.check(root, today=TODAY)
    view = Presentation(relative=lambda file: Path(file).relative_to(root.parent).as_posix())
    count = len(report.diagnostics)
    assert count > 40
    assert len(sarif(report, view)["results"]) == count
    issues = json.loads(written("gitlab", report, view))
    assert [e for issue in issues for e in gitlab_validator().iter_errors(issue)] == []
    assert len({issue["fingerprint"] for issue in issues}) == count
    assert junit_faults(written("junit", report, view)) == []
    suites = JUnitXml.fromstring(written("junit", report, view).encode())
    assert sum(suite.tests for suite in suites) == count
    assert len(written("github", report).splitlines()) == count + 1
    assert sum(line.startswith("- ") for line in written("markdown", report).splitlines()) == count
    assert len(written("jsonl", report).splitlines()) == count + 1
    assert len(written("concise", report).splitlines()) == count + 1


def test_the_schema_itself_is_sound() -> None:
    jsonschema.Draft4Validator.check_schema(sarif_validator().schema)
