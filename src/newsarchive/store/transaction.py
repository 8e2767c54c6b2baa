"""Changing several files of an archive as one: all of them or none.

What is to be done is first written to a journal in the archive's root, in one step. From then
on the change counts as made: should the process end before every file has its new state,
`recover` brings the rest about. Before, nothing has happened.

One process at a time changes an archive (`locking`). A signal that asks the process to end waits
until the change is made.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import json
import os
import stat
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from newsarchive.errors import RefusedWriteError
from newsarchive.page.paths import path_fault
from newsarchive.store.atomic import put_bytes, read_bytes, signals_held, sweep
from newsarchive.store.listing import JOURNAL, UNFINISHED
from newsarchive.store.locking import locked

_VERSION = 1


class FileChange(NamedTuple):
    """One file's part in a change.

    Attributes:
        path: the archive path.
        old: the content that the file must have; None means that there must be no such file.
        new: the content that it gets; None means that it is deleted.
        like: the archive path of the file whose mode and owner a new file gets.
    """

    path: str
    old: bytes | None
    new: bytes | None
    like: str = ""


class _Step(NamedTuple):
    """A change as the journal has it: the old content's digest is enough to know it by."""

    path: str
    old: str | None
    new: bytes | None
    like: str

    @classmethod
    def of(cls, change: FileChange) -> _Step:
        return cls(change.path, _digest(change.old), change.new, change.like)


def commit(root: str | os.PathLike[str], changes: Iterable[FileChange]) -> tuple[str, ...]:
    """Make changes to files of an archive, all or none of them.

    Args:
        root: the archive's root.
        changes: what to do, at most one change for each file.

    Returns:
        The archive paths of the files that changed.

    Raises:
        RefusedWriteError: a file is not in the state that its change starts from, cannot be
            written or lies outside the root, an interrupted change waits, or another process is
            changing the archive; nothing was written.
        OSError: writing failed. What was done so far was undone; if even that failed, the journal
            is still there, and `recover` finishes the change.
    """
    base = Path(root)
    wanted = [change for change in changes if change.old != change.new]
    if not wanted:
        return ()
    with locked(base), signals_held():
        return _commit(base, wanted)


def _commit(base: Path, wanted: Sequence[FileChange]) -> tuple[str, ...]:
    journal = base / JOURNAL
    if os.path.lexists(journal):
        raise RefusedWriteError(str(journal), UNFINISHED)
    if not os.access(base, os.W_OK):
        raise RefusedWriteError(str(base), "the folder is read-only")
    for change in wanted:
        _require(base, change)
    steps = _ordered(map(_Step.of, wanted))
    statuses = {c.path: _file(base, c.path).lstat() for c in wanted if c.old is not None}
    put_bytes(journal, _written(steps), None)
    _flush_folder(base)
    try:
        _finish(base, steps)
    except OSError:
        _undo(base, wanted, statuses)
        journal.unlink(missing_ok=True)
        raise
    return tuple(step.path for step in steps)


def recover(root: str | os.PathLike[str]) -> tuple[str, ...]:
    """Finish a change that was interrupted; do nothing where none was.

    Temporary files that a killed run left in the archive are removed.

    Args:
        root: the archive's root.

    Returns:
        The archive paths of the files that the change is about; empty where none was interrupted.

    Raises:
        RefusedWriteError: the journal is damaged, a file was changed since by someone else, or
            another process is changing the archive. The journal is still there, and nothing was
            written.
        OSError: a file cannot be read or written; the journal is still there.
    """
    base = Path(root)
    with locked(base), signals_held():
        journal = base / JOURNAL
        steps: list[_Step] = []
        if os.path.lexists(journal):
            steps = _read(journal)
            for step in steps:
                if _state(base, step) is None:
                    raise RefusedWriteError(
                        str(_file(base, step.path)),
                        f"changed since {JOURNAL} was written; "
                        f"restore the file, or delete {JOURNAL}",
                    )
            _finish(base, steps)
        sweep(_folders(base))
    return tuple(step.path for step in steps)


def _folders(base: Path) -> Iterator[str]:
    """The archive's folders, but for those of other programs (`.git`)."""
    for folder, below, _ in os.walk(base):
        below[:] = [name for name in below if not name.startswith(".")]
        yield folder


def _file(base: Path, path: str) -> Path:
    return base / path[1:]


def _digest(data: bytes | None) -> str | None:
    return None if data is None else hashlib.sha256(data).hexdigest()


