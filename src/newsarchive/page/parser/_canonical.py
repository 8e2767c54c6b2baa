"""The proof that a page is laid out, byte for byte, as the archive lays pages out.

Nearly all pages are. One match, and one `findall` for each section, find the text of the parts and
prove what `Reading.canonical` says: the parts tile the page, each written as `render` writes it.
Whoever needs no places takes the parts as they are found here, as strings: a check of sound pages,
the tables, the models. `read_canonical` finds the same parts with their places. Any other page is
read the long way, by `_events` and `_indexes`, which finds the same parts: tested.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from newsarchive.page.editions import Edition
from newsarchive.page.lazy_tuples import NamedTuple
from newsarchive.page.parser._grammar import FORMATS, Grammar, grammar_of
from newsarchive.page.paths import INDEX_NAMES, PageKind, day_label, day_path
from newsarchive.page.reading import Heading, IndexItem, IndexSection, Match, Reading
from newsarchive.page.sections import RULE, SECTIONS, entry_numbers

# A page of brackets that do not close takes time that grows with the square of its length.
MOST = 1 << 16
_NUMBERS = tuple(str(number) for number in range(1, 1000))

Columns = Sequence[tuple[str, ...]]
"""Entries in columns, one for each group of their pattern: the first are number and text."""
_NONE: Columns = ((),) * 6


class Head(NamedTuple):
    """What stands at the top of a page of a day: its match, the date, the path of its day."""

    match: Match
    date: datetime.date
    day: str

    @property
    def kind(self) -> PageKind:
        """What the page is."""
        return PageKind.EVENT if self.match["marks"] == "###" else PageKind.DAY_INDEX

    def is_of(self, day: str, name: str) -> bool:
        """Whether it is that of a page of a certain name, and leads to that page's day."""
        kind = PageKind.DAY_INDEX if name in INDEX_NAMES else PageKind.EVENT
        return self.kind is kind and self.day == day == self.match["target"]


class EventParts(NamedTuple):
    """The parts of an event."""

    match: Match  # the match of all that stands below the head
    # title, topic and description, with the blanks at their ends
    own: tuple[str, str | None, str | None]
    # sources, related: their entries
    sources: Columns
    related: Columns
    cover: bool  # whether the last of the sources is no source but the cover image
    changes: Sequence[Match]  # the matches of the entries of Changes


class IndexParts(NamedTuple):
    """The parts of a day's index: its entries, the whole text first, and the day before's link."""

    items: Columns
    previous: Match | None


def head_of(text: str, grammar: Grammar) -> Head | None:
    """The head of a page; None where it is not laid out as the archive does."""
    m = grammar.head.match(text)
    day = _day(m["label"]) if m else None
    return Head(m, *day) if m and day else None


@lru_cache(maxsize=64)  # the pages of a day have one heading
def _day(label: str) -> tuple[datetime.date, str] | None:
    try:
        date = datetime.date(*map(int, label.split("-")))
    except ValueError:
        return None
    return (date, day_path(date)) if day_label(date) == label else None


def event_parts(
    text: str, start: int, grammar: Grammar, *, short: bool = False
) -> EventParts | None:
    """The parts of an event below its head; None where it is not laid out as the archive does.

    The text has no carriage returns. Where entries are found by the short patterns, their texts and
    targets are not looked at: `rules.screens` does that, for many pages together.
    """
    m = grammar.event.match(text, start) if len(text) <= MOST else None
    if m is None:
        return None
    topic, title, description, _, sources, _, related, _, changes, _, last = m.groups()
    if not title.strip() or (related and last):
        return None
    entries = grammar.short_entries if short else grammar.entries
    found = linked = _NONE
    cover = False
    versions: tuple[Match, ...] = ()
    if sources:
        found = _columns(entries["sources"], sources)
        numbers, names, words = found[0], found[1], grammar.edition.cover_image
        if names and names[-1].strip() in words and not found[-1][-1]:
            cover, numbers = True, numbers[:-1]
            # It repeats a number.
            if names[-1] not in words or found[0][-1] != str(max(1, len(numbers))):
                return None
        if not names or numbers != _NUMBERS[: len(numbers)]:
            return None
    if related := related or last:
        linked = _columns(entries["related"], related)
        if not linked[0] or linked[0] != _NUMBERS[: len(linked[0])]:
            return None
    if changes:
        versions = tuple(entries["changes"].finditer(text, *m.span("changes")))
        if not _are_versions(versions, changes.count("\n"), grammar.edition):
            return None
    if not (short or _are_targets([*found[2], *linked[3], *[m["target"] for m in versions]])):
        return None
    return EventParts(m, (title, topic, description), found, linked, cover, versions)


def _columns(entry: re.Pattern[str], lines: str) -> Columns:
    """Entries in columns; nothing where a line is none."""
    found = entry.findall(lines)
    if len(found) != lines.count("\n"):  # where they are as many, none has two lines
        return _NONE
    return tuple(zip(*found, strict=True))


def _are_targets(targets: Sequence[str]) -> bool:
    """Whether targets are without blanks: others can be told from their parentheses at times."""
    joined = "".join(targets)
    # What cannot be printed may be a joiner of letters; to look for blanks takes longer.
    return " " not in joined and (joined.isprintable() or joined.split() == [joined])


