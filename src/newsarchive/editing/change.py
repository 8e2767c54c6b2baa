"""A change of an archive: operations on its pages, planned together and made as one."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from types import TracebackType
from typing import TYPE_CHECKING, Self

from newsarchive.editing import moves
from newsarchive.editing.pending import Pending
from newsarchive.errors import PageNotFoundError, RefusedChangeError, RefusedMoveError
from newsarchive.graph.view import ChangeableView
from newsarchive.store.transaction import FileChange
from newsarchive.writers.diff import changed_files

if TYPE_CHECKING:
    from newsarchive.page.models import Event, Page
# What needs the models of pages is imported where it is used: moving and removing need none.


def begin(
    archive: ChangeableView, write: Callable[[Iterable[FileChange]], tuple[str, ...]]
) -> ArchiveChange:
    """A change in which nothing is planned yet; `write` changes files, all or none."""
    change = ArchiveChange()
    change._pending, change._write = Pending(archive), write
    return change


def planned(change: ArchiveChange) -> tuple[FileChange, ...]:
    """What becomes of which file, in the order in which operations came to them.

    Raises:
        RefusedChangeError: operations were refused.
    """
    if change.refused:
        reasons = ((e.path, getattr(e, "reason", "no such page")) for e in change.refused)
        raise RefusedChangeError(*reasons)
    return change._pending.changes()


class ArchiveChange:
    """A change of an archive: operations on its pages, planned together and made as one.

    Made by `Archive.change`. Each operation sees what those before it did, and nothing is written
    before `commit`, which the end of a ``with`` block calls. An operation that is refused does
    nothing; the others are planned all the same, so that `refused` names all that is wrong. Then
    nothing is written at all. Neither is it where the block ends with an exception.
    """

    # Given by `begin`: callers get a change from their archive.
    _pending: Pending
    _write: Callable[[Iterable[FileChange]], tuple[str, ...]]

    def __init__(self) -> None:
        self._refused: list[RefusedMoveError | PageNotFoundError] = []
        self._written: tuple[str, ...] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if kind is None and self._written is None:
            self.commit()

    @property
    def refused(self) -> tuple[RefusedMoveError | PageNotFoundError, ...]:
        """Why operations were refused, in their order; empty where none was."""
        return tuple(self._refused)

    @property
    def changed(self) -> tuple[str, ...]:
        """The archive paths of the pages that change, or changed; old and new ones of a move."""
        return tuple(change.path for change in self._pending.changes())

    # Operations.

    def add(self, event: Event, topic: str | None = None, context: Sequence[str] = ()) -> str:
        """Add an event, and list it in the indexes of its day; takes what `Archive.add` takes.

        Returns:
            The event's path.

        Raises:
            OSError: a page cannot be read.
        """
        with self._operation():
            from newsarchive.editing import adding

            return adding.add(self._pending, event, topic, context)
        return event.path

    def move(self, old: str, new: str) -> str:
        """Rename an event page, and have every link follow; takes what `Archive.move` takes.

        Returns:
            The new path.

        Raises:
            OSError: a page cannot be read.
        """
        with self._operation():
            moves.move(self._pending, old, new)
        return new

    def retitle(
        self,
        path: str,
        title: str,
        now: datetime.datetime | None = None,
        *,
        slug: str | None = None,
    ) -> str:
        """Give an event page another title and the path that follows, as `Archive.retitle` does.

        Returns:
            The page's new path; the old one where the operation is refused.

        Raises:
            OSError: a page cannot be read.
        """
        with self._operation():
            from newsarchive.editing import retitling

            return retitling.retitle(self._pending, path, title, now, slug)
        return path

    def remove(self, path: str, entries: bool = False) -> None:
        """Delete a page; takes what `Archive.remove` takes.

        Raises:
            OSError: a page cannot be read.
        """
        with self._operation():
            moves.remove(self._pending, path, entries)

    def replace(self, page: Page) -> None:
        """Give a page that is there other contents; takes what `Archive.replace` takes.

        Raises:
            OSError: the page cannot be read.
        """
        with self._operation():
            from newsarchive.editing import adding

            adding.replace(self._pending, page)

    @contextmanager
    def _operation(self) -> Iterator[None]:
        """What is refused within is noted, and nothing of it is planned."""
        if self._written is not None:
            raise RuntimeError("the change was made already: begin another one")
        try:
            with self._pending.step():
                yield
        except (RefusedMoveError, PageNotFoundError) as error:
            self._refused.append(error)

    # What comes of them.

    def diff(self) -> str:
        """What would change, as the unified diff that ``newsarchive mv --diff`` shows.

        A page that is renamed stands there under its new name, below a line with both names.

        Raises:
            RefusedChangeError: operations were refused.
        """
        changed = changed_files(planned(self), lambda path: path[1:])
        return "".join(f"{line}\n" for one in changed for line in one.diff())

    def commit(self) -> tuple[str, ...]:
        """Make the change, all of it or nothing.

        Returns:
            The archive paths of the pages that changed.

        Raises:
            RefusedChangeError: operations were refused; nothing was written.
            RefusedWriteError: a file cannot be changed, or nothing can be in this store; nothing
                was written.
            OSError: writing failed; what was written was undone.
        """
        if self._written is None:
            self._written = self._write(planned(self))
        return self._written
