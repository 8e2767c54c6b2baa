"""Where each part of a page's model stands in the text."""

from newsarchive.page.document import Span
from newsarchive.page.paths import PageKind
from newsarchive.page.reading import IndexItem, Loc, Match, Reading
from newsarchive.page.sections import SECTIONS, Note


def spans_of(reading: Reading) -> dict[Loc, Span]:
    """The spans of the model's parts, keyed by their pydantic locations.

    For every part that is text, the document's text at its span is the part (line endings aside).
    A part that the page does not write, such as an absent description, has no span.
    """
    body_spans: dict[Loc, tuple[int, int]] = {}
    if reading.formats:
        for name in ("html", "json", "xml"):
            loc = _layout(reading, "formats", f"{name}_path")
            body_spans[loc] = reading.formats.span(name)
    if reading.heading:
        m = reading.heading.match
        body_spans["date",] = m.span("text")
        body_spans["layout", "date_link"] = m.span("target")
    for name, part in (
        ("topic", reading.topic),
        ("title", reading.title),
        ("description", reading.description),
    ):
        if part:
            body_spans[name,] = reading.clean(part)
    _entries(reading, body_spans)
    _indexes(reading, body_spans)
    return {loc: reading.span(*span) for loc, span in body_spans.items()}


def _layout(reading: Reading, *loc: str) -> Loc:
    return loc if reading.kind is PageKind.FRONT_PAGE else ("layout", *loc)


def _link(
    reading: Reading, found: dict[Loc, tuple[int, int]], loc: Loc, m: Match, text: str, target: str
) -> None:
    found[(*loc, text)] = reading.clean(m.span("text"))
    found[(*loc, target)] = m.span("target")


def _context(found: dict[Loc, tuple[int, int]], loc: Loc, m: Match) -> None:
    start = m.start("context")
    for number, term in enumerate(m["context"].split(", ")):
        found[(*loc, "context", number)] = (start, start + len(term))
        start += len(term) + 2


def _entries(reading: Reading, found: dict[Loc, tuple[int, int]]) -> None:
    for section in SECTIONS:
        for number, m in enumerate(getattr(reading, section.field)):
            loc: Loc = (section.field, number)
            found[loc] = m.span()
            _link(reading, found, loc, m, section.text, section.target)
            if section.pictured and m["image"] is not None:
                found[(*loc, "image")] = m.span("image")
            if section.note is Note.CONTEXT and m["context"] is not None:
                _context(found, loc, m)
            if section.note is Note.VERSION:
                found[(*loc, "kind")] = m.span("kind")
                if m["timestamp"] is not None:
                    found[(*loc, "timestamp")] = m.span("timestamp")
        if section.pictured and reading.cover:
            found["cover_image",] = reading.cover.span()
            found["cover_image", "url"] = reading.cover.span("target")


def _indexes(reading: Reading, found: dict[Loc, tuple[int, int]]) -> None:
    if reading.kind is PageKind.FRONT_PAGE:
        for number, section in enumerate(reading.sections):
            loc = ("sections", number)
            found[loc] = (section.start, section.end)
            if section.match:
                _link(reading, found, loc, section.match, "name", "path")
            else:
                found[(*loc, "name")] = reading.clean((section.start + 2, section.end))
            for item_number, item in enumerate(section.items):
                _item(reading, found, (*loc, "entries", item_number), item)
        return
    for number, item in enumerate(reading.index_items()):
        _item(reading, found, ("entries", number), item)
    if reading.kind is PageKind.OPINION_INDEX and reading.sections:
        section = reading.sections[0]
        found["name",] = reading.clean((section.start + 2, section.end))
    if reading.previous and reading.previous.match:
        found["previous",] = reading.previous.match.span("target")


def _item(reading: Reading, found: dict[Loc, tuple[int, int]], loc: Loc, item: IndexItem) -> None:
    found[loc] = (item.start, item.end)
    _link(reading, found, loc, item.match, "title", "path")
    if item.topic:
        found[(*loc, "topic")] = reading.clean(item.topic)
    if item.context:
        _context(found, loc, item.context)
    elif item.description:
        found[(*loc, "description")] = reading.clean(item.description)
