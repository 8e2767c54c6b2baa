"""``newsarchive check``."""

import datetime
import sys
from collections.abc import Callable, Iterator

import click

from newsarchive.archive import Archive
from newsarchive.cli._options import open_archives, words
from newsarchive.diagnostics import Severity
from newsarchive.engine import Progress
from newsarchive.engine import check as check_archive
from newsarchive.errors import UnknownRuleError
from newsarchive.repair import Repair, repair
from newsarchive.report import Report
from newsarchive.writers import json as json_writer
from newsarchive.writers import text as text_writer

FAIL_ON = (*(s.value for s in Severity), "never")


@click.command(short_help="Check an archive, or some of its pages.")
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@click.option("--root", metavar="FOLDER", help="The archive's root, if it is not to be looked for.")
@click.option(
    "--select",
    multiple=True,
    metavar="RULES",
    help="Run only these rules: codes, prefixes (NA2) or names, with commas; ALL is all.",
)
@click.option("--ignore", multiple=True, metavar="RULES", help="Do not run these rules.")
@click.option(
    "--fail-on",
    type=click.Choice(FAIL_ON),
    default="error",
    show_default=True,
    help="The least severity that makes the exit status 1.",
)
@click.option(
    "--output-format",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How findings are printed.",
)
@click.option(
    "--fix", is_flag=True, help="Repair what can be repaired safely, then report the rest."
)
@click.option("--diff", is_flag=True, help="Print what --fix would change; write nothing.")
@click.option(
    "--jobs",
    type=click.IntRange(1),
    metavar="N",
    help="Processes that read pages (default: one for each core).",
)
@click.option(
    "--today",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="YYYY-MM-DD",
    help="The day that future dates are measured against (default: today).",
)
def check(
    paths: tuple[str, ...],
    root: str | None,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    fail_on: str,
    output_format: str,
    fix: bool,
    diff: bool,
    jobs: int | None,
    today: datetime.datetime | None,
) -> int:
    """Check an archive, or some of its pages.

    PATH is an archive's folder (one that holds news/), or a folder or page in one; without any
    the working folder. The archive's root is looked for upwards. Links are followed through the
    whole archive whichever pages are checked.

    Exit status: 0 clean, 1 findings at or above --fail-on or files that could not be repaired,
    2 misuse or nothing to check.
    """
    archives = open_archives(paths or (root or ".",), root)

    def run(progress: Callable[[str], Progress | None]) -> list[Report]:
        return [
            check_archive(
                archive,
                select=words(select),
                ignore=words(ignore),
                only=only,
                today=today.date() if today else None,
                jobs=jobs,
                progress=progress(str(archive.root)),
            )
            for archive, only in archives
        ]

    try:
        reports = run(_progress)
        repairs = []
        if fix or diff:
            repairs = [
                repair(archive, report.diagnostics, write=not diff)
                for (archive, _), report in zip(archives, reports, strict=True)
            ]
        if fix and not diff and any(r.changed for r in repairs):
            archives = [(Archive(archive.root), only) for archive, only in archives]
            reports = run(_progress)
    except UnknownRuleError as error:
        raise click.UsageError(str(error)) from None
    report = _merged(reports)
    if not report.page_count and not report.diagnostics:
        names = ", ".join(str(archive.root) for archive, _ in archives)
        raise click.UsageError(f"{names}: nothing to check (no .md file)")
    if diff:
        _print_diff(repairs)
    else:
        _print(report, output_format)
    _tell(repairs, written=not diff)
    refused = any(r.refused for r in repairs)
    failed = fail_on != "never" and report.at_least(Severity(fail_on))
    return 1 if failed or refused else 0


def _merged(reports: list[Report]) -> Report:
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


def _print(report: Report, output_format: str) -> None:
    if output_format == "json":
        lines: Iterator[str] = json_writer.lines(report)
    elif sys.stdout.isatty():
        lines = text_writer.lines(report, click.style)
    else:
        lines = text_writer.lines(report)
    for line in lines:
        click.echo(line)


def _print_diff(repairs: list[Repair]) -> None:
    from newsarchive.writers.diff import unified

    for outcome in repairs:
        for file, old, new in outcome.changed:
            for line in unified(file, old, new):
                click.echo(line)


def _tell(repairs: list[Repair], *, written: bool) -> None:
    """Say on standard error what was repaired and what was refused."""
    findings = sum(r.fixed.total() for r in repairs)
    files = sum(len(r.changed) for r in repairs)
    for outcome in repairs:
        for file, reason in outcome.refused:
            click.echo(f"not repaired: {text_writer.printable(file)}: {reason}", err=True)
    if repairs:
        verb = "Fixed" if written else "Would fix"
        what = text_writer.count(findings, "finding")
        click.echo(f"{verb} {what} in {text_writer.count(files, 'file')}.", err=True)


def _progress(name: str) -> Progress | None:
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
