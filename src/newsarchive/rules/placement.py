"""Where an event belongs in the index pages of its day, and how it stands there.

A day may have two copies of its index, ``index.md`` and ``README.md``. Each keeps its own order and
style, so an entry is placed in each by what that copy shows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import combinations
from typing import NamedTuple
from urllib.parse import unquote

from newsarchive.findings.edits import BodyEdit
from newsarchive.page.paths import PageKind
from newsarchive.page.reading import IndexItem, Match, Reading
from newsarchive.page.sections import is_target
from newsarchive.rules._commonmark import escape_text, hidden_reason
from newsarchive.rules.conflicts import is_in_conflict

# Most events of a day tell nothing about its indexes' style; to ask them all takes reading them.
_ASKED = 20


class ListedEvent(NamedTuple):
    """What an index may say of an event."""

    path: str  # its archive path
    title: str  # its title with the spaces around it
    topic: str = ""  # its topic; empty where it has none
    description: str = ""  # the paragraph about it; empty for none
    context: str = ""  # terms that stand in place of a description


def listed_event(
    event: Reading, known: Iterable[tuple[Reading, IndexItem]] = ()
) -> ListedEvent | None:
    """What an index is to say of an event; None where it has no title, or no link can name it.

    Topic and terms are taken over from entries of it in indexes, `known`.
    """
    if event.kind is not PageKind.EVENT or event.title is None or not is_target(event.path):
        return None
    topic, context = event.text(event.topic), ""
    for index, item in known:
        topic = index.text(item.topic) or topic
        context = item.context["context"] if item.context else context
    title = event.body[slice(*event.title)].replace("](", "] (")
    description = event.text(event.description)
    return ListedEvent(event.path, title, topic, "" if context else description, context)


class _Style(NamedTuple):
    """How the entries of an index are written."""

    at: int  # where a new one stands
    base: str  # what precedes the paths of links
    topics: bool  # whether topics stand above entries
    bare: bool  # whether entries say nothing but titles
    closing: str  # what follows an entry of which nothing but the title is said
    context: str  # what stands before the terms of an entry


class DayIndexes:
    """The copies of a day's index; the one that links mean comes first.

    `event` gives what was read of an event's page, None where that is not there; `has_versions`
    tells whether it may name its versions, as far as is known without reading it.
    """

    def __init__(
        self,
        copies: Sequence[Reading],
        event: Callable[[str], Reading | None],
        has_versions: Callable[[str], bool] = lambda _: True,
    ) -> None:
        self.copies = copies
        self._event = event
        self._has_versions = has_versions
        self._styles: dict[str, _Style] = {}
        self._entries: dict[str, list[tuple[Reading, IndexItem]]] = {}
        for copy in copies:
            for path, item in zip(copy.entry_paths, copy.index_items(), strict=True):
                self._entries.setdefault(path, []).append((copy, item))

    def entries(self, path: str) -> list[tuple[Reading, IndexItem]]:
        """The entries that lead to an event, each with the copy that it stands in."""
        return self._entries.get(path, [])

    def listing(self, event: ListedEvent) -> list[tuple[str, BodyEdit]]:
        """For each copy that lacks an event, its path and the edit that lists the event there.

        Copies that cannot be edited without loss are left out. So is one that names the event in a
        line that is no entry: that is to be mended, before any other copy where none lists it.
        """
        having = [copy for copy, _ in self.entries(event.path)]
        naming = [copy for copy in self.copies if _names(copy, event)]
        found = []
        for copy in self.copies if having or not naming else ():
            if copy in naming or not is_sound(copy):
                continue
            if edit := self.entry(event, copy):
                found.append((copy.path, edit))
        return found

    def entry(
        self, event: ListedEvent, like: Reading, new: Reading | None = None
    ) -> BodyEdit | None:
        """The edit that lists an event; None where no renderer would show the link.

        The order and style are those of an index that it is like. A new one, if given, lists it
        instead.
        """
        if like.body not in self._styles:  # copies are mostly the same text
            self._styles[like.body] = self._style(like)
        style = self._styles[like.body]
        at = insertion_points(new)[1] if new else style.at
        entry = _entry(event, style)
        return BodyEdit(at, at, entry) if entry else None

    # How a copy is written.

    def _style(self, copy: Reading) -> _Style:
        items = list(copy.index_items())
        top, bottom = insertion_points(copy)
        bare = [item for item in items if not (item.description or item.context)]
        notes = [item.context for item in items if item.context]
        return _Style(
            at=top if self._newest_first(copy) else bottom,
            base=_base(items[0].match if items else copy.sections[0].match),
            topics=not items or any(item.topic for item in items),
            bare=len(bare) == len(items) and self._says_less(copy),
            closing="\n" if any(copy.body.startswith("\n\n", i.end) for i in bare) else "",
            context=notes[0].string[notes[0].start() : notes[0].start("context")]
            if notes
            else "".join(f"_{word}: " for word in copy.edition.context[:1]),
        )

    def _says_less(self, copy: Reading) -> bool:
        """Whether there is more to say of events than an index of bare titles does."""
        for event in map(self._event, _asked(copy)):
            if event and (event.description or any(m["context"] for m in event.related)):
                return True
        return False

    def _newest_first(self, copy: Reading) -> bool:
        """Whether a copy lists the newest event first.

        The events' first versions tell; else the other copy, where that lists the same events the
        other way round; else it does, as nearly all indexes do. Of two copies that tell nothing
        but that one is the reverse of the other, the older layout is in the order of the day.
        """
        own = self._told(copy)
        if own is not None:
            return own
        for other in self.copies:
            if other is not copy and _is_reverse(copy, other):
                told = self._told(other)
                if told is not None:
                    return not told
                older = (not copy.formats, copy.path) > (not other.formats, other.path)
                return not older
        return True

    def _told(self, copy: Reading) -> bool | None:
        """The same as far as the first versions of the events tell."""
        stamps = []
        for path in filter(self._has_versions, _asked(copy)):
            event = self._event(path)
            first = event.changes[0]["timestamp"] if event and event.changes else None
            if first:
                stamps.append(first)
        order = sum((a > b) - (a < b) for a, b in combinations(stamps, 2))
        return None if order == 0 else order > 0


def _asked(copy: Reading) -> list[str]:
    """The first events that an index lists, those of its own folder: others say nothing of it."""
    folder = copy.path.rpartition("/")[0]
    return [path for path in copy.entry_paths[:_ASKED] if path.rpartition("/")[0] == folder]


def _entry(event: ListedEvent, style: _Style) -> str:
    """The lines of an entry in an index's style; empty where no renderer would show its link."""
    title, target = escape_text(event.title), f"{style.base}{event.path}"
    if hidden_reason(f"[{title}]({target})", 0, len(title) + 1, target):
        return ""
    topic = f"##### {event.topic}\n" if event.topic and style.topics else ""
    lines = f"{topic}### [{title}]({target})\n"
    if event.context and style.context and not style.bare:
        return f"{lines}{style.context}{event.context}_\n\n"
    if event.description and not style.bare:
        return f"{lines}{event.description}\n\n"
    return f"{lines}{style.closing}"


