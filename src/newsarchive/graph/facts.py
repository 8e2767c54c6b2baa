"""What one page says that other pages' verdicts depend on, in a compact form.

A run reads every page once. What is needed of it later, to judge the pages that link to it, is
kept as *keys*: 8-byte digests. A page *gives* keys ("I am titled so") and *wants* keys ("the page
at this path is titled so", "this path exists"); what it wants, rules say (`Rule.wants`). A page
all of whose wants are given has no finding of a rule that looks at other pages; only the others
are read again and judged by the rules. A key that is given by mistake needs a collision of 64-bit
digests: one in 10^12 for a million links.
They are made by XXH3: a cryptographic digest would take an eighth of a run.

Every run has a *seed* of its own, which goes into each key. Without it, a page could be written
whose key collides with another's on purpose, to hide a broken link.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from itertools import repeat

from xxhash import xxh3_64_digest

from newsarchive.page.lazy_tuples import NamedTuple
from newsarchive.page.parts import Parts, former_paths, parts_of
from newsarchive.page.paths import PageKind
from newsarchive.page.reading import Reading
from newsarchive.rules import ALL_RULES
from newsarchive.rules._rule import Want
from newsarchive.rules._wants import exists, listed, titled

KEY_BYTES = 8
SEED_BITS = 64


def new_seed() -> int:
    """A seed that nobody can foresee."""
    return int.from_bytes(os.urandom(SEED_BITS // 8))


def key_of(statement: Want, seed: int) -> bytes:
    """The key for a statement about a page."""
    return xxh3_64_digest(statement.encode(), seed)


class Facts(NamedTuple):
    """What a page gives and wants, and what it counts for."""

    kind: str  # the kind of page
    links: dict[str, int]  # how many links of each kind it holds
    # gives, wants: keys, joined
    gives: bytes
    wants: bytes
    ordinal: int  # the heading's date as a proleptic ordinal, 0 without one
    # the paths that older versions of the page had, as Changes name them
    old_paths: tuple[str, ...] = ()
    title: str = ""  # an event's title; empty for other pages


def facts_of(reading: Reading, seed: int) -> Facts:
    """The facts of one page, with keys of a seed."""
    return facts_from(parts_of(reading), seed)


def facts_from(page: Parts, seed: int) -> Facts:
    """The facts of a page that has these parts, with keys of a seed."""
    statements: list[Want] = []
    for wants in _WANTS:
        statements += wants(page)
    title, path = page.title, page.path
    if page.kind is PageKind.EVENT:
        gives = [titled(path, title)] if title and can_be_named(path) else []
    else:  # the events of its own day that an index lists
        folder = path.rpartition("/")[0]
        gives = [listed(to) for to in page.linked_paths if to.rpartition("/")[0] == folder]
    return Facts(
        page.kind.value,
        page.links,
        joined_keys(gives, seed),
        joined_keys(statements, seed),
        page.ordinal,
        former_paths(page),
        title,
    )


def joined_keys(statements: list[Want], seed: int) -> bytes:
    """The keys of statements, joined; without a call of our own for each."""
    return b"".join(map(xxh3_64_digest, map(str.encode, statements), repeat(seed)))


# Of all rules, whichever run: what is kept of a page must do for other runs, too.
_WANTS = tuple(dict.fromkeys(wants for rule in ALL_RULES for wants in rule.wants or ()))


def can_be_named(path: str) -> bool:
    """Whether a link can name a page's path, as far as a glance tells.

    Links to a page that none can name are found fault with; so such a page gives nothing.
    """
    return not ("\\" in path or "%" in path)


def existence_keys(paths: Sequence[str], seed: int) -> Iterator[bytes]:
    """The key that every page gives: that it exists, if links can name it."""
    if can_be_named("".join(paths)):  # nearly always
        stated = [f"E{path}" for path in paths]
    else:
        stated = [exists(path) if can_be_named(path) else "" for path in paths]
    return map(xxh3_64_digest, map(str.encode, stated), repeat(seed))


def keys(joined: bytes) -> list[bytes]:
    """The keys of a joined string of keys."""
    return [joined[i : i + KEY_BYTES] for i in range(0, len(joined), KEY_BYTES)]
