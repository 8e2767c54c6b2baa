"""Event pages: what is read, and what is said about the rest."""

import datetime

import pytest

import newsarchive as na
from newsarchive.page.parser import read
from tests.builders import PAGE, PATH, codes_of, event_of, found, page, spoiled

HEAD = "### [2016-03-2](/news/2016/03/2/index.md)\n\n"
TITLED = f"{HEAD}# The pier burns. \n\n"


def messages(text: str, code: str) -> list[str]:
    return [d.message for d in found(text) if d.code == code]


# Whole pages -----------------------------------------------------------------------------------

FIRST_GENERATION = page(
    """
    ### [2016-03-2](/news/2016/03/2/index.md)

    ##### Veldania
    # The pier burns.·

    Nobody was hurt.


    ### Source:

    1. [Harbour Post](https://post.example.org/pier)
    2. [ Evening  Tide ](https://tide.example.org/fire?id=(7))
    2. [Cover Image](https://post.example.org/pier.jpg)

    ### Related:

    1. [The pier opens. ](/news/2016/02/29/the-pier-opens.md) _Context: Pier, Washington, D.C._
    2. [It rains.](/news/2016/03/1/it-rains.md)

    ### Changes:

    1. [Smoke. ](/news/2016/03/2/smoke.md) _2016-03-02 10:00:05 (First version)_
    2. [The pier burns. ](/news/2016/03/2/the-pier-burns.md) _2016-03-02 11:00:00 (Update)_
    2. [The pier burns. ](/news/2016/03/2/the-pier-burns.md) _(Current version)_
    """
)


def test_a_page_of_the_first_generation() -> None:
    assert event_of(FIRST_GENERATION) == na.Event(
        path=PATH,
        date=datetime.date(2016, 3, 2),
        topic="Veldania",
        title="The pier burns.",
        description="Nobody was hurt.",
        sources=(
            na.Source(name="Harbour Post", url="https://post.example.org/pier"),
            na.Source(
                name="Evening  Tide",
                url="https://tide.example.org/fire?id=(7)",
                name_blanks=(" ", " "),
            ),
        ),
        cover_image=na.CoverImage(url="https://post.example.org/pier.jpg"),
        related=(
            na.RelatedLink(
                title="The pier opens.",
                path="/news/2016/02/29/the-pier-opens.md",
                context=("Pier", "Washington", "D.C."),
            ),
            na.RelatedLink(
                title="It rains.", path="/news/2016/03/1/it-rains.md", title_blanks=("", "")
            ),
        ),
        changes=(
            na.Change(
                title="Smoke.",
                path="/news/2016/03/2/smoke.md",
                timestamp=datetime.datetime(2016, 3, 2, 10, 0, 5),
                kind="First version",
            ),
            na.Change(
                title="The pier burns.",
                path=PATH,
                timestamp=datetime.datetime(2016, 3, 2, 11),
            ),
            na.Change(title="The pier burns.", path=PATH, kind="Current version"),
        ),
    )
    assert codes_of(FIRST_GENERATION) == []


def test_a_page_of_the_second_generation() -> None:
    text = page(
        """

        Formats: [HTML](/news/a.html)  [JSON](/news/a.json)  [XML](/news/a.xml) ·

        ### [2016-03-2](/news/2016/03/2/index.md)

        #####·
        #   The pier burns.




        ### Sources:

        1. [Post](http://post.example.org)

        ### Changes:

        1. [The pier burns.](/news/2016/03/2/the-pier-burns.md) _(Current version)_

        ### Related:

        1. [It rains. ](/news/2016/03/1/it-rains.md)
        """
    )
    event = event_of(text)
    assert (event.topic, event.title, event.description) == ("", "The pier burns.", None)
    assert event.layout == na.EventLayout(
        formats=na.FormatLinks(
            html_path="/news/a.html", json_path="/news/a.json", xml_path="/news/a.xml"
        ),
        title_blanks=("  ", ""),
        source_heading="Sources",
        changes_first=True,
    )
    assert na.render(event) == text


