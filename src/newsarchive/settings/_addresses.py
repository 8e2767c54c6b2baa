"""Web addresses in a configuration."""

from __future__ import annotations

from pathlib import Path

from newsarchive.page.patterns import pattern
from newsarchive.settings._kinds import Kind, expected

# Without blanks, a query or a fragment: the path of a rule's page follows it.
_ADDRESS = pattern(r"https?://[A-Za-z0-9\[][!$-;=@-\[\]-~]*")


def _parse(value: object, folder: Path) -> str:
    if not isinstance(value, str) or not _ADDRESS.fullmatch(value):
        raise expected(ADDRESS.name, value)
    return value.rstrip("/") + "/"


ADDRESS = Kind(
    "a web address: 'https://docs.example.org/newsarchive/'",
    _parse, {"type": "string", "format": "uri", "pattern": "^https?://"},
)  # fmt: skip
