"""An archive as git keeps it: a revision's or the index's, read without a checkout."""

from __future__ import annotations

import os
import shutil
import tempfile
import weakref
from collections.abc import Iterable, Iterator
from pathlib import Path

from newsarchive.archive import Archive
from newsarchive.errors import GitError, PageNotFoundError
from newsarchive.findings.diagnostics import Suggestion
from newsarchive.page.reading import Link, Reading
from newsarchive.store.atomic import MAX_BYTES, read_bytes, require_size
from newsarchive.store.git import Entries, Repository
from newsarchive.store.listing import scan_of


class TreeArchive(Archive):
    """An archive whose pages git keeps. They are read from git's objects when they are asked for.

    The engine reads files: `export` writes the pages that it is to check to a folder of their own,
    outside the repository, which goes with this object. Where the archive has symbolic links, the
    folder gets all its files, and links lead there as they would in a checkout.

    Args:
        repository: where the pages are kept.
        entries: the archive's files.
        prefix: the archive's folder in the repository's trees, with a slash at its end; or nothing.
        tree: the name of that folder's tree; None is the index.
        revision: the revision that this is of, as it was given.
        shown: the folder that findings name files under.
        suggesting: whether broken links get suggestions, which take reading other pages.
    """

    def __init__(
        self,
        repository: Repository,
        entries: Entries,
        prefix: str = "",
        *,
        tree: str | None = None,
        revision: str | None = None,
        shown: str = "",
        suggesting: bool = True,
    ) -> None:
        folder = tempfile.mkdtemp(prefix="newsarchive-")
        weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)
        os.mkdir(os.path.join(folder, "news"))
        super().__init__(folder)
        self.repository, self.prefix, self.entries = repository, prefix, entries
        self.tree, self.revision = tree, revision
        self._shown, self._suggesting = shown, suggesting
        self.checkout = Path(repository.folder)
        self._exported: set[str] = set()
        self._linked = any(entry.is_link for entry in entries.values())
        if self._linked:
            self.export(entries)
        else:
            self.scan = scan_of(str(self.root), entries)

    @property
    def home(self) -> Path:
        """The folder in the checkout, or the bare repository."""
        return Path(self._shown or self.repository.folder)

    def file(self, path: str) -> str:
        """The name that findings give the file of an archive path."""
        return os.path.join(self._shown, path[1:])

    def read_bytes(self, path: str) -> bytes:
        """The bytes of the page at an archive path.

        Raises:
            PageNotFoundError: there is no such page.
            GitError: the repository lacks its content.
            OSError: it is larger than a page may be.
        """
        if path not in self:
            raise PageNotFoundError(path)
        if self._linked:
            return read_bytes(self._at(path))
        [(_, data)] = self.contents([path])
        require_size(data, path)
        return data

    def contents(self, paths: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        """Paths of files that are no symbolic links, and what each holds; in one go.

        Of what is larger than a page may be, just enough comes to tell that it is.
        """
        chosen = list(paths)
        names = (self.entries[path].blob for path in chosen)
        return zip(chosen, self.repository.contents(names, MAX_BYTES + 1), strict=True)

    def export(self, paths: Iterable[str]) -> None:
        """Write pages of the archive to its folder, those that are not there yet.

        Where the archive has symbolic links, which may lead to any file, all files are written.
        """
        # Sorted, as links come last: no file is ever written by way of a link. A tree that was
        # made by hand may hold names that lead elsewhere; those are no files of an archive.
        missing = sorted(
            (self.entries[path].is_link, path)
            for path in set(paths) - self._exported
            if path in self.entries
            and (self._linked or path.endswith(".md"))
            and not ("/." in path or "//" in path)
        )
        self._exported.update(path for _, path in missing)
        names = (self.entries[path].blob for _, path in missing)
        blobs = self.repository.contents(names, MAX_BYTES + 1)
        for (is_link, path), data in zip(missing, blobs, strict=True):
            try:
                _write(self._at(path), data, is_link=is_link)
            except (OSError, ValueError) as error:
                reason = f"{path!r} cannot be written to {self.root}: {error}"
                raise GitError(self.repository.folder, reason) from None

    def _at(self, path: str) -> str:
        return f"{self.root}{path}"

    def suggest(self, reading: Reading, link: Link) -> tuple[Suggestion, ...]:
        """The pages that a broken link may have meant; none where they are not asked for."""
        return super().suggest(reading, link) if self._suggesting else ()


def _write(file: str, data: bytes, *, is_link: bool) -> None:
    os.makedirs(os.path.dirname(file), exist_ok=True)
    if is_link:
        os.symlink(os.fsdecode(data), file)
    else:
        with open(file, "wb") as out:
            out.write(data)


def tree_archive(
    folder: str | os.PathLike[str], revision: str, *, inside: str = "", shown: str = ""
) -> TreeArchive:
    """An archive as it is at a revision.

    Args:
        folder: the archive's folder in a checkout, or another folder, or a bare repository.
        revision: whatever git takes for one commit or tree.
        inside: the archive's folder below that folder, if it is another.
        shown: the folder that findings name files under.

    Raises:
        GitError: git cannot show the revision, or there is no archive in it.
    """
    repository = Repository(folder)
    inside = inside.strip("/")
    prefix = repository.prefix + (f"{inside}/" if inside else "")
    tree = repository.below(repository.tree(revision), prefix)
    entries = repository.entries(tree)
    _must_be_archive(repository, entries, f"{revision!r}", prefix)
    return TreeArchive(repository, entries, prefix, tree=tree, revision=revision, shown=shown)


def staged_archive(root: str | os.PathLike[str]) -> TreeArchive:
    """An archive as the next commit would have it.

    Args:
        root: the archive's folder in a checkout.

    Raises:
        GitError: there is no checkout, no archive in its index, or the index is of a merge that
            is not finished.
    """
    repository = Repository(root)
    head, prefix = repository.head_tree(), repository.prefix
    entries = repository.staged(head, repository.entries(repository.below(head, prefix)))
    _must_be_archive(repository, entries, "the index", prefix)
    return TreeArchive(repository, entries, prefix, shown=os.fspath(root))


def _must_be_archive(repository: Repository, entries: Entries, state: str, prefix: str) -> None:
    if not any(path.startswith("/news/") for path in entries):
        where = f" in {prefix!r}" if prefix else ""
        reason = f"{state} has no archive{where} (an archive is a folder that holds news/)"
        raise GitError(repository.folder, reason)
