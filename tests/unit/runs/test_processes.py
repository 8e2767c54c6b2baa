"""Processes that read pages: killed, refused, prepared."""

import io
import multiprocessing
import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import newsarchive as na
from newsarchive.runs import processes
from newsarchive.runs import workers as collect
from newsarchive.store.local import LocalFolder
from newsarchive.store.store import scan
from tests.builders import write_archive
from tests.faults import (
    NO_CACHE,
    ON_LINUX,
    Done,
    children,
    command,
    ended,
    is_alive,
    ran,
    started,
    until,
)
from tests.seams import processes_are_copies, small_tasks

pytestmark = ON_LINUX


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_archive(tmp_path / "archive")


def answered(common: int, task: int) -> int:
    """What a process is asked in these tests."""
    sys.stdout.write(f"{task}\n")
    sys.stdout.flush()
    if not task:
        raise na.PageNotFoundError("/0")
    return common * task


class TestKilledWorker:
    def test_the_run_goes_on_without_and_says_so(self, many: Path) -> None:
        whole = ran(command("check", many, NO_CACHE, "--jobs", "1"))
        process = started(command("check", many, NO_CACHE, "--jobs", "2"))
        until(lambda: len(children(process.pid)) == 2)
        os.kill(children(process.pid)[0], signal.SIGKILL)
        done = ended(process)
        assert (done.status, done.out) == (whole.status, whole.out)
        assert done.err == (
            "a process that read pages was killed (out of memory?); it went on without others\n"
        )

    def test_none_is_left_behind_by_a_run_that_was_killed_itself(self, many: Path) -> None:
        process = started(command("check", many, NO_CACHE, "--jobs", "2"))
        until(lambda: len(children(process.pid)) == 2)
        workers = children(process.pid)
        process.kill()
        ended(process)
        until(lambda: not any(map(is_alive, workers)))


class TestPool:
    """Reading in other processes, seen from inside."""

    @pytest.mark.parametrize("killed_after", [1, 4])
    def test_what_a_killed_process_leaves_is_read_here(
        self, root: Path, monkeypatch: pytest.MonkeyPatch, killed_after: int
    ) -> None:
        small_tasks(monkeypatch)
        processes_are_copies(monkeypatch)
        listed = scan(LocalFolder(root))
        job = collect.Job(LocalFolder(root), frozenset(), 1)
        work = [(listing, None) for listing in listed.folders * 20]

        def killing() -> Iterator[collect.Work]:
            for number, item in enumerate(work):
                if number == killed_after + 2:  # two are taken before any process starts
                    until(multiprocessing.active_children)
                    for child in multiprocessing.active_children():
                        child.kill()
                        child.join()
                yield item

        found = list(collect.collect(job, killing(), 2))
        whole = list(collect.collect(job, work, 1))
        assert [f._replace(notice="") for f in found] == whole
        [notice] = filter(None, (f.notice for f in found))
        assert "killed" in notice

    @pytest.mark.parametrize("threads", [1, 2])
    def test_more_than_the_machine_can_use_are_not_started(self, many: Path, threads: int) -> None:
        script = (
            "import sys, threading\nimport newsarchive as na\n"
            "if sys.argv[2] == '2':\n"
            "    threading.Thread(target=threading.Event().wait, daemon=True).start()\n"
            "print(na.check(sys.argv[1], jobs=10**20) == na.check(sys.argv[1]))\n"
        )
        done = ran([sys.executable, "-W", "error", "-c", script, str(many), str(threads)])
        assert done == Done(0, "True\n", "")

    @pytest.mark.parametrize("error", [NotImplementedError, OSError, ImportError])
    def test_a_system_without_semaphores(
        self, many: Path, monkeypatch: pytest.MonkeyPatch, error: type[Exception]
    ) -> None:
        def missing(*_: object, **__: object) -> None:
            raise error

        monkeypatch.setattr("concurrent.futures.ProcessPoolExecutor", missing)
        assert na.check(many, jobs=2) == na.check(many)

    def test_a_process_is_prepared(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """In a process of its own: what it does to signals and garbage would stay."""
        script = (
            "import gc, signal\nfrom newsarchive.runs import processes\n"
            "signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})\n"
            "processes._prepare()\n"
            "print(gc.isenabled(), signal.getsignal(signal.SIGINT).name,\n"
            "    signal.pthread_sigmask(signal.SIG_BLOCK, ()))\n"
        )
        done = ran([sys.executable, "-W", "error", "-c", script])
        assert done == Done(0, "False SIG_IGN set()\n", "")

    def test_a_new_process_answers_until_nobody_asks(self) -> None:
        """What it prints gets not between its answers, and errors of the library are answers."""
        asked = pickle.dumps(sys.path) + pickle.dumps((answered, 3))
        asked += b"".join(map(pickle.dumps, (2, 0, 5)))
        line = [sys.executable, "-W", "error", "-c", processes._BEGIN]
        done = subprocess.run(line, input=asked, capture_output=True, check=True, timeout=60)
        answers = io.BytesIO(done.stdout)
        first, error, last = (pickle.load(answers) for _ in range(3))
        assert (first, last, answers.read()) == (6, 15, b"")
        assert isinstance(error, na.PageNotFoundError)
        assert done.stderr.split() == [b"2", b"0", b"5"]

    def test_an_error_of_the_library_is_that_of_the_process(self) -> None:
        pool = processes._NewProcesses(1, answered, 3)
        try:
            assert pool.outcome(pool.submit(4)) == 12
            with pytest.raises(na.PageNotFoundError, match="/0"):
                pool.outcome(pool.submit(0))
        finally:
            pool.end()

    def test_a_process_without_a_parent_stays(self, monkeypatch: pytest.MonkeyPatch) -> None:
        ended: list[int] = []
        monkeypatch.setattr(os, "_exit", ended.append)
        processes._end_with_parent()
        assert ended == []
