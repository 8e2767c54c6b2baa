"""What people see: runs at a real terminal."""

import re
import sys
from pathlib import Path

import pytest

from newsarchive.writers._columns import cells
from tests.builders import SMALL_ARCHIVE, event, write_archive
from tests.faults import Run

if sys.platform != "win32":
    from tests.terminals import at_a_terminal

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="no terminals of this kind"),
]
CHECK = ("check", "--no-cache", "--jobs", "1")
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
WIDE = "美军继续对伊拉克巴格达南部进行空袭-伊拉克继续发射地对地导弹还击"


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive with links to missing pages, one of them of a long title, one of a wide one."""
    long = "the-pier-of-the-old-harbour-burns-for-the-third-time-in-a-week-and-nobody-knows-why"
    related = [
        "[The pier burns.](/news/2016/03/2/the-pier-burned.md)",
        f"[The pier of the old harbour burns.](/news/2016/03/2/{long}.md)",
        f"[空袭](/news/2016/03/2/{WIDE}.md)",
    ]
    pages = {"/news/2016/02/29/a.md": event("2016-02-29", "A.", related=related)}
    pages[f"/news/2016/03/2/{WIDE}二.md"] = event("2016-03-2", WIDE + "二")
    return write_archive(tmp_path_factory.mktemp("at") / "archive", {**SMALL_ARCHIVE, **pages})


def shown(text: str) -> list[str]:
    """The lines that are left on the screen: without colours, and without the line of progress."""
    lines = [line.rpartition("\x1b[K")[2] for line in text.split("\n")]
    return [_COLOUR.sub("", line) for line in lines]


@pytest.mark.parametrize("width", [60, 80, 100, 200])
def test_the_report_fits_the_terminal(archive: Path, width: int) -> None:
    text = at_a_terminal(*CHECK, archive, width=width)
    lines = shown(text)
    assert any("LIKELY: " in line for line in lines)
    assert "\x1b[31m" in text
    command = [line for line in lines if line.strip().startswith(("Next:", "newsarchive"))]
    assert all(cells(line) <= width for line in lines if line not in command)
    assert {line.index("2016-") for line in lines if " × " in line} == {8}


def test_a_pipe_gets_a_line_for_each_finding(archive: Path, run: Run) -> None:
    *lines, checked, followed, found = run(*CHECK, archive).out.splitlines()
    assert all(re.match(r"\S+:\d+:\d+: (error|warning|info) NA\d+ \[", line) for line in lines)
    assert (checked[:8], followed[:8], found[:6]) == ("Checked ", "Followed", "Found ")
    at_terminal = "\n".join(shown(at_a_terminal(*CHECK, archive, "--group", "none")))
    assert all(line in at_terminal for line in lines)


@pytest.mark.parametrize("env", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_without_colours_it_says_the_same(archive: Path, env: dict[str, str]) -> None:
    text = at_a_terminal(*CHECK, "-q", archive, env=env)
    assert "\x1b[" not in text
    assert text.rstrip("\n") == "\n".join(shown(at_a_terminal(*CHECK, "-q", archive))).rstrip("\n")


def test_an_encoding_without_arrows_gets_plainer_marks(archive: Path) -> None:
    text = at_a_terminal(*CHECK, archive, env={"PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii"})
    assert "the-pier-[burned > burns]" in "\n".join(shown(text))


def test_names_lead_to_files_where_the_terminal_says_that_they_can(archive: Path) -> None:
    text = at_a_terminal(*CHECK, archive, env={"WT_SESSION": "1"})
    address = rf"file://[^/]*{re.escape(str(archive))}/news/[^\x1b]*\.md"
    assert re.search(rf"\x1b\]8;;{address}\x1b\\", text)
    assert "\x1b]8" not in at_a_terminal(*CHECK, archive)
    assert "\x1b]8" not in at_a_terminal(*CHECK, archive, env={"WT_SESSION": "1", "TERM": "dumb"})


def test_what_a_repair_leaves_behind_is_told_with_the_command_for_it(
    tmp_path: Path, run: Run
) -> None:
    related = ["[The pier is on fire.](/news/2016/03/2/the-pier-burns.html)"]
    pages = {"/news/2016/02/29/a.md": event("2016-02-29", "A.", related=related)}
    root = write_archive(tmp_path / "a", {**SMALL_ARCHIVE, **pages})
    foretold = (
        run(*CHECK, root, "--diff").err.replace("would leave", "left").replace("then", "next")
    )
    assert "This left" not in run(*CHECK, root, "--diff", "--unsafe-fixes").err
    assert "left" not in run(*CHECK, root, "--diff", "-q").err
    done = run(*CHECK, root, "--fix")
    assert foretold.splitlines()[-1] == done.err.splitlines()[-1]
    assert "1 more finding of NA207 [link-title-mismatch]" in done.err
    words = done.err.rpartition("next: newsarchive ")[2].split()
    assert words[-4:] == ["--select", "NA207", "--fix", "--unsafe-fixes"]
    assert "NA207" not in run(*words).out


class TestRows:
    """What `links`, `mv`, `rm` and `find` tell stands in columns that fit."""

    A = "news/2016/02/29/a.md"

    @pytest.mark.parametrize("width", [60, 100, 200])
    def test_links_line_up_with_their_states(self, archive: Path, width: int) -> None:
        text = at_a_terminal("links", archive / self.A, width=width)
        lines = shown(text)
        rows = [line for line in lines if line.startswith(("ok ", "broken ", "external "))]
        assert len(rows) >= 4
        assert {line.index("related ") for line in rows if "related" in line} == {17}
        assert max(map(cells, rows)) <= width
        assert "\x1b[31mbroken" in text

    def test_a_move_and_a_removal_tell_pages_by_day(self, tmp_path: Path) -> None:
        root = write_archive(tmp_path / "a", SMALL_ARCHIVE)
        page = root / "news/2016/03/2/the-pier-burns.md"
        moved = shown(at_a_terminal("mv", page, page.with_name("the-pier-burned.md"), width=80))
        assert "renamed  2016-03-2   the-pier-burned" in moved
        assert any(line.startswith("changed  2016-0") for line in moved)
        gone = shown(at_a_terminal("rm", page.with_name("the-pier-burned.md"), width=80))
        assert "removed  2016-03-2   the-pier-burned" in gone
        assert "broken  14:22  2016-02-29  the-pier-opens  related 'The pier burns.'" in gone
        assert all(cells(line) <= 80 for line in moved + gone)

    def test_what_is_found_is_a_day_and_a_title(self, archive: Path, tmp_path: Path) -> None:
        found = at_a_terminal("find", "pier", "--root", archive, "--cache-dir", tmp_path / "c")
        assert "2016-03-02  The pier burns." in shown(found)
