"""What ``check`` prints and writes: formats, files beside standard output, source lines."""

import functools
import io
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from junitparser import JUnitXml

import newsarchive as na
from newsarchive.cli._locate import near
from newsarchive.cli._output import Output, tell, tell_of_limits
from newsarchive.cli._view import documents
from newsarchive.editing.repair import RepairOutcome
from newsarchive.findings.diagnostics import Diagnostic, Severity
from newsarchive.findings.report import Report
from newsarchive.writers import FORMATS
from newsarchive.writers.sarif import BASE
from tests.builders import PATH, SMALL_ARCHIVE, write_archive
from tests.consumers import annotation, gitlab_validator, sarif_validator
from tests.faults import Done, Run

MENDED = SMALL_ARCHIVE[PATH]
BROKEN = MENDED.replace("/the-pier-opens.md", "/gone.md")


@pytest.fixture
def run(run: Run) -> Run:
    """Check in this process, without a cache."""
    return functools.partial(run, "check", "--jobs", "1", "--no-cache")


@pytest.fixture
def faulty(tmp_path: Path) -> Path:
    """An archive with one broken link (an error) and one page numbered wrong (a warning)."""
    root = tmp_path / "archive"
    write_archive(root, {**SMALL_ARCHIVE, PATH: BROKEN.replace("\n2. ", "\n7. ")})
    return root


@pytest.fixture
def clean(tmp_path: Path) -> Path:
    root = tmp_path / "clean"
    write_archive(root, SMALL_ARCHIVE)
    return root


class TestFormats:
    @pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.name)
    def test_the_exit_status_does_not_depend_on_the_format(
        self, run: Run, faulty: Path, clean: Path, form: Any
    ) -> None:
        assert run(faulty, "--output-format", form.name).status == 1
        assert run(faulty, "--fail-on", "never", "--output-format", form.name).status == 0
        assert run(clean, "--output-format", form.name).status == 0

    def test_an_unknown_format_is_misuse(self, run: Run, clean: Path) -> None:
        done = run(clean, "--output-format", "yaml")
        assert done.status == 2
        assert "sarif" in done.err

    @pytest.mark.slow
    def test_junit_fails_what_fails_the_run(self, run: Run, faulty: Path) -> None:
        def failures(*args: str) -> int:
            done = run(faulty, "--output-format", "junit", *args)
            return int(JUnitXml.fromstring(done.out.encode()).failures)

        assert failures() == 1
        assert failures("--fail-on", "warning") > 1
        assert failures("--fail-on", "never") == 0

    @pytest.mark.slow
    def test_every_finding_has_a_fingerprint_and_they_agree(self, run: Run, faulty: Path) -> None:
        found = json.loads(run(faulty, "--output-format", "json").out)["diagnostics"]
        prints = [d["fingerprint"] for d in found]
        assert len(set(prints)) == len(found) > 1
        _, *lines = run(faulty, "--output-format", "jsonl").out.splitlines()
        assert [json.loads(line)["fingerprint"] for line in lines] == prints
        issues = json.loads(run(faulty, "--output-format", "gitlab").out)
        assert [issue["fingerprint"] for issue in issues] == prints
        [log] = json.loads(run(faulty, "--output-format", "sarif").out)["runs"]
        assert [next(iter(r["partialFingerprints"].values())) for r in log["results"]] == prints

    def test_two_archives_are_one_file_without_doubles(
        self, run: Run, faulty: Path, tmp_path: Path
    ) -> None:
        shutil.copytree(faulty, tmp_path / "copy")
        done = run("archive", "copy", "--output-format", "gitlab", cwd=tmp_path)
        issues = json.loads(done.out)
        prints = {issue["fingerprint"] for issue in issues}
        assert len(prints) == len(issues)
        assert {issue["location"]["path"].split("/")[0] for issue in issues} == {"archive", "copy"}

    def test_after_a_repair_the_rest_is_reported(self, run: Run, faulty: Path) -> None:
        done = run(faulty, "--fix", "--output-format", "sarif")
        [log] = json.loads(done.out)["runs"]
        assert "NA108" not in {r["ruleId"] for r in log["results"]}


