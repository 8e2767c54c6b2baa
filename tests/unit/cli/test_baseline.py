"""``newsarchive baseline``, and a check beside one."""

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from newsarchive.runs.baseline import read_baseline
from newsarchive.writers.sarif import FINGERPRINT
from tests.builders import OPENS, PATH, REBUILT, SMALL_ARCHIVE, event, write_archive
from tests.consumers import sarif_validator
from tests.repositories import commit, git
from tests.unit.cli.test_config import BROKEN, REMARK, WARNING, run, spoken

FILE = Path("a/.newsarchive-baseline.jsonl")


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An archive with an error and a remark."""
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    write_archive(tmp_path / "a", {OPENS: BROKEN, REBUILT: REMARK}, small=True)
    return Path("a")


def known(file: Path = FILE) -> list[tuple[str, str]]:
    """Codes and reasons of a baseline's entries."""
    return [(e.code, e.reason) for e in read_baseline(file)]


def spoil(root: Path) -> None:
    (root / PATH[1:]).write_text(WARNING)


def mend(root: Path) -> None:
    (root / OPENS[1:]).write_text(SMALL_ARCHIVE[OPENS])


class TestWriting:
    def test_it_holds_today_s_findings(self, root: Path) -> None:
        result = run("baseline", "a")
        assert result.return_value == 0
        assert result.stderr == f"Wrote {FILE}: 2 findings, 2 new, 0 taken out.\n"
        assert known() == [("NA201", ""), ("NA505", "")]

    def test_with_a_reason_and_another_name(self, root: Path) -> None:
        run("baseline", "a", "--output", "known.jsonl", "--reason", "before our time")
        assert {reason for _, reason in known(Path("known.jsonl"))} == {"before our time"}
        assert not FILE.exists()

    def test_the_configuration_may_name_it(self, root: Path) -> None:
        config = 'baseline = "known.jsonl"\nignore = ["NA5"]'
        assert run("baseline", "a", config=config).return_value == 0
        assert known(root / "known.jsonl") == [("NA201", "")]
        assert run("check", "a").return_value == 0

    def test_of_some_rules_only(self, root: Path) -> None:
        run("baseline", "a", "--select", "NA5")
        assert known() == [("NA505", "")]

    def test_a_clean_archive_has_an_empty_one(self, root: Path) -> None:
        write_archive(root)
        assert run("baseline", "a").stderr.endswith(": 0 findings, 0 new, 0 taken out.\n")
        assert known() == []

    def test_it_does_not_grow_unasked(self, root: Path) -> None:
        run("baseline", "a")
        before = FILE.read_bytes()
        spoil(root)
        result = run("baseline", "a")
        assert result.return_value == 1
        assert "3 findings not in the baseline; left as it is (--update adds them" in result.stderr
        assert FILE.read_bytes() == before

    def test_asked_it_grows_and_keeps_the_reasons(self, root: Path) -> None:
        run("baseline", "a", "--reason", "old")
        spoil(root)
        result = run("baseline", "a", "--update", "--reason", "later")
        assert result.stderr == f"Wrote {FILE}: 5 findings, 3 new, 0 taken out.\n"
        assert sorted(known()) == [
            ("NA108", "later"), ("NA108", "later"), ("NA108", "later"), ("NA201", "old"),
            ("NA505", "old"),
        ]  # fmt: skip

    def test_lines_that_stay_are_not_touched(self, root: Path) -> None:
        run("baseline", "a", "--reason", "old")
        before = FILE.read_text().splitlines()
        spoil(root)
        run("baseline", "a", "--update")
        assert set(before) < set(FILE.read_text().splitlines())

    def test_run_again_it_shrinks(self, root: Path) -> None:
        run("baseline", "a")
        mend(root)
        assert run("baseline", "a").stderr == f"Wrote {FILE}: 1 finding, 0 new, 1 taken out.\n"
        assert run("baseline", "a").stderr == f"Kept {FILE}: 1 finding, 0 new, 0 taken out.\n"

    def test_pruning_takes_out_and_adds_nothing(self, root: Path) -> None:
        run("baseline", "a")
        mend(root)
        spoil(root)
        assert run("baseline", "a", "--prune").stderr.endswith(": 1 finding, 0 new, 1 taken out.\n")
        assert known() == [("NA505", "")]

    def test_other_pages_and_rules_keep_their_entries(self, root: Path) -> None:
        run("baseline", "a")
        write_archive(root)
        run("baseline", root / PATH[1:], "--prune")
        assert len(known()) == 2
        run("baseline", "a", "--prune", "--select", "NA2")
        assert known() == [("NA505", "")]
        run("baseline", root / REBUILT[1:], "--prune")
        assert known() == []


