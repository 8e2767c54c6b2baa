"""Which findings appeared and which went between two runs over one archive."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from newsarchive.archive import Archive
from newsarchive.findings.diagnostics import Diagnostic, in_order
from newsarchive.runs.fingerprints import fingerprints


class NamedFinding(NamedTuple):
    """A finding and its fingerprint."""

    diagnostic: Diagnostic
    fingerprint: str


@dataclass(frozen=True)
class Snapshot:
    """The findings of one run by page, from top to bottom, each with its fingerprint."""

    pages: Mapping[str, tuple[NamedFinding, ...]]

    @classmethod
    def of(
        cls, archive: Archive, diagnostics: Iterable[Diagnostic], before: Snapshot | None = None
    ) -> Snapshot:
        """Take the fingerprints of a run's findings, which are in the order of a report.

        Pages whose findings are the same as in an earlier run, `before`, are not read.
        """
        pages: dict[str, tuple[NamedFinding, ...]] = {}
        anew: dict[str, list[Diagnostic]] = {}
        for page, group in groupby(diagnostics, attrgetter("page")):
            found = list(group)
            known = before.pages.get(page, ()) if before else ()
            if [_told(marked.diagnostic) for marked in known] == [*map(_told, found)]:
                pages[page] = known
            else:
                anew[page] = found
        made = iter(fingerprints(archive, [d for found in anew.values() for d in found]))
        for page, found in anew.items():
            pages[page] = tuple(NamedFinding(diagnostic, next(made)) for diagnostic in found)
        return cls(pages)


class Difference(NamedTuple):
    """What changed between two runs: findings that appeared or are gone, by page and place."""

    appeared: list[Diagnostic]
    gone: list[Diagnostic]


def difference(before: Snapshot, after: Snapshot) -> Difference:
    """What changed between two runs.

    A finding that only moved, to another line or with its page to another path, is the same. So is
    one on a page of the same path with the same message, if the words around it changed.
    """
    old = _others(before, after)
    new = _others(after, before)
    keys: tuple[Callable[[NamedFinding], Hashable], ...] = (_fingerprint, _message)
    for key in keys:
        old, new = _without(old, new, key), _without(new, old, key)
    return Difference(
        sorted((marked.diagnostic for marked in new), key=in_order),
        sorted((marked.diagnostic for marked in old), key=in_order),
    )


def _others(one: Snapshot, other: Snapshot) -> list[NamedFinding]:
    """The findings on pages that are not the same in both."""
    return [
        marked for page, found in one.pages.items() if other.pages.get(page) != found
        for marked in found
    ]  # fmt: skip


def _without(
    one: list[NamedFinding], other: list[NamedFinding], key: Callable[[NamedFinding], Hashable]
) -> list[NamedFinding]:
    """What the other list has no counterpart for."""
    counterparts = Counter(map(key, other))
    left = []
    for marked in one:
        counterparts[key(marked)] -= 1
        if counterparts[key(marked)] < 0:
            left.append(marked)
    return left


# What is shown of a finding, and where it is; how to repair it would have to be read first.
_told = attrgetter("severity", "code", "message", "file", "start", "end", "line", "column")
_fingerprint = attrgetter("fingerprint")


def _message(marked: NamedFinding) -> Hashable:
    d = marked.diagnostic
    return d.page, d.code, d.message
