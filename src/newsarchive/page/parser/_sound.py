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
from functools import lru_cache
from typing import NamedTuple

from newsarchive.page.document import Document
from newsarchive.page.editions import EN, Edition, Words
from newsarchive.page.parser._grammar import grammar_of
from newsarchive.page.parts import Parts
from newsarchive.page.paths import INDEX_NAMES, PageKind, day_folder, day_label, day_of
from newsarchive.page.patterns import pattern
from newsarchive.page.reading import Match, Reading
from newsarchive.page.sections import entry_numbers


def either(words: Words) -> str:
    """A pattern of any of these words."""
    return "|".join(map(re.escape, words)) or "(?!)"


_Patterns = dict[str, re.Pattern[str]]


@lru_cache
def _patterns(edition: Edition) -> _Patterns:
    """The patterns of pages of an edition. No group but those that are asked for takes part."""
    base = f"(?:{re.escape(edition.base)}(?=/))?+" if edition.base else ""
    context = f"_(?:{either(edition.context)}): "
    # No conflict marker; what looks like more than a description's line is none here.
    line = rf"[ \t]*+(?![<=>|#]|---|Formats:|{context}|_Context: )\S[^\n]*+"
    # Brackets in a title are left to the screens.
    link = rf"\[(?=[ \t]*+[^\s\]])([^\]]*+(?:\](?!\()[^\]]*+)*+)\]\({base}([^)]*+)\)"
    source = r"\[(?=[ \t]*+[^\s\]])([^\]]*+)\]\(([^)]*+)\)"
    image = rf"(?: \[(?:{either(edition.image)})\]\(([^\s()]++)\))?"
    sections = [
        rf"(?:### (?:{either(words)}):\n\n((?:[0-9][^\n]*+\n)++)(?:\n|\Z))?"
        for words in (edition.sources, edition.related, edition.changes, edition.related)
    ]
    return {
        "event": pattern(
            rf"(?:##### ([^\n]*+)\n)?# ([^\n]*+)\n\n(?:({line})\n|\n)\n"
            rf"(?:\n{''.join(sections)})?\Z",
            re.M,
        ),
        "sources": pattern(rf"^([0-9]++)\. {source}{image}$", re.M),
        "related": pattern(rf"^([0-9]++)\. {link}(?: {context}[^\n]*_)?$", re.M),
        "items": pattern(
            rf"(^(?:##### [^\n]*+\n)?### {link}\n(?:(?:{context}[^\n]*_|{line}|)\n\n)?)", re.M
        ),
        "previous": pattern(
            rf"^## \[(?:{either(edition.previous_day)})\]\({base}([^\s()]+)\)\n\n", re.M
        ),
    }


_EN = _patterns(EN)
_FORMATS = pattern(
    r"\nFormats: \[HTML\]\([^\s()]*\)  \[JSON\]\([^\s()]*\)  \[XML\]\([^\s()]*\)  \n\n"
)
# A page of brackets that do not close takes time that grows with the square of its length.
_MOST = 1 << 16
_TOPIC, _TITLE, _DESCRIPTION, _SOURCES = 1, 2, 3, 4
_NUMBERS = tuple(str(number) for number in range(1, 1000))


class Sound(NamedTuple):
    """What was found of a page.

    Attributes:
        parts: what other pages' verdicts depend on.
        own: an event's own words, a line each: title, topic, description, names of sources.
        urls: the addresses of its sources and its cover image.
        images: those of its sources' pictures.
        match: the match of all that stands below an event's heading; None for an index.
    """

    parts: Parts
    own: str = ""
    urls: Sequence[str] = ()
    images: Sequence[str] = ()
    match: Match | None = None

    @property
    def names(self) -> str:
        """The names of an event's sources, a line each."""
        return "".join(self.own.split("\n", 3)[3:])

    @property
    def reading(self) -> Reading:
        """An event's own words, sources and Changes with their places; no other part is there."""
        m, parts = self.match, self.parts
        assert m, "the entries of an index are not looked at one by one"
        document = Document(m.string, parts.path)
        found = Reading(document, parts.kind, lambda _: None, parts.edition, title=m.span(_TITLE))
        found.canonical = True
        if m[_TOPIC] is not None:
            found.topic = m.span(_TOPIC)
        if m[_DESCRIPTION] is not None:
            found.description = m.span(_DESCRIPTION)
        if m[_SOURCES] is not None:
            entry = grammar_of(parts.edition).short_entries[f"{parts.edition.sources[0]}:"]
            found.sources = [*entry.finditer(m.string, *m.span(_SOURCES))]
            if "cover-image" in parts.links:
                found.cover = found.sources.pop()
        found.changes = [*parts.changes]
        return found


