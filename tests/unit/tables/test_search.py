"""Events by words: found right after any edit, whatever becomes of the index."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

import newsarchive as na
from newsarchive.page.editions import Edition
from newsarchive.page.reading import Reading
from newsarchive.runs.cache import clean
from newsarchive.tables import rows, search
from newsarchive.tables.search import query_of
from tests.builders import LATER, OPENS, PAGE, PATH, event, spoiled, write_archive
from tests.faults import Run

NEW = "/news/2016/03/2/a-new-page.md"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_archive(tmp_path / "archive", small=True)


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "caches"


def found(root: Path, words: str, cache: Path) -> list[str]:
    return [event.path for event in na.Archive(root).search(words, cache=cache)]


class TestWords:
    def test_all_must_be_there_in_any_letter_case(self, root: Path, cache: Path) -> None:
        assert found(root, "PIER burns", cache) == [PATH]
        assert found(root, "pier opens", cache) == [OPENS, LATER]
        assert found(root, "hurt", cache) == [PATH]
        assert found(root, "pier sinks", cache) == []

    def test_the_beginning_of_one(self, root: Path, cache: Path) -> None:
        assert found(root, "rebu*", cache) == ["/news/2016/03/4/the-pier-is-rebuilt.md"]
        assert found(root, "rebu", cache) == []

    @pytest.mark.parametrize("words", ['burns "', "burns -- ( *", "burns'", 'burns" OR opens', "*"])
    def test_signs_of_a_query_language_are_words_like_others(
        self, root: Path, cache: Path, words: str
    ) -> None:
        assert found(root, words, cache) in ([PATH], [])

    @pytest.mark.parametrize("words", ["", "  ", "---", '"'])
    def test_nothing_is_asked_for(self, words: str) -> None:
        assert query_of(words) == ""

    def test_where_no_blanks_stand_between_words(self, root: Path, cache: Path) -> None:
        write_archive(root, {NEW: event(title="北京举行冬奥会开幕式。")})
        assert found(root, "冬奥会", cache) == [NEW]
        assert found(root, "京北", cache) == []

    def test_bounds(self, root: Path, cache: Path) -> None:
        archive = na.Archive(root)
        events = archive.search("pier opens", since="2016-03-01", cache=cache)
        assert [event.path for event in events] == [LATER]
        assert not list(archive.search("pier", under="/news/2015", cache=cache))


class TestTheIndex:
    def test_knows_every_edit_at_once(self, root: Path, cache: Path) -> None:
        archive = na.Archive(root)
        assert [e.path for e in archive.search("burns", cache=cache)] == [PATH]
        (root / PATH[1:]).write_text(spoiled("# The pier burns.", "# The pier floats.", PAGE))
        write_archive(root, {NEW: event(title="It burns.")})
        assert [e.path for e in archive.search("burns", cache=cache)] == [NEW]
        (root / NEW[1:]).unlink()
        assert [e.path for e in archive.search("burns", cache=cache)] == []
        assert [e.path for e in archive.search("floats", cache=cache)] == [PATH]

    def test_reads_only_what_changed(
        self, root: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(search, "_TICK", -(10**18))  # no file is too young to be believed
        assert found(root, "burns", cache) == [PATH]
        read: list[str] = []

        def parts_of(path: str, data: bytes | OSError, edition: Edition) -> Reading:
            read.append(path)
            return rows.parts_of(path, data, edition)

        monkeypatch.setattr(search, "parts_of", parts_of)
        write_archive(root, {NEW: event(title="It burns.")})
        assert found(root, "burns", cache) == [NEW, PATH]
        assert read == [NEW]

    def test_is_made_anew_where_it_is_damaged(self, root: Path, cache: Path) -> None:
        assert found(root, "burns", cache) == [PATH]
        [file] = cache.iterdir()
        file.write_bytes(b"no database at all" * 100)
        assert found(root, "burns", cache) == [PATH]
        file.write_bytes(file.read_bytes()[:5000])
        assert found(root, "burns", cache) == [PATH]

    def test_is_passed_over_where_it_cannot_be_asked(self, root: Path, cache: Path) -> None:
        assert found(root, "burns", cache) == [PATH]
        [file] = cache.iterdir()
        with closing(sqlite3.connect(file)) as db:
            db.execute("DROP TABLE files")
        assert found(root, "burns", cache) == [PATH]

    def test_is_not_needed(self, root: Path, tmp_path: Path) -> None:
        place = tmp_path / "file"
        place.write_text("no folder")
        assert found(root, "burns", place) == [PATH]
        assert found(root, "burns", root / "in-the-archive") == [PATH]
        assert not (root / "in-the-archive").exists()

    def test_is_not_trusted_where_others_may_write(self, root: Path, cache: Path) -> None:
        assert found(root, "burns", cache) == [PATH]
        [file] = cache.iterdir()
        file.chmod(0o666)
        file.write_bytes(b"")
        assert found(root, "burns", cache) == [PATH]
        assert file.read_bytes() == b""

    def test_goes_with_the_caches(self, root: Path, cache: Path) -> None:
        assert found(root, "burns", cache) == [PATH]
        assert clean(cache) == 1
        assert [*cache.iterdir()] == []


class TestFind:
    def test_prints_day_title_and_file(self, run: Run, root: Path) -> None:
        done = run("find", "pier", "opens", cwd=root)
        assert done.status == 0
        assert done.out.splitlines() == [
            f"2016-02-29 The pier opens. {OPENS[1:]}",
            f"2016-03-10 The pier opens again. {LATER[1:]}",
        ]

    def test_finds_damaged_pages_too(self, run: Run, root: Path, tmp_path: Path) -> None:
        write_archive(root, {NEW: "# It burns.\n", "/news/2016/02/31/x.md": event(title="Burns?")})
        done = run("find", "burns", "--root", root, "--no-cache", cwd=tmp_path)
        assert [line.split(" ")[0] for line in done.out.splitlines()] == [
            "?",
            "2016-03-02",
            "2016-03-02",
        ]

    def test_between_days(self, run: Run, root: Path) -> None:
        done = run("find", "pier", "--since", "2016-03-05", "--until", "2016-03-31", cwd=root)
        assert done.out.splitlines() == [f"2016-03-10 The pier opens again. {LATER[1:]}"]

    def test_says_by_its_status_that_there_is_nothing(self, run: Run, root: Path) -> None:
        assert run("find", "sinks", cwd=root) == (1, "", "")
        assert run("find", cwd=root).status == 2
