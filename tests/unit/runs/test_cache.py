"""What a run keeps for the next one, and everything that can be wrong with it."""

import datetime
import os
import shutil
import sqlite3
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import newsarchive as na
from newsarchive.graph.records import FolderRecord, PageRecord
from newsarchive.rules._judging import PageRules
from newsarchive.runs import cache as cache_module
from newsarchive.runs import workers as collect
from newsarchive.runs.cache import Cache, clean
from newsarchive.runs.code_version import code_version
from newsarchive.store import local
from newsarchive.store.listing import Scan
from newsarchive.store.local import LocalFolder
from tests import seams
from tests.builders import (
    LATER,
    OPENS,
    PAGE,
    PATH,
    REBUILT,
    SMALL_ARCHIVE,
    TODAY,
    event,
    spoiled,
    uncounted,
    write_archive,
)

pytestmark = pytest.mark.slow

DAY = "/news/2016/03/2/index.md"
FAULTY = Path(__file__).parents[3] / "examples" / "faulty"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_archive(tmp_path / "root")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "caches"


@pytest.fixture
def file(root: Path, folder: Path) -> Path:
    """The cache's file, which is not there yet."""
    return Path(Cache(folder, root).file)


@pytest.fixture
def at_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files count as long unchanged, though each test has just written them."""
    seams.at_rest(monkeypatch)


class Counted:
    """Counts what a run reads and parses."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.read: list[str] = []
        self.parsed: list[str] = []
        whole_read, whole_parse = LocalFolder.read_many, collect.judged

        def read(store: LocalFolder, paths: Iterable[str]) -> Iterator[tuple[str, bytes | OSError]]:
            for path, data in whole_read(store, paths):
                self.read.append(Path(path).name)
                yield path, data

        def parse(
            job: collect.Job, pages: list[collect.Read], sound: collect.Glanced, rules: PageRules
        ) -> Iterator[PageRecord]:
            self.parsed += [page.name for page in pages]
            return whole_parse(job, pages, sound, rules)

        monkeypatch.setattr(LocalFolder, "read_many", read)
        monkeypatch.setattr(collect, "judged", parse)

    def of(self, run: Callable[[], object]) -> tuple[list[str], list[str]]:
        """The names of the pages that a run reads, and of those that it parses."""
        self.read.clear()
        self.parsed.clear()
        run()
        return sorted(self.read), sorted(self.parsed)


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> Counted:
    return Counted(monkeypatch)


def check(root: Path, folder: Path | None, **options: Any) -> na.Report:
    # The edition is said: to recognize it, a run reads some pages whatever is kept.
    return na.check(root, today=TODAY, cache=folder, **{"edition": "en", **options})


def same(root: Path, folder: Path, notice: str = "") -> None:
    """A run with the cache finds what one without finds, and tells at most one thing."""
    warm = check(root, folder)
    assert warm == check(root, None)
    assert len(warm.notices) == bool(notice), warm.notices
    assert not notice or notice in warm.notices[0]


