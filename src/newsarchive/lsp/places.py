r"""Places as editors count them: line and character, in code units of an agreed encoding.

A line ends with LF, CRLF or CR, as in `newsarchive.page.document` and in the protocol; U+2028 or a
form feed ends none.
"""

from __future__ import annotations

import codecs
from bisect import bisect_left, bisect_right
from functools import cached_property
from typing import NamedTuple

from newsarchive.page.patterns import pattern

UTF_8, UTF_16, UTF_32 = "utf-8", "utf-16", "utf-32"

_UTF_8 = codecs.getincrementaldecoder("utf-8")
_LINE_ENDING = pattern(r"\r\n?|\n")
_WIDE = pattern("[\U00010000-\U0010ffff]")


class Place(NamedTuple):
    """A place in a text: line and character, both counted from 0."""

    line: int
    character: int


class Lines:
    """A text's lines; translates between offsets (code points) and places."""

    def __init__(self, text: str, encoding: str = UTF_16) -> None:
        self.text = text
        self._encoding = UTF_32 if text.isascii() else encoding
        self._starts = [0, *(m.end() for m in _LINE_ENDING.finditer(text))]

    @cached_property
    def _wide(self) -> list[int]:
        """The offsets of the characters that are two code units in UTF-16."""
        return [m.start() for m in _WIDE.finditer(self.text)]

    def place(self, offset: int) -> Place:
        """The place of an offset; offsets beyond the text are its end."""
        offset = min(max(offset, 0), len(self.text))
        line = bisect_right(self._starts, offset) - 1
        start = self._starts[line]
        if self._encoding == UTF_16:
            wide = bisect_left(self._wide, offset) - bisect_left(self._wide, start)
            return Place(line, offset - start + wide)
        if self._encoding == UTF_8:
            return Place(line, len(self.text[start:offset].encode("utf-8", "surrogatepass")))
        return Place(line, offset - start)

    def offset(self, line: int, character: int) -> int:
        """The offset of a place.

        A character beyond its line is the line's end, before the line ending; a line beyond the
        text is the text's end; half a character is its start.
        """
        if line >= len(self._starts):
            return len(self.text)
        line, character = max(line, 0), max(character, 0)
        start, end = self._starts[line], self._end(line)
        if self._encoding == UTF_16:
            return min(self._from_utf_16(start, character), end)
        if self._encoding == UTF_8:
            # No character takes less than a byte: more than so many need not be looked at.
            raw = self.text[start : min(end, start + character)].encode("utf-8", "surrogatepass")
            # An incremental decoder holds back a character that is not whole.
            return start + len(_UTF_8("surrogatepass").decode(raw[:character]))
        return min(start + character, end)

    def line_span(self, line: int) -> tuple[int, int]:
        """Where a line's text starts and ends, without its line ending."""
        line = min(max(line, 0), len(self._starts) - 1)
        return self._starts[line], self._end(line)

    def _end(self, line: int) -> int:
        if line + 1 == len(self._starts):
            return len(self.text)
        end = self._starts[line + 1]
        return end - 2 if self.text.startswith("\r\n", end - 2) else end - 1

    def _from_utf_16(self, start: int, units: int) -> int:
        """The offset that lies so many UTF-16 code units after `start`."""
        passed = 0
        for wide in self._wide[bisect_left(self._wide, start) :]:
            before = wide - start + passed
            if units <= before:
                break
            if units == before + 1:
                return wide
            passed += 1
        return start + units - passed


def replaced(text: str, encoding: str, start: Place, end: Place, new: str) -> str:
    """A text with what stands between two places replaced; a wrong order is put right."""
    lines = Lines(text, encoding)
    first, last = sorted((lines.offset(*start), lines.offset(*end)))
    return text[:first] + new + text[last:]