def test_a_page_of_a_heading_and_a_title() -> None:
    event = event_of(f"{TITLED}\n\n")
    assert event == na.Event(path=PATH, date=event.date, title="The pier burns.")
    assert codes_of(f"{TITLED}\n\n") == []


@pytest.mark.parametrize(
    ("text", "last"),
    [
        (f"{TITLED}\n\n", False),
        (f"{TITLED}\n\n\n", True),
        (f"{TITLED}Text.\n\n", False),
        (f"{TITLED}Text.\n\n\n", True),
        (f"{TITLED}\n\n\n### Source:\n\n1. [a](http://a.example)\n", False),
        (f"{TITLED}\n\n\n### Source:\n\n1. [a](http://a.example)\n\n", True),
        (f"{TITLED}\n\n\n### Source:\n\n1. [Cover Image](http://a.example)\n\n", True),
        (f"{TITLED}\n\n\n### Related:\n\n1. [a](/b.md)\n\n", True),
        (f"{TITLED}\n\n\n### Changes:\n\n1. [a](/b.md) _(Update)_\n\n", True),
    ],
)
def test_an_empty_line_too_many_at_the_end_is_part_of_the_layout(text: str, last: bool) -> None:
    event = event_of(text)
    assert event.layout.final_blank_line is last
    assert na.render(event) == text


# Heading and title -----------------------------------------------------------------------------


def test_a_heading_may_be_padded_or_lead_elsewhere() -> None:
    event = event_of("### [2016-3-02](/news/2016/3/02/index.md)  \n\n# T \n\n\n\n")
    assert event.date == datetime.date(2016, 3, 2)
    assert event.layout.date_link == "/news/2016/3/02/index.md"
    assert event_of("###\t[2016-03-2](a b)\n# T\n").layout.date_link == "a b"


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("", ["NA104 1:1", "NA105 1:1"]),
        ("# T \n", ["NA104 1:1"]),
        ("### 2 March 2016\n\n# T \n", ["NA104 1:1"]),
        ("\n### [2 March](/a.md)\n\n# T \n", ["NA104 2:1"]),
        ("### [2016-03-2]\n\n# T \n", ["NA104 1:1"]),
        ("### 2016-03-2\n\n### [x](/a)\n\n# T \n", ["NA104 1:1"]),
        (HEAD, ["NA105 1:42"]),
        (f"{HEAD}# \n", ["NA105 3:1"]),
        (f"{HEAD}#\n", ["NA105 3:1"]),
        (f"{HEAD}# \u2028\xa0\n", ["NA105 3:1"]),
        (f"{HEAD}Text.\n", ["NA105 1:42"]),
        ("### [2016-02-30](/news/2016/02/30/index.md)\n\n# T \n\n\n\n", ["NA302 1:6"]),
    ],
)
def test_no_page_without_a_date_and_a_title(text: str, codes: list[str]) -> None:
    got = [code for code in codes_of(text) if code[:5] in ("NA104", "NA105", "NA301", "NA302")]
    assert got == codes
    with pytest.raises(na.InvalidPageError) as caught:
        na.parse(text, PATH)
    assert {d.code for d in caught.value.diagnostics} == {code[:5] for code in codes}


def test_an_empty_title_does_not_hide_the_next() -> None:
    assert event_of(f"{HEAD}# \n# T \n\n\n\n").title == "T"


def test_a_title_may_stand_before_the_heading_but_the_page_then_has_no_date() -> None:
    text = "# T \n\n### [2016-03-2](/news/2016/03/2/index.md)\n\n"
    assert codes_of(text) == ["NA104 1:1", "NA106 3:1"]
    assert "a second date heading is no section" in messages(text, "NA106")[0]


