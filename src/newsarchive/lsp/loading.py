"""Reading an archive's files beside the server's own thread: all at first, later what changed."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from sys import intern

from newsarchive.graph.page_summary import PageOnDisk, summary_of
from newsarchive.page.editions import EN, Edition
from newsarchive.page.parser import read
from newsarchive.store.listing import Exclude, Scan, Stat, stats_of
from newsarchive.store.store import Store, scan

_BATCH = 100
"""Pages that are handed over at a time: few, so that keys typed meanwhile do not wait."""


def load(
    store: Store,
    known: Mapping[str, Stat],
    stop: threading.Event,
    exclude: Exclude | None = None,
    edition: Edition = EN,
) -> Iterator[Scan | list[PageOnDisk]]:
    """List an archive's files and read the pages that are not known as they are.

    Args:
        store: the archive's files.
        known: the states of the files that need not be read again.
        stop: set from outside to have it end early.
        exclude: tells what of the files is not the archive's.
        edition: the archive's edition.

    Yields:
        The listing, then the pages in batches.
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
            if stop.is_set():
                return
    yield batch
