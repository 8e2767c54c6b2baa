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
from newsarchive.page.patterns import pattern
from newsarchive.store.git_process import GET_FILES, Git
from newsarchive.store.names import decoded, encoded, name_of, system_name
from newsarchive.store.revisions import hint, is_zero
from newsarchive.store.submodules import is_checked_out, object_folders

# As many names as fit a pipe's buffer (16 KiB and more), so that neither side waits for the other.
_BATCH = 256
_CHANGE = pattern(rb":([0-7]{6}) ([0-7]{6}) ([0-9a-f]{40,64}) ([0-9a-f]{40,64}) ([A-Z])([0-9]*)")
_LINK, _SUBMODULE = "120000", "160000"
_DIFF = ("--raw", "-z", "--no-abbrev", "--ignore-submodules=dirty")


class GitFile(NamedTuple):
    """What git keeps of a file: its kind and mode, and the name of its content."""

    mode: str
    blob: str

    @property
    def is_link(self) -> bool:
        """Whether the file is a symbolic link."""
        return self.mode == _LINK


GitFiles = dict[str, GitFile]
"""The files of a state, by archive path."""


class Move(NamedTuple):
    """A rename between two states, as git guesses it: old and new path, and percent alike."""

    old: str
    new: str
    alike: int


class Repository:
    """The git repository that a folder belongs to: one of a checkout, or a bare repository.

    Attributes:
        objects: where objects of its submodules are, as far as these were asked for.

    Raises:
        GitError: there is no git, or the folder belongs to no repository.
    """

    def __init__(self, folder: str | os.PathLike[str]) -> None:
        self._git = Git(folder)
        self.folder: str = self._git.folder
        self._run, self._call = self._git.run, self._git.call
        self._submodules: dict[str, dict[str, str]] = {}
        self.objects: tuple[str, ...] = ()
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

        The revision is whatever git takes for one commit or tree; ``A...B`` is the commit that A
        and B parted at, and B is `other` where it is left out.

        Raises:
            GitError: git knows no such revision.
        """
        one, dots, two = revision.partition("...")
        if dots:
            commits = [self._named(name, "commit") for name in (one or "HEAD", two or other)]
            done = self._call("merge-base", *commits)
            if done.returncode:
                reason = f"{one or 'HEAD'!r} and {two or other!r} have no commit in common"
                lacking = self._git.what_it_lacks()
                raise GitError(self.folder, reason + (lacking and f"; {lacking}"))
            revision = done.stdout.decode().strip()
        return self._named(revision, "tree")

    def tree_before(self, since: str | None, other: str = "HEAD") -> str:
        """The name of the tree that a change starts from; the arguments are those of `tree`.

        None is the checked-out commit. Zeros, which hooks and CI give for a branch that is new, are
        an empty tree.

        Raises:
            GitError: git knows no such revision.
        """
        if since is None:
            return self.head_tree()
        if is_zero(since.partition("...")[0]):
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
        named = found and self._find(f"{found}^{{{kind}}}")
        if named:
            return named
        # Of a name that is an object's, git says it back, whether the object is here or not.
        is_here = found and self._find(f"{found}^{{commit}}")
        lacking = self._git.what_it_lacks(partial=True) if is_here else ""
        if lacking:
            raise GitError(self.folder, f"the files of {revision!r} are not here; {lacking}")
        reason = f"git knows no revision {revision!r}{hint(self._git, revision)}"
        raise GitError(self.folder, reason)

    def _find(self, expression: str) -> str | None:
        done = self._call("rev-parse", "--verify", "--quiet", "--end-of-options", expression)
        # git before 2.30 repeats the option.
        return done.stdout.decode().split("\n")[-2] if done.returncode == 0 else None

    # Files.

    def below(self, tree: str, prefix: str) -> str:
        """The name of the tree that a folder of a tree is; of an empty one where there is none."""
        if not prefix:
            return tree
        found = self._find(f"{tree}:{prefix.rstrip('/')}")
        return (found and self._find(f"{found}^{{tree}}")) or self._empty

    def entries(self, tree: str, prefix: str = "", at: str = "") -> GitFiles:
        """The files of a tree, and those of its submodules at the commits that it records.

        The prefix is the archive's folder in the repository's trees; `at` is the archive path of
        the tree's own folder, empty for the archive's.

        Raises:
            GitError: a submodule in ``/news`` lacks that commit. Elsewhere one is passed over.
        """
        found: GitFiles = {}
        submodules = self._submodules[tree] = {}
        for line in self._run("ls-tree", "-r", "-z", "--full-tree", tree).split(b"\0")[:-1]:
            what, _, name = line.partition(b"\t")
            mode, _, blob = what.decode().split(" ")
            path = f"{at}/{decoded(name)}"
            if mode == _SUBMODULE:
                submodules[path] = blob
            else:
                found[path] = GitFile(mode, blob)
        for path, commit in submodules.items():
            found |= self._of_submodule(path, commit, prefix)
        return found

    def _of_submodule(self, path: str, commit: str, prefix: str) -> GitFiles:
        """The files of a submodule at a commit, by archive path."""
        place = name_of(prefix) + path[1:]
        tree = self._find(f"{commit}^{{tree}}")
        if tree is None:
            self.take_objects(object_folders(self._git, place))
            tree = self._find(f"{commit}^{{tree}}")
        if tree is not None:
            return self.entries(tree, prefix, path)
        if f"{path}/".startswith("/news/"):
            reason = (
                f"{place!r} is a submodule, and its commit {commit[:12]} is not here: "
                "get it with 'git submodule update --init --recursive'"
            )
            raise GitError(self.folder, reason)
        return {}

    def take_objects(self, folders: Iterable[str]) -> None:
        """Find the objects of other repositories, too: submodules have their own."""
        for folder in folders:
            self._git.add_objects(folder)
            self.objects = (*self.objects, folder)
        self.__dict__.pop("_reader", None)  # it does not know of them

    def staged(self, tree: str, entries: Mapping[str, GitFile]) -> GitFiles:
        """The files of the index that are in this folder.

        Entries are those of them that a tree of the whole repository has.

        Raises:
            GitError: files of a merge have not been put together yet; or as `entries` raises it.
        """
        found = dict(entries)
        options = ("--cached", "--no-renames", "--ita-invisible-in-index", "--relative", *_DIFF)
        for what, (path, *_) in self._changes("diff-index", *options, tree):
            was, mode, blob, letter = what[1].decode(), what[2].decode(), what[4].decode(), what[5]
            if letter == b"U":
                reason = f"{path!r} is unmerged: the index is no one state; finish the merge first"
                raise GitError(self.folder, reason)
            if was == _SUBMODULE:
                found = {p: entry for p, entry in found.items() if not p.startswith(f"{path}/")}
            found.pop(path, None)
            if mode == _SUBMODULE:
                found |= self._of_submodule(path, blob, self.prefix)
            elif letter != b"D":
                found[path] = GitFile(mode, blob)
        return found

    def suspects(self, tree: str, below: str = "") -> set[str]:
        """The files of this folder's working tree that may differ from a tree's; no untracked ones.

        git judges by size and times. Files that it was told not to look at are among them. The tree
        is one of the whole repository; of `below`, this folder's tree, submodules are looked at,
        too.
        """
        self._git.without_filters()
        # git would look into each submodule by itself, where it would run filters.
        options = ("--no-renames", "--relative", *_DIFF, "--ignore-submodules=all")
        changes = self._changes("diff-index", *options, tree)
        found = {path for _, paths in changes for path in paths}
        for line in self._run("ls-files", "-v", "-z").split(b"\0")[:-1]:
            if line[:1].islower() or line[:1] == b"S":
                found.add(f"/{decoded(line[2:])}")
        for path, commit in self._submodules.get(below, {}).items():
            folder = os.path.join(self.folder, system_name(path[1:]))
            if is_checked_out(folder):
                inner = Repository(folder)
                its = inner.tree(commit)
                inner.entries(its)
                found.update(f"{path}{name}" for name in inner.suspects(its, its))
        return found

    def would_store(self, paths: Collection[str]) -> dict[str, str]:
        """The names of what git would store of regular files of the working tree, by archive path.

        It has its own line endings. There is none for a file that went meanwhile.
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
        return self._moves(self._changes("diff-tree", "-r", "-M", *_DIFF, old, new))

    def staged_moves(self, tree: str) -> list[Move]:
        """The renames in this folder from a tree of the whole repository to the index."""
        options = ("--cached", "-M", "--relative", *_DIFF)
        return self._moves(self._changes("diff-index", *options, tree))

    def _moves(self, changes: Iterable[tuple[re.Match[bytes], list[str]]]) -> list[Move]:
        found = []
        for what, (path, *others) in changes:
            if what[5] == b"R":
                found.append(Move(path, others[0], int(what[6])))
            elif {what[1], what[2]} == {_SUBMODULE.encode()}:
                with suppress(GitError):  # one that was passed over
                    within = self.moves(what[3].decode(), what[4].decode())
                    found += [Move(path + m.old, path + m.new, m.alike) for m in within]
        return found

    def _changes(self, *command: str) -> Iterator[tuple[re.Match[bytes], list[str]]]:
        """The records of a raw diff, each with its path or, of a rename, its two."""
        # Trees are of the folder already; the index and the working tree are of all folders.
        paths = ("--", ".") if command[0] == "diff-index" else ("--",)
        fields = iter(self._run(*command, *paths).split(b"\0")[:-1])
        for field in fields:
            m = _CHANGE.fullmatch(field)
            assert m, field
            names = islice(fields, 2 if m[5] in b"RC" else 1)
            yield m, [f"/{decoded(name)}" for name in names]

    # Contents.

    def contents(self, blobs: Iterable[str], most: int = sys.maxsize) -> Iterator[bytes]:
        """What files held, by the names of their contents, in order; of larger ones the beginning.

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


def _quoted(path: str) -> bytes:
    """A path in quotes, as git reads it from a line."""
    escaped = (b"\\%03o" % byte if byte < 32 or byte in b'"\\' else bytes([byte])
               for byte in encoded(path))  # fmt: skip
    return b'"%s"' % b"".join(escaped)


def blob_name(data: bytes, like: str) -> str:
    """The name that git gives a content, in the digest that another name is of."""
    made = hashlib.sha256 if len(like) == 64 else hashlib.sha1
    return made(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()
