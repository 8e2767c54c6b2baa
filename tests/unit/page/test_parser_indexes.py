"""Day indexes, front pages, opinion indexes: what is read, and what is said about the rest."""

import datetime

import pytest

import newsarchive as na
from newsarchive.page.parser import read
from newsarchive.page.reading import Reading
from tests.builders import (
    DAY_PATH,
    FRONT_PATH,
    OPINION_PATH,
    codes_of,
    found,
    front_of,
    index_of,
    opinions_of,
    page,
)

DAY = datetime.date(2016, 3, 2)
HEAD = "## [2016-03-2](/news/2016/03/2/index.md)\n\n"
NEWS = "## [News](/news/2016/03/2/index.md)\n\n"
A = "/news/2016/03/2/a.md"
B = "/news/2016/03/2/b.md"


def messages(text: str, path: str = DAY_PATH) -> list[str]:
    return [d.message for d in found(text, path) if d.code != "NA401"]


def codes(text: str, path: str = DAY_PATH) -> list[str]:
    """Codes and places but for NA401, which says that a page is laid out unusually."""
    return [code for code in codes_of(text, path) if not code.startswith("NA401")]


# Day index -------------------------------------------------------------------------------------

DAY_INDEX = page(
    """

    Formats: [HTML](day.html)  [JSON](day.json)  [XML](day.xml) ·

    ## [2016-03-2](/news/2016/03/2/index.md)

    ##### Veldania
    ### [The pier burns. ](/news/2016/03/2/a.md)
    Nobody was hurt.

    ### [It rains.](/news/2016/03/2/b.md)
    _Context: rain, Washington, D.C._

    #####·
    ### [[U.S.] votes ](/news/2016/03/2/c.md)
    ### [ Snow  falls ](/news/2016/03/2/d.md)


    ## [Previous Day...](/news/2016/03/1/index.md)

    """
)


def test_a_day_index() -> None:
    index = index_of(DAY_INDEX)
    assert index == na.DayIndex(
        path=DAY_PATH,
        date=DAY,
        entries=(
            na.IndexEntry(
                title="The pier burns.", path=A, topic="Veldania", description="Nobody was hurt."
            ),
            na.IndexEntry(
                title="It rains.",
                path=B,
                context=("rain", "Washington", "D.C."),
                title_blanks=("", ""),
            ),
            na.IndexEntry(title="[U.S.] votes", path="/news/2016/03/2/c.md", topic=""),
            na.IndexEntry(
                title="Snow  falls",
                path="/news/2016/03/2/d.md",
                description="",
                title_blanks=(" ", " "),
            ),
        ),
        previous="/news/2016/03/1/index.md",
        layout=na.IndexLayout(
            formats=na.FormatLinks(html_path="day.html", json_path="day.json", xml_path="day.xml")
        ),
    )
    assert na.render(index) == DAY_INDEX
    assert codes_of(DAY_INDEX, DAY_PATH) == []


@pytest.mark.parametrize("text", [HEAD, f"{HEAD}## [Previous Day...](/a.md)\n\n"])
def test_a_day_without_events(text: str) -> None:
    index = index_of(text)
    assert (index.entries, index.previous) == ((), "/a.md" if "Previous" in text else None)
    assert na.render(index) == text


def test_a_heading_may_be_padded_or_lead_elsewhere() -> None:
    index = index_of("## [2016-3-02](/news/2016/3/02/index.md)\n\n")
    assert (index.date, index.layout.date_link) == (DAY, "/news/2016/3/02/index.md")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "NA104 1:1"),
        ("text\n", "NA104 1:1"),
        ("## 2 March 2016\n\n", "NA104 1:1"),
        ("## [News](/a.md)\n\n", "NA104 1:1"),
        ("### [2016-03-2](/a.md)\n\n", "NA104 1:1"),
        ("## [2016-02-30](/a.md)\n\n", "NA302 1:5"),
    ],
)
def test_no_day_index_without_a_date(text: str, code: str) -> None:
    assert code in codes(text)
    with pytest.raises(na.InvalidPageError):
        na.parse(text, DAY_PATH)


