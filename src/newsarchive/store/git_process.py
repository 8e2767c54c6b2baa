"""Running git: the one place that does, with what it may see of the environment and what it may do.

Of the caller's environment git gets what says where a repository is (`GIT_DIR` and its like, the
objects of a push that is still to be accepted) and what the caller says of trust (`GIT_CONFIG_*`).
It gets nothing that names a program. What configurations name runs neither, whoever wrote them: no
hook, filter, pager, external diff, signature check or file system monitor; and nothing is fetched.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path

from newsarchive.errors import GitError

_SETTINGS = {
    "GIT_ALLOW_PROTOCOL": "",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_PAGER": "",
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",
}
_TIMEOUT_SECONDS = 600
GET_FILES = "get its files with 'git fetch --refetch --no-filter'"
PARTIAL = f"this clone is partial: {GET_FILES}"
# Where git looks for a repository, and what the caller sets for git, such as safe.directory.
_KEPT = ("GIT_CEILING_DIRECTORIES", "GIT_CONFIG_", "GIT_DISCOVERY_ACROSS_FILESYSTEM")
_OF_ONE_REPOSITORY = (
    "GIT_COMMON_DIR", "GIT_DIR", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_QUARANTINE_PATH",
    "GIT_WORK_TREE",
)  # fmt: skip


class Git:
    """git, to be run for one folder, in a repository or not, without a shell.

    Raises:
        GitError: git is not installed.
    """

    def __init__(self, folder: str | os.PathLike[str]) -> None:
        self.folder: str = os.fspath(folder)
        import shutil  # only a run that has something to ask of git needs it

        found = shutil.which("git")
        if found is None:
            raise GitError(self.folder, "git is not installed, or not on the PATH")
        self._git = found
        self._settings = ["-c", "core.fsmonitor=false"]
        self._is_without_filters = False
        self._environment = environment()
        given = {name: value for name in _OF_ONE_REPOSITORY if (value := os.environ.get(name))}
        if given:
            self._environment |= self._located(given)

    def run(self, *command: str, data: bytes = b"", timeout: float = _TIMEOUT_SECONDS) -> bytes:
        """What a command of git prints; `data` is what it reads.

        Raises:
            GitError: it fails, or takes longer than `timeout` seconds.
        """
        done = self.call(*command, data=data, timeout=timeout)
        if done.returncode == 0:
            return done.stdout
        said = done.stderr.decode("utf-8", "replace").strip().split("\n")
        if any("not a git repository" in line for line in said):
            raise GitError(self.folder, f"no git checkout, nor a git repository{self._elsewhere()}")
        if any("promisor remote" in line for line in said):
            raise GitError(self.folder, f"git {command[0]} failed: {PARTIAL}")
        words = " ".join(" ".join(said).split())
        raise GitError(self.folder, f"git {command[0]} failed: {words}")

    def call(
        self, *command: str, data: bytes = b"", timeout: float = _TIMEOUT_SECONDS
    ) -> subprocess.CompletedProcess[bytes]:
        """The outcome of a command, whether it fails or not.

        Raises:
            GitError: it cannot be run, or takes longer than `timeout` seconds.
        """
        try:
            return self._ask(self.folder, command, self._environment, data, timeout)
        except subprocess.TimeoutExpired:
            reason = f"git {command[0]} did not answer within {timeout:g} seconds"
            raise GitError(self.folder, reason) from None
        except OSError as error:
            raise GitError(self.folder, f"git {command[0]} failed: {error}") from None

    def path(self, *question: str) -> str:
        """A path that ``git rev-parse`` tells, links followed; empty where it tells none.

        Raises:
            GitError: git cannot be run, or takes too long.
        """
        return _path_told(self.call("rev-parse", *question), self.folder)

    def start(self, *command: str) -> subprocess.Popen[bytes]:
        """Start a command that answers while it is asked; raises OSError if it cannot be run."""
        return subprocess.Popen(
            [self._git, "-C", self.folder, *self._settings, *command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=self._environment,
        )

    def is_in_repository(self) -> bool:
        """Whether the folder is in a repository.

        Raises:
            GitError: it is in one that git refuses, or that is damaged.
        """
        done = self.call("rev-parse", "--git-dir")
        # Of a damaged repository git says that there is none.
        if b"not a git repository" in done.stderr and not self._seems_in_repository():
            return False
        if done.returncode:
            self.run("rev-parse", "--git-dir")  # which says what is wrong
        return True

    def _seems_in_repository(self) -> bool:
        folder = Path(os.path.realpath(self.folder))
        found = next((f / ".git" for f in (folder, *folder.parents) if (f / ".git").exists()), None)
        return found is not None and (found.is_file() or (found / "HEAD").exists())

    def has_commits(self) -> bool:
        """Whether there is a commit to begin with, good or bad: not so after ``git init``."""
        if self.call("rev-parse", "--verify", "--quiet", "HEAD").returncode == 0:
            return True
        name = os.fsdecode(self.call("symbolic-ref", "--quiet", "HEAD").stdout).strip()
        return not name or bool(self.call("for-each-ref", name).stdout)

    def what_it_lacks(self, *, partial: bool = False) -> str:
        """What the clone lacks of the history, in words, and how to get it; empty for nothing.

        With `partial`, files that were left out count, too: of those, git misses some and not
        others.
        """
        try:
            if self.run("rev-parse", "--is-shallow-repository") == b"true\n":
                return (
                    "this clone is shallow: get the history with 'git fetch --unshallow' "
                    "(in CI, check out with fetch-depth: 0 or GIT_DEPTH: 0)"
                )
            promised = ("config", "--get-regexp", r"^remote\..*\.promisor$")
            if partial and self.call(*promised).returncode == 0:
                return PARTIAL
        except GitError:
            pass
        return ""

    def add_objects(self, folder: str) -> None:
        """Have git find the objects of another repository, too, by its absolute folder of them."""
        name = "GIT_ALTERNATE_OBJECT_DIRECTORIES"
        known = self._environment.get(name)
        # In quotes, as a path may hold the sign that parts paths.
        escaped = folder.replace("\\", "\\\\").replace('"', '\\"')
        self._environment[name] = f'{known}{os.pathsep}"{escaped}"' if known else f'"{escaped}"'

    def without_filters(self) -> None:
        """Have git run no filter: to look at a file that changed a moment ago, it would."""
        if self._is_without_filters:
            return
        self._is_without_filters = True
        done = self.call("config", "-z", "--name-only", "--get-regexp", r"^filter\..")
        for key in {os.fsdecode(key) for key in done.stdout.split(b"\0")[:-1]}:
            self._settings += ["-c", f"{key}={'false' if key.endswith('.required') else ''}"]

    def _ask(
        self,
        folder: str,
        command: Iterable[str],
        environment: Mapping[str, str],
        data: bytes = b"",
        timeout: float = _TIMEOUT_SECONDS,
    ) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            [self._git, "-C", folder, *self._settings, *command],
            capture_output=True, input=data, env=environment, timeout=timeout, check=False,
        )  # fmt: skip

    # Which repository the environment speaks of.

    def _located(self, given: Mapping[str, str]) -> dict[str, str]:
        """What the environment says of the folder's repository: nothing if it is of another one."""
        git_dir, top = self._answers(self.folder, self._environment)
        found: dict[str, str] = {}
        if "GIT_DIR" in given or "GIT_WORK_TREE" in given:
            # git takes these as they are seen from the working folder.
            there, tree = self._answers(".", self._environment | _absolute(given))
            here = os.path.realpath(self.folder)
            if there and there != git_dir:
                # A repository that is nearer to the folder is its own.
                is_of_tree = is_in(here, tree) and not is_in(top, tree, below=True)
                if not (is_of_tree or is_in(here, there)):
                    return {}
                found["GIT_DIR"] = git_dir = there
                if is_of_tree:
                    found["GIT_WORK_TREE"] = tree
                if "GIT_COMMON_DIR" in given:
                    found["GIT_COMMON_DIR"] = os.path.abspath(given["GIT_COMMON_DIR"])
        elif "GIT_QUARANTINE_PATH" in given and not is_in(given["GIT_QUARANTINE_PATH"], git_dir):
            return found
        if os.path.isdir(given.get("GIT_OBJECT_DIRECTORY", "")):
            found |= _objects()
        # git names a hook another index than the usual one while it makes a commit of its own
        # choice of files (`commit -a`). Only an index of this very repository is meant.
        index = os.path.realpath(given.get("GIT_INDEX_FILE", ""))
        if os.path.isfile(index) and is_in(index, git_dir):
            found["GIT_INDEX_FILE"] = index
        return found

    def _answers(self, folder: str, environment: Mapping[str, str]) -> tuple[str, str]:
        """The git folder and the top of the working tree, as git sees them; empty for none."""
        asked = (("rev-parse", option) for option in ("--absolute-git-dir", "--show-toplevel"))
        try:
            git_dir, top = (self._ask(folder, question, environment) for question in asked)
        except (OSError, subprocess.TimeoutExpired):
            return "", ""
        return _path_told(git_dir, folder), _path_told(top, folder)

    def _elsewhere(self) -> str:
        given = os.environ.get("GIT_DIR")
        return f" (GIT_DIR names {given!r}, whose working tree this is not in)" if given else ""


