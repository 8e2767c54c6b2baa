"""Which files git ignores: no fix may write them, as git could not bring back what they held."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable
from pathlib import Path

from newsarchive.errors import GitError
from newsarchive.store.git_process import Git

_NONE_IGNORED, _SOME_IGNORED = 1, 0


def ignored(root: str, paths: Collection[str]) -> frozenset[str]:
    """The files that git ignores; none where there is no git, no checkout, or git cannot tell."""
    if not paths or not _is_in_checkout(root):
        return frozenset()
    found = _asked(root, paths)
    if found is not None:
        return found
    # One of them is in a repository of its own, a submodule for example: asked in its folder.
    by_folder: dict[str, set[str]] = {}
    for path in paths:
        by_folder.setdefault(path.rpartition("/")[0], set()).add(path)
    return frozenset(
        path
        for folder, some in by_folder.items()
        for path in _asked(root + folder, some, folder) or ()
    )


def _asked(folder: str, paths: Iterable[str], prefix: str = "") -> frozenset[str] | None:
    """Those of the paths that git ignores, as a folder's repository tells; None where it fails."""
    names = {os.fsencode(path[len(prefix) + 1 :]): path for path in paths}
    try:
        done = Git(folder).call("check-ignore", "-z", "--stdin", data=b"\0".join(names) + b"\0")
    except GitError:
        return None
    if done.returncode not in (_NONE_IGNORED, _SOME_IGNORED):
        return None
    return frozenset(names[name] for name in done.stdout.split(b"\0") if name in names)


def _is_in_checkout(folder: str) -> bool:
    """Whether git may have a say, found out without running it."""
    here = Path(os.path.abspath(folder))
    return "GIT_DIR" in os.environ or any(
        os.path.lexists(above / ".git") for above in (here, *here.parents)
    )
