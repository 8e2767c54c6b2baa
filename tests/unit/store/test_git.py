"""States that git keeps, and repositories that mean harm."""

import os
import shutil
from pathlib import Path

import pytest

from newsarchive.errors import GitError
from newsarchive.store import git as module
from newsarchive.store.git import GitFile, Move, Repository, blob_name
from tests.builders import snapshot
from tests.repositories import TEXT, commit, git, needs_git, put, trap

pytestmark = needs_git


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout with `a.md` and `site/news/b.md`."""
    root = tmp_path / "checkout"
    root.mkdir()
    git(root, "init", "-q", "-b", "main")
    put(root, "a.md")
    put(root, "site/news/b.md", "B\n")
    commit(root)
    return root


def names(repository: Repository, revision: str = "HEAD") -> set[str]:
    tree = repository.below(repository.tree(revision), repository.prefix)
    return set(repository.entries(tree))


class TestFindingIt:
    def test_a_checkout(self, checkout: Path) -> None:
        repository = Repository(checkout)
        assert (repository.is_bare, repository.prefix) == (False, "")
        assert names(repository) == {"/a.md", "/site/news/b.md"}

    def test_a_folder_of_a_checkout(self, checkout: Path) -> None:
        repository = Repository(checkout / "site")
        assert repository.prefix == "site/"
        assert names(repository) == {"/news/b.md"}

    def test_a_bare_one(self, checkout: Path, tmp_path: Path) -> None:
        git(tmp_path, "clone", "-q", "--bare", str(checkout), "bare.git")
        repository = Repository(tmp_path / "bare.git")
        assert (repository.is_bare, repository.prefix) == (True, "")
        assert names(repository) == {"/a.md", "/site/news/b.md"}

    def test_none(self, tmp_path: Path) -> None:
        with pytest.raises(GitError, match="no git checkout, nor a git repository"):
            Repository(tmp_path)

    def test_no_git(self, checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("PATH", "")
        with pytest.raises(GitError, match="git is not installed, or not on the PATH"):
            Repository(checkout)

    def test_a_folder_that_is_gone(self, tmp_path: Path) -> None:
        with pytest.raises(GitError, match=r"git rev-parse failed: .*No such file"):
            Repository(tmp_path / "gone")

    def test_a_git_that_cannot_be_run(
        self, checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (tmp_path / "bin").mkdir()
        script = tmp_path / "bin" / "git"
        script.write_text("#!/nowhere/to/be/found\n")
        script.chmod(0o755)
        monkeypatch.setenv("PATH", str(tmp_path / "bin"))
        with pytest.raises(GitError, match="git rev-parse failed"):
            Repository(checkout)

    def test_one_of_someone_else_is_refused_in_gits_words(
        self, checkout: Path, others: None
    ) -> None:
        with pytest.raises(GitError, match=r"dubious ownership.*safe\.directory"):
            Repository(checkout)

    def test_a_git_that_does_not_run(
        self, checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        program = tmp_path / "bin/git"
        program.parent.mkdir()
        program.write_bytes(b"\x7fELF, but no more of it")
        program.chmod(0o755)
        monkeypatch.setenv("PATH", str(program.parent))
        with pytest.raises(GitError, match=r"git rev-parse failed: .*git'$"):
            Repository(checkout)


class TestRevisions:
    @pytest.mark.slow
    def test_a_commit_a_branch_a_tree_and_an_ancestor(self, checkout: Path) -> None:
        put(checkout, "c.md")
        last = commit(checkout)
        repository = Repository(checkout)
        tree = git(checkout, "rev-parse", "HEAD^{tree}").strip()
        assert {repository.tree(r) for r in ("HEAD", "main", last, last[:9], tree)} == {tree}
        assert repository.head_tree() == tree
        assert repository.tree("HEAD~1") != tree

    @pytest.mark.parametrize(
        "revision",
        ["nosuch", "-h", "--all", "--output=x", "HEAD:a.md", "a\0b", "main extra",
         "$(touch ran)", "\n", "nosuch~1"],
    )  # fmt: skip
    def test_what_is_none(self, checkout: Path, revision: str) -> None:
        before = snapshot(checkout)
        with pytest.raises(GitError) as caught:
            Repository(checkout).tree(revision)
        assert caught.value.reason == f"git knows no revision {revision!r}"
        assert snapshot(checkout) == before

    @pytest.mark.parametrize(
        ("revision", "hint"),
        [
            ("", "the name is empty (is a variable not set?)"),
            ("0" * 40, "zeros mean a new or deleted branch, no commit"),
            ("1" * 40,
             "it was not fetched, or a forced push has dropped it; name a branch instead"),
            ("HEAD~1", "the history of 'HEAD' does not go back so far; "
             "40 zeros mean the state before the first commit"),
            ("main^2~3", "the history of 'main' does not go back so far; "
             "40 zeros mean the state before the first commit"),
            ("main..HEAD", "it is a range; from the one to the other is '--since main --at HEAD', "
             "what came since they parted '--since main... --at HEAD'"),
            ("..", "it is a range; from the one to the other is '--since HEAD --at HEAD', "
             "what came since they parted '--since HEAD... --at HEAD'"),
        ],
    )  # fmt: skip
    def test_what_is_none_and_what_to_name_instead(
        self, checkout: Path, revision: str, hint: str
    ) -> None:
        with pytest.raises(GitError) as caught:
            Repository(checkout).tree(revision)
        assert caught.value.reason == f"git knows no revision {revision!r}: {hint}"

    @pytest.mark.parametrize("name", ["main", "topic/one"])
    @pytest.mark.parametrize("dots", ["", "..."])
    def test_a_branch_that_only_the_remote_has(
        self, checkout: Path, tmp_path: Path, name: str, dots: str
    ) -> None:
        git(checkout, "branch", "topic/one")
        git(tmp_path, "clone", "-q", "-o", "up", str(checkout), "clone")
        clone = tmp_path / "clone"
        git(clone, "checkout", "-q", "--detach")
        git(clone, "branch", "-q", "-D", "main")
        with pytest.raises(GitError) as caught:
            Repository(clone).tree(name + dots)
        hint = f"this clone has it as 'up/{name}'"
        assert caught.value.reason == f"git knows no revision {name!r}: {hint}"

    def test_where_a_change_starts(self, checkout: Path) -> None:
        repository = Repository(checkout)
        head, empty = repository.head_tree(), repository.tree_before("0" * 40)
        assert repository.entries(empty) == {}
        for zeros in ("0" * 64, "0" * 40 + "...", "0" * 40 + "...HEAD"):
            assert repository.tree_before(zeros) == empty
        assert repository.tree_before(None) == repository.tree_before("main") == head
        with pytest.raises(GitError, match="git knows no revision '0000000'"):
            repository.tree_before("0000000")

    @pytest.mark.slow
    def test_where_two_parted(self, checkout: Path) -> None:
        first = git(checkout, "rev-parse", "HEAD^{tree}").strip()
        git(checkout, "checkout", "-q", "-b", "topic")
        put(checkout, "topic.md")
        commit(checkout)
        git(checkout, "checkout", "-q", "main")
        put(checkout, "main.md")
        commit(checkout)
        repository = Repository(checkout)
        for revision in ("topic...", "topic...HEAD", "main...topic", "...topic"):
            assert repository.tree(revision) == first
        assert repository.tree("main...", "topic") == first
        with pytest.raises(GitError, match="git knows no revision 'nosuch'"):
            repository.tree("nosuch...")

    def test_two_that_have_nothing_in_common(self, checkout: Path) -> None:
        git(checkout, "checkout", "-q", "--orphan", "other")
        put(checkout, "other.md")
        commit(checkout)
        with pytest.raises(GitError, match=r"'main' and 'HEAD' have no commit in common$"):
            Repository(checkout).tree("main...")

    @pytest.mark.slow
    def test_a_shallow_clone_says_so(self, checkout: Path, tmp_path: Path) -> None:
        first = git(checkout, "rev-parse", "HEAD").strip()
        put(checkout, "c.md")
        commit(checkout)
        git(tmp_path, "clone", "-q", "--depth", "1", f"file://{checkout}", "shallow")
        repository = Repository(tmp_path / "shallow")
        for revision in (first, "HEAD~1", "HEAD~1..."):
            with pytest.raises(GitError, match=r"shallow: .*git fetch --unshallow.*fetch-depth: 0"):
                repository.tree(revision)
        assert names(repository) == {"/a.md", "/c.md", "/site/news/b.md"}

    def test_before_the_first_commit(self, tmp_path: Path) -> None:
        git(tmp_path, "init", "-q")
        put(tmp_path, "a.md")
        git(tmp_path, "add", "a.md")
        repository = Repository(tmp_path)
        empty = repository.head_tree()
        assert repository.entries(empty) == {}
        assert set(repository.staged(empty, {})) == {"/a.md"}

    def test_a_damaged_head_is_no_empty_one(self, checkout: Path) -> None:
        (checkout / ".git/HEAD").write_text("0" * 40)
        with pytest.raises(GitError, match="git knows no revision 'HEAD'"):
            Repository(checkout).head_tree()


class TestFiles:
    def test_a_folder_that_a_tree_lacks_is_empty(self, checkout: Path) -> None:
        repository = Repository(checkout)
        tree = repository.tree("HEAD")
        assert repository.entries(repository.below(tree, "nosuch/")) == {}
        assert repository.entries(repository.below(tree, "a.md/")) == {}
        assert set(repository.entries(repository.below(tree, "site/news/"))) == {"/b.md"}

    @pytest.mark.slow
    def test_links_are_told_and_submodules_looked_into(self, checkout: Path) -> None:
        (checkout / "link.md").symlink_to("a.md")
        allowed = ("-c", "protocol.file.allow=always")
        git(checkout, *allowed, "submodule", "add", "-q", f"file://{checkout}", "sub")
        commit(checkout)
        repository = Repository(checkout)
        entries = repository.entries(repository.tree("HEAD"))
        inner = {"/sub/a.md", "/sub/site/news/b.md"}
        assert set(entries) == {"/.gitmodules", "/a.md", "/link.md", "/site/news/b.md", *inner}
        assert entries["/sub/a.md"] == entries["/a.md"]
        assert [path for path, entry in entries.items() if entry.is_link] == ["/link.md"]
        empty = repository.below(repository.tree("HEAD"), "nosuch/")
        assert repository.staged(empty, {}) == entries
        first = repository.tree("HEAD~1")
        assert set(repository.staged(first, repository.entries(first))) == set(entries)
        git(checkout, "rm", "-q", "--cached", "a.md")
        head = git(checkout, "rev-parse", "HEAD").strip()
        git(checkout, "update-index", "--add", "--cacheinfo", f"160000,{head},a.md")
        staged = repository.staged(first, repository.entries(first))
        assert "/a.md" not in staged
        assert {path for path in staged if path.startswith("/a.md/")} >= {"/a.md/link.md"}

    def test_the_index(self, checkout: Path) -> None:
        put(checkout, "site/news/new.md", "new\n")
        put(checkout, "a.md", "changed\n")
        git(checkout, "rm", "-q", "site/news/b.md")
        git(checkout, "add", "-A")
        put(checkout, "site/news/new.md", "newer, and not staged\n")
        put(checkout, "untracked.md")
        repository = Repository(checkout)
        tree = repository.head_tree()
        staged = repository.staged(tree, repository.entries(tree))
        assert staged == {
            "/a.md": GitFile("100644", blob_name(b"changed\n", "0" * 40)),
            "/site/news/new.md": GitFile("100644", blob_name(b"new\n", "0" * 40)),
        }
        site = Repository(checkout / "site")
        below = site.entries(site.below(tree, "site/"))
        assert set(site.staged(tree, below)) == {"/news/new.md"}

    def test_a_file_that_is_only_meant_to_be_added_is_not_staged(self, checkout: Path) -> None:
        put(checkout, "later.md")
        git(checkout, "add", "--intent-to-add", "later.md")
        repository = Repository(checkout)
        tree = repository.head_tree()
        assert set(repository.staged(tree, repository.entries(tree))) == {
            "/a.md",
            "/site/news/b.md",
        }

    def test_an_unfinished_merge(self, checkout: Path) -> None:
        git(checkout, "checkout", "-q", "-b", "topic")
        put(checkout, "a.md", "topic\n")
        commit(checkout)
        git(checkout, "checkout", "-q", "main")
        put(checkout, "a.md", "main\n")
        commit(checkout)
        with pytest.raises(Exception, match="merge"):
            git(checkout, "merge", "topic")
        repository = Repository(checkout)
        with pytest.raises(GitError, match=r"'/a\.md' is unmerged.*finish the merge first"):
            repository.staged(repository.head_tree(), {})

    def test_which_files_of_the_working_tree_may_differ(self, checkout: Path) -> None:
        for name in ("hidden.md", "skipped.md", "gone.md", "dropped.md", "same.md"):
            put(checkout, name, f"{name}\n")
        commit(checkout)
        os.utime(checkout / "same.md", (0, 0))
        git(checkout, "update-index", "--assume-unchanged", "hidden.md")
        git(checkout, "update-index", "--skip-worktree", "skipped.md")
        put(checkout, "hidden.md", "changed\n")
        (checkout / "gone.md").unlink()
        git(checkout, "rm", "-q", "--cached", "dropped.md")
        put(checkout, "untracked.md")
        repository = Repository(checkout)
        found = repository.suspects(repository.head_tree())
        # Times alone make a suspect; whoever compares contents clears it.
        expected = {"/hidden.md", "/skipped.md", "/gone.md", "/dropped.md", "/same.md"}
        assert found == expected
        assert Repository(checkout / "site").suspects(repository.head_tree()) == set()

    def test_a_file_that_went_is_not_stored(self, checkout: Path) -> None:
        repository = Repository(checkout)
        assert repository.would_store(["/site/news/b.md"]) == {
            "/site/news/b.md": blob_name(b"B\n", "0" * 40)
        }
        assert repository.would_store(["/site/news/b.md", "/gone.md"]) == {}

    @pytest.mark.slow
    def test_moves(self, checkout: Path) -> None:
        put(checkout, "site/news/long.md")
        first = commit(checkout)
        git(checkout, "mv", "site/news/long.md", "site/news/moved.md")
        put(checkout, "site/news/moved.md", TEXT.replace("number 3", "number three"))
        git(checkout, "add", "-A")
        site = Repository(checkout / "site")
        [move] = site.staged_moves(site.tree(first))
        assert move[:2] == ("/news/long.md", "/news/moved.md")
        assert 80 < move.alike < 100
        commit(checkout)
        trees = [site.below(site.tree(r), "site/") for r in (first, "HEAD")]
        assert site.moves(*trees) == [Move("/news/long.md", "/news/moved.md", move.alike)]


class TestContents:
    def test_many_in_order(self, checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(module, "_BATCH", 3)
        texts = [f"{n}\n" * n for n in range(10)]
        for n, text in enumerate(texts):
            put(checkout, f"many/{n}.md", text)
        commit(checkout)
        repository = Repository(checkout)
        tree = repository.below(repository.tree("HEAD"), "many/")
        blobs = [entry.blob for _, entry in sorted(repository.entries(tree).items())]
        assert [data.decode() for data in repository.contents(blobs)] == texts
        assert [next(repository.contents(blobs[n:])) for n in (4, 2)] == [b"4\n" * 4, b"2\n" * 2]
        assert list(repository.contents([])) == []
        starts = repository.contents(blobs, most=3)
        assert [data.decode() for data in starts] == [text[:3] for text in texts]

    @pytest.mark.parametrize("name", ["0" * 40, "HEAD", "nonsense", "HEAD:nosuch"])
    def test_what_the_repository_lacks(self, checkout: Path, name: str) -> None:
        with pytest.raises(GitError, match="the repository lacks the object"):
            list(Repository(checkout).contents([name]))

    def test_a_reader_that_died(self, checkout: Path) -> None:
        repository = Repository(checkout)
        [blob] = {e.blob for e in repository.entries(repository.tree("HEAD:site")).values()}
        assert list(repository.contents([blob])) == [b"B\n"]
        repository._reader.kill()
        repository._reader.wait()
        with pytest.raises(GitError, match="git cat-file failed"):
            list(repository.contents([blob] * 9000))

    def test_missing_content_is_not_fetched(self, checkout: Path, tmp_path: Path) -> None:
        git(checkout, "config", "uploadpack.allowFilter", "true")
        git(
            tmp_path, "clone", "-q", "--bare", "--filter=blob:none", f"file://{checkout}", "partial"
        )
        repository = Repository(tmp_path / "partial")
        blob = repository.entries(repository.tree("HEAD"))["/a.md"].blob
        with pytest.raises(GitError, match="if this clone is partial"):
            list(repository.contents([blob]))

    @pytest.mark.slow
    def test_a_partial_clone_says_so_whatever_is_lacking(
        self, checkout: Path, tmp_path: Path
    ) -> None:
        git(checkout, "config", "uploadpack.allowFilter", "true")
        put(checkout, "a.md", TEXT + "More.\n")
        git(checkout, "mv", "a.md", "c.md")
        commit(checkout)
        for kind in ("tree", "blob"):
            which = f"--filter={'tree:0' if kind == 'tree' else 'blob:none'}"
            git(tmp_path, "clone", "-q", which, f"file://{checkout}", kind)
            repository = Repository(tmp_path / kind)
            with pytest.raises(GitError, match="this clone is partial: get its files with"):
                repository.moves(repository.tree("HEAD~1"), repository.tree("HEAD"))

    def test_names_of_contents_in_either_digest(self) -> None:
        # What `git hash-object` says of an empty file.
        assert blob_name(b"", "0" * 40) == "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391"
        assert blob_name(b"", "0" * 64) == (
            "473a0f4c3be8a93681a267e3b1e9a7dcda1185436fe141f7749120a303721813"
        )

    def test_a_repository_of_the_longer_digest(self, tmp_path: Path) -> None:
        git(tmp_path, "init", "-q", "--object-format=sha256")
        put(tmp_path, "a.md", "a\n")
        commit(tmp_path)
        repository = Repository(tmp_path)
        [entry] = repository.entries(repository.tree("HEAD")).values()
        assert entry.blob == blob_name(b"a\n", entry.blob)
        assert list(repository.contents([entry.blob])) == [b"a\n"]


NAMES = [
    "two\nlines.md", 'a "quote".md', "it's.md", "-rf.md", "--output=x.md", "R100", ":100644.md",
    "tab\there.md", "back\\slash.md", "$(touch ran).md", "Léré 日本.md", "*.md", ":(top)x.md",
    " blank .md", os.fsdecode(b"\xff.md"),
]  # fmt: skip


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="names that other systems do not have")
def test_hostile_names_are_only_names(checkout: Path) -> None:
    first = commit(checkout)
    for number, name in enumerate(NAMES):
        put(checkout, f"odd/{name}", f"The text {number}.\n" * 20)
    git(checkout, "add", "-A")
    repository = Repository(checkout)
    expected = {"/a.md", "/site/news/b.md", *(f"/odd/{name}" for name in NAMES)}
    assert set(repository.staged(repository.head_tree(), {})) >= expected - {
        "/a.md",
        "/site/news/b.md",
    }
    assert repository.suspects(repository.tree(first)) >= {f"/odd/{name}" for name in NAMES}
    commit(checkout)
    entries = repository.entries(repository.tree("HEAD"))
    assert set(entries) == expected
    for number, name in enumerate(NAMES):
        [data] = repository.contents([entries[f"/odd/{name}"].blob])
        assert data == f"The text {number}.\n".encode() * 20
    second = repository.tree("HEAD")
    for number, name in enumerate(NAMES):
        put(checkout, f"new/{NAMES[number - 1]}", f"The text {number}.\n" * 20)
        (checkout / "odd" / name).unlink()
    commit(checkout)
    moves = {(m.old, m.new) for m in repository.moves(second, repository.tree("HEAD"))}
    assert moves == {(f"/odd/{n}", f"/new/{NAMES[i - 1]}") for i, n in enumerate(NAMES)}


def test_a_folder_whose_name_looks_like_an_option(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "--output=x"
    root.mkdir()
    git(root, "init", "-q")
    put(root, "a.md")
    commit(root)
    monkeypatch.chdir(tmp_path)
    assert names(Repository("--output=x")) == {"/a.md"}
    assert [p.name for p in tmp_path.iterdir()] == ["--output=x"]


def everything(root: Path) -> None:
    """All that a repository is asked, in both kinds of diff."""
    repository = Repository(root)
    tree = repository.tree("HEAD~1")
    head = repository.head_tree()
    entries = repository.entries(tree)
    repository.staged(tree, entries)
    repository.suspects(tree)
    repository.moves(tree, head)
    repository.staged_moves(tree)
    list(repository.contents(entry.blob for entry in entries.values()))


class TestHarm:
    @pytest.mark.slow
    @pytest.mark.skipif(os.name != "posix", reason="needs scripts")
    @pytest.mark.parametrize(
        "key",
        [
            "core.fsmonitor", "diff.external", "diff.trap.command", "diff.trap.textconv",
            "filter.trap.clean", "filter.trap.smudge", "filter.trap.process", "core.pager",
            "pager.diff", "core.editor", "core.sshCommand", "core.askPass", "core.hooksPath",
            "credential.helper", "alias.ls-tree", "alias.diff-index", "gpg.program",
        ],
    )  # fmt: skip
    def test_no_program_of_the_configuration_runs(
        self, checkout: Path, tmp_path: Path, key: str
    ) -> None:
        script = trap(tmp_path)
        put(checkout, ".gitattributes", "*.md diff=trap filter=trap\n")
        commit(checkout)
        git(checkout, "mv", "a.md", "b.md")
        value = f"!{script}" if key.startswith("alias.") else str(script)
        git(checkout, "config", key, value)
        git(checkout, "config", "filter.trap.required", "true")
        put(checkout, "b.md", TEXT.swapcase())  # as long as before, in the same moment
        put(checkout, "site/news/b.md", "b\n")
        everything(checkout)
        assert not (tmp_path / "ran").exists()

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("GIT_DIR", "/nowhere"), ("GIT_WORK_TREE", "/nowhere"), ("GIT_INDEX_FILE", "/nowhere"),
            ("GIT_OBJECT_DIRECTORY", "/nowhere"), ("GIT_NAMESPACE", "x"),
            ("GIT_LITERAL_PATHSPECS", "nonsense"), ("GIT_CEILING_DIRECTORIES", "/"),
        ],
    )  # fmt: skip
    def test_what_does_not_hold_of_this_repository_is_ignored(
        self, checkout: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str
    ) -> None:
        monkeypatch.setenv(name, value)
        assert names(Repository(checkout)) == {"/a.md", "/site/news/b.md"}

    @pytest.mark.slow
    def test_the_index_that_git_names_a_hook_is_the_one(
        self, checkout: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        other = checkout / ".git" / "next-index.lock"
        put(checkout, "new.md")
        git(checkout, "read-tree", "HEAD", env={"GIT_INDEX_FILE": str(other)})
        git(checkout, "add", "new.md", env={"GIT_INDEX_FILE": str(other)})
        monkeypatch.chdir(checkout)
        repository = Repository("site/..")
        assert "/new.md" not in repository.staged(repository.head_tree(), {})
        monkeypatch.setenv("GIT_INDEX_FILE", ".git/next-index.lock")
        repository = Repository("site/..")
        assert "/new.md" in repository.staged(repository.head_tree(), {})

    @pytest.mark.slow
    def test_but_not_one_of_another_repository(
        self, checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        other = tmp_path / "other"
        shutil.copytree(checkout, other)
        put(other, "new.md")
        git(other, "add", "-A")
        monkeypatch.setenv("GIT_INDEX_FILE", str(other / ".git/index"))
        repository = Repository(checkout)
        assert repository.staged(repository.head_tree(), {}) == {}

    def test_the_repository_stays_as_it_is(self, checkout: Path) -> None:
        commit(checkout)
        git(checkout, "mv", "a.md", "b.md")
        os.utime(checkout / "site/news/b.md", (0, 0))
        before = snapshot(checkout)
        everything(checkout)
        assert snapshot(checkout) == before
