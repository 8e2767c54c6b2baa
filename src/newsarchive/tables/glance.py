"""Pages whose layout is proved: the proof holds all that rows say of them.

Most pages are such. Others are left to `rows`. That both ways make the same rows is tested.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from functools import lru_cache
from itertools import chain
from typing import NamedTuple
from urllib.parse import urlsplit

from newsarchive.page.editions import Edition
from newsarchive.page.parser._canonical import Columns as Entries
from newsarchive.page.parser._canonical import EventParts, IndexParts
from newsarchive.page.parser._sound import Sound, find, texts_of
from newsarchive.page.paths import day_label
from newsarchive.page.patterns import pattern

_HOST = pattern(r"https?://([A-Za-z0-9.-]+)(?:[/?#]|\Z)")


class EventGlance(NamedTuple):
    """An event whose layout is proved; the topics are what its day's indexes give, by target."""

    data: bytes
    text: str
    sound: Sound
    found: EventParts
    topics: Mapping[str, str]

    @property
    def sources(self) -> Entries:
        """Number, text, target, image's label and image of its sources, without the cover image."""
        columns = self.found.sources
        return [column[:-1] for column in columns] if self.found.cover else columns

    @property
    def cover(self) -> str | None:
        """The address of the cover image."""
        return self.found.sources[2][-1] if self.found.cover else None

    @property
    def first_line(self) -> int:
        """The line of the first entry of its first section."""
        above = 5 if "format" in self.sound.parts.links else 2
        return above + (self.found.own[1] is not None) + 8

    @property
    def related_line(self) -> int:
        """The line of the first related link."""
        many = len(self.found.sources[0])
        return self.first_line + (many + 3 if many else 0)


class IndexGlance(NamedTuple):
    """A day's index whose layout is proved; see `EventGlance`."""

    data: bytes
    text: str
    sound: Sound
    found: IndexParts
    topics: Mapping[str, str]

    @property
    def given(self) -> dict[str, str]:
        """The topics of its entries, by target."""
        wholes, topics, _, _, targets, *_ = self.found.items
        return {
            target.partition("#")[0]: topic.strip()
            for whole, topic, target in zip(wholes, topics, targets, strict=True)
            if whole.startswith("#####")
        }


Glance = EventGlance | IndexGlance


def glances(
    contents: Mapping[str, bytes | OSError],
    edition: Edition,
    topics: Mapping[str, Mapping[str, str]],
) -> dict[str, Glance]:
    """What is seen of those pages whose layout is proved.

    Contents stand folder by folder; `topics` has for each what the indexes there give, by target.
    """
    texts = texts_of(contents)
    seen: dict[str, Glance] = {}
    for path, sound in find([*texts.items()], edition, short=False):
        found, data, given = sound.found, contents[path], topics[path.rpartition("/")[0]]
        assert isinstance(data, bytes)
        if isinstance(found, IndexParts):
            seen[path] = IndexGlance(data, texts[path], sound, found, given)
        elif found:
            seen[path] = EventGlance(data, texts[path], sound, found, given)
    return seen


def chained(columns: Iterable[Entries]) -> list[list[str]]:
    """The entries of many pages as those of one, without their numbers."""
    return [[*chain.from_iterable(column)] for column in zip(*columns, strict=False)][1:]


@lru_cache(maxsize=64)
def day_of(ordinal: int) -> tuple[datetime.date, str]:
    """A date, and as headings have it."""
    date = datetime.date.fromordinal(ordinal)
    return date, day_label(date)


def host_of(url: str) -> str | None:
    """The host that an address names, in small letters; None where it names none."""
    if m := _HOST.match(url):
        return m[1].lower()
    try:
        return urlsplit(url).hostname
    except ValueError:
        return None
