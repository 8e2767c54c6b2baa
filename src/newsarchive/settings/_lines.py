"""The lines that keys of a TOML file stand on.

The standard library's reader keeps no places. But a statement of TOML is complete at the first
line up to which it can be read: a list, table or text that is still open is an error. So the
reader itself finds where each statement ends, and each is read alone.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from typing import Any

from newsarchive.page.patterns import pattern

Path = tuple[str | int, ...]
_CLOSERS = ("]", "}", '"""', "'''")
"""What the last line of a statement of several lines holds: one of these at least."""
_BUDGET = 1 << 18
"""How many characters are read again before the rest is left: the statement of a hostile file may
look complete at each of its lines."""

MOST_PARTS = 64
"""How many parts a dotted key may have. The standard library's reader takes time for the square
of their number, and real keys have five."""
_DEEPEST = 16
"""How deep in lists and tables lines are kept. No key of a configuration lies half as deep."""

_TEXTS = pattern(
    r'''"""(?:[^\\]|\\.|\\\Z)*?(?:"""|\Z)|'{3}.*?(?:'{3}|\Z)|'''
    r""""(?:[^"\\\n]|\\[^\n])*"?|'[^'\n]*'?|\#[^\n]*""",
    re.DOTALL,
)
"""Texts and comments, also one that the file's end cuts off."""
_KEYS = pattern(r"[^=,\[\]{}\n]+")
"""Where texts are taken out: a key, or a value that is no list and no table."""


def key_of_many_parts(text: str) -> tuple[str, int] | None:
    """The first key with more than `MOST_PARTS` parts, and its line; None where there is none.

    To be asked before a file is read as TOML.
    """
    if text.count(".") < MOST_PARTS:
        return None
    bare = _TEXTS.sub(lambda m: "\n" * m[0].count("\n") or "_", text)
    for m in _KEYS.finditer(bare):
        if m[0].count(".") >= MOST_PARTS:
            return m[0].strip(), bare.count("\n", 0, m.start()) + 1
    return None


def lines_of(text: str) -> dict[Path, int]:
    """The line of each key of a valid file, counted from 1, by path: keys, and numbers in lists.

    A value in a list or inline table has the line of the statement that it stands in. Of a file
    that is hard to read, the last keys may be missing.
    """
    found: dict[Path, int] = {}
    tables: Counter[Path] = Counter()
    header: Path = ()
    for line, is_header, statement in _statements(text):
        if is_header:
            header = _header(statement, tables)
            for end in range(1, len(header) + 1):
                found.setdefault(header[:end], line)
        else:
            for path in _paths(statement, header):
                found.setdefault(path, line)
    return found


def _statements(text: str) -> Iterator[tuple[int, bool, dict[str, Any]]]:
    """Each statement read alone: its line, whether it is a table's header, what it gives."""
    lines = text.split("\n")
    start, left = 0, _BUDGET
    while start < len(lines):
        chunk = ""
        for end in range(start, len(lines)):
            chunk += lines[end] + "\n"
            if end > start and not any(closer in lines[end] for closer in _CLOSERS):
                continue
            try:
                statement = tomllib.loads(chunk)
            except (tomllib.TOMLDecodeError, RecursionError):  # nested as deep as can be read
                left -= len(chunk)
                if left < 0:
                    return
                continue
            yield start + 1, chunk.lstrip(" \t").startswith("["), statement
            start = end + 1
            break
        else:  # pragma: no cover - the file was read as a whole before
            return


def _header(statement: dict[str, Any], tables: Counter[Path]) -> Path:
    """The path of the table that a header begins."""
    path: Path = ()
    inner: Any = statement
    while inner:
        [(name, inner)] = inner.items()
        path += (name,)
        if isinstance(inner, list):  # [[name]]: one more of them
            tables[path] += 1
            inner = {}
        if tables[path]:
            path += (tables[path] - 1,)
    return path


def _paths(value: object, base: Path) -> Iterator[Path]:
    """The path of each key and list entry in a value, but those that lie too deep."""
    pairs: Any = ()
    if len(base) >= _DEEPEST:
        return
    if isinstance(value, dict):
        pairs = value.items()
    elif isinstance(value, list):
        pairs = enumerate(value)
    for name, inner in pairs:
        yield (*base, name)
        yield from _paths(inner, (*base, name))
