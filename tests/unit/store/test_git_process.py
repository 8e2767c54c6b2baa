"""What git gets to see of the caller's environment, and what no environment makes it run."""

import os
import subprocess
from pathlib import Path

import pytest

from newsarchive.errors import GitError
from newsarchive.store.git import Repository
from newsarchive.store.git_process import Git
from newsarchive.store.renames import Rename, history
from tests.repositories import TEXT, commit, git, needs_git, needs_shell, put, trap

pytestmark = [
    pytest.mark.slow,
    needs_git,
    needs_shell,
]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout that has renamed a file, in a commit and in its index."""
    root = tmp_path / "checkout"
    root.mkdir()
    git(root, "init", "-q", "-b", "main")
    put(root, "site/a.md")
    commit(root)
    git(root, "mv", "site/a.md", "site/b.md")
    commit(root)
    git(root, "mv", "site/b.md", "site/c.md")
    return root


def renames(root: str) -> dict[str, Rename]:
    return history(root).latest()


def files(folder: Path | str) -> set[str]:
    repository = Repository(folder)
    head = repository.head_tree()
    return set(repository.entries(repository.below(head, repository.prefix)))


class TestRunning:
    def test_what_it_prints_and_reads(self, checkout: Path) -> None:
        assert Git(checkout).run("hash-object", "--stdin") == (
            b"e69de29bb2d1d6434b8b29ae775ad8c2e48c5391\n"
        )
        named = Git(checkout).run("hash-object", "--stdin", data=TEXT.encode())
        assert named.decode().strip() in git(checkout, "rev-parse", "HEAD:site/b.md")

    def test_what_goes_wrong_is_said_in_gits_words(self, checkout: Path) -> None:
        with pytest.raises(GitError, match=r"git cat-file failed: fatal: .*nonsense"):
            Git(checkout).run("cat-file", "blob", "nonsense")
        assert Git(checkout).call("cat-file", "blob", "nonsense").returncode == 128

    def test_one_that_does_not_answer_in_time(self, checkout: Path) -> None:
        with pytest.raises(GitError, match="git log did not answer within 1e-06 seconds"):
            Git(checkout).run("log", timeout=0.000_001)


class TestTrust:
    """What the caller says of trust, git hears."""

    def test_without_it_git_refuses(self, checkout: Path, others: None) -> None:
        with pytest.raises(GitError, match="dubious ownership"):
            files(checkout)

    @pytest.mark.parametrize("how", ["COUNT", "PARAMETERS", "GLOBAL", "SYSTEM", "relative"])
    def test_a_folder_that_the_caller_trusts(
        self,
        checkout: Path,
        tmp_path: Path,
        others: None,
        monkeypatch: pytest.MonkeyPatch,
        how: str,
    ) -> None:
        (tmp_path / "config").write_text("[safe]\n\tdirectory = *\n")
        monkeypatch.chdir(tmp_path)
        given = {
            "COUNT": {
                "GIT_CONFIG_COUNT": "1",
                "GIT_CONFIG_KEY_0": "safe.directory",
                "GIT_CONFIG_VALUE_0": "*",
            },
            "PARAMETERS": {"GIT_CONFIG_PARAMETERS": "'safe.directory'='*'"},
            "GLOBAL": {"GIT_CONFIG_GLOBAL": str(tmp_path / "config")},
            "SYSTEM": {"GIT_CONFIG_SYSTEM": str(tmp_path / "config")},
            "relative": {"GIT_CONFIG_GLOBAL": "config"},
        }[how]
        for name, value in given.items():
            monkeypatch.setenv(name, value)
        assert files(checkout) == {"/site/b.md"}
        assert set(renames(str(checkout))) == {"/site/a.md", "/site/b.md"}

    @pytest.mark.parametrize(
        "key",
        [
            "core.fsmonitor", "diff.external", "diff.trap.command", "diff.trap.textconv",
            "filter.trap.clean", "filter.trap.smudge", "filter.trap.process", "core.pager",
            "pager.log", "core.sshCommand", "core.hooksPath", "alias.log", "gpg.program",
        ],
    )  # fmt: skip
    @pytest.mark.parametrize("how", ["COUNT", "PARAMETERS"])
    def test_but_a_program_that_the_caller_names_does_not_run(
        self, checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, key: str, how: str
    ) -> None:
        script = trap(tmp_path)
        put(checkout, ".gitattributes", "*.md diff=trap filter=trap\n")
        put(checkout, "site/c.md", TEXT.swapcase())
        value = f"!{script}" if key.startswith("alias.") else str(script)
        if how == "COUNT":
            monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
            monkeypatch.setenv("GIT_CONFIG_KEY_0", key)
            monkeypatch.setenv("GIT_CONFIG_VALUE_0", value)
        else:
            monkeypatch.setenv("GIT_CONFIG_PARAMETERS", f"'{key}'='{value}'")
        repository = Repository(checkout)
        assert "/site/c.md" in repository.suspects(repository.head_tree())
        assert set(renames(str(checkout))) == {"/site/a.md", "/site/b.md"}
        assert not (tmp_path / "ran").exists()

    @pytest.mark.parametrize(
        "name", ["GIT_EXTERNAL_DIFF", "GIT_PAGER", "GIT_SSH_COMMAND", "GIT_ASKPASS", "GIT_EDITOR"]
    )
    def test_nor_one_that_a_variable_names(
        self, checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
    ) -> None:
        monkeypatch.setenv(name, str(trap(tmp_path)))
        monkeypatch.setenv("GIT_EXEC_PATH", str(tmp_path))
        assert files(checkout) == {"/site/b.md"}
        assert set(renames(str(checkout))) == {"/site/a.md", "/site/b.md"}
        assert not (tmp_path / "ran").exists()


class TestPlace:
    """Where the caller says that a repository is."""

    @pytest.fixture
    def apart(self, checkout: Path, tmp_path: Path) -> tuple[Path, Path]:
        """A repository that is not in its working tree, and that."""
        (checkout / ".git").rename(tmp_path / "store.git")
        return tmp_path / "store.git", checkout

    def test_a_repository_apart_from_its_working_tree(
        self, apart: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        _, tree = apart
        with pytest.raises(GitError, match=r"no git checkout, nor a git repository$"):
            files(tree)
        monkeypatch.chdir(tree)
        monkeypatch.setenv("GIT_DIR", "../store.git")
        monkeypatch.setenv("GIT_WORK_TREE", ".")
        monkeypatch.setenv("GIT_INDEX_FILE", "../store.git/index")
        assert files(tree) == {"/site/b.md"}
        assert files("site") == {"/b.md"}
        site = Repository(tree / "site")
        assert [move[:2] for move in site.staged_moves(site.head_tree())] == [("/b.md", "/c.md")]
        assert {old: new.path for old, new in renames("site").items()} == {
            "/a.md": "/b.md",
            "/b.md": "/c.md",
        }

    def test_the_working_tree_is_where_git_is_run_if_nothing_names_it(
        self, apart: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        store, tree = apart
        monkeypatch.setenv("GIT_DIR", str(store))
        monkeypatch.chdir(tree)
        assert files("site") == {"/b.md"}

    def test_what_several_repositories_share_lies_apart_from_them(
        self, apart: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        store, tree = apart
        put(tmp_path, "shared/config", (store / "config").read_text())
        (tmp_path / "shared/refs").mkdir()  # git knows a repository by it
        (store / "objects").rename(tmp_path / "shared/objects")
        monkeypatch.chdir(tree)
        monkeypatch.setenv("GIT_DIR", "../store.git")
        monkeypatch.setenv("GIT_WORK_TREE", ".")
        monkeypatch.setenv("GIT_COMMON_DIR", "../shared")
        assert files("site") == {"/b.md"}

    def test_only_the_working_tree_is_named(
        self, checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        put(tmp_path, "deployed/site/b.md")
        monkeypatch.chdir(checkout)
        monkeypatch.setenv("GIT_WORK_TREE", "../deployed")
        assert files("../deployed/site") == {"/b.md"}

    def test_it_says_nothing_of_a_folder_elsewhere(
        self, checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        other = tmp_path / "other"
        put(other, "x.md")
        monkeypatch.chdir(checkout)
        monkeypatch.setenv("GIT_DIR", ".git")
        monkeypatch.setenv("GIT_INDEX_FILE", ".git/index")
        monkeypatch.setenv("GIT_OBJECT_DIRECTORY", ".git/objects")
        with pytest.raises(GitError, match=r"\(GIT_DIR names '\.git', whose working tree this is "):
            files(other)
        assert renames(str(other)) == {}
        git(other, "init", "-q")
        commit(other)
        assert files(other) == {"/x.md"}

    def test_nor_of_a_repository_within(
        self, checkout: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        inner = checkout / "inner"
        put(inner, "x.md")
        git(inner, "init", "-q")
        commit(inner)
        monkeypatch.chdir(checkout)
        monkeypatch.setenv("GIT_DIR", str(checkout / ".git"))
        assert files("inner") == {"/x.md"}
        assert files("site") == {"/b.md"}

    def test_another_working_tree_of_the_repository(
        self, checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        git(checkout, "worktree", "add", "-q", "--detach", "../second", "HEAD~1")
        second = tmp_path / "second"
        for folder, found in ((second, "/a.md"), (checkout, "/b.md")):
            monkeypatch.chdir(folder)
            git_dir = git(folder, "rev-parse", "--absolute-git-dir").strip()
            monkeypatch.setenv("GIT_DIR", git_dir)
            monkeypatch.setenv("GIT_INDEX_FILE", f"{git_dir}/index")
            assert files("site") == {found}

    def test_a_bare_repository_of_someone_else_that_the_caller_names(
        self, checkout: Path, tmp_path: Path, others: None, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        trust = {"GIT_CONFIG_GLOBAL": str(tmp_path / "config")}
        (tmp_path / "config").write_text("[safe]\n\tdirectory = *\n")
        git(tmp_path, "clone", "-q", "--bare", str(checkout), "bare.git", env=trust)
        monkeypatch.chdir(tmp_path / "bare.git")
        monkeypatch.setenv("GIT_DIR", ".")
        assert files(".") == {"/site/b.md"}


class TestObjects:
    """Objects of a push that is not accepted yet lie apart."""

    @pytest.fixture
    def new(self, checkout: Path, tmp_path: Path) -> str:
        """A tree whose objects lie in a folder of their own."""
        (tmp_path / "quarantine").mkdir()
        put(checkout, "new.md", "New.\n")
        git(checkout, "add", "new.md", env=apart(checkout, tmp_path / "quarantine"))
        return git(checkout, "write-tree", env=apart(checkout, tmp_path / "quarantine")).strip()

    def test_they_are_found_where_the_caller_says(
        self, checkout: Path, tmp_path: Path, new: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with pytest.raises(GitError, match="git knows no revision"):
            Repository(checkout).tree(new)
        monkeypatch.chdir(tmp_path)
        monkeypatch.setenv("GIT_OBJECT_DIRECTORY", "quarantine")
        monkeypatch.setenv("GIT_ALTERNATE_OBJECT_DIRECTORIES", "nowhere:checkout/.git/objects")
        repository = Repository(checkout)
        entries = repository.entries(repository.tree(new))
        assert list(repository.contents([entries["/new.md"].blob])) == [b"New.\n"]

    def test_not_if_they_are_of_another_repository(
        self, checkout: Path, tmp_path: Path, new: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("GIT_OBJECT_DIRECTORY", str(tmp_path / "quarantine"))
        monkeypatch.setenv("GIT_QUARANTINE_PATH", str(tmp_path / "quarantine"))
        assert files(checkout) == {"/site/b.md"}


def apart(checkout: Path, objects: Path) -> dict[str, str]:
    return {
        "GIT_OBJECT_DIRECTORY": str(objects),
        "GIT_ALTERNATE_OBJECT_DIRECTORIES": str(checkout / ".git/objects"),
    }


def test_the_caller_s_environment_is_left_alone(checkout: Path) -> None:
    before = dict(os.environ)
    files(checkout)
    assert dict(os.environ) == before
    assert subprocess.run(["git", "--version"], capture_output=True, check=True).stdout
