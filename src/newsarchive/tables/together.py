"""The rows of many pages whose layout is proved, made column by column.

Most pages have a handful of links, so that what is done once a page takes longer than what is done
once a link: the entries of all pages are put together before they become columns.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import lru_cache
from hashlib import sha256
from itertools import chain, repeat
from typing import Any

from newsarchive.page.parser._canonical import Columns as Entries
from newsarchive.page.reading import base_of
from newsarchive.page.sections import LinkKind
from newsarchive.tables.glance import EventGlance, Glance, IndexGlance, chained, day_of, host_of
from newsarchive.tables.models import as_json
from newsarchive.tables.schema import Columns, Row, extend

_FORMATS = ("html", "json", "xml")
# As plain texts: to ask a member for its value takes longer than to make a row.
_SOURCE, _COVER_IMAGE, _RELATED = (
    kind.value for kind in (LinkKind.SOURCE, LinkKind.COVER_IMAGE, LinkKind.RELATED)
)
_FORMAT, _DAY, _INDEX_ENTRY, _PREVIOUS_DAY = (
    kind.value
    for kind in (LinkKind.FORMAT, LinkKind.DAY, LinkKind.INDEX_ENTRY, LinkKind.PREVIOUS_DAY)
)


def add_rows(pages: Sequence[Glance], files: AbstractSet[str], made: Mapping[str, Columns]) -> None:
    """Add the rows of pages to those of the tables that are wanted, by name."""
    for name, columns in made.items():
        if values := [*_MAKERS[name](pages, files)]:
            extend(columns, *values)


_Values = Iterable[Iterable[Any]]


def _pages(pages: Sequence[Glance], _: AbstractSet[str]) -> _Values:
    return zip(*map(_page_row, pages), strict=True)


def _page_row(page: Glance) -> Row:
    parts, title, topic, description, cover = page.sound.parts, None, None, None, None
    if isinstance(page, EventGlance):
        _, topic, description = page.found.own
        title, cover = parts.title, page.cover
        topic = (topic or "").strip() or page.topics.get(parts.path)
        description = (description or "").strip() or None
    return (
        parts.path, parts.kind.value, day_of(parts.ordinal)[0], title, topic, description, None,
        None, cover, parts.edition.name, sha256(page.data).hexdigest(), len(page.data), True,
    )  # fmt: skip


def _sources(pages: Sequence[Glance], _: AbstractSet[str]) -> _Values:
    events = _events(pages)
    columns = [page.sources for page in events]
    if not any(column[0] for column in columns):
        return ()
    paths, numbers, lines = _places(events, columns, [page.first_line for page in events])
    names, urls, _label, images = chained(columns)
    return (
        paths,
        numbers,
        map(str.strip, names),
        urls,
        map(host_of, urls),
        [image or None for image in images],
        lines,
    )


def _related(pages: Sequence[Glance], files: AbstractSet[str]) -> _Values:
    events = _events(pages)
    columns = [page.found.related for page in events]
    if not any(column[0] for column in columns):
        return ()
    paths, numbers, lines = _places(events, columns, [page.related_line for page in events])
    titles, _base, targets, labels, contexts = chained(columns)
    return (
        paths,
        numbers,
        map(str.strip, titles),
        targets,
        map(files.__contains__, _files(targets)),
        map(_terms, labels, contexts),
        lines,
    )


def _terms(label: str, context: str) -> tuple[str, ...]:
    return tuple(context.split(", ")) if label else ()


def _events(pages: Sequence[Glance]) -> list[EventGlance]:
    return [page for page in pages if isinstance(page, EventGlance)]


def _places(
    pages: Sequence[Glance], columns: Sequence[Entries], starts: Sequence[int]
) -> tuple[Iterable[str], Iterable[int], Iterable[int]]:
    """The pages, the numbers and the lines of entries that stand in lines one below the other."""
    counts = [len(column[0]) for column in columns]
    return (
        _repeated(pages, counts),
        chain.from_iterable([range(1, count + 1) for count in counts]),
        chain.from_iterable(
            [range(line, line + count) for line, count in zip(starts, counts, strict=True)]
        ),
    )


def _repeated(pages: Iterable[Glance], counts: Iterable[int]) -> Iterable[str]:
    paths = [page.sound.parts.path for page in pages]
    return chain.from_iterable(map(repeat, paths, counts))


def _files(targets: Sequence[str]) -> Sequence[str]:
    """Targets without what names a place on a page."""
    if "#" in "".join(targets):
        return [target.partition("#")[0] for target in targets]
    return targets


def _entries(pages: Sequence[Glance], _: AbstractSet[str]) -> _Values:
    rows = [row for page in pages if isinstance(page, IndexGlance) for row in _entry_rows(page)]
    return zip(*rows, strict=True)


def _entry_rows(page: IndexGlance) -> Iterator[Row]:
    path, label = page.sound.parts.path, day_of(page.sound.parts.ordinal)[1]
    items = zip(*page.found.items, strict=True)
    for n, (whole, topic, title, _, target, about, context, description) in enumerate(items, 1):
        yield (
            path, label, n, title.strip(), target,
            topic.strip() if whole.startswith("#####") else None,
            description.strip() or None, _terms(about, context),
        )  # fmt: skip


class _Links:
    """The links of pages, in columns.

    Attributes:
        counts: how many each page has.
        inner: the targets once more, but nothing where a link leads out of the archive.
    """

    def __init__(self) -> None:
        self.counts: list[int] = []
        self.kinds: list[str] = []
        self.targets: list[str] = []
        self.inner: list[str] = []
        self.lines: list[int] = []
        self.columns: list[int] = []

    def add_page(self, page: Glance) -> None:
        """Add those of a page, from its top."""
        before = len(self.kinds)
        line = self._add_head(page)
        if isinstance(page, EventGlance):
            self._add_event(page)
        else:
            self._add_index(page, line)
        self.counts.append(len(self.kinds) - before)

    def _add(self, kind: str, target: str, line: int, column: int) -> None:
        self.kinds.append(kind)
        self.targets.append(target)
        self.inner.append(target)
        self.lines.append(line)
        self.columns.append(column)

    def _add_head(self, page: Glance) -> int:
        """Add those of the heading and above. Returns the heading's line."""
        parts, head, line = page.sound.parts, page.sound.head, 1
        if head is None:
            marks = len("##" if isinstance(page, IndexGlance) else "###")
            base = len(parts.edition.base) if isinstance(page, IndexGlance) else 0
            column = marks + len(" []()") + len(day_of(parts.ordinal)[1]) + base
        else:
            if "format" in parts.links:
                line = 4
                for group in _FORMATS:  # in the second line, which begins at 1
                    self._add(_FORMAT, head[group], 2, head.start(group))
            at = head.start("target")
            column = at - page.text.rfind("\n", 0, at)
        self._add(_DAY, parts.day_paths[0], line, column)
        return line

    def _add_event(self, page: EventGlance) -> None:
        found = page.found
        numbers, names, urls, *_ = found.sources
        others, titles, bases, targets, *_ = found.related
        kinds, lines = _below(page.first_line, len(numbers), len(others), cover=found.cover)
        self.kinds += kinds
        self.lines += lines
        self.targets += urls
        self.targets += targets
        self.inner += [""] * len(urls)
        self.inner += targets
        self.columns += [len(n) + len(name) + 6 for n, name in zip(numbers, names, strict=True)]
        self.columns += [
            len(number) + len(title) + len(base) + 6
            for number, title, base in zip(others, titles, bases, strict=True)
        ]

    def _add_index(self, page: IndexGlance, line: int) -> None:
        wholes, _, titles, bases, targets, *_ = page.found.items
        line += 2
        for whole, title, base, target in zip(wholes, titles, bases, targets, strict=True):
            at = line + whole.startswith("#####")
            self._add(_INDEX_ENTRY, target, at, len(title) + len(base) + 8)
            line += whole.count("\n")
        if m := page.found.previous:
            column = len(m["text"]) + len(base_of(m)) + 7
            self._add(_PREVIOUS_DAY, m["target"], line, column)


