"""What two states of an archive have apart."""

from pathlib import Path

import pytest

import newsarchive as na
from tests.builders import (
    DAY_PATH,
    LATER,
    OPENS,
    PATH,
    PROSE_PATH,
    REBUILT,
    SMALL_ARCHIVE,
    event,
    spoiled,
    write_archive,
)
from tests.repositories import archive_in_git, commit, needs_git

MOVED = "/news/2016/03/2/the-pier-is-gone.md"
BURNS = SMALL_ARCHIVE[PATH]
FLOATS = spoiled("# The pier burns.", "# The pier floats.", BURNS)


def states(tmp_path: Path, pages: dict[str, str | bytes | None]) -> tuple[Path, Path]:
    old = write_archive(tmp_path / "old", small=True)
    return old, write_archive(tmp_path / "new", pages, small=True)


def test_nothing(tmp_path: Path) -> None:
    assert na.diff(*states(tmp_path, {})) == na.ArchiveDifference((), (), (), ())


def test_added_and_removed(tmp_path: Path) -> None:
    new = "/news/2016/03/10/rain.md"
    found = na.diff(*states(tmp_path, {LATER: None, new: event("2016-03-10", "Rain.", sources=())}))
    assert (found.added, found.removed, found.renamed) == ((new,), (LATER,), ())


def test_changed_field_by_field(tmp_path: Path) -> None:
    found = na.diff(*states(tmp_path, {PATH: FLOATS}))
    [page] = found.changed
    assert (page.path, page.old_path, page.reason) == (PATH, PATH, None)
    assert page.fields == {"title": ("The pier burns.", "The pier floats.")}


@pytest.mark.parametrize("text", [BURNS.replace("\n", "\r\n"), "no page"])
def test_what_no_field_says(tmp_path: Path, text: str) -> None:
    pages: dict[str, str | bytes | None] = {PATH: text}
    old, new = states(tmp_path, pages)
    [page] = na.diff(old, new).changed
    assert page.fields == {"text": (BURNS, text)}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (
            event(
                title="It is gone.", sources=(), changes=[f"[The pier burns.]({PATH}) _(Update)_"]
            ),
            na.RenameReason.CHANGES,
        ),
        (event(title="The pier burns.", sources=()), na.RenameReason.SAME_EVENT),
        (event(title="It is gone."), na.RenameReason.SAME_EVENT),
        (
            event(title="Gone.", sources=(), description="Nobody was hurt."),
            na.RenameReason.SAME_EVENT,
        ),
    ],
)
def test_renamed(tmp_path: Path, text: str, reason: na.RenameReason) -> None:
    found = na.diff(*states(tmp_path, {PATH: None, MOVED: text}))
    [page] = found.renamed
    assert (page.old_path, page.path, page.reason) == (PATH, MOVED, reason)
    assert "related" in page.fields
    assert (found.added, found.removed) == ((), ())


def test_two_that_say_the_same_are_none_of_them_renamed(tmp_path: Path) -> None:
    other = MOVED.replace("gone", "lost")
    text = event(title="It is gone.")
    found = na.diff(*states(tmp_path, {PATH: None, MOVED: text, other: text}))
    assert (found.added, found.removed, found.renamed) == ((MOVED, other), (PATH,), ())


@needs_git
class TestStatesOfGit:
    def test_a_revision_and_the_folder(self, tmp_path: Path) -> None:
        root = archive_in_git(tmp_path / "archive", small=True)
        archive = na.Archive(root)
        (root / PATH[1:]).write_text(FLOATS)
        (root / OPENS[1:]).unlink()
        (root / "notes.txt").write_text("no page")
        archive.refresh()
        found = na.diff(archive.at("HEAD"), archive)
        assert (found.removed, [page.path for page in found.changed]) == ((OPENS,), [PATH])

    def test_two_revisions_with_a_rename_that_only_git_sees(self, tmp_path: Path) -> None:
        title = "The pier is rebuilt with a roof of glass and benches for two hundred people."
        text = event(
            "2016-03-4", title, sources=[f"[Post {n}](https://p.example.org/{n})" for n in range(9)]
        )
        root = archive_in_git(tmp_path / "archive", {REBUILT: text}, small=True)
        new = "/news/2016/03/4/the-pier-has-a-roof.md"
        (root / new[1:]).write_text(text.replace(title, f"{title} It rains."))
        (root / REBUILT[1:]).unlink()
        commit(root)
        archive = na.Archive(root)
        [page] = na.diff(archive.at("HEAD~1"), archive.at("HEAD")).renamed
        assert (page.old_path, page.path, page.reason) == (REBUILT, new, na.RenameReason.GIT)
        assert [*page.fields] == ["title"]

    def test_backwards_and_with_a_folder_elsewhere(self, tmp_path: Path) -> None:
        root = archive_in_git(tmp_path / "archive", small=True)
        other = write_archive(tmp_path / "other", {PROSE_PATH: "Other.\n"}, small=True)
        archive = na.Archive(root)
        assert [p.path for p in na.diff(archive.at("HEAD"), other).changed] == [PROSE_PATH]
        assert na.diff(archive, archive.at("HEAD")) == na.ArchiveDifference((), (), (), ())
        assert DAY_PATH in archive
