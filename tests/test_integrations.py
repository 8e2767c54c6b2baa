"""Hooks and the job for CI: checked by their schemas, and run by who runs them."""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.builders import LATER, PATH, REBUILT, SMALL_ARCHIVE
from tests.consumers import gitlab_validator, junit_faults
from tests.repositories import commit, git, needs_git, needs_shell
from tests.runners import GUIDE, ROOT, blocks, checkout, programs, run, valid

pytestmark = [
    pytest.mark.slow,
    needs_git,
    needs_shell,
]


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    return checkout(tmp_path / "top")


@pytest.fixture(scope="module")
def hooks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Path]]:
    """A repository with this project as a commit, and where pre-commit installs it."""
    base = tmp_path_factory.mktemp("hooks")
    repository = base / "newsarchive"
    left_out = shutil.ignore_patterns(
        ".*_cache", ".git", ".venv", ".coverage*", "__pycache__", "tests"
    )
    shutil.copytree(ROOT, repository, ignore=left_out)
    git(repository, "init", "-q")
    commit(repository)
    yield repository, base / "home"
    shutil.rmtree(base)


def outcome(root: Path, env: dict[str, str], *command: str) -> subprocess.CompletedProcess[str]:
    """What git says and does, with the hooks that it runs."""
    names = ("-c", "user.name=A. Keeper", "-c", "user.email=keeper@example.org")
    return run("git", *names, *command, cwd=root, **env)


def codes(done: subprocess.CompletedProcess[str]) -> list[str]:
    """The codes of what was printed, in order."""
    return re.findall(r":\d+:\d+: \w+ (NA\d+) ", done.stdout)


