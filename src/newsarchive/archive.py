"""An archive: a folder that holds ``news/``, and the pages in it."""

from __future__ import annotations

import datetime
import os
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from newsarchive.errors import NotAnArchiveError, PageNotFoundError
from newsarchive.findings.diagnostics import Suggestion
from newsarchive.page.paths import INDEX_NAMES, PageKind, kind_of
from newsarchive.page.reading import Link, Reading, former_paths
from newsarchive.store.atomic import read_bytes
from newsarchive.store.listing import Glance, Scan, scan

if TYPE_CHECKING:
    from newsarchive.findings.edits import BodyEdit
    from newsarchive.graph.path_forms import Forms
    from newsarchive.graph.suggestions import Evidence
    from newsarchive.graph.survey import Survey
    from newsarchive.page.models import Event, Page
    from newsarchive.store.transaction import FileChange
# Imported where they are used: a run whose pages are all in the cache needs none of them.


def find_root(path: str | os.PathLike[str]) -> Path:
    """The root of the archive that a file or folder belongs to: it, or the nearest above it.

    Raises:
        NotAnArchiveError: neither it nor any folder above it holds ``news/``.
    """
    given = Path(path)
    for folder in (given, *Path(os.path.abspath(given)).parents):
        if (folder / "news").is_dir():
            return folder
    raise NotAnArchiveError(str(path))


class InboundLink(NamedTuple):
    """A link that leads to a page: the page that it stands on, and the link."""

    page: str
    link: Link


