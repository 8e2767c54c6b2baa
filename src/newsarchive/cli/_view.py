"""What output formats are told beyond the report: where files are, what they hold, fingerprints."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from pathlib import Path

from newsarchive.archive import Archive
from newsarchive.page.document import Document
from newsarchive.store.store import DistantStore
from newsarchive.store.urls import is_url


def base_folder(archives: Sequence[Archive]) -> Path:
    """The folder that other programs take paths from.

    It is the checkout that the working folder is in, if all archives are in it, too; else the
    checkout that the archives are in; else the working folder.
    """
    here = Path.cwd()
    homes = [archive.store.home for archive in archives]
    roots = [Path(os.path.realpath(home)) for home in homes if not is_url(home)]
    for folder in (here, *roots):
        top = _checkout(folder)
        if top and all(root.is_relative_to(top) for root in roots):
            return top
    return here


def _checkout(folder: Path) -> Path | None:
    """The root of the git checkout that a folder is in; None where it is in none."""
    return next((f for f in (folder, *folder.parents) if os.path.lexists(f / ".git")), None)


def relative_to(base: Path) -> Callable[[str], str]:
    """What gives a file as a path from a folder, with ``/``; absolute where it is elsewhere."""
    top = Path(os.path.realpath(base))

    @lru_cache(maxsize=64)
    def seen_from_there(folder: str) -> str:
        real = Path(os.path.realpath(folder))
        if real == top:
            return ""
        inside = real.is_relative_to(top)
        return (real.relative_to(top) if inside else real).as_posix().rstrip("/") + "/"

    def relative(file: str) -> str:
        folder, name = os.path.split(file)
        return file if is_url(file) else seen_from_there(folder) + name

    return relative


def documents(
    archives: Sequence[Archive], pages: Iterable[str] = ()
) -> Callable[[str], Document | None]:
    """What gives a file's text, as findings count in it; None where it cannot be read.

    The archives read them as they were checked; pages that will be asked for are read at once.
    """
    distant = [one.store for one in archives if isinstance(one.store, DistantStore)]
    bases = [(archive.file("/"), archive) for archive in archives]

    @lru_cache(maxsize=4)
    def document_of(file: str) -> Document | None:
        while distant:  # with the first that is asked for
            distant.pop().read_ahead(pages)
        for base, archive in bases:
            if file.startswith(base):
                try:
                    data = archive.read_bytes(f"/{file.removeprefix(base)}")
                    return Document(data.decode("utf-8", "replace"))
                except (OSError, KeyError, ValueError):
                    continue
        return None

    return document_of