@pytest.mark.parametrize(
    ("line", "place", "message"),
    [
        ("## [2016-03-3](/a.md)", "NA109 3:1", "a second heading where a day index has none"),
        ("## Opinion", "NA109 3:1", "a second heading where a day index has none"),
        ("# Title", "NA109 3:1", "a heading where an index page has none"),
        ("#### Title", "NA109 3:1", "a heading where an index page has none"),
        ("### Title", "NA107 3:1", "the heading is no index entry"),
        ("### [Title]", "NA107 3:1", "the heading is no index entry"),
        ("### [ ](/a.md)", "NA107 3:1", "the heading is no index entry"),
        ("### [Title](/a.md) text", "NA107 3:1", "the heading is no index entry"),
        ("###", "NA107 3:1", "the heading is no index entry"),
        ("text", "NA109 3:1", "text that belongs to no entry"),
        ("1. [a](/a.md)", "NA109 3:1", "text that belongs to no entry"),
        ("_Context: a_", "NA109 3:1", "text that belongs to no entry"),
        ("---", "NA109 3:1", "a rule '---' where the page has none"),
        ("Formats: [HTML](a)  [JSON](b)  [XML](c)  ", "NA109 3:1", "text that belongs to no entry"),
    ],
)
def test_what_a_day_index_does_not_hold(line: str, place: str, message: str) -> None:
    text = f"{HEAD}{line}\n\n### [B ]({B})\n\n"
    assert codes(text) == [place]
    assert messages(text)[0].startswith(message)
    (entry,) = index_of(text).entries
    assert (entry.path, entry.gap) == (B, "")


def test_what_stands_before_the_heading() -> None:
    assert codes(f"### [A]({A})\n\n{HEAD}") == ["NA109 1:1"]
    assert codes(f"##### A\n{HEAD}") == ["NA109 1:1"]
    assert codes(f"text\n{HEAD}") == ["NA109 1:1"]
    assert codes(f"Formats: x\n\n{HEAD}") == ["NA109 1:1"]
    assert "does not name HTML, JSON and XML" in messages(f"Formats: x\n\n{HEAD}")[0]


def test_a_second_formats_line_is_text() -> None:
    line = "Formats: [HTML](a)  [JSON](b)  [XML](c)  \n"
    text = f"\n{line}{line}\n{HEAD}"
    assert codes(text) == ["NA109 3:1"]
    assert index_of(text).layout.formats is not None


def test_the_previous_day_stands_last() -> None:
    text = f"{HEAD}## [Previous Day...](/p.md)\n\n\n### [A]({A})\n\n\n### [B]({B})\n\n"
    assert messages(text) == ["an entry below 'Previous Day...'"] * 2
    index = index_of(text)
    assert [(e.path, e.gap, e.description) for e in index.entries] == [(A, "", ""), (B, "", None)]
    assert index.previous == "/p.md"
    topic = f"{HEAD}## [Previous Day...](/p.md)\n\n##### a\n"
    assert codes(topic) == ["NA109 5:1"]
    assert messages(topic) == ["a topic line without an entry below it"]
    twice = f"{HEAD}## [Previous Day...](/p.md)\n\n## [Previous Day...](/q.md)\n\n"
    assert messages(twice) == ["a second heading where a day index has none"]
    assert index_of(twice).previous == "/p.md"


# Entries ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("below", "description", "blanks", "context"),
    [
        ("", None, ("", ""), ()),
        ("\n\n", "", ("", ""), ()),
        ("One.\n\n", "One.", ("", ""), ()),
        (" One.\nTwo. \n\n", "One.\nTwo.", (" ", " "), ()),
        ("_Context: a, b_\n\n", None, ("", ""), ("a", "b")),
        ("_Context: _\n\n", None, ("", ""), ("",)),
        ("_Context: a_b_\n\n", None, ("", ""), ("a_b",)),
        ("_Context: a\n\n", "_Context: a", ("", ""), ()),
        ("One.\n--- two\n\n", "One.\n--- two", ("", ""), ()),
    ],
)
def test_what_stands_below_an_entry(
    below: str, description: str | None, blanks: tuple[str, str], context: tuple[str, ...]
) -> None:
    text = f"{HEAD}### [A ]({A})\n{below}### [B ]({B})\n\n"
    first, second = index_of(text).entries
    assert (first.description, first.description_blanks) == (description, blanks)
    assert first.context == context
    assert (second.path, second.gap) == (B, "")
    assert codes_of(text, DAY_PATH) == []


