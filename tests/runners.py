"""What runs the project elsewhere: runners of GitHub and GitLab, as far as tests need them."""

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.builders import DATA, SMALL_ARCHIVE, write_archive
from tests.repositories import commit, git

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


def checkout(folder: Path) -> Path:
    """A checkout with an archive in `site`."""
    folder.mkdir()
    git(folder, "init", "-q", "-b", "main")
    write_archive(folder / "site", SMALL_ARCHIVE)
    commit(folder)
    return folder


def action() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
    return found


def step(
    number: int, cwd: Path, temporary: Path, event: Any = None, **inputs: str
) -> subprocess.CompletedProcess[str]:
    """What a runner does for a step, with inputs or their defaults.

    Args:
        number: which of the action's steps.
        cwd: the checkout.
        temporary: the runner's temporary folder.
        event: what the workflow runs for, as `event` gives it.
        inputs: what the workflow gives.
    """
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
    (temporary / "event.json").write_text(json.dumps(event or {}))
    env["GITHUB_EVENT_PATH"] = str(temporary / "event.json")
    file = temporary / "step.sh"
    file.write_text(script["run"])
    assert script["shell"] == "bash"
    bash = ("bash", "--noprofile", "--norc", "-eo", "pipefail", str(file))
    return run(*bash, cwd=cwd, **env)


def event(name: str, before: str, after: str) -> Any:
    """What GitHub tells a workflow of an event, from one commit to another."""
    text = (DATA / "events" / f"{name}.json").read_text("utf-8")
    return json.loads(text.replace("BEFORE", before).replace("AFTER", after))


def outputs(temporary: Path) -> dict[str, str]:
    """What the step before told later ones."""
    lines = (temporary / "outputs").read_text("utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines)


def programs(folder: Path) -> str:
    """A search path where pip has done its part: `newsarchive` is that of this checkout."""
    folder.mkdir(exist_ok=True)
    command = (sys.executable, "-m", "newsarchive")
    source = shlex.quote(str(ROOT / "src"))
    lines = {
        "pip": "exit 0",
        "pipx": 'while [ "$1" != newsarchive ]; do shift; done; exec "$@"',
        "newsarchive": f'exec env PYTHONPATH={source} {shlex.join(command)} "$@"',
    }
    for name, line in lines.items():
        (folder / name).write_text(f"#!/bin/sh\n{line}\n")
        (folder / name).chmod(0o755)
    return f"{folder}:{os.environ['PATH']}"
