"""A store in memory: the least that a storage has to offer."""

import errno
import os
from collections.abc import Iterable, Iterator, Mapping

from newsarchive.store.listing import Folder, Scan, folders_of, no_folder


class MemoryStore:
    """Files in a dictionary.

    Args:
        files: what they hold, by archive path.
    """

    home = "memory"
    history = ""
    has_states = False

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self.files = dict(files)

    def __str__(self) -> str:
        return "files in memory"

    def list_folder(self, folder: str, *, stats: bool = False) -> Folder:
        return folders_of(self.files).get(folder) or no_folder(folder)

    def exists(self, path: str) -> bool:
        above = self.list_folder(path.rpartition("/")[0])
        return path in above.others or path.rpartition("/")[2] in above.listing.names

    def read(self, path: str) -> bytes:
        if path not in self.files:
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), path)
        return self.files[path]

    def read_many(self, paths: Iterable[str]) -> Iterator[tuple[str, bytes | OSError]]:
        for path in paths:
            try:
                yield path, self.read(path)
            except OSError as error:
                yield path, error

    def label(self, path: str) -> str:
        return f"memory{path}"

    def aliases(self, known: Scan | None = None) -> dict[str, list[str]]:
        return {}

    def is_alias(self, path: str) -> bool:
        return False
