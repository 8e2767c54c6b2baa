"""What a run keeps for the next one changes no finding, whatever happened in between."""

import os
import shutil
import sqlite3
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import newsarchive as na
from tests.builders import SMALL_ARCHIVE, TODAY, write_archive

PAGES = sorted(SMALL_ARCHIVE)


def findings(root: Path, cache: Path | None = None, jobs: int = 1) -> tuple[na.Diagnostic, ...]:
    return na.check(root, today=TODAY, cache=cache, jobs=jobs).diagnostics


def cache_file(cache: Path) -> Path:
    [file] = cache.glob("*.sqlite")
    return file


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    root = tmp_path / "archive"
    write_archive(root, SMALL_ARCHIVE)
    return root


EDITS = st.lists(
    st.tuples(
        st.sampled_from(["append", "title", "rename", "delete", "restore", "touch"]),
        st.sampled_from(PAGES),
    ),
    max_size=6,
)


def edit(root: Path, what: str, page: str) -> None:
    file = root / page[1:]
    if what == "restore":
        file.write_text(SMALL_ARCHIVE[page], encoding="utf-8")
    elif not file.exists():
        return
    elif what == "append":
        file.write_bytes(file.read_bytes() + b"stray\n")
    elif what == "title":
        file.write_bytes(file.read_bytes().replace(b"\n# ", b"\n# Not "))
    elif what == "rename":
        file.rename(file.with_name("moved.md"))
    elif what == "delete":
        file.unlink()
    else:
        os.utime(file, ns=(1, 1))


@settings(max_examples=25)
@given(steps=st.lists(EDITS, min_size=1, max_size=3))
def test_cold_and_warm_runs_find_the_same(
    tmp_path_factory: pytest.TempPathFactory, steps: list[list[tuple[str, str]]]
) -> None:
    base = tmp_path_factory.mktemp("runs")
    root, cache = base / "archive", base / "cache"
    write_archive(root, SMALL_ARCHIVE)
    findings(root, cache)
    for step in steps:
        for what, page in step:
            edit(root, what, page)
        cold = findings(root)
        assert findings(root, cache) == cold
        assert findings(root, cache, jobs=2) == cold
    shutil.rmtree(base)


def test_a_change_of_the_same_size_and_time_is_seen(archive: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    file = archive / PAGES[0][1:]
    before = file.stat()
    findings(archive, cache)
    data = file.read_bytes()
    file.write_bytes(data.replace(b"### ", b"###\t", 1).replace(b"## [", b"##\t[", 1))
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert file.stat().st_size == len(data)
    assert findings(archive, cache) == findings(archive)


@pytest.mark.parametrize("content", [b"", b"not a database", b"SQLite format 3\0" + b"\xff" * 5000])
def test_a_corrupt_cache_costs_time_alone(archive: Path, tmp_path: Path, content: bytes) -> None:
    cache = tmp_path / "cache"
    cold = findings(archive, cache)
    cache_file(cache).write_bytes(content)
    assert findings(archive, cache) == cold
    assert findings(archive, cache) == cold


def test_a_foreign_database_is_not_believed(archive: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    cold = findings(archive, cache)
    file = cache_file(cache)
    file.unlink()
    with sqlite3.connect(file) as database:
        database.execute("CREATE TABLE folders (x)")
    database.close()
    assert findings(archive, cache) == cold


def test_a_page_lost_from_the_cache_is_read_again(archive: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    cold = findings(archive, cache)
    with sqlite3.connect(cache_file(cache)) as database:
        database.execute("DELETE FROM folders WHERE folder LIKE '%29%'")
    database.close()
    assert findings(archive, cache) == cold


def test_a_folder_that_cannot_be_made_costs_the_cache_alone(archive: Path, tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("no folder")
    assert findings(archive, blocked / "cache") == findings(archive)


def test_the_cache_never_lies_in_the_archive(archive: Path) -> None:
    cold = findings(archive)
    assert findings(archive, archive / "cache") == cold
    assert not (archive / "cache").exists()


def test_the_clock_is_not_kept(archive: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    findings(archive, cache)
    day = TODAY.replace(year=2000)
    early = na.check(archive, today=day, cache=cache)
    assert {d.code for d in early.diagnostics} == {"NA304"}
    assert early == na.check(archive, today=day)