class TestPaths:
    """Other programs take paths from the root of the checkout."""

    def paths(self, run: Run, *args: str | Path, cwd: Path) -> set[str]:
        lines = run(*args, "--output-format", "github", cwd=cwd).out.splitlines()
        assert lines.pop().startswith("Found ")
        return {annotation(line)[1]["file"] for line in lines}

    def test_from_the_working_folder_outside_of_git(
        self, run: Run, faulty: Path, tmp_path: Path
    ) -> None:
        assert self.paths(run, "archive", cwd=tmp_path) == {f"archive{PATH}"}
        assert self.paths(run, cwd=faulty) == {PATH[1:]}
        (tmp_path / "elsewhere").mkdir()
        assert self.paths(run, faulty, cwd=tmp_path / "elsewhere") == {str(faulty) + PATH}

    @pytest.fixture
    def checkout(self, faulty: Path, tmp_path: Path) -> Path:
        top = tmp_path / "checkout"
        (top / ".git").mkdir(parents=True)
        faulty.rename(top / "archive")
        return top

    @pytest.mark.slow
    def test_from_the_checkout_wherever_in_it_the_command_runs(
        self, run: Run, checkout: Path
    ) -> None:
        meant = {f"archive{PATH}"}
        assert self.paths(run, "archive", cwd=checkout) == meant
        assert self.paths(run, cwd=checkout / "archive") == meant
        assert self.paths(run, "2016", cwd=checkout / "archive" / "news") == meant
        assert self.paths(run, checkout / "archive", cwd=checkout / "archive" / "news") == meant

    def test_where_the_archive_is_the_checkout(self, run: Run, faulty: Path) -> None:
        (faulty / ".git").mkdir()
        front = faulty / "index.md"
        front.write_bytes(b"\xef\xbb\xbf" + front.read_bytes())
        assert self.paths(run, cwd=faulty) == {"index.md", PATH[1:]}

    def test_from_the_archive_s_checkout_where_the_working_folder_is_in_none(
        self, run: Run, checkout: Path
    ) -> None:
        assert self.paths(run, "checkout/archive", cwd=checkout.parent) == {f"archive{PATH}"}

    def test_from_the_outer_checkout_where_the_archive_is_a_part_of_its_own(
        self, run: Run, checkout: Path
    ) -> None:
        (checkout / "archive" / ".git").write_text("gitdir: ../.git/modules/archive\n")
        assert self.paths(run, "archive", cwd=checkout) == {f"archive{PATH}"}
        assert self.paths(run, cwd=checkout / "archive") == {PATH[1:]}

    def test_two_archives_in_two_checkouts_are_told_from_the_working_folder(
        self, run: Run, checkout: Path
    ) -> None:
        other = checkout.parent / "other"
        shutil.copytree(checkout, other)
        found = self.paths(run, "checkout/archive", "other/archive", cwd=checkout.parent)
        assert found == {f"checkout/archive{PATH}", f"other/archive{PATH}"}

    def test_sarif_names_the_folder_that_paths_are_relative_to(
        self, run: Run, checkout: Path
    ) -> None:
        done = run("--output-format", "sarif", cwd=checkout / "archive")
        [log] = json.loads(done.out)["runs"]
        assert log["originalUriBaseIds"][BASE]["uri"] == checkout.resolve().as_uri() + "/"
        [place] = log["results"][0]["locations"]
        assert place["physicalLocation"]["artifactLocation"]["uri"] == f"archive{PATH}"


