"""The journal of a change: what is to be done, as it is written down and read again.

A journal may come from anyone, with a checkout. It is judged as a whole before any of it is done.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import stat
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from newsarchive.errors import RefusedWriteError
from newsarchive.page.paths import path_fault
from newsarchive.page.patterns import pattern
from newsarchive.store.atomic import MAX_BYTES
from newsarchive.store.names import system_name

_VERSION = 1
_DIGEST = pattern(r"[0-9a-f]{64}")


class FileChange(NamedTuple):
    """One file's part in a change."""

    path: str  # the archive path
    # the content that the file must have; None means that there must be no such file
    old: bytes | None
    new: bytes | None  # the content that it gets; None means that it is deleted
    like: str = ""  # the archive path of the file whose mode and owner a new file gets


class Step(NamedTuple):
    """A change as the journal has it: the old content's digest is enough to know it by."""

    path: str
    old: str | None
    new: bytes | None
    like: str

    @classmethod
    def of(cls, change: FileChange) -> Step:
        """The step that makes a change."""
        return cls(change.path, digest(change.old), change.new, change.like)


def digest(data: bytes | None) -> str | None:
    """What a content is known by; None for no file."""
    return None if data is None else hashlib.sha256(data).hexdigest()


def file_of(base: Path, path: str) -> Path:
    """The file of an archive path."""
    return base / system_name(path[1:])


def fault(base: Path, path: str) -> str:
    """Why no page of an archive can be written at a path; empty where one can."""
    if path_fault(path):
        return path_fault(path)
    try:
        path.encode()
    except UnicodeEncodeError:
        return "the name is not UTF-8"
    if not path.endswith(".md"):
        return "is no page (a page is a .md file in the archive)"
    if any(not part or part.startswith(".") for part in path[1:].split("/")):
        return "is hidden: a part of its path is empty or starts with a dot"
    root, folder = os.path.realpath(base), file_of(base, path).parent
    real = Path(os.path.realpath(folder))
    if not real.is_relative_to(root):
        return "lies outside the archive"
    # Two paths of one file would be two steps, of which the second finds what the first did.
    if real != file_of(Path(root), path).parent:
        return "its folder is a symbolic link, which is not followed"
    return ""


def written(steps: Sequence[Step]) -> bytes:
    """A journal of steps."""
    changes = [
        step._asdict() | {"new": None if step.new is None else base64.b64encode(step.new).decode()}
        for step in steps
    ]
    return json.dumps({"version": _VERSION, "changes": changes}, indent=1).encode()


def read_steps(journal: Path) -> list[Step]:
    """The steps of a journal, which may be anyone's: nothing in it may lead out of the root.

    Raises:
        RefusedWriteError: it is no journal that could have been written for this archive.
        OSError: it cannot be read.
    """
    try:
        if not stat.S_ISREG(journal.lstat().st_mode):
            raise ValueError("it is no regular file")
        found = json.loads(journal.read_bytes())
        if found["version"] != _VERSION:
            raise ValueError(f"its version is {found['version']!r}, not {_VERSION}")
        changes = found["changes"]
        if not isinstance(changes, list) or not changes:
            raise ValueError("it has no list of changes")
        steps = [_step(journal.parent, raw) for raw in changes]
        if len({step.path for step in steps}) < len(steps):
            raise ValueError("two of its changes are for one page")
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        reason = f"not a journal that can be finished: {type(error).__name__}: {error}"
        raise RefusedWriteError(str(journal), reason) from None
    return steps


def _step(base: Path, raw: Any) -> Step:
    path, old, new, like = raw["path"], raw["old"], raw["new"], raw["like"]
    if not (isinstance(path, str) and isinstance(like, str)):
        raise TypeError("a path is no text")
    if old is not None and not (isinstance(old, str) and _DIGEST.fullmatch(old)):
        raise ValueError(f"{old!r} is no digest")
    for name in (path, like) if like else (path,):
        reason = fault(base, name)
        if reason:
            raise ValueError(f"{name!r}: {reason}")
    content = None if new is None else base64.b64decode(new, validate=True)
    if content is not None and len(content) > MAX_BYTES:
        raise ValueError(f"{path!r} would be larger than {MAX_BYTES >> 20} MiB")
    return Step(path, old, content, like)
