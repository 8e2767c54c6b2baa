"""Which pages no rule on one page would find fault with, told of many pages together.

A rule's own check looks at one page and its places. Nearly all pages are in order, and that
can be told of the pages of a day as of one text: by a few tests for characters that no page holds
where all rules pass. Where a test fails, each page is tested by itself; where it fails again, the
page is read, and the rules are asked.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TypeVar

from newsarchive.page.parser._sound import Sound
from newsarchive.page.parts import Parts
from newsarchive.page.paths import PageKind
from newsarchive.page.patterns import pattern
from newsarchive.rules.sources import ENTITY

T = TypeVar("T")

_LAYOUT = "the page is laid out as the archive does, byte for byte"
_OWN = "the page's own words hold no sign of markup"
_LINKED = "paths are plain, differ, and lead elsewhere, in a day's index to its own day"
PASSED = {
    "NA101": "the bytes are text",
    "NA102": "no text holds the mark",
    "NA103": "no text holds a carriage return",
    "NA104": _LAYOUT,
    "NA105": _LAYOUT,
    "NA106": _LAYOUT,
    "NA107": _LAYOUT,
    "NA108": _LAYOUT,
    "NA109": _LAYOUT,
    "NA110": "no text holds what opens a block; texts and targets of entries are plain",
    "NA111": "no description begins like a marker, and the layout has no other place for one",
    "NA205": _LINKED,
    "NA206": _LINKED,
    "NA210": _LINKED,
    "NA212": _LINKED,
    "NA213": _LINKED,
    "NA301": "the heading is the one that belongs to the folder",
    "NA302": "the heading is the one that belongs to the folder",
    "NA303": "the heading is the one that belongs to the folder",
    "NA307": "the folder is a day's, as the archive writes it",
    "NA401": _LAYOUT,
    "NA402": _LAYOUT,
    "NA501": "addresses of sources have the commonest form",
    "NA503": "addresses of sources differ",
    "NA504": _OWN,
    "NA505": _OWN,
    "NA506": "texts of entries are more than blanks",
}
"""The rules that find nothing on a page that passes, each with the reason."""

ASKED = ("NA209", "NA306", "NA502")
"""The rules that are asked even so, about the few pages with changes or without sources."""

# Ports and hosts of one word are left to NA501 itself.
_URLS = pattern(r"^https?://[\w-]++\.[\w-][\w.-]*+(?:[/?#].*)?+$", re.M)
# Brackets that balance, as far as a glance tells.
_IN_BRACKETS = pattern(r"\[[^\[\]\n\0]*+\]")
_PLAIN_IN_TARGETS = bytes({*range(0x21, 0x7F), *range(0x80, 0x100)} - set(b"()<>\\"))


def passing(items: Sequence[T], test: Callable[[Sequence[T]], bool]) -> Sequence[T]:
    """Those that pass a test, which is asked of all together before it is asked of each."""
    return items if test(items) else [item for item in items if test((item,))]


def are_plain(pages: Sequence[tuple[str, bytes]]) -> bool:
    """Whether no page holds what hides links, or ends lines in another way.

    Args:
        pages: names and bytes.
    """
    every = b"\n".join([data for _, data in pages])
    # One byte is found ten times as fast as several.
    return not (
        b"<" in every
        or b"`" in every
        or b"\\" in every
        or b"\r" in every
        or (b"~" in every and b"~~~" in every)
        or (b"\xef" in every and b"\xef\xbb\xbf" in every)  # a byte order mark
    )


def are_sound(pages: Sequence[tuple[str, Sound]]) -> bool:
    """Whether no rule but those that are `ASKED` has anything to find on pages.

    Args:
        pages: names, and what was found.
    """
    found = [page for _, page in pages]
    return (
        all(map(_leads_elsewhere, found))
        and _is_free_of_markup("\n".join([page.own for page in found]))
        and _are_plain_links([page.parts for page in found])
        and _are_addresses([page.urls for page in found], [page.images for page in found])
    )


def _leads_elsewhere(page: Sound) -> bool:
    """Whether links of a page differ, and none leads to itself or out of a day's index."""
    parts, paths, urls = page.parts, page.parts.linked_paths, page.urls
    if len(set(paths)) != len(paths) or len(set(urls)) != len(urls):
        return False
    if parts.kind is PageKind.EVENT:
        return parts.path not in paths
    folder = parts.path.rpartition("/")[0]
    return "\n".join(["", *paths]).count(f"\n{folder}/") == len(paths)


def _is_free_of_markup(own: str) -> bool:
    return not (
        "[" in own
        or "]" in own
        or "{" in own
        or "}" in own
        or "=" in own
        or ("|" in own and "||" in own)
        or ("'" in own and "''" in own)
        or ("&" in own and ENTITY.search(own))
    )


def _are_plain_links(pages: Sequence[Parts]) -> bool:
    texts = "\0".join([text for page in pages for text in page.linked_titles])
    paths = "".join([path for page in pages for path in (*page.linked_paths, page.previous_path)])
    for page in pages:
        for m in page.changes:
            texts += m["text"]
            paths += m["target"]
    if "[" in texts or "]" in texts:
        texts = _IN_BRACKETS.sub("", texts)
        if "[" in texts or "]" in texts:
            return False
    return "\n" not in texts and "#" not in paths and _is_plain(paths)


def _is_plain(targets: str) -> bool:
    """Whether targets hold nothing that could end a link elsewhere."""
    # Empty, unless there is a character that does not belong: a third of a pattern's time.
    return not targets.encode().translate(None, _PLAIN_IN_TARGETS) and (
        targets.isascii() or targets.isprintable()
    )


def _are_addresses(urls: Sequence[Sequence[str]], images: Sequence[Sequence[str]]) -> bool:
    every = [url for of_page in (*urls, *images) for url in of_page if url]
    return _is_plain("".join(every)) and len(_URLS.findall("\n".join(every))) == len(every)
