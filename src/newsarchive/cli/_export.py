"""``newsarchive export``."""

from __future__ import annotations

import datetime
import os
import sys
from pathlib import Path

import click

from newsarchive.archive import configured
from newsarchive.cli._cluster import Cluster, cluster_options
from newsarchive.cli._flags import Flags
from newsarchive.cli._locate import near, whole_archive
from newsarchive.cli._options import day_options, root_option
from newsarchive.cli._output import show_progress
from newsarchive.cli._runs import without_collector
from newsarchive.cli._setting_options import setting_options
from newsarchive.cli._targets import lies_in
from newsarchive.cli._words import words
from newsarchive.errors import MissingPackageError, RefusedWriteError, UnknownTableError
from newsarchive.page.printable import printable
from newsarchive.runs.cache_folders import cache_folder
from newsarchive.writers.text import count

_FORMATS = ("parquet", "jsonl", "csv", "sqlite")
_STANDARD_OUTPUT = "-"
_SETTINGS = ("select", "extend_select", "ignore", "jobs", "today", "cache", "cache_dir", "quiet")


@click.command(short_help="Write the archive as tables.")
@click.argument("archive", default=".", metavar="[ARCHIVE]")
@click.option(
    "--output", metavar="OUT", required=True,
    help="The folder that is written, or the file (sqlite); '-' writes one table of jsonl to "
    "standard output.",
)  # fmt: skip
@click.option(
    "--format", "form", type=click.Choice(_FORMATS), default="parquet", show_default=True,
    help="How the tables are written; parquet needs newsarchive[parquet].",
)  # fmt: skip
@click.option(
    "--tables", multiple=True, metavar="TABLES",
    help="Only these tables, with commas (default: all).",
)  # fmt: skip
@day_options("Only the pages of days")
@root_option
@cluster_options
@setting_options(*_SETTINGS)
def export(
    archive: str,
    output: str,
    form: str,
    tables: tuple[str, ...],
    since: datetime.date | None,
    until: datetime.date | None,
    root: str | None,
    flags: Flags,
    cluster: Cluster,
) -> int:
    """Write ARCHIVE as tables.

    They are pages, sources, related links, entries of indexes, changes, links, findings, and meta:
    what they were made of. JSON lines have models, too.

    OUT is written whole or not at all. What an earlier export wrote there is replaced; where
    anything else is, nothing is done. The same archive gives the same bytes: rules that ask
    which day it is are left out of the findings, unless --today or the configuration names a day.

    Exit status: 0 written, 2 misuse, or OUT cannot be written.
    """
    from newsarchive.tables.export import Request, chosen, write_rows, write_tables
    from newsarchive.tables.formats import form_of

    opened = whole_archive(archive, root)
    settings = cluster.flags(flags).settings(opened)
    try:
        request = Request(
            configured(opened, settings),
            form_of(form),
            chosen(words(tables), form),
            settings,
            since,
            until,
            show_progress(opened.store.home, settings.quiet),
            cache_folder(settings),
        )
    except UnknownTableError as error:
        raise click.UsageError(printable(str(error))) from None
    except MissingPackageError as error:
        raise click.ClickException(f"--format {form}: {error}") from None
    if output == _STANDARD_OUTPUT:
        if form != "jsonl" or len(request.tables) != 1:
            raise click.UsageError("standard output takes one table of jsonl: --tables NAME")
        # What is written cannot be taken back: nothing begins anew.
        with without_collector():
            cluster.connected()._replace(fallback=False).call(
                lambda executor: write_rows(request._replace(executor=executor), sys.stdout.buffer)
            )
        return 0
    place = Path(os.path.abspath(output))
    if lies_in(place, opened):
        raise click.UsageError(f"cannot write {near(output)}: it lies among the archive's pages")
    try:
        with without_collector():
            counts = cluster.connected().call(
                lambda executor: write_tables(request._replace(executor=executor), place)
            )
    except RefusedWriteError as error:
        raise click.UsageError(f"cannot write {near(output)}: {printable(error.reason)}") from None
    if not settings.quiet:
        told = f"{count(counts.total(), 'row')} of {count(len(request.tables), 'table')}"
        click.echo(f"Wrote {near(output)}: {told}.", err=True)
    return 0
