"""Reading the pages of folders, in this process or in others."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, suppress
from functools import partial
from itertools import chain, islice
from typing import TYPE_CHECKING, Any

from newsarchive.errors import ExecutorError
from newsarchive.graph.facts import Facts, facts_from, facts_of
from newsarchive.graph.records import (
    DIGEST_BYTES,
    FolderRecord,
    PageRecord,
    Row,
    broken_row,
    finding_row,
    with_unplaced,
)
from newsarchive.page.editions import EN, Edition
from newsarchive.page.lazy_tuples import NamedTuple
from newsarchive.page.parser._sound import Sound, find
from newsarchive.page.paths import INDEX_NAMES, PageKind
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

# So many pages are looked at together: most folders have fewer.
_GROUP_PAGES = 64

Work = tuple[Listing, FolderRecord | None]
"""A folder's pages, and what is known of them from a run before."""

Known = tuple[Listing, dict[str, PageRecord]]
"""The same, by the pages' names."""


class Job(NamedTuple):
    """What every task of a run needs to know."""

    store: Store  # where the pages are
    codes: frozenset[str]  # the rules that run; only those on one page alone count
    seed: int  # the seed of the run's keys
    keeping: bool = False  # whether the outcome is kept for later runs
    # a time in nanoseconds since 1970; a file that changed later may change again without its
    # state telling, so its state is not kept
    settled: int = 0
    edition: Edition = EN  # the archive's edition
    # today, as a proleptic ordinal, where shares are wanted in place of records
    latest: int | None = None
    # the archive paths of all files, where texts are wanted that lead to others
    names: set[str] | frozenset[str] = frozenset()


class Collected(NamedTuple):
    """The outcome of one task."""

    pages: int  # how many pages it was about
    records: list[FolderRecord]  # a record for each folder
    unreadable: list[tuple[str, str]]  # paths of pages that cannot be read, and why
    notice: str = ""  # what there is to tell of how it was done
    share: Share | None = None  # what the records come to, in place of them
    texts: Sequence[tuple[str, bytes]] = ()  # pages that quote such as `Job.names` lacks

    def __reduce__(self) -> tuple[object, ...]:
        """In columns: of small folders, what says that a record is one is most of what is sent."""
        return _collected, (self.pages, [*zip(*self.records, strict=True)], *self[2:])


def _collected(pages: int, columns: list[tuple[Any, ...]], *rest: Any) -> Collected:
    return Collected(pages, [FolderRecord(*row) for row in zip(*columns, strict=True)], *rest)


def collect(job: Job, work: Iterable[Work], workers: Workers) -> Iterator[Collected]:
    """Read folders, task by task, in order: the first while the last are still to come.

    One worker means this process. What one that was killed leaves undone is read in this one.
    However reading ends, no other process goes on.

    Raises:
        ExecutorError: the executor is lost, or who works there would find something else.
    """
    if not isinstance(workers, int):
        yield from _collect_elsewhere(job, work, workers)
        return
    tasks = _tasks(work)
    first = list(islice(tasks, 2))
    # What is known to be little, as after edits, is done before another process has begun.
    little = isinstance(work, Sequence) and sum(map(_pages_of, work)) < _TASK_PAGES
    if workers <= 1 or len(first) < 2 or little:
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
    from newsarchive.runs.executors import AHEAD, hands_of
    from newsarchive.runs.portions import portions

    tasks = portions(work, _pages_of, hands_of(executor), _TASK_PAGES)
    for found in _collect(job, tasks, executor, AHEAD):
        if found.pages and len(found.unreadable) == found.pages:
            path, why = found.unreadable[0]
            with suppress(OSError):
                job.store.read(path)
                raise ExecutorError(f"a worker cannot read {job.store} ({path}: {why})")
        yield found


_KILLED = "a process that read pages was killed (out of memory?); it went on without others"


def _tasks(work: Iterable[Work]) -> Iterator[list[Work]]:
    """Folders in tasks; the first are small, as until then nobody has anything to do."""
    task: list[Work] = []
    pages, enough = 0, _TASK_PAGES // 8
    for folder in work:
        task.append(folder)
        pages += _pages_of(folder)
        if pages >= enough:
            yield task
            task, pages, enough = [], 0, min(2 * enough, _TASK_PAGES)
    if task:
        yield task


