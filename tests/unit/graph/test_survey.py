"""What a run knows of all pages together."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

from newsarchive.graph.facts import facts_of
from newsarchive.graph.records import FolderRecord, PageRecord
from newsarchive.graph.survey import Survey
from newsarchive.page.parser import read
from newsarchive.store.local import LocalFolder
from newsarchive.store.store import scan
from tests.builders import LATER, OPENS, PATH, REBUILT, SMALL_ARCHIVE, event, write_archive

SEED = 5
DAY = "/news/2016/03/2/index.md"
LATEST = date(2020, 1, 1).toordinal()


def survey(pages: Mapping[str, str]) -> Survey:
    folders: dict[str, list[PageRecord]] = {}
    for path, text in sorted(pages.items()):
        folder, _, name = path.rpartition("/")
        facts = facts_of(read(text, path), SEED)
        folders.setdefault(folder, []).append(PageRecord(name, (0, 0, 0, 0), b"", facts, []))
    return Survey([FolderRecord.of(f, records, SEED) for f, records in folders.items()], SEED)


def doubtful(root: Path, changed: Mapping[str, str | None], latest: int = LATEST) -> list[str]:
    pages = {path: text for path, text in {**SMALL_ARCHIVE, **changed}.items() if text is not None}
    write_archive(root, pages)
    return list(survey(pages).doubtful(scan(LocalFolder(root)), latest))


def test_pages_and_links_are_counted_by_kind() -> None:
    pages, links = survey(SMALL_ARCHIVE).counts()
    assert pages == {
        "event": 4, "day-index": 4, "front-page": 1, "opinion-index": 1, "editorial": 1, "prose": 1
    }  # fmt: skip
    assert links["related"] == 3
    assert "format" not in links
    assert survey({}).counts() == ({}, {})


def test_titles_are_those_of_events() -> None:
    pages = {**SMALL_ARCHIVE, LATER: "No title.\n"}
    assert survey(pages).titles() == {
        OPENS: "The pier opens.",
        PATH: "The pier burns.",
        REBUILT: "The pier is rebuilt.",
    }


def test_pages_are_told_by_the_kinds_of_their_links() -> None:
    version = event(changes=["[Smoke.](/news/2016/03/1/smoke.md) _(First version)_"])
    found = survey({**SMALL_ARCHIVE, LATER: version})
    assert found.linking("change") == {
        LATER, *(path for path, text in SMALL_ARCHIVE.items() if "### Changes:" in text)
    }  # fmt: skip
    assert found.linking("format") == frozenset()


def test_successors_name_older_versions() -> None:
    old = "/news/2016/03/1/smoke.md"
    text = event(changes=[f"[Smoke.]({old}) _(First version)_", "[The pier burns.](/b.md)"])
    pages = {PATH: text, REBUILT: text.replace("2016-03-2", "2016-03-4")}
    assert survey(pages).successors()[old] == (PATH, REBUILT)


LOOKED_AT = {"/index.md", "/opinion/index.md"}
"""What is looked at in any case: the titles of editorials are kept by no record."""


@pytest.mark.parametrize(
    ("changed", "doubted"),
    [
        ({}, []),
        ({REBUILT: None}, [PATH, "/news/2016/03/4/index.md"]),
        ({OPENS: event("2016-02-29", "The pier is open.")}, [PATH, "/news/2016/02/29/index.md"]),
        ({"/news/2016/03/2/new.md": event(title="New.")}, []),
    ],
    ids=["nothing", "a page went", "a title changed", "an event that no index lists"],
)
def test_pages_are_looked_at_again_that_want_what_none_gives(
    tmp_path: Path, changed: dict[str, str | None], doubted: list[str]
) -> None:
    assert set(doubtful(tmp_path, changed)) == {*LOOKED_AT, *doubted}


def test_it_is_told_which_entries_alone_are_to_be_asked(tmp_path: Path) -> None:
    also = "/news/2016/03/2/also.md"
    pages = {**SMALL_ARCHIVE, also: event(title="Also.", related=[f"[Gone.]({REBUILT})"])}
    del pages[REBUILT]
    found = survey(pages)
    assert {also, PATH} <= {*found.in_doubt(scan(LocalFolder(write_archive(tmp_path, pages))))}
    doubts = {path: doubt for path, doubt in found.doubts.items() if path not in LOOKED_AT}
    index = REBUILT.rpartition("/")[0] + "/index.md"
    assert doubts == {also: [0], PATH: [1], index: [0]}


@pytest.mark.parametrize(
    ("changed", "unplaced"),
    [
        ({}, []),
        ({"new.md": event(title="New.")}, ["new.md"]),
        ({"README.md": SMALL_ARCHIVE[DAY]}, []),
        ({"README.md": SMALL_ARCHIVE[DAY].partition("### ")[0]}, ["README.md", "index.md"]),
        ({"index.md": None}, [PATH.rpartition("/")[2]]),
    ],
    ids=["nothing", "an event that no index lists", "a copy", "another copy", "no index"],
)
def test_a_folder_tells_which_pages_have_no_place_in_it(
    changed: dict[str, str | None], unplaced: list[str]
) -> None:
    folder = DAY.rpartition("/")[0]
    pages = {**SMALL_ARCHIVE, **{f"{folder}/{name}": text for name, text in changed.items()}}
    found = survey({path: text for path, text in pages.items() if text is not None})
    [record] = [record for record in found.records if record.folder == folder]
    assert sorted(record.unplaced(SEED)) == unplaced


@pytest.mark.parametrize(("today", "doubted"), [(9, True), (10, False)])
def test_so_are_those_of_days_to_come(tmp_path: Path, today: int, doubted: bool) -> None:
    found = set(doubtful(tmp_path, {}, date(2016, 3, today).toordinal()))
    assert found == LOOKED_AT | ({LATER, "/news/2016/03/10/index.md"} if doubted else set())
