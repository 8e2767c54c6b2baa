"""One process at a time changes an archive."""

import fcntl
import os
import sys
from pathlib import Path

import pytest

import newsarchive as na
from newsarchive.editing.repair import repair
from newsarchive.store import locking
from newsarchive.store.locking import locked
from tests.builders import PATH, SMALL_ARCHIVE, TODAY, contents, spoiled, write_archive
from tests.faults import (
    NO_CACHE,
    ON_LINUX,
    command,
    days_of_pages,
    ended,
    hidden,
    no_journal,
    ran,
    started,
    until,
)
from tests.seams import no_patience

pytestmark = ON_LINUX

MOVED = "/news/2016/03/2/fire.md"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_archive(tmp_path / "archive")


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
