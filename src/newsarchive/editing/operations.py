"""Operations on an archive that are changes of one. Kept light: who only reads waits for none."""

from __future__ import annotations

import datetime
from abc import abstractmethod
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from newsarchive.editing.change import ArchiveChange
    from newsarchive.page.models import Event, Page


class ArchiveOperations:
    """What can be done to an archive's pages one at a time; several make an `ArchiveChange`."""

    @abstractmethod
    def change(self) -> ArchiveChange:
        """Begin a change."""

    def add(
        self, event: Event, topic: str | None = None, context: Sequence[str] = ()
    ) -> tuple[str, ...]:
        """Add an event and list it in every index of its day, all or nothing.

        It stands in each copy in that copy's order and style. A day without an index gets one, in
        the style of the day before (or after), and "previous day" of the following day leads there.

        Args:
            event: the event, its title as people write it. Without a path it gets the one that
                follows.
            topic: the topic over its index entries, in copies with topics; None means the event's
                own.
            context: the terms of its index entries, in place of a description.

        Returns:
            The archive paths of the pages that changed.

        Raises:
            RefusedMoveError: there is such a page, or it cannot be added so; nothing was written.
            RefusedWriteError: a file cannot be changed, or nothing can be in this store; nothing
                was written.
            OSError: reading or writing failed; what was written was undone.
        """
        return self._made(lambda change: change.add(event, topic, context))

    def replace(self, page: Page) -> tuple[str, ...]:
        """Give a page that is there other contents.

        An event keeps its title and date, which other pages name; a day's index keeps the events
        that it lists.

        Args:
            page: what the page at its path is to say.

        Returns:
            The archive path of the page, if it changed.

        Raises:
            PageNotFoundError, RefusedMoveError, RefusedWriteError, OSError: as `move` does.
        """
        return self._made(lambda change: change.replace(page))

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
            RefusedWriteError: a file cannot be changed, or nothing can be in this store; nothing
                was written.
            OSError: reading or writing failed; what was written was undone.
        """
        return self._made(lambda change: change.move(old, new))

    def retitle(
        self,
        path: str,
        title: str,
        now: datetime.datetime | None = None,
        *,
        slug: str | None = None,
    ) -> tuple[str, ...]:
        """Give an event page another title, and the path that the archive derives from it.

        The page shows the title as `fold_title` has it; the path comes from the text before. The
        page's Changes get an entry for the old version, in editions with such; links follow, and
        those that quoted the old title quote the new one. All or nothing.

        Args:
            path: the page's archive path.
            title: its new title, as people write it.
            now: when it takes the place of the old one; by default the local time.
            slug: the last part of its new path, without ``.md``, in place of the one that the
                edition's rule makes of the title.

        Returns:
            The archive paths of the pages that changed.

        Raises:
            PageNotFoundError, RefusedMoveError, RefusedWriteError, OSError: as `move` does.
        """
        return self._made(lambda change: change.retitle(path, title, now, slug=slug))

    def remove(self, path: str, entries: bool = False) -> tuple[str, ...]:
        """Delete a page, all or nothing.

        Where a day loses its index, "previous day" of the following day leads to the day before.

        Args:
            path: the page's archive path.
            entries: whether related links and index entries that lead to it are taken out, too.

        Returns:
            The archive paths of the pages that changed.

        Raises:
            PageNotFoundError, RefusedMoveError, RefusedWriteError, OSError: as `move` does.
        """
        return self._made(lambda change: change.remove(path, entries))

    def _made(self, operation: Callable[[ArchiveChange], object]) -> tuple[str, ...]:
        """Make a change of one operation; where that is refused, the error is its own."""
        change = self.change()
        operation(change)
        for error in change.refused:
            raise error
        return change.commit()
