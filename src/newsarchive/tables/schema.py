"""The tables of an archive, said once: rows, documentation, formats and JSON Schema follow.

A table is a named tuple of its columns; what a column means stands beside its type.
"""

from __future__ import annotations

import datetime
import types
import typing
from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from functools import cache
from typing import Annotated, Any, NamedTuple, TypeVar

VERSION = 1
"""The version of the schema: it changes where a column goes or gets another meaning."""

Row = tuple[Any, ...]
Columns = list[list[Any]]
"""Rows, column by column: the way to make and to write many."""
Page = Annotated[str, "the page, by its archive path"]
Place = Annotated[int, "its place on the page, from 1"]
Target = Annotated[
    str, "where it leads, as written, without what an edition puts before paths; empty for no link"
]
Line = Annotated[int, "its line, from 1"]
Terms = tuple[str, ...]
Object = dict[str, Any]


class PageRow(NamedTuple):
    """One page; a page that is damaged or cannot be read has a row, too."""

    path: Annotated[str, "the archive path"]
    kind: Annotated[str, "event, day-index, front-page, opinion-index, editorial or prose"]
    date: Annotated[datetime.date | None, "the day that the heading names"]
    title: Annotated[str | None, "the title of an event or editorial"]
    topic: Annotated[str | None, "the topic of an event; where it has none, as its day lists it"]
    description: Annotated[str | None, "the paragraph of an event"]
    body: Annotated[str | None, "the text of a prose page or editorial"]
    author: Annotated[str | None, "who wrote an editorial"]
    cover_image: Annotated[str | None, "the address of an event's picture"]
    edition: Annotated[str, "the edition of the archive"]
    sha256: Annotated[str | None, "the digest of the file; none where it cannot be read"]
    bytes: Annotated[int | None, "how long the file is"]
    built: Annotated[bool, "whether the page has a model; damaged ones have none"]


class SourceRow(NamedTuple):
    """Who reported an event; one row for each line under Source that has a number."""

    page: Page
    n: Place
    name: Annotated[str, "the publisher as the page names it"]
    url: Annotated[str, "the report's address as written; empty where the line is no link"]
    host: Annotated[str | None, "the address's host, in small letters"]
    image: Annotated[str | None, "the address of a picture beside it"]
    line: Line


class RelatedRow(NamedTuple):
    """A link to another event; one row for each line under Related that has a number."""

    page: Page
    n: Place
    title: Annotated[str, "the other event's title as the link gives it"]
    target: Target
    target_exists: Annotated[bool, "whether the archive has that file"]
    context: Annotated[Terms, "what the two events have in common"]
    line: Line


class EntryRow(NamedTuple):
    """What an index lists: of a day, of the front page, of the opinions."""

    page: Page
    section: Annotated[str, "the heading that it is under"]
    n: Place
    title: Annotated[str, "the title as the link gives it"]
    target: Target
    topic: Annotated[str | None, "the topic line above it"]
    description: Annotated[str | None, "the paragraph below it"]
    context: Annotated[Terms, "the terms in place of a description"]


class ChangeRow(NamedTuple):
    """A version of an event; one row for each line under Changes that has a number."""

    page: Page
    n: Place
    kind: Annotated[str, "First version, Update or Current version"]
    title: Annotated[str, "the title that the version had"]
    path: Annotated[str, "the archive path that the version had"]
    timestamp: Annotated[
        datetime.datetime | None, "when the next version took its place; no time zone is known"
    ]


class LinkRow(NamedTuple):
    """A link of a page, of whatever kind."""

    page: Page
    n: Place
    kind: Annotated[
        str, "source, cover-image, related, change, index-entry, day, previous-day or format"
    ]
    target: Target
    resolved: Annotated[str | None, "the file of the archive that it leads to"]
    line: Annotated[int, "the line of the target, from 1"]
    column: Annotated[int, "the column of the target, from 1"]


class FindingRow(NamedTuple):
    """What a check finds, by the settings of the archive."""

    page: Annotated[str, "the page or other file; / means the archive"]
    n: Annotated[int, "its place among the findings of the page, from 1"]
    code: Annotated[str, "the rule's code"]
    name: Annotated[str, "the rule's name"]
    severity: Annotated[str, "error, warning or info"]
    line: Line
    column: Annotated[int, "its column, from 1"]
    message: Annotated[str, "what was found, and what was expected"]
    fingerprint: Annotated[str, "its name from run to run"]
    fixable: Annotated[bool, "whether it has a fix"]


