"""What a run keeps for the next one: one SQLite file for each archive, in a folder of its own.

Kept is what a page says by itself: its own findings and its facts. Whether a link leads anywhere
is judged anew in every run. A page is taken for unchanged if size, times and inode of its file
are; where they differ, a digest of its bytes decides. Nothing that goes wrong with the file stops
a run or changes its findings: what cannot be read is read from the archive, and one notice tells.

A file of SQLite because it gives what a folder of small files does not: a run that is killed or
meets a full disk leaves the old state, and two runs at once wait for each other.
"""

from __future__ import annotations

import hashlib
import os
import stat
import sys
import zlib
from collections.abc import Collection, Iterable
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from newsarchive.records import FolderRecord

if TYPE_CHECKING:
    import sqlite3

_PREFIX, _SUFFIX = "archive-", ".sqlite"
_APPLICATION = 0x4E415243  # "NARC" in the file's header: the file is one of ours
_SECONDS_TO_WAIT = 5.0
_COLUMNS = FolderRecord._fields
_CREATE = f"""
    CREATE TABLE run (fingerprint TEXT NOT NULL);
    CREATE TABLE folders ({", ".join(_COLUMNS)}, checksum, PRIMARY KEY (folder)) WITHOUT ROWID;
    PRAGMA application_id = {_APPLICATION};
"""
_READ = f"SELECT {', '.join(_COLUMNS)}, checksum FROM folders"
_WRITE = f"INSERT OR REPLACE INTO folders VALUES ({', '.join('?' * (len(_COLUMNS) + 1))})"


def default_folder() -> str:
    """The folder where this user's caches are, by the operating system's convention."""
    import platformdirs

    return platformdirs.user_cache_dir("newsarchive", appauthor=False)


def clean(folder: str | os.PathLike[str]) -> int:
    """Delete all caches in a folder, and nothing else.

    Returns:
        How many there were.

    Raises:
        OSError: one cannot be deleted.
    """
    found = sorted(Path(folder).glob(f"{_PREFIX}*{_SUFFIX}"))
    for file in found:
        file.unlink()
        for leftover in ("-journal", "-wal", "-shm"):
            Path(f"{file}{leftover}").unlink(missing_ok=True)
    return len(found)


