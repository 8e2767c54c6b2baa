"""From a link to its page, and from a page to the links that lead to it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from lsprotocol import types

from newsarchive.lsp.findings import span_range, title_location
from newsarchive.lsp.session import OpenPage, Session
from newsarchive.page.patterns import pattern
from newsarchive.page.printable import printable
from newsarchive.page.reading import Link, LinkKind, Reading
from newsarchive.rules.written import ARCHIVE_LINKS

_ADDRESS = pattern("(?i:https?)://[^\\s]+")


def target_of(link: Link) -> str:
    """The archive path that a link leads to."""
    return link.target.partition("#")[0]


def link_at(reading: Reading, offset: int) -> Link | None:
    """The link into the archive whose entry or heading an offset lies on."""
    for link in reading.links(*ARCHIVE_LINKS):
        start, end = reading.span(link.start, link.end)
        if start <= offset <= end:
            return link
    return None


def on_title(page: OpenPage, offset: int) -> bool:
    """Whether an offset lies on the line of the page's title."""
    if not page.reading.title:
        return False
    line = page.lines.place(page.reading.span(*page.reading.title)[0]).line
    start, end = page.lines.line_span(line)
    return start <= offset <= end


def definition(session: Session, page: OpenPage, offset: int) -> list[types.LocationLink]:
    """Where the link at an offset leads: to the title of its page, if that exists."""
    link = link_at(page.reading, offset)
    if link is None or page.archive is None or not page.archive.exists(target_of(link)):
        return []
    view = session.view(page.archive, target_of(link))
    if view is None:
        return []
    title = title_location(view)
    origin = page.reading.span(*link.match.span("target"))
    return [
        types.LocationLink(
            target_uri=title.uri,
            target_range=title.range,
            target_selection_range=title.range,
            origin_selection_range=span_range(page.lines, *origin),
        )
    ]


def references(
    session: Session, page: OpenPage, offset: int, *, declaration: bool = False
) -> list[types.Location]:
    """The links of other pages to the page whose title, or a link to which, stands at an offset.

    With `declaration`, the title of that page is one of the places.
    """
    archive = page.archive
    if archive is None:
        return []
    link = link_at(page.reading, offset)
    path = target_of(link) if link else page.path if on_title(page, offset) else ""
    if not path:
        return []
    found = []
    view = session.view(archive, path) if declaration else None
    if view:
        found.append(title_location(view))
    for source, inbound in groupby(archive.links_in(path), key=lambda link: link.page):
        view = session.view(archive, source)
        found += [_place(view, link) for _, link in inbound] if view else []
    return found


def _place(view: OpenPage, link: Link) -> types.Location:
    """The place of a link's target."""
    # The view may lack a byte order mark that the link's own reading has: body offsets are the
    # same in both.
    span = view.reading.span(*link.match.span("target"))
    return types.Location(view.uri, span_range(view.lines, *span))


def document_links(
    session: Session, page: OpenPage, *, tooltips: bool = False
) -> Iterator[types.DocumentLink]:
    """The links of a page that can be opened: web addresses, and files of the archive."""
    archive, reading = page.archive, page.reading
    for link in reading.links():
        path, title = target_of(link), None
        if _ADDRESS.fullmatch(link.target):
            uri = link.target
        elif archive and archive.exists(path):
            uri, title = session.uri_of(archive, path), archive.title(path)
        else:
            continue
        place = link.match.span(link.text if link.kind is LinkKind.FORMAT else "target")
        yield types.DocumentLink(
            span_range(page.lines, *reading.span(*place)),
            target=uri,
            tooltip=printable(title) if title and tooltips else None,
        )
