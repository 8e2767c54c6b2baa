"""What a rule is: data for the catalogue, and one function."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator
from enum import StrEnum
from typing import Protocol

from newsarchive._site import rule_url
from newsarchive.findings.diagnostics import Applicability, Diagnostic, Fix, Severity, Suggestion
from newsarchive.findings.edits import BodyEdit as BodyEdit
from newsarchive.findings.remedies import Remedy
from newsarchive.page.lazy_dataclasses import dataclass
from newsarchive.page.parts import Parts
from newsarchive.page.reading import Link, ProblemKind, Reading
from newsarchive.store.listing import TroubleKind


@dataclass(frozen=True)
class Repair:
    """What a finding proposes: edits of the body (of `page`, if not its own); see `Fix`.

    `more` are further pages that are edited with `page`, each with its edits.
    """

    title: str
    edits: tuple[BodyEdit, ...]
    applicability: Applicability = Applicability.SAFE
    removes: bool = False
    page: str = ""
    more: tuple[tuple[str, tuple[BodyEdit, ...]], ...] = ()


@dataclass(frozen=True)
class Finding:
    """One finding of one rule: a range of the body, a message, perhaps a repair.

    Attributes:
        start, end: half-open offsets into the body; for `raw` findings, into the text as read.
        message: one sentence without a full stop: what was found, then what was expected.
        repair: how to mend it, where that is certain.
        raw: whether offsets and edits count in the text as read (line endings, byte order mark).
        suggestions: what a broken link may have meant, the likeliest first.
        target: the path that a broken link leads to.
    """

    start: int
    end: int
    message: str
    repair: Repair | None = None
    raw: bool = False
    suggestions: tuple[Suggestion, ...] = ()
    target: str = ""


class Lookup(Protocol):
    """What a rule may ask about the rest of the archive."""

    def exists(self, path: str) -> bool:
        """Whether a file of exactly this archive path exists."""

    def suggest(self, reading: Reading, link: Link) -> tuple[Suggestion, ...]:
        """The pages that a broken link of a page may have meant, the likeliest first."""

    def title(self, path: str) -> str | None:
        """The title of the event page at `path`, None where it has or is none."""

    def is_listed(self, path: str) -> bool:
        """Whether an index page of the event's day lists it."""

    def listed_by(self, index: str) -> frozenset[str]:
        """The paths that an index page lists; none where there is no such page."""

    def is_contested(self, path: str) -> bool:
        """Whether an index of the event's day lists it under titles that differ."""

    def previous_day(self, path: str) -> str | None:
        """The index of the nearest earlier day, for the index page at `path`."""

    def listing(self, path: str) -> tuple[tuple[str, BodyEdit], ...]:
        """Where an event belongs: the index pages of its day that do not list it, and the edits."""


PageCheck = Callable[[Reading], Iterable[Finding]]
PageTest = Callable[[Reading], bool]
ClockCheck = Callable[[Reading, datetime.date], Iterable[Finding]]
ArchiveCheck = Callable[[Reading, Lookup], Iterable[Finding]]
AbsenceCheck = Callable[[Reading], Iterable[tuple[str, Finding]]]
Want = str
"""A statement about another page, as `newsarchive.rules._wants` makes them."""
Wants = Callable[[Parts], Iterable[Want]]


NamesCheck = Callable[[Iterable[str]], Iterable[tuple[str, str]]]


class Marks(StrEnum):
    """What the text that a finding marks is, where a reader can be shown more than the message."""

    SUPERFLUOUS = "superfluous"
    """It can go without loss."""
    REPETITION = "repetition"
    """It can go, and an entry above it says the same."""
    QUOTATION = "quotation"
    """It quotes the page that the entry leads to."""


