"""The command."""

import gc
import json
import os
import pty
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import newsarchive as na
from newsarchive.cli import main
from newsarchive.cli._main import cli
from newsarchive.runs import engine
from tests.builders import (
    LATER,
    OPENS,
    PATH,
    REBUILT,
    SMALL_ARCHIVE,
    contents,
    event,
    spoiled,
    write_archive,
)
from tests.faults import Done, Run, command, ran

COMMANDS = [
    "baseline", "check", "clean", "completion", "config", "explain", "export", "find", "fmt",
    "links", "lsp", "mv", "recover", "report", "rm", "rules", "show", "watch",
]  # fmt: skip
DAY = "/news/2016/03/2/index.md"
MENDED = SMALL_ARCHIVE[PATH]
WARNING = MENDED.replace("\n2. ", "\n7. ")


@pytest.fixture
def clean(tmp_path: Path) -> Path:
    return write_archive(tmp_path / "clean")


@pytest.fixture
def faulty(tmp_path: Path) -> Path:
    """One error on one page, warnings with fixes on another, a remark on a third."""
    error = spoiled(f"]({PATH})", "](/news/2016/03/2/gone.md)", SMALL_ARCHIVE[OPENS])
    error = error.replace("[The pier burns.]", "[Snow in June.]")
    remark = event("2016-03-4", "The pier is rebuilt.", description="&quot;Done.&quot;")
    pages = {OPENS: error, PATH: WARNING, REBUILT: remark}
    return write_archive(tmp_path / "faulty", pages, small=True)


class TestCheck:
    def test_a_clean_archive(self, run: Run, clean: Path) -> None:
        done = run("check", clean)
        assert done.status == 0
        assert done.out.splitlines() == [
            "Checked 12 pages: 4 day indexes, 4 events, 1 editorial, 1 front page, "
            "1 opinion index, 1 prose page.",
            "Followed 32 links: 10 day links, 7 index entries, 5 sources, 3 changes, "
            "3 previous-day links, 3 related links, 1 cover image.",
            "No findings.",
        ]
        assert done.err == ""

    def test_findings_are_lines_with_file_line_and_column(self, run: Run, faulty: Path) -> None:
        done = run("check", faulty)
        assert done.status == 1
        lines = done.out.splitlines()
        file = faulty / OPENS[1:]
        assert lines[0].startswith(
            f"{file}:14:20: error NA201 [broken-related-link] the related page "
        )
        assert f"{faulty / PATH[1:]}:11:1: warning NA108 [entry-numbering] " in done.out
        assert f"{faulty / REBUILT[1:]}:5:1: info NA505 [undecoded-entity] " in done.out
        assert lines[-1].startswith("Found 1 error, 3 warnings, 1 info; ")

    @pytest.mark.parametrize(
        ("level", "select", "status"),
        [
            ("error", "NA2", 1), ("error", "NA108", 0), ("error", "NA505", 0),
            ("warning", "NA2", 1), ("warning", "NA108", 1), ("warning", "NA505", 0),
            ("info", "NA2", 1), ("info", "NA108", 1), ("info", "NA505", 1),
            ("never", "NA2", 0), ("never", "NA108", 0), ("never", "NA505", 0),
        ],
    )  # fmt: skip
    def test_fail_on_decides_which_findings_fail(
        self, run: Run, faulty: Path, level: str, select: str, status: int
    ) -> None:
        done = run("check", faulty, "--fail-on", level, "--select", select)
        assert done.status == status
        assert "NA" in done.out

    @pytest.mark.slow
    def test_rules_are_selected_and_ignored_by_code_prefix_and_name(
        self, run: Run, faulty: Path
    ) -> None:
        def codes(*args: str) -> set[str]:
            out = run("check", faulty, *args, "--output-format", "json").out
            return set(json.loads(out)["summary"]["codes"])

        assert codes() == {"NA201", "NA108", "NA505"}
        assert codes("--select", "NA1,NA5") == {"NA108", "NA505"}
        assert codes("--select", "NA1", "--select", "undecoded-entity") == {"NA108", "NA505"}
        assert codes("--select", "ALL", "--ignore", "NA2") == {"NA108", "NA505"}
        assert codes("--ignore", "broken-related-link, NA108") == {"NA505"}
        assert codes("--ignore", "ALL") == set()

    def test_an_unknown_rule_is_misuse(self, run: Run, faulty: Path) -> None:
        done = run("check", faulty, "--select", "broken-relatd-link")
        assert done.status == 2
        assert done.out == ""
        assert "did you mean 'broken-related-link'?" in done.err

    def test_json_has_the_promised_shape(self, run: Run, faulty: Path) -> None:
        done = run("check", faulty, "--output-format", "json")
        assert done.status == 1
        report = json.loads(done.out)
        assert report["schema_version"] == 1
        assert report["summary"]["pages"]["total"] == 12
        first = report["diagnostics"][0]
        assert (first["page"], first["file"]) == (OPENS, str(faulty / OPENS[1:]))
        assert (first["code"], first["line"], first["column"]) == ("NA201", 14, 20)
        assert (first["end_line"], first["end_column"]) == (14, 43)

    def test_json_of_a_clean_archive(self, run: Run, clean: Path) -> None:
        done = run("check", clean, "--output-format", "json")
        assert done.status == 0
        assert json.loads(done.out)["diagnostics"] == []

    def test_the_clock_can_be_given(self, run: Run, clean: Path) -> None:
        done = run("check", clean, "--today", "2016-03-09")
        assert done.status == 1
        assert "NA304 [future-date]" in done.out
        assert run("check", clean, "--today", "2016-03-10").status == 0
        assert run("check", clean, "--today", "soon").status == 2

    def test_jobs(self, run: Run, faulty: Path) -> None:
        assert run("check", faulty, "--jobs", "1") == run("check", faulty, "--jobs", "2")
        assert run("check", faulty, "--jobs", "0").status == 2


