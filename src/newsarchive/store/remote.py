"""Archives in storages that a URL names: buckets, zip files, repositories. They are read alone."""

from __future__ import annotations

import os
from array import array
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any

from newsarchive.errors import NotAnArchiveError
from newsarchive.store.listing import (
    Folder,
    Listing,
    Scan,
    Stat,
    Trouble,
    TroubleKind,
    folders_of,
    no_folder,
    stats_of,
)
from newsarchive.store.requests import Client, Content, HeldFiles, RemoteFile
from newsarchive.store.urls import above, scheme_of, shown

_LINK = "a symbolic link in a storage is not followed"

IN_FLIGHT = 128
"""So many files are asked for at a time: an answer takes a while, however small it is."""

_AHEAD = 1 << 26
"""So many bytes at most are kept of files that were read ahead."""


_MOST_HELD = 4096
"""So many files are kept at most before those that were read with others are dropped."""


class _Storage:
    """What stores of one storage share: the client, what it listed, and what was read ahead."""

    def __init__(self, url: str, in_flight: int, options: dict[str, Any]) -> None:
        self.opening = url, in_flight, options
        self._client: Client | None = _client(url, options)
        self._process = os.getpid()
        self.expected: dict[str, Stat] = {}
        self.ahead: dict[str, Content] = {}
        self._files: list[RemoteFile] | None = None

    @property
    def client(self) -> Client:
        """In a process that was forked since, opened anew: the parent's is in use there."""
        if self._client is None or self._process != os.getpid():
            self._client, self._process = _client(self.opening[0], self.opening[2]), os.getpid()
        return self._client

    @property
    def is_listed(self) -> bool:
        return self._files is not None

    def files(self) -> list[RemoteFile]:
        if self._files is None:
            files = list(self.client.files())
            self.expected = {file.path: file.stat for file in files}
            self._files = files
        return self._files

    def forget(self) -> None:
        if self.client.can_be_opened_again:
            self._client = None  # it may know names and contents of its own
        self._files, self.expected, self.ahead = None, {}, {}

    def read(self, paths: Iterable[str]) -> Iterator[tuple[str, Content]]:
        states = self.expected
        return self.client.read(((path, states.get(path)) for path in paths), self.opening[1])


