"""Which archive is meant by a path, and which of its pages."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from newsarchive.archive import Archive, anew, configured, find_root
from newsarchive.errors import NotAnArchiveError, PageNotFoundError
from newsarchive.rules._selection import words_of

if TYPE_CHECKING:
    from newsarchive.page.editions import Edition
    from newsarchive.settings import Settings
from newsarchive.store.names import name_of
from newsarchive.store.urls import is_url


def meant(
    archive: Archive | str | os.PathLike[str],
    only: Iterable[str] | None,
    settings: Settings | None = None,
    edition: Edition | str | None = None,
) -> tuple[Archive, frozenset[str] | None]:
    """The archive, and the archive paths of the pages, that callers mean; None means all.

    They give an archive; its folder; or a folder or page in it, whose pages are meant then, unless
    `only` says which: archive paths of pages or folders, or a single one. What settings exclude is
    not there; they may say the edition, unless another is given.

    Raises:
        NotAnArchiveError: `archive` is a path that lies in no archive.
        StorageError, MissingPackageError: the storage of a URL cannot be read.
        PageNotFoundError: a path of `only`, or `archive` itself, means no page.
    """
    if not isinstance(archive, Archive):
        archive, below = archive_at(archive)
        if below and only is None:
            only = (below,)
    elif not archive.is_scanned:
        archive = anew(archive)  # what is looked up here is not the caller's
    if edition is not None:
        archive = anew(archive, edition)
    if settings is not None:
        archive = configured(archive, settings)
    if only is None:
        return archive, None
    found: set[str] = set()
    for path in map(archive.path_of, words_of(only)):
        pages = pages_at(archive, path)
        if not pages:
            raise PageNotFoundError(path)
        found |= pages
    return archive, frozenset(found)


def archive_at(given: str | os.PathLike[str]) -> tuple[Archive, str | None]:
    """The archive that a folder, a page or a URL is in, and the archive path of what is meant.

    Raises:
        NotAnArchiveError: it is in none, or is not there.
        StorageError, MissingPackageError: the storage of a URL cannot be read.
    """
    if is_url(given):
        from newsarchive.store.remote import open_around  # most archives are folders

        store, path = open_around(given)
        return Archive(store), path
    place = Path(given)
    if not place.exists():
        raise NotAnArchiveError(os.fspath(given))
    root = root_of(place)
    return Archive(root), path_in(root, place)


def pages_at(archive: Archive, path: str) -> set[str]:
    """The page of an archive path, or those in the folder of that path and below it.

    A name that cannot be checked as a page (NA901 to NA903) is one, too: its finding is meant.
    """
    if path in archive:
        return {path}
    if not path.startswith("/"):
        return set()
    folder = f"{path.rstrip('/')}/"
    found = {page for page in archive if page.startswith(folder)}
    named = {trouble.path for trouble in archive.scan.troubles}
    return found | {name for name in named if name == path or name.startswith(folder)}


def root_of(given: Path) -> Path:
    """The root of the archive that a file or folder belongs to, relative where its name is.

    Raises:
        NotAnArchiveError: it is in no archive.
    """
    root = find_root(given)
    if root.is_absolute() and not given.is_absolute():
        return Path(os.path.relpath(root))  # files are named as the user names them
    return root


def path_in(root: str | os.PathLike[str], given: Path) -> str | None:
    """The archive path of a file or folder; empty for the root, None where it is not in the root.

    A file may itself be a symbolic link: its own name counts, not that of what it leads to.
    """
    base = os.path.realpath(root)
    inside = Path(os.path.realpath(given))
    if not given.is_dir():
        named = Path(os.path.realpath(given.parent)) / given.name
        inside = named if named.is_relative_to(base) else inside
    if not inside.is_relative_to(base):
        return None
    below = inside.relative_to(base).as_posix()
    return "" if below == "." else f"/{name_of(below)}"
