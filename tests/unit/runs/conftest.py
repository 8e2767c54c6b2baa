"""What runs are tested with."""

from collections.abc import Collection

import pytest

from newsarchive.graph.records import FolderRecord
from newsarchive.runs.cache import Cache


@pytest.fixture
def records_read(monkeypatch: pytest.MonkeyPatch) -> list[Cache]:
    """A line for each time that all records are read."""
    found: list[Cache] = []
    whole = Cache.load

    def load(cache: Cache, folders: Collection[str] | None = None) -> dict[str, FolderRecord]:
        found.extend([cache] if folders is None else [])
        return whole(cache, folders)

    monkeypatch.setattr(Cache, "load", load)
    return found
