"""Renames in git's history, and repositories that mean harm."""

import os
import subprocess
from pathlib import Path

import pytest

from newsarchive.store import git_process
from newsarchive.store import renames as module
from newsarchive.store.renames import History, Rename, _pairs, content, history
from tests import repositories
from tests.builders import snapshot
from tests.repositories import TEXT, commit, git, needs_git, put

pytestmark = [pytest.mark.slow, needs_git]


def renames(root: str) -> dict[str, Rename]:
    return history(root).latest()


def moves(root: Path) -> dict[str, str]:
    return {old: rename.path for old, rename in renames(str(root)).items()}


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout with one file, `a.md`."""
    root = tmp_path / "checkout"
    root.mkdir()
    git(root, "init", "-q")
    put(root, "a.md")
    commit(root)
    return root


class TestWhetherGitIsStarted:
    @pytest.fixture
    def started(self, monkeypatch: pytest.MonkeyPatch) -> list[str]:
        found: list[str] = []
        whole = git_process.Git.__init__

        def start(self: git_process.Git, folder: str) -> None:
            found.append(folder)
            whole(self, folder)

        monkeypatch.setattr(git_process.Git, "__init__", start)
        return found

    def test_not_where_no_folder_above_can_be_a_repository(
        self, tmp_path: Path, started: list[str]
    ) -> None:
        assert history(str(tmp_path)) == History()
        assert started == []

    @pytest.mark.parametrize("name", [".git", "HEAD"])
    def test_where_one_may_be(self, tmp_path: Path, name: str, started: list[str]) -> None:
        (tmp_path / name).touch()
        (tmp_path / "below").mkdir()
        history(str(tmp_path / "below"))
        assert len(started) == 1

    def test_where_the_environment_names_one(
        self, checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        git(checkout, "mv", "a.md", "b.md")
        commit(checkout)
        outside = tmp_path / "outside"
        outside.mkdir()
        monkeypatch.setenv("GIT_DIR", str(checkout / ".git"))
        monkeypatch.setenv("GIT_WORK_TREE", str(outside))
        assert renames(str(outside)) == renames(str(checkout))
        assert renames(str(outside))["/a.md"].path == "/b.md"


class TestRenames:
    def test_none(self, checkout: Path) -> None:
        assert renames(str(checkout)) == {}

    def test_a_committed_one(self, checkout: Path) -> None:
        git(checkout, "mv", "a.md", "b.md")
        commit(checkout)
        [(old, rename)] = renames(str(checkout)).items()
        assert (old, rename.path, rename.alike) == ("/a.md", "/b.md", 100)
        assert content(str(checkout), rename.blob) == TEXT.encode()

    def test_a_staged_one(self, checkout: Path) -> None:
        git(checkout, "mv", "a.md", "b.md")
        assert moves(checkout) == {"/a.md": "/b.md"}

    def test_one_that_is_not_staged_is_not_known(self, checkout: Path) -> None:
        (checkout / "a.md").rename(checkout / "b.md")
        assert moves(checkout) == {}

    def test_edited_on_the_way(self, checkout: Path) -> None:
        (checkout / "a.md").unlink()
        put(checkout, "b.md", TEXT.replace("number 3", "number three"))
        commit(checkout)
        rename = renames(str(checkout))["/a.md"]
        assert rename.path == "/b.md"
        assert 80 < rename.alike < 100
        assert content(str(checkout), rename.blob) == TEXT.encode()

    def test_a_chain_is_told_step_by_step(self, checkout: Path) -> None:
        for old, new in (("a.md", "b.md"), ("b.md", "c.md")):
            git(checkout, "mv", old, new)
            commit(checkout)
        git(checkout, "mv", "c.md", "d.md")
        assert moves(checkout) == {"/a.md": "/b.md", "/b.md": "/c.md", "/c.md": "/d.md"}

    def test_the_latest_of_several(self, checkout: Path) -> None:
        for old, new in (("a.md", "b.md"), ("b.md", "a.md"), ("a.md", "c.md")):
            git(checkout, "mv", old, new)
            commit(checkout)
        assert moves(checkout) == {"/a.md": "/c.md", "/b.md": "/a.md"}

    def test_a_new_file_and_one_that_went_are_two(self, checkout: Path) -> None:
        (checkout / "a.md").unlink()
        put(checkout, "b.md", "Something else.\n" * 20)
        commit(checkout)
        assert moves(checkout) == {}

    def test_an_archive_in_a_folder_of_the_checkout(self, checkout: Path) -> None:
        put(checkout, "site/news/x.md", TEXT + "x\n")
        commit(checkout)
        git(checkout, "mv", "site/news/x.md", "site/news/y.md")
        git(checkout, "mv", "a.md", "b.md")
        commit(checkout)
        assert moves(checkout / "site") == {"/news/x.md": "/news/y.md"}

    def test_before_the_first_commit(self, tmp_path: Path) -> None:
        git(tmp_path, "init", "-q")
        put(tmp_path, "a.md")
        git(tmp_path, "add", "-A")
        assert renames(str(tmp_path)) == {}


class TestNoGit:
    def test_not_on_the_path(self, checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        git(checkout, "mv", "a.md", "b.md")
        monkeypatch.setenv("PATH", "")
        assert renames(str(checkout)) == {}

    def test_no_repository(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        assert renames(str(tmp_path)) == {}
        assert content(str(tmp_path), "0" * 40) == b""

    def test_no_folder(self, tmp_path: Path) -> None:
        assert renames(str(tmp_path / "gone")) == {}

    def test_a_broken_repository(self, checkout: Path) -> None:
        (checkout / ".git/HEAD").write_text("nonsense")
        assert renames(str(checkout)) == {}

    def test_one_that_does_not_answer(
        self, checkout: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def late(*_: object, **__: object) -> None:
            raise subprocess.TimeoutExpired("git", 60)

        monkeypatch.setattr(subprocess, "run", late)
        assert renames(str(checkout)) == {}

    @pytest.mark.parametrize("blob", ["", "HEAD", "--batch", "-p", "HEAD:a.md", "0" * 40])
    def test_what_names_no_content_gives_none(self, checkout: Path, blob: str) -> None:
        assert content(str(checkout), blob) == b""


class TestWhatGitCannotTell:
    """It is said why, but where nobody expects renames."""

    def told(self, root: Path) -> str:
        found = history(str(root))
        assert found.renames == ()
        return found.trouble

    def test_nothing_is_wrong(self, checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        assert self.told(checkout) == ""
        monkeypatch.setenv("PATH", "")
        assert self.told(checkout) == ""

    def test_no_checkout(self, tmp_path: Path) -> None:
        assert self.told(tmp_path) == ""
        (tmp_path / ".git").mkdir()
        assert self.told(tmp_path) == ""

    def test_before_the_first_commit(self, tmp_path: Path) -> None:
        git(tmp_path, "init", "-q")
        assert self.told(tmp_path) == ""

    def test_a_damaged_repository(self, checkout: Path) -> None:
        (checkout / ".git/HEAD").write_text("nonsense")
        assert "no git checkout" in self.told(checkout)

    def test_a_branch_that_is_damaged(self, checkout: Path) -> None:
        (
            checkout / ".git/refs/heads" / git(checkout, "branch", "--show-current").strip()
        ).write_text("1" * 40 + "\n")
        assert "git log failed" in self.told(checkout)

    def test_a_repository_that_went(self, checkout: Path) -> None:
        (checkout / ".git").rename(checkout / "elsewhere")
        (checkout / ".git").write_text("gitdir: /nowhere/to/be/found\n")
        assert "no git checkout" in self.told(checkout)

    def test_one_of_someone_else(self, checkout: Path, others: None) -> None:
        assert "dubious ownership" in self.told(checkout)

    def test_one_that_does_not_answer_in_time(
        self, checkout: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(module, "_TIMEOUT_SECONDS", 0.000_001)
        assert "did not answer within 1e-06 seconds" in self.told(checkout)

    def test_a_shallow_clone(self, checkout: Path, tmp_path: Path) -> None:
        git(checkout, "mv", "a.md", "b.md")
        commit(checkout)
        git(checkout, "mv", "b.md", "c.md")
        commit(checkout)
        git(tmp_path, "clone", "-q", "--depth", "2", f"file://{checkout}", "clone")
        found = history(str(tmp_path / "clone"))
        assert [old for old, _ in found.renames] == ["/b.md"]
        assert found.trouble.startswith("this clone is shallow: get the history with ")

    @pytest.mark.parametrize("kind", ["blob:none", "tree:0"])
    def test_a_partial_clone(self, checkout: Path, tmp_path: Path, kind: str) -> None:
        git(checkout, "config", "uploadpack.allowFilter", "true")
        (checkout / "a.md").unlink()
        put(checkout, "b.md", TEXT + "More.\n")
        commit(checkout)
        source = f"file://{checkout}"
        git(tmp_path, "clone", "-q", f"--filter={kind}", source, "clone")
        assert self.told(tmp_path / "clone").startswith("this clone is partial: get its files ")

    def test_a_partial_clone_that_has_what_it_takes(self, checkout: Path, tmp_path: Path) -> None:
        git(checkout, "config", "uploadpack.allowFilter", "true")
        git(tmp_path, "clone", "-q", "--filter=blob:none", f"file://{checkout}", "clone")
        git(tmp_path / "clone", "mv", "a.md", "b.md")
        found = history(str(tmp_path / "clone"))
        assert ([old for old, _ in found.renames], found.trouble) == (["/a.md"], "")


NAMES = [
    "two\nlines.md", 'a "quote".md', "it's.md", "-rf.md", "--output=x.md", "R100", ":100644.md",
    "tab\there.md", "back\\slash.md", "$(touch ran).md", "Léré 日本.md", "*.md", ":(top)x.md",
    " blank .md",
]  # fmt: skip


class TestHostileNames:
    @pytest.mark.skipif(os.name != "posix", reason="names that other systems do not have")
    def test_names_are_only_names(self, checkout: Path) -> None:
        expected = {}
        for number, name in enumerate(NAMES):
            put(checkout, f"old/{name}", f"The text {number}.\n" * 20)
        commit(checkout)
        (checkout / "new").mkdir()
        for number, name in enumerate(NAMES):
            (checkout / "old" / name).rename(checkout / "new" / NAMES[number - 1])
            expected[f"/old/{name}"] = f"/new/{NAMES[number - 1]}"
        before = {p.name for p in checkout.rglob("*")}
        commit(checkout)
        assert moves(checkout) == expected
        assert {p.name for p in checkout.iterdir()} == {".git", "a.md", "new", "old"}
        assert "ran" not in before

    @pytest.mark.skipif(os.name != "posix", reason="names that other systems do not have")
    def test_bytes_that_are_no_text(self, checkout: Path) -> None:
        name = os.fsdecode(b"\xff.md")
        git(checkout, "mv", "a.md", name)
        assert moves(checkout) == {"/a.md": f"/{name}"}

    def test_a_root_whose_name_looks_like_an_option(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        root = tmp_path / "--output=x"
        root.mkdir()
        git(root, "init", "-q")
        put(root, "a.md")
        commit(root)
        git(root, "mv", "a.md", "b.md")
        monkeypatch.chdir(tmp_path)
        assert moves(Path("--output=x")) == {"/a.md": "/b.md"}
        assert [p.name for p in tmp_path.iterdir()] == ["--output=x"]


@pytest.mark.skipif(os.name != "posix", reason="needs scripts")
class TestHostileConfiguration:
    """A checkout that someone else made may name programs; none of them runs."""

    @pytest.fixture
    def trap(self, tmp_path: Path) -> Path:
        """A program that tells that it ran."""
        return repositories.trap(tmp_path)

    @pytest.mark.parametrize(
        "key",
        [
            "core.fsmonitor", "diff.external", "diff.trap.command", "diff.trap.textconv",
            "filter.trap.clean", "filter.trap.smudge", "filter.trap.process", "core.pager",
            "pager.log", "pager.diff", "core.editor", "core.sshCommand", "core.askPass",
            "credential.helper", "alias.log", "alias.diff", "gpg.program",
        ],
    )  # fmt: skip
    def test_a_program_in_the_configuration(
        self, checkout: Path, trap: Path, tmp_path: Path, key: str
    ) -> None:
        put(checkout, ".gitattributes", "*.md diff=trap filter=trap\n")
        commit(checkout)
        git(checkout, "mv", "a.md", "b.md")
        commit(checkout)
        git(checkout, "mv", "b.md", "c.md")
        value = f"!{trap}" if key.startswith("alias.") else str(trap)
        git(checkout, "config", key, value)
        assert moves(checkout) == {"/a.md": "/b.md", "/b.md": "/c.md"}
        assert content(str(checkout), renames(str(checkout))["/a.md"].blob) == TEXT.encode()
        assert not (tmp_path / "ran").exists()

    def test_a_signature_is_not_verified(self, checkout: Path, trap: Path, tmp_path: Path) -> None:
        git(checkout, "mv", "a.md", "b.md")
        commit(checkout)
        plain = git(checkout, "cat-file", "commit", "HEAD")
        head, _, message = plain.partition("\n\n")
        armour = "-----BEGIN PGP SIGNATURE-----\n \n x\n -----END PGP SIGNATURE-----"
        signed = f"{head}\ngpgsig {armour}\n\n{message}".encode()
        name = git(checkout, "hash-object", "-t", "commit", "-w", "--stdin", data=signed).strip()
        git(checkout, "reset", "-q", "--hard", name)
        git(checkout, "config", "log.showSignature", "true")
        git(checkout, "config", "gpg.program", str(trap))
        assert moves(checkout) == {"/a.md": "/b.md"}
        assert not (tmp_path / "ran").exists()
        git(checkout, "log", "-1")
        assert (tmp_path / "ran").exists(), "the trap does not work"

    def test_missing_content_is_not_fetched(
        self, checkout: Path, trap: Path, tmp_path: Path
    ) -> None:
        (checkout / "a.md").unlink()
        put(checkout, "b.md", TEXT + "More.\n")
        commit(checkout)
        blob = renames(str(checkout))["/a.md"].blob
        (checkout / ".git/objects" / blob[:2] / blob[2:]).unlink()
        for key, value in (
            ("core.repositoryFormatVersion", "1"),
            ("extensions.partialClone", "origin"),
            ("remote.origin.url", str(tmp_path)),
            ("remote.origin.promisor", "true"),
            ("remote.origin.uploadpack", str(trap)),
            ("protocol.file.allow", "always"),
        ):
            git(checkout, "config", key, value)
        assert renames(str(checkout)) == {}
        assert content(str(checkout), blob) == b""
        assert not (tmp_path / "ran").exists()
        with pytest.raises(subprocess.CalledProcessError):
            git(checkout, "cat-file", "blob", blob)
        assert (tmp_path / "ran").exists(), "the trap does not work"

    def test_hooks(self, checkout: Path, trap: Path, tmp_path: Path) -> None:
        git(checkout, "mv", "a.md", "b.md")
        hooks = checkout / ".git/hooks"
        hooks.mkdir(exist_ok=True)
        for name in ("post-index-change", "reference-transaction", "fsmonitor-watchman"):
            (hooks / name).write_bytes(trap.read_bytes())
            (hooks / name).chmod(0o755)
        assert moves(checkout) == {"/a.md": "/b.md"}
        assert not (tmp_path / "ran").exists()

    @pytest.mark.parametrize("name", ["GIT_EXTERNAL_DIFF", "GIT_PAGER", "GIT_SSH_COMMAND"])
    def test_a_program_in_the_environment(
        self,
        checkout: Path,
        trap: Path,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
        name: str,
    ) -> None:
        git(checkout, "mv", "a.md", "b.md")
        monkeypatch.setenv(name, str(trap))
        assert moves(checkout) == {"/a.md": "/b.md"}
        assert not (tmp_path / "ran").exists()


class TestEnvironment:
    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("GIT_DIR", "/nowhere"),
            ("GIT_WORK_TREE", "/nowhere"),
            ("GIT_INDEX_FILE", "/nowhere"),
            ("GIT_OBJECT_DIRECTORY", "/nowhere"),
            ("GIT_NAMESPACE", "x"),
            ("GIT_LITERAL_PATHSPECS", "nonsense"),
            ("GIT_CEILING_DIRECTORIES", "/"),
            ("GIT_TRACE", "1"),
        ],
    )
    def test_what_does_not_hold_of_this_repository_is_ignored(
        self, checkout: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str
    ) -> None:
        git(checkout, "mv", "a.md", "b.md")
        monkeypatch.setenv(name, value)
        assert moves(checkout) == {"/a.md": "/b.md"}

    def test_another_repository_that_it_names_is_not_looked_at(
        self, checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        git(checkout, "mv", "a.md", "b.md")
        monkeypatch.setenv("GIT_DIR", str(checkout / ".git"))
        other = tmp_path / "other"
        other.mkdir()
        assert renames(str(other)) == {}

    def test_the_repository_stays_as_it_is(self, checkout: Path) -> None:
        git(checkout, "mv", "a.md", "b.md")
        before = snapshot(checkout)
        renames(str(checkout))
        assert snapshot(checkout) == before


def test_what_is_no_rename_is_passed_over() -> None:
    line = b":100644 100644 %s %s R090" % (b"a" * 40, b"b" * 40)
    for noise in (b"", b"warning\0", b":100644 000000 x y D\0gone.md\0"):
        output = b"\0".join([noise + line, b"old.md", b"new.md", b""])
        assert _pairs(output) == [("/old.md", Rename("/new.md", 90, "a" * 40))]
    assert _pairs(b"\0".join([line, b"old.md"])) == []
