"""A folder of the disk as a store: listing it, reading its files, changing them."""

from __future__ import annotations

import os
import stat
from array import array
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from itertools import chain
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING

from newsarchive.errors import NotAnArchiveError, RefusedWriteError
from newsarchive.store.atomic import read_bytes, replace_bytes, sweep
from newsarchive.store.listing import (
    JOURNAL,
    LATEST,
    NOT_UTF8,
    UNFINISHED,
    UNSETTLED,
    Folder,
    Listing,
    Scan,
    Stat,
    Trouble,
    TroubleKind,
    is_utf8,
    no_folder,
)
from newsarchive.store.names import IS_UTF8, is_plain, name_of, system_name
from newsarchive.store.store import Glance, Replace

if TYPE_CHECKING:
    from newsarchive.store.transaction import FileChange


def find_root(path: str | os.PathLike[str]) -> Path:
    """The root of the archive that a file or folder belongs to: it, or the nearest above it.

    Raises:
        NotAnArchiveError: neither it nor any folder above it holds ``news/``.
    """
    given = Path(path)
    for folder in (given, *Path(os.path.abspath(given)).parents):
        if (folder / "news").is_dir():
            return folder
    raise NotAnArchiveError(str(path))


class LocalFolder:
    """The files below a folder, which need not exist.

    Folders whose name starts with a dot are passed over. Symbolic links to folders are not entered,
    and links to files that lead out of the folder are no pages; both are named. `history` is the
    folder whose git history tells where pages went; by default the root.
    """

    has_states = True

    def __init__(self, root: str | os.PathLike[str], history: str | None = None) -> None:
        self.home: str = str(Path(root))
        self._root = system_name(name_of(self.home))
        self.history: str = self.home if history is None else history

    def __str__(self) -> str:
        return self.home

    def __getstate__(self) -> dict[str, str]:
        """The folder under its whole name: another process may work in another folder."""
        return {**self.__dict__, "_root": os.path.abspath(self._root)}

    def below(self, folder: str) -> LocalFolder:
        """The files in one of its folders, as a store of their own."""
        return LocalFolder(self.label(folder))

    def list_folder(self, folder: str, *, stats: bool = False) -> Folder:
        """What is in one folder."""
        return _list(self._root, folder, stats=stats)

    def exists(self, path: str) -> bool:
        """Whether there is a file of exactly this name, whatever the file system thinks of case."""
        return Glance(self).exists(path)

    def read(self, path: str) -> bytes:
        """What a file holds; raises OSError as `read_bytes` does."""
        return read_bytes(system_name(self._root + path))

    def read_many(self, paths: Iterable[str]) -> Iterator[tuple[str, bytes | OSError]]:
        """What files hold, one after the other."""
        root = self._root
        for path in paths:
            try:
                yield path, read_bytes(system_name(root + path))
            except OSError as error:
                yield path, error

    def label(self, path: str) -> str:
        """The file, under the root as it was given."""
        return os.path.join(self.home, path[1:])

    def aliases(self, known: Scan | None = None) -> dict[str, list[str]]:
        """For each file of the folder that symbolic links lead to, the links."""
        from newsarchive.store.aliases import aliases  # moves alone ask

        return aliases(self._root, known)

    def is_alias(self, path: str) -> bool:
        """Whether an archive path is a symbolic link to a page that has a path of its own."""
        from newsarchive.store.aliases import is_alias

        return is_alias(self._root, path)

    # Changing files.

    def commit(self, changes: Iterable[FileChange]) -> tuple[str, ...]:
        """Make changes, all or none."""
        from newsarchive.store.transaction import commit  # most runs only read

        return commit(self._root, changes)

    def recover(self) -> tuple[str, ...]:
        """Finish a change that was interrupted."""
        from newsarchive.store.transaction import recover

        return recover(self._root)

    @contextmanager
    def replacing(self, paths: Iterable[str]) -> Iterator[Replace]:
        """Have the folder for oneself while files are replaced; what killed runs left goes."""
        from newsarchive.store.locking import locked

        def replace(path: str, new: bytes, old: bytes) -> None:
            self.require_inside(path)
            replace_bytes(self._file(path), new, expected=old)

        journal = self.label(f"/{JOURNAL}")
        with locked(self.home):
            if os.path.lexists(journal):
                raise RefusedWriteError(journal, UNFINISHED)
            sweep({os.path.dirname(self._file(path)) for path in paths})
            yield replace

    def require_inside(self, path: str) -> None:
        """Refuse a file that lies outside of the folder, by way of a link."""
        file = self._file(path)
        if not os.path.realpath(file).startswith(os.path.realpath(self._root) + os.sep):
            raise PermissionError(f"{file} lies outside the archive")

    def _file(self, path: str) -> str:
        return system_name(os.path.join(self._root, path[1:]))


_TO_FOLDER = "a symbolic link to a folder is not entered"
_given = attrgetter("name")


def _read(entry: os.DirEntry[str]) -> str:
    return name_of(entry.name)


_name = _given if IS_UTF8 else _read


_STATE = attrgetter("st_size", "st_mtime_ns", "st_ctime_ns", "st_ino")
_TAKES_FOLDERS = os.stat in os.supports_dir_fd


