"""One finding and what can be done about it: plain, frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How grave a finding is; ordered by `rank`, highest first: error, warning, info."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"

    @property
    def rank(self) -> int:
        """3 for error, 2 for warning, 1 for info."""
        return {"error": 3, "warning": 2, "info": 1}[self.value]


class Applicability(StrEnum):
    """Whether a fix is certain (`safe`) or has to be asked for (`unsafe`)."""

    SAFE = "safe"
    UNSAFE = "unsafe"


@dataclass(frozen=True, slots=True, order=True)
class Edit:
    """A replacement of ``text[start:end]`` (code points of the document) by `replacement`."""

    start: int
    end: int
    replacement: str


@dataclass(frozen=True, slots=True)
class Fix:
    """Edits that repair one finding, in the order of the text, and a title for people."""

    title: str
    edits: tuple[Edit, ...]
    applicability: Applicability = Applicability.SAFE


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding of one rule on one page.

    Attributes:
        code, name: the rule's stable code (``NA201``) and name (``broken-related-link``).
        severity: how grave it is.
        message: one sentence: what was found, then what was expected.
        page: the archive path of the page (``/news/...``); empty where unknown.
        file: the file as the caller named it; empty for a text that is no file.
        start, end: half-open code-point offsets into the document's text.
        line, column, end_line, end_column: the same, both counted from 1; the end is exclusive.
        fix: how to repair it, where that is known.
    """

    code: str
    name: str
    severity: Severity
    message: str
    page: str
    file: str
    start: int
    end: int
    line: int
    column: int
    end_line: int
    end_column: int
    fix: Fix | None = None

    @property
    def where(self) -> str:
        """``file:line:column``, with the page's path where there is no file."""
        return f"{self.file or self.page or '<text>'}:{self.line}:{self.column}"

    @property
    def sort_key(self) -> tuple[str, int, int, str, str]:
        """The order of findings in every output: page, place, code."""
        return (self.page, self.start, self.end, self.code, self.message)
