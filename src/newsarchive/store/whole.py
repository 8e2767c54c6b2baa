"""Writing a new file, or a folder of files, that is there whole or not at all."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from newsarchive.errors import RefusedWriteError
from newsarchive.store.atomic import new_mode, signals_held

IsOurs = Callable[[Path], bool]
"""Whether what stands at a path was made by the program that writes there again."""


def require_free(output: Path, is_ours: IsOurs) -> None:
    """Refuse a place that cannot be written to, or where something else stands.

    Raises:
        RefusedWriteError: it is not there to be written to.
        OSError: what stands there cannot be read.
    """
    if not output.parent.is_dir():
        raise RefusedWriteError(str(output), f"there is no folder {output.parent}")
    if not os.access(output.parent, os.W_OK):
        raise RefusedWriteError(str(output), f"the folder {output.parent} is read-only")
    if os.path.lexists(output) and not _is_empty(output) and not is_ours(output):
        raise RefusedWriteError(
            str(output), "something else is there and was left as it is; name another place"
        )


@contextlib.contextmanager
def written_whole(output: Path, is_ours: IsOurs, *, folder: bool) -> Iterator[Path]:
    """Write beside a place; what was written takes its name when the block ends well.

    What stood there is gone then, if it may go, and stays as it is where the block raises.

    Yields:
        An empty folder, or the name of a file that is not there yet.

    Raises:
        RefusedWriteError: the place cannot be written to, or something else is there.
        OSError: writing failed.
    """
    require_free(output, is_ours)
    work = Path(tempfile.mkdtemp(prefix=".newsarchive-", suffix=".tmp", dir=output.parent))
    try:
        new, old = work / "new", work / "old"
        if folder:
            new.mkdir()
        yield new
        for file in [new, *new.rglob("*")] if folder else [new]:
            _flush(file)
            os.chmod(file, new_mode(0o777 if file.is_dir() else 0o666))
        require_free(output, is_ours)
        with signals_held():
            if os.path.lexists(output):
                os.rename(output, old)
            try:
                os.rename(new, output)
            except OSError:
                if os.path.lexists(old):
                    os.rename(old, output)
                raise
    finally:
        shutil.rmtree(work, ignore_errors=True)


def new_file(path: Path) -> BinaryIO:
    """A file to write to that is not there yet."""
    return open(path, "xb")


def head_of(path: Path, size: int) -> bytes:
    """The first bytes of a file; none where there is no regular file."""
    if not path.is_file():
        return b""
    with open(path, "rb") as file:
        return file.read(size)


def names_in(folder: Path) -> set[str]:
    """The names of what a folder holds."""
    return set(os.listdir(folder))


def _is_empty(output: Path) -> bool:
    return output.is_dir() and not output.is_symlink() and not names_in(output)


def _flush(path: Path) -> None:
    if path.is_file():
        with open(path, "rb") as file:
            os.fsync(file.fileno())
