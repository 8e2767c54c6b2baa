"""Repairing pages on disk."""

import os
from pathlib import Path

import pytest

import newsarchive as na
from newsarchive.editing import repair as repair_module
from newsarchive.editing.repair import repair
from newsarchive.store import local
from newsarchive.store.atomic import replace_bytes
from tests.builders import (
    LATER,
    OPENS,
    PATH,
    REBUILT,
    SMALL_ARCHIVE,
    TODAY,
    contents,
    event,
    snapshot,
    spoiled,
    write_archive,
)
from tests.memory_store import MemoryStore

DAY = "/news/2016/03/2/index.md"
MENDED = SMALL_ARCHIVE[PATH]
FAULTS: dict[str, str | bytes | None] = {
    PATH: MENDED.replace("\n2. ", "\n7. "),
    REBUILT: SMALL_ARCHIVE[REBUILT].replace("\n", "\r\n"),
    LATER: "\ufeff" + SMALL_ARCHIVE[LATER],
    OPENS: SMALL_ARCHIVE[OPENS].replace("\n\n###", "\n\n\n\n###", 1),
}


def repaired(root: Path, *, write: bool = True) -> repair_module.RepairOutcome:
    archive = na.Archive(root)
    return repair(archive, na.check(archive, today=TODAY).diagnostics, write=write)


CLEAN = {path: text.encode() for path, text in SMALL_ARCHIVE.items()}


class TestSafeFixes:
    def test_pages_are_repaired_and_the_archive_is_clean(self, tmp_path: Path) -> None:
        write_archive(tmp_path, FAULTS, small=True)
        outcome = repaired(tmp_path)
        assert contents(tmp_path) == CLEAN
        assert outcome.refused == []
        assert dict(outcome.fixed) == {"NA108": 3, "NA103": 1, "NA102": 1, "NA401": 1}
        assert [file for file, _, _ in outcome.changed] == sorted(
            str(tmp_path / path[1:]) for path in FAULTS
        )
        assert na.check(tmp_path, today=TODAY).diagnostics == ()

    def test_old_and_new_bytes_are_told(self, tmp_path: Path) -> None:
        write_archive(tmp_path, {PATH: FAULTS[PATH]}, small=True)
        [(file, old, new)] = repaired(tmp_path).changed
        assert (file, old, new) == (
            str(tmp_path / PATH[1:]),
            str(FAULTS[PATH]).encode(),
            MENDED.encode(),
        )

    def test_twice_changes_nothing_the_second_time(self, tmp_path: Path) -> None:
        write_archive(tmp_path, FAULTS, small=True)
        repaired(tmp_path)
        before = snapshot(tmp_path)
        again = repaired(tmp_path)
        assert (again.changed, again.refused, again.fixed.total()) == ([], [], 0)
        assert snapshot(tmp_path) == before

    def test_without_writing_it_says_what_would_change(self, tmp_path: Path) -> None:
        write_archive(tmp_path, FAULTS, small=True)
        before = contents(tmp_path)
        outcome = repaired(tmp_path, write=False)
        assert contents(tmp_path) == before
        assert len(outcome.changed) == len(FAULTS)
        assert all(
            new == CLEAN["/" + os.path.relpath(f, tmp_path)] for f, _, new in outcome.changed
        )

    def test_findings_without_a_safe_fix_are_passed_over(self, tmp_path: Path) -> None:
        text = spoiled(f"]({REBUILT})", f"]({PATH})", MENDED)
        write_archive(tmp_path, {PATH: text}, small=True)
        before = contents(tmp_path)
        outcome = repaired(tmp_path)
        assert outcome.changed == []
        assert contents(tmp_path) == before

    def test_a_page_that_is_no_text_is_left_alone(self, tmp_path: Path) -> None:
        write_archive(
            tmp_path, {PATH: b"\xef\xbb\xbf\xff\r\n", REBUILT: FAULTS[REBUILT]}, small=True
        )
        outcome = repaired(tmp_path)
        assert len(outcome.changed) == 1
        assert contents(tmp_path)[PATH] == b"\xef\xbb\xbf\xff\r\n"

    def test_a_link_in_the_wrong_form_is_mended(self, tmp_path: Path) -> None:
        wrong = REBUILT.replace(".md", ".html").replace("pier", "Pier")
        write_archive(tmp_path, {PATH: spoiled(REBUILT, wrong, MENDED)}, small=True)
        outcome = repaired(tmp_path)
        assert dict(outcome.fixed) == {"NA201": 1}
        assert contents(tmp_path) == CLEAN


