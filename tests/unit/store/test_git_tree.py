"""Archives that git keeps: what they list, what they hold, and what trees may not do."""

import os
import pickle
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import newsarchive as na
from newsarchive.store.atomic import MAX_BYTES
from newsarchive.store.git import GitFile, Repository
from newsarchive.store.git_tree import GitTree, staged_tree, tree_at
from newsarchive.store.local import LocalFolder
from newsarchive.store.store import scan
from tests.builders import LATER, PATH, REBUILT, TODAY, snapshot, write_archive
from tests.memory_store import MemoryStore
from tests.repositories import archive_in_git, commit, git, needs_git

pytestmark = needs_git


def archive_at(root: Path, revision: str = "HEAD", shown: str = "") -> na.Archive:
    return na.Archive(tree_at(root, revision, shown=shown))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return archive_in_git(tmp_path / "archive")


def test_it_is_the_archive_of_the_working_tree(root: Path) -> None:
    tree, folder = archive_at(root), na.Archive(root)
    assert list(tree) == list(folder)
    for path in folder:
        assert tree.read_bytes(path) == folder.read_bytes(path)
        assert tree.title(path) == folder.title(path)
        assert tree.is_listed(path) == folder.is_listed(path)
        assert tree.previous_day(path) == folder.previous_day(path)
    assert tree[PATH] == folder[PATH]
    assert [link.page for link in tree.links_in(PATH)] == [
        link.page for link in folder.links_in(PATH)
    ]
    assert dict(tree.store.read_many([PATH, LATER])) == {
        p: folder.read_bytes(p) for p in (PATH, LATER)
    }


def test_a_page_that_it_does_not_have(root: Path) -> None:
    (root / REBUILT[1:]).unlink()
    assert archive_at(root).read_bytes(REBUILT)
    git(root, "add", "-A")
    with pytest.raises(na.PageNotFoundError):
        na.Archive(staged_tree(root)).read_bytes(REBUILT)


@pytest.mark.slow
def test_a_page_that_is_too_large_is_not_read(root: Path) -> None:
    (root / REBUILT[1:]).write_bytes(b"\n" * (3 * MAX_BYTES))
    (root / "news" / "large.jpg").write_bytes(b"\xff" * 100)
    commit(root)
    tree = archive_at(root, shown=str(root))
    with pytest.raises(OSError, match="it is larger than 16 MiB"):
        tree.read_bytes(REBUILT)
    found = dict(tree.store.read_many([PATH, REBUILT, LATER]))
    assert isinstance(found.pop(REBUILT), OSError)
    assert found == {path: tree.read_bytes(path) for path in (PATH, LATER)}
    report = na.check(tree, today=TODAY)
    assert report.diagnostics == na.check(root, today=TODAY).diagnostics
    assert "NA901" in report.by_code()
    assert tree.exists("/news/large.jpg")


def test_nothing_is_written_anywhere(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "no such folder"))
    before = snapshot(root)
    tree = archive_at(root, shown="here")
    assert na.check(tree, today=TODAY).diagnostics == ()
    assert tree.file(PATH) == f"here{PATH}"
    assert snapshot(root) == before


def test_another_process_asks_a_git_of_its_own(root: Path) -> None:
    store = tree_at(root, "HEAD", shown="here")
    data = store.read(PATH)
    other = pickle.loads(pickle.dumps(store))
    assert other.repository is not store.repository
    assert other.read(PATH) == data
    assert (other.label(PATH), str(other)) == (store.label(PATH), str(store))


@pytest.mark.slow
def test_a_run_over_all_of_it_is_that_over_a_checkout(root: Path) -> None:
    (root / REBUILT[1:]).unlink()
    commit(root)
    tree = archive_at(root, shown=str(root))
    for jobs in (1, 2):
        assert na.check(tree, today=TODAY, jobs=jobs) == na.check(root, today=TODAY)


@pytest.mark.skipif(os.name != "posix", reason="needs symbolic links")
def test_symbolic_links_are_what_they_are_in_a_checkout(root: Path) -> None:
    (root / "news/2016/03/2/also.md").symlink_to("the-pier-burns.md")
    (root / "news/2016/03/3").symlink_to("2")
    for name, target in (("out", "/etc/hostname"), ("above", "../x.md"), ("gone", "nowhere")):
        (root / f"{name}.md").symlink_to(target)
    commit(root)
    tree = archive_at(root, shown=str(root))
    assert list(tree) == list(na.Archive(root))
    assert tree.read_bytes("/news/2016/03/2/also.md") == (root / PATH[1:]).read_bytes()
    with pytest.raises(OSError, match="it is no regular file"):
        tree.store.read("/news/2016/03/3")
    assert na.check(tree, today=TODAY) == na.check(root, today=TODAY)
    codes = na.check(root, today=TODAY).by_code()
    assert (codes["NA901"], codes["NA903"]) == (2, 2)


