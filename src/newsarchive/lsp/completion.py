"""Completing a related link or an index entry: the page's title, its path, or both."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from lsprotocol import types

from newsarchive.graph.live import Live
from newsarchive.lsp.findings import span_range
from newsarchive.lsp.session import OpenPage
from newsarchive.lsp.symbols import matching
from newsarchive.page.paths import PageKind, day_of, kind_of
from newsarchive.page.patterns import pattern
from newsarchive.page.printable import printable
from newsarchive.page.targets import names_exactly

_MOST = 100
_PATH = pattern(r"(?:\s*\d+\.\s+|### )\[(?P<title>.*)\]\((?P<path>[^()\s]*)$")
_TITLE = pattern(r"(?:\s*\d+\.\s+|### )\[(?P<title>(?:(?!\]\().)*)$")
_REST_OF_PATH = pattern(r"[^()\s]*")
_REST_OF_LINK = pattern(r"[^\]]*\](?:\([^()\s]*\)?)?|")


class _Offer(NamedTuple):
    path: str
    title: str


def complete(page: OpenPage, offset: int) -> types.CompletionList:
    """What may stand at a place of a page: pages, the likeliest first; nothing elsewhere."""
    archive = page.archive
    start, end = page.lines.line_span(page.lines.place(offset).line)
    before, after = page.text[start:offset], page.text[offset:end]
    items: Iterable[types.CompletionItem] = ()
    if archive is not None and _takes_links(page, before, start):
        path, title = _PATH.match(before), _TITLE.match(before)
        if path:
            items = _paths(page, archive, offset, path["path"], path["title"], after)
        elif title:
            items = _titles(page, archive, offset, title["title"], after)
    found = list(items)
    for number, item in enumerate(found):
        item.sort_text = f"{number:04d}"
    # Never complete: the editor asks again at the next letter.
    return types.CompletionList(is_incomplete=True, items=found)


def _takes_links(page: OpenPage, before: str, start: int) -> bool:
    """Whether the line is one of a section whose entries lead to pages."""
    kind = page.reading.kind
    if kind is not PageKind.EVENT:
        return before.startswith("### ") and kind is not PageKind.PROSE
    heading = page.text.rfind("\n### ", 0, start)
    return heading >= 0 and page.text.startswith("Related:", heading + len("\n### "))


def _rest(begun: re.Pattern[str], after: str) -> int:
    """How much of what stands behind the cursor belongs to what was begun; it may be nothing."""
    return next(begun.finditer(after)).end()


def _paths(
    page: OpenPage, archive: Live, offset: int, typed: str, title: str, after: str
) -> Iterator[types.CompletionItem]:
    """Paths that start as what was typed: pages of that title, of the folder, and folders."""
    end = offset + _rest(_REST_OF_PATH, after)
    span = (offset - len(typed), end)
    closing = "" if page.text.startswith(")", end) else ")"
    words = title.casefold().split()
    meant = (_Offer(*found) for found in matching(archive, words)) if words else iter(())
    named = sorted(
        (o for o in meant if o.path.startswith(typed) and o.path != page.path),
        key=lambda offer: (offer.title != title.strip(), _distance(page.path, offer.path)),
    )
    folder = typed.rpartition("/")[0]
    if not typed or page.path.startswith(typed):
        folder = page.path.rpartition("/")[0]
    there = (_Offer(path, archive.title(path) or "") for path in archive.folder(folder))
    offers = [*named[:_MOST], *(o for o in there if o.path.startswith(typed))]
    for offer in list(dict.fromkeys(offers))[:_MOST]:
        wanted = offer.path != page.path and kind_of(offer.path) is not PageKind.DAY_INDEX
        if wanted and names_exactly(offer.path):
            yield _item(
                page, span, typed, offer.path + closing, offer, types.CompletionItemKind.File
            )
    above = typed.rpartition("/")[0]
    for name in archive.folders_below(above) if typed.startswith("/") else ():
        below = f"{above}/{name}/"
        if below.startswith(typed):
            offer = _Offer(below, "")
            yield _item(page, span, typed, below, offer, types.CompletionItemKind.Folder)


def _titles(
    page: OpenPage, archive: Live, offset: int, typed: str, after: str
) -> Iterator[types.CompletionItem]:
    """Whole links to pages whose titles hold the words that were typed, the nearest days first."""
    span = (offset - len(typed), offset + _rest(_REST_OF_LINK, after))
    folded = typed.casefold()
    offers = [_Offer(*found) for found in matching(archive, folded.split())]
    offers.sort(
        key=lambda o: (not o.title.casefold().startswith(folded), _distance(page.path, o.path))
    )
    usable = (
        o for o in offers if "](" not in o.title and o.path != page.path and names_exactly(o.path)
    )
    for offer, _ in zip(usable, range(_MOST), strict=False):
        text = f"{offer.title}]({offer.path})"
        yield _item(page, span, typed, text, offer, types.CompletionItemKind.Reference)


def _distance(one: str, other: str) -> tuple[int, str]:
    """How many days lie between two pages, about; then their order."""
    first, second = day_of(one), day_of(other)
    if first is None or second is None:
        return 1 << 30, other
    days = [372 * day.year + 31 * day.month + day.day for day in (first, second)]
    return abs(days[0] - days[1]), other


def _item(
    page: OpenPage,
    span: tuple[int, int],
    typed: str,
    text: str,
    offer: _Offer,
    kind: types.CompletionItemKind,
) -> types.CompletionItem:
    title, path = printable(offer.title), printable(offer.path)
    by_title = kind is types.CompletionItemKind.Reference
    return types.CompletionItem(
        label=title if by_title else path,
        kind=kind,
        detail=(path if by_title else title) or None,
        # The server has chosen already, by words and days: the editor is to show all of it.
        filter_text=typed or None,
        text_edit=types.TextEdit(span_range(page.lines, *span), text),
    )