def environment() -> dict[str, str]:
    """The environment that git runs in, but for what says where the repository is."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("GIT_") or name.startswith(_KEPT)
    }
    for name in ("GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM"):
        if kept.get(name):
            kept[name] = os.path.abspath(kept[name])
    return kept | _SETTINGS


def _path_told(done: subprocess.CompletedProcess[bytes], folder: str) -> str:
    """The path that git, asked in a folder, has told; empty where it failed."""
    said = os.fsdecode(done.stdout).removesuffix("\n") if done.returncode == 0 else ""
    return said and os.path.realpath(os.path.join(folder, said))


def _absolute(given: Mapping[str, str]) -> dict[str, str]:
    names = ("GIT_COMMON_DIR", "GIT_DIR", "GIT_WORK_TREE")
    return {name: os.path.abspath(given[name]) for name in names if name in given}


def _objects() -> dict[str, str]:
    """Where the caller says that objects lie, wherever git is run."""
    found = {
        name: os.path.abspath(value)
        for name in ("GIT_OBJECT_DIRECTORY", "GIT_QUARANTINE_PATH", "GIT_SHALLOW_FILE")
        if (value := os.environ.get(name))
    }
    others = os.environ.get("GIT_ALTERNATE_OBJECT_DIRECTORIES", "")
    # In quotes, a path may hold the sign that parts paths; git writes only absolute ones.
    if others and '"' not in others:
        others = os.pathsep.join(os.path.abspath(one) for one in others.split(os.pathsep) if one)
    return found | ({"GIT_ALTERNATE_OBJECT_DIRECTORIES": others} if others else {})


def is_in(path: str, folder: str, *, below: bool = False) -> bool:
    """Whether a path is a folder or, unless only what is `below` counts, in it."""
    path = os.path.realpath(path) if path else ""
    folder = os.path.realpath(folder).rstrip(os.sep) if folder else "\0"
    return path.startswith(folder + os.sep) or (path == folder and not below)
