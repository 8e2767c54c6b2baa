"""Symbolic links by which a page of an archive has further names."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator

from newsarchive.store.listing import Scan
from newsarchive.store.names import name_of, system_name


def is_alias(root: str | os.PathLike[str], path: str) -> bool:
    """Whether an archive path is a symbolic link to a page that has a path of its own."""
    file = os.path.join(root, system_name(path[1:]))
    if not os.path.islink(file):
        return False
    base, real = os.path.realpath(root), os.path.realpath(file)
    below = os.path.relpath(real, base).split(os.sep)
    return real.endswith(".md") and not any(part.startswith(".") for part in below)


def aliases(root: str | os.PathLike[str], known: Scan | None = None) -> dict[str, list[str]]:
    """For each file of an archive that symbolic links lead to, their archive paths, in order.

    A link may lead there by others. Links that lead nowhere, or out of the archive, are left out.
    Where the archive's listing is known, only what that left out is looked through.
    """
    top = os.fspath(root)
    base = os.path.join(os.path.realpath(root), "")
    unlisted = [""] if known is None else [system_name(path) for path in known.excluded]
    links = [*map(system_name, known.links if known else ()), *_links(top, unlisted)]
    found: dict[str, set[str]] = {}
    for link in links:
        real = os.path.realpath(top + link)
        if real.startswith(base) and os.path.isfile(real):
            path = "/" + real[len(base) :].replace(os.sep, "/")
            found.setdefault(name_of(path), set()).add(name_of(link))
    return {path: sorted(links) for path, links in found.items()}


def _links(root: str, pending: list[str]) -> Iterator[str]:
    """The symbolic links in folders of an archive, at any depth."""
    while pending:
        folder = pending.pop()
        with contextlib.suppress(OSError), os.scandir(root + folder) as entries:
            for entry in entries:
                path = f"{folder}/{entry.name}"
                if entry.is_symlink():
                    yield path
                elif entry.is_dir() and not entry.name.startswith("."):
                    pending.append(path)
