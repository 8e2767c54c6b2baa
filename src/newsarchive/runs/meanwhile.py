"""Finding something out in a copy of this process, while this one does something else."""

from __future__ import annotations

import os
import pickle
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TypeVar

from newsarchive.runs.options import cores
from newsarchive.store.halves import is_alone

Found = TypeVar("Found")


@contextmanager
def meanwhile(find: Callable[[], Found], jobs: int | None) -> Iterator[Callable[[], Found]]:
    """Begin to find something out; no other process is left at the end.

    Args:
        find: finds it; called in a copy of this process, or here, when it is asked for.
        jobs: how many processes there may be; None means one for each core.

    Yields:
        What gives the outcome, once.
    """
    several = (cores() if jobs is None else jobs) > 1
    if not (several and hasattr(os, "fork") and is_alone()):
        yield find
        return
    answer, sending = os.pipe()
    copy = os.fork()
    if copy == 0:
        os.close(answer)
        _answer(find, sending)
    os.close(sending)

    def outcome() -> Found:
        # Where the copy was killed or failed, it is found here, and what is wrong is told here.
        with suppress(EOFError, pickle.UnpicklingError), os.fdopen(os.dup(answer), "rb") as told:
            found: Found = pickle.load(told)
            return found
        return find()

    try:
        yield outcome
    finally:
        os.close(answer)
        with suppress(ProcessLookupError):
            os.kill(copy, signal.SIGTERM)
        os.waitpid(copy, 0)


def _answer(find: Callable[[], object], sending: int) -> None:
    """In the copy: find it, send it, and end, whatever happens."""
    try:
        # So that it leaves no half-written file.
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.default_int_handler)
        with os.fdopen(sending, "wb") as out:
            pickle.dump(find(), out)
    finally:
        os._exit(0)
