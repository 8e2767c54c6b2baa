"""The short way: a page that is laid out, byte for byte, as the archive lays pages out.

Nearly all pages are. Their layout is proved here
while their parts are found: the blocks tile the body, each is compared with what `render` would
write in its place, and whatever is not the same ends the proof. Such a page is `canonical`; any
other is read the long way, by `_events` and `_indexes`. Both ways find the same parts: tested.
The proof saves building the model and rendering it.
"""

import datetime

from newsarchive.page.parser._grammar import (
    CONTEXT_LINE,
    DATED,
    ENTRIES,
    FORMATS,
    LINK,
    SHORT_ENTRIES,
)
from newsarchive.page.paths import day_label
from newsarchive.page.reading import Heading, IndexItem, IndexSection, Match, Reading
from newsarchive.page.sections import BY_HEADING, COVER_IMAGE, PREVIOUS_DAY, Note

_NUMBERS = [str(number) for number in range(1, 1000)]
# The last group of an entry that took part in its match tells which note the entry has.
_NOTES = {
    Note.NONE: {"target"},
    Note.CONTEXT: {"target", "context"},
    Note.VERSION: {"kind"},
}


def read_canonical_event(reading: Reading, blocks: list[Match]) -> bool:
    """Find the parts of a canonical event page.

    Args:
        reading: an empty reading; its parts are set, or some of them where the page turns out
            not to be canonical.
        blocks: the outline of its body.

    Returns:
        Whether the page is canonical.
    """
    if not _is_as_read(reading):
        return False
    if not blocks or blocks[0].lastgroup != "opening" or not _opening(reading, blocks[0]):
        return False
    parts = blocks[1:]
    if any(m.lastgroup != "part" for m in parts):
        return False
    body = reading.body
    entries = [[*SHORT_ENTRIES[m["part_name"]].finditer(body, *m.span("part_list"))] for m in parts]
    reading.plain = _are_plain(parts, entries)
    if not reading.plain:
        entries = [_odd_entries(body, m) for m in parts]
    for m, found in zip(parts, entries, strict=True):
        if not _take(reading, m, found):
            return False
    # Every section but the last ends in an empty line; that may, too.
    reading.canonical = all(m["part_end"] for m in parts[:-1])
    return reading.canonical


def _is_as_read(reading: Reading) -> bool:
    """Whether the text has neither byte order mark nor carriage return."""
    return reading.document.body is reading.document.text


def _opening(reading: Reading, m: Match) -> bool:
    """Everything above the first section."""
    body = reading.body
    heading = DATED.match(body, m.start("opening_date") + 3)
    reading.heading = heading and Heading(heading)
    if reading.heading is None or reading.heading.date is None:
        return False
    if m.start("opening_date"):
        reading.formats = FORMATS.match(body, 1)
    if m["opening_topic"] is not None:
        reading.topic = m.span("opening_topic")
    if m["opening_description"] is not None:
        reading.description = m.span("opening_description")
    reading.title = m.span("opening_title")
    return bool(m["opening_title"].strip())


def _are_plain(parts: list[Match], entries: list[list[Match]]) -> bool:
    """Whether sections hold entries and nothing else, and no entry what ends or hides its link.

    Args:
        parts: the sections.
        entries: the entries of each, found by the short patterns.
    """
    for part, found in zip(parts, entries, strict=True):
        pos, end = part.span("part_list")
        for m in found:
            if m.start() != pos:
                return False
            pos = m.end() + 1
        if pos != end:
            return False
    every = [m for found in entries for m in found]
    texts = "".join([m["text"] for m in every])
    if "[" in texts or "<" in texts or "`" in texts or "\\" in texts or "\n" in texts:
        return False
    # Empty, unless there is a character that does not belong: a third of a pattern's time.
    return not "".join([m["target"] for m in every]).encode().translate(None, _PLAIN_IN_TARGETS)


_PLAIN_IN_TARGETS = bytes(set(range(0x21, 0x7F)) - set(b"()<>\\"))


def _odd_entries(body: str, m: Match) -> list[Match]:
    """The entries of a section that may have others than plain ones; none if a line is no entry."""
    start, end = m.span("part_list")
    found = [*ENTRIES.finditer(body, start, end)]
    notes = _NOTES[BY_HEADING[m["part_name"]].note]
    if len(found) != body.count("\n", start, end):
        return []
    if any(entry.lastgroup not in notes or not entry["text"].strip() for entry in found):
        return []
    return found


