"""The short way of a check: the parts of a page that is laid out as the archive does, as strings.

Nearly all pages of an archive are. `read` finds every part with its place, which only a page with
findings needs. Here the layout is proved by the short patterns of `_canonical`. What a part may
hold is not looked at: `rules.screens` does that, for many pages together. A page that does not
pass there is read as if nothing had been found here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress

from newsarchive.page.document import Document
from newsarchive.page.editions import EN, Edition
from newsarchive.page.lazy_tuples import NamedTuple
from newsarchive.page.parser._canonical import (
    ALL,
    OTHERS,
    RELATED,
    EventParts,
    IndexParts,
    event_parts,
    head_of,
    index_parts,
    place_event,
)
from newsarchive.page.parser._grammar import Grammar, grammar_of
from newsarchive.page.parts import Parts
from newsarchive.page.paths import INDEX_NAMES, PageKind, day_folder, day_label, day_of
from newsarchive.page.reading import Match, Reading


class Sound(NamedTuple):
    """What was found of a page."""

    parts: Parts  # what other pages' verdicts depend on
    own: str = ""  # an event's own words, a line each: title, topic, description, names of sources
    urls: Sequence[str] = ()  # the addresses of its sources and its cover image
    images: Sequence[str] = ()  # those of its sources' pictures
    found: EventParts | IndexParts | None = None  # all that was found below the heading
    # the match of the heading and what stands above, where these are not the usual ones
    head: Match | None = None

    @property
    def names(self) -> str:
        """The names of an event's sources, a line each."""
        return "".join(self.own.split("\n", 3)[3:])

    @property
    def are_named(self) -> bool:
        """Whether all sources have names: those that the short patterns find have."""
        found = self.found
        return not isinstance(found, EventParts) or all(map(str.strip, found.sources[1]))

    @property
    def reading(self) -> Reading:
        """An event's parts with their places, but for its heading and its related links."""
        return self._placed(OTHERS)

    @property
    def relating(self) -> Reading:
        """An event's related links with their places, and its own text's."""
        return self._placed(RELATED)

    @property
    def whole(self) -> Reading:
        """All of an event's parts with their places, but for its heading."""
        return self._placed(ALL)

    def _placed(self, fields: Mapping[str, str]) -> Reading:
        found, parts = self.found, self.parts
        assert isinstance(found, EventParts), "the entries of an index are not looked at one by one"
        document = Document(found.match.string, parts.path)
        reading = Reading(document, parts.kind, lambda _: None, parts.edition, canonical=True)
        place_event(reading, found.match, cover=found.cover, fields=fields)
        return reading


class DayFolder(NamedTuple):
    """What the pages of one day have in common."""

    label: str
    path: str
    ordinal: int
    edition: Edition

    @classmethod
    def of(cls, folder: str, edition: Edition = EN) -> DayFolder | None:
        """A folder; None where it is that of no day, or is not written as the archive does."""
        path = f"{folder}/{INDEX_NAMES[0]}"
        numbers = day_of(path)
        date = numbers.date() if numbers else None
        if date is None or day_folder(date) != folder:
            return None
        return cls(day_label(date), path, date.toordinal(), edition)


def texts_of(contents: Mapping[str, bytes | OSError]) -> dict[str, str]:
    """The texts of those pages that `find` may look at."""
    texts: dict[str, str] = {}
    for path, data in contents.items():
        if not isinstance(data, OSError) and b"\r" not in data:
            with suppress(UnicodeDecodeError):
                texts[path] = data.decode()
    return texts


def find(
    pages: Sequence[tuple[str, str]], edition: Edition = EN, *, short: bool = True
) -> Iterator[tuple[str, Sound]]:
    """The paths of those pages that are laid out as the archive does, and what was found of them.

    Pages come folder by folder. The short patterns suffice for a check. By the others, sources
    without a name are found, too, and `found` holds all that is written.
    """
    grammar = grammar_of(edition)
    last, day, index, event = None, None, "", ""
    for path, text in pages:
        folder, _, name = path.rpartition("/")
        if folder != last:
            last, day = folder, DayFolder.of(folder, edition)
            if day:  # what stands before the links of an edition mostly stands in its indexes
                event = f"### [{day.label}]({day.path})\n\n"
                index = f"## [{day.label}]({edition.base}{day.path})\n\n"
        if day is None or not name.isprintable():
            continue  # a name may hold what no text can
        usual, take = (index, _index) if name in INDEX_NAMES else (event, _event)
        start, match = len(usual), None
        if not text.startswith(usual):
            head = head_of(text, grammar)
            if head is None or not head.is_of(day.path, name):
                continue
            match, start = head.match, head.match.end()
        if found := take(day, grammar, path, text, start, match, short):
            yield path, found


def _links(head: Match | None) -> dict[str, int]:
    if head is None or head["html"] is None:
        return {"day": 1}
    return {"day": 1, "format": 3}


def _event(
    day: DayFolder, grammar: Grammar, path: str, text: str, start: int, head: Match | None,
    short: bool,
) -> Sound | None:  # fmt: skip
    found = event_parts(text, start, grammar, short=short)
    if found is None:
        return None
    (title, topic, description), changes, links = found.own, found.changes, _links(head)
    _, names, *_ = found.sources
    urls, images = found.sources[2], found.sources[3 if short else -1]
    titles, paths = found.related[1], found.related[2 if short else 3]
    if found.cover and len(names) == 1:
        return None
    if found.cover:
        links["cover-image"] = 1
    if names:
        links["source"] = len(names) - found.cover
    if paths:
        links["related"] = len(paths)
    if changes:
        links["change"] = len(changes)
    parts = Parts(
        PageKind.EVENT, path, title.strip(), day.ordinal, links, paths, titles, [day.path], "",
        changes, day.edition,
    )  # fmt: skip
    own = "\n".join([title, topic or "", description or "", *names])
    return Sound(parts, own, urls, images, found, head)


def _index(
    day: DayFolder, grammar: Grammar, path: str, text: str, start: int, head: Match | None,
    short: bool,
) -> Sound | None:  # fmt: skip
    found = index_parts(text, start, grammar, short=short)
    if found is None:
        return None
    titles, paths = (found.items[1], found.items[2]) if short else (found.items[2], found.items[4])
    days, previous, links = [day.path], "", _links(head)
    if found.previous:
        previous = found.previous["target"]
        days.append(previous)
        links["previous-day"] = 1
    links["index-entry"] = len(paths)
    parts = Parts(
        PageKind.DAY_INDEX, path, "", day.ordinal, links, paths, titles, days, previous, (),
        day.edition,
    )  # fmt: skip
    return Sound(parts, found=found, head=head)
