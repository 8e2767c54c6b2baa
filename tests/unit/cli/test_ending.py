"""What ends a command before its time: signals, streams that are full or gone, errors.

Nothing is simulated in the library: disks are full, readers go, signals are sent.
"""

import os
import shutil
import signal
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import click
import pytest

from newsarchive.cli import _ending
from tests.builders import PATH, contents, write_archive
from tests.faults import (
    FULL,
    NO_CACHE,
    ON_LINUX,
    Done,
    children,
    command,
    ended,
    hidden,
    is_alive,
    no_journal,
    ran,
    send,
    started,
    until,
)

pytestmark = ON_LINUX

MOVED = "/news/2016/03/2/fire.md"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_archive(tmp_path / "archive")


class TestSignals:
    @pytest.mark.parametrize(
        ("number", "status", "message"),
        [
            (signal.SIGINT, 130, "interrupted"),
            (signal.SIGTERM, 143, "ended by a signal"),
            (signal.SIGHUP, 129, "ended by a signal"),
        ],
    )
    @pytest.mark.parametrize("everyone", [True, False], ids=["all", "one"])
    def test_a_check_ends_with_its_processes(
        self, many: Path, number: signal.Signals, status: int, message: str, everyone: bool
    ) -> None:
        process = started(command("check", many, NO_CACHE, "--jobs", "2"))
        until(lambda: len(children(process.pid)) == 2)
        workers = children(process.pid)
        send(process, number, everyone=everyone)
        done = ended(process)
        assert (done.status, done.out) == (status, "")
        assert done.err.split("\n")[-2] == message
        assert not done.err.replace(message, "").strip()
        until(lambda: not any(map(is_alive, workers)))

    @pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
    def test_a_repair_ends_between_two_pages(
        self, faulty: tuple[Path, dict[str, bytes], dict[str, bytes]], number: signal.Signals
    ) -> None:
        root, old, new = faulty
        watched = root / min(path for path in new if not path.endswith("index.md"))[1:]
        before = watched.read_bytes()
        process = started(command("check", root, "--fix", NO_CACHE, "--jobs", "1"))
        until(lambda: watched.read_bytes() != before or process.poll() is not None)
        send(process, number, everyone=True)
        done = ended(process)
        found = contents(root)
        assert hidden(root) == []
        assert all(found[path] in (old[path], new[path]) for path in new)
        if done.status == 128 + number:
            assert done.out == ""
        else:
            assert found == new, "it was done before the signal came"
        assert ran(command("check", root, "--fix", NO_CACHE)).status == 0
        assert contents(root) == new

    # Each move in a copy of the archive and of the process, with the signal a step later, until the
    # move is at its end before the signal comes.
    SIGNALLED = """\
import os, shutil, signal, sys
import newsarchive.cli._mv, newsarchive.editing.moves, newsarchive.store.transaction
from newsarchive.cli import main
root, number = sys.argv[1], int(sys.argv[2])
statuses, step = [], 0

def armed(real):
    def call(*args, **more):
        global step
        step -= 1
        if not step:
            signal.raise_signal(number)
        return real(*args, **more)
    return call

while statuses[-1:] in ([], [128 + number]):
    copy = shutil.copytree(root, f"{root}-{len(statuses) + 1}")
    child = os.fork()
    if not child:
        step = len(statuses) + 1
        for name in ("replace", "unlink", "fsync", "chmod"):
            setattr(os, name, armed(getattr(os, name)))
        main(["mv", "/news/2016/03/2/the-pier-burns.md", "/news/2016/03/2/fire.md", "--root", copy])
    statuses.append(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
print(len(statuses), statuses[-1])
"""

    @pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
    def test_a_move_is_made_before_a_signal_takes_effect(
        self, root: Path, tmp_path: Path, number: signal.Signals
    ) -> None:
        ran(command("mv", PATH, MOVED, "--root", shutil.copytree(root, tmp_path / "whole")))
        after = contents(tmp_path / "whole")
        script = [sys.executable, "-W", "error", "-c", self.SIGNALLED]
        done = ran([*script, str(root), str(int(number))])
        assert done.status == 0, done.err
        moves, last = map(int, done.out.splitlines()[-1].split())
        assert moves > 1
        assert last == 0  # all before it ended by the signal
        for step in range(1, moves + 1):
            copy = Path(f"{root}-{step}")
            assert contents(copy) == after, step
            assert no_journal(copy)


