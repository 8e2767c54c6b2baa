"""The run over an archive: read every page once, judge it, then judge what depends on others."""

from __future__ import annotations

import datetime
import gc
import os
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from newsarchive.archive import Archive
from newsarchive.cache import Cache
from newsarchive.collect import Job, Work, collect
from newsarchive.diagnostics import Diagnostic
from newsarchive.facts import new_seed
from newsarchive.records import (
    FolderRecord,
    Listing,
    file_of,
    finding_of,
    fits,
    page_count,
    row_code,
)
from newsarchive.report import Report
from newsarchive.rules import ALL_RULES, Rule
from newsarchive.rules._run import run_rules, select_rules
from newsarchive.scan import Scan, scan, walk
from newsarchive.survey import Survey

# A file that changed less than this before it was read may change again within one tick of its
# file system's clock (2 s on FAT, 10 ms and less elsewhere) and look the same ever after.
_TICK = 2_000_000_000
Progress = Callable[[int, int], None]


def check(
    archive: Archive | str | os.PathLike[str],
    *,
    select: Iterable[str] = (),
    ignore: Iterable[str] = (),
    only: Collection[str] | None = None,
    today: datetime.date | None = None,
    jobs: int | None = 1,
    progress: Progress | None = None,
    cache: str | os.PathLike[str] | None = None,
) -> Report:
    """Check the pages of an archive.

    Args:
        archive: an archive, or the folder of one (a folder that holds ``news/``).
        select: rules to run, by code (``NA201``), prefix (``NA2``) or name; ``ALL`` is every rule.
            Empty means every rule that is on by default.
        ignore: rules to leave out of those.
        only: archive paths of the pages to check; None means all. Links are followed through the
            whole archive either way.
        today: the day that future dates are measured against; by default the local date.
        jobs: how many processes read pages; None means one for each core, 1 means no other
            process. The report does not depend on it.
        progress: called with the number of pages done, and of all pages.
        cache: a folder outside the archive where the run keeps what it read, for the next run;
            None keeps nothing. The findings do not depend on it.

    Returns:
        The findings, by page and place, and counts of pages and links.

    Raises:
        NotAnArchiveError: `archive` is a folder without ``news/``.
        UnknownRuleError: `select` or `ignore` names no rule.
    """
    rules = select_rules(select, ignore)
    if not isinstance(archive, Archive):
        archive = Archive(archive)
    store = None if cache is None else Cache(cache, archive.root)
    run = _Run(archive, rules, jobs or _cores(), progress, store)
    with _collector_off():
        return run.report(only, today or datetime.date.today())


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1  # pragma: no cover - other systems


