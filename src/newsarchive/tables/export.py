"""Writing an archive's tables: whole or not at all, the same bytes whatever the jobs."""

from __future__ import annotations

import dataclasses
import datetime
import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple

from newsarchive._version import __version__
from newsarchive.archive import Archive, configured
from newsarchive.errors import GitError, UnknownTableError
from newsarchive.runs.engine import check_archive
from newsarchive.runs.fingerprints import fingerprints
from newsarchive.runs.options import Progress, RunOptions, cores
from newsarchive.settings import Settings
from newsarchive.store.git_process import Git
from newsarchive.store.whole import written_whole
from newsarchive.tables.formats import Form
from newsarchive.tables.making import (
    Made,
    MadeBeside,
    Portion,
    RowsJob,
    between,
    made_by,
    table_rows,
    tasks,
)
from newsarchive.tables.schema import TABLES, VERSION, Row, TableSchema, columns_of

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from newsarchive.runs.processes import Workers

_JUDGING = (
    "select", "extend_select", "ignore", "severities", "exclude", "per_path", "today", "edition"
)  # fmt: skip
"""The settings that findings depend on."""


class Request(NamedTuple):
    """What is to be exported."""

    archive: Archive
    form: Form
    tables: tuple[TableSchema, ...]
    settings: Settings = Settings()  # what findings depend on, and how many processes work
    # since, until: the first and the last day whose pages are meant; None bounds nothing
    since: datetime.date | None = None
    until: datetime.date | None = None
    progress: Progress | None = None
    cache: str | None = None  # the folder where the check keeps what it read; None keeps nothing
    executor: Executor | None = None  # who works, in place of processes of our own

    @property
    def workers(self) -> Workers:
        """Who makes rows."""
        return self.executor or self.settings.jobs or cores()


def write_tables(request: Request, output: Path) -> Counter[str]:
    """Write tables to a new folder or file. Returns how many rows each table has.

    Raises:
        RefusedWriteError: something else is there, or nothing can be written there.
        ExecutorError: the executor is lost, or its workers would make something else.
        OSError: writing failed; what stood there is as it was.
    """
    form = request.form
    with written_whole(output, form.is_ours, folder=form.is_folder) as new:
        writer = form.writer(new, request.tables)
        try:
            counts = encode_rows(request, writer.add)
            writer.finish()
        finally:
            writer.close()
    return counts


def write_rows(request: Request, out: BinaryIO) -> None:
    """Write the one table of a request, in a format of lines, as its rows are made."""
    encode_rows(request, lambda _, encoded: out.write(encoded))


def encode_rows(request: Request, take: Callable[[TableSchema, Any], object]) -> Counter[str]:
    """Encode all rows, and have portions of tables taken. Returns how many rows each table has."""
    archive, names = request.archive, {table.name for table in request.tables}
    pages = between(archive, request.since, request.until)
    counts = Counter(dict.fromkeys(names, 0))

    def take_made(made: Made) -> None:
        for name, (number, encoded) in made.tables.items():
            counts[name] += number
            take(TABLES[name], encoded)

    def take_rows(name: str, rows: list[Row]) -> None:
        counts[name] = len(rows)
        take(TABLES[name], request.form.encode(TABLES[name], columns_of(TABLES[name], rows)))

    of_pages = tuple(name for name in TABLES if name in names - {"findings", "meta"})
    job = RowsJob(archive.store, archive.scan.files, of_pages, request.form.name, archive.edition)
    # What an executor finds for a check stays where it is.
    beside = MadeBeside(job, pages, take_made) if request.executor is None else None
    if "findings" in names:
        bounded = request.since is not None or request.until is not None
        rows = finding_rows(
            archive, request.settings, pages=frozenset(pages) if bounded else None,
            progress=request.progress, cache=request.cache, executor=request.executor,
            collector=beside if of_pages else None,
        )  # fmt: skip
        if rows:
            take_rows("findings", rows)
    if of_pages and not (beside and beside.is_done):
        done = 0
        portions = (Portion(task, []) for task in tasks(pages))
        for task, made in made_by(job, portions, request.workers):
            take_made(made)
            done += len(task.pages)
            if request.progress:
                request.progress(done, len(pages))
    if "meta" in names:
        take_rows("meta", [meta_row(archive, request.settings, counts)])
    return counts


