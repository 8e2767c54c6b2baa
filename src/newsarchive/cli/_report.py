"""``newsarchive report``."""

from __future__ import annotations

import os
import pickle
import sys
from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from newsarchive.cli._flags import Flags
from newsarchive.cli._locate import near, whole_archive
from newsarchive.cli._options import root_option
from newsarchive.cli._output import print_lines
from newsarchive.cli._runs import open_runs, without_collector
from newsarchive.cli._setting_options import setting_options
from newsarchive.cli._targets import Target, require
from newsarchive.errors import HistoryError, MissingPackageError
from newsarchive.findings.html import is_cut, require_jinja
from newsarchive.page.printable import printable
from newsarchive.runs.options import cores
from newsarchive.store.copies import meanwhile
from newsarchive.store.local import LocalFolder
from newsarchive.store.urls import is_url, shown
from newsarchive.writers import BY_NAME

if TYPE_CHECKING:
    from newsarchive.cli._runs import Run
    from newsarchive.findings.html.figures import Figures
    from newsarchive.findings.report import Report
    from newsarchive.runs.history import PastRuns

_STANDARD_OUTPUT = "-"
_SETTINGS = (
    "select", "extend_select", "ignore", "jobs", "today", "cache", "cache_dir", "quiet",
)  # fmt: skip


@click.command(short_help="Write a health report: one HTML file with pictures.")
@click.argument("archive", default=".", metavar="[ARCHIVE]")
@click.option(
    "-o", "--output", metavar="FILE", default=_STANDARD_OUTPUT,
    help="The file that is written (default: standard output, '-').",
)  # fmt: skip
@click.option(
    "--format", "form", type=click.Choice(["html", "markdown"]), default="html",
    show_default=True, help="markdown is for a job's summary; html needs newsarchive[report].",
)  # fmt: skip
@click.option(
    "--history", metavar="FILE",
    help="JSON lines that each run appends to: what is new and what is gone since the last one.",
)  # fmt: skip
@root_option
@setting_options(*_SETTINGS)
def report(
    archive: str, output: str, form: str, history: str | None, root: str | None, flags: Flags
) -> int:
    """Write a health report of ARCHIVE.

    One file that opens from disk and from a mail: what can be repaired, when it broke, where to
    start, what to decide, and how the archive hangs together. It has no script and asks for
    nothing. Long lists are cut, with how much is left out; then FILE.jsonl beside it has all
    findings. A baseline does not count: the report tells of known findings, too.

    Exit status: 0 written, whatever was found; 2 misuse, or a file that cannot be read or written.
    """
    opened = whole_archive(archive, root)
    if form == "html" and output == _STANDARD_OUTPUT and sys.stdout.isatty():
        raise click.UsageError("-o names the file that is written")
    if form == "html":
        try:
            require_jinja()
        except MissingPackageError as error:
            raise click.ClickException(f"--format html: {error}") from None
    files = [file for file in (output, history) if file and file != _STANDARD_OUTPUT]
    if form == "html" and output != _STANDARD_OUTPUT:
        files.append(_beside(output))
    require([Target(BY_NAME["jsonl"], file) for file in files], [opened])
    before = _read(history) if history else None
    [run] = open_runs([(opened, None)], flags._replace(values={**flags.values, "baseline": False}))
    with without_collector():
        found = _look(run, before, archive)
    _write(output, _rendered(found, form, output, run.settings.jobs))
    if history and found.history:
        _write(history, found.history.lines)
    for notice in () if run.settings.quiet else dict.fromkeys(found.report.notices):
        click.echo(printable(notice), err=True)
    return 0


class _Found(NamedTuple):
    report: Report
    figures: Figures
    history: PastRuns | None


def _look(run: Run, before: PastRuns | None, name: str) -> _Found:
    """Check an archive, count in it, and compare with the run before."""
    from newsarchive.archive import view_of
    from newsarchive.rules import rules_in_force
    from newsarchive.runs.engine import check_view
    from newsarchive.runs.figures import figures_of, named
    from newsarchive.runs.fingerprints import fingerprints
    from newsarchive.tables.export import state_of

    options = run.options()
    view = view_of(run.archive)
    # What is no folder is read over one connection, or one open file.
    several = type(view.store) is LocalFolder and (options.jobs or cores()) > 1
    counting = partial(figures_of, view, view.scan.pages)
    with meanwhile(counting, pickle, several=several) as counts:
        checked = check_view(view, options)
        commit, clean = state_of(run.archive)
        counted = counts()
    state = f"commit {commit[:10]} ({'clean' if clean else 'changed'})" if commit else ""
    figures = replace(
        counted,
        name=_name(run.archive.store.home),
        state=state,
        command=("newsarchive", "check", shown(name)),
        rules={rule.code: rule.summary for rule in rules_in_force()},
    )
    figures = named(figures, view, checked)
    if before is None:
        return _Found(checked, figures, None)
    names = fingerprints(run.archive, checked.diagnostics)
    after = before.appended(checked, options.today.isoformat(), state, names)
    figures = replace(figures, runs=after.runs)
    if before.known is not None:
        known, now = before.known, after.known or frozenset()
        figures = replace(figures, appeared=len(now - known), gone=len(known - now))
    return _Found(checked, figures, after)


def _name(home: str) -> str:
    """An archive's name for people: its folder's, or the end of its URL."""
    return home.rpartition("/")[2] if is_url(home) else os.path.basename(os.path.realpath(home))


def _rendered(found: _Found, form: str, output: str, jobs: int | None) -> Iterable[str]:
    """The report's lines. Where they leave findings out, all are written beside it meanwhile."""
    from newsarchive.writers._health import health
    from newsarchive.writers._list import lines

    checked, figures = found.report, found.figures
    if form == "markdown":
        return health(checked, figures)
    if output == _STANDARD_OUTPUT or not is_cut(checked):
        return checked.to_html(figures).rstrip("\n").split("\n")
    file = _beside(output)
    figures = replace(figures, beside=os.path.basename(file))
    listing, several = partial(_write, file, lines(checked)), (jobs or cores()) > 1
    with without_collector(), meanwhile(listing, pickle, several=several) as listed:
        html = checked.to_html(figures)
        listed()
    return html.rstrip("\n").split("\n")


def _beside(output: str) -> str:
    """The file with all findings, beside the report."""
    return str(Path(output).with_suffix(".jsonl"))


def _read(file: str) -> PastRuns:
    from newsarchive.runs.history import read_history

    try:
        return read_history(file)
    except HistoryError as error:
        raise click.ClickException(printable(str(error))) from None
    except OSError as error:
        raise click.ClickException(f"{near(file)}: {error.strerror or error}") from None


def _write(file: str, lines: Iterable[str]) -> None:
    from newsarchive.store.atomic import put_lines

    if file == _STANDARD_OUTPUT:
        print_lines(iter(lines))
        return
    try:
        put_lines(file, lines)
    except OSError as error:
        raise click.ClickException(f"cannot write {near(file)}: {error.strerror}") from None
