"""What a listing of an archive's files tells: plain values."""

from __future__ import annotations

import errno
import os
import time
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum
from functools import cached_property
from itertools import chain, pairwise

from xxhash import xxh3_64_intdigest, xxh3_128_digest

from newsarchive.page.lazy_dataclasses import dataclass, field
from newsarchive.page.lazy_tuples import NamedTuple
from newsarchive.page.paths import INDEX_NAMES, DayNumbers, day_of

JOURNAL = ".newsarchive-journal"
"""The file in an archive's root that says how an interrupted change is to be finished."""

UNFINISHED = "an interrupted mv or rm waits to be finished; run 'newsarchive recover'"

NOT_UTF8 = "the file's name is not UTF-8"


_PACKAGES = "/node_modules"
"""The folder where JavaScript's programs keep packages: they bring many a README.md."""

_ENVIRONMENT = "pyvenv.cfg"
"""The file by which Python knows the folder of a virtual environment."""

Exclude = Callable[[str], bool]
"""Whether a file, or a folder (with a slash at its end), is none of the archive's."""

STAT_FIELDS = 4

Stat = tuple[int, ...]
"""Size, mtime and ctime in nanoseconds, and inode of a file."""

LATEST = (1 << 63) - 1
UNSETTLED: Stat = (-1, LATEST, LATEST, -1)
"""The state of a file that may be another at any time: it is never kept."""


class Listing(NamedTuple):
    """The pages of one folder, as they were listed.

    Attributes:
        folder: the folder's archive path, empty for the root.
        names: the pages' file names, in order.
        stats: their `Stat`s as 8-byte integers, joined; empty where they were not asked for.
    """

    folder: str
    names: list[str]
    stats: bytes = b""


def stats_of(listing: Listing) -> list[Stat]:
    """The states of a listing's files, as many as names; empty ones where they are not known."""
    if not listing.stats:
        return [()] * len(listing.names)
    numbers = array("q", listing.stats).tolist()
    return list(zip(*(numbers[i::STAT_FIELDS] for i in range(STAT_FIELDS)), strict=True))


class TroubleKind(StrEnum):
    """What keeps a name from being checked."""

    UNREADABLE = "unreadable"
    UNUSABLE_NAME = "unusable-name"
    NOT_FOLLOWED = "not-followed"
    UNFINISHED = "unfinished"
    """A change of the archive was interrupted: this is about all pages."""


class Trouble(NamedTuple):
    """A name that cannot be checked: what keeps it from that, archive path, message."""

    kind: TroubleKind
    path: str
    message: str


class Folder(NamedTuple):
    """What one folder holds.

    Attributes:
        below: the archive paths of the folders directly in it, in order.
        listing: its pages (``*.md``).
        others: the archive paths of its files that are no pages.
        troubles: names that cannot be pages, and folders that are not entered.
        is_foreign: whether another program keeps the folder, as git keeps its working trees.
        links: the archive paths of the symbolic links in it, wherever they lead.
    """

    below: list[str]
    listing: Listing
    others: list[str]
    troubles: list[Trouble]
    is_foreign: bool = False
    links: tuple[str, ...] = ()


def marks_of(names: str, stats: bytes) -> tuple[int, int]:
    """Digests of the names of a folder's pages, NUL between them; and of these and their states.

    Nobody chooses the states of files, so that digests will do which can be forged.
    """
    named = xxh3_64_intdigest(names.encode())
    return named, xxh3_64_intdigest(stats, named)