def unsafely(root: Path, *, remove_dead: bool = False) -> repair_module.RepairOutcome:
    """Check and repair until nothing changes."""
    for _ in range(5):
        archive = na.Archive(root)
        found = na.check(archive, today=TODAY).diagnostics
        outcome = repair(archive, found, unsafe=True, remove_dead=remove_dead)
        if not outcome.changed:
            break
    return outcome


class TestUnsafeFixes:
    def test_self_links_and_duplicates_go(self, tmp_path: Path) -> None:
        related = [
            f"[The pier opens.]({OPENS})",
            f"[The pier burns.]({PATH})",
            f"[The pier opens.]({OPENS})",
        ]
        write_archive(tmp_path, {PATH: event(related=related)}, small=True)
        unsafely(tmp_path)
        assert contents(tmp_path)[PATH].decode() == event(related=related[:1])

    def test_a_section_goes_with_its_last_entry_and_nothing_else(self, tmp_path: Path) -> None:
        current = f"[The pier burns.]({PATH}) _(Current version)_"
        text = event(related=[f"[The pier burns.]({PATH})"], changes=[current])
        write_archive(tmp_path, {PATH: text}, small=True)
        unsafely(tmp_path)
        assert contents(tmp_path)[PATH].decode() == event(changes=[current])

    def test_a_title_is_taken_over(self, tmp_path: Path) -> None:
        text = spoiled("[The pier is rebuilt.]", "[The pier is made of stone.]", MENDED)
        write_archive(tmp_path, {PATH: text}, small=True)
        unsafely(tmp_path)
        assert contents(tmp_path) == CLEAN

    def test_a_dead_link_goes_only_if_that_is_asked_for(self, tmp_path: Path) -> None:
        text = spoiled("[The pier is rebuilt.]", "[Snow in June.]", MENDED)
        text = spoiled(REBUILT, "/news/2016/06/4/snow-in-june.md", text)
        write_archive(tmp_path, {PATH: text}, small=True)
        unsafely(tmp_path)
        assert contents(tmp_path)[PATH].decode() == text
        unsafely(tmp_path, remove_dead=True)
        assert "Snow" not in contents(tmp_path)[PATH].decode()
        assert na.check(tmp_path, today=TODAY).diagnostics == ()

    def test_an_event_that_no_index_lists_is_listed(self, tmp_path: Path) -> None:
        lost = "/news/2016/03/2/lost.md"
        write_archive(tmp_path, {lost: event(title="Lost.")}, small=True)
        unsafely(tmp_path)
        assert na.check(tmp_path, today=TODAY).diagnostics == ()
        index = na.Archive(tmp_path)[DAY]
        assert isinstance(index, na.DayIndex)
        assert [entry.path for entry in index.entries] == [lost, PATH]
        assert index.previous == "/news/2016/02/29/index.md"


