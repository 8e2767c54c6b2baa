"""Which pages may link to an archive path: told without the parts of all pages.

Both ways name every page that has such a link, and some that have none. Whoever asks reads these.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator
from functools import cached_property
from itertools import accumulate
from typing import TYPE_CHECKING, Protocol

from newsarchive.graph.facts import KEY_BYTES, key_of
from newsarchive.graph.joined import Joined
from newsarchive.graph.survey import Survey
from newsarchive.page.patterns import pattern
from newsarchive.rules._wants import exists, titled
from newsarchive.store.listing import Scan
from newsarchive.store.names import encoded

if TYPE_CHECKING:
    from newsarchive.graph.view import ArchiveView

# A target as far as no character comes that may end it.
_TARGET = pattern(rb"\]\((/[^\s#)]*)")
_START = pattern(rb"[^\s#)]*")

_FEW = 8
"""So many questions are answered by search; more have what is kept put in order by keys."""


class Referrers(Protocol):
    """The pages that may link to a path."""

    def of(self, path: str) -> list[str]:
        """The pages, in the order of the file tree."""


class SearchedReferrers:
    """The pages whose text holds a target that starts as the path does.

    Only the paths that are going to be asked for are looked for; None means any. Targets may have a
    base before the paths that they mean.
    """

    def __init__(
        self,
        pages: Iterable[tuple[str, bytes | OSError]],
        only: Collection[str] | None = None,
        base: str = "",
    ) -> None:
        self._pages: dict[bytes, list[str]] = {}
        self._base = f"{base}/".encode() if base else b""
        self._asked = None if only is None else frozenset(map(_start, only))
        for path, data in pages:
            if isinstance(data, bytes):
                self.take(path, data)

    def take(self, path: str, data: bytes) -> None:
        """Take up what a page's file holds; what it held before counts, too."""
        found = set(_TARGET.findall(data))
        if self._base:
            found |= {t[len(self._base) - 1 :] for t in found if t.startswith(self._base)}
        for target in found if self._asked is None else found & self._asked:
            self._pages.setdefault(target, []).append(path)

    def of(self, path: str) -> list[str]:
        """The pages that have such a target."""
        return self._pages.get(_start(path), [])


class KeptReferrers:
    """The pages that want something of a path, by what runs keep.

    A page wants what it links to, by the title that it quotes. Where that is not the page's title,
    or there is no such page, its own wants are not all given. Older paths under Changes are kept; a
    source that is a path is a finding on the page alone. So is whatever else leads to a page. Pages
    that may have links that they do not want, in doubt or with findings, are `always` named.
    """

    def __init__(
        self, joined: Joined, scan: Scan, always: Iterable[str], seed: int, view: ArchiveView
    ) -> None:
        self._wants, self._former = joined.wants, joined.successors()
        self._pages, always = scan.pages, {*always}
        self._numbers = {page: n for n, page in enumerate(scan.pages) if page in always}
        read = view.store.read_many(self._numbers)
        self._always = SearchedReferrers(read, base=view.edition.base)
        self._ends = list(accumulate(array("I", joined.counts)))
        self._seed, self._title, self._asked = seed, view.title, 0

    @classmethod
    def of_survey(cls, survey: Survey, scan: Scan, view: ArchiveView) -> KeptReferrers:
        """Those that the records of all pages tell of."""
        always = (*survey.in_doubt(scan), *(page for page, _ in survey.findings()))
        return cls(Joined.of_survey(survey, scan), scan, always, survey.seed, view)

    def of(self, path: str) -> list[str]:
        """The pages that want such a page, or have links to it that they do not want."""
        there = key_of(exists(path), self._seed)
        former = self._former.get(path, ())
        found = {n for n, page in enumerate(self._pages) if page in former} if former else set()
        for key in (there, key_of(titled(path, self._title(path) or ""), self._seed)):
            found.update(bisect_right(self._ends, at) for at in self._wanting(key))
        found.update(self._numbers[page] for page in self._always.of(path))
        known = range(len(self._pages))
        return [self._pages[number] for number in sorted(found) if number in known]

    def _wanting(self, key: bytes) -> Iterator[int]:
        """Which of all wants are that key."""
        self._asked += 1
        if self._asked <= _FEW:
            yield from (at // KEY_BYTES for at in _places(key, self._wants))
            return
        last, before = self._by_key
        at = last.get(array("Q", key)[0])
        while at is not None:
            yield at
            at = before[at]

    @cached_property
    def _by_key(self) -> tuple[dict[int, int], list[int | None]]:
        """The last want of each key, and of each want the one of the same key before it.

        As much work as some fifty searches.
        """
        last: dict[int, int] = {}
        before: list[int | None] = []
        for at, key in enumerate(array("Q", self._wants)):
            before.append(last.get(key))
            last[key] = at
        return last, before


def _places(key: bytes, keys: bytes) -> Iterator[int]:
    """Where a key begins among others."""
    at = keys.find(key)
    while at >= 0:
        if at % KEY_BYTES == 0:
            yield at
        at = keys.find(key, at + 1)


def _start(path: str) -> bytes:
    """A path as far as no character comes that may end a target."""
    found = _START.match(encoded(path))
    return found[0] if found else b""
