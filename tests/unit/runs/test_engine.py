"""The run over an archive."""

import datetime
import gc
import os
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import newsarchive as na
from newsarchive.store.atomic import MAX_BYTES
from tests.builders import (
    LATER,
    OPENS,
    PAGE,
    PATH,
    REBUILT,
    SMALL_ARCHIVE,
    TODAY,
    event,
    snapshot,
    spoiled,
    where,
    write_archive,
)
from tests.seams import at_rest, small_tasks

DAY = "/news/2016/03/2/index.md"
FAULTY = Path(__file__).parents[3] / "examples" / "faulty"


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of some hundred pages in several chunks, with faults strewn over it."""
    root = tmp_path_factory.mktemp("many")
    pages: dict[str, str] = {}
    for day in range(1, 15):
        folder = f"/news/2015/02/{day}"
        titles = [f"Event {n} of day {day}." for n in range(25)]
        paths = [f"{folder}/{na.slugify(title)}.md" for title in titles]
        others = [f"[{title}]({path})" for title, path in zip(titles, paths, strict=True)]
        for n, (title, path) in enumerate(zip(titles, paths, strict=True)):
            related = [others[n - 1], others[n - 2], f"[Gone.]({folder}/gone.md)"]
            pages[path] = event(f"2015-02-{day}", title, related=related[: 2 + (n == 7)])
        previous = f"/news/2015/02/{day - 1}/index.md"
        pages[f"{folder}/index.md"] = (
            f"## [2015-02-{day}]({folder}/index.md)\n\n"
            + "".join(f"### {other}\n\n" for other in others[1:])
            + (f"## [Previous Day...]({previous})\n\n" if day > 1 else "")
        )
    return write_archive(root, pages)


class TestReport:
    def test_it_counts_what_was_checked(self, tmp_path: Path) -> None:
        report = na.check(write_archive(tmp_path), today=TODAY)
        assert report.diagnostics == ()
        assert report.pages == {
            "front-page": 1, "prose": 1, "day-index": 4, "event": 4, "opinion-index": 1,
            "editorial": 1,
        }  # fmt: skip
        assert report.links == {
            "day": 10, "index-entry": 7, "previous-day": 3, "source": 5, "cover-image": 1,
            "related": 3, "change": 3,
        }  # fmt: skip
        assert (report.page_count, report.link_count) == (12, 32)

    @pytest.mark.slow
    def test_findings_are_sorted_by_page_and_place(self, many: Path) -> None:
        found = na.check(many, today=TODAY).diagnostics
        assert len(found) > 14
        assert list(found) == sorted(found, key=lambda d: d.sort_key)

    def test_files_are_named_below_the_root_as_it_was_given(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        write_archive(tmp_path, {PATH: b"\xff"}, small=True)
        monkeypatch.chdir(tmp_path.parent)
        [found] = na.check(tmp_path.name, select=["NA101"]).diagnostics
        assert found.file == os.path.join(tmp_path.name, PATH[1:])
        assert found.where == f"{found.file}:1:1"

    def test_what_is_no_text_has_no_other_finding(self, tmp_path: Path) -> None:
        write_archive(tmp_path, {PATH: b"\xef\xbb\xbf# The pier\r\n\xff\r\n"}, small=True)
        found = na.check(tmp_path, select=["ALL"], today=TODAY).diagnostics
        assert [d.code for d in found if d.page == PATH] == ["NA101"]

    @pytest.mark.slow
    def test_an_archive_and_its_folder_give_one_report(self, many: Path) -> None:
        assert na.check(na.Archive(many), today=TODAY) == na.check(str(many), today=TODAY)

    def test_a_folder_that_is_no_archive(self, tmp_path: Path) -> None:
        with pytest.raises(na.NotAnArchiveError):
            na.check(tmp_path)

    def test_an_archive_without_pages(self, tmp_path: Path) -> None:
        report = na.check(write_archive(tmp_path, {}))
        assert report == na.Report(())

    def test_the_clock_can_be_given(self, tmp_path: Path) -> None:
        write_archive(tmp_path)
        report = na.check(tmp_path, today=datetime.date(2016, 3, 4))
        assert {d.code for d in report.diagnostics} == {"NA304"}
        assert na.check(tmp_path).diagnostics == ()

    @pytest.mark.slow
    def test_nothing_is_written(self, many: Path) -> None:
        before = snapshot(many)
        na.check(many, today=TODAY)
        assert snapshot(many) == before


class TestRules:
    @pytest.mark.slow
    def test_only_selected_rules_run(self, many: Path) -> None:
        assert set(na.check(many, select=["NA201"], today=TODAY).by_code()) == {"NA201"}
        ignored = na.check(many, ignore=["NA201", "NA202"], today=TODAY).by_code()
        assert "NA201" not in ignored
        assert "NA208" in ignored

    def test_an_unknown_rule_is_an_error_before_anything_is_read(self, tmp_path: Path) -> None:
        with pytest.raises(na.UnknownRuleError):
            na.check(tmp_path, select=["no-such-rule"])

    @pytest.mark.slow
    def test_the_one_page_rules_say_what_they_say_of_the_page_alone(self) -> None:
        report = na.check(FAULTY, today=TODAY)
        archive = na.Archive(FAULTY)
        for path in archive:
            alone = na.check_text(archive.read_bytes(path), path, today=TODAY)
            codes = {rule.code for rule in na.ALL_RULES if rule.page and not rule.archive}
            here = [d for d in report.diagnostics if d.page == path and d.code in codes]
            assert [(d.code, d.start, d.message, d.fix) for d in here] == [
                (d.code, d.start, d.message, d.fix) for d in alone if d.code in codes
            ]


class TestJobs:
    @pytest.mark.slow
    def test_the_report_does_not_depend_on_how_many_processes_read(self, many: Path) -> None:
        one = na.check(many, jobs=1, today=TODAY)
        assert na.check(many, jobs=2, today=TODAY) == one
        assert na.check(many, jobs=None, today=TODAY) == one

    def test_nor_on_there_being_more_than_pages(self, tmp_path: Path) -> None:
        write_archive(tmp_path, {PATH: PAGE}, small=True)
        assert na.check(tmp_path, jobs=64, today=TODAY) == na.check(tmp_path, today=TODAY)

    @pytest.mark.slow
    def test_trouble_comes_home_from_other_processes(self, many: Path, tmp_path: Path) -> None:
        root = tmp_path / "copy"
        shutil.copytree(many, root)
        (root / "news/2015/02/9/index.md").write_bytes(b"\xff")
        (root / "news/2015/02/8/bad.md").symlink_to("gone.md")
        found = na.check(root, jobs=2, select=["NA101", "NA9"], today=TODAY).diagnostics
        assert [d.code for d in found] == ["NA901", "NA101"]


class TestProgress:
    def test_it_is_called_until_all_is_done(
        self, many: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        small_tasks(monkeypatch, 128)
        calls: list[tuple[int, int]] = []
        report = na.check(many, progress=lambda done, total: calls.append((done, total)))
        assert calls[-1] == (report.page_count, report.page_count)
        assert len(calls) >= 2
        assert [done for done, _ in calls] == sorted({done for done, _ in calls})
        assert {total for _, total in calls} == {report.page_count}

    @pytest.mark.slow
    def test_so_it_is_with_several_processes(self, many: Path) -> None:
        calls: list[tuple[int, int]] = []
        na.check(many, jobs=2, progress=lambda done, total: calls.append((done, total)))
        assert calls[-1][0] == calls[-1][1]


class TestOnly:
    def test_the_rest_of_the_archive_is_not_listed(self, tmp_path: Path) -> None:
        archive = na.Archive(write_archive(tmp_path, SMALL_ARCHIVE))
        report = na.check(archive, only=[PATH], today=TODAY)
        assert (report.page_count, report.diagnostics) == (1, ())
        assert not archive.is_scanned

    def test_an_interrupted_change_is_told_whichever_pages_are_checked(
        self, tmp_path: Path
    ) -> None:
        root = write_archive(tmp_path, SMALL_ARCHIVE)
        (root / ".newsarchive-journal").touch()
        assert [d.code for d in na.check(root, only=[PATH], today=TODAY).diagnostics] == ["NA904"]

    def test_only_these_pages_are_checked_and_counted(self, tmp_path: Path) -> None:
        write_archive(tmp_path, {PATH: PAGE, REBUILT: ""}, small=True)
        report = na.check(tmp_path, only=[PATH], today=TODAY)
        assert report.page_count == 1
        assert {d.page for d in report.diagnostics} == {PATH}

    def test_links_are_followed_through_the_whole_archive(self, tmp_path: Path) -> None:
        write_archive(tmp_path, {REBUILT: None}, small=True)
        report = na.check(tmp_path, only={PATH}, today=TODAY)
        assert where(report.diagnostics) == [(PATH, 17, 27)]
        assert na.check(tmp_path, only={LATER}, today=TODAY).diagnostics == ()

    def test_a_page_that_is_named_twice_is_checked_once(self, tmp_path: Path) -> None:
        write_archive(tmp_path, {PATH: PAGE, REBUILT: "\ufeff"}, small=True)
        once = na.check(tmp_path, only=[REBUILT], today=TODAY)
        assert na.check(tmp_path, only=[REBUILT, REBUILT], today=TODAY) == once

    def test_no_page_is_no_report(self, tmp_path: Path) -> None:
        assert na.check(write_archive(tmp_path), only=[]) == na.Report(())

    @pytest.mark.slow
    def test_all_pages_one_by_one_find_what_a_whole_run_finds(self) -> None:
        """A whole run skips pages of which it knows that nothing is wrong; it must be right."""
        archive = na.Archive(FAULTY)
        whole = na.check(archive, select=["ALL"], today=TODAY).diagnostics
        single = [
            d
            for path in archive
            for d in na.check(archive, select=["ALL"], only=[path], today=TODAY).diagnostics
        ]
        assert sorted(single, key=lambda d: d.sort_key) == list(whole)

    def test_troubles_with_names_are_told_where_they_are_asked_for(self, tmp_path: Path) -> None:
        write_archive(tmp_path)
        (tmp_path / "news/bad.md").symlink_to("gone.md")
        assert na.check(tmp_path, only=[PATH], today=TODAY).diagnostics == ()
        found = na.check(tmp_path, only=["/news/bad.md"], today=TODAY).diagnostics
        assert [d.code for d in found] == ["NA901"]


_TARGETS = st.sampled_from(
    [*SMALL_ARCHIVE, "/gone.md", PATH.upper(), PATH.replace(".md", ".html"), PATH + "#x", "",
     "../x.md", "/news/../index.md", "/news/2016/03/2/", "/news/2016/03/4/README.md"]
)  # fmt: skip
_TITLES = st.sampled_from(
    ["The pier burns.", "The pier opens.", "The pier is rebuilt.", "The pier opens again.", "A",
     " The pier  burns. ", "The [pier] burns.", "The \\[pier\\] burns."]
)  # fmt: skip
_ENTRIES = st.lists(st.tuples(_TITLES, _TARGETS), max_size=3)


@st.composite
def _archives(draw: st.DrawFn) -> dict[str, str | None]:
    """The small archive with some of its pages gone, renamed or pointing elsewhere."""
    pages: dict[str, str | None] = dict(SMALL_ARCHIVE)
    for path in draw(st.sets(st.sampled_from(sorted(SMALL_ARCHIVE)), max_size=4)):
        kind = draw(st.sampled_from(["gone", "event", "index", "empty"]))
        if kind == "gone":
            pages[path] = None
        elif kind == "empty":
            pages[path] = ""
        elif kind == "event":
            day = draw(st.sampled_from(["2016-03-2", "2016-02-29", "2016-03-04", "2030-01-1"]))
            related = [f"[{title}]({target})" for title, target in draw(_ENTRIES)]
            changes = [f"[{t}]({p}) _(Current version)_" for t, p in draw(_ENTRIES)]
            pages[path] = event(day, draw(_TITLES), related=related, changes=changes)
        else:
            entries = "".join(f"### [{t}]({p})\n\n" for t, p in draw(_ENTRIES))
            previous = f"## [Previous Day...]({draw(_TARGETS)})\n\n"
            pages[path] = f"## [2016-03-2]({draw(_TARGETS)})\n\n{entries}{previous}"
    return pages


@pytest.mark.property
@given(_archives())
def test_a_whole_run_finds_what_each_page_alone_has(
    tmp_path_factory: pytest.TempPathFactory, pages: dict[str, str | None]
) -> None:
    root = write_archive(tmp_path_factory.mktemp("any"), pages)
    try:
        archive = na.Archive(root)
        whole = na.check(archive, select=["ALL"], today=TODAY).diagnostics
        single = na.check(archive, select=["ALL"], only=list(archive), today=TODAY).diagnostics
        assert whole == single
    finally:
        shutil.rmtree(root)


class TestUnreadable:
    @pytest.fixture
    def vanishing(self, tmp_path: Path) -> na.Archive:
        """An archive one of whose pages goes between the listing and the reading."""
        archive = na.Archive(write_archive(tmp_path))
        assert OPENS in archive.scan.pages
        Path(archive.file(OPENS)).unlink()
        return archive

    def test_a_page_that_cannot_be_read_is_named_and_the_rest_checked(
        self, vanishing: na.Archive
    ) -> None:
        report = na.check(vanishing, today=TODAY)
        mine = [d for d in report.diagnostics if d.page == OPENS]
        assert [(d.code, d.line, d.column) for d in mine] == [("NA901", 1, 1)]
        assert "cannot be read: No such file" in mine[0].message
        assert report.page_count == len(SMALL_ARCHIVE) - 1

    @pytest.mark.skipif(
        os.name != "posix" or os.geteuid() == 0, reason="nothing is unreadable to root"
    )
    def test_so_is_one_without_permission(self, tmp_path: Path) -> None:
        write_archive(tmp_path)
        (tmp_path / PATH[1:]).chmod(0)
        [found] = na.check(tmp_path, select=["NA901"], today=TODAY).diagnostics
        assert "Permission denied" in found.message

    @pytest.mark.slow
    def test_an_index_that_cannot_be_read_leaves_its_events_without_a_fix(
        self, tmp_path: Path
    ) -> None:
        index = f"{PATH.rpartition('/')[0]}/index.md"
        write_archive(tmp_path, {index: b"\n" * (MAX_BYTES + 1)}, small=True)
        for only in (None, [index, PATH]):
            found = na.check(tmp_path, select=["NA901", "NA208"], only=only, today=TODAY)
            assert [(d.code, d.page, d.fix) for d in found.diagnostics] == [
                ("NA901", index, None),
                ("NA208", PATH, None),
            ]

    def test_it_can_be_ignored_like_any_rule(self, vanishing: na.Archive) -> None:
        report = na.check(vanishing, ignore=["NA901"], today=TODAY)
        assert "NA901" not in report.by_code()


class TestAnyBytes:
    """Every page is something; nothing stops the others from being checked."""

    @pytest.mark.parametrize(
        "data",
        [
            b"",
            b"\x00" * 1000,
            b"\xff\xfe\x00\x00",
            b"\xef\xbb\xbf",
            b"[" * 100_000,
            b"](" * 100_000,
            b"1. [" * 50_000,
            "\u2028\u2029\x85".encode() * 1000,
            b"\r\r\n\n\r" * 1000,
            b"#" * 100_000,
            b"### " * 50_000,
            b"x" * 1_000_000,
            bytes(range(256)) * 100,
        ],
        ids=lambda data: repr(data[:8]),
    )
    def test_a_page_of_anything(self, tmp_path: Path, data: bytes) -> None:
        pages = {PATH: data, DAY: data, "/index.md": data, "/opinion/index.md": data}
        write_archive(tmp_path, pages, small=True)
        report = na.check(tmp_path, today=TODAY)
        assert report.page_count == len(SMALL_ARCHIVE)
        assert any(d.page == PATH for d in report.diagnostics)

    def test_the_rest_is_checked_all_the_same(self, tmp_path: Path) -> None:
        broken = spoiled("2. [Evening", "3. [Evening")
        write_archive(tmp_path, {DAY: b"\xff", PATH: broken}, small=True)
        codes = {(d.page, d.code) for d in na.check(tmp_path, today=TODAY).diagnostics}
        assert {(DAY, "NA101"), (PATH, "NA108"), (PATH, "NA208")} <= codes


class TestFindingsThatHoldWhileAFileIsAbsent:
    GONE = "/news/2016/03/2/smoke.md"

    @pytest.mark.parametrize("cached", [False, True])
    def test_they_come_and_go_with_the_file(self, tmp_path: Path, cached: bool) -> None:
        page = SMALL_ARCHIVE[PATH] + (
            f"\n### Changes:\n\n1. [Smoke.]({self.GONE}) _2016-03-02 10:00:00 (First version)_\n"
        )
        line = page.count("\n")
        root = write_archive(tmp_path / "archive", {**SMALL_ARCHIVE, PATH: page})
        kept = tmp_path / "cache" if cached else None
        file = root / self.GONE[1:]

        def found() -> list[str]:
            report = na.check(root, today=TODAY, cache=kept, select=["NA209"])
            return [f"{d.page}:{d.line}:{d.column}" for d in report.diagnostics]

        assert found() == [f"{PATH}:{line}:13"]
        file.write_text("x")
        assert found() == []
        file.unlink()
        assert found() == [f"{PATH}:{line}:13"]
        one = na.check(root, only=[PATH], today=TODAY, select=["NA209"])
        assert [d.code for d in one.diagnostics] == ["NA209"]


class TestTheCollector:
    """The search for cyclic garbage is the program's own affair."""

    @pytest.mark.parametrize("enabled", [True, False])
    def test_it_is_as_the_program_has_it(self, tmp_path: Path, enabled: bool) -> None:
        root = write_archive(tmp_path)
        seen: list[bool] = []
        before = gc.isenabled()
        (gc.enable if enabled else gc.disable)()
        try:
            na.check(root, today=TODAY, progress=lambda done, total: seen.append(gc.isenabled()))
            after = gc.isenabled()
        finally:
            (gc.enable if before else gc.disable)()
        assert after is enabled
        assert set(seen) == {enabled}