@lru_cache(maxsize=4096)
def _below(
    line: int, sources: int, related: int, *, cover: bool
) -> tuple[Sequence[str], Sequence[int]]:
    """The kinds and the lines of an event's links, from its first section's first line on."""
    kinds = [_SOURCE] * (sources - cover) + [_COVER_IMAGE] * cover + [_RELATED] * related
    second = line + sources + 3 if sources else line
    return kinds, [*range(line, line + sources), *range(second, second + related)]


def _links(pages: Sequence[Glance], files: AbstractSet[str]) -> _Values:
    links = _Links()
    for page in pages:
        links.add_page(page)
    return (
        _repeated(pages, links.counts),
        chain.from_iterable([range(1, count + 1) for count in links.counts]),
        links.kinds,
        links.targets,
        [target if target in files else None for target in _files(links.inner)],
        links.lines,
        links.columns,
    )


def _models(pages: Sequence[Glance], _: AbstractSet[str]) -> _Values:
    paths = [page.sound.parts.path for page in pages]
    return paths, as_json(pages), [None] * len(pages)


def _no_rows(*_: Any) -> _Values:
    return ()


_MAKERS: Mapping[str, Callable[[Sequence[Glance], AbstractSet[str]], _Values]] = {
    "pages": _pages,
    "sources": _sources,
    "related": _related,
    "entries": _entries,
    "changes": _no_rows,  # pages with changes are read
    "links": _links,
    "models": _models,
}