def _pages_of(folder: Work) -> int:
    return len(folder[0].names)


class Supply(NamedTuple):
    """Where pages come from."""

    # gives the bytes of pages, by their paths, or why they cannot be read
    read: Callable[[Iterable[str]], Iterator[tuple[str, bytes | OSError]]]
    # what is found of those texts that are laid out as the archive does
    find: Callable[[list[tuple[str, str]]], Iterable[tuple[str, Sound]]]

    @classmethod
    def of(cls, job: Job) -> Supply:
        """The store, whose pages are read for the first time."""
        return cls(job.store.read_many, partial(find, edition=job.edition))


def read_folders(job: Job, work: list[Work], supply: Supply | None = None) -> Collected:
    """Read and judge the pages of folders, each page by itself. Runs in worker processes."""
    if supply is None:
        expect(job, work)
        supply = Supply.of(job)
    rules = PageRules([rule for rule in rules_in_force() if rule.code in job.codes])
    unreadable: list[tuple[str, str]] = []
    texts: list[tuple[str, bytes]] = []
    # Of all folders together: where reading takes a while, many pages are asked for at a time.
    folders = [(listing, _by_name(known)) for listing, known in work]
    contents = supply.read(path for one in folders for path in _unknown(*one))
    records: list[FolderRecord] = []
    for group in _groups(folders):
        records += _records(job, group, rules, unreadable, contents, supply, texts)
    pages = sum(len(listing.names) for listing, _ in work)
    if job.latest is None:
        return Collected(pages, records, unreadable, texts=texts)
    from newsarchive.graph.shares import share_of

    share = share_of(records, [listing for listing, _ in work], job.seed, job.latest)
    return Collected(pages, [], unreadable, share=share)


def expect(job: Job, work: list[Work]) -> None:
    """Have a store that is far away know what was listed."""
    if isinstance(job.store, DistantStore):
        job.store.expect(listing for listing, _ in work)


def wanted(work: list[Work]) -> Iterator[str]:
    """The paths of the pages of folders that have to be read."""
    return (path for listing, known in work for path in _unknown(listing, _by_name(known)))


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


def _groups(folders: list[Known]) -> Iterator[list[Known]]:
    """Folders in groups of so many pages that what is done once for all of them costs little."""
    group: list[Known] = []
    pages = 0
    for folder in folders:
        group.append(folder)
        pages += len(folder[0].names)
        if pages >= _GROUP_PAGES:
            yield group
            group, pages = [], 0
    yield group


def _records(
    job: Job,
    group: list[Known],
    rules: PageRules,
    unreadable: list[tuple[str, str]],
    contents: Iterator[tuple[str, bytes | OSError]],
    supply: Supply,
    texts: list[tuple[str, bytes]],
) -> Iterator[FolderRecord]:
    """The records of folders: of pages known ones where nothing changed, else read anew.

    What rules find that ask for a folder's other pages is always found anew.
    """
    changed: list[Read] = []
    parts: list[tuple[Listing, dict[str, PageRecord], int]] = []
    for listing, old in group:
        same = {}
        for name, stat in zip(listing.names, stats_of(listing), strict=True):
            before = old.get(name) if old else None
            if before and before.stat == stat:
                same[name] = before
                continue
            path, data = next(contents)
            if isinstance(data, OSError):
                unreadable.append((path, data.strerror or str(data)))
                continue
            digest = _digest(data) if job.keeping else b""
            if job.keeping and max(stat[1:3]) >= job.settled:
                stat = (-1,) * STAT_FIELDS
            if before and before.digest == digest:
                same[name] = before._replace(stat=stat)
            else:
                changed.append(Read(path, name, stat, digest, data))
        parts.append((listing, same, len(changed)))
    sound = glanced(changed, rules, supply)
    if job.names and not _all_lead(job, sound.values()):
        texts += [
            (page.path, page.data)
            for page in changed
            if page.path in sound and not _all_lead(job, (sound[page.path],))
        ]
    new, start = [*judged(job, changed, sound, rules)], 0
    found: list[tuple[str, list[PageRecord]]] = []
    for listing, same, end in parts:
        records, start = new[start:end], end
        if same:
            same |= {record.name: record for record in records}
            records = [same[name] for name in listing.names if name in same]
        found.append((listing.folder, records))
    unplaced = with_unplaced(found, job.seed) if rules.within_folder else ()
    read = {page.path: page.data for page in changed} if unplaced else {}
    for (folder, records), (listing, _) in zip(found, group, strict=True):
        record = FolderRecord.of(folder, records, job.seed)
        if folder in unplaced:
            from newsarchive.runs.placing import Neighbours, placed

            view = Neighbours(job.store, listing, read, sound, job.edition)
            record = placed(record, rules.within_folder, view, job.seed)
        yield record


