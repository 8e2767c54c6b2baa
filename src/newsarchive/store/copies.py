"""Finding something out in a copy of this process, while this one does something else."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import ModuleType
from typing import TypeVar

Found = TypeVar("Found")


def is_alone() -> bool:
    """Whether no other thread runs in this process, so that it may be copied.

    A lock that another thread holds stays locked in the copy. Threads of a client that is no Python
    are not counted, and its requests would wait for ever.
    """
    threading = sys.modules.get("threading")
    if threading is None:
        return True
    alone = threading.active_count() == 1 and "obstore" not in sys.modules
    return alone and threading.current_thread() is threading.main_thread()


@contextmanager
def meanwhile(
    find: Callable[[], Found], packing: ModuleType, *, several: bool = True
) -> Iterator[Callable[[], Found]]:
    """Begin to find something out; no other process is left at the end.

    It is found in a copy of this process, or, where there may not be `several`, here, when it is
    asked for. What packs it is `pickle`, or `marshal` for plain values.

    Yields:
        What gives the outcome, once.
    """
    if not (several and hasattr(os, "fork") and is_alone()):
        yield find
        return
    answer, sending = os.pipe()
    copy = os.fork()
    if copy == 0:
        os.close(answer)
        _answer(find, packing, sending)
    os.close(sending)

    def outcome() -> Found:
        # Where the copy was killed or failed, it is found here, and what is wrong is told here.
        with suppress(Exception), os.fdopen(os.dup(answer), "rb") as told:
            found: Found = packing.load(told)
            return found
        return find()

    try:
        yield outcome
    finally:
        os.close(answer)
        with suppress(ProcessLookupError):
            os.kill(copy, signal.SIGTERM)
        os.waitpid(copy, 0)


def _answer(find: Callable[[], object], packing: ModuleType, sending: int) -> None:
    """In the copy: find it, send it, and end, whatever happens."""
    ending = signal.SIGINT, signal.SIGTERM
    try:
        # So that it leaves no half-written file.
        for number in ending:
            signal.signal(number, signal.default_int_handler)
        with os.fdopen(sending, "wb") as out:
            packing.dump(find(), out)
    finally:
        while True:
            try:
                signal.pthread_sigmask(signal.SIG_BLOCK, ending)
                os._exit(0)
            except KeyboardInterrupt:  # it would go on in its caller's place
                continue
