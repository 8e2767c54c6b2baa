"""Names of revisions that git does not know: what to name in their place."""

from __future__ import annotations

import os

from newsarchive.store.git_process import Git

_LENGTHS, _HEX = (40, 64), frozenset("0123456789abcdefABCDEF")


def is_zero(revision: str) -> bool:
    """Whether this is the name that git gives no object."""
    return len(revision) in _LENGTHS and not revision.strip("0")


def hint(git: Git, revision: str) -> str:
    """What to name in place of a revision that git does not know, as the end of a sentence."""
    if not revision:
        return ": the name is empty (is a variable not set?)"
    if is_zero(revision):
        return ": zeros mean a new or deleted branch, no commit"
    one, dots, two = revision.partition("..")
    if dots and "\0" not in revision:
        start, end = one or "HEAD", two.removeprefix(".") or "HEAD"
        return (
            f": it is a range; from the one to the other is '--since {start} --at {end}', what "
            f"came since they parted '--since {start}... --at {end}'"
        )
    listed = git.call("for-each-ref", "--format=%(refname:lstrip=2)", "refs/remotes")
    for name in os.fsdecode(listed.stdout).split("\n"):
        if name.partition("/")[2] == revision:
            return f": this clone has it as {name!r}"
    lacking = git.what_it_lacks()
    if lacking:
        return f"; {lacking}"
    descendant = revision.partition("~")[0].partition("^")[0]
    if descendant != revision and "\0" not in revision:
        command = ("rev-parse", "--verify", "--quiet", "--end-of-options", descendant)
        if git.call(*command).returncode == 0:
            return (
                f": the history of {descendant!r} does not go back so far; "
                "40 zeros mean the state before the first commit"
            )
    if len(revision) in _LENGTHS and _HEX.issuperset(revision):
        return ": it was not fetched, or a forced push has dropped it; name a branch instead"
    return ""
