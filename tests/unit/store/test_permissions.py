"""Files and folders that may not be read or written, before a run or in the middle of it."""

from pathlib import Path

import pytest

from tests.builders import PATH, contents, write_archive
from tests.faults import (
    NO_CACHE,
    ON_LINUX,
    command,
    ended,
    obedient,
    ran,
    started,
    until,
)

pytestmark = [*ON_LINUX, pytest.mark.usefixtures("modes_bind")]


MOVED = "/news/2016/03/2/fire.md"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_archive(tmp_path / "archive")


def test_the_links_of_a_page_that_cannot_be_read(root: Path) -> None:
    page = root / PATH[1:]
    page.chmod(0)
    done = ran(obedient(command("links", page)))
    assert (done.status, done.out) == (1, "")
    assert done.err == f"{page}: Permission denied\n"


def test_pages_and_folders_that_cannot_be_read_are_findings(root: Path) -> None:
    (root / PATH[1:]).chmod(0)
    (root / "opinion").chmod(0)
    done = ran(obedient(command("check", root, NO_CACHE, "--select", "NA901")))
    (root / "opinion").chmod(0o755)
    assert done.status == 1
    assert "the page cannot be read: Permission denied" in done.out
    assert "the folder cannot be read: Permission denied" in done.out


def test_a_folder_that_is_locked_while_pages_are_repaired(
    faulty: tuple[Path, dict[str, bytes], dict[str, bytes]],
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
def test_a_move_into_a_locked_folder_is_refused(root: Path, locked: str) -> None:
    before = contents(root)
    (root / locked).chmod(0o555)
    done = ran(obedient(command("mv", PATH, MOVED, "--root", root)))
    (root / locked).chmod(0o755)
    assert done.status == 1
    assert "the folder is read-only" in done.err
    assert contents(root) == before
