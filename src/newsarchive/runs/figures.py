"""Figures of an archive for a health report: what its pages' bytes tell, without parsing them."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import NamedTuple

from newsarchive.archive import Archive
from newsarchive.findings.diagnostics import Diagnostic
from newsarchive.findings.html.bounds import CHOICES
from newsarchive.findings.html.figures import Figures
from newsarchive.findings.missing import missing_pages
from newsarchive.findings.names import day_and_slug
from newsarchive.findings.remedies import Remedy, remedy_of
from newsarchive.findings.report import Report
from newsarchive.graph.view import ArchiveView
from newsarchive.page.editions import EDITIONS
from newsarchive.page.paths import INDEX_NAMES
from newsarchive.page.patterns import pattern
from newsarchive.runs.meant import meant

_MOST = 15
_PATH = pattern(rb"\]\((?:/[a-z-]+)?(/news/[^)\s]+)")
# Not of an event's picture, nor of that of a source.
_PICTURES = [
    re.escape(f"[{word}".encode())
    for edition in EDITIONS.values()
    for word in (*edition.cover_image, *edition.image)
]
_HOST = pattern(
    b"".join(b"(?<!%s)" % word for word in _PICTURES) + rb"\]\(https?://(?:www\.)?([^/)\s:?#]+)"
)
_SECTION = b"\n### "


class _Linked(NamedTuple):
    """An event: its archive path, and where its related links lead."""

    path: str
    related: frozenset[str]


def figures(archive: Archive | str | os.PathLike[str]) -> Figures:
    """What there is to count in an archive for `Report.to_html`: events, links, sources.

    Args:
        archive: an archive, or its folder; every page is read.

    Raises:
        NotAnArchiveError: `archive` is a path that lies in no archive.
    """
    opened, _ = meant(archive, None)
    return figures_of(opened, opened)


def figures_of(view: ArchiveView, pages: Iterable[str]) -> Figures:
    """The same of a view's pages."""
    hosts: Counter[str] = Counter()
    events = list(_events(view, pages, hosts))
    numbers = {event.path: number for number, event in enumerate(events)}
    pairs = [
        (number, numbers[target])
        for number, event in enumerate(events)
        for target in event.related
        if target in numbers and target != event.path
    ]
    days = [day_and_slug(event.path)[0] for event in events]
    inbound = Counter(target for _, target in pairs)
    most = sorted(inbound.items(), key=lambda item: (-item[1], item[0]))[:_MOST]
    linked = {events[number].path: links for number, links in most}
    joined = {number for pair in pairs for number in pair}
    titles = {path: view.title(path) or "" for path in linked}
    return Figures(
        events=Counter("-".join(part.zfill(2) for part in day.split("-")[:2]) for day in days),
        years=Counter((days[one][:4], days[other][:4]) for one, other in pairs),
        components=_components(len(events), pairs),
        most_linked=linked,
        isolated=tuple(e.path for number, e in enumerate(events) if number not in joined),
        hosts=hosts,
        titles=titles,
    )


def named(figures: Figures, view: ArchiveView, report: Report) -> Figures:
    """Figures with the titles that people need to decide what broken links meant.

    Args:
        figures: the figures.
        view: where titles are asked for.
        report: the findings.
    """
    undecided = (d for d in report.counted if remedy_of(d) is Remedy.CHOICE)
    choices = missing_pages(undecided)[:CHOICES]
    titles = dict(figures.titles)
    for group in choices:
        link = group.links[0]
        titles[group.target] = _quoted(view, link)
        for suggestion in link.suggestions:
            titles[suggestion.path] = view.title(suggestion.path) or ""
    return replace(figures, titles=titles)


def _quoted(view: ArchiveView, d: Diagnostic) -> str:
    """The text of a broken link, which mostly is the old title of its page."""
    try:
        links = view.reading(d.page).links()
    except (OSError, KeyError):
        return ""
    return next((link.title for link in links if link.target.partition("#")[0] == d.target), "")


def _events(view: ArchiveView, pages: Iterable[str], hosts: Counter[str]) -> Iterator[_Linked]:
    """The events among pages; counts the hosts of their sources."""
    editions = EDITIONS.values()
    related = [f"\n### {word}:".encode() for edition in editions for word in edition.related]
    sources = [f"\n### {word}:".encode() for edition in editions for word in edition.sources]
    chosen = [p for p in pages if day_and_slug(p)[0] and p.rpartition("/")[2] not in INDEX_NAMES]
    found: list[bytes] = []
    for path, data in view.store.read_many(chosen):
        if isinstance(data, bytes):
            data = data.replace(b"\r\n", b"\n") if b"\r" in data else data
            found += _of_section(_HOST, data, sources)
            targets = {t.decode("utf-8", "replace") for t in _of_section(_PATH, data, related)}
            yield _Linked(path, frozenset(targets))
    hosts.update(host.decode("utf-8", "replace").lower() for host in found)


def _of_section(wanted: re.Pattern[bytes], data: bytes, headings: Iterable[bytes]) -> list[bytes]:
    """What a pattern finds in the section with one of some headings."""
    for heading in headings:
        start = data.find(heading)
        if start >= 0:
            end = data.find(_SECTION, start + 1)
            return wanted.findall(data, start, end if end >= 0 else len(data))
    return []


def _components(number: int, pairs: Iterable[tuple[int, int]]) -> Counter[int]:
    """How many events hang together: the sizes of groups, and how many there are of each."""
    leader = list(range(number))

    def lead(one: int) -> int:
        while leader[one] != one:
            leader[one] = leader[leader[one]]
            one = leader[one]
        return one

    for one, other in pairs:
        leader[lead(one)] = lead(other)
    return Counter(Counter(map(lead, range(number))).values())