class Archive:
    """A folder that holds ``news/``, read on demand.

    Pages are addressed by archive path (``/news/2013/02/20/slug.md``). Iteration goes over the
    pages' paths in the order of the file tree; ``path in archive`` asks for a page of exactly
    that name, byte for byte, whatever the file system thinks of letter case; ``archive[path]``
    reads the page. The folder is listed once and pages are read at each call: make a new
    `Archive` after the folder changed.

    Args:
        root: the folder.

    Raises:
        NotAnArchiveError: the folder holds no ``news/`` folder.
    """

    def __init__(self, root: str | os.PathLike[str]) -> None:
        self.root = Path(root)
        if not (self.root / "news").is_dir():
            raise NotAnArchiveError(str(root))

    def __repr__(self) -> str:
        return f"Archive({str(self.root)!r})"

    @cached_property
    def scan(self) -> Scan:
        """The folder's listing."""
        return scan(str(self.root))

    @cached_property
    def _glance(self) -> Glance:
        return Glance(str(self.root))

    @property
    def listed(self) -> Scan:
        """What has been listed so far: the whole folder, or the parts that were asked for."""
        return self.scan if self.is_scanned else self._glance.found

    @property
    def is_scanned(self) -> bool:
        """Whether the folder has been listed."""
        return "scan" in self.__dict__

    @property
    def home(self) -> Path:
        """The folder where its configuration and its baseline are looked for."""
        return self.root

    def __iter__(self) -> Iterator[str]:
        return iter(self.scan.pages)

    def __len__(self) -> int:
        return len(self.scan.pages)

    def __contains__(self, path: object) -> bool:
        return isinstance(path, str) and path.endswith(".md") and self.exists(path)

    def __getitem__(self, path: str) -> Page:
        """The page at an archive path.

        Raises:
            PageNotFoundError: there is no such page.
            InvalidPageError: no page can be built from the file.
            OSError: the file cannot be read.
        """
        from newsarchive.rules.inspection import parse

        return parse(self.read_bytes(path), path)

    def read_bytes(self, path: str) -> bytes:
        """The bytes of the page at an archive path.

        Raises:
            PageNotFoundError: there is no such page.
            OSError: the file cannot be read.
        """
        if path not in self:
            raise PageNotFoundError(path)
        return read_bytes(self.file(path))

    def file(self, path: str) -> str:
        """The file of an archive path, under the root as it was given."""
        return os.path.join(self.root, path[1:])

    def reading(self, path: str) -> Reading:
        """The parts of the page at an archive path; raises as `read_bytes` does."""
        from newsarchive.page.parser import read

        return read(self.read_bytes(path), path)

    def _readable(self, path: str) -> Reading | None:
        """The parts of the page at an archive path; None where the file cannot be read."""
        try:
            return self.reading(path)
        except OSError:
            return None

    def pages(self) -> Iterator[Page]:
        """Every page that can be built, in the order of the file tree; the others are skipped."""
        for path in self:
            reading = self._readable(path)
            if reading and reading.page is not None:
                yield reading.page

    def events(self) -> Iterator[Event]:
        """Every event page that can be built, in the order of the file tree."""
        from newsarchive.page.models import Event

        return (page for page in self.pages() if isinstance(page, Event))

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
        return tuple(self._inbound.get(path, ()))

    @cached_property
    def _inbound(self) -> dict[str, list[InboundLink]]:
        found: dict[str, list[InboundLink]] = {}
        for path in self:
            reading = self._readable(path)
            for link in reading.links() if reading else ():
                target = link.target.partition("#")[0]
                if target.startswith("/") and target != path:
                    found.setdefault(target, []).append(InboundLink(path, link))
        return found

    def move(self, old: str, new: str) -> tuple[str, ...]:
        """Rename an event page and have every link of the archive follow, all or nothing.

        Args:
            old: the page's archive path.
            new: the archive path that it gets, in the same day's folder.

        Returns:
            The archive paths of the pages that changed, the old and the new one included.

        Raises:
            PageNotFoundError: there is no such page.
            RefusedMoveError: a page cannot be moved like that; nothing was written.
            RefusedWriteError: a file cannot be changed; nothing was written.
            OSError: reading or writing failed; what was written was undone.
        """
        from newsarchive.editing.moves import plan_move

        return self._commit(plan_move(self, old, new))

    def retitle(
        self, path: str, title: str, now: datetime.datetime | None = None
    ) -> tuple[str, ...]:
        """Give an event page another title, and the path that the archive derives from it.

        The page's Changes get an entry for the old version; links follow, and those that quoted
        the old title quote the new one. All or nothing.

        Args:
            path: the page's archive path.
            title: its new title.
            now: the time that the entry names; by default the local time.

        Returns:
            The archive paths of the pages that changed.

        Raises:
            PageNotFoundError, RefusedMoveError, RefusedWriteError, OSError: as `move` does.
        """
        from newsarchive.editing.moves import plan_retitle

        return self._commit(plan_retitle(self, path, title, now))

    def remove(self, path: str, entries: bool = False) -> tuple[str, ...]:
        """Delete a page, all or nothing.

        Args:
            path: the page's archive path.
            entries: whether related links and index entries that lead to it are taken out, too.

        Returns:
            The archive paths of the pages that changed.

        Raises:
            PageNotFoundError, RefusedMoveError, RefusedWriteError, OSError: as `move` does.
        """
        from newsarchive.editing.moves import plan_removal

        return self._commit(plan_removal(self, path, entries))

    def recover(self) -> tuple[str, ...]:
        """Finish a move or removal that was interrupted; do nothing where none was.

        Returns:
            The archive paths of the pages that the change is about.

        Raises:
            RefusedWriteError: someone else changed one of them since; nothing was written.
            OSError: a file cannot be read or written.
        """
        from newsarchive.store.transaction import recover

        try:
            return recover(self.root)
        finally:
            self._forget()

    def _commit(self, changes: Iterable[FileChange]) -> tuple[str, ...]:
        from newsarchive.store.transaction import commit

        try:
            return commit(self.root, changes)
        finally:
            self._forget()

    def _forget(self) -> None:
        """Drop the listing and all that was read: the folder changed."""
        root = self.root
        self.__dict__.clear()
        self.root = root

    # What rules ask (`newsarchive.rules.Lookup`).

    def exists(self, path: str) -> bool:
        """Whether a file of exactly this archive path exists, page or not."""
        return path in self.scan.files if self.is_scanned else self._glance.exists(path)

    def near(self, path: str) -> str | None:
        """A hint where `path` means a page that exists but for the path's form."""
        return self._forms.hint(path)

    def same_but_form(self, path: str) -> str | None:
        """The one page that `path` means but for the path's form; None where none or several."""
        return self._forms.meant(path)

    @cached_property
    def _forms(self) -> Forms:
        from newsarchive.graph.path_forms import Forms

        return Forms(self)

    # What a run over the whole archive knows of it, and how to know that where a run looks at some
    # pages only; without either, pages are read on demand.
    survey: Survey | None = None
    surveyor: Callable[[], Survey] | None = None
    checkout: Path | None = None  # whose history tells of renames, where that is not the root's

    @cached_property
    def _titles(self) -> dict[str, str | None]:
        return {**self.survey.titles()} if self.survey else {}

    def title(self, path: str) -> str | None:
        """The title of the event page at `path`; None where it has none or is none."""
        if path not in self._titles:
            is_event = kind_of(path) is PageKind.EVENT and path in self
            reading = self._readable(path) if is_event else None
            self._titles[path] = reading.text(reading.title) or None if reading else None
        return self._titles[path]

    @cached_property
    def _listed(self) -> dict[str, frozenset[str]]:
        return {}

    def listed_by(self, index: str) -> frozenset[str]:
        """The paths that an index page lists; none where there is no such page."""
        if index not in self._listed:
            reading = self._readable(index) if index in self else None
            items = reading.index_items() if reading else ()
            self._listed[index] = frozenset(i.match["target"].partition("#")[0] for i in items)
        return self._listed[index]

    def is_listed(self, path: str) -> bool:
        """Whether an index page in the event's own folder lists it."""
        folder = path.rpartition("/")[0]
        return any(path in self.listed_by(f"{folder}/{name}") for name in INDEX_NAMES)

    def listing(self, reading: Reading) -> tuple[str, BodyEdit] | None:
        """Where an event belongs: the index page of its day, and the edit that lists it there."""
        from newsarchive.findings.edits import BodyEdit

        entry = reading.index_entry()
        folder = reading.path.rpartition("/")[0]
        index = next((f"{folder}/{n}" for n in INDEX_NAMES if f"{folder}/{n}" in self), None)
        if index is None or entry is None:
            return None
        other = self._readable(index)
        if not other or not other.readable or other.document.body is not other.document.text:
            return None  # line endings first: offsets are those of the text as read
        at = other.previous.start if other.previous else len(other.body)
        return index, BodyEdit(at, at, entry)

    def folder(self, folder: str) -> list[str]:
        """The archive paths of the pages in a folder (``/news/2013/02/20``), not below it."""
        return self._folders.get(folder, [])

    @cached_property
    def _folders(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for path in self:
            found.setdefault(path.rpartition("/")[0], []).append(path)
        return found

    @cached_property
    def _evidence(self) -> Evidence:
        from newsarchive.graph.suggestions import Evidence

        return Evidence(self)

    def suggest(self, reading: Reading, link: Link) -> tuple[Suggestion, ...]:
        """The pages that a broken link of a page may have meant, the likeliest first."""
        return self._evidence.suggest(reading, link)

    @cached_property
    def successors(self) -> dict[str, tuple[str, ...]]:
        """For each path that Changes name as an older version's, the pages that name it.

        A run over the whole archive knows this from what it read; else the first use reads it.
        """
        survey = self.survey or (self.surveyor and self.surveyor())
        if survey:
            return survey.successors()
        from newsarchive.page.parser import read

        found: dict[str, list[str]] = {}
        for path in self:
            try:
                data = self.read_bytes(path)
            except OSError:
                continue
            if b"### Changes:" in data:
                for old in former_paths(read(data, path)):
                    found.setdefault(old, []).append(path)
        return {old: tuple(sorted(set(pages))) for old, pages in found.items()}

    def previous_day(self, path: str) -> str | None:
        """The index of the nearest earlier day that has one, for an index page's path."""
        return self.scan.previous_days.get(path.rpartition("/")[0])
