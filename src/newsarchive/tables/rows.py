"""From a page's reading to the rows of the tables: no model is built for it."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from newsarchive.page.editions import EN, Edition
from newsarchive.page.parser import read
from newsarchive.page.parser._grammar import EDITORIAL
from newsarchive.page.paths import PageKind, target_path
from newsarchive.page.reading import LinkKind, Match, Reading, lazy
from newsarchive.tables.glance import host_of
from newsarchive.tables.schema import Row

_OUTSIDE = (LinkKind.SOURCE, LinkKind.COVER_IMAGE)
_INDEXES = frozenset((PageKind.DAY_INDEX, PageKind.FRONT_PAGE, PageKind.OPINION_INDEX))


@dataclass
class PageParts:
    """A page, and what rows say of it beyond its own text."""

    path: str
    data: bytes | OSError  # its bytes; the error where it cannot be read
    files: AbstractSet[str]  # all files of the archive
    edition: Edition = EN
    # the topics that the indexes of its day give, by the target
    topics: Mapping[str, str] = field(default_factory=dict)

    @lazy
    def reading(self) -> Reading:
        """Its parts. Of a page that is not UTF-8, those that can be made out all the same."""
        return parts_of(self.path, self.data, self.edition)

    @property
    def is_text(self) -> bool:
        """Whether the page can be read, and is UTF-8."""
        return isinstance(self.data, bytes) and self.reading.readable


def parts_of(path: str, data: bytes | OSError, edition: Edition = EN) -> Reading:
    """The parts of a page; those of one that is no text are read from what can be made out."""
    if isinstance(data, OSError):
        return read("", path, edition)
    reading = read(data, path, edition)
    if not reading.readable:
        reading = read(data.decode("utf-8", "replace"), path, edition)
        reading.readable = False
    return reading


def topics_in(indexes: Sequence[Reading]) -> dict[str, str]:
    """The topics that the indexes of a day give, by target; the first has the last word."""
    return {
        target_path(item.match["target"]): index.text(item.topic)
        for index in reversed(indexes)
        for item in index.index_items()
        if item.topic
    }


def rows_of(page: PageParts, table: str) -> Iterable[Row]:
    """The rows that a table has of a page, in order."""
    return _MAKERS[table](page)


class _Lines:
    """The lines of offsets, asked for from top to bottom."""

    def __init__(self, body: str) -> None:
        self._body = body
        self._pos, self._line = 0, 1

    def line(self, offset: int) -> int:
        self._line += self._body.count("\n", self._pos, offset)
        self._pos = offset
        return self._line


def is_built(page: PageParts) -> bool:
    """Whether the page has a model; tested against building it."""
    reading = page.reading
    if not page.is_text:
        return False
    if reading.kind in (PageKind.EVENT, PageKind.DAY_INDEX):
        dated = reading.heading is not None and reading.heading.date is not None
        return dated and (reading.kind is PageKind.DAY_INDEX or reading.title is not None)
    return reading.kind not in _INDEXES or bool(reading.sections)


def _page_row(page: PageParts) -> Iterable[Row]:
    reading, data, kind = page.reading, page.data, page.reading.kind
    title = topic = description = body = author = None
    if kind is PageKind.EVENT:
        title = reading.text(reading.title) or None
        topic = reading.text(reading.topic) or page.topics.get(page.path)
        description = reading.text(reading.description) or None
    elif kind not in _INDEXES and isinstance(data, bytes):
        body = reading.body
        if kind is PageKind.EDITORIAL and (found := EDITORIAL.fullmatch(body)):
            title, author, body = (part.strip() for part in found.group("title", "author", "body"))
    return (
        (
            page.path,
            kind.value,
            reading.heading.date if reading.heading else None,
            title,
            topic,
            description,
            body,
            author,
            reading.cover["target"] if reading.cover else None,
            page.reading.edition.name,
            sha256(data).hexdigest() if isinstance(data, bytes) else None,
            len(data) if isinstance(data, bytes) else None,
            is_built(page),
        ),
    )


def _lines_of(reading: Reading, section: str) -> Iterator[tuple[int, int, Match | None, str]]:
    """The numbered lines of a section: place, line, match and text of each.

    A line that is no whole entry has no match; its text is what stands behind the number.
    """
    found: list[tuple[int, Match | None, str]] = [
        (m.start(), m, m["text"].strip()) for m in getattr(reading, section)
    ]
    if reading.malformed:
        body = reading.body
        for name, start, after, _ in reading.malformed:
            if name == section:
                text = body[after:].partition("\n")[0]
                found.append((start, None, text.lstrip(".)").strip()))
    if not reading.canonical:
        found.sort(key=lambda one: one[0])
    lines = _Lines(reading.body)
    for n, (start, match, text) in enumerate(found, 1):
        yield n, lines.line(start), match, text


def _source_rows(page: PageParts) -> Iterator[Row]:
    for n, line, m, name in _lines_of(page.reading, "sources"):
        url = m["target"] if m else ""
        image = m["image"] if m and "image" in m.re.groupindex else None
        yield page.path, n, name, url, host_of(url), image, line


def _related_rows(page: PageParts) -> Iterator[Row]:
    for n, line, m, title in _lines_of(page.reading, "related"):
        target = m["target"] if m else ""
        context = tuple(m["context"].split(", ")) if m and m["context"] is not None else ()
        yield page.path, n, title, target, target_path(target) in page.files, context, line


def _change_rows(page: PageParts) -> Iterator[Row]:
    for n, _, m, title in _lines_of(page.reading, "changes"):
        if m is None:
            yield page.path, n, "", title, "", None
        else:
            stamp = m["timestamp"]
            time = None if stamp is None else datetime.datetime.fromisoformat(stamp)
            yield page.path, n, m["kind"], title, m["target"], time


def _entry_rows(page: PageParts) -> Iterable[Row]:
    reading, rows, n = page.reading, [], 0
    for section in reading.sections:
        text = (
            section.match["text"]
            if section.match
            else reading.body[section.start + 2 : section.end]
        )
        name = text.strip()
        for item in section.items:
            n += 1
            m = item.match
            rows.append((
                page.path, name, n, m["text"].strip(), m["target"],
                reading.text(item.topic) if item.topic else None,
                reading.text(item.description) if item.description else None,
                tuple(item.context["context"].split(", ")) if item.context else (),
            ))  # fmt: skip
    if len(reading.sections) > 1:
        rows.sort(key=lambda row: row[1:3])
    return rows


def _link_rows(page: PageParts) -> Iterator[Row]:
    reading, files = page.reading, page.files
    body, lines = reading.body, _Lines(reading.body)
    found = [
        (link.start if link.kind is LinkKind.FORMAT else link.match.start("target"), link)
        for link in reading.links()
    ]
    found.sort(key=lambda one: one[0])
    for n, (start, link) in enumerate(found, 1):
        line = lines.line(start)
        column = start - body.rfind("\n", 0, start)
        if line == 1:
            column += reading.document.bom_length
        target = target_path(link.target)
        resolved = target if link.kind not in _OUTSIDE and target in files else None
        yield page.path, n, link.kind.value, link.target, resolved, line, column


def _model_rows(page: PageParts) -> Iterable[Row]:
    from newsarchive.page.parser._build import data_of

    if isinstance(page.data, OSError):
        return ((page.path, None, None),)
    found = data_of(page.reading) if page.is_text else None
    same = found is not None and (page.reading.canonical or _renders(page))
    text = None if same or not page.is_text else page.reading.document.text
    return ((page.path, found and _without_defaults(found), text),)


def _without_defaults(value: Any) -> Any:
    """What a model is made of, without what its fields are by default: half of a line."""
    if isinstance(value, dict):
        slim = {key: _without_defaults(one) for key, one in value.items()}
        return {key: one for key, one in slim.items() if _DEFAULTS.get(key, ...) != one}
    return tuple(map(_without_defaults, value)) if isinstance(value, tuple | list) else value


_DEFAULTS: dict[str, Any] = {
    **dict.fromkeys(("name_blanks", "topic_blanks", "description_blanks"), ("", "")),
    **dict.fromkeys(("gap", "final_gap", "base", "date_base", "previous_base"), ""),
    "title_blanks": ("", " "),
    "formats": None,
    "source_heading": EN.sources[0],
    "related_heading": EN.related[0],
    "changes_heading": EN.changes[0],
    "context_label": EN.context[0],
    "label": EN.cover_image[0],
    "previous_label": EN.previous_day[0],
    "final_blank_line": False,
    "changes_first": False,
    "layout": {},
}
"""Fields of models that say how a page is laid out, and what most pages have there."""


def _renders(page: PageParts) -> bool:
    """Whether the model of a page is written as this very text."""
    from newsarchive.page.rendering import render

    model = page.reading.page
    return model is not None and render(model).encode() == page.data


_MAKERS: dict[str, Callable[[PageParts], Iterable[Row]]] = {
    "pages": _page_row,
    "sources": _source_rows,
    "related": _related_rows,
    "entries": _entry_rows,
    "changes": _change_rows,
    "links": _link_rows,
    "models": _model_rows,
}
