"""Hooks, the action and the job for CI: checked by their schemas, and run by who runs them."""

import json
import os
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

from tests.builders import LATER, PATH, REBUILT, SMALL_ARCHIVE, write_archive
from tests.repositories import commit, git, needs_git

pytestmark = [
    pytest.mark.slow,
    needs_git,
    pytest.mark.skipif(os.name != "posix", reason="needs a shell"),
]

ROOT = Path(__file__).parents[1]
GUIDE = ROOT / "docs" / "how-to" / "use-in-ci.md"
NO_INDEX = ("No matching distribution", "Could not find a version", "ConnectionError")


def blocks(page: Path, language: str) -> list[str]:
    """The code blocks of a page that are of a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", page.read_text("utf-8"), re.M | re.S)


def run(*command: str, cwd: Path, **env: str) -> subprocess.CompletedProcess[str]:
    """A command's outcome; the test is skipped if it could not get packages."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("GIT_", "PYTHON"))}
    clean |= {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    done = subprocess.run(
        command, cwd=cwd, env=clean | env, capture_output=True, text=True, check=False, timeout=500
    )
    if done.returncode and any(words in done.stdout + done.stderr for words in NO_INDEX):
        pytest.skip("no package index can be reached")
    return done


def valid(schema: str, file: Path) -> None:
    """Check a file against a schema that check-jsonschema brings along."""
    pytest.importorskip("check_jsonschema")
    done = run(
        sys.executable, "-m", "check_jsonschema", "--builtin-schema", f"vendor.{schema}", str(file),
        cwd=ROOT,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """A checkout with an archive in `site`."""
    top = tmp_path / "top"
    top.mkdir()
    git(top, "init", "-q", "-b", "main")
    write_archive(top / "site", SMALL_ARCHIVE)
    commit(top)
    return top


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
        for start, end, found in (
            (first, "topic", ["NA201", "NA202"]),
            (first, "main", ["NA202", "NA202"]),
            ("main", "topic", ["NA201", "NA202"]),  # since they parted
            ("topic", "topic", []),
        ):
            refs = ("--from-ref", start, "--to-ref", end)
            for stage in ("pre-commit", "pre-push", "manual"):
                done = self.pre_commit(archive, home, "run", *refs, "--hook-stage", stage)
                times = 1 if stage == "pre-commit" else 2
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


def action() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
    return found


@pytest.fixture(scope="module")
def runner(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The temporary folder of a runner that has run the first step."""
    folder = tmp_path_factory.mktemp("runner")
    done = step(0, ROOT, folder)
    assert done.returncode == 0, done.stderr
    return folder


def step(
    number: int, cwd: Path, temporary: Path, **inputs: str
) -> subprocess.CompletedProcess[str]:
    """What a runner does for a step, with inputs or their defaults."""
    script = action()["runs"]["steps"][number]
    given = {name: value["default"] for name, value in action()["inputs"].items()}
    given["python"] = sys.executable
    given |= {name.replace("_", "-"): value for name, value in inputs.items()}
    env = {key: given[value[11:-3]] for key, value in script["env"].items()}
    env |= {"RUNNER_TEMP": str(temporary), "GITHUB_ACTION_PATH": str(ROOT)}
    for variable, name in (("GITHUB_OUTPUT", "outputs"), ("GITHUB_STEP_SUMMARY", "page.md")):
        (temporary / name).write_text("")  # a runner gives each step files of its own
        env[variable] = str(temporary / name)
    env |= {"GITHUB_ACTIONS": "true", "XDG_CACHE_HOME": str(temporary / "cache")}
    file = temporary / "step.sh"
    file.write_text(script["run"])
    assert script["shell"] == "bash"
    bash = ("bash", "--noprofile", "--norc", "-eo", "pipefail", str(file))
    return run(*bash, cwd=cwd, **env)


def outputs(temporary: Path) -> dict[str, str]:
    """What the step before told later ones."""
    lines = (temporary / "outputs").read_text("utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines)


class TestAction:
    def test_it_is_one(self) -> None:
        valid("github-actions", ROOT / "action.yml")

    def test_no_input_is_part_of_a_script(self) -> None:
        for step in action()["runs"]["steps"]:
            assert "${{" not in step["run"]
            assert "uses" not in step  # else pin it by its commit
            for value in step["env"].values():
                assert re.fullmatch(r"\$\{\{ inputs\.[a-z-]+ \}\}", value)

    def test_each_input_is_used_and_documented(self) -> None:
        used = {
            value[11:-3] for step in action()["runs"]["steps"] for value in step["env"].values()
        }
        assert used == set(action()["inputs"])
        assert all(given["description"] for given in action()["inputs"].values())
        page = GUIDE.read_text("utf-8")
        assert [name for name in used if f"`{name}`" not in page] == []

    def test_each_output_is_one_of_the_step_and_documented(self) -> None:
        page = GUIDE.read_text("utf-8")
        assert action()["runs"]["steps"][1]["id"] == "check"
        for name, output in action()["outputs"].items():
            assert output["description"]
            assert output["value"] == "${{ steps.check.outputs." + name + " }}"
            assert f"`{name}`" in page

    def test_a_sound_archive(self, runner: Path) -> None:
        done = step(1, ROOT, runner, path="examples/archive")
        assert (done.returncode, done.stderr) == (0, "")
        *told, last = done.stdout.splitlines()
        assert {line.partition(" ")[0] for line in told} == {"::notice"}
        assert last == "Found 21 info."
        assert outputs(runner)["errors"] == "0"
        assert "**Found 21 info.**" in (runner / "page.md").read_text("utf-8")

    def test_outputs_and_the_page_of_the_job(self, runner: Path) -> None:
        done = step(1, ROOT, runner, path="examples/faulty", args="--select NA2,NA3")
        assert done.returncode == 1
        told = outputs(runner)
        assert set(told) == set(action()["outputs"])
        report = json.loads(Path(told.pop("report")).read_text("utf-8"))
        found = report["summary"]["findings"]
        assert told == {
            "exit-status": "1",
            "findings": str(found["total"]),
            "errors": str(found["error"]),
            "warnings": str(found["warning"]),
        }
        page = (runner / "page.md").read_text("utf-8")
        assert page.count("\n- ") == found["total"] > 100
        assert "| safe | 6 | `--fix` |" in page  # what a health report tells, too

    def test_a_wrong_call_has_a_status_and_nothing_of_the_run_before(self, runner: Path) -> None:
        step(1, ROOT, runner, path="examples/faulty")
        assert step(1, ROOT, runner, path="examples/nowhere").returncode == 2
        assert outputs(runner) == {"exit-status": "2"}
        assert (runner / "page.md").read_text("utf-8") == ""

    def test_a_long_report_is_cut_to_what_github_shows(self, runner: Path, tmp_path: Path) -> None:
        folder = tmp_path / "news/2016/03/2"
        folder.mkdir(parents=True)
        lines = "".join(f"1. [{'a' * 500}](http//{n})\n" for n in range(2_500))
        (folder / "a.md").write_text(
            f"### [2016-03-2](/news/2016/03/2/index.md)\n\n# T \n\n\n\n\n### Source:\n\n{lines}"
        )
        step(1, tmp_path, runner, args="--select NA501")
        page = (runner / "page.md").read_text("utf-8")
        assert len(page) < 1_000_000 or page.endswith("GitHub shows no more.\n")
        assert len(page.encode()) < 1 << 20

    @pytest.mark.parametrize(
        "args",
        [
            "--select=NA201 --fail-on never",
            "--select 'NA201'\n--fail-on\nnever",
            '  "--select=NA201"   --fail-on=never  ',
        ],
    )
    def test_arguments_with_blanks_between_them(self, runner: Path, args: str) -> None:
        done = step(1, ROOT, runner, path="examples/faulty", args=args, output_format="concise")
        assert done.returncode == 0, done.stderr
        assert outputs(runner)["findings"] == "7"

    def test_an_argument_with_blanks_in_it(self, runner: Path, tmp_path: Path) -> None:
        (tmp_path / "my settings.toml").write_text('select = ["NA301"]\n')
        done = step(
            1, ROOT, runner, path="examples/faulty", args=f'--config "{tmp_path}/my settings.toml"'
        )
        assert outputs(runner)["findings"] == "1", done.stderr

    def test_a_quote_that_does_not_end_is_a_wrong_call(self, runner: Path) -> None:
        done = step(1, ROOT, runner, path="examples/faulty", args='--config "a b')
        assert done.returncode == 2
        assert done.stderr.startswith("args: ")

    def test_no_module_of_the_checkout_passes_for_one_of_python(
        self, archive: Path, runner: Path
    ) -> None:
        for name in ("json", "os", "shlex", "itertools", "pathlib", "newsarchive", "venv", "pip"):
            (archive / f"{name}.py").write_text("open('ran', 'w')\nraise SystemExit(0)\n")
        assert step(1, archive, runner, path="site").returncode == 0
        assert not (archive / "ran").exists()

    def test_a_faulty_one(self, runner: Path) -> None:
        done = step(1, ROOT, runner, path="examples/faulty")
        assert done.returncode == 1
        assert done.stdout.count("::error file=examples/faulty/") == 19
        assert "::error file=examples/faulty/news/2016/" in done.stdout

    def test_more_arguments_and_several_paths(self, runner: Path) -> None:
        done = step(
            1, ROOT, runner, path="examples/archive\nexamples/faulty\n",
            args="--select=NA201\n\n--fail-on\nnever\n", output_format="json",
        )  # fmt: skip
        assert done.returncode == 0
        assert '"NA201"' in done.stdout

    def test_what_a_change_broke(self, archive: Path, runner: Path) -> None:
        git(archive, "rm", "-q", f"site{REBUILT}")
        commit(archive)
        done = step(1, archive, runner, path="site", since="HEAD~1")
        assert done.returncode == 1
        assert done.stdout.count("::error file=site/") == 2
        assert step(1, archive, runner, path="site", since="HEAD").returncode == 0

    def test_the_first_push_of_a_branch(self, archive: Path, runner: Path) -> None:
        """GitHub gives zeros for the commit before: everything is new."""
        assert step(1, archive, runner, path="site", since="0" * 40).returncode == 0
        git(archive, "rm", "-q", f"site{REBUILT}")
        commit(archive)
        done = step(1, archive, runner, path="site", since="0" * 40)
        assert done.returncode == 1
        assert done.stdout.count("::error file=site/") == 2
        assert outputs(runner)["errors"] == "2"

    @pytest.mark.parametrize("name", ["path", "since", "args", "output_format"])
    @pytest.mark.parametrize(
        "value", ["$(touch ran)", "`touch ran`", "; touch ran #", '"; touch ran']
    )
    def test_inputs_are_no_scripts(
        self, archive: Path, runner: Path, name: str, value: str
    ) -> None:
        done = step(1, archive, runner, **({"path": "site"} | {name: value}))
        assert done.returncode == 2
        assert list(archive.rglob("ran")) == []


class TestExamples:
    def test_workflows_are_valid(self, tmp_path: Path) -> None:
        shown = [block for block in blocks(GUIDE, "yaml") if "runs-on:" in block]
        assert shown
        for number, block in enumerate(shown):
            file = tmp_path / f"{number}.yml"
            file.write_text(block)
            valid("github-workflows", file)
            for used in re.findall(r"uses: (\S+)", block):
                assert re.search(r"@([0-9a-f]{40}|v0\.1\.0)$", used), "pin it"

    def job(self) -> str:
        [block] = [block for block in blocks(GUIDE, "yaml") if "CI_MERGE_REQUEST" in block]
        return block

    def test_the_gitlab_job_is_valid(self, tmp_path: Path) -> None:
        (tmp_path / ".gitlab-ci.yml").write_text(self.job())
        valid("gitlab-ci", tmp_path / ".gitlab-ci.yml")

    def test_the_gitlab_job_runs(self, archive: Path, tmp_path: Path) -> None:
        [job] = [j for j in yaml.safe_load(self.job()).values() if "script" in j]
        base = git(archive, "rev-parse", "HEAD").strip()
        git(archive, "rm", "-q", f"site{REBUILT}")
        commit(archive)
        (tmp_path / "bin").mkdir()
        # pip has done its part here: the job finds the newsarchive of this checkout.
        for name, line in (
            ("pip", "exit 0"),
            ("newsarchive", f'exec env PYTHONPATH="{ROOT / "src"}" "{sys.executable}" '
                            '-m newsarchive "$@"'),
        ):  # fmt: skip
            (tmp_path / "bin" / name).write_text(f"#!/bin/sh\n{line}\n")
            (tmp_path / "bin" / name).chmod(0o755)
        script = "\n".join(job["script"]).replace("path/to/archive", "site")
        env = {"PATH": f"{tmp_path / 'bin'}:{os.environ['PATH']}", "XDG_CACHE_HOME": str(tmp_path)}
        bash = ("bash", "-eo", "pipefail", "-c", script)
        done = run(*bash, cwd=archive, CI_MERGE_REQUEST_DIFF_BASE_SHA=base, **env)
        assert done.returncode == 1
        assert "Found 2 errors" in done.stdout
        done = run(*bash, cwd=archive, CI_MERGE_REQUEST_DIFF_BASE_SHA="HEAD", **env)
        assert done.returncode == 0, done.stderr
