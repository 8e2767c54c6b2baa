"""A cache that a full disk, a limit or a mode keeps from being written: the run goes on."""

from pathlib import Path

import pytest

from tests.builders import write_archive
from tests.faults import (
    NO_CACHE,
    ON_LINUX,
    Done,
    command,
    fill,
    limited,
    obedient,
    ran,
)

pytestmark = ON_LINUX


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_archive(tmp_path / "archive")


def test_a_cache_that_does_not_fit_is_said_and_nothing_else(disk: Path, root: Path) -> None:
    fill(disk)
    done = ran(command("check", root, "--cache-dir", disk / "caches"))
    assert done.status == 0
    assert done.out == ran(command("check", root, NO_CACHE)).out
    [notice] = done.err.splitlines()
    assert notice.startswith("the cache was not written: ")


def test_a_cache_that_is_larger_than_files_may_grow(root: Path, tmp_path: Path) -> None:
    line = command("check", root, "--cache-dir", tmp_path / "caches")
    done = ran(limited(line, 5000))
    assert done.status == 0
    assert done.err.startswith("the cache was not written: ")
    assert ran(line) == Done(0, done.out, "")


@pytest.mark.usefixtures("modes_bind")
def test_a_damaged_cache_that_cannot_be_taken_away(root: Path, tmp_path: Path) -> None:
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


@pytest.mark.usefixtures("modes_bind")
def test_a_cache_folder_that_is_locked(root: Path, tmp_path: Path) -> None:
    caches = tmp_path / "caches"
    caches.mkdir(0o555)
    done = ran(obedient(command("check", root, "--cache-dir", caches)))
    assert done.status == 0
    assert done.err.startswith("the cache was not written: ")


@pytest.mark.usefixtures("modes_bind")
def test_caches_that_cannot_be_deleted(root: Path, tmp_path: Path) -> None:
    caches = tmp_path / "caches"
    ran(command("check", root, "--cache-dir", caches))
    caches.chmod(0o555)
    done = ran(obedient(command("clean", "--cache-dir", caches)))
    caches.chmod(0o755)
    assert done.status == 1
    assert "Permission denied" in done.err
