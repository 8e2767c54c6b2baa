"""The short way to rows: most events and indexes are laid out alike, and need no reading.

One match and one `findall` for each section find the text of all parts; entries stand in lines that
follow one another, so that their places are counted and not looked for. What is not laid out like
that, down to the last byte, is left to `rows`. That both ways make the same rows is tested.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import lru_cache
from hashlib import sha256
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from newsarchive.page.editions import EN
from newsarchive.page.paths import INDEX_NAMES, day_folder, day_label, day_of
from newsarchive.page.patterns import pattern
from newsarchive.page.sections import blanks_apart
from newsarchive.tables.schema import Row

_NUMBERS = [str(number) for number in range(1, 1000)]

Made = Mapping[str, list[Row]]
"""Rows by table."""

_CONTEXT = rf"_(?:{'|'.join(map(re.escape, EN.context))}): "


def _section(words: Sequence[str]) -> str:
    names = "|".join(map(re.escape, words))
    return rf"(?:### ({names}):\n\n((?:[0-9][^\n]*+\n)++)(?:\n|\Z))?"


_LINK = r"^([0-9]{1,9})\. \[(?=[ \t]*+[^\s\]])([^\]\n]*+)\]\(([^\s()]*+)\)"
_FORMATS = pattern(
    r"\nFormats: \[HTML\]\(([^\s()]*)\)  \[JSON\]\(([^\s()]*)\)  \[XML\]\(([^\s()]*)\)  \n\n"
)
_EVENT = pattern(
    rf"(?:##### ([^\n]*+)\n)?# ([^\n]*+)\n\n(?:((?!#|---|Formats:|{_CONTEXT})\S[^\n]*+)\n|\n)\n"
    rf"(?:\n{_section(EN.sources)}{_section(EN.related)})?\Z"
)
_SOURCES = pattern(f"{_LINK}$", re.M)
_RELATED = pattern(rf"{_LINK}(?: {_CONTEXT}([^\n]+)_)?$", re.M)
_ITEMS = pattern(
    r"(^(?:##### ([^\n]*+)\n)?### \[(?=[ \t]*+[^\s\]])([^\]\n]*+)\]\(([^\s()]*+)\)\n"
    rf"(?:(?:{_CONTEXT}([^\n]+)_|((?!#|---|Formats:|{_CONTEXT})\S[^\n]*+)|)\n\n)?)",
    re.M,
)
_PREVIOUS = pattern(rf"## \[({'|'.join(map(re.escape, EN.previous_day))})\]\(([^\s()]+)\)\n\n\Z")
_HOST = pattern(r"https?://([A-Za-z0-9.-]+)(?:[/?#]|\Z)")


class _Day(NamedTuple):
    """What the pages of a day have in common."""

    date: datetime.date
    label: str
    path: str


@lru_cache(maxsize=64)
def _day(folder: str) -> _Day | None:
    numbers = day_of(f"{folder}/{INDEX_NAMES[0]}")
    date = numbers.date() if numbers else None
    if date is None or day_folder(date) != folder:
        return None
    path = f"{folder}/{INDEX_NAMES[0]}"
    return _Day(date, day_label(date), path)


def glance(path: str, data: bytes | OSError) -> Glance | None:
    """What an event or an index says, if it is laid out as most are.

    Args:
        path: its archive path.
        data: its bytes.
    """
    folder, _, name = path.rpartition("/")
    day = _day(folder)
    if day is None or isinstance(data, OSError) or b"\r" in data or not path.isascii():
        return None
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return None
    formats = _FORMATS.match(text) if text.startswith("\n") else None
    start = formats.end() if formats else 0
    mark, take = ("##", _index) if name in INDEX_NAMES else ("###", _event)
    heading = f"{mark} [{day.label}]({day.path})\n\n"
    if not text.startswith(heading, start):
        return None
    return take(_Head(path, day, text, data, formats, len(mark)), start + len(heading))


class _Head(NamedTuple):
    """What stands at the top of a page: its path, its day, all of it, formats, heading's level."""

    path: str
    day: _Day
    text: str
    data: bytes
    formats: re.Match[str] | None
    level: int

    def page_row(self, *own: str | None) -> Row:
        """The row of the page: title, topic, description and picture are its own."""
        kind = "day-index" if self.level == 2 else "event"
        title, topic, description, image = own or (None,) * 4
        return (
            self.path, kind, self.day.date, title, topic, description, None, None, image, EN.name,
            sha256(self.data).hexdigest(), len(self.data), True,
        )  # fmt: skip

    def links(self, files: AbstractSet[str]) -> list[Row]:
        """The rows of the links in it."""
        rows: list[Row] = []
        if self.formats:
            for group in (1, 2, 3):
                target, column = self.formats[group], self.formats.start(group)
                row = (self.path, group, "format", target, _resolved(target, files), 2, column)
                rows.append(row)
        day, line = self.day.path, 4 if self.formats else 1
        column = self.level + len(self.day.label) + 5
        found = (self.path, len(rows) + 1, "day", day, day if day in files else None, line, column)
        return [*rows, found]

    def formats_data(self) -> dict[str, str] | None:
        """What the model of the formats is made of."""
        if self.formats is None:
            return None
        return dict(zip(("html_path", "json_path", "xml_path"), self.formats.groups(), strict=True))


