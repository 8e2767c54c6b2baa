"""Making the rows of an archive's tables, in this process or in others."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import closing
from functools import partial
from itertools import groupby, islice
from typing import Any, NamedTuple

from newsarchive.archive import Archive
from newsarchive.page.editions import EN, Edition
from newsarchive.page.paths import INDEX_NAMES, PageKind, day_of, kind_of
from newsarchive.runs.processes import Workers, calls
from newsarchive.store.store import Store
from newsarchive.tables.days import bounds
from newsarchive.tables.formats import form_of
from newsarchive.tables.glance import Glance, IndexGlance, glances
from newsarchive.tables.rows import PageParts, parts_of, rows_of, topics_in
from newsarchive.tables.schema import TABLES, Columns, Row, extend_by_rows, no_rows
from newsarchive.tables.together import add_rows

_PAGES, _MOST = 256, 1024
"""How many pages a task has: at least, but in the last; and at most."""
_FAR, _FAR_AHEAD = 16, 64
"""How many of these tasks an executor is given at a time; and how often, ahead of writing."""
_AHEAD = 4  # tasks for each process: what is made waits for what is written


class RowsJob(NamedTuple):
    """What every task needs to know.

    Attributes:
        store: where the pages are.
        files: the archive paths of all files.
        tables: the tables whose rows are made.
        form: the format that they are encoded for.
        edition: the archive's edition.
    """

    store: Store
    files: AbstractSet[str]
    tables: tuple[str, ...]
    form: str
    edition: Edition


class Made(NamedTuple):
    """What a task made: for each table that has some, how many rows, and these encoded."""

    tables: Mapping[str, tuple[int, Any]]


def make(job: RowsJob, pages: Sequence[str]) -> Made:
    """Make the rows of some pages. Runs in worker processes."""
    encode = form_of(job.form).encode
    made = rows_of_pages(job.store, pages, job.files, job.tables, job.edition)
    return Made(
        {
            name: (len(columns[0]), encode(TABLES[name], columns))
            for name, columns in made.items()
            if columns[0]
        }
    )


def rows_of_pages(
    store: Store,
    pages: Iterable[str],
    files: AbstractSet[str],
    tables: Iterable[str],
    edition: Edition = EN,
) -> dict[str, Columns]:
    """The rows of some pages, by table."""
    made = {name: no_rows(TABLES[name]) for name in tables}
    for some in page_parts(store, pages, files, edition):
        if isinstance(some, PageParts):
            for name, columns in made.items():
                extend_by_rows(columns, rows_of(some, name))
        else:
            add_rows(some, files, made)
    return made


def page_parts(
    store: Store, pages: Iterable[str], files: AbstractSet[str], edition: Edition
) -> Iterator[PageParts | list[Glance]]:
    """Read pages, with what the indexes of their days say of them.

    Args:
        store: where they are.
        pages: their archive paths; those of one folder follow one another.
        files: all files of the archive.
        edition: the archive's edition.

    Yields:
        Pages in order: those whose layout is proved together, others one by one.
    """
    wanted = [*pages]
    topics: dict[str, dict[str, str]] = {path.rpartition("/")[0]: {} for path in wanted}
    indexes = [
        path
        for folder in topics
        for name in INDEX_NAMES
        if (path := f"{folder}/{name}") in files and kind_of(path) is PageKind.DAY_INDEX
    ]
    contents = dict(store.read_many(dict.fromkeys([*wanted, *indexes])))
    seen = glances(contents.items(), edition, topics)
    for path in reversed(indexes):  # the first has the last word
        index = seen.get(path)
        topics[path.rpartition("/")[0]] |= (
            index.given
            if isinstance(index, IndexGlance)
            else topics_in([parts_of(path, contents[path], edition)])
        )
    for has_glance, some in groupby(wanted, seen.__contains__):
        if has_glance:
            yield [seen[path] for path in some]
            continue
        for path in some:
            given = topics[path.rpartition("/")[0]]
            yield PageParts(path, contents[path], files, edition, given)


def make_some(job: RowsJob, tasks: Sequence[Sequence[str]]) -> list[Made]:
    """Make the rows of several tasks. Runs wherever an executor has it run."""
    return [make(job, task) for task in tasks]


def made_by(
    job: RowsJob, tasks: Iterable[Sequence[str]], workers: Workers
) -> Iterator[tuple[Sequence[str], Made]]:
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


def _batch(tasks: Iterator[Sequence[str]], size: int) -> tuple[Sequence[str], ...]:
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
        yield from zip(*rows_of_pages(store, task, files, [table], edition)[table], strict=True)
