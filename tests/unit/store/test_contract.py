"""What every store has to keep to, whatever it keeps files in."""

import os
import pickle
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import pytest

import newsarchive as na
from newsarchive.store.git_tree import tree_at
from newsarchive.store.local import LocalFolder
from newsarchive.store.overlay import Overlay
from newsarchive.store.store import Glance, Store, WritableStore, scan, writable
from tests import storages
from tests.builders import LATER, OPENS, PATH, REBUILT, SMALL_ARCHIVE, TODAY, event, write_archive
from tests.memory_store import MemoryStore
from tests.repositories import commit, git, needs_git
from tests.seams import small_tasks

Maker = Callable[[Mapping[str, str | bytes]], Store]
ODD = "/news/2016/03/2/\udcff.md"
LINK = "/news/2016/03/2/link.md"


def as_bytes(files: Mapping[str, str | bytes]) -> dict[str, bytes]:
    return {p: data.encode() if isinstance(data, str) else data for p, data in files.items()}


def local(tmp_path: Path, files: Mapping[str, str | bytes]) -> Store:
    return LocalFolder(write_archive(tmp_path / "local", files))


def kept(tmp_path: Path, files: Mapping[str, str | bytes]) -> Store:
    root = write_archive(tmp_path / "kept", files)
    git(root, "init", "-q")
    commit(root)
    return tree_at(root, "HEAD", shown=str(root))


def overlaid(tmp_path: Path, files: Mapping[str, str | bytes]) -> Store:
    """Every other file is on the disk as it should be, the others are not there or say else."""
    held = dict(sorted(as_bytes(files).items())[::2])
    other = {path: data for path, data in files.items() if path not in held}
    other |= dict.fromkeys(list(held)[::2], "something else")
    return Overlay(LocalFolder(write_archive(tmp_path / "below", other)), held)


def in_memory(tmp_path: Path, files: Mapping[str, str | bytes]) -> Store:
    return MemoryStore(as_bytes(files))


def bucket(tmp_path: Path, files: Mapping[str, str | bytes]) -> Store:
    return storages.in_s3(as_bytes(files))


def container(tmp_path: Path, files: Mapping[str, str | bytes]) -> Store:
    return storages.in_azure(as_bytes(files))


def google(tmp_path: Path, files: Mapping[str, str | bytes]) -> Store:
    return storages.in_google(as_bytes(files))


def packed(tmp_path: Path, files: Mapping[str, str | bytes]) -> Store:
    return storages.in_zip(tmp_path / "packed.zip", as_bytes(files), "en")


def objects(tmp_path: Path, files: Mapping[str, str | bytes]) -> Store:
    return storages.in_memory(as_bytes(files))


REMOTE = (bucket, container, google, packed, objects)


_REMOTE = [pytest.param(one, marks=pytest.mark.slow) for one in REMOTE]


@pytest.fixture(params=[local, pytest.param(kept, marks=needs_git), overlaid, in_memory, *_REMOTE])
def store_of(request: pytest.FixtureRequest, tmp_path: Path) -> Maker:
    """Makes a store of files."""
    return lambda files: request.param(tmp_path, files)


@pytest.fixture
def odd(request: pytest.FixtureRequest) -> dict[str, str | bytes]:
    """A page whose name is not UTF-8, where the store can have one: keys of objects are UTF-8."""
    maker = request.node.callspec.params["store_of"]
    return {ODD: "x"} if os.name == "posix" and maker not in REMOTE else {}


def read(store: Store, paths: Iterable[str]) -> dict[str, bytes | str]:
    """What files hold, or the reason why they cannot be read."""
    found = store.read_many(paths)
    return {p: data if isinstance(data, bytes) else str(data.strerror) for p, data in found}