def _ordered(steps: Iterable[_Step]) -> list[_Step]:
    """What is written before what is deleted: links never lead to a page that is not there yet."""
    return sorted(steps, key=lambda step: (step.new is None, step.path))


# Before anything is written.


def _require(base: Path, change: FileChange) -> None:
    """Refuse a change that cannot be made."""
    file = _file(base, change.path)

    def refuse(reason: str) -> RefusedWriteError:
        return RefusedWriteError(str(file), reason)

    if path_fault(change.path):
        raise refuse(path_fault(change.path))
    if not _is_inside(base, file):
        raise refuse("lies outside the archive")
    if not file.parent.is_dir():
        raise refuse("there is no such folder")
    if not os.access(file.parent, os.W_OK):
        raise refuse("the folder is read-only")
    if change.old is None:
        if os.path.lexists(file):
            raise refuse("exists already")
        return
    try:
        mode = file.lstat().st_mode
    except FileNotFoundError:
        raise refuse("is gone") from None
    if not stat.S_ISREG(mode):
        raise refuse("is no regular file")
    if not os.access(file, os.W_OK):
        raise refuse("is read-only")
    if read_bytes(str(file)) != change.old:
        raise refuse("changed since it was read")


def _is_inside(base: Path, file: Path) -> bool:
    return Path(os.path.realpath(file.parent)).is_relative_to(os.path.realpath(base))


# The journal.


def _written(steps: Sequence[_Step]) -> bytes:
    changes = [
        step._asdict() | {"new": None if step.new is None else base64.b64encode(step.new).decode()}
        for step in steps
    ]
    return json.dumps({"version": _VERSION, "changes": changes}, indent=1).encode()


def _read(journal: Path) -> list[_Step]:
    """The steps of a journal, which may be anyone's: nothing in it may lead out of the root."""
    try:
        if not stat.S_ISREG(journal.lstat().st_mode):
            raise ValueError("it is no regular file")
        found = json.loads(journal.read_bytes())
        if found["version"] != _VERSION:
            raise ValueError(f"its version is {found['version']!r}, not {_VERSION}")
        return [_step(journal.parent, raw) for raw in found["changes"]]
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        reason = f"not a journal that can be finished: {type(error).__name__}: {error}"
        raise RefusedWriteError(str(journal), reason) from None


def _step(base: Path, raw: Any) -> _Step:
    new = raw["new"]
    step = _Step(
        raw["path"],
        raw["old"],
        None if new is None else base64.b64decode(new, validate=True),
        raw["like"],
    )
    for path in (step.path, step.like):
        if path and (path_fault(path) or not path.endswith(".md")):
            raise ValueError(f"{path!r} is no page of an archive")
    for path in (step.path, step.like or step.path):
        if not path or not _is_inside(base, _file(base, path)):
            raise ValueError(f"{path!r} lies outside the archive")
    return step


# Doing it.


def _state(base: Path, step: _Step) -> bool | None:
    """Whether a step is done: True or False; None where its file is in neither state."""
    file = _file(base, step.path)
    try:
        if not stat.S_ISREG(file.lstat().st_mode):
            return None
        now: str | None = _digest(read_bytes(str(file)))
    except FileNotFoundError:
        now = None
    if now == _digest(step.new):
        return True
    return False if now == step.old else None


def _finish(base: Path, steps: Sequence[_Step]) -> None:
    """Do what is not done yet, and remove the journal."""
    for step in steps:
        state, file = _state(base, step), _file(base, step.path)
        if state:
            continue
        if state is None:
            raise RefusedWriteError(str(file), "changed since it was read")
        if step.new is None:
            os.unlink(file)
        else:
            put_bytes(file, step.new, _status(file) or _status(_file(base, step.like or step.path)))
    for folder in {_file(base, step.path).parent for step in steps}:
        _flush_folder(folder)
    with contextlib.suppress(FileNotFoundError):
        os.unlink(base / JOURNAL)


def _status(file: Path) -> os.stat_result | None:
    try:
        return file.lstat()
    except FileNotFoundError:
        return None


def _undo(base: Path, changes: Sequence[FileChange], statuses: dict[str, os.stat_result]) -> None:
    """Bring back the old state of every file that is in its new one."""
    for change in changes:
        file = _file(base, change.path)
        if not _state(base, _Step.of(change)):
            continue
        if change.old is None:
            os.unlink(file)
        else:
            put_bytes(file, change.old, statuses[change.path])


def _flush_folder(folder: Path) -> None:
    """Have names on the disk, where the system lets a folder be flushed."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
