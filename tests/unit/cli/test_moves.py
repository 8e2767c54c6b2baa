"""The commands that move, remove and list."""

import os
from pathlib import Path

import pytest

import newsarchive as na
from newsarchive.store.listing import JOURNAL
from tests.builders import LATER, OPENS, PATH, REBUILT, SMALL_ARCHIVE, event, texts, write_archive
from tests.faults import Run
from tests.seams import journal_only

DAY = "/news/2016/03/2/index.md"
MOVED = "/news/2016/03/2/fire.md"
FIRE = "/news/2016/03/2/a-fire-destroys-the-pier.md"


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return write_archive(Path("archive"))


def interrupted(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A move from PATH to MOVED of which the journal is all that was written."""
    with monkeypatch.context() as patched:
        journal_only(patched)
        na.Archive(root).move(PATH, MOVED)
    assert (root / JOURNAL).exists()


class TestMv:
    def test_files(self, run: Run, root: Path) -> None:
        done = run("mv", root / PATH[1:], root / MOVED[1:])
        assert done == (
            0,
            f"renamed archive{PATH} -> archive{MOVED}\n"
            f"changed archive{OPENS}\n"
            f"changed archive{DAY}\n",
            "3 pages changed.\n",
        )
        found = texts(root)
        assert PATH not in found
        assert MOVED in found[DAY]

    def test_archive_paths_in_the_working_folder(
        self, run: Run, root: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(root / "news/2016")
        assert run("mv", PATH, MOVED).status == 0
        assert run("mv", MOVED, "03/2/the-pier-burns.md").status == 0
        assert "links into it" in run("links", PATH).out

    def test_archive_paths_with_a_root(self, run: Run, root: Path) -> None:
        assert run("mv", PATH, MOVED, "--root", root).status == 0
        assert MOVED in texts(root)

    def test_a_title(self, run: Run, root: Path) -> None:
        done = run("mv", root / PATH[1:], "--title", "A fire destroys the pier.")
        assert done.status == 0
        assert done.out.startswith(f"renamed archive{PATH} -> archive{FIRE}\n")
        assert "# A fire destroys the pier.\n" in texts(root)[FIRE]
        assert run("check", root).status == 0

    def test_a_title_that_leaves_the_path(self, run: Run, root: Path) -> None:
        done = run("mv", root / REBUILT[1:], "--title", "The pier is rebuilt!")
        assert (done.status, "renamed" in done.out) == (0, False)
        assert f"changed archive{REBUILT}\n" in done.out

    def test_diff_writes_nothing(self, run: Run, root: Path) -> None:
        done = run("mv", root / PATH[1:], root / MOVED[1:], "--diff")
        assert done.status == 0
        assert done.err == "3 pages would change.\n"
        assert texts(root) == SMALL_ARCHIVE
        lines = done.out.splitlines()
        assert lines[:3] == [
            f"rename archive{PATH} -> archive{MOVED}",
            f"--- a/archive{MOVED}",
            f"+++ b/archive{MOVED}",
        ]
        assert f"-1. [The pier burns.]({PATH})" in lines
        assert f"+1. [The pier burns.]({MOVED})" in lines
        assert sum(line.startswith("-") and not line.startswith("---") for line in lines) == 3

    @pytest.mark.parametrize(
        ("args", "reason"),
        [
            ([PATH, LATER], "already"),
            ([PATH, "/news/2016/03/4/x.md"], "stays in its day's folder"),
            ([DAY, MOVED], "only event pages"),
            ([PATH, "--title", "?"], "no path can be made"),
            ([PATH, "--title", "Fire!", "--slug", "a b"], "cannot name a page with ' '"),
            ([PATH, "--title", "The pier burns."], "its title already"),
        ],
    )
    def test_refused(self, run: Run, root: Path, args: list[str], reason: str) -> None:
        if args[1] == LATER:
            args = [PATH, "/news/2016/03/2/index2.md"]
            write_archive(root, {args[1]: event()})
        before = texts(root)
        done = run("mv", *args, "--root", root)
        assert (done.status, done.out) == (1, "")
        assert done.err.startswith("refused: /news/2016/")
        assert reason in done.err
        assert texts(root) == before

    def test_a_read_only_page_is_named(
        self, run: Run, root: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(os, "access", lambda path, mode: Path(path).name != "index.md")
        done = run("mv", root / PATH[1:], root / MOVED[1:])
        assert (done.status, done.out) == (1, "")
        assert done.err == f"refused: archive{DAY}: is read-only\n"
        monkeypatch.undo()

    @pytest.mark.parametrize(
        "args",
        [
            [], ["archive" + PATH], ["archive" + PATH, MOVED, "--title", "x"],
            ["archive/news/nope.md", "--title", "x"], ["nope.md", "--title", "x"],
            [PATH, "--title", "x"], ["/news/nope.md", "--title", "x", "--root", "archive"],
            ["archive" + PATH, "../outside.md"], ["archive" + PATH, "--title", "x", "--root", "no"],
            [PATH, MOVED, "--slug", "x"], [PATH, "--slug", "x"],
            ["archive", "--title", "x"], ["archive\0", "--title", "x"],
        ],
    )  # fmt: skip
    def test_misuse(self, run: Run, root: Path, args: list[str]) -> None:
        done = run("mv", *args)
        assert (done.status, done.out) == (2, "")
        assert "Error: " in done.err
        assert texts(root) == SMALL_ARCHIVE

    def test_a_page_that_is_a_link_out_of_the_archive_is_no_page(
        self, run: Run, root: Path
    ) -> None:
        Path("outside.md").write_text(event())
        (root / MOVED[1:]).symlink_to(Path("outside.md").resolve())
        assert run("mv", root / MOVED[1:], "--title", "Smoke").status == 2
        assert Path("outside.md").read_text() == event()

    def test_an_interrupted_move_is_finished_first(
        self, run: Run, root: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        interrupted(root, monkeypatch)
        done = run("mv", root / MOVED[1:], "--title", "A fire destroys the pier.")
        assert done.status == 0
        assert done.err.startswith("Finished an interrupted change of 4 pages.\n")
        assert {MOVED, PATH}.isdisjoint(texts(root))

    def test_but_not_for_a_diff(
        self, run: Run, root: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        interrupted(root, monkeypatch)
        before = texts(root)
        done = run("rm", root / PATH[1:], "--diff")
        assert (done.status, done.out) == (1, "")
        assert "newsarchive recover" in done.err
        assert texts(root) == before


class TestRm:
    def test_what_breaks_is_listed(self, run: Run, root: Path) -> None:
        done = run("rm", root / PATH[1:])
        assert done == (
            0,
            f"removed archive{PATH}\n"
            f"archive{OPENS}:14:22: broken: related 'The pier burns.'\n"
            f"archive{DAY}:3:23: broken: index-entry 'The pier burns.'\n",
            "1 page changed.\n",
        )
        assert run("check", root).status == 1

    def test_entries(self, run: Run, root: Path) -> None:
        done = run("rm", root / PATH[1:], "--entries")
        assert done.status == 0
        assert f"archive{DAY}:3:23: taken out: index-entry 'The pier burns.'\n" in done.out
        assert done.err == "3 pages changed.\n"
        assert run("check", root).status == 0

    def test_diff_writes_nothing(self, run: Run, root: Path) -> None:
        done = run("rm", root / PATH[1:], "--entries", "--diff")
        assert done.status == 0
        assert texts(root) == SMALL_ARCHIVE
        assert f"--- a/archive{PATH}\n+++ /dev/null\n" in done.out
        assert f"archive{OPENS}:14:22: would go: related" in done.err
        assert "would break" in run("rm", root / PATH[1:], "--diff").err

    def test_misuse(self, run: Run, root: Path) -> None:
        assert run("rm", root / MOVED[1:]).status == 2
        assert run("rm").status == 2
        assert texts(root) == SMALL_ARCHIVE


class TestRecover:
    def test_nothing_to_do(self, run: Run, root: Path) -> None:
        assert run("recover", root) == (0, "Nothing to recover.\n", "")

    def test_finished(self, run: Run, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        interrupted(root, monkeypatch)
        assert "NA904 [interrupted-change]" in run("check", root).out
        done = run("recover", root)
        assert done.status == 0
        assert done.out.splitlines()[-1] == f"finished archive{PATH}"
        assert MOVED in texts(root)
        assert run("check", root).status == 0

    def test_refused(self, run: Run, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        interrupted(root, monkeypatch)
        (root / DAY[1:]).write_text("theirs")
        before = texts(root)
        done = run("recover", root)
        assert (done.status, done.out) == (1, "")
        assert done.err.startswith(f"refused: archive{DAY}: changed since")
        assert texts(root) == before
        assert run("mv", root / PATH[1:], "--title", "x").status == 1

    def test_misuse(self, run: Run, tmp_path: Path) -> None:
        (tmp_path / "empty").mkdir()
        assert run("recover", tmp_path / "empty").status == 2


class TestPlaces:
    """How a page can be named."""

    def test_an_archive_path_before_a_file_of_that_name(self, run: Run, root: Path) -> None:
        file = root.absolute() / "faq/README.md"
        inside = root / str(file)[1:]
        inside.parent.mkdir(parents=True)
        inside.write_text("# Another\n")
        assert run("links", file, "--root", root).out.startswith(f"0 links out of {file}:")
        assert run("links", file).out.startswith("0 links out of /faq/README.md:")

    def test_a_page_cannot_move_to_another_archive(self, run: Run, root: Path) -> None:
        other = write_archive(Path("other"))
        done = run("mv", root / PATH[1:], other / MOVED[1:])
        assert done.status == 2
        assert f"{other / MOVED[1:]} is not in the archive archive" in done.err
        assert texts(root) == texts(other) == SMALL_ARCHIVE


class TestLinks:
    def test_out_and_in_with_their_state(self, run: Run, root: Path) -> None:
        done = run("links", root / PATH[1:])
        assert done.status == 0
        lines = done.out.splitlines()
        assert lines[0] == f"9 links out of {PATH}:"
        assert f"archive{PATH}:1:17: ok day {DAY}" in lines
        assert f"archive{PATH}:10:19: external source https://post.example.org/pier" in lines
        assert lines[-3:] == [
            "2 links into it:",
            f"archive{OPENS}:14:22: related 'The pier burns.'",
            f"archive{DAY}:3:23: index-entry 'The pier burns.'",
        ]

    def test_broken_and_absent(self, run: Run, root: Path) -> None:
        (root / OPENS[1:]).unlink()
        done = run("links", PATH, "--root", root)
        assert done.status == 1
        assert f"archive{PATH}:16:22: broken related {OPENS}\n" in done.out
        assert f": absent change {OPENS}\n" in done.out

    def test_a_prose_page(self, run: Run, root: Path) -> None:
        done = run("links", root / "faq/README.md")
        assert (done.status, done.out) == (
            0,
            "0 links out of /faq/README.md:\n0 links into it:\n",
        )

    def test_misuse(self, run: Run, root: Path) -> None:
        assert run("links", root / MOVED[1:]).status == 2
        assert run("links", root).status == 2