class TestRefusing:
    @pytest.mark.parametrize(
        ("args", "why"),
        [
            (["--prune"], "a/.newsarchive-baseline.jsonl: there is no baseline to prune"),
            (["--prune", "--update"], "--update and --prune exclude each other"),
            (["--prune", "--reason", "x"], "--reason is for new entries; --prune writes none"),
            (["--output", "a/index.md"], "a/index.md:1: this is no JSON object"),
            (["--output", "a/news"], "a/news: it is no regular file"),
            (["--output", "none/x"], "none/x: No such file or directory"),
            (["--select", "x9"], "no rule is called 'x9'"),
        ],
    )
    def test_it_says_why(self, root: Path, args: list[str], why: str) -> None:
        before = (root / "index.md").read_bytes()
        status, out, err = spoken("baseline", "a", *args)
        assert (status, out) == (2, "")
        assert why in err
        assert (root / "index.md").read_bytes() == before

    def test_an_archive_without_pages(self, tmp_path: Path) -> None:
        (tmp_path / "empty/news").mkdir(parents=True)
        status, _, err = spoken("baseline", tmp_path / "empty")
        assert (status, "nothing to check" in err) == (2, True)

    def test_a_cache_that_cannot_be_used_is_told(self, root: Path) -> None:
        assert (
            "no cache: a/kept lies in the archive"
            in run("baseline", "a", "--cache-dir", "a/kept").stderr
        )


def told(result: Result) -> str:
    return result.stderr.splitlines()[-1]


