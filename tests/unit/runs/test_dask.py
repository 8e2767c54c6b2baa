"""A Dask cluster reads the pages: the same findings, and clear words where it is lost."""

import json
import operator
import os
import secrets
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import Executor
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import newsarchive as na
from newsarchive.runs import dask, executors
from tests import storages
from tests.builders import TODAY, contents, uncounted
from tests.faults import ON_LINUX, Run, faulty_archive, until
from tests.repositories import commit, git, needs_git
from tests.seams import small_tasks

pytestmark = ON_LINUX

_SCHEDULER = """\
import sys
from distributed.cli.dask_scheduler import main
main(["--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", sys.argv[1]])
"""


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    """Two workers, each a process of its own."""
    from distributed import LocalCluster

    made: Any = LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=":0"
    )  # type: ignore[no-untyped-call]
    with made:
        yield made


@pytest.fixture
def executor(cluster: Any) -> Iterator[Executor]:
    with dask.cluster(cluster.scheduler_address) as executor:
        yield executor


@pytest.fixture(autouse=True)
def tasks(monkeypatch: pytest.MonkeyPatch) -> None:
    small_tasks(monkeypatch, 40)


@pytest.fixture
def scheduler(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """A scheduler without workers, and the file that it wrote."""
    file = tmp_path / "scheduler.json"
    process = subprocess.Popen(
        [sys.executable, "-c", _SCHEDULER, str(file)],
        env=uncounted(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    until(file.exists)
    try:
        yield process, str(file)
    finally:
        process.kill()
        process.wait()


def test_findings_are_those_of_a_run_here(many: Path, executor: Executor) -> None:
    report = na.check(many, executor=executor)
    assert report.diagnostics
    assert report.to_json() == na.check(many, jobs=2).to_json() == na.check(many).to_json()


def test_a_task_is_done_though_another_was_the_same(executor: Executor) -> None:
    pool = executors.ExecutorPool(executor, operator.call, secrets.token_hex)
    futures = [pool.submit(9), pool.submit(9)]  # files may change between them
    first, second = (pool.outcome(future) for future in futures if future)
    assert first != second


@pytest.mark.parametrize("after", [0, 300, 900])
def test_what_a_killed_worker_did_is_done_elsewhere(
    many: Path, cluster: Any, executor: Any, after: int
) -> None:
    whole = na.check(many)
    client = executor._client
    client.wait_for_workers(2)
    victims = [next(iter(client.run(os.getpid).values()))]

    def kill(done: int, total: int) -> None:
        if done > after and victims:
            os.kill(victims.pop(), signal.SIGKILL)

    report = na.check(many, executor=executor, progress=kill)
    assert not victims
    assert (report.to_json(), report.notices) == (whole.to_json(), ())


@needs_git
@pytest.mark.slow
def test_findings_are_the_same_wherever_the_archive_is_though_a_worker_is_killed(
    cluster: Any, executor: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small_tasks(monkeypatch, 4)
    root, client = faulty_archive(tmp_path / "here", days=3, pages=10), executor._client
    files = contents(root)
    expected = na.check(root, jobs=1, today=TODAY).to_json()
    assert json.loads(expected)["diagnostics"]
    git(root, "init", "-q")
    commit(root)
    stores = [storages.in_zip(tmp_path / "a.zip", files), storages.in_azure(files)]
    archives = [na.Archive(root), na.Archive(root).at("HEAD"), *map(na.Archive, stores)]
    archives.append(na.Archive(storages.in_s3(files)))
    client.wait_for_workers(2)
    victims = [*client.run(os.getpid).values()][:1]

    def kill(done: int, total: int) -> None:
        if done and archive is archives[-1] and victims:
            os.kill(victims.pop(), signal.SIGKILL)

    for archive in archives:
        found = na.check(archive, executor=executor, today=TODAY, progress=kill).to_json()
        assert found.replace(str(archive.store), str(root)) == expected, archive
    assert not victims


def test_tables_are_those_that_are_made_here(
    many: Path, cluster: Any, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(executors, "_MUCH", 1000)  # bytes that are sent to all workers once
    here, there, again = tmp_path / "here", tmp_path / "there", tmp_path / "again"
    na.Archive(many).export(here, "jsonl")
    with dask.cluster(cluster.scheduler_address) as executor:
        na.Archive(many).export(again, "jsonl", executor=executor)
    done = run("export", many, "--output", there, "--format", "jsonl", "--dask",
               cluster.scheduler_address)  # fmt: skip
    assert (done.status, done.out) == (0, "")
    assert contents(here) == contents(there) == contents(again)
    table = ("export", many, "--output", "-", "--format", "jsonl", "--tables", "sources")
    assert run(*table, "--dask", cluster.scheduler_address).out == run(*table).out


class TestCommand:
    def test_prints_the_same_and_keeps_nothing_unless_asked(
        self, run: Run, many: Path, cluster: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("NEWSARCHIVE_CACHE_DIR", str(tmp_path / "caches"))
        there = run("check", many, "--dask", cluster.scheduler_address)
        assert not (tmp_path / "caches").exists()
        assert there == run("check", many, "--no-cache")
        kept = run("check", many, "--cache", "--dask", cluster.scheduler_address)
        assert (tmp_path / "caches").exists()
        assert kept == there

    def test_repairs_what_a_cluster_found(
        self, run: Run, faulty: tuple[Path, Any, dict[str, bytes]], cluster: Any
    ) -> None:
        root, _, new = faulty
        assert run("check", root, "--fix", "-q", "--dask", cluster.scheduler_address).status == 0
        assert contents(root) == new

    def test_tells_that_no_cluster_answers(
        self, run: Run, many: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(dask, "_SECONDS_TO_WAIT", 0.5)
        done = run("check", many, "--dask", "tcp://127.0.0.1:1")
        assert (done.status, done.out) == (2, "")
        assert done.err.startswith(
            "Error: --dask tcp://127.0.0.1:1: no Dask cluster answers at tcp://127.0.0.1:1: "
        )
        done = run("check", many, "--dask", "tcp://127.0.0.1:1", "--fallback", "--no-cache")
        told, _, rest = done.err.partition("\n")
        assert told.endswith("; this machine does it")
        assert done._replace(err=rest) == run("check", many, "--no-cache")

    @pytest.mark.parametrize("address", ["nowhere", "tcp://", "missing.json", "tcp://[::1"])
    def test_refuses_what_is_no_address(
        self, run: Run, many: Path, address: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(dask, "_SECONDS_TO_WAIT", 0.5)
        done = run("check", many, "--dask", address)
        assert (done.status, done.out) == (2, "")
        assert done.err.startswith(f"Error: --dask {address}: no Dask cluster answers")
        assert done.err.count("\n") == 1

    def test_tells_that_a_cluster_has_no_workers(
        self,
        run: Run,
        many: Path,
        scheduler: tuple[subprocess.Popen[bytes], str],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setattr(dask, "_SECONDS_TO_WAIT", 2.0)
        file = scheduler[1]
        done = run("check", many, "--dask", file)
        assert done == (2, "", f"Error: --dask {file}: the Dask cluster at {file} has no workers\n")

    def test_names_the_extra_that_is_missing(
        self, run: Run, many: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(sys.modules, "distributed", None)
        done = run("check", many, "--dask", "tcp://127.0.0.1:1")
        assert done == (
            2, "", "Error: --dask: this needs distributed: pip install 'newsarchive[dask]'\n"
        )  # fmt: skip

    def test_refuses_a_fallback_from_nothing(self, run: Run, many: Path) -> None:
        done = run("check", many, "--fallback")
        assert done.status == 2
        assert done.err.endswith("Error: --fallback takes effect with --dask only\n")


class TestLoss:
    def test_a_cluster_whose_workers_are_all_gone_is_lost(
        self,
        many: Path,
        scheduler: tuple[subprocess.Popen[bytes], str],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setattr(executors, "_GLANCE", 0.1)
        monkeypatch.setattr(executors, "_PATIENCE", 1.0)
        worker = _worker(scheduler[1])
        with dask.cluster(scheduler[1]) as executor:
            assert na.check(many, executor=executor).diagnostics
            worker.kill()
            worker.wait()
            with pytest.raises(na.ExecutorError, match=r"is lost \(no worker is left\)$"):
                na.check(many, executor=executor)

    @pytest.mark.parametrize("fallback", [False, True])
    def test_a_scheduler_that_is_killed_ends_the_command_or_not(
        self,
        run: Run,
        many: Path,
        scheduler: tuple[subprocess.Popen[bytes], str],
        monkeypatch: pytest.MonkeyPatch,
        fallback: bool,
    ) -> None:
        process, file = scheduler
        worker = _worker(file)
        collected = executors.ExecutorPool.outcome

        def outcome(self: executors.ExecutorPool, future: Any) -> Any:
            found = collected(self, future)
            process.kill()
            return found

        monkeypatch.setattr(executors.ExecutorPool, "outcome", outcome)
        try:
            options = ["--fallback"] if fallback else []
            done = run("check", many, "--no-cache", "--dask", file, *options)
        finally:
            worker.kill()
            worker.wait()
        told, _, rest = done.err.partition("\n")
        assert f"--dask {file}: the executor is lost (" in told
        if fallback:
            assert told.endswith("; this machine does it")
            assert done._replace(err=rest) == run("check", many, "--no-cache")
        else:
            assert (done.status, done.out, rest) == (2, "", "")


def _worker(file: str) -> subprocess.Popen[bytes]:
    """A worker of a scheduler that nobody starts anew."""
    code = (
        "import sys\n"
        "from distributed.cli.dask_worker import main\n"
        "main(['--scheduler-file', sys.argv[1], '--nthreads', '1', '--no-nanny', '--no-dashboard'])"
    )
    return subprocess.Popen(
        [sys.executable, "-c", code, file],
        env=uncounted(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip


def test_a_client_that_lost_its_scheduler_a_moment_ago_names_no_workers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "distributed", SimpleNamespace())
    lost = SimpleNamespace(_client=SimpleNamespace(scheduler_info=dict))
    assert dask.is_deserted(lost)
