"""JSON lines: an object a row."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from json.encoder import encode_basestring as text
from typing import Any

from newsarchive.tables.files import FolderWriter
from newsarchive.tables.schema import Column, Columns, TableSchema, ValueKind, columns

_encode = json.JSONEncoder(ensure_ascii=False, default=lambda value: value.isoformat()).encode
_WAYS: dict[ValueKind, Callable[[Any], str]] = {
    ValueKind.TEXT: text,
    ValueKind.INTEGER: str,
    ValueKind.BOOLEAN: lambda value: "true" if value else "false",
    ValueKind.DAY: lambda value: f'"{value.isoformat()}"',
    ValueKind.MOMENT: lambda value: f'"{value.isoformat()}"',
    ValueKind.LIST: lambda value: f"[{', '.join(map(text, value))}]",
    ValueKind.OBJECT: lambda value: value if isinstance(value, str) else _encode(value),
}


def encode(table: TableSchema, made: Columns) -> bytes:
    """Rows as lines."""
    names, cells = [], []
    for column, values in zip(columns(table), made, strict=True):
        mark, texts = _cells(column, values)
        names.append(f'"{column.name}": {mark}')
        cells.append(texts)
    line = f"{{{', '.join(names)}}}\n"
    return "".join(map(line.__mod__, zip(*cells, strict=True))).encode()


def _cells(column: Column, values: list[Any]) -> tuple[str, Iterable[Any]]:
    """How a line takes the values of a column, and these as it takes them."""
    way = _WAYS[column.kind]
    if column.optional and None in values:
        return "%s", ["null" if value is None else way(value) for value in values]
    if column.kind is ValueKind.TEXT:
        joined = "".join(values)
        if len(text(joined)) == len(joined) + 2:  # there is nothing to escape in any of them
            return '"%s"', values
    if column.kind is ValueKind.INTEGER:
        return "%d", values
    return "%s", map(way, values)


class JsonlWriter(FolderWriter):
    """A folder of JSON lines."""

    suffix = "jsonl"
    media_type = "application/jsonl"
