r"""The decoded text of one file, and where things stand in it.

A document keeps the text exactly as it was read (`text`), and beside it the text that the
grammar reads (`body`): without byte order marks at its start, and with every line ending as
``"\n"``. Both are the same string for every page in the archive's own layout.
"""

import re
from bisect import bisect_right
from functools import cached_property
from itertools import accumulate

from newsarchive.page.lazy_dataclasses import dataclass, field
from newsarchive.page.lazy_tuples import NamedTuple
from newsarchive.page.patterns import pattern

BOM = "\ufeff"

# To count the lines of a text so short takes less time than to find where all begin.
_SHORT = 4096

# CommonMark 2.1: a line ending is LF, CRLF, or a CR without a LF after it. Form feed, U+0085
# and U+2028 are ordinary characters.
_LINE_ENDING = pattern(r"\r\n?|\n")


class Span(NamedTuple):
    """A half-open range of code points of a document's text: ``text[start:end]``."""

    start: int
    end: int


class Position(NamedTuple):
    """A place in a document: line and column, both counted from 1, columns in code points."""

    line: int
    column: int


@dataclass(frozen=True)
class Document:
    """The text of one file as it was decoded.

    Args:
        text: the decoded text, byte order mark and line endings included.
        path: the page's archive path (``/news/2013/02/20/slug.md``), empty where unknown.
    """

    text: str
    path: str = ""
    body: str = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        body = self.text.lstrip(BOM)
        if "\r" in body:
            body = _LINE_ENDING.sub("\n", body)
        object.__setattr__(self, "body", body)

    @property
    def has_bom(self) -> bool:
        """Whether the text starts with a byte order mark."""
        return self.text.startswith(BOM)

    @cached_property
    def bom_length(self) -> int:
        """How many byte order marks the text starts with; two come from joining files."""
        return len(self.text) - len(self.text.lstrip(BOM))

    @cached_property
    def carriage_returns(self) -> tuple[Span, ...]:
        """Where each line ending with a carriage return in it is, in order."""
        if "\r" not in self.text:
            return ()
        return tuple(Span(*m.span()) for m in re.finditer(r"\r\n?", self.text))

    @property
    def newline(self) -> str:
        r"""The newline style: ``"\n"``, ``"\r\n"``, ``"\r"``, or ``"mixed"``."""
        styles = {m[0] for m in _LINE_ENDING.finditer(self.text)}
        if len(styles) > 1:
            return "mixed"
        return styles.pop() if styles else "\n"

    @cached_property
    def _dropped(self) -> list[int]:
        """Body offsets before which a CR was dropped: the second character of each CRLF."""
        found, bom = [], self.bom_length
        for count, span in enumerate(s for s in self.carriage_returns if s.end - s.start == 2):
            found.append(span.start - bom - count)
        return found

    def offset(self, body_offset: int) -> int:
        """The offset in `text` of the character that stands at `body_offset` in `body`."""
        if self.body is self.text:
            return body_offset
        return body_offset + self.bom_length + bisect_right(self._dropped, body_offset - 1)

    def span(self, start: int, end: int) -> Span:
        """The span in `text` of the half-open range ``body[start:end]``."""
        if self.body is self.text:
            return Span(start, end)
        return Span(self.offset(start), self.offset(end))

    @cached_property
    def _line_starts(self) -> list[int]:
        if "\r" in self.text:
            return [0, *map(re.Match.end, _LINE_ENDING.finditer(self.text))]
        lines = self.text.split("\n")
        return [*accumulate([len(line) + 1 for line in lines[:-1]], initial=0)]

    def position(self, offset: int) -> Position:
        """Line and column of an offset into `text` (``len(text)`` is allowed: the very end)."""
        line = bisect_right(self._line_starts, offset)
        return Position(line, offset - self._line_starts[line - 1] + 1)

    def place(self, start: int, end: int) -> tuple[int, int, int, int, int, int]:
        """Two offsets into `text`, then line and column of each: most stand on one line."""
        text = self.text
        if len(text) < _SHORT and self.body is text:
            line = text.count("\n", 0, start) + 1
            last = line + text.count("\n", start, end)
            column, after = start - text.rfind("\n", 0, start), end - text.rfind("\n", 0, end)
            return start, end, line, column, last, after
        starts = self._line_starts
        line = bisect_right(starts, start)
        last = line if line < len(starts) and end < starts[line] else bisect_right(starts, end)
        return start, end, line, start - starts[line - 1] + 1, last, end - starts[last - 1] + 1

    def line_text(self, line: int) -> str:
        """The text of line `line` (from 1), without its line ending."""
        start, end = self.line_span(line)
        return self.text[start:end]

    def line_span(self, line: int) -> Span:
        """Where line `line` (from 1) stands in the text, without its line ending."""
        start = self._line_starts[line - 1]
        end = self._line_starts[line] if line < len(self._line_starts) else len(self.text)
        while end > start and self.text[end - 1] in "\r\n":
            end -= 1
        return Span(start, end)

    @property
    def line_count(self) -> int:
        """How many lines the text has; a last line without an ending counts."""
        return len(self._line_starts)
