"""Watching: a real process over a real archive, whose files change."""

import os
import queue
import re
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import click
import pytest

import newsarchive as na
from newsarchive.cli._flags import Flags
from newsarchive.cli._watch import _PULSE, _bursts, _is_looked_at, _WatchedRuns
from newsarchive.runs import engine
from tests.builders import OPENS, PATH, REBUILT, SMALL_ARCHIVE, TODAY, spoiled, write_archive
from tests.plugins import install
from tests.repositories import commit, git, needs_git

pytestmark = pytest.mark.slow

PAGE = SMALL_ARCHIVE[PATH]
SPOILT = spoiled("2. [Evening", "3. [Evening", PAGE)
_SECONDS = 60


class Watched:
    """A running ``newsarchive watch``."""

    def __init__(self, *args: str | Path, cwd: Path | None = None, **env: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-u", "-m", "newsarchive", "watch", *map(str, args)],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8",
            env={**os.environ, **env}, start_new_session=True, cwd=cwd,
        )  # fmt: skip
        self._lines: queue.Queue[str] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self._lines.put(line)
        self._lines.put("")

    def until(self, pattern: str) -> str:
        """All output up to and with the first line that a pattern is found in."""
        seen = ""
        while True:
            try:
                line = self._lines.get(timeout=_SECONDS)
            except queue.Empty:
                raise AssertionError(f"waited for {pattern!r}, got:\n{seen}") from None
            seen += line
            if re.search(pattern, line):
                return seen
            assert line, f"ended without {pattern!r}:\n{seen}"

    def stop(self) -> tuple[int, str]:
        """Send ctrl-C; the exit status and what was printed since."""
        self.process.send_signal(signal.SIGINT)
        return self.end()

    def end(self) -> tuple[int, str]:
        """Wait for its end; the exit status and what was printed since."""
        status = self.process.wait(_SECONDS)
        rest = ""
        while line := self._lines.get(timeout=_SECONDS):
            rest += line
        return status, rest

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()
        if self.process.stdout:
            self.process.stdout.close()


Watch = Callable[..., Watched]


@pytest.fixture
def watch(tmp_path: Path) -> Iterator[Watch]:
    """Start watching; whatever still runs after the test is ended."""
    running: list[Watched] = []

    def start(*args: str | Path, cwd: Path | None = None, **env: str) -> Watched:
        cache = str(tmp_path / "cache")
        one = Watched(*args, "--today", "2020-01-01", "--jobs", "1", cwd=cwd,
                      **{"NEWSARCHIVE_CACHE_DIR": cache, **env})  # fmt: skip
        running.append(one)
        return one

    yield start
    for one in running:
        one.kill()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_archive(tmp_path / "archive", small=True)


def started(one: Watched) -> str:
    return one.until(r"^Watching .*; ctrl-C ends\.$")


ROUND = r"^\d\d:\d\d:\d\d .* changed: "


