"""``newsarchive baseline``."""

from __future__ import annotations

import os
from dataclasses import replace

import click

from newsarchive.cli._flags import Flags
from newsarchive.cli._locate import near, open_archives
from newsarchive.cli._options import root_option
from newsarchive.cli._runs import DEFAULT_NAME, baseline_file, load, open_runs, with_notice
from newsarchive.cli._setting_options import setting_options
from newsarchive.cli._targets import lies_in
from newsarchive.page.printable import printable
from newsarchive.runs.baseline import Scope, compare, write_baseline
from newsarchive.store.renames import notice
from newsarchive.store.store import ONLY_FOLDERS
from newsarchive.store.urls import is_url, shown
from newsarchive.writers.text import count

_OPTIONS = ("select", "extend_select", "ignore", "jobs", "today", "cache", "cache_dir")


@click.command(short_help="Write today's findings to a file; check reports only new ones.")
@click.argument("path", default=".", metavar="[PATH]")
@root_option
@click.option(
    "--output",
    metavar="FILE",
    help=f"The file (default: that of the configuration, else {DEFAULT_NAME} in the archive).",
)
@click.option(
    "--reason", metavar="TEXT", help="Why the findings are left for now, written to each new entry."
)
@click.option("--update", is_flag=True, help="Also add findings that the file does not list.")
@click.option("--prune", is_flag=True, help="Only remove entries that are no longer needed.")
@setting_options(*_OPTIONS)
def baseline(
    path: str,
    root: str | None,
    output: str | None,
    reason: str | None,
    update: bool,
    prune: bool,
    flags: Flags,
) -> int:
    """Write today's findings to a file; 'newsarchive check' then reports only new ones.

    The file holds one finding a line. A file that exists is renewed: entries that are still
    needed keep their reasons, others are removed; new ones are added with --update only.

    Exit status: 0 done, 1 the file would have to grow and was left as it is, 2 misuse, or a file
    that is no baseline or cannot be written.
    """
    if update and prune:
        raise click.UsageError("--update and --prune exclude each other")
    if reason is not None and prune:
        raise click.UsageError("--reason is for new entries; --prune writes none")
    # Which file check would use, does not matter yet: it may not be there.
    unread = flags._replace(values={**flags.values, "baseline": False})
    [run] = open_runs(open_archives((path,), root), unread)
    usual = baseline_file(run.archive, flags.settings(run.archive))  # what a check would use
    file = output or usual or run.archive.file(f"/{DEFAULT_NAME}")
    if is_url(file):
        raise click.UsageError(f"{near(file)} {ONLY_FOLDERS}; --output names another file")
    exists = os.path.lexists(file)
    if not exists and lies_in(file, run.archive):
        raise click.UsageError(f"cannot write {near(file)}: it lies among the archive's pages")
    if prune and not exists:
        raise click.UsageError(f"{near(file)}: there is no baseline to prune")
    known = load(file, run.archive) if exists else ()
    report = run.check()
    if not report.page_count and not report.diagnostics:
        raise click.UsageError(f"{printable(shown(path))}: nothing to check (no .md file)")
    outcome = compare(known, run.archive, report, Scope(run.settings, run.only))
    if outcome.trouble:
        report = with_notice(report, notice(outcome.trouble))
    for told in report.notices:
        click.echo(printable(told), err=True)
    new = () if prune else tuple(replace(e, reason=reason or "") for e in outcome.new)
    if new and exists and not update:
        click.echo(
            f"{near(file)}: {count(len(new), 'finding')} not in the baseline; left as it is "
            "(--update adds them, 'newsarchive check' lists them)",
            err=True,
        )
        return 1
    gone = set(outcome.unneeded)
    kept = tuple(entry for entry in known if entry not in gone)
    try:
        written = write_baseline(file, (*kept, *new))
    except OSError as error:
        raise click.ClickException(f"{near(file)}: {error.strerror or error}") from None
    told = f"{count(len(kept) + len(new), 'finding')}, {len(new):,} new, {len(gone):,} taken out"
    if outcome.doubtful:
        told += f", {count(len(outcome.doubtful), 'entry')} kept that cannot be judged"
    click.echo(f"{'Wrote' if written else 'Kept'} {near(file)}: {told}.", err=True)
    return 0
