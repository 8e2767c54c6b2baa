"""Killed at any point, a change is made or not made: never half."""

import os
import random
import shutil
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

import newsarchive as na
from newsarchive.store.listing import JOURNAL
from tests.builders import PATH, contents, day_index, event, write_archive
from tests.faults import Done, command, ran

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")]

MOVED = "/news/2016/03/2/fire.md"

# Copies an archive, and changes the copy in a process that kills itself before the n-th step
# that touches the disk; again for the next n, until the change comes to its end.
DRIVER = """\
import os, shutil, signal, sys
import newsarchive as na
from newsarchive.editing import moves
from newsarchive.store import transaction

source, target, change = sys.argv[1:]

def armed(real, left=[0]):
    def step(*args, **more):
        left[0] -= 1
        if not left[0]:
            os.kill(os.getpid(), signal.SIGKILL)
        return real(*args, **more)
    return step

n = 0
while True:
    n += 1
    root = f"{target}/{n}"
    shutil.copytree(source, root)
    child = os.fork()
    if not child:
        armed.__defaults__[0][0] = n
        for name in ("replace", "unlink", "fsync", "chmod", "write"):
            setattr(os, name, armed(getattr(os, name)))
        status = 1
        try:
            exec(change, {"archive": na.Archive(root)})
            status = 0
        finally:
            os._exit(status)
    _, status = os.waitpid(child, 0)
    if not os.WIFSIGNALED(status):
        sys.exit(os.waitstatus_to_exitcode(status))
"""

MOVE = f"archive.move({PATH!r}, {MOVED!r})"
RETITLE = f"""\
import datetime
archive.retitle({PATH!r}, "A fire destroys the pier.", datetime.datetime(2016, 3, 12))
"""
REMOVE = f"archive.remove({PATH!r}, entries=True)"


def killed_everywhere(source: Path, target: Path, change: str) -> tuple[list[Path], Path]:
    """Copies of an archive whose change was killed, point by point, and one where it was not."""
    target.mkdir()
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", DRIVER, str(source), str(target), change],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    *killed, whole = sorted(target.iterdir(), key=lambda folder: int(folder.name))
    return killed, whole


@pytest.mark.parametrize("change", [MOVE, RETITLE, REMOVE], ids=["move", "retitle", "remove"])
def test_a_change_that_was_killed_is_whole_after_recover(tmp_path: Path, change: str) -> None:
    source = write_archive(tmp_path / "archive")
    killed, whole = killed_everywhere(source, tmp_path / "copies", change)
    old, new = contents(source), contents(whole)
    assert old != new
    begun = 0
    for root in killed:
        waits = (root / JOURNAL).exists()
        assert bool([d for d in na.check(root).diagnostics if d.code == "NA904"]) == waits
        pages = {path: data for path, data in contents(root).items() if path.endswith(".md")}
        assert {*pages.items()} <= {*old.items(), *new.items()}, "a torn page"
        recovered = na.Archive(root).recover()
        assert bool(recovered) == waits
        found = contents(root)
        if waits:
            begun += 1
            assert found == new
        else:
            assert found in (old, new)
        assert na.Archive(root).recover() == ()
    assert 5 < begun < len(killed)


def test_recover_itself_may_be_killed(tmp_path: Path) -> None:
    source = write_archive(tmp_path / "archive")
    killed, whole = killed_everywhere(source, tmp_path / "copies", MOVE)
    begun = next(root for root in killed if (root / JOURNAL).exists())
    again, recovered = killed_everywhere(begun, tmp_path / "again", "archive.recover()")
    assert len(again) > 5
    assert contents(recovered) == contents(whole)
    for root in again:
        na.Archive(root).recover()
        assert contents(root) == contents(whole)


