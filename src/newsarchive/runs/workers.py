"""Reading the pages of folders, in this process or in others."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import closing, suppress
from itertools import chain, islice
from typing import TYPE_CHECKING, NamedTuple

from newsarchive.errors import ExecutorError
from newsarchive.graph.facts import facts_from, facts_of
from newsarchive.graph.records import (
    DIGEST_BYTES,
    FolderRecord,
    PageRecord,
    Row,
    broken_row,
    finding_row,
)
from newsarchive.page.editions import EN, Edition
from newsarchive.page.parser._sound import DayFolder, Sound, find
from newsarchive.page.reading import Reading
from newsarchive.rules import rules_in_force
from newsarchive.rules._judging import PageRules
from newsarchive.rules.screens import OF_LINKS, Asked, are_plain, passing, screened
from newsarchive.store.listing import STAT_FIELDS, Listing, Stat, stats_of
from newsarchive.store.store import DistantStore, Store

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from newsarchive.graph.shares import Share
    from newsarchive.runs.processes import Workers

# A task is long against sending it, and short against waiting for the last.
_TASK_PAGES = 1024
# Far away, a task grows to this part of all that was before, but takes some seconds at most.
_PARTS, _MOST_TASK_PAGES = 64, 32_768

Work = tuple[Listing, FolderRecord | None]
"""A folder's pages, and what is known of them from a run before."""


class Job(NamedTuple):
    """What every task of a run needs to know.

    Attributes:
        store: where the pages are.
        codes: the rules that run; only those on one page alone count.
        seed: the seed of the run's keys.
        keeping: whether the outcome is kept for later runs.
        settled: a time in nanoseconds since 1970; a file that changed later may change again
            without its state telling, so its state is not kept.
        edition: the archive's edition.
        latest: today, as a proleptic ordinal, where shares are wanted in place of records.
    """

    store: Store
    codes: frozenset[str]
    seed: int
    keeping: bool = False
    settled: int = 0
    edition: Edition = EN
    latest: int | None = None


class Collected(NamedTuple):
    """The outcome of one task.

    Attributes:
        pages: how many pages it was about.
        records: a record for each folder.
        unreadable: paths of pages that cannot be read, and why.
        notice: what there is to tell of how it was done.
        share: what the records come to, in place of them.
    """

    pages: int
    records: list[FolderRecord]
    unreadable: list[tuple[str, str]]
    notice: str = ""
    share: Share | None = None


def collect(job: Job, work: Iterable[Work], workers: Workers) -> Iterator[Collected]:
    """Read folders, task by task, in order.

    What a process that was killed leaves undone is read in this one. However reading ends, no
    other process goes on.

    Args:
        job: what to do.
        work: the folders; the first are read while the last are still to come.
        workers: how many processes read; one means this one. Or the executor that has it done.

    Raises:
        ExecutorError: the executor is lost, or who works there would find something else.
    """
    if not isinstance(workers, int):
        yield from _collect_elsewhere(job, work, workers)
        return
    tasks = _tasks(work)
    first = list(islice(tasks, 2))
    if workers <= 1 or len(first) < 2:
        for task in [*first, *tasks]:
            yield read_folders(job, task)
        return
    yield from _collect(job, chain(first, tasks), workers, sys.maxsize)


def _collect(
    job: Job, tasks: Iterable[list[Work]], workers: Workers, ahead: int
) -> Iterator[Collected]:
    from newsarchive.runs.processes import calls

    told = False
    with closing(calls(read_folders, job, tasks, workers, ahead=ahead)) as done:
        for task, found in done:
            if found is None:
                found = read_folders(job, task)._replace(notice="" if told else _KILLED)
                told = True
            yield found


def _collect_elsewhere(job: Job, work: Iterable[Work], executor: Executor) -> Iterator[Collected]:
    from newsarchive.runs.executors import AHEAD

    for found in _collect(job, _tasks(work, growing=True), executor, AHEAD):
        if found.pages and len(found.unreadable) == found.pages:
            path, why = found.unreadable[0]
            with suppress(OSError):
                job.store.read(path)
                raise ExecutorError(f"a worker cannot read {job.store} ({path}: {why})")
        yield found


_KILLED = "a process that read pages was killed (out of memory?); it went on without others"


