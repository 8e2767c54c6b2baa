"""From a word of the command line to an archive and a page of it."""

from pathlib import Path

import pytest

from tests.builders import PATH, write_archive
from tests.faults import Run

GONE = "/news/2016/03/2/nope.md"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_archive(tmp_path / "archive", small=True)


class TestAPageThatIsMissing:
    @pytest.mark.parametrize("command", ["rm", "links"])
    def test_the_page_is_what_is_missing_not_the_archive(
        self, run: Run, root: Path, tmp_path: Path, command: str
    ) -> None:
        done = run(command, root / GONE[1:], cwd=tmp_path)
        assert done.status == 2
        assert f"{root / GONE[1:]}: no page (a page is a .md file in the archive)" in done.err

    @pytest.mark.parametrize("word", [GONE, "news/2016/03/2/nope.md"])
    def test_in_the_archive_too(self, run: Run, root: Path, word: str) -> None:
        assert f"{word}: no page" in run("rm", word, cwd=root).err

    def test_a_file_of_the_root_that_is_named(self, run: Run, root: Path, tmp_path: Path) -> None:
        done = run("rm", root / GONE[1:], "--root", root, cwd=tmp_path)
        assert f"{root / GONE[1:]}: no page" in done.err

    def test_where_there_is_no_archive_at_all(self, run: Run, tmp_path: Path) -> None:
        done = run("rm", GONE, cwd=tmp_path)
        assert done.status == 2
        assert "no archive here or above" in done.err


class TestALinkToAPage:
    def test_is_checked_under_its_own_name(self, run: Run, root: Path) -> None:
        page = root / PATH[1:]
        page.write_text(page.read_text().replace("\n2. ", "\n7. ", 1))
        alias = page.with_name("alias.md")
        alias.symlink_to(page.name)
        done = run("check", alias, "-q", "--select", "NA108")
        assert done.out.startswith(f"{alias}:")
        assert str(page) not in done.out

    def test_from_outside_is_the_page_that_it_leads_to(
        self, run: Run, root: Path, tmp_path: Path
    ) -> None:
        shortcut = tmp_path / "shortcut.md"
        shortcut.symlink_to(root / PATH[1:])
        done = run("check", shortcut, "--root", root)
        assert done.status == 0
        assert "Checked 1 page: 1 event." in done.out
