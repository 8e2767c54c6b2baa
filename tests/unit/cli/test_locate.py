"""From a word of the command line to an archive and a page of it."""

import json
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


@pytest.mark.parametrize("command", [["check", "--fix"], ["fmt"], ["watch"], ["baseline"]])
def test_an_empty_name_is_not_the_working_folder(run: Run, root: Path, command: list[str]) -> None:
    """As a variable that is not set gives it."""
    done = run(*command, "", cwd=root)
    assert done.status == 2
    assert "an empty name: no such file or folder" in done.err


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


class TestPagesOnly:
    """A list of changed files: deleted ones, pictures, files of no archive."""

    @pytest.fixture
    def mixed(self, root: Path, tmp_path: Path) -> list[str | Path]:
        (root / "pier.png").touch()
        (tmp_path / "README.md").touch()
        return [root / PATH[1:], root / GONE[1:], root / "pier.png", tmp_path / "README.md"]

    @pytest.mark.parametrize("command", ["check", "fmt"])
    def test_without_it_each_is_misuse(
        self, run: Run, mixed: list[str | Path], command: str
    ) -> None:
        for other in mixed[1:]:
            done = run(command, mixed[0], other)
            assert done.status == 2
            assert str(other) in done.err

    def test_what_is_no_page_is_passed_over_and_counted(
        self, run: Run, mixed: list[str | Path]
    ) -> None:
        done = run("check", "--pages-only", *mixed)
        assert done.status == 0
        assert "Checked 1 page: 1 event." in done.out
        assert done.err == "Skipped 3 paths that are no pages.\n"
        assert run("check", "--pages-only", "-q", *mixed).err == ""

    def test_one_is_one(self, run: Run, mixed: list[str | Path]) -> None:
        done = run("check", "--pages-only", *mixed[:2])
        assert done.err == "Skipped 1 path that is no page.\n"

    def test_the_findings_of_pages_fail_as_ever(self, run: Run, mixed: list[str | Path]) -> None:
        page = Path(mixed[0])
        page.write_text(page.read_text().replace("# The pier", "The pier", 1))
        done = run("check", "--pages-only", *mixed)
        assert done.status == 1
        assert "NA105" in done.out

    def test_fmt(self, run: Run, mixed: list[str | Path]) -> None:
        page = Path(mixed[0])
        page.write_text(page.read_text().replace("\n2. ", "\n7. ", 1))
        done = run("fmt", "--pages-only", *mixed)
        assert done == (
            0,
            f"reformatted {page}\n",
            "Skipped 3 paths that are no pages.\n1 page changed.\n",
        )

    @pytest.mark.parametrize("more", [[], ["--staged"], ["--at", "HEAD"], ["--fix"], ["--diff"]])
    def test_where_none_is_left_there_is_nothing_to_do(
        self, run: Run, mixed: list[str | Path], more: list[str]
    ) -> None:
        done = run("check", "--pages-only", *mixed[1:], *more)
        assert done.status == 0
        assert "Skipped 3 paths that are no pages." in done.err

    @pytest.mark.parametrize("command", ["check", "fmt"])
    def test_an_empty_list_is_not_the_working_folder(
        self, run: Run, root: Path, command: str
    ) -> None:
        page = root / PATH[1:]
        page.write_text(page.read_text().replace("# The pier", "The pier", 1))
        done = run(command, "--pages-only", cwd=root)
        assert done.status == 0
        assert "NA105" not in done.out

    def test_the_report_is_whole_in_every_format(
        self, run: Run, mixed: list[str | Path], tmp_path: Path
    ) -> None:
        file = tmp_path / "report.json"
        done = run("check", "--pages-only", mixed[1], "--output-file", f"json:{file}", "-q")
        assert done.status == 0
        assert json.loads(file.read_text())["diagnostics"] == []

    def test_a_configuration_around_the_working_folder_says_how(
        self, run: Run, mixed: list[str | Path], tmp_path: Path
    ) -> None:
        (tmp_path / "newsarchive.toml").write_text("output-format = 'json'\n")
        done = run("check", "--pages-only", mixed[1], cwd=tmp_path)
        assert json.loads(done.out)["diagnostics"] == []

    def test_a_root_that_is_none_stays_misuse(
        self, run: Run, mixed: list[str | Path], tmp_path: Path
    ) -> None:
        done = run("check", "--pages-only", *mixed, "--root", tmp_path)
        assert done.status == 2


class TestAnArchiveThatIsNamedTwice:
    @pytest.mark.parametrize("other", ["archive", "archive/", "./archive", "link", "archive/news"])
    def test_is_one_archive(self, run: Run, root: Path, tmp_path: Path, other: str) -> None:
        (tmp_path / "link").symlink_to("archive")
        once = run("check", "archive", cwd=tmp_path)
        assert run("check", "archive", other) == once
        assert run("check", f"archive{PATH}", other, "archive") == once