class DayFolder(NamedTuple):
    """What the pages of one day have in common."""

    label: str
    path: str
    ordinal: int
    edition: Edition

    @classmethod
    def of(cls, folder: str, edition: Edition = EN) -> DayFolder | None:
        """A folder; None where it is that of no day, or is not written as the archive does."""
        path = f"{folder}/{INDEX_NAMES[0]}"
        numbers = day_of(path)
        date = numbers.date() if numbers else None
        if date is None or day_folder(date) != folder:
            return None
        return cls(day_label(date), path, date.toordinal(), edition)


def find(pages: Sequence[tuple[str, str]], edition: Edition = EN) -> Iterator[tuple[str, Sound]]:
    """The paths of those pages that are laid out as the archive does, and what was found of them.

    Args:
        pages: the paths and texts of pages, folder by folder.
        edition: the edition that they are of.
    """
    patterns = _patterns(edition)
    bases = ("", edition.base) if edition.base else ("",)
    last, day, headings = None, None, list[str]()
    for path, text in pages:
        folder, _, name = path.rpartition("/")
        if folder != last:
            last, day = folder, DayFolder.of(folder, edition)
            headings = [f"[{day.label}]({base}{day.path})\n\n" for base in bases] if day else []
        if day is None or len(text) > _MOST or not name.isprintable():
            continue  # a name may hold what no text can
        level, take = ("## ", _index) if name in INDEX_NAMES else ("### ", _event)
        formats = _FORMATS.match(text) if text.startswith("\n") else None
        start = formats.end() if formats else 0
        for heading in headings:
            if text.startswith(f"{level}{heading}", start):
                links = {"day": 1, "format": 3} if formats else {"day": 1}
                start += len(level) + len(heading)
                if found := take(day, patterns, path, text, start, links):
                    yield path, found
                break


def _event(
    day: DayFolder, patterns: _Patterns, path: str, text: str, start: int, links: dict[str, int]
) -> Sound | None:
    m = patterns["event"].match(text, start)
    if m is None:
        return None
    topic, title, description, sources, related, changes, last = m.groups()
    clean = title.strip()
    if not clean or (related and last):
        return None
    own = [title, topic or "", description or ""]
    urls: Sequence[str] = ()
    images: Sequence[str] = ()
    titles: Sequence[str] = ()
    paths: Sequence[str] = ()
    if sources:
        numbers, names, urls, images = _entries(patterns["sources"], sources) or _NONE
        if names and names[-1].strip() in day.edition.cover_image and not images[-1]:
            if names[-1] not in day.edition.cover_image or numbers[-2:-1] != numbers[-1:]:
                return None
            links["cover-image"], numbers = 1, numbers[:-1]  # it repeats a number
        if not numbers or numbers != _NUMBERS[: len(numbers)]:
            return None
        links["source"] = len(numbers)
        own += names
    if related := related or last:
        numbers, titles, paths = _entries(patterns["related"], related) or _NONE[:3]
        if not numbers or numbers != _NUMBERS[: len(numbers)]:
            return None
        links["related"] = len(numbers)
    versions: list[Match] = []
    if changes:
        entry = grammar_of(day.edition).short_entries[f"{day.edition.changes[0]}:"]
        versions = [*entry.finditer(text, *m.span(6))]
        if not _are_versions(versions, changes.count("\n"), day.edition):
            return None
        links["change"] = len(versions)
    days = [day.path]
    parts = Parts(
        PageKind.EVENT, path, clean, day.ordinal, links, paths, titles, days, "", versions,
        day.edition,
    )  # fmt: skip
    return Sound(parts, "\n".join(own), urls, images, m)


_Columns = Sequence[tuple[str, ...]]
_NONE: _Columns = ((), (), (), ())


def _entries(entry: re.Pattern[str], lines: str) -> _Columns | None:
    """Entries in columns, the numbers first; None where a line is none."""
    found = entry.findall(lines)
    if len(found) != lines.count("\n"):  # where they are as many, none has two lines
        return None
    return [*zip(*found, strict=True)]


def _are_versions(changes: list[Match], lines: int, edition: Edition) -> bool:
    """Whether every line is a change, with the number that it ought to have and a time that is."""
    expected = entry_numbers([edition.is_current_note(m["kind"]) for m in changes])
    if len(changes) != lines or [m["number"] for m in changes] != [*map(str, expected)]:
        return False
    try:
        for m in changes:
            datetime.datetime.fromisoformat(m["timestamp"] or "2000-01-01")
    except ValueError:
        return False
    return True


def _index(
    day: DayFolder, patterns: _Patterns, path: str, text: str, start: int, links: dict[str, int]
) -> Sound | None:
    entries = patterns["items"].findall(text, start)
    if not entries:
        return None
    wholes, titles, paths = zip(*entries, strict=True)
    end = start + sum(map(len, wholes))
    days, previous = [day.path], ""
    if end != len(text):
        m = patterns["previous"].fullmatch(text, end)
        if m is None:
            return None
        previous = m[1]
        days.append(previous)
        links["previous-day"] = 1
    links["index-entry"] = len(paths)
    return Sound(
        Parts(PageKind.DAY_INDEX, path, "", day.ordinal, links, paths, titles, days, previous)
    )
