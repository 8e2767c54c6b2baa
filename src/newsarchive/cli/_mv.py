"""``newsarchive mv``, ``newsarchive rm`` and ``newsarchive recover``."""

import os

import click

from newsarchive.archive import Archive
from newsarchive.cli._links import inbound, told_of, why
from newsarchive.cli._locate import (
    archive_and_path,
    archive_around,
    existing_page,
    require_writable,
)
from newsarchive.cli._options import root_option
from newsarchive.cli._rows import Told, tell
from newsarchive.editing.change import ArchiveChange, planned
from newsarchive.editing.following import ENTRIES
from newsarchive.errors import PageNotFoundError, RefusedMoveError, RefusedWriteError
from newsarchive.page.printable import printable
from newsarchive.page.reading import Link, LinkKind
from newsarchive.store.listing import JOURNAL, UNFINISHED
from newsarchive.writers.diff import changed_files
from newsarchive.writers.text import count

# What becomes of links to a page that is removed.
_DID = ("taken out", "led on", "broken")
_WOULD = ("would go", "would be led on", "would break")

_diff = click.option("--diff", is_flag=True, help="Print what would change; write nothing.")


@click.command(short_help="Rename a page, and have every link follow.")
@click.argument("old")
@click.argument("new", required=False)
@click.option(
    "--title", metavar="TEXT", help="Give the page this title, and the path that follows from it."
)
@click.option(
    "--slug", metavar="TEXT",
    help="With --title: the last part of the new path, without .md, in place of what follows.",
)  # fmt: skip
@root_option
@_diff
def mv(
    old: str, new: str | None, title: str | None, slug: str | None, root: str | None, diff: bool
) -> int:
    """Rename the event page OLD to NEW, in the same day's folder, and have every link follow.

    With --title instead of NEW the page gets another title: its path follows from that, an entry
    under Changes keeps the old one, and links that quoted the old title quote the new one.

    OLD and NEW are files, or archive paths (/news/...) in the archive around the working folder.
    All or nothing: a change that is interrupted is finished by 'newsarchive recover', and by the
    next mv or rm.

    Exit status: 0 done, 1 refused (nothing was written), 2 misuse.
    """
    if (new is None) == (title is None):
        raise click.UsageError("mv takes either NEW or --title")
    if slug is not None and title is None:
        raise click.UsageError("--slug goes with --title; NEW names the whole path")
    archive = archive_and_path(old, root)[0]
    require_writable(archive, "mv")
    if not _recovered(archive, diff):
        return 1
    _, path = existing_page(old, root)
    try:
        change = archive.change()
        if new is not None:
            _, target = archive_and_path(new, root if root is not None else str(archive.root))
            change.move(path, target)
        else:
            change.retitle(path, title or "", slug=slug)
        return _done(archive, change, diff)
    except (RefusedMoveError, PageNotFoundError, OSError) as error:
        return _refused(error)


@click.command(short_help="Remove a page.")
@click.argument("page")
@click.option(
    "--entries", is_flag=True, help="Also take out the related links and index entries to it."
)
@root_option
@_diff
def rm(page: str, entries: bool, root: str | None, diff: bool) -> int:
    """Remove PAGE, and list the links that lead to it.

    Where it is a day's index, "Previous Day..." of the next day leads to the day before.

    PAGE is a file, or an archive path (/news/...) in the archive around the working folder.

    Exit status: 0 done, 1 refused (nothing was written), 2 misuse.
    """
    archive, path = archive_and_path(page, root)
    require_writable(archive, "rm")
    if not _recovered(archive, diff):
        return 1
    _, path = existing_page(page, root)
    try:
        change = archive.change()
        change.remove(path, entries)
        found = list(inbound(archive, path))
        edited = {printable(archive.file(page)) for page in change.changed}
        status = _done(archive, change, diff)
    except (RefusedMoveError, PageNotFoundError, OSError) as error:
        return _refused(error)
    went, led, broke = _WOULD if diff else _DID

    def fate(where: str, link: Link) -> str:
        if entries and link.kind in ENTRIES:
            return went
        is_led = link.kind is LinkKind.PREVIOUS_DAY and where.rsplit(":", 2)[0] in edited
        return led if is_led else broke

    rows = [told_of(where, fate(where, link), link) for where, link in found]
    tell(rows, err=diff)
    return status


@click.command(short_help="Finish a move or removal that was interrupted.")
@click.argument("folder", required=False, default=".")
def recover(folder: str) -> int:
    """Finish an mv or rm that was interrupted in the archive that FOLDER is in.

    Exit status: 0 finished, or nothing to finish, 1 refused, 2 misuse.
    """
    archive = archive_around(folder)
    require_writable(archive, "recover")
    try:
        pages = archive.recover()
    except OSError as error:
        return _refused(error)
    if not pages:
        click.echo("Nothing to recover.")
    for path in pages:
        click.echo(f"finished {printable(archive.file(path))}")
    return 0


def _refused(error: Exception) -> int:
    click.echo(f"refused: {why(error)}", err=True)
    return 1


def _recovered(archive: Archive, diff: bool) -> bool:
    """Finish what was interrupted before; whether the archive is ready for another change."""
    try:
        journal = archive.file(f"/{JOURNAL}")
        if diff and os.path.lexists(journal):
            raise RefusedWriteError(journal, UNFINISHED)
        pages = () if diff else archive.recover()
    except OSError as error:
        _refused(error)
        return False
    if pages:
        click.echo(f"Finished an interrupted change of {count(len(pages), 'page')}.", err=True)
    return True


def _done(archive: Archive, change: ArchiveChange, diff: bool) -> int:
    """Make the change, or show it, and say so."""
    files = changed_files(planned(change), archive.file)
    if not diff:
        change.commit()
    rows = []
    for one in files:
        if diff:
            for line in one.diff():
                click.echo(line)
            continue
        names = " -> ".join(printable(name) for name in (one.before, one.file) if name)
        verb = "renamed" if one.before else "removed" if one.new is None else "changed"
        rows.append(Told(f"{verb} {names}", verb, one.file))
    tell(rows)
    verb = "would change" if diff else "changed"
    click.echo(f"{count(len(files), 'page')} {verb}.", err=True)
    return 0
