"""Making the rows of an archive's tables, in this process or in others."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import closing
from functools import partial
from itertools import chain, groupby, islice
from typing import Any, NamedTuple

from newsarchive.archive import Archive
from newsarchive.page.editions import EN, Edition
from newsarchive.page.paths import INDEX_NAMES, PageKind, day_of, kind_of
from newsarchive.runs.processes import Workers, calls
from newsarchive.runs.workers import (
    Collected,
    Job,
    Supply,
    Work,
    collect,
    expect,
    read_folders,
    wanted,
)
from newsarchive.store.store import Store
from newsarchive.tables.days import bounds
from newsarchive.tables.formats import form_of
from newsarchive.tables.glance import IndexGlance, glances
from newsarchive.tables.rows import PageParts, parts_of, rows_of, topics_in
from newsarchive.tables.schema import TABLES, Columns, Row, extend_by_rows, no_rows
from newsarchive.tables.together import add_rows

_PAGES, _MOST = 256, 1024
"""How many pages a task has: at least, but in the last; and at most."""
_FAR, _FAR_AHEAD = 16, 64
"""How many of these tasks an executor is given at a time; and how often, ahead of writing."""
_AHEAD = 4  # tasks for each process: what is made waits for what is written


class RowsJob(NamedTuple):
    """What every task needs to know."""

    store: Store
    files: AbstractSet[str]  # the archive paths of all files
    tables: tuple[str, ...]  # the tables whose rows are made
    form: str  # the format that they are encoded for
    edition: Edition
    check: Job | None = None  # what to do for a check that asks for records of the same pages


class Portion(NamedTuple):
    """A task: the pages whose rows are made, and the folders whose records a check asks for."""

    pages: Sequence[str]
    work: list[Work]


class Made(NamedTuple):
    """What a task made: how many rows of each table, these encoded, and what a check asked for."""

    tables: Mapping[str, tuple[int, Any]]
    collected: Collected | None = None


def make(job: RowsJob, task: Portion) -> Made:
    """Make the rows of some pages. Runs in worker processes."""
    encode = form_of(job.form).encode
    if job.check:
        expect(job.check, task.work)
    read = Intake(job.store, task.pages, job.files, job.edition, wanted(task.work))
    return Made(
        {
            name: (len(columns[0]), encode(TABLES[name], columns))
            for name, columns in read.rows(job.tables).items()
            if columns[0]
        },
        read_folders(job.check, task.work, read.supply) if job.check else None,
    )


class Intake:
    """Pages that were read for their rows; those of one folder follow one another.

    Others are those that only a check asks for.
    """

    def __init__(
        self,
        store: Store,
        pages: Iterable[str],
        files: AbstractSet[str],
        edition: Edition = EN,
        others: Iterable[str] = (),
    ) -> None:
        self._pages, self._files, self._edition = [*pages], files, edition
        self._topics: dict[str, dict[str, str]] = defaultdict(dict)
        indexes = [
            path
            for folder in dict.fromkeys(path.rpartition("/")[0] for path in self._pages)
            for name in INDEX_NAMES
            if (path := f"{folder}/{name}") in files and kind_of(path) is PageKind.DAY_INDEX
        ]
        paths = dict.fromkeys([*self._pages, *others, *indexes])
        self._contents = dict(store.read_many(paths))
        self._seen = glances(self._contents, edition, self._topics)
        for path in reversed(indexes):  # the first has the last word
            index = self._seen.get(path)
            self._topics[path.rpartition("/")[0]] |= (
                index.given
                if isinstance(index, IndexGlance)
                else topics_in([parts_of(path, self._contents[path], edition)])
            )

    def rows(self, tables: Iterable[str]) -> dict[str, Columns]:
        """The rows of the pages, by table."""
        made = {name: no_rows(TABLES[name]) for name in tables}
        for is_proved, some in groupby(self._pages, self._is_proved):
            if is_proved:
                add_rows([self._seen[path] for path in some], self._files, made)
                continue
            for path in some:
                given = self._topics[path.rpartition("/")[0]]
                page = PageParts(path, self._contents[path], self._files, self._edition, given)
                for name, columns in made.items():
                    extend_by_rows(columns, rows_of(page, name))
        return made

    def _is_proved(self, path: str) -> bool:
        """Whether the proof holds all that rows say: it does not read Changes."""
        page = self._seen.get(path)
        return page is not None and not page.sound.parts.changes

    @property
    def supply(self) -> Supply:
        """What a check needs of the same pages."""
        contents, seen = self._contents, self._seen
        return Supply(
            lambda paths: ((path, contents[path]) for path in paths),
            lambda texts: (
                (path, page.sound)
                for path, _ in texts
                if (page := seen.get(path)) and page.sound.are_named
            ),
        )


def make_some(job: RowsJob, tasks: Sequence[Portion]) -> list[Made]:
    """Make the rows of several tasks. Runs wherever an executor has it run."""
    return [make(job, task) for task in tasks]


class MadeBeside:
    """Makes rows of the pages that a check reads: `RunOptions.collector`.

    Attributes:
        is_done: whether the check asked for its pages; where it knows all, it need not.
    """

    def __init__(self, job: RowsJob, pages: Sequence[str], take: Callable[[Made], object]) -> None:
        self._job, self._pages, self._take = job, pages, take
        self.is_done: bool = False

    def __call__(self, check: Job, work: Iterable[Work], workers: Workers) -> Iterator[Collected]:
        """Read folders, as `workers.collect` does; their records come last, in order."""
        if self.is_done:
            yield from collect(check, work, workers)
            return
        self.is_done = True
        folders = {listing.folder: (listing, known) for listing, known in work}
        records = dict.fromkeys(folders)
        portions = chain(_with_work(self._pages, folders), _only_work(folders))
        for _, made in made_by(self._job._replace(check=check), portions, workers):
            self._take(made)
            if found := made.collected:
                records |= {record.folder: record for record in found.records}
                yield found._replace(records=[])
        yield Collected(0, [record for record in records.values() if record], [])


def _with_work(pages: Iterable[str], folders: dict[str, Work]) -> Iterator[Portion]:
    """Pages in portions, each with the work that there is for the folders of its pages."""
    for task in tasks(pages):
        here = dict.fromkeys(path.rpartition("/")[0] for path in task)
        yield Portion(task, [folders.pop(folder) for folder in here if folder in folders])


def _only_work(folders: dict[str, Work]) -> Iterator[Portion]:
    """The work for folders that is left."""
    while some := [folders.pop(folder) for folder in [*islice(folders, _PAGES)]]:
        yield Portion((), some)


def made_by(
    job: RowsJob, tasks: Iterable[Portion], workers: Workers
) -> Iterator[tuple[Portion, Made]]:
    """The tasks and what was made of each, in order; what a killed process left is made here.

    Raises:
        ExecutorError: the executor is lost, or its workers would make something else.
    """
    if workers == 1:
        for task in tasks:
            yield task, make(job, task)
        return
    # What goes far is worth the way.
    size, ahead = (1, _AHEAD * workers) if isinstance(workers, int) else (_FAR, _FAR_AHEAD)
    batches = iter(partial(_batch, iter(tasks), size), ())
    with closing(calls(make_some, job, batches, workers, ahead=ahead)) as done:
        for batch, made in done:
            yield from zip(batch, made or make_some(job, batch), strict=True)


def _batch(tasks: Iterator[Portion], size: int) -> tuple[Portion, ...]:
    return tuple(islice(tasks, size))


def tasks(pages: Iterable[str]) -> Iterator[list[str]]:
    """Pages in portions that do not depend on who works at them; most hold whole folders."""
    task: list[str] = []
    folder = ""
    for path in pages:
        here = path.rpartition("/")[0]
        if len(task) >= _MOST or (len(task) >= _PAGES and here != folder):
            yield task
            task = []
        folder = here
        task.append(path)
    if task:
        yield task


def between(
    pages: Iterable[str], since: datetime.date | None, until: datetime.date | None
) -> list[str]:
    """Pages by path; where days are given, only those in the folders of days between them."""
    if since is None and until is None:
        return sorted(pages)
    first, last = bounds(since, until)
    return sorted(
        path
        for path in pages
        if (numbers := day_of(path)) and (day := numbers.date()) and first <= day <= last
    )


def table_rows(archive: Archive, table: str) -> Iterator[Row]:
    """The rows of one table, as they are made, in this process."""
    store, files, edition = archive.store, archive.scan.files, archive.edition
    if TABLES[table].nested:  # of objects, not of text that holds them
        for path, data in store.read_many(sorted(archive)):
            yield from rows_of(PageParts(path, data, files, edition), table)
        return
    for task in tasks(sorted(archive)):
        yield from zip(*Intake(store, task, files, edition).rows([table])[table], strict=True)
