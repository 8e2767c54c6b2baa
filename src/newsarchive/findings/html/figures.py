"""What a health report tells of an archive beyond its findings: counts of links, pages and runs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from newsarchive.findings.diagnostics import Diagnostic, Severity


class RunPoint(NamedTuple):
    """One run of a history.

    Attributes:
        day: the day of the run.
        errors, warnings, info: how much it found.
    """

    day: str
    errors: int
    warnings: int
    info: int


class Counted(Protocol):
    """A report, as far as its HTML asks: `Report` itself offers that, and imports nothing here."""

    @property
    def counted(self) -> tuple[Diagnostic, ...]:
        """All findings."""

    @property
    def page_count(self) -> int:
        """How many pages were checked."""

    @property
    def link_count(self) -> int:
        """How many links those hold."""

    @property
    def excluded(self) -> tuple[str, ...]:
        """What was passed over."""

    @property
    def urls(self) -> Mapping[str, str]:
        """The addresses of the pages that explain the rules, by code."""

    def counts(self) -> Counter[Severity]:
        """How many findings of each severity there are."""

    def by_code(self) -> Counter[str]:
        """How many findings of each code there are."""


@dataclass(frozen=True)
class Figures:
    """What a health report tells beyond the findings; what is empty is left out of it.

    Attributes:
        name: what the archive is called.
        state: which state of it was checked, such as a commit.
        command: the words of the check that the report proposes further commands for.
        events: how many events each month has, by ``2016-03``.
        years: how many related links lead from events of one year to events of another.
        components: how many events hang together by related links: sizes, and how many there are.
        most_linked: the events that most related links lead to: how many, by path.
        isolated: archive paths of events without a related link, out or in.
        hosts: how many sources each host has.
        titles: titles of pages, and the texts of links to pages that are missing, by path.
        rules: what each rule is about, by code.
        runs: earlier runs and this one, in order; of one alone no trend is drawn.
        appeared, gone: findings since the run before; None where no run before is known.
        beside: the name of the file with all findings; empty where there is none.
    """

    name: str = ""
    state: str = ""
    command: tuple[str, ...] = ()
    events: Mapping[str, int] = field(default_factory=dict)
    years: Mapping[tuple[str, str], int] = field(default_factory=dict)
    components: Mapping[int, int] = field(default_factory=dict)
    most_linked: Mapping[str, int] = field(default_factory=dict)
    isolated: tuple[str, ...] = ()
    hosts: Mapping[str, int] = field(default_factory=dict)
    titles: Mapping[str, str] = field(default_factory=dict)
    rules: Mapping[str, str] = field(default_factory=dict)
    runs: tuple[RunPoint, ...] = ()
    appeared: int | None = None
    gone: int | None = None
    beside: str = ""