class TestWhere:
    def test_the_working_folder_is_checked_by_default(self, run: Run, faulty: Path) -> None:
        done = run("check", cwd=faulty)
        assert done.status == 1
        assert "Checked 12 pages" in done.out
        assert OPENS[1:] in done.out

    def test_the_root_is_found_upwards(self, run: Run, faulty: Path) -> None:
        done = run("check", cwd=faulty / "news/2016/03/2")
        assert "Checked 2 pages: 1 day index, 1 event." in done.out
        assert done.status == 0
        assert "NA108" in done.out

    def test_a_folder_and_a_page_are_checked_alone(self, run: Run, faulty: Path) -> None:
        done = run("check", faulty / "news/2016/02")
        assert done.status == 1
        assert "Checked 2 pages" in done.out
        done = run("check", faulty / OPENS[1:])
        assert (done.status, "Checked 1 page: 1 event." in done.out) == (1, True)
        assert run("check", faulty / LATER[1:]).status == 0

    def test_several_paths_of_one_archive_are_one_report(self, run: Run, faulty: Path) -> None:
        done = run("check", faulty / OPENS[1:], faulty / PATH[1:], faulty / "faq")
        assert "Checked 3 pages: 2 events, 1 prose page." in done.out
        done = run("check", faulty / OPENS[1:], faulty, faulty / "faq")
        assert "Checked 12 pages" in done.out

    def test_several_archives_are_one_report(self, run: Run, clean: Path, faulty: Path) -> None:
        done = run("check", clean, faulty, "--output-format", "json")
        assert done.status == 1
        report = json.loads(done.out)
        assert report["summary"]["pages"]["total"] == 24
        assert report["summary"]["links"]["total"] == 64
        assert {d["file"].startswith(str(faulty)) for d in report["diagnostics"]} == {True}

    def test_a_root_can_be_given(self, run: Run, faulty: Path) -> None:
        assert "Checked 12 pages" in run("check", "--root", faulty).out
        assert "Checked 1 page" in run("check", "--root", faulty, faulty / OPENS[1:]).out
        assert "Checked 12 pages" in run("check", "--root", faulty, faulty).out

    def test_a_path_outside_the_given_root_is_misuse(
        self, run: Run, clean: Path, faulty: Path
    ) -> None:
        done = run("check", "--root", faulty, clean / "faq")
        assert done.status == 2
        assert "is not in the archive" in done.err

    def test_an_archive_in_a_folder_of_an_archive_is_its_own(self, run: Run, clean: Path) -> None:
        write_archive(clean / "old", {"/faq/README.md": "# Old\n"})
        assert "Checked 1 page: 1 prose page." in run("check", clean / "old").out

    @pytest.mark.parametrize("command", ["check", "fmt"])
    def test_what_does_not_exist_is_misuse(self, run: Run, clean: Path, command: str) -> None:
        done = run(command, clean / "gone.md")
        assert done.status == 2
        assert "no such file or folder" in done.err
        assert "gone.md" in done.err

    @pytest.mark.parametrize("command", ["check", "fmt"])
    def test_no_archive_is_misuse(self, run: Run, tmp_path: Path, command: str) -> None:
        done = run(command, tmp_path)
        assert done.status == 2
        assert "no archive here or above" in done.err
        assert str(tmp_path) in done.err
        assert run(command, "--root", tmp_path).status == 2

    def test_a_file_that_is_no_page_is_misuse(self, run: Run, clean: Path) -> None:
        (clean / "notes.txt").write_text("x")
        done = run("check", clean / "notes.txt")
        assert done.status == 2
        assert "no page" in done.err

    def test_nothing_to_check_is_misuse(self, run: Run, tmp_path: Path) -> None:
        done = run("check", write_archive(tmp_path, {}))
        assert done.status == 2
        assert "nothing to check" in done.err

    def test_an_archive_of_nothing_but_trouble_is_something(self, run: Run, tmp_path: Path) -> None:
        root = write_archive(tmp_path, {})
        (root / "news/a.md").symlink_to("gone.md")
        done = run("check", root)
        assert done.status == 1
        assert "NA901 [unreadable-file]" in done.out

    def test_names_cannot_act_on_the_terminal(self, run: Run, tmp_path: Path) -> None:
        root = write_archive(tmp_path, {"/news/2016/03/2/a\x1b[2J\u202e\n.md": ""})
        done = run("check", root)
        assert done.status == 1
        assert r"a\x1b[2J\u202e\n.md:1:1: " in done.out
        assert "\x1b" not in done.out + done.err


