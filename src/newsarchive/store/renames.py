"""Renames in the history of an archive that is a git checkout."""

from __future__ import annotations

import os

from newsarchive.errors import GitError
from newsarchive.page.lazy_tuples import NamedTuple
from newsarchive.page.patterns import pattern
from newsarchive.store.names import decoded

_TIMEOUT_SECONDS = 60
_RENAME = pattern(rb"\s*:[0-7]{6} [0-7]{6} ([0-9a-f]{40,64}) [0-9a-f]{40,64} R([0-9]{3})")
_BLOB = pattern(r"[0-9a-f]{40,64}")


_OPTIONS = (
    "--no-ext-diff", "--no-textconv", "--relative", "-z", "-M", "--diff-filter=R", "--raw",
    "--no-abbrev", "--", ".",
)  # fmt: skip


class Rename(NamedTuple):
    """One rename as git tells it."""

    path: str  # the file's new archive path
    # how much of the file stayed, in percent. git calls two files one from 50 on, which small
    # pages of one day reach without being one.
    alike: int
    blob: str  # the name of the old file's content


class History(NamedTuple):
    """The renames that git tells of an archive."""

    renames: tuple[tuple[str, Rename], ...] = ()  # old archive path and rename, the newest first
    # why git could not tell all there may be, in words. Empty where it could; and where there is
    # no git or no checkout, which nobody expects renames of.
    trouble: str = ""

    def latest(self) -> dict[str, Rename]:
        """The renames by old archive path; the latest where several."""
        found: dict[str, Rename] = {}
        for old, new in self.renames:
            found.setdefault(old, new)
        return found


def history(root: str) -> History:
    """The renames that git knows of: those of the checked-out commit's history, and staged ones."""
    if not _may_be_in_repository(root):
        return History()
    from newsarchive.store.git_process import Git  # no sound archive asks git

    try:
        git = Git(root)
    except GitError:
        return History()
    try:
        if not git.is_in_repository():
            return History()
        told = git.run("diff", "--cached", *_OPTIONS, timeout=_TIMEOUT_SECONDS)
        if git.has_commits():
            log = ("log", "--format=", "--no-show-signature", *_OPTIONS)
            told += git.run(*log, timeout=_TIMEOUT_SECONDS)
        return History(tuple(_pairs(told)), git.what_it_lacks())
    except GitError as error:
        return History((), git.what_it_lacks(partial=True) or error.reason)


def _may_be_in_repository(folder: str) -> bool:
    """Whether git may find a repository: else it need not be started to say that there is none."""
    if "GIT_DIR" in os.environ:
        return True
    above = os.path.realpath(folder)
    while not any(os.path.lexists(os.path.join(above, name)) for name in (".git", "HEAD")):
        above, before = os.path.dirname(above), above
        if above == before:
            return False
    return True


def notice(trouble: str) -> str:
    """What to tell whoever reads a report that `History.trouble` left its mark on."""
    return (
        f"git could not tell of all renames ({trouble}): where a page was renamed, links may lack "
        "the proof of where it went, and findings that a baseline knows may count as new"
    )


def content(root: str, blob: str) -> bytes:
    """What a file held, by the name that git gives its content; empty where it is not known."""
    from newsarchive.store.git_process import Git

    try:
        known = _BLOB.fullmatch(blob)
        return Git(root).run("cat-file", "blob", blob, timeout=_TIMEOUT_SECONDS) if known else b""
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
            old, new = (f"/{decoded(f)}" for f in fields[position + 1 : position + 3])
            found.append((old, Rename(new, int(m[2]), m[1].decode())))
        position += 3 if m else 1
    return found
