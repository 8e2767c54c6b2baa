"""NA111: what a merge leaves on a page."""

import subprocess
from pathlib import Path

import pytest

import newsarchive as na
from newsarchive.cli import main
from newsarchive.editing.repair import repair
from tests.builders import (
    OPENS,
    PAGE,
    PATH,
    SMALL_ARCHIVE,
    TODAY,
    found_on,
    shown,
    spoiled,
    texts,
    write_archive,
)
from tests.repositories import commit, git, needs_git

DAY = "/news/2016/03/2/index.md"
EDITORIAL = "/opinion/2016/03/9/on-piers/README.md"
CONFLICT = "<<<<<<< HEAD\n{}\n=======\n{}\n>>>>>>> desk\n"


def markers(text: str, path: str = PATH) -> list[str]:
    return [shown(found, text) for found in found_on(text, "NA111", path)]


ALL = ["<<<<<<< HEAD", "=======", ">>>>>>> desk"]


@pytest.mark.parametrize(
    ("path", "old"),
    [
        (PATH, "### [2016-03-2](/news/2016/03/2/index.md)\n"),
        (PATH, "# The pier burns.\n"),
        (PATH, "Nobody was hurt.\n"),
        (PATH, "1. [Harbour Post](https://post.example.org/pier)\n"),
        (PATH, "2. [The pier is rebuilt.](/news/2016/03/4/the-pier-is-rebuilt.md)\n"),
        (PATH, "2. [The pier burns.](/news/2016/03/2/the-pier-burns.md) _(Current version)_\n"),
        (DAY, "### [The pier burns.](/news/2016/03/2/the-pier-burns.md)\n"),
        ("/index.md", "They burn.\n"),
        ("/opinion/index.md", "They burn.\n"),
        (EDITORIAL, "They burn.\n"),
        ("/faq/README.md", "None so far.\n"),
    ],
)
def test_wherever_they_stand(path: str, old: str) -> None:
    text = spoiled(old, CONFLICT.format(old, old), {**SMALL_ARCHIVE, PATH: PAGE}[path])
    assert markers(text, path) == ALL
    assert markers(text.replace("\n", "\r\n"), path) == ALL


@pytest.mark.parametrize(
    "line",
    ["<<<<<<< HEAD", "<<<<<<<", ">>>>>>> a/b", ">>>>>>>", "=======", "|||||||", "||||||| 1a2b3c4",
     "<<<<<<<<< Temporary merge branch 1", "=========", ">>>>>>>\tx"],
)  # fmt: skip
def test_one_that_was_forgotten(line: str) -> None:
    # One line in place of the description is a page that is laid out as it should be.
    assert markers(spoiled("Nobody was hurt.", line)) == [line]
    assert markers(spoiled("They burn.", line, SMALL_ARCHIVE["/index.md"]), "/index.md") == [line]


@pytest.mark.parametrize(
    "line",
    ["<<<<<< HEAD", "<<<<<<<HEAD", " <<<<<<< HEAD", "a <<<<<<< b", "======", "=== = ===",
     "a =======", "=======>", "<a>", "||||||"],
)  # fmt: skip
def test_what_is_none(line: str) -> None:
    assert markers(spoiled("Nobody was hurt.", line)) == []


@pytest.mark.parametrize("path", ["/faq/README.md", EDITORIAL])
def test_underlined_headings_and_tables_of_prose_are_none(path: str) -> None:
    prose = "# T\n#### by A\n\nPiers\n=======\n\n||||||| a |\n"
    assert markers(prose, path) == []
    assert markers(f"{prose}\n>>>>>>> desk\n", path) == ["=======", "||||||| a |", ">>>>>>> desk"]


def test_a_long_line_is_cut_in_the_message() -> None:
    [found] = found_on(spoiled("Nobody was hurt.", "<<<<<<< " + "a" * 500), "NA111")
    assert len(found.message) < 100


def test_a_page_that_is_not_utf_8_is_said_to_be_that_alone() -> None:
    assert found_on(b"<<<<<<< \xff\n", "NA111") == []


SPOILT = "\ufeff" + spoiled("Nobody was hurt.\n", CONFLICT.format("One.", "Two."))


class TestNothingMendsIt:
    def test_no_finding_of_the_page_has_a_fix(self) -> None:
        found = na.check_text(SPOILT, PATH, today=TODAY)
        assert {"NA102", "NA111"} <= {d.code for d in found}
        assert [d for d in found if d.fix] == []
        assert [d.code for d in na.check_text("\ufeff" + PAGE, PATH) if d.fix] == ["NA102"]

    def test_fixes_leave_the_text(self) -> None:
        fixed = na.fix_text(SPOILT, PATH, unsafe=True)
        assert (fixed.text, fixed.applied, fixed.refused) == (SPOILT, (), ())

    def test_repairs_and_the_command_leave_the_file(self, tmp_path: Path) -> None:
        # The related page is gone under this name, and another letter case proves the other.
        page = SPOILT.replace(f"({OPENS})", f"({OPENS.replace('pier-opens', 'Pier-opens')})")
        root = write_archive(tmp_path, {PATH: page}, small=True)
        before = texts(root)
        found = na.check(root, today=TODAY).diagnostics
        assert "NA201" in {d.code for d in found}
        repair(na.Archive(root), found, unsafe=True, remove_dead=True)
        for words in (["fmt"], ["check", "--fix", "--unsafe-fixes", "--no-cache", "-q"]):
            with pytest.raises(SystemExit) as ended:
                main([*words, str(root)])
            assert ended.value.code == (0 if words == ["fmt"] else 1)
        assert texts(root) == before

    def test_no_event_is_listed_in_an_index_of_two_versions(self, tmp_path: Path) -> None:
        entry = "### [The pier burns.](/news/2016/03/2/the-pier-burns.md)\n"
        index = spoiled(entry, CONFLICT.format("", ""), SMALL_ARCHIVE[DAY])
        root = write_archive(tmp_path, {DAY: index}, small=True)
        [found] = na.check(root, select=["NA208"], today=TODAY).diagnostics
        assert found.fix is None


@pytest.mark.slow
@needs_git
@pytest.mark.parametrize("style", ["merge", "diff3", "zdiff3"])
def test_what_git_writes(tmp_path: Path, style: str) -> None:
    root = write_archive(tmp_path, {PATH: PAGE}, small=True)
    file = root / PATH[1:]
    git(root, "init", "-q", "-b", "main")
    commit(root)
    for branch, text in (("other", "One was hurt."), ("main", "Two were hurt.")):
        git(root, "checkout", "-q", *(["-b"] if branch == "other" else []), branch)
        file.write_text(spoiled("Nobody was hurt.", text), "utf-8")
        commit(root)
    subprocess.run(
        ["git", "-c", f"merge.conflictStyle={style}", "merge", "-q", "other"],
        cwd=root, capture_output=True, check=False,
    )  # fmt: skip
    found = na.check(root, select=["NA111"], today=TODAY).diagnostics
    assert {d.page for d in found} == {PATH}
    assert len(found) == (3 if style == "merge" else 4)
