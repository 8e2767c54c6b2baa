"""Parquet, by pyarrow: lists as lists, dates as dates, meanings of columns in the metadata."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from newsarchive.tables.files import Digesting, FolderWriter
from newsarchive.tables.schema import Row, TableSchema, ValueKind, columns, in_columns

_ROWS = 50_000  # of a group, at least
_BYTES = 1 << 24

_TYPES = {
    ValueKind.TEXT: pa.string(),
    ValueKind.INTEGER: pa.int64(),
    ValueKind.BOOLEAN: pa.bool_(),
    ValueKind.DAY: pa.date32(),
    ValueKind.MOMENT: pa.timestamp("s"),
    ValueKind.LIST: pa.list_(pa.string()),
}


def arrow_schema(table: TableSchema) -> Any:
    """The schema of a table as Arrow has it."""
    fields = [
        pa.field(c.name, _TYPES[c.kind], nullable=c.optional, metadata={"description": c.meaning})
        for c in columns(table)
    ]
    return pa.schema(fields, metadata={"description": table.meaning})


def batch(table: TableSchema, rows: Sequence[Row]) -> Any:
    """Rows as a batch of Arrow."""
    schema = arrow_schema(table)
    made: list[list[Any]] = in_columns(table, rows, {}, None) or [[] for _ in schema]
    arrays = [pa.array(values, field.type) for values, field in zip(made, schema, strict=True)]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def in_batches(table: TableSchema, rows: Iterator[Row]) -> Any:
    """All rows as a table of Arrow."""
    batches = []
    while some := [*islice(rows, _ROWS)]:
        batches.append(batch(table, some))
    return pa.Table.from_batches(batches, arrow_schema(table))


def encode(table: TableSchema, rows: Sequence[Row]) -> bytes:
    """Rows as bytes that hold a batch of Arrow."""
    found: bytes = batch(table, rows).serialize().to_pybytes()
    return found


class ParquetWriter(FolderWriter):
    """A folder of Parquet files."""

    suffix = "parquet"
    media_type = "application/vnd.apache.parquet"

    def _begin(self, table: TableSchema, file: Digesting) -> None:
        writer = pq.ParquetWriter(file, arrow_schema(table), compression="zstd")
        self._writers = getattr(self, "_writers", {})
        self._writers[table.name] = writer
        self._waiting: dict[str, list[Any]] = getattr(self, "_waiting", {})
        self._waiting[table.name] = []

    def add(self, table: TableSchema, encoded: Any) -> None:
        """Write rows that were encoded; a group at a time."""
        waiting = self._waiting[table.name]
        waiting.append(pa.ipc.read_record_batch(pa.py_buffer(encoded), arrow_schema(table)))
        if sum(b.num_rows for b in waiting) >= _ROWS or sum(b.nbytes for b in waiting) >= _BYTES:
            self._flush(table.name)

    def _flush(self, name: str) -> None:
        if self._waiting[name]:
            self._writers[name].write_table(pa.Table.from_batches(self._waiting[name]))
            self._waiting[name] = []

    def close(self) -> None:
        """End the files."""
        for name, writer in self._writers.items():
            self._flush(name)
            writer.close()
        super().close()
