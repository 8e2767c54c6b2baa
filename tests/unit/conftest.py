"""What several units are tested with."""

import io
import sys
from pathlib import Path

import pytest

from newsarchive.cli import main
from tests.faults import Done, Run
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
