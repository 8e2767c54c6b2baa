"""Keys on their way: from the tasks that made them to those that compare them."""

from __future__ import annotations

import mmap
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from tempfile import TemporaryFile
from typing import NamedTuple

from newsarchive.graph.facts import KEY_BYTES
from newsarchive.graph.merge import keys_in, unmet

PART_BYTES = 4_000_000
"""How many bytes of keys a task compares at most, about: less than schedulers complain of."""

Unmet = list[tuple[int, list[int]]]


class Part(NamedTuple):
    """The keys with the same first bits."""

    gives: bytes  # those that are given, joined
    wants: list[bytes]  # those that each share wants, joined
    # for each of these, the number of the share, and where they begin in its wants
    origins: list[tuple[int, int]]


Comparison = Callable[[Iterable[Part]], Iterator[tuple[Part, Unmet]]]
"""Has parts compared, and gives back each with its outcome."""


def compare(_: None, part: Part) -> Unmet:
    """Which keys of a part are wanted, but not given. Runs wherever tasks are done."""
    return list(unmet({*keys_in(part.gives)}, part.wants))


class _Columns(NamedTuple):
    """Where a share's columns begin: keys that are given, that are wanted, who wants them."""

    gives: int
    wants: int
    pages: int


class Exchange:
    """The keys of all tasks, in a file without a name: memory is for what they are about."""

    def __init__(self) -> None:
        self._file = TemporaryFile(prefix="newsarchive-")  # noqa: SIM115 - `close` does it
        self._shares: list[_Columns] = []
        self._end = 0

    def close(self) -> None:
        """Give the file's place back."""
        self._file.close()

    def add(self, gives: bytes, wants: bytes = b"", pages: bytes = b"") -> None:
        """Take a share's keys, joined, in order: those that are given, and those that are wanted.

        For each of the wanted ones, `pages` has the number of the page that wants it, in 8 bytes.
        """
        start = self._end
        middle = start + len(gives) // KEY_BYTES
        last = middle + len(wants) // KEY_BYTES
        self._shares.append(_Columns(start, middle, last))
        self._end = last + len(pages) // KEY_BYTES
        self._file.writelines((gives, wants, pages))

    @property
    def is_one_part(self) -> bool:
        """Whether all keys are so few that one task compares them."""
        return self._end * KEY_BYTES < PART_BYTES

    def wanting(self, compared: Comparison) -> Iterator[tuple[int, int]]:
        """The pages that want what none gives: a share's number, and the page's number in it."""
        self._file.flush()
        numbers = keys_in(mmap.mmap(self._file.fileno(), 0) if self._end else b"")
        for part, found in compared(self._parts(numbers)):
            for n, positions in found:
                share, first = part.origins[n]
                start = self._shares[share].pages + first
                for at in positions:
                    yield share, numbers[start + at]

    def _parts(self, numbers: memoryview[int]) -> Iterator[Part]:
        """The keys, in parts of the same first bits."""
        bits = (len(numbers) * KEY_BYTES // PART_BYTES).bit_length()
        lows = [(columns.gives, columns.wants) for columns in self._shares]
        for number in range(1 << bits):
            end = (number + 1) << (8 * KEY_BYTES - bits)
            part = Part(b"", [], [])
            gives = []
            for share, (columns, (given, wanted)) in enumerate(
                zip(self._shares, lows, strict=True)
            ):
                up_to = bisect_left(numbers, end, given, columns.wants)
                gives.append(numbers[given:up_to])
                last = bisect_left(numbers, end, wanted, columns.pages)
                if last > wanted:
                    part.wants.append(numbers[wanted:last].tobytes())
                    part.origins.append((share, wanted - columns.wants))
                lows[share] = up_to, last
            if part.wants:
                yield part._replace(gives=b"".join(gives))