def _ordinary(folder: str, prefix: str) -> Folder | None:
    """A folder that holds ordinary pages alone, as nearly all do, with their states.

    As `_list` has it, in two thirds of the time: where files are known by their folder, the system
    need not look for it again. None where anything is out of the ordinary.
    """
    names = sorted(os.listdir(folder))
    joined = "".join([f"\0{name}" for name in names]) + "\0"
    if joined.count(".md\0") != len(names) or "\0." in joined or not is_plain("".join(names)):
        return None
    opened = os.open(folder, os.O_RDONLY)
    try:
        found = [os.stat(name, dir_fd=opened, follow_symlinks=False) for name in names]
    finally:
        os.close(opened)
    if not all(stat.S_ISREG(one.st_mode) for one in found):
        return None
    states = array("q", chain.from_iterable(map(_STATE, found)))
    return Folder([], Listing(prefix, names, states.tobytes()), [], [])


def _list(root: str, prefix: str, *, stats: bool) -> Folder:
    if stats and _TAKES_FOLDERS and prefix.isascii():
        with suppress(OSError, OverflowError):  # what went, cannot be asked, or has odd numbers
            if found := _ordinary(system_name(root + prefix), prefix):
                return found
    below: list[str] = []
    others: list[str] = []
    troubles: list[Trouble] = []
    links: list[str] = []
    try:
        with os.scandir(system_name(root + prefix)) as entries:
            listed = sorted(entries, key=_name)
    except OSError as error:
        return no_folder(prefix, error)
    names, states = [], array("q")
    ascii_ = prefix.isascii()
    for entry in listed:
        name = _name(entry)
        # Nearly every file is an ordinary page, and nothing is asked about it twice.
        is_file = ascii_ and entry.is_file(follow_symlinks=False)
        if is_file and name.endswith(".md") and name[0] != "." and is_plain(name):
            names.append(name)
            if stats:
                states.extend(_state(entry))
            continue
        if entry.is_symlink():
            links.append(f"{prefix}/{name}")
        if name.startswith("."):
            if name == ".git" and prefix and is_linked_tree(entry.path):
                return Folder([], Listing(prefix, []), [], [], is_foreign=True)
            if name == JOURNAL and not prefix:
                troubles.append(Trouble(TroubleKind.UNFINISHED, f"/{name}", UNFINISHED))
            continue
        if not (is_file and name.isascii()):
            if entry.is_dir(follow_symlinks=False):
                below.append(f"{prefix}/{name}")
                continue
            if fault := _fault(root, entry, f"{prefix}/{name}"):
                if name.endswith(".md") or fault[1] is _TO_FOLDER:
                    troubles.append(Trouble(fault[0], f"{prefix}/{name}", fault[1]))
                continue
        if name.endswith(".md"):
            names.append(name)
            if stats:
                states.extend(_state(entry))
        else:
            others.append(f"{prefix}/{name}")
    listing = Listing(prefix, names, states.tobytes())
    return Folder(below, listing, others, troubles, links=tuple(links))


def is_linked_tree(file: str) -> bool:
    """Whether a ``.git`` is that of one more working tree of a repository, not of a submodule."""
    if not os.path.isfile(file):
        return False
    try:
        text = read_bytes(file).decode("utf-8", "surrogateescape")
    except OSError:
        return False
    kept = os.path.join(os.path.dirname(file), text.removeprefix("gitdir:").strip())
    return "\0" not in kept and os.path.isfile(os.path.join(kept, "commondir"))


def _state(entry: os.DirEntry[str]) -> Stat:
    """Size, times and inode of a page's file; what does not fit 64 bits is cut to them.

    The state of a file that has gone, or may not be asked for, is one that is never kept.
    """
    try:
        found = entry.stat()
    except OSError:
        return UNSETTLED
    # Inodes may need 64 bits and more; the low 63 tell files apart as well.
    state = (found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino & LATEST)
    if min(state) >= -LATEST and max(state) <= LATEST:
        return state
    return tuple([max(-LATEST, min(number, LATEST)) for number in state])  # before 1677, after 2262


def _fault(root: str, entry: os.DirEntry[str], path: str) -> tuple[TroubleKind, str] | None:
    """Why an entry is no file of the archive; None where it is one."""
    if not path.isascii() and not is_utf8(path):
        return TroubleKind.UNUSABLE_NAME, NOT_UTF8
    is_link = entry.is_symlink()
    try:
        mode = entry.stat().st_mode if is_link else 0
    except OSError as error:
        return TroubleKind.UNREADABLE, f"the symbolic link leads nowhere: {error.strerror}"
    if stat.S_ISDIR(mode):
        return TroubleKind.NOT_FOLLOWED, _TO_FOLDER
    if is_link and not os.path.realpath(entry.path).startswith(os.path.realpath(root) + os.sep):
        message = "the symbolic link leads out of the archive; the page is not read"
        return TroubleKind.NOT_FOLLOWED, message
    is_file = stat.S_ISREG(mode) if is_link else entry.is_file(follow_symlinks=False)
    if path.endswith(".md") and not is_file:
        return TroubleKind.UNREADABLE, "the page is no regular file"
    return None
