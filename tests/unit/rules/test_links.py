"""NA2xx: links between pages."""

from pathlib import Path

import pytest

import newsarchive as na
from newsarchive.rules.titles import same_title
from tests.builders import (
    LATER,
    OPENS,
    PAGE,
    PATH,
    REBUILT,
    SMALL_ARCHIVE,
    TODAY,
    day_index,
    event,
    fixed,
    found_in,
    found_on,
    shown,
    spoiled,
    texts,
    the_one,
    where,
    write_archive,
)

DAY = "/news/2016/03/2/index.md"
MENDED = SMALL_ARCHIVE[PATH]


def with_related(target: str) -> str:
    """The page, its second related link leading to `target`."""
    return spoiled(f"]({REBUILT})", f"]({target})", MENDED)


def test_a_closed_archive_has_no_finding_at_all(tmp_path: Path) -> None:
    report = na.check(write_archive(tmp_path, small=True, pages={}), today=TODAY)
    assert report.diagnostics == ()
    assert report.page_count == len(SMALL_ARCHIVE)


class TestBrokenRelatedLink:
    def found(self, root: Path, target: str) -> na.Diagnostic:
        text = with_related(target)
        write_archive(root, {PATH: text}, small=True)
        found = the_one(found_in(root, "NA201"), 17, 27, f"page '{target}' does not exist")
        assert shown(found, text) == target
        return found

    def test_a_page_that_is_gone(self, tmp_path: Path) -> None:
        text = spoiled("[The pier is rebuilt.]", "[Snow in June.]", MENDED)
        text = spoiled(REBUILT, "/news/2016/03/4/snow.md", text)
        write_archive(tmp_path, {PATH: text}, small=True)
        found = the_one(found_in(tmp_path, "NA201"), 17, 20, "'/news/2016/03/4/snow.md'")
        assert found.message.endswith("does not exist")
        assert (found.page, found.severity) == (PATH, "error")
        assert found.file == str(tmp_path / PATH[1:])

    @pytest.mark.parametrize(
        ("target", "hint"),
        [
            ("/news/2016/03/4/the-pier-is-rebuilt.html", "'.html' for '.md'"),
            ("/news/2016/03/4/the-pier-is-rebuilt.json", "'.json' for '.md'"),
            ("/news/2016/03/4/the-pier-is-rebuilt", "a left-off extension"),
            ("/news/2016/03/4/the-pier-is-rebuilt.md/", "a trailing slash"),
            ("/news/2016/03/4/The-Pier-is-Rebuilt.md", "another letter case"),
            ("/news/2016/03/4/the%2Dpier-is-rebuilt.md", "percent-encoding"),
            ("/news/2016/03/4/the-pier-is-rebuilt.MD", "another letter case"),
            (
                "/News/2016/03/4/the-pier-is-rebuilt.HTML",
                "'.HTML' for '.md' and another letter case",
            ),
        ],
    )
    def test_the_right_page_in_the_wrong_form_is_named(
        self, tmp_path: Path, target: str, hint: str
    ) -> None:
        _, _, said = self.found(tmp_path, target).message.partition("does not exist")
        assert hint in said
        assert f"'{REBUILT}'" in said

    def test_a_padded_day_is_another_path(self, tmp_path: Path) -> None:
        self.found(tmp_path, "/news/2016/03/04/the-pier-is-rebuilt.md")

    def test_a_composed_and_a_decomposed_name_are_two(self, tmp_path: Path) -> None:
        composed, decomposed = "/news/2016/03/4/l\u00e9r.md", "/news/2016/03/4/le\u0301r.md"
        pages = {composed: event("2016-03-4", "Léré."), PATH: with_related(decomposed)}
        write_archive(tmp_path, pages, small=True)
        the_one(found_in(tmp_path, "NA201"), 17, 27, f"page '{decomposed}' does not exist")

    @pytest.mark.parametrize("target", [OPENS, LATER, DAY, f"{LATER}#changes", "/faq/README.md"])
    def test_links_to_earlier_later_and_other_pages_are_fine(
        self, tmp_path: Path, target: str
    ) -> None:
        write_archive(tmp_path, {PATH: with_related(target)}, small=True)
        assert found_in(tmp_path, "NA201") == []

    def test_a_file_that_is_no_page_exists(self, tmp_path: Path) -> None:
        write_archive(tmp_path, {PATH: with_related("/notes.txt"), "/notes.txt": "x"}, small=True)
        assert found_in(tmp_path, "NA201") == []

    def test_two_pages_that_are_as_likely_are_both_named_and_neither_is_written(
        self, tmp_path: Path
    ) -> None:
        one, other = "/news/2016/03/4/twins-1.md", "/news/2016/03/4/twins-2.md"
        text = spoiled("[The pier is rebuilt.]", "[Twins are born.]", MENDED)
        text = spoiled(REBUILT, "/news/2016/03/4/twins.md", text)
        twins = event("2016-03-4", "Twins are born.")
        listed = [
            ("The pier is rebuilt.", REBUILT),
            *(("Twins are born.", p) for p in (one, other)),
        ]
        day = {"/news/2016/03/4/index.md": day_index("2016-03-4", listed)}
        write_archive(tmp_path, {PATH: text, one: twins, other: twins, **day}, small=True)
        found = the_one(found_in(tmp_path, "NA201"), 17, 22, f"'{one}'", f"'{other}'", "it may be")
        assert [s.path for s in found.suggestions] == [one, other]
        assert found.fix is None

    def test_a_path_outside_is_left_to_its_own_rule(self, tmp_path: Path) -> None:
        write_archive(tmp_path, {PATH: with_related("/../etc/passwd")}, small=True)
        assert found_in(tmp_path, "NA201") == []