@pytest.mark.parametrize(
    ("line", "code", "words"),
    [
        ("# Another", "NA109", "a second title where an event page has none"),
        ("##### Topic", "NA109", "a second topic line where"),
        ("## Heading", "NA109", "a heading where an event page has none"),
        ("###### Heading", "NA109", "a heading where an event page has none"),
        ("### [2016-03-3](/a.md)", "NA106", "a second date heading is no section"),
        ("### [A](/a.md)", "NA106", "a heading is no section"),
        ("###", "NA106", "a heading is no section"),
        ("### Weather:", "NA106", "unknown section '### Weather:'; known are"),
    ],
)
def test_headings_where_an_event_has_none(line: str, code: str, words: str) -> None:
    text = f"{TITLED}{line}\n"
    assert [c for c in codes_of(text) if c != "NA401"] == [f"{code} 5:1"]
    assert words in messages(text, code)[0]
    assert event_of(text).title == "The pier burns."


def test_a_topic_belongs_between_heading_and_title() -> None:
    assert event_of(f"{HEAD}##### A \n\n# T \n\n\n\n").topic == "A"
    text = f"{HEAD}##### A\n##### B\n# T \n\n\n\n"
    assert event_of(text).topic == "A"
    assert codes_of(text) == ["NA109 4:1"]
    assert event_of("##### A\n### [2016-03-2](/a)\n\n# T\n").topic == "A"


# Formats ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "line",
    [
        "Formats:",
        "Formats: [HTML](a)",
        "Formats: [HTML](a) [JSON](b) [XML](c)  ",
        "Formats: [JSON](a)  [HTML](b)  [XML](c)  ",
        "Formats: [HTML](a b)  [JSON](b)  [XML](c)  ",
        "Formats: [HTML](a)  [JSON](b)  [XML](c)  [PDF](d)",
    ],
)
def test_a_formats_line_names_three_formats(line: str) -> None:
    text = f"\n{line}\n\n{TITLED}\n\n"
    assert codes_of(text) == ["NA109 2:1"]
    assert "does not name HTML, JSON and XML once" in messages(text, "NA109")[0]
    assert event_of(text).layout.formats is None


def test_a_formats_line_opens_a_page() -> None:
    line = "Formats: [HTML](a)  [JSON](b)  [XML](c)  \n"
    assert event_of(f"{TITLED}{line}\n").description == line.strip()
    assert codes_of(f"{HEAD}{line}\n# T \n\n\n\n") == ["NA401 3:1"]
    assert codes_of(f"{line}{line}\n{TITLED}\n\n") == ["NA109 2:1"]
    assert codes_of(f"{TITLED}\n\n\n### Related:\n\n{line}") == ["NA107 10:1"]


# Description -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "description", "blanks"),
    [
        ("One.\n", "One.", ("", "")),
        ("One.\nTwo.\n  Three. \n", "One.\nTwo.\n  Three.", ("", " ")),
        ("\u3000One.\xa0\n", "One.", ("\u3000", "\xa0")),
        ("2014. The year.\n", "2014. The year.", ("", "")),
        ("1. [a](b)\n", "1. [a](b)", ("", "")),
        ("#hashtag\n- a\n> b\n", "#hashtag\n- a\n> b", ("", "")),
    ],
)
def test_a_description_is_a_paragraph(
    lines: str, description: str, blanks: tuple[str, str]
) -> None:
    event = event_of(f"{TITLED}{lines}\n")
    assert event.description == description
    assert event.layout.description_blanks == blanks
    assert na.render(event) == f"{TITLED}{lines}\n"


@pytest.mark.parametrize("line", [" # a", "---", " ---\t", "_Context: a_", "\xa0_Context: a_ "])
def test_a_line_that_would_mean_something_else_is_no_description(line: str) -> None:
    text = f"{TITLED}{line}\n\n"
    assert codes_of(text) == ["NA109 5:1"]
    assert event_of(text).description is None
    text = f"{TITLED}One.\n{line}\nTwo.\n\n"
    assert codes_of(text) == ["NA109 6:1", "NA109 7:1"]
    assert event_of(text).description == "One."
    assert event_of(f"{TITLED}{line}\nOne.\n\n").description == "One."


def test_a_heading_ends_the_description() -> None:
    text = f"{TITLED}One.\n## Two\nThree.\n\n"
    assert event_of(text).description == "One."
    assert codes_of(text) == ["NA109 6:1", "NA109 7:1"]


