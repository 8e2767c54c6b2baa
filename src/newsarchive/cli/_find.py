"""``newsarchive find``."""

from __future__ import annotations

import datetime

import click

from newsarchive.archive import configured
from newsarchive.cli._flags import Flags
from newsarchive.cli._locate import near, open_archives
from newsarchive.cli._options import day_options, root_option
from newsarchive.cli._rows import Told, tell
from newsarchive.cli._setting_options import setting_options
from newsarchive.page.printable import printable
from newsarchive.runs.cache_folders import cache_folder
from newsarchive.store.store import ahead


@click.command(short_help="Find events by words.")
@click.argument("words", nargs=-1, required=True)
@day_options("Only events of days")
@root_option
@setting_options("cache", "cache_dir")
def find(
    words: tuple[str, ...],
    since: datetime.date | None,
    until: datetime.date | None,
    root: str | None,
    flags: Flags,
) -> int:
    """Print day, title and file of the events that hold all WORDS, by day.

    They are looked for in title, topic and description; letter case does not matter. "elect*"
    matches every word that begins with it. The archive is the one around the working folder, or
    --root.

    Exit status: 0 found, 1 nothing found, 2 misuse.
    """
    from newsarchive.tables.days import day_in, event_paths
    from newsarchive.tables.search import paths_with

    [(archive, _)] = open_archives((root or ".",), root)
    settings = flags.settings(archive)
    archive = configured(archive, settings)
    cache = cache_folder(settings)
    found = event_paths(paths_with(archive, " ".join(words), cache), since, until)
    rows = []
    for path in ahead(archive.store, found):
        title, day = printable(archive.title(path) or ""), day_in(path) or "?"
        line = f"{day} {title} {near(archive.file(path))}"
        rows.append(Told(line, str(day), archive.file(path), title))
    tell(rows)
    return 0 if found else 1
