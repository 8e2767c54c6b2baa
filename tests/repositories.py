"""git repositories for tests, made as their users make them."""

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.builders import SMALL_ARCHIVE, write_archive

needs_git = pytest.mark.skipif(shutil.which("git") is None, reason="needs git")


def git(root: Path, *args: str, env: Mapping[str, str] | None = None) -> str:
    """Run git as its user does, whatever the configuration of the machine."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")}
    environment |= {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    names = ["-c", "user.name=A. Keeper", "-c", "user.email=keeper@example.org"]
    done = subprocess.run(
        ["git", "-C", str(root), *names, *args],
        capture_output=True, check=True, env=environment | dict(env or {}), timeout=60,
    )  # fmt: skip
    return os.fsdecode(done.stdout)


def commit(root: Path) -> str:
    """Commit all that is in the working tree, and return the commit's name."""
    git(root, "add", "-A", "--force")
    git(root, "commit", "-q", "--allow-empty", "-m", "A step")
    return git(root, "rev-parse", "HEAD").strip()


def archive_in_git(
    folder: Path, pages: Mapping[str, str | bytes | None] = SMALL_ARCHIVE, *, small: bool = False
) -> Path:
    """A checkout with an archive at its top, and one commit."""
    root = write_archive(folder, pages, small=small)
    git(root, "init", "-q", "-b", "main")
    commit(root)
    return root


def snapshot(folder: Path) -> dict[str, tuple[bytes, int]]:
    """Every file below a folder with its bytes and its time."""
    return {
        str(p.relative_to(folder)): (p.read_bytes(), p.stat().st_mtime_ns)
        for p in folder.rglob("*")
        if p.is_file()
    }