@contextmanager
def _collector_off() -> Iterator[None]:
    """No search for cycles of garbage: there are none, and it takes a sixth of the time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


@dataclass
class _Run:
    """One run over one archive."""

    archive: Archive
    rules: Sequence[Rule]
    jobs: int
    progress: Progress | None
    cache: Cache | None
    unreadable: list[tuple[str, str]] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)

    def report(self, only: Collection[str] | None, today: datetime.date) -> Report:
        archive = self.archive
        if only is None:
            survey = archive.survey = self.survey()
            across = self.across(self.doubtful(survey, today), today)
        else:
            pages = sorted(path for path in only if path in archive)
            survey = self.survey_of(pages)
            if self.cache and self.cache.exists():
                archive.surveyor = self.survey
            across = self.across(pages, today)
        found = [*self.own(survey), *self.troubles(only), *across]
        found.sort(key=lambda d: d.sort_key)
        if self.cache and self.cache.notice:
            self.notices.append(self.cache.notice)
        return Report(tuple(found), *survey.counts(), notices=tuple(self.notices))

    def survey(self) -> Survey:
        """What is to know of all pages, from the cache where that is up to date."""
        if self.cache:
            return self.kept_survey(self.cache)
        archive, seed = self.archive, new_seed()
        job = Job(str(archive.root), _codes(self.rules), seed)
        if archive.is_scanned:
            found = archive.scan
            return Survey(self.collect(job, _anew(found.folders), lambda: len(found.pages)), seed)
        # Listing the rest goes on while the first pages are read.
        found = Scan(job.root)
        records = self.collect(job, _anew(walk(found)), lambda: len(found.pages))
        archive.scan = found
        return Survey(records, seed)

    def kept_survey(self, cache: Cache) -> Survey:
        """The same, where what is known is kept for the next run."""
        listed = self.archive.scan = scan(str(self.archive.root), stats=True)
        # All rules on one page run: the next run may select others.
        known = cache.load()
        job = Job(listed.root, _codes(ALL_RULES), cache.seed, True, listed.started - _TICK)
        work: list[Work] = []
        records: dict[str, FolderRecord] = {}
        for listing in listed.folders:
            old = known.pop(listing.folder, None)
            if old and fits(old, listing):
                records[listing.folder] = old
            else:
                work.append((listing, old))
        done = page_count(records.values())
        new = self.collect(job, work, lambda: len(listed.pages), done)
        records |= {record.folder: record for record in new}
        cache.save(new, gone=known)
        return Survey((records[listing.folder] for listing in listed.folders), cache.seed)

    def survey_of(self, pages: Collection[str]) -> Survey:
        """What is to know of some pages."""
        names: dict[str, list[str]] = {}
        for path in pages:
            folder, _, name = path.rpartition("/")
            names.setdefault(folder, []).append(name)
        chosen = [Listing(folder, found) for folder, found in names.items()]
        job = Job(str(self.archive.root), _codes(self.rules), seed := new_seed())
        return Survey(self.collect(job, _anew(chosen), lambda: len(pages)), seed)

    def collect(
        self, job: Job, work: Iterable[Work], total: Callable[[], int], done: int = 0
    ) -> list[FolderRecord]:
        if self.progress and done:
            self.progress(done, total())
        records: list[FolderRecord] = []
        for task in collect(job, work, self.jobs):
            records += task.records
            self.unreadable += task.unreadable
            if task.notice:
                self.notices.append(task.notice)
            done += task.pages
            if self.progress:
                self.progress(done, total())
        return records

    def own(self, survey: Survey) -> Iterator[Diagnostic]:
        """The findings that pages have by themselves."""
        root = str(self.archive.root)
        # A cache is not believed where it tells of findings that depend on other pages.
        rules = {rule.code: rule for rule in self.rules if rule.page and not rule.archive}
        for record in survey.records:
            for name, rows in record.findings().items():
                page = f"{record.folder}/{name}"
                for row in rows:
                    rule = rules.get(row_code(row))
                    if rule:
                        yield finding_of(row, rule, page, file_of(root, page))

    def troubles(self, only: Collection[str] | None) -> Iterator[Diagnostic]:
        """The findings about files as such, which have no place in them."""
        reasons = [("NA901", p, f"the page cannot be read: {why}") for p, why in self.unreadable]
        for code, path, message in [*reasons, *self.archive.listed.troubles]:
            if only is None or path in only:
                file = self.archive.file(path)
                yield from (
                    Diagnostic(
                        rule.code, rule.name, rule.severity, message, _printable(path),
                        _printable(file), 0, 0, 1, 1, 1, 1,
                    )
                    for rule in self.rules
                    if rule.code == code
                )  # fmt: skip

    def doubtful(self, survey: Survey, today: datetime.date) -> Iterable[str]:
        """The pages that may have a finding of a rule that looks beyond the page."""
        if any(rule.code == "NA211" for rule in self.rules):
            return self.archive.scan.pages
        return survey.doubtful(self.archive.scan, today.toordinal())

    def across(self, pages: Iterable[str], today: datetime.date) -> Iterator[Diagnostic]:
        """The findings of rules that look at other pages or at the clock."""
        rules = [rule for rule in self.rules if rule.archive or rule.clock]
        for path in pages if rules else ():
            file = self.archive.file(path)
            try:
                reading = self.archive.reading(path)
            except OSError:  # it was there a moment ago: the next run sees it as it is then
                continue
            yield from run_rules(
                reading, rules, file=file, today=today, lookup=self.archive, page=False
            )


def _codes(rules: Iterable[Rule]) -> frozenset[str]:
    return frozenset(rule.code for rule in rules)


def _anew(folders: Iterable[Listing]) -> Iterator[Work]:
    """Folders of which nothing is known."""
    return ((folder, None) for folder in folders)


def _printable(name: str) -> str:
    """A file name with what is not UTF-8 in it replaced, so that any output can hold it."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
