"""What there is to know of a place of a page: of a link's target, a title, or a context term."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from lsprotocol import types

from newsarchive.findings.wording import count
from newsarchive.graph.live import Live
from newsarchive.graph.page_summary import contexts, terms_of
from newsarchive.lsp.findings import span_range, title_span
from newsarchive.lsp.navigation import link_at, on_title, target_of
from newsarchive.lsp.session import OpenPage, Session
from newsarchive.page.document import Span
from newsarchive.page.paths import day_label, day_of
from newsarchive.page.patterns import pattern
from newsarchive.page.printable import printable
from newsarchive.page.reading import Link, LinkKind, Reading

_DESCRIPTION_SHOWN = 300
_PAGES_SHOWN = 5
_MARKUP = pattern(r"([\\`*_{}\[\]()<>#+\-.!|~&:])")
_NOUNS = {
    LinkKind.RELATED: "related link",
    LinkKind.INDEX_ENTRY: "index entry",
    LinkKind.CHANGE: "older version",
}


def hover(session: Session, page: OpenPage, offset: int, *, markdown: bool) -> types.Hover | None:
    """What there is to know of the place at an offset; None where that is nothing.

    Of a link: its target's title, date, topic, the shared context and the first words. Of a title:
    how many links lead to the page, of which kinds, and from when. Of a context term: how many
    links have it, on how many pages, and the last of these.
    """
    archive, reading = page.archive, page.reading
    if archive is None:
        return None
    term, link = _term_at(reading, offset), link_at(reading, offset)
    if term:
        span, (heading, lines) = term.span, _of_term(archive, term.text)
    elif link:
        span = reading.span(link.start, link.end)
        heading, lines = _of_link(session, archive, reading, link)
    elif on_title(page, offset):
        span = Span(*title_span(reading))
        heading, lines = page.text[slice(*span)], _of_title(archive, page.path)
    else:
        return None
    told = [_escaped(line, markdown) for line in (heading, *lines) if line]
    if markdown and heading:
        told[0] = f"**{told[0]}**"
    kind = types.MarkupKind.Markdown if markdown else types.MarkupKind.PlainText
    content = types.MarkupContent(kind, ("\n\n" if markdown else "\n").join(told))
    return types.Hover(content, span_range(page.lines, *span))


def _of_link(
    session: Session, archive: Live, reading: Reading, link: Link
) -> tuple[str, list[str]]:
    path = target_of(link)
    if not archive.exists(path):
        return "", [f"There is no page {path}"]
    context = _context(reading, link)
    shared = f"Shared context: {context}" if context else ""
    view = session.view(archive, path)
    if view is None:
        return "", [f"{path} cannot be read", shared]
    target = view.reading
    start, end = title_span(target)
    facts = [_day(path), target.text(target.topic)]
    description = " ".join(target.text(target.description).split())
    if len(description) > _DESCRIPTION_SHOWN:
        description = description[: _DESCRIPTION_SHOWN - 3] + "..."
    return target.document.text[start:end] or path, [
        " · ".join(fact for fact in facts if fact),
        shared,
        description,
    ]


def _of_title(archive: Live, path: str) -> list[str]:
    links = archive.links_in(path)
    pages = dict.fromkeys(page for page, _ in links)
    if not links:
        return ["No other page links here", _unfinished(archive)]
    kinds = Counter(_NOUNS.get(link.kind, "other link") for _, link in links)
    counted = ", ".join(count(number, noun) for noun, number in kinds.most_common())
    told = f"Linked from {count(len(pages), 'page')} ({counted})"
    return [told + _days(pages), _unfinished(archive)]


def _of_term(archive: Live, term: str) -> tuple[str, list[str]]:
    found = dict(archive.with_term(term))
    told = f"In the context of {count(sum(found.values()), 'link')} on {count(len(found), 'page')}"
    last = sorted(found, key=_date, reverse=True)[:_PAGES_SHOWN]
    shown = (f"{_day(path)} {archive.title(path) or path}".strip() for path in last)
    return term, [told + _days(found), *shown, _unfinished(archive)]


def _unfinished(archive: Live) -> str:
    return "" if archive.is_loaded else "The archive is still being read: there may be more"


def _date(path: str) -> datetime.date:
    day = day_of(path)
    return (day.date() if day else None) or datetime.date.min


def _day(path: str) -> str:
    """The day of a page; empty for one of no day."""
    date = _date(path)
    return "" if date == datetime.date.min else day_label(date)


def _days(paths: Iterable[str]) -> str:
    """From the first to the last day of some pages, as the end of a sentence."""
    dates = sorted(date for path in paths if (date := _date(path)) != datetime.date.min)
    if not dates:
        return ""
    first, last = day_label(dates[0]), day_label(dates[-1])
    return f", {first}" if first == last else f", {first} to {last}"


class _Marked(NamedTuple):
    text: str
    span: Span


def _term_at(reading: Reading, offset: int) -> _Marked | None:
    """The context term that an offset lies on."""
    for match in contexts(reading):
        start = match.start("context")
        for term in terms_of(match):
            span = reading.span(start, start + len(term))
            if term and span[0] <= offset <= span[1]:
                return _Marked(term, span)
            start += len(term) + len(", ")
    return None


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
