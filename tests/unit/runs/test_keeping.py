"""Changes of an archive by what runs keep of it: links are told without the records of pages."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

import newsarchive as na
from newsarchive.graph.joined import Joined
from newsarchive.runs import cache as cache_module
from newsarchive.runs.cache import Cache
from tests.builders import OPENS, PATH, REBUILT, TODAY, event, texts, write_archive
from tests.seams import at_rest

GONE = "/news/2016/03/2/fire.md"
OLDER = [f"[A fire.]({GONE}) _(First version)_", f"[The pier burns.]({PATH}) _(Current version)_"]


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    at_rest(monkeypatch)
    pages = {
        PATH: event(changes=OLDER, related=[f"[The pier opens.]({OPENS})"]),
        REBUILT: event("2016-03-4", "The pier is rebuilt.", related=[f"[Once.]({OPENS}#part)"]),
    }
    root = write_archive(tmp_path / "root", pages, small=True)
    na.check(root, today=TODAY, cache=tmp_path / "cache")
    return root


@pytest.fixture
def file(root: Path) -> Path:
    [found] = (root.parent / "cache").glob("*.sqlite")
    return found


def kept(root: Path) -> na.Archive:
    return na.with_cache(na.Archive(root), root.parent / "cache")


def told(archive: na.Archive, path: str) -> list[tuple[str, str, int]]:
    return [(page, link.target, link.start) for page, link in archive.links_in(path)]


def same(root: Path, records_read: list[Cache], times: int) -> None:
    """Links into every page are told as without a cache, and records are read so often."""
    archive, plain = kept(root), na.Archive(root)
    for path in (*plain, GONE, "/news/2016/03/2/none.md"):
        assert told(archive, path) == told(plain, path), path
    assert len(records_read) == times


def test_links_into_pages_are_told_without_records(root: Path, records_read: list[Cache]) -> None:
    same(root, records_read, 0)
    assert [link.page for link in kept(root).links_in(GONE)] == [PATH]
    pages = [link.page for link in kept(root).links_in(OPENS)]
    assert pages == ["/news/2016/02/29/index.md", PATH, REBUILT]


def test_older_paths_are_told_by_the_records(
    root: Path, records_read: list[Cache], tmp_path: Path
) -> None:
    expected = na.Archive(root).successors
    assert expected == {GONE: (PATH,)}
    assert kept(root).successors == expected
    assert len(records_read) == 1
    none = na.with_cache(na.Archive(root), tmp_path / "none")
    assert none.successors == expected
    assert len(records_read) == 1


def test_so_are_changes(root: Path, records_read: list[Cache]) -> None:
    other = write_archive(root.parent / "other", texts(root))
    for archive in (kept(root), na.Archive(other)):
        with archive.change() as change:
            change.move(OPENS, "/news/2016/02/29/it-opens.md")
            change.remove(REBUILT, entries=True)
    assert texts(root) == texts(other)
    assert records_read == []


@pytest.mark.parametrize("page", [PATH, OPENS])
def test_a_page_that_changed_is_read(root: Path, page: str, records_read: list[Cache]) -> None:
    write_archive(root, {page: event(related=[f"[The pier is rebuilt.]({REBUILT})"])})
    same(root, records_read, 0)


@pytest.mark.parametrize("column", ["state", *Joined._fields, "checksum"])
@pytest.mark.parametrize("value", [1, b"", "x", b"x" * 12])
def test_a_row_that_was_damaged(
    root: Path, file: Path, column: str, value: object, records_read: list[Cache]
) -> None:
    with closing(sqlite3.connect(file)) as db, db:
        db.execute(f"UPDATE joined SET {column} = ?", (value,))
    same(root, records_read, 1)
    same(root, records_read, 1)


@pytest.mark.parametrize("edited", [False, True])
@pytest.mark.parametrize(
    ("column", "value"),
    [
        *((name, b"x" * 8) for name in ("marks", "checks", "sizes", "gives", "wants", "counts")),
        *(("former", text) for text in ("{", "[]", '{"/x.md": [1]}', '{"/x.md": 1}', "[" * 10**5)),
        *(("folders", text) for text in ("", "/news")),
    ],
)
def test_a_row_that_is_none_of_ours(
    root: Path, file: Path, column: str, value: object, edited: bool, records_read: list[Cache]
) -> None:
    """Whoever can write the file can write a checksum."""
    with closing(sqlite3.connect(file)) as db, db:
        [(seed,)] = db.execute("SELECT seed FROM run")
        [(state, *columns, _)] = db.execute("SELECT * FROM joined")
        columns[Joined._fields.index(column)] = value
        checksum = cache_module._checksum([state, *columns], int(seed, 16))
        db.execute(f"UPDATE joined SET {column} = ?, checksum = ?", (value, checksum))
    write_archive(root, {PATH: event()} if edited else {})
    same(root, records_read, 1)
    same(root, records_read, 1)
