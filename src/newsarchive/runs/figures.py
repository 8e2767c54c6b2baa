"""Figures of an archive for a health report: what its pages' bytes tell, without parsing them."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace

from newsarchive.archive import Archive
from newsarchive.findings.diagnostics import Diagnostic
from newsarchive.findings.html.bounds import CHOICES
from newsarchive.findings.html.figures import Figures
from newsarchive.findings.missing import missing_pages
from newsarchive.findings.names import iso_day
from newsarchive.findings.remedies import Remedy, remedy_of
from newsarchive.findings.report import Report
from newsarchive.graph.view import ArchiveView
from newsarchive.page.editions import EDITIONS
from newsarchive.page.paths import INDEX_NAMES
from newsarchive.page.patterns import pattern
from newsarchive.runs.meant import meant
from newsarchive.store.names import encoded

_MOST = 15
_PATH = pattern(rb"\]\((?:/[a-z-]+)?(/news/[^)\s]+)")
# Not of an event's picture, nor of that of a source.
_PICTURES = [
    re.escape(f"[{word}".encode())
    for edition in EDITIONS.values()
    for word in (*edition.cover_image, *edition.image)
]
# What is rare comes first: the search is for that.
_HOST = pattern(
    rb"\]\("
    + b"".join(rb"(?<!%s\]\()" % word for word in _PICTURES)
    + rb"https?://(?:www\.)?([^/)\s:?#]+)"
)
_SECTION = b"\n### "


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
    events = [p for p in pages if iso_day(p) and p.rpartition("/")[2] not in INDEX_NAMES]
    unread: set[int] = set()
    pairs = [
        (number, other)
        for number, related in _related(view, events, hosts, unread)
        for other in related
    ]
    pairs = [pair for pair in pairs if pair[1] not in unread] if unread else pairs
    there = [number for number in range(len(events)) if number not in unread]
    days = [iso_day(event) for event in events]
    inbound = Counter(other for _, other in pairs)
    most = sorted(inbound.items(), key=lambda item: (-item[1], item[0]))[:_MOST]
    linked = {events[number]: links for number, links in most}
    joined = {number for pair in pairs for number in pair}
    years = [day[:4] for day in days]
    return Figures(
        events=Counter(days[number].rpartition("-")[0] for number in there),
        years=Counter((years[one], years[other]) for one, other in pairs),
        components=_components(there, pairs),
        most_linked=linked,
        isolated=tuple(events[number] for number in there if number not in joined),
        hosts=hosts,
        titles={path: view.title(path) or "" for path in linked},
    )


def named(figures: Figures, view: ArchiveView, report: Report) -> Figures:
    """Figures with the titles that people need to decide what broken links meant."""
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


def _related(
    view: ArchiveView, events: list[str], hosts: Counter[str], unread: set[int]
) -> Iterator[tuple[int, set[int]]]:
    """Which events each event links to as related, by their numbers.

    The hosts of their sources are counted. `unread` gets the numbers of those that cannot be read.
    """
    editions = EDITIONS.values()
    related = [f"\n### {word}:".encode() for edition in editions for word in edition.related]
    sources = [f"\n### {word}:".encode() for edition in editions for word in edition.sources]
    # Targets are as their pages have them: most are asked for once, and none is shown.
    numbers = {encoded(path): number for number, path in enumerate(events)}
    found: list[bytes] = []
    for number, (_, data) in enumerate(view.store.read_many(events)):
        if not isinstance(data, bytes):
            unread.add(number)
            continue
        data = data.replace(b"\r\n", b"\n") if b"\r" in data else data
        found += _of_section(_HOST, data, sources)
        targets = _of_section(_PATH, data, related)
        others = {numbers[target] for target in targets if target in numbers}
        yield number, others - {number}
    for host, times in Counter(found).items():
        hosts[host.decode("utf-8", "replace").lower()] += times


def _of_section(wanted: re.Pattern[bytes], data: bytes, headings: Iterable[bytes]) -> list[bytes]:
    """What a pattern finds in the section with one of some headings."""
    for heading in headings:
        start = data.find(heading)
        if start >= 0:
            end = data.find(_SECTION, start + 1)
            return wanted.findall(data, start, end if end >= 0 else len(data))
    return []


def _components(events: list[int], pairs: Iterable[tuple[int, int]]) -> Counter[int]:
    """How many events hang together: the sizes of groups, and how many there are of each."""
    leader = list(range(max(events, default=-1) + 1))

    def lead(one: int) -> int:
        while leader[one] != one:
            leader[one] = leader[leader[one]]
            one = leader[one]
        return one

    for one, other in pairs:
        leader[lead(one)] = lead(other)
    return Counter(Counter(map(lead, events)).values())