def test_the_next_move_finishes_the_one_before(tmp_path: Path) -> None:
    source = write_archive(tmp_path / "archive")
    killed, _ = killed_everywhere(source, tmp_path / "copies", MOVE)
    begun = next(root for root in killed if (root / JOURNAL).exists())
    command = [sys.executable, "-m", "newsarchive", "mv", "--root", str(begun), MOVED, PATH]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "Finished an interrupted change of 4 pages." in done.stderr
    assert na.Archive(begun).links_in(PATH)
    assert not na.Archive(begun).links_in(MOVED)


def test_a_repair_that_was_killed_leaves_every_page_old_or_new(tmp_path: Path) -> None:
    titles = [f"Event {number} takes place." for number in range(300)]
    sources = [f"[Post](https://post.example.org/{n})" for n in range(3)]
    paths = [f"/news/2016/03/2/{na.slugify(title)}.md" for title in titles]
    new = {
        path: event(title=title, sources=sources).encode()
        for title, path in zip(titles, paths, strict=True)
    }
    old = {path: data.replace(b"\n3. ", b"\n9. ") for path, data in new.items()}
    index = day_index("2016-03-2", zip(titles, paths, strict=True))
    faulty = write_archive(tmp_path / "faulty", {"/news/2016/03/2/index.md": index, **old})
    command = [sys.executable, "-m", "newsarchive", "check", "--fix", "--jobs", "1"]
    environment = {**os.environ, "XDG_CACHE_HOME": str(tmp_path / "cache")}
    chance = random.Random(7)
    torn = set()
    for number in range(3):
        root = tmp_path / str(number)
        shutil.copytree(faulty, root)
        watched = root / sorted(paths)[chance.randrange(250)][1:]
        before = watched.read_bytes()
        run = subprocess.Popen(
            [*command, str(root)], env=environment,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        until = time.monotonic() + 60
        while run.poll() is None and watched.read_bytes() == before:
            assert time.monotonic() < until
        time.sleep(chance.random() / 200)
        run.send_signal(signal.SIGKILL)
        run.wait()
        found = {path: (root / path[1:]).read_bytes() for path in paths}
        assert all(found[path] in (old[path], new[path]) for path in paths)
        torn.add(sum(found[path] == new[path] for path in paths))
    subprocess.run([*command, str(root)], env=environment, capture_output=True, check=True)
    assert {path: (root / path[1:]).read_bytes() for path in paths} == new
    assert any(0 < count < 300 for count in torn), "no run was killed on its way"


class TestLeftovers:
    @pytest.fixture
    def root(self, tmp_path: Path) -> Path:
        return write_archive(tmp_path / "archive")

    def test_the_next_repair_sweeps_what_a_killed_one_left(
        self, faulty: tuple[Path, dict[str, bytes], dict[str, bytes]]
    ) -> None:
        root, _, new = faulty
        (root / "news/2016/03/2/.newsarchive-k1ll3d.tmp").write_bytes(b"### [20")
        assert ran(command("check", root, "--fix", "--no-cache")).status == 0
        assert contents(root) == new

    def test_recover_sweeps_the_whole_archive_and_nothing_else(self, root: Path) -> None:
        before = contents(root)
        kept = {"news/.newsarchive-a.txt": b"", ".git/.newsarchive-b.tmp": b"", "x.tmp": b""}
        for name, data in kept.items():
            (root / name).parent.mkdir(exist_ok=True)
            (root / name).write_bytes(data)
        (root / "news/.newsarchive-c.tmp").mkdir()
        for name in (".newsarchive-1.tmp", "news/2016/.newsarchive-2.tmp"):
            (root / name).write_bytes(b"torn")
        (root / "opinion/.newsarchive-3.tmp").symlink_to(root / PATH[1:])
        done = ran(command("recover", root))
        assert done == Done(0, "Nothing to recover.\n", "")
        assert contents(root) == {**before, **{f"/{name}": data for name, data in kept.items()}}
        assert not os.path.lexists(root / "opinion/.newsarchive-3.tmp")
        assert stat.S_ISDIR((root / "news/.newsarchive-c.tmp").stat().st_mode)
