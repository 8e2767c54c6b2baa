"""Edits that take an entry out of a page and leave the rest as it is."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import unquote

from newsarchive.findings.edits import BodyEdit
from newsarchive.page.reading import Match, Reading
from newsarchive.page.sections import BY_FIELD, entry_numbers
from newsarchive.rules.conflicts import is_in_conflict

# Real sections have ten entries. To number thousands anew for each of thousands of findings would
# take time that grows with the square; past this many the fix of NA108 numbers them, once.
MAX_RENUMBERED = 100


def entry_removal(reading: Reading, section: str, entry: Match) -> tuple[BodyEdit, ...]:
    """The edits that remove an entry of a link section and number the others anew.

    With its last entry the whole section goes.

    Args:
        reading: an event page.
        section: ``sources``, ``related`` or ``changes``.
        entry: the entry's match, one of the section's.
    """
    removal = BodyEdit(entry.start(), min(entry.end() + 1, len(reading.body)), "")
    if len(getattr(reading, section)) > MAX_RENUMBERED + 1:
        return (removal,)
    kept = [(m, repeats) for m, repeats in reading.entries(BY_FIELD[section]) if m is not entry]
    if not kept and not reading.malformed_in(section):
        whole = _section_removal(reading, section, entry)
        if whole:
            return (whole,)
    edits = [removal]
    numbers = entry_numbers([repeats for _, repeats in kept])
    for (m, _), number in zip(kept, numbers, strict=True):
        if int(m["number"]) != number and m.start() > entry.start():
            edits.append(BodyEdit(m.start("number"), m.end("number"), str(number)))
    return tuple(sorted(edits, key=lambda e: e.start))


def _section_removal(reading: Reading, section: str, entry: Match) -> BodyEdit | None:
    """Remove a section's heading and only entry, and one of the empty lines around it.

    None where something else stands in the section, which must stay.
    """
    body = reading.body
    start, after_heading = reading.section_headings.get(section, (0, 0))
    if not after_heading or body[after_heading : entry.start()].strip():
        return None
    end = min(entry.end() + 1, len(body))
    rest = body[end:]
    if rest.strip():
        if not rest.lstrip("\n").startswith("#"):
            return None
        return BodyEdit(start, end + len(rest) - len(rest.lstrip("\n")), "")
    # The last section: the empty line that set it off goes too.
    return BodyEdit(start - 1 if body[start - 2 : start] == "\n\n" else start, end, "")


def item_removal(reading: Reading, entry: Match) -> tuple[BodyEdit, ...]:
    """The edit that removes an entry of an index, its topic line and text included.

    Args:
        reading: an index page.
        entry: the match of the entry's heading.
    """
    item = reading.item_of(entry)
    body = reading.body
    start = body.rfind("\n", 0, item.topic[0]) + 1 if item.topic else item.start
    end = item.end
    for _ in range(3 if item.empty_description else 2):
        end += body[end : end + 1] == "\n"
    return (BodyEdit(start, end, ""),)


def listing_in(
    event: Reading, indexes: Sequence[tuple[str, Reading | None]]
) -> tuple[str, BodyEdit] | None:
    """Where an event is to be listed, and the edit that does it.

    None where an index names the event already, if only in a line that is no entry: then that
    line is to be mended.

    Args:
        event: the page of an event.
        indexes: the path of each index of its day, and what was read there.
    """
    entry = event.index_entry()
    if not indexes or entry is None or any(_names(index, event) for _, index in indexes):
        return None
    path, index = indexes[0]
    if index is None or not index.readable or is_in_conflict(index):
        return None
    if index.document.body is not index.document.text:
        return None  # line endings first: offsets are those of the text as read
    at = index.previous.start if index.previous else len(index.body)
    return path, BodyEdit(at, at, entry)


def _names(index: Reading | None, event: Reading) -> bool:
    """Whether the text of an index has an event's path in it, or its title in a broken line."""
    if index is None:
        return False
    if event.path in index.body or ("%" in index.body and event.path in unquote(index.body)):
        return True
    title = event.text(event.title)
    return any(title in index.body[p.start : p.end] for p in index.problems)
