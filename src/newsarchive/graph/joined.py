"""The records of all folders, joined: where few folders changed, those of the others are not read.

Of each folder it is the keys that its pages give and want, and what tells that it is as it was.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import accumulate, pairwise

from newsarchive.graph.facts import KEY_BYTES
from newsarchive.graph.merge import all_keys, unmet
from newsarchive.graph.records import WANTED, WIDTH, FolderRecord, from_json, to_json
from newsarchive.graph.survey import Survey
from newsarchive.page.lazy_tuples import NamedTuple
from newsarchive.store.listing import Scan, marks_of

Successors = Mapping[str, Sequence[str]]
"""For each path that Changes name as an older version's, the pages that name it."""

_SIZES = 3
_NUMBER_BYTES = array("I").itemsize


class FolderKeys(NamedTuple):
    """What is joined of one folder."""

    mark: int  # the second of its `marks_of`
    check: int  # the checksum of its record, where that is kept
    gives: bytes  # the keys that its pages give, and its day
    wants: bytes  # those that they want, page by page
    counts: bytes  # how many these are on each page, as 4-byte integers

    @classmethod
    def of(cls, record: FolderRecord, scan: Scan, seed: int, check: int) -> FolderKeys:
        """The keys of a record, which has that checksum and keys of that seed."""
        gives = b"".join(Survey([record], seed).given(scan))
        counts = array("I", record.numbers)[WANTED::WIDTH].tobytes()
        _, mark = marks_of(record.names, record.stats)
        return cls(mark, check, gives, record.wants, counts)


class Joined(NamedTuple):
    """The keys of all folders in the order of the file tree, column by column."""

    folders: str  # archive paths, with NUL between them
    marks: bytes  # as 8-byte integers
    checks: bytes  # as 4-byte integers
    sizes: bytes  # how many keys each gives and wants, how many pages it has: 4-byte integers
    gives: bytes
    wants: bytes
    counts: bytes
    former: str  # the `Successors` of all pages as JSON; empty where there are none

    @classmethod
    def of(cls, keys_of: Mapping[str, FolderKeys], successors: Successors) -> Joined:
        """Keys by folder, joined."""
        each = [*keys_of.values()]
        sizes = array("I")
        for keys in each:
            given, wanted = len(keys.gives) // KEY_BYTES, len(keys.wants) // KEY_BYTES
            sizes.extend((given, wanted, len(keys.counts) // _NUMBER_BYTES))
        return cls(
            "\0".join(keys_of),
            array("Q", [keys.mark for keys in each]).tobytes(),
            array("I", [keys.check for keys in each]).tobytes(),
            sizes.tobytes(),
            b"".join([keys.gives for keys in each]),
            b"".join([keys.wants for keys in each]),
            b"".join([keys.counts for keys in each]),
            to_json(dict(sorted(successors.items()))) if successors else "",
        )

    @classmethod
    def of_survey(
        cls, survey: Survey, scan: Scan, checksum: Callable[[FolderRecord], int] = lambda _: 0
    ) -> Joined:
        """All records, joined, with the checksums of those that are kept."""
        seed = survey.seed
        keys_of = {r.folder: FolderKeys.of(r, scan, seed, checksum(r)) for r in survey.records}
        return cls.of(keys_of, survey.successors())

    def by_folder(self) -> dict[str, FolderKeys]:
        """The keys by folder."""
        sizes = array("I", self.sizes)
        columns = (
            array("Q", self.marks),
            array("I", self.checks),
            _cut(self.gives, sizes[::_SIZES], KEY_BYTES),
            _cut(self.wants, sizes[1::_SIZES], KEY_BYTES),
            _cut(self.counts, sizes[2::_SIZES], _NUMBER_BYTES),
        )
        return dict(zip(self._names(), map(FolderKeys, *columns), strict=True))

    def successors(self) -> dict[str, list[str]]:
        """For each path that Changes name as an older version's, the pages that name it."""
        found: dict[str, list[str]] = from_json(self.former) if self.former else {}
        return found

    def is_whole(self) -> bool:
        """Whether the columns agree with each other, as they do where nobody else wrote them."""
        sizes, folders = array("I"), len(self._names())
        if len(self.sizes) != folders * _SIZES * sizes.itemsize:
            return False
        sizes.frombytes(self.sizes)
        given, wanted, pages = (sum(sizes[n::_SIZES]) for n in range(_SIZES))
        return (
            len(self.marks) == folders * array("Q").itemsize
            and len(self.checks) == folders * _NUMBER_BYTES
            and len(self.gives) == given * KEY_BYTES
            and len(self.wants) == wanted * KEY_BYTES
            and len(self.counts) == pages * _NUMBER_BYTES
            and sum(array("I", self.counts)) == wanted
            and _are_successors(self.former)
        )

    def pages(self) -> int:
        """How many pages there are."""
        return len(self.counts) // _NUMBER_BYTES

    def _names(self) -> list[str]:
        return self.folders.split("\0") if self.folders else []


def in_doubt(
    keys_of: Mapping[str, FolderKeys], names_of: Callable[[str], Sequence[str]]
) -> Iterator[str]:
    """The pages that want what none gives, as `Survey.in_doubt` tells, by folders' keys."""
    folders = [*keys_of]
    given = all_keys(keys.gives for keys in keys_of.values())
    for number, places in unmet(given, [keys.wants for keys in keys_of.values()]):
        folder = folders[number]
        ends, names = [*accumulate(array("I", keys_of[folder].counts))], names_of(folder)
        for page in dict.fromkeys(bisect_right(ends, at) for at in places):
            yield f"{folder}/{names[page]}"


def _cut(column: bytes, sizes: Sequence[int], width: int) -> Iterator[bytes]:
    """A column in pieces of so many entries of a width."""
    ends = accumulate((size * width for size in sizes), initial=0)
    return (column[start:end] for start, end in pairwise(ends))


def _are_successors(former: str) -> bool:
    try:
        found = from_json(former) if former else {}
        return all(type(page) is str for pages in found.values() for page in pages)
    except (ValueError, TypeError, AttributeError, RecursionError):
        return False
