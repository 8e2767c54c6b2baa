"""The outcome of a run."""

import json
import operator
import pickle
from dataclasses import replace
from typing import Any

import pytest

import newsarchive as na
from newsarchive.findings.diagnostics import (
    Applicability,
    Diagnostic,
    Fix,
    Severity,
    Suggestion,
)
from newsarchive.findings.edits import Edit
from newsarchive.findings.report import Report
from newsarchive.writers import BY_NAME
from newsarchive.writers._view import Presentation

COMPARISONS = (operator.lt, operator.le, operator.gt, operator.ge, operator.eq, operator.ne)


def finding(code: str, severity: Severity, start: int = 0) -> Diagnostic:
    return Diagnostic(code, "name", severity, "message", "/news/a.md", "", start, start, 1, 1, 1, 1)


ERROR = finding("NA201", Severity.ERROR)
WARNING = finding("NA207", Severity.WARNING)
INFO = finding("NA502", Severity.INFO)


def test_counts() -> None:
    report = Report((ERROR, WARNING, INFO, ERROR), {"event": 2, "prose": 1}, {"related": 7})
    assert (report.page_count, report.link_count) == (3, 7)
    assert report.counts() == {Severity.ERROR: 2, Severity.WARNING: 1, Severity.INFO: 1}
    assert report.by_code() == {"NA201": 2, "NA207": 1, "NA502": 1}


def test_an_empty_report_counts_nothing() -> None:
    report = Report(())
    assert (report.page_count, report.link_count) == (0, 0)
    assert not report.counts()
    assert not report.by_code()
    assert report.counts()[Severity.ERROR] == 0


@pytest.mark.parametrize(
    ("found", "reached"),
    [
        ((), ""),
        ((INFO,), "info"),
        ((INFO, WARNING), "info warning"),
        ((ERROR,), "info warning error"),
    ],
)
def test_at_least(found: tuple[Diagnostic, ...], reached: str) -> None:
    report = Report(found)
    assert [s for s in ("info", "warning", "error") if report.at_least(Severity(s))] == [
        *reached.split()
    ]


class TestOrder:
    """Words that tell how grave or how sure something is compare by that, not by their letters."""

    def test_severities_are_ranked(self) -> None:
        assert [s.rank for s in Severity] == [3, 2, 1]
        assert sorted(Severity) == ["info", "warning", "error"]

    @pytest.mark.parametrize("one", Severity)
    @pytest.mark.parametrize("other", Severity)
    def test_every_comparison_goes_by_rank(self, one: Severity, other: Severity) -> None:
        expected = [f(one.rank, other.rank) for f in COMPARISONS]
        assert [f(one, other) for f in COMPARISONS] == expected
        # A plain string of the same word is as good, on either side.
        assert [f(one, other.value) for f in COMPARISONS] == expected
        assert [f(one.value, other) for f in COMPARISONS] == expected

    def test_the_gravest_of_a_report(self) -> None:
        found = (INFO, ERROR, WARNING)
        assert max(d.severity for d in found) is Severity.ERROR
        assert min(d.severity for d in found) is Severity.INFO
        assert [d for d in found if d.severity >= Severity.WARNING] == [ERROR, WARNING]

    @pytest.mark.parametrize("other", ["warn", "safe", "", 2, None, Applicability.SAFE])
    def test_what_is_no_severity_has_no_place_among_them(self, other: Any) -> None:
        for compare in COMPARISONS[:4]:
            with pytest.raises(TypeError, match="no place among error, warning, info"):
                compare(Severity.ERROR, other)
        assert other != Severity.ERROR

    def test_a_severity_is_the_string_that_it_always_was(self) -> None:
        assert Severity("error") == "error"
        assert hash(Severity.ERROR) == hash("error")
        assert f"{Severity.ERROR}" == str(Severity.ERROR) == "error"
        assert json.dumps([Severity.ERROR, {Severity.INFO: 1}]) == '["error", {"info": 1}]'
        assert Severity("error") is Severity.ERROR
        assert pickle.loads(pickle.dumps(Severity.INFO)) is Severity.INFO
        assert {"error": 1}[Severity.ERROR] == 1

    def test_fixes_that_have_to_be_asked_for_come_after_those_that_have_not(self) -> None:
        assert max(Applicability) is Applicability.UNSAFE
        assert sorted(Applicability) == ["safe", "unsafe"]