class TestRefused:
    def test_a_page_that_changed_since_it_was_read(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        write_archive(tmp_path, FAULTS, small=True)

        def late(file: str, data: bytes, *, expected: bytes) -> None:
            if file.endswith(PATH):
                Path(file).write_bytes(b"theirs")
            replace_bytes(file, data, expected=expected)

        monkeypatch.setattr(local, "replace_bytes", late)
        outcome = repaired(tmp_path)
        assert [file for file, _ in outcome.refused] == [str(tmp_path / PATH[1:])]
        assert "changed since it was read" in outcome.refused[0][1]
        assert contents(tmp_path) == {**CLEAN, PATH: b"theirs"}
        assert outcome.fixed["NA108"] == 0

    def test_a_page_that_became_no_text(self, tmp_path: Path) -> None:
        write_archive(tmp_path, {PATH: FAULTS[PATH]}, small=True)
        archive = na.Archive(tmp_path)
        found = na.check(archive, today=TODAY).diagnostics
        (tmp_path / PATH[1:]).write_bytes(b"\xff")
        outcome = repair(archive, found)
        assert (outcome.changed, outcome.refused) == ([], [])
        assert (tmp_path / PATH[1:]).read_bytes() == b"\xff"

    def test_an_index_whose_end_takes_no_entry(self, tmp_path: Path) -> None:
        lost = "/news/2016/03/2/lost.md"
        index = SMALL_ARCHIVE[DAY].partition("\n")[0]  # a heading without a line end
        write_archive(tmp_path, {lost: event(title="Lost."), DAY: index}, small=True)
        archive = na.Archive(tmp_path)
        found = na.check(archive, today=TODAY, select=["NA208"]).diagnostics
        assert [d.page for d in found if d.fix] == [lost, PATH]
        outcome = repair(archive, found, unsafe=True)
        assert outcome.changed == []
        assert [file for file, _ in outcome.refused] == [str(tmp_path / DAY[1:])]
        assert (tmp_path / DAY[1:]).read_text() == index

    def test_a_page_that_is_gone(self, tmp_path: Path) -> None:
        archive = na.Archive(write_archive(tmp_path, FAULTS, small=True))
        found = na.check(archive, today=TODAY).diagnostics
        (tmp_path / PATH[1:]).unlink()
        outcome = repair(archive, found)
        assert [file for file, _ in outcome.refused] == [str(tmp_path / PATH[1:])]
        assert len(outcome.changed) == len(FAULTS) - 1

    def test_a_page_that_is_a_symbolic_link(self, tmp_path: Path) -> None:
        link = "/news/2016/03/2/link.md"
        write_archive(tmp_path, FAULTS, small=True)
        (tmp_path / link[1:]).symlink_to(Path(REBUILT).name)
        (tmp_path / "news/2016/03/2" / Path(REBUILT).name).write_bytes(b"\xef\xbb\xbf")
        outcome = repaired(tmp_path)
        assert [file for file, _ in outcome.refused] == [str(tmp_path / link[1:])]
        assert (tmp_path / link[1:]).is_symlink()

    def test_a_finding_of_a_page_that_never_was(self, tmp_path: Path) -> None:
        archive = na.Archive(write_archive(tmp_path, FAULTS, small=True))
        found = na.check_text("\ufeff", "/news/2016/03/2/never.md", select=["NA102"])
        outcome = repair(archive, found)
        assert outcome.changed == []
        assert len(outcome.refused) == 1
        assert not (tmp_path / "news/2016/03/2/never.md").exists()

    def test_what_an_unsafe_removal_would_take_along_stays(self, tmp_path: Path) -> None:
        text = event(related=[f"[The pier burns.]({PATH})"])
        text += "\n### Obituary:\n\n1. [A](http://a.example/)\n"
        text += f"\n### Changes:\n\n1. [The pier burns.]({PATH}) _(Current version)_\n"
        write_archive(tmp_path, {PATH: text}, small=True)
        archive = na.Archive(tmp_path)
        repair(archive, na.check(archive, today=TODAY).diagnostics, unsafe=True)
        assert "### Obituary:\n\n1. [A](http://a.example/)" in contents(tmp_path)[PATH].decode()

    def test_a_symbolic_link_that_leads_out_by_now(self, tmp_path: Path) -> None:
        root = write_archive(tmp_path / "archive", FAULTS, small=True)
        archive = na.Archive(root)
        found = na.check(archive, today=TODAY).diagnostics
        assert PATH in archive
        outside = tmp_path / "day"
        (root / "news/2016/03/2").rename(outside)
        (root / "news/2016/03/2").symlink_to(outside)
        before = (outside / Path(PATH).name).read_bytes()
        for write in (False, True):
            outcome = repair(archive, found, write=write)
            assert "lies outside the archive" in outcome.refused[0][1]
        assert (outside / Path(PATH).name).read_bytes() == before

    def test_an_index_that_changed_since_it_was_read(self, tmp_path: Path) -> None:
        lost = "/news/2016/03/2/lost.md"
        write_archive(tmp_path, {lost: event(title="Lost.")}, small=True)
        archive = na.Archive(tmp_path)
        found = na.check(archive, today=TODAY).diagnostics
        theirs = "\n" + SMALL_ARCHIVE[DAY]
        (tmp_path / DAY[1:]).write_text(theirs)
        outcome = repair(archive, found, unsafe=True)
        assert [file for file, _ in outcome.refused] == [str(tmp_path / DAY[1:])]
        assert "changed since it was read" in outcome.refused[0][1]
        assert (tmp_path / DAY[1:]).read_text() == theirs


class TestIndexes:
    def test_an_entry_is_pointed_at_the_page_that_replaced_it(self, tmp_path: Path) -> None:
        old = "/news/2016/03/2/smoke.md"
        index = spoiled(PATH, old, SMALL_ARCHIVE[DAY])
        page = spoiled(f"1. [Smoke over the pier.]({OPENS})", f"1. [Smoke.]({old})", MENDED)
        write_archive(tmp_path, {DAY: index, PATH: page}, small=True)
        unsafely(tmp_path)
        # Retargeted, and so not listed a second time.
        assert contents(tmp_path)[DAY] == CLEAN[DAY]

    def test_an_entry_whose_page_is_gone_goes_on_request(self, tmp_path: Path) -> None:
        entry = "##### Snow\n### [Snow in June.](/news/2016/03/2/snow.md)\nIt melts.\n\n"
        index = spoiled("## [Previous", f"{entry}## [Previous", SMALL_ARCHIVE[DAY])
        write_archive(tmp_path, {DAY: index}, small=True)
        unsafely(tmp_path)
        assert contents(tmp_path)[DAY].decode() == index
        unsafely(tmp_path, remove_dead=True)
        assert contents(tmp_path) == CLEAN

    def test_several_lost_events_are_listed_in_one_step(self, tmp_path: Path) -> None:
        lost = {
            f"/news/2016/03/2/lost-{n}.md": event(title=f"Lost {n}.", description="A text.")
            for n in range(3)
        }
        write_archive(tmp_path, lost, small=True)
        unsafely(tmp_path)
        assert na.check(tmp_path, today=TODAY).diagnostics == ()
        index = na.Archive(tmp_path)[DAY]
        assert isinstance(index, na.DayIndex)
        assert [entry.path for entry in index.entries] == [*lost, PATH]

    def test_a_title_in_an_index_is_taken_over(self, tmp_path: Path) -> None:
        index = spoiled("[The pier burns.]", "[The pier smokes.]", SMALL_ARCHIVE[DAY])
        write_archive(tmp_path, {DAY: index}, small=True)
        unsafely(tmp_path)
        assert contents(tmp_path) == CLEAN


class TestOtherStores:
    """What is no folder of the disk can be told how it would be repaired, but not repaired."""

    def test_what_cannot_be_written_is_refused_by_name(self) -> None:
        files = {**SMALL_ARCHIVE, **FAULTS}
        store = MemoryStore({p: t.encode() for p, t in files.items() if isinstance(t, str)})
        archive = na.Archive(store)
        found = na.check(archive, today=TODAY).diagnostics
        before = dict(store.files)
        with pytest.raises(na.RefusedWriteError, match="files in memory: cannot be written to"):
            repair(archive, found)
        outcome = repair(archive, found, write=False)
        assert {file for file, _, _ in outcome.changed} == {f"memory{path}" for path in FAULTS}
        assert outcome.refused == []
        assert store.files == before
