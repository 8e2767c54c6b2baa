"""An archive: a folder that holds ``news/``, or another store of its files, and the pages in it."""

from __future__ import annotations

import datetime
import os
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Self, TypeVar

from newsarchive.editing.operations import ArchiveOperations
from newsarchive.graph.answers import Answers, Kept
from newsarchive.page.editions import Edition, edition_of
from newsarchive.page.paths import day_path
from newsarchive.page.reading import InboundLink as InboundLink
from newsarchive.page.reading import Link, Reading
from newsarchive.rules._selection import words_of
from newsarchive.store.listing import Scan
from newsarchive.store.local import find_root as find_root
from newsarchive.store.opening import folder_of, make_folder, store_at
from newsarchive.store.store import DistantStore, DividedStore, Store, folders_beside, writable

if TYPE_CHECKING:
    from newsarchive.editing.change import ArchiveChange
    from newsarchive.findings.diagnostics import Suggestion
    from newsarchive.findings.edits import BodyEdit
    from newsarchive.page.models import Page
    from newsarchive.settings import Settings
    from newsarchive.settings._exclude import Exclusion
    from newsarchive.store.transaction import FileChange
# Imported where they are used: a run whose pages are all in the cache needs none of them.


class Archive(ArchiveOperations):
    """A folder that holds ``news/``, read on demand; what all parts of the library ask of it.

    `newsarchive.tables.asking` adds what users ask, says how it is used, and is the public one.
    """

    def __init__(
        self,
        root: str | os.PathLike[str] | Store,
        *,
        exclude: Iterable[str] = (),
        edition: Edition | str | None = None,
    ) -> None:
        self._store: Store = store_at(root) if isinstance(root, str | os.PathLike) else root
        self._excluded = words_of(exclude)
        self._kept: Kept | None = None
        self._edition = edition_of(edition)
        self._begin()

    @classmethod
    def create(cls, root: str | os.PathLike[str], *, edition: Edition | str | None = None) -> Self:
        """Make a new archive: a folder that holds an empty ``news/``.

        Args:
            root: the folder; it is made if it is not there.
            edition: the archive's edition, or the name of one that is built in. An archive that
                has pages is known by their words; None is the English one.

        Raises:
            ValueError: no edition of that name is built in.
            RefusedWriteError: there is an archive already, or a URL stands in place of a folder.
            OSError: the folder cannot be made.
        """
        edition = edition_of(edition or "en")
        make_folder(root)
        return cls(root, edition=edition)

    def __repr__(self) -> str:
        return f"Archive({str(self._store)!r})"

    def excluding(self, patterns: Iterable[str]) -> Self:
        """The archive without what further patterns name; itself where there are none."""
        more = [pattern for pattern in words_of(patterns) if pattern not in self._excluded]
        return _copy(self, exclude=more) if more else self

    @property
    def edition(self) -> Edition:
        """The archive's edition: what it was said to be, or the one whose words its pages have."""
        return self._answers.edition

    @property
    def beside(self) -> tuple[Self, ...]:
        """The archives in folders of this one, as ``zh/`` with a ``news/`` of its own.

        Each is of the edition whose words its pages have. Their pages are none of this archive's,
        but links may lead to them. In stores other than folders and states that git keeps, such
        folders are not looked for.
        """
        store, exclude = self._store, self._exclusion()
        if not isinstance(store, DividedStore):
            return ()
        return tuple(type(self)(store.below(one)) for one in folders_beside(store, exclude))

    @property
    def store(self) -> Store:
        """Where the archive's files are."""
        return self._store

    @property
    def root(self) -> Path:
        """The folder; of a state that git keeps, that of its checkout or the bare repository.

        Raises:
            StorageError: the archive is in a storage that a URL names.
        """
        return self.home

    @property
    def home(self) -> Path:
        """The folder where its configuration and its baseline are looked for; see `root`."""
        return folder_of(self._store)

    @property
    def scan(self) -> Scan:
        """The folder's listing."""
        return self._answers.scan

    @property
    def listed(self) -> Scan:
        """What has been listed so far: the whole folder, or the parts that were asked for."""
        return self._answers.listed

    @property
    def is_scanned(self) -> bool:
        """Whether the folder has been listed."""
        return self._answers.is_scanned

    def path_of(self, target: str) -> str:
        """The archive path that a link's target names, without what its edition has before it."""
        if target.startswith("/news/"):  # no edition has that
            return target
        base = self.edition.base
        return target[len(base) :] if base and target.startswith(f"{base}/") else target

    def __iter__(self) -> Iterator[str]:
        return iter(self._answers)

    def __len__(self) -> int:
        return len(self._answers)

    def __contains__(self, path: object) -> bool:
        return isinstance(path, str) and self.path_of(path) in self._answers

    def __getitem__(self, path: str) -> Page:
        """The page at an archive path.

        Raises:
            PageNotFoundError: there is no such page.
            InvalidPageError: no page can be built from the file.
            OSError: the file cannot be read.
        """
        from newsarchive.rules.inspection import parse

        path = self.path_of(path)
        return parse(self.read_bytes(path), path, edition=self.edition)

    def read_bytes(self, path: str) -> bytes:
        """The bytes of the page at an archive path.

        Raises:
            PageNotFoundError: there is no such page.
            OSError: the file cannot be read.
        """
        return self._answers.read_bytes(self.path_of(path))

    def file(self, path: str) -> str:
        """The file of an archive path, under the root as it was given; ``/`` is the root itself.

        Raises:
            ValueError: it is no archive path: it does not begin with a slash, or climbs.
        """
        parts = path[1:].split("/") if path != "/" else ()
        if not path.startswith("/") or {"", ".", ".."}.intersection(parts):
            raise ValueError(f"{path!r} is no archive path, such as '/news/2016/03/2/slug.md'")
        return self._store.label(path)

    def reading(self, path: str) -> Reading:
        """The parts of the page at an archive path; raises as `read_bytes` does."""
        return self._answers.reading(self.path_of(path))

    def pages(self) -> Iterator[Page]:
        """Every page that can be built, in the order of the file tree; the others are skipped."""
        from newsarchive.store.store import ahead

        for path in ahead(self._store, self):
            reading = self._answers.readable(path)
            if reading and reading.page is not None:
                yield reading.page

    def links_out(self, path: str) -> tuple[Link, ...]:
        """The links of the page at an archive path, in the page's order.

        Raises:
            PageNotFoundError: there is no such page.
        """
        return tuple(self.reading(path).links())

    def links_in(self, path: str) -> tuple[InboundLink, ...]:
        """The links of other pages that lead to an archive path, whether it exists or not.

        The first call reads the whole archive.
        """
        return self._answers.links_in(self.path_of(path))

    # Changing it.

    def change(self) -> ArchiveChange:
        """Begin a change: operations on pages that are planned together and made as one.

        In a ``with`` block it is made at the block's end. Each operation sees what those before
        it did. If one is refused, or the block raises, nothing is written.

        Raises:
            RefusedWriteError: nothing can be changed in this store.
        """
        from newsarchive.editing.change import begin

        writable(self._store)
        return begin(self._answers, self._commit)

    def recover(self) -> tuple[str, ...]:
        """Finish a move or removal that was interrupted; do nothing where none was.

        Returns:
            The archive paths of the pages that the change is about.

        Raises:
            RefusedWriteError: someone else changed one of them since, or nothing can be changed
                in this store; nothing was written.
            OSError: a file cannot be read or written.
        """
        store = writable(self._store)
        try:
            return store.recover()
        finally:
            self.refresh()

    def _commit(self, changes: Iterable[FileChange]) -> tuple[str, ...]:
        store = writable(self._store)
        try:
            return store.commit(changes)
        finally:
            self.refresh()

    def refresh(self) -> None:
        """List the folder and read its pages anew when they are asked for: they changed."""
        if isinstance(self._store, DistantStore):
            self._store.forget()
        self._begin()

    def _begin(self) -> None:
        self._answers = answers = Answers(
            self._store, exclude=self._exclusion(), edition=self._edition
        )
        if self._kept:
            survey, links = self._kept
            answers.surveyor, answers.linker = partial(survey, answers), partial(links, answers)

    def _exclusion(self) -> Exclusion | None:
        if not self._excluded:
            return None
        from newsarchive.settings._exclude import Exclusion

        return Exclusion(self._excluded)

    # What rules ask (`newsarchive.rules.Lookup`), and more.

    def exists(self, path: str) -> bool:
        """Whether a file of exactly this archive path exists, page or not."""
        return self._answers.exists(self.path_of(path))

    def near(self, path: str) -> str | None:
        """A hint where `path` means a page that exists but for the path's form."""
        return self._answers.near(self.path_of(path))

    def same_but_form(self, path: str) -> str | None:
        """The one page that `path` means but for the path's form; None where none or several."""
        return self._answers.same_but_form(self.path_of(path))

    def title(self, path: str) -> str | None:
        """The title of the event page at `path`; None where it has none or is none."""
        return self._answers.title(self.path_of(path))

    def listed_by(self, index: str) -> frozenset[str]:
        """The paths that an index page lists; none where there is no such page."""
        return self._answers.listed_by(self.path_of(index))

    def is_listed(self, path: str) -> bool:
        """Whether an index page in the event's own folder lists it."""
        return self._answers.is_listed(self.path_of(path))

    def is_contested(self, path: str) -> bool:
        """Whether an index page in the event's own folder lists it under titles that differ."""
        return self._answers.is_contested(path)

    def listing(self, path: str) -> tuple[tuple[str, BodyEdit], ...]:
        """Where an event belongs: the index pages of its day that do not list it, and the edits."""
        return self._answers.listing(path)

    def folder(self, folder: str) -> list[str]:
        """The archive paths of the pages in a folder (``/news/2013/02/20``), not below it."""
        return self._answers.folder(self.path_of(folder))

    def suggest(self, reading: Reading, link: Link) -> tuple[Suggestion, ...]:
        """The pages that a broken link of a page may have meant, the likeliest first."""
        return self._answers.suggest(reading, link)

    @property
    def successors(self) -> dict[str, tuple[str, ...]]:
        """For each path that Changes name as an older version's, the pages that name it.

        The first use reads the whole archive.
        """
        return self._answers.successors

    def previous_day(self, day: str | datetime.date) -> str | None:
        """The index page of the nearest earlier day that has one.

        Args:
            day: a day, or a page of one; it need not be there.

        Returns:
            Its archive path; None where no day is earlier, or where the page is of no day.
        """
        return self._answers.previous_day(_page_of(day))

    def next_day(self, day: str | datetime.date) -> str | None:
        """The index page of the nearest later day that has one; see `previous_day`."""
        return self._answers.next_day(_page_of(day))


