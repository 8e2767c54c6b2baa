"""The formats that tables are written in; what brings one is imported when it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from newsarchive.errors import MissingPackageError
from newsarchive.store.whole import IsOurs
from newsarchive.tables.schema import Columns, TableSchema


class TableWriter(Protocol):
    """What writes rows that were encoded."""

    def add(self, table: TableSchema, encoded: Any) -> None:
        """Write rows of a table."""

    def finish(self) -> None:
        """Write what stands at the end."""

    def close(self) -> None:
        """Close what is open."""


class Form(NamedTuple):
    """A format."""

    name: str
    # makes of a table's rows what is sent between processes
    encode: Callable[[TableSchema, Columns], Any]
    # opens a new file or an empty folder for tables
    writer: Callable[[Path, Sequence[TableSchema]], TableWriter]
    is_folder: bool  # whether it is a folder of files
    is_ours: IsOurs  # whether what stands at a place was written in this format


def form_of(name: str) -> Form:
    """The format of a name; raises MissingPackageError if what it needs is not installed."""
    from newsarchive.tables import files

    if name == "sqlite":
        from newsarchive.tables import sqlite

        return Form(name, sqlite.encode, sqlite.SqliteWriter, False, sqlite.is_ours)
    if name == "csv":
        from newsarchive.tables import csv

        return Form(name, csv.encode, csv.CsvWriter, True, files.is_ours)
    if name == "jsonl":
        from newsarchive.tables import jsonl

        return Form(name, jsonl.encode, jsonl.JsonlWriter, True, files.is_ours)
    try:
        from newsarchive.tables import parquet
    except ImportError:
        raise MissingPackageError("pyarrow", "parquet") from None
    return Form(name, parquet.encode, parquet.ParquetWriter, True, files.is_ours)
