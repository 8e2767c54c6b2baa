"""Calling a function by an executor of the caller: threads, processes, a cluster.

Whoever works there must give what this process would. So each task brings the conditions that hold
here, and is refused where others hold: another version, or other rules of other packages.
"""

from __future__ import annotations

import gc
import os
import pickle
import platform
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future
from contextlib import contextmanager
from functools import cache, lru_cache, partial
from hashlib import sha256
from importlib.resources import files
from typing import Any, NamedTuple

from newsarchive._version import __version__
from newsarchive.errors import ExecutorError
from newsarchive.rules import _plugins
from newsarchive.runs.dask import alone, is_deserted, spread, threads
from newsarchive.runs.options import cores

AHEAD = 256
"""How many tasks may be done or waiting whose outcomes nobody has taken yet."""

_MUCH = 100_000  # bytes that are not to be sent with every task
_GLANCE = 5.0  # seconds between looks at whether the others are still there
_PATIENCE = 30.0  # seconds without any of them


class Conditions(NamedTuple):
    """What must be alike where tasks are made and where they are done."""

    process: int  # the process that makes the tasks
    version: str
    code: str  # a digest of this library's source
    python: str  # Python's version, but for the last number, and the order of bytes
    rules: tuple[str, ...]  # the codes of other packages' rules, a line for each package

    @classmethod
    def here(cls) -> Conditions:
        """Those of this process."""
        found = _plugins.plugins()
        versions = dict(found.versions)
        packages: dict[str, list[str]] = {}
        for rule in found.rules:
            packages.setdefault(rule.package, []).append(rule.code)
        rules = tuple(
            f"{name} {versions.get(name, '')}: {', '.join(codes)}"
            for name, codes in sorted(packages.items())
        )
        python = f"{sys.version_info.major}.{sys.version_info.minor}, {sys.byteorder} endian"
        return cls(os.getpid(), __version__, _code(), python, rules)

    def against(self, there: Conditions) -> str:
        """What does not fit where tasks are done; empty where all fits."""
        if self.version != there.version:
            return f"it has newsarchive {there.version}, here is {self.version}"
        if self.code != there.code:
            return f"its newsarchive {there.version} has another source than the one here"
        if self.python != there.python:
            return f"it has Python {there.python}, here is {self.python}"
        if missing := [line for line in self.rules if line not in there.rules]:
            return f"it lacks rules of packages ({'; '.join(missing)})"
        return ""


@cache
def _code() -> str:
    """A digest of this library's source."""
    found, pending = sha256(), [files("newsarchive")]
    while pending:
        for file in sorted(pending.pop().iterdir(), key=lambda file: file.name):
            if file.is_dir():
                pending.append(file)
            elif file.name.endswith(".py"):
                found.update(file.name.encode() + b"\0" + file.read_bytes())
    return found.hexdigest()


def perform(
    conditions: Conditions, function: Callable[..., Any], common: bytes, task: bytes
) -> bytes:
    """Do a task, and return what comes of it as bytes: schedulers look at all else that they pass.

    Runs wherever the executor has it run.

    Raises:
        ExecutorError: other conditions hold here.
    """
    here = Conditions.here()
    if reason := conditions.against(here):
        raise ExecutorError(f"a worker on {platform.node()} is refused: {reason}")
    with _no_collector(elsewhere=here.process != conditions.process):
        return pickle.dumps(function(_loaded(common), pickle.loads(task)))


@lru_cache(maxsize=4)
def _loaded(common: bytes) -> Any:
    return pickle.loads(common)


@contextmanager
def _no_collector(*, elsewhere: bool) -> Iterator[None]:
    """No search for cycles of garbage meanwhile, in a process that is there for tasks.

    There are none, and it takes a sixth of the time.
    """
    pausing = elsewhere and gc.isenabled()
    if pausing:
        gc.disable()
    try:
        yield
    finally:
        if pausing:
            gc.enable()


class ExecutorPool:
    """A caller's executor, as `newsarchive.runs.processes` asks for tasks; it is not shut down."""

    def __init__(self, executor: Executor, function: Callable[..., Any], common: Any) -> None:
        self._executor = executor
        self._common = (Conditions.here(), function, self._spread(pickle.dumps(common)))
        submit: Callable[..., Future[Any]] = executor.submit
        self._submit = partial(submit, **alone(executor))
        self._futures: set[Future[Any]] = set()

    def _spread(self, common: bytes) -> Any:
        """What every task needs, or where it finds that."""
        return common if len(common) < _MUCH else spread(self._executor, common)

    def submit(self, task: Any) -> Future[Any] | None:
        """Have a task done; None where the executor is broken.

        Raises:
            ExecutorError: it takes no tasks.
        """
        try:
            future = self._submit(perform, *self._common, pickle.dumps(task))
        except BrokenExecutor:
            return None
        except (RuntimeError, OSError, CancelledError) as error:
            raise _lost(error) from error
        self._futures.add(future)
        return future

    def outcome(self, future: Future[Any]) -> Any:
        """What came of a task; None where a process pool broke.

        Raises:
            ExecutorError: the executor is lost, or a worker does not fit.
        """
        error = self._awaited(future)
        self._futures.discard(future)
        if isinstance(error, BrokenExecutor):
            return None
        if error is None:
            return pickle.loads(future.result())
        package = type(error).__module__.partition(".")[0]
        if isinstance(error, _OF_EXECUTORS) or package in ("distributed", "dask"):
            raise _lost(error) from error
        raise error

    def _awaited(self, future: Future[Any]) -> BaseException | None:
        """The error that a task ends with; None where it is done."""
        deserted = 0.0
        while True:
            started = time.monotonic()
            try:
                return future.exception(_GLANCE)
            except CancelledError as error:
                return error
            except TimeoutError:
                pass
            waited = time.monotonic() - started
            deserted = deserted + waited if is_deserted(self._executor) else 0.0
            if deserted >= _PATIENCE:
                raise ExecutorError("the executor is lost (no worker is left)")

    def end(self) -> None:
        """Leave the executor without our tasks."""
        for future in self._futures:
            future.cancel()


_OF_EXECUTORS = (CancelledError, OSError, ImportError, AttributeError)
"""What tasks do not raise: they were not done."""


def hands_of(executor: Executor) -> int:
    """How many tasks an executor does at a time; where it does not say so, as many as cores here.

    Raises:
        ExecutorError: the executor is lost.
    """
    if hands := getattr(executor, "_max_workers", 0):  # as pools of threads and processes have it
        return int(hands)
    return threads(executor) or cores()


def _lost(error: BaseException) -> ExecutorError:
    said = f"{type(error).__name__}: {' '.join(str(error).split())}".removesuffix(": ")
    if isinstance(error, ImportError | AttributeError):
        return ExecutorError(f"a worker cannot load newsarchive {__version__} ({said})")
    return ExecutorError(f"the executor is lost ({said})")
