"""Calling a function in other processes: copies of this one, or new ones where others run beside.

Neither leaves a trace in a program that has this library do something: no setting of
`multiprocessing` changes, and a script need not be written so that it can be imported.
"""

from __future__ import annotations

import gc
import os
import pickle
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias, TypeVar

from newsarchive.errors import NewsArchiveError
from newsarchive.store.atomic import release_signals, signals_held
from newsarchive.store.copies import is_alone

if TYPE_CHECKING:
    import subprocess
    from concurrent.futures import Executor, Future
# Imported where they are used: a run without other processes does not pay for them.

Common = TypeVar("Common")
Task = TypeVar("Task")
Result = TypeVar("Result")


Workers: TypeAlias = "int | Executor"
"""Who does tasks: so many processes of our own, or an executor of the caller's."""

MOST = 4 * (os.cpu_count() or 1)


class _Pool(Protocol):
    """Processes that do tasks; the outcome is None where the process was killed."""

    def submit(self, task: Any) -> Future[Any] | None: ...

    def outcome(self, future: Future[Any]) -> Any: ...

    def end(self) -> None: ...


def calls(
    function: Callable[[Common, Task], Result],
    common: Common,
    tasks: Iterable[Task],
    workers: Workers,
    *,
    ahead: int = sys.maxsize,
) -> Generator[tuple[Task, Result | None], None, None]:
    """Call a function of a module for each task, in other processes; the outcomes come in order.

    What all calls have in common is sent to each process once. The first tasks are done while the
    last are still to come; so many may be `ahead`, done or waiting, whose outcomes nobody has taken
    yet. There are no more than `MOST` processes, as others would only wait. An executor may do the
    tasks. However this ends, no other process goes on.

    Yields:
        Each task and its outcome; None where the process was killed.

    Raises:
        ExecutorError: the executor is lost, or who works there would give something else.
    """
    yield from _outcomes(_pool(workers, function, common), tasks, ahead)


def calls_of_copies(
    function: Callable[[Common, Task], Result], common: Common, tasks: Iterable[Task], workers: int
) -> Generator[tuple[Task, Result | None], None, None]:
    """Call a function as `calls` does, in copies of this process: they have `common` as it is.

    Yields:
        Each task and its outcome; None where no copy did it, as where there can be none.
    """
    pool = _forked(workers, function, common)
    if pool:
        yield from _outcomes(pool, tasks, sys.maxsize)
    else:
        yield from ((task, None) for task in tasks)


def _outcomes(
    pool: _Pool, tasks: Iterable[Task], ahead: int
) -> Generator[tuple[Task, Any], None, None]:
    waiting: deque[tuple[Task, Future[Any] | None]] = deque()
    try:
        for task in tasks:
            waiting.append((task, pool.submit(task)))
            if len(waiting) > ahead:
                first, future = waiting.popleft()
                yield first, pool.outcome(future) if future else None
        while waiting:
            task, future = waiting.popleft()
            yield task, pool.outcome(future) if future else None
    finally:
        pool.end()


def _pool(workers: Workers, function: Callable[..., Any], common: Any) -> _Pool:
    if not isinstance(workers, int):
        from newsarchive.runs.executors import ExecutorPool

        return ExecutorPool(workers, function, common)
    return _forked(workers, function, common) or _NewProcesses(min(workers, MOST), function, common)


def _forked(workers: int, function: Callable[..., Any], common: Any) -> _Pool | None:
    """Copies of this process; None where there can be none."""
    if not _may_fork():
        return None
    try:
        return _ForkedWorkers(min(workers, MOST), function, common)
    except (ImportError, NotImplementedError, OSError):
        return None  # a system without semaphores, as some that run functions for others are


def _may_fork() -> bool:
    """Whether a process may be a copy of this one, which it is in milliseconds."""
    return hasattr(os, "fork") and is_alone()


