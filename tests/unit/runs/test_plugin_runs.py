"""Runs with rules of other packages, sound or broken, in one process and in several."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import newsarchive as na
from newsarchive.rules._plugins import SWITCH
from tests.builders import OPENS, PATH, REBUILT, TODAY, where, write_archive
from tests.plugins import install, site_packages
from tests.seams import small_tasks

pytestmark = pytest.mark.slow


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder where packages are."""
    yield from site_packages(tmp_path / "site", monkeypatch)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_archive(tmp_path / "archive", small=True)


ONE = "RULES = [rule(page=lambda r: fires(r) if r.path.endswith('pier-burns.md') else ())]"
"""A rule that finds one place in the small archive, in the title of the pier's page."""

FAILING = (
    "def fail(reading, *_):\n"
    "    if reading.kind == 'event':\n"
    "        raise ValueError('no ' + reading.path[-8:])\n"
    "    return ()\n"
)


class TestSoundRules:
    def test_a_page_rule_finds_what_it_finds_everywhere(
        self, site: Path, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        install(site, ONE)
        report = na.check(root, today=TODAY)
        assert where(report.diagnostics) == [(PATH, 3, 12)]
        [found] = report.diagnostics
        assert (found.code, found.name, found.severity) == ("XY101", "no-fires", "warning")
        assert found.file == str(root / PATH[1:])
        cache = tmp_path / "cache"
        for _ in range(2):
            assert na.check(root, today=TODAY, cache=cache) == report
        small_tasks(monkeypatch)
        assert na.check(root, today=TODAY, jobs=2) == report
        assert na.check(root, today=TODAY, only=[PATH]).diagnostics == (found,)
        assert na.check(root, select=["XY"], today=TODAY).diagnostics == (found,)
        assert na.check(root, ignore=["no-fires"], today=TODAY).diagnostics == ()

    def test_rules_of_the_archive_and_the_clock_see_every_page(
        self, site: Path, root: Path, tmp_path: Path
    ) -> None:
        install(
            site,
            """
            def across(reading, archive):
                if reading.kind == "event" and archive.is_listed(reading.path):
                    yield Finding(0, 3, archive.title(reading.path))

            def late(reading, today):
                if reading.path.endswith("/faq/README.md"):
                    yield Finding(0, 1, today.isoformat())

            RULES = [rule("XY201", "across", archive=across), rule("XY301", "late", clock=late)]
            """,
        )
        for cache in (None, tmp_path / "cache", tmp_path / "cache"):
            found = na.check(root, today=TODAY, cache=cache).diagnostics
            assert {d.page: d.message for d in found if d.code == "XY201"} == {
                path: na.Archive(root).title(path) for path in na.Archive(root)
                if na.Archive(root).title(path)
            }  # fmt: skip
            late = [d for d in found if d.code == "XY301"]
            assert [(d.page, d.message) for d in late] == [("/faq/README.md", "2020-01-01")]

    def test_one_page_alone_is_judged_by_them_too(self, site: Path, root: Path) -> None:
        install(site, ONE)
        text = (root / PATH[1:]).read_text("utf-8")
        assert [d.code for d in na.check_text(text, PATH, today=TODAY)] == ["XY101"]
        assert [d.code for d in na.inspect(text, PATH, today=TODAY).diagnostics] == ["XY101"]

    def test_the_cache_follows_the_rules(self, site: Path, root: Path, tmp_path: Path) -> None:
        command = [
            sys.executable, "-m", "newsarchive", "check", str(root), "--isolated",
            "--cache-dir", str(tmp_path / "cache"), "--today", "2020-01-01",
            "--output-format", "json",
        ]  # fmt: skip
        known = os.environ.get("PYTHONPATH")
        paths = os.pathsep.join([str(site), *([known] if known else [])])

        def found(**more: str) -> list[str]:
            env = {**os.environ, "PYTHONPATH": paths, **more}
            done = subprocess.run(command, env=env, capture_output=True, check=False)
            return [d["message"] for d in json.loads(done.stdout)["diagnostics"]]

        assert found() == []
        file = install(site, ONE)
        assert found() == ["the pier burns"]
        file.write_text(file.read_text("utf-8").replace("the pier burns", "it burns"), "utf-8")
        assert found() == ["it burns"]
        assert found(**{SWITCH: "1"}) == []

    def test_workers_that_begin_anew_load_them(self, site: Path, root: Path) -> None:
        install(site, ONE)
        code = (
            "import sys, threading\n"
            "import newsarchive as na\n"
            "from newsarchive.runs import workers\n"
            "workers._TASK_PAGES = 1\n"
            "def run():\n"
            "    print([d.code for d in na.check(sys.argv[1], jobs=2).diagnostics])\n"
            "thread = threading.Thread(target=run)\n"
            "thread.start()\n"
            "thread.join()\n"
        )
        script = site / "run.py"
        script.write_text(code, "utf-8")
        done = newsarchive(site, script=script, args=[root])
        assert (done.stdout, done.stderr) == ("['XY101']\n", "")


class TestFixes:
    DROP = """
    def check(reading):
        for m in reading.sources:
            yield Finding(*m.span("target"), "x", Repair("mend", (BodyEdit({edit}),){more}))

    RULES = [rule(page=check, fix="mend it")]
    """

    def fixed(self, root: Path, site: Path, edit: str, more: str = "") -> na.Fixed:
        install(site, self.DROP.format(edit=edit, more=more))
        text = (root / PATH[1:]).read_text("utf-8")
        return na.fix_text(text, PATH, codes=["XY101"])

    def test_one_that_breaks_the_page_is_refused(self, root: Path, site: Path) -> None:
        fixed = self.fixed(root, site, "m.end(), m.end() + 1, ' '")
        assert fixed.text == (root / PATH[1:]).read_text("utf-8")
        assert [str(error) for error in fixed.refused] == [
            f"{PATH}: the fix of XY101 would change more than it says; not applied"
        ]

    def test_one_that_mends_nothing_is_refused(self, root: Path, site: Path) -> None:
        fixed = self.fixed(root, site, "*m.span('target'), 'https://a.example'")
        assert fixed.applied == ()
        assert fixed.refused

    def test_a_broken_rule_fixes_nothing(self, root: Path, site: Path) -> None:
        fixed = self.fixed(root, site, "0, 99999, ''")
        assert (fixed.applied, fixed.refused) == ((), ())


class TestBrokenRules:
    def test_one_finding_tells_of_all_pages(
        self, site: Path, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        install(site, FAILING + "RULES = [rule(page=fail), rule('XY102', 'fires', page=fires)]")
        report = na.check(root, today=TODAY)
        broken = [d for d in report.diagnostics if d.code == "NA905"]
        assert where(broken) == [(OPENS, 1, 1)]
        [one] = broken
        events = len(list(na.Archive(root).events()))
        assert one.message.startswith(
            "the rule XY101 [no-fires] of the package 'desk-rules' broke on this page (and on "
            f"{events - 1} other pages), where its findings are missing: ValueError: no opens.md "
            "(desk_rules_"
        )
        assert one.severity is na.Severity.ERROR
        assert one.file == str(root / OPENS[1:])
        assert "XY102" in report.by_code()
        small_tasks(monkeypatch)
        assert na.check(root, today=TODAY, jobs=2) == report
        for _ in range(2):
            assert na.check(root, today=TODAY, cache=tmp_path / "cache") == report

    def test_one_other_page_is_singular(self, site: Path, root: Path) -> None:
        install(site, FAILING + "RULES = [rule(page=fail)]")
        found = na.check(root, today=TODAY, only=[OPENS, REBUILT]).diagnostics
        assert "(and on 1 other page), where" in found[0].message
        found = na.check(root, today=TODAY, only=[OPENS]).diagnostics
        assert "broke on this page, where" in found[0].message

    @pytest.mark.parametrize("scope", ["archive", "clock"])
    def test_so_it_is_beyond_the_page(self, site: Path, root: Path, scope: str) -> None:
        install(site, FAILING + f"RULES = [rule({scope}=fail)]")
        report = na.check(root, today=TODAY)
        assert where(report.diagnostics) == [(OPENS, 1, 1)]
        assert report.by_code() == {"NA905": 1}

    def test_a_failure_is_not_kept(self, site: Path, root: Path, tmp_path: Path) -> None:
        switch = tmp_path / "broken"
        switch.touch()
        install(
            site,
            f"import os\ndef check(reading):\n    if os.path.exists({str(switch)!r}):\n"
            "        raise OSError('full')\n    return fires(reading) if "
            "reading.path.endswith('pier-burns.md') else ()\nRULES = [rule(page=check)]",
        )
        cache = tmp_path / "cache"
        assert na.check(root, today=TODAY, cache=cache).by_code() == {"NA905": 1}
        switch.unlink()
        assert na.check(root, today=TODAY, cache=cache).by_code() == {"XY101": 1}

    def test_only_rules_that_are_chosen_are_told_of(
        self, site: Path, root: Path, tmp_path: Path
    ) -> None:
        install(site, FAILING + "RULES = [rule(page=fail)]")
        cache = tmp_path / "cache"
        na.check(root, today=TODAY, cache=cache)
        report = na.check(root, select=["NA"], today=TODAY, cache=cache)
        assert (report.diagnostics, report.notices) == ((), ())

    def test_where_the_finding_is_ignored_a_notice_tells(self, site: Path, root: Path) -> None:
        install(site, FAILING + "RULES = [rule(page=fail)]")
        report = na.check(root, ignore=["NA905"], today=TODAY)
        assert report.diagnostics == ()
        [notice] = report.notices
        assert notice.startswith(f"{OPENS}: the rule XY101 [no-fires] of the package 'desk-rules'")

    def test_a_package_that_cannot_be_loaded_is_a_finding_of_the_archive(
        self, site: Path, root: Path
    ) -> None:
        install(site, "raise ValueError('no')")
        [found] = na.check(root, today=TODAY).diagnostics
        assert (found.code, found.page, found.file) == ("NA905", "/", str(root) + os.sep)
        assert "'desk-rules' (entry point 'desk') cannot be loaded: ValueError: no" in found.message
        [notice] = na.check(root, select=["NA5"], today=TODAY).notices
        assert notice == found.message


def newsarchive(
    site: Path, *command: str | Path, script: Path | None = None, args: list[Path] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run the command, or a script, in a process that sees a folder of packages."""
    start = [str(script)] if script else ["-m", "newsarchive"]
    path = os.pathsep.join([str(site), os.environ.get("PYTHONPATH", "")])
    return subprocess.run(
        [sys.executable, *start, *map(str, args or command)],
        capture_output=True, text=True, check=False, encoding="utf-8",
        env={**os.environ, "PYTHONPATH": path},
    )  # fmt: skip


class TestCommand:
    @pytest.fixture
    def packages(self, tmp_path: Path) -> Path:
        return tmp_path / "packages"

    def test_check_prints_selects_and_ignores(self, packages: Path, root: Path) -> None:
        install(packages, ONE)
        done = newsarchive(packages, "check", root, "--fail-on", "warning")
        assert (done.returncode, done.stderr) == (1, "")
        assert f"{root / PATH[1:]}:3:12: warning XY101 [no-fires] the pier burns" in done.stdout
        for more in (["--ignore", "XY"], ["--no-plugins"]):
            assert newsarchive(packages, "check", root, "--fail-on", "info", *more).returncode == 0
        done = newsarchive(packages, "check", root, "--select", "XY1", "--output-format", "json")
        assert json.loads(done.stdout)["summary"]["codes"] == {"XY101": 1}
        done = newsarchive(packages, "check", root, "--no-plugins", "--select", "XY1")
        assert (done.returncode, done.stdout) == (2, "")
        assert "no rule is called 'XY1'" in done.stderr

    def test_a_broken_one_fails_the_check_and_the_rest_is_checked(
        self, packages: Path, root: Path
    ) -> None:
        install(packages, FAILING + "RULES = [rule(page=fail)]")
        done = newsarchive(packages, "check", root)
        assert done.returncode == 1
        assert (
            ": error NA905 [broken-plugin] the rule XY101 [no-fires] of the package" in done.stdout
        )
        assert "Checked 1" in done.stdout
        assert "Traceback" not in done.stderr
        done = newsarchive(packages, "check", root, "--ignore", "NA905")
        assert done.returncode == 0
        assert "of the package 'desk-rules' broke on this page" in done.stderr

    def test_a_signal_ends_the_run_whatever_runs(self, packages: Path, root: Path) -> None:
        install(
            packages,
            "import os, signal\n"
            "def stop(*_):\n    os.kill(os.getpid(), signal.SIGTERM)\n    yield from ()\n"
            "RULES = [rule(clock=stop)]",
        )
        done = newsarchive(packages, "check", root)
        assert (done.returncode, done.stdout) == (143, "")
        assert done.stderr == "ended by a signal\n"

    def test_what_they_print_does_not_mix_with_the_report(self, packages: Path, root: Path) -> None:
        install(
            packages,
            "def check(reading):\n    print('here')\n    yield from ()\nRULES = [rule(page=check)]",
        )
        done = newsarchive(packages, "check", root, "--output-format", "json", "--jobs", "1")
        assert json.loads(done.stdout)["diagnostics"] == []
        assert set(done.stderr.split()) == {"here"}

    def test_rules_and_explain_know_them(self, packages: Path) -> None:
        install(packages, "RULES = [rule(page=fires), rule('bad')]")
        done = newsarchive(packages, "rules")
        assert done.returncode == 1
        last = done.stdout.splitlines()[-1]
        assert last.split() == [
            "XY101", "no-fires", "warning", "a", "title", "names", "a", "fire", "[desk-rules]",
        ]  # fmt: skip
        assert done.stderr.startswith("the rule 'bad' of the package 'desk-rules' (entry point")
        assert done.stderr.count("\n") == 1
        listed = json.loads(newsarchive(packages, "rules", "--output-format", "json").stdout)
        assert [rule["package"] for rule in listed][-2:] == [None, "desk-rules"]
        done = newsarchive(packages, "explain", "no-fires")
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.startswith("XY101 [no-fires] warning (package desk-rules)\nComplains")
        assert "NA905" not in done.stdout
        assert newsarchive(packages, "rules", "--no-plugins").returncode == 0
        assert newsarchive(packages, "explain", "no-fires", "--no-plugins").returncode == 2

    def test_the_version_loads_none(self, packages: Path) -> None:
        install(packages, "raise ValueError('no')\n")
        (packages / "sitecustomize.py").write_text(
            "import atexit, sys\n"
            "atexit.register(lambda: print('newsarchive.rules._packages' in sys.modules))\n",
            "utf-8",
        )
        done = newsarchive(packages, "--version")
        assert done.stdout == f"newsarchive {na.__version__}\nFalse\n"
        assert newsarchive(packages, "explain", "NA101").stdout.endswith("\nTrue\n")


def test_the_switch_is_put_back_after_a_command(
    site: Path, root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from newsarchive.cli import main

    install(site, ONE)
    for before in ("", None):
        if before is None:
            monkeypatch.delenv(SWITCH)
        else:
            monkeypatch.setenv(SWITCH, before)
        with pytest.raises(SystemExit) as left:
            main(["rules", "--no-plugins"])
        assert left.value.code == 0
        assert os.environ.get(SWITCH) == before
        assert "XY101" not in capsys.readouterr().out