@pytest.mark.parametrize(
    ("below", "message"),
    [
        ("One.\n_Context: a_\n", "a description's line cannot look like a '_Context: ..._' line"),
        ("One.\n ---\n", "a description's line cannot be '---'"),
        ("One.\n---\n", "a rule '---' where the page has none"),
        ("One.\n # Two\n", "a description's line cannot start like a heading"),
        ("_Context: a_\nOne.\n", "text that belongs to no entry"),
        ("_Context: a_\n_Context: b_\n", "text that belongs to no entry"),
        ("\nOne.\n", "text that belongs to no entry"),
        ("\n\nOne.\n", "text that belongs to no entry"),
        ("One.\n \nTwo.\n", "text that belongs to no entry"),
    ],
)
def test_lines_too_many_below_an_entry(below: str, message: str) -> None:
    text = f"{HEAD}### [A ]({A})\n{below}\n### [B ]({B})\n\n"
    (found_message,) = messages(text)
    assert found_message.startswith(message)
    assert codes(text) == [f"NA109 {2 + below.count(chr(10)) + 1}:1"]
    first, second = index_of(text).entries
    assert (first.description or "") == ("One." if below.startswith("One.") else "")
    assert second.gap == ""


def test_an_empty_line_below_a_bare_entry_is_a_gap() -> None:
    text = f"{HEAD}### [A ]({A})\n\n### [B ]({B})\n\n## [Previous Day...](/a)\n\n"
    index = index_of(text)
    assert [(entry.description, entry.gap) for entry in index.entries] == [(None, ""), (None, "\n")]
    assert index.layout.final_gap == "\n"
    assert codes_of(text, DAY_PATH) == []


@pytest.mark.parametrize("line", ["---", " ---", " # a", "\xa0_Context: a_"])
def test_a_line_that_would_mean_something_else_is_no_description(line: str) -> None:
    text = f"{HEAD}### [A ]({A})\n{line}\n\n\n\n### [B ]({B})\n\n"
    assert codes(text) == ["NA109 4:1"]
    assert [entry.description for entry in index_of(text).entries] == [None, None]


def test_topics_stand_right_above_their_entry() -> None:
    text = f"{HEAD}#####  a \n### [A ]({A})\n\n##### b\n\n### [B ]({B})\n\n"
    first, second = index_of(text).entries
    assert (first.topic, first.topic_blanks, first.gap) == ("a", (" ", " "), "")
    assert (second.topic, second.gap) == (None, "\n##### b\n\n")
    assert codes_of(text, DAY_PATH) == []


@pytest.mark.parametrize(
    ("hole", "gap", "topic"),
    [
        ("", "", None),
        ("\n", "\n", None),
        ("\n\n\n", "\n\n\n", None),
        ("##### a\n\n", "##### a\n\n", None),
        ("##### a\n##### b\n", "##### a\n", "b"),
        ("\n##### a\n\n\n#####\n##### b\n", "\n##### a\n\n\n#####\n", "b"),
    ],
)
def test_the_hole_that_an_entry_left(hole: str, gap: str, topic: str | None) -> None:
    text = f"{HEAD}### [A ]({A})\nOne.\n\n{hole}### [B ]({B})\n\n"
    entry = index_of(text).entries[1]
    assert (entry.gap, entry.topic) == (gap, topic)
    assert codes_of(text, DAY_PATH) == []
    text = f"{HEAD}{hole}### [B ]({B})\n\n"
    entry = index_of(text).entries[0]
    assert (entry.gap, entry.topic) == (gap, topic)
    assert codes_of(text, DAY_PATH) == []


