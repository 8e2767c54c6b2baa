"""What a view that is kept in step knows of each page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from sys import intern
from typing import NamedTuple

from newsarchive.page.parts import former_paths
from newsarchive.page.paths import PageKind
from newsarchive.page.reading import LinkKind, Match, Reading
from newsarchive.store.listing import Stat


@dataclass(frozen=True, slots=True)
class PageSummary:
    """What a page says that other pages' verdicts, and lists of pages, depend on."""

    title: str = ""  # an event's title; empty for other pages
    targets: tuple[str, ...] = ()  # the archive paths that it links to, each once, its own aside
    listed: frozenset[str] = frozenset()  # the paths that an index lists
    former: tuple[str, ...] = ()  # the paths that older versions of it had
    terms: tuple[str, ...] = ()  # the context terms of its links, as often as they stand there


def summary_of(reading: Reading) -> PageSummary:
    """What there is to know of a page that was read."""
    targets = (
        link.target.partition("#")[0]
        for link in reading.links()
        if link.kind is not LinkKind.FORMAT or link.target.endswith(".md")
    )
    # Many pages name the same paths and terms: each is held once.
    outward = dict.fromkeys(intern(t) for t in targets if t.startswith("/") and t != reading.path)
    terms = tuple(intern(term) for match in contexts(reading) for term in terms_of(match))
    if reading.kind is PageKind.EVENT:
        title, former = reading.text(reading.title), former_paths(reading)
        return PageSummary(title, tuple(outward), former=former, terms=terms)
    listed = (intern(item.match["target"].partition("#")[0]) for item in reading.index_items())
    return PageSummary("", tuple(outward), frozenset(listed), terms=terms)


def contexts(reading: Reading) -> Iterator[Match]:
    """The matches of a page that hold context terms, in their group ``context``."""
    yield from (match for match in reading.related if match["context"])
    yield from (item.context for item in reading.index_items() if item.context)


def terms_of(match: Match) -> list[str]:
    """The context terms of a match."""
    return str(match["context"]).split(", ")


class PageOnDisk(NamedTuple):
    """A page's file as it was read: None for an entry means that it could not be."""

    path: str
    state: Stat
    entry: PageSummary | None
