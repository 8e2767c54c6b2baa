"""From a word of the command line to an archive, and to what is meant in it."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from newsarchive.archive import Archive, configured, find_root
from newsarchive.cli._console import click, refusing
from newsarchive.errors import NotAnArchiveError, SettingsError
from newsarchive.page.printable import printable
from newsarchive.runs.meant import archive_at, pages_at, path_in, root_of
from newsarchive.settings import Settings, load_settings
from newsarchive.store.store import ONLY_FOLDERS, WritableStore
from newsarchive.store.urls import is_url, shown

Opened = list[tuple[Archive, frozenset[str] | None]]
"""Archives, and which of the pages of each are meant; None means all."""

_NO_PAGE = "no page (a page is a .md file in the archive)"


def archive_around(word: str) -> Archive:
    """The archive that a file or folder is in; raises UsageError if it is in none."""
    return _at_url(word, None)[0] if is_url(word) else Archive(_root(Path(word), None))


def settings_of(archive: Archive) -> Settings:
    """The settings that hold for an archive, whatever options say.

    Raises:
        click.ClickException: the configuration is wrong.
    """
    try:
        return load_settings(archive)
    except SettingsError as error:
        raise click.ClickException(printable(str(error))) from None


def require_writable(archive: Archive, what: str) -> None:
    """Refuse an archive whose files cannot be changed by an option or command, `what`.

    Raises:
        click.UsageError: it is in a storage that is read alone.
    """
    if not isinstance(archive.store, WritableStore):
        raise _misuse(f"{what} changes files: {archive.store} {ONLY_FOLDERS}")


def archive_and_path(word: str, root: str | None) -> tuple[Archive, str]:
    """The archive that a page belongs to, and its archive path, whether it exists or not.

    The word is a file, or an archive path (/news/...) in the archive around the working folder.

    Raises:
        click.UsageError: there is no archive, or the file is not in it.
    """
    if is_url(word) or is_url(root):
        archive, inside = _at_url(word, root)
        return _configured(archive), inside
    if word.startswith("/"):
        within = _archive_path(word, root)
        if within is not None:
            return _configured(within), word
    file = Path(word)
    base = _root(file.parent, root)
    path = path_in(base, file)
    if path is None:
        raise _misuse(f"{word} is not in the archive {base}")
    return _configured(_archive(base)), path


def existing_page(word: str, root: str | None) -> tuple[Archive, str]:
    """The same for a page that must exist; raises UsageError if there is no such page."""
    archive, path = archive_and_path(word, root)
    if path not in archive:
        raise _misuse(f"{shown(word)}: {_NO_PAGE}")
    return archive, path


def place(word: str, root: str | None) -> tuple[Path, str]:
    """The root of an archive, and the archive path of a file or folder in it; empty for the root.

    Raises:
        click.UsageError: it does not exist, or is in no archive.
    """
    if is_url(word):
        raise _misuse(f"{shown(word)}: it is no folder of the disk, which this needs")
    given = Path(word)
    if not word or not given.exists():
        raise _misuse(f"{word or 'an empty name'}: no such file or folder")
    base = _root(given, root)
    path = path_in(base, given)
    if path is None:
        raise _misuse(f"{word} is not in the archive {base}")
    return base, path


def open_archives(
    words: Iterable[str], root: str | None, others: list[str] | None = None
) -> Opened:
    """The archives that words of the command line belong to, and which of their pages are meant.

    A word is an archive's folder (all its pages are meant), or a folder or file in one. `others`
    takes up the words that mean no page, where these are to be passed over.

    Raises:
        click.UsageError: a word does not exist, is in no archive, or holds no page.
    """
    if root is not None and not is_url(root):
        _archive(Path(root))
    found: dict[str, tuple[Archive, set[str] | None]] = {}
    for word in words:
        try:
            key, archive, path = _opened(word, root)
            archive, only = found.get(key) or (archive, set())
            pages = pages_at(archive, path) if path else set()
            if path and not pages:
                raise _misuse(f"{shown(word)}: {_NO_PAGE}")
        except click.UsageError:
            if others is None:
                raise
            others.append(word)
            continue
        found[key] = archive, None if only is None or not path else only | pages
    return [(a, None if only is None else frozenset(only)) for a, only in found.values()]


def whole_archive(word: str, root: str | None) -> Archive:
    """The archive that a word of the command line is the folder of.

    Raises:
        click.UsageError: it is a part of one; or as `open_archives` raises it.
    """
    [(archive, only)] = open_archives((word,), root)
    if only is not None:
        raise _misuse(f"{shown(word)} is a part of an archive; name its folder")
    return archive


def _opened(word: str, root: str | None) -> tuple[str, Archive, str]:
    """What names the archive that a word is in, that, and an archive path; empty for the root."""
    if is_url(word) or is_url(root):
        archive, path = _at_url(word, root)
        return archive.store.home, archive, path
    base, path = place(word, root)
    return os.path.realpath(base), _archive(base), path


def _at_url(word: str, root: str | None) -> tuple[Archive, str]:
    """The archive in a storage that a word is in, or an archive path; and its archive path.

    Raises:
        click.UsageError: it is in none.
    """
    with refusing(NotAnArchiveError):
        if root is None:
            archive, path = archive_at(word)
            return archive, path or ""
        archive = Archive(root)
    home, named = archive.store.home, shown(word)
    if word.startswith("/"):
        return archive, word
    if named != home and not named.startswith(f"{home}/"):
        raise _misuse(f"{named} is not in the archive {home}")
    return archive, named.removeprefix(home)


def path_of(word: str) -> str:
    """The archive path of a file; empty where it is in no archive."""
    try:
        return path_in(find_root(word), Path(word)) or ""
    except NotAnArchiveError:
        return ""


def near(file: str) -> str:
    """A file's name for people: from the working folder where it lies below it, and printable."""
    if is_url(file):
        return printable(file)
    below = os.path.abspath(file)
    if below.startswith(os.getcwd().rstrip(os.sep) + os.sep):
        file = os.path.relpath(below)
    return printable(file)


def _archive_path(word: str, root: str | None) -> Archive | None:
    """The archive that a word with a slash before it is an archive path of; None for a file."""
    if os.path.lexists(word):
        archive = None if root is None else _archive(Path(root))
        return archive if archive is not None and word in archive else None
    if root is None and _is_in_an_archive(os.path.dirname(word)):
        return None
    if root is not None and path_in(root, Path(word)) is not None:
        return None
    return archive_around(".") if root is None else _archive(Path(root))


def _is_in_an_archive(folder: str) -> bool:
    try:
        find_root(folder)
    except NotAnArchiveError:
        return False
    return True


def _root(given: Path, root: str | None) -> Path:
    """The root of the archive that a file or folder belongs to, relative where its name is."""
    if root is not None:
        return _archive(Path(root)).root
    with refusing(NotAnArchiveError):
        return root_of(given)


def _archive(root: Path) -> Archive:
    with refusing(NotAnArchiveError):
        return Archive(root)


def _configured(archive: Archive) -> Archive:
    """An archive without what its configuration excludes, beside what runs keep of it.

    Raises:
        click.ClickException: the configuration is wrong.
    """
    settings = settings_of(archive)
    from newsarchive.runs.cache_folders import cache_folder
    from newsarchive.runs.keeping import with_cache  # help and completion wait for no rule

    archive, folder = configured(archive, settings), cache_folder(settings, environment=True)
    return with_cache(archive, folder, jobs=settings.jobs) if folder else archive


def _misuse(message: str) -> click.UsageError:
    return click.UsageError(printable(message))
