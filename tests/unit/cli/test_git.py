"""``newsarchive check --since``, ``--staged`` and ``--at``."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.builders import LATER, PATH, REBUILT, SMALL_ARCHIVE, event, snapshot, write_archive
from tests.repositories import archive_in_git, commit, git, needs_git, needs_shell

pytestmark = [pytest.mark.slow, needs_git]

BROKEN = ["NA201", "NA202"]


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout, which is the working folder, with an archive in `site`."""
    top = tmp_path / "top"
    top.mkdir()
    git(top, "init", "-q", "-b", "main")
    root = write_archive(top / "site", SMALL_ARCHIVE)
    commit(top)
    monkeypatch.chdir(top)
    return root


def check(*args: str, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "newsarchive", "check", "--today", "2020-01-01", *args],
        capture_output=True, text=True, check=False, env={**os.environ, **env},
    )  # fmt: skip


def codes(done: subprocess.CompletedProcess[str]) -> list[str]:
    """The codes of what was printed, in order."""
    return re.findall(r":\d+:\d+: \w+ (NA\d+) ", done.stdout)


def test_a_state_that_git_keeps_leaves_no_cache(root: Path) -> None:
    assert check("site", "--cache-dir", "c").returncode == 0
    assert list(Path("c").iterdir())
    shutil.rmtree("c")
    assert check("site", "--at", "HEAD", "--cache-dir", "c").returncode == 0
    assert not Path("c").exists()


class TestWithABaseline:
    def test_what_the_change_broke_and_the_baseline_does_not_know(self, root: Path) -> None:
        baseline = ("baseline", "site", "--today", "2020-01-01")
        (root / REBUILT[1:]).unlink()
        subprocess.run([sys.executable, "-m", "newsarchive", *baseline], check=True)
        assert check("site").returncode == 0
        done = check("site", "--since", "HEAD")
        assert (done.returncode, codes(done)) == (0, [])
        assert done.stderr == (
            "Baseline site/.newsarchive-baseline.jsonl: 2 known findings not shown.\n"
        )
        (root / LATER[1:]).unlink()
        done = check("site", "--since", "HEAD")
        assert (done.returncode, set(codes(done))) == (1, {"NA202"})
        done = check("site", "--since", "HEAD", "--no-baseline")
        assert len(codes(done)) > len(BROKEN)


