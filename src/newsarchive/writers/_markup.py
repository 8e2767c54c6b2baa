"""Texts as Markdown that shows them."""

from __future__ import annotations

from newsarchive.page.patterns import pattern
from newsarchive.page.printable import printable

# What means something to a reader of Markdown as GitHub's, between blanks or in a word.
_SPECIAL = pattern(r"[\\`*_{}\[\]<>()#|~&!:@$]|(?<=www)\.")


def escaped(text: str) -> str:
    """A text as Markdown that shows it: no link, no markup, no mention in it."""
    # Readers look for addresses and mentions after escapes are gone; a comment keeps them apart.
    return _SPECIAL.sub(r"\\\g<0>", printable(text)).replace("\\@", "<!-- -->@<!-- -->")
