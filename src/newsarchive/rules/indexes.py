"""NA2xx: do the indexes of days list the events of their day, each once?"""

from collections.abc import Iterator

from newsarchive.findings.diagnostics import Applicability, Severity
from newsarchive.findings.edits import BodyEdit
from newsarchive.page.paths import PageKind, day_of, target_path
from newsarchive.page.reading import LinkKind, Reading
from newsarchive.page.targets import names_exactly
from newsarchive.rules import _wants
from newsarchive.rules._commonmark import escape_text, hidden_reason
from newsarchive.rules._rule import Finding, Lookup, Marks, Repair, Rule
from newsarchive.rules.entries import item_removal


def _orphan(reading: Reading, lookup: Lookup) -> Iterator[Finding]:
    if reading.kind is PageKind.EVENT and reading.path and not lookup.is_listed(reading.path):
        end = reading.body.find("\n")
        end = len(reading.body) if end < 0 else end
        repair = _listing(reading, lookup)
        yield Finding(0, end, "no index page of its day lists this event", repair)


def _listing(reading: Reading, lookup: Lookup) -> Repair | None:
    """List an event in its day's index; None where no renderer would show a link to it there."""
    listing = lookup.listing(reading) if names_exactly(reading.path) else None
    if listing is None:
        return None
    index, edit = listing
    entry = _shown_entry(edit.replacement, reading.path)
    if not entry:
        return None
    written = BodyEdit(edit.start, edit.end, entry)
    return Repair(f"list the event in {index}", (written,), Applicability.UNSAFE, page=index)


def _shown_entry(entry: str, path: str) -> str:
    """An index entry with what would hide its link escaped; empty where that is not enough."""
    start = entry.index("[", 0 if entry.startswith("### [") else entry.index("\n### [")) + 1
    end = entry.index(f"]({path})", start)
    text = escape_text(entry[start:end])
    reason = hidden_reason(f"[{text}]({path})", 0, len(text) + 1, path)
    return "" if reason else f"{entry[:start]}{text}{entry[end:]}"


def _lists_own_day(reading: Reading) -> bool:
    if reading.kind is not PageKind.DAY_INDEX:
        return True
    folder = reading.path.rpartition("/")[0] + "/"
    return all(path.startswith(folder) for path in reading.entry_paths)


def _foreign(reading: Reading) -> Iterator[Finding]:
    day = day_of(reading.path)
    if reading.kind is not PageKind.DAY_INDEX or day is None:
        return
    for link in reading.links():
        if link.kind is not LinkKind.INDEX_ENTRY:
            continue
        other = day_of(target_path(link.target))
        if other is not None and other != day:
            yield Finding(
                *link.match.span("target"),
                f"the index of {day.year}-{day.month:02d}-{day.day} lists an event of "
                f"{other.year}-{other.month:02d}-{other.day}",
            )


def _all_listed_once(reading: Reading) -> bool:
    return not reading.sections or len(set(reading.entry_paths)) == len(reading.entry_paths)


def _listed_twice(reading: Reading) -> Iterator[Finding]:
    first: set[str] = set()
    for link in reading.links():
        if link.kind is not LinkKind.INDEX_ENTRY:
            continue
        path = target_path(link.target)
        if path in first:
            repair = Repair(
                "remove the entry", item_removal(reading, link.match), Applicability.UNSAFE
            )
            yield Finding(*link.match.span("target"), "the index lists this page already", repair)
        first.add(path)


RULES = (
    Rule(
        "NA208",
        "orphan-page",
        Severity.WARNING,
        "no index of its day lists an event",
        "Readers find events through the day's index.md or README.md. The finding stands on line "
        "1 of the event.",
        archive=_orphan,
        fix="lists the event in the index of its day (unsafe)",
        whole_page=True,
        wants=(_wants.place,),
    ),
    Rule(
        "NA210",
        "foreign-index-entry",
        Severity.WARNING,
        "a day index lists an event of another day",
        "The entry's path names another day than the index's own path.",
        page=_foreign,
        passes=_lists_own_day,
    ),
    Rule(
        "NA212",
        "duplicate-index-entry",
        Severity.WARNING,
        "an index lists a page twice",
        "The second of two entries for one page is reported, whatever its text. Readers meet the "
        "event twice, and an edit of one entry leaves the other behind.",
        page=_listed_twice,
        passes=_all_listed_once,
        fix="removes the second entry (unsafe)",
        marks=Marks.SUPERFLUOUS,
    ),
)
