"""NA4xx: round trip."""

from typing import Any

import pytest

import newsarchive as na
from newsarchive.page import rendering
from newsarchive.page.parser import read
from newsarchive.rules import roundtrip
from tests.builders import PAGE, PATH, SMALL_ARCHIVE, fixed, found_on, shown, spoiled, the_one


class TestNotCanonical:
    @pytest.mark.parametrize(
        ("old", "new", "line", "column", "has", "found"),
        [
            ("[2016-03-2]", "[2016-03-02]", 1, 14, "nothing", "'0'"),
            ("[2016-03-2]", "[2016-3-2]", 1, 11, "'0'", "nothing"),
            ("burns.\n\nNob", "burns.\nNob", 4, 1, r"'\n'", "nothing"),
            ("hurt.\n\n\n", "hurt.\n\n\n\n\n", 8, 1, "nothing", r"'\n\n'"),
            ("/pier)\n", "/pier) \n", 10, 49, "nothing", "' '"),
            ("1. [Harbour", "1.  [Harbour", 10, 4, "nothing", "' '"),
            ("1. [Harbour", " 1. [Harbour", 10, 1, "nothing", "' '"),
        ],
    )
    def test_another_layout_says_its_first_difference_and_is_mended(
        self, old: str, new: str, line: int, column: int, has: str, found: str
    ) -> None:
        text = spoiled(old, new)
        diagnostic = the_one(
            found_on(text, "NA401"), line, column, f"layout has {has} here, not {found}"
        )
        assert fixed(text, diagnostic) == PAGE
        assert diagnostic.fix is not None
        assert diagnostic.fix.applicability is na.Applicability.SAFE

    def test_a_missing_line_ending_at_the_end(self) -> None:
        found = the_one(found_on(PAGE[:-1], "NA401"), 23, 76, r"has '\n' here")
        assert fixed(PAGE[:-1], found) == PAGE

    def test_long_differences_are_cut_short(self) -> None:
        text = spoiled("### Related:", "\n" * 200 + "### Related:")
        assert len(the_one(found_on(text, "NA401"), 14, 1).message) < 200

    def test_an_index_is_laid_out_too(self) -> None:
        day = "/news/2016/03/2/index.md"
        text = SMALL_ARCHIVE[day] + "\n"
        found = the_one(found_on(text, "NA401", day), 6, 1)
        assert fixed(text, found) == SMALL_ARCHIVE[day]

    def test_numbers_are_left_to_entry_numbering(self) -> None:
        text = PAGE.replace("\n2. ", "\n17. ")
        assert found_on(text, "NA401") == []
        assert len(found_on(text, "NA108")) == 3

    def test_line_endings_and_a_mark_are_left_to_their_rules(self) -> None:
        assert found_on("\ufeff" + PAGE.replace("\n", "\r\n"), "NA401") == []

    def test_numbers_and_layout_together_are_both_found(self) -> None:
        text = spoiled("[2016-03-2]", "[2016-03-02]", PAGE.replace("\n2. ", "\n9. "))
        assert [d.code for d in found_on(text, "NA")] == ["NA401", "NA108", "NA108", "NA108"]

    def test_a_page_that_is_not_understood_is_left_alone(self) -> None:
        text = spoiled("hurt.\n\n", "hurt.\n\nA second paragraph.\n\n\n\n")
        assert [d.code for d in found_on(text, "NA")] == ["NA109"]

    def test_prose_is_always_canonical(self) -> None:
        assert found_on("\n\n  #x\n\n\n1.  [a](b) ", "NA4", "/faq/README.md") == []

    @pytest.mark.parametrize(
        "text",
        [
            spoiled("# The pier burns.", "#   The pier  burns.  "),
            spoiled("# The", "##### \n# The"),
            spoiled("# The", "##### Fire\n# The"),
            spoiled("### Source:", "### Sources:"),
            spoiled("[The pier opens.]", "[ The pier opens.  ]"),
            spoiled("pier, Veldania_", "pier, , Veldania, U.S._"),
            PAGE + "\n",
            "### [2016-03-2](/news/2016/03/2/index.md)\n\n# i died\n\n\n\n",
        ],
    )
    def test_the_archives_own_varieties_are_canonical(self, text: str) -> None:
        assert found_on(text, "NA401") == []

    def test_both_orders_of_the_sections_are(self) -> None:
        head, related, changes = (
            PAGE[: PAGE.index("### Related")],
            PAGE[PAGE.index("### Related") : PAGE.index("### Changes")],
            PAGE[PAGE.index("### Changes") :],
        )
        text = head + changes + "\n" + related[:-1]
        assert found_on(text, "NA401") == []
        assert found_on(text[: text.index("### Changes")] + related + changes, "NA401") == []


class TestRoundTripLoss:
    @pytest.mark.parametrize("path", SMALL_ARCHIVE)
    def test_no_page_is_known_to_lose_anything(self, path: str) -> None:
        assert found_on(SMALL_ARCHIVE[path], "NA402", path) == []

    def test_a_layout_that_is_mended_loses_nothing(self) -> None:
        assert found_on(self.PADDED, "NA402") == []

    # A page whose layout reading has proved is its own model's text; another is tried out.
    PADDED = spoiled("[2016-03-2]", "[2016-03-02]")

    def test_a_renderer_that_loses_something_is_caught(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        lossy = PAGE.replace("Nobody", "Somebody")
        monkeypatch.setattr(rendering, "render", lambda page: lossy)
        found = the_one(found_on(self.PADDED, "NA402"), 1, 1, "gives another model")
        assert found.severity == "error"

    def test_json_that_loses_something_is_caught(self, monkeypatch: pytest.MonkeyPatch) -> None:
        whole = na.Event.model_dump_json

        def lossy(self: na.Event, **options: Any) -> str:
            return whole(self.model_copy(update={"topic": "Fire"}), **options)

        monkeypatch.setattr(na.Event, "model_dump_json", lossy)
        the_one(found_on(self.PADDED, "NA402"), 1, 1, "JSON")

    def test_a_page_that_is_not_understood_is_passed_over(self) -> None:
        assert found_on(spoiled("[2016-03-2]", "[2016-02-30]"), "NA4") == []


class TestDifference:
    @pytest.mark.parametrize(
        ("old", "new", "edit"),
        [
            ("", "", (0, 0, "")),
            ("abc", "abc", (3, 3, "")),
            ("abc", "axc", (1, 2, "x")),
            ("aa", "aaa", (2, 2, "a")),
            ("aaa", "aa", (2, 3, "")),
            ("abc", "", (0, 3, "")),
            ("xabx", "xx", (1, 3, "")),
        ],
    )
    def test_it_is_the_smallest_edit(self, old: str, new: str, edit: tuple[int, int, str]) -> None:
        start, end, replacement = roundtrip.difference(old, new)
        assert (start, end, replacement) == edit
        assert old[:start] + replacement + old[end:] == new

    def test_a_finding_marks_what_it_replaces(self) -> None:
        text = spoiled("hurt.\n\n\n", "hurt.\n\n\n\n\n")
        assert shown(the_one(found_on(text, "NA401"), 8, 1), text) == "\n\n"


def test_renumbering_gives_a_rendering_the_pages_own_numbers() -> None:
    text = PAGE.replace("\n2. ", "\n137. ")
    assert roundtrip.renumbered(read(text, PATH), PAGE) == text
    assert roundtrip.renumbered(read(PAGE, PATH), PAGE) == PAGE
