"""Listing a large folder in two processes: where nothing changed, a run does little else.

The second is a copy of this one. It lists the later months and sends what it found; where it found
something odd, or was killed, this one lists them, too.
"""

from __future__ import annotations

import marshal
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext

from newsarchive.store.copies import is_alone, meanwhile
from newsarchive.store.listing import Exclude, Folder, Listing, Scan
from newsarchive.store.local import LocalFolder
from newsarchive.store.store import Store, scan

Columns = tuple[str, list[str], list[str], bytes, list[str]]
"""A folder's path, folders, pages with their states, and other files, as they are sent."""

_MONTHS = 24
"""How many months make a folder large: a copy takes the time that one or two take to list."""


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
    theirs = months[len(months) // 2 :]
    with meanwhile(lambda: _listed(store, theirs), marshal) as told:
        yield _Helped(store, known, theirs, told)


class _Helped(LocalFolder):
    """A folder of which another process lists some months (`theirs`), and tells what it found."""

    def __init__(
        self,
        store: LocalFolder,
        known: dict[str, Folder],
        theirs: Sequence[str],
        told: Callable[[], list[Columns]],
    ) -> None:
        super().__init__(store.home, store.history)
        self._known, self._theirs, self._told = known, frozenset(theirs), told

    def list_folder(self, folder: str, *, stats: bool = False) -> Folder:
        """As without help."""
        if folder in self._theirs:
            self._theirs = frozenset()
            for path, below, names, states, others in self._told():
                self._known[path] = Folder(below, Listing(path, names, states), others, [])
        return self._known.pop(folder, None) or super().list_folder(folder, stats=stats)


def _listed(store: LocalFolder, months: Sequence[str]) -> list[Columns]:
    """What is in months and below, but for folders with anything odd."""
    found, pending = [], [*months]
    while pending:
        folder = store.list_folder(pending.pop(), stats=True)
        pending += folder.below
        if not (folder.troubles or folder.is_foreign or folder.links):
            path, names, states = folder.listing
            found.append((path, folder.below, names, states, folder.others))
    return found
