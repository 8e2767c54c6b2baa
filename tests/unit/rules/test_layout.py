"""NA1xx: layout."""

import pytest

import newsarchive as na
from tests.builders import PAGE, PATH, SMALL_ARCHIVE, fixed, found_on, shown, spoiled, the_one

DAY = "/news/2016/03/2/index.md"


def test_a_page_in_order_has_no_layout_finding() -> None:
    assert found_on(PAGE, "NA1") == []


@pytest.mark.parametrize("path", SMALL_ARCHIVE)
def test_every_kind_of_page_in_order_has_none(path: str) -> None:
    assert found_on(SMALL_ARCHIVE[path], "NA1", path) == []


class TestUndecodable:
    def test_the_first_bad_byte_is_named_at_its_place(self) -> None:
        data = PAGE.encode().replace(b"The pier burns.\n\nNobody", b"L\xe9r\xe9 burns.\n\nNobody")
        found = the_one(found_on(data, "NA101"), 3, 4, "0xe9", "UTF-8")
        assert found.severity == "error"
        assert (found.end_line, found.end_column) == (3, 5)

    def test_columns_count_characters_and_not_bytes(self) -> None:
        data = "# Léré – ".encode() + b"\xff"
        the_one(found_on(data, "NA101"), 1, 10, "0xff")

    def test_nothing_else_is_checked_on_such_a_page(self) -> None:
        data = b"\xef\xbb\xbf\r\n# \xff\r\n"
        assert [d.code for d in na.check_text(data, PATH)] == ["NA101"]

    def test_a_cut_off_sequence_is_shown_whole(self) -> None:
        the_one(found_on(b"# A\n\n\xe2\x82", "NA101"), 3, 1, "0xe2 0x82")

    def test_bytes_after_a_byte_order_mark_and_crlf_keep_their_place(self) -> None:
        the_one(found_on(b"\xef\xbb\xbfa\r\nb\xfe", "NA101"), 2, 2, "0xfe")

    def test_utf_16_is_not_utf_8(self) -> None:
        the_one(found_on(PAGE.encode("utf-16"), "NA101"), 1, 1)

    def test_a_lone_surrogate_in_a_string_is_no_text(self) -> None:
        the_one(found_on("# A\n\nb\ud800", "NA101"), 3, 2, "surrogate")

    def test_any_utf_8_is_fine(self) -> None:
        text = spoiled("Nobody was hurt.", "\u0000\u2028\u200b 𝔄 Ω\ufeff")
        assert found_on(text.encode(), "NA101") == []


class TestByteOrderMark:
    def test_it_is_found_at_the_start_and_removed(self) -> None:
        text = "\ufeff" + PAGE
        found = the_one(found_on(text, "NA102"), 1, 1, "byte order mark")
        assert shown(found, text) == "\ufeff"
        assert found.severity == "warning"
        assert fixed(text, found) == PAGE

    def test_several_are_one_finding_and_go_together(self) -> None:
        text = "\ufeff\ufeff" + PAGE
        assert fixed(text, the_one(found_on(text, "NA102"), 1, 1)) == PAGE

    def test_the_same_character_elsewhere_is_text(self) -> None:
        assert found_on(spoiled("Nobody", "No\ufeffbody"), "NA102") == []

    def test_the_heading_behind_it_is_read(self) -> None:
        assert na.inspect("\ufeff" + PAGE, PATH).page == na.parse(PAGE, PATH)


