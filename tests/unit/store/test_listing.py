"""Listing a folder."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

import newsarchive as na
from newsarchive.store import local
from newsarchive.store.listing import UNSETTLED, Listing, Scan, Trouble, TroubleKind, marks_of
from newsarchive.store.local import LocalFolder
from newsarchive.store.store import Glance, scan
from tests.builders import SMALL_ARCHIVE, TODAY, write_archive

DAY = "/news/2016/03/2"


def scanned(root: Path) -> Scan:
    return scan(LocalFolder(root))


def empty(root: Path, *paths: str) -> Path:
    """A folder of empty files."""
    return write_archive(root, dict.fromkeys(paths, ""))


def moved(folder: int, name: str) -> int:
    """The open folder of that name in an open folder, which is closed."""
    other = os.open(name, os.O_RDONLY, dir_fd=folder)
    os.close(folder)
    return other


class TestPages:
    def test_pages_come_in_the_order_of_the_file_tree(self, tmp_path: Path) -> None:
        paths = [
            "/README.md",
            "/index.md",
            "/faq/README.md",
            "/news/2016/02/28/b.md",
            "/news/2016/03/10/a.md",
            "/news/2016/03/2/B.md",
            "/news/2016/03/2/a.md",
            "/news/2016/03/2/é.md",
            "/news/2016/03/2/deep/a.md",
            "/opinion/index.md",
        ]
        empty(tmp_path, *reversed(paths))
        assert scanned(tmp_path).pages == paths
        assert scanned(tmp_path).troubles == []

    def test_other_files_are_files_and_no_pages(self, tmp_path: Path) -> None:
        empty(
            tmp_path, f"{DAY}/a.md", f"{DAY}/a.html", f"{DAY}/A.MD", f"{DAY}/md", "/news/b.md.txt"
        )
        found = scanned(tmp_path)
        assert found.pages == [f"{DAY}/a.md"]
        assert found.files == {
            f"{DAY}/a.md", f"{DAY}/a.html", f"{DAY}/A.MD", f"{DAY}/md", "/news/b.md.txt",
        }  # fmt: skip

    @pytest.mark.parametrize("name", ["/.git/a.md", "/news/.cache/a.md", "/news/.a.md", "/.md"])
    def test_names_that_start_with_a_dot_are_passed_over(self, tmp_path: Path, name: str) -> None:
        empty(tmp_path, name)
        found = scanned(tmp_path)
        assert (found.pages, found.files, found.troubles) == ([], set(), [])

    def test_a_folder_named_like_a_page_is_a_folder(self, tmp_path: Path) -> None:
        empty(tmp_path, "/news/a.md/b.md")
        assert scanned(tmp_path).pages == ["/news/a.md/b.md"]

    def test_names_may_hold_anything_but_a_slash(self, tmp_path: Path) -> None:
        name = "/news/a b\n[c](d)#\u202e%41.md"
        empty(tmp_path, name)
        assert scanned(tmp_path).pages == [name]

    @pytest.mark.slow
    def test_very_deep_folders_are_no_recursion(self, tmp_path: Path) -> None:
        here = os.open(tmp_path, os.O_RDONLY)
        for _ in range(1200):
            os.mkdir("d", dir_fd=here)
            here = moved(here, "d")
        troubles = scanned(tmp_path).troubles
        for _ in range(1200):  # by hand: what cleans up after tests does it by recursion
            here = moved(here, "..")
            os.rmdir("d", dir_fd=here)
        os.close(here)
        # A path longer than the system takes is said.
        assert [t.kind for t in troubles] in ([], ["unreadable"])

    def test_a_folder_that_is_gone_is_a_trouble(self, tmp_path: Path) -> None:
        [trouble] = scanned(tmp_path / "gone").troubles
        assert (trouble.kind, trouble.path) == ("unreadable", "/")
        assert "cannot be read: No such file" in trouble.message


class TestSymbolicLinks:
    def test_a_link_to_a_folder_is_not_entered(self, tmp_path: Path) -> None:
        empty(tmp_path, f"{DAY}/a.md")
        (tmp_path / "news/2017").symlink_to("2016", target_is_directory=True)
        found = scanned(tmp_path)
        assert found.pages == [f"{DAY}/a.md"]
        assert [(t.kind, t.path) for t in found.troubles] == [("not-followed", "/news/2017")]

    def test_a_loop_ends(self, tmp_path: Path) -> None:
        empty(tmp_path, f"{DAY}/a.md")
        (tmp_path / "news/2016/up").symlink_to(tmp_path, target_is_directory=True)
        (tmp_path / "news/2016/self").symlink_to("self")
        found = scanned(tmp_path)
        assert found.pages == [f"{DAY}/a.md"]
        assert [t.path for t in found.troubles] == ["/news/2016/up"]

    def test_a_link_to_a_page_of_the_archive_is_a_page(self, tmp_path: Path) -> None:
        empty(tmp_path, f"{DAY}/a.md")
        (tmp_path / "news/b.md").symlink_to("2016/03/2/a.md")
        found = scanned(tmp_path)
        assert found.pages == ["/news/b.md", f"{DAY}/a.md"]
        assert found.troubles == []

    def test_so_it_is_where_the_root_itself_is_reached_by_a_link(self, tmp_path: Path) -> None:
        empty(tmp_path / "real", f"{DAY}/a.md")
        (tmp_path / "real/news/b.md").symlink_to("2016/03/2/a.md")
        (tmp_path / "root").symlink_to("real")
        assert scanned(tmp_path / "root").pages == ["/news/b.md", f"{DAY}/a.md"]

    def test_a_link_out_of_the_archive_is_no_page(self, tmp_path: Path) -> None:
        root = empty(tmp_path / "root")
        (tmp_path / "secret.md").write_text("secret")
        (tmp_path / "root-2").mkdir()
        (tmp_path / "root-2/x.md").write_text("of an archive with a longer name")
        (root / "news/a.md").symlink_to(tmp_path / "secret.md")
        (root / "news/b.md").symlink_to("../../root-2/x.md")
        (root / "news/c.txt").symlink_to(tmp_path / "secret.md")
        found = scanned(root)
        assert (found.pages, found.files) == ([], set())
        assert [(t.kind, t.path) for t in found.troubles] == [
            ("not-followed", "/news/a.md"),
            ("not-followed", "/news/b.md"),
        ]
        assert "out of the archive" in found.troubles[0].message

    def test_links_to_nothing_and_to_themselves_are_named(self, tmp_path: Path) -> None:
        empty(tmp_path)
        (tmp_path / "news/a.md").symlink_to("gone.md")
        (tmp_path / "news/b.md").symlink_to("b.md")
        (tmp_path / "news/c.txt").symlink_to("gone.txt")
        found = scanned(tmp_path)
        assert found.files == set()
        assert [(t.kind, t.path) for t in found.troubles] == [
            ("unreadable", "/news/a.md"),
            ("unreadable", "/news/b.md"),
        ]
        assert "leads nowhere: No such file" in found.troubles[0].message


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
class TestSpecialFiles:
    def test_a_pipe_is_never_opened(self, tmp_path: Path) -> None:
        empty(tmp_path, f"{DAY}/a.md")
        os.mkfifo(tmp_path / "news/pipe.md")
        os.mkfifo(tmp_path / "news/pipe")
        (tmp_path / "news/to-pipe.md").symlink_to("pipe")
        report = na.check(tmp_path, select=["NA9"], today=TODAY)
        assert [(d.code, d.page, d.message) for d in report.diagnostics] == [
            ("NA901", "/news/pipe.md", "the page is no regular file"),
            ("NA901", "/news/to-pipe.md", "the page is no regular file"),
        ]
        assert report.page_count == 1


def _can_name(folder: Path, name: bytes) -> bool:
    try:
        (folder / os.fsdecode(name)).write_bytes(b"")
    except OSError:
        return False
    return True


class TestNames:
    def test_a_page_whose_name_is_not_utf_8_is_named(self, tmp_path: Path) -> None:
        empty(tmp_path, f"{DAY}/a.md")
        if not _can_name(tmp_path / "news", b"l\xe9r\xe9.md"):
            pytest.skip("the file system takes no such names")
        (tmp_path / "news" / os.fsdecode(b"\xff.txt")).write_bytes(b"")
        found = scanned(tmp_path)
        assert found.pages == [f"{DAY}/a.md"]
        assert found.files == {f"{DAY}/a.md"}
        assert found.troubles == [
            Trouble(
                TroubleKind.UNUSABLE_NAME, "/news/l\udce9r\udce9.md", "the file's name is not UTF-8"
            )
        ]

    def test_so_is_each_page_in_a_folder_whose_name_is_not(self, tmp_path: Path) -> None:
        empty(tmp_path)
        try:
            (tmp_path / "news" / os.fsdecode(b"\xff")).mkdir()
        except OSError:
            pytest.skip("the file system takes no such names")
        (tmp_path / "news" / os.fsdecode(b"\xff") / "a.md").write_bytes(b"")
        assert [t.kind for t in scanned(tmp_path).troubles] == ["unusable-name"]

    def test_a_report_of_such_a_name_can_be_written_anywhere(self, tmp_path: Path) -> None:
        empty(tmp_path, f"{DAY}/a.md")
        if not _can_name(tmp_path / "news", b"l\xe9r\xe9.md"):
            pytest.skip("the file system takes no such names")
        [found] = na.check(tmp_path, select=["NA902"], today=TODAY).diagnostics
        assert found.page == "/news/l\ufffdr\ufffd.md"
        assert found.where.encode("utf-8").endswith(b".md:1:1")


class TestUnreadable:
    @pytest.fixture
    def locked(self, tmp_path: Path) -> Iterator[Path]:
        if os.name != "posix" or os.geteuid() == 0:
            pytest.skip("nothing is unreadable to root, and other systems have other modes")
        write_archive(tmp_path, small=True, pages={})
        folder = tmp_path / "news/2016/03/4"
        folder.chmod(0)
        yield tmp_path
        folder.chmod(0o755)

    def test_a_folder_that_cannot_be_entered_is_named_and_the_rest_listed(
        self, locked: Path
    ) -> None:
        found = scanned(locked)
        assert [(t.kind, t.path) for t in found.troubles] == [("unreadable", "/news/2016/03/4")]
        assert "Permission denied" in found.troubles[0].message
        assert len(found.pages) == len(SMALL_ARCHIVE) - 2

    def test_so_it_is_when_listing_it_fails(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        write_archive(tmp_path, small=True, pages={})
        real = os.scandir

        def refuse(folder: str) -> "os.ScandirIterator[str]":  # type: ignore[name-defined]
            if folder.endswith("03/4"):
                raise PermissionError(13, "Permission denied", folder)
            return real(folder)

        monkeypatch.setattr(os, "scandir", refuse)
        found = scanned(tmp_path)
        assert found.troubles == [
            Trouble(
                TroubleKind.UNREADABLE,
                "/news/2016/03/4",
                "the folder cannot be read: Permission denied",
            )
        ]
        assert len(found.pages) == len(SMALL_ARCHIVE) - 2


class TestPreviousDays:
    def previous(self, root: Path, *days: str) -> dict[str, str]:
        empty(root, *(f"/news/{day}" for day in days))
        return scanned(root).previous_days

    def test_each_day_has_the_nearest_earlier_one(self, tmp_path: Path) -> None:
        days = ["2015/12/31", "2016/01/2", "2016/01/10", "2016/02/1"]
        assert self.previous(tmp_path, *(f"{day}/index.md" for day in days)) == {
            "/news/2016/01/2": "/news/2015/12/31/index.md",
            "/news/2016/01/10": "/news/2016/01/2/index.md",
            "/news/2016/02/1": "/news/2016/01/10/index.md",
        }

    def test_index_goes_before_readme_and_either_makes_a_day(self, tmp_path: Path) -> None:
        names = ["1/README.md", "1/index.md", "2/README.md", "3/index.md", "3/README.md", "4/a.md"]
        assert self.previous(tmp_path, *(f"2016/01/{name}" for name in names)) == {
            "/news/2016/01/2": "/news/2016/01/1/index.md",
            "/news/2016/01/3": "/news/2016/01/2/README.md",
        }

    def test_a_second_folder_of_one_day_is_not_the_day_before(self, tmp_path: Path) -> None:
        names = ["1/index.md", "2/index.md", "02/index.md", "3/index.md"]
        assert self.previous(tmp_path, *(f"2016/01/{name}" for name in names)) == {
            "/news/2016/01/2": "/news/2016/01/1/index.md",
            "/news/2016/01/02": "/news/2016/01/1/index.md",
            "/news/2016/01/3": "/news/2016/01/2/index.md",
        }

    def test_a_lone_day_has_none(self, tmp_path: Path) -> None:
        assert self.previous(tmp_path, "2016/01/1/index.md") == {}


class TestGlance:
    def test_it_finds_what_a_whole_listing_finds(self, tmp_path: Path) -> None:
        root = write_archive(tmp_path, SMALL_ARCHIVE)
        whole, glance = scanned(root), Glance(LocalFolder(root))
        for path in whole.files:
            assert glance.exists(path)
            assert not glance.exists(f"{path}x")
        assert glance.found.files == whole.files
        assert sorted(glance.found.pages) == sorted(whole.pages)

    def test_only_the_folders_that_were_asked_for_are_listed(self, tmp_path: Path) -> None:
        root = empty(tmp_path, "/news/2016/03/2/a.md", "/news/2017/01/1/b.md", "/c.md")
        glance = Glance(LocalFolder(root))
        assert glance.exists("/news/2016/03/2/a.md")
        assert glance.found.pages == ["/c.md", "/news/2016/03/2/a.md"]

    @pytest.mark.parametrize(
        "path",
        [
            "",
            "news/2016/03/2/a.md",
            "/news/2016/03/2/A.md",
            "/news/2016/03/2//a.md",
            "/news/2016/03/2/../2/a.md",
            "/news/./2016/03/2/a.md",
            "/news/2016/03/2/a.md/",
            "/news/2016/03/2/a.md/b.md",
            "/news/nothing/here/a.md",
            "/" + "a/" * 100_000,
        ],
    )
    def test_a_path_is_a_name_and_no_way_to_go(self, tmp_path: Path, path: str) -> None:
        glance = Glance(LocalFolder(empty(tmp_path, "/news/2016/03/2/a.md")))
        assert not glance.exists(path)
        assert not glance.found.troubles

    def test_folders_behind_symbolic_links_are_not_entered(self, tmp_path: Path) -> None:
        root = empty(tmp_path / "root", "/news/2016/03/2/a.md")
        (root / "news/2017").symlink_to(root / "news/2016")
        glance = Glance(LocalFolder(root))
        assert not glance.exists("/news/2017/03/2/a.md")
        assert [t.kind for t in glance.found.troubles] == ["not-followed"]


def test_the_state_of_a_file_that_went_is_one_that_is_never_kept(tmp_path: Path) -> None:
    (tmp_path / "a.md").touch()
    with os.scandir(tmp_path) as entries:
        [entry] = entries
    (tmp_path / "a.md").unlink()
    assert local._state(entry) == UNSETTLED


def test_marks_tell_names_and_states() -> None:
    listed = [
        marks_of(names, stats)
        for names in ("", "a.md", "a.md\0b.md", "b.md\0a.md")
        for stats in (b"", b"state", b"State")
    ]
    assert len({names for names, _ in listed}) == 4
    assert len({mark for _, mark in listed}) == len(listed)


@pytest.mark.parametrize(
    "changed",
    [
        [Listing("/a", ["b.md"], b"2"), Listing("/c", ["d.md"], b"1")],
        [Listing("/a", ["c.md"], b"1"), Listing("/c", ["d.md"], b"1")],
        [Listing("/a", ["b.md"], b"1"), Listing("/d", ["d.md"], b"1")],
        [Listing("/a", ["b.md"], b"1")],
        [],
    ],
)
def test_the_state_of_all_is_another_where_one_is(changed: list[Listing]) -> None:
    folders = [Listing("/a", ["b.md"], b"1"), Listing("/c", ["d.md"], b"1")]
    assert Scan(folders=folders).state == Scan(folders=[*folders]).state
    assert Scan(folders=changed).state != Scan(folders=folders).state
