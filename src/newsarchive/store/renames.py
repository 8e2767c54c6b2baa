"""Renames in the history of an archive that is a git checkout."""

from __future__ import annotations

import os
import re
from typing import NamedTuple

from newsarchive.errors import GitError
from newsarchive.store.git_process import Git

_TIMEOUT_SECONDS = 60
_RENAME = re.compile(rb"\s*:[0-7]{6} [0-7]{6} ([0-9a-f]{40,64}) [0-9a-f]{40,64} R([0-9]{3})")
_BLOB = re.compile(r"[0-9a-f]{40,64}")


class Rename(NamedTuple):
    """One rename as git tells it.

    Attributes:
        path: the file's new archive path.
        alike: how much of the file stayed, in percent. git calls two files one from 50 on, which
            small pages of one day reach without being one.
        blob: the name of the old file's content.
    """

    path: str
    alike: int
    blob: str


def renames(root: str) -> dict[str, Rename]:
    """The renames that git knows of, by old archive path; the latest where several.

    Looks at the history of the checked-out commit and at what is staged. git is run without a
    shell, and nothing of the repository's configuration that runs programs applies to it.

    Args:
        root: the archive's root, in a git checkout or not.

    Returns:
        Empty where there is no git, no checkout, or git does not answer in time.
    """
    found: dict[str, Rename] = {}
    for old, new in history(root):
        found.setdefault(old, new)
    return found


def history(root: str) -> list[tuple[str, Rename]]:
    """Every rename that git knows of, the newest first, as old archive path and rename.

    Looks where `renames` looks, and gives nothing where that gives nothing.
    """
    options = (
        "--no-ext-diff", "--no-textconv", "--relative", "-z", "-M", "--diff-filter=R", "--raw",
        "--no-abbrev", "--", ".",
    )  # fmt: skip
    commands = (("diff", "--cached"), ("log", "--format=", "--no-show-signature"))
    return [pair for command in commands for pair in _pairs(_run(root, *command, *options))]


def content(root: str, blob: str) -> bytes:
    """What a file held, by the name that git gives its content; empty where it is not known."""
    return _run(root, "cat-file", "blob", blob) if _BLOB.fullmatch(blob) else b""


def _run(root: str, *command: str) -> bytes:
    try:
        return Git(root).run(*command, timeout=_TIMEOUT_SECONDS)
    except GitError:
        return b""


def _pairs(output: bytes) -> list[tuple[str, Rename]]:
    """Old paths and renames of ``--raw -z`` output, newest commit first."""
    fields = output.split(b"\0")
    found = []
    position = 0
    while position + 2 < len(fields):
        m = _RENAME.fullmatch(fields[position])
        if m:
            old, new = (f"/{os.fsdecode(f)}" for f in fields[position + 1 : position + 3])
            found.append((old, Rename(new, int(m[2]), m[1].decode())))
        position += 3 if m else 1
    return found
