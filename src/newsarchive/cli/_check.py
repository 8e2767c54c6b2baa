"""``newsarchive check``."""

from __future__ import annotations

from typing import Any

import click

from newsarchive.cli._checking import CheckRequest, run_check
from newsarchive.cli._cluster import cluster_options
from newsarchive.cli._git import git_options
from newsarchive.cli._options import no_plugins_option, pages_only_option, root_option
from newsarchive.cli._setting_options import setting_options


@click.command(short_help="Check an archive, or some of its pages.")
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@root_option
@pages_only_option
@click.option(
    "--fix", is_flag=True, help="Repair what can be repaired safely, then report the rest."
)
@click.option("--diff", is_flag=True, help="Print what --fix would change; write nothing.")
@click.option(
    "--show-unneeded", is_flag=True, help="List the baseline's entries that are no longer needed."
)
@git_options
@cluster_options
@no_plugins_option
@setting_options()
def check(**given: Any) -> int:
    """Check an archive, or some of its pages.

    PATH is an archive's folder (one that holds news/), or a folder or page in one, or a URL of
    one (s3://bucket/archive, zip://news.zip); without any the working folder. The archive's root is
    looked for upwards. Links are followed through the whole archive whichever pages are checked.
    With --at, PATH may be a bare repository, and --root the archive's folder in it.

    Of a whole archive, archives in its folders (zh/ with a news/ of its own) are checked, too.

    Options replace settings of the configuration ('newsarchive config' shows them). Of several
    archives each has its own; the first one's says how findings are printed.

    Exit status: 0 clean, 1 findings at or above --fail-on or files that could not be repaired,
    2 misuse, a wrong configuration or baseline, or nothing to check.
    """
    return run_check(CheckRequest(**given))
