"""Files that reports are written to: ``--output-file FORMAT:FILE``."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from newsarchive.archive import Archive
from newsarchive.cli._console import click
from newsarchive.page.lazy_tuples import NamedTuple
from newsarchive.store.listing import JOURNAL
from newsarchive.store.urls import is_url
from newsarchive.writers import BY_NAME, Format


class Target(NamedTuple):
    """A file that a report is to be written to, as it was named, and its format."""

    form: Format
    file: str


def parse(values: Iterable[str]) -> tuple[Target, ...]:
    """The targets that ``FORMAT:FILE`` options name.

    Raises:
        click.BadParameter: a format is unknown, or no file is named.
    """
    found = []
    for value in values:
        name, _, file = value.partition(":")
        if name not in BY_NAME:
            known = ", ".join(BY_NAME)
            raise click.BadParameter(f"{value!r} does not begin with a format ({known}) and ':'")
        if not file:
            raise click.BadParameter(f"{value!r} names no file; write {name}:FILE")
        found.append(Target(BY_NAME[name], file))
    return tuple(found)


def require(targets: Sequence[Target], archives: Sequence[Archive]) -> None:
    """Refuse, before the work is done, files that cannot be written or must not be.

    Raises:
        click.UsageError: a file's folder does not exist or is read-only, it is a folder, lies among
            the pages of an archive, or is named twice.
    """
    seen: dict[str, str] = {}
    for target in targets:
        real = os.path.realpath(target.file)
        file = target.file
        if os.path.exists(file) and not os.path.isfile(file) and not os.path.isdir(file):
            continue  # a pipe or a device, which is written to as it is
        reason = _fault(Path(real), archives)
        if not reason and real in seen:
            reason = "another report is written there"
        if reason:
            raise click.UsageError(f"cannot write {target.file}: {reason}")
        seen[real] = target.file


def _fault(file: Path, archives: Sequence[Archive]) -> str:
    """What keeps a report from being written to a file; empty where nothing does."""
    exists = os.path.exists(file)
    if os.path.isdir(file):
        return "it is a folder"
    if not os.path.isdir(file.parent):
        return f"there is no folder {file.parent}"
    for archive in archives:
        if lies_in(file, archive):
            return f"it lies among the pages of the archive {archive.home}"
    if exists and not os.access(file, os.W_OK):
        return "it is read-only"
    return "" if os.access(file.parent, os.W_OK) else f"the folder {file.parent} is read-only"


def lies_in(file: str | os.PathLike[str], archive: Archive) -> bool:
    """Whether a file is, or would be, a page of an archive or one of its other files.

    A repository's own files, such as a report in the root, are not. Letter case does not count, as
    some file systems see none.
    """
    home = archive.store.home
    if is_url(home):
        return False
    path, root = (os.path.realpath(name).casefold() for name in (file, home))
    base = root.rstrip(os.sep) + os.sep
    if not path.startswith(base):
        return False
    below = path.removeprefix(base)
    return (
        below.endswith(".md")
        or below.split(os.sep)[0] in ("news", "opinion", ".git")
        or below == JOURNAL
    )
