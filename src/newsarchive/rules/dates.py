"""NA3xx: do dates agree with paths, links, the calendar and each other?"""

import datetime
from collections.abc import Iterator

from newsarchive.findings.diagnostics import Severity
from newsarchive.page.paths import INDEX_NAMES, PageKind, day_meant, day_of, target_path
from newsarchive.page.reading import Reading
from newsarchive.rules import _wants
from newsarchive.rules._rule import Finding, Lookup, Rule, is_canonical
from newsarchive.rules.names import is_filed, misfiled

_INDEXES = tuple(f"/{name}" for name in INDEX_NAMES)


def _mismatch(reading: Reading) -> Iterator[Finding]:
    heading, day = reading.heading, day_of(reading.path)
    if heading and heading.date and day and heading.numbers != day:
        yield Finding(
            *heading.match.span("text"),
            f"the heading says {heading.match['text']}, the page's path says "
            f"{day.year}-{day.month:02d}-{day.day}",
        )


def _invalid(reading: Reading) -> Iterator[Finding]:
    heading = reading.heading
    if heading and heading.date is None:
        yield Finding(
            *heading.match.span("text"), f"there is no day {heading.match['text']} in the calendar"
        )


def _link_mismatch(reading: Reading) -> Iterator[Finding]:
    heading = reading.heading
    if heading is None or heading.date is None:
        return
    target = target_path(heading.target)
    if target.endswith(_INDEXES) and day_of(target) == heading.numbers:
        return
    day = day_meant(target)
    if day != heading.numbers:
        leads = f"{day.year}-{day.month:02d}-{day.day}" if day else "no day's page"
        yield Finding(
            *heading.match.span("target"),
            f"the heading says {heading.match['text']}, its link leads to {leads}",
        )


def _future(reading: Reading, today: datetime.date) -> Iterator[Finding]:
    heading = reading.heading
    if heading and heading.date and heading.date > today:
        yield Finding(
            *heading.match.span("text"),
            f"{heading.match['text']} is later than today, {today.isoformat()}",
        )


def _previous_day(reading: Reading, lookup: Lookup) -> Iterator[Finding]:
    if reading.kind is not PageKind.DAY_INDEX or reading.heading is None or not reading.path:
        return
    expected = lookup.previous_day(reading.path)
    link = reading.previous.match if reading.previous else None
    if link is None:
        if expected:
            yield Finding(
                *reading.heading.match.span("text"),
                f"no '{reading.edition.previous_day[0]}', though {expected} exists",
            )
        return
    path = target_path(link["target"])
    if not lookup.exists(path) or expected == path:
        return
    if expected is None:
        message = "no earlier day exists"
    elif day_of(path) == day_of(expected):
        return
    else:
        message = f"the nearest earlier day is {expected}"
    label = link["text"].strip()
    yield Finding(*link.span("target"), f"'{label}' leads to {path}; {message}")


def _change_order(reading: Reading) -> Iterator[Finding]:
    latest = ""
    for position, m in enumerate(reading.changes, 1):
        stamp = m["timestamp"]
        if stamp is not None:
            if stamp < latest:
                yield Finding(*m.span("timestamp"), f"the version of {stamp} comes after {latest}")
            latest = max(latest, stamp)
        if reading.is_current(m):
            if position < len(reading.changes):
                yield Finding(*m.span("kind"), "the current version is not the last entry")
            if reading.path and target_path(m["target"]) != reading.path:
                yield Finding(*m.span("target"), "the current version's link is not this page")


RULES = (
    Rule(
        "NA301",
        "date-mismatch",
        Severity.ERROR,
        "the heading's date is not that of the page's path",
        "An event is filed under its day: /news/YYYY/MM/D/. One of the two is wrong, and readers "
        "of the one disagree with readers of the other.",
        bad="### [2013-02-21](...) in /news/2013/02/20/slug.md",
        good="### [2013-02-20](...) in /news/2013/02/20/slug.md",
        advice="Find out which is right. Move the page with 'newsarchive mv', or correct the "
        "heading.",
        page=_mismatch,
    ),
    Rule(
        "NA302",
        "invalid-date",
        Severity.ERROR,
        "the heading names a day that the calendar does not have",
        "There is no model of a page without a date. The page's path mostly tells the right one.",
        bad="### [2013-02-30](/news/2013/02/20/index.md)",
        good="### [2013-02-20](/news/2013/02/20/index.md)",
        advice="Write the day that the page's path tells.",
        page=_invalid,
        passes=is_canonical,  # which has a date
    ),
    Rule(
        "NA303",
        "date-link-mismatch",
        Severity.ERROR,
        "the heading's date is not that of its own link",
        "The heading's text and the day that it leads to are written by the same hand and must "
        "agree.",
        bad="### [2013-02-20](/news/2012/02/20/index.md)",
        good="### [2013-02-20](/news/2013/02/20/index.md)",
        advice="Write the same day in the heading's text and in its link.",
        page=_link_mismatch,
    ),
    Rule(
        "NA304",
        "future-date",
        Severity.ERROR,
        "the heading's date is later than today",
        "News has happened. Today is the day on which the check runs, in local time, unless "
        "another is given with --today.",
        bad="### [2113-02-20](/news/2113/02/20/index.md)",
        good="### [2013-02-20](/news/2013/02/20/index.md)",
        advice="Correct the date. In a time zone ahead of yours, give the day with --today.",
        clock=_future,
        later=True,
    ),
    Rule(
        "NA305",
        "previous-day-order",
        Severity.WARNING,
        "'Previous Day...' is not the nearest earlier day that exists",
        "The days of the archive are a chain. A link that skips a day hides it; a missing link "
        "ends the chain early. A link to no page at all is NA203.",
        bad="[Previous Day...](/news/2013/02/17/index.md), where there is a /news/2013/02/19/",
        good="[Previous Day...](/news/2013/02/19/index.md)",
        advice="Lead the link to the day that the message names.",
        archive=_previous_day,
        wants=(_wants.days, _wants.day_before),
    ),
    Rule(
        "NA306",
        "change-order",
        Severity.WARNING,
        "changes are out of order",
        "Versions are listed oldest first, the current one last, and that one links to its own "
        "page. Equal times are normal: they come from a rebuild.",
        bad="1. [Title](/news/2013/02/20/slug.md) _2013-02-20 12:00:00 (Current version)_\n"
        "2. [Title](/news/2013/02/20/older.md) _2013-02-20 10:00:00 (First version)_",
        good="1. [Title](/news/2013/02/20/older.md) _2013-02-20 10:00:00 (First version)_\n"
        "2. [Title](/news/2013/02/20/slug.md) _2013-02-20 12:00:00 (Current version)_",
        advice="Sort the entries by time, the current version last.",
        page=_change_order,
        passes=lambda reading: not reading.changes,
    ),
    Rule(
        "NA307",
        "misfiled-page",
        Severity.ERROR,
        "a page of news lies in no day's folder",
        "Events and indexes of days lie in /news/YYYY/MM/D/, the month with two digits and the "
        "day without a zero. Elsewhere they are taken for prose, and nothing on them is checked.",
        bad="### [2013-02-20](...) in /news/2013/02/slug.md",
        good="### [2013-02-20](...) in /news/2013/02/20/slug.md",
        advice="Move the file to where the message says.",
        page=misfiled,
        passes=is_filed,
    ),
)
