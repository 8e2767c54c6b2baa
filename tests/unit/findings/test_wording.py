"""What people read of findings."""

from pathlib import Path

import pytest

import newsarchive as na
from newsarchive.findings.diagnostics import Applicability, Diagnostic, Fix, Severity
from newsarchive.findings.wording import found
from newsarchive.writers.text import statistics
from tests.builders import event, write_archive

SAFE = Fix("mend", (), Applicability.SAFE)
UNSAFE = Fix("guess", (), Applicability.UNSAFE)
REMOVAL = Fix("remove", (), Applicability.UNSAFE, removes=True)


def finding(fix: Fix | None) -> Diagnostic:
    return Diagnostic(
        "NA201", "name", Severity.ERROR, "message", "/news/a.md", "", 0, 0, 1, 1, 1, 1, fix
    )


@pytest.mark.parametrize(
    ("fixes", "ends"),
    [
        ([None], "1 error."),
        ([SAFE], "1 error; 1 can be fixed with --fix."),
        ([UNSAFE], "1 error; 1 more with --unsafe-fixes."),
        ([REMOVAL], "1 error; 1 more with --unsafe-fixes --remove-dead."),
        (
            [SAFE, SAFE, UNSAFE, UNSAFE, UNSAFE, REMOVAL, None],
            "7 errors; 2 can be fixed with --fix, 3 more with --unsafe-fixes, "
            "1 more with --unsafe-fixes --remove-dead.",
        ),
    ],
)
def test_each_fix_is_counted_with_the_flags_that_write_it(
    fixes: list[Fix | None], ends: str
) -> None:
    assert found(map(finding, fixes)) == f"Found {ends}"


def test_what_is_promised_is_what_the_flags_do(tmp_path: Path) -> None:
    pages = {
        "/news/2016/02/29/a.md": event("2016-02-29", "A.", related=["[B.](/news/2016/1/1/b.md)"])
    }
    root = write_archive(tmp_path / "a", pages, small=True)
    says = "1 more with --unsafe-fixes, 1 more with --unsafe-fixes --remove-dead."
    assert says in na.check(root).to_text()
    assert na.repair(root, unsafe=True).fixed == {"NA208": 1}
    assert na.repair(root, unsafe=True, remove_dead=True).fixed == {"NA201": 1}


def test_statistics_count_them_likewise() -> None:
    report = na.Report(tuple(map(finding, [SAFE, UNSAFE, UNSAFE, REMOVAL, None])))
    [line] = statistics(report)
    assert line == (
        "5 NA201 [name] (1 fixable, 2 with --unsafe-fixes, 1 with --unsafe-fixes --remove-dead)"
    )
