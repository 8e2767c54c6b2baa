"""What a rule is: data for the catalogue, and one function."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from newsarchive.diagnostics import Applicability, Severity
from newsarchive.reading import Reading


@dataclass(frozen=True, slots=True)
class BodyEdit:
    """A replacement of a range of the body."""

    start: int
    end: int
    replacement: str


@dataclass(frozen=True, slots=True)
class Repair:
    """What a finding proposes: edits of the body, in order."""

    title: str
    edits: tuple[BodyEdit, ...]
    applicability: Applicability = Applicability.SAFE


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding of one rule: a range of the body, a message, perhaps a repair.

    Attributes:
        start, end: half-open offsets into the body; for `raw` findings, into the text as read.
        message: one sentence without a full stop: what was found, then what was expected.
        repair: how to mend it, where that is certain.
        raw: whether offsets and edits count in the text as read (line endings, byte order mark).
    """

    start: int
    end: int
    message: str
    repair: Repair | None = None
    raw: bool = False


class Lookup(Protocol):
    """What a rule may ask about the rest of the archive."""

    def exists(self, path: str) -> bool:
        """Whether a file of exactly this archive path exists."""

    def near(self, path: str) -> str | None:
        """A hint where a page is meant but for the path's form (case, extension, ...)."""

    def title(self, path: str) -> str | None:
        """The title of the event page at `path`, None where it has or is none."""

    def is_listed(self, path: str) -> bool:
        """Whether an index page of the event's day lists it."""

    def previous_day(self, path: str) -> str | None:
        """The index of the nearest earlier day, for the index page at `path`."""


PageCheck = Callable[[Reading], Iterable[Finding]]
ClockCheck = Callable[[Reading, datetime.date], Iterable[Finding]]
ArchiveCheck = Callable[[Reading, Lookup], Iterable[Finding]]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: a stable code and name, what it is for, and the function that checks it.

    Attributes:
        code: ``NA`` and three digits; never reused.
        name: the code in words, as people write it in configuration.
        severity: how grave its findings are.
        summary: when it complains, in one sentence that starts with a small letter.
        why: why that matters, and what to do about it.
        bad, good: lines that break the rule, and the same lines in order.
        fix: what the fix does, empty where there is none.
        page: the check on one page alone.
        clock: the check that needs today's date.
        archive: the check that needs the other pages.
        default: whether the rule runs unless it is asked for.
    """

    code: str
    name: str
    severity: Severity
    summary: str
    why: str
    bad: str = ""
    good: str = ""
    fix: str = ""
    page: PageCheck | None = None
    clock: ClockCheck | None = None
    archive: ArchiveCheck | None = None
    default: bool = True

    @property
    def scope(self) -> str:
        """``page`` or ``archive``: what the rule looks at."""
        return "archive" if self.archive else "page"


def problems(code: str) -> PageCheck:
    """A check that reports what reading itself ran into under `code`."""

    def check(reading: Reading) -> Iterator[Finding]:
        for problem in reading.problems:
            if problem.code == code:
                yield Finding(problem.start, problem.end, problem.message)

    return check
