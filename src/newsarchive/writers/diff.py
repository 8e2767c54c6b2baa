"""Unified diffs of pages, as `patch` and reviewers read them."""

import difflib
from collections.abc import Iterator

from newsarchive.page.printable import printable


def unified(file: str, old: bytes, new: bytes) -> Iterator[str]:
    """The unified diff of a file's old and new bytes, line by line without line endings.

    Carriage returns, a byte order mark and other characters that cannot be seen are shown as
    escapes, so that a change of only these can be seen; of pages without any, `patch` makes the
    new bytes.
    """
    name = printable(file)
    for line in difflib.unified_diff(_lines(old), _lines(new), f"a/{name}", f"b/{name}"):
        yield line.removesuffix("\n")
        if not line.endswith("\n"):
            yield "\\ No newline at end of file"


def _lines(data: bytes) -> list[str]:
    """The lines with their line feeds; other characters that end lines elsewhere do not."""
    *lines, last = data.decode("utf-8", "replace").split("\n")
    shown = [_shown(line) + "\n" for line in lines]
    return [*shown, _shown(last)] if last else shown


def _shown(line: str) -> str:
    return "\t".join(map(printable, line.split("\t")))
