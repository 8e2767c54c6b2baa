"""Events by words: an index that is kept in the cache folder, and brought up to date when asked.

What is kept of a page is believed while its file's state is the same, as in a run. Where nothing
can be kept, the index is made in memory: slower, and the same is found.
"""

from __future__ import annotations

import os
import sqlite3
from array import array
from collections.abc import Iterator
from contextlib import closing
from typing import ClassVar
from zlib import crc32

from newsarchive.archive import Archive, view_of
from newsarchive.page.paths import PageKind, kind_of
from newsarchive.page.patterns import pattern
from newsarchive.runs.cache import WORDS, Cache
from newsarchive.runs.code_version import code_version
from newsarchive.store.listing import STAT_FIELDS
from newsarchive.store.store import scan
from newsarchive.tables.rows import parts_of

_TICK = 2_000_000_000  # a file that changed since may change again within one tick of its clock
_STATE_BYTES = STAT_FIELDS * array("q").itemsize
_TABLES = (
    "CREATE TABLE files (id INTEGER PRIMARY KEY, path TEXT UNIQUE NOT NULL, state BLOB)",
    "CREATE VIRTUAL TABLE words USING fts5(title, topic, description)",
)
# Each is a word to who searches: no blanks stand between words there.
_IDEOGRAPH = pattern("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")


def paths_with(archive: Archive, words: str, cache: str | None) -> list[str]:
    """The archive paths of the events that hold all words, in no order.

    A word that ends in ``*`` matches every word that begins so. The index is kept in the folder
    `cache`; None keeps none.
    """
    query = query_of(words)
    if not query:
        return []
    kept = None if cache is None or not archive.store.has_states else _WordIndex(cache, archive)
    if kept and (found := kept.find(archive, query)) is not None:
        return found
    with closing(sqlite3.connect(":memory:")) as db:
        return _found(db, archive, query)


def query_of(words: str) -> str:
    """Words as FTS5 asks for them: all of them, each as it stands; empty where there is none."""
    asked = []
    for word in words.split():
        bare = _parted(word.rstrip("*")).strip().replace('"', '""')
        if any(char.isalnum() for char in bare):
            asked.append(f'"{bare}"' + "*" * word.endswith("*"))
    return " ".join(asked)


class _WordIndex(Cache):
    """The index of one archive in the cache folder; it is trusted as a cache is."""

    prefix: ClassVar[str] = WORDS

    def __init__(self, folder: str, archive: Archive) -> None:
        super().__init__(folder, archive.store.home)

    def find(self, archive: Archive, query: str) -> list[str] | None:
        """What is found; None where the index cannot be used."""
        if not self._usable:
            return None
        try:
            os.makedirs(self.folder, mode=0o700, exist_ok=True)
            try:
                return self._found(archive, query)
            except sqlite3.OperationalError:  # another holds it, or it cannot be written
                return None
            except sqlite3.DatabaseError:
                os.unlink(self.file)  # damaged: it is of use to nobody
                return self._found(archive, query)
        except (OSError, sqlite3.Error):
            return None

    def _found(self, archive: Archive, query: str) -> list[str]:
        with closing(self._connect()) as db:
            return _found(db, archive, query)


def _found(db: sqlite3.Connection, archive: Archive, query: str) -> list[str]:
    """Bring an index up to date and ask it."""
    db.isolation_level = None
    db.execute("BEGIN IMMEDIATE")
    version = crc32(code_version().encode()) >> 1
    if db.execute("PRAGMA user_version").fetchone() != (version,):
        for name in ("words", "files"):
            db.execute(f"DROP TABLE IF EXISTS {name}")
        for statement in (*_TABLES, f"PRAGMA user_version = {version}"):
            db.execute(statement)
    _update(db, archive)
    db.execute("COMMIT")
    asked = "SELECT path FROM files WHERE id IN (SELECT rowid FROM words WHERE words MATCH ?)"
    return [path for (path,) in db.execute(asked, (query,))]


def _update(db: sqlite3.Connection, archive: Archive) -> None:
    store = archive.store
    known = {path: (number, state) for number, path, state in db.execute("SELECT * FROM files")}
    now = dict(_states(archive))
    same = {path for path, (_, state) in known.items() if state and state == now.get(path)}
    for path in known.keys() - same:
        db.execute("DELETE FROM words WHERE rowid = ?", known[path][:1])
        db.execute("DELETE FROM files WHERE id = ?", known[path][:1])
    stale = [path for path in now if path not in same]
    for path, data in store.read_many(stale):
        reading = parts_of(path, data, archive.edition)
        parts = (reading.title, reading.topic, reading.description)
        entered = db.execute("INSERT INTO files (path, state) VALUES (?, ?)", (path, now[path]))
        texts = [_parted(reading.text(part)) for part in parts]
        db.execute("INSERT INTO words (rowid, title, topic, description) VALUES (?, ?, ?, ?)",
                   (entered.lastrowid, *texts))  # fmt: skip


def _states(archive: Archive) -> Iterator[tuple[str, bytes | None]]:
    """All events as they are now, and the states of their files; none where that may not tell."""
    listed = scan(archive.store, stats=archive.store.has_states, exclude=view_of(archive).exclude)
    for folder, names, stats in listed.folders:
        for at, name in enumerate(names):
            if kind_of(path := f"{folder}/{name}") is PageKind.EVENT:
                state = stats[at * _STATE_BYTES : (at + 1) * _STATE_BYTES]
                numbers = array("q", state)
                settled = state and max(numbers[1:3]) < listed.started - _TICK
                yield path, state if settled else None


def _parted(text: str) -> str:
    return _IDEOGRAPH.sub(r" \g<0> ", text)