def _resolved(target: str, files: AbstractSet[str]) -> str | None:
    here = target.partition("#")[0]
    return here if here in files else None


class _IndexParts(NamedTuple):
    """A day's index: its head, its entries, the link to the day before.

    Attributes:
        head: what stands above the entries.
        items: the whole text, topic, title, target, context and description of each entry.
        previous: the match of the link to the day before.
    """

    head: _Head
    items: list[tuple[str, str, str, str, str, str]]
    previous: re.Match[str] | None

    @property
    def topics(self) -> dict[str, str]:
        """The topics of its entries, by target."""
        return {
            target.partition("#")[0]: topic.strip()
            for whole, topic, _, target, _, _ in self.items
            if whole.startswith("#####")
        }

    def add(self, files: AbstractSet[str], topics: Mapping[str, str], made: Made) -> None:
        """Add its rows to those of the tables that are wanted."""
        path, label = self.head.path, self.head.day.label
        if (rows := made.get("pages")) is not None:
            rows.append(self.head.page_row())
        if (rows := made.get("entries")) is not None:
            rows += [
                (path, label, n, title.strip(), target,
                 topic.strip() if whole.startswith("#####") else None,
                 description.strip() or None, tuple(context.split(", ")) if context else ())
                for n, (whole, topic, title, target, context, description)
                in enumerate(self.items, 1)
            ]  # fmt: skip
        if (rows := made.get("links")) is not None:
            rows += self._links(files)
        if (rows := made.get("models")) is not None:
            rows.append((path, self._model(), None))

    def _links(self, files: AbstractSet[str]) -> list[Row]:
        path, rows = self.head.path, self.head.links(files)
        line = rows[-1][5] + 2
        for n, (whole, _, title, target, _, _) in enumerate(self.items, len(rows) + 1):
            at = line + whole.startswith("#####")
            resolved = _resolved(target, files)
            rows.append((path, n, "index-entry", target, resolved, at, len(title) + 8))
            line += whole.count("\n")
        if self.previous:
            text, target = self.previous.groups()
            resolved, column = _resolved(target, files), len(text) + 7
            rows.append((path, len(rows) + 1, "previous-day", target, resolved, line, column))
        return rows

    def _model(self) -> dict[str, Any]:
        head = self.head
        data: dict[str, Any] = {"path": head.path, "date": head.day.date}
        if formats := head.formats_data():
            data["layout"] = {"formats": formats}
        data["entries"] = tuple(map(_entry, self.items))
        if self.previous:
            data["previous"] = self.previous[2]
        return data


def _entry(item: tuple[str, str, str, str, str, str]) -> dict[str, Any]:
    """What the model of an entry is made of."""
    whole, topic, raw, target, context, description = item
    before, title, after = blanks_apart(raw)
    made: dict[str, Any] = {"title": title, "path": target}
    if before or after != " ":
        made["title_blanks"] = before, after
    if whole.startswith("#####"):
        before, made["topic"], after = blanks_apart(topic)
        if before or after:
            made["topic_blanks"] = before, after
    if context:
        made["context"] = tuple(context.split(", "))
    elif description:
        before, made["description"], after = blanks_apart(description)
        if before or after:
            made["description_blanks"] = before, after
    elif whole.endswith("\n\n"):
        made["description"] = ""
    return made


def _index(head: _Head, start: int) -> _IndexParts | None:
    items = _ITEMS.findall(head.text, start)
    end = start + sum([len(item[0]) for item in items])
    previous = None
    if end != len(head.text):
        previous = _PREVIOUS.match(head.text, end)
        if previous is None:
            return None
    return _IndexParts(head, items, previous) if items else None


def _event(head: _Head, start: int) -> _EventParts | None:
    m = _EVENT.match(head.text, start)
    if m is None or not m[2].strip():
        return None
    sources, related = _SOURCES.findall(m[5] or ""), _RELATED.findall(m[7] or "")
    if len(sources) != (m[5] or "").count("\n") or len(related) != (m[7] or "").count("\n"):
        return None
    cover = sources.pop() if sources and sources[-1][1].strip() in EN.cover_image else None
    if not (_are_numbered(sources) and _are_numbered(related)):
        return None
    if cover and cover[:2] != (str(max(1, len(sources))), EN.cover_image[0]):
        return None
    return _EventParts(head, m, sources, cover, related)


def _are_numbered(entries: Sequence[tuple[str, ...]]) -> bool:
    """Whether entries are numbered 1, 2, 3 ..., as `render` numbers them."""
    return [entry[0] for entry in entries] == _NUMBERS[: len(entries)]