class TestPreCommit:
    pytestmark = pytest.mark.skipif(find_spec("pre_commit") is None, reason="needs pre-commit")

    def prepared(self, archive: Path, repository: Path, *hooks: str) -> None:
        """Have the archive's commits go through hooks of a repository."""
        listed = [{"id": hook, "args": ["site", "--today", "2020-01-01"]} for hook in hooks]
        revision = git(repository, "rev-parse", "HEAD").strip()
        config = {"repos": [{"repo": str(repository), "rev": revision, "hooks": listed}]}
        (archive / ".pre-commit-config.yaml").write_text(yaml.safe_dump(config))
        git(archive, "add", "-A")
        git(archive, "commit", "-q", "-m", "Hooks")

    def pre_commit(self, archive: Path, home: Path, *args: str) -> subprocess.CompletedProcess[str]:
        command = (sys.executable, "-m", "pre_commit", *args)
        caches = {"PRE_COMMIT_HOME": str(home), "XDG_CACHE_HOME": str(home / "cache")}
        return run(*command, cwd=archive, **caches)

    def test_the_manifest_is_one(self) -> None:
        command = (sys.executable, "-m", "pre_commit", "validate-manifest")
        assert run(*command, ".pre-commit-hooks.yaml", cwd=ROOT).returncode == 0

    def test_each_hook_sees_the_whole_archive_at_once(self) -> None:
        hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
        assert [hook["id"] for hook in hooks] == [
            "newsarchive-check",
            "newsarchive-check-staged",
            "newsarchive-check-range",
            "newsarchive-fix",
        ]
        for hook in hooks:
            assert (hook["pass_filenames"], hook["require_serial"]) == (False, True)
            assert hook["always_run"] is True
            # pre-commit keeps back what a hook prints that passes: warnings would reach nobody.
            assert hook.get("verbose", False) is hook["id"].startswith("newsarchive-check")
            # Without stages a hook runs whenever any hook is installed: on each message, too.
            assert set(hook["stages"]) <= {"pre-commit", "pre-merge-commit", "pre-push", "manual"}

    def test_what_they_do(self, archive: Path, hooks: tuple[Path, Path]) -> None:
        repository, home = hooks
        self.prepared(
            archive, repository, "newsarchive-check", "newsarchive-check-staged", "newsarchive-fix"
        )
        done = self.pre_commit(archive, home, "run", "--all-files")
        assert done.returncode == 0, done.stdout + done.stderr
        assert done.stdout.count("Passed") == 3

        # A commit that only deletes: no file is left that a hook could be given.
        git(archive, "rm", "-q", f"site{REBUILT}")
        done = self.pre_commit(archive, home, "run", "newsarchive-check-staged")
        assert done.returncode == 1
        assert re.search(rf"^site{re.escape(PATH)}:\d+:\d+: error NA201 ", done.stdout, re.M)
        assert self.pre_commit(archive, home, "run", "newsarchive-check").returncode == 1
        done = self.pre_commit(archive, home, "run", "newsarchive-fix")
        assert done.returncode == 0

        # With that committed, a later commit is not blamed for it.
        git(archive, "commit", "-q", "-m", "Away with it")
        (archive / "site/faq/README.md").write_text("# Questions\n\nOne.\n")
        git(archive, "add", "-A")
        assert self.pre_commit(archive, home, "run", "newsarchive-check-staged").returncode == 0
        assert self.pre_commit(archive, home, "run", "newsarchive-check").returncode == 1

        # What the fix hook changes fails the commit, and is right the second time.
        (archive / f"site{PATH}").write_bytes(
            SMALL_ARCHIVE[PATH].replace("2. [Evening", "5. [Evening").encode()
        )
        git(archive, "add", "-A")
        done = self.pre_commit(archive, home, "run", "newsarchive-fix")
        assert done.returncode == 1
        assert "files were modified by this hook" in done.stdout
        assert (archive / f"site{PATH}").read_text() == SMALL_ARCHIVE[PATH]
        git(archive, "add", "-A")
        assert self.pre_commit(archive, home, "run", "newsarchive-fix").returncode == 0

    def installed(
        self, archive: Path, hooks: tuple[Path, Path], *names: str, kinds: tuple[str, ...]
    ) -> dict[str, str]:
        """Have git run hooks of this project; the environment that git is to run in."""
        repository, home = hooks
        self.prepared(archive, repository, *names)
        for kind in kinds:
            assert self.pre_commit(archive, home, "install", "-t", kind).returncode == 0
        return {"PRE_COMMIT_HOME": str(home), "XDG_CACHE_HOME": str(home / "cache")}

    @pytest.mark.parametrize("hook", ["newsarchive-check-staged", "newsarchive-check-range"])
    def test_a_push(
        self, archive: Path, tmp_path: Path, hooks: tuple[Path, Path], hook: str
    ) -> None:
        env = self.installed(archive, hooks, hook, kinds=("pre-push",))
        git(tmp_path, "init", "-q", "--bare", "server.git")
        git(archive, "remote", "add", "origin", str(tmp_path / "server.git"))

        # The first push holds the root of the history: all is new, and some of it is bad.
        git(archive, "rm", "-q", f"site{REBUILT}")
        git(archive, "commit", "-q", "-m", "Away with it")
        done = outcome(archive, env, "push", "origin", "main")
        assert done.returncode == 1
        assert re.search(rf"^site{re.escape(PATH)}:\d+:\d+: error NA201 ", done.stdout, re.M)
        git(archive, "push", "-q", "--no-verify", "origin", "main")

        # What the remote has already is not held against a push, whatever is staged by then.
        git(archive, "rm", "-q", f"site{LATER}")
        git(archive, "commit", "-q", "-m", "And that one")
        git(archive, "revert", "--no-commit", "HEAD")
        done = outcome(archive, env, "push", "origin", "main")
        assert done.returncode == 1
        assert codes(done) == ["NA202", "NA202"]
        git(archive, "commit", "-q", "-m", "Back with it")
        done = outcome(archive, env, "push", "origin", "main")
        assert done.returncode == 0, done.stdout + done.stderr
        assert outcome(archive, env, "push", "origin", "main:new").returncode == 0
        assert outcome(archive, env, "push", "origin", ":new").returncode == 0

    def test_a_range(self, archive: Path, hooks: tuple[Path, Path]) -> None:
        repository, home = hooks
        self.prepared(archive, repository, "newsarchive-check-staged", "newsarchive-check-range")
        first = git(archive, "rev-parse", "HEAD").strip()
        git(archive, "checkout", "-q", "-b", "topic")
        git(archive, "rm", "-q", f"site{REBUILT}")
        git(archive, "commit", "-q", "-m", "Away with it")
        git(archive, "checkout", "-q", "main")
        git(archive, "rm", "-q", f"site{LATER}")
        git(archive, "commit", "-q", "-m", "On the other side")
        for start, end, stage, found in (
            (first, "topic", "pre-push", ["NA201", "NA202"]),
            (first, "main", "manual", ["NA202", "NA202"]),
            ("main", "topic", "pre-push", ["NA201", "NA202"]),  # since they parted
            ("topic", "topic", "manual", []),
        ):
            refs = ("--from-ref", start, "--to-ref", end)
            for at, times in (("pre-commit", 1), (stage, 2)):
                done = self.pre_commit(archive, home, "run", *refs, "--hook-stage", at)
                assert (done.returncode, codes(done)) == (int(bool(found)), found * times)

        # A range is no thing to guess.
        command = ("run", "newsarchive-check-range", "--hook-stage", "pre-push")
        done = self.pre_commit(archive, home, *command)
        assert done.returncode == 1
        assert "pre-commit names no range" in done.stdout

    def test_a_merge(self, archive: Path, hooks: tuple[Path, Path]) -> None:
        env = self.installed(
            archive, hooks, "newsarchive-check-staged", kinds=("pre-commit", "pre-merge-commit")
        )
        git(archive, "checkout", "-q", "-b", "topic")
        git(archive, "rm", "-q", f"site{REBUILT}")
        git(archive, "commit", "-q", "--no-verify", "-m", "Away with it")
        git(archive, "checkout", "-q", "main")
        (archive / "site/faq/README.md").write_text("# Questions\n\nOne.\n")
        git(archive, "add", "-A")
        assert outcome(archive, env, "commit", "-m", "Something else").returncode == 0
        done = outcome(archive, env, "merge", "--no-edit", "topic")
        assert done.returncode == 1
        assert "NA201" in done.stdout + done.stderr

    def test_warnings_reach_who_commits(self, archive: Path, hooks: tuple[Path, Path]) -> None:
        env = self.installed(archive, hooks, "newsarchive-check-staged", kinds=("pre-commit",))
        file = archive / f"site{PATH}"
        file.write_bytes(SMALL_ARCHIVE[PATH].replace("2. [Evening", "5. [Evening").encode())
        git(archive, "add", "-A")
        done = outcome(archive, env, "commit", "-m", "Numbers")
        assert done.returncode == 0
        assert "Found 1 warning" in done.stdout + done.stderr

    def test_the_configuration_in_the_guide(self) -> None:
        known = {
            hook["id"] for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
        }
        shown = [yaml.safe_load(block) for block in blocks(GUIDE, "yaml") if "repos:" in block]
        assert shown
        for config in shown:
            for repository in config["repos"]:
                assert {hook["id"] for hook in repository["hooks"]} <= known


