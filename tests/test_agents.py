"""What the guide tells agents: each command of its snippet is run."""

import json
import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from newsarchive.cli._main import cli
from tests.builders import PATH, REBUILT, SMALL_ARCHIVE, write_archive
from tests.repositories import commit, git, needs_git
from tests.runners import ROOT, blocks

pytestmark = [pytest.mark.slow, needs_git]

GUIDE = ROOT / "docs/how-to/work-with-agents.md"
[SNIPPET] = blocks(GUIDE, "markdown")
COMMANDS = re.findall(r"`newsarchive ([^`]+)`", SNIPPET)


@pytest.fixture
def archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An archive in git that an agent works in; a page went since the last commit."""
    git(tmp_path, "init", "-q")
    write_archive(tmp_path, SMALL_ARCHIVE)
    commit(tmp_path)
    (tmp_path / REBUILT[1:]).unlink()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(command: str) -> Result:
    """A command of the snippet, about a page that is there."""
    command = (
        command.replace("PAGE", PATH[1:]).replace("WORDS", "pier").replace("TITLE", "A new one.")
    )
    done = CliRunner().invoke(cli, shlex.split(command), standalone_mode=False)
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done


@pytest.mark.parametrize("command", [c for c in COMMANDS if c != "baseline"])
def test_each_command_runs(archive: Path, command: str) -> None:
    done = run(command)
    assert done.return_value in {0, 1}
    assert done.output


@pytest.mark.parametrize("command", [c for c in COMMANDS if "json" in c])
def test_what_is_for_programs_is_read_by_them(archive: Path, command: str) -> None:
    printed = run(command).stdout
    told = (
        json.loads(printed)
        if command.startswith("explain")
        else [json.loads(line) for line in printed.splitlines()]
    )
    codes = {one.get("code") for one in told}
    assert "NA201" in codes
    if command.startswith("check"):
        found = next(one for one in told if one.get("code") == "NA201")
        assert {"fix", "suggestions"} <= found.keys()


def test_what_is_shown_first_changes_nothing_and_the_rest_does(archive: Path) -> None:
    def pages() -> dict[str, bytes]:
        return {str(f): f.read_bytes() for f in archive.rglob("*.md")}

    before = pages()
    for command in COMMANDS:
        if "--diff" in command or command.startswith(("find", "links", "show", "check . --s")):
            run(command)
    assert pages() == before
    [renaming] = [c for c in COMMANDS if c.startswith("mv")]
    assert run(renaming.removesuffix(" --diff")).return_value == 0
    assert not (archive / PATH[1:]).exists()
    assert any(name.endswith("/a-new-one.md") for name in pages())


def test_the_work_is_done_when_the_check_ends_with_0(archive: Path) -> None:
    done = "check . --since HEAD"
    assert f"`newsarchive {done}` ends with 0" in SNIPPET
    assert run(done).return_value == 1
    git(archive, "checkout", "--", ".")
    assert run(done).return_value == 0
