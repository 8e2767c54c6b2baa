"""Options that several commands share, and what they mean."""

import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import click

from newsarchive.archive import Archive, find_root
from newsarchive.errors import NotAnArchiveError
from newsarchive.page.printable import printable
from newsarchive.rules._plugins import SWITCH

Command = Callable[..., Any]

root_option = click.option(
    "--root", metavar="FOLDER", help="The archive's root, if it is not to be looked for."
)
cache_dir_option = click.option(
    "--cache-dir",
    metavar="FOLDER",
    envvar="NEWSARCHIVE_CACHE_DIR",
    help="The folder that caches are kept in (default: in the user's cache folder).",
)


def _leave_plugins_out(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
    """Leave other packages' rules out until the command ends, in worker processes too."""
    if not wanted:
        return
    before = os.environ.get(SWITCH)
    os.environ[SWITCH] = "1"

    @ctx.call_on_close
    def restore() -> None:
        if before is None:
            del os.environ[SWITCH]
        else:
            os.environ[SWITCH] = before


no_plugins_option = click.option(
    "--no-plugins",
    is_flag=True,
    expose_value=False,
    callback=_leave_plugins_out,
    help=f"Leave out the rules of other packages (as {SWITCH}=1 does).",
)


def text_or_json_option(what: str) -> Callable[[Command], Command]:
    """``--output-format`` of a command that prints something else than findings."""
    return click.option(
        "--output-format",
        type=click.Choice(["text", "json"]),
        default="text",
        show_default=True,
        help=f"How {what} are printed.",
    )


def words(values: Iterable[str]) -> tuple[str, ...]:
    """Option values that may hold several words apart by commas."""
    return tuple(word.strip() for value in values for word in value.split(",") if word.strip())


def root_of(path: Path) -> Path:
    """The root of the archive that a file or folder belongs to, relative where the path is.

    Raises:
        NotAnArchiveError: it is in no archive.
    """
    base = find_root(path)
    if base.is_absolute() and not path.is_absolute():
        return Path(os.path.relpath(base))  # files are named as the user names them
    return base


def path_in(root: str | os.PathLike[str], file: Path) -> str | None:
    """The archive path of a file, which may itself be a link; None where it is not in the root."""
    base = os.path.realpath(root)
    inside = Path(os.path.realpath(file.parent)) / file.name
    return f"/{inside.relative_to(base).as_posix()}" if inside.is_relative_to(base) else None


def near(file: str) -> str:
    """A file's name for people: from the working folder where it lies below it, and printable."""
    below = os.path.abspath(file)
    if below.startswith(os.getcwd().rstrip(os.sep) + os.sep):
        file = os.path.relpath(below)
    return printable(file)


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
            base = Path(root) if root is not None else root_of(given)
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
