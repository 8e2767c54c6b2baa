"""The baseline: which findings it keeps back, and its file."""

import json
import os
import stat
from pathlib import Path

import pytest

import newsarchive as na
from newsarchive.runs import baseline
from newsarchive.runs.baseline import KnownFinding, Scope, compare, read_baseline, write_baseline
from newsarchive.runs.fingerprints import VERSION
from newsarchive.settings import PerPath, Settings
from newsarchive.store.atomic import MAX_BYTES
from newsarchive.store.git_tree import tree_at
from tests.builders import OPENS, PATH, REBUILT, SMALL_ARCHIVE, TODAY, event, write_archive
from tests.repositories import commit, git, needs_git

HEADER = f'{{"newsarchive-baseline": 1, "fingerprints": {VERSION}}}\n'
BROKEN = SMALL_ARCHIVE[OPENS].replace(f"]({PATH})", "](/news/2016/03/2/gone.md)")
REMARK = event("2016-03-4", "The pier is rebuilt.", description="&quot;Done.&quot;")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """An archive with an error and a remark."""
    return write_archive(tmp_path / "a", {OPENS: BROKEN, REBUILT: REMARK}, small=True)


def compared(
    root: Path,
    entries: tuple[KnownFinding, ...] = (),
    settings: Settings | None = None,
    only: set[str] | None = None,
) -> baseline.BaselineComparison:
    """A run over an archive beside a baseline."""
    settings = settings or Settings()
    archive = na.Archive(root)
    report = na.check(archive, settings=settings, only=only, today=TODAY)
    return compare(entries, archive, report, Scope(settings, only))


def codes(found: na.Report) -> list[str]:
    return [d.code for d in found.diagnostics]


class TestComparing:
    def test_without_a_baseline_every_finding_is_new(self, root: Path) -> None:
        found = compared(root)
        assert codes(found.report) == ["NA201", "NA505"]
        assert [(e.code, e.page, e.line) for e in found.new] == [
            ("NA201", OPENS, 14), ("NA505", REBUILT, 5),
        ]  # fmt: skip
        assert (len(found.kept), found.unneeded) == (0, ())
        assert found.new[1].message == na.check(root, select=["NA505"]).diagnostics[0].message

    def test_what_it_knows_is_kept_back(self, root: Path) -> None:
        known = compared(root).new
        found = compared(root, known)
        assert (found.report.diagnostics, len(found.kept), found.new, found.unneeded) == (
            (),
            2,
            (),
            (),
        )
        assert found.report.page_count == 12

    def test_what_is_new_is_told(self, root: Path) -> None:
        known = compared(root).new
        page = root / PATH[1:]
        page.write_text(page.read_text().replace("\n2. ", "\n7. "))
        found = compared(root, known)
        assert set(codes(found.report)) == {"NA108"}
        assert len(found.kept) == 2

    def test_lines_may_shift(self, root: Path) -> None:
        known = compared(root).new
        shifted = event(
            "2016-02-29", "The pier opens.", sources=["[A](https://a.example)"] * 3,
            related=["[The pier burns.](/news/2016/03/2/gone.md)"],
        )  # fmt: skip
        write_archive(root, {OPENS: shifted})
        [broken] = na.check(root, select=["NA201"]).diagnostics
        assert broken.line == known[0].line + 2
        found = compared(root, known)
        assert "NA201" not in codes(found.report)
        assert (len(found.kept), found.unneeded) == (2, ())

    def test_a_page_may_be_renamed(self, root: Path) -> None:
        new = "/news/2016/02/29/the-pier-is-open.md"
        changes = [
            f"[The pier opens.]({OPENS}) _2016-02-29 10:00:00 (First version)_",
            f"[The pier is open.]({new}) _(Current version)_",
        ]
        known = compared(root).new
        (root / OPENS[1:]).unlink()
        text = event("2016-02-29", "The pier is open.", changes=changes)
        related = BROKEN[BROKEN.index("### Related") :]
        (root / new[1:]).write_text(text.replace("### Changes", f"{related}\n### Changes"))
        found = compared(root, known)
        assert "NA201" not in {e.code for e in found.new if e.page == new}
        assert len(found.kept) == 2
        assert found.unneeded == ()

    @pytest.mark.slow
    @needs_git
    def test_git_may_know_of_the_rename(self, root: Path) -> None:
        git(root, "init", "-q")
        commit(root)
        known = compared(root).new
        (root / OPENS[1:]).rename(root / "news/2016/02/29/the-pier-is-open.md")
        commit(root)
        found = compared(root, known)
        assert found.unneeded == ()
        assert len(found.kept) == 2
        kept = na.Archive(tree_at(root, "HEAD"))
        report = na.check(kept, today=TODAY)
        assert len(compare(known, kept, report, Scope(Settings())).kept) == 2

    def test_a_finding_that_is_gone_leaves_an_entry_in_vain(self, root: Path) -> None:
        known = compared(root).new
        write_archive(root, {OPENS: SMALL_ARCHIVE[OPENS]})
        found = compared(root, known)
        assert [e.code for e in found.unneeded] == ["NA201"]
        assert len(found.kept) == 1

    def test_a_run_over_some_pages_says_nothing_of_the_others(self, root: Path) -> None:
        known = compared(root).new
        write_archive(root, {OPENS: SMALL_ARCHIVE[OPENS], REBUILT: SMALL_ARCHIVE[REBUILT]})
        assert compared(root, known, only={PATH}).unneeded == ()
        assert [e.code for e in compared(root, known, only={OPENS}).unneeded] == ["NA201"]

    def test_a_run_of_some_rules_says_nothing_of_the_others(self, root: Path) -> None:
        known = compared(root).new
        write_archive(root, {OPENS: SMALL_ARCHIVE[OPENS], REBUILT: SMALL_ARCHIVE[REBUILT]})
        spared = Settings(per_path=(PerPath(("4/",), ignore=("NA5",)),))
        assert [e.code for e in compared(root, known, spared).unneeded] == ["NA201"]
        assert [e.code for e in compared(root, known, Settings(select=("NA5",))).unneeded] == [
            "NA505"
        ]
        assert len(compared(root, known).unneeded) == 2

    def test_a_second_finding_of_the_same_kind_is_new(self, root: Path) -> None:
        known = compared(root).new
        twice = BROKEN + "2. [The pier is rebuilt.](/news/2016/03/4/gone-too.md)\n"
        write_archive(root, {OPENS: twice})
        found = compared(root, known)
        assert [(d.code, d.target) for d in found.report.diagnostics] == [
            ("NA201", "/news/2016/03/4/gone-too.md")
        ]