class TestLineEndings:
    def test_crlf_is_one_finding_at_the_first_and_all_are_fixed(self) -> None:
        text = PAGE.replace("\n", "\r\n")
        found = the_one(found_on(text, "NA103"), 1, 42, "23 line endings", "\\r\\n")
        assert shown(found, text) == "\r\n"
        assert fixed(text, found) == PAGE

    def test_a_lone_cr_ends_a_line_too(self) -> None:
        text = PAGE.replace("\n", "\r")
        found = the_one(found_on(text, "NA103"), 1, 42, "23 line endings", "(\\r)")
        assert fixed(text, found) == PAGE

    def test_a_single_one_in_a_file_of_lf(self) -> None:
        text = spoiled("hurt.\n", "hurt.\r\n")
        found = the_one(found_on(text, "NA103"), 5, 17, "1 line ending with", "mixed")
        assert fixed(text, found) == PAGE

    def test_everything_else_on_the_page_is_still_checked(self) -> None:
        text = spoiled("2. [Evening", "3. [Evening").replace("\n", "\r\n")
        assert {d.code for d in na.check_text(text, PATH)} == {"NA103", "NA108"}

    def test_other_line_separators_are_text(self) -> None:
        text = spoiled("Nobody was", "Nobody\u2028was\u0085\x0b\x0c")
        assert found_on(text, "NA103") == []


class TestMissingDateHeading:
    def test_a_page_without_one(self) -> None:
        text = spoiled("### [2016-03-2](/news/2016/03/2/index.md)\n\n", "")
        the_one(found_on(text, "NA104"), 1, 1, "no date heading")

    @pytest.mark.parametrize(
        "heading",
        [
            "### 2 March 2016",
            "### [2 March 2016](/news/2016/03/2/index.md)",
            "### [2016-03-2] (/news/2016/03/2/index.md)",
            "### [2016-03-2](/news/2016/03/2/index.md) again",
        ],
    )
    def test_a_heading_that_is_no_dated_link_is_shown(self, heading: str) -> None:
        text = spoiled("### [2016-03-2](/news/2016/03/2/index.md)", heading)
        found = the_one(found_on(text, "NA104"), 1, 1, "is no date heading")
        assert shown(found, text) == heading

    def test_a_day_index_without_one(self) -> None:
        text = "### [The pier burns.](/news/2016/03/2/the-pier-burns.md)\n\n"
        the_one(found_on(text, "NA104", DAY), 1, 1, "## [")

    def test_a_page_has_no_model_then(self) -> None:
        text = spoiled("### [2016-03-2](/news/2016/03/2/index.md)\n\n", "")
        with pytest.raises(na.InvalidPageError) as caught:
            na.parse(text, PATH)
        assert [d.code for d in caught.value.diagnostics] == ["NA104"]

    @pytest.mark.parametrize("day", ["2016-03-2", "2016-3-02", "2016-03-02", "2016-02-30"])
    def test_padding_and_the_calendar_are_no_matter_of_this_rule(self, day: str) -> None:
        assert found_on(spoiled("[2016-03-2]", f"[{day}]"), "NA104") == []

    def test_prose_and_front_pages_need_none(self) -> None:
        assert found_on("# Questions\n", "NA104", "/faq/README.md") == []
        assert found_on(SMALL_ARCHIVE["/index.md"], "NA104", "/index.md") == []


class TestMissingTitle:
    def test_it_is_missed_after_the_date_heading(self) -> None:
        text = spoiled("# The pier burns.\n\n", "")
        the_one(found_on(text, "NA105"), 1, 42, "no title", "'# Title'")

    @pytest.mark.parametrize("line", ["#", "# ", "#  \t"])
    def test_an_empty_one_is_none(self, line: str) -> None:
        found = the_one(found_on(spoiled("# The pier burns.", line), "NA105"), 3, 1, "empty")
        assert found.end_line == 3

    def test_a_title_of_another_level_is_none(self) -> None:
        found = found_on(spoiled("# The pier burns.", "## The pier burns."), "NA1")
        assert [(d.code, d.line) for d in found] == [("NA105", 1), ("NA109", 3)]

    @pytest.mark.parametrize("title", ["3.4 million", "[U.S.]", "i died", "''x", "  two blanks  "])
    def test_odd_titles_are_titles(self, title: str) -> None:
        assert found_on(spoiled("# The pier burns.", f"# {title}"), "NA105") == []


