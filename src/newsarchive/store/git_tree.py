"""The files of an archive as git keeps them: a revision's or the index's, without a checkout."""

from __future__ import annotations

import errno
import os
import stat
import threading
from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import islice
from typing import Any

from newsarchive.errors import GitError
from newsarchive.store.atomic import MAX_BYTES, require_size
from newsarchive.store.git import GitFiles, Repository
from newsarchive.store.listing import (
    Folder,
    Scan,
    Trouble,
    TroubleKind,
    folders_of,
    is_utf8,
    no_folder,
)
from newsarchive.store.names import decoded

_BATCH = 256
_MOST_LINKS = 40  # that one path may lead by way of, as on Linux


class GitTree:
    """A store of files that git keeps, read from its objects.

    Symbolic links lead where they would in a checkout: to files of this tree, and where they lead
    out of it, to what is there on the disk.

    Args:
        repository: where the files are kept.
        entries: the files, by archive path.
        prefix: their folder in the repository's trees, with a slash at its end; or nothing.
        tree: the name of that folder's tree; None is the index.
        revision: the revision that this is of, as it was given.
        shown: the folder that findings name files under.
        home: the folder in the checkout, or the bare repository; by default `shown`.
    """

    has_states = False

    def __init__(
        self,
        repository: Repository,
        entries: GitFiles,
        prefix: str = "",
        *,
        tree: str | None = None,
        revision: str | None = None,
        shown: str = "",
        home: str = "",
    ) -> None:
        self.entries: GitFiles = entries
        self.prefix: str = prefix
        self.tree: str | None = tree
        self.revision: str | None = revision
        self.history: str = repository.folder
        self.home: str = home or shown or repository.folder
        self._shown = shown
        self._repository = repository
        self._process = os.getpid()
        self._objects: tuple[str, ...] = ()
        self._one_at_a_time = threading.Lock()

    def __str__(self) -> str:
        state = "the index" if self.tree is None else f"the revision {self.revision or self.tree!r}"
        return f"{state} of {self.history}"

    def __getstate__(self) -> dict[str, Any]:
        """How it is opened: another process asks a git of its own."""
        kept = ("entries", "prefix", "tree", "revision", "_shown", "history", "home")
        state = {name: self.__dict__[name] for name in kept}
        return {**state, "_objects": self.repository.objects}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._process = 0
        self._one_at_a_time = threading.Lock()

    @property
    def repository(self) -> Repository:
        """Where the files are kept; in a process that was forked since, opened anew."""
        if self._process != os.getpid():
            # The parent's git answers the parent. What holds it stays, or it would be ended.
            self._parents = self.__dict__.get("_repository")
            objects = self._parents.objects if self._parents else self._objects
            self._repository, self._process = Repository(self.history), os.getpid()
            self._repository.take_objects(objects)
        return self._repository

    def below(self, folder: str) -> GitTree:
        """The files in one of its folders, as a store of their own."""
        name, start = folder[1:], f"{folder}/"
        entries = {p[len(folder) :]: e for p, e in self.entries.items() if p.startswith(start)}
        tree = self.tree and self.repository.below(self.tree, f"{name}/")
        return GitTree(
            self.repository, entries, f"{self.prefix}{name}/",
            tree=tree, revision=self.revision,
            shown=os.path.join(self._shown, name), home=os.path.join(self.home, name),
        )  # fmt: skip

    def list_folder(self, folder: str, *, stats: bool = False) -> Folder:
        """What is in one folder."""
        return self._folders.get(folder) or no_folder(folder)

    def exists(self, path: str) -> bool:
        """Whether there is such a file, or a link to one."""
        folder = self._folders.get(path.rpartition("/")[0])
        name = path.rpartition("/")[2]
        return folder is not None and (name in folder.listing.names or path in folder.others)

    def read(self, path: str) -> bytes:
        """What a file holds.

        Raises:
            OSError: there is no such file, or it is larger than a page may be.
            GitError: the repository lacks its content.
        """
        [(_, found)] = self.read_many([path])
        if isinstance(found, OSError):
            raise found
        return found

    def read_many(self, paths: Iterable[str]) -> Iterator[tuple[str, bytes | OSError]]:
        """What files hold; git is asked for many at a time.

        Raises:
            GitError: the repository lacks a content.
        """
        pending = iter(paths)
        while batch := list(islice(pending, _BATCH)):
            blobs = [self._blob(path) for path in batch]
            known = [blob for blob in blobs if isinstance(blob, str)]
            with self._one_at_a_time:
                # Of what is larger than a page may be, just enough comes to tell that it is.
                contents = iter(list(self.repository.contents(known, MAX_BYTES + 1)))
            for path, blob in zip(batch, blobs, strict=True):
                if isinstance(blob, OSError):
                    yield path, blob
                    continue
                data = next(contents)
                try:
                    require_size(data, path)
                except OSError as error:
                    yield path, error
                else:
                    yield path, data

    def label(self, path: str) -> str:
        """The file, under the folder that findings name files under."""
        return os.path.join(self._shown, path[1:])

    def aliases(self, known: Scan | None = None) -> dict[str, list[str]]:
        """For each file of the tree that symbolic links lead to, the links."""
        found: dict[str, list[str]] = {}
        for link in sorted(self._targets):
            if page := self._page_of(link):
                found.setdefault(page, []).append(link)
        return found

    def is_alias(self, path: str) -> bool:
        """Whether an archive path is a symbolic link to a page that has a path of its own."""
        return path in self._targets and self._page_of(path).endswith(".md")

    def _page_of(self, link: str) -> str:
        """The file of this tree that a link leads to; empty where it leads to none."""
        try:
            found = self._follow(link)
        except OSError:
            return ""
        return found if found in self.entries and "/." not in found else ""

    # Names.

    @cached_property
    def _folders(self) -> dict[str, Folder]:
        troubles: list[Trouble] = []
        links = {
            path
            for path, entry in self.entries.items()
            if entry.is_link and not ("/." in path or "//" in path) and is_utf8(path)
        }
        sound = {path for path in links if self._is_sound(path, troubles)}
        files = (path for path in self.entries if path not in links or path in sound)
        return folders_of(files, troubles)

    def _blob(self, path: str) -> str | OSError:
        """The name of what a file holds."""
        entry = self.entries.get(path)
        if entry is not None and not entry.is_link:
            return entry.blob
        try:
            found = self.entries.get(self._follow(path))
        except OSError as error:
            return error
        if found is None:
            return OSError(errno.EINVAL, "it is no regular file", path)
        return found.blob

    # Symbolic links.

    def _is_sound(self, path: str, troubles: list[Trouble]) -> bool:
        """Whether a link leads to a file of this tree; why a page is none is noted."""
        is_page = path.endswith(".md")
        try:
            target = self._follow(path)
            outside = not target.startswith("/")
            # Where it leads out, what is there decides, as it would in a checkout.
            is_folder = (
                stat.S_ISDIR(os.stat(os.path.join(os.path.abspath(self.home), target[1:])).st_mode)
                if outside
                else target not in self.entries
            )
        except (OSError, ValueError) as error:
            if is_page:
                reason = getattr(error, "strerror", None) or error
                message = f"the symbolic link leads nowhere: {reason}"
                troubles.append(Trouble(TroubleKind.UNREADABLE, path, message))
            return False
        if is_folder:
            message = "a symbolic link to a folder is not entered"
        elif outside and is_page:
            message = "the symbolic link leads out of the archive; the page is not read"
        else:
            return not outside
        troubles.append(Trouble(TroubleKind.NOT_FOLLOWED, path, message))
        return False

    def _follow(self, path: str) -> str:
        """The archive path of the file or folder that a path leads to, by way of links.

        One that leads out of this tree comes with a colon before it, absolute or from the root.

        Raises:
            OSError: it leads nowhere.
        """
        at, left, links = "", path.split("/"), 0
        while left:
            name = left.pop(0)
            if name in ("", "."):
                continue
            if name == "..":
                if not at:
                    return ":" + "/".join(["..", *left])
                at = at.rpartition("/")[0]
                continue
            step = f"{at}/{name}"
            entry = self.entries.get(step)
            if entry is None and step not in self._parents_of_files:
                raise OSError(errno.ENOENT, os.strerror(errno.ENOENT), path)
            if entry is None:
                at = step
            elif entry.is_link:
                links += 1
                if links > _MOST_LINKS:
                    raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), path)
                target = self._targets[step]
                if target.startswith("/"):
                    return ":" + "/".join([target, *left])
                left[:0] = target.split("/")
            elif left:
                raise OSError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), path)
            else:
                at = step
        return at or "/"

    @cached_property
    def _parents_of_files(self) -> frozenset[str]:
        found: set[str] = set()
        for path in self.entries:
            folder = path.rpartition("/")[0]
            while folder and folder not in found:
                found.add(folder)
                folder = folder.rpartition("/")[0]
        return frozenset(found)

    @cached_property
    def _targets(self) -> dict[str, str]:
        links = [path for path, entry in self.entries.items() if entry.is_link]
        with self._one_at_a_time:
            blobs = (self.entries[path].blob for path in links)
            texts = list(self.repository.contents(blobs, MAX_BYTES + 1))
        return dict(zip(links, map(decoded, texts), strict=True))


