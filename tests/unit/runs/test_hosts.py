"""A check inside another program leaves that program as it was."""

import asyncio
import gc
import http.server
import multiprocessing
import os
import signal
import threading
import urllib.request
from pathlib import Path
from typing import Any

import pytest

import newsarchive as na
from newsarchive.runs import processes
from newsarchive.store.git_tree import tree_at
from tests.builders import LATER, PATH, TODAY, event, write_archive
from tests.repositories import commit, git, needs_git
from tests.seams import small_tasks

BROKEN = {LATER: event("2016-03-10", "The pier opens once more.")}


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    small_tasks(monkeypatch, 3)
    gc.unfreeze()  # other tests run the command in this process, which is its own else
    return write_archive(tmp_path / "root", BROKEN, small=True)


def state() -> dict[str, Any]:
    """What a program shares with the libraries that it uses."""
    signals = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    return {
        "collector": (gc.isenabled(), gc.get_threshold(), gc.get_freeze_count()),
        "start": multiprocessing.get_start_method(allow_none=True),
        "environment": dict(os.environ),
        "signals": {number: signal.getsignal(number) for number in signals},
        "held": signal.pthread_sigmask(signal.SIG_BLOCK, ()),
        "folder": os.getcwd(),
    }


def checked(root: Path, jobs: int) -> list[str]:
    """The findings' codes, and that all processes did their part."""
    seen = []
    report = na.check(
        root, today=TODAY, jobs=jobs, progress=lambda done, total: seen.append(state())
    )
    assert report.notices == ()
    assert all(found == seen[0] for found in seen)
    return [d.code for d in report.diagnostics]


@pytest.fixture
def forks(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """An entry for each time that this process is copied."""
    found: list[int] = []
    whole = os.fork

    def fork() -> int:
        found.append(1)
        return whole()

    monkeypatch.setattr(os, "fork", fork)
    return found


pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.name != "posix", reason="asks for signals of POSIX"),
]


@pytest.mark.parametrize("jobs", [1, 2])
class TestHosts:
    def test_a_program_without_threads(self, root: Path, jobs: int) -> None:
        expected, before = [d.code for d in na.check(root, today=TODAY).diagnostics], state()
        assert checked(root, jobs) == expected
        assert state() == before

    def test_a_web_server_that_answers_in_threads(
        self, root: Path, jobs: int, forks: list[int]
    ) -> None:
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                codes = ",".join(checked(root, jobs)).encode()
                self.send_response(200)
                self.end_headers()
                self.wfile.write(codes)

            def log_message(self, *_: Any) -> None:
                """Not to the terminal."""

        expected = ",".join(d.code for d in na.check(root, today=TODAY).diagnostics)
        with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            before = state()
            with urllib.request.urlopen(f"http://127.0.0.1:{server.server_port}/") as answer:
                assert answer.read().decode() == expected
            assert state() == before
            server.shutdown()
        assert forks == []

    def test_a_notebook_whose_loop_runs(self, root: Path, jobs: int, forks: list[int]) -> None:
        expected = [d.code for d in na.check(root, today=TODAY).diagnostics]

        async def cell() -> None:
            await asyncio.to_thread(lambda: None)  # a thread that waits for more work
            before = state()
            assert checked(root, jobs) == expected
            assert await asyncio.to_thread(checked, root, jobs) == expected
            assert state() == before

        asyncio.run(cell())
        assert forks == []

    def test_a_program_with_threads(self, root: Path, jobs: int, forks: list[int]) -> None:
        expected = [d.code for d in na.check(root, today=TODAY).diagnostics]
        done = threading.Event()
        threading.Thread(target=done.wait).start()
        try:
            before = state()
            assert checked(root, jobs) == expected
            assert state() == before
        finally:
            done.set()
        assert forks == []


@pytest.mark.parametrize("enabled", [True, False])
def test_a_collector_that_is_off_stays_off(root: Path, enabled: bool) -> None:
    before = gc.isenabled()
    (gc.enable if enabled else gc.disable)()
    try:
        checked(root, 1)
        assert gc.isenabled() is enabled
    finally:
        (gc.enable if before else gc.disable)()


class TestTheArchiveStaysAsItWas:
    """What a run learns is the run's: an archive reads pages when it is asked."""

    def test_nothing_is_left_on_it(self, root: Path, tmp_path: Path) -> None:
        for options in ({}, {"cache": tmp_path / "cache"}, {"only": [PATH]}):
            archive = na.Archive(root)
            na.check(archive, today=TODAY, **options)
            assert not archive.is_scanned
            assert archive.listed.files == set()

    def test_a_title_is_that_of_the_page_as_it_is(self, root: Path) -> None:
        archive = na.Archive(root)
        na.check(archive, today=TODAY)
        write_archive(root, {LATER: event("2016-03-10", "The pier is shut.")})
        page = archive[LATER]
        assert isinstance(page, na.Event)
        assert archive.title(LATER) == page.title == "The pier is shut."

    def test_pages_that_came_after_the_run_are_there(self, root: Path) -> None:
        archive = na.Archive(root)
        na.check(archive, today=TODAY)
        new = "/news/2016/03/10/new.md"
        write_archive(root, {new: event("2016-03-10", "New.")})
        assert new in archive
        assert new in list(archive)


def test_two_checks_at_once_from_two_threads(root: Path) -> None:
    found: dict[int, list[str]] = {}

    def check(jobs: int) -> None:
        found[jobs] = [d.code for d in na.check(root, today=TODAY, jobs=jobs).diagnostics]

    threads = [threading.Thread(target=check, args=(jobs,)) for jobs in (1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    expected = [d.code for d in na.check(root, today=TODAY).diagnostics]
    assert found == {1: expected, 2: expected}


def test_a_process_that_is_killed_is_told_and_its_task_is_done_here(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where others run beside, and processes are new ones."""
    expected = na.check(root, today=TODAY).diagnostics
    monkeypatch.setattr(processes, "_BEGIN", "raise SystemExit")
    done = threading.Event()
    threading.Thread(target=done.wait).start()
    try:
        report = na.check(root, today=TODAY, jobs=2)
    finally:
        done.set()
    assert report.diagnostics == expected
    [notice] = report.notices
    assert "was killed" in notice


@needs_git
def test_what_a_git_state_lacks_is_told_from_another_process_too(
    root: Path, tmp_path: Path
) -> None:
    git(root, "init", "-q")
    commit(root)
    store = tree_at(root, "HEAD")
    blob = store.entries[LATER].blob
    file = root / ".git/objects" / blob[:2] / blob[2:]
    file.unlink()
    done = threading.Event()
    threading.Thread(target=done.wait).start()
    try:
        for jobs in (1, 2):
            with pytest.raises(na.GitError, match="lacks the object"):
                na.check(na.Archive(store), today=TODAY, jobs=jobs)
    finally:
        done.set()
    with pytest.raises(na.GitError, match="lacks the object"):
        na.check(na.Archive(store), today=TODAY, jobs=2)