@dataclass
class Scan:
    """What a store holds.

    Paths are made of the names in `folders` when they are asked for: most runs need few of them.

    Attributes:
        folders: the folders that hold pages (``*.md``), in order, with their pages' names.
        others: the archive paths of the files that are no pages.
        troubles: names that cannot be pages, or folders that were not entered.
        started: when listing began, in nanoseconds since 1970.
        exclude: tells what is not the archive's, though it lies in its folder.
        excluded: the archive paths of the folders and files that were left out for that.
        beside: the archive paths of folders that are archives of their own, with a slash at the
            end: their files are there, but no pages of this one.
        links: the archive paths of the symbolic links that were met, wherever they lead.
    """

    folders: list[Listing] = field(default_factory=list)
    others: set[str] = field(default_factory=set)
    troubles: list[Trouble] = field(default_factory=list)
    started: int = field(default_factory=time.time_ns)
    exclude: Callable[[str], bool] | None = None
    excluded: list[str] = field(default_factory=list)
    beside: tuple[str, ...] = ()
    links: list[str] = field(default_factory=list)
    _pages: list[str] = field(default_factory=list, init=False)
    _files: set[str] = field(default_factory=set, init=False)
    _names: dict[str, list[str]] = field(default_factory=dict, init=False)
    _sets: dict[str, frozenset[str]] = field(default_factory=dict, init=False)
    _taken: int = field(default=0, init=False)

    @property
    def pages(self) -> list[str]:
        """The archive paths of its pages, in the order of the file tree."""
        for folder, names, _ in self.folders[self._taken :]:
            self._pages += [f"{folder}/{name}" for name in names]
        self._taken = len(self.folders)
        return self._pages

    @property
    def files(self) -> set[str]:
        """The archive paths of all its files, pages or not."""
        if len(self._files) != len(self.pages) + len(self.others):
            self._files = self.others.union(self._pages)
        return self._files

    def has(self, path: str) -> bool:
        """Whether there is a file of this archive path, page or not."""
        folder, _, name = path.rpartition("/")
        if folder not in self._sets and (names := self.names_in(folder)):
            self._sets[folder] = frozenset(names)
        return name in self._sets.get(folder, ()) or path in self.others

    def names_in(self, folder: str) -> Sequence[str]:
        """The names of the pages in a folder, in order."""
        if len(self._names) < len(self.folders):
            self._names |= {folder: names for folder, names, _ in self.folders[len(self._names) :]}
        return self._names.get(folder, ())

    def page_count(self) -> int:
        """How many pages there are."""
        return sum(len(names) for _, names, _ in self.folders)

    @cached_property
    def marks(self) -> list[tuple[int, int]]:
        """The `marks_of` each folder."""
        return [marks_of("\0".join(names), stats) for _, names, stats in self.folders]

    @cached_property
    def state(self) -> bytes:
        """A digest of all pages' names and states."""
        folders = "\0".join([folder for folder, _, _ in self.folders]).encode()
        return xxh3_128_digest(array("Q", chain.from_iterable(self.marks)).tobytes() + folders)

    @cached_property
    def previous_days(self) -> dict[str, str]:
        """For each day's folder, the index page of the nearest earlier day that has one."""
        return {
            folder: self._days[before][0]
            for before, day in pairwise(self._days)
            for folder in (index.rpartition("/")[0] for index in self._days[day])
        }

    def previous_day(self, path: str) -> str | None:
        """The index page of the nearest earlier day that has one; the path's own need not exist."""
        day = day_of(path)
        days = self._day_numbers
        at = bisect_left(days, day) if day else 0
        return self._days[days[at - 1]][0] if at else None

    def next_day(self, path: str) -> str | None:
        """The index page of the nearest later day that has one; the path's own need not exist."""
        day = day_of(path)
        days = self._day_numbers
        at = bisect_right(days, day) if day else len(days)
        return self._days[days[at]][0] if at < len(days) else None

    @cached_property
    def _days(self) -> dict[DayNumbers, list[str]]:
        """The index pages of each day, in the order of days; the first is the one links mean."""
        indexes: list[tuple[DayNumbers, str]] = []
        for folder, names, _ in self.folders:
            if day := day_of(f"{folder}/index.md"):
                # index.md before README.md: links name the former.
                index = next((name for name in INDEX_NAMES if name in names), None)
                if index:
                    indexes.append((day, f"{folder}/{index}"))
        # A day may have two folders, one of them padded by mistake; links mean the shorter name.
        indexes.sort(key=lambda one: (one[0], len(one[1].rpartition("/")[0]), one[1]))
        found: dict[DayNumbers, list[str]] = {}
        for day, index in indexes:
            found.setdefault(day, []).append(index)
        return found

    @cached_property
    def _day_numbers(self) -> list[DayNumbers]:
        return list(self._days)


def take_up(found: Scan, folder: Folder) -> Folder:
    """Add what one folder holds to a scan; returned is what of it is the archive's."""
    folder = _own(found, folder)
    if folder.listing.names:
        found.folders.append(folder.listing)
    found.others.update(folder.others)
    found.troubles += folder.troubles
    found.links += folder.links
    return folder


def is_foreign(folder: Folder) -> bool:
    """Whether a folder below an archive's is another program's, with all that is in it."""
    prefix, _, _ = folder.listing
    return (
        folder.is_foreign
        or prefix.endswith(_PACKAGES)
        or (bool(folder.others) and f"{prefix}/{_ENVIRONMENT}" in folder.others)
    )