def tree_at(
    folder: str | os.PathLike[str], revision: str, *, inside: str = "", shown: str = ""
) -> GitTree:
    """The files of an archive as they are at a revision: whatever git takes for one commit or tree.

    The folder is the archive's in a checkout, or a bare repository, or one above it: then `inside`
    is the archive's below. Findings name files under the folder `shown`.

    Raises:
        GitError: git cannot show the revision, or there is no archive in it.
    """
    repository = Repository(folder)
    inside = inside.strip("/")
    prefix = repository.prefix + (f"{inside}/" if inside else "")
    tree = repository.below(repository.tree(revision), prefix)
    entries = repository.entries(tree, prefix)
    _must_be_archive(repository, entries, f"{revision!r}", prefix)
    return GitTree(repository, entries, prefix, tree=tree, revision=revision, shown=shown)


def staged_tree(root: str | os.PathLike[str]) -> GitTree:
    """The files of an archive in a checkout as the next commit would have them.

    Raises:
        GitError: there is no checkout, no archive in its index, or the index is of a merge that
            is not finished.
    """
    repository = Repository(root)
    head, prefix = repository.head_tree(), repository.prefix
    entries = repository.staged(head, repository.entries(repository.below(head, prefix), prefix))
    _must_be_archive(repository, entries, "the index", prefix)
    return GitTree(repository, entries, prefix, shown=os.fspath(root))


def _must_be_archive(repository: Repository, entries: GitFiles, state: str, prefix: str) -> None:
    if not any(path.startswith("/news/") for path in entries):
        where = f" in {prefix!r}" if prefix else ""
        reason = f"{state} has no archive{where} (an archive is a folder that holds news/)"
        raise GitError(repository.folder, reason)
