"""What a machine can do to a run: full disks, lost permissions, files that go, kills.

Nothing here is simulated in the library: disks are full, modes forbid, processes are killed.
"""

import fcntl
import json
import multiprocessing
import os
import shutil
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import click
import pytest

import newsarchive as na
from newsarchive.cli import _ending
from newsarchive.editing.repair import repair
from newsarchive.runs import processes
from newsarchive.runs import workers as collect
from newsarchive.store import locking
from newsarchive.store.listing import JOURNAL
from newsarchive.store.local import LocalFolder
from newsarchive.store.locking import locked
from newsarchive.store.store import scan
from tests.builders import OPENS, PATH, SMALL_ARCHIVE, TODAY, contents, spoiled, write_archive
from tests.faults import (
    Done,
    children,
    command,
    days_of_pages,
    ended,
    faulty_archive,
    fill,
    hidden,
    is_alive,
    limited,
    no_journal,
    obedient,
    ran,
    send,
    small_disk,
    started,
    until,
)
from tests.seams import no_patience, small_tasks

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="needs /proc and Linux's signals"),
]

MOVED = "/news/2016/03/2/fire.md"
NO_CACHE = "--no-cache"
FULL = "No space left on device"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_archive(tmp_path / "archive")


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Enough pages for two processes, for long enough to be met at work."""
    return faulty_archive(tmp_path_factory.mktemp("many"), days=30, pages=40)


@pytest.fixture
def faulty(tmp_path: Path) -> tuple[Path, dict[str, bytes], dict[str, bytes]]:
    """An archive to repair, and its files before and after."""
    old, new = days_of_pages(days=3, pages=60)
    return write_archive(tmp_path / "faulty", old), old, new


class TestFullDisk:
    @pytest.fixture
    def disk(self, tmp_path: Path) -> Iterator[Path]:
        with small_disk(tmp_path / "disk") as folder:
            yield folder

    def test_fix_names_every_page_and_goes_on_when_there_is_room(self, disk: Path) -> None:
        old, new = days_of_pages(days=2, pages=5)
        root = write_archive(disk / "archive", old)
        filler = fill(disk)
        done = ran(command("check", root, "--fix", NO_CACHE))
        assert done.status == 1
        assert done.err.count(f".md: {FULL}\n") == 10
        assert "Fixed 0 findings in 0 files." in done.err
        assert contents(root) == old
        filler.unlink()
        assert "in 10 files" in ran(command("check", root, "--fix", NO_CACHE)).err
        assert contents(root) == new

    def test_fmt_leaves_alone_what_it_cannot_write(self, disk: Path) -> None:
        old, _ = days_of_pages(days=1, pages=3)
        root = write_archive(disk / "archive", old)
        fill(disk)
        done = ran(command("fmt", root))
        assert done.status == 1
        assert done.err.count("left alone: ") == done.err.count(FULL) == 3
        assert contents(root) == old

    @pytest.mark.parametrize("change", [["mv", PATH, MOVED], ["rm", PATH, "--entries"]])
    def test_a_move_is_refused_whole(self, disk: Path, change: list[str]) -> None:
        root = write_archive(disk / "archive")
        before = contents(root)
        filler = fill(disk)
        done = ran(command(*change, "--root", root))
        assert (done.status, done.out) == (1, "")
        assert done.err == f"refused: {root / JOURNAL}: {FULL}\n"
        assert contents(root) == before
        filler.unlink()
        assert ran(command(*change, "--root", root)).status == 0

    def test_room_that_ends_half_way_undoes_the_move(self, disk: Path) -> None:
        """The journal fits; one of the pages does not."""
        root = write_archive(disk / "archive")
        large = (root / OPENS[1:]).read_text().replace("[Harbour Post]", f"[{'x' * 120_000}]")
        (root / OPENS[1:]).write_text(large)
        before = contents(root)
        filler = fill(disk)
        os.truncate(filler, filler.stat().st_size - 250_000)  # for the journal, in base64
        done = ran(command("mv", PATH, MOVED, "--root", root))
        assert done.status == 1
        assert FULL in done.err
        assert contents(root) == before

    def test_a_cache_that_does_not_fit_is_said_and_nothing_else(
        self, disk: Path, root: Path
    ) -> None:
        fill(disk)
        done = ran(command("check", root, "--cache-dir", disk / "caches"))
        assert done.status == 0
        assert done.out == ran(command("check", root, NO_CACHE)).out
        [notice] = done.err.splitlines()
        assert notice.startswith("the cache was not written: ")


class TestFilesThatMayNotGrow:
    """The same by a limit of the process: every user can have that."""

    def test_fix(self, faulty: tuple[Path, dict[str, bytes], dict[str, bytes]]) -> None:
        root, old, _ = faulty
        done = ran(limited(command("check", root, "--fix", NO_CACHE), 16))
        assert done.status == 1
        assert done.err.count("File too large\n") == 180
        assert contents(root) == old

    def test_mv(self, root: Path) -> None:
        before = contents(root)
        done = ran(limited(command("mv", PATH, MOVED, "--root", root), 1000))
        assert (done.status, done.out) == (1, "")
        assert "File too large" in done.err
        assert contents(root) == before

    def test_cache(self, root: Path, tmp_path: Path) -> None:
        line = command("check", root, "--cache-dir", tmp_path / "caches")
        done = ran(limited(line, 5000))
        assert done.status == 0
        assert done.err.startswith("the cache was not written: ")
        assert ran(line) == Done(0, done.out, "")


class TestPermissions:
    @pytest.fixture(autouse=True)
    def obeyed(self, tmp_path: Path) -> None:
        locked = tmp_path / "locked"
        locked.mkdir(0)
        line = [sys.executable, "-c", f"import os; os.listdir({str(locked)!r})"]
        done = subprocess.run(obedient(line), capture_output=True, check=False)
        if b"PermissionError" not in done.stderr:
            pytest.skip("modes do not bind this user, and capabilities cannot be dropped")
        locked.rmdir()

    def test_a_damaged_cache_that_cannot_be_taken_away(self, root: Path, tmp_path: Path) -> None:
        folder = tmp_path / "caches"
        line = command("check", root, "--cache-dir", folder)
        assert ran(line).status == 0
        [file] = folder.iterdir()
        file.write_bytes(b"no database" * 1000)
        folder.chmod(0o500)
        done = ran(obedient(line))
        folder.chmod(0o700)
        assert done.status == 0
        assert f"no cache: {file}: Permission denied" in done.err
        assert done.out == ran(command("check", root, NO_CACHE)).out

    def test_the_links_of_a_page_that_cannot_be_read(self, root: Path) -> None:
        page = root / PATH[1:]
        page.chmod(0)
        done = ran(obedient(command("links", page)))
        assert (done.status, done.out) == (1, "")
        assert done.err == f"{page}: Permission denied\n"

    def test_pages_and_folders_that_cannot_be_read_are_findings(self, root: Path) -> None:
        (root / PATH[1:]).chmod(0)
        (root / "opinion").chmod(0)
        done = ran(obedient(command("check", root, NO_CACHE, "--select", "NA901")))
        (root / "opinion").chmod(0o755)
        assert done.status == 1
        assert "the page cannot be read: Permission denied" in done.out
        assert "the folder cannot be read: Permission denied" in done.out

    def test_a_folder_that_is_locked_while_pages_are_repaired(
        self, faulty: tuple[Path, dict[str, bytes], dict[str, bytes]]
    ) -> None:
        root, old, new = faulty
        first = root / min(path for path in new if not path.endswith("index.md"))[1:]
        before = first.read_bytes()
        process = started(obedient(command("check", root, "--fix", NO_CACHE, "--jobs", "1")))
        until(lambda: first.read_bytes() != before or process.poll() is not None)
        (root / "news/2016/03/3").chmod(0o555)
        done = ended(process)
        (root / "news/2016/03/3").chmod(0o755)
        assert done.status == 1
        last = {path for path in new if path.startswith("/news/2016/03/3/")}
        found = contents(root)
        assert {path: found[path] for path in last} == {path: old[path] for path in last}
        assert {p: d for p, d in found.items() if p not in last} == {
            p: d for p, d in new.items() if p not in last
        }
        assert done.err.count("not repaired: ") == 60
        assert "in 120 files" in done.err

    @pytest.mark.parametrize("locked", ["news/2016/02/29", "."])
    def test_a_move_into_a_locked_folder_is_refused(self, root: Path, locked: str) -> None:
        before = contents(root)
        (root / locked).chmod(0o555)
        done = ran(obedient(command("mv", PATH, MOVED, "--root", root)))
        (root / locked).chmod(0o755)
        assert done.status == 1
        assert "the folder is read-only" in done.err
        assert contents(root) == before

    def test_a_cache_folder_that_is_locked(self, root: Path, tmp_path: Path) -> None:
        caches = tmp_path / "caches"
        caches.mkdir(0o555)
        done = ran(obedient(command("check", root, "--cache-dir", caches)))
        assert done.status == 0
        assert done.err.startswith("the cache was not written: ")

    def test_caches_that_cannot_be_deleted(self, root: Path, tmp_path: Path) -> None:
        caches = tmp_path / "caches"
        ran(command("check", root, "--cache-dir", caches))
        caches.chmod(0o555)
        done = ran(obedient(command("clean", "--cache-dir", caches)))
        caches.chmod(0o755)
        assert done.status == 1
        assert "Permission denied" in done.err


class TestFilesThatChange:
    """Between the listing and the reading of a page anything may take its place."""

    SCRIPT = """\
