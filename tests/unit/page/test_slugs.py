"""Slugs of titles, by the rules of editions."""

import pytest

from newsarchive.page.editions import EN, ZH, Edition, SlugRule, SlugUnit
from newsarchive.page.slugs import slugify, slugs_of


class TestEnglish:
    @pytest.mark.parametrize(
        ("title", "slug"),
        [
            ("The pier burns.", "the-pier-burns"),
            ("  The   pier -- burns!? ", "the-pier-burns"),
            ("3.4 million copies", "3-4-million-copies"),
            ("£120 for a 1–0 win", "aps120-for-a-1a0-win"),
            ("Léré is flooded", "la-c-ra-c-is-flooded"),
            ("''Time'' & {{MS|City||2}}", "time-ms-city-2"),
            ("A\u00a0B\u200bC", "aa-bac"),
            ("©", "a-c"),
            ("漢", "ae-1-4c"),
            ("...", ""),
            ("", ""),
            ("\ud800x", "x"),
        ],
    )
    def test_what_is_not_ascii_leaves_traces(self, title: str, slug: str) -> None:
        assert slugify(title) == slug

    def test_the_first_140_bytes_of_a_title_count(self) -> None:
        assert slugify("a" * 300) == "a" * 140
        assert slugify("a" * 139 + " b") == "a" * 139
        # The cut may fall inside a character: of é, C3 A9, only C3 is left, which is read as Ã.
        assert slugify("x" * 139 + "é") == "x" * 139 + "a"

    def test_blanks_before_the_title_are_among_them(self) -> None:
        assert slugify(" " + "a" * 300) == "a" * 139
        assert slugify("   " + "a" * 136 + " bcd") == "a" * 136

    def test_every_latin_1_character_becomes_characters_of_slugs(self) -> None:
        for code in range(0x80, 0x100):
            slug = slugify("a" + bytes([code]).decode("latin-1") + "b")
            assert set(slug) <= set("abcdefghijklmnopqrstuvwxyz0123456789-"), hex(code)


class TestChinese:
    @pytest.mark.parametrize(
        ("title", "slug"),
        [
            ("港口起火，造成3人受伤。", "港口起火-造成3人受伤"),
            (" 水獭Lutra號「重返」索雷尔（Sorrel） ", "水獭Lutra號-重返-索雷尔-Sorrel"),
            ("渡轮票价上涨2.5%，达1,200元", "渡轮票价上涨25-达1200元"),
            ("It's a_ship", "It-s-a_ship"),
            ("漢字カナ한글", "漢字カナ한글"),
            ("……", ""),
        ],
    )
    def test_letters_of_all_scripts_stay_in_their_case(self, title: str, slug: str) -> None:
        assert slugify(title, ZH) == slug

    def test_the_first_60_characters_count_blanks_before_them_too(self) -> None:
        assert slugify("港" * 70, ZH) == "港" * 60
        assert slugify(" " + "港" * 70, ZH) == "港" * 59
        assert slugify("港，" * 40, ZH) == "-".join("港" * 30)
        # What is dropped later counts as well.
        assert slugify("1.5" * 30, ZH) == "15" * 20


def test_an_edition_may_be_named() -> None:
    assert slugify("Ä.b", "zh") == slugify("Ä.b", ZH) == "Äb"
    assert slugify("Ä.b", "en") == slugify("Ä.b", EN) == slugify("Ä.b") == "a-b"
    with pytest.raises(ValueError, match="no edition is called 'fr'; built in are 'en' and 'zh'"):
        slugify("A title", "fr")


def test_an_edition_says_what_its_letters_become() -> None:
    german = Edition(
        name="de",
        language="de",
        sources=("Quellen",),
        previous_day=("Vortag",),
        slug=SlugRule(
            length=12,
            unit=SlugUnit.BYTES,
            letters=(("ä", "ae"), ("Ü", "Ue")),
            lower_case=True,
            ascii_only=True,
        ),
    )
    assert slugify("Über Fähren", german) == "ueber-faehre"
    assert slugify("1234567890Fä", german) == "1234567890f"  # half a letter is none


class TestSlugsThatATitleMayHave:
    def test_that_of_the_title_itself_is_the_first(self) -> None:
        assert slugs_of("The pier burns.", EN) == ["the-pier-burns"]
        assert slugs_of("港口起火。", ZH) == ["港口起火"]

    @pytest.mark.parametrize("before", ["", " ", "  ", "   "])
    def test_blanks_may_have_stood_before_a_long_title(self, before: str) -> None:
        for title, edition in (("ab " * 60, EN), ("港口，起" * 20, ZH)):
            assert slugify(before + title, edition) in slugs_of(title.strip(), edition)

    def test_a_pound_may_have_become_one_of_two_words(self) -> None:
        for title in ("A £5 note", "A PS5 note", "A GBP5 note"):
            assert {"a-aps5-note", "a-agbp5-note"} <= {*slugs_of(title, EN)}
        assert slugs_of("GBP 5 and PS to come", EN) == ["gbp-5-and-ps-to-come"]