class TestUnknownSection:
    def test_a_misspelt_one_is_recognised(self) -> None:
        text = spoiled("### Related:", "### Relatedd:")
        found = the_one(found_on(text, "NA106"), 14, 1, "'### Relatedd:'", "did you mean")
        assert shown(found, text) == "### Relatedd:"
        assert "'### Related:'" in found.message

    def test_its_entries_are_checked_as_if_it_stood_there(self) -> None:
        text = spoiled("### Related:", "### Relatedd:")
        text = spoiled("2. [The pier is rebuilt.]", "3. [The pier is rebuilt.]", text)
        assert [d.code for d in na.check_text(text, PATH)] == ["NA106", "NA108"]

    def test_a_strange_one_is_told_what_is_known(self) -> None:
        text = spoiled("### Changes:", "### Obituary:")
        found = the_one(found_on(text, "NA106"), 19, 1, "known are")
        assert "did you mean" not in found.message

    def test_a_long_one_is_cut_short_in_the_message(self) -> None:
        text = spoiled("### Changes:", "### " + "x" * 500)
        assert len(the_one(found_on(text, "NA106"), 19, 1).message) < 200

    def test_a_second_date_heading_is_no_section(self) -> None:
        text = spoiled("Nobody was hurt.", "### [2016-03-3](/news/2016/03/3/index.md)")
        the_one(found_on(text, "NA106"), 5, 1, "second date heading")

    @pytest.mark.parametrize("name", ["Source:", "Sources:"])
    def test_both_names_of_the_sources_are_known(self, name: str) -> None:
        assert found_on(spoiled("### Source:", f"### {name}"), "NA106") == []

    def test_blanks_behind_a_name_do_not_count(self) -> None:
        assert found_on(spoiled("### Related:", "###  Related: "), "NA106") == []


class TestMalformedEntry:
    @pytest.mark.parametrize(
        ("line", "word"),
        [
            ("2. [The pier is rebuilt.(/news/2016/03/4/the-pier-is-rebuilt.md)", "']'"),
            ("2. The pier is rebuilt. /news/2016/03/4/the-pier-is-rebuilt.md", "'[Title](target)'"),
            ("2. [The pier is rebuilt.](/news/2016/03/4/the-pier-is-rebuilt.md", "closing ')'"),
            ("[The pier is rebuilt.](/news/2016/03/4/the-pier-is-rebuilt.md)", "numbered"),
            ("2. [The pier](/news/2016/03/4/a.md) [is](/news/2016/03/4/b.md)", "not one whole"),
            ("2. [ ](/news/2016/03/4/the-pier-is-rebuilt.md)", "empty"),
            ("2. [The pier](/news/2016/03/4/a.md) _(Update)_", "belongs under Changes"),
            ("2. [The pier](/news/2016/03/4/a.md) _Context: pier", "not one whole"),
            ("2.[The pier](/news/2016/03/4/a.md)", "not one whole"),
            ("and some prose", "numbered"),
        ],
    )
    def test_a_line_that_is_not_one_whole_entry(self, line: str, word: str) -> None:
        text = spoiled("2. [The pier is rebuilt.](/news/2016/03/4/the-pier-is-rebuilt.md)", line)
        found = the_one(found_on(text, "NA107"), 17, 1, word)
        assert shown(found, text) == line

    @pytest.mark.parametrize(
        ("note", "word"),
        [
            ("", "_(Current version)_"),
            (" _Context: pier_", "_(Current version)_"),
            (" _2016-02-30 10:00:00 (Update)_", "'2016-02-30 10:00:00' does not exist"),
            (" _2016-03-02 25:00:00 (Update)_", "does not exist"),
        ],
    )
    def test_a_change_needs_its_own_note(self, note: str, word: str) -> None:
        text = spoiled(" _2016-03-02 10:00:00 (Update)_", note)
        the_one(found_on(text, "NA107"), 22, 1, word)

    def test_a_source_has_no_context(self) -> None:
        text = spoiled("org/pier)\n", "org/pier) _Context: pier_\n")
        the_one(found_on(text, "NA107"), 10, 1, "belongs under Related")

    def test_the_other_entries_stay_in_the_model(self) -> None:
        text = spoiled("1. [The pier opens.](", "1. [The pier opens.(")
        page = na.inspect(text, PATH).page
        assert isinstance(page, na.Event)
        assert [r.title for r in page.related] == ["The pier is rebuilt."]

    def test_each_line_is_a_finding(self) -> None:
        text = spoiled("1. [The pier opens.](", "1. [The pier opens.(")
        text = spoiled("2. [The pier is rebuilt.](", "2. [The pier is rebuilt.(", text)
        assert [d.line for d in found_on(text, "NA107")] == [16, 17]

    def test_an_index_heading_that_is_no_link(self) -> None:
        text = "## [2016-03-2](/news/2016/03/2/index.md)\n\n### The pier burns.\n\n"
        the_one(found_on(text, "NA107", DAY), 3, 1, "index entry")

    @pytest.mark.parametrize(
        "entry",
        [
            "[The pier, [sic] or [not.](/news/2016/03/4/x.md)",
            "[ The pier  is ](/news/2016/03/4/x_(y).md) _Context: a, b, U.S._",
            "[A]B](/news/2016/03/4/x.md) _Context: _",
        ],
    )
    def test_odd_link_texts_are_entries(self, entry: str) -> None:
        text = spoiled("[The pier is rebuilt.](/news/2016/03/4/the-pier-is-rebuilt.md)", entry)
        assert found_on(text, "NA107") == []

    def test_an_unknown_kind_of_change_is_one(self) -> None:
        assert found_on(spoiled("(Update)", "(Merged)"), "NA107") == []


