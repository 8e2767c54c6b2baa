"""What the command needs of the system around it, and what it does where that is missing."""

import pwd
import sys
from pathlib import Path

import platformdirs
import pytest

from newsarchive.cli import main
from tests.builders import write_archive
from tests.faults import Run

pytestmark = pytest.mark.slow


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_archive(tmp_path / "archive", small=True)


@pytest.fixture
def homeless(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A user without an account, as containers have them."""

    def unknown(number: int) -> object:
        raise KeyError(number)

    for name in ("HOME", "XDG_CACHE_HOME", "NEWSARCHIVE_CACHE_DIR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(pwd, "getpwuid", unknown)
    monkeypatch.chdir(tmp_path)


NOTICE = "no cache: this user has no home folder; --cache-dir names a folder for caches\n"


@pytest.mark.usefixtures("homeless")
class TestNoHome:
    def test_a_check_goes_on_without_a_cache_and_says_so_once(
        self, run: Run, root: Path, tmp_path: Path
    ) -> None:
        done = run("check", root)
        assert (done.status, done.err) == (0, NOTICE)
        assert "No findings." in done.out
        assert [path.name for path in tmp_path.iterdir()] == ["archive"]

    @pytest.mark.parametrize("option", ["--no-cache", "--quiet"])
    def test_who_wants_no_cache_or_no_notice_gets_none(
        self, run: Run, root: Path, option: str
    ) -> None:
        assert run("check", root, option)[::2] == (0, "")

    def test_a_folder_that_is_named_serves(self, run: Run, root: Path, tmp_path: Path) -> None:
        assert run("check", root, "--cache-dir", tmp_path / "caches").err == ""
        assert list((tmp_path / "caches").iterdir())
        assert run("clean", "--cache-dir", tmp_path / "caches").err == "Deleted 1 cache.\n"

    def test_a_baseline_is_written_all_the_same(self, run: Run, root: Path) -> None:
        done = run("baseline", root)
        assert done.status == 0
        assert done.err.startswith(NOTICE)

    def test_nothing_can_be_cleaned(self, run: Run) -> None:
        done = run("clean")
        assert done.status == 2
        assert NOTICE in done.err

    def test_a_home_that_is_no_place_is_none(
        self, run: Run, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Older releases of the package that knows such folders give the tilde back."""
        monkeypatch.setattr(platformdirs, "user_cache_dir", lambda *_, **__: "~/.cache/newsarchive")
        assert run("check", root).err == NOTICE
        assert not (tmp_path / "~").exists()


def test_an_installation_without_a_package_is_no_finding(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "newsarchive.cli._main", None)
    with pytest.raises(SystemExit) as left:
        main(["check"])
    assert left.value.code == 2
    assert "ModuleNotFoundError" in capsys.readouterr().err