class TestBrokenIndexEntry:
    def test_in_a_day_index(self, tmp_path: Path) -> None:
        text = spoiled(PATH, "/news/2016/03/2/gone.md", SMALL_ARCHIVE[DAY])
        write_archive(tmp_path, {DAY: text}, small=True)
        found = the_one(found_in(tmp_path, "NA202"), 3, 23, "indexed page", "gone.md'")
        assert shown(found, text) == "/news/2016/03/2/gone.md"

    def test_on_the_front_page_and_the_opinion_index(self, tmp_path: Path) -> None:
        gone = {"/opinion/2016/03/9/on-piers/README.md": None}
        write_archive(tmp_path, gone, small=True)
        assert where(found_in(tmp_path, "NA202")) == [
            ("/index.md", 6, 16),
            ("/opinion/index.md", 2, 16),
        ]

    def test_readme_is_an_index_like_any_other(self, tmp_path: Path) -> None:
        readme = "/news/2016/03/2/README.md"
        text = spoiled(PATH, "/news/2016/03/2/gone.md", SMALL_ARCHIVE[DAY])
        write_archive(tmp_path, {readme: text}, small=True)
        assert where(found_in(tmp_path, "NA202")) == [(readme, 3, 23)]


class TestBrokenDayLink:
    def test_the_heading_of_an_event_whose_day_has_no_index(self, tmp_path: Path) -> None:
        write_archive(tmp_path, {"/news/2016/03/10/index.md": None}, small=True)
        found = found_in(tmp_path, "NA203")
        assert where(found) == [("/index.md", 1, 11), (LATER, 1, 18)]
        assert "the day's page '/news/2016/03/10/index.md' does not exist" in found[0].message

    def test_a_padded_day_leads_nowhere(self, tmp_path: Path) -> None:
        text = spoiled(f"]({DAY})", "](/news/2016/03/02/index.md)", MENDED)
        write_archive(tmp_path, {PATH: text}, small=True)
        the_one(found_in(tmp_path, "NA203"), 1, 17, "'/news/2016/03/02/index.md'")

    def test_previous_day(self, tmp_path: Path) -> None:
        text = spoiled("/news/2016/02/29/index.md", "/news/2016/03/1/index.md", SMALL_ARCHIVE[DAY])
        write_archive(tmp_path, {DAY: text}, small=True)
        found = the_one(found_in(tmp_path, "NA203"), 4, 22, "'/news/2016/03/1/index.md'")
        assert shown(found, text) == "/news/2016/03/1/index.md"

    def test_a_left_off_index_is_named(self, tmp_path: Path) -> None:
        text = spoiled("](/news/2016/02/29/index.md)", "](/news/2016/02/29/)", SMALL_ARCHIVE[DAY])
        write_archive(tmp_path, {DAY: text}, small=True)
        the_one(found_in(tmp_path, "NA203"), 4, 22, "'/news/2016/02/29/index.md'", "left-off")

    def test_an_index_named_readme_is_a_day(self, tmp_path: Path) -> None:
        text = SMALL_ARCHIVE[PATH].replace(DAY, "/news/2016/03/2/README.md")
        pages = {PATH: text, "/news/2016/03/2/README.md": SMALL_ARCHIVE[DAY]}
        write_archive(tmp_path, pages, small=True)
        assert found_in(tmp_path, "NA203") == []


