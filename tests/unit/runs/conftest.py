"""What runs are tested with."""

import pytest

from newsarchive.graph.records import FolderRecord
from newsarchive.runs.cache import Cache


@pytest.fixture
def records_read(monkeypatch: pytest.MonkeyPatch) -> list[Cache]:
    """A line for each time that the records are read."""
    found: list[Cache] = []
    whole = Cache.load

    def load(cache: Cache) -> dict[str, FolderRecord]:
        found.append(cache)
        return whole(cache)

    monkeypatch.setattr(Cache, "load", load)
    return found