def finding_rows(
    archive: Archive,
    settings: Settings,
    *,
    pages: AbstractSet[str] | None = None,
    progress: Progress | None = None,
    cache: str | None = None,
    executor: Executor | None = None,
    collector: MadeBeside | None = None,
) -> list[Row]:
    """What a check finds, on some pages or on all.

    Rules that ask which day it is are left out, unless the settings say the day: the same archive
    gives the same rows tomorrow.
    """
    options = RunOptions.of(
        settings=settings, today=settings.today, jobs=settings.jobs,
        progress=progress, cache=cache, executor=executor, collector=collector,
    )  # fmt: skip
    if settings.today is None:
        options = options._replace(rules=tuple(rule for rule in options.rules if not rule.clock))
    found = check_archive(archive, options).diagnostics
    if pages is not None:
        found = tuple(d for d in found if d.page in pages)
    seen: Counter[str] = Counter()
    rows: list[Row] = []
    for d, mark in zip(found, fingerprints(archive, found), strict=True):
        seen[d.page] += 1
        rows.append((
            d.page, seen[d.page], d.code, d.name, d.severity.value, d.line, d.column, d.message,
            mark, d.fix is not None,
        ))  # fmt: skip
    return rows


def all_rows(archive: Archive, table: TableSchema) -> Iterator[Row]:
    """The rows of one table, by the settings that the archive's configuration makes."""
    if table.name not in ("findings", "meta"):
        return table_rows(archive, table.name)
    from newsarchive.settings import load_settings

    settings = load_settings(archive)
    if table.name == "findings":
        return iter(finding_rows(configured(archive, settings), settings))
    counts = {
        name: sum(1 for _ in all_rows(archive, other))
        for name, other in TABLES.items()
        if name not in ("meta", "models")
    }
    return iter([meta_row(archive, settings, Counter(counts))])


def meta_row(archive: Archive, settings: Settings, counts: Counter[str]) -> Row:
    """What the tables were made of."""
    judging = {name: getattr(settings, name) for name in _JUDGING}
    judging["per_path"] = [dataclasses.asdict(one) for one in settings.per_path]
    said = json.dumps(judging, sort_keys=True, default=str)
    commit, clean = state_of(archive)
    return (
        VERSION,
        __version__,
        archive.edition.name,
        commit,
        clean,
        hashlib.sha256(said.encode()).hexdigest(),
        *(counts.get(name) for name in TABLES if name not in ("meta", "models")),
    )


def state_of(archive: Archive) -> tuple[str | None, bool | None]:
    """The commit that an archive is of, and whether its pages are as that has them."""
    from newsarchive.runs.since import change_to
    from newsarchive.store.git_tree import GitTree

    store = archive.store
    if not store.history:
        return None, None
    try:
        revision = store.revision if isinstance(store, GitTree) else None
        name = f"{revision or 'HEAD'}^{{commit}}"
        found = Git(store.history).call("rev-parse", "--verify", "-q", "--end-of-options", name)
        commit = found.stdout.decode().strip()
        if not commit:
            return None, None
        changed = () if revision else change_to(archive).paths
        return commit, not any(path.endswith(".md") for path in changed)
    except GitError:
        return None, None


def chosen(names: Iterable[str], form: str) -> tuple[TableSchema, ...]:
    """The tables of names; where there are none, all that a format can hold.

    Raises:
        UnknownTableError: a name is no table's, or the format cannot hold it.
    """
    held = [name for name, table in TABLES.items() if form == "jsonl" or not table.nested]
    wanted = [*names] or held
    for name in wanted:
        if name not in held:
            raise UnknownTableError(name, tuple(held))
    return tuple(TABLES[name] for name in held if name in wanted)
