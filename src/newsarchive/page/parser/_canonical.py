"""The short way: a page that is laid out, byte for byte, as the archive lays pages out.

Nearly all pages are. Their layout is proved here
while their parts are found: the blocks tile the body, each is compared with what `render` would
write in its place, and whatever is not the same ends the proof. Such a page is `canonical`; any
other is read the long way, by `_events` and `_indexes`. Both ways find the same parts: tested.
The proof saves building the model and rendering it.
"""

import datetime

from newsarchive.page.parser._grammar import FORMATS, Grammar, grammar_of
from newsarchive.page.paths import day_label
from newsarchive.page.reading import Heading, IndexItem, IndexSection, Match, Reading, base_of
from newsarchive.page.sections import Note, Section

_NUMBERS = [str(number) for number in range(1, 1000)]
# The last group of an entry that took part in its match tells which note the entry has.
_NOTES = {
    Note.NONE: {"target", "image"},
    Note.CONTEXT: {"target", "context"},
    Note.VERSION: {"kind"},
}


def read_canonical_event(reading: Reading) -> bool:
    """Find the parts of a canonical event page.

    Args:
        reading: an empty reading; its parts are set, or some of them where the page turns out
            not to be canonical.

    Returns:
        Whether the page is canonical.
    """
    if not _is_as_read(reading):
        return False
    body, grammar = reading.body, grammar_of(reading.edition)
    opening = grammar.opening.match(body)
    if opening is None or not _opening(reading, opening, grammar):
        return False
    pos, parts = opening.end(), list[Match]()
    while pos < len(body):
        m = grammar.part.match(body, pos)
        if m is None:
            return False
        parts.append(m)
        pos = m.end()
    short = grammar.short_entries
    entries = [[*short[m["part_name"]].finditer(body, *m.span("part_list"))] for m in parts]
    reading.plain = _are_plain(parts, entries, grammar)
    if not reading.plain:
        entries = [_odd_entries(body, m, grammar) for m in parts]
    for m, found in zip(parts, entries, strict=True):
        if not _take(reading, m, grammar.sections[m["part_name"]], found):
            return False
    # Every section but the last ends in an empty line; that may, too.
    reading.canonical = all(m["part_end"] for m in parts[:-1])
    return reading.canonical


def _is_as_read(reading: Reading) -> bool:
    """Whether the text has neither byte order mark nor carriage return."""
    return reading.document.body is reading.document.text


def _opening(reading: Reading, m: Match, grammar: Grammar) -> bool:
    """Everything above the first section."""
    body = reading.body
    heading = grammar.dated.match(body, m.start("opening_date") + 3)
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


def _are_plain(parts: list[Match], entries: list[list[Match]], grammar: Grammar) -> bool:
    """Whether sections hold entries and nothing else, and no entry what ends or hides its link.

    Args:
        parts: the sections.
        entries: the entries of each, found by the short patterns.
        grammar: what they were found by.
    """
    targets = []
    for part, found in zip(parts, entries, strict=True):
        name, lines = part.group("part_name", "part_list")
        if len(found) != lines.count("\n"):  # where they are as many, none has two lines
            return False
        targets += [m["target"] for m in found]
        if grammar.sections[name].pictured:
            targets += [image for m in found if (image := m["image"]) is not None]
    texts = "".join([m["text"] for found in entries for m in found])
    if "[" in texts or "<" in texts or "`" in texts or "\\" in texts or "\n" in texts:
        return False
    targets_text = "".join(targets)
    if not targets_text.isascii() and targets_text.split() != [targets_text]:
        return False  # blanks that are not ASCII
    # Empty, unless there is a character that does not belong: a third of a pattern's time.
    return not targets_text.encode().translate(None, _PLAIN_IN_TARGETS)


_PLAIN_IN_TARGETS = bytes({*range(0x21, 0x7F), *range(0x80, 0x100)} - set(b"()<>\\"))


def _odd_entries(body: str, m: Match, grammar: Grammar) -> list[Match]:
    """The entries of a section that may have others than plain ones; none if a line is no entry."""
    start, end = m.span("part_list")
    section = grammar.sections[m["part_name"]]
    found = [*grammar.entries[section.field].finditer(body, start, end)]
    notes = _NOTES[section.note]
    if len(found) != body.count("\n", start, end):
        return []
    if any(entry.lastgroup not in notes or not entry["text"].strip() for entry in found):
        return []
    return found


def _take(reading: Reading, m: Match, section: Section, entries: list[Match]) -> bool:
    """Make a section part of the reading; whether its place and numbers are right."""
    seen, field = reading.section_headings, section.field
    if not entries or field in seen or (section.first and seen):
        return False
    seen[field] = (m.start(), m.end("part_name"))
    setattr(reading, field, entries)
    if section.note is Note.VERSION:
        return _versions(reading, entries)
    if section.pictured and _is_cover(reading, entries[-1]):
        return _cover(reading, entries)
    return _numbered(entries)


def _numbered(entries: list[Match]) -> bool:
    """Whether entries are numbered 1, 2, 3 ..."""
    return [m["number"] for m in entries] == _NUMBERS[: len(entries)]


def _is_cover(reading: Reading, last: Match) -> bool:
    return last["text"].strip() in reading.edition.cover_image and last["image"] is None


def _cover(reading: Reading, entries: list[Match]) -> bool:
    """Take the cover image out of a section; it repeats the number before it."""
    cover = reading.cover = entries.pop()
    number = str(max(1, len(entries)))
    return (
        cover["text"] in reading.edition.cover_image
        and cover["number"] == number
        and _numbered(entries)
    )


def _versions(reading: Reading, changes: list[Match]) -> bool:
    """Whether versions have times that exist, and numbers that the current one repeats."""
    last = 0
    for change in changes:
        stamp = change["timestamp"]
        last = max(1, last) if reading.is_current(change) else last + 1
        if change["number"] != str(last):
            return False
        if stamp is not None:
            try:
                datetime.datetime.fromisoformat(stamp)
            except ValueError:
                return False
    return True


def read_canonical_index(reading: Reading) -> bool:
    """Find the parts of a canonical day index; arguments and result as for an event page."""
    pos = _index_head(reading)
    if not pos or not _is_as_read(reading):
        return False
    items, grammar = reading.sections[0].items, grammar_of(reading.edition)
    while m := grammar.item.match(reading.body, pos):
        if not _item(reading.body, m, items, grammar):
            return False
        pos = m.end()
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
    dated = grammar_of(reading.edition).dated.match(body, start + 2)
    if dated is None:
        return 0
    heading = reading.heading = Heading(dated)
    if heading.date is None:
        return 0
    head = f"## [{day_label(heading.date)}]({base_of(dated)}{heading.target})\n\n"
    if not body.startswith(head, start):
        return 0
    reading.sections.append(IndexSection(dated, start, dated.end()))
    return start + len(head)


def _item(body: str, m: Match, items: list[IndexItem], grammar: Grammar) -> bool:
    """An entry: its heading is one whole link, written without a blank too many."""
    start, end = m.span("item_heading")
    link = grammar.link.match(body, start + 3)
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
        item.context = grammar.context_line.match(body, end + 1)
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
    body, grammar = reading.body, grammar_of(reading.edition)
    link = grammar.link.match(body, pos + 2)
    if link is None or link["text"] not in reading.edition.previous_day:
        return False
    reading.previous = IndexSection(link, pos, link.end())
    target = f"{base_of(link)}{link['target']}"
    return body[pos:] == f"## [{link['text']}]({target})\n\n"
