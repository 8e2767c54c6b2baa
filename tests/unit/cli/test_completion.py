"""What people get who press the tabulator, in the shells themselves."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from newsarchive.cli._completion import KINDS, word_for
from newsarchive.cli._main import _COMMANDS, cli
from tests.builders import write_archive

pytestmark = pytest.mark.slow

pty = pytest.importorskip("pty")

_SHELLS = ("bash", "zsh", "fish")
_SECONDS = 60


def test_every_value_of_every_command_has_its_completion() -> None:
    """A new option says here how its value is completed, or that it is not."""
    context = click.Context(cli)
    for name in _COMMANDS:
        command = cli.get_command(context, name)
        assert command
        for parameter in command.params:
            is_flag = isinstance(parameter, click.Option) and parameter.is_flag
            if not is_flag and not isinstance(parameter.type, click.Choice):
                assert word_for(parameter) in KINDS, f"{name}: {parameter.opts}"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A working folder with an archive, a configuration, and the command on the path."""
    write_archive(tmp_path / "work/archive", small=True)
    (tmp_path / "work/settings.toml").write_text("")
    (tmp_path / "work/two words.md").write_text("")
    (tmp_path / "bin").mkdir()
    command = tmp_path / "bin/newsarchive"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m newsarchive "$@"\n')
    command.chmod(0o755)
    return tmp_path / "work"


def environment(folder: Path) -> dict[str, str]:
    """What a shell gets: the command, and nothing of the settings of whoever runs the tests."""
    home = str(folder.parent)
    return {
        **{name: value for name, value in os.environ.items() if name.startswith("COV")},
        "HOME": home, "ZDOTDIR": home, "XDG_CONFIG_HOME": home, "TERM": "dumb", "COLUMNS": "999",
        "PATH": f"{folder.parent / 'bin'}{os.pathsep}{os.environ['PATH']}", "LC_ALL": "C.UTF-8",
    }  # fmt: skip


class Terminal:
    """A shell on a terminal of its own, with the completion that the command prints for it."""

    def __init__(self, shell: str, folder: Path) -> None:
        program = shutil.which(shell)
        if not program:
            pytest.skip(f"{shell} is not installed")
        source = 'eval "$(newsarchive completion %s)"; PS1="ready> "\n'
        (folder.parent / ".bashrc").write_text(source % "bash")
        begin = "autoload -Uz compinit; compinit -u -D; bindkey -e; "
        begin += """told() { print -r -- $'\\n'"<$BUFFER>"; BUFFER=; zle accept-line; }\n"""
        begin += "zle -N told; bindkey '^T' told\n"
        (folder.parent / ".zshrc").write_text(begin + source % "zsh")
        self.shell = shell
        self.ours, theirs = pty.openpty()
        args = {
            "bash": ["--noprofile", "--rcfile", str(folder.parent / ".bashrc"), "-i"],
            "zsh": ["-i"],
        }
        self.process = subprocess.Popen(
            [program, *args[shell]], stdin=theirs, stdout=theirs, stderr=theirs,
            cwd=folder, env=environment(folder), start_new_session=True,
        )  # fmt: skip
        os.close(theirs)
        self._until("ready> ")

    def line(self, typed: str) -> str:
        """What a line has become once the tabulator was pressed."""
        # To bash's line's beginning: "echo", and a mark; to its end, and return.
        told = "\x01echo '<'\x05'>'\r" if self.shell == "bash" else "\x14"
        os.write(self.ours, f"{typed}\t{told}".encode())
        seen = self._until(r"(?m)^<.*>\r?$")
        line = re.findall(r"(?m)^<newsarchive (.*)>\r?$", seen)[-1]
        return str(line).replace("\\ ", " ")  # of bash's line the shell's own quoting is gone

    def _until(self, pattern: str) -> str:
        import select

        seen = ""
        while not re.search(pattern, seen):
            ready, _, _ = select.select([self.ours], [], [], _SECONDS)
            assert ready, f"waited for {pattern!r}, got:\n{seen}"
            seen += os.read(self.ours, 65536).decode()
        return seen

    def end(self) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self.ours)


@pytest.fixture
def bash(folder: Path) -> Iterator[Terminal]:
    terminal = Terminal("bash", folder)
    yield terminal
    terminal.end()


@pytest.fixture
def zsh(folder: Path) -> Iterator[Terminal]:
    terminal = Terminal("zsh", folder)
    yield terminal
    terminal.end()


_LINES = [
    ("che", "check "),
    ("check --no-plu", "check --no-plugins "),
    ("check arch", "check archive/"),
    ("check archive/ne", "check archive/news/"),
    ("show two", "show two words.md "),
    ("check --jobs arch", "check --jobs arch"),  # a number
    ("nosuch arch", "nosuch arch"),  # no command
    ("check --root a", "check --root archive/"),
    ("check --root s", "check --root s"),  # no folder
    ("check --config=set", "check --config=settings.toml "),
    ("check --output-format con", "check --output-format concise "),
    ("check --output-format=con", "check --output-format=concise "),
    ("check --output-file sar", "check --output-file sarif:"),
    ("check --output-file sarif:sett", "check --output-file sarif:settings.toml "),
    ("check --output-file=sarif:sett", "check --output-file=sarif:settings.toml "),
    ("explain NA10", "explain NA10"),
    ("explain na110", "explain NA110 "),
    ("explain hidden-l", "explain hidden-link "),
    ("check --select NA101,NA110", "check --select NA101,NA110 "),
    ("check --select=NA2,hidden-l", "check --select=NA2,hidden-link "),
    ("export --tables pages,rel", "export --tables pages,related "),
    ("mv archive/news/2016/03/2/the", "mv archive/news/2016/03/2/the-pier-burns.md "),
]


class TestBash:
    def test_completes(self, bash: Terminal) -> None:
        assert {typed: bash.line(f"newsarchive {typed}") for typed, _ in _LINES} == dict(_LINES)


class TestZsh:
    def test_completes(self, zsh: Terminal) -> None:
        assert {typed: zsh.line(f"newsarchive {typed}") for typed, _ in _LINES} == dict(_LINES)


class TestFish:
    def test_completes(self, folder: Path) -> None:
        program = shutil.which("fish")
        if not program:
            pytest.skip("fish is not installed")
        script = "newsarchive completion fish | source\n" + "".join(
            f"echo '>{typed}'\ncomplete -C 'newsarchive {typed}'\n" for typed, _ in _LINES
        )
        done = subprocess.run(
            [program, "--no-config", "-c", script],
            cwd=folder, env=environment(folder), capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.stderr == ""
        found = {}
        for part in done.stdout.split(">")[1:]:
            typed, *offered = part.splitlines()
            before = typed.rpartition(" ")[0]
            found[typed] = [f"{before} {line.partition(chr(9))[0]}".strip() for line in offered]
        assert found == {
            **{typed: [expected.rstrip()] for typed, expected in _LINES},
            **{typed: [] for typed, expected in _LINES if typed == expected != "explain NA10"},
            "explain NA10": [f"explain NA10{number}" for number in range(1, 10)],
        }