class TestEntryNumbering:
    def test_a_skipped_number(self) -> None:
        text = spoiled("2. [The pier is rebuilt.]", "3. [The pier is rebuilt.]")
        found = the_one(found_on(text, "NA108"), 17, 1, "numbered 3, expected 2")
        assert shown(found, text) == "3"
        assert fixed(text, found) == PAGE

    def test_one_finding_a_section_and_one_fix_for_all_its_numbers(self) -> None:
        text = PAGE.replace("\n2. ", "\n7. ")
        found = found_on(text, "NA108")
        assert [(d.line, d.column) for d in found] == [(11, 1), (17, 1), (22, 1)]
        assert "1 more below" in found[0].message
        assert na.apply_edits(text, [e for d in found if d.fix for e in d.fix.edits]) == PAGE

    def test_a_cover_image_that_does_not_repeat_the_number_before(self) -> None:
        text = spoiled("2. [Cover Image]", "3. [Cover Image]")
        found = the_one(found_on(text, "NA108"), 12, 1, "numbered 3, expected 2")
        assert fixed(text, found) == PAGE

    def test_a_current_version_that_does_not_repeat_the_number_before(self) -> None:
        text = PAGE.replace(
            "2. [The pier burns.](/news/2016/03/2/the-pier-burns.md) _(C",
            "3. [The pier burns.](/news/2016/03/2/the-pier-burns.md) _(C",
        )
        found = the_one(found_on(text, "NA108"), 23, 1, "numbered 3, expected 2")
        assert fixed(text, found) == PAGE

    def test_a_current_version_in_english_words_is_one_in_every_edition(self) -> None:
        """The model says so, and is written so where an edition has no words for it."""
        edition = na.Edition(
            name="few", language="de", sources=("Source",), related=("Related",),
            changes=("Changes",), context=("Context",), cover_image=("Cover Image",),
            previous_day=("Previous Day",),
        )  # fmt: skip
        page = na.parse(PAGE, PATH, edition=edition)
        assert isinstance(page, na.Event)
        assert page.changes[-1].is_current
        assert na.check_page(page, select=["NA108"], edition=edition) == ()

    @pytest.mark.slow
    def test_a_malformed_line_keeps_its_number(self) -> None:
        text = spoiled("1. [The pier opens.](", "1. [The pier opens.(")
        assert found_on(text, "NA108") == []

    def test_zero_and_padded_numbers(self) -> None:
        text = spoiled("1. [The pier opens.]", "0. [The pier opens.]")
        the_one(found_on(text, "NA108"), 16, 1, "numbered 0, expected 1")

    def test_a_fix_keeps_wider_numbers_in_step(self) -> None:
        entries = "".join(f"{n}. [S{n}](https://s.example.org/{n})\n" for n in range(2, 13))
        text = f"### [2016-03-2](/news/2016/03/2/index.md)\n\n# A\n\n\n\n\n### Source:\n\n{entries}"
        found = the_one(found_on(text, "NA108"), 10, 1, "numbered 2, expected 1", "10 more below")
        sources = na.parse(fixed(text, found), PATH).sources  # type: ignore[union-attr]
        assert [s.name for s in sources] == [f"S{n}" for n in range(2, 13)]
        assert found_on(fixed(text, found), "NA") == []

    def test_cover_image_and_current_version_repeat_by_right(self) -> None:
        assert found_on(PAGE, "NA108") == []

    def test_a_cover_image_alone_is_number_one(self) -> None:
        text = spoiled("1. [Harbour Post](https://post.example.org/pier)\n", "")
        text = spoiled("2. [Evening Tide](https://tide.example.org/fire?id=7)\n", "", text)
        assert found_on(spoiled("2. [Cover", "1. [Cover", text), "NA108") == []


