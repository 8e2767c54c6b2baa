"""Reading an archive's files beside the server's own thread: all at first, later what changed."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping

from newsarchive.graph.live import PageOnDisk, entry_of
from newsarchive.page.parser import read
from newsarchive.store.atomic import read_bytes
from newsarchive.store.listing import Scan, Stat, scan, stats_of

_BATCH = 100
"""Pages that are handed over at a time: taking them up keeps the server busy for 1 ms."""


def load(
    root: str, known: Mapping[str, Stat], stop: threading.Event
) -> Iterator[Scan | list[PageOnDisk]]:
    """List an archive's folder and read the pages that are not known as they are.

    Args:
        root: the archive's folder.
        known: the states of the files that need not be read again.
        stop: set from outside to have it end early.

    Yields:
        The listing, then the pages in batches.
    """
    found = scan(root, stats=True)
    yield found
    batch: list[PageOnDisk] = []
    for listing in found.folders:
        for name, state in zip(listing.names, stats_of(listing), strict=True):
            path = f"{listing.folder}/{name}"
            if known.get(path) == state:
                continue
            try:
                entry = entry_of(read(read_bytes(root + path), path))
            except OSError:
                entry = None
            batch.append(PageOnDisk(path, state, entry))
            if len(batch) >= _BATCH:
                yield batch
                batch = []
            if stop.is_set():
                return
    yield batch
