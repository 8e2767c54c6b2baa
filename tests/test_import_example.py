"""The example that imports raw days: run as users run it."""

import subprocess
import sys
from pathlib import Path

import pytest

import newsarchive as na

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[1]
SCRIPT = ROOT / "examples" / "import_portal" / "import_portal.py"


def imported(days: Path, target: Path) -> subprocess.CompletedProcess[str]:
    line = [sys.executable, "-W", "error", str(SCRIPT), str(days), str(target)]
    return subprocess.run(line, capture_output=True, text=True, check=False)


def test_an_archive_that_checks_clean(tmp_path: Path) -> None:
    done = imported(SCRIPT.parent / "days", tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.endswith("No findings.\n")
    archive = na.Archive(tmp_path)
    events = {event.title: event for event in archive.events()}
    assert len(events) == 7
    families = events["The first families return to Low Marsh as the river Oster falls."]
    assert families.topic == "2016 Oster flood"
    assert [source.name for source in families.sources] == ["Harbour Post", "radio.example.net"]
    assert [link.context for link in families.related] == [
        ("Oster (river)",), ("Low Marsh",), ("Oster (river)",)
    ]  # fmt: skip


def test_the_days_are_in_two_encodings(tmp_path: Path) -> None:
    files = sorted((SCRIPT.parent / "days").iterdir())
    assert any(b"\xc9" in file.read_bytes() for file in files), "Latin-1"
    imported(SCRIPT.parent / "days", tmp_path)
    [prize] = [event for event in na.Archive(tmp_path).events() if "Prize" in event.title]
    assert "Elodie Marchand receives the Tide Prize of PS12,000" in prize.title
    assert "alodie-marchand" in prize.path
    assert "aps12-000" in prize.path


def test_it_is_short_and_uses_public_names_alone() -> None:
    text = SCRIPT.read_text("utf-8")
    assert len(text.splitlines()) <= 150
    assert "from newsarchive" not in text
    assert "import newsarchive." not in text