def _own(found: Scan, folder: Folder) -> Folder:
    """What a folder holds, without what is not the archive's."""
    prefix = folder.listing.folder
    if prefix and is_foreign(folder):
        found.excluded.append(prefix)
        return Folder([], Listing(prefix, []), [], [])
    if found.beside and f"{prefix}/".startswith(found.beside):
        pages = [f"{prefix}/{name}" for name in folder.listing.names]
        return folder._replace(
            listing=Listing(prefix, []), others=[*folder.others, *pages], troubles=[]
        )
    exclude = found.exclude
    if folder.below:
        below = [
            path
            for path in folder.below
            if not path.endswith(_PACKAGES) and not (exclude and exclude(f"{path}/"))
        ]
        if len(below) < len(folder.below):
            found.excluded += [path for path in folder.below if path not in below]
            folder = folder._replace(below=below)
    return folder if exclude is None else _without_excluded(found, folder, exclude)


def _without_excluded(found: Scan, folder: Folder, exclude: Exclude) -> Folder:
    """What a folder holds, without the files that are excluded."""
    prefix, names, stats = folder.listing
    gone = {path for path in (f"{prefix}/{name}" for name in names) if exclude(path)}
    gone.update(path for path in folder.others if exclude(path))
    gone.update(trouble.path for trouble in folder.troubles if exclude(trouble.path))
    if not gone:
        return folder
    found.excluded += sorted(gone)
    kept = [n for n, name in enumerate(names) if f"{prefix}/{name}" not in gone]
    size = 8 * STAT_FIELDS
    states = b"".join(stats[n * size : (n + 1) * size] for n in kept)
    return folder._replace(
        listing=Listing(prefix, [names[n] for n in kept], states),
        others=[path for path in folder.others if path not in gone],
        troubles=[trouble for trouble in folder.troubles if trouble.path not in gone],
    )


def folders_of(paths: Iterable[str], troubles: Iterable[Trouble] = ()) -> dict[str, Folder]:
    """What each folder would hold, had a disk these files, none of them a symbolic link.

    What cannot be the path of an archive's file (a part of it is empty or starts with a dot) is
    passed over. Troubles are what there is to say of other files.
    """
    names: dict[str, list[str]] = {"": []}
    wrong: dict[str, list[Trouble]] = {}
    for trouble in troubles:
        wrong.setdefault(trouble.path.rpartition("/")[0], []).append(trouble)
    unfinished = False
    for path in paths:
        folder, _, name = path.rpartition("/")
        if path == f"/{JOURNAL}" or path.startswith(f"/{JOURNAL}/"):
            unfinished = True
        elif "/." in path or "//" in path or not name:
            continue
        elif path.isascii() or is_utf8(path):
            names.setdefault(folder, []).append(name)
        else:
            names.setdefault(folder, [])
            if name.endswith(".md"):
                wrong.setdefault(folder, []).append(
                    Trouble(TroubleKind.UNUSABLE_NAME, path, NOT_UTF8)
                )
    if unfinished:
        wrong.setdefault("", []).append(Trouble(TroubleKind.UNFINISHED, f"/{JOURNAL}", UNFINISHED))
    below: dict[str, set[str]] = {}
    for folder in {*names, *wrong}:
        while folder:
            above = folder.rpartition("/")[0]
            below.setdefault(above, set()).add(folder)
            folder = above
    return {
        folder: Folder(
            sorted(below.get(folder, ())),
            Listing(folder, sorted(n for n in names.get(folder, ()) if n.endswith(".md"))),
            [f"{folder}/{n}" for n in names.get(folder, ()) if not n.endswith(".md")],
            wrong.get(folder, []),
        )
        for folder in {*names, *wrong, *below}
    }


def no_folder(folder: str, error: OSError | None = None) -> Folder:
    """What is told of a folder that cannot be listed, or does not exist."""
    reason = error.strerror if error else os.strerror(errno.ENOENT)
    message = f"the folder cannot be read: {reason}"
    return Folder(
        [], Listing(folder, []), [], [Trouble(TroubleKind.UNREADABLE, folder or "/", message)]
    )


def is_utf8(path: str) -> bool:
    """Whether a path can be written as UTF-8: names of files may hold any bytes."""
    try:
        path.encode()
    except UnicodeEncodeError:
        return False
    return True
