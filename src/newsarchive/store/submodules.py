"""Where the objects of submodules are: git keeps each in a repository of its own."""

from __future__ import annotations

import os
from collections.abc import Iterator

from newsarchive.store.git_process import Git
from newsarchive.store.names import system_name


def object_folders(git: Git, place: str) -> Iterator[str]:
    """The folders that may hold a submodule's objects: its checkout's, and what git kept of it."""
    place = system_name(place)
    top = git.path("--show-toplevel")
    folder = os.path.join(top, place)
    inside = top and is_checked_out(folder) and os.path.realpath(folder).startswith(top + os.sep)
    kept = [Git(folder).path("--git-path", "objects")] if inside else []
    yield from filter(os.path.isdir, [*kept, git.path("--git-path", f"modules/{place}/objects")])


def is_checked_out(folder: str) -> bool:
    """Whether a submodule's folder is a checkout, and not an empty one of the repository around."""
    return os.path.lexists(os.path.join(folder, ".git"))


def superproject(folder: str) -> tuple[str, str]:
    """The working tree of the repository that a folder's is a submodule of, and the folder's own.

    Both are empty where there is no such repository.
    """
    git = Git(folder)
    found = git.path("--show-superproject-working-tree"), git.path("--show-toplevel")
    return found if all(found) else ("", "")
