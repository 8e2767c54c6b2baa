"""What a copy of this process finds out meanwhile."""

import os
import pickle
import signal
import threading
from pathlib import Path

import pytest

from newsarchive.store.copies import meanwhile
from tests.seams import processes_are_copies

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system copies no process")


@pytest.fixture
def copied(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The numbers of the copies that are made."""
    processes_are_copies(monkeypatch)
    made: list[int] = []
    fork = os.fork

    def recorded() -> int:
        made.append(fork())
        return made[-1]

    monkeypatch.setattr(os, "fork", recorded)
    return made


@pytest.mark.usefixtures("copied")
def test_it_is_found_in_another_process() -> None:
    with meanwhile(os.getpid, pickle) as found:
        assert found() != os.getpid()


def test_no_process_is_left(copied: list[int]) -> None:
    with meanwhile(lambda: "x" * 1_000_000, pickle):  # more than a pipe holds; nobody asks
        pass
    with pytest.raises(ChildProcessError):
        os.waitpid(copied.pop(), os.WNOHANG)
    assert copied == []


def test_one_process_is_enough(copied: list[int]) -> None:
    with meanwhile(os.getpid, pickle, several=False) as found:
        assert found() == os.getpid()
    assert copied == []


def test_beside_other_threads_there_is_no_copy() -> None:
    done = threading.Event()
    thread = threading.Thread(target=done.wait)
    thread.start()
    try:
        with meanwhile(os.getpid, pickle) as found:
            assert found() == os.getpid()
    finally:
        done.set()
        thread.join()


@pytest.mark.usefixtures("copied")
def test_where_the_copy_is_killed_it_is_found_here() -> None:
    here = os.getpid()

    def find() -> int:
        if os.getpid() != here:
            os.kill(os.getpid(), signal.SIGKILL)
        return os.getpid()

    with meanwhile(find, pickle) as found:
        assert found() == here


@pytest.mark.usefixtures("copied")
def test_what_is_wrong_is_told_here(capfd: pytest.CaptureFixture[str]) -> None:
    def find() -> None:
        raise ValueError("no such thing")

    with meanwhile(find, pickle) as found, pytest.raises(ValueError, match="no such thing"):
        found()
    assert capfd.readouterr() == ("", "")


@pytest.mark.usefixtures("copied")
def test_a_copy_that_is_not_waited_for_tidies_up(tmp_path: Path) -> None:
    file = tmp_path / "half"
    begun, beginning = os.pipe()

    def find() -> None:
        file.touch()
        try:
            os.write(beginning, b".")
            threading.Event().wait(30)
        finally:
            file.unlink()

    with meanwhile(find, pickle):
        os.read(begun, 1)
    os.close(begun)
    os.close(beginning)
    assert not file.exists()


@pytest.mark.usefixtures("copied")
def test_a_signal_at_its_very_end_does_not_let_it_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    end, here, went_on = os._exit, os.getpid(), tmp_path / "went-on"

    def late(status: int) -> None:
        os.kill(os.getpid(), signal.SIGTERM)
        end(status)

    monkeypatch.setattr(os, "_exit", late)
    try:
        with meanwhile(lambda: 1, pickle) as found:
            assert found() == 1
    except KeyboardInterrupt:
        went_on.touch()
    if os.getpid() != here:
        end(1)
    assert not went_on.exists()
