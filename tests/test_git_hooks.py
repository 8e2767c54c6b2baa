"""The command in hooks that git itself runs, with the environment that it gives them."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.builders import PATH, REBUILT, SMALL_ARCHIVE, write_archive
from tests.repositories import commit, git, needs_git, needs_shell

pytestmark = [
    pytest.mark.slow,
    needs_git,
    needs_shell,
]

COMMAND = f'"{sys.executable}" -m newsarchive check --today 2020-01-01'


def hook(git_dir: Path, name: str, script: str) -> None:
    """Have git run a script."""
    file = git_dir / "hooks" / name
    file.parent.mkdir(exist_ok=True)
    file.write_text(f"#!/bin/sh\n{script}\n")
    file.chmod(0o755)


def refused(root: Path, *command: str) -> str:
    """What git prints where a hook refuses what it is to do."""
    with pytest.raises(subprocess.CalledProcessError) as caught:
        git(root, *command)
    assert isinstance(caught.value.stderr, bytes)
    return caught.value.stderr.decode()


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout with an archive in `site`, and one commit."""
    root = tmp_path / "checkout"
    root.mkdir()
    git(root, "init", "-q", "-b", "main")
    write_archive(root / "site", SMALL_ARCHIVE)
    commit(root)
    return root


@pytest.fixture
def server(tmp_path: Path) -> Path:
    """A bare repository."""
    git(tmp_path, "init", "-q", "--bare", "server.git")
    return tmp_path / "server.git"


PUSHED = f"""
while read old new ref; do
    {COMMAND} . --root site --since "$old" --at "$new" || exit 1
done
"""


class TestOnAServer:
    """A push is judged before its objects are the repository's."""

    @pytest.mark.parametrize("name", ["pre-receive", "update", "post-receive"])
    def test_a_push_is_judged(self, checkout: Path, server: Path, name: str) -> None:
        script = PUSHED
        if name == "update":
            script = f'{COMMAND} . --root site --since "$2" --at "$3" || exit 1'
        hook(server, name, script)
        git(checkout, "push", "-q", str(server), "main")
        git(checkout, "rm", "-q", f"site{REBUILT}")
        commit(checkout)
        if name == "post-receive":  # it can no longer refuse
            git(checkout, "push", "-q", str(server), "main")
            return
        told = refused(checkout, "push", "-q", str(server), "main")
        assert re.search(rf"{re.escape(PATH[1:])}:\d+:\d+: error NA201 ", told)
        assert git(server, "rev-parse", "main") == git(checkout, "rev-parse", "HEAD~1")

    def test_wherever_the_hook_stands(self, checkout: Path, server: Path) -> None:
        """A hook may name the repository by its path, and forget where it was started."""
        script = PUSHED.replace(
            "check --today 2020-01-01 .", f'check --today 2020-01-01 "{server}"'
        )
        hook(server, "pre-receive", f"cd / && unset GIT_DIR\n{script}")
        git(checkout, "push", "-q", str(server), "main")
        git(checkout, "rm", "-q", f"site{REBUILT}")
        commit(checkout)
        assert "NA201" in refused(checkout, "push", "-q", str(server), "main")

    def test_a_checkout_that_is_pushed_to(self, checkout: Path, tmp_path: Path) -> None:
        git(tmp_path, "clone", "-q", str(checkout), "other")
        git(checkout, "config", "receive.denyCurrentBranch", "updateInstead")
        script = PUSHED.replace(". --root site", "../site")
        hook(checkout / ".git", "pre-receive", script)
        other = tmp_path / "other"
        git(other, "rm", "-q", f"site{REBUILT}")
        commit(other)
        assert "NA201" in refused(other, "push", "-q", "origin", "main")


class TestWhileCommitting:
    def test_a_repository_apart_from_its_working_tree(self, checkout: Path, tmp_path: Path) -> None:
        store = tmp_path / "store.git"
        (checkout / ".git").rename(store)
        options = ("--git-dir=../store.git", "--work-tree=.")
        hook(store, "pre-commit", f"{COMMAND} site --staged")
        git(checkout, *options, "rm", "-q", f"site{REBUILT}")
        assert "NA201" in refused(checkout, *options, "commit", "-q", "-m", "Away with it")
        git(checkout, *options, "reset", "-q", "--hard")
        git(checkout, *options, "commit", "-q", "--allow-empty", "-m", "Nothing")

    def test_another_working_tree(self, checkout: Path, tmp_path: Path) -> None:
        git(checkout, "worktree", "add", "-q", "-b", "topic", "../second")
        hook(checkout / ".git", "pre-commit", f"{COMMAND} site --staged")
        second = tmp_path / "second"
        git(second, "rm", "-q", f"site{REBUILT}")
        assert "NA201" in refused(second, "commit", "-q", "-m", "Away with it")
        git(checkout, "commit", "-q", "--allow-empty", "-m", "Nothing")
