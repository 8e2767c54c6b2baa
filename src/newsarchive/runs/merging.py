"""The merge of a run whose folders are read by an executor: no place holds all records.

What leaves a task is a share: counts, findings, the keys that its pages give, and the few that
they want still. The keys of all shares are compared in tasks of their own, each with those whose
first bits are the same. So who asked for the run holds names, findings and pages in doubt.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import Executor
from contextlib import closing
from functools import partial
from itertools import accumulate

from newsarchive.graph.answers import Answers
from newsarchive.graph.facts import key_of
from newsarchive.graph.merge import in_order, keys_in
from newsarchive.graph.records import Row
from newsarchive.graph.shares import Share
from newsarchive.graph.survey import Summary
from newsarchive.page.paths import INDEX_NAMES
from newsarchive.rules._wants import previous
from newsarchive.runs.exchange import Comparison, Exchange, Part, Unmet, compare
from newsarchive.runs.processes import calls
from newsarchive.runs.workers import Collected
from newsarchive.store.listing import Scan

_AHEAD = 16  # parts that wait: each is as large as a task may be


def merged(
    tasks: Iterable[Collected], view: Answers, scan: Scan, seed: int, executor: Executor
) -> Summary:
    """What is to know of all pages of a view, which takes up what of it serves its answers.

    Tasks are in the order of folders. The listing is complete when the last of them is taken. Keys
    are compared by the executor.

    Raises:
        ExecutorError: it is lost.
        OSError: there is no room for keys in the folder for temporary files.
    """
    with closing(_Merge()) as merge:
        for task in tasks:
            assert task.share
            merge.add(task.share, task.pages)
        view.take_scan(scan)
        view.take_successors(merge.successors)
        return merge.summary(scan, seed, executor)


class _Merge:
    """The shares of an archive's folders, taken up in the order of the folders."""

    def __init__(self) -> None:
        self._exchange = Exchange()
        self._firsts = [0]
        self._pages: Counter[str] = Counter()
        self._links: Counter[str] = Counter()
        self._later: list[str] = []
        self._rows: dict[str, list[Row]] = {}
        self._successors: dict[str, set[str]] = {}

    def add(self, share: Share, pages: int) -> None:
        """Take up a share of so many pages."""
        self._firsts.append(self._firsts[-1] + pages)
        self._exchange.add(share.gives, share.wants, share.pages)
        found = share.summary
        self._pages.update(found.pages)
        self._links.update(found.links)
        self._later += found.in_doubt
        self._rows |= found.rows
        for old, new in share.successors.items():
            self._successors.setdefault(old, set()).update(new)

    def close(self) -> None:
        """Give the place back that the keys took."""
        self._exchange.close()

    @property
    def successors(self) -> dict[str, tuple[str, ...]]:
        """For each path that Changes name as an older version's, the pages that name it."""
        return {old: tuple(sorted(pages)) for old, pages in self._successors.items()}

    def summary(self, scan: Scan, seed: int, executor: Executor) -> Summary:
        """What all shares come to."""
        self._exchange.add(in_order(keys_in(b"".join(_order_of_days(scan, seed)))))
        numbers = {
            self._firsts[share] + page
            for share, page in self._exchange.wanting(self._comparing(executor))
        }
        doubtful = dict.fromkeys([*_paths(scan, sorted(numbers)), *self._later])
        return Summary(dict(self._pages), dict(self._links), [*doubtful], self._rows)

    def _comparing(self, executor: Executor) -> Comparison:
        """What has parts compared: a single one takes less time to compare than to send."""
        if self._exchange.is_one_part:
            return _compared_here
        return partial(_compared, executor)


def _compared_here(parts: Iterable[Part]) -> Iterator[tuple[Part, Unmet]]:
    return ((part, compare(None, part)) for part in parts)


def _compared(executor: Executor, parts: Iterable[Part]) -> Iterator[tuple[Part, Unmet]]:
    with closing(calls(compare, None, parts, executor, ahead=_AHEAD)) as done:
        for part, found in done:
            yield part, compare(None, part) if found is None else found


def _order_of_days(scan: Scan, seed: int) -> Iterator[bytes]:
    """The keys of what the listing alone tells: which day comes before another."""
    earlier = scan.previous_days
    for folder, names, _ in scan.folders:
        if any(name in names for name in INDEX_NAMES):
            yield key_of(previous(folder, earlier.get(folder, "")), seed)


def _paths(scan: Scan, numbers: Iterable[int]) -> Iterator[str]:
    """The pages of these numbers, counted in the order in which they were listed."""
    firsts = [0, *accumulate(len(listing.names) for listing in scan.folders)]
    for number in numbers:
        at = bisect_right(firsts, number) - 1
        yield f"{scan.folders[at].folder}/{scan.folders[at].names[number - firsts[at]]}"
