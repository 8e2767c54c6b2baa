"""Named bytes: what a storage of an archive has to offer, and listing it.

A store knows files by archive paths and nothing of pages. Who brings another storage writes one
class with these methods; a run, an archive and the editor read through them alone. A store is
sent to other processes: it pickles to how it is opened, not to what is open.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from itertools import islice
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from newsarchive.errors import RefusedWriteError
from newsarchive.page.paths import INDEX_NAMES
from newsarchive.store.listing import Exclude, Folder, Listing, Scan, is_foreign, take_up

if TYPE_CHECKING:
    from newsarchive.store.transaction import FileChange


class Store(Protocol):
    """Files by archive path. ``str(store)`` names it to people."""

    @property
    def home(self) -> str:
        """The folder where a configuration and a baseline are looked for."""

    @property
    def history(self) -> str:
        """The folder whose git history tells where pages went; empty where there is none."""

    @property
    def has_states(self) -> bool:
        """Whether listings tell when a file changed, so that what was read of it can be kept."""

    def list_folder(self, folder: str, *, stats: bool = False) -> Folder:
        """What is in one folder; never raises, but says what is wrong in the folder's troubles.

        Args:
            folder: its archive path, empty for the root.
            stats: whether the pages' states are told.
        """

    def exists(self, path: str) -> bool:
        """Whether there is a file of exactly this archive path, byte for byte."""

    def read(self, path: str) -> bytes:
        """What a file holds.

        Raises:
            OSError: it cannot be read, is no regular file, or is larger than a page may be.
        """

    def read_many(self, paths: Iterable[str]) -> Iterator[tuple[str, bytes | OSError]]:
        """What files hold, in the order given, each as `read` tells it; errors come as values."""

    def label(self, path: str) -> str:
        """The name that findings give the file of an archive path."""

    def aliases(self, known: Scan | None = None) -> dict[str, list[str]]:
        """For each file that symbolic links lead to, their archive paths, in order.

        Args:
            known: a listing of the store, if there is one; it need not be listed again.
        """

    def is_alias(self, path: str) -> bool:
        """Whether an archive path is a symbolic link to a page that has a path of its own."""


@runtime_checkable
class DistantStore(Store, Protocol):
    """A store whose files take a while to come; it stays as it was when it was first listed."""

    def forget(self) -> None:
        """List anew what is asked for next."""

    def around(self) -> Iterator[Store]:
        """It, and the stores of the folders that it is in, up to what was opened."""

    def read_ahead(self, paths: Iterable[str]) -> None:
        """Have files at hand that will be read one by one, in place of those before."""

    def expect(self, listings: Iterable[Listing]) -> None:
        """Take up what another process has listed: what is read must be what was listed."""


_AHEAD = 512


def ahead(store: Store, paths: Iterable[str]) -> Iterator[str]:
    """The same paths, whose files are going to be read one by one; they are at hand by then."""
    if not isinstance(store, DistantStore):
        yield from paths
        return
    left = iter(paths)
    while some := list(islice(left, _AHEAD)):
        folders = dict.fromkeys(path.rpartition("/")[0] for path in some)
        # Rules ask for the indexes of a page's day.
        indexes = (f"{folder}/{name}" for folder in folders for name in INDEX_NAMES)
        store.read_ahead([*some, *indexes])
        yield from some


Replace = Callable[[str, bytes, bytes], None]
"""Gives the file of an archive path new bytes, where it holds the old ones; raises OSError."""


@runtime_checkable
class WritableStore(Store, Protocol):
    """A store that files can be changed in."""

    def commit(self, changes: Iterable[FileChange]) -> tuple[str, ...]:
        """Make changes, all or none; see `newsarchive.store.transaction.commit`."""

    def recover(self) -> tuple[str, ...]:
        """Finish a change that was interrupted; see `newsarchive.store.transaction.recover`."""

    def replacing(self, paths: Iterable[str]) -> AbstractContextManager[Replace]:
        """Have the store for oneself while single files are replaced, some of these.

        Raises:
            RefusedWriteError: an interrupted change waits, or somebody else changes files.
        """

    def require_inside(self, path: str) -> None:
        """Refuse a file that lies elsewhere by now, by way of a link.

        Raises:
            PermissionError: it lies outside.
        """


ONLY_FOLDERS = "cannot be written to; only a folder's files can"


def writable(store: Store) -> WritableStore:
    """A store that files can be changed in.

    Raises:
        RefusedWriteError: this one cannot be written to.
    """
    if isinstance(store, WritableStore):
        return store
    raise RefusedWriteError(str(store), ONLY_FOLDERS)


@runtime_checkable
class DividedStore(Store, Protocol):
    """A store that may hold archives side by side, as one for each edition: ``/news``, ``/zh``."""

    def below(self, folder: str) -> Store:
        """The files in one of its folders, as a store of the same kind."""


def folders_beside(store: Store, exclude: Exclude | None = None) -> tuple[str, ...]:
    """The folders of a store that are archives of their own, beside the one that it is.

    Such a folder lies directly in the archive's and holds ``news/`` with a year in it.
    """
    if not isinstance(store, DividedStore):
        return ()
    found = []
    for folder in store.list_folder("").below:
        if folder in ("/news", "/opinion") or (exclude and exclude(f"{folder}/")):
            continue
        names = (path.rpartition("/")[2] for path in store.list_folder(f"{folder}/news").below)
        has_years = any(len(name) == 4 and name.isdecimal() for name in names)
        if has_years and not is_foreign(store.list_folder(folder)):
            found.append(folder)
    return tuple(found)


def new_scan(store: Store, exclude: Exclude | None = None) -> Scan:
    """A scan of which nothing is known but what lies beside the archive."""
    beside = folders_beside(store, exclude)
    return Scan(exclude=exclude, beside=tuple(f"{folder}/" for folder in beside))


def scan(store: Store, *, stats: bool = False, exclude: Exclude | None = None) -> Scan:
    """List a store, with the pages' states where these are wanted."""
    found = new_scan(store, exclude)
    for _ in walk(store, found, stats=stats):
        pass
    return found