class TestWatching:
    def test_first_all_then_what_changed(self, watch: Watch, root: Path) -> None:
        one = watch(root)
        first = started(one)
        assert "No findings." in first
        write_archive(root, {PATH: SPOILT})
        seen = one.until(ROUND)
        assert re.fullmatch(
            rf"\+ {re.escape(str(root / PATH[1:]))}:11:1: warning NA108 \[entry-numbering\] .*\n"
            r"[\d:]{8} 1 page changed: 1 new, 0 gone; now no error, 1 warning\.\n",
            seen,
        )
        write_archive(root, {PATH: PAGE})
        seen = one.until(ROUND)
        assert seen.startswith("- ")
        assert "1 page changed: 0 new, 1 gone; now no error.\n" in seen
        assert one.stop() == (0, "Stopped.\n")

    def test_a_change_that_changes_nothing_is_one_line(self, watch: Watch, root: Path) -> None:
        write_archive(root, {PATH: SPOILT})
        one = watch(root, "--no-cache")
        assert "NA108" in started(one)
        write_archive(root, {PATH: SPOILT.replace("Nobody", "No one")})
        seen = one.until(ROUND)
        assert re.fullmatch(
            r"[\d:]{8} 1 page changed: nothing new; now no error, 1 warning\.\n", seen
        )

    def test_a_page_that_goes_breaks_links_on_others(self, watch: Watch, root: Path) -> None:
        one = watch(root)
        started(one)
        (root / REBUILT[1:]).unlink()
        seen = one.until(ROUND)
        assert f"+ {root / PATH[1:]}:" in seen
        assert "NA201" in seen
        shutil.copytree(root, root.parent / "copy")
        write_archive(root, {REBUILT: SMALL_ARCHIVE[REBUILT]})
        seen = one.until(ROUND)
        assert f"- {root / PATH[1:]}:" in seen
        assert "now no error." in seen

    def test_a_page_that_is_renamed_takes_its_findings_along(
        self, watch: Watch, root: Path
    ) -> None:
        write_archive(root, {PATH: SPOILT})
        one = watch(root, "--select", "NA108")
        started(one)
        (root / PATH[1:]).rename(root / "news/2016/03/2/fire.md")
        assert "nothing new; now no error, 1 warning." in one.until(ROUND)

    def test_a_burst_is_told_of_by_its_end(self, watch: Watch, root: Path) -> None:
        one = watch(root, "--select", "NA108")
        started(one)
        for number in range(200):
            write_archive(root, {f"/news/2016/03/2/burst-{number}.md": SPOILT})
        news = 0
        while news < 200:
            seen = one.until(ROUND)
            news += int(re.findall(r"(\d+) new,", seen)[-1])
        assert "now no error, 200 warnings." in seen

    @needs_git
    def test_so_is_a_checkout_of_git(self, watch: Watch, root: Path) -> None:
        git(root, "init", "--quiet", "--initial-branch=sound")
        commit(root)
        git(root, "checkout", "--quiet", "-b", "spoilt")
        for number in range(100):
            write_archive(root, {f"/news/2016/03/2/page-{number}.md": SPOILT})
        (root / PATH[1:]).unlink()
        commit(root)
        git(root, "checkout", "--quiet", "sound")
        one = watch(root, "--select", "NA108,NA202")
        assert "No findings." in started(one)
        git(root, "checkout", "--quiet", "spoilt")
        one.until(r"changed: .* now 1 error, 100 warnings\.$")
        git(root, "checkout", "--quiet", "sound")
        one.until(r"changed: .* now no error\.$")

    def test_hidden_files_are_not_looked_at(self, watch: Watch, root: Path) -> None:
        one = watch(root)
        started(one)
        (root / ".newsarchive-journal").write_text("{}")
        (root / "news/2016/.page.md.tmp").write_text("")
        (root / ".git").mkdir()
        (root / ".git/index.md").write_text("")
        (root / ".newsarchive-journal").unlink()
        write_archive(root, {PATH: SPOILT})
        assert "1 page changed: 1 new" in one.until(ROUND)

    def test_only_a_part_of_the_archive(self, watch: Watch, root: Path) -> None:
        write_archive(root, {PATH: SPOILT})
        one = watch(root / "news/2016/03/4")
        assert "NA108" not in started(one)
        (root / OPENS[1:]).unlink()
        write_archive(root, {REBUILT: SMALL_ARCHIVE[REBUILT].replace("1. [", "4. [", 1)})
        seen = one.until("NA108")
        seen += one.until(ROUND)
        assert f"+ {root / REBUILT[1:]}:" in seen
        assert str(root / PATH[1:]) not in seen

    def test_rules_of_other_packages_take_part(
        self, watch: Watch, root: Path, tmp_path: Path
    ) -> None:
        install(tmp_path / "site", "RULES = [rule(page=fires)]")
        path = os.pathsep.join([str(tmp_path / "site"), os.environ.get("PYTHONPATH", "")])
        assert "XY101" in started(watch(root, PYTHONPATH=path))
        assert "XY101" not in started(watch(root, "--no-plugins", PYTHONPATH=path))

    def test_notices_are_told_once(self, watch: Watch, root: Path) -> None:
        one = watch(root, "--cache-dir", root / "cache")
        started(one)
        assert "lies in the archive" in one.until("no cache")
        write_archive(root, {PATH: SPOILT})
        one.until(ROUND)
        assert one.stop() == (0, "Stopped.\n")

    def test_a_configuration_that_becomes_wrong_is_told_and_the_last_one_holds(
        self, watch: Watch, root: Path
    ) -> None:
        file = root / "newsarchive.toml"
        file.write_text('ignore = ["NA108"]\n')
        one = watch(root)
        started(one)
        file.write_text('ignore = ["NA108", "NA999"]\n')
        told = one.until("NA999")
        assert "newsarchive.toml:1: ignore[1]: no rule is called 'NA999'" in told
        assert told.endswith("; going on with what was read before\n")
        write_archive(root, {PATH: SPOILT})
        assert one.until(ROUND).endswith("1 page changed: nothing new; now no error.\n")
        file.write_text("")
        seen = one.until(ROUND)
        assert "NA108" in seen
        assert "newsarchive.toml" not in seen
        assert one.stop() == (0, "Stopped.\n")

    def test_so_is_a_baseline(self, watch: Watch, root: Path) -> None:
        write_archive(root, {PATH: SPOILT})
        file = root / "known.jsonl"
        subprocess.run(
            [sys.executable, "-m", "newsarchive", "baseline", root, "--output", file], check=True
        )
        one = watch(root, "--baseline", file)
        assert "No findings." in started(one)
        file.write_text("<<<<<<< ours\n")
        assert "a merge was left unfinished here" in one.until("going on with what was read before")
        write_archive(root, {PATH: SPOILT.replace("Nobody", "No one")})
        assert "nothing new; now no error." in one.until(ROUND)

    @pytest.mark.parametrize(("number", "status"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129)])
    def test_another_signal_than_ctrl_c_is_told(
        self, watch: Watch, root: Path, number: int, status: int
    ) -> None:
        one = watch(root)
        started(one)
        one.process.send_signal(number)
        assert one.end() == (status, "ended by a signal\n")

    def test_it_ends_when_its_reader_goes(self, watch: Watch, root: Path) -> None:
        program = [sys.executable, "-u", "-m", "newsarchive", "watch", str(root), "--no-cache"]
        with subprocess.Popen(program, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as one:
            assert one.stdout
            assert one.stderr
            while not one.stdout.readline().startswith(b"Watching"):
                pass
            one.stdout.close()
            write_archive(root, {PATH: SPOILT})
            assert one.wait(_SECONDS) == 141
            assert one.stderr.read() == b""


class TestTheFolder:
    @pytest.mark.parametrize(
        ("inside", "spelling"),
        [
            ("", None), ("", "."), ("", "./"), ("", "../archive"), ("", "../link"),
            ("news", None), ("news", "."), ("news", ".."), ("news/2016", "../../"),
            ("..", "archive"), ("..", "./archive/"), ("..", "link"), ("..", "link/./news"),
            ("..", ".hidden/archive"), ("../.hidden/archive", "."),
        ],
    )  # fmt: skip
    def test_is_watched_however_it_is_spelled(
        self, watch: Watch, root: Path, inside: str, spelling: str | None
    ) -> None:
        (root.parent / "link").symlink_to(root)
        shutil.copytree(root, root.parent / ".hidden/archive")
        one = watch(*[spelling] * (spelling is not None), cwd=root / inside)
        started(one)
        changed = root.parent / ".hidden/archive" if "hidden" in f"{inside}{spelling}" else root
        (changed / "news/.hidden.md").write_text("")
        write_archive(changed, {PATH: SPOILT})
        assert "1 page changed: 1 new, 0 gone" in one.until(ROUND)

    @pytest.mark.parametrize(("inside", "spelling"), [("", "."), ("news/2016", "../..")])
    def test_one_that_is_replaced_under_the_working_folder_is_watched_on(
        self, watch: Watch, root: Path, inside: str, spelling: str
    ) -> None:
        one = watch(spelling, cwd=root / inside)
        started(one)
        other = write_archive(root.parent / "other", {PATH: SPOILT}, small=True)
        root.rename(root.parent / "old")
        other.rename(root)
        one.until("NA108")
        write_archive(root, {PATH: PAGE})
        assert "0 new, 1 gone" in one.until("0 new")

    def test_one_that_is_replaced_is_watched_on(self, watch: Watch, root: Path) -> None:
        one = watch(root)
        started(one)
        other = write_archive(root.parent / "other", {PATH: SPOILT}, small=True)
        root.rename(root.parent / "old")
        other.rename(root)
        assert "NA108" in one.until("NA108")
        one.until(ROUND)
        write_archive(root, {PATH: PAGE})
        assert "0 new, 1 gone" in one.until(ROUND)

    def test_one_that_goes_ends_it(self, watch: Watch, root: Path) -> None:
        one = watch(root)
        started(one)
        shutil.rmtree(root)
        status, rest = one.end()
        assert status == 2
        assert rest.endswith(f"Error: {root}: the archive's folder is gone\n")
        assert "Traceback" not in rest

    def test_folders_come_and_go_while_it_reads(self, watch: Watch, root: Path) -> None:
        one = watch(root, "--select", "NA108")
        started(one)
        for number in range(20):
            day = root / f"news/2016/04/{number + 1}"
            write_archive(root, {f"/news/2016/04/{number + 1}/a.md": SPOILT})
            if number < 19:
                shutil.rmtree(day)
        seen = one.until(r"now no error, 1 warning\.$")
        assert "Traceback" not in seen
        assert one.process.poll() is None


class TestMisuse:
    def ends(self, *args: str | Path, code: str = "") -> tuple[int, str]:
        start = ["-c", f"import sys\n{code}\nfrom newsarchive.cli import main\nmain()"]
        done = subprocess.run(
            [sys.executable, *start, "watch", *map(str, args)],
            capture_output=True, text=True, timeout=_SECONDS, check=False,
        )  # fmt: skip
        assert done.stdout == ""
        return done.returncode, done.stderr

    def test_without_watchfiles_it_says_how_to_install_it(self, root: Path) -> None:
        status, told = self.ends(root, code="sys.modules['watchfiles'] = None")
        assert status == 2
        assert told == (
            "Error: 'newsarchive watch' needs watchfiles: pip install 'newsarchive[watch]'\n"
        )

    def test_what_is_no_archive_is_named(self, tmp_path: Path) -> None:
        status, told = self.ends(tmp_path / "gone")
        assert (status, "no such file or folder" in told) == (2, True)
        status, told = self.ends(tmp_path)
        assert (status, "no archive here or above" in told) == (2, True)

    def test_a_link_that_leads_out_of_the_archive_is_refused(
        self, root: Path, tmp_path: Path
    ) -> None:
        (tmp_path / "elsewhere").mkdir()
        (root / "news/link").symlink_to(tmp_path / "elsewhere")
        status, told = self.ends(root / "news/link")
        assert (status, f"link is not in the archive {root}" in told) == (2, True)

    def test_so_is_an_unknown_rule(self, root: Path) -> None:
        status, told = self.ends(root, "--select", "NA999")
        assert (status, "no rule is called 'NA999'" in told) == (2, True)

    def test_so_is_a_folder_that_cannot_be_listened_to(self, root: Path) -> None:
        code = (
            "import watchfiles\n"
            "def full(*_, **__): raise OSError('OS file watch limit reached')\n"
            "watchfiles.watch = full\n"
        )
        status, told = self.ends(root, code=code)
        assert (status, told) == (
            2,
            f"Error: {root} cannot be watched: OS file watch limit reached\n",
        )


def test_names_with_a_dot_are_passed_over_below_the_root_only() -> None:
    base = os.path.join(os.sep, "home", ".hidden", "archive")
    passes = partial(_is_looked_at, base)
    assert passes(None, os.path.join(base, "news"))
    assert passes(None, os.path.join(base, "news", "a.b.md"))
    assert not passes(None, os.path.join(base, "news", ".a.md.tmp"))
    assert not passes(None, os.path.join(base, ".git", "index"))


class TestADesk:
    """One round, in this process."""

    @staticmethod
    def desk(root: Path, *, clear: bool = False) -> _WatchedRuns:
        flags = Flags({"select": ("NA1",), "jobs": 1, "today": TODAY, "cache": False})
        return _WatchedRuns(root, "", flags, clear)

    def test_a_page_that_goes_while_it_is_read_is_tried_again(
        self, root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        failures = [FileNotFoundError("gone"), FileNotFoundError("gone")]
        real = engine.check_archive

        def check(*args: Any, **options: Any) -> na.Report:
            if failures:
                raise failures.pop()
            return real(*args, **options)

        monkeypatch.setattr(engine, "check_archive", check)
        self.desk(root).report(frozenset())
        assert "No findings." in capsys.readouterr().out
        assert failures == []

    def test_what_stays_unreadable_is_an_error(
        self, root: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def check(*_: Any, **__: Any) -> na.Report:
            raise PermissionError("no")

        monkeypatch.setattr(engine, "check_archive", check)
        with pytest.raises(PermissionError):
            self.desk(root).report(frozenset())

    def test_an_archive_in_a_folder_of_it_is_named(
        self, root: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        write_archive(root / "de", SMALL_ARCHIVE)
        desk = self.desk(root)
        desk.report(frozenset())
        assert capsys.readouterr().err == (
            f"{root / 'de'} is an archive of its own, which is not watched here\n"
        )
        desk.report(frozenset())
        assert capsys.readouterr().err == ""

    def test_the_screen_is_cleared_on_a_terminal(
        self, root: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        cleared: list[bool] = []
        monkeypatch.setattr(click, "clear", lambda: cleared.append(True))
        desk = self.desk(root, clear=True)
        desk.report(frozenset())
        desk.report(frozenset())  # nothing to tell
        desk.report(frozenset({"a.md"}))
        assert len(cleared) == 2

    def test_files_that_are_no_pages_are_silent_unless_findings_change(
        self, root: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        desk = self.desk(root)
        desk.report(frozenset())
        capsys.readouterr()
        desk.report(frozenset())
        assert capsys.readouterr().out == ""
        (root / PATH[1:]).rename(root / "news/2016/03/2/a.md")
        (root / OPENS[1:]).write_bytes(b"\xff")
        desk.report(frozenset())
        out = capsys.readouterr().out
        assert re.search(r"^[\d:]{8} the archive changed: \d new, 0 gone; now \d error", out, re.M)

    def test_what_it_prints_is_safe_for_a_terminal(
        self, root: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        desk = self.desk(root)
        desk.report(frozenset())
        capsys.readouterr()
        (root / "news/2016/03/2/a\x1b[31m.md").write_bytes(b"\xff")
        desk.report(frozenset())
        out = capsys.readouterr().out
        assert "\\x1b[31m" in out
        assert "\x1b" not in out

    def test_a_configuration_that_is_wrong_from_the_start_ends_it(self, root: Path) -> None:
        (root / "newsarchive.toml").write_text("ignore = 1\n", "utf-8")
        with pytest.raises(click.ClickException, match=r"newsarchive\.toml"):
            self.desk(root).report(frozenset())

    def test_a_part_of_the_archive_has_its_own_findings_only(
        self, root: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        write_archive(root, {PATH: SPOILT, REBUILT: b"\xff"})
        desk = _WatchedRuns(
            root, "/news/2016/03/4", Flags({"jobs": 1, "cache": False}), clear=False
        )
        desk.report(frozenset())
        out = capsys.readouterr().out
        assert f"{REBUILT}:1:1: error NA101" in out
        assert PATH not in out

    def test_the_configuration_holds(self, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
        (root / PATH[1:]).write_text(SMALL_ARCHIVE[PATH].replace("\n2. ", "\n7. "), "utf-8")
        self.desk(root).report(frozenset())
        assert "NA108" in capsys.readouterr().out
        (root / "newsarchive.toml").write_text('ignore = ["NA108"]\n', "utf-8")
        self.desk(root).report(frozenset())
        assert "NA108" not in capsys.readouterr().out


def test_bursts_go_on_in_a_folder_that_took_anothers_place(root: Path) -> None:
    bursts = _bursts(root)
    assert next(bursts) == frozenset()
    later = threading.Timer(3 * _PULSE / 1000, write_archive, (root, {PATH: SPOILT}))
    later.start()  # until then there is nothing to tell
    assert next(bursts) == {str(root / PATH[1:])}
    root.rename(root.with_name("old"))
    write_archive(root)
    assert next(bursts) == frozenset()
    write_archive(root, {OPENS: PAGE})
    assert next(bursts) == {str(root / OPENS[1:])}
