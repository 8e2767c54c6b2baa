"""Replacements of ranges of a text, and what becomes of the text."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from newsarchive.errors import NewsArchiveError
from newsarchive.page.lazy_dataclasses import dataclass

Some = TypeVar("Some", str, list[str])


@dataclass(frozen=True, order=True)
class Edit:
    """A replacement of ``text[start:end]`` (code points of the document) by `replacement`."""

    start: int
    end: int
    replacement: str


@dataclass(frozen=True)
class BodyEdit:
    """A replacement of ``body[start:end]``, the text that rules see, by `replacement`."""

    start: int
    end: int
    replacement: str


class EditConflictError(NewsArchiveError, ValueError):
    """Two edits touch the same text, so that their order would matter.

    Attributes:
        first, second: the two edits, in the order of the text.
    """

    def __init__(self, first: Edit, second: Edit) -> None:
        super().__init__(first, second)
        self.first = first
        self.second = second

    def __str__(self) -> str:
        return f"the edits at offsets {self.first.start} and {self.second.start} overlap"


def apply_edits(text: str, edits: Iterable[Edit]) -> str:
    """The text with edits applied; everything outside them stays as it is.

    Args:
        text: any text.
        edits: replacements of its ranges, in any order.

    Raises:
        EditConflictError: two edits touch the same text.
        ValueError: an edit lies outside the text.
    """
    out: list[str] = []
    pos, last = 0, None
    for edit in sorted(edits):
        if not 0 <= edit.start <= edit.end <= len(text):
            raise ValueError(f"an edit of {edit.start}:{edit.end} in a text of {len(text)}")
        if last is not None and (edit.start < pos or edit.start == last.start):
            raise EditConflictError(last, edit)
        out += (text[pos : edit.start], edit.replacement)
        pos, last = edit.end, edit
    return "".join((*out, text[pos:]))


def alike(one: Some, other: Some) -> int:
    """How many characters, or words, two texts have in common at their start; by halving."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low
