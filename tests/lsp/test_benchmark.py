"""The benchmark of the language server works; nothing here looks at how fast anything is."""

import random
import sys
from pathlib import Path

import pytest

from tests.builders import PAGE, write_archive

sys.path.append(str(Path(__file__).resolve().parent.parent.parent))

from benchmarks import lsp

pytestmark = pytest.mark.slow


def test_it_measures_each_edit(tmp_path: Path) -> None:
    loaded, times = lsp.measure(write_archive(tmp_path / "archive", small=True), 20, 1)
    assert loaded > 0
    assert len(times) == 20
    assert all(time > 0 for time in times)


def test_edits_leave_the_page_as_it_was() -> None:
    text = PAGE
    for start, end, new in lsp.edits(text, random.Random(1)):
        text = text[:start] + new + text[end:]
    assert text == PAGE


@pytest.mark.parametrize(("time", "verdict"), [(10.0, "met"), (60.0, "**missed**")])
def test_the_table_says_whether_the_goal_is_met(time: float, verdict: str) -> None:
    table = lsp.table(Path("/x/archive"), 1234, 1.5, [time] * 5)
    assert "5 edits in archive (1,234 pages)" in table
    assert f"| edit to findings, median | {time} ms | < 50 ms: {verdict} |" in table
