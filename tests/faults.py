"""Runs of the command, most as a process of its own, and a machine that fails it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import newsarchive as na
from newsarchive.store.listing import JOURNAL
from tests.builders import contents, day_index, event, write_archive

SECONDS = 30.0
"""How long anything may take before a test fails instead of waiting for ever."""

NO_CACHE = "--no-cache"
FULL = "No space left on device"

ON_LINUX = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="needs /proc and Linux's signals"),
]
"""The marks of tests that break a machine."""

# Root may read and write whatever the mode says, by two capabilities. Without them it is a user
# like others; the program that follows cannot get them back.
_OBEDIENT = """\
import ctypes, os, sys
if os.geteuid() == 0:
    for capability in (1, 2):  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
        if ctypes.CDLL(None, use_errno=True).prctl(24, capability):  # PR_CAPBSET_DROP
            sys.exit("capabilities cannot be dropped")
os.execv(sys.argv[1], sys.argv[1:])
"""
_LIMITED = """\
import os, resource, sys
for name in [name for name in os.environ if name.startswith("COVERAGE_")]:
    del os.environ[name]  # it could not write what it counted
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]),) * 2)
os.execv(sys.argv[2], sys.argv[2:])
"""


class Done(NamedTuple):
    """What a run left behind."""

    status: int
    out: str
    err: str


Run = Callable[..., Done]
"""What the fixture `run` gives: the command, run in the tests' own process."""


def command(*args: str | Path) -> list[str]:
    """The command line of a run, in which a warning would be an error."""
    return [sys.executable, "-W", "error", "-m", "newsarchive", *map(str, args)]


def obedient(line: list[str]) -> list[str]:
    """A command line whose process obeys the modes of files, root's too."""
    return [sys.executable, "-c", _OBEDIENT, *line]


def limited(line: list[str], size: int) -> list[str]:
    """A command line whose process can write no file beyond a size."""
    return [sys.executable, "-c", _LIMITED, str(size), *line]


def ran(line: list[str], **options: Any) -> Done:
    """Run a command line to its end; nothing that it says may look like a traceback."""
    done = subprocess.run(line, capture_output=True, check=False, timeout=SECONDS, **options)
    return _done(done.returncode, done.stdout, done.stderr)


def started(line: list[str], **options: Any) -> "subprocess.Popen[bytes]":
    """Start a command line in a session of its own."""
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options}
    return subprocess.Popen(line, start_new_session=True, **pipes)


def ended(process: "subprocess.Popen[bytes]") -> Done:
    """Wait for a process to end."""
    out, err = process.communicate(timeout=SECONDS)
    return _done(process.returncode, out or b"", err or b"")


def _done(status: int, out: bytes, err: bytes) -> Done:
    found = Done(status, out.decode(), err.decode())
    assert "Traceback" not in found.err, found.err
    return found


def until(true: Callable[[], object]) -> None:
    """Wait until something is so."""
    end = time.monotonic() + SECONDS
    while not true():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.0005)


def children(pid: int) -> list[int]:
    """The processes that a process started and that have not ended."""
    try:
        text = Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii")
    except OSError:
        return []
    return [int(word) for word in text.split() if is_alive(int(word))]


def is_alive(pid: int) -> bool:
    """Whether a process is there and has not ended."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text("ascii", "replace").rpartition(")")[2].split()
    except OSError:
        return False
    return state[0] not in "ZX"


def hidden(root: Path) -> list[str]:
    """The hidden files below a folder."""
    return [path for path in contents(root) if path.rpartition("/")[2].startswith(".")]


def days_of_pages(days: int, pages: int) -> tuple[dict[str, bytes], dict[str, bytes]]:
    """The pages of an archive as they are, each event with a fault, and as `--fix` makes them."""
    old: dict[str, bytes] = {}
    new: dict[str, bytes] = {}
    sources = [f"[Post](https://post.example.org/{n})" for n in range(3)]
    for number in range(1, days + 1):
        day, listed = f"2016-03-{number}", []
        for n in range(pages):
            title = f"Event {n} of day {number} takes place."
            path = f"/news/2016/03/{number}/{na.slugify(title)}.md"
            listed.append((title, path))
            new[path] = event(day, title, sources=sources).encode()
            old[path] = new[path].replace(b"\n3. ", b"\n9. ")
        before = f"/news/2016/03/{number - 1}/index.md" if number > 1 else None
        index = f"/news/2016/03/{number}/index.md"
        old[index] = new[index] = day_index(day, listed, before).encode()
    return old, new


def faulty_archive(root: Path, days: int, pages: int) -> Path:
    """An archive of `days_of_pages` as they are."""
    return write_archive(root, days_of_pages(days, pages)[0])


def or_skip(*line: str) -> None:
    """Run a command line that makes or mounts a disk; skip where that cannot be done."""
    try:
        done = subprocess.run(line, capture_output=True, check=False)
    except OSError as error:
        pytest.skip(f"no such disk here: {error}")
    if done.returncode:
        pytest.skip(f"no such disk here: {done.stderr.decode().strip()}")


@contextmanager
def mounted(folder: Path, *args: str) -> Iterator[Path]:
    """A folder of its own in which a file system is mounted; skips where it cannot be."""
    folder.mkdir()
    or_skip("mount", *args, str(folder))
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def small_disk(folder: Path, size: str = "2m") -> AbstractContextManager[Path]:
    """A file system of its own, which can be filled; skips where none can be mounted."""
    return mounted(folder, "-t", "tmpfs", "-o", f"size={size},mode=700", "tmpfs")


def fill(folder: Path) -> Path:
    """A file that takes all the room that is left on a disk."""
    filler = folder / "filler"
    with filler.open("wb", buffering=0) as out:
        for size in (65536, 4096, 1):
            try:
                while out.write(bytes(size)) == size:
                    pass
            except OSError:
                pass
    return filler


def no_journal(root: Path) -> bool:
    """Whether no change of an archive waits to be finished."""
    return not os.path.lexists(root / JOURNAL)


def send(process: "subprocess.Popen[bytes]", number: signal.Signals, *, everyone: bool) -> None:
    """Send a signal to a process, or as a terminal does to all of its session."""
    if everyone:
        os.killpg(process.pid, number)
    else:
        process.send_signal(number)
