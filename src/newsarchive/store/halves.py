"""Listing a large folder in two processes: where nothing changed, a run does little else.

The second is a copy of this one. It lists the later months and sends what it found; what it does
not send, because it was killed or found something odd, is listed here.
"""

from __future__ import annotations

import marshal
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext, suppress

from newsarchive.store.listing import Exclude, Folder, Listing, Scan
from newsarchive.store.local import LocalFolder
from newsarchive.store.store import Store, scan

_MONTHS = 24
"""How many months make a folder large: a copy takes the time that one or two take to list."""


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


def scan_in_halves(store: Store, *, stats: bool = True, exclude: Exclude | None = None) -> Scan:
    """As `scan`, with help where pages have states and are many files of the disk."""
    with _helped(store) if stats else nullcontext(store) as found:
        return scan(found, stats=stats, exclude=exclude)


@contextmanager
def _helped(store: Store) -> Iterator[Store]:
    if type(store) is not LocalFolder or not (hasattr(os, "fork") and is_alone()):
        yield store
        return
    known = {"/news": store.list_folder("/news", stats=True)}
    known |= {year: store.list_folder(year, stats=True) for year in known["/news"].below}
    months = [month for year in known["/news"].below for month in known[year].below]
    if len(months) < _MONTHS:
        yield store
        return
    helped = _Helped(store, known, months[len(months) // 2 :])
    try:
        yield helped
    finally:
        helped.end()


class _Helped(LocalFolder):
    """A folder of which another process lists some months.

    Args:
        store: the folder.
        known: what is listed already.
        theirs: the months that the other process lists.
    """

    def __init__(self, store: LocalFolder, known: dict[str, Folder], theirs: Sequence[str]) -> None:
        super().__init__(store.home, store.history)
        self._known = known
        self._theirs = frozenset(theirs)
        self._answer, sending = os.pipe()
        self._helper = os.fork()
        if self._helper == 0:
            _answer(store, theirs, sending)
        os.close(sending)

    def list_folder(self, folder: str, *, stats: bool = False) -> Folder:
        """As without help."""
        if folder in self._theirs and self._answer >= 0:
            self._known |= self._told()
        return self._known.pop(folder, None) or super().list_folder(folder, stats=stats)

    def _told(self) -> dict[str, Folder]:
        """What the other process found; nothing where it did not come to an end."""
        with os.fdopen(self._answer, "rb") as answer:
            self._answer = -1
            with suppress(EOFError, ValueError, TypeError):
                return {
                    folder: Folder(below, Listing(folder, names, states), others, [])
                    for folder, below, names, states, others in marshal.load(answer)
                }
        return {}

    def end(self) -> None:
        """Leave no process behind."""
        if self._answer >= 0:
            os.close(self._answer)
        with suppress(ProcessLookupError):
            os.kill(self._helper, signal.SIGKILL)
        os.waitpid(self._helper, 0)


def _answer(store: LocalFolder, months: Sequence[str], sending: int) -> None:
    """In the other process: list months, send what was found, and end."""
    try:
        found, pending = [], [*months]
        while pending:
            folder = store.list_folder(pending.pop(), stats=True)
            pending += folder.below
            if not (folder.troubles or folder.is_foreign or folder.links):
                listing = folder.listing
                columns = folder.below, listing.names, listing.stats, folder.others
                found.append((listing.folder, *columns))
        with os.fdopen(sending, "wb") as out:
            marshal.dump(found, out)
    finally:
        os._exit(0)  # whatever happened: what was not sent is listed over there
