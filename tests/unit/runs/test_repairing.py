"""Repairs of the library, round by round: what ``newsarchive check --fix`` does."""

import shutil
from pathlib import Path

import pytest

import newsarchive as na
from newsarchive.runs import repairing
from tests.builders import (
    OPENS,
    PAGE,
    PATH,
    SMALL_ARCHIVE,
    TODAY,
    contents,
    spoiled,
    write_archive,
)
from tests.faults import Run
from tests.repositories import commit, git, needs_git

MISNUMBERED = spoiled("\n2. [Evening", "\n7. [Evening")
GONE = "/news/2016/03/2/gone.md"
FAULTY = Path("examples/faulty").resolve()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_archive(tmp_path / "archive", {PATH: MISNUMBERED}, small=True)


@pytest.fixture
def faulty(tmp_path: Path) -> Path:
    return Path(shutil.copytree(FAULTY, tmp_path / "faulty"))


class TestRepair:
    def test_what_is_safe_is_repaired_and_told(self, root: Path) -> None:
        file = root / PATH[1:]
        done = na.repair(root, today=TODAY)
        assert done.fixed == {"NA108": 1}
        assert done.changed == [(str(file), MISNUMBERED.encode(), PAGE.encode())]
        assert done.refused == []
        assert done.report == na.check(root, today=TODAY)
        assert {d.code for d in done.report.diagnostics} == {"NA209"}
        assert contents(root)[PATH].decode() == PAGE

    def test_where_nothing_is_to_be_done_nothing_is(self, root: Path) -> None:
        na.repair(root, today=TODAY)
        before = contents(root)
        done = na.repair(root, today=TODAY)
        assert (done.fixed, done.changed, done.refused) == ({}, [], [])
        assert contents(root) == before

    @pytest.mark.slow
    @pytest.mark.parametrize(
        ("unsafe", "remove_dead"), [(False, False), (True, False), (True, True)]
    )
    def test_it_does_what_the_command_does(
        self, run: Run, faulty: Path, tmp_path: Path, unsafe: bool, remove_dead: bool
    ) -> None:
        other = Path(shutil.copytree(faulty, tmp_path / "other"))
        flags = ["--unsafe-fixes"] * unsafe + ["--remove-dead"] * remove_dead
        told = run("check", other, "--fix", *flags, "--today", str(TODAY))
        done = na.repair(faulty, today=TODAY, unsafe=unsafe, remove_dead=remove_dead)
        assert contents(faulty) == contents(other)
        findings, pages = sum(done.fixed.values()), len(done.changed)
        assert f"Fixed {findings} findings in {pages} files.\n" in told.err
        assert [d.message for d in done.report.diagnostics] == [
            d.message for d in na.check(other, today=TODAY).diagnostics
        ]

    @pytest.mark.slow
    def test_each_changed_page_is_named_once_whatever_took_how_many_rounds(
        self, faulty: Path
    ) -> None:
        before = contents(faulty)
        done = na.repair(faulty, unsafe=True, remove_dead=True, today=TODAY)
        after = contents(faulty)
        assert {file.removeprefix(str(faulty)): (old, new) for file, old, new in done.changed} == {
            path: (before[path], after[path]) for path in before if before[path] != after[path]
        }
        assert len(done.changed) == len({file for file, _, _ in done.changed})

    def test_a_repair_makes_room_for_the_next(self, tmp_path: Path) -> None:
        """The index takes an event up once its own entries are right."""
        index = "/news/2016/03/2/index.md"
        text = SMALL_ARCHIVE[index]
        root = write_archive(tmp_path, {index: text.replace("\n", "\r\n", 1)}, small=True)
        page = root / PATH[1:]
        page.write_text(page.read_text().replace("The pier burns.", "The pier burnt."))
        page.rename(page.with_name("the-pier-burnt.md"))
        once = na.repair(root, unsafe=True, write=False, today=TODAY)
        done = na.repair(root, unsafe=True, today=TODAY)
        assert done.fixed.total() > once.fixed.total()
        assert na.repair(root, unsafe=True, today=TODAY).changed == []

    def test_it_ends_after_some_rounds_and_reports_what_is_left(
        self, faulty: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(repairing, "_ROUNDS", 1)
        done = na.repair(faulty, unsafe=True, remove_dead=True, today=TODAY)
        left = na.check(faulty, today=TODAY).diagnostics
        assert done.report.diagnostics == left
        assert any(d.fix for d in left)

    def test_without_writing_it_says_what_it_would_do(self, root: Path) -> None:
        before = contents(root)
        done = na.repair(root, write=False, today=TODAY)
        assert contents(root) == before
        assert [(file, new) for file, _, new in done.changed] == [
            (str(root / PATH[1:]), PAGE.encode())
        ]
        assert {d.code for d in done.report.diagnostics} == {"NA108", "NA209"}

    def test_some_rules_and_some_pages(self, root: Path) -> None:
        assert na.repair(root, select="NA2", today=TODAY).changed == []
        assert na.repair(root, ignore="NA108", today=TODAY).changed == []
        assert na.repair(root, only=OPENS, today=TODAY).changed == []
        settings = na.Settings(per_path=(na.PerPath(paths=(PATH,), ignore=("NA108",)),))
        assert na.repair(root, settings=settings, today=TODAY).changed == []
        assert na.repair(root, only=[PATH], today=TODAY).fixed == {"NA108": 1}

    def test_an_archive_reads_its_pages_anew(self, root: Path) -> None:
        archive = na.Archive(root)
        assert archive.title(PATH) == "The pier burns."
        [link] = [link for link in archive.links_in(PATH) if link.page == OPENS]
        page = root / OPENS[1:]
        page.write_text(page.read_text().replace(link.link.title, "Another title"))
        done = na.repair(archive, unsafe=True, today=TODAY)
        assert done.fixed["NA207"]
        titles = [link.link.title for link in archive.links_in(PATH) if link.page == OPENS]
        assert titles == ["The pier burns."]

    def test_what_is_refused_is_told(self, root: Path) -> None:
        (root / ".newsarchive-journal").touch()
        done = na.repair(root, today=TODAY)
        assert done.changed == []
        [(_, reason)] = done.refused
        assert "newsarchive recover" in reason

    def test_mistakes_of_callers(self, root: Path) -> None:
        with pytest.raises(na.PageNotFoundError):
            na.repair(root, only=[GONE])
        with pytest.raises(na.UnknownRuleError):
            na.repair(root, select="NA999")
        with pytest.raises(na.NotAnArchiveError):
            na.repair(root.parent)

    @needs_git
    def test_a_state_of_git_cannot_be_written_to(self, root: Path) -> None:
        from newsarchive.store.git_tree import tree_at

        git(root, "init", "-q")
        commit(root)
        kept = na.Archive(tree_at(root, "HEAD"))
        with pytest.raises(na.RefusedWriteError):
            na.repair(kept, today=TODAY)
        assert na.repair(kept, write=False, today=TODAY).fixed == {"NA108": 1}
