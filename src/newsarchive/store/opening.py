"""The store of an archive, by how callers name it."""

from __future__ import annotations

import os
from pathlib import Path

from newsarchive.errors import NotAnArchiveError, RefusedWriteError, StorageError
from newsarchive.store.local import LocalFolder
from newsarchive.store.store import ONLY_FOLDERS, Store
from newsarchive.store.urls import is_url, shown


def store_at(root: str | os.PathLike[str]) -> Store:
    """The store of an archive that a folder or a URL names.

    Raises:
        NotAnArchiveError: it holds no ``news/`` folder.
        StorageError, MissingPackageError: the storage of a URL cannot be read.
    """
    if is_url(root):
        from newsarchive.store.remote import RemoteStore  # most archives are folders

        store = RemoteStore(root)
        if not store.has_news():
            raise NotAnArchiveError(store.home)
        return store
    if not (Path(root) / "news").is_dir():
        raise NotAnArchiveError(str(root))
    return LocalFolder(root)


def make_folder(root: str | os.PathLike[str]) -> None:
    """Make a folder that holds an empty ``news/``.

    Raises:
        RefusedWriteError: it holds one already, or a URL stands in place of a folder.
        OSError: it cannot be made.
    """
    if is_url(root):
        raise RefusedWriteError(shown(root), ONLY_FOLDERS)
    news = Path(root) / "news"
    try:
        news.mkdir(parents=True)
    except FileExistsError:
        raise RefusedWriteError(str(news), "exists already") from None


def folder_of(store: Store) -> Path:
    """The folder where a store's configuration and baseline are looked for.

    Raises:
        StorageError: the archive is in a storage that a URL names.
    """
    if is_url(store.home):
        raise StorageError(store.home, "it is no folder of the disk, which this needs")
    return Path(store.home)
