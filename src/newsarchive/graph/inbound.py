"""Which pages may link to an archive path: told without the parts of all pages.

Both ways name every page that has such a link, and some that have none. Whoever asks reads these.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterable
from itertools import accumulate
from typing import Protocol

from newsarchive.graph.facts import KEY_BYTES, key_of
from newsarchive.graph.survey import Survey
from newsarchive.page.patterns import pattern
from newsarchive.rules._wants import exists, titled
from newsarchive.store.listing import Scan
from newsarchive.store.names import encoded

# A target as far as no character comes that may end it.
_TARGET = pattern(rb"\]\((/[^\s#)]*)")
_START = pattern(rb"[^\s#)]*")


class Referrers(Protocol):
    """The pages that may link to a path."""

    def of(self, path: str) -> list[str]:
        """The pages, in the order of the file tree."""


class SearchedReferrers:
    """The pages whose text holds a target that starts as the path does.

    Args:
        pages: paths of pages and what their files hold.
        only: the paths that are going to be asked for; None means any.
        base: what targets may have before the paths that they mean.
    """

    def __init__(
        self,
        pages: Iterable[tuple[str, bytes | OSError]],
        only: Collection[str] | None = None,
        base: str = "",
    ) -> None:
        self._pages: dict[bytes, list[str]] = {}
        asked = None if only is None else frozenset(map(_start, only))
        for path, data in pages:
            found = set(_TARGET.findall(data)) if isinstance(data, bytes) else set()
            if base:
                found = {target.removeprefix(base.encode()) for target in found}
            for target in found if asked is None else found & asked:
                self._pages.setdefault(target, []).append(path)

    def of(self, path: str) -> list[str]:
        """The pages that have such a target."""
        return self._pages.get(_start(path), [])


class KeptReferrers:
    """The pages that want something of a path, by what runs keep.

    A page wants what it links to, by the title that it quotes. Where that is not the page's title,
    or there is no such page, its own wants are not all given. Older paths under Changes are kept;
    a source that is a path is a finding on the page alone. So is whatever else leads to a page.

    Args:
        survey: what is known of all pages.
        scan: their listing.
    """

    def __init__(self, survey: Survey, scan: Scan) -> None:
        self._survey = survey
        self._places = {record.folder: n for n, record in enumerate(survey.records)}
        self._wants = b"".join([record.wants for record in survey.records])
        self._ends = list(accumulate(len(record.wants) for record in survey.records))
        self._always = {*survey.in_doubt(scan), *(page for page, _ in survey.findings())}
        self._successors = survey.successors()

    def of(self, path: str) -> list[str]:
        """The pages that want such a page, or may have links that they do not want."""
        found = {*self._always, *self._successors.get(path, ())}
        for wanted in (exists(path), titled(path, self._title(path))):
            key = key_of(wanted, self._survey.seed)
            at = self._wants.find(key)
            while at >= 0:
                if at % KEY_BYTES == 0:
                    found.add(self._page_at(at))
                at = self._wants.find(key, at + 1)
        return sorted(found, key=self._order)

    def _title(self, path: str) -> str:
        folder, _, name = path.rpartition("/")
        if folder not in self._places:
            return ""
        record = self._survey.records[self._places[folder]]
        return dict(zip(record.page_names(), record.titles.split("\n"), strict=True)).get(name, "")

    def _page_at(self, at: int) -> str:
        """The page whose wants hold an offset."""
        n = bisect_right(self._ends, at)
        record = self._survey.records[n]
        within = at - (self._ends[n - 1] if n else 0)
        number = bisect_right([end for _, end in record.key_spans(3)], within)
        return f"{record.folder}/{record.page_names()[number]}"

    def _order(self, page: str) -> tuple[int, str]:
        folder, _, name = page.rpartition("/")
        return self._places[folder], name


def _start(path: str) -> bytes:
    """A path as far as no character comes that may end a target."""
    found = _START.match(encoded(path))
    return found[0] if found else b""