class TestWhatItReports:
    def test_a_change_that_broke_nothing_is_clean(self, root: Path) -> None:
        done = check("site", "--since", "HEAD")
        assert (done.returncode, done.stdout) == (0, "Checked 0 pages.\nNo findings.\n")
        done = check("site", "--staged", "--output-format", "json")
        assert done.returncode == 0
        assert '"pages": {"total": 0}' in done.stdout

    def test_what_a_deletion_broke_elsewhere(self, root: Path) -> None:
        (root / REBUILT[1:]).unlink()
        done = check("site", "--since", "HEAD")
        assert (done.returncode, codes(done)) == (1, BROKEN)
        assert done.stdout.startswith(f"site{PATH}:")
        assert check("site", "--staged").returncode == 0
        git(root, "add", "-A")
        assert codes(check("site", "--staged")) == BROKEN
        commit(root)
        assert codes(check("site", "--since", "HEAD~1")) == BROKEN
        assert codes(check("site", "--since", "HEAD~1", "--at", "HEAD")) == BROKEN
        assert check("site", "--since", "HEAD").returncode == 0

    @pytest.mark.parametrize("state", [["--since", "HEAD"], ["--staged"]])
    def test_a_fingerprint_is_that_of_a_whole_check(self, root: Path, state: list[str]) -> None:
        def prints(*args: str) -> list[str]:
            told = check("site", "--select", "NA201", "--output-format", "jsonl", *args).stdout
            return re.findall(r'"fingerprint": "(\w{32})', told)

        for times in (1, 2):
            page = event("2016-03-10", "The pier opens again.", related=["[X](/news/x.md)"] * times)
            write_archive(root, {LATER: page})
            if times == 1:
                commit(root)
        git(root, "add", "-A")
        whole = prints()
        assert len(set(whole)) == len(whole) == 2
        assert prints(*state) == whole[1:]

    def test_a_state_as_a_whole(self, root: Path) -> None:
        (root / REBUILT[1:]).unlink()
        commit(root)
        done = check("site", "--at", "HEAD")
        assert (done.returncode, codes(done)) == (1, BROKEN)
        assert "Checked 11 pages" in done.stdout
        assert check("site", "--at", "HEAD~1").returncode == 0

    def test_what_is_staged_since_another_revision(self, root: Path) -> None:
        (root / REBUILT[1:]).unlink()
        commit(root)
        write_archive(root, {LATER: event("2016-03-11", "The pier opens again.")})
        git(root, "add", "-A")
        assert codes(check("site", "--staged")) == ["NA301", "NA203"]
        found = codes(check("site", "--staged", "--since", "HEAD~1"))
        assert sorted(found) == sorted([*BROKEN, "NA301", "NA203"])

    def test_the_range_that_a_hook_names(self, root: Path) -> None:
        (root / REBUILT[1:]).unlink()
        commit(root)
        broken = {"PRE_COMMIT_FROM_REF": "HEAD~1", "PRE_COMMIT_TO_REF": "HEAD"}
        assert codes(check("site", "--hook-range", **broken)) == BROKEN
        nothing = {"PRE_COMMIT_FROM_REF": "HEAD", "PRE_COMMIT_TO_REF": "HEAD"}
        assert check("site", "--hook-range", **nothing).returncode == 0
        assert codes(check("site", "--hook-range", "--since", "HEAD~1", **nothing)) == BROKEN
        assert codes(check("site", "--hook-range", PRE_COMMIT_LOCAL_BRANCH="main")) == BROKEN

    def test_single_pages_and_folders(self, root: Path) -> None:
        (root / REBUILT[1:]).unlink()
        assert codes(check("site/news/2016/03/2", "--since", "HEAD")) == ["NA201"]
        assert codes(check(f"site{PATH}", "--since", "HEAD", "--root", "site")) == ["NA201"]
        git(root, "add", "-A")
        assert codes(check("site/news/2016/03/4/index.md", "--staged", "--root", "site")) == [
            "NA202"
        ]
        commit(root)
        assert codes(check(f"site{PATH}", "--at", "HEAD", "--root", "site")) == ["NA201"]

    def test_two_archives(self, root: Path) -> None:
        shutil.copytree(root, root.parent / "other")
        commit(root.parent)
        for folder in ("site", "other"):
            (root.parent / folder / REBUILT[1:]).unlink()
        done = check("site", "other", "--since", "HEAD")
        assert "Found 4 errors" in done.stdout

    def test_fixes_of_what_the_change_broke(self, root: Path) -> None:
        write_archive(root, {LATER: event("2016-03-10", "The pier opens again.",
                                          related=[f"[The pier burns.]({PATH})"])})  # fmt: skip
        git(root, "mv", REBUILT[1:], "news/2016/03/4/built.md")
        before = (root / PATH[1:]).read_bytes()
        done = check("site", "--since", "HEAD", "--fix")
        assert "Fixed 2 findings in 2 files." in done.stderr
        assert (root / PATH[1:]).read_bytes() == before.replace(b"the-pier-is-rebuilt", b"built")
        assert check("site").returncode == 0
        assert check("site", "--since", "HEAD", "--diff").returncode == 0

    @pytest.mark.parametrize("state", [("--at", "HEAD"), ("--staged", "--since", "HEAD~")])
    def test_what_a_fix_would_change_in_a_state_that_git_keeps(
        self, root: Path, state: tuple[str, ...]
    ) -> None:
        spoiled = f"\ufeff{SMALL_ARCHIVE[LATER]}"
        write_archive(root, {LATER: spoiled})
        commit(root)
        write_archive(root, {LATER: SMALL_ARCHIVE[LATER]})
        before = snapshot(root)
        done = check("site", *state, "--diff")
        assert f"+++ b/site{LATER}" in done.stdout
        assert "refused" not in done.stderr
        assert snapshot(root) == before

    def test_an_archive_that_git_does_not_know_yet(self, root: Path) -> None:
        git(root, "rm", "-q", "-r", "--cached", ".")
        git(root, "commit", "-q", "-m", "None")
        done = check("site", "--since", "HEAD")
        assert done.returncode == 0
        assert "the revision to start from has no file of the archive" in done.stderr


