"""Titles as links quote them: which are the same, and which tell of two events at one path."""

from __future__ import annotations

from newsarchive.findings.edits import alike
from newsarchive.page.paths import target_path
from newsarchive.page.reading import LinkKind, Reading

QUOTING = (LinkKind.RELATED, LinkKind.INDEX_ENTRY)
"""The kinds of link that quote the title of the page that they lead to."""
_SHOWN = 100


def same_title(one: str, other: str) -> bool:
    """Whether two titles differ in blanks and escaped brackets at most."""
    if one == other or one.strip() == other.strip():  # nearly always
        return True
    return unescape(one).split() == unescape(other).split()


def unescape(text: str) -> str:
    r"""A text whose escaped brackets (``\[``), as a fix of NA110 writes them, are plain."""
    return text.replace("\\[", "[").replace("\\]", "]") if "\\" in text else text


def contested_paths(reading: Reading) -> frozenset[str]:
    """The paths that a page links to under titles that differ.

    They may be two events whose slugs were cut alike, so that the page of one took the place of
    the other's: then the titles are all that tells of it.
    """
    first: dict[str, str] = {}
    found = set()
    for link in reading.links(*QUOTING):
        path = target_path(link.target)
        if not same_title(first.setdefault(path, link.text), link.text):
            found.add(path)
    return frozenset(found)


def telling_part(title: str, other: str) -> str:
    """The part of a title, short enough for a message, that tells it from another."""
    start = max(0, alike(title, other) - 30)
    return ("..." if start else "") + shorten(title[start:])


def shorten(title: str) -> str:
    """A title for a message."""
    return title if len(title) <= _SHOWN else title[: _SHOWN - 3] + "..."