def _page_of(day: str | datetime.date) -> str:
    return day if isinstance(day, str) else day_path(day)


AnyArchive = TypeVar("AnyArchive", bound=Archive)


# What runs need besides: nothing that a caller of the library would ask an archive.


def in_store(archive: AnyArchive, store: Store) -> AnyArchive:
    """The same archive in another store, as another state that git keeps."""
    return type(archive)(store, exclude=archive._excluded, edition=archive.edition)


def anew(archive: AnyArchive, edition: Edition | str | None = None) -> AnyArchive:
    """The same archive, perhaps as one of another edition, of which nothing is known yet."""
    edition = archive._edition if edition is None else edition
    return type(archive)(archive.store, exclude=archive._excluded, edition=edition)


def configured(archive: AnyArchive, settings: Settings) -> AnyArchive:
    """An archive as settings have it, but for an edition that it was opened as."""
    archive = archive.excluding(settings.exclude)
    if settings.edition is None or archive._edition is not None:
        return archive
    return _copy(archive, edition=settings.edition)


def with_kept(archive: AnyArchive, kept: Kept) -> AnyArchive:
    """The same archive, with what tells what is known of all its pages, if anything."""
    same = _copy(archive)
    same._kept = kept
    same._begin()
    return same


def _copy(
    archive: AnyArchive, *, exclude: Iterable[str] = (), edition: Edition | str | None = None
) -> AnyArchive:
    same = type(archive)(
        archive.store,
        exclude=(*archive._excluded, *exclude),
        edition=archive._edition if edition is None else edition,
    )
    if archive._kept:
        same._kept = archive._kept
        same._begin()
    return same


def view_of(archive: Archive, *, suggesting: bool = True) -> Answers:
    """A view of its own, which knows the archive's names but learns for itself."""
    return archive._answers.anew(suggesting=suggesting)
