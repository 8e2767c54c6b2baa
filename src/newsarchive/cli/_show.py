"""``newsarchive show``."""

import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from newsarchive.cli._locate import archive_around, existing_page, path_of, settings_of
from newsarchive.page.editions import Edition
from newsarchive.page.printable import printable
from newsarchive.store.urls import is_url
from newsarchive.writers.text import escaped


def _edition_around(file: str) -> Edition:
    """The edition of the archive that a file is in, as its configuration says or its pages tell."""
    from newsarchive.archive import configured

    archive = archive_around(file)
    return configured(archive, settings_of(archive)).edition


class _FileOrUrl(click.Path):
    """A file that is there, or the URL of one."""

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> str | bytes | os.PathLike[str]:
        return value if is_url(value) else super().convert(value, param, ctx)


@click.command(short_help="Print a page's model as JSON.")
@click.argument("file", type=_FileOrUrl(exists=True, dir_okay=False, allow_dash=True))
@click.option(
    "--path", metavar="PATH", help="The page's archive path, where the file is in no archive."
)
@click.option("--compact", is_flag=True, help="One line, without spaces.")
def show(file: str, path: str | None, compact: bool) -> int:
    """Print the model of the page in FILE, or at a URL, as JSON ("-" reads standard input).

    Exit status: 0 printed, 1 no page can be built from the file, 2 misuse.
    """
    from newsarchive.rules.inspection import inspect  # the help needs no parser

    edition: Edition | None = None
    if is_url(file):
        archive, own = existing_page(file, None)
        edition, file = archive.edition, archive.file(own)
    else:
        own = "" if file == "-" else path_of(file)
        edition = _edition_around(file) if own else None
    if file == "-":
        data = sys.stdin.buffer.read()
    else:
        try:
            data = archive.read_bytes(own) if is_url(file) else Path(file).read_bytes()
        except OSError as error:
            raise click.UsageError(printable(f"{file}: {error.strerror}")) from None
    found = inspect(data, path if path is not None else own, edition=edition)
    if found.page is None:
        for d in found.diagnostics:
            if d.severity == "error":
                click.echo(replace(d, file=file), err=True)
        return 1
    click.echo(escaped(found.page.model_dump_json(indent=None if compact else 2)))
    return 0
