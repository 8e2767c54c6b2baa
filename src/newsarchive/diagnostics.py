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
class BodyEdit:
    """A replacement of ``body[start:end]``, the text that rules see, by `replacement`."""

    start: int
    end: int
    replacement: str


@dataclass(frozen=True, slots=True)
class Fix:
    """Edits that repair one finding.

    Attributes:
        title: what the fix does, for people.
        edits: the edits, in the order of the text.
        applicability: whether it is certain or has to be asked for.
        removes: whether it takes away an entry whose target is gone; asked for by its own flag.
        page: the archive path of the page that the edits are of; empty for the finding's own.
    """

    title: str
    edits: tuple[Edit, ...]
    applicability: Applicability = Applicability.SAFE
    removes: bool = False
    page: str = ""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A page that a broken link may have meant, and why.

    Attributes:
        path: the archive path of the page, which exists.
        score: how likely it is the one, from 0 to 1.
        reasons: the evidence in words, the strongest first.
        certain: whether the evidence leaves no doubt (the link's path under the page's Changes, a
            rename in git's history, the same path in another form).
    """

    path: str
    score: float
    reasons: tuple[str, ...]
    certain: bool = False


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
        suggestions: for a broken link, the pages that it may have meant, the likeliest first.
        target: for a broken link, the path that does not exist; else empty.
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
    suggestions: tuple[Suggestion, ...] = ()
    target: str = ""

    @property
    def where(self) -> str:
        """``file:line:column``, with the page's path where there is no file."""
        return f"{self.file or self.page or '<text>'}:{self.line}:{self.column}"

    @property
    def sort_key(self) -> tuple[str, int, int, str, str]:
        """The order of findings in every output: page, place, code."""
        return (self.page, self.start, self.end, self.code, self.message)
