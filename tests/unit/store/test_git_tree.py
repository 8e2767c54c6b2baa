"""Archives that git keeps: what they list, what they hold, and what trees may not do."""

import gc
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import newsarchive as na
from newsarchive.store.atomic import MAX_BYTES
from newsarchive.store.git import Entry, Repository
from newsarchive.store.git_tree import TreeArchive, staged_archive, tree_archive
from newsarchive.store.listing import scan, scan_of
from tests.builders import LATER, PATH, REBUILT, SMALL_ARCHIVE, TODAY, write_archive
from tests.repositories import archive_in_git, commit, git, needs_git

pytestmark = needs_git


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return archive_in_git(tmp_path / "archive")


def test_it_is_the_archive_of_the_working_tree(root: Path) -> None:
    tree, folder = tree_archive(root, "HEAD"), na.Archive(root)
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
    assert dict(tree.contents([PATH, LATER])) == {p: folder.read_bytes(p) for p in (PATH, LATER)}


def test_a_page_that_it_does_not_have(root: Path) -> None:
    (root / REBUILT[1:]).unlink()
    assert tree_archive(root, "HEAD").read_bytes(REBUILT)
    git(root, "add", "-A")
    with pytest.raises(na.PageNotFoundError):
        staged_archive(root).read_bytes(REBUILT)


def test_a_page_that_is_too_large_is_not_read(root: Path) -> None:
    (root / REBUILT[1:]).write_bytes(b"\n" * (3 * MAX_BYTES))
    (root / "news" / "large.jpg").write_bytes(b"\xff" * 100)
    commit(root)
    tree = tree_archive(root, "HEAD", shown=str(root))
    with pytest.raises(OSError, match="it is larger than 16 MiB"):
        tree.read_bytes(REBUILT)
    sizes = {path: len(data) for path, data in tree.contents([PATH, REBUILT, LATER])}
    whole = [len(tree.read_bytes(path)) for path in (PATH, LATER)]
    assert sizes == {PATH: whole[0], REBUILT: MAX_BYTES + 1, LATER: whole[1]}
    tree.export(tree.entries)
    found = na.check(tree, today=TODAY)
    assert found.diagnostics == na.check(root, today=TODAY).diagnostics
    assert "NA901" in found.by_code()
    assert not (tree.root / "news" / "large.jpg").exists()  # no run reads it
    assert tree.exists("/news/large.jpg")


def test_files_go_to_a_folder_of_its_own_and_go_with_it(root: Path) -> None:
    tree = tree_archive(root, "HEAD", shown="here")
    folder = Path(tree.root)
    assert folder != root
    assert [p for p in folder.rglob("*") if p.is_file()] == []
    tree.export([PATH, "/news/nosuch.md"])
    tree.export([PATH, LATER])
    files = [p for p in folder.rglob("*") if p.is_file()]
    assert sorted(f"/{p.relative_to(folder)}" for p in files) == sorted([PATH, LATER])
    assert (folder / PATH[1:]).read_bytes() == str(SMALL_ARCHIVE[PATH]).encode()
    assert tree.file(PATH) == f"here{PATH}"
    del tree
    gc.collect()
    assert not folder.exists()


def test_a_run_over_all_of_it_is_that_over_a_checkout(root: Path) -> None:
    (root / REBUILT[1:]).unlink()
    commit(root)
    tree = tree_archive(root, "HEAD", shown=str(root))
    tree.export(tree.entries)
    for jobs in (1, 2):
        assert na.check(tree, today=TODAY, jobs=jobs) == na.check(root, today=TODAY)


@pytest.mark.skipif(os.name != "posix", reason="needs symbolic links")
def test_symbolic_links_are_what_they_are_in_a_checkout(root: Path) -> None:
    (root / "news/2016/03/2/also.md").symlink_to("the-pier-burns.md")
    (root / "news/2016/03/3").symlink_to("2")
    for name, target in (("out", "/etc/hostname"), ("above", "../x.md"), ("gone", "nowhere")):
        (root / f"{name}.md").symlink_to(target)
    commit(root)
    tree = tree_archive(root, "HEAD", shown=str(root))
    assert list(tree) == list(na.Archive(root))
    assert tree.read_bytes("/news/2016/03/2/also.md") == (root / PATH[1:]).read_bytes()
    assert na.check(tree, today=TODAY) == na.check(root, today=TODAY)
    codes = na.check(root, today=TODAY).by_code()
    assert (codes["NA901"], codes["NA903"]) == (2, 2)


@pytest.mark.skipif(os.name != "posix", reason="needs symbolic links")
class TestTreesMadeByHand:
    """git writes no such trees, but reads them."""

    def of(self, root: Path, *entries: tuple[str, str, str]) -> TreeArchive:
        """An archive of entries: mode, path and text."""
        repository = Repository(root)
        made = {}
        for mode, path, text in entries:
            (root / "blob").write_text(text)
            made[path] = Entry(mode, git(root, "hash-object", "-w", "blob").strip())
        return TreeArchive(repository, made)

    @pytest.mark.parametrize(
        "path", ["/../evil.md", "/news/../../evil.md", "//evil.md", "/news//evil.md", "/./evil.md"]
    )
    def test_names_that_lead_elsewhere_are_no_files(
        self, root: Path, tmp_path: Path, path: str
    ) -> None:
        link = ("120000", "/link.md", "news/a.md")
        for more in ((), (link,)):
            tree = self.of(root, ("100644", path, "x"), ("100644", "/news/a.md", "a"), *more)
            tree.export(tree.entries)
            assert path not in tree
            assert not list(Path(tree.root).parent.glob("evil.md"))
            written = {p.name for p in Path(tree.root).rglob("*") if p.is_file()}
            assert written == {"a.md"} | ({"link.md"} if more else set())

    def test_no_file_is_written_by_way_of_a_link(self, root: Path, tmp_path: Path) -> None:
        outside = tmp_path / "outside"
        outside.mkdir()
        tree_of = (("120000", "/news/a", str(outside)), ("100644", "/news/a/x.md", "x"))
        with pytest.raises(na.GitError, match="'/news/a' cannot be written"):
            self.of(root, *tree_of)
        assert list(outside.iterdir()) == []

    def test_a_link_whose_target_is_no_path(self, root: Path) -> None:
        with pytest.raises(na.GitError, match=r"'/news/a\.md' cannot be written"):
            self.of(root, ("120000", "/news/a.md", "a\0b"))


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
    one, other = scan(str(root)), scan_of(str(root), set(written))
    assert (one.pages, one.files, one.folders) == (other.pages, other.files, other.folders)
    assert sorted(one.troubles) == sorted(other.troubles)
    assert one.previous_days == other.previous_days