class TestWithoutAWorkingTree:
    def test_two_trees_of_a_bare_repository(self, root: Path, tmp_path: Path) -> None:
        (root / REBUILT[1:]).unlink()
        commit(root)
        git(tmp_path, "clone", "-q", "--bare", str(root.parent), "bare.git")
        bare = tmp_path / "bare.git"
        before = snapshot(bare)
        done = check(str(bare), "--root", "site", "--since", "HEAD~1", "--at", "main")
        assert (done.returncode, codes(done)) == (1, BROKEN)
        done = check(str(bare), "--root", "site/", "--at", "HEAD~1")
        assert done.returncode == 0
        done = check(str(bare), "--at", "HEAD")
        assert "'HEAD' has no archive (an archive is a folder that holds news/)" in done.stderr
        assert done.returncode == 2
        assert snapshot(bare) == before

    def test_an_archive_at_the_top(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        root = archive_in_git(tmp_path / "archive")
        (root / REBUILT[1:]).unlink()
        commit(root)
        git(tmp_path, "clone", "-q", "--bare", str(root), "bare.git")
        monkeypatch.chdir(tmp_path / "bare.git")
        done = check("--since", "HEAD~1", "--at", "HEAD")
        assert done.stdout.startswith(f"{PATH[1:]}:")
        assert done.returncode == 1

    def test_a_checkout_without_its_files(self, root: Path, tmp_path: Path) -> None:
        (root / REBUILT[1:]).unlink()
        commit(root)
        git(tmp_path, "clone", "-q", "--no-checkout", str(root.parent), "empty")
        empty = tmp_path / "empty"
        done = check(str(empty), "--root", "site", "--since", "HEAD~1", "--at", "HEAD")
        assert done.stdout.startswith(f"{empty}/site{PATH}:")
        assert done.returncode == 1
        assert [p.name for p in empty.iterdir()] == [".git"]


class TestMisuse:
    @pytest.mark.parametrize(
        ("args", "message"),
        [
            (["--since", "nosuch"], "git knows no revision 'nosuch'"),
            (["--since", "--all"], "git knows no revision '--all'"),
            (["--since", "nosuch..."], "git knows no revision 'nosuch'"),
            (["--since", "\x1b[31m"], r"git knows no revision '\x1b[31m'"),
            (["--since="], "git knows no revision ''"),
            (["--at", "nosuch"], "git knows no revision 'nosuch'"),
            (["--staged", "--at", "HEAD"], "--staged and --at name two states"),
            (["--staged", "--fix"], "--fix writes to the working tree"),
            (["--at", "HEAD", "--fix"], "--fix writes to the working tree"),
            (["--since", "HEAD", "--select", "NA999"], "no rule is called 'NA999'"),
            (["--hook-range", "--staged"], "--hook-range goes with neither --staged nor --at"),
            (["--hook-range"], "pre-commit names no range"),
        ],
    )
    def test_it_is_told_and_the_status_is_2(
        self, root: Path, args: list[str], message: str
    ) -> None:
        done = check("site", *args)
        assert done.returncode == 2
        assert message in done.stderr
        assert "Traceback" not in done.stderr
        assert done.stdout == ""

    @pytest.mark.parametrize("args", [["--since", "HEAD"], ["--staged"], ["--at", "HEAD"]])
    def test_a_folder_that_is_no_checkout(
        self, tmp_path: Path, args: list[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
        root = write_archive(tmp_path / "plain", SMALL_ARCHIVE)
        done = check(str(root), *args)
        assert done.returncode == 2
        assert "no git checkout, nor a git repository" in done.stderr

    def test_a_folder_that_is_no_archive(self, root: Path, tmp_path: Path) -> None:
        assert "no archive here or above" in check(str(tmp_path), "--since", "HEAD").stderr
        done = check("site/nosuch", "--at", "HEAD")
        assert "no such file or folder" in done.stderr
        assert done.returncode == 2

    def test_a_shallow_clone_that_lacks_the_revision(self, root: Path, tmp_path: Path) -> None:
        first = git(root, "rev-parse", "HEAD").strip()
        write_archive(root, {"/x.md": ""})
        commit(root)
        git(tmp_path, "clone", "-q", "--depth", "1", f"file://{root.parent}", "shallow")
        done = check(str(tmp_path / "shallow/site"), "--since", first)
        assert done.returncode == 2
        assert f"git knows no revision '{first}'; this clone is shallow" in done.stderr
        assert "git fetch --unshallow" in done.stderr

    def test_no_git(self, root: Path) -> None:
        done = check("site", "--since", "HEAD", PATH="")
        assert done.returncode == 2
        assert "git is not installed, or not on the PATH" in done.stderr


@needs_shell
class TestAsAHook:
    def hooked(self, root: Path) -> None:
        hook = root.parent / ".git/hooks/pre-commit"
        hook.parent.mkdir(exist_ok=True)
        command = f'exec "{sys.executable}" -m newsarchive check site --staged --no-cache'
        hook.write_text(f"#!/bin/sh\n{command}\n")
        hook.chmod(0o755)

    def commits(self, root: Path, *args: str) -> bool:
        names = ("-c", "user.name=A", "-c", "user.email=a@example.org")
        done = subprocess.run(
            ["git", *names, "commit", "-q", "-m", "x", *args],
            cwd=root.parent, capture_output=True, check=False,
        )  # fmt: skip
        return done.returncode == 0

    def test_a_commit_that_breaks_something_is_refused(self, root: Path) -> None:
        self.hooked(root)
        git(root, "rm", "-q", REBUILT[1:])
        assert not self.commits(root)
        git(root, "reset", "-q", "--hard")
        write_archive(root, {"/faq/README.md": "# Questions\n\nOne.\n"})
        git(root, "add", "-A")
        assert self.commits(root)

    def test_also_one_of_all_changed_files_or_of_some(self, root: Path) -> None:
        # git hands these to the hook in another index.
        self.hooked(root)
        (root / REBUILT[1:]).unlink()
        assert not self.commits(root, "-a")
        assert not self.commits(root, "--", f"site{REBUILT}")
        write_archive(root, {"/faq/README.md": "# Questions\n\nOne.\n"})
        assert self.commits(root, "--", "site/faq/README.md")
