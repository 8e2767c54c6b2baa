"""What one page says that other pages' verdicts depend on, in a compact form.

A run reads every page once. What is needed of it later, to judge the pages that link to it, is
kept as *keys*: 8-byte digests. A page *gives* keys ("I am titled so") and *wants* keys ("the page
at this path is titled so", "this path exists"). A page all of whose wants are given has no finding
of a rule that looks at other pages; only the others are read again and judged by the rules. A key
that is given by mistake needs a collision of 64-bit digests: one in 10^12 for a million links.
They are made by XXH3: a page has ten, which take it 1 µs, and BLAKE2 (an eighth of a run) 7.

Every run has a *seed* of its own, which goes into each key. Without it, a page could be written
whose key collides with another's on purpose, to hide a broken link.
"""

from __future__ import annotations

import os
from typing import NamedTuple

from xxhash import xxh3_64_digest

from newsarchive.page.paths import PageKind, path_fault, target_path
from newsarchive.page.reading import Reading, former_paths

KEY_BYTES = 8
SEED_BITS = 64


def new_seed() -> int:
    """A seed that nobody can foresee."""
    return int.from_bytes(os.urandom(SEED_BITS // 8))


def titled_key(path: str, title: str, seed: int) -> bytes:
    """The key for "the page at `path` exists and is titled `title`"."""
    return xxh3_64_digest(f"{path}\0{title}".encode(), seed)


def exists_key(path: str, seed: int) -> bytes:
    """The key for "a file of this path exists"."""
    return xxh3_64_digest(path.encode(), seed)


def listed_key(path: str, seed: int) -> bytes:
    """The key for "an index page of its day lists the event at `path`"."""
    return xxh3_64_digest(f"\0{path}".encode(), seed)


def previous_key(folder: str, path: str, seed: int) -> bytes:
    """The key for "the day before that of `folder` is the one with the index at `path`"."""
    return xxh3_64_digest(f"{folder}\0\0{path}".encode(), seed)


class Facts(NamedTuple):
    """What a page gives and wants, and what it counts for.

    Attributes:
        kind: the kind of page.
        links: how many links of each kind it holds.
        gives, wants: keys, joined.
        ordinal: the heading's date as a proleptic ordinal, 0 without one.
        old_paths: the paths that older versions of the page had, as Changes name them.
        title: an event's title; empty for other pages.
    """

    kind: str
    links: dict[str, int]
    gives: bytes
    wants: bytes
    ordinal: int
    old_paths: tuple[str, ...] = ()
    title: str = ""


def facts_of(reading: Reading, seed: int) -> Facts:
    """The facts of one page, with keys of a seed."""
    gives: list[bytes] = []
    wants: list[bytes] = []
    old_paths: tuple[str, ...] = ()
    title, path = "", reading.path
    heading = reading.heading
    if heading:
        wants.append(exists_key(target_path(heading.target), seed))
    if reading.kind is PageKind.EVENT:
        title = reading.text(reading.title)
        if title:
            gives.append(titled_key(path, title, seed))
        wants.append(listed_key(path, seed))
        for target, m in zip(reading.related_paths, reading.related, strict=True):
            wants.append(titled_key(target, m["text"].strip(), seed))
        if reading.changes:
            old_paths = former_paths(reading)
            paths = [target_path(m["target"]) for m in reading.changes]
            wants.extend(exists_key(path, seed) for path in paths if path_fault(path))
    else:
        _index(reading, gives, wants, seed)
    ordinal = heading.date.toordinal() if heading and heading.date else 0
    return Facts(
        reading.kind.value,
        reading.link_counts(),
        b"".join(gives),
        b"".join(wants),
        ordinal,
        old_paths,
        title,
    )


def _index(reading: Reading, gives: list[bytes], wants: list[bytes], seed: int) -> None:
    folder = reading.path.rpartition("/")[0]
    for item in reading.index_items():
        target = target_path(item.match["target"])
        wants.append(titled_key(target, item.match["text"].strip(), seed))
        if target.rpartition("/")[0] == folder:
            gives.append(listed_key(target, seed))
    for section in reading.sections:
        if section.match and section.match["target"] is not None:
            wants.append(exists_key(target_path(section.match["target"]), seed))
    if reading.kind is PageKind.DAY_INDEX:
        m = reading.previous.match if reading.previous else None
        wants.append(previous_key(folder, target_path(m["target"]) if m else "", seed))
        if m:
            wants.append(exists_key(target_path(m["target"]), seed))


def keys(joined: bytes) -> list[bytes]:
    """The keys of a joined string of keys."""
    return [joined[i : i + KEY_BYTES] for i in range(0, len(joined), KEY_BYTES)]
