"""The inputs that fuzzing kept: each reaches code that no other does. See fuzz/README.md.

A long run is ``python fuzz/run.py --minutes 60``. Here every kept input is tried once, and where
atheris is installed a thousand new ones are.
"""

import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from fuzz.targets import TARGETS, page

import newsarchive
import newsarchive.runs.cache

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parent.parent
SEEDS = Path(__file__).parent / "data" / "fuzz"
KEPT = [(file.parent.name, file) for file in sorted(SEEDS.glob("*/*"))]


@pytest.mark.parametrize("target", TARGETS)
def test_every_target_has_a_corpus_of_small_files(target: str) -> None:
    files = [file for name, file in KEPT if name == target]
    assert 3 <= len(files) <= 80
    assert all(file.stat().st_size <= 2048 for file in files)


def test_every_corpus_has_its_target() -> None:
    assert {name for name, _ in KEPT} == set(TARGETS)


@pytest.mark.parametrize("target", TARGETS)
def test_kept_inputs_break_no_promise(target: str) -> None:
    before = vars(newsarchive.runs.cache).copy()
    for name, file in KEPT:
        if name == target:
            TARGETS[target](file.read_bytes())
    assert vars(newsarchive.runs.cache) == before  # other tests of this process use the real one


def test_a_broken_promise_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(newsarchive, "render", lambda page: "")
    data = b"\0### [2016-03-2](/a)\n\n# T \n\n\n\n"
    with pytest.raises(AssertionError, match="a rendered page is another page"):
        page(data)


@pytest.mark.skipif(importlib.util.find_spec("atheris") is None, reason="atheris is not installed")
@pytest.mark.parametrize(
    ("target", "runs"),
    [
        ("page", 1000),
        ("sound", 1000),
        ("cache-file", 60),
        ("configuration", 500),
        ("baseline", 500),
    ],
)
def test_a_short_run_finds_nothing(target: str, runs: int, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "fuzz", tmp_path / "fuzz", ignore=shutil.ignore_patterns("corpus"))
    shutil.copytree(SEEDS, tmp_path / "tests" / "data" / "fuzz")
    (tmp_path / "src").symlink_to(ROOT / "src")
    command = [sys.executable, "fuzz/run.py", "--target", target, "--runs", str(runs)]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    assert f"Done {runs} runs" in done.stderr
