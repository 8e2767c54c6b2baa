"""Edits that take an entry out of a page and leave the rest as it is."""

from __future__ import annotations

from newsarchive.findings.edits import BodyEdit
from newsarchive.page.reading import Match, Reading
from newsarchive.page.sections import BY_FIELD, entry_numbers

# Real sections have ten entries. To number thousands anew for each of thousands of findings would
# take time that grows with the square; past this many the fix of NA108 numbers them, once.
MAX_RENUMBERED = 100


def entry_removal(reading: Reading, section: str, entry: Match) -> tuple[BodyEdit, ...]:
    """The edits that remove an entry of an event's link section and number the others anew.

    With its last entry the whole section goes.
    """
    removal = BodyEdit(entry.start(), min(entry.end() + 1, len(reading.body)), "")
    if len(getattr(reading, section)) > MAX_RENUMBERED + 1:
        return (removal,)
    if reading.canonical and section == "related" and len(reading.related) > 1:
        # Nearly always: the numbers are proved, and none repeats.
        number = int(entry["number"])
        later = enumerate(reading.related[number:], number)
        return (removal, *[BodyEdit(*m.span("number"), str(n)) for n, m in later])
    kept = [(m, repeats) for m, repeats in reading.entries(BY_FIELD[section]) if m is not entry]
    if not kept and not reading.malformed_in(section):
        whole = _section_removal(reading, section, entry)
        if whole:
            return (whole,)
    edits = [removal]
    numbers = entry_numbers([repeats for _, repeats in kept])
    for (m, _), number in zip(kept, numbers, strict=True):
        if m.start() > entry.start() and int(m["number"]) != number:
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
    """The edit that removes an entry of an index, its topic line and text included."""
    item = reading.item_of(entry)
    body = reading.body
    start = body.rfind("\n", 0, item.topic[0]) + 1 if item.topic else item.start
    end = item.end
    for _ in range(3 if item.empty_description else 2):
        end += body[end : end + 1] == "\n"
    return (BodyEdit(start, end, ""),)
