"""Runs where git cannot tell all renames: it is said, and nothing is thrown away for it."""

import shutil
from pathlib import Path

import pytest

from newsarchive.cli import main
from newsarchive.runs.baseline import read_baseline
from tests.builders import LATER, OPENS, SMALL_ARCHIVE, event, write_archive
from tests.faults import Run
from tests.repositories import commit, git, needs_git, needs_shell, others_own_it

pytestmark = [
    pytest.mark.slow,
    needs_git,
    needs_shell,
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
ONLY = ("--select", "NA201")
SAID = "git could not tell of all renames"


KINDS = {
    "shallow": ["--depth=1"],
    "blobless": ["--filter=blob:none"],
    "treeless": ["--filter=tree:0"],
    "others": [],
}


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout with a baseline; then a page of it was renamed and edited."""
    root = tmp_path_factory.mktemp("origin") / "a"
    write_archive(root, {**SMALL_ARCHIVE, OLD: PAGE})
    git(root, "init", "-q", "-b", "main")
    git(root, "config", "uploadpack.allowFilter", "true")
    with pytest.raises(SystemExit) as left:
        main(["baseline", str(root), "--reason", "old", "--select", "NA201"])
    assert left.value.code == 0
    commit(root)
    (root / OLD[1:]).unlink()
    write_archive(root, {NEW: PAGE.replace("Everybody", "All", 1)})
    for page in root.rglob("*.md"):
        page.write_bytes(page.read_bytes().replace(OLD.encode(), NEW.encode()))
    commit(root)
    return root


@pytest.fixture
def root(origin: Path, tmp_path: Path) -> Path:
    return shutil.copytree(origin, tmp_path / "a")


@pytest.fixture(scope="module", params=KINDS)
def cloned(
    request: pytest.FixtureRequest, origin: Path, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """A clone that lacks some of the history, or whose git refuses to tell it."""
    kind: str = request.param
    folder = tmp_path_factory.mktemp("cloned")
    git(folder, "clone", "-q", *KINDS[kind], f"file://{origin}", kind)
    return folder / kind


@pytest.fixture
def clone(cloned: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    if cloned.name == "others":
        monkeypatch.setenv("PATH", others_own_it(tmp_path / "git of others"))
    return shutil.copytree(cloned, tmp_path / "clone")


def reasons(root: Path) -> list[str]:
    """The reasons of a baseline's entries."""
    return [entry.reason for entry in read_baseline(root / ".newsarchive-baseline.jsonl")]


def test_with_the_history_all_is_known(run: Run, root: Path) -> None:
    done = run("check", root, *ONLY)
    assert (done.status, "not shown.\n" in done.err, SAID in done.err) == (0, True, False)
    done = run("baseline", root, "--prune", *ONLY)
    assert done.err.startswith("Kept ")
    assert reasons(root) == ["old"]


def test_a_check_says_once_why_known_findings_are_new(run: Run, clone: Path) -> None:
    done = run("check", clone, *ONLY)
    assert done.status == 1
    assert done.err.count(SAID) == 1
    assert "1 entry that cannot be judged" in done.err
    assert "--prune" not in done.err
    done = run("check", clone, "--output-format", "jsonl", *ONLY)
    assert done.err.count(SAID) == 1


@pytest.mark.parametrize("how", ["--prune", "--update"])
def test_nothing_is_pruned_that_cannot_be_judged(run: Run, clone: Path, how: str) -> None:
    done = run("baseline", clone, how, *ONLY)
    assert done.status == 0
    assert done.err.count(SAID) == 1
    assert "0 taken out, 1 entry kept that cannot be judged" in done.err
    assert "old" in reasons(clone)


def test_what_is_surely_gone_is_pruned(run: Run, clone: Path) -> None:
    """Without a new finding of the same rule, an entry's finding has not got another name."""
    write_archive(clone, {NEW: PAGE.replace("/news/2016/03/10/nowhere.md", OPENS)})
    done = run("check", clone, *ONLY)
    assert (done.status, SAID in done.err) == (0, False)
    assert "1 entry no longer needed ('newsarchive baseline --prune'" in done.err
    done = run("baseline", clone, "--prune", *ONLY)
    assert "1 taken out" in done.err
    assert reasons(clone) == []


def test_a_broken_link_without_proof(run: Run, clone: Path) -> None:
    write_archive(clone, {OPENS: LINK, NEW: PAGE.replace("/news/2016/03/10/nowhere.md", OPENS)})
    done = run("check", clone, "--no-baseline", *ONLY)
    assert (done.status, done.err.count(SAID)) == (1, 1)
    assert "(fixable)" not in done.out
    done = run("check", clone, "--no-baseline", "--fix", *ONLY)
    assert done.err.count(SAID) == 1


def test_without_broken_links_nothing_is_lost(run: Run, clone: Path) -> None:
    write_archive(clone, {NEW: PAGE.replace("/news/2016/03/10/nowhere.md", OPENS)})
    done = run("check", clone, "--no-baseline", *ONLY)
    assert (done.status, done.err) == (0, "")


def test_no_git_and_no_checkout_are_no_trouble(
    run: Run, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setenv("PATH", "")
        assert SAID not in run("check", root, *ONLY).err
    (root / ".git").rename(tmp_path / "away")
    assert SAID not in run("check", root, *ONLY).err
