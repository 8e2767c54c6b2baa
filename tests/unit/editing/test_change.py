"""Changes of an archive: several operations, planned together and made as one."""

import datetime
from pathlib import Path

import pytest

import newsarchive as na
from newsarchive.store.git_tree import tree_at
from tests.builders import (
    LATER,
    OPENS,
    PATH,
    REBUILT,
    SMALL_ARCHIVE,
    TODAY,
    event,
    texts,
    write_archive,
)
from tests.repositories import commit, git, needs_git

NOW = datetime.datetime(2016, 3, 12, 8, 30)
DAY = "/news/2016/03/2"
FIRE = f"{DAY}/fire.md"


def is_clean(root: Path) -> bool:
    return [d for d in na.check(root, today=TODAY).diagnostics if d.severity != "info"] == []


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_archive(tmp_path / "archive")


class TestTogether:
    def test_what_several_do_is_what_they_do_one_after_the_other(self, tmp_path: Path) -> None:
        one, other = (write_archive(tmp_path / name) for name in ("one", "other"))
        with na.Archive(one).change() as change:
            new = change.retitle(PATH, "A fire destroys the pier.", NOW)
            change.move(new, FIRE)
            change.retitle(OPENS, "The pier is open.", NOW)
            change.remove(REBUILT, entries=True)
        archive = na.Archive(other)
        archive.retitle(PATH, "A fire destroys the pier.", NOW)
        archive.move(new, FIRE)
        archive.retitle(OPENS, "The pier is open.", NOW)
        archive.remove(REBUILT, entries=True)
        assert texts(one) == texts(other)
        assert is_clean(one)
        assert {PATH, FIRE, REBUILT} <= {*change.changed}
        assert new not in change.changed, "it was never written"

    def test_two_pages_change_places(self, tmp_path: Path) -> None:
        smoke = f"{DAY}/smoke.md"
        root = write_archive(tmp_path, {smoke: event(title="Smoke.")}, small=True)
        before = texts(root)
        with na.Archive(root).change() as change:
            change.move(PATH, FIRE)
            change.move(smoke, PATH)
            change.move(FIRE, smoke)
        after = texts(root)
        assert after[PATH] == before[smoke]
        assert after[smoke] == before[PATH].replace(f"({PATH}) _(Cur", f"({smoke}) _(Cur")

    def test_there_and_back_is_no_change(self, root: Path) -> None:
        with na.Archive(root).change() as change:
            change.move(PATH, FIRE)
            change.move(FIRE, PATH)
        assert change.changed == change.commit() == ()
        assert texts(root) == SMALL_ARCHIVE

    def test_a_change_of_nothing(self, root: Path) -> None:
        with na.Archive(root).change() as change:
            pass
        assert (change.changed, change.refused, change.diff()) == ((), (), "")


class TestRefused:
    def test_all_reasons_are_told_and_nothing_is_written(self, root: Path) -> None:
        def several(archive: na.Archive) -> None:
            with archive.change() as change:
                change.move(PATH, "/news/2016/03/4/fire.md")
                change.move(OPENS, "/news/2016/02/29/open.md")
                change.remove(f"{DAY}/none.md")

        with pytest.raises(na.RefusedChangeError, match="no such page") as caught:
            several(na.Archive(root))
        assert [path for path, _ in caught.value.reasons] == [
            "/news/2016/03/4/fire.md", f"{DAY}/none.md",
        ]  # fmt: skip
        assert caught.value.reason.startswith("a page stays in its day's folder")
        assert texts(root) == SMALL_ARCHIVE

    def test_the_errors_themselves_and_no_diff(self, root: Path) -> None:
        change = na.Archive(root).change()
        assert change.retitle(f"{DAY}/none.md", "None.") == f"{DAY}/none.md"
        change.move(PATH, PATH)
        assert [type(e) for e in change.refused] == [na.PageNotFoundError, na.RefusedMoveError]
        with pytest.raises(na.RefusedChangeError):
            change.diff()

    def test_an_operation_that_is_refused_half_way_leaves_nothing(self, root: Path) -> None:
        file = root / DAY[1:] / "index.md"
        merged = "<<<<<<< ours\nOne.\n=======\nTwo.\n>>>>>>> theirs\n"
        file.write_text(file.read_text() + merged)
        change = na.Archive(root).change()
        change.remove(PATH, entries=True)
        assert len(change.refused) == 1
        assert change.changed == ()

    def test_where_the_block_raises_nothing_is_written(self, root: Path) -> None:
        def begun(archive: na.Archive) -> None:
            with archive.change() as change:
                change.move(PATH, FIRE)
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            begun(na.Archive(root))
        assert texts(root) == SMALL_ARCHIVE

    def test_a_page_that_changed_meanwhile(self, root: Path) -> None:
        change = na.Archive(root).change()
        change.move(PATH, FIRE)
        (root / OPENS[1:]).write_text("other")
        with pytest.raises(na.RefusedWriteError, match="changed since it was read"):
            change.commit()
        assert FIRE not in texts(root)

    @needs_git
    def test_a_state_that_git_keeps(self, root: Path) -> None:
        git(root, "init", "-q")
        commit(root)
        with pytest.raises(na.RefusedWriteError, match="cannot be written to"):
            na.Archive(tree_at(root, "HEAD")).change()


class TestOnce:
    def test_the_diff_is_that_of_the_command(self, root: Path) -> None:
        change = na.Archive(root).change()
        change.move(PATH, FIRE)
        change.remove(LATER)
        lines = change.diff().splitlines()
        assert lines[0] == f"rename {PATH[1:]} -> {FIRE[1:]}"
        assert lines[1:3] == [f"--- a{FIRE}", f"+++ b{FIRE}"]
        assert lines[lines.index(f"--- a{LATER}") + 1] == "+++ /dev/null"
        assert f"--- a{OPENS}" in lines
        assert texts(root) == SMALL_ARCHIVE

    def test_committing_twice_is_committing_once(self, root: Path) -> None:
        with na.Archive(root).change() as change:
            change.move(PATH, FIRE)
            changed = change.commit()
            after = texts(root)
        assert change.commit() == changed == (OPENS, FIRE, f"{DAY}/index.md", PATH)
        assert texts(root) == after

    def test_nothing_can_be_added_to_a_change_that_was_made(self, root: Path) -> None:
        change = na.Archive(root).change()
        change.commit()
        with pytest.raises(RuntimeError, match="begin another one"):
            change.remove(PATH)

    def test_the_archive_tells_what_is_there_now(self, root: Path) -> None:
        archive = na.Archive(root)
        assert archive.links_in(PATH)
        with archive.change() as change:
            change.move(PATH, FIRE)
        assert (PATH in archive, FIRE in archive) == (False, True)
        assert {link.page for link in archive.links_in(PATH)} == {FIRE}, "an older version"
        assert {link.page for link in archive.links_in(FIRE)} == {OPENS, f"{DAY}/index.md"}
