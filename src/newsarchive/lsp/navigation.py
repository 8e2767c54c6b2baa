"""From a link to its page, from a page to its links, and what a link leads to."""

from __future__ import annotations

from itertools import groupby

from lsprotocol import types

from newsarchive.graph.live import Live
from newsarchive.lsp.findings import span_range, title_location, title_span
from newsarchive.lsp.session import OpenPage, Session, ShownPage
from newsarchive.page.paths import day_label, day_of
from newsarchive.page.patterns import pattern
from newsarchive.page.printable import printable
from newsarchive.page.reading import Link, LinkKind, Reading

_FOLLOWED = {
    LinkKind.RELATED,
    LinkKind.CHANGE,
    LinkKind.INDEX_ENTRY,
    LinkKind.DAY,
    LinkKind.PREVIOUS_DAY,
}
_DESCRIPTION_SHOWN = 300
_MARKUP = pattern(r"([\\`*_{}\[\]()<>#+\-.!|~&:])")


def target_of(link: Link) -> str:
    """The archive path that a link leads to."""
    return link.target.partition("#")[0]


def link_at(reading: Reading, offset: int) -> Link | None:
    """The link into the archive whose entry or heading an offset lies on."""
    for link in reading.links():
        if link.kind in _FOLLOWED:
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
    """The links of other pages to the page that is meant at an offset.

    That is the page whose title stands there, or the one that a link there leads to.

    Args:
        session: what is open.
        page: the page.
        offset: a place in it.
        declaration: whether the title of the page that is meant is one of the places.
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


def _place(view: ShownPage, link: Link) -> types.Location:
    """The place of a link's target."""
    # The view may lack a byte order mark that the link's own reading has: body offsets are the
    # same in both.
    span = view.reading.span(*link.match.span("target"))
    return types.Location(view.uri, span_range(view.lines, *span))


def hover(session: Session, page: OpenPage, offset: int, *, markdown: bool) -> types.Hover | None:
    """What the link at an offset leads to: title, date, topic, shared context, first words."""
    link = link_at(page.reading, offset)
    if link is None or page.archive is None:
        return None
    path = target_of(link)
    lines = _about(session, page.archive, path, markdown=markdown)
    context = _context(page.reading, link)
    if context and page.archive.exists(path):
        lines.insert(min(2, len(lines)), _escaped(f"Shared context: {context}", markdown))
    kind = types.MarkupKind.Markdown if markdown else types.MarkupKind.PlainText
    start, end = page.reading.span(link.start, link.end)
    content = types.MarkupContent(kind, ("\n\n" if markdown else "\n").join(lines))
    return types.Hover(content, span_range(page.lines, start, end))


def _about(session: Session, archive: Live, path: str, *, markdown: bool) -> list[str]:
    if not archive.exists(path):
        return [_escaped(f"There is no page {path}", markdown)]
    view = session.view(archive, path)
    if view is None:
        return [_escaped(f"{path} cannot be read", markdown)]
    reading = view.reading
    start, end = title_span(reading)
    title = _escaped(reading.document.text[start:end] or path, markdown)
    day = day_of(path)
    date = day.date() if day else None
    facts = [day_label(date) if date else "", reading.text(reading.topic)]
    lines = [f"**{title}**" if markdown else title]
    if any(facts):
        lines.append(_escaped(" · ".join(fact for fact in facts if fact), markdown))
    description = " ".join(reading.text(reading.description).split())
    if len(description) > _DESCRIPTION_SHOWN:
        description = description[: _DESCRIPTION_SHOWN - 3] + "..."
    if description:
        lines.append(_escaped(description, markdown))
    return lines


def _context(reading: Reading, link: Link) -> str:
    """The context terms that stand with a link: what the two pages share."""
    if link.kind is LinkKind.RELATED:
        return link.match["context"] or ""
    items = (item for item in reading.index_items() if item.match is link.match)
    return next((item.context["context"] for item in items if item.context), "")


def _escaped(text: str, markdown: bool) -> str:
    """A page's text as text: no markup in it takes effect, nor a control character."""
    text = printable(text)
    return _MARKUP.sub(r"\\\1", text) if markdown else text
