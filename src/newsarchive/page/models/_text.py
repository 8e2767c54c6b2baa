"""The annotated strings that pages are made of.

Each type admits exactly the strings that come back from a rendered page unchanged, so that
``parse(render(page)) == page`` holds for every page that can be built. "Blank" means any
character that `str.isspace` knows, but a line ending.
"""

import re
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from newsarchive.page.sections import line_fault as line_fault

# Rust's \s lacks the information separators that str.strip() removes; both ends are named here.
_BLANK = r"\s\x1c-\x1f"
_LINE = r"^[^\r\n]*$"
_CLEAN = rf"^[^{_BLANK}](?:[^\r\n]*[^{_BLANK}])?$"
_UNBROKEN = rf"^[^{_BLANK}]*$"
_CLEAN_OR_EMPTY = rf"^(?:[^{_BLANK}](?:[^\r\n]*[^{_BLANK}])?)?$"
_BLANKS = r"^(?:[\x1c-\x1f]|[^\S\r\n])*$"

_TARGET = re.compile(r"\S*|[^()\n]*")


class Model(BaseModel):
    """What every model of a page shares: frozen, nothing unknown, compared by value."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def _one_link(value: str) -> str:
    if "](" in value:
        raise ValueError("link text cannot hold '](': the link would end there")
    return value


def _one_target(value: str) -> str:
    if not _TARGET.fullmatch(value):
        raise ValueError("a link target holds either blanks or parentheses, not both")
    return value


def _one_paragraph(value: str) -> str:
    for line in value.split("\n"):
        if fault := line_fault(line):
            raise ValueError(fault)
    return value


Line = Annotated[str, Field(pattern=_LINE)]
"""Any text on one line."""

CleanLine = Annotated[str, Field(pattern=_CLEAN)]
"""One line that is not empty and has no blanks at its ends."""

CleanOrEmptyLine = Annotated[str, Field(pattern=_CLEAN_OR_EMPTY)]
"""One line without blanks at its ends; may be empty."""

LinkText = Annotated[CleanLine, AfterValidator(_one_link)]
"""A clean line that can stand between ``[`` and ``](``; brackets need not balance."""

LinkTarget = Annotated[str, Field(pattern=_LINE), AfterValidator(_one_target)]
"""A link's target as the page writes it: an archive path or URL, right or wrong."""

Unbroken = Annotated[str, Field(pattern=_UNBROKEN)]
"""A string without any blank or line ending in it."""

Paragraph = Annotated[
    str,
    Field(pattern=rf"^[^{_BLANK}](?:[^\r]*[^{_BLANK}])?$"),
    AfterValidator(_one_paragraph),
]
"""One paragraph (its lines joined by newlines) that no heading or context line is part of."""

Gap = Annotated[str, Field(pattern=r"^(?:(?:#####(?: [^\r\n]*)?)?\n)*$")]
"""Empty lines and topic lines that belong to no entry, each with its line ending: the hole that
is left where an entry was taken out of an index."""

Blanks = Annotated[str, Field(pattern=_BLANKS)]
"""A run of blanks, mostly empty or one space."""

BlankPair = tuple[Blanks, Blanks]
"""The blanks before and after a part, which its clean value does not hold."""


def split_context(text: str) -> tuple[str, ...]:
    """The terms of a context: what stands between ``", "``.

    Terms that hold ``", "`` themselves (``Kenyan general election, 2017``) come apart here: the
    page does not say which comma is which.
    """
    return tuple(text.split(", "))


def _terms(value: tuple[str, ...]) -> tuple[str, ...]:
    return split_context(", ".join(value)) if value else value


Context = Annotated[tuple[Line, ...], AfterValidator(_terms)]
"""Context terms in the page's order. A term with ``", "`` in it becomes two, as on a page."""