def walk(store: Store, found: Scan, *, stats: bool = False) -> Iterator[Listing]:
    """List a store step by step: each folder's pages, as soon as they are listed.

    The (new) scan is complete when the walk ends.
    """
    pending = [""]
    while pending:
        folder = take_up(found, store.list_folder(pending.pop(), stats=stats))
        pending.extend(reversed(folder.below))
        if folder.listing.names:
            yield folder.listing


class Glance:
    """A listing folder by folder: of those that are asked for, and those above them (`found`).

    It makes the check of one page cheap: most folders are never listed.
    """

    def __init__(self, store: Store, exclude: Exclude | None = None) -> None:
        self.found: Scan = Scan(exclude=exclude)
        self._store = store
        self._is_divided = False  # whether it was asked what lies beside
        self._below: dict[str, frozenset[str]] = {}

    def exists(self, path: str) -> bool:
        """Whether there is a file of this archive path."""
        self._look(path.rpartition("/")[0])
        return self.found.has(path)

    def _look(self, folder: str) -> None:
        """List a folder, if it is one."""
        if folder in self._below:
            return
        if folder and not folder.startswith("/news") and not self._is_divided:
            self._is_divided = True
            self.found.beside = new_scan(self._store, self.found.exclude).beside
        self._list(step := "")
        for name in folder.split("/")[1:]:
            above, step = step, f"{step}/{name}"
            if step not in self._below[above]:
                return
            self._list(step)

    def _list(self, folder: str) -> None:
        if folder not in self._below:
            listed = take_up(self.found, self._store.list_folder(folder))
            self._below[folder] = frozenset(listed.below)
