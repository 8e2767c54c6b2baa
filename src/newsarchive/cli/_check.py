"""``newsarchive check``."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

import click

from newsarchive.archive import Archive
from newsarchive.cache import default_folder
from newsarchive.cli._options import cache_dir_option, open_archives, words
from newsarchive.cli._output import merged, print_diff, print_report, show_progress, tell
from newsarchive.diagnostics import Severity
from newsarchive.engine import check as check_archive
from newsarchive.errors import UnknownRuleError
from newsarchive.report import Report
from newsarchive.writers.text import printable

if TYPE_CHECKING:
    from newsarchive.repair import Repair

_ROUNDS = 5
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
@click.option(
    "--unsafe-fixes",
    is_flag=True,
    help="With --fix or --diff: also repairs that are likely, not certain.",
)
@click.option(
    "--remove-dead",
    is_flag=True,
    help="With --unsafe-fixes: also remove entries whose target is gone for good.",
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
@click.option("--no-cache", is_flag=True, help="Read every page anew and keep nothing.")
@cache_dir_option
def check(
    paths: tuple[str, ...],
    root: str | None,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    fail_on: str,
    output_format: str,
    fix: bool,
    unsafe_fixes: bool,
    remove_dead: bool,
    diff: bool,
    jobs: int | None,
    today: datetime.datetime | None,
    no_cache: bool,
    cache_dir: str | None,
) -> int:
    """Check an archive, or some of its pages.

    PATH is an archive's folder (one that holds news/), or a folder or page in one; without any
    the working folder. The archive's root is looked for upwards. Links are followed through the
    whole archive whichever pages are checked.

    Exit status: 0 clean, 1 findings at or above --fail-on or files that could not be repaired,
    2 misuse or nothing to check.
    """
    if remove_dead and not unsafe_fixes:
        raise click.UsageError("--remove-dead takes effect with --unsafe-fixes only")
    if unsafe_fixes and not (fix or diff):
        raise click.UsageError("--unsafe-fixes takes effect with --fix or --diff only")
    archives = open_archives(paths or (root or ".",), root)
    notices: list[str] = []

    def run() -> list[Report]:
        reports = [
            check_archive(
                archive,
                select=words(select),
                ignore=words(ignore),
                only=only,
                today=today.date() if today else None,
                jobs=jobs,
                progress=show_progress(str(archive.root)),
                cache=None if no_cache else cache_dir or default_folder(),
            )
            for archive, only in archives
        ]
        notices.extend(notice for report in reports for notice in report.notices)
        return reports

    repairs: list[Repair] = []
    try:
        reports = run()
        for _ in range(_ROUNDS if fix and not diff else int(diff)):
            from newsarchive.repair import repair  # 0.05 s, as it imports the parser

            done = [
                repair(
                    archive,
                    report.diagnostics,
                    unsafe=unsafe_fixes,
                    remove_dead=remove_dead,
                    write=not diff,
                )
                for (archive, _), report in zip(archives, reports, strict=True)
            ]
            repairs += done
            if diff or not any(r.changed for r in done):
                break
            # What is repaired may put other findings right, or make room for the next repair.
            archives = [(Archive(archive.root), only) for archive, only in archives]
            reports = run()
    except UnknownRuleError as error:
        raise click.UsageError(str(error)) from None
    report = merged(reports)
    if not report.page_count and not report.diagnostics:
        names = ", ".join(str(archive.root) for archive, _ in archives)
        raise click.UsageError(printable(f"{names}: nothing to check (no .md file)"))
    if diff:
        print_diff(repairs)
    else:
        print_report(report, output_format)
    for notice in dict.fromkeys(notices):
        click.echo(printable(notice), err=True)
    if fix or diff:
        tell(repairs, written=not diff)
    refused = any(r.refused for r in repairs)
    failed = fail_on != "never" and report.at_least(Severity(fail_on))
    return 1 if failed or refused else 0