def _digest(data: bytes) -> bytes:
    from hashlib import sha256  # where something is kept

    return sha256(data).digest()


class Read(NamedTuple):
    """A page that was read: its path, its name, its file's state, a digest, its bytes."""

    path: str
    name: str
    stat: Stat
    digest: bytes
    data: bytes


Glanced = dict[str, tuple[Sound, Asked]]
"""What was found of pages that are sound, and what to ask about each, by path."""


def judged(job: Job, pages: list[Read], sound: Glanced, rules: PageRules) -> Iterator[PageRecord]:
    """The records of pages: of sound ones by what is known of them, else each is read."""
    indexes: dict[int, Facts] = {}
    for path, name, stat, digest, data in pages:
        if found := sound.get(path):
            page, asked = found
            facts = indexes.get(id(page)) or facts_from(page.parts, job.seed)
            if name in INDEX_NAMES:
                indexes[id(page)] = facts
            rows = _rows_of_sound(job, path, page, data, rules.only(asked)) if asked else []
            yield PageRecord(name, stat, digest, facts, rows)
            continue
        from newsarchive.page.parser import read  # with mistune, which sound pages do without

        reading = read(data, path, job.edition)
        rows = _rows(reading, rules)
        if job.keeping and rules.broken:  # judged anew by the next run: it may go well then
            stat, digest = (-1,) * STAT_FIELDS, bytes(DIGEST_BYTES)
        yield PageRecord(name, stat, digest, facts_of(reading, job.seed), rows)


def _all_lead(job: Job, pages: Iterable[tuple[Sound, Asked]]) -> bool:
    """Whether there is all that pages quote."""
    return job.names.issuperset(chain.from_iterable([page.parts.linked_paths for page, _ in pages]))


def _copies(pages: list[Read]) -> dict[str, str]:
    """For each index that is its folder's other index byte for byte: the other one's path.

    What is found of it is the same, but for the path: neither looks at the name beside the folder.
    """
    first: dict[str, Read] = {}
    found = {}
    for page in pages:
        if page.name in INDEX_NAMES:
            other = first.setdefault(page.path[: -len(page.name)], page)
            if other is not page and other.data == page.data:
                found[page.path] = other.path
    return found


def glanced(pages: list[Read], rules: PageRules, supply: Supply) -> Glanced:
    """What a glance at pages tells, which come folder by folder; the same of copies of an index."""
    copies = _copies(pages)
    first = [page for page in pages if page.path not in copies] if copies else pages
    texts = []
    for page in passing(first, are_plain) if rules.are_screened else ():
        try:
            texts.append((page.path, page.data.decode()))
        except UnicodeDecodeError:
            continue
    found = dict(screened([*supply.find(texts)]))
    return found | {path: found[of] for path, of in copies.items() if of in found}


def _rows_of_sound(job: Job, path: str, page: Sound, data: bytes, rules: PageRules) -> list[Row]:
    """What those rules find on a sound page that are to be asked about it."""
    if not rules.codes:  # none of those that run
        return []
    if page.parts.kind is PageKind.EVENT:
        return _rows(page.whole if rules.codes & OF_LINKS else page.reading, rules)
    from newsarchive.page.parser import read

    return _rows(read(data, path, job.edition), rules)


def _rows(reading: Reading, rules: PageRules) -> list[Row]:
    """What rules find on a page."""
    found = [finding_row(diagnostic) for diagnostic in rules.run(reading)]
    found += [finding_row(d, unless=path) for path, d in rules.conditional(reading)]
    found += [broken_row(error.rule.code, error.reason) for error in rules.broken]
    return found
