"""Wall time and peak memory of commands that take turns."""

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

_PAUSE = 0.005  # between two looks at a process tree, in seconds
_PROC = Path("/proc")


def nothing() -> None:
    """Do nothing: what most commands need before and after them."""


@dataclass(frozen=True)
class Contender:
    """A command that takes part.

    Attributes:
        name: what tables call it.
        command: the program and its arguments.
        statuses: the exit statuses of a run that did its work; None where any will do.
        before, after: what is done around each run, untimed.
    """

    name: str
    command: tuple[str, ...]
    statuses: tuple[int, ...] | None = (0, 1)
    before: Callable[[], None] = nothing
    after: Callable[[], None] = nothing


@dataclass
class Sample:
    """What was measured of one contender.

    Attributes:
        times: wall times in seconds, one a round.
        peak: the sum over all its processes of each one's peak resident memory, in bytes.
    """

    times: list[float] = field(default_factory=list)
    peak: int = 0

    @property
    def median(self) -> float:
        """The median wall time in seconds."""
        return statistics.median(self.times)

    def against(self, peer: "Sample") -> float:
        """The median, over the rounds, of this time through the peer's of the same round."""
        return statistics.median(
            own / other for own, other in zip(self.times, peer.times, strict=True)
        )


def in_turn(contenders: Iterable[Contender], runs: int, folder: Path) -> dict[str, Sample]:
    """Run commands A B C A B C ..., after one round of warm-up.

    Memory is measured in one more round, because looking at a process tree costs time.

    Args:
        contenders: the commands.
        runs: how many rounds are timed.
        folder: where they run; no tool should find a configuration there.

    Returns:
        The sample of each contender, by name.

    Raises:
        RuntimeError: a command failed: a status that its contender does not allow, or a traceback.
    """
    contenders = list(contenders)
    samples = {contender.name: Sample() for contender in contenders}
    for turn in range(-1, runs):
        for contender in contenders:
            seconds = _timed(contender, folder)
            if turn >= 0:
                samples[contender.name].times.append(seconds)
        print(f"  round {turn + 1} of {runs}", file=sys.stderr)
    for contender in contenders:
        samples[contender.name].peak = _weighed(contender, folder)
    return samples


def _timed(contender: Contender, folder: Path) -> float:
    with _running(contender, folder) as run:
        start = time.perf_counter()
        status = run.start().wait()
        seconds = time.perf_counter() - start
        run.demand(status)
    return seconds


def _weighed(contender: Contender, folder: Path) -> int:
    with _running(contender, folder) as run:
        status, peak = _watched(run.start())
        run.demand(status)
    return peak


@dataclass(frozen=True)
class _Run:
    contender: Contender
    folder: Path
    errors: IO[bytes]

    def start(self) -> subprocess.Popen[bytes]:
        # An installed package has its bytecode, whatever is wanted of a checkout.
        env = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
        return subprocess.Popen(
            self.contender.command,
            env=env,
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=self.errors,
        )

    def demand(self, status: int) -> None:
        """Raise unless the run did its work: a Python that crashes ends in 1, as findings do."""
        statuses = self.contender.statuses
        if statuses is None:
            return
        self.errors.seek(0)
        said = self.errors.read().decode(errors="replace")
        if status not in statuses or "Traceback" in said:
            raise RuntimeError(f"{self.contender.name}: exit status {status}: {said[-400:]}")


@contextmanager
def _running(contender: Contender, folder: Path) -> Iterator[_Run]:
    """What is done around a run, and a file for what it says on standard error."""
    contender.before()
    try:
        with tempfile.TemporaryFile() as errors:
            yield _Run(contender, folder, errors)
    finally:
        contender.after()


def _watched(process: subprocess.Popen[bytes]) -> tuple[int, int]:
    """Wait for a process; its exit status and the sum of peaks over its tree, in bytes."""
    peaks: dict[int, int] = {}
    while True:
        pid, status, usage = os.wait4(process.pid, os.WNOHANG)
        if pid:
            break
        for member in _tree(process.pid):
            peaks[member] = max(peaks.get(member, 0), _high_water(member))
        time.sleep(_PAUSE)
    process.returncode = os.waitstatus_to_exitcode(status)
    # The kernel's own figure misses nothing, but starts at the peak of the process that forked:
    # it says something only where it is greater.
    if usage.ru_maxrss > resource.getrusage(resource.RUSAGE_SELF).ru_maxrss:
        unit = 1 if sys.platform == "darwin" else 1024
        peaks[process.pid] = max(peaks.get(process.pid, 0), usage.ru_maxrss * unit)
    return process.returncode, sum(peaks.values())


def _tree(root: int) -> list[int]:
    """A process and all below it; the process alone where there is no /proc."""
    children: dict[int, list[int]] = {}
    for entry in _PROC.glob("[0-9]*/stat"):
        try:
            # "pid (name) state ppid ...": a name may hold anything, parentheses and blanks too.
            parent = int(entry.read_text(errors="replace").rpartition(")")[2].split()[1])
        except OSError:  # it has just ended
            continue
        children.setdefault(parent, []).append(int(entry.parent.name))
    found = [root]
    for member in found:
        found.extend(children.get(member, ()))
    return found


def _high_water(pid: int) -> int:
    """The peak resident memory of a process so far, in bytes; 0 where it cannot be asked."""
    try:
        status = (_PROC / str(pid) / "status").read_text(errors="replace")
    except OSError:
        return 0
    for line in status.splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    return 0