def _take(reading: Reading, m: Match, entries: list[Match]) -> bool:
    """Make a section part of the reading; whether its place and numbers are right."""
    section, seen = BY_HEADING[m["part_name"]], reading.section_headings
    field = section.field
    if not entries or field in seen or (section.first and seen):
        return False
    seen[field] = (m.start(), m.end("part_name"))
    setattr(reading, field, entries)
    if section.note is Note.VERSION:
        return _versions(entries, section.repeating)
    if section.cover and entries[-1]["text"].strip() == COVER_IMAGE:
        return _cover(reading, entries)
    return _numbered(entries)


def _numbered(entries: list[Match]) -> bool:
    """Whether entries are numbered 1, 2, 3 ..."""
    return [m["number"] for m in entries] == _NUMBERS[: len(entries)]


def _cover(reading: Reading, entries: list[Match]) -> bool:
    """Take the cover image out of a section; it repeats the number before it."""
    cover = reading.cover = entries.pop()
    number = str(max(1, len(entries)))
    return cover["text"] == COVER_IMAGE and cover["number"] == number and _numbered(entries)


def _versions(changes: list[Match], repeating: str) -> bool:
    """Whether versions have times that exist, and numbers that one kind repeats."""
    last = 0
    for change in changes:
        stamp, kind = change.group("timestamp", "kind")
        last = max(1, last) if kind == repeating else last + 1
        if change["number"] != str(last):
            return False
        if stamp is not None:
            try:
                datetime.datetime.fromisoformat(stamp)
            except ValueError:
                return False
    return True


def read_canonical_index(reading: Reading, blocks: list[Match]) -> bool:
    """Find the parts of a canonical day index; arguments and result as for an event page."""
    pos = _index_head(reading)
    if not pos or not _is_as_read(reading):
        return False
    items = reading.sections[0].items
    for m in blocks:
        if m.lastgroup == "item":
            if m.start() != pos or not _item(reading.body, m, items):
                return False
            pos = m.end()
        elif m.start() >= pos:
            break
    reading.canonical = pos == len(reading.body) or _previous(reading, pos)
    return reading.canonical


def _index_head(reading: Reading) -> int:
    """Everything above the first entry: where it ends, 0 where it is not as it should be."""
    body, start = reading.body, 0
    formats = FORMATS.match(body, 1) if body.startswith("\nFormats:") else None
    if formats:
        html, json, xml = formats.group("html", "json", "xml")
        head = f"\nFormats: [HTML]({html})  [JSON]({json})  [XML]({xml})  \n\n"
        if not body.startswith(head):
            return 0
        start, reading.formats = len(head), formats
    dated = DATED.match(body, start + 2)
    if dated is None:
        return 0
    heading = reading.heading = Heading(dated)
    if heading.date is None:
        return 0
    head = f"## [{day_label(heading.date)}]({heading.target})\n\n"
    if not body.startswith(head, start):
        return 0
    reading.sections.append(IndexSection(dated, start, dated.end()))
    return start + len(head)


def _item(body: str, m: Match, items: list[IndexItem]) -> bool:
    """An entry: its heading is one whole link, written without a blank too many."""
    start, end = m.span("item_heading")
    link = LINK.match(body, start + 3)
    if (
        link is None
        or link.start("text") != start + 5
        or link.end("target") != end - 1
        or not link["text"].strip()
    ):
        return False
    item = IndexItem(link, start, end)
    if m["item_topic"] is not None:
        item.topic = m.span("item_topic")
    if m["item_context"] is not None:
        item.context = CONTEXT_LINE.match(body, end + 1)
        item.end = m.end("item_context") + 1
    elif m["item_description"] is not None:
        item.description = m.span("item_description")
        item.end = item.description[1]
    else:
        item.empty_description = m["item_empty"] is not None
    items.append(item)
    return True


def _previous(reading: Reading, pos: int) -> bool:
    """Whether the link to the day before is all that stands below the entries."""
    body = reading.body
    link = LINK.match(body, pos + 2)
    if link is None:
        return False
    reading.previous = IndexSection(link, pos, link.end())
    return body[pos:] == f"## [{PREVIOUS_DAY}]({link['target']})\n\n"