class TestLinkOutsideArchive:
    @pytest.mark.parametrize(
        ("target", "word"),
        [
            ("/news/../../../etc/passwd.md", "climbs out"),
            ("/news/%2e%2e/%2e%2e/secret.md", "climbs out"),
            ("/news/2016/03/4/../4/x.md", "'..' in it"),
            ("/news/./x.md", "'.'"),
            ("the-pier-is-rebuilt.md", "relative"),
            ("../4/x.md", "relative"),
            ("https://example.org/x.md", "out of the archive"),
            ("//example.org/x.md", "out of the archive"),
            ("file:///etc/passwd", "out of the archive"),
            ("/news\\2016\\x.md", "backslash"),
            ("/news/%00.md", "NUL"),
            ("", "no target"),
            ("#top", "no target"),
        ],
    )
    def test_what_is_no_archive_path(self, target: str, word: str) -> None:
        text = with_related(target)
        found = the_one(found_on(text, "NA204"), 17, 27, word, f"'{target}'")
        assert shown(found, text) == target

    def test_in_an_archive_the_page_that_is_meant_is_named_and_linked_to(
        self, tmp_path: Path
    ) -> None:
        relative = spoiled(REBUILT, "../4/the-pier-is-rebuilt.md", MENDED)
        root = write_archive(tmp_path, {PATH: relative}, small=True)
        [found] = found_in(root, "NA204")
        assert [s.path for s in found.suggestions] == [REBUILT]
        assert found.fix is None  # the same title alone might be that of another day
        write_archive(root, {PATH: spoiled("/4/the-pier", "/4/%00the-pier", MENDED)})
        [found] = found_in(root, "NA204")
        assert f"did you mean '{REBUILT}' (same title, same day)" in found.message
        assert fixed((root / PATH[1:]).read_text("utf-8"), found) == MENDED

    def test_changes_headings_and_index_entries_are_looked_at(self) -> None:
        text = spoiled("](/news/2016/03/2/index.md)", "](../index.md)")
        text = spoiled("/news/2016/03/2/smoke.md", "smoke.md", text)
        assert [(d.line, d.column) for d in found_on(text, "NA204")] == [(1, 17), (21, 27)]
        index = spoiled(PATH, "the-pier-burns.md", SMALL_ARCHIVE[DAY])
        index = spoiled("/news/2016/02/29/index.md", "http://x.example/", index)
        assert [(d.line, d.column) for d in found_on(index, "NA204", DAY)] == [(3, 23), (4, 22)]

    def test_sources_lead_out_by_right_and_formats_are_not_looked_at(self) -> None:
        formats = "\nFormats: [HTML](2016/a.html)  [JSON](a.json)  [XML](a.xml)  \n\n"
        assert found_on(formats + PAGE, "NA204") == []

    @pytest.mark.parametrize("target", ["/news/2016/03/4/a..b.md", "/a.md#../b", "/x/y:z.md"])
    def test_dots_and_colons_within_names_are_fine(self, target: str) -> None:
        assert found_on(with_related(target), "NA204") == []


class TestSelfLink:
    def test_a_page_that_is_related_to_itself(self) -> None:
        text = with_related(PATH)
        found = the_one(found_on(text, "NA205"), 17, 27, "itself")
        assert shown(found, text) == PATH

    def test_a_fragment_does_not_hide_it(self) -> None:
        the_one(found_on(with_related(f"{PATH}#sources"), "NA205"), 17, 27)

    def test_another_title_tells_of_another_page_and_stays(self) -> None:
        text = event(related=[f"[The pier opens.]({PATH})"])
        assert found_on(text, "NA205")[0].fix is None
        own = event(related=[f"[The  pier burns. ]({PATH})"])
        assert found_on(own, "NA205")[0].fix is not None

    def test_the_current_version_links_to_its_page_by_right(self) -> None:
        assert found_on(MENDED, "NA205") == []

    def test_without_a_path_nothing_is_said(self) -> None:
        assert found_on(with_related(PATH), "NA205", "") == []


