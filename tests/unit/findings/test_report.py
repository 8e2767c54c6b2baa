"""The outcome of a run."""

import pytest

import newsarchive as na
from newsarchive.findings.diagnostics import Diagnostic, Severity
from newsarchive.findings.report import Report


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


def test_severities_are_ranked() -> None:
    assert [s.rank for s in Severity] == [3, 2, 1]
    assert sorted(Severity, key=lambda s: s.rank) == ["info", "warning", "error"]


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
