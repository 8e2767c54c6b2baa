"""What several units are tested with."""

import io
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from newsarchive.cli import main
from tests.builders import write_archive
from tests.faults import Done, Run, days_of_pages, faulty_archive, obedient, small_disk
from tests.repositories import others_own_it


@pytest.fixture
def others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have git take every checkout for someone else's."""
    monkeypatch.setenv("PATH", others_own_it(tmp_path / "git of others"))


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the command in this process."""

    def run(*args: str | Path, stdin: bytes = b"", cwd: Path | None = None) -> Done:
        if cwd:
            monkeypatch.chdir(cwd)
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        with pytest.raises(SystemExit) as left:
            main([str(arg) for arg in args])
        assert isinstance(left.value.code, int)
        return Done(left.value.code, *capsys.readouterr())

    return run


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Enough pages for two processes, for long enough to be met at work."""
    return faulty_archive(tmp_path_factory.mktemp("many"), days=30, pages=40)


@pytest.fixture
def faulty(tmp_path: Path) -> tuple[Path, dict[str, bytes], dict[str, bytes]]:
    """An archive to repair, and its files before and after."""
    old, new = days_of_pages(days=3, pages=60)
    return write_archive(tmp_path / "faulty", old), old, new


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A small disk of its own, to be filled."""
    with small_disk(tmp_path / "disk") as folder:
        yield folder


@pytest.fixture
def modes_bind(tmp_path: Path) -> None:
    """Skip where files can be read and written whatever their modes say."""
    locked = tmp_path / "locked"
    locked.mkdir(0)
    line = [sys.executable, "-c", f"import os; os.listdir({str(locked)!r})"]
    done = subprocess.run(obedient(line), capture_output=True, check=False)
    if b"PermissionError" not in done.stderr:
        pytest.skip("modes do not bind this user, and capabilities cannot be dropped")
    locked.rmdir()