class _EventParts(NamedTuple):
    """The parts of an event.

    Attributes:
        head: what stands at its top.
        match: of what stands below: topic, title, description, and for the sources and the
            related events the heading's text and the lines.
        sources: number, name and address of each source.
        cover: those of the cover image.
        related: number, title, target and context of each related link.
    """

    head: _Head
    match: re.Match[str]
    sources: list[tuple[str, str, str]]
    cover: tuple[str, str, str] | None
    related: list[tuple[str, str, str, str]]

    @property
    def topics(self) -> dict[str, str]:
        """None: an event gives no other its topic."""
        return {}

    def add(self, files: AbstractSet[str], topics: Mapping[str, str], made: Made) -> None:
        """Add its rows to those of the tables that are wanted."""
        path, m = self.head.path, self.match
        source_line, related_line = self._line(5), self._line(7)
        if (rows := made.get("pages")) is not None:
            topic = (m[1] or "").strip() or topics.get(path)
            image = self.cover[2] if self.cover else None
            rows.append(
                self.head.page_row(m[2].strip(), topic, (m[3] or "").strip() or None, image)
            )
        if (rows := made.get("sources")) is not None:
            rows += [
                (path, n, name.strip(), url, host_of(url), None, source_line + n - 1)
                for n, (_, name, url) in enumerate(self.sources, 1)
            ]
        if (rows := made.get("related")) is not None:
            rows += [
                (path, n, title.strip(), target, target.partition("#")[0] in files,
                 tuple(context.split(", ")) if context else (), related_line + n - 1)
                for n, (_, title, target, context) in enumerate(self.related, 1)
            ]  # fmt: skip
        if (rows := made.get("links")) is not None:
            rows += self._links(files, source_line, related_line)
        if (rows := made.get("models")) is not None:
            rows.append((path, self._model(), None))

    def _line(self, group: int) -> int:
        """The line where the entries of a section begin; 0 where there is none."""
        start = self.match.start(group)
        return self.head.text.count("\n", 0, start) + 1 if start >= 0 else 0

    def _links(self, files: AbstractSet[str], source_line: int, related_line: int) -> list[Row]:
        path, rows = self.head.path, self.head.links(files)
        n, line = len(rows) + 1, source_line
        for number, name, url in self.sources:
            rows.append((path, n, "source", url, None, line, len(number) + len(name) + 6))
            n, line = n + 1, line + 1
        if self.cover:
            number, name, url = self.cover
            rows.append((path, n, "cover-image", url, None, line, len(number) + len(name) + 6))
            n += 1
        line = related_line
        for number, title, target, _ in self.related:
            column = len(number) + len(title) + 6
            rows.append((path, n, "related", target, _resolved(target, files), line, column))
            n, line = n + 1, line + 1
        return rows

    def _model(self) -> dict[str, Any]:
        """What the model is made of, but for what its fields are by default."""
        m, head = self.match, self.head
        layout: dict[str, Any] = {}
        data: dict[str, Any] = {"path": head.path, "date": head.day.date}
        for group, name in ((2, "title"), (1, "topic"), (3, "description")):
            if m[group] is not None:
                before, data[name], after = blanks_apart(m[group])
                if before or after != (" " if name == "title" else ""):
                    layout[f"{name}_blanks"] = before, after
        if formats := head.formats_data():
            layout["formats"] = formats
        if self.sources:
            data["sources"] = tuple(map(_source, self.sources))
        if self.related:
            data["related"] = tuple(map(_related, self.related))
        if self.cover:
            data["cover_image"] = {"url": self.cover[2]}
        if m[4] and m[4] != EN.sources[0]:
            layout["source_heading"] = m[4]
        last = "\n\n" if m[5] or m[7] else "\n\n\n" if m[3] else "\n\n\n\n\n"
        if head.text.endswith(last):
            layout["final_blank_line"] = True
        if layout:
            data["layout"] = layout
        return data


Glance = _EventParts | _IndexParts
"""A page that was understood at a glance: its rows, and the topics that it gives to events."""


def _source(found: tuple[str, str, str]) -> dict[str, Any]:
    _, raw, url = found
    before, name, after = blanks_apart(raw)
    if before or after:
        return {"name": name, "url": url, "name_blanks": (before, after)}
    return {"name": name, "url": url}


def _related(found: tuple[str, str, str, str]) -> dict[str, Any]:
    _, raw, target, context = found
    before, title, after = blanks_apart(raw)
    made: dict[str, Any] = {"title": title, "path": target}
    if before or after != " ":
        made["title_blanks"] = before, after
    if context:
        made["context"] = tuple(context.split(", "))
    return made


def host_of(url: str) -> str | None:
    """The host that an address names, in small letters; None where it names none."""
    if m := _HOST.match(url):
        return m[1].lower()
    try:
        return urlsplit(url).hostname
    except ValueError:
        return None
