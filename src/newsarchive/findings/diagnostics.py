"""One finding and what can be done about it: plain, frozen values."""

from __future__ import annotations

from enum import StrEnum
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from newsarchive.errors import NewsArchiveError
from newsarchive.findings.edits import Edit
from newsarchive.page.lazy_dataclasses import dataclass
from newsarchive.page.printable import printable

if TYPE_CHECKING:
    from collections.abc import Callable


class _Ranked(StrEnum):
    """Words that compare by rank, where text would compare by letters.

    A plain string with one of the words compares as that word; any other has no place among them.
    """

    @property
    def rank(self) -> int:
        """1 for the least of the words, and so on."""
        return _RANKS[self]

    def __lt__(self, other: str) -> bool:
        return self.rank < self._rank_of(other)

    def __le__(self, other: str) -> bool:
        return self.rank <= self._rank_of(other)

    def __gt__(self, other: str) -> bool:
        return self.rank > self._rank_of(other)

    def __ge__(self, other: str) -> bool:
        return self.rank >= self._rank_of(other)

    def _rank_of(self, other: str) -> int:
        try:
            return type(self)(other).rank
        except ValueError:
            known = ", ".join(type(self))
            reason = f"{other!r} has no place among {known}"
            raise TypeError(reason) from None


class Severity(_Ranked):
    """How grave a finding is; compares by `rank`: 1 for info, 2 for warning, 3 for error.

    ``max`` gives the most severe, ``severity >= Severity.WARNING`` holds for errors, too.
    """

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class Applicability(_Ranked):
    """Whether a fix is certain (`safe`) or has to be asked for (`unsafe`).

    Compares by how much is asked of the reader: ``max`` of several is `unsafe` if one of them is.
    """

    SAFE = "safe"
    UNSAFE = "unsafe"


_RANKS: dict[str, int] = {"info": 1, "warning": 2, "error": 3, "safe": 1, "unsafe": 2}


@dataclass(frozen=True)
class Fix:
    """Edits that repair one finding.

    Attributes:
        title: what the fix does, for people.
        edits: the edits, in the order of the text.
        applicability: whether it is certain or has to be asked for.
        removes: whether it takes away an entry whose target is gone; asked for by its own flag.
        page: the archive path of the page that the edits are of; empty for the finding's own.
        more: further pages that the fix edits where `page` names one, each with its edits.
    """

    title: str
    edits: tuple[Edit, ...]
    applicability: Applicability = Applicability.SAFE
    removes: bool = False
    page: str = ""
    more: tuple[tuple[str, tuple[Edit, ...]], ...] = ()

    if not TYPE_CHECKING:

        def __getattr__(self, name):
            if name != "edits" or "_edits" not in self.__dict__:
                raise AttributeError(name)
            self.__dict__["edits"] = found = _edits_of(self.__dict__.pop("_edits"))
            return found

    @property
    def by_page(self) -> tuple[tuple[str, tuple[Edit, ...]], ...]:
        """Each page that the fix edits, with its edits; the finding's own is an empty path."""
        return ((self.page, self.edits), *self.more)

    def to_dict(self) -> dict[str, Any]:
        """This fix as an object of JSON."""
        made: dict[str, Any] = {
            "title": self.title,
            "applicability": self.applicability.value,
            "removes": self.removes,
            "page": self.page or None,
            "edits": _edits_as_json(self.edits),
        }
        if self.more:
            made["more"] = [{"page": p, "edits": _edits_as_json(edits)} for p, edits in self.more]
        return made


def kept_fix(title: str, edits: str, applicability: Applicability, removes: bool) -> Fix:
    """A fix of the finding's own page whose edits are read when somebody asks for them.

    Of tens of thousands of findings, most are counted or printed. The edits are JSON: start, end
    and replacement of each; what is none of that is no edit.
    """
    made = object.__new__(Fix)
    made.__dict__.update(
        title=title, applicability=applicability, removes=removes, page="", more=(), _edits=edits
    )
    return made


def _edits_of(text: str) -> tuple[Edit, ...]:
    import json  # where something was kept

    try:
        found = [(start, end, new) for start, end, new in json.loads(text)]
    except (ValueError, TypeError, RecursionError):
        return ()
    if not all([*map(type, edit)] == [int, int, str] for edit in found):
        return ()
    return tuple(Edit(*edit) for edit in found)


def _edits_as_json(edits: tuple[Edit, ...]) -> list[dict[str, Any]]:
    return [{"start": e.start, "end": e.end, "replacement": e.replacement} for e in edits]


@dataclass(frozen=True)
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

    def to_dict(self) -> dict[str, Any]:
        """This suggestion as an object of JSON."""
        return {
            "path": self.path,
            "score": round(self.score, 3),
            "certain": self.certain,
            "reasons": list(self.reasons),
        }


@dataclass(frozen=True)
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

    def __str__(self) -> str:
        """A line for people: ``file:line:column: severity CODE [name] message``."""
        return (
            f"{printable(self.where)}: {self.severity.value} {self.code} [{self.name}] "
            f"{printable(self.message)}"
        )

    def to_dict(self, fingerprint: str = "", url: str = "") -> dict[str, Any]:
        """This finding as the object that it is in reports of JSON.

        Lines and columns count from 1, offsets from 0; `reference/json.md` says what each key is.

        Args:
            fingerprint: the finding's name from run to run, where it is known.
            url: the address of the page that explains its rule, where there is one.
        """
        return {
            "code": self.code,
            "name": self.name,
            "severity": self.severity.value,
            "page": self.page,
            "file": self.file,
            "line": self.line,
            "column": self.column,
            "end_line": self.end_line,
            "end_column": self.end_column,
            "message": self.message,
            "fix": self.fix.to_dict() if self.fix else None,
            "target": self.target or None,
            "suggestions": [suggestion.to_dict() for suggestion in self.suggestions],
            "fingerprint": fingerprint or None,
            "url": url or None,
        }

    @property
    def where(self) -> str:
        """``file:line:column``, with the page's path where there is no file."""
        return f"{self.file or self.page or '<text>'}:{self.line}:{self.column}"

    @property
    def sort_key(self) -> tuple[str, int, int, str, str]:
        """The order of findings in every output: page, place, code."""
        return (self.page, self.start, self.end, self.code, self.message)


in_order: Callable[[Diagnostic], tuple[str, int, int, str, str]] = attrgetter(
    "page", "start", "end", "code", "message"
)
"""`Diagnostic.sort_key`, for many findings."""


class InvalidPageError(NewsArchiveError, ValueError):
    """A text is no page, or a report that was asked to raise holds errors.

    Attributes:
        diagnostics: what is wrong, in order.
    """

    def __init__(self, diagnostics: tuple[Diagnostic, ...]) -> None:
        super().__init__(diagnostics)
        self.diagnostics = diagnostics

    def __str__(self) -> str:
        shown = [str(d) for d in self.diagnostics[:10]]
        more = len(self.diagnostics) - len(shown)
        return "\n".join(shown + ([f"... and {more} more"] if more else []))


# The likeliest must be this many times as near as the next.
LEAD = 1.5
# ... and this near to be likely at all.
LIKELY = 0.4


def clear_best(suggestions: tuple[Suggestion, ...]) -> Suggestion | None:
    """The suggestion that may be written: the only certain one, or the clear best of the likely.

    Two equally good ones are no clear best; nor is one that lacks evidence.
    """
    if not suggestions:
        return None
    best, *others = suggestions
    if best.certain:
        return None if any(s.certain for s in others) else best
    if best.score < LIKELY:
        return None
    return best if all(best.score >= LEAD * s.score for s in others) else None
