"""The questions of a view whose answers follow from those to others."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Mapping
from functools import cache, cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING

from newsarchive.errors import PageNotFoundError
from newsarchive.page.paths import INDEX_NAMES
from newsarchive.page.reading import Link, Reading

if TYPE_CHECKING:
    from newsarchive.findings.diagnostics import Suggestion
    from newsarchive.findings.edits import BodyEdit
    from newsarchive.graph.path_forms import Forms
    from newsarchive.graph.suggestions import Evidence, Known
    from newsarchive.graph.view import ArchiveView
    from newsarchive.rules.placement import DayIndexes
    from newsarchive.store.listing import Scan
    from newsarchive.store.renames import History
else:
    # What rules may ask is said beside them, and who only opens an archive waits for no rule.
    ArchiveView = object


class Derived(ArchiveView):
    """A view that has to answer the others itself: `store`, `scan`, `exists`, `title` and so on."""

    texts: Mapping[str, bytes] = MappingProxyType({})  # what a run keeps of pages that it read

    @property
    @abstractmethod
    def scan(self) -> Scan:
        """The listing of all files."""

    def __iter__(self) -> Iterator[str]:
        return iter(self.scan.pages)

    def __len__(self) -> int:
        return len(self.scan.pages)

    def __bool__(self) -> bool:
        """True: an archive without pages is one all the same."""
        return True

    def __contains__(self, path: object) -> bool:
        return isinstance(path, str) and path.endswith(".md") and self.exists(path)

    def aliases(self) -> dict[str, list[str]]:
        """For each file that symbolic links lead to, their archive paths, in order."""
        return self.store.aliases()

    def read_bytes(self, path: str) -> bytes:
        """The bytes of the page at an archive path.

        Raises:
            PageNotFoundError: there is no such page.
            OSError: the file cannot be read.
        """
        if path not in self:
            raise PageNotFoundError(path)
        return self.texts.get(path) or self.store.read(path)

    def reading(self, path: str) -> Reading:
        """The parts of the page at an archive path; raises as `read_bytes` does."""
        from newsarchive.page.parser import read

        return read(self.read_bytes(path), path, self.edition)

    def readable(self, path: str) -> Reading | None:
        """The parts of the page at an archive path; None where the file cannot be read."""
        try:
            return self.reading(path)
        except OSError:
            return None

    def near(self, path: str) -> str | None:
        """A hint where `path` means a page that exists but for the path's form."""
        return self._forms.hint(path)

    def same_but_form(self, path: str) -> str | None:
        """The one page that `path` means but for the path's form; None where none or several."""
        return self._forms.meant(path)

    @cached_property
    def _forms(self) -> Forms:
        from newsarchive.graph.path_forms import Forms

        return Forms(self.scan.folders)

    def is_listed(self, path: str) -> bool:
        """Whether an index page in the event's own folder lists it."""
        folder = path.rpartition("/")[0]
        return any(path in self.listed_by(f"{folder}/{name}") for name in INDEX_NAMES)

    def is_contested(self, path: str) -> bool:
        """Whether an index page in the event's own folder lists it under titles that differ."""
        from newsarchive.rules.titles import contested_paths

        folder = path.rpartition("/")[0]
        indexes = [page for name in INDEX_NAMES if (page := f"{folder}/{name}") in self]
        readings = [self.readable(page) for page in indexes]
        return any(reading and path in contested_paths(reading) for reading in readings)

    def listing(self, path: str) -> tuple[tuple[str, BodyEdit], ...]:
        """Where an event belongs: the index pages of its day that do not list it, and the edits."""
        from newsarchive.rules.placement import listed_event

        reading = self.readable(path) if path in self else None
        if reading is None:
            return ()
        indexes = self._day_indexes(path.rpartition("/")[0])
        event = listed_event(reading, indexes.entries(path))
        return tuple(indexes.listing(event)) if event else ()

    def _day_indexes(self, folder: str) -> DayIndexes:
        """The copies of a day's index, as they are now."""
        from newsarchive.rules.placement import DayIndexes

        @cache
        def event(path: str) -> Reading | None:
            return self.readable(path) if path in self else None

        paths = [path for name in INDEX_NAMES if (path := f"{folder}/{name}") in self]
        copies = [r for path in paths if (r := self.readable(path))]
        return DayIndexes(copies, event, self._has_versions)

    def _has_versions(self, path: str) -> bool:
        """Whether a page may name its versions, as far as is known without reading it."""
        return True

    def previous_day(self, path: str) -> str | None:
        """The index of the nearest earlier day that has one; the path's own day need not exist."""
        return self.scan.previous_day(path)

    def next_day(self, path: str) -> str | None:
        """The index of the nearest later day that has one; the path's own day need not exist."""
        return self.scan.next_day(path)

    @cached_property
    def _evidence(self) -> Evidence:
        from newsarchive.graph.suggestions import Evidence

        return Evidence(self)

    @property
    def git_renames(self) -> History:
        """The renames that git knows of."""
        return self._evidence.renames

    @property
    def broken_targets(self) -> Mapping[tuple[str, str], Known | None]:
        """What was found out of targets that do not exist, and of the titles of links to them.

        Where there is any, git was asked for its renames.
        """
        return self._evidence.known if "_evidence" in self.__dict__ else {}

    def take_broken_targets(self, found: Mapping[tuple[str, str], Known | None]) -> None:
        """Take up the same, where someone else found it."""
        if found:
            self._evidence.known.update(found)

    def suggested_by(self, reading: Reading) -> list[str]:
        """What suggestions on the page that was judged last follow from beside its day: pages."""
        return self._evidence.suggested_by(reading)

    @property
    def git_trouble(self) -> str:
        """Why git could not tell all renames, once that left a broken link without proof."""
        return self._evidence.trouble if "_evidence" in self.__dict__ else ""

    def suggest(self, reading: Reading, link: Link) -> tuple[Suggestion, ...]:
        """The pages that a broken link of a page may have meant, the likeliest first."""
        return self._evidence.suggest(reading, link)