def test_a_second_paragraph_is_none_of_the_description() -> None:
    text = f"{TITLED}One.\n \t\nTwo.\n\n"
    assert event_of(text).description == "One."
    assert codes_of(text) == ["NA109 7:1"]
    assert messages(text, "NA109") == ["text after the description, which is one paragraph"]


def test_text_before_the_heading_is_none_of_the_page() -> None:
    text = f"Text.\n{TITLED}\n\n"
    assert codes_of(text) == ["NA109 1:1"]
    assert messages(text, "NA109") == ["text before the date heading"]
    assert event_of(text).description is None


def test_text_between_heading_and_title_is_the_description() -> None:
    text = f"{HEAD}One.\n\n# T \n"
    assert event_of(text).description == "One."
    assert codes_of(text) == ["NA401 3:1"]


# Sections --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("Relatedd:", "unknown section '### Relatedd:'; did you mean '### Related:'"),
        ("Related", "unknown section '### Related'; did you mean '### Related:'"),
        ("sources:", "unknown section '### sources:'; did you mean '### Sources:'"),
        (
            "Weather:",
            "unknown section '### Weather:'; known are Source:, Sources:, Related: and Changes:",
        ),
        (
            "x" * 61,
            f"unknown section '### {'x' * 57}...'; "
            "known are Source:, Sources:, Related: and Changes:",
        ),
        (
            "Related:" * 13,
            f"unknown section '### {('Related:' * 13)[:57]}...'; "
            "known are Source:, Sources:, Related: and Changes:",
        ),
    ],
)
def test_unknown_sections(name: str, message: str) -> None:
    text = f"{TITLED}\n\n\n### {name} \n\n1. [a](/b.md)\n"
    assert codes_of(text)[0] == "NA106 8:1"
    assert messages(text, "NA106") == [message]
    marked = next(d for d in found(text) if d.code == "NA106")
    assert marked.end_column == 5 + len(name)


def test_entries_of_a_misspelt_section_are_read_and_of_an_unknown_one_are_not() -> None:
    text = f"{TITLED}\n\n\n### Relatd:\n\n1. [a](/b.md)\n2. [c\n"
    assert [link.path for link in event_of(text).related] == ["/b.md"]
    assert codes_of(text) == ["NA106 8:1", "NA107 11:1"]
    text = f"{TITLED}\n\n\n### Weather:\n\n1. [a](/b.md)\n2. [c\ntext\n"
    assert event_of(text).related == ()
    assert codes_of(text) == ["NA106 8:1"]


def test_a_second_section_of_one_kind_is_read_too() -> None:
    text = (
        f"{TITLED}\n\n\n### Source:\n\n1. [a](http://a.ex)\n\n### Sources:\n\n2. [b](http://b.ex)\n"
    )
    assert codes_of(text) == ["NA109 12:1"]
    assert messages(text, "NA109") == ["a second section '### Sources:'"]
    assert [source.name for source in event_of(text).sources] == ["a", "b"]
    assert event_of(text).layout.source_heading == "Source"


def test_empty_sections_are_left_out_and_said() -> None:
    text = f"{TITLED}\n\n\n### Source:\n\n### Related:\n\n### Changes:\n"
    assert event_of(text) == event_of(f"{TITLED}\n\n")
    assert codes_of(text) == ["NA401 7:1"]


def test_blank_lines_and_lines_of_text_between_entries() -> None:
    text = page(
        """
        ### [2016-03-2](/news/2016/03/2/index.md)

        # T·




        ### Related:

        1. [a](/a.md)

        2. [b](/b.md)
        text
          3. [c](/c.md)
        \t
        4. [d](/d.md)
        """
    )
    assert [link.title for link in event_of(text).related] == ["a", "b", "c", "d"]
    assert codes_of(text) == ["NA107 13:1"]
    assert messages(text, "NA107") == [
        "the line is no numbered link entry; expected '1. [Title](target)'"
    ]


# Entries ---------------------------------------------------------------------------------------


def section(name: str, line: str) -> str:
    return f"{TITLED}\n\n\n### {name}:\n\n{line}\n"


