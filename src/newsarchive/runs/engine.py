"""The run over an archive: read every page once, judge it, then judge what depends on others."""

from __future__ import annotations

import datetime
import os
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from itertools import chain
from typing import TYPE_CHECKING

from newsarchive.archive import Archive, configured, view_of
from newsarchive.findings.diagnostics import Diagnostic, in_order
from newsarchive.findings.report import Report, joined
from newsarchive.graph.answers import Answers
from newsarchive.graph.facts import new_seed
from newsarchive.graph.records import (
    BROKEN,
    FolderRecord,
    finding_of,
    row_code,
    row_unless,
)
from newsarchive.graph.survey import Summary, Survey
from newsarchive.page.lazy_dataclasses import replace
from newsarchive.page.paths import PageKind
from newsarchive.rules import Rule
from newsarchive.rules._judging import broken_diagnostic
from newsarchive.rules._plugins import plugins, rule_urls
from newsarchive.rules._rule import diagnostic_of
from newsarchive.rules.files import BROKEN as RULE_BROKEN
from newsarchive.rules.files import FOREIGN
from newsarchive.runs.across import Across, Court
from newsarchive.runs.cache import Cache
from newsarchive.runs.meant import meant
from newsarchive.runs.nearby import in_doubt, listings_of
from newsarchive.runs.options import Progress, RunOptions, cores
from newsarchive.runs.remembered import Remembered
from newsarchive.runs.workers import Collected, Job, Work, collect
from newsarchive.store.halves import scan_in_halves
from newsarchive.store.listing import Listing, Scan, Trouble, TroubleKind
from newsarchive.store.store import new_scan, scan, walk

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from newsarchive.page.editions import Edition
    from newsarchive.runs.processes import Workers
    from newsarchive.settings import Settings


def check(
    archive: Archive | str | os.PathLike[str],
    *,
    select: Iterable[str] = (),
    ignore: Iterable[str] = (),
    only: Iterable[str] | None = None,
    today: datetime.date | None = None,
    jobs: int | None = 1,
    progress: Progress | None = None,
    cache: str | os.PathLike[str] | None = None,
    settings: Settings | None = None,
    edition: Edition | str | None = None,
    executor: Executor | None = None,
) -> Report:
    """Check the pages of an archive.

    Args:
        archive: an archive, or the folder of one (a folder that holds ``news/``), or a folder or
            page in one: then the pages there are meant, where `only` does not say which. Of a
            whole archive, those in its folders (`Archive.beside`) are checked, too. An archive
            stays as it was: what the run learns of its pages is the run's own.
        select: rules to run, by code (``NA201``), prefix (``NA2``) or name; ``ALL`` is every rule.
            Empty means every rule that is on by default.
        ignore: rules to leave out of those.
        only: archive paths of the pages to check, or of folders whose pages are meant; None means
            all, an empty list none. Links are followed through the whole archive either way.
        today: the day that future dates are measured against; by default the local date.
        jobs: how many processes read pages; None means one for each core, 1 means no other
            process. The report does not depend on it.
        progress: called with the number of pages done, and of all pages.
        cache: a folder outside the archive where the run keeps what it read, for the next run;
            None keeps nothing. The findings do not depend on it. States that git keeps, and
            other stores whose files have no times, are read anew each time.
        settings: which rules hold on which pages, and how severe their findings are; `select` and
            `ignore`, where given, replace the settings' own, and so does `edition`. The other
            settings are those of the command.
        edition: the archive's edition, or the name of one that is built in; None is the one that
            `archive` was opened as, else that of the settings, else the one whose words its pages
            have. Those beside it are read as their own.
        executor: who reads pages, in place of `jobs`: threads, processes, or a cluster, such as
            ``client.get_executor()`` of Dask. It is not shut down. The report does not depend on
            it. The same version of this library must be there, and the archive under the same
            name. What a process pool that broke leaves undone is read in this process.

    Returns:
        The findings, by page and place, and counts of pages and links.

    Raises:
        NotAnArchiveError: `archive` is a path that lies in no archive.
        PageNotFoundError: a path of `only`, or `archive` itself, means no page.
        UnknownRuleError: `select` or `ignore` names no rule.
        ValueError: no edition of that name is built in.
        ExecutorError: the executor is lost, or its workers would find something else.
    """
    options = RunOptions.of(
        select=select, ignore=ignore, settings=settings, today=today, jobs=jobs,
        progress=progress, cache=cache, executor=executor,
    )  # fmt: skip
    archive, pages = meant(archive, only, options.settings, edition)
    options = options._replace(only=pages)
    return joined([check_archive(archive, options), *check_beside(archive, options)])


def check_beside(archive: Archive, options: RunOptions) -> Iterator[Report]:
    """Check the archives in folders of one, where all of its pages are meant."""
    settings = options.settings
    for other in archive.beside if options.only is None else ():
        if settings is not None:
            other = configured(other, replace(settings, edition=None))
        yield check_archive(other, options)


def check_archive(archive: Archive, options: RunOptions) -> Report:
    """Check the pages of an archive, which stays as it was."""
    return check_view(view_of(archive), options)


