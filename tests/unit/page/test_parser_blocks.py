"""The block pass: which rule takes which lines."""

import pytest

from newsarchive.page.parser._blocks import blocks


def shown(body: str) -> list[tuple[str | None, str]]:
    return [(m.lastgroup, m[0]) for m in blocks(body)]


def test_an_event_page_in_blocks() -> None:
    body = (
        "\nFormats: [HTML](a)  [JSON](b)  [XML](c)  \n\n### [2016-03-2](/a)\n\n"
        "##### Topic\n# Title \n\nOne.\nTwo.\n\n\n### Source:\n\n1. [A](a)\n2. [B](b)\n"
    )
    assert shown(body) == [
        ("blank", "\n"),
        ("formats", "Formats: [HTML](a)  [JSON](b)  [XML](c)  \n"),
        ("blank", "\n"),
        ("heading", "### [2016-03-2](/a)\n"),
        ("blank", "\n"),
        ("heading", "##### Topic\n"),
        ("heading", "# Title \n"),
        ("blank", "\n"),
        ("text", "One.\n"),
        ("text", "Two.\n"),
        ("blank", "\n\n"),
        ("section", "### Source:\n\n1. [A](a)\n2. [B](b)\n"),
    ]


def test_nothing_is_no_block() -> None:
    assert shown("") == []


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("#", "heading"),
        ("######", "heading"),
        ("#\t", "heading"),
        ("#\tTitle", "heading"),
        ("# 1. [a](b)", "heading"),
        ("###", "heading"),
        ("### ", "heading"),
        ("### [a](b)", "heading"),
        ("###  [a](b)", "heading"),
        ("### Source:", "section"),
        ("###\tanything", "section"),
        ("### \u2028", "heading"),
        ("#######", "text"),
        ("#hashtag", "text"),
        ("###[a](b)", "text"),
        (" # a", "text"),
        ("\u2028", "text"),
        ("\xa0", "text"),
        (" ", "text"),
        ("\t", "text"),
        ("    code", "text"),
        ("Formats:", "formats"),
        ("Formats", "text"),
        (" Formats:", "text"),
        ("2014. The year", "text"),
        ("1. [a](b)", "text"),
        ("- a", "text"),
        ("> a", "text"),
        ("---", "text"),
        ("```", "text"),
        ("<div>", "text"),
        ("[a]: b", "text"),
        ("\x00", "text"),
        ("\x0c", "text"),
    ],
)
def test_every_line_belongs_to_one_rule(line: str, rule: str) -> None:
    assert shown(line) == [(rule, line)]
    assert shown(f"{line}\n") == [(rule, f"{line}\n")]
    assert shown(f"a\n{line}\na\n") == [("text", "a\n"), (rule, f"{line}\n"), ("text", "a\n")]


def test_a_section_takes_the_numbered_lines_below_it() -> None:
    (m,) = blocks("### Related:  \n\n\n1. [a](b)\n9 lives\n10. [c](d)")
    assert m["section_name"] == "Related:  "
    assert m["section_list"] == "\n\n1. [a](b)\n9 lives\n10. [c](d)"


@pytest.mark.parametrize("line", ["text\n", " 1. [a](b)\n", "\n", "\n2. [a](b)\n", "# a\n"])
def test_a_section_ends_before_any_other_line(line: str) -> None:
    first, *rest = blocks(f"### Related:\n1. [a](b)\n{line}")
    assert first[0] == "### Related:\n1. [a](b)\n"
    assert "".join(m[0] for m in rest) == line


def test_a_section_without_entries_takes_the_empty_lines_below_it() -> None:
    assert shown("### Related:\n\n\n# a\n") == [
        ("section", "### Related:\n\n\n"),
        ("heading", "# a\n"),
    ]


def test_a_heading_says_its_level_and_its_text() -> None:
    (m,) = blocks("#####  a \n")
    assert (m["heading_marks"], m["heading_text"]) == ("#####", "  a ")
    (m,) = blocks("##")
    assert (m["heading_marks"], m["heading_text"]) == ("##", "")