def is_sound(index: Reading) -> bool:
    """Whether entries can be put into an index, by offsets of its text as it was read."""
    same = index.document.body is index.document.text  # else line endings are to be mended first
    return index.readable and same and bool(index.sections) and not is_in_conflict(index)


def insertion_points(index: Reading) -> tuple[int, int]:
    """Where a new entry stands above all others of a day's index, and where below them."""
    end = index.previous.start if index.previous else len(index.body)
    gap = index.sections[-1].final_gap if index.sections else ""
    if gap.strip():  # a topic line that is left over would become the entry's
        end -= len(gap)
    first = next(index.index_items(), None)
    if first is None:
        return end, end
    return (index.body.rfind("\n", 0, first.topic[0]) + 1 if first.topic else first.start), end


def _base(link: Match | None) -> str:
    """What a link has before its path, in editions whose links have such."""
    if link is None or link["target"] is None:
        return ""
    start = link.start("target")
    return link.string[link.string.rindex("](", link.start(), start) + 2 : start]


def _is_reverse(one: Reading, other: Reading) -> bool:
    """Whether two copies list what they have in common in opposite orders."""
    common = {*one.entry_paths} & {*other.entry_paths}
    first, second = ([p for p in copy.entry_paths if p in common] for copy in (one, other))
    return len(common) > 1 and first == second[::-1]


def _names(index: Reading, event: ListedEvent) -> bool:
    """Whether the text of an index has an event's path in it, or its title in a broken line."""
    if event.path in index.body or ("%" in index.body and event.path in unquote(index.body)):
        return True
    title = event.title.strip()
    return any(title in index.body[p.start : p.end] for p in index.problems)
