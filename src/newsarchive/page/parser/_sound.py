"""The short way of a check: the parts of a page that is laid out as the archive does, as strings.

Nearly all pages of an archive are. `read` finds every part with its place, which only a page with
findings needs. Here one match, and one `findall` for each section, find the text of the parts and
prove what `Reading.canonical` says: the parts tile the page, each written as `render` writes it.
What a part may hold is not looked at: `rules.screens` does that, for many pages together. A page
that does not pass there is read as if nothing had been found here.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from newsarchive.page.document import Document
from newsarchive.page.parser._grammar import (
    PLAIN_LINE,
    SHORT,
    SHORT_CONTEXT,
    SHORT_ENTRIES,
)
from newsarchive.page.parts import Parts
from newsarchive.page.paths import INDEX_NAMES, PageKind, day_folder, day_label, day_of
from newsarchive.page.patterns import pattern
from newsarchive.page.reading import Match, Reading
from newsarchive.page.sections import BY_FIELD, COVER_IMAGE, PREVIOUS_DAY, entry_numbers

_PLAIN_LINE = rf"(?![<=>|]){PLAIN_LINE}"  # and none that may be a conflict marker
_ENTRY = re.sub(r"\?P<\w+>", "", SHORT)
_CONTEXT = re.sub(r"\?P<\w+>", "?:", SHORT_CONTEXT)
_NAMES = {field: "|".join(map(re.escape, found.headings)) for field, found in BY_FIELD.items()}


def _section(field: str) -> str:
    """A section, which an empty line or the page's end closes, and its entries."""
    return rf"(?:### (?:{_NAMES[field]}):\n\n((?:[0-9][^\n]*+\n)++)(?:\n|\Z))?"


_EVENT = pattern(
    rf"(?:##### ([^\n]*+)\n)?# ([^\n]*+)\n\n(?:({_PLAIN_LINE})\n|\n)\n(?:\n"
    rf"{_section('sources')}{_section('related')}{_section('changes')}{_section('related')})?\Z",
    re.M,
)
_SOURCES = pattern(f"{_ENTRY}$", re.M)
_RELATED = pattern(f"{_ENTRY}{_CONTEXT}$", re.M)
_CHANGES = SHORT_ENTRIES[f"{BY_FIELD['changes'].headings[0]}:"]
_ITEMS = pattern(
    r"(^(?:##### [^\n]*+\n)?### \[(?=[ \t]*+[^\s\]])([^\]]*+)\]\(([^)]*+)\)\n"
    rf"(?:(?:_Context: [^\n]*_|{_PLAIN_LINE}|)\n\n)?)",
    re.M,
)
_PREVIOUS = pattern(rf"^## \[{re.escape(PREVIOUS_DAY)}\]\(([^\s()]+)\)\n\n", re.M)
_FORMATS = pattern(
    r"\nFormats: \[HTML\]\([^\s()]*\)  \[JSON\]\([^\s()]*\)  \[XML\]\([^\s()]*\)  \n\n"
)
# A page of brackets that do not close takes time that grows with the square of its length.
_MOST = 1 << 16
_NUMBERS = tuple(str(number) for number in range(1, 1000))


class Sound(NamedTuple):
    """What was found of a page.

    Attributes:
        parts: what other pages' verdicts depend on.
        own: an event's own words, a line each.
        names, urls: those of its sources and its cover image.
        odd: a reading that has title, sources and changes, where there is no source or a change;
            None for most pages.
    """

    parts: Parts
    own: str = ""
    names: Sequence[str] = ()
    urls: Sequence[str] = ()
    odd: Reading | None = None


class DayFolder(NamedTuple):
    """What the pages of one day's folder have in common."""

    folder: str
    label: str
    path: str
    ordinal: int

    @classmethod
    def of(cls, folder: str) -> DayFolder | None:
        """The day; None where the folder is that of no day, or not written as the archive does."""
        numbers = day_of(f"{folder}/{INDEX_NAMES[0]}")
        date = numbers.date() if numbers else None
        if date is None or day_folder(date) != folder:
            return None
        return cls(folder, day_label(date), f"{folder}/{INDEX_NAMES[0]}", date.toordinal())