@pytest.mark.skipif(os.name != "posix", reason="needs symbolic links")
class TestTreesMadeByHand:
    """git writes no such trees, but reads them."""

    def of(self, root: Path, *entries: tuple[str, str, str]) -> na.Archive:
        """An archive of entries: mode, path and text."""
        repository = Repository(root)
        made = {}
        for mode, path, text in entries:
            (root / "blob").write_text(text)
            made[path] = GitFile(mode, git(root, "hash-object", "-w", "blob").strip())
        return na.Archive(GitTree(repository, made))

    @pytest.mark.parametrize(
        "path", ["/../evil.md", "/news/../../evil.md", "//evil.md", "/news//evil.md", "/./evil.md"]
    )
    def test_names_that_lead_elsewhere_are_no_files(
        self, root: Path, tmp_path: Path, path: str
    ) -> None:
        link = ("120000", "/link.md", "news/a.md")
        for more in ((), (link,)):
            tree = self.of(root, ("100644", path, "x"), ("100644", "/news/a.md", "a"), *more)
            assert path not in tree
            assert set(tree) == {"/news/a.md"} | ({"/link.md"} if more else set())
            assert {tree.read_bytes(page) for page in tree} == {b"a"}

    def test_a_file_below_a_link_is_one_of_the_tree(self, root: Path, tmp_path: Path) -> None:
        outside = tmp_path / "outside"
        outside.mkdir()
        tree_of = (("120000", "/news/a", str(outside)), ("100644", "/news/a/x.md", "x"))
        tree = self.of(root, *tree_of)
        assert {path: tree.read_bytes(path) for path in tree} == {"/news/a/x.md": b"x"}
        assert list(outside.iterdir()) == []

    def test_a_link_whose_target_is_no_path(self, root: Path) -> None:
        tree = self.of(root, ("120000", "/news/a.md", "a\0b"), ("120000", "/b.md", "/a\0b"))
        assert list(tree) == []
        assert [t.kind for t in tree.scan.troubles] == ["unreadable", "unreadable"]

    @pytest.mark.parametrize(
        ("target", "reason"),
        [
            ("l.md", "Too many levels"),
            ("a.md/", "Not a directory"),
            ("../news/a.md/b.md", "Not a directory"),
            ("gone.md", "No such file"),
            ("../../../../../../../../nowhere/x.md", "No such file"),
        ],
    )
    def test_links_that_lead_nowhere(self, root: Path, target: str, reason: str) -> None:
        tree = self.of(root, ("120000", "/news/l.md", target), ("100644", "/news/a.md", "a"))
        assert list(tree) == ["/news/a.md"]
        [trouble] = tree.scan.troubles
        assert (trouble.kind, trouble.path) == ("unreadable", "/news/l.md")
        assert reason in trouble.message

    @pytest.mark.parametrize(
        "target", ["a.md", "./a.md", "../news/a.md", "../way/a.md", "../way/../news//a.md"]
    )
    def test_links_that_lead_to_a_page(self, root: Path, target: str) -> None:
        way = ("120000", "/way", "news")
        tree = self.of(root, way, ("120000", "/news/l.md", target), ("100644", "/news/a.md", "a"))
        assert list(tree) == ["/news/a.md", "/news/l.md"]
        assert tree.read_bytes("/news/l.md") == b"a"
        assert [t.path for t in tree.scan.troubles] == ["/way"]


_names = st.lists(
    st.sampled_from(["a.md", "index.md", "b", ".git", "A.md", "\u00e9.md", "x.html", "\udcff.md",
                     "\udcff", "news", "0.md", ".newsarchive-journal"]),
    min_size=1, max_size=4,
)  # fmt: skip


@pytest.mark.property
@pytest.mark.skipif(os.name != "posix", reason="names that other systems do not have")
@given(st.lists(_names, max_size=12))
def test_a_listing_of_names_is_that_of_a_folder(
    tmp_path_factory: pytest.TempPathFactory, names: list[list[str]]
) -> None:
    root = tmp_path_factory.mktemp("names")
    written = []
    for parts in names:
        file = root.joinpath(*parts)
        try:
            write_archive(root, {"/" + "/".join(parts): ""})
        except OSError:  # a file stands where a folder is needed, or the other way round
            continue
        written.append(f"/{file.relative_to(root)}")
    one, other = scan(LocalFolder(root)), scan(MemoryStore(dict.fromkeys(written, b"")))
    assert (one.pages, one.files, one.folders) == (other.pages, other.files, other.folders)
    assert sorted(one.troubles) == sorted(other.troubles)
    assert one.previous_days == other.previous_days
