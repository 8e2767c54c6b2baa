"""What other pages' verdicts depend on: the parts of a page as plain text.

They take no places to tell, and so can be had without a reading.
"""

from __future__ import annotations

from collections.abc import Sequence

from newsarchive.page.editions import EN, Edition
from newsarchive.page.lazy_tuples import NamedTuple
from newsarchive.page.paths import PageKind, target_path
from newsarchive.page.reading import Match, Reading


class Parts(NamedTuple):
    """The parts of one page."""

    # kind, path: what the page is, and where it stands
    kind: PageKind
    path: str
    title: str  # an event's title without spaces at its ends; empty where there is none
    ordinal: int  # the heading's date as a proleptic ordinal, 0 without one
    links: dict[str, int]  # how many links of each kind there are
    linked_paths: Sequence[str]  # the paths of the pages that are quoted by their titles
    # the titles that they are quoted by, with the blanks at their ends
    linked_titles: Sequence[str]
    day_paths: Sequence[str]  # the paths of the days that headings lead to
    previous_path: str = ""  # the path of the day before; empty where none is named
    changes: Sequence[Match] = ()  # the matches of the entries of Changes
    edition: Edition = EN  # the edition that it was read as


def parts_of(reading: Reading) -> Parts:
    """The parts that were found in a page."""
    heading, previous = reading.heading, reading.previous.match if reading.previous else None
    return Parts(
        reading.kind,
        reading.path,
        reading.text(reading.title),
        heading.date.toordinal() if heading and heading.date else 0,
        reading.link_counts(),
        reading.entry_paths if reading.sections else reading.related_paths,
        [m["text"] for m in reading.quoting],
        reading.day_paths,
        target_path(previous["target"]) if previous else "",
        reading.changes,
        reading.edition,
    )


def former_paths(page: Parts | Reading) -> tuple[str, ...]:
    """The paths that older versions of a page had, as its Changes name them."""
    return tuple(
        target_path(m["target"])
        for m in page.changes
        if not page.edition.is_current_note(m["kind"]) and m["target"] != page.path
    )