class TestCheck:
    def test_only_new_findings_are_told_and_fail(self, root: Path) -> None:
        assert run("check", "a").return_value == 1
        run("baseline", "a")
        result = run("check", "a")
        assert result.return_value == 0
        assert result.stdout.endswith("No findings.\n")
        assert result.stderr == f"Baseline {FILE}: 2 known findings not shown.\n"
        spoil(root)
        result = run("check", "a", "--fail-on", "warning")
        assert result.return_value == 1
        assert result.stdout.count("NA108") == 3
        assert "NA201" not in result.stdout

    def test_entries_in_vain_are_counted_and_listed_on_demand(self, root: Path) -> None:
        run("baseline", "a")
        mend(root)
        result = run("check", "a")
        assert result.return_value == 0
        assert result.stderr == (
            f"Baseline {FILE}: 1 known finding not shown; 1 entry no longer needed "
            "('newsarchive baseline --prune' takes them out).\n"
        )
        assert (
            f"    no longer needed: {OPENS}:14: NA201 "
            in run("check", "a", "--show-unneeded").stderr
        )

    def test_other_pages_and_rules_are_not_judged(self, root: Path) -> None:
        run("baseline", "a")
        write_archive(root)
        assert told(run("check", root / PATH[1:])).endswith(": 0 known findings not shown.")
        assert "1 entry no longer" in told(run("check", root / OPENS[1:]))
        assert "1 entry no longer" in told(run("check", "a", "--ignore", "NA2"))
        assert "2 entries no longer" in told(run("check", "a"))

    @pytest.mark.slow
    def test_another_file_and_none(self, root: Path) -> None:
        run("baseline", "a", "--output", "known.jsonl")
        assert run("check", "a").return_value == 1
        assert run("check", "a", "--baseline", "known.jsonl").return_value == 0
        run("baseline", "a")
        assert run("check", "a", "--no-baseline").return_value == 1
        assert run("check", "a", "--no-baseline").stderr == ""
        assert run("check", "a", config="baseline = false").return_value == 1
        assert run("check", "a", "--baseline", "known.jsonl").return_value == 0

    def test_json_holds_the_new_ones_only(self, root: Path) -> None:
        run("baseline", "a", "--select", "NA2")
        printed = json.loads(run("check", "a", "--output-format", "json").stdout)
        assert [d["code"] for d in printed["diagnostics"]] == ["NA505"]

    def results(self, *args: str) -> tuple[list[tuple[str, Any]], str]:
        """Codes and suppressions of a check's results in SARIF, and what it said beside."""
        done = run("check", *args, "--output-format", "sarif")
        log = json.loads(done.stdout)
        assert list(sarif_validator().iter_errors(log)) == []
        found = log["runs"][0]["results"]
        names = [result["partialFingerprints"][FINGERPRINT] for result in found]
        assert len(set(names)) == len(names)
        return [(r["ruleId"], r.get("suppressions")) for r in found], done.stderr

    def test_sarif_holds_the_known_ones_as_suppressed(self, root: Path) -> None:
        assert self.results("a")[0] == [("NA201", None), ("NA505", None)]
        run("baseline", "a", "--select", "NA2", "--reason", "before our time")
        told, err = self.results("a")
        known = {"kind": "external", "status": "accepted", "justification": "before our time"}
        assert told == [("NA505", []), ("NA201", [known])]
        assert "sarif: 1 known finding as suppressed results; code scanning on GitHub" in err
        told, err = self.results("a", "--no-show-known")
        assert (told, "suppressed" in err) == ([("NA505", None)], False)
        told, _ = self.results("a", "--max-results", "1")
        assert told == [("NA505", None)]
        shutil.copytree(root, "b")
        told, _ = self.results("a", "b")
        assert told == [("NA505", []), ("NA505", []), ("NA201", [known]), ("NA201", [known])]
        assert run("check", "a", "--output-format", "sarif", "--fail-on", "error").return_value == 0

    def test_of_a_change_it_holds_what_the_change_brought(self, root: Path) -> None:
        shutil.rmtree(".git")
        git(Path(), "init", "-q")
        commit(Path())
        spoil(root)
        run("baseline", "a")
        told, _ = self.results("a", "--since", "HEAD")
        assert [code for code, known in told if known] == ["NA108"] * 3 == [c for c, _ in told]

    @pytest.mark.slow
    @pytest.mark.parametrize("form", ["jsonl", "gitlab"])
    def test_a_fingerprint_is_the_same_whatever_is_known_of_equal_findings(
        self, root: Path, form: str
    ) -> None:
        def prints(*args: str) -> list[str]:
            printed = run("check", "a", "b", "--output-format", form, *args).stdout
            return re.findall(r'"fingerprint": "(\w{32})', printed)

        entry = "[The pier burns.](/news/2016/03/2/gone.md)"
        once, twice = (event("2016-02-29", "The pier opens.", related=[entry] * n) for n in (1, 2))
        write_archive(root, {OPENS: once})
        run("baseline", "a")
        write_archive(root, {OPENS: twice})
        shutil.copytree(root, "b", ignore=shutil.ignore_patterns(".*"))
        whole = prints("--no-baseline", "--select", "NA201")
        assert len(set(whole)) == len(whole) == 4
        assert prints("--select", "NA201") == whole[1:]

    def test_one_that_is_damaged_or_missing_is_an_error(self, root: Path) -> None:
        status, out, err = spoken("check", "a", "--baseline", "none.jsonl")
        assert (status, out) == (2, "")
        assert "none.jsonl: no such baseline; 'newsarchive baseline' writes it" in err
        for name, why in (("x" * 300, "File name too long"), ("a\0b", "embedded null")):
            status, _, err = spoken("check", "a", "--baseline", name)
            assert (status, why in err) == (2, True)
        FILE.write_text("{}")
        status, out, err = spoken("check", "a")
        assert (status, out) == (2, "")
        assert err.startswith(f"Error: {FILE}:1: it is no baseline")

    def test_it_is_no_page_and_no_file_of_git(self, root: Path) -> None:
        for name in ("a/news/2016/known.md", "a/README.md", "a/opinion/x.jsonl", "a/.git/x"):
            status, _, err = spoken("baseline", "a", "--output", name)
            assert (status, f"cannot write {name}: it lies among the archive's pages" in err) == (
                2,
                True,
            )
            assert not Path(name).exists()

    def test_it_is_for_one_archive(self, root: Path) -> None:
        write_archive(Path("b"))
        run("baseline", "a", "--output", "known.jsonl")
        status, _, err = spoken("check", "a", "b", "--baseline", "known.jsonl")
        assert (status, "--baseline is for one archive" in err) == (2, True)
        run("baseline", "a")
        result = run("check", "a", "b")
        assert result.return_value == 0
        assert result.stderr.count("Baseline ") == 1

    @pytest.mark.slow
    def test_nor_is_it_beside_what_is(self, root: Path) -> None:
        case = [OPENS.replace("opens", word) for word in ("Opens", "OPENS")]
        page = SMALL_ARCHIVE[PATH].replace(
            f"1. [The pier opens.]({OPENS})", f"1. [The pier opens.]({case[0]})"
        )
        (root / PATH[1:]).write_text(page)
        run("baseline", "a")
        page = page.replace(f"({REBUILT})\n", f"({REBUILT})\n3. [The pier opens.]({case[1]})\n")
        (root / PATH[1:]).write_text(page)
        run("check", "a", "--fix", "--select", "NA201")
        assert (root / PATH[1:]).read_text() == page.replace(case[1], OPENS)

    @pytest.mark.slow
    def test_what_is_known_is_not_repaired(self, root: Path) -> None:
        spoil(root)
        run("baseline", "a")
        run("check", "a", "--fix")
        assert (root / PATH[1:]).read_text() == WARNING
        run("check", "a", "--fix", "--no-baseline")
        assert (root / PATH[1:]).read_text() == SMALL_ARCHIVE[PATH]
        assert "3 entries no longer needed" in told(run("check", "a"))