class TestUnexpectedContent:
    @pytest.mark.parametrize(
        ("old", "new", "line", "word"),
        [
            ("hurt.\n\n", "hurt.\n\nA second paragraph.\n\n", 7, "one paragraph"),
            ("### [2016", "Hello.\n\n### [2016", 1, "before the date heading"),
            ("Nobody", "# A second title\n\nNobody", 5, "second title"),
            ("Nobody", "## A chapter\n\nNobody", 5, "a heading"),
            ("Nobody", "##### Topic\n\nNobody", 5, "second topic"),
            ("### Changes:", "### Related:", 19, "second section"),
            ("### [2016", "\nFormats: [HTML](/a.html)  \n\n### [2016", 2, "HTML, JSON and XML"),
        ],
    )
    def test_text_where_the_format_has_none(self, old: str, new: str, line: int, word: str) -> None:
        the_one(found_on(spoiled(old, new), "NA109"), line, 1, word)

    @pytest.mark.parametrize(
        ("old", "new", "line", "word"),
        [
            ("### [The", "Hello.\n\n### [The", 3, "no entry"),
            ("### [The", "---\n\n### [The", 3, "rule"),
            ("### [The", "#### By the sea\n\n### [The", 3, "heading"),
            ("### [The", "##### Sea\n\nHello.\n\n### [The", 3, "topic line"),
            ("## [Prev", "## [2016-03-1](/news/2016/03/1/index.md)\n\n## [Prev", 4, "second"),
        ],
    )
    def test_and_in_a_day_index(self, old: str, new: str, line: int, word: str) -> None:
        text = spoiled(old, new, SMALL_ARCHIVE[DAY])
        found = found_on(text, "NA109", DAY)
        assert (found[0].line, found[0].column) == (line, 1)
        assert word in found[0].message

    def test_a_topic_line_where_an_entry_was_taken_out_is_a_hole_and_no_text(self) -> None:
        text = spoiled("## [Prev", "##### Sea\n## [Prev", SMALL_ARCHIVE[DAY])
        assert found_on(text, "NA1", DAY) == []

    def test_a_description_of_several_lines_is_one_paragraph(self) -> None:
        assert found_on(spoiled("Nobody was", "2016. Nobody\n- was\n>"), "NA109") == []

    def test_a_topic_and_a_formats_line_have_their_place(self) -> None:
        links = "Formats: [HTML](/a.html)  [JSON](/a.json)  [XML](/a.xml)  "
        text = "\n" + links + "\n\n" + spoiled("# The pier", "##### Fire\n# The pier")
        assert found_on(text, "NA109") == []