def _are_versions(changes: Sequence[Match], lines: int, edition: Edition) -> bool:
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


def index_parts(
    text: str, start: int, grammar: Grammar, *, short: bool = False
) -> IndexParts | None:
    """The parts of a day's index; None as for an event, whose arguments it takes."""
    entries = (grammar.short_item if short else grammar.item).findall(text, start)
    if not entries:
        return None
    items = [*zip(*entries, strict=True)]
    end, previous = start + sum(map(len, items[0])), None
    if end != len(text):
        previous = grammar.previous.fullmatch(text, end)
        if previous is None:
            return None
    if not short and ("\n" in "".join(items[2]) or not _are_targets(items[4])):
        return None
    return IndexParts(items, previous)


def read_canonical(reading: Reading) -> bool:
    """Find the parts of a canonical event, day index or front page, with their places.

    The reading is empty; its parts are set, or some of them where the page turns out not to be
    canonical. Returns whether it is.
    """
    body, grammar = reading.body, grammar_of(reading.edition)
    if body is not reading.document.text:  # a byte order mark, or a carriage return
        return False
    if reading.kind is PageKind.FRONT_PAGE:
        reading.canonical = _read_front_page(reading, grammar)
        return reading.canonical
    head = head_of(body, grammar)
    if head is None or head.kind is not reading.kind:
        return False
    m = head.match
    dated = grammar.dated.match(body, m.start("label") - 2)
    if dated is None:
        return False
    reading.heading = Heading(dated)
    if m["html"] is not None:
        reading.formats = FORMATS.match(body, 1)
    if reading.kind is PageKind.EVENT:
        if found := event_parts(body, m.end(), grammar):
            place_event(reading, found.match, cover=found.cover)
        reading.canonical = found is not None
    else:
        reading.sections.append(IndexSection(dated, m.start("marks"), dated.end()))
        reading.canonical = _read_index(reading, m.end(), grammar)
    return reading.canonical


RELATED = {"related": "related", "last": "related"}
OTHERS = {section.field: section.field for section in SECTIONS if section.field != "related"}
ALL = {**OTHERS, **RELATED}
"""The sections that the groups of an event are about."""


def place_event(
    reading: Reading, m: Match, *, cover: bool, fields: Mapping[str, str] = ALL
) -> None:
    """Give a reading the parts of its event, with their places; the match is of all below the head.

    `cover` says whether the last of the sources is the cover image, `fields` which sections count.
    """
    grammar = grammar_of(reading.edition)
    for part in ("topic", "title", "description"):
        if m[part] is not None:
            setattr(reading, part, m.span(part))
    for group, field in fields.items():
        if m[group] is not None:
            first, last = m.span(f"{group}_word")
            reading.section_headings[field] = (first - len("### "), last + len(":"))
            entries = grammar.entries[field].finditer(reading.body, *m.span(group))
            setattr(reading, field, [*entries])
    if cover and reading.sources:
        reading.cover = reading.sources.pop()


def _read_index(reading: Reading, start: int, grammar: Grammar) -> bool:
    body = reading.body
    end = _read_items(reading, start, grammar)
    if end == start:
        return False
    if end == len(body):
        return True
    m = grammar.previous.fullmatch(body, end)
    if m:
        reading.previous = _section(m, grammar)
    return m is not None


def _read_front_page(reading: Reading, grammar: Grammar) -> bool:
    body = reading.body
    top = grammar.front_top.match(body)
    end = top.end() if top else 0
    if end and body[1] != "\n":
        reading.formats = FORMATS.match(body, 1)
    while m := grammar.front_day.match(body, end):
        section = _section(m, grammar)
        reading.sections.append(section)
        end = _read_items(reading, m.end(), grammar)
        section.rule = body.startswith(_RULE, end)
        end += len(_RULE) if section.rule else 0
    return bool(reading.sections) and end == len(body)


_RULE = f"{RULE}\n\n"


def _section(m: Match, grammar: Grammar) -> IndexSection:
    """The section of a day that a heading matches."""
    link = grammar.link.match(m.string, m.start() + len("##"))
    return IndexSection(link, m.start(), link.end() if link else m.end())


def _read_items(reading: Reading, start: int, grammar: Grammar) -> int:
    """Give the last section the entries that follow one another from a place; returns their end."""
    body, items = reading.body, reading.sections[-1].items
    while m := grammar.item.match(body, start):
        begin = m.start("text") - len("### [")
        link = grammar.link.match(body, begin + len("###"))
        if link is None or "\n" in m["text"] or not _are_targets([m["target"]]):
            break
        item = IndexItem(link, begin, link.end())
        if m["topic"] is not None:
            item.topic = m.span("topic")
        if m["context"] is not None:
            item.context = grammar.context_line.match(body, item.end + 1)
            item.end = m.end("context") + 1
        elif m["description"] is not None:
            item.description = m.span("description")
            item.end = m.end("description")
        else:
            item.empty_description = m["item"].endswith("\n\n")
        items.append(item)
        start = m.end()
    return start
