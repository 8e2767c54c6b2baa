"""What a copy of this process finds out meanwhile."""

import os
import signal
import threading
from pathlib import Path

import pytest

from newsarchive.runs.meanwhile import meanwhile

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system copies no process")


def test_it_is_found_in_another_process() -> None:
    with meanwhile(os.getpid, 2) as found:
        assert found() != os.getpid()


@pytest.mark.parametrize("jobs", [1, 2])
def test_no_process_is_left(jobs: int) -> None:
    with meanwhile(lambda: "x" * 1_000_000, jobs):  # more than a pipe holds; nobody asks
        pass
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


def test_one_process_is_enough() -> None:
    with meanwhile(os.getpid, 1) as found:
        assert found() == os.getpid()


def test_beside_other_threads_there_is_no_copy() -> None:
    done = threading.Event()
    thread = threading.Thread(target=done.wait)
    thread.start()
    try:
        with meanwhile(os.getpid, 2) as found:
            assert found() == os.getpid()
    finally:
        done.set()
        thread.join()


def test_where_the_copy_is_killed_it_is_found_here() -> None:
    here = os.getpid()

    def find() -> int:
        if os.getpid() != here:
            os.kill(os.getpid(), signal.SIGKILL)
        return os.getpid()

    with meanwhile(find, 2) as found:
        assert found() == here


def test_what_is_wrong_is_told_here(capfd: pytest.CaptureFixture[str]) -> None:
    def find() -> None:
        raise ValueError("no such thing")

    with meanwhile(find, 2) as found, pytest.raises(ValueError, match="no such thing"):
        found()
    assert capfd.readouterr() == ("", "")


def test_a_copy_that_is_not_waited_for_tidies_up(tmp_path: Path) -> None:
    file = tmp_path / "half"
    begun, beginning = os.pipe()

    def find() -> None:
        file.touch()
        os.write(beginning, b".")
        try:
            threading.Event().wait(30)
        finally:
            file.unlink()

    with meanwhile(find, 2):
        os.read(begun, 1)
    os.close(begun)
    os.close(beginning)
    assert not file.exists()
