"""States of an archive that git keeps: revisions, the index, and what differs from them.

All of it reads, nothing writes to the repository. Names of files come with NUL between them,
revisions after ``--end-of-options``: neither can be taken for an option.
"""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
import weakref
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from functools import cached_property
from itertools import islice
from typing import NamedTuple

from newsarchive.errors import GitError
from newsarchive.store.git_process import GET_FILES, Git
from newsarchive.store.names import decoded, encoded, name_of

# As many names as fit a pipe's buffer (16 KiB and more), so that neither side waits for the other.
_BATCH = 256
_CHANGE = re.compile(rb":[0-7]{6} ([0-7]{6}) ([0-9a-f]{40,64}) ([0-9a-f]{40,64}) ([A-Z])([0-9]*)")
_LENGTHS, _HEX = (40, 64), frozenset("0123456789abcdefABCDEF")
_LINK, _SUBMODULE = "120000", "160000"
_DIFF = ("--raw", "-z", "--no-abbrev", "--ignore-submodules=all")


class Entry(NamedTuple):
    """What git keeps of a file: its kind and mode, and the name of its content."""

    mode: str
    blob: str

    @property
    def is_link(self) -> bool:
        """Whether the file is a symbolic link."""
        return self.mode == _LINK


Entries = dict[str, Entry]
"""The files of a state, by archive path."""


class Move(NamedTuple):
    """A rename between two states, as git guesses it: old and new path, and percent alike."""

    old: str
    new: str
    alike: int


