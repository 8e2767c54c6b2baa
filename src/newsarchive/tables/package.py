"""What describes tables to other programs: Frictionless data packages, JSON Schema."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from newsarchive._version import __version__
from newsarchive.tables.schema import TABLES, VERSION, Column, TableSchema, ValueKind, columns

NAME = "newsarchive-tables"

_FIELDS: dict[ValueKind, dict[str, Any]] = {
    ValueKind.TEXT: {"type": "string"},
    ValueKind.INTEGER: {"type": "integer"},
    ValueKind.BOOLEAN: {"type": "boolean"},
    ValueKind.DAY: {"type": "date"},
    ValueKind.MOMENT: {"type": "datetime", "format": "%Y-%m-%dT%H:%M:%S"},
    ValueKind.LIST: {"type": "array"},
    ValueKind.OBJECT: {"type": "object"},
}
_VALUES: dict[ValueKind, dict[str, Any]] = {
    **_FIELDS,
    ValueKind.DAY: {"type": "string", "format": "date"},
    ValueKind.MOMENT: {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$"},
    ValueKind.LIST: {"type": "array", "items": {"type": "string"}},
}


def package(
    files: Iterable[tuple[TableSchema, str, int, str]], form: str, media_type: str
) -> dict[str, Any]:
    """The data package of files: each with its table, name, size and digest (SHA-256)."""
    found = [*files]
    names = {table.name for table, *_ in found}
    return {
        "profile": "data-package",
        "name": NAME,
        "title": "Tables of a news archive",
        "version": f"{VERSION}",
        "created_by": f"newsarchive {__version__}",
        "resources": [
            {
                "name": table.name,
                "type": "table",
                "path": name,
                "format": form,
                "mediatype": media_type,
                "encoding": "utf-8",
                **({} if form == "parquet" else {"bytes": size, "hash": f"sha256:{digest}"}),
                "description": table.meaning,
                "schema": _schema(table, form, names),
            }
            for table, name, size, digest in found
        ],
    }


def _schema(table: TableSchema, form: str, names: set[str]) -> dict[str, Any]:
    schema: dict[str, Any] = {"fields": [_field(column, form) for column in columns(table)]}
    if table.key:
        schema["primaryKey"] = [*table.key]
    if table.parent and "pages" in names:
        schema["foreignKeys"] = [
            {"fields": [table.parent], "reference": {"resource": "pages", "fields": ["path"]}}
        ]
    return schema


def _field(column: Column, form: str) -> dict[str, Any]:
    kind = _FIELDS[column.kind]
    if column.kind is ValueKind.LIST and form != "jsonl":
        # Joined by "|"; and what reads Parquet does not take its lists for arrays.
        kind = {"type": "string" if form == "csv" else "any"}
    field = {"name": column.name, **kind, "description": column.meaning}
    empty_is_none = form == "csv" and column.kind in (ValueKind.TEXT, ValueKind.LIST)
    if not column.optional and not empty_is_none:
        field["constraints"] = {"required": True}
    return field


def json_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of the rows of every table, as JSON lines have them."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "rows of the tables of a news archive",
        "version": VERSION,
        "$defs": {name: _row_schema(table) for name, table in TABLES.items()},
        "anyOf": [{"$ref": f"#/$defs/{name}"} for name in TABLES],
    }


def _row_schema(table: TableSchema) -> dict[str, Any]:
    properties = {}
    for column in columns(table):
        value = _VALUES[column.kind]
        if column.optional:
            value = {"anyOf": [value, {"type": "null"}]}
        properties[column.name] = {"description": column.meaning, **value}
    return {
        "type": "object",
        "description": table.meaning,
        "properties": properties,
        "required": [*properties],
        "additionalProperties": False,
    }
