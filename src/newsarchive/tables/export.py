"""Writing an archive's tables: whole or not at all, the same bytes whatever the jobs."""

from __future__ import annotations

import dataclasses
import datetime
import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
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
from newsarchive.tables.making import RowsJob, between, made_by, table_rows, tasks
from newsarchive.tables.schema import TABLES, VERSION, Row, TableSchema, columns_of

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from newsarchive.runs.processes import Workers

_JUDGING = (
    "select", "extend_select", "ignore", "severities", "exclude", "per_path", "today", "edition"
)  # fmt: skip
"""The settings that findings depend on."""


class Request(NamedTuple):
    """What is to be exported.

    Attributes:
        archive: the archive.
        form: the format.
        tables: the tables, in their order.
        settings: what findings depend on, and how many processes work.
        since, until: the first and the last day whose pages are meant; None bounds nothing.
        progress: told how far it is.
        cache: the folder where the check keeps what it read; None keeps nothing.
        executor: who works, in place of processes of our own.
    """

    archive: Archive
    form: Form
    tables: tuple[TableSchema, ...]
    settings: Settings = Settings()
    since: datetime.date | None = None
    until: datetime.date | None = None
    progress: Progress | None = None
    cache: str | None = None
    executor: Executor | None = None

    @property
    def workers(self) -> Workers:
        """Who makes rows."""
        return self.executor or self.settings.jobs or cores()


def write_tables(request: Request, output: Path) -> Counter[str]:
    """Write tables to a new folder or file.

    Args:
        request: what is to be exported.
        output: the place; what an export before wrote there is replaced.

    Returns:
        How many rows each table has.

    Raises:
        RefusedWriteError: something else is there, or nothing can be written there.
        ExecutorError: the executor is lost, or its workers would make something else.
        OSError: writing failed; what stood there is as it was.
    """
    form, counts = request.form, Counter[str]()
    with written_whole(output, form.is_ours, folder=form.is_folder) as new:
        writer = form.writer(new, request.tables)
        try:
            for table, number, encoded in encoded_rows(request):
                writer.add(table, encoded)
                counts[table.name] += number
            writer.finish()
        finally:
            writer.close()
    return counts


def write_rows(request: Request, out: BinaryIO) -> None:
    """Write the one table of a request, in a format of lines, as its rows are made."""
    for _, _, encoded in encoded_rows(request):
        out.write(encoded)


def encoded_rows(request: Request) -> Iterator[tuple[TableSchema, int, Any]]:
    """All rows, encoded: portions of a table, each with how many rows it has."""
    names = {table.name for table in request.tables}
    pages = between(request.archive, request.since, request.until)
    counts = Counter(dict.fromkeys(names, 0))
    for table, number, encoded in _of_pages(request, pages, names):
        counts[table.name] += number
        yield table, number, encoded
    if "findings" in names:
        bounded = request.since is not None or request.until is not None
        rows = finding_rows(
            request.archive, request.settings, pages=frozenset(pages) if bounded else None,
            progress=request.progress, cache=request.cache, executor=request.executor,
        )  # fmt: skip
        counts["findings"] = len(rows)
        if rows:
            yield _encoded(request.form, TABLES["findings"], rows)
    if "meta" in names:
        row = meta_row(request.archive, request.settings, counts)
        yield _encoded(request.form, TABLES["meta"], [row])


def _encoded(form: Form, table: TableSchema, rows: list[Row]) -> tuple[TableSchema, int, Any]:
    return table, len(rows), form.encode(table, columns_of(table, rows))


def _of_pages(
    request: Request, pages: Sequence[str], names: AbstractSet[str]
) -> Iterator[tuple[TableSchema, int, Any]]:
    wanted = tuple(name for name in TABLES if name in names - {"findings", "meta"})
    if not wanted:
        return
    archive = request.archive
    job = RowsJob(archive.store, archive.scan.files, wanted, request.form.name, archive.edition)
    done = 0
    for task, made in made_by(job, tasks(pages), request.workers):
        for name, (number, encoded) in made.tables.items():
            yield TABLES[name], number, encoded
        done += len(task)
        if request.progress:
            request.progress(done, len(pages))


def finding_rows(
    archive: Archive,
    settings: Settings,
    *,
    pages: AbstractSet[str] | None = None,
    progress: Progress | None = None,
    cache: str | None = None,
    executor: Executor | None = None,
) -> list[Row]:
    """What a check finds, on some pages or on all.

    Rules that ask which day it is are left out, unless the settings say the day: the same archive
    gives the same rows tomorrow.
    """
    options = RunOptions.of(
        settings=settings, today=settings.today, jobs=settings.jobs,
        progress=progress, cache=cache, executor=executor,
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
