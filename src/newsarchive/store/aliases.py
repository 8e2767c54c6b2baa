"""Symbolic links by which a page of an archive has further names."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator

from newsarchive.store.names import name_of, system_name


def is_alias(root: str | os.PathLike[str], path: str) -> bool:
    """Whether an archive path is a symbolic link to a page that has a path of its own."""
    file = os.path.join(root, system_name(path[1:]))
    if not os.path.islink(file):
        return False
    base, real = os.path.realpath(root), os.path.realpath(file)
    below = os.path.relpath(real, base).split(os.sep)
    return real.endswith(".md") and not any(part.startswith(".") for part in below)


def aliases(root: str | os.PathLike[str], path: str) -> list[str]:
    """The archive paths of the symbolic links that lead to a page, directly or by others.

    Args:
        root: the archive's root.
        path: the page's archive path.

    Returns:
        Their paths in order; none for a file that is not there.
    """
    folder, name = os.path.split(os.path.join(root, system_name(path[1:])))
    page = os.fsencode(os.path.join(os.path.realpath(folder), name))
    if not os.path.lexists(page):
        return []
    links = _links(os.fspath(root))
    return sorted(name_of(link) for link, real in links if os.fsencode(real) == page)


def _links(root: str) -> Iterator[tuple[str, str]]:
    """The symbolic links of an archive's folders, each with what it leads to."""
    pending = [""]
    while pending:
        folder = pending.pop()
        with contextlib.suppress(OSError), os.scandir(root + folder) as entries:
            for entry in entries:
                path = f"{folder}/{entry.name}"
                if entry.is_symlink():
                    yield path, os.path.realpath(entry.path)
                elif entry.is_dir() and not entry.name.startswith("."):
                    pending.append(path)