class _ForkedWorkers:
    """Processes that are copies of this one, with everything imported."""

    def __init__(self, processes: int, function: Callable[..., Any], common: Any) -> None:
        import multiprocessing
        from concurrent.futures import ProcessPoolExecutor
        from concurrent.futures.process import BrokenProcessPool

        self._broken = BrokenProcessPool
        self._pool = ProcessPoolExecutor(
            processes,
            mp_context=multiprocessing.get_context("fork"),
            initializer=_begin_copy,
            initargs=(function, common),
        )

    def submit(self, task: Any) -> Future[Any] | None:
        try:
            with signals_held():  # until a process that starts here can deal with them
                return self._pool.submit(_call, task)
        except self._broken:
            return None

    def outcome(self, future: Future[Any]) -> Any:
        try:
            return future.result()
        except self._broken:
            return None

    def end(self) -> None:
        self._pool.shutdown(cancel_futures=True)


_called: list[tuple[Callable[..., Any], Any]] = []
"""In a copy: what it calls, and with what."""


def _call(task: Any) -> Any:
    function, common = _called[-1]
    return function(common, task)


def _begin_copy(function: Callable[..., Any], common: Any) -> None:
    _called.append((function, common))
    _prepare()
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """Leave no process behind where the parent could not say goodbye."""
    from multiprocessing import parent_process

    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _prepare() -> None:
    """Prepare a process that is there for calls alone."""
    # Readings hold no cycles; looking for some takes a sixth of a worker's time, and touching
    # every object unshares the memory that a copy has from its parent.
    gc.freeze()
    gc.disable()
    # Ctrl-C reaches every process of a terminal: the parent ends the others, and says so once.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    if hasattr(signal, "SIGHUP"):  # pragma: no branch - other systems
        signal.signal(signal.SIGHUP, signal.SIG_DFL)
    release_signals()


_BEGIN = """
import pickle, sys
sys.path[:] = pickle.load(sys.stdin.buffer)
from newsarchive.runs.processes import serve
serve()
"""


class _NewProcesses:
    """Python processes started anew; each is asked by a thread of its own, over pipes."""

    def __init__(self, processes: int, function: Callable[..., Any], common: Any) -> None:
        from concurrent.futures import ThreadPoolExecutor

        self._threads = ThreadPoolExecutor(processes)
        self._begin = pickle.dumps(sys.path) + pickle.dumps((function, common))
        self._all: list[subprocess.Popen[bytes]] = []
        self._idle: SimpleQueue[subprocess.Popen[bytes]] = SimpleQueue()
        self._broken = False

    def submit(self, task: Any) -> Future[Any]:
        return self._threads.submit(self._ask, pickle.dumps(task))

    def outcome(self, future: Future[Any]) -> Any:
        found = future.result()
        if isinstance(found, NewsArchiveError):
            raise found
        return found

    def end(self) -> None:
        self._broken = True
        self._threads.shutdown(wait=False, cancel_futures=True)
        for process in self._all:
            process.kill()
        self._threads.shutdown()
        for process in self._all:
            process.kill()
            process.communicate()

    def _ask(self, task: bytes) -> Any:
        """What a process answers; None where one was killed, now or before."""
        if self._broken:
            return None
        try:
            process = self._idle_one()
            assert process.stdin
            assert process.stdout
            process.stdin.write(task)
            process.stdin.flush()
            answer = pickle.load(process.stdout)
        except (OSError, EOFError, pickle.UnpicklingError):
            self._broken = True
            return None
        self._idle.put(process)
        return answer

    def _idle_one(self) -> subprocess.Popen[bytes]:
        import subprocess
        from multiprocessing.spawn import get_executable  # a program may have named another

        try:
            return self._idle.get_nowait()
        except Empty:
            process = subprocess.Popen(
                [os.fsdecode(get_executable() or sys.executable), "-c", _BEGIN],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
            )
            self._all.append(process)
            assert process.stdin
            process.stdin.write(self._begin)
            return process


def serve() -> None:
    """Answer calls until there are no more: what a new process does."""
    # What rules of other packages print must not get between answers.
    with os.fdopen(os.dup(1), "wb") as answers:
        os.dup2(2, 1)
        function, common = pickle.load(sys.stdin.buffer)
        _prepare()
        while True:
            try:
                task = pickle.load(sys.stdin.buffer)
            except EOFError:  # the other side is done, or is no more
                return
            try:
                answer = function(common, task)
            except NewsArchiveError as error:
                answer = error
            pickle.dump(answer, answers)
            answers.flush()
