"""What may take a file's place between its listing and its reading."""

import json
import os
import sys
from pathlib import Path

import pytest

import newsarchive as na
from newsarchive.editing.repair import repair
from newsarchive.store import local
from newsarchive.store.local import LocalFolder
from tests.builders import PATH, SMALL_ARCHIVE, TODAY, spoiled, write_archive
from tests.faults import (
    NO_CACHE,
    ON_LINUX,
    Done,
    command,
    ended,
    faulty_archive,
    ran,
    started,
)

pytestmark = ON_LINUX


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_archive(tmp_path / "archive")


class TestFilesThatChange:
    """Between the listing and the reading of a page anything may take its place."""

    SCRIPT = """\
import os, sys
import newsarchive as na
root, page, kind, *cache = sys.argv[1:]
archive = na.Archive(root)
assert page in list(archive)
file = archive.file(page)
os.unlink(file)
if kind == "pipe":
    os.mkfifo(file)
elif kind == "folder":
    os.mkdir(file)
elif kind == "endless":
    os.symlink("/dev/zero", file)
elif kind == "huge":
    open(file, "wb").close()
    os.truncate(file, 1 << 40)
for d in na.check(archive, select=["NA901"]).diagnostics:
    print(d.page, d.message)
"""

    @pytest.mark.parametrize(
        ("kind", "reason"),
        [
            ("gone", "No such file or directory"),
            ("pipe", "it is no regular file"),
            ("folder", "it is no regular file"),
            ("endless", "it is no regular file"),
            ("huge", "it is larger than 16 MiB"),
        ],
    )
    def test_the_page_is_named_and_the_run_goes_on(
        self, root: Path, kind: str, reason: str
    ) -> None:
        done = ran([sys.executable, "-W", "error", "-c", self.SCRIPT, str(root), PATH, kind])
        assert done == Done(0, f"{PATH} the page cannot be read: {reason}\n", "")

    def test_pages_that_come_and_go_all_the_time(self, tmp_path: Path) -> None:
        root = faulty_archive(tmp_path / "archive", days=10, pages=30)
        pages = [file for file in root.rglob("*.md") if file.name != "index.md"]
        process = started(
            command("check", root, NO_CACHE, "--jobs", "2", "--output-format", "json")
        )
        gone = []
        for number, file in enumerate(pages):
            if number % 2:
                file.unlink()
                gone.append("/" + file.relative_to(root).as_posix())
            else:
                file.write_bytes(b"\xff")
        done = ended(process)
        assert done.status == 1
        found = json.loads(done.out)["diagnostics"]
        unreadable = {d["page"] for d in found if d["code"] == "NA901"}
        assert unreadable <= {*gone}
        assert {d["page"] for d in found if d["code"] == "NA101"}.isdisjoint(gone)

    def test_a_page_that_changed_after_it_was_read_is_not_written_over(self, root: Path) -> None:
        (root / PATH[1:]).write_text(spoiled("2. [Evening", "3. [Evening", SMALL_ARCHIVE[PATH]))
        archive = na.Archive(root)
        found = na.check(archive, today=TODAY).diagnostics
        (root / PATH[1:]).write_text("theirs")
        outcome = repair(archive, found)
        assert outcome.changed == []
        assert (root / PATH[1:]).read_text() == "theirs"


@pytest.mark.parametrize(
    "name",
    ["b.md", "a.html", ".a.md", "é.md", "folder.md/c.md", "folder/c.md", "link.md", "lost.md"],
)
def test_a_folder_of_pages_alone_is_listed_as_any_other(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.md").write_text("a")
    file = tmp_path / name
    file.parent.mkdir(exist_ok=True)
    if name == "link.md":
        file.symlink_to("a.md")
    elif name == "lost.md":
        file.symlink_to("nowhere.md")
    else:
        file.write_text("b")
    os.utime(tmp_path / "a.md", ns=(1, 2))
    quick = LocalFolder(tmp_path).list_folder("", stats=True)
    monkeypatch.setattr(local, "_TAKES_FOLDERS", False)
    assert quick == LocalFolder(tmp_path).list_folder("", stats=True)
    assert "a.md" in quick.listing.names


def test_a_git_file_that_cannot_be_read_is_none_of_a_working_tree(tmp_path: Path) -> None:
    (tmp_path / ".git").write_text("")
    os.truncate(tmp_path / ".git", 1 << 40)
    assert not local.is_linked_tree(str(tmp_path / ".git"))