class TestMaxResults:
    @pytest.mark.slow
    def test_the_gravest_come_first_and_all_count(self, run: Run, faulty: Path) -> None:
        everything = json.loads(run(faulty, "--output-format", "json").out)
        done = run(faulty, "--output-format", "json", "--max-results", "3")
        cut = json.loads(done.out)
        total = everything["summary"]["findings"]["total"]
        ranks = {"error": 0, "warning": 1, "info": 2}
        worst = sorted(everything["diagnostics"], key=lambda d: ranks[d["severity"]])[:3]
        assert cut["diagnostics"] == worst  # with their fingerprints
        assert cut["summary"]["findings"].pop("left_out") == total - 3
        assert cut["summary"] == everything["summary"]
        assert f"--max-results leaves {total - 3} of {total} findings out" in done.err
        quiet = run(faulty, "-q", "--output-format", "json", "--max-results", "3")
        assert quiet == (done.status, done.out, "")

    def test_the_status_is_that_of_all(self, run: Run, faulty: Path) -> None:
        args = ("--select", "NA102,NA201", "--max-results", "1", "--fail-on")
        assert [run(faulty, *args, level).status for level in ("error", "warning")] == [
            run(faulty, *args[:2], "--fail-on", level).status for level in ("error", "warning")
        ]

    def test_for_people_the_report_itself_says_so(self, run: Run, faulty: Path) -> None:
        done = run(faulty, "--max-results", "2")
        assert done.out.splitlines()[-1].startswith("Shown are the 2 most severe of ")
        assert done.err == ""
        assert run(faulty, "--max-results", "999").out.count("Shown") == 0

    @pytest.mark.parametrize("value", ["0", "-1", "many"])
    def test_it_is_a_number_from_one(self, run: Run, faulty: Path, value: str) -> None:
        assert run(faulty, "--max-results", value).status == 2

    @pytest.mark.parametrize(
        ("findings", "said"),
        [
            (5_000, ""),
            (5_001, "sarif: 5,001 findings; code scanning on GitHub shows no more than 5,000 "
                    "(--max-results 5000 keeps the most severe).\n"),
            (25_001, "sarif: 25,001 findings; code scanning on GitHub refuses a run with more "
                     "than 25,000 (--max-results 25000 keeps the most severe).\n"),
        ],
    )  # fmt: skip
    def test_above_the_limits_of_github_a_notice_says_so(
        self, capsys: pytest.CaptureFixture[str], findings: int, said: str
    ) -> None:
        found = Diagnostic("NA201", "a", Severity.ERROR, "m", "/a.md", "", 0, 0, 1, 1, 1, 1)
        report = Report((found,) * findings)
        output = Output(na.Settings(output_format="sarif"))
        tell_of_limits(report, output)
        assert capsys.readouterr().err == said
        tell_of_limits(report, Output(na.Settings(output_format="json")))
        tell_of_limits(report, output._replace(printed=False))
        assert capsys.readouterr().err == ""