class MetaRow(NamedTuple):
    """What the tables were made of; one row."""

    schema_version: Annotated[int, "the version of this schema"]
    newsarchive_version: Annotated[str, "the version of newsarchive"]
    edition: Annotated[str, "the edition of the archive"]
    git_commit: Annotated[str | None, "the commit that is checked out"]
    git_clean: Annotated[bool | None, "whether the pages are as that commit has them"]
    settings_digest: Annotated[str, "a digest of the settings that findings depend on"]
    pages: Annotated[int | None, "rows of pages; none where that table was not asked for"]
    sources: Annotated[int | None, "rows of sources"]
    related: Annotated[int | None, "rows of related"]
    entries: Annotated[int | None, "rows of entries"]
    changes: Annotated[int | None, "rows of changes"]
    links: Annotated[int | None, "rows of links"]
    findings: Annotated[int | None, "rows of findings"]


class ModelRow(NamedTuple):
    """A page's model. Only JSON lines have this table: the others hold no objects."""

    path: Annotated[str, "the archive path"]
    model: Annotated[Object | None, "the model as JSON; `newsarchive.Page` reads it"]
    text: Annotated[str | None, "the whole text, where it is not what `render` makes of the model"]


class TableSchema(NamedTuple):
    """One table."""

    name: str
    row: type[Any]  # the named tuple of its columns
    key: tuple[str, ...] = ("page", "n")  # the columns that its rows are known and sorted by
    parent: str = "page"  # the column that names a row of `pages`; empty where none does
    nested: bool = False  # whether it holds objects, which only JSON can

    @property
    def meaning(self) -> str:
        """What a row stands for."""
        return (self.row.__doc__ or "").strip()


TABLES: Mapping[str, TableSchema] = {
    table.name: table
    for table in (
        TableSchema("pages", PageRow, ("path",), ""),
        TableSchema("sources", SourceRow),
        TableSchema("related", RelatedRow),
        TableSchema("entries", EntryRow, ("page", "section", "n")),
        TableSchema("changes", ChangeRow),
        TableSchema("links", LinkRow),
        TableSchema("findings", FindingRow, parent=""),
        TableSchema("meta", MetaRow, (), ""),
        TableSchema("models", ModelRow, ("path",), "path", nested=True),
    )
}
"""Every table by its name, in the order in which they are written."""


class ValueKind(StrEnum):
    """What the values of a column are."""

    TEXT = "text"
    INTEGER = "integer"
    BOOLEAN = "boolean"
    DAY = "day"
    MOMENT = "moment"
    LIST = "list of texts"
    OBJECT = "object"


_KINDS = {
    str: ValueKind.TEXT,
    int: ValueKind.INTEGER,
    bool: ValueKind.BOOLEAN,
    datetime.date: ValueKind.DAY,
    datetime.datetime: ValueKind.MOMENT,
    Terms: ValueKind.LIST,
    Object: ValueKind.OBJECT,
}


class Column(NamedTuple):
    """One column: its name, what its values are, whether there may be none, what it means."""

    name: str
    kind: ValueKind
    optional: bool
    meaning: str


@cache
def columns(table: TableSchema) -> tuple[Column, ...]:
    """The columns of a table, in their order."""
    hints = typing.get_type_hints(table.row, include_extras=True)
    return tuple(_column(name, hints[name]) for name in table.row._fields)


def _column(name: str, hint: Any) -> Column:
    kind, meaning = typing.get_args(hint)
    optional = isinstance(kind, types.UnionType)
    if optional:
        kind = next(one for one in typing.get_args(kind) if one is not types.NoneType)
    return Column(name, _KINDS[kind], optional, meaning)


def no_rows(table: TableSchema) -> Columns:
    """The columns of a table that has no rows yet."""
    return [[] for _ in table.row._fields]


def extend(made: Columns, *values: Iterable[Any]) -> None:
    """Add rows to a table: so many values to each column."""
    for column, more in zip(made, values, strict=True):
        column.extend(more)


def extend_by_rows(made: Columns, rows: Iterable[Row]) -> None:
    """Add rows to a table, row by row."""
    for row in rows:
        for column, value in zip(made, row, strict=True):
            column.append(value)


def columns_of(table: TableSchema, rows: Iterable[Row]) -> Columns:
    """Rows as columns."""
    made = no_rows(table)
    extend_by_rows(made, rows)
    return made


Made = TypeVar("Made")


def converted(
    table: TableSchema,
    values_of: Columns,
    ways: Mapping[ValueKind, Callable[[Any], Made]],
    none: Made,
) -> list[list[Made]]:
    """Columns with each value made what a format holds, by the way of its kind, if it has one."""
    made = []
    for column, values in zip(columns(table), values_of, strict=True):
        way = ways.get(column.kind)
        if way is None:
            made.append(values)
        elif column.optional:
            made.append([none if value is None else way(value) for value in values])
        else:
            made.append(list(map(way, values)))
    return made
