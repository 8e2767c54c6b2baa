"""The Veldanian news desk's own rules for its archive: codes HS101 to HS103."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from newsarchive import LinkKind, PageKind, Severity
from newsarchive.rules import BodyEdit, Finding, Lookup, Places, Repair, Rule, event_check

if TYPE_CHECKING:  # models take 0.15 s to import, and a run from the cache needs none
    from newsarchive import Event
    from newsarchive.reading import Reading


# A check of the page's model. `places` knows where each part of it stands.
@event_check
def plain_http(event: Event, places: Places) -> Iterator[Finding]:
    for number, source in enumerate(event.sources):
        if source.url.startswith("http://"):
            yield places.finding(
                ("sources", number, "url"),
                f"the source's address {source.url!r} is not encrypted, expected https://",
                replacement=source.url.replace("http://", "https://", 1),
                fix="write https:// for http://",
            )


def no_plain_http(reading: Reading) -> bool:
    """A quick test that spares most pages the check."""
    return "](http://" not in reading.body


# A check of the page's parts. Offsets count in `reading.body`.
def double_blanks(reading: Reading) -> Iterator[Finding]:
    if reading.kind is not PageKind.EVENT or reading.description is None:
        return
    start, end = reading.clean(reading.description)
    at = reading.body.find("  ", start, end)
    if at >= 0:
        repair = Repair("write one blank", (BodyEdit(at, at + 2, " "),))
        yield Finding(at, at + 2, "two blanks in the description, expected one", repair)


# A check that asks for other pages. `archive` answers the questions of `Lookup`.
def unlisted_relation(reading: Reading, archive: Lookup) -> Iterator[Finding]:
    for link in reading.links():
        if link.kind is not LinkKind.RELATED or not archive.exists(link.target):
            continue
        if not archive.is_listed(link.target):
            start, end = link.match.span("target")
            yield Finding(start, end, f"the related page {link.target!r} is in no index")


RULES = (
    Rule(
        "HS101",
        "plain-http-source",
        Severity.WARNING,
        "a source's address begins with http://",
        "Most sources have moved to https:// since. Look whether this one has.",
        bad="1. [Harbour Post](http://post.example.org/pier)",
        good="1. [Harbour Post](https://post.example.org/pier)",
        fix="write https:// for http://",
        page=plain_http,
        passes=no_plain_http,
    ),
    Rule(
        "HS102",
        "double-space",
        Severity.INFO,
        "a description has two spaces in a row",
        "They come from agency copy and mean nothing.",
        fix="write one blank",
        page=double_blanks,
    ),
    Rule(
        "HS103",
        "unlisted-relation",
        Severity.INFO,
        "a related link leads to a page that no index of its day lists",
        "Readers find the page through this link alone. List it in its day's index.",
        archive=unlisted_relation,
        default=False,
    ),
)