@pytest.mark.parametrize("end", ["", "## [Previous Day...](/news/2016/03/1/index.md)\n\n"])
@pytest.mark.parametrize("gap", ["\n", "##### a\n", "##### a\n\n##### b\n\n\n"])
def test_the_hole_after_the_last_entry(gap: str, end: str) -> None:
    text = f"{HEAD}### [A ]({A})\nOne.\n\n{gap}{end}"
    assert index_of(text).layout.final_gap == gap
    assert codes_of(text, DAY_PATH) == []
    text = f"{HEAD}{gap}{end}"
    assert index_of(text).layout.final_gap == gap
    assert codes_of(text, DAY_PATH) == []


def test_an_empty_line_below_a_bare_entry_is_its_description() -> None:
    text = f"{HEAD}### [A ]({A})\n\n\n\n### [B ]({B})\n\n\n"
    first, second = index_of(text).entries
    assert (first.description, second.gap) == ("", "\n")
    assert (second.description, index_of(text).layout.final_gap) == ("", "")
    assert codes_of(text, DAY_PATH) == []


def test_topic_lines_among_other_things_belong_to_nothing() -> None:
    text = (
        f"{HEAD}### [A ]({A})\n\n##### b\n\ntext\n\n"
        f"##### c\n# d\n\n### [B ]({B})\n\n##### e\n\ntext\n"
    )
    assert codes(text) == [
        "NA109 5:1",
        "NA109 7:1",
        "NA109 9:1",
        "NA109 10:1",
        "NA109 14:1",
        "NA109 16:1",
    ]
    assert messages(text)[0] == "a topic line without an entry below it"
    assert messages(text)[2] == "a topic line without an entry below it"
    assert [entry.topic for entry in index_of(text).entries] == [None, None]


def test_a_topic_over_a_malformed_entry_belongs_to_nothing() -> None:
    text = f"{HEAD}##### a\n### [A\n\n### [B ]({B})\n\n"
    assert codes(text) == ["NA109 3:1", "NA107 4:1"]
    assert [(entry.path, entry.topic) for entry in index_of(text).entries] == [(B, None)]


def test_a_page_cut_off_in_mid_entry() -> None:
    for end in (f"### [A ]({A})", f"### [A ]({A})\nOne.", f"### [A ]({A})\n_Context: a_"):
        text = HEAD + end
        (entry,) = index_of(text).entries
        assert entry.path == A
        assert codes_of(text, DAY_PATH) == [
            f"NA401 {text.count(chr(10)) + 1}:{len(end.splitlines()[-1]) + 1}"
        ]


# Front page ------------------------------------------------------------------------------------

FRONT_PAGE = page(
    """

    Formats: [HTML](/index.html)  [JSON](/index.json)  [XML](/index.xml) ·

    ## [News](/news/2016/03/2/index.md)

    ### [The pier burns. ](/news/2016/03/2/a.md)
    Nobody was hurt.

    ## Opinion
    ##### Piers
    ### [On piers](/opinion/2016/03/2/on-piers/README.md)
    They burn.

    ---

    ## [Yesterday](/news/2016/03/1/index.md)

    ---

    ## [Previous Day...](/news/2016/02/29/index.md)

    """
)


def test_a_front_page() -> None:
    front = front_of(FRONT_PAGE)
    assert front == na.FrontPage(
        path=FRONT_PATH,
        sections=(
            na.FrontSection(
                name="News",
                path="/news/2016/03/2/index.md",
                entries=(
                    na.IndexEntry(title="The pier burns.", path=A, description="Nobody was hurt."),
                ),
            ),
            na.FrontSection(
                name="Opinion",
                entries=(
                    na.IndexEntry(
                        title="On piers",
                        path="/opinion/2016/03/2/on-piers/README.md",
                        topic="Piers",
                        description="They burn.",
                        title_blanks=("", ""),
                    ),
                ),
                rule=True,
            ),
            na.FrontSection(name="Yesterday", path="/news/2016/03/1/index.md", rule=True),
            na.FrontSection(name="Previous Day...", path="/news/2016/02/29/index.md"),
        ),
        formats=na.FormatLinks.of("/index.md"),
    )
    assert na.render(front) == FRONT_PAGE
    assert codes_of(FRONT_PAGE, FRONT_PATH) == []


