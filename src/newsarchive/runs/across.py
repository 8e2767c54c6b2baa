"""What rules find that look beyond a page: judged by several processes, kept for the next run.

What is kept holds as long as all that it follows from is the same (`newsarchive.runs.follows`).
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, suppress
from itertools import compress, islice
from operator import not_
from types import MappingProxyType
from typing import TYPE_CHECKING

from newsarchive.findings.diagnostics import Diagnostic
from newsarchive.graph.answers import Answers
from newsarchive.graph.records import Row, finding_of, finding_row, row_code
from newsarchive.page.lazy_tuples import NamedTuple
from newsarchive.page.parser import read
from newsarchive.page.parser._sound import find, texts_of
from newsarchive.page.paths import INDEX_NAMES
from newsarchive.page.reading import Reading
from newsarchive.rules import Rule
from newsarchive.rules._judging import LooksBeyond
from newsarchive.rules._wants import entries
from newsarchive.runs.follows import (
    Grounds,
    GroundsNow,
    Told,
    followed,
    kept_in,
    line_of,
    text_of,
    told_in,
)
from newsarchive.store.copies import meanwhile
from newsarchive.store.store import DistantStore, ahead

if TYPE_CHECKING:
    from newsarchive.graph.suggestions import Known
    from newsarchive.runs.cache import Cache
    from newsarchive.runs.processes import Workers
    from newsarchive.runs.remembered import Remembered

# So many pages are judged before another process could begin; so many, before several could that
# know beforehand what their pages ask. Each of these judges so many in one go.
_FEW, _SOME, _TASK_PAGES = 64, 1024, 512
# So many are read together.
_GROUP_PAGES = 64
_INDEXES = tuple(f"/{name}" for name in INDEX_NAMES)
# Up to so many ask for titles one by one in less time than all that is kept takes to read.
_FEW_TITLES = 100


class Court(NamedTuple):
    """What judging pages takes.

    Attributes:
        view: the archive.
        rules: the rules.
        today: the day that it is.
        folders: the number of each folder, where it is kept what findings follow from.
        doubts: the numbers of those entries that pages are asked of alone (`Survey.doubts`).
    """

    view: Answers
    rules: Sequence[Rule]
    today: datetime.date
    folders: Mapping[str, int] = MappingProxyType({})
    doubts: Mapping[str, Sequence[int]] = MappingProxyType({})


class Judged(NamedTuple):
    """What came of some pages."""

    lines: str  # the findings of those that have any, a line each
    unreadable: list[tuple[str, str]]  # paths of pages that cannot be read any more, and why
    failed: list[tuple[str, str, str]]  # rules of other packages that failed: code, page and reason
    trouble: str  # why git could not tell all renames, if that left a link without proof
    known: dict[tuple[str, str], Known | None]  # what was found out of targets that do not exist


def judge(court: Court, pages: Iterable[str]) -> Judged:
    """Judge pages by what others say. May run in worker processes."""
    view, rules, today, numbers, doubts = court
    before = len(view.broken_targets)
    found: list[str] = []
    unreadable: list[tuple[str, str]] = []
    judging = LooksBeyond(rules, today, view)
    quoting = [rule for rule in rules if rule.wants is None or entries in rule.wants]
    narrow = LooksBeyond(quoting, today, view)
    last: Reading | None = None
    rows: list[Row] = []
    folders: set[int] = set()
    for path, reading in _read_again(court, ahead(view.store, pages)):
        if isinstance(reading, OSError):  # the next run sees it as it is then
            if isinstance(view.store, DistantStore):  # it may have been gone for long
                unreadable.append((path, reading.strerror or str(reading)))
            continue
        if reading is not last:
            asked = narrow if path in doubts else judging
            last, rows = reading, [*map(finding_row, asked.run(reading))]
            folders = followed(reading, view, numbers) if rows else set()
        if rows:
            found.append(line_of(path, rows, folders))
    failed = [(e.rule.code, e.page, e.reason) for e in (*judging.broken, *narrow.broken)]
    known = dict(islice(view.broken_targets.items(), before, None))
    return Judged("\n".join(found), unreadable, failed, view.git_trouble, known)


def _read_again(court: Court, pages: Iterator[str]) -> Iterator[tuple[str, Reading | OSError]]:
    """Pages as they are now, or why they cannot be read."""
    while group := [*islice(pages, _GROUP_PAGES)]:
        narrow = _narrowed(court, group)
        for path in group:
            try:
                yield path, narrow.get(path) or court.view.reading(path)
            except OSError as why:
                yield path, why


def _narrowed(court: Court, pages: Iterable[str]) -> dict[str, Reading]:
    """Readings of pages of which no more than entries is in doubt: these are what they lead to.

    Copies of an index that are the same have one reading.
    """
    view, contents = court.view, {}
    for path in pages:
        if path in court.doubts:
            with suppress(OSError):
                contents[path] = view.texts.get(path) or view.store.read(path)
    events = {path: data for path, data in contents.items() if not path.endswith(_INDEXES)}
    sound = dict(find([*texts_of(events).items()], view.edition, short=False))
    found: dict[str, Reading] = {}
    indexes: dict[tuple[str, bytes], Reading] = {}
    for path, data in contents.items():
        if path in sound:
            reading = sound[path].relating
        elif path in events:
            reading = read(data, path, view.edition)
        else:
            copies = path.rpartition("/")[0], data
            reading = indexes.get(copies) or read(data, path, view.edition)
            indexes[copies] = reading
        reading.narrow(court.doubts[path])
        found[path] = reading
    return found


class _Held(NamedTuple):
    """What was kept and holds still."""

    told: Sequence[Told]  # the findings
    lines: list[str]  # their lines
    head: Grounds | None  # what all that was kept follows from; None where nothing holds
    is_whole: bool  # whether no other page has any
    changed: int = 0  # how many folders changed since


_NOTHING = _Held((), [], None, is_whole=False)


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
        self, pages: Sequence[str], later: Sequence[str], cache: Cache, remembered: Remembered
    ) -> Iterator[Diagnostic]:
        """The findings on all pages, from the cache as far as that is up to date; else kept there.

        `pages` are those that may have findings, `later` those of them that are dated after today.
        """
        wanted = [code for code, rule in self._rules.items() if _is_kept(rule)]
        rest = {code: rule for code, rule in self._rules.items() if code not in wanted}
        ground = GroundsNow(self._court.view, remembered.records)
        held = self._held(cache, ground, pages, wanted) if wanted and pages else _NOTHING
        yield from self._findings(held.told, wanted)
        left, again = pages, later
        if any(rule.looks_everywhere for rule in rest.values()):
            again = pages
        if not held.is_whole:
            known = {page for page, *_ in held.told}
            left = [page for page in pages if page not in known]
            again = [page for page in again if page in known]
        yield from self._anew(again, rest, [])
        if held.is_whole:
            return
        lines = [*held.lines]
        numbers = {listing.folder: n for n, listing in enumerate(self._court.view.scan.folders)}
        self._court = self._court._replace(folders=numbers)
        yield from self._anew(left, self._rules, lines)
        unsettled = remembered.unsettled
        # What was kept serves the next run, too, where few other folders changed since.
        serves = unsettled and held.head and held.changed - len(unsettled) < _FEW
        if wanted and pages and not (serves or self.unreadable or self.trouble):
            head = ground.head(wanted, held.head, unsettled)
            state = b"" if unsettled else self._court.view.scan.state
            cache.save_across(state, text_of(head, lines))

    def _held(
        self, cache: Cache, ground: GroundsNow, pages: Sequence[str], codes: list[str]
    ) -> _Held:
        """What was kept that holds still."""
        view = self._court.view
        state, text = cache.across()
        kept = kept_in(text, view) if text else None
        if kept is None or not ground.holds(kept.head, codes):
            return _NOTHING
        if state == view.scan.state:
            return _Held(kept.told, [], kept.head, is_whole=True)
        changed = ground.changed(kept.head)
        if changed is None:
            return _NOTHING
        doubted = {*pages}
        holds = [page in doubted and changed.isdisjoint(folders) for page, _, folders in kept.told]
        told, lines = [*compress(kept.told, holds)], [*compress(kept.lines, holds)]
        return _Held(told, lines, kept.head, is_whole=False, changed=len(changed))

    def _anew(
        self, pages: Sequence[str], rules: dict[str, Rule], lines: list[str]
    ) -> Iterator[Diagnostic]:
        court = self._court._replace(rules=[*rules.values()])
        if any(rule.looks_everywhere for rule in court.rules):
            court = court._replace(doubts={})
        if len(pages) > _FEW_TITLES and rules:
            court.view.take_survey()
        for judged in self._judged(court, pages) if rules and pages else ():
            self.unreadable += judged.unreadable
            self.failed += judged.failed
            self.trouble = judged.trouble or self.trouble
            if judged.lines:
                lines += judged.lines.split("\n")
                yield from self._findings(told_in(judged.lines), rules)

    def _judged(self, court: Court, pages: Sequence[str]) -> Iterator[Judged]:
        workers = self._workers
        if len(pages) <= _FEW or not isinstance(workers, int) or workers < 2:
            yield judge(court, pages)
            return
        if len(pages) <= _SOME:
            yield from _judged_in_halves(court, pages)
            return
        from newsarchive.runs.processes import calls_of_copies

        court.view.prepare(evidence=any(map(_may_suggest, court.rules)))
        # Indexes name the pages of their day, those that are gone as well: what is to know of
        # these is found out once for all links to them.
        indexes = [page.endswith(_INDEXES) for page in pages]
        for some in (compress(pages, indexes), compress(pages, map(not_, indexes))):
            with closing(calls_of_copies(judge, court, _tasks(some), workers)) as done:
                for task, judged in done:
                    found = judge(court, task) if judged is None else judged
                    court.view.take_broken_targets(found.known)
                    yield found

    def _findings(self, told: Iterable[Told], codes: Iterable[str]) -> Iterator[Diagnostic]:
        file_of = self._court.view.store.label
        wanted = {code: self._rules[code] for code in codes}
        for page, of_page, _ in told:
            file = file_of(page)
            for row in of_page:
                if rule := wanted.get(row_code(row)):
                    yield finding_of(row, rule, page, file)


def _judged_in_halves(court: Court, pages: Sequence[str]) -> Iterator[Judged]:
    """What came of pages, the second half of which is judged by a copy of this process."""
    import pickle  # where there is a copy

    court.view.prepare(evidence=False)
    half = len(pages) // 2
    with meanwhile(lambda: judge(court, pages[half:]), pickle) as others:
        yield judge(court, pages[:half])
        found = others()
    court.view.take_broken_targets(found.known)
    yield found


def _tasks(pages: Iterator[str]) -> Iterator[list[str]]:
    return iter(lambda: [*islice(pages, _TASK_PAGES)], [])


def _may_suggest(rule: Rule) -> bool:
    """Whether a rule may ask what a broken link means."""
    return rule.archive is not None and (rule.wants is None or rule.suggests)


def _is_kept(rule: Rule) -> bool:
    """Whether a rule's findings follow from what the archive holds, and from nothing else."""
    return rule.is_own and rule.wants is not None and not rule.clock
