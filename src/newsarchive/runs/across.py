"""What rules find that look beyond a page: judged by several processes, kept for the next run.

What is kept holds as long as all that it follows from is the same: the pages, the names of other
files, and the renames that git tells of. Else each page in doubt is judged anew.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from itertools import compress, islice
from operator import not_
from typing import TYPE_CHECKING

from newsarchive.findings.diagnostics import Diagnostic
from newsarchive.graph.answers import Answers
from newsarchive.graph.records import (
    Row,
    are_rows,
    finding_of,
    finding_row,
    from_json,
    row_code,
    to_json,
)
from newsarchive.page.lazy_tuples import NamedTuple
from newsarchive.page.paths import INDEX_NAMES
from newsarchive.rules import Rule
from newsarchive.rules._judging import LooksBeyond
from newsarchive.store.store import DistantStore, ahead

if TYPE_CHECKING:
    from newsarchive.graph.suggestions import Known
    from newsarchive.runs.cache import Cache
    from newsarchive.runs.processes import Workers

# So many pages are judged before other processes could begin; and by each of them in one go.
_FEW, _TASK_PAGES = 1024, 512
# Up to so many ask for titles one by one in less time than all that is kept takes to read.
_FEW_TITLES = 100


class Court(NamedTuple):
    """What judging pages takes: the archive, the rules, the day that it is."""

    view: Answers
    rules: Sequence[Rule]
    today: datetime.date


class Judged(NamedTuple):
    """What came of some pages.

    Attributes:
        known: what was found out of targets that do not exist.
        rows: the findings of those that have any: pairs of a path and its rows, as JSON.
        unreadable: paths of pages that cannot be read any more, and why.
        failed: rules of other packages that failed: code, page and reason.
        trouble: why git could not tell all renames, if that left a link without proof.
    """

    rows: str
    unreadable: list[tuple[str, str]]
    failed: list[tuple[str, str, str]]
    trouble: str
    known: dict[tuple[str, str], Known | None]


def judge(court: Court, pages: Iterable[str]) -> Judged:
    """Judge pages by what others say. May run in worker processes."""
    view, rules, today = court
    before = {*view.broken_targets}
    found: list[tuple[str, list[Row]]] = []
    unreadable: list[tuple[str, str]] = []
    judging = LooksBeyond(rules, today, view)
    for path in ahead(view.store, pages):
        try:
            reading = view.reading(path)
        except OSError as why:  # it was there a moment ago: the next run sees it as it is then
            if isinstance(view.store, DistantStore):  # that moment may be long ago
                unreadable.append((path, why.strerror or str(why)))
            continue
        rows = [*map(finding_row, judging.run(reading))]
        if rows:
            found.append((path, rows))
    failed = [(error.rule.code, error.page, error.reason) for error in judging.broken]
    known = {of: told for of, told in view.broken_targets.items() if of not in before}
    return Judged(to_json(found) if found else "", unreadable, failed, view.git_trouble, known)


class Across:
    """The findings of rules that look at other pages or at the clock, in one run.

    Args:
        court: what judging takes.
        workers: how many processes may judge.

    Attributes:
        unreadable, failed, trouble: as `Judged` has them, of all pages that were judged.
    """

    def __init__(self, court: Court, workers: Workers) -> None:
        self._court = court
        self._rules = {rule.code: rule for rule in court.rules if rule.archive or rule.clock}
        self._workers = workers
        self.unreadable: list[tuple[str, str]] = []
        self.failed: list[tuple[str, str, str]] = []
        self.trouble: str = ""

    def findings(self, pages: Sequence[str]) -> Iterator[Diagnostic]:
        """The findings on pages."""
        return self._anew(pages, self._rules, [])

    def kept_findings(
        self, pages: Sequence[str], later: Sequence[str], cache: Cache
    ) -> Iterator[Diagnostic]:
        """The findings on all pages, from the cache where that is up to date; else kept there.

        Args:
            pages: those that may have findings, in a state that will be known again.
            later: those of them that are dated after today.
            cache: what runs keep.
        """
        wanted = [code for code, rule in self._rules.items() if _is_kept(rule)]
        scan = self._court.view.scan
        rows = self._kept(cache.across(scan.state), wanted) if wanted and pages else None
        if rows is not None:
            yield from self._findings(rows, wanted)
            rest = {code: rule for code, rule in self._rules.items() if code not in wanted}
            everywhere = any(rule.looks_everywhere for rule in rest.values())
            yield from self._anew(pages if everywhere else later, rest, [])
            return
        told: list[str] = []
        yield from self._anew(pages, self._rules, told)
        if wanted and pages and not (self.unreadable or self.trouble):
            head = to_json([*self._marks(), wanted])
            cache.save_across(scan.state, f"{head[:-1]}, [{', '.join(told)}]]")

    def _anew(
        self, pages: Sequence[str], rules: dict[str, Rule], told: list[str]
    ) -> Iterator[Diagnostic]:
        court = self._court._replace(rules=[*rules.values()])
        if len(pages) > _FEW_TITLES and rules:
            court.view.take_survey()
        for judged in self._judged(court, pages) if rules and pages else ():
            self.unreadable += judged.unreadable
            self.failed += judged.failed
            self.trouble = judged.trouble or self.trouble
            if judged.rows:
                told.append(judged.rows[1:-1])
                yield from self._findings(from_json(judged.rows), rules)

    def _judged(self, court: Court, pages: Sequence[str]) -> Iterator[Judged]:
        workers = self._workers
        if len(pages) <= _FEW or not isinstance(workers, int) or workers < 2:
            yield judge(court, pages)
            return
        from newsarchive.runs.processes import calls_of_copies

        court.view.prepare()
        # Indexes name the pages of their day, those that are gone as well: what is to know of
        # these is found out once for all links to them.
        names = (page.rpartition("/")[2] for page in pages)
        indexes = [name in INDEX_NAMES for name in names]
        for some in (compress(pages, indexes), compress(pages, map(not_, indexes))):
            with closing(calls_of_copies(judge, court, _tasks(some), workers)) as done:
                for task, judged in done:
                    found = judge(court, task) if judged is None else judged
                    court.view.broken_targets.update(found.known)
                    yield found

    def _findings(
        self, rows: Iterable[tuple[str, list[Row]]], codes: Iterable[str]
    ) -> Iterator[Diagnostic]:
        file_of = self._court.view.store.label
        wanted = {code: self._rules[code] for code in codes}
        for page, of_page in rows:
            file = file_of(page)
            for row in of_page:
                if rule := wanted.get(row_code(row)):
                    yield finding_of(row, rule, page, file)

    def _kept(self, text: str, wanted: list[str]) -> list[tuple[str, list[Row]]] | None:
        """The rows that were kept, where they hold still and tell of the rules that are wanted."""
        if not text:
            return None
        has = self._court.view.scan.has
        try:
            names, renames, codes, rows = from_json(text)
            if not ({*wanted} <= {*codes} and names == self._names()):
                return None
            if not all(has(page) and are_rows(of_page, has) for page, of_page in rows):
                return None
        except (ValueError, TypeError, AttributeError, RecursionError):
            return None
        return rows if not renames or renames == self._renames() else None

    def _marks(self) -> list[str]:
        """What the findings follow from, besides the pages."""
        return [self._names(), self._renames() if self._court.view.knows_git_renames else ""]

    def _names(self) -> str:
        return _digest("\0".join(sorted(self._court.view.scan.others)))

    def _renames(self) -> str:
        return _digest(repr(self._court.view.git_renames))


def _tasks(pages: Iterator[str]) -> Iterator[list[str]]:
    return iter(lambda: [*islice(pages, _TASK_PAGES)], [])


def _digest(text: str) -> str:
    from hashlib import sha256  # where something is kept

    return sha256(text.encode("utf-8", "surrogateescape")).hexdigest()


def _is_kept(rule: Rule) -> bool:
    """Whether a rule's findings follow from what the archive holds, and from nothing else."""
    return rule.is_own and rule.wants is not None and not rule.clock