def test_progress_begins_with_what_is_known_already(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_rest(monkeypatch)
    root, cache = write_archive(tmp_path / "root"), tmp_path / "cache"
    na.check(root, today=TODAY, cache=cache)
    calls: list[tuple[int, int]] = []
    na.check(root, today=TODAY, cache=cache, progress=lambda *call: calls.append(call))
    assert calls == [(len(SMALL_ARCHIVE), len(SMALL_ARCHIVE))]
    calls.clear()
    write_archive(root, {LATER: event("2016-03-10", "The pier opens again.", description="Yes.")})
    na.check(root, today=TODAY, cache=cache, progress=lambda *call: calls.append(call))
    assert calls[0] == (len(SMALL_ARCHIVE) - 2, len(SMALL_ARCHIVE))
    assert calls[-1] == (len(SMALL_ARCHIVE), len(SMALL_ARCHIVE))


def test_a_page_that_goes_between_its_own_rules_and_those_on_others_is_passed_over(
    tmp_path: Path,
) -> None:
    root = write_archive(tmp_path, {PATH: spoiled(f"({OPENS}) _Context", "(/gone.md) _Context")},
                         small=True)  # fmt: skip
    assert "NA201" in na.check(root, today=TODAY).by_code()

    def go(done: int, total: int) -> None:
        if done == total:
            (root / PATH[1:]).unlink()

    report = na.check(root, today=TODAY, progress=go)
    assert set(report.by_code()) == {"NA209"}  # which the page has by itself
