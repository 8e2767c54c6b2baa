"""``newsarchive report``: a file, a history, and what is refused."""

import json
import os
import re
import sys
from pathlib import Path
from typing import Any

import pytest

import newsarchive as na
from newsarchive.archive import view_of
from newsarchive.findings.remedies import remedy_of
from newsarchive.runs.figures import named
from newsarchive.runs.history import PastRuns, read_history
from tests.builders import OPENS, PATH, SMALL_ARCHIVE, event, write_archive
from tests.faults import Done, Run
from tests.repositories import commit, git

pytest.importorskip("jinja2", reason="needs Jinja2, which writes the report")

BROKEN = SMALL_ARCHIVE[PATH].replace("/the-pier-opens.md", "/gone.md")


@pytest.fixture
def run(run: Run) -> Run:
    def report(*args: str | Path, **options: Any) -> Done:
        cache = () if "--cache-dir" in args else ("--no-cache",)
        return run("report", "--jobs", "1", *cache, *args, **options)

    return report


@pytest.fixture
def faulty(tmp_path: Path) -> Path:
    return write_archive(tmp_path / "harbour", {**SMALL_ARCHIVE, PATH: BROKEN})


def with_many(root: Path) -> Path:
    """An archive with more findings than a report lists."""
    many = "".join(f"{n}. [Gone {n}.](/news/2016/03/2/gone-{n}.md)\n" for n in range(3, 60))
    text = SMALL_ARCHIVE[PATH]
    end = text.index("### Changes:") if "### Changes:" in text else len(text)
    start = text.index("### Related:")
    related = text[start:end].rstrip("\n") + "\n" + many + "\n"
    return write_archive(root, {**SMALL_ARCHIVE, PATH: text[:start] + related + text[end:]})


