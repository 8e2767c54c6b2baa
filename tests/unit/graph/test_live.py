"""An archive that is kept up to date, against one that is read anew."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import newsarchive as na
from newsarchive.errors import PageNotFoundError
from newsarchive.graph.live import Live
from newsarchive.graph.page_summary import PageOnDisk, PageSummary
from newsarchive.lsp.loading import load
from newsarchive.page.editions import EN, ZH
from newsarchive.page.parser import read
from newsarchive.store.listing import Scan
from newsarchive.store.local import LocalFolder
from newsarchive.store.overlay import Overlay
from newsarchive.store.renames import Rename
from tests.builders import (
    LATER,
    OPENS,
    PAGE,
    PATH,
    REBUILT,
    SMALL_ARCHIVE,
    day_index,
    event,
    write_archive,
)

DAY = "/news/2016/03/2/index.md"
NEW = "/news/2016/03/5/new.md"


def live(root: Path) -> Live:
    return Live(Overlay(LocalFolder(root)))


def loaded(root: Path) -> Live:
    archive = live(root)
    reload(archive)
    return archive


def reload(archive: Live) -> int:
    """Take up what is new; returns how many pages were read."""
    count = 0
    for step in load(archive.store.base, archive.begin_listing(), lambda: True):
        if isinstance(step, Scan):
            archive.take_listing(step)
        else:
            archive.take(step)
            count += len(step)
    return count


def knowledge(archive: na.Archive | Live) -> dict[str, Any]:
    """What an archive answers, as values."""
    pages = sorted(archive)
    paths = sorted({*pages, *SMALL_ARCHIVE, "/news/2016/03/2/none.md"})
    return {
        "pages": pages,
        "titles": {path: archive.title(path) for path in paths},
        "exists": {path: archive.exists(path) for path in paths},
        "inbound": {
            path: sorted((page, link.kind, link.text) for page, link in archive.links_in(path))
            for path in paths
        },
        "listed": {path: archive.is_listed(path) for path in paths},
        "before": {path: archive.previous_day(path) for path in paths},
        "folders": {path: sorted(archive.folder(path.rpartition("/")[0])) for path in paths},
        "successors": {old: tuple(new) for old, new in archive.successors.items()},
    }


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_archive(tmp_path / "archive", small=True)


class TestReading:
    def test_it_knows_what_an_archive_knows(self, root: Path) -> None:
        assert knowledge(loaded(root)) == knowledge(na.Archive(root))

    def test_pages_are_read_on_demand_before(self, root: Path) -> None:
        archive = live(root)
        listing = next(load(LocalFolder(root), {}, lambda: True))
        assert isinstance(listing, Scan)
        archive.take_listing(listing)
        assert archive.title(OPENS) == "The pier opens."
        assert archive.is_listed(PATH)
        assert dict(archive.titles()) == {OPENS: "The pier opens."}

    def test_only_what_changed_is_read_again(self, root: Path) -> None:
        archive = loaded(root)
        assert reload(archive) == 0
        (root / OPENS[1:]).write_text(event("2016-02-29", "The pier is open at last."))
        (root / LATER[1:]).unlink()
        assert reload(archive) == 1
        assert knowledge(archive) == knowledge(na.Archive(root))

    def test_an_archive_without_pages_is_one(self, tmp_path: Path) -> None:
        archive = loaded(write_archive(tmp_path, {}))
        assert archive
        assert len(archive) == 0

    def test_reading_can_be_stopped(self, tmp_path: Path) -> None:
        pages = {f"/news/2016/03/2/{n}.md": event(title=f"T {n}") for n in range(250)}
        stop = threading.Event()
        steps = load(LocalFolder(write_archive(tmp_path, pages)), {}, lambda: not stop.is_set())
        assert isinstance(next(steps), Scan)
        assert len(next(steps)) == 100  # type: ignore[arg-type]
        stop.set()
        assert list(steps) == []

    def test_what_cannot_be_read_is_a_page_without_content(self, root: Path) -> None:
        archive = loaded(root)
        archive.take([PageOnDisk(OPENS, (0, 0, 0, 0), None)])
        assert archive.entry(OPENS) == PageSummary()
        assert archive.title(OPENS) is None
        (root / LATER[1:]).unlink()
        archive.states.clear()
        archive._entries.clear()
        assert archive.title(LATER) is None
        assert archive.listed_by(LATER) == frozenset()

    def test_a_file_that_vanishes_between_listing_and_reading_is_a_page_without_content(
        self, root: Path
    ) -> None:
        archive = live(root)
        steps = load(LocalFolder(root), archive.begin_listing(), lambda: True)
        listing = next(steps)
        assert isinstance(listing, Scan)
        archive.take_listing(listing)
        (root / OPENS[1:]).unlink()
        [pages] = steps
        assert isinstance(pages, list)
        assert [page.path for page in pages if page.entry is None] == [OPENS]
        archive.take(pages)
        assert archive.title(OPENS) is None
        assert archive.title(PATH) == "The pier burns."

    def test_a_file_that_is_no_page_exists_all_the_same(self, root: Path) -> None:
        (root / "news/plan.pdf").write_bytes(b"%PDF")
        archive = loaded(root)
        assert archive.exists("/news/plan.pdf")
        assert "/news/plan.pdf" not in list(archive)
        (root / "news/plan.pdf").unlink()
        assert archive.look_at(["/news/plan.pdf"])
        assert not archive.exists("/news/plan.pdf")
        (root / "news/plan.pdf").write_bytes(b"%PDF")
        assert archive.look_at(["/news/plan.pdf"])
        assert not archive.look_at(["/news/plan.pdf"])
        assert archive.exists("/news/plan.pdf")
        assert knowledge(archive) == knowledge(na.Archive(root))

    def test_a_file_that_vanished_has_no_links(self, root: Path) -> None:
        archive = loaded(root)
        (root / OPENS[1:]).unlink()
        assert {page for page, _ in archive.links_in(PATH)} == {DAY}
        with pytest.raises(FileNotFoundError):
            archive.reading(OPENS)
        with pytest.raises(PageNotFoundError):
            archive.reading("/news/none.md")

    def test_files_are_listed_at_any_depth(self, root: Path) -> None:
        (root / "news/2016/03/4/plan.pdf").write_bytes(b"%PDF")
        archive = loaded(root)
        day = "/news/2016/03/4"
        assert archive.files_below(day) == [f"{day}/index.md", f"{day}/plan.pdf", REBUILT]
        assert f"{day}/plan.pdf" in archive.files_below("/news")
        assert archive.files_below("/news/2016/03/40") == []

    def test_terms_are_counted_by_page(self, root: Path) -> None:
        related = [
            f"[The pier burns.]({PATH}) _Context: pier, x_",
            f"[A.]({OPENS}) _Context: pier_",
        ]
        (root / LATER[1:]).write_text(event("2016-03-10", "Later.", related=related), "utf-8")
        archive = loaded(root)
        assert dict(archive.with_term("pier")) == {PATH: 1, LATER: 2}
        assert dict(archive.with_term("pie")) == {}

    def test_a_page_bears_on_those_that_name_it(self, root: Path) -> None:
        smoke = "/news/2016/03/2/smoke.md"
        text = event("2016-03-10", "Later.", related=[f"[Smoke.]({smoke})"])
        (root / LATER[1:]).write_text(text, "utf-8")
        (root / PATH[1:]).write_text(PAGE, "utf-8")
        archive = loaded(root)
        assert archive.bears_on(PATH) == {OPENS, DAY, LATER}, "LATER names its older path"
        assert archive.bears_on(DAY) == {PATH, "/news/2016/03/4/index.md"}
        assert archive.bears_on("/news/2016/03/2/none.md") == set()

    def test_folders_are_listed_step_by_step(self, root: Path) -> None:
        archive = loaded(root)
        assert archive.folders_below("") == ["faq", "news", "opinion"]
        assert archive.folders_below("/news/2016/03") == ["10", "2", "4"]


class TestOpenPages:
    def test_an_unsaved_text_counts_until_it_is_closed(self, root: Path) -> None:
        archive = loaded(root)
        assert archive.open(OPENS, event("2016-02-29", "The pier shuts."))
        assert archive.title(OPENS) == "The pier shuts."
        assert archive.links_in(PATH)[0].page == DAY
        assert archive.read_bytes(OPENS) == event("2016-02-29", "The pier shuts.").encode()
        assert archive.close(OPENS)
        assert knowledge(archive) == knowledge(na.Archive(root))

    def test_a_text_like_the_file_changes_nothing_for_others(self, root: Path) -> None:
        archive = loaded(root)
        assert not archive.open(PATH, SMALL_ARCHIVE[PATH])
        assert not archive.open(PATH, SMALL_ARCHIVE[PATH].replace("Nobody", "Somebody"))
        assert not archive.close(PATH)

    def test_a_new_page_is_there_until_it_is_closed_unsaved(self, root: Path) -> None:
        archive = loaded(root)
        new = "/news/2016/03/5/new.md"
        assert archive.open(new, event("2016-03-5", "New."))
        assert archive.exists(new)
        assert new in list(archive)
        assert archive.close(new)
        assert knowledge(archive) == knowledge(na.Archive(root))

    def test_a_listing_does_not_undo_what_is_open(self, root: Path) -> None:
        archive = loaded(root)
        new = "/news/2016/03/5/new.md"
        archive.open(new, event("2016-03-5", "New."))
        archive.open(OPENS, event("2016-02-29", "The pier shuts."))
        reload(archive)
        assert archive.title(new) == "New."
        assert archive.title(OPENS) == "The pier shuts."

    def test_a_deleted_page_is_gone_although_it_is_open(self, root: Path) -> None:
        archive = loaded(root)
        archive.open(OPENS, SMALL_ARCHIVE[OPENS])
        (root / OPENS[1:]).unlink()
        assert archive.look_at([OPENS])
        assert not archive.exists(OPENS)
        assert archive.title(OPENS) is None
        (root / OPENS[1:]).write_text("saved again")
        assert archive.look_at([OPENS])
        assert archive.title(OPENS) == "The pier opens."

    def test_a_listing_finds_that_an_open_page_is_gone_and_that_it_is_back(
        self, root: Path
    ) -> None:
        archive = loaded(root)
        archive.open(OPENS, event("2016-02-29", "T.", related=[f"[X.]({LATER})"]))
        (root / OPENS[1:]).unlink()
        reload(archive)
        assert not archive.exists(OPENS)
        assert OPENS not in [link.page for link in archive.links_in(LATER)]
        assert knowledge(archive) == knowledge(na.Archive(root))
        (root / OPENS[1:]).write_text("saved again")
        reload(archive)
        assert archive.title(OPENS) == "T."
        assert OPENS in [link.page for link in archive.links_in(LATER)]

    def test_typing_does_not_bring_back_a_page_that_is_gone(self, root: Path) -> None:
        archive = loaded(root)
        archive.open(OPENS, SMALL_ARCHIVE[OPENS])
        (root / OPENS[1:]).unlink()
        archive.look_at([OPENS])
        assert not archive.open(OPENS, event("2016-02-29", "The pier shuts."))
        assert not archive.exists(OPENS)
        (root / OPENS[1:]).write_text("saved again")
        assert archive.look_at([OPENS])
        assert archive.title(OPENS) == "The pier shuts."
        archive.close(OPENS)
        assert knowledge(archive) == knowledge(na.Archive(root))

    @pytest.mark.parametrize("look", [reload, lambda archive: archive.look_at([NEW])])
    def test_a_page_that_was_never_saved_is_not_gone(
        self, root: Path, look: Callable[[Live], object]
    ) -> None:
        archive = loaded(root)
        archive.open(NEW, event("2016-03-5", "New."))
        look(archive)
        assert archive.title(NEW) == "New."
        write_archive(root, {NEW: event("2016-03-5", "New.")})
        look(archive)
        (root / NEW[1:]).unlink()
        look(archive)
        assert not archive.exists(NEW)

    def test_a_page_that_is_opened_anew_without_its_file_is_a_new_one(self, root: Path) -> None:
        archive = loaded(root)
        archive.open(OPENS, SMALL_ARCHIVE[OPENS])
        (root / OPENS[1:]).unlink()
        archive.look_at([OPENS])
        archive.close(OPENS)
        assert archive.open(OPENS, SMALL_ARCHIVE[OPENS])
        assert archive.exists(OPENS)

    def test_lone_surrogates_are_no_text(self, root: Path) -> None:
        archive = loaded(root)
        archive.open(OPENS, "# \ud800\n")
        assert archive.title(OPENS) is None
        assert not archive.reading(OPENS).readable
        assert archive.read_bytes(OPENS) == b"# \xed\xa0\x80\n"


class TestWhileItIsListed:
    def test_what_changes_meanwhile_is_the_newer(self, root: Path) -> None:
        archive = loaded(root)
        (root / OPENS[1:]).write_text(event("2016-02-29", "Old."))
        steps = list(load(LocalFolder(root), archive.begin_listing(), lambda: True))
        (root / OPENS[1:]).write_text(event("2016-02-29", "Newer."))
        (root / LATER[1:]).unlink()
        new = "/news/2016/03/5/new.md"
        write_archive(root, {new: event("2016-03-5", "New.")})
        archive.look_at([OPENS, LATER, new])
        for step in steps:
            if isinstance(step, Scan):
                archive.take_listing(step)
            else:
                archive.take(step)
        assert knowledge(archive) == knowledge(na.Archive(root))
        assert archive.title(OPENS) == "Newer."


class TestEvidence:
    def test_a_broken_link_is_judged_by_what_is_open(self, root: Path) -> None:
        archive = loaded(root)
        archive.prepare()
        reading = read(PAGE.replace(REBUILT, "/news/2016/03/4/gone.md"), PATH)
        link = next(k for k in reading.links() if k.target.endswith("gone.md"))
        assert [s.path for s in archive.suggest(reading, link)] == [REBUILT]
        archive.open(REBUILT, event("2016-03-4", "Something else."))
        assert archive.suggest(reading, link) == ()
        archive.close(REBUILT)
        assert [s.path for s in archive.suggest(reading, link)] == [REBUILT]
        (root / REBUILT[1:]).unlink()
        archive.look_at([REBUILT])
        assert archive.suggest(reading, link) == ()

    def test_changes_are_evidence(self, root: Path) -> None:
        archive = loaded(root)
        old = "/news/2016/03/4/gone.md"
        text = event("2016-03-4", "X.", changes=[f"[Y.]({old}) _2016-03-04 10:00:00 (Update)_"])
        archive.open(REBUILT, text)
        assert archive.successors == {**archive.successors, old: (REBUILT,)}
        archive.close(REBUILT)
        assert old not in archive.successors

    def test_git_is_asked_for_by_whoever_runs_it(self, root: Path) -> None:
        archive = loaded(root)
        reading = read(PAGE.replace(REBUILT, "/news/2016/03/1/gone.md"), PATH)
        link = next(k for k in reading.links() if k.target.endswith("gone.md"))
        assert archive.suggest(reading, link)[0].score < 1
        assert archive.wants_renames
        archive.take_renames({"/news/2016/03/1/gone.md": Rename(REBUILT, 100, "")})
        [found] = archive.suggest(reading, link)
        assert (found.path, found.certain) == (REBUILT, True)


TITLES = st.sampled_from(["A.", "B.", "The pier burns."])
PATHS = st.sampled_from([PATH, OPENS, REBUILT, LATER, "/news/2016/03/2/new.md"])


@st.composite
def texts(draw: st.DrawFn, path: str) -> str:
    related = draw(st.lists(PATHS, max_size=3))
    former = draw(st.lists(PATHS, max_size=2))
    year, month, day = path.split("/")[2:5]
    return event(
        f"{year}-{month}-{day}",
        draw(TITLES),
        related=[f"[X.]({target})" for target in related],
        changes=[f"[X.]({old}) _2016-03-04 10:00:00 (Update)_" for old in former],
    )


@st.composite
def steps(draw: st.DrawFn) -> tuple[str, str, str]:
    """What is done, to which page, and the text that it is done with."""
    what = draw(st.sampled_from(["open", "close", "write", "delete", "reload", "index"]))
    path = draw(PATHS)
    return what, path, draw(texts(path))


@pytest.mark.property
@given(st.lists(steps(), max_size=8))
def test_whatever_happens_it_knows_what_a_new_archive_knows(
    tmp_path_factory: pytest.TempPathFactory, done: list[tuple[str, str, str]]
) -> None:
    root = write_archive(tmp_path_factory.mktemp("live") / "archive", small=True)
    archive = loaded(root)
    open_pages: dict[str, str] = {}
    lost: set[str] = set()
    for what, path, text in done:
        file = root / path[1:]
        if what == "open":
            if path not in open_pages:
                lost.discard(path)
            open_pages[path] = text
            archive.open(path, text)
        elif what == "close":
            open_pages.pop(path, None)
            archive.close(path)
        elif what == "write":
            file.write_text(text)
            lost.discard(path)
            archive.look_at([path])
        elif what == "delete":
            if file.exists():
                lost.add(path)
            file.unlink(missing_ok=True)
            archive.look_at([path])
        elif what == "index":
            index = f"{path.rpartition('/')[0]}/index.md"
            (root / index[1:]).write_text(day_index("2016-03-2", [("X.", path)]))
            archive.look_at([index])
        else:
            reload(archive)
    for path, text in open_pages.items():
        if path not in lost:
            (root / path[1:]).write_text(text)
    assert knowledge(archive) == knowledge(na.Archive(root))


def test_an_edition_that_is_said_later_has_pages_read_anew(root: Path) -> None:
    archive = loaded(root)
    archive.open(PATH, PAGE)
    assert archive.reading(PATH).edition is EN
    archive.take_edition(ZH)
    assert archive.reading(PATH).edition is ZH
    assert not archive.reading(PATH).related
    archive.take_edition(None)
    assert archive.reading(PATH).edition is EN
