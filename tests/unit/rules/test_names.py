"""NA307, NA906 and NA907: pages that lie elsewhere, names that do not travel."""

import os
from pathlib import Path

import pytest

import newsarchive as na
from newsarchive.rules.names import unportable
from tests.builders import (
    PAGE,
    PATH,
    SMALL_ARCHIVE,
    TODAY,
    day_index,
    event,
    found_on,
    spoiled,
    the_one,
    write_archive,
)

INDEX = day_index("2016-03-2", [("The pier burns.", PATH)])


class TestMisfiledPages:
    @pytest.mark.parametrize(
        "path",
        [
            "/news/x.md",
            "/news/2016/x.md",
            "/news/2016/03/x.md",
            "/news/2016/03/2/deep/x.md",
            "/news/2016/03/2 /x.md",
            "/news/2016-03-2/x.md",
            "/news/2016/Mar/2/x.md",
        ],
    )
    def test_an_event_in_no_days_folder(self, path: str) -> None:
        found = the_one(found_on(PAGE, "NA307", path), 1, 6, "an event", "/news/2016/03/2/x.md")
        assert found.severity is na.Severity.ERROR
        assert found.fix is None

    @pytest.mark.parametrize("path", ["/news/2016/03/index.md", "/news/2016-03-2/README.md"])
    def test_the_index_of_a_day_elsewhere(self, path: str) -> None:
        the_one(found_on(INDEX, "NA307", path), 1, 5, "the index of a day", "2016/03/2/index.md")

    @pytest.mark.parametrize("path", ["/news/2016/3/2/x.md", "/news/2016/03/02/x.md"])
    def test_padding_other_than_the_archives(self, path: str) -> None:
        the_one(found_on(PAGE, "NA307", path), 1, 6, "belongs to /news/2016/03/2/x.md")

    def test_a_month_that_there_is_none_of(self) -> None:
        path = "/news/2016/13/2/x.md"
        the_one(found_on(PAGE, "NA307", path), 1, 6, "belongs to /news/2016/03/2/x.md")

    def test_a_year_that_was_cut_short(self) -> None:
        path = "/news/16/03/2/x.md"
        the_one(found_on(PAGE, "NA307", path), 1, 6, "belongs to /news/2016/03/2/x.md")

    @pytest.mark.parametrize("head", ["", "### 2 March 2016\n\n"])
    def test_an_event_is_known_by_its_sections_too(self, head: str) -> None:
        text = head + PAGE.partition("\n\n")[2]
        line = text.partition("### Source:")[0].count("\n") + 1
        found = the_one(
            found_on(text, "NA307", "/news/2016/03/x.md"), line, 1, "an event in no day"
        )
        assert "belongs" not in found.message

    def test_without_a_date_nobody_knows_where_it_belongs(self) -> None:
        text = spoiled("[2016-03-2]", "[2016-13-2]")
        for path in ("/news/2016/13/2/x.md", "/news/2016/03/x.md"):
            [found] = found_on(text, "NA307", path)
            assert "belongs" not in found.message
        [found] = found_on("nothing", "NA307", "/news/2016/13/2/x.md")
        assert (found.start, found.end) == (0, 0)

    @pytest.mark.parametrize(
        "path",
        [PATH, "/news/2016/03/3/x.md", "", "/x.md", "/faq/README.md", "/drafts/2016/03/x.md"],
    )
    def test_a_page_in_a_days_folder_or_outside_of_news(self, path: str) -> None:
        assert found_on(PAGE, "NA307", path) == []

    @pytest.mark.parametrize(
        "text",
        [
            "# About the news\n\nWe write.\n",
            "",
            "# March 2016\n\n### 2016-03-2\n",
            "## [2016-03-2](/news/2016/03/2/index.md)\n\n## [2016-03-1](/b)\n",
        ],
    )
    def test_prose_and_lists_of_days_may_lie_there(self, text: str) -> None:
        assert found_on(text, "NA307", "/news/2016/03/index.md") == []

    def test_other_kinds_of_page_are_not_meant(self) -> None:
        for path, text in SMALL_ARCHIVE.items():
            assert found_on(text, "NA307", path) == []


class TestMisnamedPages:
    @pytest.mark.parametrize("name", ["x.MD", "x.Md", "x.markdown", "x.mkd"])
    def test_a_file_that_is_no_page_for_its_ending(self, tmp_path: Path, name: str) -> None:
        root = write_archive(tmp_path, {f"/news/2016/03/2/{name}": PAGE}, small=True)
        [found] = na.check(root, today=TODAY).diagnostics
        assert (found.code, found.page) == ("NA907", f"/news/2016/03/2/{name}")
        assert "/news/2016/03/2/x.md" in found.message

    @pytest.mark.parametrize(
        "path",
        ["/news/2016/03/2/x.html", "/news/2016/03/2/x.md.bak", "/README.markdown", "/news/md"],
    )
    def test_other_files(self, tmp_path: Path, path: str) -> None:
        root = write_archive(tmp_path, {path: PAGE}, small=True)
        assert na.check(root, today=TODAY).diagnostics == ()


class TestUnportableNames:
    @pytest.mark.parametrize(
        "name",
        ["a:b.md", "what?.md", "star*.md", "a<b.md", 'a"b.md', "a|b.md", "back\\slash.md",
         "a\tb.md", "con.md", "CON.md", "aux.tar.md", "nul", "com1.md", "LPT9.md", "com\xb9.md",
         "con .md", "trail. ", "dot.", "conin$.md"],
    )  # fmt: skip
    def test_what_windows_cannot_hold(self, name: str) -> None:
        for path in (f"/news/2016/03/2/{name}", f"/{name}/a.md"):
            assert [found for found, _ in unportable([path])] == [path]

    @pytest.mark.parametrize(
        "name", ["a.md", "console.md", "com10.md", "com.md", "a b.md", ".hidden", "naïve-€-龙.md"]
    )
    def test_what_any_system_holds(self, name: str) -> None:
        assert list(unportable([f"/news/2016/03/2/{name}"])) == []

    @pytest.mark.parametrize(
        ("one", "other", "how"),
        [
            ("/a/Story.md", "/a/story.md", "letter case"),
            ("/A/story.md", "/a/story.md", "letter case"),
            ("/a/nai\u0308ve.md", "/a/na\xefve.md", "NFC"),
            ("/a/NAI\u0308VE.md", "/a/na\xefve.md", "letter case"),
        ],
    )
    def test_what_other_systems_take_for_one(self, one: str, other: str, how: str) -> None:
        [(path, message)] = unportable({other, one})
        assert path == other
        assert one in message
        assert how in message

    def test_the_same_name_elsewhere_is_another(self) -> None:
        assert list(unportable(["/a/Story.md", "/b/story.md", "/a/story.txt"])) == []

    @pytest.mark.skipif(os.name != "posix", reason="needs names that others cannot hold")
    def test_it_is_off_unless_selected(self, tmp_path: Path) -> None:
        path = "/news/2016/03/2/con.md"
        root = write_archive(tmp_path, {path: event()}, small=True)
        assert {d.code for d in na.check(root, today=TODAY).diagnostics} == {"NA208"}
        found = na.check(root, select=["NA906"], today=TODAY).diagnostics
        assert [(d.code, d.page) for d in found] == [("NA906", path)]
        again = na.check(root, select=["NA906"], only=[path, PATH], today=TODAY).diagnostics
        assert again == found
        assert na.check(root, select=["NA906"], only=[PATH], today=TODAY).diagnostics == ()
