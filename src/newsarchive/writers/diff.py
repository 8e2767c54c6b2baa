"""Unified diffs of pages, as `patch` and reviewers read them."""

import difflib
from collections.abc import Iterator

from newsarchive.writers.text import printable


def unified(file: str, old: bytes, new: bytes) -> Iterator[str]:
    """The unified diff of a file's old and new bytes, line by line without line endings.

    Carriage returns and a byte order mark are shown as escapes, so that a change of only these
    can be seen.
    """
    name = printable(file)
    before, after = _lines(old), _lines(new)
    yield from difflib.unified_diff(before, after, f"a/{name}", f"b/{name}", lineterm="")


def _lines(data: bytes) -> list[str]:
    text = data.decode("utf-8", "replace")
    return [printable(line) for line in text.split("\n")]