@pytest.mark.parametrize(
    ("line", "place", "message"),
    [
        ("## ", "NA109 3:1", "an empty heading"),
        ("##", "NA109 3:1", "an empty heading"),
        ("## [ ](/a.md)", "NA107 3:1", "the heading's link text is empty"),
        ("## [a](b) c)", "NA107 3:1", "the heading is not one whole link '## [Name](path)'"),
        ("## [a](b c(d))", "NA107 3:1", "the heading is not one whole link '## [Name](path)'"),
        ("## a](b", "NA107 3:1", "the heading is not one whole link '## [Name](path)'"),
        ("# a", "NA109 3:1", "a heading where an index page has none"),
        ("text", "NA109 3:1", "text that belongs to no entry"),
    ],
)
def test_what_a_front_page_does_not_hold(line: str, place: str, message: str) -> None:
    text = f"{NEWS}{line}\n\n### [B ]({B})\n\n"
    assert codes(text, FRONT_PATH) == [place]
    assert messages(text, FRONT_PATH) == [message]
    (section,) = front_of(text).sections
    assert [entry.path for entry in section.entries] == [B]


@pytest.mark.parametrize("name", ["[a)", "[a", "a]", "Opinion: [a] (b)"])
def test_headings_without_a_link(name: str) -> None:
    text = f"## {name}\n### [A ]({A})\n\n"
    (section,) = front_of(text).sections
    assert (section.name, section.path) == (name, None)
    assert codes_of(text, FRONT_PATH) == []


@pytest.mark.parametrize("text", ["", "text\n", f"### [A]({A})\n", "## \n"])
def test_no_front_page_without_a_heading(text: str) -> None:
    assert "NA104 1:1" in codes(text, FRONT_PATH)
    with pytest.raises(na.InvalidPageError, match=r"no heading '## \[News\]"):
        na.parse(text, FRONT_PATH)


@pytest.mark.parametrize(
    ("below", "gap"),
    [("", "\n"), ("_Context: a_\n", ""), ("One.\n", ""), ("\n", ""), ("One.\n\n", "\n")],
)
def test_a_rule_ends_a_section(below: str, gap: str) -> None:
    text = f"{NEWS}### [A ]({A})\n{below}\n---\n\n## Opinion\n"
    first, second = front_of(text).sections
    assert (first.rule, first.final_gap) == (True, gap)
    assert (second.name, second.rule) == ("Opinion", False)
    assert codes_of(text, FRONT_PATH) == []


def test_a_rule_right_below_an_entry_is_one_too() -> None:
    for below, told in (("", []), ("One.\n", ["NA401"]), ("_Context: a_\n", ["NA401"])):
        text = f"{NEWS}### [A ]({A})\n{below}---\n\n## Opinion\n"
        (entry,) = front_of(text).sections[0].entries
        assert entry.description == ("One." if below == "One.\n" else None)
        assert front_of(text).sections[0].rule
        assert [code[:5] for code in codes_of(text, FRONT_PATH)] == told


def test_a_second_rule_and_entries_below_a_rule() -> None:
    text = f"{NEWS}### [A ]({A})\n\n\n---\n\n\n### [B ]({B})\n\n---\n\n"
    assert messages(text, FRONT_PATH) == [
        "an entry below the rule that ends its section",
        "a rule '---' where the page has none",
    ]
    (section,) = front_of(text).sections
    assert [(entry.path, entry.gap) for entry in section.entries] == [(A, ""), (B, "")]
    assert section.rule
    assert codes(f"---\n\n{NEWS}", FRONT_PATH) == ["NA109 1:1"]