@pytest.mark.parametrize(
    ("line", "text", "target"),
    [
        ("1. [a](/b.md)", "a", "/b.md"),
        ("1. [ a  b ](/b.md)", "a  b", "/b.md"),
        ("1. [[U.S.] wins](/b.md)", "[U.S.] wins", "/b.md"),
        ("1. [[?]67 C](/b.md)", "[?]67 C", "/b.md"),
        ("1. [([http:--a.example BBC])](/b.md)", "([http:--a.example BBC])", "/b.md"),
        ("1. [[http://a.example BBC]](/b.md)", "[http://a.example BBC]", "/b.md"),
        ("1. [[](/b.md)", "[", "/b.md"),
        ("1. []](/b.md)", "]", "/b.md"),
        ("1. [] [](/b.md)", "] [", "/b.md"),
        ("1. [a](/b_(c).md)", "a", "/b_(c).md"),
        ("1. [a](/b).md)", "a", "/b).md"),
        ("1. [a]()", "a", ""),
        ("1. [a](/b c.md)", "a", "/b c.md"),
        ("1. [a]( )", "a", " "),
        ("1. [a](/b.md#c)", "a", "/b.md#c"),
        ("1. [a](b\u00a0c)", "a", "b\u00a0c"),
        ("1.  [a](/b.md)  ", "a", "/b.md"),
        ("1.\t[a](/b.md)\t", "a", "/b.md"),
        ("   1. [a](/b.md)", "a", "/b.md"),
        ("000000001. [a](/b.md)", "a", "/b.md"),
    ],
)
def test_entries(line: str, text: str, target: str) -> None:
    for name in ("Sources", "Related"):
        reading = read(section(name, line), PATH)
        assert reading.problems == []
        (link,) = reading.sources or reading.related
        assert (link["text"].strip(), link["target"]) == (text, target)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("text", "the line is no numbered link entry; expected '1. [Title](target)'"),
        ("- [a](/b.md)", "the line is no numbered link entry; expected '1. [Title](target)'"),
        ("    1. [a](/b.md)", "the line is no numbered link entry; expected '1. [Title](target)'"),
        ("1. a", "the entry has no '[Title](target)' before its target"),
        ("1. [a(/b.md)", "the entry has no ']' before its target; expected '1. [Title](target)'"),
        ("1. [a] (/b.md)", "the entry has no ']' before its target"),
        ("1. [a](/b.md", "the entry's link has no closing ')'; expected '1. [Title](target)'"),
        ("1. [a](/b.md) text", "the line is not one whole link entry"),
        ("1. [a](/b.md)_Context: c_", "the line is not one whole link entry"),
        ("1) [a](/b.md)", "the line is not one whole link entry"),
        ("1.[a](/b.md)", "the line is not one whole link entry"),
        ("1. a](/b.md)", "the line is not one whole link entry"),
        ("1. [a](b c(d))", "the line is not one whole link entry"),
        ("1234567890. [a](/b.md)", "the line is not one whole link entry"),
        ("1. [ ](/b.md)", "the entry's link text is empty"),
        ("1. [](/b.md)", "the entry's link text is empty"),
        ("1. [\u2003](/b.md)", "the entry's link text is empty"),
        ("1. [a](/b.md) _(Update)_", "a version note '_(...)_' belongs under Changes"),
        ("1. [a](/b.md) _2016-03-02 10:00:00 (Update)_", "a version note '_(...)_' belongs under"),
    ],
)
def test_lines_that_are_no_entries(line: str, message: str) -> None:
    text = section("Related", line)
    reading = read(text, PATH)
    (problem,) = reading.problems
    assert problem.kind == "no-entry"
    assert text[problem.start : problem.end] == line
    assert problem.message.startswith(message)
    assert event_of(text).related == ()


