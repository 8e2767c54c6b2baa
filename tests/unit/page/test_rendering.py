"""The bytes that each model is written as."""

import datetime
from typing import Any

import pytest

import newsarchive as na
from tests.builders import DAY_PATH, EDITORIAL_PATH, PATH, PROSE_PATH, page

DAY = datetime.date(2016, 3, 2)
HEAD = "### [2016-03-2](/news/2016/03/2/index.md)\n\n"
SOURCE = na.Source(name="Post", url="http://post.example/1")
RELATED = na.RelatedLink(title="It rains.", path="/news/2016/03/1/it-rains.md")
CHANGE = na.Change(
    title="T", path="/news/2016/03/2/t.md", timestamp=datetime.datetime(2016, 3, 2, 0, 0, 5)
)


def rendered(**parts: Any) -> str:
    return na.render(na.Event.model_validate({"date": DAY, "title": "T", **parts}))


def test_an_event_with_nothing_but_a_title() -> None:
    assert rendered() == f"{HEAD}# T \n\n\n\n"
    assert rendered(layout={"final_blank_line": True}) == f"{HEAD}# T \n\n\n\n\n"
    assert rendered(layout={"title_blanks": ("  ", "")}) == f"{HEAD}#   T\n\n\n\n"


def test_a_description_takes_the_empty_lines_place() -> None:
    assert rendered(description="One.\nTwo.") == f"{HEAD}# T \n\nOne.\nTwo.\n\n"
    assert (
        rendered(
            description="One.", layout={"description_blanks": (" ", "\xa0")}, sources=(SOURCE,)
        )
        == f"{HEAD}# T \n\n One.\xa0\n\n\n### Source:\n\n1. [Post](http://post.example/1)\n"
    )


def test_topics() -> None:
    assert rendered(topic="A") == f"{HEAD}##### A\n# T \n\n\n\n"
    assert rendered(topic="") == f"{HEAD}##### \n# T \n\n\n\n"
    assert rendered(topic="A", layout={"topic_blanks": (" ", "  ")}).split("\n")[2] == "#####  A  "


def test_dates_are_padded_as_the_archive_pads_them() -> None:
    assert rendered(date=datetime.date(87, 1, 10)).startswith(
        "### [0087-01-10](/news/0087/01/10/index.md)\n"
    )
    assert rendered(layout={"date_link": "/x"}).startswith("### [2016-03-2](/x)\n")
    assert rendered(layout={"date_link": ""}).startswith("### [2016-03-2]()\n")


def test_all_sections_in_both_orders() -> None:
    parts = {
        "sources": (SOURCE, SOURCE),
        "cover_image": {"url": "http://post.example/2.jpg"},
        "related": (RELATED, RELATED.model_copy(update={"context": ("a", "b c")})),
        "changes": (
            CHANGE,
            CHANGE.model_copy(update={"kind": "First version", "title_blanks": (" ", "")}),
            na.Change(title="T", path=PATH, kind="Current version"),
        ),
    }
    sources = page(
        """
        1. [Post](http://post.example/1)
        2. [Post](http://post.example/1)
        2. [Cover Image](http://post.example/2.jpg)
        """
    )
    related = page(
        """
        ### Related:

        1. [It rains. ](/news/2016/03/1/it-rains.md)
        2. [It rains. ](/news/2016/03/1/it-rains.md) _Context: a, b c_
        """
    )
    changes = page(
        """
        ### Changes:

        1. [T ](/news/2016/03/2/t.md) _2016-03-02 00:00:05 (Update)_
        2. [ T](/news/2016/03/2/t.md) _2016-03-02 00:00:05 (First version)_
        2. [T ](/news/2016/03/2/the-pier-burns.md) _(Current version)_
        """
    )
    top = f"{HEAD}# T \n\n\n\n\n"
    assert rendered(**parts) == f"{top}### Source:\n\n{sources}\n{related}\n{changes}"
    second = {"source_heading": "Sources", "changes_first": True, "final_blank_line": True}
    assert (
        rendered(**parts, layout=second)
        == f"{top}### Sources:\n\n{sources}\n{changes}\n{related}\n"
    )


def test_a_cover_image_alone_is_number_one() -> None:
    text = rendered(cover_image={"url": "u"}, layout={"source_heading": "Sources"})
    assert text.endswith("\n\n\n\n\n### Sources:\n\n1. [Cover Image](u)\n")