class TestHiddenLink:
    @pytest.mark.parametrize(
        ("entry", "word"),
        [
            ("[The pier [sic is rebuilt.](/news/2016/03/4/x.md)", "brackets"),
            ("[The pier sic] is rebuilt.](/news/2016/03/4/x.md)", "brackets"),
            ("[The pier](/news/2016/03/4/x y.md)", "space"),
            ("[The pier](/news/2016/03/4/x(y.md)", "parentheses"),
            ("[The `pier](/news/2016/03/4/x`.md)", "code"),
            ("[The pier](<b)", "'<'"),
        ],
    )
    def test_what_a_renderer_does_not_show_as_the_link(self, entry: str, word: str) -> None:
        text = spoiled("[The pier is rebuilt.](/news/2016/03/4/the-pier-is-rebuilt.md)", entry)
        found = the_one(found_on(text, "NA110"), 17, 5, word)
        assert shown(found, text) == entry[1 : entry.index("](")]

    def test_an_index_entry_is_looked_at_too(self) -> None:
        text = spoiled("### [The", "### [[The", SMALL_ARCHIVE[DAY])
        the_one(found_on(text, "NA110", DAY), 3, 6, "brackets")

    def test_a_change_and_a_source_too(self) -> None:
        text = spoiled("[Smoke over", "[Smoke ]over", spoiled("[Harbour", "[[Harbour"))
        assert [(d.line, d.column) for d in found_on(text, "NA110")] == [(10, 5), (21, 5)]

    @pytest.mark.parametrize(
        "entry",
        [
            "[The pier [sic] is rebuilt.](/news/2016/03/4/x.md)",
            "[The pier \\] is rebuilt.](/news/2016/03/4/x.md)",
            "[The pier](/news/2016/03/4/x_(y).md)",
            "[The `pier is rebuilt.](/news/2016/03/4/x.md)",
            "[The <b>pier](/news/2016/03/4/x.md)",
        ],
    )
    def test_what_it_does_show(self, entry: str) -> None:
        text = spoiled("[The pier is rebuilt.](/news/2016/03/4/the-pier-is-rebuilt.md)", entry)
        assert found_on(text, "NA110") == []

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            ("[[Harbour](http://a.example/)", r"[\[Harbour](http://a.example/)"),
            ("[Har]bour](http://a.example/)", r"[Har\]bour](http://a.example/)"),
            ("[Harbour](http://a.example/(b)", "[Harbour](http://a.example/%28b)"),
            ("[[Harbour](http://a.example/b)c)", r"[\[Harbour](http://a.example/b%29c)"),
            ("[Harbour](http://a.example/b c)", "[Harbour](http://a.example/b%20c)"),
        ],
    )
    def test_what_hides_a_source_can_be_escaped_if_that_is_asked_for(
        self, old: str, new: str
    ) -> None:
        text = spoiled("[Harbour Post](https://post.example.org/pier)\n", f"{old}\n")
        found = the_one(found_on(text, "NA110"), 10, 5)
        assert found.fix is not None
        assert found.fix.applicability is na.Applicability.UNSAFE
        mended = fixed(text, found)
        assert mended == spoiled(f"{old}\n", f"{new}\n", text)
        assert found_on(mended, "NA110") == []

    @pytest.mark.parametrize("target", ["/news/2016/03/4/x y.md", "/news/2016/03/4/x(y.md"])
    def test_a_path_is_never_escaped_into_another_one(self, target: str) -> None:
        text = spoiled("/news/2016/03/4/the-pier-is-rebuilt.md", target)
        assert the_one(found_on(text, "NA110"), 17, 5).fix is None
