"""The benchmark of the language server works; nothing here looks at how fast anything is."""

import random
import sys
from pathlib import Path

import pytest

from tests.builders import PAGE, write_archive

sys.path.append(str(Path(__file__).resolve().parent.parent.parent))

from benchmarks import lsp

pytestmark = pytest.mark.slow


def test_it_measures_each_edit_and_each_kind_of_request(tmp_path: Path) -> None:
    found = lsp.measure(write_archive(tmp_path / "archive", small=True), 20, 1, rounds=2)
    assert found.loaded > 0
    assert len(found.edits) == 20
    assert all(time > 0 for time in found.edits)
    names = [name for name, *_ in lsp.REQUESTS]
    assert list(found.answers) == [
        *names,
        lsp.EVERYTHING,
        lsp.UNCHANGED,
        lsp.AT_ONCE,
        lsp.WARM,
    ]
    counts = {name: len(times) for name, times in found.answers.items()}
    assert counts.pop(lsp.UNCHANGED) == 4
    assert set(counts.values()) == {2}
    assert found.memory is None or found.memory > 1


def test_edits_leave_the_page_as_it_was() -> None:
    text = PAGE
    for start, end, new in lsp.edits(text, random.Random(1)):
        text = text[:start] + new + text[end:]
    assert text == PAGE


@pytest.mark.parametrize(("time", "verdict"), [(10.0, "met"), (60.0, "**missed**")])
def test_the_table_says_whether_the_goals_are_met(time: float, verdict: str) -> None:
    found = lsp.Figures(
        1.5, [time] * 5, {"rename by title": [100 * time], "other": [1.0]}, 20 * time
    )
    table = lsp.table(Path("/x/archive"), 1234, found)
    assert "5 edits in archive (1,234 pages)" in table
    assert f"| edit to findings, median | {time} ms | ≤ 10 ms: {verdict} |" in table
    assert f"| rename by title | {100 * time:,} ms | ≤ 1,500 ms: {verdict} |" in table
    assert "| other | 1.0 ms |  |" in table
    assert f"| most memory | {20 * time:,} MB | ≤ 200 MB: {verdict} |" in table


def test_it_needs_no_system_that_tells_of_memory() -> None:
    table = lsp.table(Path("/x/archive"), 1234, lsp.Figures(1.5, [1.0] * 5, {}, None))
    assert "memory" not in table
