"""Events and days of an archive, in the order of time."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple, overload

from newsarchive.findings.diagnostics import InvalidPageError
from newsarchive.page.paths import INDEX_NAMES, PageKind, day_folder, day_of, kind_of, target_path
from newsarchive.page.reading import Reading
from newsarchive.rules.inspection import parse
from newsarchive.tables.rows import parts_of, topics_in

if TYPE_CHECKING:
    from newsarchive.archive import Archive
    from newsarchive.page.models import DayIndex, Event

OnError = Literal["skip", "raise"] | Callable[[str, Exception], object]
"""What becomes of a page that cannot be read or built: it is passed over, raises, or is told."""

Bound = datetime.date | str | None
"""A day, as a date or as ISO writes it (``2016-03-02``); None bounds nothing."""


@overload
def bound(day: datetime.date | str) -> datetime.date: ...
@overload
def bound(day: None) -> None: ...
def bound(day: Bound) -> datetime.date | None:
    """A day as a date; raises ValueError if a text is no day."""
    return datetime.date.fromisoformat(day) if isinstance(day, str) else day


class EventIterator(Iterator["Event"]):
    """Events as they are read, one after the other.

    Attributes:
        skipped: the pages that were skipped so far, by path, and why.
    """

    def __init__(self, archive: Archive, paths: Iterable[str], on_error: OnError = "skip") -> None:
        self.skipped: dict[str, Exception] = {}
        self._on_error = on_error
        self._read = archive.store.read_many(paths)
        self._edition = archive.edition

    def __iter__(self) -> EventIterator:
        return self

    def __next__(self) -> Event:
        from newsarchive.page.models import Event

        for path, data in self._read:
            try:
                if isinstance(data, OSError):
                    raise data
                page = parse(data, path, edition=self._edition)
            except (OSError, InvalidPageError) as error:
                if self._on_error == "raise":
                    raise
                self.skipped[path] = error
                if callable(self._on_error):
                    self._on_error(path, error)
                continue
            assert isinstance(page, Event), path  # as its path says
            return page
        raise StopIteration


def day_in(path: str) -> datetime.date | None:
    """The day of the folder that a page is in; None where that is no day's."""
    numbers = day_of(path)
    return numbers.date() if numbers else None


def bounds(
    since: datetime.date | None, until: datetime.date | None
) -> tuple[datetime.date, datetime.date]:
    """The first and the last day that are meant.

    Raises:
        ValueError: the first is later than the last.
    """
    first, last = since or datetime.date.min, until or datetime.date.max
    if first > last:
        raise ValueError(f"the first day, {first}, is later than the last, {last}")
    return first, last


def event_paths(
    paths: Iterable[str], since: Bound = None, until: Bound = None, under: str | None = None
) -> list[str]:
    """Those paths that are events, by day; events in the folder of no real day come first.

    Raises:
        ValueError: a text is no day, or the first day is later than the last.
    """
    first, last = bounds(bound(since), bound(until))
    folder = "" if under is None else f"{under.rstrip('/')}/"
    found = []
    for path in paths:
        if path.startswith(folder) and kind_of(path) is PageKind.EVENT:
            day = day_in(path)
            if day is None and (since or until) is not None:
                continue
            day = day or datetime.date.min
            if first <= day <= last:
                found.append((day, path))
    return [path for _, path in sorted(found)]


class DayEvent(NamedTuple):
    """An event of a day, and the topic that it or the day's index gives it; empty for none."""

    event: Event
    topic: str


@dataclass(frozen=True)
class NewsDay:
    """A day: its index and its events.

    Attributes:
        date: the day.
        index: its index page; None where there is none that can be built.
        events: its events, as the index lists them, then the others.
    """

    date: datetime.date
    index: DayIndex | None
    events: tuple[DayEvent, ...]


def indexes_in(archive: Archive, folder: str) -> list[Reading]:
    """The parts of the indexes of a day that can be read; the first counts most."""
    paths = [path for name in INDEX_NAMES if (path := f"{folder}/{name}") in archive]
    found = archive.store.read_many(paths)
    edition = archive.edition
    return [parts_of(path, data, edition) for path, data in found if isinstance(data, bytes)]


def day_of_archive(archive: Archive, date: datetime.date) -> NewsDay:
    """The index and the events of a day."""
    from newsarchive.page.models import DayIndex

    folder = day_folder(date)
    readings = indexes_in(archive, folder)
    topics = topics_in(readings)
    listed = [target_path(item.match["target"]) for r in readings for item in r.index_items()]
    order = {path: -at for at, path in enumerate(reversed(listed))}
    events = EventIterator(archive, event_paths(archive.folder(folder)))
    made = [DayEvent(event, event.topic or topics.get(event.path, "")) for event in events]
    made.sort(key=lambda one: order.get(one.event.path, 1))
    pages = [reading.page for reading in readings if reading.readable]
    index = next((page for page in pages if isinstance(page, DayIndex)), None)
    return NewsDay(date, index, tuple(made))