def test_current_versions_repeat_numbers_wherever_they_stand() -> None:
    current = na.Change(title="T", path="/a.md", kind="Current version", title_blanks=("", ""))
    text = rendered(changes=(current, CHANGE, current, CHANGE))
    assert [line[:2] for line in text.splitlines() if line[:1].isdigit()] == [
        "1.",
        "2.",
        "2.",
        "3.",
    ]


def test_a_formats_line_opens_the_page() -> None:
    text = rendered(layout=na.EventLayout.second_generation(PATH))
    assert text.startswith(
        "\nFormats: [HTML](/news/2016/03/2/the-pier-burns.html)"
        "  [JSON](/news/2016/03/2/the-pier-burns.json)"
        "  [XML](/news/2016/03/2/the-pier-burns.xml)  \n\n### "
    )


@pytest.mark.parametrize(
    ("parts", "text"),
    [
        ({}, "### [T ](/a.md)\n"),
        ({"description": ""}, "### [T ](/a.md)\n\n\n"),
        ({"description": "One.\nTwo."}, "### [T ](/a.md)\nOne.\nTwo.\n\n"),
        ({"description": "d", "description_blanks": (" ", "\t")}, "### [T ](/a.md)\n d\t\n\n"),
        ({"context": ("a", "b")}, "### [T ](/a.md)\n_Context: a, b_\n\n"),
        ({"topic": ""}, "##### \n### [T ](/a.md)\n"),
        ({"topic": "A", "topic_blanks": ("", " ")}, "##### A \n### [T ](/a.md)\n"),
        ({"gap": "##### a\n", "topic": "b"}, "##### a\n##### b\n### [T ](/a.md)\n"),
        ({"title_blanks": ("", ""), "path": "/a(b).md"}, "### [T](/a(b).md)\n"),
    ],
)
def test_index_entries(parts: dict[str, Any], text: str) -> None:
    entry = na.IndexEntry.model_validate({"title": "T", "path": "/a.md", **parts})
    assert na.render(na.DayIndex(date=DAY, entries=(entry,))) == (
        f"## [2016-03-2](/news/2016/03/2/index.md)\n\n{text}"
    )
    assert na.render(na.OpinionIndex(name="Views", entries=(entry, entry))) == (
        f"## Views\n{text}{text}"
    )
    section = na.FrontSection(name="N", entries=(entry,), rule=True, final_gap="##### z\n\n")
    assert na.render(na.FrontPage(sections=(section,))) == (f"## N\n{text}##### z\n\n---\n\n")


def test_a_day_index_with_everything_round_its_entries() -> None:
    index = na.DayIndex(
        date=DAY,
        previous="/news/2016/03/1/index.md",
        layout=na.IndexLayout(
            formats=na.FormatLinks.of(DAY_PATH), date_link="README.md", final_gap="\n"
        ),
    )
    assert na.render(index) == (
        "\nFormats: [HTML](2016/03/2/index.html)  [JSON](2016/03/2/index.json)"
        "  [XML](2016/03/2/index.xml)  \n\n"
        "## [2016-03-2](README.md)\n\n\n"
        "## [Previous Day...](/news/2016/03/1/index.md)\n\n"
    )


def test_a_front_pages_headings_with_and_without_links() -> None:
    front = na.FrontPage(
        sections=(
            na.FrontSection(name="News", path="/a.md"),
            na.FrontSection(name="Opinion", rule=True),
            na.FrontSection(name="Yesterday", path=""),
        ),
        formats=na.FormatLinks(html_path="h", json_path="j", xml_path="x"),
    )
    assert na.render(front) == (
        "\nFormats: [HTML](h)  [JSON](j)  [XML](x)  \n\n"
        "## [News](/a.md)\n\n## Opinion\n---\n\n## [Yesterday]()\n\n"
    )


def test_editorials_and_prose() -> None:
    editorial = na.Editorial(path=EDITORIAL_PATH, title="T", author="A", body="b")
    assert na.render(editorial) == "\n# T\n#### by A\n\nb"
    bare = editorial.model_copy(update={"leading_blank_line": False})
    assert na.render(bare) == "# T\n#### by A\n\nb"
    assert na.render(na.ProsePage(path=PROSE_PATH, text=" x\n")) == " x\n"


@pytest.mark.parametrize("thing", [None, "text", SOURCE, na.EventLayout()])
def test_only_pages_are_rendered(thing: Any) -> None:
    with pytest.raises(TypeError, match=f"not a page: {type(thing).__name__}"):
        na.render(thing)
