"""Whole exports: what is written, by whatever jobs, and what is left alone."""

import csv
import json
import sqlite3
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from pydantic import TypeAdapter

import newsarchive as na
from newsarchive.store.local import LocalFolder
from newsarchive.store.whole import written_whole
from newsarchive.tables.package import json_schema
from newsarchive.tables.schema import TABLES
from tests.builders import LATER, OPENS, PAGE, PATH, PROSE_PATH, contents, spoiled, write_archive
from tests.faults import Run
from tests.repositories import commit, git

pytestmark = pytest.mark.slow

FORMATS = ("parquet", "jsonl", "csv", "sqlite")
BROKEN = "/news/2016/03/2/no-date.md"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A small archive in which one page cannot be built, and one is not UTF-8."""
    pages: dict[str, str | bytes | None] = {
        BROKEN: "# No date.\n\nNothing.\n",
        OPENS: b"### [2016-02-29](/news/2016/02/29/index.md)\n\n# The p\xffer opens.\n\n\n\n\n",
        PROSE_PATH: 'Answers\r\n\r\nnone, \u2028 "quoted", a | bar\r\n',
    }
    return write_archive(tmp_path / "archive", pages, small=True)


def read_lines(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text("utf-8").split("\n")[:-1]]


def files(output: Path) -> dict[str, bytes]:
    return contents(output) if output.is_dir() else {"": output.read_bytes()}


@pytest.mark.parametrize("form", FORMATS)
class TestEveryFormat:
    def test_has_the_same_bytes_whatever_the_jobs_and_again(
        self, run: Run, root: Path, tmp_path: Path, form: str
    ) -> None:
        one, two = tmp_path / "one", tmp_path / "two"
        assert run("export", root, "--output", one, "--format", form, "--jobs", "1").status == 0
        assert run("export", root, "--output", two, "--format", form, "--jobs", "2").status == 0
        assert files(one) == files(two)
        before = files(one)
        done = run("export", root, "--output", one, "--format", form)
        assert (done.status, done.out) == (0, "")
        assert files(one) == before
        assert done.err.startswith(f"Wrote {one}: ")

    def test_goes_nowhere_where_something_else_stands(
        self, run: Run, root: Path, tmp_path: Path, form: str
    ) -> None:
        folder, file = tmp_path / "folder", tmp_path / "file"
        folder.mkdir()
        (folder / "mine.txt").write_text("mine")
        file.write_text("mine")
        for output in (folder, file):
            done = run("export", root, "--output", output, "--format", form)
            assert done.status == 2
            assert "something else is there" in done.err
        assert file.read_text() == "mine"
        assert contents(folder) == {"/mine.txt": b"mine"}

    def test_goes_nowhere_where_it_was_written_in_another_format(
        self, run: Run, root: Path, tmp_path: Path, form: str
    ) -> None:
        other = "csv" if form == "sqlite" else "sqlite"
        output = tmp_path / "out"
        assert run("export", root, "--output", output, "--format", other).status == 0
        assert run("export", root, "--output", output, "--format", form).status == 2

    def test_leaves_nothing_where_it_fails(
        self, run: Run, root: Path, tmp_path: Path, form: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        output = tmp_path / "out"
        assert run("export", root, "--output", output, "--format", form).status == 0
        before, there = files(output), {*tmp_path.iterdir()}

        def fail(*_: object) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr("newsarchive.tables.export.meta_row", fail)
        done = run("export", root, "--output", output, "--format", form)
        assert done.status == 2
        assert "No space left on device" in done.err
        assert (files(output), {*tmp_path.iterdir()}) == (before, there)

    def test_says_the_same_of_every_page(
        self, run: Run, root: Path, tmp_path: Path, form: str
    ) -> None:
        output = tmp_path / "out"
        assert run("export", root, "--output", output, "--format", form).status == 0
        found = {path: (title, built) for path, title, built in _pages(output, form)}
        assert found[BROKEN] == ("No date.", False)
        assert found[OPENS] == ("The p\ufffder opens.", False)
        assert found[PATH] == ("The pier burns.", True)
        assert sorted(found) == sorted(na.Archive(root))


def _pages(output: Path, form: str) -> list[tuple[str, str, bool]]:
    if form == "sqlite":
        rows = sqlite3.connect(output).execute("SELECT path, title, built FROM pages").fetchall()
        return [(path, title, bool(built)) for path, title, built in rows]
    if form == "csv":
        with (output / "pages.csv").open(newline="", encoding="utf-8") as file:
            return [(r["path"], r["title"], r["built"] == "true") for r in csv.DictReader(file)]
    if form == "parquet":
        import pyarrow.parquet as pq

        found = pq.read_table(output / "pages.parquet").to_pylist()
    else:
        found = read_lines(output / "pages.jsonl")
    return [(row["path"], row["title"], row["built"]) for row in found]


class TestJsonLines:
    @pytest.fixture
    def output(self, run: Run, root: Path, tmp_path: Path) -> Path:
        output = tmp_path / "out"
        assert run("export", root, "--output", output, "--format", "jsonl").status == 0
        return output

    def test_give_back_every_page(self, output: Path, root: Path) -> None:
        adapter: TypeAdapter[na.Page] = TypeAdapter(na.Page)
        for row in read_lines(output / "models.jsonl"):
            data = (root / row["path"][1:]).read_bytes()
            model = row["model"] and adapter.validate_python(row["model"])
            if row["text"] is not None:
                assert row["text"].encode() == data
            elif row["path"] == OPENS:  # no text that JSON could hold
                assert model is None
            else:
                assert na.render(model).encode() == data

    def test_are_admitted_by_the_schema(self, output: Path) -> None:
        whole = json_schema()
        jsonschema.Draft202012Validator.check_schema(whole)
        for name in TABLES:
            validator = jsonschema.Draft202012Validator({**whole, "anyOf": [whole["$defs"][name]]})
            for row in read_lines(output / f"{name}.jsonl"):
                validator.validate(row)

    def test_have_findings_as_a_check_has_them(self, output: Path, root: Path) -> None:
        found = na.check(root).diagnostics
        rows = read_lines(output / "findings.jsonl")
        assert [(r["page"], r["code"], r["line"], r["message"]) for r in rows] == [
            (d.page, d.code, d.line, d.message) for d in found
        ]
        assert rows
        assert [row["fixable"] for row in rows] == [d.fix is not None for d in found]

    def test_say_what_they_were_made_of(self, output: Path) -> None:
        [row] = read_lines(output / "meta.jsonl")
        assert row["newsarchive_version"] == na.__version__
        assert row["git_commit"] is None
        for name in ("pages", "sources", "related", "entries", "changes", "links", "findings"):
            assert row[name] == len(read_lines(output / f"{name}.jsonl"))

    def test_stream_one_table_to_standard_output(self, run: Run, root: Path, output: Path) -> None:
        done = run("export", root, "--output", "-", "--format", "jsonl", "--tables", "related")
        assert (done.status, done.err) == (0, "")
        assert done.out == (output / "related.jsonl").read_text("utf-8")

    @pytest.mark.parametrize("words", [(), ("--tables", "pages,links"), ("--format", "csv")])
    def test_that_takes_exactly_one_table(self, run: Run, root: Path, words: list[str]) -> None:
        form = () if "--format" in words else ("--format", "jsonl")
        assert run("export", root, "--output", "-", *form, *words).status == 2


class TestWhatIsAskedFor:
    def test_some_tables(self, run: Run, root: Path, tmp_path: Path) -> None:
        output = tmp_path / "out"
        done = run("export", root, "--output", output, "--format", "csv", "--tables", "meta,links")
        assert done.status == 0
        assert {*contents(output)} == {"/links.csv", "/meta.csv", "/datapackage.json"}

    @pytest.mark.parametrize(("form", "name"), [("csv", "events"), ("csv", "models")])
    def test_no_table_of_that_name(self, run: Run, root: Path, form: str, name: str) -> None:
        done = run("export", root, "--output", "x", "--format", form, "--tables", name)
        assert done.status == 2
        assert f"there is no table '{name}'; there are pages, " in done.err

    def test_some_days(self, run: Run, root: Path, tmp_path: Path) -> None:
        output = tmp_path / "out"
        days = ("--since", "2016-03-02", "--until", "2016-03-04")
        assert run("export", root, "--output", output, "--format", "jsonl", *days).status == 0
        paths = {row["path"] for row in read_lines(output / "pages.jsonl")}
        assert PATH in paths
        assert paths.isdisjoint({OPENS, LATER, PROSE_PATH})
        assert {row["page"] for row in read_lines(output / "findings.jsonl")} <= paths

    def test_days_in_the_wrong_order(self, run: Run, root: Path, tmp_path: Path) -> None:
        days = ("--since", "2016-03-04", "--until", "2016-03-02")
        for words in (("export", root, "--output", tmp_path / "out"), ("find", "pier")):
            done = run(*words, *days, cwd=root)
            assert done.status == 2
            assert "--since 2016-03-04 is later than --until 2016-03-02" in done.err
        assert not (tmp_path / "out").exists()

    def test_findings_that_depend_on_the_day_only_where_one_is_given(
        self, run: Run, root: Path, tmp_path: Path
    ) -> None:
        for words, expected in (((), False), (("--today", "2016-03-01"), True)):
            output = tmp_path / f"out{expected}"
            assert run("export", root, "--output", output, "--format", "jsonl", *words).status == 0
            names = {row["name"] for row in read_lines(output / "findings.jsonl")}
            assert ("future-date" in names) is expected

    def test_no_part_of_an_archive(self, run: Run, root: Path) -> None:
        done = run("export", root / "news", "--output", "x", "--format", "csv")
        assert done.status == 2
        assert "is a part of an archive" in done.err

    @pytest.mark.parametrize("place", ["news/out", "gone/out"])
    def test_no_place_among_the_pages_nor_one_that_is_not_there(
        self, run: Run, root: Path, place: str
    ) -> None:
        done = run("export", root, "--output", root / place, "--format", "csv")
        assert done.status == 2
        assert "cannot write" in done.err
        assert not (root / place).exists()

    def test_an_empty_folder_is_a_place(self, run: Run, root: Path, tmp_path: Path) -> None:
        output = tmp_path / "out"
        output.mkdir()
        assert run("export", root, "--output", output, "--format", "csv").status == 0
        assert (output / "pages.csv").exists()

    def test_parquet_without_pyarrow(
        self, run: Run, root: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.delitem(sys.modules, "newsarchive.tables.parquet", raising=False)
        monkeypatch.delattr("newsarchive.tables.parquet", raising=False)
        monkeypatch.setitem(sys.modules, "pyarrow", None)
        done = run("export", root, "--output", "x", "--format", "parquet")
        assert done.status == 2
        assert "pip install 'newsarchive[parquet]'" in done.err


class TestACheckout:
    def test_is_named_by_its_commit(self, run: Run, tmp_path: Path) -> None:
        root = write_archive(tmp_path / "archive", small=True)
        git(root, "init")
        made = commit(root)
        output = tmp_path / "out"

        def meta() -> tuple[str, bool]:
            assert run("export", root, "--output", output, "--format", "jsonl").status == 0
            [row] = read_lines(output / "meta.jsonl")
            return row["git_commit"], row["git_clean"]

        assert meta() == (made, True)
        (root / "note.txt").write_text("no page")
        assert meta() == (made, True)
        (root / PATH[1:]).write_text(spoiled("Nobody was hurt.", "All is well.", PAGE))
        assert meta() == (made, False)


def test_what_is_written_whole_stays_as_it_was_where_writing_fails(tmp_path: Path) -> None:
    output = tmp_path / "out"
    output.write_text("old")

    def write() -> None:
        with written_whole(output, lambda _: True, folder=False) as new:
            new.write_text("half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write()
    assert output.read_text() == "old"
    assert [*tmp_path.iterdir()] == [output]


def test_a_place_that_somebody_took_meanwhile_is_left(tmp_path: Path) -> None:
    output = tmp_path / "out"

    def write() -> None:
        with written_whole(output, lambda _: False, folder=False) as new:
            new.write_text("new")
            output.write_text("theirs")

    with pytest.raises(na.RefusedWriteError, match="something else is there"):
        write()
    assert output.read_text() == "theirs"


def test_a_process_that_is_killed_is_made_up_for(
    run: Run, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(function: Any, common: Any, tasks: Any, processes: int, *, ahead: int) -> Any:
        return ((task, None) for task in tasks)

    monkeypatch.setattr("newsarchive.tables.making.calls", killed)
    output = tmp_path / "out"
    words = ("--format", "jsonl", "--jobs", "2")
    assert run("export", root, "--output", output, *words).status == 0
    assert len(read_lines(output / "pages.jsonl")) == len(na.Archive(root))


def test_rows_and_findings_come_from_one_look_at_a_page(
    run: Run, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []
    whole = LocalFolder.read_many

    def counted(store: LocalFolder, paths: Iterable[str]) -> Iterator[tuple[str, bytes | OSError]]:
        for path, data in whole(store, paths):
            read.append(path)
            yield path, data

    monkeypatch.setattr(LocalFolder, "read_many", counted)
    plain, cached = tmp_path / "plain", tmp_path / "cached"
    words = ("--format", "jsonl", "--jobs", "1")
    assert run("export", root, "--output", plain, *words, "--no-cache").status == 0
    assert read.count(PROSE_PATH) == 1  # which no other page asks for
    keeping = (*words, "--cache-dir", tmp_path / "cache")
    for _ in range(2):  # the second time, the findings are known
        assert run("export", root, "--output", cached, *keeping).status == 0
        assert files(cached) == files(plain)
    page = root / PATH[1:]
    page.write_text(page.read_text("utf-8").replace("### Related:", "### Relatedd:"), "utf-8")
    assert run("export", root, "--output", cached, *keeping).status == 0
    assert run("export", root, "--output", plain, *words, "--no-cache").status == 0
    assert files(cached) == files(plain)


def test_the_file_of_sqlite_keeps_its_keys(run: Run, root: Path, tmp_path: Path) -> None:
    output = tmp_path / "out.sqlite"
    assert run("export", root, "--output", output, "--format", "sqlite").status == 0
    db = sqlite3.connect(output)
    assert db.execute("PRAGMA foreign_key_check").fetchall() == []
    assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert db.execute("SELECT term FROM related_context WHERE page = ?", (PATH,)).fetchall() == [
        ("pier",),
        ("Veldania",),
    ]
    found = "SELECT path FROM pages JOIN pages_fts ON pages.rowid = pages_fts.rowid"
    assert db.execute(f"{found} WHERE pages_fts MATCH 'hurt'").fetchall() == [(PATH,)]
    db.close()


def test_git_is_not_needed(
    run: Run, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path / "empty"))
    output = tmp_path / "out"
    assert run("export", root, "--output", output, "--format", "jsonl").status == 0
    assert read_lines(output / "meta.jsonl")[0]["git_clean"] is None
