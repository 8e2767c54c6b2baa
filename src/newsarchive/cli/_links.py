"""``newsarchive links``, and how commands find the one page that they are about."""

import os
from collections.abc import Iterator
from pathlib import Path

import click

from newsarchive.archive import Archive, find_root
from newsarchive.cli._options import path_in, root_of, root_option
from newsarchive.errors import NewsArchiveError, NotAnArchiveError
from newsarchive.page.paths import path_fault
from newsarchive.page.printable import printable
from newsarchive.page.reading import Link, LinkKind, Reading
from newsarchive.page.sections import ChangeKind
from newsarchive.writers.text import count


def archive_and_path(given: str, root: str | None) -> tuple[Archive, str]:
    """The archive that a page belongs to, and its archive path, whether it exists or not.

    Args:
        given: a file, or an archive path (/news/...) in the archive around the working folder.
        root: the archive's root, if it is not to be looked for.

    Raises:
        click.UsageError: there is no archive, or the file is not in it.
    """
    try:
        if given.startswith("/") and not os.path.lexists(given):
            return Archive(find_root(".") if root is None else root), given
        if given.startswith("/") and root is not None and given in (archive := Archive(root)):
            return archive, given
        file = Path(given)
        base = root_of(file.parent) if root is None else Path(root)
        path = path_in(base, file)
        if path is None:
            raise click.UsageError(printable(f"{given} is not in the archive {base}"))
        return Archive(base), path
    except NotAnArchiveError as error:
        raise click.UsageError(printable(str(error))) from None


def existing_page(given: str, root: str | None) -> tuple[Archive, str]:
    """The archive that a page belongs to, and its archive path.

    Raises:
        click.UsageError: there is no such page.
    """
    archive, path = archive_and_path(given, root)
    if path not in archive:
        raise click.UsageError(printable(f"{given}: no page (a page is a .md file in the archive)"))
    return archive, path


def why(error: Exception) -> str:
    """An error in words, for a terminal."""
    if isinstance(error, OSError) and not isinstance(error, NewsArchiveError) and error.strerror:
        return printable(f"{error.filename or ''}: {error.strerror}".removeprefix(": "))
    return printable(str(error))


def inbound(archive: Archive, path: str) -> Iterator[tuple[str, Link]]:
    """Each link of another page to a path, with its place as ``file:line:column``."""
    for page in dict.fromkeys(found.page for found in archive.links_in(path)):
        reading = archive.reading(page)
        for link in reading.links():
            if link.target.partition("#")[0] == path:
                yield place(archive, reading, link), link


def place(archive: Archive, reading: Reading, link: Link) -> str:
    """Where a link's target stands: ``file:line:column``."""
    start = link.start if link.kind is LinkKind.FORMAT else link.match.start("target")
    line, column = reading.document.position(reading.span(start, start).start)
    return printable(f"{archive.file(reading.path)}:{line}:{column}")


@click.command(short_help="List the links out of a page and into it.")
@click.argument("page")
@root_option
def links(page: str, root: str | None) -> int:
    """List the links out of PAGE and into it, each with its place, kind and state.

    PAGE is a file, or an archive path (/news/...) in the archive around the working folder.
    States: ok, broken, external (not looked at), absent (an older version, or another format,
    that the archive does not keep).

    Exit status: 0 no link out of the page is broken, 1 one is, 2 misuse.
    """
    archive, path = existing_page(page, root)
    try:
        reading = archive.reading(path)
        out = [(place(archive, reading, link), link) for link in reading.links()]
        into = list(inbound(archive, path))
    except OSError as error:
        click.echo(why(error), err=True)
        return 1
    states = [state(archive, path, link) for _, link in out]
    click.echo(f"{count(len(out), 'link')} out of {printable(path)}:")
    for (where, link), found in zip(out, states, strict=True):
        click.echo(f"{where}: {found} {link.kind} {printable(link.target)}")
    click.echo(f"{count(len(into), 'link')} into it:")
    for where, link in into:
        click.echo(f"{where}: {link.kind} '{printable(link.title)}'")
    return 1 if "broken" in states else 0


def state(archive: Archive, path: str, link: Link) -> str:
    """Whether a link leads somewhere: ``ok``, ``broken``, ``external`` or ``absent``."""
    if link.kind in (LinkKind.SOURCE, LinkKind.COVER_IMAGE):
        return "external"
    target = link.target.partition("#")[0]
    if not path_fault(target) and archive.exists(target):
        return "ok"
    older = link.kind is LinkKind.CHANGE and link.match["kind"] != ChangeKind.CURRENT_VERSION
    return "absent" if older or link.kind is LinkKind.FORMAT else "broken"
