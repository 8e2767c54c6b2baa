"""Archive paths: what a path says about its page.

An archive path is absolute from the archive's root, with ``/`` between its parts:
``/news/2013/02/20/slug.md``. Month padded, day not.
"""

import datetime
from enum import StrEnum
from functools import lru_cache
from urllib.parse import unquote

from newsarchive.page.lazy_tuples import NamedTuple
from newsarchive.page.patterns import pattern

INDEX_NAMES = ("index.md", "README.md")

_DAY_FOLDER = pattern(r"/news/(?P<year>[0-9]{1,6})/(?P<month>[0-9]{1,4})/(?P<day>[0-9]{1,4})")


class PageKind(StrEnum):
    """What a page is, by its path (or, without one, by its first heading)."""

    EVENT = "event"
    DAY_INDEX = "day-index"
    FRONT_PAGE = "front-page"
    OPINION_INDEX = "opinion-index"
    EDITORIAL = "editorial"
    PROSE = "prose"


class DayNumbers(NamedTuple):
    """Year, month and day as the path writes them; they need not be a day of the calendar."""

    year: int
    month: int
    day: int

    def date(self) -> datetime.date | None:
        """The date, or None where there is no such day."""
        try:
            return datetime.date(*self)
        except ValueError:
            return None


def kind_of(path: str) -> PageKind:
    """The kind of page that stands at an archive path."""
    head, _, name = path.rpartition("/")
    if name and _folder_day(head):
        return PageKind.DAY_INDEX if name in INDEX_NAMES else PageKind.EVENT
    if name in INDEX_NAMES:
        if head == "":
            return PageKind.FRONT_PAGE
        if head == "/opinion":
            return PageKind.OPINION_INDEX
        if head.startswith("/opinion/"):
            return PageKind.EDITORIAL
    return PageKind.PROSE


def day_of(path: str) -> DayNumbers | None:
    """Year, month and day of a page in a day's folder; None for every other page."""
    folder, _, name = path.rpartition("/")
    return _folder_day(folder) if name else None


def day_meant(target: str) -> DayNumbers | None:
    """The day that a link's target means, in whatever form; None where it means no day's page.

    Its index in another format or letter case, its folder with or without a slash, and any of that
    percent-encoded mean the day, though no page may be there. A page of an event does not.
    """
    folder, _, name = unquote(target).lower().rpartition("/")
    if name and name.partition(".")[0] not in ("index", "readme"):
        folder = f"{folder}/{name}"
    return _folder_day(folder)


# Pages are asked for folder by folder, some three times each.
@lru_cache(maxsize=8192)
def _folder_day(folder: str) -> DayNumbers | None:
    m = _DAY_FOLDER.fullmatch(folder)
    return DayNumbers(int(m["year"]), int(m["month"]), int(m["day"])) if m else None


@lru_cache(maxsize=8192)
def is_day_folder(folder: str) -> bool:
    """Whether a folder's path is that of a day of the calendar, as the archive writes it."""
    numbers = _folder_day(folder)
    date = numbers.date() if numbers else None
    return date is not None and day_folder(date) == folder


def day_folder(date: datetime.date) -> str:
    """The folder of a day: ``/news/2013/02/1`` (month padded, day not)."""
    return f"/news/{date.year:04d}/{date.month:02d}/{date.day}"


def day_path(date: datetime.date) -> str:
    """The path of a day's index page: ``/news/2013/02/1/index.md``."""
    return f"{day_folder(date)}/index.md"


def day_label(date: datetime.date) -> str:
    """A day as headings write it: ``2013-02-1`` (month padded, day not)."""
    return f"{date.year:04d}-{date.month:02d}-{date.day}"


_SCHEME = pattern(r"[A-Za-z][A-Za-z0-9+.-]*:")


def path_fault(target: str) -> str:
    """Why a link target without a fragment is no archive path; empty where it is one."""
    if not target:
        return "the link has no target"
    if target[0] != "/":
        if not _SCHEME.match(target):
            return "the target is relative; an archive path starts with '/'"
        return "the target leads out of the archive; expected an archive path '/news/...'"
    if target.startswith("//"):
        return "the target leads out of the archive; expected an archive path '/news/...'"
    decoded = unquote(target) if "%" in target else target
    if "\0" in decoded or "\\" in decoded:
        return "the target holds a NUL or a backslash, which no archive path does"
    if "/." in decoded:
        depth = 0
        for part in decoded.split("/")[1:]:
            depth += {"..": -1, ".": 0}.get(part, 1)
            if depth < 0:
                return "the target climbs out of the archive"
        if any(part in (".", "..") for part in decoded.split("/")):
            return "the target has '.' or '..' in it, which no archive path does"
    return ""


def target_path(target: str) -> str:
    """The path that a target names: what stands before a fragment."""
    return target.partition("#")[0]