class TestFile:
    def test_one_finding_is_one_line(self, root: Path, tmp_path: Path) -> None:
        file = tmp_path / "known.jsonl"
        entries = compared(root).new
        assert write_baseline(file, entries)
        header, *lines = file.read_text().splitlines()
        assert header + "\n" == HEADER
        first = json.loads(lines[0])
        assert list(first) == ["page", "code", "line", "fingerprint", "message"]
        assert (first["page"], first["code"], first["line"]) == (OPENS, "NA201", 14)
        assert len(lines) == 2

    def test_what_is_written_is_read(self, root: Path, tmp_path: Path) -> None:
        file = tmp_path / "known.jsonl"
        entries = compared(root).new
        entries = (entries[0], KnownFinding(**{**vars(entries[1]), "reason": "as printed"}))
        write_baseline(file, entries)
        assert read_baseline(file) == entries

    def test_it_does_not_depend_on_the_order(self, tmp_path: Path) -> None:
        entries = [KnownFinding(f"{n:032x}", "NA201", "/news/a.md", 9 - n, "x") for n in range(9)]
        first, second = tmp_path / "1", tmp_path / "2"
        write_baseline(first, entries)
        write_baseline(second, entries[::-1])
        assert first.read_bytes() == second.read_bytes()

    def test_a_file_that_would_stay_is_not_written(self, root: Path, tmp_path: Path) -> None:
        file = tmp_path / "known.jsonl"
        entries = compared(root).new
        write_baseline(file, entries)
        before = file.stat()
        assert not write_baseline(file, entries)
        assert file.stat() == before
        assert write_baseline(file, entries[:1])
        assert read_baseline(file) == entries[:1]

    def test_a_byte_order_mark_does_not_count(self, root: Path, tmp_path: Path) -> None:
        entries, file = compared(root).new, tmp_path / "known.jsonl"
        write_baseline(file, entries)
        file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())
        assert read_baseline(file) == entries

    def test_nothing_in_it_moves_a_terminal(self, tmp_path: Path) -> None:
        file = tmp_path / "known.jsonl"
        entry = KnownFinding("0" * 32, "NA505", "/news/é.md", 1, "\x1b[31m \u202e \u2028 'ö'")
        write_baseline(file, [entry])
        assert all(line.isprintable() for line in file.read_text("utf-8").split("\n"))
        assert read_baseline(file) == (entry,)
        write_baseline(file, [KnownFinding("0" * 32, "NA505", "/news/é.md", 1, "日本")])
        assert "日本" in file.read_text("utf-8")

    def test_others_may_read_it(self, tmp_path: Path) -> None:
        file = tmp_path / "known.jsonl"
        mask = os.umask(0o027)
        try:
            write_baseline(file, [])
        finally:
            os.umask(mask)
        assert stat.S_IMODE(file.stat().st_mode) == 0o640
        file.chmod(0o600)
        write_baseline(file, [KnownFinding("0" * 32, "NA505", "/a.md", 1, "x")])
        assert stat.S_IMODE(file.stat().st_mode) == 0o600

    def test_a_link_is_not_written_through(self, tmp_path: Path) -> None:
        (tmp_path / "target").write_text(HEADER)
        (tmp_path / "link").symlink_to("target")
        with pytest.raises(PermissionError, match="it is no regular file"):
            write_baseline(tmp_path / "link", [])
        with pytest.raises(PermissionError, match="it is no regular file"):
            write_baseline(tmp_path, [])

    def test_a_line_that_a_merge_left_twice_counts_once(self, tmp_path: Path) -> None:
        file = tmp_path / "known.jsonl"
        write_baseline(file, [KnownFinding("0" * 32, "NA505", "/a.md", 1, "x")])
        header, line = file.read_text().splitlines()
        file.write_text(f"{header}\n{line}\n\n{line}\n")
        assert len(read_baseline(file)) == 1

    @pytest.mark.slow
    def test_one_of_very_many_findings(self, tmp_path: Path) -> None:
        file, message = tmp_path / "known.jsonl", "x" * 2**20
        known = tuple(KnownFinding(f"{n:032x}", "NA201", PATH, n, message) for n in range(17))
        assert write_baseline(file, known)
        assert file.stat().st_size > MAX_BYTES
        assert read_baseline(file) == known
        assert not write_baseline(file, known)
        with file.open("r+b") as out:
            out.truncate(baseline.MOST_BYTES + 1)
        with pytest.raises(OSError, match="it is larger than 256 MiB"):
            read_baseline(file)

    def test_one_without_findings(self, tmp_path: Path) -> None:
        file = tmp_path / "known.jsonl"
        write_baseline(file, [])
        assert file.read_text() == HEADER
        assert read_baseline(file) == ()