class Repository:
    """The git repository that a folder belongs to.

    Args:
        folder: a folder of a checkout, or a bare repository.

    Raises:
        GitError: there is no git, or the folder belongs to no repository.
    """

    def __init__(self, folder: str | os.PathLike[str]) -> None:
        self._git = Git(folder)
        self.folder = self._git.folder
        self._run, self._call = self._git.run, self._git.call
        self._run("rev-parse", "--git-dir")

    @cached_property
    def is_bare(self) -> bool:
        """Whether there is no working tree."""
        return self._run("rev-parse", "--is-bare-repository") == b"true\n"

    @cached_property
    def prefix(self) -> str:
        """The folder's place below the top of the tree, with a slash at its end; or nothing."""
        return os.fsdecode(self._run("rev-parse", "--show-prefix")).removesuffix("\n")

    # Revisions.

    def tree(self, revision: str, other: str = "HEAD") -> str:
        """The name of a revision's tree.

        Args:
            revision: whatever git takes for one commit or tree; ``A...B`` is the commit that A
                and B parted at.
            other: B, where the revision leaves it out.

        Raises:
            GitError: git knows no such revision.
        """
        one, dots, two = revision.partition("...")
        if dots:
            commits = [self._named(name, "commit") for name in (one or "HEAD", two or other)]
            done = self._call("merge-base", *commits)
            if done.returncode:
                reason = f"{one or 'HEAD'!r} and {two or other!r} have no commit in common"
                raise GitError(self.folder, reason + self._if_shallow())
            revision = done.stdout.decode().strip()
        return self._named(revision, "tree")

    def tree_before(self, since: str | None, other: str = "HEAD") -> str:
        """The name of the tree that a change starts from.

        Args:
            since: a revision, as `tree` takes it. None is the checked-out commit. Zeros, which
                hooks and CI give for a branch that is new, are an empty tree.
            other: what `tree` takes.

        Raises:
            GitError: git knows no such revision.
        """
        if since is None:
            return self.head_tree()
        if _is_zero(since.partition("...")[0]):
            return self._empty
        return self.tree(since, other)

    def head_tree(self) -> str:
        """The name of the checked-out commit's tree; before the first commit, of an empty one."""
        found = self._find("HEAD^{tree}")
        if found is None and self._call("symbolic-ref", "-q", "HEAD").returncode == 0:
            return self._empty
        return found or self._named("HEAD", "tree")

    @cached_property
    def _empty(self) -> str:
        return self._run("hash-object", "-t", "tree", "--stdin").decode().strip()

    def _named(self, revision: str, kind: str) -> str:
        # In two steps, as REV:PATH^{tree} would be another path.
        found = None if "\0" in revision else self._find(revision)
        found = found and self._find(f"{found}^{{{kind}}}")
        if found is None:
            raise GitError(self.folder, f"git knows no revision {revision!r}{self._hint(revision)}")
        return found

    def _hint(self, revision: str) -> str:
        """What to name in place of a revision that git does not know."""
        if not revision:
            return ": the name is empty (is a variable not set?)"
        if _is_zero(revision):
            return ": zeros stand for a branch that is new or deleted, and for no commit"
        one, dots, two = revision.partition("..")
        if dots and "\0" not in revision:
            start, end = one or "HEAD", two.removeprefix(".") or "HEAD"
            return (
                f": it is a range; from the one to the other is '--since {start} --at {end}', what "
                f"came since they parted '--since {start}... --at {end}'"
            )
        listed = self._call("for-each-ref", "--format=%(refname:lstrip=2)", "refs/remotes")
        for name in os.fsdecode(listed.stdout).split("\n"):
            if name.partition("/")[2] == revision:
                return f": this clone has it as {name!r}"
        shallow = self._if_shallow()
        if not shallow and len(revision) in _LENGTHS and _HEX.issuperset(revision):
            return ": it was not fetched, or a forced push has dropped it; name a branch instead"
        return shallow

    def _find(self, expression: str) -> str | None:
        done = self._call("rev-parse", "--verify", "--quiet", "--end-of-options", expression)
        # git before 2.30 repeats the option.
        return done.stdout.decode().split("\n")[-2] if done.returncode == 0 else None

    def _if_shallow(self) -> str:
        lacking = self._git.what_it_lacks()
        return f"; {lacking}" if lacking else ""

    # Files.

    def below(self, tree: str, prefix: str) -> str:
        """The name of the tree that a folder of a tree is; of an empty one where there is none.

        Args:
            tree: the tree's name.
            prefix: the folder, with a slash at its end; empty for the tree itself.
        """
        if not prefix:
            return tree
        found = self._find(f"{tree}:{prefix.rstrip('/')}")
        return (found and self._find(f"{found}^{{tree}}")) or self._empty

    def entries(self, tree: str) -> Entries:
        """The files of a tree, submodules aside."""
        found: Entries = {}
        for line in self._run("ls-tree", "-r", "-z", "--full-tree", tree).split(b"\0")[:-1]:
            what, _, name = line.partition(b"\t")
            mode, _, blob = what.decode().split(" ")
            if mode != _SUBMODULE:
                found[f"/{decoded(name)}"] = Entry(mode, blob)
        return found

    def staged(self, tree: str, entries: Mapping[str, Entry]) -> Entries:
        """The files of the index that are in this folder.

        Args:
            tree: a tree of the whole repository.
            entries: its files that are in this folder.

        Raises:
            GitError: files of a merge have not been put together yet.
        """
        found = dict(entries)
        options = ("--cached", "--no-renames", "--ita-invisible-in-index", "--relative", *_DIFF)
        for what, (path, *_) in self._changes("diff-index", *options, tree):
            mode, blob, letter = what[1].decode(), what[3].decode(), what[4]
            if letter == b"U":
                reason = f"{path!r} is unmerged: the index is no one state; finish the merge first"
                raise GitError(self.folder, reason)
            if letter == b"D" or mode == _SUBMODULE:
                found.pop(path, None)
            else:
                found[path] = Entry(mode, blob)
        return found

    def suspects(self, tree: str) -> set[str]:
        """The files of this folder's working tree that may differ from a tree's; no untracked ones.

        git judges by size and times. Files that it was told not to look at are among them.

        Args:
            tree: a tree of the whole repository.
        """
        self._git.without_filters()
        changes = self._changes("diff-index", "--no-renames", "--relative", *_DIFF, tree)
        found = {path for _, paths in changes for path in paths}
        for line in self._run("ls-files", "-v", "-z").split(b"\0")[:-1]:
            if line[:1].islower() or line[:1] == b"S":
                found.add(f"/{decoded(line[2:])}")
        return found

    def would_store(self, paths: Collection[str]) -> dict[str, str]:
        """The names of what git would store of files of the working tree, with its line endings.

        Args:
            paths: archive paths of regular files in this folder.

        Returns:
            A name for each; nothing where a file went meanwhile.
        """
        if not paths:
            return {}
        self._git.without_filters()
        top = os.fsdecode(self._run("rev-parse", "--show-cdup")).removesuffix("\n")
        names = b"".join(_quoted(name_of(self.prefix) + path[1:]) + b"\n" for path in paths)
        command = ("-C", top or ".", "hash-object", "--stdin-paths")
        try:
            return dict(zip(paths, self._run(*command, data=names).decode().split(), strict=True))
        except GitError:
            return {}

    def moves(self, old: str, new: str) -> list[Move]:
        """The renames from a tree to another, as git guesses them."""
        return _moves(self._changes("diff-tree", "-r", "-M", *_DIFF, old, new))

    def staged_moves(self, tree: str) -> list[Move]:
        """The renames in this folder from a tree of the whole repository to the index."""
        return _moves(self._changes("diff-index", "--cached", "-M", "--relative", *_DIFF, tree))

    def _changes(self, *command: str) -> Iterator[tuple[re.Match[bytes], list[str]]]:
        """The records of a raw diff, each with its path or, of a rename, its two."""
        # Trees are of the folder already; the index and the working tree are of all folders.
        paths = ("--", ".") if command[0] == "diff-index" else ("--",)
        fields = iter(self._run(*command, *paths).split(b"\0")[:-1])
        for field in fields:
            m = _CHANGE.fullmatch(field)
            assert m, field
            names = islice(fields, 2 if m[4] in b"RC" else 1)
            yield m, [f"/{decoded(name)}" for name in names]

    # Contents.

    def contents(self, blobs: Iterable[str], most: int = sys.maxsize) -> Iterator[bytes]:
        """What files held, by the names of their contents, in order.

        Args:
            blobs: the names.
            most: how many bytes of each are wanted: of a larger one, the first.

        Raises:
            GitError: the repository lacks one, as a partial clone does.
        """
        pending = iter(blobs)
        while batch := list(islice(pending, _BATCH)):
            try:
                found = list(self._ask(batch, most))
            except OSError as error:
                raise GitError(self.folder, f"git cat-file failed: {error}") from None
            yield from found

    def _ask(self, blobs: list[str], most: int) -> Iterator[bytes]:
        asked, answered = self._reader.stdin, self._reader.stdout
        assert asked
        assert answered
        asked.write("".join(f"{blob}\n" for blob in blobs).encode())
        asked.flush()
        for blob in blobs:
            header = answered.readline().split()
            if header[1:2] != [b"blob"]:
                reason = (
                    f"the repository lacks the object {blob}; if this clone is partial, {GET_FILES}"
                )
                raise GitError(self.folder, reason)
            size = int(header[2])
            yield answered.read(min(size, most))
            left = max(0, size - most) + 1  # a line feed follows
            while left and (passed := answered.read(min(left, 1 << 16))):
                left -= len(passed)

    @cached_property
    def _reader(self) -> subprocess.Popen[bytes]:
        process = self._git.start("cat-file", "--batch")
        weakref.finalize(self, _end, process)
        return process


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the process that waits for names of contents."""
    process.kill()
    for pipe in (process.stdin, process.stdout):
        assert pipe
        with suppress(BrokenPipeError):
            pipe.close()
    process.wait()


def _moves(changes: Iterable[tuple[re.Match[bytes], list[str]]]) -> list[Move]:
    renames = ((what, paths) for what, paths in changes if what[4] == b"R")
    return [Move(old, new, int(what[5])) for what, (old, new) in renames]


def _quoted(path: str) -> bytes:
    """A path in quotes, as git reads it from a line."""
    escaped = (b"\\%03o" % byte if byte < 32 or byte in b'"\\' else bytes([byte])
               for byte in encoded(path))  # fmt: skip
    return b'"%s"' % b"".join(escaped)


def _is_zero(revision: str) -> bool:
    """Whether this is the name that git gives no object."""
    return len(revision) in _LENGTHS and not revision.strip("0")


def blob_name(data: bytes, like: str) -> str:
    """The name that git gives a content, in the digest that another name is of."""
    made = hashlib.sha256 if len(like) == 64 else hashlib.sha1
    return made(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()