def find(day: DayFolder, pages: Sequence[tuple[str, str]]) -> Iterator[tuple[str, Sound]]:
    """The names of those pages that are laid out as the archive does, and what was found of them.

    Args:
        day: their day.
        pages: the names and texts of pages of the day.
    """
    heading = f"[{day.label}]({day.path})\n\n"
    for name, text in pages:
        if len(text) > _MOST or not name.isprintable():  # a name may hold what no text can
            continue
        level, take = ("## ", _index) if name in INDEX_NAMES else ("### ", _event)
        formats = _FORMATS.match(text) if text.startswith("\n") else None
        start = formats.end() if formats else 0
        if not text.startswith(f"{level}{heading}", start):
            continue
        links = {"day": 1, "format": 3} if formats else {"day": 1}
        found = take(day, f"{day.folder}/{name}", text, start + len(level + heading), links)
        if found:
            yield name, found


def _event(day: DayFolder, path: str, text: str, start: int, links: dict[str, int]) -> Sound | None:
    m = _EVENT.match(text, start)
    if m is None:
        return None
    topic, title, description, sources, related, changes, last = m.groups()
    if (related and last) or not title.strip():
        return None
    names: Sequence[str] = ()
    urls: Sequence[str] = ()
    if sources:
        found = _entries(_SOURCES, sources, cover=True)
        if found is None:
            return None
        names, urls = found
        cover = names[-1] == COVER_IMAGE
        links["source"] = len(names) - cover
        if cover:
            links["cover-image"] = 1
    titles: Sequence[str] = ()
    paths: Sequence[str] = ()
    if listed := related or last:
        found = _entries(_RELATED, listed)
        if found is None:
            return None
        titles, paths = found
        links["related"] = len(paths)
    versions: list[Match] = []
    if changes:
        versions = [*_CHANGES.finditer(text, *m.span(6))]
        if not _are_versions(versions, changes.count("\n")):
            return None
        links["change"] = len(versions)
    parts = Parts(
        PageKind.EVENT,
        path,
        title.strip(),
        day.ordinal,
        links,
        paths,
        titles,
        [day.path],
        "",
        versions,
    )
    own = "\n".join([title, topic or "", description or "", *names])
    if names and not versions:
        return Sound(parts, own, names, urls)
    odd = Reading(Document(text, path), PageKind.EVENT, lambda _: None, title=m.span(2))
    odd.sources = [*_SOURCES.finditer(text, *m.span(4))] if sources else []
    odd.changes, odd.canonical = versions, True
    return Sound(parts, own, names, urls, odd)


def _entries(
    entry: re.Pattern[str], lines: str, *, cover: bool = False
) -> tuple[Sequence[str], Sequence[str]] | None:
    """Texts and targets of entries; None where a line is none, or has another number."""
    found = entry.findall(lines)
    if len(found) != lines.count("\n"):  # so none has two lines
        return None
    numbers, texts, targets = zip(*found, strict=True)
    if cover and texts[-1].strip() == COVER_IMAGE:  # which repeats a number
        if texts[-1] != COVER_IMAGE or numbers[-2:-1] != numbers[-1:]:
            return None
        numbers = numbers[:-1]
    return (texts, targets) if numbers == _NUMBERS[: len(numbers)] else None


def _are_versions(changes: list[Match], lines: int) -> bool:
    """Whether every line is a change, with the number that it ought to have and a time that is."""
    repeating = BY_FIELD["changes"].repeating
    expected = entry_numbers([m["kind"] == repeating for m in changes])
    if len(changes) != lines or [m["number"] for m in changes] != [*map(str, expected)]:
        return False
    try:
        for m in changes:
            datetime.datetime.fromisoformat(m["timestamp"] or "2000-01-01")
    except ValueError:
        return False
    return True


def _index(day: DayFolder, path: str, text: str, start: int, links: dict[str, int]) -> Sound | None:
    entries = _ITEMS.findall(text, start)
    if not entries:
        return None
    wholes, titles, paths = zip(*entries, strict=True)
    end = start + sum(map(len, wholes))
    days, previous = [day.path], ""
    if end != len(text):
        m = _PREVIOUS.fullmatch(text, end)
        if m is None:
            return None
        previous = m[1]
        days.append(previous)
        links["previous-day"] = 1
    links["index-entry"] = len(paths)
    return Sound(
        Parts(PageKind.DAY_INDEX, path, "", day.ordinal, links, paths, titles, days, previous)
    )