class TestDuplicateRelatedLink:
    def test_the_second_of_two_is_reported_and_names_the_first(self) -> None:
        text = with_related(OPENS)
        found = the_one(found_on(text, "NA206"), 17, 27, "entry 1")
        assert shown(found, text) == OPENS

    def test_a_third_too(self) -> None:
        text = event(related=[f"[A]({OPENS})", f"[B]({OPENS}#x)", f"[C]({OPENS})"])
        assert [d.line for d in found_on(text, "NA206")] == [15, 16]

    @pytest.mark.parametrize(
        ("second", "removed"),
        [
            (f"[A]({OPENS}) _Context: pier, Veldania_", True),
            (f"[ A ]({OPENS}#x) _Context: Veldania_", True),
            (f"[A]({OPENS})", True),
            (f"[B]({OPENS}) _Context: pier_", False),
            (f"[A]({OPENS}) _Context: pier, smoke_", False),
        ],
    )
    def test_a_second_that_says_more_stays(self, second: str, removed: bool) -> None:
        text = event(related=[f"[A]({OPENS}) _Context: pier, Veldania_", second])
        [found] = found_on(text, "NA206")
        assert (found.fix is not None) is removed

    def test_two_links_with_one_text_are_no_duplicates(self) -> None:
        text = event(related=[f"[A]({OPENS})", f"[A]({LATER})"])
        assert found_on(text, "NA206") == []

    def test_a_change_and_a_related_link_may_share_a_target(self) -> None:
        assert found_on(with_related("/news/2016/03/2/smoke.md"), "NA206") == []


class TestLinkTitleMismatch:
    def test_a_related_link_with_another_text(self, tmp_path: Path) -> None:
        text = spoiled("[The pier is rebuilt.]", "[ The pier is built. ]", MENDED)
        write_archive(tmp_path, {PATH: text}, small=True)
        found = the_one(found_in(tmp_path, "NA207"), 17, 6, "which is 'The pier is rebuilt.'")
        assert shown(found, text) == "The pier is built."

    def test_an_index_entry_with_another_text(self, tmp_path: Path) -> None:
        text = spoiled("[The pier burns.]", "[The peer burns.]", SMALL_ARCHIVE[DAY])
        write_archive(tmp_path, {DAY: text}, small=True)
        the_one(found_in(tmp_path, "NA207"), 3, 6, "which is 'The pier burns.'")

    def test_letter_case_matters(self, tmp_path: Path) -> None:
        text = spoiled("[The pier is rebuilt.]", "[The Pier is rebuilt.]", MENDED)
        write_archive(tmp_path, {PATH: text}, small=True)
        the_one(found_in(tmp_path, "NA207"), 17, 5)

    def test_a_title_that_no_link_can_quote_is_not_taken_over(self, tmp_path: Path) -> None:
        write_archive(tmp_path, {REBUILT: event("2016-03-4", "A [b](c).")}, small=True)
        found = found_in(tmp_path, "NA207")
        assert len(found) == 2
        assert [d.fix for d in found] == [None, None]

    def test_a_long_title_is_cut_short_in_the_message(self, tmp_path: Path) -> None:
        write_archive(tmp_path, {REBUILT: event("2016-03-4", "x" * 300)}, small=True)
        found = found_in(tmp_path, "NA207")
        assert where(found) == [(PATH, 17, 5), ("/news/2016/03/4/index.md", 3, 6)]
        assert all(len(d.message) < 200 for d in found)

    def test_blanks_do_not_matter(self, tmp_path: Path) -> None:
        text = spoiled("[The pier is rebuilt.]", "[  The  pier is\u00a0rebuilt. ]", MENDED)
        write_archive(tmp_path, {PATH: text}, small=True)
        assert found_in(tmp_path, "NA207") == []

    def test_older_versions_had_other_titles_by_right(self, tmp_path: Path) -> None:
        text = spoiled("[Smoke over the pier.]", "[Fire!]", MENDED)
        write_archive(tmp_path, {PATH: text}, small=True)
        assert found_in(tmp_path, "NA207") == []

    @pytest.mark.parametrize("target", ["/faq/README.md", "/news/2016/03/4/index.md", "/gone.md"])
    def test_a_target_without_a_title_is_not_compared(self, tmp_path: Path, target: str) -> None:
        write_archive(tmp_path, {PATH: with_related(target)}, small=True)
        assert found_in(tmp_path, "NA207") == []

    def test_a_damaged_target_still_has_its_title(self, tmp_path: Path) -> None:
        target = SMALL_ARCHIVE[REBUILT].replace("### [2016-03-4]", "### [4 March]")
        write_archive(tmp_path, {REBUILT: target}, small=True)
        assert found_in(tmp_path, "NA207") == []


