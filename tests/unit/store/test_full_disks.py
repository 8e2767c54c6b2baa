"""A disk that is full, or files that may not grow, while pages are written.

Nothing is simulated: a small disk is mounted and filled, or the process is limited.
"""

import os
from pathlib import Path

import pytest

from newsarchive.store.listing import JOURNAL
from tests.builders import OPENS, PATH, contents, write_archive
from tests.faults import (
    FULL,
    NO_CACHE,
    ON_LINUX,
    command,
    days_of_pages,
    fill,
    limited,
    ran,
)

pytestmark = ON_LINUX

MOVED = "/news/2016/03/2/fire.md"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_archive(tmp_path / "archive")


class TestFullDisk:
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