class TestNames:
    def test_pages_come_folder_by_folder_in_the_order_of_the_tree(self, store_of: Maker) -> None:
        paths = ["/b.md", "/news/a-b/x.md", "/news/a/x.md", "/news/a/b/x.md", "/news/z.md", "/A.md"]
        found = scan(store_of(dict.fromkeys(paths, "x")))
        assert found.pages == [
            "/A.md", "/b.md", "/news/z.md", "/news/a/x.md", "/news/a/b/x.md", "/news/a-b/x.md",
        ]  # fmt: skip
        assert [listing.folder for listing in found.folders] == [
            "", "/news", "/news/a", "/news/a/b", "/news/a-b",
        ]  # fmt: skip

    def test_other_files_are_known_too_and_hidden_ones_are_not(self, store_of: Maker) -> None:
        paths = ["/news/a.jpg", "/news/b.md", "/x/y/z.txt", "/.h/a.md", "/news/.b.md", "/.c"]
        found = scan(store_of(dict.fromkeys(paths, "x")))
        assert found.files == {"/news/a.jpg", "/news/b.md", "/x/y/z.txt"}
        assert found.pages == ["/news/b.md"]
        assert found.troubles == []

    def test_it_is_the_listing_of_a_folder(self, store_of: Maker, tmp_path: Path) -> None:
        found = scan(store_of(SMALL_ARCHIVE))
        whole = scan(LocalFolder(write_archive(tmp_path / "whole")))
        assert (found.pages, found.files) == (whole.pages, whole.files)
        assert [one[:2] for one in found.folders] == [one[:2] for one in whole.folders]
        assert found.previous_days == whole.previous_days

    @pytest.mark.parametrize(
        "path",
        ["/news/2016/03/2", PATH.upper(), PATH[1:], f"{PATH}/", "", "/", "/news//x.md",
         "/news/../index.md", "/news/2016/03/2/none.md", "/nowhere/none.md", f"{PATH}/x.md"],
    )  # fmt: skip
    def test_what_is_no_file_of_exactly_this_path_does_not_exist(
        self, store_of: Maker, path: str
    ) -> None:
        store = store_of(SMALL_ARCHIVE)
        assert not store.exists(path)
        assert not Glance(store).exists(path)

    def test_what_is_there_exists(self, store_of: Maker) -> None:
        store = store_of({**SMALL_ARCHIVE, "/news/x.pdf": ""})
        glance = Glance(store)
        for path in (*SMALL_ARCHIVE, "/news/x.pdf"):
            assert store.exists(path)
            assert glance.exists(path)

    @pytest.mark.skipif(os.name != "posix", reason="other systems have no such names")
    def test_a_name_that_is_not_utf8_is_no_page_and_is_told(
        self, store_of: Maker, odd: dict[str, str | bytes]
    ) -> None:
        if not odd:
            pytest.skip("keys of objects are UTF-8")
        found = scan(store_of({PATH: "x", ODD: "x", "/news/2016/\udcff/a.md": "", "/\udcff.x": ""}))
        assert found.files == {PATH}
        assert sorted(found.troubles) == [
            ("unusable-name", "/news/2016/03/2/\udcff.md", "the file's name is not UTF-8"),
            ("unusable-name", "/news/2016/\udcff/a.md", "the file's name is not UTF-8"),
        ]

    def test_a_folder_that_is_not_there_is_told_and_holds_nothing(self, store_of: Maker) -> None:
        folder = store_of(SMALL_ARCHIVE).list_folder("/nowhere")
        assert (folder.below, folder.listing.names, folder.others) == ([], [], [])
        assert [(t.kind, t.path) for t in folder.troubles] == [("unreadable", "/nowhere")]
        assert "No such file" in folder.troubles[0].message

    def test_states_are_told_where_there_are_some(self, store_of: Maker) -> None:
        store = store_of(SMALL_ARCHIVE)
        found = scan(store, stats=True)
        assert found.pages == scan(store).pages
        if store.has_states:
            assert all(listing.stats for listing in found.folders)
            assert scan(store, stats=True).folders == found.folders

    def test_every_file_has_a_name_for_people_and_so_has_the_store(self, store_of: Maker) -> None:
        store = store_of(SMALL_ARCHIVE)
        assert store.label(PATH).endswith(PATH)
        assert len({store.label(path) for path in SMALL_ARCHIVE}) == len(SMALL_ARCHIVE)
        assert str(store)
        assert "object at" not in str(store)