class TestGitLab:
    """Each job of the guide, as a runner of GitLab runs it."""

    JOBS = tuple(block for block in blocks(GUIDE, "yaml") if "script:" in block)

    def ran(
        self, block: str, archive: Path, tmp_path: Path, **env: str
    ) -> tuple[subprocess.CompletedProcess[str], dict[str, Any]]:
        """What a job's script did, and its artifacts."""
        [job] = yaml.safe_load(block).values()
        script = "\n".join(job["script"]).replace("path/to/archive", "site")
        done = run(
            "bash", "-eo", "pipefail", "-c", script, cwd=archive,
            PATH=programs(tmp_path / "bin"), XDG_CACHE_HOME=str(tmp_path), **env,
        )  # fmt: skip
        assert job["artifacts"]["when"] == "always"
        return done, job["artifacts"]["reports"]

    @pytest.mark.parametrize("block", JOBS)
    def test_it_is_valid(self, tmp_path: Path, block: str) -> None:
        (tmp_path / ".gitlab-ci.yml").write_text(block)
        valid("gitlab-ci", tmp_path / ".gitlab-ci.yml")

    @pytest.mark.parametrize("block", JOBS)
    def test_its_artifacts_are_there_and_what_gitlab_reads(
        self, archive: Path, tmp_path: Path, block: str
    ) -> None:
        git(archive, "rm", "-q", f"site{REBUILT}")
        done, reports = self.ran(block, archive, tmp_path)
        assert done.returncode == 1
        for kind, name in reports.items():
            text = (archive / name).read_text("utf-8")
            if kind == "codequality":
                issues = json.loads(text)
                assert [error for i in issues for error in gitlab_validator().iter_errors(i)] == []
                assert "broken-related-link" in {issue["check_name"] for issue in issues}
            else:
                assert kind == "junit"
                assert "broken-related-link" in text
                assert list(junit_faults(text)) == []

    def test_what_a_merge_request_breaks(self, archive: Path, tmp_path: Path) -> None:
        [block] = [block for block in self.JOBS if "CI_MERGE_REQUEST" in block]
        base = git(archive, "rev-parse", "HEAD").strip()
        git(archive, "rm", "-q", f"site{REBUILT}")
        commit(archive)
        done, _ = self.ran(block, archive, tmp_path, CI_MERGE_REQUEST_DIFF_BASE_SHA=base)
        assert done.returncode == 1
        assert "Found 2 errors" in done.stdout
        done, reports = self.ran(block, archive, tmp_path, CI_MERGE_REQUEST_DIFF_BASE_SHA="HEAD")
        assert done.returncode == 0, done.stderr
        assert len(json.loads((archive / reports["codequality"]).read_text("utf-8"))) >= 2
