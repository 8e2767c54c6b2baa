"""Texts as Markdown that shows them."""

from __future__ import annotations

from collections.abc import Mapping

from newsarchive.page.printable import printable

# What means something to a reader of Markdown as GitHub's, between blanks or in a word. Readers
# look for addresses and mentions after escapes are gone; a comment keeps mentions apart.
_SPECIAL = str.maketrans({c: f"\\{c}" for c in "\\`*_{}[]<>()#|~&!:$"} | {"@": "<!-- -->@<!-- -->"})

_IN_LINKS = str.maketrans({c: f"%{ord(c):02X}" for c in "()[]|"})


def escaped(text: str) -> str:
    """A text as Markdown that shows it: no link, no markup, no mention in it."""
    return printable(text).translate(_SPECIAL).replace("www.", "www\\.")


def linked(code: str, urls: Mapping[str, str]) -> str:
    """A rule's code as Markdown, and as a link where there is a page about the rule."""
    url = urls.get(code, "").translate(_IN_LINKS)
    return f"[{escaped(code)}]({url})" if url else escaped(code)