class TestContents:
    def test_files_hold_what_they_hold(self, store_of: Maker) -> None:
        files: dict[str, str | bytes] = {
            **SMALL_ARCHIVE,
            "/a.md": b"\xff\x00\r\n",
            "/empty.md": b"",
            "/news/x.jpg": b"\xd8",
        }
        store = store_of(files)
        assert {path: store.read(path) for path in files} == as_bytes(files)
        assert read(store, files) == as_bytes(files)

    def test_they_come_in_the_order_that_they_are_asked_for(self, store_of: Maker) -> None:
        store = store_of(SMALL_ARCHIVE)
        for paths in ([LATER, PATH, OPENS], [PATH, PATH], []):
            assert [path for path, _ in store.read_many(iter(paths))] == paths

    def test_what_is_not_there_is_an_error_and_the_others_come(self, store_of: Maker) -> None:
        store = store_of(SMALL_ARCHIVE)
        with pytest.raises(FileNotFoundError):
            store.read("/news/none.md")
        found = read(store, [PATH, "/news/none.md", LATER])
        assert found == {
            PATH: SMALL_ARCHIVE[PATH].encode(),
            "/news/none.md": "No such file or directory",
            LATER: SMALL_ARCHIVE[LATER].encode(),
        }

    def test_it_can_be_sent_to_another_process(self, store_of: Maker) -> None:
        store = store_of(SMALL_ARCHIVE)
        assert store.read(PATH)
        sent: Store = pickle.loads(pickle.dumps(store))
        assert scan(sent).folders == scan(store).folders
        assert read(sent, SMALL_ARCHIVE) == as_bytes(SMALL_ARCHIVE)
        assert [sent.label(p) for p in SMALL_ARCHIVE] == [store.label(p) for p in SMALL_ARCHIVE]


FAULTS: Mapping[str, str | bytes] = {
    **SMALL_ARCHIVE,
    PATH: SMALL_ARCHIVE[PATH].replace("the-pier-is-rebuilt", "the-pier-is-gone"),
    LATER: event("2016-03-10", "The pier opens once more."),
    OPENS: b"\xff",
    "/news/2016/03/11/a.md": "# x\r\n",
    "/news/2031/03/1/soon.md": event("2031-03-1", "Soon."),
}


