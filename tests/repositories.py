"""git repositories for tests, made as their users make them."""

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.builders import SMALL_ARCHIVE, write_archive

needs_git = pytest.mark.skipif(shutil.which("git") is None, reason="needs git")
needs_shell = pytest.mark.skipif(os.name != "posix", reason="needs a shell")

TEXT = "".join(f"A line of its own, number {n}.\n" for n in range(20))


def git(
    root: Path, *args: str, env: Mapping[str, str] | None = None, data: bytes | None = None
) -> str:
    """Run git as its user does, whatever the configuration of the machine."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")}
    environment |= {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    names = ["-c", "user.name=A. Keeper", "-c", "user.email=keeper@example.org"]
    done = subprocess.run(
        ["git", "-C", str(root), *names, *args],
        input=data, capture_output=True, check=True, env=environment | dict(env or {}), timeout=60,
    )  # fmt: skip
    return os.fsdecode(done.stdout)


def commit(root: Path) -> str:
    """Commit all that is in the working tree, and return the commit's name."""
    git(root, "add", "-A", "--force")
    git(root, "commit", "-q", "--allow-empty", "-m", "A step")
    return git(root, "rev-parse", "HEAD").strip()


def put(root: Path, name: str, text: str = TEXT) -> None:
    """Write a file, whose text git knows again under another name."""
    file = root / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)


def trap(folder: Path) -> Path:
    """A program that leaves a file `ran` beside it."""
    script = folder / "trap.sh"
    script.write_text(f'#!/bin/sh\ntouch "{folder}/ran"\nexit 1\n')
    script.chmod(0o755)
    return script


def others_own_it(folder: Path) -> str:
    """A PATH on which git takes every checkout for someone else's, as its own tests have it do."""
    real = shutil.which("git")
    folder.mkdir()
    script = folder / "git"
    script.write_text(f'#!/bin/sh\nGIT_TEST_ASSUME_DIFFERENT_OWNER=1 exec "{real}" "$@"\n')
    script.chmod(0o755)
    return f"{folder}{os.pathsep}{os.environ['PATH']}"


def archive_in_git(
    folder: Path, pages: Mapping[str, str | bytes | None] = SMALL_ARCHIVE, *, small: bool = False
) -> Path:
    """A checkout with an archive at its top, and one commit."""
    root = write_archive(folder, pages, small=small)
    git(root, "init", "-q", "-b", "main")
    commit(root)
    return root