class Cache:
    """The cache of one archive. Never raises; `notice` says what went wrong, if anything.

    Args:
        folder: the folder where caches are; made when something is kept.
        root: the archive's folder.
    """

    def __init__(self, folder: str | os.PathLike[str], root: str | os.PathLike[str]) -> None:
        real = os.path.realpath(root)
        name = hashlib.sha256(os.fsencode(real)).hexdigest()[:32]
        self.folder = os.path.abspath(folder)
        self.file = os.path.join(self.folder, f"{_PREFIX}{name}{_SUFFIX}")
        self.notice = ""
        self._usable = True
        if Path(os.path.realpath(folder)).is_relative_to(real):
            self._give_up(f"no cache: {folder} lies in the archive")

    def exists(self) -> bool:
        """Whether anything was kept for this archive."""
        return self._usable and os.path.isfile(self.file)

    def load(self) -> dict[str, FolderRecord]:
        """What was kept, by folder; nothing where another version of this program kept it."""
        if not self.exists():
            return {}
        try:
            import sqlite3
        except ImportError:  # pragma: no cover - a Python built without it
            self._give_up("no cache: this Python has no sqlite3")
            return {}
        try:
            rows = self._read()
        except sqlite3.OperationalError as error:
            self._give_up(f"the cache was not used: {error}")
            return {}
        except (sqlite3.DatabaseError, UnicodeDecodeError):
            self._discard()
            return {}
        sound = [
            FolderRecord(*columns) for *columns, checksum in rows if _is_sound(columns, checksum)
        ]
        if len(sound) < len(rows):
            self.notice = f"the cache was damaged and is mended: {self.file}"
        return {record.folder: record for record in sound}

    def _read(self) -> list[tuple[Any, ...]]:
        with closing(self._connect()) as db:
            if not stat.S_ISREG(os.lstat(self.file).st_mode) or not _is_ours(db):
                self._give_up(f"no cache: {self.file} is another program's")
                return []
            found = db.execute("SELECT fingerprint FROM run").fetchall()
            return db.execute(_READ).fetchall() if found == [(fingerprint(),)] else []

    def save(self, records: Iterable[FolderRecord], gone: Collection[str]) -> None:
        """Keep records, and drop those of folders that are gone.

        Args:
            records: folders that are new or changed.
            gone: folders that hold no page any more.
        """
        rows = [(*record, _checksum(record)) for record in records]
        if not self._usable or not (rows or gone):
            return
        try:
            import sqlite3
        except ImportError:  # pragma: no cover - a Python built without it
            return
        try:
            os.makedirs(self.folder, mode=0o700, exist_ok=True)
            with closing(self._connect()) as db:
                db.execute("BEGIN IMMEDIATE")
                self._prepare(db)
                db.executemany("DELETE FROM folders WHERE folder = ?", [(name,) for name in gone])
                db.executemany(_WRITE, rows)
                db.execute("COMMIT")
        except (sqlite3.Error, OSError, UnicodeDecodeError) as error:
            self._give_up(f"the cache was not written: {error}")

    def _prepare(self, db: sqlite3.Connection) -> None:
        """Make the tables, or make them anew where another version of this program made them."""
        tables = {name for (name,) in db.execute("SELECT name FROM sqlite_master")}
        if {"run", "folders"} <= tables:
            if db.execute("SELECT fingerprint FROM run").fetchall() == [(fingerprint(),)]:
                return
            db.execute("DROP TABLE run")
            db.execute("DROP TABLE folders")
        for statement in _CREATE.split(";")[:-1]:
            db.execute(statement)
        db.execute("INSERT INTO run VALUES (?)", (fingerprint(),))

    def _connect(self) -> sqlite3.Connection:
        import sqlite3

        return sqlite3.connect(self.file, timeout=_SECONDS_TO_WAIT, isolation_level=None)

    def _discard(self) -> None:
        """Take away a file that is no database; it has our name and is of no use to anyone."""
        self.notice = f"the cache was damaged and is made anew: {self.file}"
        try:
            os.unlink(self.file)
        except OSError as error:
            self._give_up(f"no cache: {self.file}: {error.strerror}")

    def _give_up(self, notice: str) -> None:
        self._usable = False
        self.notice = self.notice or notice


def _is_ours(db: sqlite3.Connection) -> bool:
    [(application,)] = db.execute("PRAGMA application_id")
    return bool(application == _APPLICATION)


def _is_sound(columns: list[Any], checksum: object) -> bool:
    """Whether a row is as it was written: SQLite does not tell of bits that flipped."""
    return [*map(type, columns)] == _TYPES and _checksum(columns) == checksum


_TYPES = [str, str, bytes, bytes, bytes, bytes, bytes, str, str]


def _checksum(columns: Iterable[str | bytes]) -> int:
    found = 0
    for column in columns:
        found = zlib.crc32(column.encode() if isinstance(column, str) else column, found)
    return found


def fingerprint() -> str:
    """What findings and facts depend on besides the pages: this library, mistune and Python."""
    parts = [sys.version, sys.byteorder]
    for package in ("newsarchive", "mistune"):
        spec = find_spec(package)
        for folder in (spec.submodule_search_locations or ()) if spec else ():
            parts += _sources(folder)
    return hashlib.sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()


def _sources(folder: str) -> list[str]:
    """The source files below a folder, each with its size and time."""
    found, pending = [], [folder]
    while pending:
        try:
            with os.scandir(pending.pop()) as entries:
                for entry in entries:
                    if entry.is_dir() and entry.name != "__pycache__":
                        pending.append(entry.path)
                    elif entry.name.endswith(".py"):
                        status = entry.stat()
                        found.append(f"{entry.path} {status.st_size} {status.st_mtime_ns}")
        except OSError:  # a package in a zip file: its version stands in its name
            found.append(folder)
    return sorted(found)
