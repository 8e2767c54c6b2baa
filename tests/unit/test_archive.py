"""A folder of pages."""

import datetime
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

import newsarchive as na
from tests.builders import (
    LATER,
    OPENS,
    PAGE,
    PATH,
    REBUILT,
    SMALL_ARCHIVE,
    day_index,
    event,
    write_archive,
)

DAY = "/news/2016/03/2/index.md"


@pytest.fixture
def archive(tmp_path: Path) -> na.Archive:
    return na.Archive(write_archive(tmp_path / "root"))


class TestFindRoot:
    def test_from_the_root_a_folder_and_a_page(self, archive: na.Archive) -> None:
        root = archive.root
        for inside in ("", "news", "news/2016/03", PATH[1:], "faq/README.md"):
            assert na.find_root(root / inside).resolve() == root.resolve()

    def test_a_root_is_given_back_as_it_was_written(
        self, archive: na.Archive, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(archive.root)
        assert na.find_root(".") == Path()
        assert na.find_root(str(archive.root)) == archive.root

    def test_the_nearest_one_counts(self, archive: na.Archive) -> None:
        inner = write_archive(archive.root / "copies/old", {"/faq/README.md": "# Old\n"})
        assert na.find_root(inner / "faq") == inner

    def test_no_archive_is_an_error_that_names_the_folder(self, tmp_path: Path) -> None:
        (tmp_path / "news").write_text("a file of that name is no folder")
        with pytest.raises(na.NotAnArchiveError) as caught:
            na.find_root(tmp_path)
        assert caught.value.path == str(tmp_path)
        assert str(tmp_path) in str(caught.value)
        with pytest.raises(na.NotAnArchiveError):
            na.Archive(tmp_path)
        with pytest.raises(na.NotAnArchiveError):
            na.Archive(tmp_path / "gone")


class TestPages:
    def test_iterating_gives_every_path_in_order(self, archive: na.Archive) -> None:
        assert sorted(archive) == sorted(SMALL_ARCHIVE)
        assert list(archive) == archive.scan.pages
        assert len(archive) == len(SMALL_ARCHIVE)

    def test_a_string_and_a_path_name_the_root(self, archive: na.Archive) -> None:
        assert list(na.Archive(str(archive.root))) == list(archive)
        assert repr(archive) == f"Archive({str(archive.root)!r})"

    def test_a_page_is_read_by_its_path(self, archive: na.Archive) -> None:
        page = archive[PATH]
        assert isinstance(page, na.Event)
        assert page == na.parse(SMALL_ARCHIVE[PATH], PATH)
        assert isinstance(archive[DAY], na.DayIndex)
        assert isinstance(archive["/index.md"], na.FrontPage)
        assert isinstance(archive["/opinion/index.md"], na.OpinionIndex)
        assert isinstance(archive["/opinion/2016/03/9/on-piers/README.md"], na.Editorial)
        assert isinstance(archive["/faq/README.md"], na.ProsePage)

    def test_its_bytes_and_file_too(self, archive: na.Archive) -> None:
        assert archive.read_bytes(PATH) == SMALL_ARCHIVE[PATH].encode()
        assert archive.file(PATH) == os.path.join(archive.root, PATH[1:])

    @pytest.mark.parametrize(
        "path",
        ["/news/2016/03/2/gone.md", PATH[1:], PATH.upper(), "", "/", "/../root/faq/README.md"],
    )
    def test_a_path_without_a_page_is_an_error(self, archive: na.Archive, path: str) -> None:
        assert path not in archive
        for ask in (archive.__getitem__, archive.read_bytes, archive.links_out):
            with pytest.raises(na.PageNotFoundError) as caught:
                ask(path)
            assert caught.value.path == path
            assert isinstance(caught.value, KeyError)

    @pytest.mark.parametrize("thing", [None, 3, Path(PATH), b"/index.md"])
    def test_only_strings_are_in_it(self, archive: na.Archive, thing: object) -> None:
        assert thing not in archive

    def test_a_damaged_page_is_an_error_to_read_and_passed_over_by_the_rest(
        self, tmp_path: Path
    ) -> None:
        archive = na.Archive(write_archive(tmp_path, {PATH: b"\xff", REBUILT: ""}, small=True))
        with pytest.raises(na.InvalidPageError) as caught:
            archive[PATH]
        assert [d.code for d in caught.value.diagnostics] == ["NA101"]
        assert len(list(archive.pages())) == len(SMALL_ARCHIVE) - 2
        assert [e.path for e in archive.events()] == [OPENS, LATER]

    def test_pages_and_events_come_as_models(self, archive: na.Archive) -> None:
        assert [page.path for page in archive.pages()] == list(archive)
        events = list(archive.events())
        assert {e.path for e in events} == {OPENS, PATH, REBUILT, LATER}
        assert all(isinstance(e, na.Event) for e in events)

    def test_a_page_that_vanishes_is_passed_over(self, archive: na.Archive) -> None:
        assert PATH in archive.scan.pages
        Path(archive.file(PATH)).unlink()
        assert PATH not in [page.path for page in archive.pages()]
        with pytest.raises(FileNotFoundError):
            archive[PATH]
        assert archive.title(PATH) is None
        assert [i.page for i in archive.links_in(OPENS)] == ["/news/2016/02/29/index.md"]

    def test_a_days_folder(self, archive: na.Archive) -> None:
        assert sorted(archive.folder("/news/2016/03/2")) == [DAY, PATH]
        assert archive.folder("/news/2016/03") == []

    @pytest.mark.parametrize(
        "path", ["", "news/a.md", "/news/../../etc/passwd", "/news//a.md", "/./a.md", "/news/"]
    )
    def test_what_is_no_archive_path_has_no_file(self, archive: na.Archive, path: str) -> None:
        with pytest.raises(ValueError, match="no archive path"):
            archive.file(path)

    def test_a_days_neighbours_by_date(self, archive: na.Archive) -> None:
        day = datetime.date(2016, 3, 3)
        assert archive.previous_day(day) == DAY
        assert archive.next_day(day) == "/news/2016/03/4/index.md"
        assert archive.next_day(DAY) == "/news/2016/03/4/index.md"
        assert archive.next_day("/news/2016/03/10/a.md") is None
        assert archive.next_day("/about.md") is None
        assert archive.previous_day(datetime.date(2016, 2, 29)) is None


class TestCreate:
    def test_a_new_archive_takes_events(self, tmp_path: Path) -> None:
        archive = na.Archive.create(tmp_path / "new" / "archive")
        assert list(archive) == []
        archive.add(na.Event(date=datetime.date(2016, 3, 2), title="Snow in June."))
        assert set(archive) == {"/news/2016/03/2/index.md", "/news/2016/03/2/snow-in-june.md"}

    def test_beside_other_files(self, tmp_path: Path) -> None:
        (tmp_path / "LICENSE").write_text("Do what you like.")
        assert len(na.Archive.create(tmp_path)) == 0

    def test_not_where_there_is_one(self, archive: na.Archive) -> None:
        with pytest.raises(na.RefusedWriteError, match="exists already"):
            na.Archive.create(archive.root)


class TestOneTruth:
    """After the library wrote, an archive that was asked before tells what is there now."""

    MOVED = "/news/2016/03/2/fire.md"

    @staticmethod
    def asked(archive: na.Archive) -> None:
        for path in (*archive, *SMALL_ARCHIVE, TestOneTruth.MOVED):
            folder = path.rpartition("/")[0]
            there = path in archive
            assert archive.exists(path) is there
            assert (path in archive.folder(folder)) is there
            assert (path in set(archive)) is there
            if there:
                data = archive.read_bytes(path)
                assert data == Path(archive.file(path)).read_bytes()
                page = na.parse(data, path)
                assert archive.title(path) == (page.title if isinstance(page, na.Event) else None)
            else:
                with pytest.raises(na.PageNotFoundError):
                    archive.read_bytes(path)

    @pytest.mark.parametrize("ask_first", [True, False])
    def test_after_changes_and_repairs(self, archive: na.Archive, ask_first: bool) -> None:
        def steps() -> Iterator[object]:
            yield archive.move(PATH, self.MOVED)
            yield archive.retitle(OPENS, "The pier is open.")
            yield archive.remove(REBUILT, entries=True)
            yield archive.add(na.Event(date=datetime.date(2016, 3, 5), title="Snow in June."))
            (archive.root / LATER[1:]).write_text(SMALL_ARCHIVE[LATER].replace("again", "anew"))
            yield na.repair(archive, unsafe=True, select=["NA207"])

        if ask_first:
            self.asked(archive)
        for _ in steps():
            self.asked(archive)


class TestLinks:
    def test_out_in_the_order_of_the_page(self, archive: na.Archive) -> None:
        links = archive.links_out(PATH)
        assert [(link.kind.value, link.target) for link in links] == [
            ("day", DAY),
            ("source", "https://post.example.org/pier"),
            ("source", "https://tide.example.org/fire?id=7"),
            ("cover-image", "https://post.example.org/pier.jpg"),
            ("related", OPENS),
            ("related", REBUILT),
            ("change", OPENS),
            ("change", PATH),
            ("change", PATH),
        ]
        assert links[4].title == "The pier opens."

    def test_in_from_every_kind_of_page(self, archive: na.Archive) -> None:
        assert [(i.page, i.link.kind.value) for i in archive.links_in(LATER)] == [
            ("/index.md", "index-entry"),
            ("/news/2016/03/10/index.md", "index-entry"),
        ]
        found = {(i.page, i.link.kind.value) for i in archive.links_in(DAY)}
        assert found == {(PATH, "day"), ("/news/2016/03/4/index.md", "previous-day")}

    def test_a_pages_links_to_itself_are_not_in(self, archive: na.Archive) -> None:
        assert PATH not in {i.page for i in archive.links_in(PATH)}

    def test_a_path_without_a_page_may_have_links_in(self, tmp_path: Path) -> None:
        archive = na.Archive(write_archive(tmp_path, {REBUILT: None}, small=True))
        assert [i.page for i in archive.links_in(REBUILT)] == [PATH, "/news/2016/03/4/index.md"]
        assert archive.links_in("/news/2016/03/2/no-links.md") == ()

    def test_fragments_and_sources_do_not_count(self, tmp_path: Path) -> None:
        text = event(related=[f"[A]({OPENS}#x)"], sources=["[B](http://b.example/)"])
        archive = na.Archive(write_archive(tmp_path, {PATH: text}, small=True))
        assert PATH in {i.page for i in archive.links_in(OPENS)}
        assert archive.links_in("http://b.example/") == ()


class TestExists:
    @pytest.mark.parametrize("path", [PATH, DAY, "/index.md", "/notes.txt"])
    def test_a_file_of_exactly_this_name(self, tmp_path: Path, path: str) -> None:
        archive = na.Archive(write_archive(tmp_path, {"/notes.txt": "x"}, small=True))
        assert archive.exists(path)

    @pytest.mark.parametrize(
        "path",
        [PATH.upper(), PATH + "/", PATH + "#x", PATH[1:], "/news", "/news/2016/03/2/", "", "/",
         "/news/../index.md", "//index.md", "/./index.md"],
    )  # fmt: skip
    def test_nothing_else_whatever_the_file_system_thinks(
        self, archive: na.Archive, path: str
    ) -> None:
        assert not archive.exists(path)

    def test_unicode_forms_are_different_names(self, tmp_path: Path) -> None:
        composed, decomposed = "/news/2016/03/2/\u00e9.md", "/news/2016/03/2/e\u0301.md"
        archive = na.Archive(write_archive(tmp_path, {composed: PAGE}))
        if list(archive) != [composed]:
            pytest.skip("the file system changes names")
        assert archive.exists(composed)
        assert not archive.exists(decomposed)
        assert archive.same_but_form(decomposed) == composed


class TestWhatRulesAsk:
    def test_titles_of_events(self, archive: na.Archive) -> None:
        assert archive.title(PATH) == "The pier burns."
        assert archive.title(DAY) is None
        assert archive.title("/faq/README.md") is None
        assert archive.title("/news/2016/03/2/gone.md") is None

    def test_a_title_without_text_is_none(self, tmp_path: Path) -> None:
        archive = na.Archive(write_archive(tmp_path, {PATH: "", REBUILT: b"\xff"}, small=True))
        assert archive.title(PATH) is None
        assert archive.title(REBUILT) is None

    def test_listed_by_the_index_of_its_own_day(self, tmp_path: Path) -> None:
        four = "/news/2016/03/4/index.md"
        pages = {DAY: day_index("2016-03-2", []), four: day_index("2016-03-4", [("A", PATH)])}
        archive = na.Archive(write_archive(tmp_path, pages, small=True))
        assert not archive.is_listed(PATH)
        assert archive.is_listed(OPENS)
        assert not archive.is_listed(REBUILT)

    def test_the_day_before(self, archive: na.Archive) -> None:
        assert archive.previous_day("/news/2016/03/10/index.md") == "/news/2016/03/4/index.md"
        assert archive.previous_day("/news/2016/03/10/README.md") == "/news/2016/03/4/index.md"
        assert archive.previous_day("/news/2016/02/29/index.md") is None

    @pytest.mark.parametrize(
        ("day", "before"),
        [
            ("2016/03/11", "/news/2016/03/10/index.md"),
            ("2016/03/9", "/news/2016/03/4/index.md"),
            ("2017/01/1", "/news/2016/03/10/index.md"),
            ("2016/03/02", "/news/2016/02/29/index.md"),  # padded by mistake: the 2nd itself
            ("2016/02/1", None),
            ("2016/02/29", None),
        ],
    )
    def test_the_day_before_one_that_is_not_there_yet(
        self, archive: na.Archive, day: str, before: str | None
    ) -> None:
        assert archive.previous_day(f"/news/{day}/index.md") == before
        assert archive.previous_day(f"/news/{day}/a-page-to-be.md") == before

    @pytest.mark.parametrize("path", ["/index.md", "/news/2016/03/4/", "about.md", ""])
    def test_no_day_before_what_is_of_no_day(self, archive: na.Archive, path: str) -> None:
        assert archive.previous_day(path) is None

    def test_successors_are_the_pages_that_name_an_older_path(self, tmp_path: Path) -> None:
        archive = na.Archive(write_archive(tmp_path, {PATH: PAGE}, small=True))
        assert archive.successors["/news/2016/03/2/smoke.md"] == (PATH,)


def test_pages_that_went_since_the_listing_are_passed_over(archive: na.Archive) -> None:
    formerly = OPENS.replace(".md", "-at-last.md")
    change = f"[The pier opens.]({formerly}) _(First version)_"
    write_archive(archive.root, {OPENS: event("2016-02-29", changes=[change]), LATER: PAGE})
    assert len(archive) == len(SMALL_ARCHIVE)
    for path in (DAY, LATER, REBUILT):
        (archive.root / path[1:]).unlink()
    assert archive.listed_by(DAY) == frozenset()
    assert archive.title(LATER) is None
    assert archive.successors.get(formerly) == (OPENS,)
    assert REBUILT not in {link.page for link in archive.links_in(PATH)}
