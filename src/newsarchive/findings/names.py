"""Archive paths as people read them: a day and a slug, and an old slug beside a new one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from newsarchive.page.patterns import pattern

# A run of letters and figures is a word; of other scripts, each character.
_WORD = pattern(r"[0-9A-Za-z]+|(?s:.)")


def day_and_slug(path: str) -> tuple[str, str]:
    """The day of a path, and its last part without ``.md``; a path without a day stays whole.

    ``/news/2013/02/20/a-b.md`` is ``("2013-02-20", "a-b")``.
    """
    *folders, name = path.split("/")
    if len(folders) == 5 and folders[1] == "news" and all(f.isdecimal() for f in folders[2:]):
        return "-".join(folders[2:]), name.removesuffix(".md")
    return "", path


class Compared(NamedTuple):
    """Two names: what they begin with, what differs, what they end with."""

    before: str
    old: str
    new: str
    after: str


def compared(old: str, new: str) -> Compared:
    """What two names share at their ends, in whole words, and what differs between."""
    one, other = _WORD.findall(old), _WORD.findall(new)
    first = _shared(one, other)
    rest = _shared(one[first:][::-1], other[first:][::-1])
    last, end = len(one) - rest, len(other) - rest
    return Compared(
        "".join(one[:first]), "".join(one[first:last]),
        "".join(other[first:end]), "".join(one[last:]),
    )  # fmt: skip


def _shared(one: Sequence[str], other: Sequence[str]) -> int:
    """How many words two lists begin with in common."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((n for n, (a, b) in pairs if a != b), min(len(one), len(other)))