@dataclass(frozen=True)
class Rule:
    """One rule: a stable code and name, what it is for, and the function that checks it.

    Attributes:
        code: ``NA`` and three digits, or another package's letters and three digits; never
            reused.
        name: the code in words, as people write it in configuration.
        severity: how severe its findings are.
        summary: when it complains, in one sentence that starts with a small letter.
        why: what that means and why it matters.
        bad, good: lines that break the rule, and the same lines in order.
        fix: what the fix does, empty where there is none.
        advice: what to do about a finding, in sentences.
        remedies: what options do about it; empty where people have to.
        url: the address of the page that explains it; for the library's own rules that of their
            page in the documentation, unless another is given. Empty where a package has none.
        page: the check on one page alone.
        passes: a cheap test that is true only where `page` finds nothing; the check is then
            passed over. Most pages pass, and a test costs a tenth of a check.
        clock: the check that needs today's date.
        archive: the check that needs the other pages; replaces `page` where both are given.
        absent: the check on one page whose findings hold only while no file of a path exists: each
            comes with its archive path. Unlike those of `archive`, they are made once and kept.
            Not open to other packages.
        default: whether the rule runs unless it is asked for.
        package: the package that brings the rule, empty for the library's own. It is filled in
            when the rule is loaded.
        wants: functions that say what must be true of other pages for `archive` to find nothing,
            each a part of that which other rules may share. A run over a whole archive looks
            again only at pages that want what no page gives. None means that it cannot be said:
            every page is looked at again. This and what follows are not open to other packages.
        within_folder: whether `archive` asks for no page but those in the page's own folder, and
            finds nothing where an index lists each event there and its copies list the same.
        suggests: whether `archive` asks what broken links may have meant.
        trouble: what a listing of the archive's files may meet that the rule reports.
        names: the check on the archive paths of an archive's files, whatever is in them. It gives
            paths and what is wrong with their names.
        later: whether `clock` finds nothing on pages whose heading's date has come.
        undecoded: whether `page` looks at texts that are not UTF-8, too.
        layout: whether what it finds is a matter of layout alone, which `fmt` corrects.
        whole_page: whether it judges the page as a whole: where its findings point may change, what
            they mean does not.
        marks: what the text is that its findings mark, where editors can show that.
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
    passes: PageTest | None = None
    clock: ClockCheck | None = None
    archive: ArchiveCheck | None = None
    absent: AbsenceCheck | None = None
    default: bool = True
    package: str = ""
    wants: tuple[Wants, ...] | None = None
    within_folder: bool = False
    suggests: bool = False
    trouble: TroubleKind | None = None
    names: NamesCheck | None = None
    later: bool = False
    undecoded: bool = False
    layout: bool = False
    whole_page: bool = False
    marks: Marks | None = None
    url: str = ""
    advice: str = ""
    remedies: tuple[Remedy, ...] = ()

    @property
    def fixable(self) -> str:
        """Which options remove findings, in words; empty where none does."""
        return ", ".join(
            f"{remedy.value} ({remedy.flags})" if remedy.flags else remedy.value
            for remedy in self.remedies
        )

    def __post_init__(self) -> None:
        if not self.url and self.is_own:
            object.__setattr__(self, "url", rule_url(self.code))

    @property
    def is_own(self) -> bool:
        """Whether it is one of the library's: no other package may use codes that begin so."""
        return str(self.code).startswith("NA")

    @property
    def looks_everywhere(self) -> bool:
        """Whether only the rule itself can tell on which pages it finds what one page cannot."""
        return bool((self.archive and self.wants is None) or (self.clock and not self.later))

    @property
    def scope(self) -> str:
        """What the rule must look at to complain.

        ``page``: the page alone; ``archive``: the page and the archive around it; ``clock``: the
        page and today's date; ``files``: the archive's files, not what is in them.
        """
        if self.page:
            return "page"
        return "archive" if self.archive or self.absent else "clock" if self.clock else "files"


Place = tuple[int, int, int, int, int, int]
"""Start and end of a finding in the text as read, and their lines and columns."""

TOP: Place = (0, 0, 1, 1, 1, 1)
"""The place of a finding that stands nowhere on its page."""


def diagnostic_of(
    rule: Rule,
    message: str,
    page: str,
    file: str,
    place: Place = TOP,
    fix: Fix | None = None,
    suggestions: tuple[Suggestion, ...] = (),
    target: str = "",
) -> Diagnostic:
    """A diagnostic of a rule; all are made here. See `Diagnostic` for what its parts mean."""
    start, end, line, column, end_line, end_column = place
    # What a frozen dataclass does for each of its fields takes four times as long.
    made = object.__new__(Diagnostic)
    made.__dict__.update(
        code=rule.code, name=rule.name, severity=rule.severity, message=message,
        page=page, file=file,
        start=start, end=end, line=line, column=column, end_line=end_line, end_column=end_column,
        fix=fix, suggestions=suggestions, target=target,
    )  # fmt: skip
    return made


def no_problems(reading: Reading) -> bool:
    """Whether reading ran into no trouble."""
    return not reading.problems


def is_canonical(reading: Reading) -> bool:
    """Whether reading has proved the page's layout (`Reading.canonical`)."""
    return reading.canonical


def problems(kind: ProblemKind) -> PageCheck:
    """A check that reports what reading itself ran into, of one kind."""

    def check(reading: Reading) -> Iterator[Finding]:
        for problem in reading.problems:
            if problem.kind is kind:
                yield Finding(problem.start, problem.end, problem.message)

    return check