import os, sys
import newsarchive as na
root, page, kind, *cache = sys.argv[1:]
archive = na.Archive(root)
assert page in list(archive)
file = archive.file(page)
os.unlink(file)
if kind == "pipe":
    os.mkfifo(file)
elif kind == "folder":
    os.mkdir(file)
elif kind == "endless":
    os.symlink("/dev/zero", file)
elif kind == "huge":
    open(file, "wb").close()
    os.truncate(file, 1 << 40)
for d in na.check(archive, select=["NA901"]).diagnostics:
    print(d.page, d.message)
"""

    @pytest.mark.parametrize(
        ("kind", "reason"),
        [
            ("gone", "No such file or directory"),
            ("pipe", "it is no regular file"),
            ("folder", "it is no regular file"),
            ("endless", "it is no regular file"),
            ("huge", "it is larger than 16 MiB"),
        ],
    )
    def test_the_page_is_named_and_the_run_goes_on(
        self, root: Path, kind: str, reason: str
    ) -> None:
        done = ran([sys.executable, "-W", "error", "-c", self.SCRIPT, str(root), PATH, kind])
        assert done == Done(0, f"{PATH} the page cannot be read: {reason}\n", "")

    def test_pages_that_come_and_go_all_the_time(self, tmp_path: Path) -> None:
        root = faulty_archive(tmp_path / "archive", days=10, pages=30)
        pages = [file for file in root.rglob("*.md") if file.name != "index.md"]
        process = started(
            command("check", root, NO_CACHE, "--jobs", "2", "--output-format", "json")
        )
        gone = []
        for number, file in enumerate(pages):
            if number % 2:
                file.unlink()
                gone.append("/" + file.relative_to(root).as_posix())
            else:
                file.write_bytes(b"\xff")
        done = ended(process)
        assert done.status == 1
        found = json.loads(done.out)["diagnostics"]
        unreadable = {d["page"] for d in found if d["code"] == "NA901"}
        assert unreadable <= {*gone}
        assert {d["page"] for d in found if d["code"] == "NA101"}.isdisjoint(gone)

    def test_a_page_that_changed_after_it_was_read_is_not_written_over(self, root: Path) -> None:
        (root / PATH[1:]).write_text(spoiled("2. [Evening", "3. [Evening", SMALL_ARCHIVE[PATH]))
        archive = na.Archive(root)
        found = na.check(archive, today=TODAY).diagnostics
        (root / PATH[1:]).write_text("theirs")
        outcome = repair(archive, found)
        assert outcome.changed == []
        assert (root / PATH[1:]).read_text() == "theirs"


class TestKilledWorker:
    def test_the_run_goes_on_without_and_says_so(self, many: Path) -> None:
        whole = ran(command("check", many, NO_CACHE, "--jobs", "1"))
        process = started(command("check", many, NO_CACHE, "--jobs", "2"))
        until(lambda: len(children(process.pid)) == 2)
        os.kill(children(process.pid)[0], signal.SIGKILL)
        done = ended(process)
        assert (done.status, done.out) == (whole.status, whole.out)
        assert done.err == (
            "a process that read pages was killed (out of memory?); it went on without others\n"
        )

    def test_none_is_left_behind_by_a_run_that_was_killed_itself(self, many: Path) -> None:
        process = started(command("check", many, NO_CACHE, "--jobs", "2"))
        until(lambda: len(children(process.pid)) == 2)
        workers = children(process.pid)
        process.kill()
        ended(process)
        until(lambda: not any(map(is_alive, workers)))


class TestSignals:
    @pytest.mark.parametrize(
        ("number", "status", "message"),
        [
            (signal.SIGINT, 130, "interrupted"),
            (signal.SIGTERM, 143, "ended by a signal"),
            (signal.SIGHUP, 129, "ended by a signal"),
        ],
    )
    @pytest.mark.parametrize("everyone", [True, False], ids=["all", "one"])
    def test_a_check_ends_with_its_processes(
        self, many: Path, number: signal.Signals, status: int, message: str, everyone: bool
    ) -> None:
        process = started(command("check", many, NO_CACHE, "--jobs", "2"))
        until(lambda: len(children(process.pid)) == 2)
        workers = children(process.pid)
        send(process, number, everyone=everyone)
        done = ended(process)
        assert (done.status, done.out) == (status, "")
        assert done.err.split("\n")[-2] == message
        assert not done.err.replace(message, "").strip()
        until(lambda: not any(map(is_alive, workers)))

    @pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
    def test_a_repair_ends_between_two_pages(
        self, faulty: tuple[Path, dict[str, bytes], dict[str, bytes]], number: signal.Signals
    ) -> None:
        root, old, new = faulty
        watched = root / min(path for path in new if not path.endswith("index.md"))[1:]
        before = watched.read_bytes()
        process = started(command("check", root, "--fix", NO_CACHE, "--jobs", "1"))
        until(lambda: watched.read_bytes() != before or process.poll() is not None)
        send(process, number, everyone=True)
        done = ended(process)
        found = contents(root)
        assert hidden(root) == []
        assert all(found[path] in (old[path], new[path]) for path in new)
        if done.status == 128 + number:
            assert done.out == ""
        else:
            assert found == new, "it was done before the signal came"
        assert ran(command("check", root, "--fix", NO_CACHE)).status == 0
        assert contents(root) == new

    # Each move in a copy of the archive and of the process, with the signal a step later, until the
    # move is at its end before the signal comes.
    SIGNALLED = """\
