"""Where the objects of submodules are: git keeps each in a repository of its own."""

from __future__ import annotations

import os
from collections.abc import Iterator

from newsarchive.store.git_process import Git
from newsarchive.store.names import system_name


def object_folders(git: Git, place: str) -> Iterator[str]:
    """The folders that may hold a submodule's objects: its checkout's, and what git kept of it.

    Args:
        git: git in the repository that the submodule is in.
        place: the submodule's path from the top of that repository.
    """
    place = system_name(place)
    up = git.call("rev-parse", "--show-cdup")
    if up.returncode == 0:
        top = os.path.realpath(os.path.join(git.folder, os.fsdecode(up.stdout).removesuffix("\n")))
        folder = os.path.join(top, place)
        if is_checked_out(folder) and os.path.realpath(folder).startswith(top + os.sep):
            yield from _named(Git(folder), "objects")
    yield from _named(git, f"modules/{place}/objects")


def is_checked_out(folder: str) -> bool:
    """Whether a submodule's folder is a checkout, and not an empty one of the repository around."""
    return os.path.lexists(os.path.join(folder, ".git"))


def superproject(folder: str) -> tuple[str, str]:
    """The working tree of the repository that a folder's is a submodule of, and the folder's own.

    Both are empty where there is no such repository.
    """
    git = Git(folder)
    found = []
    for option in ("--show-superproject-working-tree", "--show-toplevel"):
        said = git.call("rev-parse", option)
        name = os.fsdecode(said.stdout).removesuffix("\n") if said.returncode == 0 else ""
        found.append(name and os.path.realpath(name))
    return (found[0], found[1]) if all(found) else ("", "")


def _named(git: Git, name: str) -> Iterator[str]:
    """A folder of a repository, if it is there."""
    said = git.call("rev-parse", "--git-path", name)
    folder = os.path.join(git.folder, os.fsdecode(said.stdout).removesuffix("\n"))
    if said.returncode == 0 and os.path.isdir(folder):
        yield os.path.abspath(folder)