class TestOrphanPage:
    def test_an_event_that_its_day_does_not_list(self, tmp_path: Path) -> None:
        lost = "/news/2016/03/2/lost.md"
        write_archive(tmp_path, {lost: event(title="Lost.")}, small=True)
        found = the_one(found_in(tmp_path, "NA208"), 1, 1, "no index page of its day")
        assert found.page == lost
        assert (found.end_line, found.end_column) == (1, 42)

    def test_the_finding_is_on_line_one_whatever_that_is(self, tmp_path: Path) -> None:
        lost = "/news/2016/03/2/lost.md"
        write_archive(tmp_path, {lost: "\n" + event(title="Lost.")}, small=True)
        the_one(found_in(tmp_path, "NA208"), 1, 1)

    def test_an_empty_page_is_one_too(self, tmp_path: Path) -> None:
        write_archive(tmp_path, {"/news/2016/03/2/lost.md": ""}, small=True)
        the_one(found_in(tmp_path, "NA208"), 1, 1)

    def test_another_days_index_does_not_count(self, tmp_path: Path) -> None:
        four = "/news/2016/03/4/index.md"
        entries = [("The pier is rebuilt.", REBUILT), ("The pier burns.", PATH)]
        pages = {DAY: day_index("2016-03-2", []), four: day_index("2016-03-4", entries, DAY)}
        write_archive(tmp_path, pages, small=True)
        assert where(found_in(tmp_path, "NA208")) == [(PATH, 1, 1)]

    @pytest.mark.parametrize("name", ["index.md", "README.md"])
    def test_either_index_will_do(self, tmp_path: Path, name: str) -> None:
        pages = {DAY: day_index("2016-03-2", []), f"/news/2016/03/2/{name}": SMALL_ARCHIVE[DAY]}
        write_archive(tmp_path, pages, small=True)
        assert found_in(tmp_path, "NA208") == []

    @pytest.mark.parametrize(
        "line",
        [
            f"### [The pier burns.({PATH})",
            f"### The pier burns.]({PATH})",
            f"### [The pier burns.]({PATH}) (updated)",
            f"#### [The pier burns.]({PATH})",
            f"[The pier burns.]({PATH})",
            "### [The pier burns.](/news/2016/03/2/the-pier-",
            f"### [The pier burns.({PATH.replace('pier', '%70ier')})",
        ],
    )
    @pytest.mark.parametrize("name", ["index.md", "README.md"])
    def test_an_event_whose_entry_is_broken_is_not_listed_again(
        self, tmp_path: Path, line: str, name: str
    ) -> None:
        entry = f"### [The pier burns.]({PATH})"
        pages = {DAY: spoiled(entry, "", SMALL_ARCHIVE[DAY])}
        pages[f"/news/2016/03/2/{name}"] = spoiled(entry, line, SMALL_ARCHIVE[DAY])
        write_archive(tmp_path, pages, small=True)
        [found] = found_in(tmp_path, "NA208")
        assert (found.page, found.fix) == (PATH, None)

    @pytest.mark.parametrize("blank", ["\x85", "\x0c", "\x0b", "\u2028", "\xa0 "])
    def test_a_blank_behind_an_entry_is_no_part_of_it(self, tmp_path: Path, blank: str) -> None:
        entry = f"### [The pier burns.]({PATH})"
        index = spoiled(entry, entry + blank, SMALL_ARCHIVE[DAY])
        write_archive(tmp_path, {DAY: index}, small=True)
        assert found_in(tmp_path, "NA208") == []

    def test_pages_that_are_no_events_need_no_entry(self, tmp_path: Path) -> None:
        write_archive(tmp_path, {"/news/about.md": "# About\n"}, small=True)
        assert found_in(tmp_path, "NA208") == []


