"""Moving, retitling and removing pages."""

import datetime
import os
from collections.abc import Callable
from pathlib import Path

import pytest

import newsarchive as na
from newsarchive.editing import following, moves, retitling
from newsarchive.editing.pending import Pending
from newsarchive.findings.edits import BodyEdit, Edit, apply_edits
from newsarchive.page.reading import Match, Reading
from tests.builders import (
    LATER,
    OPENS,
    PATH,
    REBUILT,
    SMALL_ARCHIVE,
    TODAY,
    day_index,
    event,
    snapshot,
    texts,
    write_archive,
)

NOW = datetime.datetime(2016, 3, 12, 8, 30, 0, 99)
DAY = "/news/2016/03/2/index.md"
MOVED = "/news/2016/03/2/fire.md"
FIRE = "A fire destroys the pier."
FIRE_PATH = "/news/2016/03/2/a-fire-destroys-the-pier.md"
FRONT = "/index.md"


def is_clean(root: Path) -> bool:
    return [d for d in na.check(root, today=TODAY).diagnostics if d.severity != "info"] == []


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_archive(tmp_path / "archive")


class TestMove:
    def test_every_link_follows_and_nothing_else_changes(self, root: Path) -> None:
        changed = na.Archive(root).move(PATH, MOVED)
        assert changed == (OPENS, MOVED, DAY, PATH)
        expected = dict(SMALL_ARCHIVE)
        current = f"]({PATH}) _(Current"
        expected[MOVED] = expected.pop(PATH).replace(current, current.replace(PATH, MOVED))
        for page in (OPENS, DAY):
            expected[page] = expected[page].replace(PATH, MOVED)
        assert texts(root) == expected
        assert is_clean(root)

    def test_older_versions_keep_their_path(self, root: Path) -> None:
        na.Archive(root).move(PATH, MOVED)
        event = na.Archive(root)[MOVED]
        assert isinstance(event, na.Event)
        assert [change.path for change in event.changes] == [OPENS, PATH, MOVED]

    def test_both_copies_of_an_index_the_front_page_and_changes_of_others(
        self, tmp_path: Path
    ) -> None:
        changes = [f"[Old.]({LATER}) _2016-03-04 00:00:00 (First version)_"]
        pages = {
            "/news/2016/03/10/README.md": SMALL_ARCHIVE["/news/2016/03/10/index.md"],
            "/README.md": SMALL_ARCHIVE[FRONT],
            REBUILT: event("2016-03-4", "The pier is rebuilt.", changes=changes),
        }
        root = write_archive(tmp_path, pages, small=True)
        new = "/news/2016/03/10/again.md"
        changed = na.Archive(root).move(LATER, new)
        assert set(changed) == {
            LATER, new, FRONT, "/README.md", "/news/2016/03/10/index.md",
            "/news/2016/03/10/README.md", REBUILT,
        }  # fmt: skip
        assert not any(LATER in text for text in texts(root).values())
        assert is_clean(root)

    def test_the_formats_line_follows(self, tmp_path: Path) -> None:
        stem = PATH.removesuffix(".md")
        line = f"\nFormats: [HTML]({stem}.html)  [JSON]({stem}.json)  [XML]({stem}.xml)  \n\n"
        root = write_archive(tmp_path, {PATH: line + SMALL_ARCHIVE[PATH]}, small=True)
        na.Archive(root).move(PATH, MOVED)
        assert texts(root)[MOVED].startswith(line.replace(stem, "/news/2016/03/2/fire"))

    def test_line_endings_and_marks_are_kept(self, tmp_path: Path) -> None:
        pages: dict[str, str | bytes | None] = {
            PATH: "\ufeff" + SMALL_ARCHIVE[PATH].replace("\n", "\r\n"),
            OPENS: "\ufeff" + SMALL_ARCHIVE[OPENS].replace("\n", "\r\n"),
            DAY: SMALL_ARCHIVE[DAY].replace("\n\n", "\r\n\n"),
        }
        root = write_archive(tmp_path, pages, small=True)
        na.Archive(root).move(PATH, MOVED)
        found = texts(root)
        for page in (OPENS, DAY):
            assert found[page] == str(pages[page]).replace(PATH, MOVED)
        current = f"]({PATH}) _(Current"
        assert found[MOVED] == str(pages[PATH]).replace(current, current.replace(PATH, MOVED))

    def test_a_fragment_stays(self, tmp_path: Path) -> None:
        pages = {REBUILT: event("2016-03-4", related=[f"[A]({PATH}#fire)", f"[B]({PATH})"])}
        root = write_archive(tmp_path, pages, small=True)
        na.Archive(root).move(PATH, MOVED)
        assert f"]({MOVED}#fire)\n2. [B]({MOVED})\n" in texts(root)[REBUILT]

    def test_link_texts_and_the_way_back(self, root: Path) -> None:
        archive = na.Archive(root)
        archive.move(PATH, MOVED)
        assert MOVED in archive
        archive.move(MOVED, PATH)
        assert texts(root) == SMALL_ARCHIVE

    @pytest.mark.parametrize(
        ("new", "reason"),
        [
            ("/news/2016/03/4/fire.md", "stays in its day's folder"),
            ("/news/2016/03/02/fire.md", "stays in its day's folder"),
            ("/news/2016/03/2/index.md", "an event page's path"),
            ("/news/2016/03/2/fire.html", "an event page's path"),
            ("/news/2016/03/2/.fire.md", "an event page's path"),
            ("/fire.md", "an event page's path"),
            ("fire.md", "relative"),
            ("https://example.org/fire.md", "leads out"),
            ("/news/2016/03/2/../../../../../fire.md", "climbs out"),
            ("/news/2016/03/2/a fire.md", "' '"),
            ("/news/2016/03/2/a(fire).md", "'('"),
            ("/news/2016/03/2/a#fire.md", "'#'"),
            ("/news/2016/03/2/a%20fire.md", "'%'"),
            ("/news/2016/03/2/a\nfire.md", "'\\\\n'"),
            ("/news/2016/03/2/a\udc80.md", "not UTF-8"),
            (f"/news/2016/03/2/{'x' * 253}.md", "256 bytes"),
            (PATH, "already"),
        ],
    )
    def test_refused(self, root: Path, new: str, reason: str) -> None:
        with pytest.raises(na.RefusedMoveError, match=reason.replace("(", r"\(")):
            na.Archive(root).move(PATH, new)
        assert texts(root) == SMALL_ARCHIVE

    def test_a_file_that_is_no_page_is_in_the_way(self, root: Path) -> None:
        (root / MOVED[1:]).symlink_to("nowhere")
        with pytest.raises(na.RefusedWriteError, match="exists already"):
            na.Archive(root).move(PATH, MOVED)

    def test_only_event_pages_that_exist_are_moved(self, root: Path) -> None:
        with pytest.raises(na.RefusedMoveError, match="only event pages"):
            na.Archive(root).move(DAY, MOVED)
        with pytest.raises(na.PageNotFoundError):
            na.Archive(root).move(MOVED, FIRE_PATH)

    def test_a_page_that_is_no_text_is_refused(self, tmp_path: Path) -> None:
        root = write_archive(tmp_path, {PATH: b"\xff"}, small=True)
        with pytest.raises(na.RefusedMoveError, match="not UTF-8"):
            na.Archive(root).move(PATH, MOVED)

    def test_planning_writes_nothing(self, root: Path) -> None:
        change = na.Archive(root).change()
        change.move(PATH, MOVED)
        change.retitle(LATER, FIRE, NOW)
        change.remove(REBUILT, entries=True)
        assert change.changed
        assert texts(root) == SMALL_ARCHIVE


