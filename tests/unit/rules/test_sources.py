"""NA5xx: sources and text."""

import pytest

import newsarchive as na
from tests.builders import PAGE, PATH, event, found_on, shown, spoiled, the_one

URL = "https://post.example.org/pier"


def with_url(url: str) -> str:
    """The page with another first source."""
    return spoiled(f"({URL})\n", f"({url})\n")


class TestInvalidSourceUrl:
    @pytest.mark.parametrize(
        "url",
        [
            "htp:/post.example.org/pier",
            "ftp://post.example.org/pier",
            "http:/post.example.org/pier",
            "http//post.example.org",
            "//post.example.org/pier",
            "post.example.org/pier",
            "/news/2016/03/2/x.md",
            "http://",
            "http:///pier",
            "http://New%20Zealand%20Herald",
            "http://Harbour",
            "http://post..example.org/",
            "http://.org/",
            "http://post.example.org:99999999/",
            "http://post.example.org:port/",
            "https://a b.example.org/",
            "javascript:alert(1)",
            "",
        ],
    )
    def test_what_is_no_web_address_with_a_host(self, url: str) -> None:
        text = with_url(url)
        found = the_one(found_on(text, "NA501"), 10, 19, f"'{url}'", "no http or https URL")
        assert shown(found, text) == url
        assert found.severity == "error"

    def test_a_cover_image_needs_one_too(self) -> None:
        text = spoiled("(https://post.example.org/pier.jpg)", "(pier.jpg)")
        the_one(found_on(text, "NA501"), 12, 18, "'pier.jpg'")

    def test_a_long_one_is_cut_short_in_the_message(self) -> None:
        assert len(the_one(found_on(with_url("x" * 999), "NA501"), 10, 19).message) < 150

    @pytest.mark.parametrize(
        "url",
        [
            "http://post.example.org",
            "HTTPS://POST.example.ORG/Pier",
            "http://post.example.org./",
            "http://post.example.org:8080/a,b?x=&y=1#",
            "http://reader:word@post.example.org/",
            "http://post.example.org?id=1",
            "http://post.example.org#top",
            "http://post.example.org/a_(b)/%20c;d",
            "http://l\u00e9r\u00e9.example/",
            "http://xn--lr-bja.example/",
            "http://a_b.example.org/",
            "http://192.0.2.7/",
            "http://[2001:db8::1]:80/x",
            "http://localhost/x",
            "http://post.example.org/[x]",
        ],
    )
    def test_what_is_one(self, url: str) -> None:
        assert found_on(with_url(url), "NA501") == []


class TestNoSources:
    def test_an_event_without_a_source_is_told_at_its_title(self) -> None:
        text = event(sources=(), title=" The pier burns. ")
        found = the_one(found_on(text, "NA502"), 3, 4, "no source")
        assert shown(found, text) == "The pier burns."
        assert found.severity == "info"

    def test_a_section_without_entries_is_none(self) -> None:
        the_one(found_on(event(sources=()) + "\n### Source:\n\n", "NA502"), 3, 3)

    def test_a_cover_image_alone_is_no_source(self) -> None:
        text = event(sources=["[Cover Image](https://post.example.org/pier.jpg)"])
        the_one(found_on(text, "NA502"), 3, 3)

    def test_a_source_that_cannot_be_read_is_still_one(self) -> None:
        assert found_on(event(sources=["[Harbour Post(x)"]), "NA502") == []

    def test_other_pages_need_none(self) -> None:
        assert found_on("# Questions\n", "NA502", "/faq/README.md") == []
        assert found_on("## [2016-03-2](/news/2016/03/2/index.md)\n\n", "NA502", "") == []

    def test_a_page_without_a_title_has_worse_troubles(self) -> None:
        assert found_on("### [2016-03-2](/news/2016/03/2/index.md)\n", "NA502") == []


class TestDuplicateSource:
    def test_the_second_of_two_names_the_first(self) -> None:
        text = spoiled("(https://tide.example.org/fire?id=7)", f"({URL})")
        found = the_one(found_on(text, "NA503"), 11, 19, "source 1")
        assert shown(found, text) == URL

    def test_a_third_too(self) -> None:
        text = event(sources=[f"[A]({URL})", f"[B]({URL})", f"[C]({URL})"])
        assert [d.line for d in found_on(text, "NA503")] == [11, 12]

    def test_one_name_for_two_addresses_is_fine(self) -> None:
        assert found_on(spoiled("[Evening Tide]", "[Harbour Post]"), "NA503") == []

    @pytest.mark.parametrize("other", [f"{URL}/", f"{URL}#a", f"{URL}?", "http" + URL[5:]])
    def test_addresses_are_compared_as_written(self, other: str) -> None:
        text = spoiled("(https://tide.example.org/fire?id=7)", f"({other})")
        assert found_on(text, "NA503") == []

    def test_a_cover_image_is_no_source(self) -> None:
        assert found_on(spoiled("(https://post.example.org/pier.jpg)", f"({URL})"), "NA503") == []


