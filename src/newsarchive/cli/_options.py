"""Options that several commands share, and what they mean."""

from collections.abc import Iterable
from pathlib import Path

import click

from newsarchive.archive import Archive, find_root
from newsarchive.errors import NotAnArchiveError
from newsarchive.writers.text import printable

cache_dir_option = click.option(
    "--cache-dir",
    metavar="FOLDER",
    envvar="NEWSARCHIVE_CACHE_DIR",
    help="The folder that caches are kept in (default: in the user's cache folder).",
)


def words(values: Iterable[str]) -> tuple[str, ...]:
    """Option values that may hold several words apart by commas."""
    return tuple(word.strip() for value in values for word in value.split(",") if word.strip())


def open_archives(
    paths: tuple[str, ...], root: str | None
) -> list[tuple[Archive, frozenset[str] | None]]:
    """The archives that command-line paths belong to, and which of their pages are meant.

    A path is an archive's folder (all its pages are meant), or a folder or file in one.

    Raises:
        click.UsageError: a path does not exist, is in no archive, or holds no page.
    """
    found: dict[str, tuple[Archive, set[str] | None]] = {}
    for path in paths:
        given = Path(path)
        if not given.exists():
            raise click.UsageError(printable(f"{path}: no such file or folder"))
        try:
            base = Path(root) if root is not None else find_root(given)
            key = str(base.resolve())
            archive, only = found.get(key) or (Archive(base), set())
        except NotAnArchiveError as error:
            raise click.UsageError(printable(str(error))) from None
        inside = given.resolve()
        if not inside.is_relative_to(key):
            raise click.UsageError(printable(f"{path} is not in the archive {base}"))
        below = inside.relative_to(key).as_posix()
        if below == ".":
            only = None
        elif only is not None:
            prefix = f"/{below}"
            pages = {prefix} if prefix in archive else _below(archive, prefix)
            if not pages:
                reason = "no page (a page is a .md file in the archive)"
                raise click.UsageError(printable(f"{path}: {reason}"))
            only |= pages
        found[key] = archive, only
    return [(a, None if only is None else frozenset(only)) for a, only in found.values()]


def _below(archive: Archive, folder: str) -> set[str]:
    """The pages in a folder and in the folders below it."""
    return {path for path in archive if path.startswith(f"{folder}/")}