def test_numbers_of_lines_that_are_no_entries_are_kept() -> None:
    text = f"{TITLED}\n\n\n### Related:\n\n1. [a](/a.md)\n2. [b\n3) c\n  44. d\ntext\n"
    reading = read(text, PATH)
    assert [(s, text[i:j], n) for s, i, j, n in reading.malformed] == [
        ("related", "2", 2),
        ("related", "3", 3),
        ("related", "44", 44),
    ]
    assert reading.malformed_in("related")
    assert not reading.malformed_in("sources")


@pytest.mark.parametrize(
    ("tail", "context"),
    [
        ("", ()),
        (" _Context: a_", ("a",)),
        (" _Context: a, b,c, d e_", ("a", "b,c", "d e")),
        (" _Context: U.S._", ("U.S.",)),
        (" _Context: a_b_", ("a_b",)),
        (" _Context: a_ _Context: b_", ("a_ _Context: b",)),
        (" _Context: _", ("",)),
        (" _Context: ,  , _", ("", " ", "")),
        (" _Context: (a) [b](c)_  ", ("(a) [b](c)",)),
    ],
)
def test_contexts(tail: str, context: tuple[str, ...]) -> None:
    (link,) = event_of(section("Related", f"1. [a](/b.md){tail}")).related
    assert (link.path, link.context) == ("/b.md", context)


def test_a_context_belongs_under_related() -> None:
    text = section("Sources", "1. [a](http://b.example) _Context: c_")
    assert codes_of(text) == ["NA107 10:1"]
    assert messages(text, "NA107") == ["a '_Context: ..._' note belongs under Related"]


@pytest.mark.parametrize(
    ("note", "timestamp", "kind"),
    [
        ("_(Current version)_", None, "Current version"),
        ("_(Update)_", None, "Update"),
        ("_2016-03-02 10:00:05 (First version)_", datetime.datetime(2016, 3, 2, 10, 0, 5), None),
        ("_0001-01-01 00:00:00 (x_y)_", datetime.datetime(1, 1, 1), "x_y"),
    ],
)
def test_notes_of_changes(note: str, timestamp: datetime.datetime | None, kind: str | None) -> None:
    (change,) = event_of(section("Changes", f"1. [a](/b.md) {note}")).changes
    assert (change.timestamp, change.kind) == (timestamp, kind or "First version")


@pytest.mark.parametrize(
    ("note", "message"),
    [
        ("", "a change ends in '_2017-10-12 03:57:01 (Update)_' or '_(Current version)_'"),
        (" _Context: a_", "a change ends in '_2017-10-12 03:57:01 (Update)_' or"),
        (" _2016-02-30 10:00:00 (Update)_", "the change's time '2016-02-30 10:00:00' does not"),
        (" _2016-03-02 24:00:01 (Update)_", "the change's time '2016-03-02 24:00:01' does not"),
        (" _0000-01-01 00:00:00 (Update)_", "the change's time '0000-01-01 00:00:00' does not"),
        (" _2016-03-02 (Update)_", "the line is not one whole link entry"),
        (" _()_", "the line is not one whole link entry"),
    ],
)
def test_notes_that_no_change_has(note: str, message: str) -> None:
    text = section("Changes", f"1. [a](/b.md){note}")
    assert messages(text, "NA107")[0].startswith(message)
    assert event_of(text).changes == ()


@pytest.mark.parametrize("name", ["Cover Image", " Cover Image "])
def test_the_cover_image_is_the_last_source(name: str) -> None:
    event = event_of(section("Sources", f"1. [a](http://a.ex)\n1. [{name}](http://b.ex)"))
    assert event.cover_image == na.CoverImage(url="http://b.ex")
    assert [source.name for source in event.sources] == ["a"]
    alone = event_of(section("Sources", f"1. [{name}](http://b.ex)"))
    assert (alone.sources, alone.layout.source_heading) == ((), "Sources")
    first = event_of(section("Sources", f"1. [{name}](http://b.ex)\n2. [a](http://a.ex)"))
    assert first.cover_image is None


# Kinds -----------------------------------------------------------------------------------------


def test_without_a_path_the_heading_decides() -> None:
    event = event_of(FIRST_GENERATION, "")
    assert event.path == ""
    assert event.model_copy(update={"path": PATH}) == event_of(FIRST_GENERATION)


