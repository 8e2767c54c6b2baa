"""What a run keeps for the next one: one SQLite file for each archive, in a folder of its own.

Kept is what a page says by itself: its own findings and its facts. A page is taken for unchanged if
size, times and inode of its file are; where they differ, a digest of its bytes decides. Where all
pages are unchanged, one row tells what follows from all records, and none of them is read; another
tells what rules found of pages beside others, suggestions with it (see `newsarchive.runs.across`).
Where few changed, a third row tells what all want and give, and only their records are read; those
near them are judged anew. Nothing that goes wrong with the file stops a run or changes its
findings: what cannot be read is read from the archive, and one notice tells.

A file of SQLite because it gives what a folder of small files does not: a run that is killed or
meets a full disk leaves the old state, and two runs at once wait for each other.

What the file says is believed only as far as its owner can be: a cache that another user owns or
may write to is not used. Tables must be exactly those that are made here (no view, no trigger),
and rows whole. Even so a cache says what its maker wants of pages: do not take one from strangers.
"""

from __future__ import annotations

import os
import stat
import zlib
from collections.abc import Callable, Collection, Iterable
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from xxhash import xxh3_128_hexdigest

from newsarchive.graph.facts import SEED_BITS, new_seed
from newsarchive.graph.records import FolderRecord, is_whole
from newsarchive.page.editions import EN, Edition
from newsarchive.runs.code_version import code_version
from newsarchive.store.urls import is_url

if TYPE_CHECKING:
    import sqlite3

    from newsarchive.graph.joined import Joined

_PREFIX, _SUFFIX = "archive-", ".sqlite"
WORDS = "words-"
"""How the names of indexes of words begin, which stand beside the caches."""
_APPLICATION = 0x4E415243  # "NARC" in the file's header: the file is one of ours
_SECONDS_TO_WAIT = 5.0
_COLUMNS = FolderRecord._fields
_TABLES = (
    "CREATE TABLE run (fingerprint TEXT NOT NULL, seed TEXT NOT NULL)",
    "CREATE TABLE summary (state BLOB NOT NULL, text TEXT NOT NULL, checksum INTEGER NOT NULL)",
    "CREATE TABLE joined "
    "(state, folders, marks, checks, sizes, gives, wants, counts, former, checksum)",
    "CREATE TABLE across (state BLOB NOT NULL, text TEXT NOT NULL, checksum INTEGER NOT NULL)",
    f"CREATE TABLE folders ({', '.join(_COLUMNS)}, checksum, PRIMARY KEY (folder)) WITHOUT ROWID",
)
# Nothing in the file's own schema may call functions, and damage is looked for.
_WARY = ("PRAGMA trusted_schema = OFF", "PRAGMA cell_size_check = ON", "PRAGMA mmap_size = 0")
_READ = f"SELECT {', '.join(_COLUMNS)}, checksum FROM folders"
_WRITE = f"INSERT OR REPLACE INTO folders VALUES ({', '.join('?' * (len(_COLUMNS) + 1))})"


def clean(folder: str | os.PathLike[str]) -> int:
    """Delete all caches in a folder, and nothing else; returns how many there were.

    Raises:
        OSError: one cannot be deleted.
    """
    prefixes = (_PREFIX, WORDS)
    found = sorted(file for p in prefixes for file in Path(folder).glob(f"{p}*{_SUFFIX}"))
    for file in found:
        file.unlink()
        for leftover in ("-journal", "-wal", "-shm"):
            Path(f"{file}{leftover}").unlink(missing_ok=True)
    return len(found)