class TestFiles:
    @pytest.mark.slow
    def test_a_report_goes_to_standard_output_and_to_files(
        self, run: Run, faulty: Path, tmp_path: Path
    ) -> None:
        targets = {form.name: tmp_path / f"report-{form.name}{form.extension}" for form in FORMATS}
        options = [f"--output-file={name}:{file}" for name, file in targets.items()]
        plain = run(faulty)
        assert run(faulty, *options) == plain
        for name, file in targets.items():
            assert file.read_text("utf-8") == run(faulty, "--output-format", name).out

    def test_they_are_valid(self, run: Run, faulty: Path, tmp_path: Path) -> None:
        run("archive", "--output-file", "sarif:a.sarif", "--output-file", "gitlab:b.json",
            "--output-file", "junit:c.xml", cwd=tmp_path)  # fmt: skip
        log = json.loads((tmp_path / "a.sarif").read_text("utf-8"))
        assert list(sarif_validator().iter_errors(log)) == []
        for issue in json.loads((tmp_path / "b.json").read_text("utf-8")):
            gitlab_validator().validate(issue)
        assert JUnitXml.fromfile(str(tmp_path / "c.xml")).failures == 1

    def test_an_old_report_is_replaced(self, run: Run, clean: Path, tmp_path: Path) -> None:
        file = tmp_path / "report.json"
        file.write_text("x" * 100_000)
        file.chmod(0o640)
        run(clean, f"--output-file=json:{file}")
        assert json.loads(file.read_text())["diagnostics"] == []
        assert file.stat().st_mode & 0o777 == 0o640

    def test_a_report_is_a_file_like_others(self, run: Run, clean: Path, tmp_path: Path) -> None:
        file, other = tmp_path / "report.json", tmp_path / "other"
        run(clean, f"--output-file=json:{file}")
        other.write_text("")
        assert file.stat().st_mode == other.stat().st_mode
        assert sorted(p.name for p in tmp_path.iterdir()) == ["clean", "other", "report.json"]

    def test_with_a_diff_files_hold_the_report(
        self, run: Run, faulty: Path, tmp_path: Path
    ) -> None:
        done = run(faulty, "--diff", f"--output-file=json:{tmp_path / 'report.json'}")
        assert done.out.startswith("--- ")
        assert json.loads((tmp_path / "report.json").read_text())["diagnostics"]

    def test_in_the_root_of_an_archive_a_report_may_stand(self, run: Run, clean: Path) -> None:
        assert run("--output-file=sarif:report.sarif", cwd=clean).status == 0
        assert (clean / "report.sarif").exists()

    @pytest.mark.skipif(not hasattr(os, "openpty"), reason="no terminals of this kind")
    def test_what_is_no_regular_file_is_written_to(self, run: Run, clean: Path) -> None:
        ours, its = os.openpty()
        device = os.ttyname(its)
        before = os.stat(device)
        try:
            done = run(clean, f"--output-file=concise:{device}")
            assert done.status == 0
            assert b"No findings" in os.read(ours, 1000)
            after = os.stat(device)
            assert (after.st_ino, after.st_rdev) == (before.st_ino, before.st_rdev)
        finally:
            os.close(ours)
            os.close(its)


