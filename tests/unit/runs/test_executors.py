"""Executors of the caller: the same findings, wherever pages are read and keys compared."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import (
    BrokenExecutor,
    CancelledError,
    Executor,
    Future,
    ProcessPoolExecutor,
    ThreadPoolExecutor,
)
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest

import newsarchive as na
from newsarchive.rules import Rule
from newsarchive.runs import exchange, executors
from newsarchive.runs.executors import Conditions
from newsarchive.runs.options import RunOptions
from newsarchive.runs.since import change_to, new_findings
from tests.builders import LATER, OPENS, PATH, REBUILT, TODAY, event, write_archive
from tests.memory_store import MemoryStore
from tests.repositories import commit, git, needs_git
from tests.seams import rules_of_packages, small_tasks

pytestmark = pytest.mark.slow

BROKEN = {
    LATER: event(
        "2016-03-10", "Later.", related=["[The pier burns.](/news/2016/03/2/gone.md)"],
    ),
    "/news/2016/03/1/another.md": event("2016-03-1", "No index lists this."),
}  # fmt: skip


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    small_tasks(monkeypatch)
    return write_archive(tmp_path / "root", BROKEN, small=True)


@pytest.fixture
def threads() -> Iterator[Executor]:
    with ThreadPoolExecutor(2) as executor:
        yield executor


class Told(Executor):
    """An executor that does a task when its outcome is asked for, and counts functions."""

    def __init__(self, error: BaseException | None = None, after: int = 0) -> None:
        self.called: list[str] = []
        self.error, self.after = error, after

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        self.called.append(args[1].__name__)
        future: Future[Any] = Future()
        if self.error is not None and len(self.called) > self.after:
            future.set_exception(self.error)
            return future
        try:
            future.set_result(fn(*args, **kwargs))
        except na.NewsArchiveError as error:
            future.set_exception(error)
        return future


class TestSameFindings:
    def test_by_threads(self, root: Path, threads: Executor) -> None:
        report = na.check(root, today=TODAY, executor=threads)
        assert {"NA201", "NA208"} <= {d.code for d in report.diagnostics}
        assert report.to_json() == na.check(root, today=TODAY).to_json()

    def test_by_processes(self, many: Path) -> None:
        with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as executor:
            assert na.check(many, executor=executor).to_json() == na.check(many).to_json()

    def test_where_an_executor_compares_keys_in_many_parts(
        self, many: Path, threads: Executor, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        small_tasks(monkeypatch, 40)
        monkeypatch.setattr(exchange, "PART_BYTES", 500)
        told = Told()
        report = na.check(many, executor=told)
        assert report.to_json() == na.check(many).to_json()
        assert told.called.count("read_folders") > 10
        assert told.called.count("compare") > 20

    def test_where_keys_are_so_few_that_they_are_compared_here(self, root: Path) -> None:
        told = Told()
        assert na.check(root, executor=told).to_json() == na.check(root).to_json()
        assert {*told.called} == {"read_folders"}

    def test_for_pages_dated_after_today(self, root: Path) -> None:
        early = TODAY.replace(year=2016, month=3, day=2)
        report = na.check(root, today=early, executor=Told())
        assert "NA304" in {d.code for d in report.diagnostics}
        assert report.to_json() == na.check(root, today=early).to_json()

    def test_for_some_pages(self, root: Path, threads: Executor) -> None:
        only = [LATER, PATH]
        report = na.check(root, today=TODAY, only=only, executor=threads)
        assert report.to_json() == na.check(root, today=TODAY, only=only).to_json()

    def test_where_what_is_read_is_kept(self, root: Path, tmp_path: Path) -> None:
        told = Told()
        report = na.check(root, today=TODAY, cache=tmp_path / "cache", executor=told)
        assert set(told.called) == {"read_folders"}
        whole = na.check(root, today=TODAY, cache=tmp_path / "cache")
        assert report.to_json() == whole.to_json() == na.check(root, today=TODAY).to_json()

    def test_of_a_store_that_is_no_folder(self, root: Path, threads: Executor) -> None:
        files = {f"/{p.relative_to(root).as_posix()}": p.read_bytes() for p in root.rglob("*.md")}
        archive = na.Archive(MemoryStore(files))
        report = na.check(archive, today=TODAY, executor=threads)
        assert report.to_json() == na.check(archive, today=TODAY).to_json()

    @needs_git
    def test_of_zips_and_of_states_that_git_keeps(self, many: Path, tmp_path: Path) -> None:
        root = Path(shutil.copytree(many, tmp_path / "root"))
        git(root, "init", "-q")
        commit(root)
        shutil.make_archive(str(tmp_path / "packed"), "zip", many)
        whole = [replace(d, file="") for d in na.check(root).diagnostics]
        with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as executor:
            for archive in (
                na.Archive(f"zip://{tmp_path}/packed.zip"),
                na.Archive(root).at("HEAD"),
            ):
                found = na.check(archive, executor=executor).diagnostics
                assert [replace(d, file="") for d in found] == whole

    def test_of_an_archive_without_pages(self, tmp_path: Path, threads: Executor) -> None:
        (tmp_path / "news").mkdir()
        assert na.check(tmp_path, executor=threads).page_count == 0

    def test_where_the_older_path_of_a_page_is_linked(self, root: Path, threads: Executor) -> None:
        old = "/news/2016/03/1/smoke.md"
        write_archive(
            root,
            {
                REBUILT: event("2016-03-4", "The pier is rebuilt.", related=[f"[Smoke.]({old})"]),
                OPENS: event(
                    "2012-01-3", "The pier opens.", changes=[f"[Smoke.]({old}) _(First version)_"]
                ),
            },
        )
        report = na.check(root, today=TODAY, executor=threads)
        assert any(s.path == OPENS for d in report.diagnostics for s in d.suggestions)
        assert report.to_json() == na.check(root, today=TODAY).to_json()

    @needs_git
    def test_of_what_a_change_broke(self, root: Path, threads: Executor) -> None:
        git(root, "init", "-q")
        commit(root)
        (root / PATH[1:]).unlink()
        change = change_to(na.Archive(root))
        options = RunOptions.of(today=TODAY)
        found = new_findings(change, options._replace(executor=threads))
        assert found.diagnostics
        assert found.to_json() == new_findings(change, options).to_json()


def test_progress_is_told_and_ends_with_all_pages(root: Path, threads: Executor) -> None:
    seen: list[tuple[int, int]] = []
    report = na.check(root, executor=threads, progress=lambda *told: seen.append(told))
    assert seen[-1] == (report.page_count, report.page_count)


def test_an_executor_is_left_open(root: Path, threads: Executor) -> None:
    na.check(root, executor=threads)
    assert threads.submit(int, "7").result() == 7


def test_a_folder_is_found_from_another_working_folder(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as executor:
        executor.submit(os.chdir, "/").result()
        monkeypatch.chdir(root.parent)
        report = na.check("root", today=TODAY, executor=executor)
        assert report.to_json() == na.check("root", today=TODAY).to_json()


class TestLoss:
    @pytest.mark.parametrize("after", [0, 3])
    def test_a_broken_process_pool_is_finished_here(self, root: Path, after: int) -> None:
        report = na.check(root, today=TODAY, executor=Told(BrokenExecutor("gone"), after))
        assert report.diagnostics == na.check(root, today=TODAY).diagnostics
        assert report.notices == (
            "a process that read pages was killed (out of memory?); it went on without others",
        )

    @pytest.mark.skipif(sys.platform != "linux", reason="needs Linux's signals")
    def test_a_pool_whose_process_was_killed_before_is_finished_here(self, root: Path) -> None:
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as executor:
            with pytest.raises(BrokenExecutor):
                executor.submit(
                    os.kill, executor.submit(os.getpid).result(), signal.SIGKILL
                ).result()
            report = na.check(root, today=TODAY, executor=executor)
        assert report.diagnostics == na.check(root, today=TODAY).diagnostics

    def test_lost_tasks_end_the_run_and_say_why(self, root: Path) -> None:
        with pytest.raises(na.ExecutorError, match=r"^the executor is lost \(OSError: no route\)$"):
            na.check(root, executor=Told(OSError("no route")))

    def test_cancelled_tasks_end_the_run(self, root: Path) -> None:
        with pytest.raises(na.ExecutorError, match=r"^the executor is lost \(CancelledError\)$"):
            na.check(root, executor=Told(CancelledError(), 5))

    def test_an_executor_that_was_shut_down_is_lost(self, root: Path) -> None:
        executor = ThreadPoolExecutor(1)
        executor.shutdown()
        with pytest.raises(na.ExecutorError, match="cannot schedule new futures after shutdown"):
            na.check(root, executor=executor)

    def test_a_bug_stays_the_error_that_it_is(self, root: Path) -> None:
        with pytest.raises(ZeroDivisionError):
            na.check(root, executor=Told(ZeroDivisionError()))

    def test_tasks_that_wait_are_cancelled_when_a_run_ends(self, root: Path) -> None:
        waiting: list[Future[Any]] = []

        class Slow(Told):
            def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
                if not self.called:
                    return super().submit(fn, *args, **kwargs)
                waiting.append(Future())
                return waiting[-1]

        with pytest.raises(KeyboardInterrupt):
            na.check(root, executor=Slow(), progress=interrupted)
        assert len(waiting) > 1
        assert all(future.cancelled() for future in waiting)

    def test_workers_that_do_not_see_the_archive_end_the_run(
        self, root: Path, tmp_path: Path
    ) -> None:
        class Elsewhere(Told):
            def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
                hidden = root.rename(tmp_path / "hidden")
                try:
                    return super().submit(fn, *args, **kwargs)
                finally:
                    hidden.rename(root)

        with pytest.raises(na.ExecutorError, match=r"a worker cannot read .*root \(/.*: No such"):
            na.check(root, executor=Elsewhere())


def interrupted(done: int, total: int) -> None:
    raise KeyboardInterrupt


class TestTerms:
    """What must be alike where tasks are made and where they are done."""

    HERE = Conditions.here()

    @pytest.mark.parametrize(
        ("there", "reason"),
        [
            ({"version": "0.0.9"}, f"it has newsarchive 0.0.9, here is {na.__version__}"),
            ({"code": "other"}, f"its newsarchive {na.__version__} has another source than"),
            ({"python": "3.9, big endian"}, "it has Python 3.9, big endian, here is "),
        ],
    )
    def test_other_terms_are_refused(
        self,
        root: Path,
        monkeypatch: pytest.MonkeyPatch,
        there: dict[str, Any],
        reason: str,
    ) -> None:
        pool = executors.ExecutorPool(Told(), len, ())
        monkeypatch.setattr(Conditions, "here", lambda: self.HERE._replace(**there))
        future = pool.submit("x")
        assert future
        with pytest.raises(na.ExecutorError, match=f"^a worker on .* is refused: {reason}"):
            pool.outcome(future)

    def test_rules_of_packages_must_be_there(
        self, root: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        rule = Rule(
            "XY101", "no-fires", na.Severity.INFO, "s", "w", page=lambda _: (), package="desk"
        )
        with monkeypatch.context() as patch:
            rules_of_packages(patch, rule)
            ours = Conditions.here()
        reason = ours.against(self.HERE)
        assert reason == "it lacks rules of packages (desk : XY101)"
        assert ours.against(ours) == self.HERE.against(ours) == ""

    def test_the_source_counts_as_it_is(self) -> None:
        code = "from newsarchive.runs.executors import Conditions; print(Conditions.here().code)"
        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True
        )
        assert done.stdout.strip() == self.HERE.code
