"""Runs where git cannot tell all renames: it is said, and nothing is thrown away for it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from newsarchive.runs.baseline import read_baseline
from tests.builders import LATER, OPENS, SMALL_ARCHIVE, event, write_archive
from tests.repositories import commit, git, needs_git, others_own_it

pytestmark = [
    pytest.mark.slow,
    needs_git,
    pytest.mark.skipif(os.name != "posix", reason="needs a shell"),
]

OLD = LATER
NEW = LATER.replace(".md", "-again.md")
PAGE = event(
    "2016-03-10", "The pier opens again.",
    description="\n\n".join(f"Everybody saw {n}." for n in range(20)),
    related=["[Nowhere](/news/2016/03/10/nowhere.md)"],
)  # fmt: skip
LINK = event(
    "2016-02-29", "The pier opens.", related=[f"[The pier opens again.]({OLD})"],
)  # fmt: skip
SAID = "git could not tell of all renames"


def run(*args: str, **env: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "newsarchive", *args, "--select", "NA201"]
    return subprocess.run(
        command, capture_output=True, text=True, check=False, env={**os.environ, **env}
    )


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A checkout with a baseline; then a page of it was renamed and edited."""
    root = tmp_path / "a"
    write_archive(root, {**SMALL_ARCHIVE, OLD: PAGE})
    git(root, "init", "-q", "-b", "main")
    git(root, "config", "uploadpack.allowFilter", "true")
    assert run("baseline", str(root), "--reason", "old").returncode == 0
    commit(root)
    (root / OLD[1:]).unlink()
    write_archive(root, {NEW: PAGE.replace("Everybody", "All", 1)})
    for page in root.rglob("*.md"):
        page.write_bytes(page.read_bytes().replace(OLD.encode(), NEW.encode()))
    commit(root)
    return root


@pytest.fixture(params=["--depth=1", "--filter=blob:none", "--filter=tree:0", "others"])
def clone(
    request: pytest.FixtureRequest, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """A clone that lacks some of the history, or whose git refuses to tell it."""
    if request.param == "others":
        git(tmp_path, "clone", "-q", f"file://{root}", "clone")
        monkeypatch.setenv("PATH", others_own_it(tmp_path / "git of others"))
    else:
        git(tmp_path, "clone", "-q", request.param, f"file://{root}", "clone")
    return tmp_path / "clone"


def reasons(root: Path) -> list[str]:
    """The reasons of a baseline's entries."""
    return [entry.reason for entry in read_baseline(root / ".newsarchive-baseline.jsonl")]


def test_with_the_history_all_is_known(root: Path) -> None:
    done = run("check", str(root))
    assert (done.returncode, "not shown.\n" in done.stderr, SAID in done.stderr) == (0, True, False)
    done = run("baseline", str(root), "--prune")
    assert done.stderr.startswith("Kept ")
    assert reasons(root) == ["old"]


def test_a_check_says_once_why_known_findings_are_new(clone: Path) -> None:
    done = run("check", str(clone))
    assert done.returncode == 1
    assert done.stderr.count(SAID) == 1
    assert "1 entry that cannot be judged" in done.stderr
    assert "--prune" not in done.stderr
    done = run("check", str(clone), "--output-format", "jsonl")
    assert done.stderr.count(SAID) == 1


@pytest.mark.parametrize("how", ["--prune", "--update"])
def test_nothing_is_pruned_that_cannot_be_judged(clone: Path, how: str) -> None:
    done = run("baseline", str(clone), how)
    assert done.returncode == 0
    assert done.stderr.count(SAID) == 1
    assert "0 taken out, 1 entry kept that cannot be judged" in done.stderr
    assert "old" in reasons(clone)


def test_what_is_surely_gone_is_pruned(clone: Path) -> None:
    """Without a new finding of the same rule, an entry's finding has not got another name."""
    write_archive(clone, {NEW: PAGE.replace("/news/2016/03/10/nowhere.md", OPENS)})
    done = run("check", str(clone))
    assert (done.returncode, SAID in done.stderr) == (0, False)
    assert "1 entry no longer needed ('newsarchive baseline --prune'" in done.stderr
    done = run("baseline", str(clone), "--prune")
    assert "1 taken out" in done.stderr
    assert reasons(clone) == []


def test_a_broken_link_without_proof(clone: Path) -> None:
    write_archive(clone, {OPENS: LINK, NEW: PAGE.replace("/news/2016/03/10/nowhere.md", OPENS)})
    done = run("check", str(clone), "--no-baseline")
    assert (done.returncode, done.stderr.count(SAID)) == (1, 1)
    assert "(fixable)" not in done.stdout
    done = run("check", str(clone), "--no-baseline", "--fix")
    assert done.stderr.count(SAID) == 1


def test_without_broken_links_nothing_is_lost(clone: Path) -> None:
    write_archive(clone, {NEW: PAGE.replace("/news/2016/03/10/nowhere.md", OPENS)})
    done = run("check", str(clone), "--no-baseline")
    assert (done.returncode, done.stderr) == (0, "")


def test_no_git_and_no_checkout_are_no_trouble(root: Path, tmp_path: Path) -> None:
    assert SAID not in run("check", str(root), PATH="").stderr
    (root / ".git").rename(tmp_path / "away")
    assert SAID not in run("check", str(root)).stderr
