"""Taking entries out of pages."""

import itertools
from collections.abc import Iterable

import pytest

import newsarchive as na
from newsarchive.findings.edits import BodyEdit, Edit
from newsarchive.page.parser import read
from newsarchive.rules.entries import entry_removal, item_removal
from tests.builders import PATH, event

DAY = "/news/2016/03/2/index.md"
LINKS = [f"[{name}](/news/2016/03/2/{name}.md) _Context: {name}_" for name in "abcd"]
SOURCE = "[S](http://s.example/)"
CURRENT = f"[The pier burns.]({PATH}) _(Current version)_"
FIRST = "[Old.](/news/2016/03/2/old.md) _2016-03-02 10:00:00 (First version)_"


def applied(text: str, edits: Iterable[BodyEdit]) -> str:
    return na.apply_edits(text, [Edit(e.start, e.end, e.replacement) for e in edits])


def without(text: str, section: str, number: int) -> str:
    reading = read(text, PATH)
    entries = [*getattr(reading, section), *([reading.cover] if reading.cover else [])]
    return applied(text, entry_removal(reading, section, entries[number]))


def page_of(description: str, sections: dict[str, list[str]]) -> str:
    return event(
        description=description,
        sources=sections["sources"],
        related=sections["related"],
        changes=sections["changes"],
    )


def layout_findings(text: str, path: str = PATH) -> list[str]:
    return [d.message for d in na.check_text(text, path, select=["NA108", "NA401"])]


class TestEntryRemoval:
    @pytest.mark.parametrize("number", range(4))
    def test_first_middle_and_last(self, number: int) -> None:
        left = [link for n, link in enumerate(LINKS) if n != number]
        text = without(event(related=LINKS, changes=[CURRENT]), "related", number)
        assert text == event(related=left, changes=[CURRENT])

    @pytest.mark.parametrize(
        ("desc", "final", "sections"),
        list(itertools.product(["", "A text."], ["", "\n"], itertools.product([0, 1], repeat=3))),
    )
    def test_the_only_entry_takes_the_section_along(
        self, desc: str, final: str, sections: tuple[int, int, int]
    ) -> None:
        entries = {"sources": [SOURCE], "related": LINKS[:1], "changes": [CURRENT]}
        shown = {n: e if on else [] for (n, e), on in zip(entries.items(), sections, strict=True)}
        text = page_of(desc, shown) + final
        assert layout_findings(text) == []
        for section in (name for name, listed in shown.items() if listed):
            left = without(text, section, 0)
            assert left == page_of(desc, {**shown, section: []}) + final
            assert layout_findings(left) == []

    def test_the_current_version_repeats_the_number_before_it(self) -> None:
        second = FIRST.replace("First version", "Update")
        text = event(changes=[FIRST, second, CURRENT]).replace("3. [The", "2. [The")
        assert layout_findings(text) == []
        assert layout_findings(without(text, "changes", 0)) == []
        assert without(text, "changes", 1).endswith(f"1. {FIRST}\n1. {CURRENT}\n")

    def test_a_cover_image_counts_as_a_source(self) -> None:
        cover = "[Cover Image](http://c.example/)"
        text = event(sources=[SOURCE, SOURCE.replace("S", "T"), cover]).replace("3. [", "2. [")
        assert layout_findings(text) == []
        assert without(text, "sources", 0).endswith(f"1. [T](http://s.example/)\n1. {cover}\n")
        alone = without(without(text, "sources", 0), "sources", 0)
        assert alone == event(sources=[cover])
        assert layout_findings(alone) == []
        assert without(alone, "sources", 0) == event(sources=[])

    @pytest.mark.parametrize(
        "stray", ["\nStray text.\n", "\n### Obituary:\n\n1. [A](http://a.example/)\n"]
    )
    @pytest.mark.parametrize("after", ["", f"\n### Changes:\n\n1. {CURRENT}\n"])
    def test_what_else_stands_there_stays(self, stray: str, after: str) -> None:
        text = event(related=LINKS[:1]) + stray + after
        left = without(text, "related", 0)
        assert stray.strip("\n") + "\n" in left
        assert after in left
        assert LINKS[0] not in left

    def test_malformed_entries_stay(self) -> None:
        text = event(related=["[A](/a.md)", "[B(/b.md)"])
        assert without(text, "related", 0) == text.replace("1. [A](/a.md)\n", "")

    def test_text_above_the_entry_stays(self) -> None:
        text = event(related=LINKS[:1]).replace("Related:\n\n", "Related:\n\nSee:\n\n")
        assert "### Related:\n\nSee:\n\n" in without(text, "related", 0)

    def test_a_text_that_ends_without_a_line_ending(self) -> None:
        text = event(related=LINKS[:2]).rstrip("\n")
        assert without(text, "related", 1) == event(related=LINKS[:1])
        assert without(event(related=LINKS[:1]).rstrip("\n"), "related", 0) == event()


ITEMS = [
    "### [A](/news/2016/03/2/a.md)\n\n",
    "##### Floods\n### [B](/news/2016/03/2/b.md)\nA description.\n\n",
    "### [C](/news/2016/03/2/c.md)\n_Context: x, y_\n\n",
    "##### Storms\n### [D](/news/2016/03/2/d.md)\n\n",
    "### [E](/news/2016/03/2/e.md)\nTwo lines\nof text.\n\n",
    "### [F](/news/2016/03/2/f.md)\n\n\n",
]
HEAD = f"## [2016-03-2]({DAY})\n\n"
PREVIOUS = "## [Previous Day...](/news/2016/03/1/index.md)\n\n"


class TestItemRemoval:
    @pytest.mark.parametrize("end", ["", PREVIOUS])
    @pytest.mark.parametrize("number", range(len(ITEMS)))
    def test_an_item_goes_with_topic_and_text(self, number: int, end: str) -> None:
        text = HEAD + "".join(ITEMS) + end
        assert layout_findings(text, DAY) == []
        reading = read(text, DAY)
        item = list(reading.index_items())[number]
        left = applied(text, item_removal(reading, item.match))
        assert left == HEAD + "".join(ITEMS[:number] + ITEMS[number + 1 :]) + end
        assert layout_findings(left, DAY) == []

    @pytest.mark.parametrize("item", ITEMS)
    def test_the_only_one(self, item: str) -> None:
        reading = read(HEAD + item + PREVIOUS, DAY)
        [found] = reading.index_items()
        assert applied(HEAD + item + PREVIOUS, item_removal(reading, found.match)) == (
            HEAD + PREVIOUS
        )
