"""CSV: lists joined by ``|``; nothing stands for no value."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from newsarchive.tables.files import FolderWriter
from newsarchive.tables.schema import Columns, TableSchema, ValueKind, columns, converted

_WAYS: dict[ValueKind, Callable[[Any], str]] = {
    ValueKind.BOOLEAN: lambda value: "true" if value else "false",
    ValueKind.DAY: lambda value: value.isoformat(),
    ValueKind.MOMENT: lambda value: value.isoformat(),
    ValueKind.LIST: "|".join,
}


def encode(table: TableSchema, made: Columns) -> bytes:
    """Rows as lines."""
    return _lines(zip(*converted(table, made, _WAYS, ""), strict=True))


def _lines(rows: Iterable[Sequence[Any]]) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue().encode()


class CsvWriter(FolderWriter):
    """A folder of CSV files, each with a line of names."""

    suffix = "csv"
    media_type = "text/csv"

    def head(self, table: TableSchema) -> bytes:
        """The line of names."""
        return _lines([[column.name for column in columns(table)]])
