"""Which edition an archive is of, by the words of some of its pages.

The pages are always the same ones: those of its first, its middle and its last day, by the names
of folders alone. So the answer is the archive's, whatever a run looks at, keeps or leaves out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from newsarchive.page.editions import EDITIONS, EN, Edition
from newsarchive.page.parser import telling_words
from newsarchive.page.paths import INDEX_NAMES
from newsarchive.store.store import Store

_PAGES_OF_A_DAY = 4
# Of an archive whose pages tell nothing, no more days than these are asked.
_MOST_DAYS = 16


def recognized(store: Store) -> Edition:
    """The built-in edition whose words most pages have; the English one where none has any."""
    votes: Counter[str] = Counter()
    asked: set[str] = set()
    for day in _days(store):
        if day in asked:
            continue
        asked.add(day)
        votes.update(_votes(store, day))
        if len(asked) >= (3 if votes else _MOST_DAYS):
            break
    return max(EDITIONS.values(), key=lambda edition: votes[edition.name]) if votes else EN


def _days(store: Store) -> Iterator[str]:
    """The folders of days: the first, the middle and the last one, then all in order."""
    years = _below(store, "/news")
    for at in (0, len(years) // 2, len(years) - 1):
        if years:
            folder = years[at]
            for _ in range(2):
                inner = _below(store, folder)
                folder = inner[len(inner) // 2] if inner else folder
            yield folder
    for year in years:
        for month in _below(store, year):
            yield from _below(store, month)


def _below(store: Store, folder: str) -> list[str]:
    return sorted(store.list_folder(folder).below)


def _votes(store: Store, folder: str) -> Iterator[str]:
    """For each of the first pages of a day, the edition whose words it has."""
    names = sorted(store.list_folder(folder).listing.names)
    chosen = [name for name in names if name in INDEX_NAMES][:1]
    chosen += [name for name in names if name not in INDEX_NAMES][: _PAGES_OF_A_DAY - 1]
    for _, data in store.read_many(f"{folder}/{name}" for name in chosen):
        if isinstance(data, bytes):
            text = data.decode("utf-8", "replace")
            words = {name: telling_words(text, edition) for name, edition in EDITIONS.items()}
            if any(words.values()):
                yield max(words, key=words.__getitem__)
