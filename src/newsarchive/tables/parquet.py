"""Parquet, by pyarrow: lists as lists, dates as dates, meanings of columns in the metadata."""

from __future__ import annotations

import datetime
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import accumulate, chain, islice
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from newsarchive.tables.files import Digesting, FolderWriter
from newsarchive.tables.schema import Columns, Row, TableSchema, ValueKind, columns, columns_of

_ROWS = 50_000  # of a group, at least
_BYTES = 1 << 24

_UNLIKE = frozenset(("sha256", "description", "body", "url", "fingerprint"))
"""Columns whose values hardly repeat: to look for those that do takes a third of the writing."""

_TYPES = {
    ValueKind.TEXT: pa.string(),
    ValueKind.INTEGER: pa.int64(),
    ValueKind.BOOLEAN: pa.bool_(),
    ValueKind.DAY: pa.date32(),
    ValueKind.MOMENT: pa.timestamp("s"),
    ValueKind.LIST: pa.list_(pa.string()),
}


@cache
def arrow_schema(table: TableSchema) -> Any:
    """The schema of a table as Arrow has it."""
    fields = [
        pa.field(c.name, _TYPES[c.kind], nullable=c.optional, metadata={"description": c.meaning})
        for c in columns(table)
    ]
    return pa.schema(fields, metadata={"description": table.meaning})


def batch(table: TableSchema, made: Columns) -> Any:
    """Rows as a batch of Arrow."""
    arrays = [
        _array(column.kind, values, column.optional)
        for column, values in zip(columns(table), made, strict=True)
    ]
    return pa.RecordBatch.from_arrays(arrays, schema=arrow_schema(table))


def _array(kind: ValueKind, values: list[Any], optional: bool = False) -> Any:
    """Values as Arrow has them in memory.

    `pa.array` does the same, but first imports pandas where that is installed: half a second in
    each process.
    """
    valid = None
    if optional and None in values:
        valid = _bits([value is not None for value in values])
        nothing = _NOTHING[kind]
        values = [nothing if value is None else value for value in values]
    buffers, *children = _BUFFERS[kind](values)
    return pa.Array.from_buffers(
        _TYPES[kind], len(values), [valid, *map(pa.py_buffer, buffers)], children=children or None
    )


def _bits(flags: list[bool]) -> Any:
    digits = "".join(["1" if flag else "0" for flag in reversed(flags)])
    return pa.py_buffer(int(digits or "0", 2).to_bytes(len(flags) // 8 + 1, "little"))


def _of_texts(values: list[str]) -> Sequence[Any]:
    joined = "".join(values)
    data = joined.encode()
    if len(data) == len(joined):
        return [(_offsets(map(len, values)), data)]
    return [(_offsets([len(v if v.isascii() else v.encode()) for v in values]), data)]


def _of_lists(values: list[Sequence[str]]) -> Sequence[Any]:
    return [(_offsets(map(len, values)),), _array(ValueKind.TEXT, [*chain(*values)])]


def _offsets(lengths: Iterable[int]) -> Any:
    return array("i", accumulate(lengths, initial=0))


_EPOCH = datetime.datetime(1970, 1, 1)
_NOTHING: dict[ValueKind, Any] = {
    ValueKind.TEXT: "",
    ValueKind.INTEGER: 0,
    ValueKind.BOOLEAN: False,
    ValueKind.DAY: _EPOCH.date(),
    ValueKind.MOMENT: _EPOCH,
    ValueKind.LIST: (),
}
"""What stands, unseen, where there is no value."""

_BUFFERS: dict[ValueKind, Callable[[list[Any]], Sequence[Any]]] = {
    ValueKind.TEXT: _of_texts,
    ValueKind.INTEGER: lambda values: [(array("q", values),)],
    ValueKind.BOOLEAN: lambda values: [(_bits(values),)],
    ValueKind.DAY: lambda values: [
        (array("i", [day.toordinal() - _EPOCH.toordinal() for day in values]),)
    ],
    ValueKind.MOMENT: lambda values: [
        (array("q", [(at - _EPOCH) // datetime.timedelta(seconds=1) for at in values]),)
    ],
    ValueKind.LIST: _of_lists,
}
"""The buffers of a column's values, and behind them the arrays that it is made of."""


def in_batches(table: TableSchema, rows: Iterator[Row]) -> Any:
    """All rows as a table of Arrow."""
    batches = []
    while some := [*islice(rows, _ROWS)]:
        batches.append(batch(table, columns_of(table, some)))
    return pa.Table.from_batches(batches, arrow_schema(table))


def encode(table: TableSchema, made: Columns) -> bytes:
    """Rows as bytes that hold a batch of Arrow."""
    found: bytes = batch(table, made).serialize().to_pybytes()
    return found


@dataclass
class _Group:
    """What is to be written together: batches, how many rows, how many bytes."""

    batches: list[Any] = field(default_factory=list)
    rows: int = 0
    size: int = 0


class ParquetWriter(FolderWriter):
    """A folder of Parquet files."""

    suffix = "parquet"
    media_type = "application/vnd.apache.parquet"

    def _begin(self, table: TableSchema, file: Digesting) -> None:
        repeating = [
            f"{c.name}.list.element" if c.kind is ValueKind.LIST else c.name
            for c in columns(table)
            if c.name not in _UNLIKE
        ]
        writer = pq.ParquetWriter(
            file, arrow_schema(table), compression="zstd", use_dictionary=repeating
        )
        self._writers = getattr(self, "_writers", {})
        self._writers[table.name] = writer
        self._waiting: dict[str, _Group] = getattr(self, "_waiting", {})
        self._waiting[table.name] = _Group()

    def add(self, table: TableSchema, encoded: Any) -> None:
        """Write rows that were encoded; a group at a time."""
        group = self._waiting[table.name]
        batch = pa.ipc.read_record_batch(pa.py_buffer(encoded), arrow_schema(table))
        group.batches.append(batch)
        group.rows += batch.num_rows
        group.size += len(encoded)
        if group.rows >= _ROWS or group.size >= _BYTES:
            self._flush(table.name)

    def _flush(self, name: str) -> None:
        if batches := self._waiting[name].batches:
            self._writers[name].write_table(pa.Table.from_batches(batches))
            self._waiting[name] = _Group()

    def close(self) -> None:
        """End the files."""
        for name, writer in self._writers.items():
            self._flush(name)
            writer.close()
        super().close()
