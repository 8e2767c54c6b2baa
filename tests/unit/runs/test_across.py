"""What rules find that look beyond a page: kept while nothing changed that it follows from."""

import datetime
import json
import os
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

import newsarchive as na
from newsarchive.graph.answers import Answers
from newsarchive.graph.suggestions import Evidence
from newsarchive.runs.cache import Cache
from newsarchive.store.local import LocalFolder
from newsarchive.store.renames import History
from tests import seams
from tests.builders import LATER, OPENS, PATH, SMALL_ARCHIVE, TODAY, event, write_archive
from tests.repositories import commit, git, needs_git

GONE = "/news/2016/03/2/the-old-pier-is-torn-down.md"
NEAR = "/news/2016/03/2/the-old-pier-is-torn-down-at-last.md"
LINK = f"[The old pier is torn down.]({GONE})"


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    seams.at_rest(monkeypatch)
    return write_archive(
        tmp_path / "root",
        {**SMALL_ARCHIVE, OPENS: event("2016-02-29", "The pier opens.", related=[LINK])},
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "caches"


@pytest.fixture
def judged(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The pages of links that were given suggestions."""
    found: list[str] = []
    whole = Answers.suggest

    def suggest(view: Answers, reading: Any, link: Any) -> Any:
        found.append(reading.path)
        return whole(view, reading, link)

    monkeypatch.setattr(Answers, "suggest", suggest)
    return found


def check(root: Path, cache: Path | None, **options: Any) -> na.Report:
    return na.check(root, **{"today": TODAY, "cache": cache, **options})


def same(root: Path, folder: Path) -> na.Report:
    """What a run finds: with the cache as without, and once more by what was kept."""
    cold = check(root, None)
    assert check(root, folder) == check(root, folder) == cold
    return cold


def meant(report: na.Report) -> list[str]:
    """What the one broken related link may have meant."""
    [broken] = [d for d in report.diagnostics if d.code == "NA201"]
    return [s.path for s in broken.suggestions]


def test_findings_and_suggestions_are_kept(root: Path, folder: Path, judged: list[str]) -> None:
    write_archive(root, {NEAR: event("2016-03-02", "The old pier is torn down at last.")})
    assert meant(check(root, folder)) == [NEAR]
    assert OPENS in judged
    judged.clear()
    assert meant(check(root, folder)) == [NEAR]
    assert meant(check(root, folder, select=["NA201"])) == [NEAR]
    assert judged == []
    assert check(root, folder) == check(root, None)


@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize("work", [seams.small_tasks, seams.work_for_two])
def test_other_processes_find_the_same(
    root: Path,
    folder: Path,
    jobs: int,
    work: Callable[[pytest.MonkeyPatch], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cold = check(root, None)
    work(monkeypatch)
    seams.processes_are_copies(monkeypatch)
    for _ in range(2):
        assert check(root, folder, jobs=jobs) == cold


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_page_of_broken_links_is_not_read_again_where_many_are(
    root: Path, folder: Path, jobs: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_archive(root, {NEAR: event("2016-03-02", "The old pier is torn down at last.")})
    cold = check(root, None)
    read: list[str] = []
    whole = LocalFolder.read

    def read_one(store: LocalFolder, path: str) -> bytes:
        read.append(path)
        return whole(store, path)

    monkeypatch.setattr(LocalFolder, "read", read_one)
    seams.many_pages(monkeypatch)
    seams.processes_are_copies(monkeypatch)
    assert check(root, folder, jobs=jobs) == cold
    assert NEAR in read  # what is near is compared
    assert OPENS not in read


@pytest.mark.parametrize(("select", "times"), [("NA208", 0), ("NA207", 0), ("NA201", 1)])
def test_what_suggestions_need_is_learned_where_a_rule_suggests(
    root: Path, select: str, times: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    learned: list[Evidence] = []
    monkeypatch.setattr(Evidence, "prepare", lambda evidence, *_: learned.append(evidence))
    seams.small_tasks(monkeypatch)
    check(root, None, jobs=2, select=[select])
    assert len(learned) == times


def test_where_no_process_can_be_a_copy_pages_are_judged_here(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cold = check(root, None)
    seams.small_tasks(monkeypatch)
    monkeypatch.setattr("newsarchive.runs.processes._may_fork", lambda: False)
    assert check(root, None, jobs=2) == cold


BURNS, OTHER = f"[The pier burns.]({PATH}) _Context: pier_", f"[It is open.]({LATER})"
OUTSIDE, INDEX = "[Smoke.](/news/../smoke.md)", "/news/2016/03/2/index.md"


@pytest.mark.parametrize(
    "text",
    [
        event("2016-02-29", "The pier opens.", related=[LINK]),
        event("2016-02-29", "The pier opens.", related=[BURNS, LINK, OTHER, LINK, OUTSIDE]),
        event("2016-02-29", "The pier opens.", related=[LINK, BURNS]).replace("2016-02-29]", "x]"),
        event("2016-02-29", "The pier opens.", related=[LINK]).replace("\n", "\r\n"),
        event("2016-02-29", "The pier opens.", related=[LINK, BURNS]).replace(
            "1. [The old", "[The"
        ),
        event("2016-02-29", "The pier opens.", related=[LINK, BURNS], description="<<<<<<< ours"),
        event("2016-02-29", "The pier opens.", related=[LINK], changes=[OUTSIDE, BURNS]),
        event("2016-02-29", "The pier opens.", related=[LINK], sources=["![P.](https://e.org/p)"]),
    ],
    ids=[
        "alone",
        "among others",
        "no date",
        "CRLF",
        "no entry",
        "conflict",
        "versions",
        "no source",
    ],
)
def test_where_entries_alone_are_in_doubt_all_is_found_that_is_found_of_the_whole_page(
    root: Path, text: str
) -> None:
    index = (root / INDEX[1:]).read_text().replace("### [The pier", f"### {LINK}\n### [The pier")
    copy = INDEX.replace("index", "README")
    write_archive(
        root, {OPENS: text, INDEX: index, copy: index, NEAR: event(title="The old pier.")}
    )
    whole = check(root, None)
    for page in na.Archive(root):
        alone = [d for d in check(root, None, only=[page]).diagnostics if d.page == page]
        assert [d for d in whole.diagnostics if d.page == page] == alone


def test_a_candidate_that_comes_goes_or_says_something_else(root: Path, folder: Path) -> None:
    """Nothing stale is suggested, though the page with the link stays as it is."""
    assert meant(same(root, folder)) == []
    title = "The old pier is torn down at last."
    write_archive(root, {NEAR: event("2016-03-02", title)})
    assert meant(same(root, folder)) == [NEAR]
    write_archive(root, {NEAR: event("2016-03-02", "Nothing of the kind.")})
    assert meant(same(root, folder)) == [NEAR]  # its name is near still
    write_archive(root, {NEAR: event("2016-03-02", title)})
    older = f"[The old pier is torn down.]({GONE}) _(First version)_"
    write_archive(root, {PATH: event(changes=[older])})
    assert meant(same(root, folder)) == [PATH, NEAR]
    (root / NEAR[1:]).unlink()
    assert meant(same(root, folder)) == [PATH]
    write_archive(root, {PATH: event()})
    assert meant(same(root, folder)) == []
    namesake = LATER.replace(Path(LATER).name, Path(GONE).name)
    write_archive(root, {namesake: event("2016-03-10", "The old pier is torn down.")})
    assert meant(same(root, folder)) == [namesake]
    write_archive(root, {GONE: event("2016-03-02", "The old pier is torn down.")})
    assert "NA201" not in same(root, folder).by_code()


def test_a_file_that_is_no_page_takes_a_finding_away(root: Path, folder: Path) -> None:
    image = "[A picture.](/news/2016/03/2/pier.html)"
    write_archive(root, {LATER: event("2016-03-10", "Later.", related=[image])})
    assert same(root, folder).by_code()["NA201"] == 2
    write_archive(root, {"/news/2016/03/2/pier.html": ""})
    assert same(root, folder).by_code()["NA201"] == 1


@needs_git
def test_what_git_tells_counts(
    root: Path, folder: Path, monkeypatch: pytest.MonkeyPatch, judged: list[str]
) -> None:
    moved = "/news/2016/03/2/rebuilt.md"
    git(root, "init", "-q", "-b", "main")
    write_archive(root, {GONE: event("2016-03-02", "The old pier is torn down.")})
    commit(root)
    (root / GONE[1:]).unlink()
    write_archive(root, {moved: event("2016-03-02", "The old pier is torn down.")})
    assert meant(same(root, folder)) == [moved]
    commit(root)
    judged.clear()
    report = same(root, folder)
    [broken] = [d for d in report.diagnostics if d.code == "NA201"]
    assert broken.suggestions[0].certain
    judged.clear()
    check(root, folder)
    assert judged == []
    monkeypatch.setattr(
        "newsarchive.graph.suggestions.Evidence.renames", History((), "it is shallow")
    )
    for _ in range(2):
        judged.clear()
        report = check(root, folder)
        assert any("it is shallow" in notice for notice in report.notices)
        assert judged != []


@needs_git
def test_what_git_told_another_process_counts(
    root: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seams.work_for_two(monkeypatch)
    seams.processes_are_copies(monkeypatch)
    write_archive(root, {OPENS: SMALL_ARCHIVE[OPENS]})
    write_archive(root, {LATER: event("2016-03-10", "Later.", related=[LINK])})
    moved, text = "/news/2016/03/2/rebuilt.md", event("2016-03-02", "The old pier is torn down.")
    git(root, "init", "-q", "-b", "main")
    write_archive(root, {GONE: text})
    commit(root)
    (root / GONE[1:]).unlink()
    write_archive(root, {moved: text})
    for certain in (False, True):
        [broken] = [d for d in check(root, folder, jobs=2).diagnostics if d.code == "NA201"]
        assert broken.suggestions[0].certain is certain
        commit(root)


def test_rules_that_were_not_asked_are(root: Path, folder: Path) -> None:
    for select in (["NA208"], ["NA201"], ["NA208"], [], ["NA207"], ["ALL"], ["NA211", "NA201"]):
        for _ in range(2):
            assert check(root, folder, select=select) == check(root, None, select=select)


def test_the_day_counts(root: Path, folder: Path) -> None:
    for today in (datetime.date(2016, 3, day) for day in (2, 2, 11, 11, 4)):
        assert check(root, folder, today=today) == check(root, None, today=today)


def kept(root: Path, folder: Path) -> str:
    with closing(sqlite3.connect(Cache(folder, root).file)) as db:
        [(text,)] = db.execute("SELECT text FROM across")
    return str(text)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda told: told[0].pop(),
        lambda told: told[0].append([]),
        lambda told: told[0].__setitem__(2, None),
        lambda told: told[0].__setitem__(4, [7]),
        lambda told: told.append(["/news/none.md", [], []]),
        lambda told: told.append([PATH, [["NA201"]], []]),
        lambda told: told.append([PATH, []]),
        lambda told: told[1].__setitem__(2, ["0"]),
        lambda told: told[1][1][0].__setitem__(1, 7),
        lambda told: told[1][1][0].__setitem__(8, ["x", [], "safe", False, "/../x.md"]),
        lambda told: told[1][1][0].append(["/x.md", "1", [], True]),
        lambda told: told[1][1][0].append(["/x.md", 1.0, [1], True]),
    ],
)  # fmt: skip
def test_a_text_that_is_none_of_ours(
    root: Path, folder: Path, spoil: Callable[[Any], object]
) -> None:
    cold = check(root, folder)
    told = [json.loads(line) for line in kept(root, folder).split("\n")]
    assert told[1:]
    spoil(told)
    cache = Cache(folder, root)
    archive = na.Archive(root)
    cache.load()
    text = "\n".join(map(json.dumps, told))
    cache.save_across(cache.across()[0], text)
    assert kept(root, folder) == text
    assert len(archive) == cold.page_count
    assert check(root, folder) == cold
    assert kept(root, folder) != text


def edited(root: Path, path: str, folder: Path, judged: list[str]) -> list[str]:
    """The pages with a broken link that are asked again once a page has another description."""
    check(root, folder)
    text = (root / path[1:]).read_bytes()
    (root / path[1:]).write_bytes(text.replace(b"\n\n### Source", b" Again.\n\n### Source"))
    assert (root / path[1:]).read_bytes() != text
    judged.clear()
    report = check(root, folder)
    found = [*judged]
    assert report == check(root, folder) == check(root, None)
    return found


def test_one_edit_asks_the_pages_near_it_again(root: Path, folder: Path, judged: list[str]) -> None:
    """Near are those of its folder, and those that link into it, whether to it or not."""
    write_archive(root, {NEAR: event("2016-03-02", "The old pier is torn down at last.")})
    far = "/news/2016/03/5/far.md"
    write_archive(root, {far: event("2016-03-05", "Far.")})
    assert OPENS not in edited(root, far, folder, judged)
    assert OPENS in edited(root, NEAR, folder, judged)
    assert OPENS in edited(root, OPENS, folder, judged)


def test_a_page_elsewhere_that_takes_the_title_of_a_link(root: Path, folder: Path) -> None:
    """It comes into question wherever it is, if it has the name that goes with the title."""
    namesake = LATER.replace(Path(LATER).name, Path(GONE).name)
    write_archive(root, {namesake: event("2016-03-10", "Nothing of the kind.")})
    assert meant(same(root, folder)) == []
    write_archive(root, {namesake: event("2016-03-10", "The old pier is torn down.")})
    assert meant(same(root, folder)) == [namesake]
    write_archive(root, {namesake: event("2016-03-10", "Nothing of the kind.")})
    assert meant(same(root, folder)) == []


def test_where_files_may_change_without_a_trace_what_was_kept_serves_still(
    root: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As in a folder that is watched, where a page was saved just now."""
    check(root, folder)
    before = kept(root, folder)
    monkeypatch.undo()
    write_archive(root, {LATER: event("2016-03-10", "Another title.")})
    asked: list[str] = []

    def suggest(view: Answers, reading: Any, link: Any) -> Any:
        asked.append(reading.path)
        return ()

    monkeypatch.setattr(Answers, "suggest", suggest)
    report = check(root, folder)
    assert OPENS not in asked
    assert kept(root, folder) == before
    monkeypatch.undo()
    assert report == check(root, None)


def write_now(*pages: Path, days: int = 30) -> None:
    """Have pages look as if they had been written in this moment, or long ago."""
    moment = time.time() + days * 86400  # later than any at which `at_rest` trusts a file
    for page in pages:
        os.utime(page, (moment, moment))


def test_findings_are_kept_though_a_page_was_written_just_now(
    root: Path, folder: Path, judged: list[str]
) -> None:
    """As after a checkout: that page's folder is looked at again, the rest is not."""
    write_archive(root, {NEAR: event("2016-03-02", "The old pier is torn down at last.")})
    write_now(root / LATER[1:])
    assert meant(check(root, folder)) == [NEAR]
    judged.clear()
    write_archive(root, {LATER: event("2016-03-10", "Another title.")})
    report = check(root, folder)
    assert judged == []
    assert report == check(root, None)


def test_a_page_that_was_written_just_now_is_asked_again(
    root: Path, folder: Path, judged: list[str]
) -> None:
    write_now(root / OPENS[1:])
    check(root, folder)
    judged.clear()
    check(root, folder)
    assert judged == [OPENS]


def test_what_was_kept_while_all_was_new_gives_way(
    root: Path, folder: Path, judged: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    seams.work_for_two(monkeypatch)
    write_now(*root.rglob("*.md"))
    check(root, folder, jobs=1)
    write_now(*root.rglob("*.md"), days=-30)
    write_now(root / LATER[1:])
    check(root, folder, jobs=1)
    judged.clear()
    report = check(root, folder, jobs=1)
    assert judged == []
    assert report == check(root, None)
