"""SQLite: one file with keys, and an index of words over pages."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from newsarchive.store.whole import head_of
from newsarchive.tables.schema import Columns, TableSchema, ValueKind, columns, converted

_APPLICATION = 0x4E415442  # "NATB" in the file's header: the file is one of ours
_MAGIC = b"SQLite format 3\0"
_WAYS: dict[ValueKind, Callable[[Any], Any]] = {
    ValueKind.BOOLEAN: int,
    ValueKind.DAY: lambda value: value.isoformat(),
    ValueKind.MOMENT: lambda value: value.isoformat(),
    ValueKind.LIST: lambda value: json.dumps(value, ensure_ascii=False) if value else "[]",
}
_TYPES = {ValueKind.INTEGER: "INTEGER", ValueKind.BOOLEAN: "INTEGER"}
_CONTEXT = """
CREATE TABLE related_context (
    page TEXT NOT NULL, n INTEGER NOT NULL, k INTEGER NOT NULL, term TEXT NOT NULL,
    PRIMARY KEY (page, n, k), FOREIGN KEY (page, n) REFERENCES related (page, n)
)
"""
_WORDS = """
CREATE VIRTUAL TABLE pages_fts USING fts5(title, description, body, content="pages")
"""
_INDEXES = {
    "sources": ("host",),
    "related": ("target",),
    "entries": ("target",),
    "links": ("resolved",),
    "findings": ("code",),
}


def encode(table: TableSchema, made: Columns) -> Columns:
    """Rows as columns of what SQLite holds."""
    found: Columns = converted(table, made, _WAYS, None)
    if table.name == "related":
        contexts = made[table.row._fields.index("context")]
        terms = [
            (page, n, k, term)
            for page, n, context in zip(made[0], made[1], contexts, strict=True)
            for k, term in enumerate(context, 1)
        ]
        found.append(terms)
    return found


class SqliteWriter:
    """A file of SQLite, which is not there yet."""

    def __init__(self, file: Path, tables: Sequence[TableSchema]) -> None:
        self._tables = tables
        self._db = sqlite3.connect(file, isolation_level=None)
        names = {table.name for table in tables}
        for statement in (
            "journal_mode = OFF",
            "synchronous = OFF",
            f"application_id = {_APPLICATION}",
        ):
            self._db.execute(f"PRAGMA {statement}")
        self._db.execute("BEGIN")
        for table in tables:
            self._db.execute(_definition(table, "pages" in names))
        if "related" in names:
            self._db.execute(_CONTEXT)

    def add(self, table: TableSchema, encoded: Any) -> None:
        """Write rows that were encoded."""
        if table.name == "related":
            *encoded, terms = encoded
            self._db.executemany("INSERT INTO related_context VALUES (?, ?, ?, ?)", terms)
        marks = ", ".join("?" * len(encoded))
        self._db.executemany(
            f"INSERT INTO {table.name} VALUES ({marks})", zip(*encoded, strict=True)
        )

    def finish(self) -> None:
        """Make the indexes, and end the file."""
        names = {table.name for table in self._tables}
        for name in sorted(names & _INDEXES.keys()):
            for column in _INDEXES[name]:
                self._db.execute(f"CREATE INDEX {name}_{column} ON {name} ({column})")
        if "related" in names:
            self._db.execute("CREATE INDEX related_context_term ON related_context (term)")
        if "pages" in names:
            self._db.execute(_WORDS)
            self._db.execute("INSERT INTO pages_fts (pages_fts) VALUES ('rebuild')")
        self._db.execute("COMMIT")
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._db.close()


def _definition(table: TableSchema, has_pages: bool) -> str:
    parts = []
    for column in columns(table):
        kind = _TYPES.get(column.kind, "TEXT")
        parts.append(f'"{column.name}" {kind}' + ("" if column.optional else " NOT NULL"))
    if table.key:
        parts.append(f"PRIMARY KEY ({', '.join(table.key)})")
    if table.parent and has_pages:
        parts.append(f"FOREIGN KEY ({table.parent}) REFERENCES pages (path)")
    return f"CREATE TABLE {table.name} ({', '.join(parts)})"


def is_ours(file: Path) -> bool:
    """Whether a file is a database that was written here."""
    head = head_of(file, 72)
    return head[:16] == _MAGIC and head[68:72] == _APPLICATION.to_bytes(4, "big")