class TestRuns:
    @pytest.mark.slow
    def test_a_run_finds_the_same_on_each(
        self,
        store_of: Maker,
        odd: dict[str, str | bytes],
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        small_tasks(monkeypatch, 3)
        files = {**FAULTS, **odd}
        root = write_archive(tmp_path / "expected", files)
        expected = [
            (d.code, d.page, d.start, d.end, d.message, d.fix, d.suggestions)
            for d in na.check(root, today=TODAY, select=["ALL"]).diagnostics
        ]
        assert {"NA101", "NA201"} <= {code for code, *_ in expected}
        assert any(code == "NA902" for code, *_ in expected) == bool(odd)
        store = store_of(files)
        for jobs in (1, 2):
            archive = na.Archive(store)
            found = na.check(archive, today=TODAY, select=["ALL"], jobs=jobs).diagnostics
            assert [
                (d.code, d.page, d.start, d.end, d.message, d.fix, d.suggestions) for d in found
            ] == expected
            assert {d.file for d in found if d.page == PATH} == {store.label(PATH)}
        some = na.check(na.Archive(store), today=TODAY, select=["ALL"], only=[PATH, LATER])
        assert {(d.code, d.page, d.message) for d in some.diagnostics} == {
            (code, page, message)
            for code, page, _, _, message, *_ in expected
            if page in (PATH, LATER)
        }

    def test_an_archive_on_it_answers_the_same(self, store_of: Maker, tmp_path: Path) -> None:
        archive = na.Archive(store_of(FAULTS))
        other = na.Archive(write_archive(tmp_path / "other", FAULTS))
        assert list(archive) == list(other)
        for path in FAULTS:
            assert archive.title(path) == other.title(path)
            assert archive.is_listed(path) == other.is_listed(path)
            assert archive.previous_day(path) == other.previous_day(path)
            assert [i.page for i in archive.links_in(path)] == [
                i.page for i in other.links_in(path)
            ]
        assert archive.successors == other.successors
        assert list(archive.pages()) == list(other.pages())

    def test_a_cache_is_kept_for_what_has_states(self, store_of: Maker, tmp_path: Path) -> None:
        store, cache = store_of(FAULTS), tmp_path / "cache"
        one, two = (
            na.check(na.Archive(store), today=TODAY, cache=cache).diagnostics for _ in range(2)
        )
        assert one == two
        assert cache.exists() == store.has_states


class TestChanging:
    def test_what_cannot_be_written_is_refused_by_name_and_the_archive_stays(
        self, store_of: Maker
    ) -> None:
        store = store_of(SMALL_ARCHIVE)
        archive = na.Archive(store)
        if isinstance(store, WritableStore):
            assert writable(store) is store
            archive.move(REBUILT, "/news/2016/03/4/anew.md")
            assert "/news/2016/03/4/anew.md" in archive
            return
        changes: tuple[Callable[[], object], ...] = (
            lambda: archive.move(REBUILT, "/news/2016/03/4/anew.md"),
            lambda: archive.retitle(REBUILT, "It is new."),
            lambda: archive.remove(REBUILT),
            archive.recover,
        )
        for change in changes:
            with pytest.raises(na.RefusedWriteError, match="cannot be written") as caught:
                change()
            assert caught.value.file == str(store)
            assert list(archive) == list(na.Archive(store))
            assert archive.title(REBUILT) == "The pier is rebuilt."
            assert archive[REBUILT].path == REBUILT
        assert read(store, SMALL_ARCHIVE) == as_bytes(SMALL_ARCHIVE)


class TestFilesThatVanish:
    def test_on_a_disk(self, tmp_path: Path) -> None:
        root = write_archive(tmp_path)
        for store in (LocalFolder(root), Overlay(LocalFolder(root), {LATER: b"x"})):
            write_archive(root)
            archive = na.Archive(store)
            assert PATH in archive.scan.pages
            (root / PATH[1:]).unlink()
            report = na.check(archive, today=TODAY, select=["NA901"])
            assert [(d.code, d.page) for d in report.diagnostics] == [("NA901", PATH)]
            assert not store.exists(PATH)
            assert PATH not in scan(store).files

    def test_in_memory(self) -> None:
        store = MemoryStore(as_bytes(SMALL_ARCHIVE))
        archive = na.Archive(store)
        assert len(archive) == len(SMALL_ARCHIVE)
        del store.files[PATH]
        report = na.check(archive, today=TODAY, select=["NA901"])
        assert [(d.code, d.page) for d in report.diagnostics] == [("NA901", PATH)]

    @needs_git
    def test_what_git_keeps_stays_whatever_the_disk_has(self, tmp_path: Path) -> None:
        store = kept(tmp_path, SMALL_ARCHIVE)
        (tmp_path / "kept" / PATH[1:]).unlink()
        assert store.read(PATH) == SMALL_ARCHIVE[PATH].encode()
        assert na.check(na.Archive(store), today=TODAY).diagnostics == ()


@pytest.mark.skipif(os.name != "posix", reason="needs symbolic links")
class TestSymbolicLinks:
    @pytest.fixture(params=["local", "kept", "overlaid"])
    def store(self, request: pytest.FixtureRequest, tmp_path: Path) -> Store:
        root = write_archive(tmp_path / "root")
        (root / LINK[1:]).symlink_to("the-pier-burns.md")
        (root / "news/2016/03/3").symlink_to("2")
        (root / "out.md").symlink_to("/etc/hostname")
        (root / "gone.md").symlink_to("nowhere")
        (root / "gone.txt").symlink_to("nowhere")
        (root / "plan.txt").symlink_to("index.md")
        if request.param == "local":
            return LocalFolder(root)
        if request.param == "overlaid":
            return Overlay(LocalFolder(root), {OPENS: SMALL_ARCHIVE[OPENS].encode()})
        git(root, "init", "-q")
        commit(root)
        return tree_at(root, "HEAD", shown=str(root))

    @needs_git
    def test_those_that_lead_to_a_file_inside_are_files(self, store: Store) -> None:
        found = scan(store)
        assert found.files == {*SMALL_ARCHIVE, LINK, "/plan.txt"}
        assert store.read(LINK) == SMALL_ARCHIVE[PATH].encode()
        assert store.exists(LINK)

    @needs_git
    def test_the_links_to_a_file_are_known(self, store: Store) -> None:
        assert store.aliases() == {PATH: [LINK], "/index.md": ["/plan.txt"]}
        assert store.is_alias(LINK)
        assert not any(map(store.is_alias, [PATH, "/gone.md", "/nowhere.md"]))

    @needs_git
    def test_the_others_are_told(self, store: Store) -> None:
        assert sorted(scan(store).troubles, key=lambda trouble: trouble.path) == [
            (
                "unreadable",
                "/gone.md",
                "the symbolic link leads nowhere: No such file or directory",
            ),
            ("not-followed", "/news/2016/03/3", "a symbolic link to a folder is not entered"),
            (
                "not-followed",
                "/out.md",
                "the symbolic link leads out of the archive; the page is not read",
            ),
        ]
        assert not store.exists("/news/2016/03/3/the-pier-burns.md")
        assert not store.exists("/out.md")

    @needs_git
    def test_an_unsaved_text_stands_in_for_a_link(self, store: Store) -> None:
        over = Overlay(store, {"/out.md": b"mine", "/news/2016/03/3/new.md": b"new"})
        assert "/out.md" in scan(over).pages
        assert over.read("/out.md") == b"mine"
        assert "/out.md" not in {t.path for t in scan(over).troubles}