class TestWriting:
    def test_it_writes_one_file(self, run: Run, faulty: Path, tmp_path: Path) -> None:
        done = run("harbour", "-o", "report.html", cwd=tmp_path)
        assert (done.status, done.out, done.err) == (0, "", "")
        text = (tmp_path / "report.html").read_text("utf-8")
        assert "Archive health · harbour" in text
        assert "newsarchive check harbour --diff" in text
        assert sorted(p.name for p in tmp_path.iterdir()) == ["harbour", "report.html"]

    def test_the_same_archive_gives_the_same_bytes(
        self, run: Run, faulty: Path, tmp_path: Path
    ) -> None:
        for name in ("a.html", "b.html"):
            run(faulty, "-o", tmp_path / name)
        assert (tmp_path / "a.html").read_bytes() == (tmp_path / "b.html").read_bytes()

    def test_standard_output_is_a_file_too(self, run: Run, faulty: Path, tmp_path: Path) -> None:
        run(faulty, "-o", tmp_path / "a.html")
        assert run(faulty).out == (tmp_path / "a.html").read_text("utf-8")

    @pytest.mark.parametrize("jobs", [1, 2])
    def test_where_it_cannot_list_all_the_rest_stands_beside(
        self, run: Run, tmp_path: Path, jobs: int
    ) -> None:
        root = with_many(tmp_path / "a")
        run(root, "-o", tmp_path / "r.html", "--jobs", str(jobs))
        assert "all findings are in r.jsonl" in (tmp_path / "r.html").read_text("utf-8")
        head, *lines = map(json.loads, (tmp_path / "r.jsonl").read_text().splitlines())
        report = na.check(root)
        assert head == {"type": "summary", "schema_version": 1, **report.summary_object()}
        assert len(lines) > 50
        for line, found in zip(lines, report.diagnostics, strict=True):
            told = found.to_dict()
            assert line.pop("type") == "finding"
            assert line.pop("remedy") == remedy_of(found).value
            if found.target:
                assert line.pop("suggestions") == [s["path"] for s in told["suggestions"]]
                assert line.pop("target") == found.target
            keys = ("code", "name", "severity", "page", "line", "column", "message")
            assert line == {key: told[key] for key in keys}

    def test_how_many_processes_there_are_makes_no_difference(
        self, run: Run, tmp_path: Path
    ) -> None:
        root = with_many(tmp_path / "a")
        for jobs in ("1", "2"):
            run(root, "-o", tmp_path / f"{jobs}.html", "--jobs", jobs)
        text = (tmp_path / "1.html").read_text("utf-8").replace("1.jsonl", "2.jsonl")
        assert text == (tmp_path / "2.html").read_text("utf-8")
        assert (tmp_path / "1.jsonl").read_bytes() == (tmp_path / "2.jsonl").read_bytes()

    def test_a_list_that_cannot_be_written_is_an_error(self, run: Run, tmp_path: Path) -> None:
        root = with_many(tmp_path / "a")
        (tmp_path / "r.jsonl").mkdir()
        done = run(root, "-o", tmp_path / "r.html", "--jobs", "2")
        assert done.status == 2
        assert "r.jsonl" in done.err
        assert not (tmp_path / "r.html").exists()

    def test_without_jinja_nothing_is_checked(
        self, run: Run, faulty: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(sys.modules, "jinja2", None)
        monkeypatch.setattr("newsarchive.runs.engine.check_view", None)
        done = run(faulty, "-o", tmp_path / "r.html")
        assert done.status == 2
        assert "--format html: " in done.err
        assert "newsarchive[report]" in done.err

    def test_markdown_is_for_a_job_s_summary(self, run: Run, faulty: Path) -> None:
        done = run(faulty, "--format", "markdown")
        assert done.status == 0
        assert done.out.startswith("## Archive health: harbour\n\n**1 error")
        assert "/rules/NA201/) broken-related-link | error | 1 |" in done.out
        assert "    newsarchive check" in done.out

    def test_it_tells_what_is_new(self, run: Run, faulty: Path, tmp_path: Path) -> None:
        options = ("--format", "markdown", "--history", tmp_path / "h.jsonl")
        assert "Since the last report" not in run(faulty, *options).out
        (faulty / OPENS[1:]).unlink()
        assert "Since the last report: **1 new**, **0 gone**." in run(faulty, *options).out

    def test_a_cache_that_cannot_be_written_is_told_of(
        self, run: Run, faulty: Path, tmp_path: Path
    ) -> None:
        (tmp_path / "file").write_text("")
        done = run(faulty, "--cache-dir", tmp_path / "file")
        assert (done.status, "cache" in done.err) == (0, True)
        assert run(faulty, "--cache-dir", tmp_path / "file", "--quiet").err == ""

    def test_the_state_is_named_where_git_keeps_it(self, run: Run, faulty: Path) -> None:
        git(faulty, "init", "-q")
        git(faulty, "add", ".")
        made = commit(faulty)
        assert f"commit {made[:10]} (clean)" in run(faulty).out
        (faulty / PATH[1:]).write_bytes(SMALL_ARCHIVE[PATH].encode())
        assert f"commit {made[:10]} (changed)" in run(faulty).out


class TestHistory:
    def test_what_is_new_and_gone_is_true(self, run: Run, faulty: Path, tmp_path: Path) -> None:
        history = tmp_path / "history.jsonl"

        def reported() -> str:
            return " ".join(run(faulty, "--history", history).out.split())

        assert "since the last report" not in reported()
        assert "since the last report: <b>+0</b> new, <b>−0</b> gone" in reported()
        (faulty / PATH[1:]).write_bytes(BROKEN.replace("\n2. ", "\n7. ").encode())
        appeared = re.search(r"<b>\+(\d+)</b> new, <b>−0</b> gone", reported())
        assert appeared
        assert int(appeared[1]) > 0
        (faulty / PATH[1:]).write_bytes(SMALL_ARCHIVE[PATH].encode())
        last = reported()
        gone = len(json.loads(history.read_text().splitlines()[-1])["gone"])
        assert gone > int(appeared[1])
        assert f"<b>+0</b> new, <b>−{gone}</b> gone" in last
        assert "Errors and warnings in 4 runs" in last
        lines = [json.loads(line) for line in history.read_text().splitlines()]
        assert [(bool(line["new"]), bool(line["gone"])) for line in lines] == [
            (True, False), (False, False), (True, False), (False, True),
        ]  # fmt: skip

    def test_a_line_has_no_more_than_what_changed(self) -> None:
        report = na.Report(())
        one = PastRuns().appended(report, "2016-03-01", "", ["a", "b"])
        two = one.appended(report, "2016-03-02", "", ["b", "c"])
        assert [json.loads(line)["new"] for line in two.lines] == [["a", "b"], ["c"]]
        assert json.loads(two.lines[1])["gone"] == ["a"]
        assert two.known == frozenset("bc")

    @pytest.mark.parametrize(
        ("text", "reason"),
        [
            ("no json\n", "1: this is no line of a history"),
            ('{"newsarchive-history": 99}\n', "1: a newer newsarchive wrote it"),
            ('{"newsarchive-history": 1}\n', "1: a part of the line is missing"),
            ("[[[[", "1: this is no line of a history"),
        ],
    )
    def test_a_file_that_is_none_is_refused_and_left_alone(
        self, run: Run, faulty: Path, tmp_path: Path, text: str, reason: str
    ) -> None:
        history = tmp_path / "history.jsonl"
        history.write_text(text)
        done = run(faulty, "--history", history, "-o", tmp_path / "r.html")
        assert done.status == 2
        assert f"{history}:{reason}" in done.err
        assert history.read_text() == text
        assert not (tmp_path / "r.html").exists()

    def test_lost_lines_are_seen(self, tmp_path: Path) -> None:
        report = na.Report(())
        one = PastRuns().appended(report, "2016-03-01", "", ["a"])
        two = one.appended(report, "2016-03-02", "", [])
        file = tmp_path / "history.jsonl"
        file.write_text(two.lines[1] + "\n")
        with pytest.raises(na.HistoryError, match="lines are lost"):
            read_history(file)

    def test_fingerprints_made_in_another_way_are_not_compared(self, tmp_path: Path) -> None:
        line = json.loads(PastRuns().appended(na.Report(()), "2016-03-01", "", ["a"]).lines[0])
        file = tmp_path / "history.jsonl"
        file.write_text(json.dumps({**line, "fingerprints": 0}) + "\n")
        assert read_history(file).known is None


class TestRefused:
    def test_a_part_of_an_archive(self, run: Run, faulty: Path) -> None:
        done = run(faulty / "news" / "2016")
        assert done.status == 2
        assert "is a part of an archive" in done.err

    @pytest.mark.parametrize("option", ["-o", "--history"])
    def test_files_among_the_pages(self, run: Run, faulty: Path, option: str) -> None:
        done = run(faulty, option, faulty / "news" / "x.html")
        assert done.status == 2
        assert "among the pages of the archive" in " ".join(done.err.split())

    def test_pages_of_html_on_a_terminal(
        self, run: Run, faulty: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
        done = run(faulty)
        assert (done.status, done.out) == (2, "")
        assert "-o names the file that is written" in done.err

    @pytest.mark.parametrize(
        ("option", "name", "reason"),
        [
            ("-o", ".", "a folder"),
            ("-o", "x" * 300, "name too long"),
            ("--history", ".", "a folder"),
            ("--history", "loop", "levels of symbolic links"),
        ],
    )
    def test_what_is_no_file(
        self, run: Run, faulty: Path, tmp_path: Path, option: str, name: str, reason: str
    ) -> None:
        (tmp_path / "loop").symlink_to("loop")
        done = run(faulty, option, tmp_path / name)
        assert (done.status, done.out) == (2, "")
        assert str(tmp_path / name)[:40] in done.err
        assert reason in done.err

    def test_one_file_for_two_things(self, run: Run, faulty: Path, tmp_path: Path) -> None:
        done = run(faulty, "-o", tmp_path / "r.html", "--history", tmp_path / "r.jsonl")
        assert done.status == 2
        assert "another report is written there" in " ".join(done.err.split())


def test_what_has_to_be_decided_is_told_with_the_titles(run: Run, tmp_path: Path) -> None:
    near = [f"/news/2016/03/2/the-harbour-{word}.md" for word in ("burns-down", "burns-again")]
    titles = ["Harbour burns down.", "Harbour burns again."]
    pages = {path: event(title=title) for path, title in zip(near, titles, strict=True)}
    link = "[The harbour burned, they said.](/news/2016/03/2/the-harbour-burns.md)"
    pages[PATH] = event(related=[link])
    root = write_archive(tmp_path / "a", pages, small=True)
    out = run(root).out
    assert "The harbour burned, they said." in out
    assert all(title in out for title in titles)
    view = view_of(na.Archive(root))
    report = na.check(root, select=["NA201"])
    figures = na.figures(root)
    (root / PATH[1:]).unlink()
    assert named(figures, view, report).titles["/news/2016/03/2/the-harbour-burns.md"] == ""


def test_events_that_cannot_be_read_do_not_count(faulty: Path) -> None:
    whole = na.figures(faulty)
    os.truncate(faulty / PATH[1:], 1 << 40)
    found = na.figures(faulty)
    assert sum(found.events.values()) == sum(whole.events.values()) - 1
    assert PATH not in {*found.most_linked, *found.isolated}


def test_figures_are_counted_from_the_pages(faulty: Path) -> None:
    found = na.figures(faulty)
    archive = na.Archive(faulty)
    events = list(archive.events())
    assert sum(found.events.values()) == len(events)
    related = [(e.path, r.path) for e in events for r in e.related]
    inside = {pair for pair in related if pair[1] in archive and pair[0] != pair[1]}
    assert sum(found.years.values()) == len(inside)
    assert sum(found.hosts.values()) == sum(len(e.sources) for e in events)
    assert sum(size * n for size, n in found.components.items()) == len(events)
    assert set(found.isolated) == {e.path for e in events} - {p for pair in inside for p in pair}
    best = max({t for _, t in inside}, key=lambda t: sum(pair[1] == t for pair in inside))
    assert next(iter(found.most_linked.values())) == sum(pair[1] == best for pair in inside)