def test_an_entry_below_a_rule_takes_the_sections_last_gap_away() -> None:
    text = f"{NEWS}\n\n---\n\n### [B ]({B})\n\n"
    assert codes(text, FRONT_PATH) == ["NA109 7:1"]
    assert front_of(text).sections[0].final_gap == ""


# Opinion index ---------------------------------------------------------------------------------

OPINIONS = page(
    """
    ## Opinion
    ##### Piers
    ### [On piers](/opinion/2016/03/2/on-piers/README.md)
    They burn.

    ### [On rain](/opinion/2016/03/1/on-rain/README.md)
    """
)


def test_an_opinion_index() -> None:
    opinions = opinions_of(OPINIONS)
    assert (opinions.path, opinions.name) == (OPINION_PATH, "Opinion")
    assert [(e.title, e.topic, e.description) for e in opinions.entries] == [
        ("On piers", "Piers", "They burn."),
        ("On rain", None, None),
    ]
    assert na.render(opinions) == OPINIONS
    assert codes_of(OPINIONS, OPINION_PATH) == []


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("## More", "a heading where an opinion index has none"),
        ("## [More](/a.md)", "a heading where an opinion index has none"),
        ("---", "a rule '---' where the page has none"),
    ],
)
def test_what_an_opinion_index_does_not_hold(line: str, message: str) -> None:
    text = f"{OPINIONS}{line}\n"
    assert codes(text, OPINION_PATH) == ["NA109 7:1"]
    assert messages(text, OPINION_PATH) == [message]


def test_an_opinion_index_has_no_formats_line() -> None:
    text = f"\nFormats: [HTML](a)  [JSON](b)  [XML](c)  \n\n{OPINIONS}"
    assert codes(text, OPINION_PATH) == ["NA109 2:1"]
    assert opinions_of(text) == opinions_of(OPINIONS)


@pytest.mark.parametrize("text", ["", "text\n", "## [Opinion](/a.md)\n", "## a](b\n"])
def test_no_opinion_index_without_a_heading(text: str) -> None:
    assert "NA104 1:1" in codes(text, OPINION_PATH)
    with pytest.raises(na.InvalidPageError, match="no heading '## Opinion'"):
        na.parse(text, OPINION_PATH)


def test_only_what_renders_alike_is_said_to_be_canonical() -> None:
    reading: Reading = read(f"## Opinion \n\n### [A]({A})\n\n", OPINION_PATH)
    assert reading.complete
    assert isinstance(reading.page, na.OpinionIndex)
    assert reading.page.entries[0].gap == "\n"


@pytest.mark.parametrize("heading", ["###  [A](/a)", "### [A](/a) ", "### [A](/a)  "])
def test_entries_of_an_index_with_blanks_too_many_are_not_in_order(heading: str) -> None:
    text = f"{HEAD}{heading}\n\n\n"
    assert [code.partition(" ")[0] for code in codes_of(text, DAY_PATH)] == ["NA401"]
    [entry] = index_of(text).entries
    assert (entry.title, entry.path) == ("A", "/a")


@pytest.mark.parametrize("heading", ["### [A(/a)", "### [A]", "### [ ](/a)", "### [A](/a) b"])
def test_headings_that_are_no_link_are_no_entries_of_an_index(heading: str) -> None:
    text = f"{HEAD}{heading}\n\n\n"
    assert codes_of(text, DAY_PATH) == ["NA107 3:1"]
    assert index_of(text).entries == ()


def test_what_ends_an_index_takes_no_description() -> None:
    text = f"{HEAD}### [A](/a)\n## [Previous Day...](/x)\ntext\n"
    assert codes_of(text, DAY_PATH) == ["NA109 5:1"]
    assert index_of(text).entries[0].description is None
    front = "## [News](/news/2016/03/10/index.md)\n\n### [A](/a)\n---\ntext\n"
    assert codes_of(front, FRONT_PATH) == ["NA109 5:1"]
    assert front_of(front).sections[0].entries[0].description is None