import os, shutil, signal, sys
import newsarchive.cli._mv, newsarchive.editing.moves, newsarchive.store.transaction
from newsarchive.cli import main
root, number = sys.argv[1], int(sys.argv[2])
statuses, step = [], 0

def armed(real):
    def call(*args, **more):
        global step
        step -= 1
        if not step:
            signal.raise_signal(number)
        return real(*args, **more)
    return call

while statuses[-1:] in ([], [128 + number]):
    copy = shutil.copytree(root, f"{root}-{len(statuses) + 1}")
    child = os.fork()
    if not child:
        step = len(statuses) + 1
        for name in ("replace", "unlink", "fsync", "chmod"):
            setattr(os, name, armed(getattr(os, name)))
        main(["mv", "/news/2016/03/2/the-pier-burns.md", "/news/2016/03/2/fire.md", "--root", copy])
    statuses.append(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
print(len(statuses), statuses[-1])
"""

    @pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
    def test_a_move_is_made_before_a_signal_takes_effect(
        self, root: Path, tmp_path: Path, number: signal.Signals
    ) -> None:
        ran(command("mv", PATH, MOVED, "--root", shutil.copytree(root, tmp_path / "whole")))
        after = contents(tmp_path / "whole")
        script = [sys.executable, "-W", "error", "-c", self.SIGNALLED]
        done = ran([*script, str(root), str(int(number))])
        assert done.status == 0, done.err
        moves, last = map(int, done.out.splitlines()[-1].split())
        assert moves > 1
        assert last == 0  # all before it ended by the signal
        for step in range(1, moves + 1):
            copy = Path(f"{root}-{step}")
            assert contents(copy) == after, step
            assert no_journal(copy)


class TestOutput:
    def test_a_full_disk(self, root: Path) -> None:
        lines: list[list[str]] = [["check", str(root), NO_CACHE], ["rules"], ["--help"]]
        for args in lines:
            with open("/dev/full", "wb") as full:
                done = _to(full, *args)
            assert done.status == 2, args
            assert done.err == f"Error: cannot go on: {FULL}\n"

    def test_a_reader_that_goes(self, many: Path) -> None:
        for more in ([], ["--diff"]):
            process = started(command("check", many, NO_CACHE, *more))
            assert process.stdout
            process.stdout.readline()
            process.stdout.close()
            process.stdout = None
            assert ended(process) == Done(141, "", "")

    def test_a_reader_that_was_never_there(self) -> None:
        ours, theirs = os.pipe()
        os.close(ours)
        process = started(command("--version"), stdout=theirs)
        os.close(theirs)
        assert ended(process) == Done(141, "", "")

    @pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-", "<&-", "<&- >&- 2>&-"])
    def test_closed_streams(self, faulty: tuple[Path, object, object], closed: str) -> None:
        root = faulty[0]
        line = '"$@" ' + closed
        args = command("check", root, "--fix", NO_CACHE)
        done = ran(["sh", "-c", line, "sh", *args])
        assert done.status == 0
        assert (">&-" in closed.replace("2>&-", "")) == (done.out == "")
        assert "NA108" not in ran(command("check", root, NO_CACHE)).out

    def test_a_full_disk_for_both_streams(self, root: Path) -> None:
        with open("/dev/full", "wb") as full:
            process = started(command("check", root, NO_CACHE), stdout=full, stderr=full)
            assert ended(process).status == 2


def _to(stream: object, *args: str | Path) -> Done:
    return ended(started(command(*args), stdout=stream))


class TestLeftovers:
    def test_the_next_repair_sweeps_what_a_killed_one_left(
        self, faulty: tuple[Path, dict[str, bytes], dict[str, bytes]]
    ) -> None:
        root, _, new = faulty
        (root / "news/2016/03/2/.newsarchive-k1ll3d.tmp").write_bytes(b"### [20")
        assert ran(command("check", root, "--fix", NO_CACHE)).status == 0
        assert contents(root) == new

    def test_recover_sweeps_the_whole_archive_and_nothing_else(self, root: Path) -> None:
        before = contents(root)
        kept = {"news/.newsarchive-a.txt": b"", ".git/.newsarchive-b.tmp": b"", "x.tmp": b""}
        for name, data in kept.items():
            (root / name).parent.mkdir(exist_ok=True)
            (root / name).write_bytes(data)
        (root / "news/.newsarchive-c.tmp").mkdir()
        for name in (".newsarchive-1.tmp", "news/2016/.newsarchive-2.tmp"):
            (root / name).write_bytes(b"torn")
        (root / "opinion/.newsarchive-3.tmp").symlink_to(root / PATH[1:])
        done = ran(command("recover", root))
        assert done == Done(0, "Nothing to recover.\n", "")
        assert contents(root) == {**before, **{f"/{name}": data for name, data in kept.items()}}
        assert not os.path.lexists(root / "opinion/.newsarchive-3.tmp")
        assert stat.S_ISDIR((root / "news/.newsarchive-c.tmp").stat().st_mode)


class TestTwoAtOnce:
    def test_one_page_is_moved_once(self, root: Path) -> None:
        names = [f"/news/2016/03/2/fire-{n}.md" for n in range(4)]
        runs = [started(command("mv", PATH, name, "--root", root)) for name in names]
        done = [ended(run) for run in runs]
        [moved] = [name for name, d in zip(names, done, strict=True) if d.status == 0]
        assert (root / moved[1:]).is_file()
        assert [name for name in names if (root / name[1:]).exists()] == [moved]
        assert no_journal(root)
        assert hidden(root) == []
        assert ran(command("check", root, NO_CACHE)).status == 0

    def test_pages_of_one_index_are_moved_one_after_the_other(self, tmp_path: Path) -> None:
        root = write_archive(tmp_path / "archive", days_of_pages(days=1, pages=4)[1])
        pages = sorted(p.name for p in root.rglob("event-*.md"))
        day = "/news/2016/03/1"
        runs = [started(command("mv", f"{day}/{p}", f"{day}/x-{p}", "--root", root)) for p in pages]
        done = [ended(run) for run in runs]
        assert {d.status for d in done} <= {0, 1}
        for page, result in zip(pages, done, strict=True):
            assert (root / f"{day}/x-{page}"[1:]).exists() == (result.status == 0), result
            assert result.status == 0 or "refused: " in result.err
        assert 0 in {d.status for d in done}
        assert no_journal(root)
        assert ran(command("check", root, NO_CACHE)).status == 0

    def test_who_holds_the_lock_is_said(self, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        no_patience(monkeypatch, 0.1)
        before = contents(root)
        archive = na.Archive(root)
        with locked(root), pytest.raises(na.RefusedWriteError) as caught:
            archive.move(PATH, MOVED)
        who = f"process {os.getpid()} is changing this archive"
        assert str(caught.value) == f"{root}: {who}; try again later"
        with locked(root), pytest.raises(na.RefusedWriteError, match=who):
            archive.recover()
        (root / PATH[1:]).write_text(spoiled("2. [Evening", "3. [Evening", SMALL_ARCHIVE[PATH]))
        found = na.check(archive, today=TODAY).diagnostics
        with locked(root):
            outcome = repair(archive, found)
        assert outcome.refused == [(str(root), f"{who}; try again later")]
        assert outcome.changed == []
        (root / PATH[1:]).write_text(SMALL_ARCHIVE[PATH])
        assert contents(root) == before
        archive.move(PATH, MOVED)

    def test_a_holder_that_the_system_does_not_name(
        self, root: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        no_patience(monkeypatch)
        handle = os.open(root, os.O_RDONLY)
        assert locking._holder(handle) == "another process"
        os.close(handle)

    def test_nor_is_one_who_holds_another_folder(self, root: Path, tmp_path: Path) -> None:
        other = tmp_path / "other"
        other.mkdir()
        handle = os.open(root, os.O_RDONLY)
        with locked(other):
            assert locking._holder(handle) == "another process"
        with locked(root):
            assert locking._holder(handle) == f"process {os.getpid()}"
        os.close(handle)

    def test_the_second_waits_for_the_first(self, root: Path) -> None:
        with locked(root):
            process = started(command("mv", PATH, MOVED, "--root", root))
            until(lambda: process.poll() is None)
            assert (root / PATH[1:]).exists()
        assert ended(process).status == 0
        assert not (root / PATH[1:]).exists()

    def test_a_lock_ends_with_its_holder(self, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        no_patience(monkeypatch)
        script = (
            "import os, sys, time\nfrom newsarchive.store.locking import locked\n"
            "with locked(sys.argv[1]):\n    print('held', flush=True)\n    time.sleep(60)\n"
        )
        process = started([sys.executable, "-c", script, str(root)])
        assert process.stdout
        assert process.stdout.readline() == b"held\n"
        with pytest.raises(na.RefusedWriteError, match=f"process {process.pid} "), locked(root):
            pass
        process.kill()
        ended(process)
        na.Archive(root).move(PATH, MOVED)
        assert (root / MOVED[1:]).exists()

    def test_where_there_are_no_locks_none_is_taken(
        self, root: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        tried = []

        def unsupported(handle: int, *_: object) -> None:
            tried.append(os.fstat(handle).st_ino)
            raise OSError(95, "Operation not supported")

        monkeypatch.setattr(fcntl, "flock", unsupported)
        with locked(root):
            na.Archive(root).move(PATH, MOVED)
        assert tried == [root.stat().st_ino] * 2
        assert (root / MOVED[1:]).exists()


class TestEnding:
    """What `_ending` makes of what a command raises."""

    @pytest.mark.parametrize(
        ("error", "status", "message"),
        [
            (MemoryError(), 2, "Error: out of memory\n"),
            (
                OSError(5, "Input/output error", "a\x1b.md"),
                2,
                "Error: a\\x1b.md: Input/output error\n",
            ),
            (OSError("odd"), 2, "Error: cannot go on: odd\n"),
            (KeyboardInterrupt(), 130, "interrupted\n"),
            (BrokenPipeError(32, "Broken pipe"), 141, ""),
        ],
    )
    def test_errors(
        self, capsys: pytest.CaptureFixture[str], error: BaseException, status: int, message: str
    ) -> None:
        def command() -> int:
            raise error

        assert _ending.ended(command) == status
        assert capsys.readouterr().err == message

    def test_a_bug_is_no_finding(self, capsys: pytest.CaptureFixture[str]) -> None:
        def command() -> int:
            return 1 // int("0")

        assert _ending.ended(command) == 2
        told = capsys.readouterr().err
        assert "ZeroDivisionError" in told
        assert told.splitlines()[-1].startswith("Error: this is a bug of newsarchive")

    @pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
    def test_signals(self, capsys: pytest.CaptureFixture[str], number: signal.Signals) -> None:
        def command() -> int:
            signal.raise_signal(number)
            return 0

        assert _ending.ended(command) == 128 + number
        assert capsys.readouterr().err == "ended by a signal\n"
        assert signal.getsignal(number) is signal.SIG_DFL

    def test_a_signal_that_is_ignored_stays_so(self) -> None:
        before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
        try:
            assert _ending.ended(lambda: signal.raise_signal(signal.SIGHUP)) == 0
        finally:
            signal.signal(signal.SIGHUP, before)

    def test_outside_the_main_thread_signals_are_left_alone(self) -> None:
        with ThreadPoolExecutor(1) as pool:
            assert pool.submit(_ending.ended, lambda: 7).result() == 7

    def test_streams_that_were_closed(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for name in ("stdin", "stdout", "stderr"):
            monkeypatch.setattr(sys, name, None)
        with monkeypatch.context():
            assert _ending.ended(_lost) == 0
            opened = [sys.stdin, sys.stdout, sys.stderr]
        for stream in opened:
            stream.close()

    def test_output_that_cannot_be_written(self, monkeypatch: pytest.MonkeyPatch) -> None:
        with open("/dev/full", "w") as full:
            monkeypatch.setattr(sys, "stdout", full)
            assert _ending.ended(_lost) == 2
        monkeypatch.undo()
        with open("/dev/full", "w") as full:
            monkeypatch.setattr(sys, "stderr", full)
            assert _ending.ended(_interrupt) == 130
            _ending._drop_output()


def _lost() -> None:
    click.echo("lost")


def _interrupt() -> int:
    raise KeyboardInterrupt


class TestPool:
    """Reading in other processes, seen from inside."""

    @pytest.mark.parametrize("killed_after", [1, 4])
    def test_what_a_killed_process_leaves_is_read_here(
        self, root: Path, monkeypatch: pytest.MonkeyPatch, killed_after: int
    ) -> None:
        small_tasks(monkeypatch)
        listed = scan(LocalFolder(root))
        job = collect.Job(LocalFolder(root), frozenset(), 1)
        work = [(listing, None) for listing in listed.folders * 20]

        def killing() -> Iterator[collect.Work]:
            for number, item in enumerate(work):
                if number == killed_after + 2:  # two are taken before any process starts
                    until(multiprocessing.active_children)
                    for child in multiprocessing.active_children():
                        child.kill()
                        child.join()
                yield item

        found = list(collect.collect(job, killing(), 2))
        whole = list(collect.collect(job, work, 1))
        assert [f._replace(notice="") for f in found] == whole
        [notice] = filter(None, (f.notice for f in found))
        assert "killed" in notice

    @pytest.mark.parametrize("error", [NotImplementedError, OSError, ImportError])
    def test_a_system_without_semaphores(
        self, many: Path, monkeypatch: pytest.MonkeyPatch, error: type[Exception]
    ) -> None:
        def missing(*_: object, **__: object) -> None:
            raise error

        monkeypatch.setattr("concurrent.futures.ProcessPoolExecutor", missing)
        assert na.check(many, jobs=2) == na.check(many)

    def test_a_process_is_prepared(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """In a process of its own: what it does to signals and garbage would stay."""
        script = (
            "import gc, signal\nfrom newsarchive.runs import processes\n"
            "signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})\n"
            "processes._prepare()\n"
            "print(gc.isenabled(), signal.getsignal(signal.SIGINT).name,\n"
            "    signal.pthread_sigmask(signal.SIG_BLOCK, ()))\n"
        )
        done = ran([sys.executable, "-W", "error", "-c", script])
        assert done == Done(0, "False SIG_IGN set()\n", "")

    def test_a_process_without_a_parent_stays(self, monkeypatch: pytest.MonkeyPatch) -> None:
        ended: list[int] = []
        monkeypatch.setattr(os, "_exit", ended.append)
        processes._end_with_parent()
        assert ended == []
