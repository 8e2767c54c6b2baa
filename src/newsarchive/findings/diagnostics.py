"""One finding and what can be done about it: plain, frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from newsarchive.errors import NewsArchiveError
from newsarchive.findings.edits import Edit


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


class InvalidPageError(NewsArchiveError, ValueError):
    """A text is no page, or a report that was asked to raise holds errors.

    Attributes:
        diagnostics: what is wrong, in order.
    """

    def __init__(self, diagnostics: tuple[Diagnostic, ...]) -> None:
        super().__init__(diagnostics)
        self.diagnostics = diagnostics

    def __str__(self) -> str:
        shown = [f"{d.where}: {d.code} [{d.name}] {d.message}" for d in self.diagnostics[:10]]
        more = len(self.diagnostics) - len(shown)
        return "\n".join(shown + ([f"... and {more} more"] if more else []))


# The likeliest must be this many times as near as the next.
LEAD = 1.5


def clear_best(suggestions: tuple[Suggestion, ...]) -> Suggestion | None:
    """The suggestion that may be written: the only certain one, or the clear best of the likely.

    Two equally good ones are no clear best; nor is one that lacks evidence.
    """
    if not suggestions:
        return None
    best, *others = suggestions
    if best.certain:
        return None if any(s.certain for s in others) else best
    if best.score < 0.4:
        return None
    return best if all(best.score >= LEAD * s.score for s in others) else None