class RemoteStore:
    """The files below a URL, as they were when they were first listed.

    A file that is gone or another one by then cannot be read. Credentials are those that the
    libraries find: obstore for ``s3``, ``gs``, ``az`` and ``memory``, fsspec for all else.

    Args:
        url: the archive's root, such as ``s3://bucket/prefix`` or ``zip://old/news.zip``.
        in_flight: how many files are asked for at a time.
        options: as ``obstore.store.from_url`` or ``fsspec.core.url_to_fs`` takes them; or
            ``client``, a store of obstore that is open.

    Raises:
        MissingPackageError: the extra ``remote`` is not installed.
        StorageError: the library cannot make anything of this.
    """

    has_states = True
    history = ""

    def __init__(self, url: str, *, in_flight: int = IN_FLIGHT, **options: Any) -> None:
        self.home: str = shown(url)
        self._storage = _Storage(url, in_flight, options)
        self._inside = ""
        self._folders: dict[str, Folder] = {}
        self._visited: set[str] = set()

    def __str__(self) -> str:
        return self.home

    def __repr__(self) -> str:
        return f"RemoteStore({self.home!r})"

    def __reduce__(self) -> tuple[Any, ...]:
        client, (url, in_flight, options) = self._storage.client, self._storage.opening
        if not client.can_be_opened_again:
            options = {"held": [*HeldFiles.of(client, in_flight)]}
        return _reopened, (url, in_flight, options, self._inside)

    # Names.

    def has_news(self) -> bool:
        """Whether this is an archive's root."""
        return self._storage.client.has_news()

    def below(self, folder: str) -> RemoteStore:
        """The files in one of its folders; what one of both has listed, the other knows."""
        return self._beside(self._inside + folder, self.home + folder)

    def _beside(self, inside: str, home: str) -> RemoteStore:
        store = object.__new__(RemoteStore)  # a copy would be opened anew
        store._storage, store._inside, store.home = self._storage, inside, home
        store._folders, store._visited = {}, set()
        return store

    def around(self) -> Iterator[RemoteStore]:
        """It, and the stores of the folders that it is in, up to what was opened."""
        store = self
        yield store
        while inside := store._inside:
            outer = inside.rpartition("/")[0]
            store = store._beside(outer, store.home.removesuffix(inside[len(outer) :]))
            yield store

    def list_folder(self, folder: str, *, stats: bool = False) -> Folder:
        """What is in one folder; the first call lists all. States come in any case.

        Raises:
            StorageError: the storage cannot be listed.
        """
        return self._listed().get(folder) or no_folder(folder)

    def forget(self) -> None:
        """List anew what is asked for next."""
        self._folders, self._visited = {}, set()
        self._storage.forget()

    def exists(self, path: str) -> bool:
        """Whether there is a file of exactly this key."""
        folder, _, name = path.rpartition("/")
        found = self._listed().get(folder)
        return found is not None and (name in found.listing.names or path in found.others)

    def label(self, path: str) -> str:
        """The file's URL."""
        return f"{self.home}{path}"

    def aliases(self, known: Scan | None = None) -> dict[str, list[str]]:
        """None: symbolic links are not followed here."""
        return {}

    def is_alias(self, path: str) -> bool:
        """Never."""
        return False

    def _listed(self) -> dict[str, Folder]:
        if not self._folders or not self._storage.is_listed:
            self._folders = _by_folder(self._storage.files(), self._inside)
        return self._folders

    # Contents.

    def read(self, path: str) -> bytes:
        """What a file holds.

        Raises:
            OSError: it is gone, changed since it was listed, or is too large.
            StorageError: the storage refuses, or does not answer.
        """
        found = self._storage.ahead.get(self._inside + path)
        if found is None:
            found = self._read_with_others(path)
        if isinstance(found, OSError):
            raise found
        return found

    def _read_with_others(self, path: str) -> Content:
        """What a file holds; who asks for a second one of a folder will ask for others, too."""
        folder, wanted = path.rpartition("/")[0], [path]
        held = self._storage.ahead
        if folder in self._visited and self._storage.is_listed:
            names = self.list_folder(folder).listing.names
            beside = (f"{folder}/{name}" for name in names)
            wanted += [one for one in beside if one != path and self._inside + one not in held]
        self._visited.add(folder)
        if len(held) > _MOST_HELD:
            held.clear()
        (_, found), *others = self.read_many(wanted)
        held.update((self._inside + one, content) for one, content in others)
        return found

    def read_many(self, paths: Iterable[str]) -> Iterator[tuple[str, bytes | OSError]]:
        """What files hold; many are asked for at a time."""
        start = len(self._inside)
        found = self._storage.read(self._inside + path for path in paths)
        return ((path[start:], content) for path, content in found)

    def read_ahead(self, paths: Iterable[str]) -> None:
        """Have files at hand that will be read one by one, in place of those before."""
        self._storage.files()
        states, chosen, room = self._storage.expected, [], _AHEAD
        for path in dict.fromkeys(self._inside + path for path in paths):
            room -= states[path][0] if path in states else 0
            if path in states and room >= 0:
                chosen.append(path)
        self._storage.ahead = dict(self._storage.read(chosen))

    def expect(self, listings: Iterable[Listing]) -> None:
        """Take up what another process has listed: what is read must be what was listed."""
        if self._storage.is_listed:
            return
        self._storage.expected = {
            f"{self._inside}{listing.folder}/{name}": stat
            for listing in listings
            for name, stat in zip(listing.names, stats_of(listing), strict=True)
            if stat
        }


def _reopened(url: str, in_flight: int, options: dict[str, Any], inside: str) -> RemoteStore:
    store = RemoteStore(url, in_flight=in_flight, **options)
    return store.below(inside) if inside else store


def _client(url: str, options: dict[str, Any]) -> Client:
    if "held" in options:
        return HeldFiles(options["held"])
    from newsarchive.store.objects import SCHEMES, ObjectClient

    if scheme_of(url) in SCHEMES:
        return ObjectClient(url, options)
    from newsarchive.store.filesystems import FileSystemClient

    return FileSystemClient(url, options)


def _by_folder(files: Iterable[RemoteFile], inside: str) -> dict[str, Folder]:
    """Files by folder, with states; of those in one folder, all paths begin there."""
    states: dict[str, Stat] = {}
    troubles = []
    for file, stat, is_link in files:
        if not file.startswith(f"{inside}/"):
            continue
        path = file[len(inside) :]
        if not is_link:
            states[path] = stat
        elif path.endswith(".md"):
            troubles.append(Trouble(TroubleKind.NOT_FOLLOWED, path, _LINK))
    folders = folders_of(states, troubles)
    # What programs put there to show an empty folder is no file.
    marks = [path for path in states if path in folders and not states[path][0]]
    if marks:
        states = {path: stat for path, stat in states.items() if path not in marks}
        folders = folders_of(states, troubles)
    for path, folder in folders.items():
        kept = chain.from_iterable(states[f"{path}/{name}"] for name in folder.listing.names)
        listing = folder.listing._replace(stats=array("q", kept).tobytes())
        folders[path] = folder._replace(listing=listing, others=sorted(folder.others))
    return folders


def open_around(url: str) -> tuple[RemoteStore, str]:
    """The store of the archive that a URL leads into, and the archive path of what it names there.

    The path is empty for the archive's root.

    Raises:
        NotAnArchiveError: neither it nor anything above it holds ``news/``.
        MissingPackageError, StorageError: the storage cannot be read.
    """
    here, path = url, ""
    while True:
        store = RemoteStore(here)
        if store.has_news():
            return store, path
        here, name = above(here)
        if not name:
            raise NotAnArchiveError(shown(url))
        path = f"/{name}{path}"
