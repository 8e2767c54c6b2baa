"""An archive of any size that is nowhere: a store whose pages are made when they are read.

Every page follows from its path and the archive's number of pages. The archive ends on the last
day of 2019; a day has an index and 13 events, so a million pages reach back to 1824. One event in
`BROKEN_EVERY` links to a page that is not there: a merge must find these, and no others.
"""

import calendar
import datetime
import errno
import os
import re
import time
from collections.abc import Iterable, Iterator
from functools import lru_cache

from newsarchive.store.listing import Folder, Listing, Scan, no_folder

LAST_DAY = datetime.date(2019, 12, 31)
EVENTS = 13
PAGES_A_DAY = EVENTS + 1
BROKEN_EVERY = 5_000
RELATED = 4
IN_FLIGHT = 128

_DAY = re.compile(r"/news/(\d{4})/(\d{2})/(\d{1,2})")
_NAME = re.compile(r"harbour-(\d+)-is-opened-on-day-(\d+)\.md")
_TEXT = (
    "The harbour was built in three years. Ships of all sizes can land there at any tide. "
    "People of the town came to see the first of them, and the mayor spoke of what is to come. "
) * 11


class SimulatedStore:
    """The pages of an archive of whole days, made when they are read.

    Args:
        pages: how many pages it has about: whole days.
        latency: how long an answer takes, in seconds; `IN_FLIGHT` requests are answered together.
    """

    history = ""
    has_states = False

    def __init__(self, pages: int, latency: float = 0.0) -> None:
        self.days = max(pages // PAGES_A_DAY, 1)
        self.first = LAST_DAY.toordinal() - self.days + 1
        self.home = f"simulated-{self.days * PAGES_A_DAY}"
        self.latency = latency

    def __str__(self) -> str:
        return self.home

    @property
    def broken(self) -> int:
        """How many links lead nowhere."""
        return len(range(0, self.days * EVENTS, BROKEN_EVERY))

    @property
    def one_broken(self) -> str:
        """A page with such a link."""
        return f"{_dated(self.first)[1]}/{_name(self.first, 0)}"

    def list_folder(self, folder: str, *, stats: bool = False) -> Folder:
        """What is in one folder."""
        parts = folder.split("/")[1:]
        below: list[str] = []
        names: list[str] = []
        if not parts:
            below = ["/news"]
        elif len(parts) == 1:
            first = datetime.date.fromordinal(self.first).year
            below = [f"/news/{year:04d}" for year in range(first, LAST_DAY.year + 1)]
        elif len(parts) == 2:
            below = [f"{folder}/{month:02d}" for month in range(1, 13) if self._has(parts, month)]
        elif len(parts) == 3:
            year, month = int(parts[1]), int(parts[2])
            days = range(1, calendar.monthrange(year, month)[1] + 1)
            here = [
                day for day in days if datetime.date(year, month, day).toordinal() >= self.first
            ]
            below = sorted(f"{folder}/{day}" for day in here)
        elif (day := _day(folder)) is None or day < self.first:
            return no_folder(folder)
        else:
            names = [*(_name(day, n) for n in range(EVENTS)), "index.md"]
        return Folder(below, Listing(folder, sorted(names)), [], [])

    def _has(self, parts: list[str], month: int) -> bool:
        year = int(parts[1])
        last = datetime.date(year, month, calendar.monthrange(year, month)[1])
        return last.toordinal() >= self.first

    def exists(self, path: str) -> bool:
        """Whether there is a page of this path."""
        folder, _, name = path.rpartition("/")
        day = _day(folder)
        if day is None or not self.first <= day <= LAST_DAY.toordinal():
            return False
        event = _NAME.fullmatch(name)
        return name == "index.md" or bool(event and int(event[1]) < EVENTS and int(event[2]) == day)

    def read(self, path: str) -> bytes:
        """What a page holds."""
        time.sleep(self.latency)
        return self._made(path)

    def read_many(self, paths: Iterable[str]) -> Iterator[tuple[str, bytes | OSError]]:
        """What pages hold."""
        for number, path in enumerate(paths):
            if self.latency and number % IN_FLIGHT == 0:
                time.sleep(self.latency)
            try:
                yield path, self._made(path)
            except OSError as error:
                yield path, error

    def label(self, path: str) -> str:
        """The name that findings give a page."""
        return f"{self.home}{path}"

    def aliases(self, known: Scan | None = None) -> dict[str, list[str]]:
        """There are no links."""
        return {}

    def is_alias(self, path: str) -> bool:
        """There are no links."""
        return False

    def _made(self, path: str) -> bytes:
        if not self.exists(path):
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), path)
        folder, _, name = path.rpartition("/")
        day = _day(folder)
        assert day is not None
        if name == "index.md":
            return self._index(day).encode()
        event = _NAME.fullmatch(name)
        assert event
        return self._event(day, int(event[1])).encode()

    def _event(self, day: int, n: int) -> str:
        date, folder = _dated(day)
        number = (day - self.first) * EVENTS + n
        related = []
        for k in range(1, RELATED + 1):
            # Most are of the days before, one is of any day.
            back = (number * 7919 + k) % (30 if k < RELATED else self.days)
            other, m = max(day - back, self.first), (n + k) % EVENTS
            related.append(f"{k}. [{_title(other, m)} ]({_dated(other)[1]}/{_name(other, m)})\n")
        if number % BROKEN_EVERY == 0:
            related[0] = f"1. [A harbour is gone. ]({folder}/a-harbour-is-gone.md)\n"
        return (
            f"### [{date}]({folder}/index.md)\n\n# {_title(day, n)} \n\n{_TEXT.strip()}\n\n\n"
            f"### Source:\n\n1. [Harbour Post](https://post.example.org/{number})\n\n"
            f"### Related:\n\n{''.join(related)}"
        )

    def _index(self, day: int) -> str:
        date, folder = _dated(day)
        entries = "".join(
            f"### [{_title(day, n)} ]({folder}/{_name(day, n)})\n\n" for n in range(EVENTS)
        )
        before = (
            f"## [Previous Day...]({_dated(day - 1)[1]}/index.md)\n\n" if day > self.first else ""
        )
        return f"## [{date}]({folder}/index.md)\n\n{entries}{before}"


def _day(folder: str) -> int | None:
    match = _DAY.fullmatch(folder)
    try:
        return datetime.date(*map(int, match.groups())).toordinal() if match else None
    except ValueError:
        return None


@lru_cache(maxsize=4096)
def _dated(day: int) -> tuple[str, str]:
    date = datetime.date.fromordinal(day)
    month = f"{date.year:04d}-{date.month:02d}-{date.day}"
    return month, f"/news/{month.replace('-', '/')}"


def _title(day: int, n: int) -> str:
    return f"Harbour {n} is opened on day {day}."


def _name(day: int, n: int) -> str:
    return f"harbour-{n}-is-opened-on-day-{day}.md"