def check_view(view: Answers, options: RunOptions) -> Report:
    """Check the pages of a view; what is learned of them stays with the view."""
    report = _Run(view, options).report(options.only, options.today)
    return report if options.settings is None else options.settings.judge(report)


# What so many pages say that have to be judged again stays in memory, as far as there is room.
_MANY_PAGES, _ROOM = 1024, 1 << 26


class _Run:
    """One run over one archive."""

    def __init__(self, view: Answers, options: RunOptions) -> None:
        self.view = view
        self.rules = options.rules
        self.workers: Workers = options.executor or options.jobs or cores()
        self.progress = options.progress
        self.collector = options.collector or collect
        self.cache: Cache | None = None
        if options.cache is not None and view.store.has_states:
            self.cache = Cache(options.cache, view.store.home, view.edition)
        self.unreadable: list[tuple[str, str]] = []
        self.failed: dict[str, list[tuple[str, str]]] = {}  # page and reason
        self.notices: list[str] = []
        self.scan: Scan | None = options.listing
        self.remembered: Remembered | None = None
        self.git_trouble = ""
        self.texts: dict[str, bytes] = {}
        self.room = _ROOM

    def report(self, only: Collection[str] | None, today: datetime.date) -> Report:
        view = self.view
        view.is_snapshot = True
        if only is None:
            known = self.survey(today)
            doubtful = self.doubtful(known, today)
            if isinstance(known, Survey):
                view.survey = known
            across = self.across(doubtful, today, known)
        else:
            chosen = sorted({path for path in only if path in view})
            known = self.survey_of(chosen)
            if self.cache and self.cache.exists():
                cache = self.cache
                view.surveyor = lambda: self.remembering(cache, today).survey()
            across = self.across(in_doubt(view, chosen, self.rules, today), today)
        found = [*self.own_findings(known), *across, *self.troubles(only)]
        notices = [self.cache.notice] if self.cache and self.cache.notice else []
        broken = list(self.broken())
        if any(rule.code == RULE_BROKEN.code for rule in self.rules):
            found += broken
        else:
            notices += [d.message if d.page == "/" else f"{d.page}: {d.message}" for d in broken]
        if self.git_trouble:
            from newsarchive.store.renames import notice

            notices.append(notice(self.git_trouble))
        pages, links = known.counts()
        if found and only is None and FOREIGN.code in _codes(self.rules):
            from newsarchive.runs.foreign import told_once

            found = told_once(found, pages.get(PageKind.EVENT, 0), view.store.label("/"))
        found.sort(key=in_order)
        return Report(
            tuple(found), pages, links,
            notices=(*self.notices, *notices),
            excluded=tuple(sorted(view.scan.excluded)) if only is None else (),
            archives={view.store.home: view.edition.name},
            urls=rule_urls(),
        )  # fmt: skip

    def survey(self, today: datetime.date) -> Survey | Summary:
        """What is to know of all pages, from the cache where that is up to date."""
        if self.cache:
            self.remembered = self.remembering(self.cache, today)
            return self.remembered.known()
        view, seed = self.view, new_seed()
        job = Job(view.store, _codes(self.rules), seed, edition=view.edition)
        if view.is_scanned:
            found, folders = view.scan, iter(view.scan.folders)
        else:  # listing the rest goes on while the first pages are read
            found = new_scan(view.store, view.exclude)
            folders = _ordered(walk(view.store, found), found)
        if not isinstance(self.workers, int):
            from newsarchive.runs.merging import merged

            job = job._replace(latest=today.toordinal())
            tasks = self.tasks(job, _anew(folders), found.page_count)
            return merged(tasks, view, found, seed, self.workers)
        records = self.collect(job, _anew(folders), found.page_count)
        view.take_scan(found)
        return Survey(records, seed)

    def remembering(self, cache: Cache, today: datetime.date) -> Remembered:
        """What runs before kept of all pages."""
        return Remembered(cache, self.view, self.listed(), today, self.collect_rest)

    def listed(self) -> Scan:
        """The listing with the states of all pages, made once."""
        view = self.view
        if self.scan is None:
            look = scan if self.workers == 1 else scan_in_halves
            self.scan = look(view.store, stats=True, exclude=view.exclude)
        view.take_scan(self.scan)
        return self.scan

    def survey_of(self, pages: Collection[str]) -> Survey:
        """What is to know of some pages."""
        codes, seed = _codes(r for r in self.rules if not r.within_folder), new_seed()
        job = Job(self.view.store, codes, seed, edition=self.view.edition)
        return Survey(self.collect(job, _anew(listings_of(pages)), lambda: len(pages)), seed)

    def collect(
        self, job: Job, work: Iterable[Work], total: Callable[[], int], done: int = 0
    ) -> list[FolderRecord]:
        """The records of folders."""
        tasks = self.tasks(job, work, total, done)
        return [record for task in tasks for record in task.records]

    def collect_rest(self, job: Job, work: Sequence[Work], done: int) -> list[FolderRecord]:
        """The records of folders, where so many pages are known."""
        total = self.view.scan.page_count
        if not work and self.progress:
            self.progress(done, total())
        if isinstance(self.workers, int) and total() - done > _MANY_PAGES:
            job = job._replace(names=self.view.scan.files)
        return self.collect(job, work, total, done) if work else []

    def tasks(
        self, job: Job, work: Iterable[Work], total: Callable[[], int], done: int = 0
    ) -> Iterator[Collected]:
        """What came of each task; what there is to tell of it is taken up."""
        if self.progress and done:
            self.progress(done, total())
        for task in self.collector(job, work, self.workers):
            self.unreadable += task.unreadable
            if self.room > 0:
                self.texts.update(task.texts)
                self.room -= sum(len(text) for _, text in task.texts)
            if task.notice:
                self.notices.append(task.notice)
            done += task.pages
            if self.progress:
                self.progress(done, total())
            yield task

    def own_findings(self, known: Survey | Summary) -> Iterator[Diagnostic]:
        """The findings that pages have by themselves."""
        file_of = self.view.store.label
        # A record is not believed where it tells of findings that depend on other pages.
        rules = {
            r.code: r
            for r in self.rules
            if (r.page and not r.archive) or r.absent or r.within_folder
        }
        for page, rows in known.findings():
            file = file_of(page)
            for row in rows:
                code = row_code(row)
                rule = rules.get(code.removeprefix(BROKEN))
                if rule and code.startswith(BROKEN):
                    self.failed.setdefault(rule.code, []).append((page, row[1]))
                elif rule and not ((path := row_unless(row)) and self.view.exists(path)):
                    yield finding_of(row, rule, page, file)

    def troubles(self, only: Collection[str] | None) -> Iterator[Diagnostic]:
        """The findings about files as such, which have no place in them."""
        troubles = [
            Trouble(TroubleKind.UNREADABLE, path, f"the page cannot be read: {why}")
            for path, why in dict(self.unreadable).items()
        ]
        for kind, path, message in [*troubles, *self.view.listed.troubles]:
            if only is None or path in only or kind is TroubleKind.UNFINISHED:
                file = self.view.store.label(path)
                yield from (
                    diagnostic_of(rule, message, _printable(path), _printable(file))
                    for rule in self.rules
                    if rule.trouble is kind
                )
        listed = self.view.listed
        for rule in self.rules:
            for path, message in (
                rule.names(chain(listed.pages, listed.others)) if rule.names else ()
            ):
                if only is None or path in only:
                    yield diagnostic_of(
                        rule, message, path, _printable(self.view.store.label(path))
                    )

    def doubtful(self, known: Survey | Summary, today: datetime.date) -> list[str]:
        """The pages that may have a finding of a rule that looks beyond the page."""
        if any(rule.looks_everywhere for rule in self.rules):
            return self.view.scan.pages
        return known.doubtful(self.view.scan, today.toordinal())

    def across(
        self, pages: Sequence[str], today: datetime.date, known: Survey | Summary | None = None
    ) -> list[Diagnostic]:
        """The findings of rules that look at other pages or the clock, on pages that may have any.

        What is known of all pages is given where all are checked.
        """
        # Where all pages were read, those that ask for a page's folder were asked then.
        rules = [rule for rule in self.rules if not (known and rule.within_folder)]
        court = Court(self.view, rules, today)
        if isinstance(known, Survey):
            court = court._replace(doubts=known.doubts)
        self.view.texts = self.texts
        across = Across(court, self.workers)
        remembered, self.remembered = self.remembered, None  # which holds this run, and it that
        if known and self.cache and remembered:
            later = known.later(today.toordinal())
            found = [*across.kept_findings(pages, later, self.cache, remembered)]
        else:
            found = [*across.findings(pages)]
        self.unreadable += across.unreadable
        for code, page, reason in across.failed:
            self.failed.setdefault(code, []).append((page, reason))
        self.git_trouble = across.trouble
        return found

    def broken(self) -> Iterator[Diagnostic]:
        """What is wrong with rules of other packages: one finding for each of them."""
        for message in plugins().troubles:
            yield diagnostic_of(RULE_BROKEN, message, "/", _printable(self.view.store.label("/")))
        for rule in self.rules:
            if rule.code in self.failed:
                pages = sorted(self.failed[rule.code])
                page, reason = pages[0]
                file = _printable(self.view.store.label(page))
                yield broken_diagnostic(rule, reason, _printable(page), file, len(pages) - 1)


def _ordered(folders: Iterable[Listing], found: Scan) -> Iterator[Listing]:
    """Folders; when the last is listed, days are put in order, while others read still."""
    yield from folders
    assert found.previous_days is not None


def _codes(rules: Iterable[Rule]) -> frozenset[str]:
    return frozenset(rule.code for rule in rules)


def _anew(folders: Iterable[Listing]) -> Iterator[Work]:
    """Folders of which nothing is known."""
    return ((folder, None) for folder in folders)


def _printable(name: str) -> str:
    """A file name with what is not UTF-8 in it replaced, so that any output can hold it."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
