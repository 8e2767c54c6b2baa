"""Unified diffs of pages, as `patch` and reviewers read them."""

import difflib
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from newsarchive.page.printable import printable
from newsarchive.store.journal import FileChange


class ChangedFile(NamedTuple):
    """What becomes of one file."""

    file: str
    before: str  # the name that it had; empty where that was the same
    # old, new: its bytes; None where there is no file
    old: bytes | None
    new: bytes | None

    def diff(self) -> Iterator[str]:
        """The lines of its unified diff, below one that says so where it is renamed."""
        if self.before:
            yield f"rename {printable(self.before)} -> {printable(self.file)}"
        for line in unified(self.file, self.old or b"", self.new or b""):
            none = ("--- a/" if self.old is None else "+++ b/", 6)
            missing = None in (self.old, self.new) and line.startswith(none[0])
            yield f"{line[:4]}/dev/null" if missing else line


def changed_files(changes: Iterable[FileChange], label: Callable[[str], str]) -> list[ChangedFile]:
    """What becomes of each file of a change, one that is renamed once; `label` names files."""
    by_path = {change.path: change for change in changes}
    origins = {c.like for c in by_path.values() if c.like and by_path[c.like].new is None}
    found = []
    for path, (_, old, new, like) in by_path.items():
        if like in origins:
            found.append(ChangedFile(label(path), label(like), by_path[like].old, new))
        elif path not in origins:
            found.append(ChangedFile(label(path), "", old, new))
    return found


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
