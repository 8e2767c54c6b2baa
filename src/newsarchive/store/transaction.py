"""Changing several files of an archive as one: all of them or none.

What is to be done is first written to a journal in the archive's root, in one step. From then
on the change counts as made: should the process end before every file has its new state,
`recover` brings the rest about. Before, nothing has happened.

One process at a time changes an archive (`locking`). A signal that asks the process to end waits
until the change is made.
"""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from newsarchive.errors import RefusedWriteError
from newsarchive.store.atomic import MAX_BYTES, put_bytes, read_bytes, signals_held, sweep
from newsarchive.store.journal import FileChange as FileChange  # what `commit` takes
from newsarchive.store.journal import Step, digest, fault, file_of, read_steps, written
from newsarchive.store.listing import JOURNAL, UNFINISHED
from newsarchive.store.locking import locked


def commit(root: str | os.PathLike[str], changes: Iterable[FileChange]) -> tuple[str, ...]:
    """Make changes to files of an archive, all or none of them; at most one for each file.

    Returns the archive paths of the files that changed.

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
    _require_writable(base)
    seen: set[str] = set()
    for change in wanted:
        if change.path in seen:
            raise RefusedWriteError(str(file_of(base, change.path)), "two changes are for it")
        seen.add(change.path)
        _require(base, change)
    # What is written before what is deleted: links never lead to a page that is not there yet.
    steps = sorted(map(Step.of, wanted), key=lambda step: (step.new is None, step.path))
    statuses = {c.path: file_of(base, c.path).lstat() for c in wanted if c.old is not None}
    missing = _missing_folders(base, steps)
    put_bytes(journal, written(steps), None)
    _flush_folder(base)
    try:
        _finish(base, steps)
    except OSError:
        _undo(base, wanted, statuses)
        for folder in reversed(missing):
            with contextlib.suppress(OSError):
                folder.rmdir()
        journal.unlink(missing_ok=True)
        raise
    return tuple(step.path for step in steps)


def recover(root: str | os.PathLike[str]) -> tuple[str, ...]:
    """Finish a change that was interrupted; do nothing where none was.

    Temporary files that a killed run left in the archive are removed. Returns the archive paths of
    the files that the change is about.

    Raises:
        RefusedWriteError: the journal is damaged or none of this archive, a file was changed since
            by someone else or cannot be written, or another process is changing the archive. The
            journal is still there, and nothing was written.
        OSError: a file cannot be read or written; the journal is still there.
    """
    base = Path(root)
    with locked(base), signals_held():
        journal = base / JOURNAL
        steps: list[Step] = []
        if os.path.lexists(journal):
            steps = read_steps(journal)
            _require_writable(base)
            for step in steps:
                _require_doable(base, step)
            _finish(base, steps)
        sweep(_folders(base))
    return tuple(step.path for step in steps)


def _folders(base: Path) -> Iterator[str]:
    """The archive's folders, but for those of other programs (`.git`)."""
    for folder, below, _ in os.walk(base):
        below[:] = [name for name in below if not name.startswith(".")]
        yield folder


# Before anything is written.


def _require(base: Path, change: FileChange) -> None:
    """Refuse a change that cannot be made."""
    file = file_of(base, change.path)
    reason = fault(base, change.path)
    if not reason and change.old is None and os.path.lexists(file):
        reason = "exists already"
    if change.new is not None and len(change.new) > MAX_BYTES:
        reason = reason or f"would be larger than {MAX_BYTES >> 20} MiB"
    reason = reason or _obstacle(file)
    if reason:
        raise RefusedWriteError(str(file), reason)
    if change.old is None:
        return
    try:
        now = read_bytes(str(file))
    except FileNotFoundError:
        raise RefusedWriteError(str(file), "is gone") from None
    if now != change.old:
        raise RefusedWriteError(str(file), "changed since it was read")


def _missing_folders(base: Path, steps: Iterable[Step]) -> list[Path]:
    """The folders that are to be made for new files, each after that which it lies in."""
    found: set[Path] = set()
    for step in steps:
        folder = file_of(base, step.path).parent
        while step.new is not None and folder not in found and not folder.exists():
            found.add(folder)
            folder = folder.parent
    return sorted(found)


def _require_doable(base: Path, step: Step) -> None:
    """Refuse a step of a journal that can neither be done nor is done already."""
    file, state = file_of(base, step.path), _state(base, step)
    reason = "" if state else _obstacle(file)
    if state is None:
        reason = f"changed since {JOURNAL} was written; restore the file, or delete {JOURNAL}"
    if reason:
        raise RefusedWriteError(str(file), reason)


def _require_writable(base: Path) -> None:
    if not os.access(base, os.W_OK):
        raise RefusedWriteError(str(base), "the folder is read-only")


def _obstacle(file: Path) -> str:
    """What keeps a file from being written or deleted; empty where nothing does."""
    folder = file.parent
    while not os.path.lexists(folder):  # it will be made
        folder = folder.parent
    if not folder.is_dir():
        return "there is a file where its folder should be"
    if not os.access(folder, os.W_OK):
        return "the folder is read-only"
    status = _status(file)
    if status is None:
        return ""
    if not stat.S_ISREG(status.st_mode):
        return "is no regular file"
    return "" if os.access(file, os.W_OK) else "is read-only"


# Doing it.


def _state(base: Path, step: Step) -> bool | None:
    """Whether a step is done: True or False; None where its file is in neither state."""
    file = file_of(base, step.path)
    try:
        if not stat.S_ISREG(file.lstat().st_mode):
            return None
        now: str | None = digest(read_bytes(str(file)))
    except (FileNotFoundError, NotADirectoryError):
        now = None
    if now == digest(step.new):
        return True
    return False if now == step.old else None


def _finish(base: Path, steps: Sequence[Step]) -> None:
    """Do what is not done yet, and remove the journal."""
    folders = {file_of(base, step.path).parent for step in steps}
    folders.update(folder.parent for folder in _missing_folders(base, steps))
    for step in steps:
        state, file = _state(base, step), file_of(base, step.path)
        if state:
            continue
        if state is None:
            raise RefusedWriteError(str(file), "changed since it was read")
        if step.new is None:
            os.unlink(file)
        else:
            like = _status(file) or _status(file_of(base, step.like or step.path))
            file.parent.mkdir(parents=True, exist_ok=True)
            put_bytes(file, step.new, like, private=False)
    for folder in folders:
        _flush_folder(folder)
    with contextlib.suppress(FileNotFoundError):
        os.unlink(base / JOURNAL)


def _status(file: Path) -> os.stat_result | None:
    try:
        return file.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return None


def _undo(base: Path, changes: Sequence[FileChange], statuses: dict[str, os.stat_result]) -> None:
    """Bring back the old state of every file that is in its new one."""
    for change in changes:
        file = file_of(base, change.path)
        if not _state(base, Step.of(change)):
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