class TestMarkupResidue:
    @pytest.mark.parametrize(
        "residue",
        ["''", "{{", "}}", "[[", "]]", "||", "[http:", "[https:", "<i>", "</ref>", '<a href="x">',
         "<br/>", "<BR>", "-{", "}-", "| pages =", "|Date=", "date=", "Date =", "access-date="],
    )  # fmt: skip
    def test_in_a_title(self, residue: str) -> None:
        text = spoiled("# The pier burns.", f"# The {residue} burns.")
        found = the_one(found_on(text, "NA504"), 3, 7, f"'{residue}' in the title is left-over")
        assert shown(found, text) == residue
        assert found.severity == "info"

    @pytest.mark.parametrize(
        ("text", "residue"),
        [
            ("A fire in -{zh:\u9999\u6e2f;zh-hans:\u9999\u6e2f}-.", "-{"),
            ("Burnt down | pages = |", "| pages ="),
            ("Harbour Post |date=October 2012", "|date="),
            ("Harbour Post, date=October 2012", "date="),
        ],
    )
    def test_what_templates_leave(self, text: str, residue: str) -> None:
        [found] = found_on(spoiled("Nobody was hurt.", text), "NA504")
        assert found.message.startswith(f"'{residue}' in the description")

    def test_one_finding_a_part_that_counts_the_rest(self) -> None:
        text = spoiled("# The pier burns.", "##### {{Fire}}\n# ''The'' pier ''burns''.")
        text = spoiled("Nobody", "<b>Nobody</b>", text)
        text = spoiled("[Harbour Post]", "[''Harbour Post]", text)
        found = found_on(text, "NA504")
        assert [(d.line, d.column) for d in found] == [(3, 7), (4, 3), (6, 1), (11, 5)]
        assert [d.message.partition(" in the ")[2] for d in found] == [
            "topic (and 1 more) is left-over markup",
            "title (and 3 more) is left-over markup",
            "description (and 1 more) is left-over markup",
            "source's name is left-over markup",
        ]

    @pytest.mark.parametrize(
        "text",
        [
            "it's 5' tall",
            "{a}",
            "[sic]",
            "a|b",
            "1 < 2 > 0",
            "<italic>",
            "<3",
            "i>",
            "< b>",
            "E = mc",
            "1|2=3",
            "the update=done",
            "http://a.example/?date=1&title=2",
            "a date==b",
            "- {a} -",
        ],
    )
    def test_what_is_no_residue(self, text: str) -> None:
        assert found_on(spoiled("# The pier burns.", f"# {text}"), "NA504") == []

    def test_link_texts_quote_other_pages_and_urls_are_not_text(self) -> None:
        text = spoiled("[The pier opens.]", "[The ''pier'' opens.]", with_url(f"{URL}?a''b"))
        assert found_on(text, "NA504") == []


class TestUndecodedEntity:
    @pytest.mark.parametrize(
        "reference",
        ["&quot;", "&#039;", "&nbsp;", "&#x20;", "&hellip;", "&amp;", "&#8217;", "&#xABCDEF;"],
    )
    def test_in_a_description(self, reference: str) -> None:
        text = spoiled("Nobody was hurt.", f"Nobody was {reference} hurt.")
        found = the_one(found_on(text, "NA505"), 5, 12, f"'{reference}' in the description is")
        assert shown(found, text) == reference

    def test_each_part_once(self) -> None:
        text = spoiled("# The pier burns.", "##### A &amp; B\n# &quot;Fire!&quot;")
        text = spoiled("[Harbour Post]", "[Tom &amp; Jerry]", text)
        found = found_on(text, "NA505")
        assert [(d.line, d.column) for d in found] == [(3, 9), (4, 3), (11, 9)]
        assert "(and 1 more)" in found[1].message

    @pytest.mark.parametrize(
        "text", ["A & B", "AT&T", "a&b;c", "&nosuchthing;", "&;", "&#;", "&#x;", "&quot", "R&D;"]
    )
    def test_a_bare_ampersand_is_text(self, text: str) -> None:
        assert found_on(spoiled("Nobody", text), "NA505") == []

    def test_addresses_and_link_texts_are_not_looked_at(self) -> None:
        text = spoiled("[The pier opens.]", "[The &quot;pier&quot; opens.]")
        text = spoiled(f"({URL})\n", f"({URL}?a=1&amp;b=2)\n", text)
        assert found_on(text, "NA505") == []


class TestNamelessSource:
    @pytest.mark.parametrize("name", ["", " ", "\u2003"])
    def test_a_source_without_a_name_is_one(self, name: str) -> None:
        text = spoiled("[Harbour Post]", f"[{name}]")
        the_one(found_on(text, "NA506"), 10, 1, "no name")
        assert found_on(text, "NA107") == []
        page = na.parse(text, PATH)
        assert isinstance(page, na.Event)
        assert page.sources[0].name == ""
        assert na.render(page) == text


def test_the_page_in_order_has_none_of_these() -> None:
    assert [d for d in na.check_text(PAGE, PATH) if d.code.startswith("NA5")] == []