def test_a_path_that_is_not_ascii_is_kept() -> None:
    path = "/news/2016/03/2/l\u00e9r\u00e9.md"
    assert event_of(FIRST_GENERATION, path).path == path


# Slips of one character -----------------------------------------------------------------------

EMPTY = f"{HEAD}# T \n\n\n\n\n"


def test_a_finding_in_the_last_line_ends_with_the_text() -> None:
    for ending in ("", "\n"):
        text = f"{EMPTY}# Again"
        [second] = found(text + ending)
        assert (second.code, text[second.start : second.end]) == ("NA109", "# Again")


def test_a_second_date_heading_above_the_title_is_no_section() -> None:
    assert "NA106 3:1" in codes_of(f"{HEAD}{HEAD}# T \n\n\n\n")


def test_lines_below_a_heading_that_is_no_section_belong_to_none() -> None:
    text = f"{EMPTY}### [2016-03-1](/a)\n\n1. [a](/b)\n"
    reading = read(text, PATH)
    assert reading.related == reading.sources == reading.changes == []
    assert codes_of(text)[0] == "NA106 8:1"


@pytest.mark.parametrize("section", ["Source", "Related", "Changes"])
def test_nothing_but_a_note_may_follow_an_entry(section: str) -> None:
    note = " _(Update)_" if section == "Changes" else ""
    for tail in ("!", "!!", " !", "_"):
        text = f"{EMPTY}### {section}:\n\n1. [a](/b){note}{tail}\n"
        assert "NA107 10:1" in codes_of(text), text


@pytest.mark.parametrize("title", ["The [pier] opens.", "The pier <opens>.", "`The` pier", "a\\b"])
def test_odd_entries_keep_no_page_from_being_in_order(title: str) -> None:
    reading = read(spoiled("[The pier opens.]", f"[{title}]"), PATH)
    assert reading.canonical


def test_a_heading_that_leads_to_its_own_day_is_no_layout() -> None:
    assert event_of(PAGE).layout.date_link is None
    odd = event_of(spoiled("(/news/2016/03/2/index.md)", "(/news/2016/03/02/index.md)"))
    assert odd.layout.date_link == "/news/2016/03/02/index.md"


def test_targets_may_be_empty() -> None:
    formats = "\nFormats: [HTML](a)  [JSON]()  [XML](c)  \n\n"
    event = event_of(f"{formats}{EMPTY}### Source:\n\n1. [a]()\n")
    assert event.layout.formats
    assert event.layout.formats.json_path == ""
    assert [source.url for source in event.sources] == [""]


def test_blanks_before_a_name_are_not_those_behind_it() -> None:
    text = f"{EMPTY}### Source:\n\n1. [ a  ](u)\n"
    [source] = event_of(text).sources
    assert (source.name, source.name_blanks) == ("a", (" ", "  "))
    assert na.render(event_of(text)) == text


@pytest.mark.parametrize(("digits", "is_entry"), [(9, True), (10, False)])
def test_a_number_has_nine_digits_at_most(digits: int, is_entry: bool) -> None:
    text = f"{EMPTY}### Related:\n\n{'1' * digits}. [a](/b)\n"
    assert codes_of(text) == ["NA108 10:1" if is_entry else "NA107 10:1"]
    assert bool(read(text, PATH).related) is is_entry


def test_a_heading_that_begins_with_a_figure_stands_for_the_date() -> None:
    assert codes_of("### 2. March 2016\n\n# T \n\n\n\n\n") == ["NA104 1:1"]
    assert codes_of("### March 2016\n\n# T \n\n\n\n\n")[0].startswith("NA104")


def test_without_a_date_heading_text_below_the_title_is_the_description() -> None:
    text = "# T \n\nText.\n\n\n"
    assert codes_of(text) == ["NA104 1:1"]
    start, end = read(text, PATH).description or (0, 0)
    assert text[start:end] == "Text."
    assert codes_of(f"Text.\n\n{text}") == ["NA104 1:1", "NA109 1:1"]
