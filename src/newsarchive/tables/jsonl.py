"""JSON lines: an object a row."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from json.encoder import encode_basestring as text
from typing import Any

from newsarchive.tables.files import FolderWriter
from newsarchive.tables.schema import Row, TableSchema, ValueKind, columns, in_columns

_encode = json.JSONEncoder(ensure_ascii=False, default=lambda value: value.isoformat()).encode
_WAYS: dict[ValueKind, Callable[[Any], str]] = {
    ValueKind.TEXT: text,
    ValueKind.INTEGER: str,
    ValueKind.BOOLEAN: lambda value: "true" if value else "false",
    ValueKind.DAY: lambda value: f'"{value.isoformat()}"',
    ValueKind.MOMENT: lambda value: f'"{value.isoformat()}"',
    ValueKind.LIST: lambda value: _encode(value) if value else "[]",
    ValueKind.OBJECT: _encode,
}


def encode(table: TableSchema, rows: Sequence[Row]) -> bytes:
    """Rows as lines."""
    names = ", ".join(f'"{column.name}": %s' for column in columns(table))
    line = f"{{{names}}}\n"
    made = in_columns(table, rows, _WAYS, "null")
    return "".join([line % cells for cells in zip(*made, strict=True)]).encode()


class JsonlWriter(FolderWriter):
    """A folder of JSON lines."""

    suffix = "jsonl"
    media_type = "application/jsonl"
