"""``newsarchive links``."""

from collections.abc import Iterator

import click

from newsarchive.archive import Archive
from newsarchive.cli._locate import existing_page
from newsarchive.cli._options import root_option
from newsarchive.cli._rows import Told, tell
from newsarchive.errors import NewsArchiveError
from newsarchive.findings.names import day_and_slug
from newsarchive.page.paths import path_fault
from newsarchive.page.printable import printable
from newsarchive.page.reading import Link, LinkKind, Reading
from newsarchive.writers.text import count


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
    tell([
        Told(
            f"{where}: {found} {link.kind} {printable(link.target)}", found,
            place=point(where), text=f"{link.kind:12} {_meant(link)}",
        )
        for (where, link), found in zip(out, states, strict=True)
    ])  # fmt: skip
    click.echo(f"{count(len(into), 'link')} into it:")
    tell([told_of(where, "", link) for where, link in into])
    return 1 if "broken" in states else 0


def told_of(where: str, word: str, link: Link) -> Told:
    """A link of another page, as it is told."""
    verb = f"{word}: " if word else ""
    line = f"{where}: {verb}{link.kind} '{printable(link.title)}'"
    file, text = where.rsplit(":", 2)[0], f"{link.kind} '{link.title}'"
    return Told(line, word, file, place=point(where), text=text)


def point(where: str) -> str:
    """The line and column of a place that is told with its file."""
    return ":".join(where.rsplit(":", 2)[1:])


def _meant(link: Link) -> str:
    """Where a link leads, as people read it."""
    return " ".join(part for part in day_and_slug(link.target) if part)


def state(archive: Archive, path: str, link: Link) -> str:
    """Whether a link leads somewhere: ``ok``, ``broken``, ``external`` or ``absent``."""
    if link.kind in (LinkKind.SOURCE, LinkKind.COVER_IMAGE):
        return "external"
    target = link.target.partition("#")[0]
    if not path_fault(target) and archive.exists(target):
        return "ok"
    is_change = link.kind is LinkKind.CHANGE
    older = is_change and not archive.edition.is_current_note(link.match["kind"])
    return "absent" if older or link.kind is LinkKind.FORMAT else "broken"
