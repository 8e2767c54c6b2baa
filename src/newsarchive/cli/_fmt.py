"""``newsarchive fmt``."""

import click

from newsarchive.archive import configured
from newsarchive.cli._console import refusing
from newsarchive.cli._flags import Flags
from newsarchive.cli._locate import open_archives, require_writable
from newsarchive.cli._options import pages_only_option, root_option
from newsarchive.cli._output import tell_of_others
from newsarchive.cli._runs import without_collector
from newsarchive.cli._setting_options import setting_options
from newsarchive.errors import UnknownRuleError
from newsarchive.page.printable import printable
from newsarchive.runs.engine import check_archive
from newsarchive.runs.options import RunOptions
from newsarchive.writers.text import count


@click.command(short_help="Give pages the archive's standard layout.")
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@root_option
@pages_only_option
@click.option(
    "--check", "only_check", is_flag=True, help="Write nothing; exit 1 if a page would change."
)
@click.option(
    "--diff", is_flag=True, help="Write nothing; print what would change, exit 1 if anything."
)
@setting_options("ignore", "jobs")
def fmt(
    paths: tuple[str, ...],
    root: str | None,
    pages_only: bool,
    only_check: bool,
    diff: bool,
    flags: Flags,
) -> int:
    """Give pages the standard layout: line endings, byte order marks, entry numbers, spaces.

    What a page says stays as it is: each page is read before and after, and both models must be
    the same. Pages with text that has no place in the format are left alone; 'newsarchive check'
    names them. So are those where the configuration ignores the rules on layout (NA102, NA103,
    NA108, NA401).

    Exit status: 0 done (or nothing to do), 1 a page would change (--check, --diff) or could not
    be written, 2 misuse or no page to work on.
    """
    from newsarchive.editing.repair import repair  # the help needs no parser
    from newsarchive.writers.diff import unified

    changed = refused = pages = 0
    others: list[str] = []
    words = paths if paths or pages_only else (root or ".",)
    for archive, only in open_archives(words, root, others if pages_only else None):
        if not (only_check or diff):
            require_writable(archive, "fmt")
        settings = flags.settings(archive).layout_alone()
        with refusing(UnknownRuleError):
            options = RunOptions.of(settings=settings, only=only, jobs=settings.jobs)
        with without_collector():
            found = check_archive(configured(archive, settings), options)
        pages += found.page_count + len(found.diagnostics)
        outcome = repair(archive, found.diagnostics, write=not (only_check or diff))
        for file, old, new in outcome.changed:
            if diff:
                for line in unified(file, old, new):
                    click.echo(line)
            else:
                verb = "would reformat" if only_check else "reformatted"
                click.echo(f"{verb} {printable(file)}")
        for file, reason in outcome.refused:
            click.echo(f"left alone: {printable(file)}: {printable(reason)}", err=True)
        changed += len(outcome.changed)
        refused += len(outcome.refused)
    if not pages and not pages_only:
        names = printable(", ".join(paths) or ".")
        raise click.UsageError(f"{names}: nothing to format (no .md file)")
    tell_of_others(others)
    verb = "would change" if only_check or diff else "changed"
    click.echo(f"{count(changed, 'page')} {verb}.", err=True)
    return 1 if refused or (changed and (only_check or diff)) else 0
