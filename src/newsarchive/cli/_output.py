"""What ``newsarchive check`` prints: the report, the repairs, and how far it is."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from newsarchive.engine import Progress
from newsarchive.report import Report
from newsarchive.writers import json as json_writer
from newsarchive.writers import text as text_writer

if TYPE_CHECKING:
    from newsarchive.repair import Repair


def merged(reports: list[Report]) -> Report:
    """The reports of several archives as one."""
    if len(reports) == 1:
        return reports[0]
    from collections import Counter

    pages: Counter[str] = Counter()
    links: Counter[str] = Counter()
    for report in reports:
        pages.update(report.pages)
        links.update(report.links)
    found = tuple(d for report in reports for d in report.diagnostics)
    return Report(found, dict(pages), dict(links))


def print_report(report: Report, output_format: str) -> None:
    """Print a report on standard output."""
    if output_format == "json":
        lines: Iterator[str] = json_writer.lines(report)
    elif sys.stdout.isatty():
        lines = text_writer.lines(report, click.style)
    else:
        lines = text_writer.lines(report)
    for line in lines:
        click.echo(line)


def print_diff(repairs: list[Repair]) -> None:
    """Print what repairs would change."""
    from newsarchive.writers.diff import unified

    for outcome in repairs:
        for file, old, new in outcome.changed:
            for line in unified(file, old, new):
                click.echo(line)


def tell(repairs: list[Repair], *, written: bool) -> None:
    """Say on standard error what was repaired and what was refused."""
    findings = sum(r.fixed.total() for r in repairs)
    files = {file for r in repairs for file, _, _ in r.changed}
    for file, reason in dict.fromkeys(pair for r in repairs for pair in r.refused):
        click.echo(
            f"not repaired: {text_writer.printable(file)}: {text_writer.printable(reason)}",
            err=True,
        )
    verb = "Fixed" if written else "Would fix"
    what = text_writer.count(findings, "finding")
    click.echo(f"{verb} {what} in {text_writer.count(len(files), 'file')}.", err=True)


def show_progress(name: str) -> Progress | None:
    """A progress line on a terminal's standard error; None where there is no terminal."""
    if not sys.stderr.isatty():
        return None

    def show(done: int, total: int) -> None:
        end = "\r" if done < total else "\r\x1b[K"
        shown = (
            f"{text_writer.printable(name)}: {done:,} of {total:,} pages" if done < total else ""
        )
        click.echo(shown + end, err=True, nl=False)

    return show