class TestLoss:
    """Edits that take more along than they should are refused, and nothing is written."""

    def test_in_a_link_that_follows(self, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(following, "_is_sure", lambda *_: False)
        monkeypatch.setattr(Pending, "edit", lambda *_: None)
        with pytest.raises(na.RefusedMoveError, match="links cannot be changed without loss"):
            na.Archive(root).move(PATH, MOVED)
        assert texts(root) == SMALL_ARCHIVE

    def test_in_an_entry_that_goes(self, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def too_much(reading: Reading, section: str, match: Match) -> list[BodyEdit]:
            return [BodyEdit(match.start() - 30, match.end(), "")]

        monkeypatch.setattr(moves, "entry_removal", too_much)
        with pytest.raises(na.RefusedMoveError, match="entry cannot be taken out without loss"):
            na.Archive(root).remove(REBUILT, entries=True)
        assert texts(root) == SMALL_ARCHIVE


class TestConflicts:
    """A page that a merge left unsettled is edited by nobody: who knows what it is to say?"""

    MERGED = "<<<<<<< ours\nOne.\n=======\nTwo.\n>>>>>>> theirs\n"

    @pytest.mark.parametrize("page", [PATH, OPENS, DAY])
    @pytest.mark.parametrize(
        "change",
        [
            lambda archive: archive.move(PATH, MOVED),
            lambda archive: archive.retitle(PATH, FIRE, NOW),
            lambda archive: archive.retitle(PATH, "The pier burns!", NOW),
        ],
    )
    def test_no_link_of_it_follows(
        self, root: Path, page: str, change: Callable[[na.Archive], object]
    ) -> None:
        file = root / page[1:]
        file.write_text(file.read_text().replace("\n\n", f"\n\n{self.MERGED}\n", 1))
        before = texts(root)
        with pytest.raises(na.RefusedMoveError, match=f"{page}: .*conflict markers"):
            change(na.Archive(root))
        assert texts(root) == before

    def test_no_entry_of_it_is_taken_out(self, root: Path) -> None:
        file = root / DAY[1:]
        file.write_text(f"{file.read_text()}{self.MERGED}")
        before = texts(root)
        with pytest.raises(na.RefusedMoveError, match=f"{DAY}: .*conflict markers"):
            na.Archive(root).remove(PATH, entries=True)
        assert texts(root) == before
        assert na.Archive(root).remove(PATH) == (PATH,), "no other page is edited"

    def test_those_of_other_pages_are_in_nobodys_way(self, root: Path) -> None:
        file = root / LATER[1:]
        file.write_text(file.read_text().replace("\n\n", f"\n\n{self.MERGED}\n", 1))
        assert LATER not in na.Archive(root).move(PATH, MOVED)


class TestRetitle:
    def test_title_path_versions_links_and_their_texts(self, root: Path) -> None:
        changed = na.Archive(root).retitle(PATH, f" {FIRE} ", NOW)
        assert changed == (OPENS, FIRE_PATH, DAY, PATH)
        found = texts(root)
        assert PATH not in found
        expected = SMALL_ARCHIVE[PATH].replace("# The pier burns.", f"# {FIRE}")
        expected = expected.replace(
            f"2. [The pier burns.]({PATH}) _(Current version)_",
            f"3. [The pier burns.]({PATH}) _2016-03-12 08:30:00 (Update)_\n"
            f"3. [{FIRE}]({FIRE_PATH}) _(Current version)_",
        )
        assert found[FIRE_PATH] == expected
        for page in (OPENS, DAY):
            text = SMALL_ARCHIVE[page].replace("The pier burns.", FIRE).replace(PATH, FIRE_PATH)
            assert found[page] == text
        assert is_clean(root)

    def test_the_first_entry_under_changes(self, root: Path) -> None:
        na.Archive(root).retitle(REBUILT, "The pier is new.", NOW)
        new = "/news/2016/03/4/the-pier-is-new.md"
        assert texts(root)[new] == event(
            "2016-03-4",
            "The pier is new.",
            changes=[
                f"[The pier is rebuilt.]({REBUILT}) _2016-03-12 08:30:00 (First version)_",
                f"[The pier is new.]({new}) _(Current version)_",
            ],
        ).replace("\n2. ", "\n1. ")
        assert is_clean(root)

    def test_changes_stand_first_in_the_second_generation(self, tmp_path: Path) -> None:
        stem = REBUILT.removesuffix(".md")
        line = f"\nFormats: [HTML]({stem}.html)  [JSON]({stem}.json)  [XML]({stem}.xml)  \n\n"
        text = event("2016-03-4", "The pier is rebuilt.", related=[f"[The pier opens.]({OPENS})"])
        root = write_archive(tmp_path, {REBUILT: line + text}, small=True)
        na.Archive(root).retitle(REBUILT, "The pier is new.", NOW)
        found = texts(root)["/news/2016/03/4/the-pier-is-new.md"]
        assert found.index("### Changes:") < found.index("### Related:")
        assert "[XML](/news/2016/03/4/the-pier-is-new.xml)" in found
        assert is_clean(root)

    def test_a_title_that_leaves_the_path_as_it_is(self, root: Path) -> None:
        changed = na.Archive(root).retitle(PATH, "The pier burns!", NOW)
        assert changed == (OPENS, DAY, PATH)
        found = texts(root)
        assert found[DAY] == SMALL_ARCHIVE[DAY].replace("The pier burns.", "The pier burns!")
        assert f"2. [The pier burns!]({PATH}) _(Current" not in found[PATH]
        assert f"3. [The pier burns!]({PATH}) _(Current" in found[PATH]
        assert is_clean(root)

    def test_a_page_whose_link_says_something_else_stays(self, root: Path) -> None:
        text = SMALL_ARCHIVE[OPENS].replace("[The pier burns.]", "[A fire]")
        write_archive(root, {OPENS: text})
        changed = na.Archive(root).retitle(PATH, "The pier burns!", NOW)
        assert changed == (DAY, PATH)
        assert texts(root)[OPENS] == text

    def test_the_blanks_before_a_title_count_in_its_slug(self, tmp_path: Path) -> None:
        text = event().replace("\n# ", "\n#   ")
        archive = na.Archive(write_archive(tmp_path, {PATH: text}))
        new = PATH.rpartition("/")[0] + f"/{'a' * 138}.md"
        assert new in archive.retitle(PATH, "a" * 200)
        assert f"\n#   {'a' * 200}" in archive.read_bytes(new).decode()

    def test_blanks_round_a_quoted_title_stay_and_other_texts_too(self, tmp_path: Path) -> None:
        related = [f"[  The pier burns.  ]({PATH}#a)", f"[Fire!]({PATH})"]
        pages = {REBUILT: event("2016-03-4", "The pier is rebuilt.", related=related)}
        root = write_archive(tmp_path, pages, small=True)
        na.Archive(root).retitle(PATH, FIRE, NOW)
        found = texts(root)[REBUILT]
        assert f"1. [  {FIRE}  ]({FIRE_PATH}#a)\n2. [Fire!]({FIRE_PATH})\n" in found

    def test_line_endings_and_marks_are_kept(self, tmp_path: Path) -> None:
        text = "\ufeff" + SMALL_ARCHIVE[PATH].replace("\n", "\r\n")
        root = write_archive(tmp_path, {PATH: text}, small=True)
        na.Archive(root).retitle(PATH, FIRE, NOW)
        found = texts(root)[FIRE_PATH]
        assert found.startswith("\ufeff###")
        assert found.count("\r\n") == found.count("\n") == text.count("\n") + 1

    def test_an_old_title_that_no_link_could_quote_as_it_is(self, tmp_path: Path) -> None:
        pages = {
            PATH: event(title="Pier [burns](now)."),
            REBUILT: event("2016-03-4", related=[f"[Pier [burns] (now).]({PATH})"]),
        }
        root = write_archive(tmp_path, pages, small=True)
        na.Archive(root).retitle(PATH, FIRE, NOW)
        found = texts(root)
        assert f"1. [Pier [burns] (now).]({PATH}) _2016" in found[FIRE_PATH]
        assert f"1. [{FIRE}]({FIRE_PATH})\n" in found[REBUILT]

    def test_a_page_that_no_link_can_name_is_moved_first(self, root: Path) -> None:
        odd = PATH.replace(".md", " (2).md")
        (root / PATH[1:]).rename(root / odd[1:])
        with pytest.raises(na.RefusedMoveError, match="no link can name this path"):
            na.Archive(root).retitle(odd, FIRE, NOW)
        na.Archive(root).move(odd, PATH)
        na.Archive(root).retitle(PATH, FIRE, NOW)
        former = [link.target for link in na.Archive(root).reading(FIRE_PATH).links()]
        assert PATH in former
        assert odd not in former

    def test_a_page_that_would_say_something_else_is_refused(
        self, root: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def lossy(text: str, edits: list[Edit]) -> str:
            return apply_edits(text, edits).replace("Nobody was hurt.", "")

        monkeypatch.setattr(retitling, "apply_edits", lossy)
        before = texts(root)
        with pytest.raises(na.RefusedMoveError, match="would not read back"):
            na.Archive(root).retitle(PATH, FIRE, NOW)
        assert texts(root) == before

    @pytest.mark.parametrize(
        ("title", "reason"),
        [
            ("The pier burns.", "its title already"),
            ("Two\nlines", "one line"),
            ("Pier [burns](now).", "no link can quote"),
            ("!?", "no path"),
            ("", "no path"),
            ("Index", "an event page's path"),
            ("Smoke", "already"),
            ("Half a character \udc80", "no page can have the title"),
            ("Red \x1b[31mletters", r"control character \(U\+001B\)"),
            ("A\ttab", r"control character \(U\+0009\)"),
            ("A bell \x07 rings", "control character"),
            ("The next\x85line", "control character"),
            ("Two\u2028lines", "control character"),
            ("Two\u2029paragraphs", "control character"),
            ("Deleted \x7f", "control character"),
            ("From \u202eright to left", r"turns text round \(U\+202E\)"),
            ("An embedding \u202a", "turns text round"),
            ("An isolate \u2067", "turns text round"),
        ],
    )
    def test_refused(self, tmp_path: Path, title: str, reason: str) -> None:
        smoke = {"/news/2016/03/2/smoke.md": event(title="Smoke")}
        root = write_archive(tmp_path, smoke, small=True)
        before = texts(root)
        with pytest.raises(na.RefusedMoveError, match=reason):
            na.Archive(root).retitle(PATH, title, NOW)
        assert texts(root) == before

    @pytest.mark.parametrize(
        "title",
        [
            "La pêche\u00a0: fin",
            "می\u200cخواهم a",
            "A family 👨\u200d👩\u200d👧",
            "It [all] burns",
            "The pier [burns",
            "The pier burns] now",
            "A\u3000b",
        ],
    )
    def test_characters_that_scripts_need_are_taken(self, root: Path, title: str) -> None:
        na.Archive(root).retitle(PATH, title, NOW)
        assert is_clean(root)

    @pytest.mark.parametrize(
        "text",
        [
            SMALL_ARCHIVE[PATH].replace("\n2. ", "\n7. "),
            SMALL_ARCHIVE[PATH].replace("\n", "\r\n", 3),
            SMALL_ARCHIVE[PATH] + "\nMore.\n",
        ],
    )
    def test_a_page_in_another_layout_is_for_fmt_first(self, tmp_path: Path, text: str) -> None:
        root = write_archive(tmp_path, {PATH: text}, small=True)
        with pytest.raises(na.RefusedMoveError, match="newsarchive fmt"):
            na.Archive(root).retitle(PATH, FIRE, NOW)
        assert texts(root)[PATH] == text

    def test_a_page_without_a_model(self, tmp_path: Path) -> None:
        root = write_archive(tmp_path, {PATH: "# No date\n"}, small=True)
        with pytest.raises(na.RefusedMoveError, match="no event can be read"):
            na.Archive(root).retitle(PATH, FIRE, NOW)


class TestRemove:
    def test_the_page_goes_and_nothing_else_changes(self, root: Path) -> None:
        assert na.Archive(root).remove(PATH) == (PATH,)
        assert texts(root) == {p: t for p, t in SMALL_ARCHIVE.items() if p != PATH}

    def test_with_its_entries(self, root: Path) -> None:
        assert na.Archive(root).remove(PATH, entries=True) == (OPENS, DAY, PATH)
        expected = {p: t for p, t in SMALL_ARCHIVE.items() if p != PATH}
        expected[OPENS] = event("2016-02-29", "The pier opens.")
        expected[DAY] = day_index("2016-03-2", [], "/news/2016/02/29/index.md")
        assert texts(root) == expected
        assert is_clean(root)

    def test_several_entries_on_a_page(self, tmp_path: Path) -> None:
        related = [f"[A]({PATH})", f"[The pier opens.]({OPENS})", f"[B]({PATH}#x)"]
        title = "The pier is rebuilt."
        root = write_archive(
            tmp_path, {REBUILT: event("2016-03-4", title, related=related)}, small=True
        )
        na.Archive(root).remove(PATH, entries=True)
        assert texts(root)[REBUILT] == event("2016-03-4", title, related=related[1:2])

    def test_entries_under_changes_stay(self, tmp_path: Path) -> None:
        changes = [f"[Old.]({PATH}) _2016-03-04 00:00:00 (First version)_"]
        text = event("2016-03-4", "The pier is rebuilt.", changes=changes)
        root = write_archive(tmp_path, {REBUILT: text}, small=True)
        na.Archive(root).remove(PATH, entries=True)
        assert texts(root)[REBUILT] == text

    def test_a_page_that_is_not_there(self, root: Path) -> None:
        with pytest.raises(na.PageNotFoundError):
            na.Archive(root).remove(MOVED)


@pytest.mark.skipif(os.name != "posix", reason="symbolic links need rights elsewhere")
class TestSymbolicLinks:
    ALIAS = "/news/2016/03/2/old-address.md"

    @pytest.fixture
    def alias(self, root: Path) -> Path:
        link = root / self.ALIAS[1:]
        link.symlink_to(PATH.rpartition("/")[2])
        return link

    def refused(self, root: Path, change: Callable[[na.Archive], object], *named: str) -> None:
        before = snapshot(root)
        with pytest.raises(na.RefusedMoveError, match="would lead nowhere") as caught:
            change(na.Archive(root))
        assert caught.value.path == PATH
        assert all(name in caught.value.reason for name in named)
        assert snapshot(root) == before

    def test_a_page_that_one_leads_to_keeps_its_path(self, root: Path, alias: Path) -> None:
        self.refused(root, lambda archive: archive.move(PATH, MOVED), self.ALIAS)
        self.refused(root, lambda archive: archive.retitle(PATH, FIRE), self.ALIAS)
        self.refused(root, lambda archive: archive.remove(PATH), self.ALIAS)
        self.refused(root, lambda archive: archive.remove(PATH, entries=True), self.ALIAS)

    def test_however_it_is_written(self, root: Path, tmp_path: Path) -> None:
        for link, target in (
            ("latest", PATH[1:]),
            ("news/2016/latest.md", "03/2/../2/" + PATH.rpartition("/")[2]),
            ("news/2016/03/4/a.md", str(root / PATH[1:])),
            ("news/2016/03/4/b.md", "a.md"),
        ):
            (root / link).symlink_to(target)
        self.refused(root, lambda archive: archive.move(PATH, MOVED), "/latest", "and 3 more")
        (tmp_path / "elsewhere").symlink_to(root)
        elsewhere = tmp_path / "elsewhere"
        self.refused(elsewhere, lambda archive: archive.move(PATH, MOVED), "and 3 more")

    def test_a_title_alone_does_not_matter_to_it(self, root: Path, alias: Path) -> None:
        na.Archive(root).retitle(PATH, "THE PIER BURNS!", NOW)
        assert alias.read_text("utf-8") == (root / PATH[1:]).read_text("utf-8")

    def test_a_linking_page_is_changed_under_its_own_name(self, root: Path) -> None:
        link = root / "news/2016/03/2/linking.md"
        link.symlink_to(root / OPENS[1:])
        assert OPENS in na.Archive(root).move(PATH, MOVED)
        assert link.is_symlink()
        assert f"]({MOVED})" in link.read_text("utf-8")

    def test_links_to_other_pages_do_not_matter(self, root: Path) -> None:
        (root / "news/2016/03/2/other.md").symlink_to(root / REBUILT[1:])
        (root / "news/2016/03/2/gone.md").symlink_to("nowhere.md")
        (root / "news/2016/03/2/itself.md").symlink_to("itself.md")
        (root / "folder").symlink_to("news/2016")
        assert MOVED in na.Archive(root).move(PATH, MOVED)

    def test_the_link_itself_is_not_moved(self, root: Path, alias: Path) -> None:
        with pytest.raises(na.RefusedWriteError, match="no regular file"):
            na.Archive(root).move(self.ALIAS, MOVED)
        with pytest.raises(na.RefusedWriteError, match="no regular file"):
            na.Archive(root).remove(self.ALIAS)

    def test_another_hard_link_keeps_the_old_page(self, root: Path) -> None:
        (root / "news/2016/03/2/second.md").hardlink_to(root / PATH[1:])
        na.Archive(root).move(PATH, MOVED)
        second = (root / "news/2016/03/2/second.md").read_text("utf-8")
        assert second == SMALL_ARCHIVE[PATH].replace(PATH, MOVED)  # as on any page with links to it
        na.Archive(root).remove(MOVED)
        assert (root / "news/2016/03/2/second.md").read_text("utf-8") == second