class Cache:
    """The cache of one archive. Never raises; `notice` says what went wrong, if anything.

    `seed` is that of the keys in the records: the one that `load` found, else a new one. The folder
    is made when something is kept.
    """

    prefix: ClassVar[str] = _PREFIX

    def __init__(
        self, folder: str | os.PathLike[str], root: str | os.PathLike[str], edition: Edition = EN
    ) -> None:
        self._edition = edition
        real = os.fspath(root) if is_url(root) else os.path.realpath(root)
        name = xxh3_128_hexdigest(os.fsencode(real))
        self.folder: str = os.path.abspath(folder)
        self.file: str = os.path.join(self.folder, f"{self.prefix}{name}{_SUFFIX}")
        self.notice: str = ""
        self.seed: int = new_seed()
        self._usable = True
        if Path(os.path.realpath(folder)).is_relative_to(real):
            self._give_up(f"no cache: {folder} lies in the archive")
        self._distrust()

    def exists(self) -> bool:
        """Whether anything was kept for this archive."""
        return self._usable and os.path.isfile(self.file)

    def load(self, folders: Collection[str] | None = None) -> dict[str, FolderRecord]:
        """What was kept, by folder; nothing where another version of this program kept it.

        Only some folders may be asked for.
        """
        if folders is None:
            rows = self._rows(_READ)
        else:
            rows = self._rows(f"{_READ} WHERE folder = ?", [(folder,) for folder in folders])
        sound = [
            record
            for *columns, checksum in rows
            if (record := _sound(columns, checksum, self.seed)) is not None
        ]
        if len(sound) < len(rows):
            self._mend()
        return {record.folder: record for record in sound}

    def summary(self) -> tuple[bytes, str]:
        """What was kept of all pages together, and the state that they were in then."""
        state, text = self._row("summary", [str]) or (b"", "")
        return state, text

    def across(self) -> tuple[bytes, str]:
        """What was found of all pages beside others, and the state that they were in then."""
        state, text = self._row("across", [str]) or (b"", "")
        return state, text

    def joined(self, state: bytes) -> Joined | None:
        """What was kept with the summary of pages in that state, if anything."""
        from newsarchive.graph.joined import Joined  # where something changed

        row = self._row("joined", [str, *[bytes] * 6, str])
        if not row or row[0] != state:
            return None
        joined = Joined(*row[1:])
        if joined.is_whole():
            return joined
        self._mend()
        return None

    def _row(self, table: str, types: list[type]) -> list[Any]:
        """The state and what else a table's one row says, if it is as it was written."""
        for *kept, checksum in self._rows(f"SELECT * FROM {table} LIMIT 1"):
            if [*map(type, kept)] == [bytes, *types] and checksum == _checksum(kept, self.seed):
                return kept
            self._mend()
        return []

    def _version(self) -> str:
        """What is kept depends on, besides the pages."""
        # Of one edition the name would do, but two of one name may differ.
        parts = (self._edition, self._edition.slug)
        told = [
            getattr(part, name)
            for part in parts
            for name in type(part).__annotations__
            if name != "slug"
        ]
        edition = xxh3_128_hexdigest(repr(told).encode())
        return f"{code_version()} {edition}"

    def checksum(self, record: FolderRecord) -> int:
        """What tells that a record is as it was written."""
        return _checksum(record, self.seed)

    def _rows(self, statement: str, each: Iterable[Any] = ((),)) -> list[tuple[Any, ...]]:
        """The rows that a statement gives, for each of some values; none where it cannot tell."""
        code_version()  # of the code that reads the pages now, though an update may follow
        if not self.exists():
            return []
        try:
            import sqlite3
        except ImportError:  # pragma: no cover - a Python built without it
            self._give_up("no cache: this Python has no sqlite3")
            return []
        try:
            return self._read(statement, each)
        except sqlite3.OperationalError as error:
            self._give_up(f"the cache was not used: {error}")
        except (sqlite3.DatabaseError, UnicodeDecodeError):
            self._discard()
        return []

    def _read(self, statement: str, each: Iterable[Any]) -> list[tuple[Any, ...]]:
        import sqlite3

        with closing(self._connect()) as db:
            if not stat.S_ISREG(os.lstat(self.file).st_mode) or not _is_ours(db):
                self._give_up(f"no cache: {self.file} is another program's")
                return []
            tables = _tables(db)
            if not tables:  # a first run that could not write it
                return []
            found = _run_of(db) if _TABLES[0] in tables else None
            if found and found[0] != self._version():
                return []
            if tables != sorted(_TABLES):
                raise sqlite3.DatabaseError("tables of another kind")
            if found is None:
                return []
            self.seed = found[1]
            return [row for values in each for row in db.execute(statement, values)]

    def save(
        self,
        records: Iterable[FolderRecord],
        gone: Collection[str],
        state: bytes = b"",
        summary: str = "",
        joined: Callable[[], Joined] | None = None,
    ) -> None:
        """Keep records of folders that are new or changed, and drop those of folders that are gone.

        With the state of all pages (`Scan.state`; empty where they may change without a trace) is
        kept what follows from all their records, and these joined; an empty summary keeps neither.
        """
        rows = [(*record, _checksum(record, self.seed)) for record in records]
        if not self._usable or not (rows or gone or summary):
            return
        if summary and not (rows or gone or self.notice) and (state, summary) == self.summary():
            return

        def write(db: sqlite3.Connection) -> None:
            db.executemany("DELETE FROM folders WHERE folder = ?", [(name,) for name in gone])
            db.executemany(_WRITE, rows)
            self._put(db, "summary", (state, summary) if summary else ())
            self._put(db, "joined", (state, *joined()) if joined else ())

        self._change(write)

    def save_across(self, state: bytes, text: str) -> None:
        """Keep what was found of all pages beside others, for runs over pages in that state."""
        if self._usable:
            self._change(lambda db: self._put(db, "across", (state, text)))

    def _put(self, db: sqlite3.Connection, table: str, row: tuple[Any, ...]) -> None:
        """Have a table hold one row, or none, in place of what it held."""
        db.execute(f"DELETE FROM {table}")
        if row:
            marks = ", ".join("?" * (len(row) + 1))
            db.execute(f"INSERT INTO {table} VALUES ({marks})", (*row, _checksum(row, self.seed)))

    def _change(self, write: Callable[[sqlite3.Connection], None]) -> None:
        """Change what is kept, wholly or not at all."""
        try:
            import sqlite3
        except ImportError:  # pragma: no cover - a Python built without it
            return
        try:
            os.makedirs(self.folder, mode=0o700, exist_ok=True)
            self._distrust()
            if not self._usable:
                return
            with closing(self._connect()) as db:
                db.execute("BEGIN IMMEDIATE")
                if self._prepare(db):
                    write(db)
                    db.execute("COMMIT")
        except (sqlite3.Error, OSError, UnicodeError) as error:
            self._give_up(f"the cache was not written: {error}")

    def _prepare(self, db: sqlite3.Connection) -> bool:
        """Make the tables, or make them anew where another version of this program made them.

        False where another run made them anew meanwhile: its keys are not of our seed.
        """
        mine = (self._version(), self.seed)
        if _tables(db) == sorted(_TABLES):
            found = _run_of(db)
            if found == mine:
                return True
            if found and found[0] == mine[0]:
                return False
        for table in ("run", "summary", "joined", "across", "folders"):
            db.execute(f"DROP TABLE IF EXISTS {table}")
        for statement in (*_TABLES, f"PRAGMA application_id = {_APPLICATION}"):
            db.execute(statement)
        db.execute("INSERT INTO run VALUES (?, ?)", (mine[0], f"{self.seed:x}"))
        return True

    def _connect(self) -> sqlite3.Connection:
        import sqlite3

        db = sqlite3.connect(self.file, timeout=_SECONDS_TO_WAIT, isolation_level=None)
        for statement in _WARY:
            db.execute(statement)
        return db

    def _distrust(self) -> None:
        """Give up a cache that another user owns or may write to."""
        if not hasattr(os, "geteuid"):  # pragma: no cover - other systems
            return
        for path, status in ((self.folder, os.stat), (self.file, os.lstat)):
            try:
                found = status(path)
            except OSError:  # not there yet; else using it fails and tells
                continue
            if stat.S_ISLNK(found.st_mode):
                self._give_up(f"no cache: {path} is a symbolic link")
            elif found.st_uid != os.geteuid():
                self._give_up(f"no cache: {path} belongs to another user")
            elif found.st_mode & stat.S_IWOTH:
                self._give_up(f"no cache: everybody may write to {path}")

    def _mend(self) -> None:
        """Tell of rows that are not as they were written: this run writes them anew."""
        self.notice = f"the cache was damaged and is repaired: {self.file}"

    def _discard(self) -> None:
        """Take away a file that is no database; it has our name and is of no use to anyone."""
        try:
            os.unlink(self.file)
            self.notice = f"the cache was damaged and is made anew: {self.file}"
        except OSError as error:
            self._give_up(f"no cache: {self.file}: {error.strerror}")

    def _give_up(self, notice: str) -> None:
        self._usable = False
        self.notice = self.notice or notice