class TestRefusedFiles:
    @pytest.mark.parametrize(
        ("option", "reason"),
        [
            ("yaml:x", "does not begin with a format (text, concise, json, jsonl, sarif"),
            ("report.sarif", "does not begin with a format"),
            ("sarif:", "names no file; write sarif:FILE"),
            ("sarif:missing/x.sarif", "there is no folder"),
            ("sarif:archive", "it is a folder"),
            (f"text:archive{PATH}", "among the pages of the archive"),
            ("text:archive/NEWS/new.txt", "there is no folder"),
            ("text:archive/news/2016/report.json", "among the pages of the archive"),
            ("text:archive/README.md", "among the pages of the archive"),
            ("text:archive/Report.MD", "among the pages of the archive"),
            ("text:archive/.newsarchive-journal", "among the pages of the archive"),
            ("text:archive/../archive/news/x", "among the pages of the archive"),
            ("text:link.txt", "among the pages of the archive"),
        ],
    )
    def test_before_anything_is_checked(
        self, run: Run, faulty: Path, tmp_path: Path, option: str, reason: str
    ) -> None:
        (tmp_path / "link.txt").symlink_to(faulty / PATH[1:])
        before = (faulty / PATH[1:]).read_bytes()
        done = run("archive", "--fix", "--output-file", option, cwd=tmp_path)
        assert (done.status, done.out) == (2, "")
        assert reason in " ".join(done.err.split())
        assert (faulty / PATH[1:]).read_bytes() == before

    def test_one_file_for_two_reports(self, run: Run, clean: Path, tmp_path: Path) -> None:
        done = run(clean, "--output-file=json:x", "--output-file=text:./x", cwd=tmp_path)
        assert done.status == 2
        assert "another report is written there" in done.err

    def test_a_folder_that_cannot_be_written_to(
        self, run: Run, clean: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        # Root may write everywhere: ask as someone who may not.
        (tmp_path / "old").write_text("old")
        for file, reason in ((tmp_path / "new", "the folder"), (tmp_path / "old", "read-only")):
            with monkeypatch.context() as patch:
                patch.setattr(os, "access", lambda *_: False)
                done = run(clean, f"--output-file=json:{file}")
            assert done.status == 2
            assert reason in done.err
        assert (tmp_path / "old").read_text() == "old"

    @pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no such device")
    def test_a_disk_that_is_full(self, run: Run, clean: Path) -> None:
        done = run(clean, "--output-file=json:/dev/full")
        assert done.status == 2
        assert "cannot write /dev/full: No space left on device" in done.err

    def test_a_write_that_fails_leaves_the_old_report(
        self, run: Run, clean: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        file = tmp_path / "report.json"
        file.write_text("old")

        def refuse(*_: object) -> None:
            raise OSError(28, "No space left on device")

        with monkeypatch.context() as patch:
            patch.setattr(os, "fsync", refuse)
            done = run(clean, f"--output-file=json:{file}")
        assert done.status == 2
        assert f"cannot write {file}: No space left on device" in done.err
        assert file.read_text() == "old"
        assert sorted(p.name for p in tmp_path.iterdir()) == ["clean", "report.json"]


def test_a_refusal_is_told_once(capsys: pytest.CaptureFixture[str]) -> None:
    refusals = [("a.md", "it is read-only"), ("b.md", "it is read-only")]
    tell([RepairOutcome(refused=refusals), RepairOutcome(refused=refusals[:1])], written=True)
    assert capsys.readouterr().err == (
        "not repaired: a.md: it is read-only\n"
        "not repaired: b.md: it is read-only\n"
        "Fixed 0 findings in 0 files.\n"
    )


class TestQuiet:
    def test_findings_alone_are_printed(self, run: Run, faulty: Path) -> None:
        loud, quiet = run(faulty), run(faulty, "-q")
        assert loud.out.startswith(quiet.out)
        assert "Checked" in loud.out
        assert all(
            re.match(r"\S+:\d+:\d+: (error|warning|info) NA\d+ ", line)
            for line in quiet.out.splitlines()
        )
        assert quiet.status == loud.status == 1

    @pytest.mark.parametrize("form", ["text", "concise"])
    def test_without_findings_nothing_is(self, run: Run, clean: Path, form: str) -> None:
        assert run(clean, "--quiet", "--output-format", form) == Done(0, "", "")

    def test_neither_is_what_was_repaired(self, run: Run, faulty: Path) -> None:
        assert run(faulty, "--fix", "-q", "--select", "NA108") == Done(0, "", "")

    def test_what_could_not_be_repaired_is(
        self, run: Run, faulty: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with monkeypatch.context() as patch:
            patch.setattr(os, "access", lambda *_: False)
            done = run(faulty, "--fix", "-q", "--select", "NA108")
        assert done.status == 1
        assert "not repaired:" in done.err
        assert "Fixed" not in done.err


class TestStatistics:
    def test_rules_are_counted_in_place_of_findings(self, run: Run, faulty: Path) -> None:
        lines = run(faulty, "--statistics").out.splitlines()
        assert lines[:-3] == [
            "3 NA108 [entry-numbering] (3 fixable)",
            "1 NA201 [broken-related-link] (1 fixable)",
            "1 NA209 [broken-change-link]",
        ]
        assert lines[-1].startswith("Found 1 error, 3 warnings, 1 info")

    @pytest.mark.slow
    def test_numbers_stand_below_each_other(self, run: Run) -> None:
        root = Path(__file__).parents[3] / "examples" / "faulty"
        lines = run(root, "--statistics", "--output-format", "concise").out.splitlines()
        assert len({line.index("NA") for line in lines[:-1]}) == 1
        assert any("with --unsafe-fixes)" in line for line in lines)
        numbers = [int(line.split()[0]) for line in lines[:-1]]
        assert numbers == sorted(numbers, reverse=True)
        assert sum(numbers) == len(na.check(root).diagnostics)

    def test_of_nothing_there_are_none(self, run: Run, clean: Path) -> None:
        assert run(clean, "--statistics", "-q").out == ""


class TestSource:
    def test_the_line_is_shown_with_carets(self, run: Run, faulty: Path) -> None:
        done = run(faulty, "--show-source", "--select", "NA201")
        line = "1. [The pier opens.](/news/2016/02/29/gone.md) _Context: pier, Veldania_"
        assert done.out.splitlines()[1:4] == [
            "   |",
            f"16 | {line}",
            f"   | {' ' * line.index('/news')}{'^' * len('/news/2016/02/29/gone.md')}",
        ]

    def test_only_where_it_is_asked_for(self, run: Run, faulty: Path) -> None:
        assert run(faulty).out == run(faulty, "--no-show-source").out
        assert "^" not in run(faulty).out

    def test_on_a_terminal_it_is_shown_in_colour_unless_refused(
        self, run: Run, faulty: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("COLUMNS", "70")

        def shown(*args: str) -> str:
            with monkeypatch.context() as patch:
                patch.setattr(io.TextIOBase, "isatty", lambda _: True)
                patch.setattr(type(sys.stdout), "isatty", lambda _: True)
                return run(faulty, "--select", "NA201", *args).out

        assert "^^^^" in shown("--group", "none")
        assert "^^^^" not in shown("--group", "none", "--no-show-source")
        assert "^^^^" not in shown()
        lines = shown("--group", "none").splitlines()[1:4]
        assert all(len(line) <= 70 for line in lines if " | 1" in line)

    def test_a_page_that_cannot_be_read_shows_none(self, run: Run, faulty: Path) -> None:
        (faulty / "news/2016/03/2/x.md").mkdir()
        (faulty / "news/2016/03/2/lost.md").symlink_to("/nowhere/at/all.md")
        done = run(faulty, "--show-source", "--select", "NA9")
        assert "|" not in done.out
        assert "/news/2016/03/2/lost.md:1:1: error NA901 " in done.out


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("bash") is None, reason="needs a shell of its kind")
def test_what_a_shell_puts_in_place_of_a_file_can_be_one(faulty: Path, tmp_path: Path) -> None:
    command = f"{sys.executable} -m newsarchive check archive --no-cache -q"
    # The shell does not wait for what it put there; the name tells that it has come to its end.
    script = f"""
        {command} --output-file json:>(cat > part; mv part report.json)
        until test -e report.json; do sleep 0.01; done
    """
    done = subprocess.run(["bash", "-c", script], cwd=tmp_path, check=False, timeout=60)
    assert done.returncode == 0
    assert json.loads((tmp_path / "report.json").read_text())["diagnostics"]


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="needs a shell")
def test_a_pipe_can_be_a_file(faulty: Path, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = subprocess.Popen(["cat", str(pipe)], stdout=subprocess.PIPE)
    command = [sys.executable, "-m", "newsarchive", "check", str(faulty), "--no-cache", "-q"]
    done = subprocess.run([*command, f"--output-file=json:{pipe}"], check=False, timeout=60)
    out, _ = reader.communicate(timeout=60)
    assert done.returncode == 1
    assert json.loads(out)["diagnostics"]


def test_a_files_text_is_looked_for_where_the_file_is(faulty: Path, clean: Path) -> None:
    (clean / PATH[1:]).unlink()
    document_of = documents([na.Archive(clean), na.Archive(faulty)])
    found = document_of(str(faulty / PATH[1:]))
    assert found
    assert "/gone.md" in found.text
    assert document_of(str(clean / PATH[1:])) is None
    assert document_of("/elsewhere/a.md") is None


def test_files_are_named_from_the_working_folder_where_they_lie_below_it(
    clean: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(clean.parent)
    assert near(str(clean / "a\x1b.md")) == os.path.join("clean", "a\\x1b.md")
    monkeypatch.chdir(clean)
    assert near(str(clean.parent / "b.md")) == str(clean.parent / "b.md")
