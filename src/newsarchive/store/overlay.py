"""Texts over another store's files: what an editor has open, saved or not."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator

from newsarchive.store.listing import (
    UNSETTLED,
    Folder,
    Listing,
    Scan,
    Trouble,
    TroubleKind,
    folders_of,
    stats_of,
)
from newsarchive.store.store import Store


class Overlay:
    """Another store, some of whose files hold other texts, or are there in addition."""

    has_states = False

    def __init__(self, base: Store, texts: dict[str, bytes] | None = None) -> None:
        self.base = base
        self._texts = dict(texts or {})

    def __str__(self) -> str:
        return f"{self.base} with what the editor has not saved"

    @property
    def home(self) -> str:
        """The other store's."""
        return self.base.home

    @property
    def history(self) -> str:
        """The other store's."""
        return self.base.history

    def put(self, path: str, data: bytes) -> None:
        """Have a file hold something, whether the other store has it or not."""
        self._texts[path] = data

    def drop(self, path: str) -> None:
        """Have a file be as the other store has it."""
        self._texts.pop(path, None)

    def list_folder(self, folder: str, *, stats: bool = False) -> Folder:
        """What is in one folder of either."""
        more = folders_of(self._texts).get(folder)
        found = self.base.list_folder(folder, stats=stats)
        if more is None or not self._texts:
            return found
        names = dict(zip(found.listing.names, stats_of(found.listing), strict=True))
        # What is held in memory has no state that could be found again.
        names |= dict.fromkeys(more.listing.names, UNSETTLED if stats else ())
        held = {f"{folder}/{name}" for name in more.listing.names} | {*more.others, *more.below}
        return Folder(
            sorted({*found.below, *more.below}),
            Listing(
                folder,
                sorted(names),
                array("q", [n for name in sorted(names) for n in names[name]]).tobytes(),
            ),
            sorted({*found.others, *more.others}),
            [t for t in found.troubles if not _settles(t, folder, held)]
            + [t for t in more.troubles if t not in found.troubles],
        )

    def exists(self, path: str) -> bool:
        """Whether either has the file."""
        return path in self._texts or self.base.exists(path)

    def read(self, path: str) -> bytes:
        """What a file holds here, else there."""
        data = self._texts.get(path)
        return self.base.read(path) if data is None else data

    def read_many(self, paths: Iterable[str]) -> Iterator[tuple[str, bytes | OSError]]:
        """What files hold here, else there."""
        for path in paths:
            try:
                yield path, self.read(path)
            except OSError as error:
                yield path, error

    def label(self, path: str) -> str:
        """The other store's name of the file."""
        return self.base.label(path)

    def aliases(self, known: Scan | None = None) -> dict[str, list[str]]:
        """The other store's links that lead to files, but for those that hold a text here."""
        return {
            path: kept
            for path, links in self.base.aliases(known).items()
            if (kept := [link for link in links if link not in self._texts])
        }

    def is_alias(self, path: str) -> bool:
        """Whether the other store has a link there, and no text is here."""
        return path not in self._texts and self.base.is_alias(path)


def _settles(trouble: Trouble, folder: str, held: set[str]) -> bool:
    """Whether what is held takes away what is wrong with a file, or with a missing folder."""
    missing = trouble.kind is TroubleKind.UNREADABLE and trouble.path == (folder or "/")
    return missing or trouble.path in held
