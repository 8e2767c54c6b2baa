"""Which files git ignores."""

from pathlib import Path

import pytest

from newsarchive.store.ignored import ignored
from tests.builders import write_archive
from tests.repositories import git, needs_git


@needs_git
def test_without_git_nothing_is_known_to_be_ignored(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = write_archive(tmp_path, {"/.gitignore": "b.md\n", "/news/a.md": "", "/news/b.md": ""})
    paths = ["/news/a.md", "/news/b.md"]
    assert ignored(str(root), paths) == frozenset()
    git(root, "init", "-q")
    assert ignored(str(root), paths) == {"/news/b.md"}
    monkeypatch.setenv("PATH", "")
    assert ignored(str(root), paths) == frozenset()
