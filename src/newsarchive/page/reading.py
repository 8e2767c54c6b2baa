"""What parsing found in one document: its parts with their places, before any judgement.

A reading is what rules look at. It holds regular-expression matches over the document's `body`,
which know every part's text and place at no cost; spans into the text as it was read are made on
request. The page model is built on first use: rules that only look at links never pay for it.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterable, Iterator
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from newsarchive.page.document import Document, Span
from newsarchive.page.editions import EN, Edition
from newsarchive.page.lazy_dataclasses import dataclass, field
from newsarchive.page.lazy_tuples import NamedTuple
from newsarchive.page.paths import DayNumbers, PageKind, target_path
from newsarchive.page.sections import SECTIONS, Note, Section
from newsarchive.page.sections import LinkKind as LinkKind

if TYPE_CHECKING:
    from newsarchive.page.models import Page

Loc = tuple[str | int, ...]
"""The path of a part in its page's model, as pydantic writes it: ``("related", 3, "path")``."""

Match = re.Match[str]
T = TypeVar("T")


class ProblemKind(StrEnum):
    """What keeps a text, or a line of it, from being read as a page's."""

    UNDECODABLE = "undecodable"
    NO_DATE = "no-date"
    NO_TITLE = "no-title"
    UNKNOWN_SECTION = "unknown-section"
    NO_ENTRY = "no-entry"
    OUT_OF_PLACE = "out-of-place"


class Problem(NamedTuple):
    """Trouble that reading itself ran into; offsets are those of the body."""

    kind: ProblemKind
    start: int
    end: int
    message: str


class Link(NamedTuple):
    """One link of a page.

    Attributes:
        kind: what it is to the page.
        text, target: link text with its spaces, and target, as written but for what the edition's
            links have before their paths.
        start, end: body offsets of the whole entry (its line, without the line ending).
        match: the match with the groups ``text`` and ``target``; entries have ``number`` too.
    """

    kind: LinkKind
    text: str
    target: str
    start: int
    end: int
    match: Match

    @property
    def title(self) -> str:
        """The link text without spaces at its ends."""
        return self.text.strip()


class InboundLink(NamedTuple):
    """A link that leads to a page: the page that it is on, and the link."""

    page: str
    link: Link


@dataclass
class Heading:
    """A date heading: ``[2013-02-20](/news/2013/02/20/index.md)``."""

    match: Match  # its match, with the groups text, year, month, day and target
    numbers: DayNumbers = field(init=False)  # year, month and day as written
    # the date, None where the calendar has no such day
    date: datetime.date | None = field(init=False)

    def __post_init__(self) -> None:
        self.numbers, self.date = _day(*self.match.group("year", "month", "day"))

    @property
    def target(self) -> str:
        """Where the heading links to."""
        return self.match["target"]


def base_of(link: Match) -> str:
    """What stands before the target of a link, in editions whose links may have such."""
    return (link["base"] or "") if "base" in link.re.groupindex else ""


class lazy(Generic[T]):  # noqa: N801 - used like a function
    """`functools.cached_property` without its lock, which costs more than most parts."""

    def __init__(self, make: Callable[[Any], T]) -> None:
        self.make: Callable[[Any], T] = make
        self.name: str = make.__name__
        self.__doc__ = make.__doc__

    def __get__(self, reading: Any, owner: object = None) -> T:
        """The value; it takes this object's place in the reading."""
        value = reading.__dict__[self.name] = self.make(reading)
        return value


@lru_cache(maxsize=64)  # the events of a day have one heading
def _day(year: str, month: str, day: str) -> tuple[DayNumbers, datetime.date | None]:
    numbers = DayNumbers(int(year), int(month), int(day))
    return numbers, numbers.date()


@dataclass
class IndexItem:
    """One entry of an index: the heading's match and what belongs to it (body ranges)."""

    match: Match
    start: int
    end: int
    topic: tuple[int, int] | None = None
    description: tuple[int, int] | None = None
    context: Match | None = None
    empty_description: bool = False
    gap: str = ""


@dataclass
class IndexSection:
    """A ``##`` heading of an index and its entries; `match` has the groups text and target."""

    match: Match | None
    start: int
    end: int
    items: list[IndexItem] = field(default_factory=list)
    rule: bool = False
    final_gap: str = ""


