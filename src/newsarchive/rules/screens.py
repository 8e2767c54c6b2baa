"""Which pages no rule on one page would find fault with, told of many pages together.

A rule's own check looks at one page and its places. Nearly all pages are in order, and that
can be told of the pages of a day as of one text: by a few tests for characters that no page holds
where all rules pass. Where a test fails, each page is tested by itself; where it fails again, the
page is read, and the rules are asked.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Protocol, TypeVar

from newsarchive.page.parser._sound import Sound
from newsarchive.page.paths import PageKind
from newsarchive.page.patterns import pattern
from newsarchive.rules.sources import ENTITY

T = TypeVar("T")

_LAYOUT = "the page is laid out as the archive does, byte for byte"
PROVED = {
    "NA101": "the bytes are text",
    "NA102": _LAYOUT,
    "NA103": "no text holds a carriage return",
    "NA104": _LAYOUT,
    "NA105": _LAYOUT,
    "NA106": _LAYOUT,
    "NA107": _LAYOUT,
    "NA108": _LAYOUT,
    "NA109": _LAYOUT,
    "NA110": "no text holds what opens a block; texts and targets of entries are plain",
    "NA111": "no description begins like a marker, and the layout has no other place for one",
    "NA301": "the heading is the one that belongs to the folder",
    "NA302": "the heading is the one that belongs to the folder",
    "NA303": "the heading is the one that belongs to the folder",
    "NA307": "the folder is a day's, as the archive writes it",
    "NA401": _LAYOUT,
    "NA402": _LAYOUT,
    "NA506": "texts of entries are more than blanks",
}
"""The rules that find nothing on a page which `screened` gives, each with the reason."""

_TWICE = ("NA206", "NA212", "NA213")
SCREENED = {
    "NA205": "an event links elsewhere",
    "NA206": "links lead to different pages",
    "NA209": "there are no Changes",
    "NA210": "a day's index lists events of its own day",
    "NA212": "links lead to different pages",
    "NA213": "links lead to different pages",
    "NA306": "there are no Changes",
    "NA501": "addresses of sources have the commonest form",
    "NA502": "there is a source",
    "NA503": "addresses of sources differ",
    "NA504": "the page's own words hold no sign of markup",
    "NA505": "the page's own words hold no sign of markup",
}
"""The rules that find nothing on a page of which something is true; where it is not, each is asked.

The other rules need not be asked then, either.
"""

OF_LINKS = frozenset({"NA205", "NA206", "NA210", "NA212", "NA213"})
"""Those of them that look at more than `Sound.reading` holds."""

# Ports and hosts of one word are left to NA501 itself.
_URLS = pattern(r"^https?://[\w-]++\.[\w-][\w.-]*+(?:[/?#].*)?+$", re.M)
# Brackets that balance, as far as a glance tells.
_IN_BRACKETS = pattern(r"\[[^\[\]\n\0]*+\]")
_PLAIN_IN_TARGETS = bytes({*range(0x21, 0x7F), *range(0x80, 0x100)} - set(b"()<>\\"))


def passing(items: Sequence[T], test: Callable[[Sequence[T]], bool]) -> Sequence[T]:
    """Those that pass a test, which is asked of all together before it is asked of each."""
    return items if test(items) else [item for item in items if test((item,))]


class HasData(Protocol):
    """A page whose bytes are known."""

    @property
    def data(self) -> bytes:
        """Its bytes."""


def are_plain(pages: Sequence[HasData]) -> bool:
    """Whether no page holds what hides links, or ends lines in another way."""
    every = b"\n".join([page.data for page in pages])
    # One byte is found ten times as fast as several.
    return not (
        b"<" in every
        or b"`" in every
        or b"\\" in every
        or b"\r" in every
        or (b"~" in every and b"~~~" in every)
    )


Asked = Sequence[str]
"""The codes of the rules that are to be asked about a page."""


def screened(pages: Sequence[tuple[T, Sound]]) -> Iterator[tuple[T, tuple[Sound, Asked]]]:
    """Those pages whose links are as plain as they were taken for, and what to ask about each."""
    pages = passing(pages, _are_plain_links)
    found = [page for _, page in pages]
    signs = _signs_of_markup(found)
    addresses = _are_addresses(found)
    for key, page in pages:
        asked = _asked_alone(page)
        if signs and (met := [sign for sign in signs if sign in page.own]):
            if "[" in page.names or "]" in page.names:
                continue
            if met != ["&"]:
                asked.append("NA504")
            if "&" in met:
                asked.append("NA505")
        if not addresses and not _are_addresses((page,)):
            asked.append("NA501")
        yield key, (page, asked)


def _asked_alone(page: Sound) -> list[str]:
    """The rules to be asked about a page, of those whose screens look at one page alone."""
    parts, paths, urls = page.parts, page.parts.linked_paths, page.urls
    asked: list[str] = []
    if len(set(paths)) != len(paths):
        asked += _TWICE
    if parts.kind is PageKind.EVENT:
        if not urls:
            asked.append("NA502")
        elif len(set(urls)) != len(urls):
            asked.append("NA503")
        if parts.path in paths:
            asked.append("NA205")
        if parts.changes:
            asked += ("NA209", "NA306")
    else:
        folder = parts.path.rpartition("/")[0]
        if "\n".join(["", *paths]).count(f"\n{folder}/") != len(paths):
            asked.append("NA210")
    return asked


def _signs_of_markup(pages: Sequence[Sound]) -> list[str]:
    """What may belong to markup in the own words of any page."""
    own = "\n".join([page.own for page in pages])
    found = [sign for sign in "[]{}=" if sign in own]
    found += [sign for sign in ("||", "''") if sign[0] in own and sign in own]
    return [*found, "&"] if "&" in own and ENTITY.search(own) else found


def _are_plain_links(pages: Sequence[tuple[T, Sound]]) -> bool:
    """Whether texts and targets of links hold nothing that could end or hide a link."""
    every = [page.parts for _, page in pages]
    texts = "\0".join([text for page in every for text in page.linked_titles])
    paths = "".join([path for page in every for path in (*page.linked_paths, page.previous_path)])
    for page in every:
        for m in page.changes:
            texts += m["text"]
            paths += m["target"]
    if "[" in texts or "]" in texts:
        texts = _IN_BRACKETS.sub("", texts)
        if "[" in texts or "]" in texts:
            return False
    if "\n" in texts or "#" in paths:
        return False
    return _is_plain(
        "".join([paths, *[url for _, page in pages for url in (*page.urls, *page.images)]])
    )


def _is_plain(targets: str) -> bool:
    """Whether targets hold nothing that could end a link elsewhere."""
    # Empty, unless there is a character that does not belong: a third of a pattern's time.
    return not targets.encode().translate(None, _PLAIN_IN_TARGETS) and (
        targets.isascii() or targets.isprintable()
    )


def _are_addresses(pages: Sequence[Sound]) -> bool:
    every = [url for page in pages for url in (*page.urls, *page.images) if url]
    return len(_URLS.findall("\n".join(every))) == len(every)
