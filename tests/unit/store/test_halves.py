"""A large folder is listed in two processes as in one."""

import os
import signal
import threading
from collections.abc import Callable
from multiprocessing import get_context
from pathlib import Path

import pytest

from newsarchive.store import copies as copying
from newsarchive.store.halves import scan_in_halves
from newsarchive.store.listing import Folder, Scan
from newsarchive.store.local import LocalFolder
from newsarchive.store.store import scan
from tests.faults import ON_LINUX

pytestmark = ON_LINUX

NAMES = ("index.md", "b.md", "é.md", ".hidden.md", "c.html")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for month in range(26):
        folder = tmp_path / f"news/{2015 + month // 12}/{month % 12 + 1:02}/3"
        folder.mkdir(parents=True)
        for name in NAMES:
            (folder / name).write_text("")
    (folder / "gone.md").symlink_to("nowhere.md")
    (folder.parent / "deeper/still").mkdir(parents=True)
    (folder.parent / "deeper/still/a.md").write_text("")
    (tmp_path / "README.md").write_text("")
    return tmp_path


def told(found: Scan) -> tuple[object, ...]:
    return found.folders, found.others, found.troubles, found.excluded, found.state


def alone(root: Path) -> tuple[object, ...]:
    return told(scan(LocalFolder(root), stats=True))


@pytest.fixture
def copies(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The processes that are made."""
    return counting_copies(monkeypatch)


def counting_copies(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    made: list[int] = []
    fork = os.fork

    def counted() -> int:
        made.append(fork())
        return made[-1]

    monkeypatch.setattr(os, "fork", counted)
    return made


def in_a_fresh_process(try_out: Callable[[Path], None], root: Path) -> None:
    """Other tests leave threads of clients behind, beside which nothing is copied."""
    process = get_context("spawn").Process(target=try_out, args=(root,))
    process.start()
    process.join()
    assert process.exitcode == 0


def test_what_is_listed_is_the_same(root: Path) -> None:
    in_a_fresh_process(list_and_compare, root)


def list_and_compare(root: Path) -> None:
    with pytest.MonkeyPatch.context() as monkeypatch:
        copies = counting_copies(monkeypatch)
        assert told(scan_in_halves(LocalFolder(root))) == alone(root)
        assert len(copies) == 1
    with pytest.raises(ChildProcessError):
        os.waitpid(copies[0], 0)


def test_the_other_process_ends_when_it_has_told(root: Path) -> None:
    in_a_fresh_process(list_and_wait, root)


def list_and_wait(root: Path) -> None:
    with pytest.MonkeyPatch.context() as monkeypatch:
        copies = counting_copies(monkeypatch)
        monkeypatch.setattr(os, "kill", lambda process, number: None)
        assert told(scan_in_halves(LocalFolder(root))) == alone(root)
    with pytest.raises(ChildProcessError):
        os.waitpid(copies[0], 0)


def test_so_it_is_where_something_is_excluded(root: Path) -> None:
    def is_out(path: str) -> bool:
        return path.startswith("/news/2016/05")

    expected = told(scan(LocalFolder(root), stats=True, exclude=is_out))
    assert told(scan_in_halves(LocalFolder(root), exclude=is_out)) == expected


def test_what_a_killed_process_leaves_is_listed_here(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parent, listed = os.getpid(), LocalFolder.list_folder

    def list_folder(self: LocalFolder, folder: str, *, stats: bool = False) -> Folder:
        if os.getpid() != parent and folder.startswith("/news/2017"):
            os.kill(os.getpid(), signal.SIGKILL)
        return listed(self, folder, stats=stats)

    monkeypatch.setattr(LocalFolder, "list_folder", list_folder)
    assert told(scan_in_halves(LocalFolder(root))) == alone(root)


def test_so_it_is_where_it_sends_half_of_it(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def half(find: object, packing: object, sending: int) -> None:
        os.write(sending, b"[\x05\x00\x00\x00")
        os._exit(0)

    monkeypatch.setattr(copying, "_answer", half)
    assert told(scan_in_halves(LocalFolder(root))) == alone(root)


def test_a_small_folder_needs_no_help(tmp_path: Path, copies: list[int]) -> None:
    (tmp_path / "news/2016/03/3").mkdir(parents=True)
    (tmp_path / "news/2016/03/3/index.md").write_text("")
    assert told(scan_in_halves(LocalFolder(tmp_path))) == alone(tmp_path)
    assert copies == []


def test_nothing_is_copied_beside_another_thread(root: Path, copies: list[int]) -> None:
    ended = threading.Event()
    other = threading.Thread(target=ended.wait)
    other.start()
    try:
        assert told(scan_in_halves(LocalFolder(root))) == alone(root)
    finally:
        ended.set()
        other.join()
    assert copies == []


def test_no_process_is_left_where_listing_is_broken_off(root: Path) -> None:
    in_a_fresh_process(break_off, root)


def break_off(root: Path) -> None:
    def stop(path: str) -> bool:
        raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as monkeypatch:
        copies = counting_copies(monkeypatch)
        with pytest.raises(KeyboardInterrupt):
            scan_in_halves(LocalFolder(root), exclude=stop)
    with pytest.raises(ChildProcessError):
        os.waitpid(copies[0], 0)