@dataclass
class Reading:
    """Everything that was found in one document.

    Attributes:
        document: the text that was read.
        kind: the kind of page.
        edition: the edition that it was read as.
        problems: trouble met while reading, in order.
        complete: whether every part of the text found its place, so that rendering the page
            loses nothing but layout.
        canonical: whether reading has proved that the page's model is written as this very text.
        readable: whether the text is text at all; if not, there are no parts.
        heading, topic, title, description: an event's parts; ranges are body offsets of the raw
            text, blanks included.
        formats: the match of the ``Formats:`` line (groups html, json, xml).
        sources, related, changes: the matches of an event's entries; cover is the cover image's.
        malformed: section, start and end of the number, and number of the numbered lines in link
            sections that are no whole entries.
        section_headings: body ranges of the known sections' headings, by name.
        sections: an index's ``##`` headings with their entries.
    """

    document: Document
    kind: PageKind
    build: Callable[[Reading], Page | None] = field(repr=False)
    edition: Edition = field(default=EN, repr=False)
    problems: list[Problem] = field(default_factory=list)
    complete: bool = True
    canonical: bool = False
    readable: bool = True
    formats: Match | None = None
    heading: Heading | None = None
    topic: tuple[int, int] | None = None
    title: tuple[int, int] | None = None
    description: tuple[int, int] | None = None
    sources: list[Match] = field(default_factory=list)
    cover: Match | None = None
    related: list[Match] = field(default_factory=list)
    changes: list[Match] = field(default_factory=list)
    malformed: list[tuple[str, int, int, int]] = field(default_factory=list)
    section_headings: dict[str, tuple[int, int]] = field(default_factory=dict)
    sections: list[IndexSection] = field(default_factory=list)
    previous: IndexSection | None = None

    @property
    def path(self) -> str:
        """The page's archive path, empty where unknown."""
        return self.document.path

    def at(self, path: str) -> Reading:
        """The same of a page that holds the same, but has another path."""
        found = object.__new__(Reading)
        found.__dict__.update(self.__dict__, document=Document(self.document.text, path))
        return found

    @property
    def body(self) -> str:
        r"""The text that the grammar read: no byte order mark, ``"\n"`` line endings."""
        return self.document.body

    @lazy
    def page(self) -> Page | None:
        """The page's model, None where none can be built."""
        return self.build(self)

    def add_problem(self, problem: Problem) -> None:
        """Note trouble. Lines of unexpected content that follow one another are one problem."""
        self.complete = False
        last = self.problems[-1] if self.problems else None
        if (
            last is not None
            and problem.kind is last.kind is ProblemKind.OUT_OF_PLACE
            and problem.message == last.message
            and problem.start == last.end + 1
        ):
            self.problems[-1] = last._replace(end=problem.end)
        else:
            self.problems.append(problem)

    def text(self, part: tuple[int, int] | None) -> str:
        """The body's text of a range without spaces at its ends; empty for None."""
        return self.body[part[0] : part[1]].strip() if part else ""

    def clean(self, part: tuple[int, int]) -> tuple[int, int]:
        """A range without the blanks at its ends."""
        raw = self.body[part[0] : part[1]]
        start = part[0] + len(raw) - len(raw.lstrip())
        return start, max(start, part[0] + len(raw.rstrip()))

    def entries(self, section: Section) -> list[tuple[Match, bool]]:
        """The whole entries of a section, and whether each repeats the number before it."""
        matches: list[Match] = getattr(self, section.field)
        versions = section.note is Note.VERSION
        found = [(m, versions and self.is_current(m)) for m in matches]
        if section.pictured and self.cover:
            found.append((self.cover, True))
        return found

    def is_current(self, change: Match) -> bool:
        """Whether an entry of the page's Changes stands for the page as it is."""
        return self.edition.is_current_note(change["kind"])

    def malformed_in(self, section: str) -> bool:
        """Whether a section has a numbered line that is no whole entry."""
        return any(found[0] == section for found in self.malformed)

    def index_items(self) -> Iterator[IndexItem]:
        """All entries of an index page, from top to bottom."""
        for section in self.sections:
            yield from section.items

    @lazy
    def _items(self) -> dict[int, IndexItem]:
        return {id(item.match): item for item in self.index_items()}

    def item_of(self, match: Match) -> IndexItem:
        """The entry of an index whose heading is that match."""
        return self._items[id(match)]

    @lazy
    def related_paths(self) -> list[str]:
        """The paths that an event's related links name, fragments aside."""
        return [m["target"].partition("#")[0] for m in self.related]

    @lazy
    def entry_paths(self) -> list[str]:
        """The paths that an index's entries name, fragments aside."""
        return [
            item.match["target"].partition("#")[0]
            for section in self.sections
            for item in section.items
        ]

    @property
    def day_paths(self) -> list[str]:
        """The paths of the days that headings lead to; in an index, the first is its own."""
        matches = [section.match for section in (*self.sections, self.previous) if section]
        if not self.sections:
            matches = [self.heading.match] if self.heading else []
        return [target_path(m["target"]) for m in matches if m and m["target"] is not None]

    @lazy
    def own_text(self) -> str:
        """An event's own words, a line each: title, topic, description, names of its sources."""
        body = self.body
        parts = [body[p[0] : p[1]] for p in (self.title, self.topic, self.description) if p]
        return "\n".join([*parts, *[m["text"] for m in self.sources]])

    def links(self, *kinds: LinkKind) -> Iterator[Link]:
        """Every link of the page, section by section, from top to bottom within each.

        Args:
            kinds: the kinds that are meant; none means all.
        """
        return iter(self._links) if not kinds else (x for x in self._links if x.kind in kinds)

    @property
    def quoting(self) -> list[Match]:
        """The matches of the entries that quote pages: an index's, or an event's related links."""
        return [item.match for item in self.index_items()] if self.sections else self.related

    def narrow(self, numbers: Iterable[int]) -> None:
        """Have `leading` give no links but some entries: the others are known to be in order.

        Args:
            numbers: their places in `quoting`; where there are not so many, the page has changed.
        """
        kind, entries = _ENTRY_KINDS[bool(self.sections)], self.quoting
        links = [_link(kind, entries[n]) for n in numbers if n < len(entries)]
        self.__dict__["_leading"] = {kind: [(link, target_path(link.target)) for link in links]}

    def leading(self, *kinds: LinkKind) -> Iterator[tuple[Link, str]]:
        """The links of some kinds, kind by kind, each with the path that its target names."""
        for kind in kinds:
            yield from self._leading.get(kind, ())

    @lazy
    def _leading(self) -> dict[LinkKind, list[tuple[Link, str]]]:
        found: dict[LinkKind, list[tuple[Link, str]]] = {}
        for link in self._links:
            found.setdefault(link.kind, []).append((link, target_path(link.target)))
        return found

    @lazy
    def _links(self) -> list[Link]:
        return list(self._find_links())

    def _find_links(self) -> Iterator[Link]:
        if self.formats:
            for name in ("html", "json", "xml"):
                m = self.formats
                yield Link(LinkKind.FORMAT, name, m[name], m.start(name), m.end(name), m)
        if self.heading:
            yield _link(LinkKind.DAY, self.heading.match)
        for part in SECTIONS:
            for m in getattr(self, part.field):
                yield _link(part.kind, m)
            if part.pictured and self.cover:
                yield _link(LinkKind.COVER_IMAGE, self.cover)
        for section in self.sections:
            own = section.match
            if own is not None and own["target"] is not None:
                heading = self.heading
                if heading is None or own is not heading.match:
                    yield _link(LinkKind.DAY, own)
            for item in section.items:
                yield _link(LinkKind.INDEX_ENTRY, item.match)
        if self.previous and self.previous.match:
            yield _link(LinkKind.PREVIOUS_DAY, self.previous.match)

    def link_counts(self) -> dict[str, int]:
        """How many links of each kind `links` gives, without making them."""
        found = {"day": 1} if self.heading else {}
        for name, kind in _KINDS:
            if matches := getattr(self, name):
                found[kind] = len(matches)
        if self.cover:
            found["cover-image"] = 1
        if self.formats:
            found["format"] = 3
        if self.previous and self.previous.match:
            found["previous-day"] = 1
        if self.sections:
            first = self.heading.match if self.heading else None
            days = [s for s in self.sections if s.match and s.match["target"] is not None]
            found["day"] = found.get("day", 0) + sum(s.match is not first for s in days)
            found["index-entry"] = sum(len(s.items) for s in self.sections)
        return {kind: count for kind, count in found.items() if count} if self.sections else found

    def span(self, start: int, end: int) -> Span:
        """The span in the document's text of a range of the body."""
        return self.document.span(start, end)


def _link(kind: LinkKind, m: Match) -> Link:
    return Link(kind, m["text"], m["target"], m.start(), m.end(), m)


_ENTRY_KINDS = (LinkKind.RELATED, LinkKind.INDEX_ENTRY)
_KINDS = [(section.field, section.kind.value) for section in SECTIONS]