class TestBrokenChangeLink:
    def test_an_older_version_that_is_gone_is_told(self, tmp_path: Path) -> None:
        write_archive(tmp_path, {PATH: PAGE}, small=True)
        found = the_one(found_in(tmp_path, "NA209"), 21, 27, "older version's page", "smoke.md'")
        assert found.severity == "info"

    def test_one_that_exists_is_not(self, tmp_path: Path) -> None:
        write_archive(tmp_path, small=True, pages={})
        assert found_in(tmp_path, "NA209") == []

    def test_a_misdirected_current_version_is_left_to_change_order(self, tmp_path: Path) -> None:
        text = MENDED.replace(f"]({PATH}) _(Current", "](/news/2016/03/2/x.md) _(Current")
        write_archive(tmp_path, {PATH: text}, small=True)
        assert found_in(tmp_path, "NA209") == []
        the_one(found_in(tmp_path, "NA306"), 23, 22)


class TestForeignIndexEntry:
    def test_an_event_of_another_day(self) -> None:
        text = day_index("2016-03-2", [("The pier burns.", PATH), ("The pier opens.", OPENS)])
        found = the_one(found_on(text, "NA210", DAY), 4, 23, "2016-03-2 lists", "2016-02-29")
        assert shown(found, text) == OPENS

    @pytest.mark.parametrize("target", [PATH, "/opinion/2016/03/1/x/README.md", "x.md"])
    def test_what_is_of_the_day_or_of_none(self, target: str) -> None:
        assert found_on(day_index("2016-03-2", [("A", target)]), "NA210", DAY) == []

    def test_the_front_page_lists_all_days(self) -> None:
        assert found_on(SMALL_ARCHIVE["/index.md"], "NA210", "/index.md") == []

    def test_without_a_path_nothing_is_said(self) -> None:
        assert found_on(day_index("2016-03-2", [("A", OPENS)]), "NA210", "") == []


class TestDuplicateIndexEntry:
    TWICE = day_index("2016-03-2", [("Fire.", PATH), (" Fire. ", f"{PATH}#top")])

    def test_the_second_of_two_entries_goes(self) -> None:
        found = the_one(found_on(self.TWICE, "NA212", DAY), 4, 15, "lists this page already")
        assert fixed(self.TWICE, found) == day_index("2016-03-2", [("Fire.", PATH)])
        assert found.fix is not None
        assert found.fix.applicability == "unsafe"

    @pytest.mark.parametrize("path", ["/index.md", "/opinion/index.md"])
    def test_on_every_index(self, path: str) -> None:
        text = SMALL_ARCHIVE[path]
        entry = "### [On piers](/opinion/2016/03/9/on-piers/README.md)\nThey burn.\n\n"
        assert len(found_on(spoiled(entry, entry * 3, text), "NA212", path)) == 2
        assert found_on(text, "NA212", path) == []

    def test_two_pages_with_one_title_are_two(self) -> None:
        text = day_index("2016-03-2", [("A", PATH), ("A", OPENS)])
        assert found_on(text, "NA212", DAY) == []


