"""The action and the workflows in the guide, run as runners of GitHub run them."""

import json
import re
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.builders import REBUILT
from tests.consumers import sarif_validator
from tests.repositories import commit, git, needs_git, needs_shell
from tests.runners import (
    GUIDE,
    ROOT,
    action,
    blocks,
    checkout,
    event,
    outputs,
    programs,
    run,
    step,
    valid,
)

pytestmark = [
    pytest.mark.slow,
    needs_git,
    needs_shell,
]


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    return checkout(tmp_path / "top")


@pytest.fixture(scope="module")
def runner(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The temporary folder of a runner that has run the first step."""
    folder = tmp_path_factory.mktemp("runner")
    done = step(0, ROOT, folder)
    assert done.returncode == 0, done.stderr
    return folder


class TestAction:
    def test_it_is_one(self) -> None:
        valid("github-actions", ROOT / "action.yml")

    def test_no_input_is_part_of_a_script(self) -> None:
        for part in action()["runs"]["steps"]:
            assert "${{" not in part["run"]
            assert "uses" not in part  # else pin it by its commit
            for value in part["env"].values():
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
        sarif = json.loads(Path(told.pop("sarif")).read_text("utf-8"))
        assert list(sarif_validator().iter_errors(sarif)) == []
        assert len(sarif["runs"][0]["results"]) == len(report["diagnostics"])
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
            "--select NA201 \\\n  --fail-on never\n",
            "--select NA201 \\ --fail-on never",  # the same, folded by YAML
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

    @pytest.mark.parametrize("name", ["pull_request", "merge_group", "push"])
    def test_what_an_event_starts_from(self, archive: Path, runner: Path, name: str) -> None:
        before, after = self.two_commits(archive)
        for start, found in ((before, 2), (after, 0)):
            told = event(name, start, after)
            done = step(1, archive, runner, event=told, path="site", since="event")
            assert done.returncode == int(bool(found)), done.stderr
            assert done.stdout.count("::error file=site/") == found

    @pytest.mark.parametrize("name", ["push_of_a_new_branch", "schedule"])
    def test_of_other_events_everything_is_reported(
        self, archive: Path, runner: Path, name: str
    ) -> None:
        told = event(name, *self.two_commits(archive))
        done = step(1, archive, runner, event=told, path="site", since="event")
        assert done.stdout.count("::error file=site/") == 2

    def two_commits(self, archive: Path) -> tuple[str, str]:
        """A commit, and the next one, which breaks two links."""
        before = git(archive, "rev-parse", "HEAD").strip()
        git(archive, "rm", "-q", f"site{REBUILT}")
        commit(archive)
        return before, git(archive, "rev-parse", "HEAD").strip()

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

    def test_code_scanning_is_not_told_what_a_baseline_knows(
        self, archive: Path, runner: Path
    ) -> None:
        self.two_commits(archive)
        step(1, archive, runner, path="site", args="--output-file jsonl:found.jsonl")
        run(
            sys.executable, "-m", "newsarchive", "baseline", "site", cwd=archive,
            PYTHONPATH=str(ROOT / "src"),
        )  # fmt: skip
        assert step(1, archive, runner, path="site").returncode == 0
        sarif = json.loads(Path(outputs(runner)["sarif"]).read_text("utf-8"))
        assert sarif["runs"][0]["results"] == []


class TestWorkflows:
    """Each workflow of the guide: read as GitHub reads it, and followed step by step."""

    WORKFLOWS = tuple(block for block in blocks(GUIDE, "yaml") if "runs-on:" in block)

    @pytest.mark.parametrize("block", WORKFLOWS)
    def test_it_is_valid_and_pins_what_it_uses(self, tmp_path: Path, block: str) -> None:
        (tmp_path / "workflow.yml").write_text(block)
        valid("github-workflows", tmp_path / "workflow.yml")
        for used in re.findall(r"uses: (\S+)", block):
            # GitHub's own action must keep step with its service.
            own = used.startswith("github/codeql-action/")
            assert own or re.search(r"@([0-9a-f]{40}|v0\.1\.0)$", used), "pin it"

    @pytest.mark.parametrize("block", WORKFLOWS)
    def test_it_does_what_it_says(self, archive: Path, runner: Path, block: str) -> None:
        before = git(archive, "rev-parse", "HEAD").strip()
        git(archive, "rm", "-q", f"site{REBUILT}")
        commit(archive)
        after = git(archive, "rev-parse", "HEAD").strip()
        workflow = yaml.safe_load(block)
        [job] = workflow["jobs"].values()
        for name in workflow[True]:  # "on", as YAML 1.1 reads it
            done, uploaded = self.follow(job, archive, runner, event(name, before, after))
            assert done.stdout.count("::error file=site/") == 2
            scanning = bool(uploaded)
            assert done.returncode == int(not scanning)
            assert scanning is ("security-events" in workflow["permissions"])
            for file in uploaded:
                log = json.loads(Path(file).read_text("utf-8"))
                assert list(sarif_validator().iter_errors(log)) == []
                assert len(log["runs"][0]["results"]) >= 2

    def follow(self, job: Any, archive: Path, runner: Path, told: Any) -> tuple[Any, list[str]]:
        """What the action's step of a job did, and which files were uploaded."""
        checked, uploaded, known = None, [], {}
        for one in job["steps"]:
            used, given = one["uses"].partition("@")[0], one.get("with", {})
            if used == "newsarchive/newsarchive":
                inputs = {**given, "path": given["path"].replace("path/to/archive", "site")}
                checked = step(1, archive, runner, event=told, **inputs)
                known[one.get("id")] = outputs(runner)
            elif used == "github/codeql-action/upload-sarif":
                [(where, name)] = re.findall(
                    r"^\$\{\{ steps\.(\w+)\.outputs\.(\w+) \}\}$", given["sarif_file"]
                )
                uploaded.append(known[where][name])
            else:
                assert used == "actions/checkout"
                assert given["fetch-depth"] == 0
        return checked, uploaded


class TestSteps:
    """Steps that pages show without their workflow: commands run, and what is kept is there."""

    SHOWN = tuple(
        block
        for page in (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")))
        for block in blocks(page, "yaml")
        if "- run:" in block
    )

    def test_there_are_some(self) -> None:
        assert len(self.SHOWN) >= 3

    @pytest.mark.parametrize("block", SHOWN)
    def test_their_commands_run(self, archive: Path, tmp_path: Path, block: str) -> None:
        shown = yaml.safe_load(block)
        steps = shown["steps"] if isinstance(shown, dict) else shown
        git(archive, "update-ref", "refs/remotes/origin/main", "HEAD")
        site, summary = archive / "site", tmp_path / "summary"
        for one in steps:
            if script := one.get("run"):
                done = run(
                    "bash", "-eo", "pipefail", "-c", script.replace("path/to/archive", "."),
                    cwd=site, PATH=programs(tmp_path / "bin"), XDG_CACHE_HOME=str(tmp_path),
                    GITHUB_STEP_SUMMARY=str(summary),
                )  # fmt: skip
                assert done.returncode == 0, done.stderr
                assert ("GITHUB_STEP_SUMMARY" in script) is summary.exists()
            elif "download" not in one["uses"]:
                given = one["with"]
                for name in (given.get("sarif_file") or given["path"]).split():
                    assert (site / name).stat().st_size > 0
