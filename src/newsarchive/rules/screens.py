"""Which pages no rule on one page would find fault with, told of many pages together.

A rule's own check looks at one page and its places. Nearly all pages are in order, and that
can be told of the pages of a day as of one text: by a few tests for characters that no page holds
where all rules pass. Where a test fails, each page is tested by itself; where it fails again, the
page is read, and the rules are asked.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import chain
from typing import TypeVar

from newsarchive.page.parser._sound import Sound
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
}
"""The rules that find nothing on a page that passes, each with the reason."""

ASKED = ("NA209", "NA306", "NA502")
"""The rules that are asked even so, about the few pages with changes or without sources."""

# Host names of ASCII letters; whatever else NA501 lets pass is rare.
_URLS = pattern(
    r"^https?://[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)+\.?(?::[0-9]{1,5})?(?:[/?#].*)?$", re.M
)
# What is in no page where no rule finds anything; "~~~" and the like open blocks.
_ODD_IN_TEXTS = ("<", "`", "\\", "\r", "~~~", "\ufeff")
_ODD_IN_OWN = ("[", "=", "''", "||", "{{", "}}", "]]", "-{", "}-")
_ODD_IN_TARGETS = (" ", "(", ">")


def passing(items: Sequence[T], test: Callable[[Sequence[T]], bool]) -> Sequence[T]:
    """Those that pass a test, which is asked of all together before it is asked of each."""
    return items if test(items) else [item for item in items if test((item,))]


def plain_texts(pages: Sequence[tuple[str, str]]) -> bool:
    """Whether no text of pages holds what hides links, or ends lines in another way."""
    together = "\n".join([text for _, text in pages])
    return not any(odd in together for odd in _ODD_IN_TEXTS)


def are_sound(pages: Sequence[tuple[str, Sound]]) -> bool:
    """Whether no rule but those that are `ASKED` has anything to find on pages."""
    found = [page for _, page in pages]
    return (
        all(map(_leads_elsewhere, found))
        and _is_plain_text("\n".join([page.own for page in found]))
        and _are_plain_links(found)
        and _are_addresses(list(chain.from_iterable([page.urls for page in found])))
    )


def _leads_elsewhere(page: Sound) -> bool:
    parts, paths = page.parts, page.parts.linked_paths
    if len(set(paths)) != len(paths) or len(set(page.urls)) != len(page.urls):
        return False
    if parts.kind is PageKind.EVENT:
        return parts.path not in paths
    folder = parts.path.rpartition("/")[0]
    return "\n".join(["", *paths]).count(f"\n{folder}/") == len(paths)


def _is_plain_text(own: str) -> bool:
    return not (any(odd in own for odd in _ODD_IN_OWN) or ("&" in own and ENTITY.search(own)))


def _are_plain_links(pages: Sequence[Sound]) -> bool:
    parts = [page.parts for page in pages]
    texts = "".join(chain.from_iterable([page.linked_titles for page in parts]))
    paths = "".join(chain.from_iterable([[*p.linked_paths, p.previous_path] for p in parts]))
    changes = list(chain.from_iterable([page.changes for page in parts]))
    if changes:
        texts += "".join([m["text"] for m in changes])
        paths += "".join([m["target"] for m in changes])
    return "[" not in texts and "\n" not in texts and "#" not in paths and _are_plain(paths)


def _are_plain(targets: str) -> bool:
    """Whether targets hold nothing that could end a link elsewhere."""
    return targets.isprintable() and not any(odd in targets for odd in _ODD_IN_TARGETS)


def _are_addresses(urls: list[str]) -> bool:
    return _are_plain("".join(urls)) and len(_URLS.findall("\n".join(urls))) == len(urls)