class TestSlugCollision:
    START = "The longest pier that was ever built in the bay burns. "
    ONE, OTHER = f"{START}One is hurt.", f"{START}It was set on fire."
    TITLES = ((ONE, PATH), ("Rain.", OPENS), (OTHER, PATH))

    def archive(self, root: Path) -> Path:
        """The page of one event at the path of two; another page links to both."""
        related = [f"[{self.ONE}]({PATH})", f"[{self.OTHER}]({PATH})"]
        pages = {
            PATH: event(title=self.ONE),
            DAY: day_index("2016-03-2", self.TITLES),
            OPENS: event("2016-02-29", "Rain.", related=related),
            REBUILT: event("2016-03-4", "Hail.", related=related[1:]),
        }
        return write_archive(root, pages)

    def test_the_second_title_is_found_and_stays(self) -> None:
        text = day_index("2016-03-2", self.TITLES)
        words = "lists this path above as '... ever built in the bay burns. One is hurt.'"
        found = the_one(found_on(text, "NA213", DAY), 5, len(self.OTHER) + 8, words)
        assert found.fix is None
        assert found_on(text, "NA212", DAY) == []

    def test_no_fix_takes_its_evidence_away(self, tmp_path: Path) -> None:
        root = self.archive(tmp_path)
        before = texts(root)
        for _ in range(2):
            na.repair(root, unsafe=True, select=["NA206", "NA207", "NA212", "NA213"])
        assert texts(root) == before
        the_one(found_in(root, "NA213"), 5, len(self.OTHER) + 8)

    def test_what_quotes_the_other_title_is_found_but_in_the_index(self, tmp_path: Path) -> None:
        found = found_in(self.archive(tmp_path), "NA207")
        assert [d.page for d in found] == [OPENS, REBUILT]
        for diagnostic in found:
            assert diagnostic.message.endswith("; two events may have this path")
            assert diagnostic.fix is None

    def test_a_third_entry_under_a_title_of_before_is_a_duplicate(self) -> None:
        text = day_index("2016-03-2", [*self.TITLES, (f" {self.OTHER}", PATH)])
        assert len(found_on(text, "NA213", DAY)) == 1
        the_one(found_on(text, "NA212", DAY), 6, len(self.OTHER) + 9)

    def test_short_titles_are_shown_whole(self) -> None:
        text = day_index("2016-03-2", [("Fire.", PATH), ("Flames.", PATH)])
        the_one(found_on(text, "NA213", DAY), 4, 15, "lists this path above as 'Fire.'")


class TestBrokenFormatLink:
    FORMATS = (
        "\nFormats: [HTML](/news/2016/03/2/the-pier-burns.html)"
        "  [JSON](/news/2016/03/2/the-pier-burns.json)"
        "  [XML](/news/2016/03/2/the-pier-burns.xml)  \n\n"
    )

    def test_it_is_off_unless_selected(self, tmp_path: Path) -> None:
        write_archive(tmp_path, {PATH: self.FORMATS + MENDED}, small=True)
        assert na.check(tmp_path, today=TODAY).diagnostics == ()

    def test_each_form_that_is_missing(self, tmp_path: Path) -> None:
        text = self.FORMATS + MENDED
        there = {"/news/2016/03/2/the-pier-burns.json": "{}"}
        write_archive(tmp_path, {PATH: text, **there}, small=True)
        found = found_in(tmp_path, "NA211")
        assert where(found) == [(PATH, 2, 17), (PATH, 2, 106)]
        assert "the HTML form" in found[0].message
        assert shown(found[1], text) == "/news/2016/03/2/the-pier-burns.xml"

    def test_all_there(self, tmp_path: Path) -> None:
        forms = {f"/news/2016/03/2/the-pier-burns.{x}": "" for x in ("html", "json", "xml")}
        write_archive(tmp_path, {PATH: self.FORMATS + MENDED, **forms}, small=True)
        assert found_in(tmp_path, "NA211") == []


@pytest.mark.parametrize("text", ["# T", "\nFormats: [HTML](/a)\n\n# T \n", "# T\n\ntext\n"])
def test_an_orphan_is_marked_by_its_first_line(tmp_path: Path, text: str) -> None:
    root = write_archive(tmp_path, {PATH: text})
    [orphan] = na.check(root, select=["NA208"], today=TODAY).diagnostics
    assert text[orphan.start : orphan.end] == text.partition("\n")[0]


def test_older_versions_at_paths_that_cannot_be_are_not_looked_for(tmp_path: Path) -> None:
    for path in ("https://a.example/b.md", "../b.md", ""):
        change = f"[The pier burns.]({path}) _(First version)_"
        text = event(changes=[change, f"[The pier burns.]({PATH}) _(Current version)_"])
        write_archive(tmp_path, {PATH: text}, small=True)
        assert found_in(tmp_path, "NA209") == []


def test_titles_with_escaped_brackets_are_the_same() -> None:
    assert same_title(r"a \[b c", "a [b  c")
    assert same_title(r"a \[b\] c", "a [b] c")
    assert not same_title(r"a \[b", "a b")