class TestUnchanged:
    @pytest.mark.usefixtures("at_rest")
    def test_pages_at_rest_are_not_read_again(
        self, root: Path, folder: Path, counted: Counted
    ) -> None:
        read, parsed = counted.of(lambda: check(root, folder))
        assert len(read) == len(parsed) == len(SMALL_ARCHIVE)
        assert counted.of(lambda: check(root, folder)) == ([], [])

    def test_pages_that_have_just_been_written_are_read_but_not_parsed(
        self, root: Path, folder: Path, counted: Counted
    ) -> None:
        check(root, folder)
        read, parsed = counted.of(lambda: check(root, folder))
        assert len(read) == len(SMALL_ARCHIVE)
        assert parsed == []

    @pytest.mark.usefixtures("at_rest")
    def test_a_page_with_another_time_is_read_once_more_and_not_parsed(
        self, root: Path, folder: Path, counted: Counted
    ) -> None:
        check(root, folder)
        os.utime(root / PATH[1:], ns=(0, 10**18))
        name = Path(PATH).name
        assert counted.of(lambda: check(root, folder)) == ([name], [])
        assert counted.of(lambda: check(root, folder)) == ([], [])

    @pytest.mark.usefixtures("at_rest")
    def test_a_copy_in_another_place_is_another_archive(
        self, root: Path, folder: Path, tmp_path: Path, counted: Counted
    ) -> None:
        check(root, folder)
        copy = shutil.copytree(root, tmp_path / "copy")
        read, _ = counted.of(lambda: check(copy, folder))
        assert len(read) == len(SMALL_ARCHIVE)
        assert len(list(folder.iterdir())) == 2

    def test_the_findings_of_the_sample_archive_are_the_same(self, folder: Path) -> None:
        cold = na.check(FAULTY, select=["ALL"], today=TODAY)
        for jobs in (1, 2):
            assert check(FAULTY, folder, select=["ALL"], jobs=jobs) == cold

    @pytest.mark.usefixtures("at_rest")
    def test_files_are_named_as_this_run_names_them(
        self, root: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        write_archive(root, {PATH: b"\xff"})
        check(root, folder)
        monkeypatch.chdir(root.parent)
        [found] = na.check(root.name, select=["NA101"], cache=folder).diagnostics
        assert found.file == os.path.join(root.name, PATH[1:])

    @pytest.mark.usefixtures("at_rest")
    def test_nothing_is_written_where_nothing_changed(
        self, root: Path, folder: Path, file: Path
    ) -> None:
        check(root, folder)
        os.utime(file, (0, 0))  # what writes in the same tick of the clock is seen, too
        check(root, folder)
        assert file.stat().st_mtime_ns == 0


@pytest.mark.usefixtures("at_rest")
class TestChanged:
    def test_an_edited_page_alone_is_parsed(
        self, root: Path, folder: Path, counted: Counted
    ) -> None:
        check(root, folder)
        write_archive(root, {PATH: spoiled("2. [Evening", "3. [Evening")})
        name = Path(PATH).name
        assert counted.of(lambda: check(root, folder)) == ([name], [name])
        same(root, folder)

    def test_a_new_page_is_seen_and_a_page_that_went(self, root: Path, folder: Path) -> None:
        check(root, folder)
        write_archive(root, {"/news/2016/03/2/new.md": event()})
        same(root, folder)
        assert {d.page for d in check(root, folder).diagnostics} == {"/news/2016/03/2/new.md"}
        (root / "news/2016/03/2/new.md").unlink()
        same(root, folder)
        assert check(root, folder).diagnostics == ()

    def test_verdicts_that_depend_on_other_pages_are_never_kept(
        self, root: Path, folder: Path
    ) -> None:
        check(root, folder)
        write_archive(root, {REBUILT: event("2016-03-4", "Another title.")})
        assert "NA207" in {d.code for d in check(root, folder).diagnostics if d.page == PATH}
        (root / OPENS[1:]).unlink()
        assert "NA201" in {d.code for d in check(root, folder).diagnostics if d.page == PATH}
        same(root, folder)
        write_archive(root)
        assert check(root, folder).diagnostics == ()

    def test_so_is_the_clock(self, root: Path, folder: Path) -> None:
        check(root, folder)
        early = na.check(root, today=datetime.date(2016, 3, 4), cache=folder)
        assert {d.code for d in early.diagnostics} == {"NA304"}
        assert check(root, folder).diagnostics == ()

    def test_a_folder_that_went_is_forgotten(self, root: Path, folder: Path, file: Path) -> None:
        check(root, folder)
        shutil.rmtree(root / "news/2016/03/10")
        same(root, folder)
        with closing(sqlite3.connect(file)) as db:
            kept = {name for (name,) in db.execute("SELECT folder FROM folders")}
        assert "/news/2016/03/4" in kept
        assert "/news/2016/03/10" not in kept

    def test_a_page_that_could_not_be_read_is_tried_again(
        self, root: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def unreadable(
            store: LocalFolder, paths: Iterable[str]
        ) -> Iterator[tuple[str, bytes | OSError]]:
            return ((path, PermissionError(13, "Permission denied", path)) for path in paths)

        with monkeypatch.context() as patch:
            patch.setattr(LocalFolder, "read_many", unreadable)
            report = check(root, folder)
            assert report.by_code()["NA901"] == len(SMALL_ARCHIVE)
        same(root, folder)

    def test_old_paths_of_all_pages_are_known_where_one_is_checked(
        self, root: Path, folder: Path, counted: Counted
    ) -> None:
        changes = ["[The pier burns.](/news/2016/03/2/fire.md) _(First version)_"]
        write_archive(root, {
            PATH: event(changes=changes),
            OPENS: event("2016-02-29", "The pier opens.",
                         related=["[A fire.](/news/2016/03/2/fire.md)"]),
        })  # fmt: skip
        check(root, folder)
        [found] = check(root, folder, only=[OPENS], select=["NA201"]).diagnostics
        assert [s.path for s in found.suggestions if s.certain] == [PATH]
        assert [found] == list(check(root, None, only=[OPENS], select=["NA201"]).diagnostics)
        read, _ = counted.of(lambda: check(root, folder, only=[OPENS], select=["NA201"]))
        assert {*read} == {Path(OPENS).name, "index.md"}


def kept_summary(file: Path) -> list[tuple[bytes, str, int]]:
    with closing(sqlite3.connect(file)) as db:
        return db.execute("SELECT state, text, checksum FROM summary").fetchall()


class TestSummary:
    """One row tells what follows from all records, where no page changed."""

    GONE = "/news/2016/03/2/fire.md"

    @pytest.fixture(autouse=True)
    def faulty(self, root: Path, folder: Path, at_rest: None) -> None:
        changes = [f"[The pier burns.]({self.GONE}) _(First version)_"]
        write_archive(root, {
            PATH: event(changes=changes),
            OPENS: event("2016-02-29", "The pier opens.", related=[f"[A fire.]({self.GONE})"]),
            REBUILT: spoiled("2. [Evening", "3. [Evening"),
        })  # fmt: skip
        check(root, folder)

    @pytest.mark.parametrize("jobs", [1, 2])
    def test_no_record_is_read_where_no_page_changed(
        self, root: Path, folder: Path, jobs: int, records_read: list[Cache]
    ) -> None:
        cold = check(root, None, select=["ALL"], ignore=["NA201"])
        assert {"NA108", "NA209"} <= cold.by_code().keys()
        assert check(root, folder, select=["ALL"], ignore=["NA201"], jobs=jobs) == cold
        assert records_read == []
        write_archive(root, {PATH: event()})
        same(root, folder)
        same(root, folder)
        assert records_read == []

    def test_what_older_paths_tell_of_broken_links_is_kept(
        self, root: Path, folder: Path, file: Path, records_read: list[Cache]
    ) -> None:
        for needed in (0, 1):
            [broken] = [d for d in check(root, folder).diagnostics if d.code == "NA201"]
            assert [s.path for s in broken.suggestions if s.certain] == [PATH]
            assert len(records_read) == needed
            with closing(sqlite3.connect(file)) as db, db:
                db.execute("DELETE FROM across")

    def test_a_file_that_is_no_page_is_looked_for_each_time(self, root: Path, folder: Path) -> None:
        for path in ("/pier.png", self.GONE.replace(".md", ".html")):
            write_archive(root, {LATER: event("2016-03-10", related=[f"[Pier]({path})"])})
            same(root, folder)
            write_archive(root, {path: ""})
            same(root, folder)

    @pytest.mark.parametrize("days", [[2, 4, 11, 2], [11, 4]])
    def test_the_clock_may_go_either_way(self, root: Path, folder: Path, days: list[int]) -> None:
        for day in days:
            today = datetime.date(2016, 3, day)
            warm = na.check(root, today=today, cache=folder)
            assert warm == na.check(root, today=today)

    @pytest.mark.parametrize("column", ["state", "text", "checksum"])
    @pytest.mark.parametrize("value", [1, b"{}", "[]"])
    def test_a_row_that_was_damaged(
        self, root: Path, folder: Path, file: Path, column: str, value: object
    ) -> None:
        before = kept_summary(file)
        with closing(sqlite3.connect(file)) as db, db:
            db.execute(f"UPDATE summary SET {column} = ?", (value,))
        same(root, folder, "damaged and is repaired")
        assert kept_summary(file) == before
        same(root, folder)

    @pytest.mark.parametrize(
        "text",
        [
            *("", "{", "[]", "1", "[" * 100_000, '[1, {}, {}, [], {"/x.md": 1}]'),
            *('[1, {}, {}, ["/../etc.md"], {}]', "[1, {}, {}, [1], {}]", "[1, {}, {}, 1, {}]"),
            *(
                '["1", {}, {}, [], {}]',
                '[1, {"x": 1}, {}, [], {}]',
                '[1, {}, {"day": "1"}, [], {}]',
            ),
            *(f'[1, {{}}, {{}}, [], {{"{PATH}": [["NA108"]]}}]', "[1, [], {}, [], {}]"),
        ],
    )
    def test_a_text_that_is_none_of_ours(
        self, root: Path, folder: Path, file: Path, text: str
    ) -> None:
        [(state, _, _)] = kept_summary(file)
        with closing(sqlite3.connect(file)) as db, db:
            [(seed,)] = db.execute("SELECT seed FROM run")
            checksum = cache_module._checksum([state, text], int(seed, 16))
            db.execute("UPDATE summary SET text = ?, checksum = ?", (text, checksum))
        same(root, folder)
        assert kept_summary(file)[0][1] != text

    @pytest.mark.parametrize("anew", [False, True])
    def test_it_is_not_of_pages_that_could_not_be_read(
        self, root: Path, folder: Path, file: Path, anew: bool, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        whole = LocalFolder.read_many

        def read(store: LocalFolder, paths: Iterable[str]) -> Iterator[tuple[str, bytes | OSError]]:
            for path, data in whole(store, paths):
                yield path, PermissionError(13, "Denied") if path == PATH else data

        write_archive(root, {PATH: PAGE})
        before = [] if anew else kept_summary(file)
        clean(folder if anew else folder.parent)
        with monkeypatch.context() as patch:
            patch.setattr(LocalFolder, "read_many", read)
            assert "NA901" in check(root, folder).by_code()
        assert kept_summary(file) == before
        same(root, folder)
        assert kept_summary(file) != before

    def test_a_run_over_some_pages_leaves_it_alone(
        self, root: Path, folder: Path, file: Path
    ) -> None:
        os.utime(file, (0, 0))
        assert "NA201" in check(root, folder, only=[OPENS]).by_code()
        assert file.stat().st_mtime_ns == 0

    def test_a_file_of_an_earlier_version_is_made_anew_without_a_word(
        self, root: Path, folder: Path, file: Path
    ) -> None:
        with closing(sqlite3.connect(file)) as db, db:
            db.execute("DROP TABLE summary")
            db.execute("UPDATE run SET fingerprint = 'earlier'")
        same(root, folder)
        assert len(kept_summary(file)) == 1


class TestRacilyClean:
    """A page may be written twice within one tick of its file system's clock."""

    @pytest.fixture(autouse=True)
    def coarse_clock(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Times in whole seconds that an edit does not change, as on a slow clock."""
        whole = local._state
        monkeypatch.setattr(local, "_TAKES_FOLDERS", False)  # where all states are asked at once
        monkeypatch.setattr(local, "_state", lambda e: (whole(e)[0], self.time, 0, whole(e)[3]))

    time = 0

    def rewritten(self, root: Path, folder: Path) -> bool:
        """Whether an edit that leaves size and times alone is seen."""
        check(root, folder)
        write_archive(root, {PATH: PAGE.replace("2. [Evening", "3. [Evening")})
        assert "NA108" in check(root, None).by_code()
        return "NA108" in check(root, folder).by_code()

    def test_what_was_written_a_moment_before_the_run_is_not_trusted(
        self, root: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        write_archive(root, {PATH: PAGE})
        monkeypatch.setattr(TestRacilyClean, "time", Scan().started)
        assert self.rewritten(root, folder)

    def test_nor_is_what_has_a_time_to_come(
        self, root: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        write_archive(root, {PATH: PAGE})
        monkeypatch.setattr(TestRacilyClean, "time", 2**62)
        assert self.rewritten(root, folder)

    def test_what_has_rested_is(
        self, root: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        write_archive(root, {PATH: PAGE})
        monkeypatch.setattr(TestRacilyClean, "time", 10**18)
        assert not self.rewritten(root, folder)


class TestSelection:
    def test_rules_that_did_not_run_before_do_now(self, root: Path, folder: Path) -> None:
        write_archive(root, {PATH: spoiled("2. [Evening", "3. [Evening")})
        assert check(root, folder, select=["NA5"]).diagnostics == ()
        same(root, folder)
        assert set(check(root, folder, select=["NA108"]).by_code()) == {"NA108"}
        assert "NA108" not in check(root, folder, ignore=["NA108"]).by_code()


class TestOnly:
    def test_a_run_over_some_pages_keeps_nothing(
        self, root: Path, folder: Path, file: Path
    ) -> None:
        report = check(root, folder, only=[PATH])
        assert report == check(root, None, only=[PATH])
        assert not file.exists()


class TestDamaged:
    """Whatever the cache's file is, the findings are right."""

    @pytest.fixture(autouse=True)
    def kept(self, root: Path, folder: Path, file: Path) -> None:
        write_archive(root, {PATH: spoiled("2. [Evening", "3. [Evening"), OPENS: None})
        (root / OPENS[1:]).unlink()
        check(root, folder)
        assert file.is_file()

    @pytest.mark.parametrize(
        "damage",
        [
            lambda data: b"",
            lambda data: b"not a database" * 1000,
            lambda data: b"\xff" * len(data),
            lambda data: data[: len(data) // 2],
            lambda data: data[:100],
            lambda data: data[:4096] + bytes(len(data) - 4096),
            lambda data: data[:100] + data[1000:],
        ],
    )
    def test_a_file_of_other_bytes(
        self, root: Path, folder: Path, file: Path, damage: Callable[[bytes], bytes]
    ) -> None:
        file.write_bytes(damage(file.read_bytes()))
        warm = check(root, folder)
        assert warm == check(root, None)
        assert len(warm.notices) <= 1
        assert check(root, folder) == warm

    @pytest.mark.parametrize("column", FolderRecord._fields[1:])
    def test_a_bit_that_flipped_in_a_row(
        self, root: Path, folder: Path, file: Path, column: str
    ) -> None:
        with closing(sqlite3.connect(file)) as db, db:
            rows = db.execute(f"SELECT folder, {column} FROM folders").fetchall()
            for name, value in rows:
                data = value.encode() if isinstance(value, str) else value
                flipped = bytes([*data[:-1], data[-1] ^ 1]) if data else b"x"
                new = flipped.decode() if isinstance(value, str) else flipped
                db.execute(f"UPDATE folders SET {column} = ? WHERE folder = ?", (new, name))
        same(root, folder, "damaged and is repaired")
        same(root, folder)

    @pytest.mark.parametrize("value", [None, 1, "text", b"bytes"])
    def test_a_row_of_other_types(
        self, root: Path, folder: Path, file: Path, value: object
    ) -> None:
        with closing(sqlite3.connect(file)) as db, db:
            db.execute("UPDATE folders SET numbers = ?, titles = ?", (value, value))
        same(root, folder, "damaged")

    @pytest.mark.parametrize("table", [b"TABLE run", b"TABLE folders"])
    def test_a_schema_that_is_no_text(
        self, root: Path, folder: Path, file: Path, table: bytes
    ) -> None:
        data = file.read_bytes()
        for at in range(data.index(table) - 10, data.index(table) + len(table) + 12):
            file.write_bytes(data[:at] + b"\xff" + data[at + 1 :])
            warm = check(root, folder)
            assert warm == check(root, None), at
            assert len(warm.notices) <= 1

    def test_many_flipped_bytes_anywhere(self, root: Path, folder: Path, file: Path) -> None:
        data = file.read_bytes()
        for at in range(0, len(data), len(data) // 40):
            file.write_bytes(data[:at] + bytes([data[at] ^ 0x55]) + data[at + 1 :])
            warm = check(root, folder)
            assert warm == check(root, None), at
            assert len(warm.notices) <= 1

    def test_tables_that_are_not_ours_in_a_file_that_is(
        self, root: Path, folder: Path, file: Path
    ) -> None:
        with closing(sqlite3.connect(file)) as db, db:
            db.execute("DROP TABLE folders")
            db.execute("CREATE TABLE folders (x)")
        warm = check(root, folder)
        assert warm == check(root, None)
        assert len(warm.notices) == 1

    @pytest.mark.parametrize("statement", ["DELETE FROM run", "INSERT INTO run VALUES ('x', 'y')"])
    def test_a_file_that_does_not_say_who_made_it(
        self, root: Path, folder: Path, file: Path, statement: str
    ) -> None:
        with closing(sqlite3.connect(file)) as db, db:
            db.execute(statement)
        same(root, folder)
        same(root, folder)

    @pytest.mark.usefixtures("at_rest")
    def test_another_version_of_this_program_made_it(
        self, root: Path, folder: Path, counted: Counted, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        check(root, folder)
        monkeypatch.setattr(cache_module, "code_version", lambda: "another")
        read, _ = counted.of(lambda: check(root, folder))
        assert len(read) == len(SMALL_ARCHIVE) - 1
        assert counted.of(lambda: check(root, folder)) == ([], [])
        monkeypatch.undo()
        same(root, folder)

    def test_another_programs_database_is_left_alone(
        self, root: Path, folder: Path, file: Path
    ) -> None:
        file.unlink()
        with closing(sqlite3.connect(file)) as db, db:
            db.execute("PRAGMA application_id = 7")
            db.execute("CREATE TABLE precious (x)")
        before = file.read_bytes()
        same(root, folder, "another program's")
        assert file.read_bytes() == before

    def test_a_folder_in_its_place(self, root: Path, folder: Path, file: Path) -> None:
        file.unlink()
        file.mkdir()
        same(root, folder, "not written")

    @pytest.mark.skipif(os.name != "posix", reason="needs symbolic links")
    def test_a_folder_that_becomes_writable_by_all_while_pages_are_read(
        self, root: Path, tmp_path: Path
    ) -> None:
        folder = tmp_path / "shared"

        def open_up(done: int, total: int) -> None:
            folder.mkdir(exist_ok=True)
            folder.chmod(0o777)

        report = na.check(root, today=TODAY, cache=folder, progress=open_up)
        [notice] = report.notices
        assert "writ" in notice
        assert list(folder.iterdir()) == []

    def test_a_symbolic_link_in_its_place(
        self, root: Path, folder: Path, file: Path, tmp_path: Path
    ) -> None:
        other = file.rename(tmp_path / "other.sqlite")
        file.symlink_to(other)
        before = other.read_bytes()
        same(root, folder, "is a symbolic link")
        assert other.read_bytes() == before


class Reluctant:
    """Makes every connection to the cache do something first."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.monkeypatch = monkeypatch

    def first(self, act: Callable[[sqlite3.Connection], object]) -> None:
        whole = Cache._connect

        def connect(self: Cache) -> sqlite3.Connection:
            db = whole(self)
            act(db)
            return db

        self.monkeypatch.setattr(Cache, "_connect", connect)


@pytest.fixture
def connections(monkeypatch: pytest.MonkeyPatch) -> Reluctant:
    return Reluctant(monkeypatch)


class TestTrouble:
    def test_a_full_disk(self, root: Path, folder: Path, connections: Reluctant) -> None:
        connections.first(lambda db: db.execute("PRAGMA max_page_count = 2"))
        same(root, folder, "not written: database or disk is full")

    @pytest.mark.usefixtures("at_rest")
    def test_a_full_disk_leaves_what_was_kept(
        self, root: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        check(root, folder)
        long = event(related=[f"[Gone.](/news/2016/03/2/gone-{n}.md)" for n in range(2000)])
        write_archive(root, {PATH: long})
        with monkeypatch.context() as patch:
            Reluctant(patch).first(lambda db: db.execute("PRAGMA max_page_count = 1"))
            same(root, folder, "not written")
        assert check(root, folder).notices == ()

    @pytest.mark.usefixtures("at_rest")
    def test_a_cache_that_cannot_be_written(
        self, root: Path, folder: Path, connections: Reluctant
    ) -> None:
        check(root, folder)
        connections.first(lambda db: db.execute("PRAGMA query_only = 1"))
        write_archive(root, {PATH: PAGE})
        same(root, folder, "not written: attempt to write a readonly database")

    def test_a_folder_that_cannot_be_made(self, root: Path, tmp_path: Path) -> None:
        (tmp_path / "file").write_bytes(b"")
        same(root, tmp_path / "file" / "caches", "not written")
        same(root, tmp_path / "file", "not written")

    def test_a_cache_that_another_run_is_writing(
        self, root: Path, folder: Path, file: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        check(root, folder)
        monkeypatch.setattr(cache_module, "_SECONDS_TO_WAIT", 0.01)
        with closing(sqlite3.connect(file, isolation_level=None)) as db:
            db.execute("BEGIN EXCLUSIVE")
            same(root, folder, "database is locked")
            db.execute("ROLLBACK")
        same(root, folder)

    @pytest.mark.usefixtures("at_rest")
    def test_a_run_that_is_killed_while_it_writes(
        self, root: Path, folder: Path, file: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        check(root, folder)
        before = file.read_bytes()
        write_archive(root, {PATH: event(), REBUILT: None})

        class Killed(BaseException):
            pass

        def die(db: sqlite3.Connection) -> None:
            def deny(action: int, *_: object) -> int:
                if action == sqlite3.SQLITE_DELETE:
                    raise Killed
                return sqlite3.SQLITE_OK

            db.set_authorizer(deny)

        with monkeypatch.context() as patch:
            Reluctant(patch).first(die)
            (root / "faq/README.md").unlink()
            report = check(root, folder)  # what an authorizer raises, SQLite takes for a no
            assert "not written" in report.notices[0]
        assert file.read_bytes() == before
        same(root, folder)

    def test_a_cache_in_the_archive_is_refused(self, root: Path) -> None:
        for inside in (root, root / "caches", root / "news" / ".."):
            same(root, inside, "lies in the archive")
        assert sorted(p.name for p in root.iterdir()) == sorted(
            {path.split("/")[1] for path in SMALL_ARCHIVE}
        )

    def test_two_runs_at_once(self, root: Path, folder: Path) -> None:
        code = (
            "import sys, newsarchive as na\n"
            "for n in range(15):\n"
            "    report = na.check(sys.argv[1], cache=sys.argv[2])\n"
            "    assert not report.notices, report.notices\n"
            "    codes = {d.code for d in report.diagnostics}\n"
            "    assert codes <= {'NA108', 'NA209'}, report.diagnostics\n"
        )
        command = [sys.executable, "-c", code, str(root), str(folder)]
        runs = [subprocess.Popen(command, stderr=subprocess.PIPE) for _ in range(2)]
        for n in range(30):
            new = write_archive(root, {"/new": PAGE.replace("2. [Ev", f"{2 + n % 2}. [Ev")})
            (new / "new").replace(root / PATH[1:])
        assert [run.communicate()[1] for run in runs] == [b"", b""]
        same(root, folder)


class TestFingerprint:
    def test_the_fingerprint_is_that_of_the_sources(self, monkeypatch: pytest.MonkeyPatch) -> None:
        whole = code_version()
        assert code_version() == whole
        monkeypatch.setattr(sys, "version", "4.0")
        assert code_version() != whole

    def test_what_a_process_keeps_is_that_of_the_code_it_began_with(
        self, root: Path, folder: Path, file: Path, tmp_path: Path
    ) -> None:
        package = tmp_path / "site" / "newsarchive"
        shutil.copytree(Path(na.__file__).parent, package)
        script = """
            import sys
            from pathlib import Path
            import newsarchive as na
            from newsarchive.runs.code_version import code_version

            def update(done, total):
                if more and done:
                    Path(na.__file__).with_name("errors.py").open("a").write(more)

            root, folder, more = sys.argv[1:]
            na.check(root, cache=folder, progress=update)
            na.check(root, cache=folder)
            print(code_version())
        """

        def run(more: str) -> str:
            return subprocess.run(
                [sys.executable, "-c", textwrap.dedent(script), str(root), str(folder), more],
                capture_output=True, text=True, check=True,
                env={**uncounted(), "PYTHONPATH": str(package.parent)},
            ).stdout.strip()  # fmt: skip

        def kept_by() -> str:
            with closing(sqlite3.connect(file)) as db:
                [(found,)] = db.execute("SELECT fingerprint FROM run")
            return str(found)

        before = run("")
        file.unlink()
        assert run("# updated while it runs\n") == before == kept_by().partition(" ")[0]
        assert run("") == kept_by().partition(" ")[0] != before


class TestClean:
    def test_all_caches_go_and_nothing_else(self, root: Path, folder: Path, tmp_path: Path) -> None:
        check(root, folder)
        check(write_archive(tmp_path / "other"), folder)
        (folder / "notes.txt").write_text("mine")
        (folder / "other.sqlite").write_text("mine")
        [first, _] = sorted(folder.glob("archive-*"))
        Path(f"{first}-journal").write_bytes(b"")
        assert clean(folder) == 2
        assert sorted(p.name for p in folder.iterdir()) == ["notes.txt", "other.sqlite"]
        assert clean(folder) == 0
        assert clean(tmp_path / "gone") == 0
        same(root, folder)


class TestStates:
    @pytest.mark.parametrize("time", [2**63, -(2**63) - 1])
    def test_times_centuries_away(self, root: Path, folder: Path, time: int) -> None:
        os.utime(root / PATH[1:], ns=(time, time))  # or as far away as the file system can tell
        for _ in range(3):
            same(root, folder)

    def test_a_page_whose_state_is_hidden_is_read(
        self, root: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        check(root, folder)  # as soon as it was written: no state is kept
        gone: Any = SimpleNamespace(stat=lambda: os.stat(root / "gone"))
        hidden, whole = local._state(gone), local._state
        monkeypatch.setattr(
            local, "_state", lambda e: hidden if e.path.endswith(PATH) else whole(e)
        )
        (root / PATH[1:]).write_bytes(b"\xff")
        for _ in range(3):
            assert "NA101" in check(root, folder).by_code()
        (root / PATH[1:]).write_text(SMALL_ARCHIVE[PATH], "utf-8")
        same(root, folder)


@pytest.fixture
def command(folder: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    def run(*args: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "newsarchive", *args],
            capture_output=True, text=True, check=False, encoding="utf-8",
            env={**os.environ, "NEWSARCHIVE_CACHE_DIR": str(folder)},
        )  # fmt: skip

    return run


Command = Callable[..., subprocess.CompletedProcess[str]]


class TestCommand:
    def test_a_check_keeps_and_uses_a_cache(
        self, root: Path, folder: Path, file: Path, command: Command
    ) -> None:
        write_archive(root, {PATH: b"\xff"})
        first = command("check", str(root))
        assert file.is_file()
        assert folder.stat().st_mode & 0o077 == 0 or os.name != "posix"
        second = command("check", str(root))
        assert (first.returncode, first.stdout) == (second.returncode, second.stdout)
        assert first.stderr == second.stderr == ""

    def test_without_one_nothing_is_kept(self, root: Path, folder: Path, command: Command) -> None:
        assert command("check", str(root), "--no-cache").returncode == 0
        assert not folder.exists()

    def test_its_folder_can_be_given(self, root: Path, tmp_path: Path, command: Command) -> None:
        other = tmp_path / "elsewhere"
        assert command("check", str(root), "--cache-dir", str(other)).returncode == 0
        assert len(list(other.iterdir())) == 1
        done = command("clean", "--cache-dir", str(other))
        assert (done.returncode, done.stderr) == (0, "Deleted 1 cache.\n")
        assert list(other.iterdir()) == []

    def test_one_notice_tells_what_is_wrong(
        self, root: Path, folder: Path, file: Path, command: Command
    ) -> None:
        folder.mkdir()
        file.write_bytes(b"not a database" * 100)
        done = command("check", str(root))
        assert done.returncode == 0
        assert done.stderr.count("\n") == 1
        assert "the cache was damaged and is made anew" in done.stderr
        assert command("check", str(root)).stderr == ""

    def test_repairs_are_seen(self, root: Path, command: Command) -> None:
        write_archive(root, {PATH: spoiled("2. [Evening", "3. [Evening", PAGE)})
        assert "NA108" in command("check", str(root)).stdout
        assert "NA108" not in command("check", str(root), "--fix").stdout
        assert "NA108" not in command("check", str(root)).stdout

    def test_clean_without_caches(self, command: Command) -> None:
        done = command("clean")
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "Deleted 0 caches.\n")

    def test_clean_says_what_it_cannot_delete(self, folder: Path, command: Command) -> None:
        (folder / "archive-0.sqlite").mkdir(parents=True)
        done = command("clean")
        assert done.returncode == 1
        assert "archive-0.sqlite" in done.stderr