LINE = '{"page":"/a.md","code":"NA1","line":1,"fingerprint":"0","message":"x"}'
DAMAGED = {
    "": "1: it is no baseline: one starts with ",
    "{}": "1: it is no baseline: ",
    "[]": "1: this is no JSON object",
    '{"newsarchive-baseline": true, "fingerprints": 1}': "1: it is no baseline: ",
    '{"newsarchive-baseline": 1}': "1: it is no baseline: ",
    '{"newsarchive-baseline": 2, "fingerprints": 1}': "1: a newer newsarchive wrote it",
    '{"newsarchive-baseline": 1, "fingerprints": 99}': "1: a newer newsarchive wrote it",
    '{"newsarchive-baseline": 1, "fingerprints": 0}': "1: an older newsarchive wrote it",
    f"{HEADER}{LINE}\n<<<<<<< HEAD\n": "3: a merge was left unfinished here",
    f"{HEADER}{LINE[:20]}\n": "2: this is no JSON object",
    HEADER + "[" * 100_000: "2: this is no JSON object",
    HEADER + LINE.replace('"fingerprint":"0",', ""): "2: 'fingerprint' is missing or no text",
    HEADER + LINE.replace('"x"', "1"): "2: 'message' is missing or no text",
    HEADER + LINE.replace('"x"', '"x","reason":null'): "2: 'reason' is missing or no text",
    HEADER + LINE.replace('"line":1,', ""): "2: 'line' is missing or no whole number",
    HEADER + LINE.replace('"line":1', '"line":true'): "2: 'line' is missing or no whole number",
    HEADER + LINE.replace('"x"', '"x","extra":1'): "2: there is no key 'extra' in a baseline",
    HEADER + HEADER: "2: 'fingerprint' is missing or no text",
}


class TestDamage:
    @pytest.mark.parametrize("text", DAMAGED, ids=range(len(DAMAGED)))
    def test_it_is_named_with_its_line(self, tmp_path: Path, text: str) -> None:
        file = tmp_path / "known.jsonl"
        file.write_text(text)
        with pytest.raises(na.BaselineError) as caught:
            read_baseline(file)
        assert str(caught.value).startswith(f"{file}:{DAMAGED[text]}")

    def test_other_encodings(self, tmp_path: Path) -> None:
        file = tmp_path / "known.jsonl"
        file.write_bytes(HEADER.encode() + b"\xff")
        with pytest.raises(na.BaselineError, match=":2: it is not UTF-8"):
            read_baseline(file)

    def test_a_folder_or_pipe_is_none(self, tmp_path: Path) -> None:
        os.mkfifo(tmp_path / "pipe")
        for file in (tmp_path, tmp_path / "pipe"):
            with pytest.raises(na.BaselineError, match="it is no regular file"):
                read_baseline(file)

    def test_one_that_is_not_there(self, tmp_path: Path) -> None:
        with pytest.raises(FileNotFoundError):
            read_baseline(tmp_path / "none")