class TestOutput:
    def test_a_full_disk(self, root: Path) -> None:
        lines: list[list[str]] = [["check", str(root), NO_CACHE], ["rules"], ["--help"]]
        for args in lines:
            with open("/dev/full", "wb") as full:
                done = _to(full, *args)
            assert done.status == 2, args
            assert done.err == f"Error: cannot go on: {FULL}\n"

    def test_a_reader_that_goes(self, many: Path) -> None:
        for more in ([], ["--diff"]):
            process = started(command("check", many, NO_CACHE, *more))
            assert process.stdout
            process.stdout.readline()
            process.stdout.close()
            process.stdout = None
            assert ended(process) == Done(141, "", "")

    def test_a_reader_that_was_never_there(self) -> None:
        ours, theirs = os.pipe()
        os.close(ours)
        process = started(command("--version"), stdout=theirs)
        os.close(theirs)
        assert ended(process) == Done(141, "", "")

    @pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-", "<&-", "<&- >&- 2>&-"])
    def test_closed_streams(self, faulty: tuple[Path, object, object], closed: str) -> None:
        root = faulty[0]
        line = '"$@" ' + closed
        args = command("check", root, "--fix", NO_CACHE)
        done = ran(["sh", "-c", line, "sh", *args])
        assert done.status == 0
        assert (">&-" in closed.replace("2>&-", "")) == (done.out == "")
        assert "NA108" not in ran(command("check", root, NO_CACHE)).out

    def test_a_full_disk_for_both_streams(self, root: Path) -> None:
        with open("/dev/full", "wb") as full:
            process = started(command("check", root, NO_CACHE), stdout=full, stderr=full)
            assert ended(process).status == 2


def _to(stream: object, *args: str | Path) -> Done:
    return ended(started(command(*args), stdout=stream))


class TestEnding:
    """What `_ending` makes of what a command raises."""

    @pytest.mark.parametrize(
        ("error", "status", "message"),
        [
            (MemoryError(), 2, "Error: out of memory\n"),
            (
                OSError(5, "Input/output error", "a\x1b.md"),
                2,
                "Error: a\\x1b.md: Input/output error\n",
            ),
            (OSError("odd"), 2, "Error: cannot go on: odd\n"),
            (
                FileNotFoundError(2, "No such file or directory"),
                2,
                "Error: the working folder is gone; go to another one\n",
            ),
            (KeyboardInterrupt(), 130, "interrupted\n"),
            (BrokenPipeError(32, "Broken pipe"), 141, ""),
        ],
    )
    def test_errors(
        self, capsys: pytest.CaptureFixture[str], error: BaseException, status: int, message: str
    ) -> None:
        def command() -> int:
            raise error

        assert _ending.ended(command) == status
        assert capsys.readouterr().err == message

    def test_a_working_folder_that_is_gone(self, root: Path, tmp_path: Path) -> None:
        gone = tmp_path / "gone"
        gone.mkdir()
        line = 'rmdir "$PWD"; exec "$@"'
        done = ran(["sh", "-c", line, "sh", *command("check", root)], cwd=gone)
        assert done == Done(2, "", "Error: the working folder is gone; go to another one\n")

    def test_a_bug_is_no_finding(self, capsys: pytest.CaptureFixture[str]) -> None:
        def command() -> int:
            return 1 // int("0")

        assert _ending.ended(command) == 2
        told = capsys.readouterr().err
        assert "ZeroDivisionError" in told
        assert told.splitlines()[-1].startswith("Error: this is a bug of newsarchive")

    @pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
    def test_signals(self, capsys: pytest.CaptureFixture[str], number: signal.Signals) -> None:
        def command() -> int:
            signal.raise_signal(number)
            return 0

        assert _ending.ended(command) == 128 + number
        assert capsys.readouterr().err == "ended by a signal\n"
        assert signal.getsignal(number) is signal.SIG_DFL

    def test_a_signal_that_is_ignored_stays_so(self) -> None:
        before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
        try:
            assert _ending.ended(lambda: signal.raise_signal(signal.SIGHUP)) == 0
        finally:
            signal.signal(signal.SIGHUP, before)

    def test_outside_the_main_thread_signals_are_left_alone(self) -> None:
        with ThreadPoolExecutor(1) as pool:
            assert pool.submit(_ending.ended, lambda: 7).result() == 7

    def test_streams_that_were_closed(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for name in ("stdin", "stdout", "stderr"):
            monkeypatch.setattr(sys, name, None)
        with monkeypatch.context():
            assert _ending.ended(_lost) == 0
            opened = [sys.stdin, sys.stdout, sys.stderr]
        for stream in opened:
            stream.close()

    def test_output_that_cannot_be_written(self, monkeypatch: pytest.MonkeyPatch) -> None:
        with open("/dev/full", "w") as full:
            monkeypatch.setattr(sys, "stdout", full)
            assert _ending.ended(_lost) == 2
        monkeypatch.undo()
        with open("/dev/full", "w") as full:
            monkeypatch.setattr(sys, "stderr", full)
            assert _ending.ended(_interrupt) == 130
            _ending._drop_output()


def _lost() -> None:
    click.echo("lost")


def _interrupt() -> int:
    raise KeyboardInterrupt
