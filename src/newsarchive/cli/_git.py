"""The options of ``newsarchive check`` that ask for states that git keeps."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable
from typing import Any

from newsarchive.archive import Archive
from newsarchive.cli._console import click, refusing
from newsarchive.cli._locate import Opened, open_archives
from newsarchive.errors import GitError
from newsarchive.findings.report import Report
from newsarchive.page.lazy_tuples import NamedTuple
from newsarchive.runs.options import RunOptions

# What this imports of the library takes the parser, and runs that git has no part in need it not
# always: it is imported where it is used.


class StateRequest(NamedTuple):
    """Which state is checked, and what it is compared with."""

    # the revision that the change starts from; None for the commit that is checked out
    since: str | None = None
    staged: bool = False  # whether the index is checked
    at: str | None = None  # the revision that is checked; None for the working tree or the index

    @property
    def is_change(self) -> bool:
        """Whether only what a change broke is reported; it may have touched nothing."""
        return self.since is not None or self.staged

    def open(
        self, paths: tuple[str, ...], root: str | None, others: list[str] | None = None
    ) -> Opened:
        """The archives that are checked, in the state that is asked for, and which pages of each.

        The arguments are those of `open_archives`.

        Raises:
            click.UsageError: what `open_archives` raises it for; or git cannot show the state.
        """
        if self.staged and self.at is not None:
            raise click.UsageError("--staged and --at name two states; one can be checked")
        with refusing(GitError):
            if self.at is not None:
                return self._open_at(self.at, paths, root, others)
            opened = open_archives(paths or (root or ".",), root, others)
            self._require_own_repository(opened)
            if self.staged:
                from newsarchive.store.git_tree import staged_tree

                return [(Archive(staged_tree(archive.root)), only) for archive, only in opened]
            return opened

    def _open_at(
        self, at: str, paths: tuple[str, ...], root: str | None, others: list[str] | None
    ) -> Opened:
        from newsarchive.store.git import Repository
        from newsarchive.store.git_tree import tree_at

        given = paths[0] if paths else "."
        may_hold_it = len(paths) < 2 and os.path.isdir(given)
        if may_hold_it and Repository(given).is_bare:
            return [(Archive(tree_at(given, at, inside=root or "")), None)]
        try:
            opened = open_archives(paths or (root or ".",), root, others)
        except click.UsageError:
            if not may_hold_it:
                raise
            # The working tree has no archive; the revision may have one in the same place.
            shown = os.path.join(given, root or "")
            return [(Archive(tree_at(given, at, inside=root or "", shown=shown)), None)]
        self._require_own_repository(opened)
        return [
            (Archive(tree_at(archive.root, at, shown=os.fspath(archive.root))), only)
            for archive, only in opened
        ]

    def _require_own_repository(self, opened: Opened) -> None:
        """Refuse an archive in a submodule, where the repository around it may be meant.

        Raises:
            GitError: it is looked at from there, and not by names of commits alone.
        """
        named = [name.removesuffix("...") for name in (self.since, self.at) if name is not None]
        if not (self.is_change or named) or (not self.staged and all(map(_is_id, named))):
            return
        from newsarchive.store.git_process import is_in
        from newsarchive.store.submodules import superproject

        here = os.path.realpath(".")
        for archive, _ in opened:
            around, own = superproject(str(archive.root))
            if around and is_in(here, around) and not is_in(here, own):
                place = os.path.relpath(own, around)
                raise GitError(
                    str(archive.root),
                    f"it is in the submodule {place!r}, whose HEAD and index say nothing of what "
                    "the repository around it records: run newsarchive in the submodule, or name "
                    f"its commits: --since $(git rev-parse HEAD:{place}) "
                    f"--at $(git rev-parse :{place})",
                )

    def check(self, archive: Archive, options: RunOptions) -> Report:
        """The report on an archive that `open` gave, or on the same folder opened anew.

        Raises:
            click.UsageError: git cannot show the state that the change starts from.
        """
        with refusing(GitError):
            if self.is_change:
                from newsarchive.runs.since import change_to, new_findings

                return new_findings(change_to(archive, self.since), options)
            from newsarchive.runs.engine import check_archive

            return check_archive(archive, options)


WORKING_TREE = StateRequest()
"""The working tree, compared with nothing."""


def _is_id(revision: str) -> bool:
    return len(revision) in (40, 64) and not set(revision) - set("0123456789abcdef")


def git_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command ``--since``, ``--staged`` and ``--at``; it gets them as `asked`."""

    @click.option(
        "--since",
        metavar="REV",
        help="Report only what the change from this git revision broke, in any page.",
    )
    @click.option(
        "--staged",
        is_flag=True,
        help="Check what is staged, and report only what it breaks (since HEAD, or --since). Where "
        "pre-commit names a range of commits, as at a push: what that range breaks.",
    )
    @click.option(
        "--hook-range",
        is_flag=True,
        help="Report only what the commits break that pre-commit names (at a push).",
    )
    @click.option(
        "--at",
        metavar="REV",
        help="Check the pages of this git revision, not those of the working tree.",
    )
    @functools.wraps(command)
    def wrapped(
        *args: Any, since: str | None, staged: bool, hook_range: bool, at: str | None, **rest: Any
    ) -> Any:
        return command(*args, asked=request(since, staged, hook_range, at), **rest)

    return wrapped


def request(since: str | None, staged: bool, hook_range: bool, at: str | None) -> StateRequest:
    """The state that options ask for.

    Raises:
        click.UsageError: they exclude each other, or there is no range.
    """
    if hook_range and (staged or at is not None):
        raise click.UsageError("--hook-range goes with neither --staged nor --at")
    named = _range_of_hook() if staged or hook_range else None
    if hook_range and named is None:
        raise click.UsageError(
            "pre-commit names no range: --hook-range is for a push, "
            "or for 'pre-commit run' with --from-ref and --to-ref"
        )
    if named is None or at is not None:
        return StateRequest(since, staged, at)
    start, end = named
    return StateRequest(start if since is None else since, at=end)


def _range_of_hook() -> tuple[str, str] | None:
    """The range that pre-commit runs its hooks for, as its start and its end; None without one.

    It starts where both parted, as the files do that pre-commit finds to have changed. At the
    first push of a history pre-commit names the branch alone: there is nothing to start from.
    """
    start, end = (os.environ.get(f"PRE_COMMIT_{name}_REF") for name in ("FROM", "TO"))
    if start and end:
        return f"{start}...", end
    branch = os.environ.get("PRE_COMMIT_LOCAL_BRANCH")
    return ("0" * 40, branch) if branch else None
