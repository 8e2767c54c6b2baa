"""The merge: what pages want is compared with what pages give.

A run in one place merges once, folder against all folders. A run on many machines does it in each
task, so that few wants leave it, and then once more for all keys whose first bits are the same.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mmap import mmap


def all_keys(gives: Iterable[bytes]) -> set[int]:
    """The keys of several who give some."""
    return {*keys_in(b"".join(gives))}


def unmet(given: set[int], wants: Iterable[bytes]) -> Iterator[tuple[int, list[int]]]:
    """The keys that are wanted, but not given.

    Yields:
        The number of one who wants what none gives, and where in its keys that stands.
    """
    for number, joined in enumerate(wants):
        keys = keys_in(joined)
        # All of them first: a folder's pages at the cost of one.
        if not given.issuperset(keys):
            yield number, [at for at, key in enumerate(keys) if key not in given]


def keys_in(joined: bytes | mmap) -> memoryview[int]:
    """Joined keys as numbers."""
    return memoryview(joined).cast("Q")


def in_order(keys: Iterable[int]) -> bytes:
    """Keys joined, each once, the least first."""
    return array("Q", sorted({*keys})).tobytes()