class TestFix:
    def test_what_can_be_repaired_is_and_the_rest_reported(self, run: Run, faulty: Path) -> None:
        done = run("check", faulty, "--fix")
        assert done.status == 1
        assert "NA108" not in done.out
        assert "NA201" in done.out
        assert "Fixed 3 findings in 1 file." in done.err
        assert (faulty / PATH[1:]).read_text() == MENDED

    def test_then_nothing_is_left_to_repair(self, run: Run, faulty: Path) -> None:
        run("check", faulty, "--fix")
        before = contents(faulty)
        done = run("check", faulty, "--fix")
        assert "Fixed 0 findings in 0 files." in done.err
        assert contents(faulty) == before

    def test_a_repaired_archive_is_clean(self, run: Run, clean: Path) -> None:
        file = clean / PATH[1:]
        file.write_bytes(b"\xef\xbb\xbf" + WARNING.replace("\n", "\r\n").encode())
        assert run("check", clean, "--fail-on", "warning").status == 1
        done = run("check", clean, "--fix", "--fail-on", "info")
        assert done.status == 0
        assert "No findings." in done.out
        assert file.read_bytes() == MENDED.encode()

    def test_only_selected_rules_are_repaired(self, run: Run, faulty: Path) -> None:
        before = contents(faulty)
        run("check", faulty, "--fix", "--select", "NA5")
        run("check", faulty / LATER[1:], "--fix")
        assert contents(faulty) == before

    def test_json_stays_json(self, run: Run, faulty: Path) -> None:
        done = run("check", faulty, "--fix", "--output-format", "json")
        assert "NA108" not in json.loads(done.out)["summary"]["codes"]

    def test_a_page_that_cannot_be_written_fails_and_is_named(
        self, run: Run, clean: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (clean / PATH[1:]).write_text(WARNING)
        (clean / REBUILT[1:]).write_text("\ufeff" + SMALL_ARCHIVE[REBUILT])
        real = os.access
        monkeypatch.setattr(
            os, "access", lambda p, mode: not str(p).endswith(PATH) and real(p, mode)
        )
        done = run("check", clean, "--fix")
        assert done.status == 1
        assert f"not repaired: {clean / PATH[1:]}: " in done.err
        assert done.err.count("not repaired: ") == 1  # though a second round met it, too
        assert "read-only" in done.err
        assert "Fixed 1 finding in 1 file." in done.err
        assert (clean / PATH[1:]).read_text() == WARNING
        assert run("check", clean, "--fix", "--fail-on", "never").status == 1

    @pytest.mark.parametrize(
        "flags", [["--unsafe-fixes"], ["--fix", "--remove-dead"], ["--diff", "--remove-dead"]]
    )
    def test_a_flag_without_the_one_that_it_belongs_to_is_misuse(
        self, run: Run, faulty: Path, flags: list[str]
    ) -> None:
        before = contents(faulty)
        done = run("check", faulty, *flags)
        assert (done.status, done.out) == (2, "")
        assert "takes effect with" in done.err
        assert contents(faulty) == before

    def test_nor_is_the_configuration_s_leave_to_remove_acted_on(
        self, run: Run, faulty: Path
    ) -> None:
        (faulty / "newsarchive.toml").write_text("unsafe-fixes = true\n")
        done = run("check", faulty, "--remove-dead")
        assert (done.status, done.out) == (2, "")
        assert "--remove-dead takes effect with --fix or --diff only" in done.err

    def test_unsafe_fixes_and_the_removal_of_dead_links(self, run: Run, faulty: Path) -> None:
        before = (faulty / OPENS[1:]).read_bytes()
        run("check", faulty, "--fix", "--unsafe-fixes")
        assert (faulty / OPENS[1:]).read_bytes() == before
        done = run("check", faulty, "--fix", "--unsafe-fixes", "--remove-dead")
        assert done.status == 0
        assert (faulty / OPENS[1:]).read_text() == event("2016-02-29", "The pier opens.")


class TestDiff:
    def test_it_prints_what_would_change_and_writes_nothing(self, run: Run, faulty: Path) -> None:
        before = contents(faulty)
        done = run("check", faulty, "--diff")
        assert contents(faulty) == before
        assert f"--- a/{faulty / PATH[1:]}" in done.out
        assert "-7. [Evening Tide]" in done.out
        assert "+2. [Evening Tide]" in done.out
        assert "Would fix 3 findings in 1 file." in done.err

    def test_with_fix_it_still_writes_nothing(self, run: Run, faulty: Path) -> None:
        before = contents(faulty)
        run("check", faulty, "--diff", "--fix")
        assert contents(faulty) == before

    def test_of_a_clean_archive_it_is_empty(self, run: Run, clean: Path) -> None:
        done = run("check", clean, "--diff")
        assert (done.status, done.out) == (0, "")


class TestFmt:
    def test_pages_are_laid_out(self, run: Run, clean: Path) -> None:
        file = clean / PATH[1:]
        file.write_bytes(b"\xef\xbb\xbf" + WARNING.replace("\n", "\r\n").encode())
        done = run("fmt", clean)
        assert done.status == 0
        assert done.out == f"reformatted {file}\n"
        assert "1 page changed." in done.err
        assert file.read_bytes() == MENDED.encode()
        again = run("fmt", clean)
        assert (again.status, again.out) == (0, "")
        assert "0 pages changed." in again.err

    @pytest.mark.parametrize("flag", ["--check", "--diff"])
    def test_check_and_diff_write_nothing_and_fail(self, run: Run, faulty: Path, flag: str) -> None:
        before = contents(faulty)
        done = run("fmt", faulty, flag)
        assert done.status == 1
        assert contents(faulty) == before
        assert str(faulty / PATH[1:]) in done.out
        assert ("+2. [Evening Tide]" in done.out) is (flag == "--diff")
        assert "1 page would change." in done.err

    @pytest.mark.parametrize("flag", ["--check", "--diff"])
    def test_they_pass_where_nothing_would_change(self, run: Run, clean: Path, flag: str) -> None:
        assert run("fmt", clean, flag)[:2] == (0, "")

    def test_a_single_page(self, run: Run, faulty: Path) -> None:
        assert run("fmt", faulty / LATER[1:], "--check").status == 0
        assert run("fmt", faulty / PATH[1:]).status == 0
        assert (faulty / PATH[1:]).read_text() == MENDED

    def test_what_a_page_says_is_left_alone(self, run: Run, faulty: Path) -> None:
        before = contents(faulty)
        run("fmt", faulty)
        after = contents(faulty)
        changed = [file for file in before if before[file] != after[file]]
        assert changed == [PATH]

    def test_a_page_that_cannot_be_written_is_left_alone_and_named(
        self, run: Run, faulty: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(os, "access", lambda path, mode: False)
        before = contents(faulty)
        done = run("fmt", faulty)
        assert (done.status, done.out) == (1, "")
        assert f"left alone: {faulty / PATH[1:]}: " in done.err
        assert contents(faulty) == before

    def test_nothing_to_lay_out_is_misuse(self, run: Run, tmp_path: Path) -> None:
        root = write_archive(tmp_path / "empty", {})
        done = run("fmt", root)
        assert (done.status, done.out) == (2, "")
        assert f"{root}: nothing to format (no .md file)" in done.err


class TestShow:
    def test_a_page_of_an_archive(self, run: Run, clean: Path) -> None:
        done = run("show", clean / PATH[1:])
        assert done.status == 0
        shown = json.loads(done.out)
        assert shown["path"] == PATH
        assert shown["title"] == "The pier burns."
        assert na.Event.model_validate_json(done.out) == na.parse(MENDED, PATH)

    def test_compact_is_one_line(self, run: Run, clean: Path) -> None:
        done = run("show", clean / PATH[1:], "--compact")
        assert done.out.count("\n") == 1
        assert na.Event.model_validate_json(done.out) == na.parse(MENDED, PATH)

    def test_standard_input(self, run: Run) -> None:
        done = run("show", "-", stdin=MENDED.encode())
        assert json.loads(done.out)["path"] == ""
        done = run("show", "-", "--path", DAY, stdin=SMALL_ARCHIVE[DAY].encode())
        assert na.DayIndex.model_validate_json(done.out).path == DAY

    def test_a_page_outside_any_archive(self, run: Run, tmp_path: Path) -> None:
        (tmp_path / "x.md").write_text(MENDED)
        assert json.loads(run("show", tmp_path / "x.md").out)["title"] == "The pier burns."

    def test_a_link_in_an_archive_to_a_page_outside(
        self, run: Run, clean: Path, tmp_path: Path
    ) -> None:
        (tmp_path / "x.md").write_text(MENDED)
        (clean / LATER[1:]).unlink(missing_ok=True)
        (clean / LATER[1:]).symlink_to(tmp_path / "x.md")
        assert json.loads(run("show", clean / LATER[1:]).out)["path"] == LATER

    def test_a_page_by_way_of_a_link_out_of_the_archive(
        self, run: Run, clean: Path, tmp_path: Path
    ) -> None:
        (tmp_path / "elsewhere").mkdir()
        (tmp_path / "elsewhere/x.md").write_text(MENDED)
        (clean / "link").symlink_to(tmp_path / "elsewhere")
        assert json.loads(run("show", clean / "link/x.md").out)["path"] == ""

    def test_a_damaged_page_is_told_what_is_wrong(self, run: Run, tmp_path: Path) -> None:
        file = tmp_path / "x.md"
        file.write_text(spoiled("[2016-03-2]", "[2016-02-30]", MENDED))
        done = run("show", file)
        assert (done.status, done.out) == (1, "")
        assert f"{file}:1:6: error NA302 [invalid-date] " in done.err

    def test_only_what_stands_in_the_way_of_a_model_is_told(self, run: Run) -> None:
        text = spoiled("[2016-03-2]", "[2016-02-30]", MENDED).replace("\n2. ", "\n7. ")
        done = run("show", "-", stdin=text.encode())
        assert (done.status, done.out) == (1, "")
        assert "NA302" in done.err
        assert "NA108" not in done.err

    def test_bytes_that_are_no_text(self, run: Run) -> None:
        done = run("show", "-", stdin=b"\xff")
        assert (done.status, done.out) == (1, "")
        assert "-:1:1: error NA101 [undecodable] " in done.err

    def test_a_path_that_no_page_of_news_has_is_prose(self, run: Run) -> None:
        done = run("show", "-", "--path", "nonsense\x1b", stdin=MENDED.encode())
        assert (done.status, done.err) == (0, "")
        assert json.loads(done.out) == {"path": "nonsense\x1b", "text": MENDED}
        assert "\x1b" not in done.out

    def test_a_file_that_cannot_be_read(
        self, run: Run, clean: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refuse(self: Path) -> bytes:
            raise PermissionError(13, "Permission denied", str(self))

        monkeypatch.setattr(Path, "read_bytes", refuse)
        done = run("show", clean / PATH[1:])
        assert (done.status, done.out) == (2, "")
        assert "Permission denied" in done.err

    @pytest.mark.parametrize("file", ["gone.md", "."])
    def test_no_file_is_misuse(self, run: Run, tmp_path: Path, file: str) -> None:
        done = run("show", file, cwd=tmp_path)
        assert (done.status, done.out) == (2, "")


class TestLsp:
    def test_without_its_libraries_it_says_how_to_install_them(
        self, run: Run, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.delitem(sys.modules, "newsarchive.lsp.server", raising=False)
        monkeypatch.setitem(sys.modules, "pygls.lsp.server", None)
        done = run("lsp")
        assert (done.status, done.out) == (2, "")
        assert "pip install 'newsarchive[lsp]'" in done.err

    def test_a_fault_of_the_installation_is_not_hidden(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(sys.modules, "newsarchive.lsp.server", None)
        with pytest.raises(ModuleNotFoundError, match=r"newsarchive\.lsp\.server"):
            CliRunner().invoke(cli, ["lsp"], catch_exceptions=False)


class TestRules:
    def test_every_rule_is_a_line(self, run: Run) -> None:
        done = run("rules")
        assert done.status == 0
        lines = done.out.splitlines()
        assert [line[:5] for line in lines] == [rule.code for rule in na.ALL_RULES]
        assert any(line.endswith("(off by default)") for line in lines)

    def test_as_json(self, run: Run) -> None:
        listed = json.loads(run("rules", "--output-format", "json").out)
        assert [r["code"] for r in listed] == [rule.code for rule in na.ALL_RULES]
        assert listed[0].keys() >= {
            "code", "name", "severity", "summary", "why", "fix", "scope", "default", "bad", "good",
            "advice", "remedies", "url", "package",
        }  # fmt: skip

    @pytest.mark.parametrize("rule", na.ALL_RULES, ids=lambda rule: rule.code)
    def test_each_can_be_explained(self, run: Run, rule: na.Rule) -> None:
        done = run("explain", rule.code)
        assert done.status == 0
        assert done.out.startswith(f"{rule.code} [{rule.name}] {rule.severity.value}\n")
        assert f"Complains when {rule.summary}." in done.out
        assert " ".join(rule.why.split()) in " ".join(done.out.split())
        assert ("Fix: " in done.out) is bool(rule.fix)
        assert " ".join(rule.advice.split()) in " ".join(done.out.split())
        assert run("explain", rule.name) == done

    def test_a_prefix_explains_several(self, run: Run) -> None:
        done = run("explain", "NA30")
        assert done.out.count("Complains when") == 7

    def test_several_and_all_are_explained(self, run: Run) -> None:
        assert run("explain", "NA301", "invalid-date").out.count("Complains when") == 2
        assert run("explain").out.count("Complains when") == len(na.ALL_RULES)

    def test_explained_as_json(self, run: Run) -> None:
        def told(*words: str) -> Any:
            return json.loads(run("explain", *words, "--output-format", "json").out)

        listed = json.loads(run("rules", "--output-format", "json").out)
        assert told() == listed
        assert told("NA201") == [rule for rule in listed if rule["code"] == "NA201"]
        assert [rule["code"] for rule in told("orphan-page", "NA301")] == ["NA208", "NA301"]

    def test_an_unknown_one_is_misuse(self, run: Run) -> None:
        assert run("explain", "x9", "--output-format", "json").status == 2
        done = run("explain", "orphan-pgae")
        assert done.status == 2
        assert "did you mean 'orphan-page'?" in done.err


class TestEntry:
    def test_the_version(self, run: Run) -> None:
        assert run("--version") == Done(0, f"newsarchive {na.__version__}\n", "")

    @pytest.mark.parametrize("args", [["--help"], ["-h"]])
    def test_help_names_every_command_and_the_exit_status(self, run: Run, args: list[str]) -> None:
        done = run(*args)
        assert done.status == 0
        for name in COMMANDS:
            assert f"\n  {name} " in done.out
        assert "Exit status" in done.out

    @pytest.mark.parametrize("name", COMMANDS)
    def test_every_command_has_help(self, run: Run, name: str) -> None:
        done = run(name, "--help")
        assert done.status == 0
        usage, _, _ = done.out.partition("\n")
        assert f" {name} [OPTIONS]" in usage
        assert "\nOptions:\n" in done.out

    def test_the_lines_of_help_are_those_of_the_commands(self, run: Run) -> None:
        from newsarchive.cli._main import _COMMANDS, cli

        assert sorted(_COMMANDS) == COMMANDS
        context = cli.make_context("newsarchive", ["rules"])
        for name, (_, line) in _COMMANDS.items():
            command = cli.get_command(context, name)
            assert command is not None
            assert command.get_short_help_str(limit=200) == line
        assert cli.get_command(context, "no-such") is None

    @pytest.mark.parametrize(
        ("word", "near"), [("chekc", "check"), ("explian", "explain"), ("format", ""), ("xyz", "")]
    )
    def test_an_unknown_command_is_told_what_is_near(self, run: Run, word: str, near: str) -> None:
        done = run(word)
        assert done.status == 2
        assert f"No such command {word!r}." in done.err
        assert (f"Did you mean {near!r}?" in done.err) is bool(near)

    @pytest.mark.parametrize("args", [[], ["check", "--no-such-option"], ["links"], ["--nope"]])
    def test_misuse_is_two(self, run: Run, args: list[str]) -> None:
        done = run(*args)
        assert done.status == 2
        assert done.out == ""
        assert "Usage: " in done.err

    @pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
    def test_completion(self, run: Run, shell: str) -> None:
        done = run("completion", shell)
        assert done.status == 0
        assert "_NEWSARCHIVE_COMPLETE" in done.out
        assert run("completion", "tcsh").status == 2

    def test_an_interruption_is_said(
        self, run: Run, clean: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def interrupt(*_: object, **__: object) -> None:
            raise KeyboardInterrupt

        monkeypatch.setattr(engine, "check_archive", interrupt)
        done = run("check", clean)
        assert done.status == 130
        assert "interrupted" in done.err

    def test_progress_is_shown_on_a_terminal_alone(
        self, run: Run, clean: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        assert run("check", clean).err == ""
        monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
        assert "\r" in run("check", clean).err


class TestUnsafeFix:
    @pytest.fixture
    def broken(self, tmp_path: Path) -> Path:
        """Two links to one page whose title was edited, and one to a page that is gone."""
        old = "/news/2016/03/2/smoke.md"
        pages = {
            OPENS: event("2016-02-29", "The pier opens.", related=[f"[The pier burns.]({old})"]),
            LATER: event(
                "2016-03-10",
                "The pier opens again.",
                related=[
                    f"[The pier burns.]({old})",
                    "[Snow in June.](/news/2016/06/4/snow.md)",
                ],
            ),
        }
        return write_archive(tmp_path / "broken", pages, small=True)

    def test_every_link_to_a_missing_page_is_a_line(self, run: Run, broken: Path) -> None:
        *lines, last = run("check", broken).out.splitlines()
        found = [line for line in lines if "smoke.md" in line]
        assert len(found) == 2
        assert all("did you mean '/news/2016/03/2/the-pier-burns.md'" in line for line in found)
        more = "2 more with --unsafe-fixes, 1 more with --unsafe-fixes --remove-dead"
        assert last == f"Found 3 errors; {more}."

    def test_json_keeps_them_apart(self, run: Run, broken: Path) -> None:
        found = json.loads(run("check", broken, "--output-format", "json").out)["diagnostics"]
        old = [d for d in found if d["target"] == "/news/2016/03/2/smoke.md"]
        assert len(old) == 2
        for one in old:
            assert one["suggestions"] == [
                {
                    "path": PATH,
                    "score": 0.95,
                    "certain": False,
                    "reasons": ["same title, same day"],
                }
            ]
            assert one["fix"]["applicability"] == "unsafe"
            assert one["fix"]["removes"] is False
        [gone] = [d for d in found if d not in old]
        assert (gone["target"], gone["suggestions"]) == ("/news/2016/06/4/snow.md", [])
        assert gone["fix"]["removes"] is True

    def test_safe_fixes_alone_leave_them(self, run: Run, broken: Path) -> None:
        before = contents(broken)
        done = run("check", broken, "--fix")
        assert (done.status, contents(broken)) == (1, before)
        assert "Fixed 0 findings in 0 files." in done.err

    @pytest.mark.slow
    def test_step_by_step(self, run: Run, broken: Path) -> None:
        done = run("check", broken, "--fix", "--unsafe-fixes")
        assert done.status == 1
        assert "Fixed 2 findings in 2 files." in done.err
        assert "snow.md" in done.out
        done = run("check", broken, "--fix", "--unsafe-fixes", "--remove-dead")
        assert (done.status, "No findings." in done.out) == (0, True)
        assert "Fixed 1 finding in 1 file." in done.err
        before = contents(broken)
        done = run("check", broken, "--fix", "--unsafe-fixes", "--remove-dead")
        assert (done.status, contents(broken)) == (0, before)
        assert "Fixed 0 findings in 0 files." in done.err

    def test_diff_writes_nothing(self, run: Run, broken: Path) -> None:
        before = contents(broken)
        done = run("check", broken, "--diff", "--unsafe-fixes", "--remove-dead")
        assert contents(broken) == before
        assert f"+1. [The pier burns.]({PATH})" in done.out
        assert "-2. [Snow in June.](/news/2016/06/4/snow.md)" in done.out
        assert "Would fix 3 findings in 2 files." in done.err


@pytest.mark.slow
class TestProcess:
    """The command as people run it."""

    def test_it_runs_as_a_module(self, clean: Path) -> None:
        done = ran(command("check", "."), cwd=clean)
        assert (done.status, done.err) == (0, "")
        assert done.out.endswith("No findings.\n")

    def test_findings_fail_it(self, faulty: Path) -> None:
        done = ran(command("check", faulty))
        assert (done.status, done.err) == (1, "")

    @pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
    def test_any_script_can_be_printed_anywhere(self, tmp_path: Path, encoding: str) -> None:
        text = event(title="Привет, 世界.", related=["[x](/news/2016/03/2/日本.md)"])
        root = write_archive(tmp_path, {PATH: text}, small=True)
        env = {**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONIOENCODING": encoding}
        done = ran(command("check", root), env=env)
        assert (done.status, done.err) == (1, "")
        assert (r"\u65e5\u672c.md" in done.out) is (encoding == "latin-1")
        assert ran(command("show", root / PATH[1:]), env=env).status == 0

    @pytest.mark.skipif(os.name != "posix", reason="needs pipes that break")
    @pytest.mark.parametrize("form", ["text", "json"])
    def test_a_reader_that_goes_is_no_trouble(self, tmp_path: Path, form: str) -> None:
        pages = {}
        for page in range(30):
            gone = [f"[Gone {n}.](/news/2016/03/2/gone-{n}.md)" for n in range(30)]
            pages[f"/news/2016/03/2/page-{page}.md"] = event(related=gone)
        root = write_archive(tmp_path, pages)
        command = [sys.executable, "-m", "newsarchive", "check", str(root), "--output-format", form]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        assert process.stdout
        assert process.stderr
        process.stdout.readline()
        process.stdout.close()
        err = process.stderr.read()
        process.stderr.close()
        assert process.wait(60) in (1, 141)
        assert err == b""

    @pytest.mark.skipif(os.name != "posix", reason="needs a pseudo-terminal")
    @pytest.mark.parametrize(
        ("wish", "coloured"),
        [
            ({}, True),
            ({"NO_COLOR": ""}, True),
            ({"NO_COLOR": "1"}, False),
            ({"TERM": "dumb"}, False),
        ],
    )
    def test_colours_and_progress_on_a_terminal(
        self, faulty: Path, wish: dict[str, str], coloured: bool
    ) -> None:
        ours, theirs = pty.openpty()
        env = {**os.environ, "TERM": "xterm"}
        env.pop("NO_COLOR", None)
        env.update(wish)
        command = [sys.executable, "-m", "newsarchive", "check", str(faulty)]
        process = subprocess.Popen(command, stdout=theirs, stderr=theirs, env=env)
        os.close(theirs)
        out = b""
        while True:
            try:
                chunk = os.read(ours, 65536)
            except OSError:  # Linux says so when the other end is closed
                break
            if not chunk:
                break
            out += chunk
        os.close(ours)
        assert process.wait(60) == 1
        assert (b"\x1b[3" in out) is coloured
        assert b"NA201" in out
        assert (b"\r\x1b[K" in out) is ("TERM" not in wish)  # the progress line, taken back


def test_files_are_named_as_the_user_names_them(run: Run, tmp_path: Path) -> None:
    write_archive(tmp_path / "archive", {**SMALL_ARCHIVE, PATH: WARNING})
    for given in ("archive", "archive/news", "archive/news/2016", f"archive{PATH}"):
        assert run("check", given, cwd=tmp_path).out.startswith(f"archive{PATH}:"), given
    assert run("check", PATH[1:], cwd=tmp_path / "archive").out.startswith(f".{PATH}:")


def test_a_damaged_installation_is_no_finding(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "newsarchive.cli._start", None)
    try:
        with pytest.raises(SystemExit) as left:
            main(["check"])
    finally:
        gc.enable()
    assert left.value.code == 2
    assert "ModuleNotFoundError" in capsys.readouterr().err