def _tasks(work: Iterable[Work], *, growing: bool = False) -> Iterator[list[Work]]:
    """Folders in tasks.

    Args:
        work: the folders.
        growing: whether tasks grow with the archive, as far as it is known: a scheduler of many
            machines has some hundreds of them to deal with, however large it is.
    """
    task: list[Work] = []
    pages = done = 0
    enough = _TASK_PAGES
    for folder in work:
        task.append(folder)
        pages += len(folder[0].names)
        if pages >= enough:
            yield task
            done += pages
            task, pages = [], 0
            if growing:
                enough = min(max(done // _PARTS, _TASK_PAGES), _MOST_TASK_PAGES)
    if task:
        yield task


def read_folders(job: Job, work: list[Work]) -> Collected:
    """Read and judge the pages of folders, each page by itself. Runs in worker processes."""
    rules = PageRules([rule for rule in rules_in_force() if rule.code in job.codes])
    unreadable: list[tuple[str, str]] = []
    if isinstance(job.store, DistantStore):
        job.store.expect(listing for listing, _ in work)
    # Of all folders together: where reading takes a while, many pages are asked for at a time.
    folders = [(listing, _by_name(known)) for listing, known in work]
    contents = job.store.read_many(path for one in folders for path in _unknown(*one))
    records = [
        FolderRecord.of(
            listing.folder, _pages(job, listing, old, rules, unreadable, contents), job.seed
        )
        for listing, old in folders
    ]
    pages = sum(len(listing.names) for listing, _ in work)
    if job.latest is None:
        return Collected(pages, records, unreadable)
    from newsarchive.graph.shares import share_of

    share = share_of(records, [listing for listing, _ in work], job.seed, job.latest)
    return Collected(pages, [], unreadable, share=share)


def _by_name(known: FolderRecord | None) -> dict[str, PageRecord]:
    """What is known of a folder's pages from a run before, by name."""
    return {record.name: record for record in known.records()} if known else {}


def _unknown(listing: Listing, old: dict[str, PageRecord]) -> Iterator[str]:
    """The paths of a folder's pages that have to be read."""
    if not old:
        return (f"{listing.folder}/{name}" for name in listing.names)
    return (
        f"{listing.folder}/{name}"
        for name, stat in zip(listing.names, stats_of(listing), strict=True)
        if not (name in old and old[name].stat == stat)
    )


def _pages(
    job: Job,
    listing: Listing,
    old: dict[str, PageRecord],
    rules: PageRules,
    unreadable: list[tuple[str, str]],
    contents: Iterator[tuple[str, bytes | OSError]],
) -> list[PageRecord]:
    """The records of a folder's pages: known ones where nothing changed, else read anew."""
    records: dict[str, PageRecord] = {}
    changed: list[Read] = []
    for name, stat in zip(listing.names, stats_of(listing), strict=True):
        record = old.get(name)
        if record and record.stat == stat:
            records[name] = record
            continue
        path, data = next(contents)
        if isinstance(data, OSError):
            unreadable.append((path, data.strerror or str(data)))
            continue
        digest = _digest(data) if job.keeping else b""
        if job.keeping and max(stat[1:3]) >= job.settled:
            stat = (-1,) * STAT_FIELDS
        if record and record.digest == digest:
            records[name] = record._replace(stat=stat)
        else:
            changed.append(Read(name, stat, digest, data))
    records |= {record.name: record for record in judged(job, listing.folder, changed, rules)}
    return [records[name] for name in listing.names if name in records]


def _digest(data: bytes) -> bytes:
    from hashlib import sha256  # where something is kept

    return sha256(data).digest()


class Read(NamedTuple):
    """A page that was read: its name, its file's state, a digest, its bytes."""

    name: str
    stat: Stat
    digest: bytes
    data: bytes


def judged(job: Job, folder: str, pages: list[Read], rules: PageRules) -> Iterator[PageRecord]:
    """The records of pages: of sound ones by a glance at all of them, else each by itself."""
    sound = sound_pages(folder, pages, rules, job.edition)
    for name, stat, digest, data in pages:
        if found := sound.get(name):
            page, asked = found
            rows = _rows_of_sound(job, page, data, rules.only(asked)) if asked else []
            yield PageRecord(name, stat, digest, facts_from(page.parts, job.seed), rows)
            continue
        from newsarchive.page.parser import read  # with mistune, which sound pages do without

        reading = read(data, f"{folder}/{name}", job.edition)
        rows = _rows(reading, rules)
        if job.keeping and rules.broken:  # judged anew by the next run: it may go well then
            stat, digest = (-1,) * STAT_FIELDS, bytes(DIGEST_BYTES)
        yield PageRecord(name, stat, digest, facts_of(reading, job.seed), rows)


def sound_pages(
    folder: str, pages: list[Read], rules: PageRules, edition: Edition = EN
) -> dict[str, tuple[Sound, Asked]]:
    """What was found of those pages that are sound, and what to ask about each, by name."""
    day = DayFolder.of(folder, edition) if pages and rules.are_screened else None
    if day is None:
        return {}
    texts = []
    for name, data in passing([(page.name, page.data) for page in pages], are_plain):
        with suppress(UnicodeDecodeError):
            texts.append((name, data.decode()))
    return dict(screened([*find(day, texts)]))


def _rows_of_sound(job: Job, page: Sound, data: bytes, rules: PageRules) -> list[Row]:
    """What those rules find on a sound page that are to be asked about it."""
    if not rules.codes:  # none of those that run
        return []
    if not rules.codes & OF_LINKS:
        return _rows(page.reading, rules)
    from newsarchive.page.parser import read

    return _rows(read(data, page.parts.path, job.edition), rules)


def _rows(reading: Reading, rules: PageRules) -> list[Row]:
    """What rules find on a page."""
    found = [finding_row(diagnostic) for diagnostic in rules.run(reading)]
    found += [finding_row(d, unless=path) for path, d in rules.conditional(reading)]
    found += [broken_row(error.rule.code, error.reason) for error in rules.broken]
    return found
