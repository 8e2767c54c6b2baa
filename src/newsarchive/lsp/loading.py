"""Reading an archive's files beside the server's own thread: all at first, later what changed."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from sys import intern

from newsarchive.graph.page_summary import PageOnDisk, summary_of
from newsarchive.page.editions import EN, Edition
from newsarchive.page.parser import read
from newsarchive.store.listing import Exclude, Scan, Stat, stats_of
from newsarchive.store.store import Store, scan

_BATCH = 100
"""Pages that are handed over at a time: few, so that keys typed meanwhile do not wait."""


class LookAtFiles:
    """One reading of an archive's files.

    Attributes:
        changes: how often files had changed when what `scan` says was so.
        is_watched: whether an editor told of files that changed, all the while.
        scan: the listing, with the pages' states, until it is taken; None where it may be outdated.
        listed: set when it is known which files there are, or it is known that this fails.
        done: set when all is read.
    """

    def __init__(self, stop: threading.Event, changes: int, excluded: Sequence[str]) -> None:
        self.changes = changes
        self.is_watched = False
        self.scan: Scan | None = None
        self.listed: asyncio.Event = asyncio.Event()
        self.done: asyncio.Event = asyncio.Event()
        self._stop, self._excluded = stop, excluded
        self._may_go_on = threading.Event()  # not before the listing is taken up

    def take_scan(self, changes: int, excluded: Sequence[str]) -> Scan | None:
        """The listing, once, if it would be the same after so many changes, with those patterns."""
        found, self.scan = self.scan, None
        return found if (self.changes, self._excluded) == (changes, excluded) else None

    @contextmanager
    def at_rest(self) -> Iterator[None]:
        """Have it wait: two threads at once take longer than one after the other."""
        self._may_go_on.clear()
        try:
            yield
        finally:
            self.go_on()

    def go_on(self) -> None:
        """Have it go on."""
        self._may_go_on.set()

    def goes_on(self) -> bool:
        """Wait while it is to rest. Returns whether it is to go on then."""
        self._may_go_on.wait()
        return not self._stop.is_set()


def load(
    store: Store,
    known: Mapping[str, Stat],
    goes_on: Callable[[], bool],
    exclude: Exclude | None = None,
    edition: Edition = EN,
) -> Iterator[Scan | list[PageOnDisk]]:
    """List an archive's files, and read the pages that are not `known` as they are.

    Yields the listing, then the pages in batches; ends early where `goes_on` says so.
    """
    found = scan(store, stats=True, exclude=exclude)
    yield found
    batch: list[PageOnDisk] = []
    for listing in found.folders:
        # The same strings as those of the links that lead there: they take half of the memory.
        paths = [intern(f"{listing.folder}/{name}") for name in listing.names]
        states = dict(zip(paths, stats_of(listing), strict=True))
        changed = (path for path in paths if known.get(path) != states[path])
        for path, data in store.read_many(changed):
            entry = summary_of(read(data, path, edition)) if isinstance(data, bytes) else None
            batch.append(PageOnDisk(path, states[path], entry))
            if len(batch) >= _BATCH:
                yield batch
                batch = []
            if not goes_on():
                return
    yield batch
