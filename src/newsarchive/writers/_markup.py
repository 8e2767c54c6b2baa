"""Texts as Markdown that shows them."""

from __future__ import annotations

from newsarchive.page.printable import printable

# What means something to a reader of Markdown as GitHub's, between blanks or in a word. Readers
# look for addresses and mentions after escapes are gone; a comment keeps mentions apart.
_SPECIAL = str.maketrans({c: f"\\{c}" for c in "\\`*_{}[]<>()#|~&!:$"} | {"@": "<!-- -->@<!-- -->"})


def escaped(text: str) -> str:
    """A text as Markdown that shows it: no link, no markup, no mention in it."""
    return printable(text).translate(_SPECIAL).replace("www.", "www\\.")