class TestGravest:
    REPORT = Report((INFO, WARNING, ERROR, replace(WARNING, line=4)), {"event": 2}, {"related": 7})

    def test_the_gravest_come_first_and_the_others_count(self) -> None:
        cut = self.REPORT.gravest(2)
        assert cut.diagnostics == (ERROR, WARNING)
        assert set(cut.left_out) == {INFO, replace(WARNING, line=4)}
        assert (cut.counts(), cut.by_code()) == (self.REPORT.counts(), self.REPORT.by_code())
        assert len(cut.counted) == 4
        assert cut.summary_object()["findings"] == {
            "total": 4, "error": 1, "warning": 2, "info": 1, "left_out": 2,
        }  # fmt: skip
        assert str(cut).split("\n")[2:] == [
            "Found 1 error, 2 warnings, 1 info.",
            "Shown are the 2 most severe of 4 findings.",
        ]

    def test_what_is_left_out_still_fails(self) -> None:
        many = Report((ERROR, replace(ERROR, line=2)))
        with pytest.raises(na.InvalidPageError) as caught:
            many.gravest(1).raise_for_errors()
        assert len(caught.value.diagnostics) == 2
        assert Report((INFO, WARNING)).gravest(1).at_least(Severity.WARNING)

    def test_of_fewer_findings_all_are_shown(self) -> None:
        whole = self.REPORT.gravest(4)
        assert whole.diagnostics == (ERROR, WARNING, replace(WARNING, line=4), INFO)
        assert whole.left_out == ()
        assert "left_out" not in whole.summary_object()["findings"]

    def test_twice_is_as_once(self) -> None:
        once = self.REPORT.gravest(1)
        twice = self.REPORT.gravest(3).gravest(1)
        assert once.diagnostics == twice.diagnostics
        assert once.counts() == twice.counts()


class TestForPeople:
    def test_a_finding_is_a_line(self) -> None:
        assert str(ERROR) == "/news/a.md:1:1: error NA201 [name] message"
        assert (
            f"{replace(ERROR, file='a/b.md', line=3)}" == "a/b.md:3:1: error NA201 [name] message"
        )

    def test_what_acts_on_a_terminal_is_shown_as_an_escape(self) -> None:
        hostile = replace(ERROR, file="a\x1b[2J\n.md", message="'\u202e'")
        assert str(hostile) == r"a\x1b[2J\n.md:1:1: error NA201 [name] '\u202e'"
        with pytest.raises(na.InvalidPageError) as caught:
            Report((hostile,)).raise_for_errors()
        assert str(caught.value) == str(hostile)

    def test_a_report_is_its_summary(self) -> None:
        report = Report((ERROR, INFO), {"event": 2}, {"related": 7})
        assert str(report).split("\n") == [
            "Checked 2 pages: 2 events.",
            "Followed 7 links: 7 related links.",
            "Found 1 error, 1 info.",
        ]
        assert str(Report(())) == "Checked 0 pages.\nNo findings."

    def test_as_text_it_is_what_the_command_prints(self) -> None:
        broken = replace(ERROR, target="/news/b.md")
        report = Report((broken, WARNING, replace(broken, line=4)), {"event": 2})
        assert report.to_text().split("\n") == list(BY_NAME["text"].lines(report))
        assert report.to_text().startswith(f"{broken}\n{WARNING}\n{replace(broken, line=4)}\n")

    def test_as_json_it_is_what_the_command_prints(self) -> None:
        report = Report((ERROR, WARNING), {"event": 2}, {"related": 7})
        assert report.to_json().split("\n") == list(BY_NAME["json"].lines(report))
        names = ["0" * 32, "1" * 32]
        view = Presentation(fingerprints=names)
        assert report.to_json(names).split("\n") == list(BY_NAME["json"].lines(report, view))
        found = json.loads(report.to_json())
        assert found["diagnostics"] == [d.to_dict() for d in report.diagnostics]
        assert found["summary"]["findings"] == {"total": 2, "error": 1, "warning": 1, "info": 0}

    def test_a_finding_as_an_object(self) -> None:
        fix = Fix("mend", (Edit(1, 2, "x"),), Applicability.UNSAFE, True, "/news/b.md")
        meant = Suggestion("/news/c.md", 0.87654, ("near", "same day"))
        found = replace(ERROR, fix=fix, suggestions=(meant,), target="/news/d.md")
        assert found.to_dict("f" * 32) == {
            "code": "NA201",
            "name": "name",
            "severity": "error",
            "page": "/news/a.md",
            "file": "",
            "line": 1,
            "column": 1,
            "end_line": 1,
            "end_column": 1,
            "message": "message",
            "fix": {
                "title": "mend",
                "applicability": "unsafe",
                "removes": True,
                "page": "/news/b.md",
                "edits": [{"start": 1, "end": 2, "replacement": "x"}],
            },
            "target": "/news/d.md",
            "suggestions": [
                {
                    "path": "/news/c.md",
                    "score": 0.877,
                    "certain": False,
                    "reasons": ["near", "same day"],
                }
            ],
            "fingerprint": "f" * 32,
            "url": None,
        }
        assert type(found.to_dict()["severity"]) is str
        bare = ERROR.to_dict()
        assert (bare["fix"], bare["target"], bare["suggestions"]) == (None, None, [])
        assert bare["fingerprint"] is None


def test_raising_for_errors_carries_the_errors_alone() -> None:
    with pytest.raises(na.InvalidPageError) as caught:
        Report((INFO, ERROR, WARNING)).raise_for_errors()
    assert caught.value.diagnostics == (ERROR,)


def test_without_errors_it_is_the_report_itself() -> None:
    report = Report((INFO, WARNING))
    assert report.raise_for_errors() is report


def test_a_report_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        Report(()).diagnostics = (ERROR,)  # type: ignore[misc]


def test_findings_sort_by_page_place_and_code() -> None:
    later = finding("NA101", Severity.ERROR, start=5)
    assert sorted((later, WARNING, ERROR), key=lambda d: d.sort_key) == [ERROR, WARNING, later]
