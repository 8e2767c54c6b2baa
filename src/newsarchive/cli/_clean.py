"""``newsarchive clean``."""

import click

from newsarchive.cli._options import cache_dir_option
from newsarchive.page.printable import printable
from newsarchive.runs.cache import clean as clean_folder
from newsarchive.runs.cache_folders import NO_FOLDER, default_folder
from newsarchive.writers.text import count


@click.command(short_help="Delete the caches of all archives.")
@cache_dir_option
def clean(cache_dir: str | None) -> int:
    """Delete the caches that 'newsarchive check' keeps, of all archives.

    Nothing is lost but time: the next check reads every page anew.

    Exit status: 0 done (or nothing to do), 1 a cache could not be deleted, 2 there is no
    folder for caches.
    """
    folder = cache_dir or default_folder()
    if folder is None:
        raise click.UsageError(NO_FOLDER)
    try:
        found = clean_folder(folder)
    except OSError as error:
        click.echo(printable(f"{error.filename}: {error.strerror}"), err=True)
        return 1
    click.echo(f"Deleted {count(found, 'cache')}.", err=True)
    return 0
