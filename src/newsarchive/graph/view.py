"""What suggestions, moves, repairs and rules see of an archive."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Protocol

from newsarchive.page.editions import Edition
from newsarchive.page.reading import InboundLink, Reading
from newsarchive.rules._rule import Lookup

if TYPE_CHECKING:
    from newsarchive.store.store import Store


class ArchiveView(Lookup, Protocol):
    """The pages of an archive and what they say of each other: more than rules may ask."""

    @property
    def store(self) -> Store:
        """Where the files are."""

    @property
    def edition(self) -> Edition:
        """The archive's edition."""

    @property
    def successors(self) -> Mapping[str, tuple[str, ...]]:
        """For each path that Changes name as an older version's, the pages that name it."""

    def __iter__(self) -> Iterator[str]: ...

    def __contains__(self, path: object) -> bool: ...

    def read_bytes(self, path: str) -> bytes:
        """The bytes of a page; raises PageNotFoundError or OSError."""

    def reading(self, path: str) -> Reading:
        """The parts of a page; raises as `read_bytes` does."""

    def links_in(self, path: str) -> tuple[InboundLink, ...]:
        """The links of other pages that lead to an archive path, whether it exists or not."""

    def folder(self, folder: str) -> list[str]:
        """The archive paths of the pages in a folder, not below it."""

    def next_day(self, path: str) -> str | None:
        """The index of the nearest later day that has one, for a page of a day."""

    def near(self, path: str) -> str | None:
        """A hint where `path` means a page that exists but for the path's form."""

    def same_but_form(self, path: str) -> str | None:
        """The one page that `path` means but for the path's form; None where none or several."""


class ChangeableView(ArchiveView, Protocol):
    """What a change asks besides: who has to follow where a page goes."""

    def aliases(self) -> dict[str, list[str]]:
        """For each file that symbolic links lead to, their archive paths, in order."""

    def referrers(self, path: str) -> list[str]:
        """The pages that may link to an archive path: all that do, and perhaps others."""