def _is_ours(db: sqlite3.Connection) -> bool:
    [(application,)] = db.execute("PRAGMA application_id")
    return bool(application == _APPLICATION or (application == 0 and not _tables(db)))


def _tables(db: sqlite3.Connection) -> list[str]:
    """All that the file's schema holds, as the statements that made it."""
    return sorted(str(sql) for (sql,) in db.execute("SELECT sql FROM sqlite_master"))


def _run_of(db: sqlite3.Connection) -> tuple[str, int] | None:
    """The fingerprint and the seed of the runs that made the file; None where it does not say."""
    rows = db.execute("SELECT fingerprint, seed FROM run LIMIT 2").fetchall()
    try:
        [(found, seed)] = rows
        number = int(seed, 16)
    except (ValueError, TypeError):
        return None
    return (found, number) if 0 <= number < 1 << SEED_BITS else None


def _sound(columns: list[Any], checksum: object, seed: int) -> FolderRecord | None:
    """The record of a row that is as it was written: SQLite does not tell of bits that flipped."""
    if [*map(type, columns)] != _TYPES or _checksum(columns, seed) != checksum:
        return None
    record = FolderRecord(*columns)
    return record if is_whole(record) else None


_TYPES = [str, str, bytes, bytes, bytes, bytes, bytes, str, str]


def _checksum(columns: Iterable[str | bytes], seed: int) -> int:
    found = zlib.crc32(seed.to_bytes(SEED_BITS // 8, "big"))
    for column in columns:
        found = zlib.crc32(column.encode() if isinstance(column, str) else column, found)
    return found
