"""The parts of a page as an outline, and the titles of an archive as a list to search."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from lsprotocol import types

from newsarchive.graph.live import Live
from newsarchive.lsp.findings import span_range, title_span
from newsarchive.lsp.session import OpenPage, Session
from newsarchive.page.document import Span
from newsarchive.page.printable import printable
from newsarchive.page.reading import Match
from newsarchive.page.sections import BY_FIELD

_MOST = 100
_ORIGIN = types.Range(types.Position(0, 0), types.Position(0, 0))


def outline(page: OpenPage) -> list[types.DocumentSymbol]:
    """An event's title with its sections and their entries, or an index's days and theirs."""
    reading = page.reading
    children = [*_event_sections(page), *_index_sections(page)]
    span = title_span(reading)
    if reading.title is None or span[0] == span[1]:
        return children
    end = len(page.text)
    return [_symbol(page, types.SymbolKind.File, (span[0], end), span, children)]


def flat(page: OpenPage) -> list[types.SymbolInformation]:
    """The outline for editors that know no nested one."""
    found: list[types.SymbolInformation] = []

    def add(symbols: Iterable[types.DocumentSymbol], container: str | None) -> None:
        for symbol in symbols:
            place = types.Location(page.uri, symbol.range)
            found.append(
                types.SymbolInformation(place, symbol.name, symbol.kind, container_name=container)
            )
            add(symbol.children or (), symbol.name)

    add(outline(page), None)
    return found


def titles(session: Session, query: str) -> list[types.SymbolInformation]:
    """The events of all archives whose titles hold every word that is asked for.

    Of more than an editor shows, the last ones; without a word, those of the last days.
    """
    words = query.casefold().split()
    found = (
        (archive, path, title)
        for archive in session.archives.values()
        for path, title in matching(archive, words)
    )
    return [
        types.SymbolInformation(
            types.Location(session.uri_of(archive, path), _ORIGIN),
            printable(title),
            types.SymbolKind.File,
            container_name=path.rpartition("/")[0],
        )
        for archive, path, title in islice(found, _MOST)
    ]


def matching(archive: Live, words: list[str]) -> Iterator[tuple[str, str]]:
    """Path and title of the events whose titles hold every word (words in small letters)."""
    longest, *others = sorted(words, key=len, reverse=True) or [""]
    for path, title in archive.titles():
        # Nearly all titles lack the longest word: the others are looked for in few.
        if longest in (folded := title.casefold()) and all(word in folded for word in others):
            yield path, title


def _event_sections(page: OpenPage) -> Iterator[types.DocumentSymbol]:
    reading = page.reading
    for name, span in sorted(reading.section_headings.items(), key=lambda item: item[1]):
        matches = [m for m, _ in reading.entries(BY_FIELD[name])]
        entries = [_entry(page, m, m.span()) for m in matches]
        start = reading.span(*span)
        end = max([start[1], *(reading.span(*m.span())[1] for m in matches)])
        yield _symbol(page, types.SymbolKind.Namespace, (start[0], end), start, entries)


def _index_sections(page: OpenPage) -> Iterator[types.DocumentSymbol]:
    reading = page.reading
    sections = [*reading.sections, *([reading.previous] if reading.previous else [])]
    for section in sections:
        entries = [_entry(page, item.match, (item.start, item.end)) for item in section.items]
        start, end = reading.span(section.start, section.end)
        if section.match:
            heading, name = reading.span(*section.match.span()), section.match["text"]
        else:
            name = page.text[start:end].partition("\n")[0]
            heading = Span(start, start + len(name))
        ends = (reading.span(item.start, item.end)[1] for item in section.items)
        whole = (min(start, heading[0]), max(end, heading[1], *ends))
        yield _symbol(page, types.SymbolKind.Namespace, whole, heading, entries, name)


def _entry(page: OpenPage, match: Match, whole: tuple[int, int]) -> types.DocumentSymbol:
    start, end = page.reading.span(*match.span())
    outer = page.reading.span(*whole)
    span = (min(outer[0], start), max(outer[1], end))
    return _symbol(page, types.SymbolKind.String, span, (start, end), [], match["text"])


def _symbol(
    page: OpenPage,
    kind: types.SymbolKind,
    whole: tuple[int, int],
    own: tuple[int, int],
    children: list[types.DocumentSymbol],
    name: str | None = None,
) -> types.DocumentSymbol:
    text = page.text[slice(*own)] if name is None else name
    return types.DocumentSymbol(
        name=printable(text.strip(" \t#:")) or "(no text)",
        kind=kind,
        range=span_range(page.lines, *whole),
        selection_range=span_range(page.lines, *own),
        children=children,
    )
