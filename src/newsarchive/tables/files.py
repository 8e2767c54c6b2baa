"""A folder of files, one for each table, and the ``datapackage.json`` that describes them."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO, ClassVar

from newsarchive.store.whole import head_of, names_in, new_file
from newsarchive.tables.package import NAME, package
from newsarchive.tables.schema import TABLES, TableSchema

DESCRIPTION = "datapackage.json"


class Digesting:
    """A file that counts and digests what is written to it."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._digest = sha256()
        self.size: int = 0
        self.closed: bool = False

    def write(self, data: Any) -> int:
        """Write bytes."""
        self._digest.update(data)
        self.size += memoryview(data).nbytes
        return self._file.write(data)

    def tell(self) -> int:
        """How many bytes were written."""
        return self.size

    def flush(self) -> None:
        """Hand over what is waiting."""
        self._file.flush()

    def close(self) -> None:
        """End the file."""
        self.closed = True
        self._file.close()

    @property
    def digest(self) -> str:
        """The digest of all bytes."""
        return self._digest.hexdigest()


class FolderWriter:
    """Writes what workers encoded into an empty folder."""

    suffix: ClassVar[str]
    media_type: ClassVar[str]

    def __init__(self, folder: Path, tables: Sequence[TableSchema]) -> None:
        self._folder = folder
        self._open = contextlib.ExitStack()
        self._files: dict[str, Digesting] = {}
        for table in tables:
            file = Digesting(self._open.enter_context(new_file(folder / self.file_name(table))))
            self._files[table.name] = file
            self._begin(table, file)
        self._tables = tables

    @classmethod
    def file_name(cls, table: TableSchema) -> str:
        """The name of a table's file."""
        return f"{table.name}.{cls.suffix}"

    def head(self, table: TableSchema) -> bytes:
        """What stands above the rows."""
        return b""

    def _begin(self, table: TableSchema, file: Digesting) -> None:
        file.write(self.head(table))

    def add(self, table: TableSchema, encoded: Any) -> None:
        """Write rows that were encoded."""
        self._files[table.name].write(encoded)

    def finish(self) -> None:
        """Write what describes the files."""
        self.close()
        described = package(
            [
                (table, self.file_name(table), file.size, file.digest)
                for table in self._tables
                for file in [self._files[table.name]]
                if file.size  # an empty file is no JSON lines to those who validate
            ],
            self.suffix,
            self.media_type,
        )
        with new_file(self._folder / DESCRIPTION) as out:
            out.write((json.dumps(described, indent=2, ensure_ascii=False) + "\n").encode())

    def close(self) -> None:
        """Close the files."""
        self._open.close()


def is_ours(folder: Path) -> bool:
    """Whether a folder holds tables that were written here, and nothing else."""
    if folder.is_symlink() or not folder.is_dir():
        return False
    try:
        found = json.loads(head_of(folder / DESCRIPTION, 1 << 20))
        is_named = found["name"] == NAME
    except (ValueError, KeyError, TypeError):
        return False
    others = names_in(folder) - {DESCRIPTION}
    return is_named and all(name.partition(".")[0] in TABLES for name in others)
