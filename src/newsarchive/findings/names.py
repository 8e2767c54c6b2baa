"""Archive paths as people read them: a day and a slug, and an old slug beside a new one."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from newsarchive.findings.edits import alike
from newsarchive.page.patterns import pattern

# A run of letters and figures is a word; of other scripts, each character.
_WORD = pattern(r"[0-9A-Za-z]+|(?s:.)")


def day_and_slug(path: str) -> tuple[str, str]:
    """The day of a path, and its last part without ``.md``; a path without a day stays whole.

    ``/news/2013/02/20/a-b.md`` is ``("2013-02-20", "a-b")``.
    """
    folder, _, name = path.rpartition("/")
    day, _ = _day(folder)
    return (day, name.removesuffix(".md")) if day else ("", path)


def iso_day(path: str) -> str:
    """The day of a path as ``2016-03-02``, whatever zeros it has; empty where it has none."""
    return _day(path.rpartition("/")[0])[1]


@lru_cache(maxsize=1 << 14)  # the days of forty years: findings and targets name each often
def _day(folder: str) -> tuple[str, str]:
    """The day of a folder as its path has it, and with zeros; both empty where it has none."""
    parts = folder.split("/")
    if not (len(parts) == 5 and parts[1] == "news" and all(p.isdecimal() for p in parts[2:])):
        return "", ""
    return "-".join(parts[2:]), "-".join(part.zfill(2) for part in parts[2:])


class Compared(NamedTuple):
    """Two names: what they begin with, what differs, what they end with."""

    before: str
    old: str
    new: str
    after: str


def compared(old: str, new: str) -> Compared:
    """What two names share at their ends, in whole words, and what differs between."""
    one, other = _WORD.findall(old), _WORD.findall(new)
    first = alike(one, other)
    rest = alike(one[first:][::-1], other[first:][::-1])
    last, end = len(one) - rest, len(other) - rest
    return Compared(
        "".join(one[:first]), "".join(one[first:last]),
        "".join(other[first:end]), "".join(one[last:]),
    )  # fmt: skip
