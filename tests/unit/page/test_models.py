"""What the models admit, what they refuse, and what they settle by themselves."""

import copy
import datetime
import json
import re
import sys
from collections.abc import Callable
from typing import Any

import jsonschema
import pytest
from pydantic import ValidationError

import newsarchive as na
from newsarchive.page.models._text import line_fault
from newsarchive.page.models.links import entry_numbers
from tests.builders import (
    DAY_PATH,
    EDITORIAL_PATH,
    FRONT_PATH,
    OPINION_PATH,
    PATH,
    PROSE_PATH,
    TODAY,
)
from tests.builders import event as event_text

DAY = datetime.date(2016, 3, 2)
MOMENT = datetime.datetime(2016, 3, 2, 10, 0, 5)


def event(**parts: Any) -> na.Event:
    return na.Event.model_validate({"date": DAY, "title": "T", **parts})


def entry(**parts: Any) -> na.IndexEntry:
    return na.IndexEntry.model_validate({"title": "T", "path": "/a.md", **parts})


def refused(build: Callable[..., object], words: str, **parts: Any) -> None:
    with pytest.raises(ValidationError) as caught:
        build(**parts)
    assert words in str(caught.value)


# Lines -----------------------------------------------------------------------------------------

BLANKS = ["\t", " ", "\x0b", "\x0c", "\x1c", "\x1f", "\x85", "\xa0", "\u2003", "\u2028", "\u3000"]


@pytest.mark.parametrize("blank", BLANKS)
def test_a_title_has_no_blank_at_its_ends(blank: str) -> None:
    refused(event, "must not begin or end with a blank", title=f"T{blank}")
    refused(event, "must not begin or end with a blank", title=f"{blank}T")
    refused(event, "must not begin or end with a blank", title=blank)
    assert event(title=f"T{blank}T").title == f"T{blank}T"
    assert event(layout={"title_blanks": (blank, blank * 2)}).layout.title_blanks[1] == blank * 2


@pytest.mark.parametrize("text", ["\u200b", "\ufeff", "\x00", "#", "3.4 million", "[", "''T"])
def test_what_only_looks_odd_is_a_title(text: str) -> None:
    assert event(title=text).title == text


@pytest.mark.parametrize("text", ["a\nb", "a\rb", "a\n", "\n"])
def test_a_title_is_one_line(text: str) -> None:
    refused(event, "must be one line", title=text)
    refused(event, "must not be empty", title="")


@pytest.mark.parametrize("text", ["a", "\n", "\r", " \n"])
def test_blanks_are_blanks(text: str) -> None:
    refused(
        event, "must be blanks (spaces, tabs ...) on one line", layout={"title_blanks": ("", text)}
    )


def test_lone_surrogates_are_no_text() -> None:
    refused(event, "unicode", title="\ud800")


def test_link_text_ends_at_its_first_bracket_and_parenthesis() -> None:
    for text in ("[U.S.]", "[?]67 C", "a [", "]", "] (a)", "([http:--www BBC])", "a]"):
        assert na.Source(name=text, url="").name == text
    refused(na.Source, "cannot hold ']('", name="a](b", url="")


@pytest.mark.parametrize(
    "target",
    ["", "http://a/?b=(c)&d#", "/news/a b.md", "http://New Zealand Herald", "a\xa0b", "()"],
)
def test_targets(target: str) -> None:
    assert na.Source(name="n", url=target).url == target


@pytest.mark.parametrize("target", ["a (b)", "a b)", "( "])
def test_a_target_holds_blanks_or_parentheses(target: str) -> None:
    refused(na.Source, "either blanks or parentheses", name="n", url=target)


def test_a_target_is_one_line() -> None:
    refused(na.Source, "must be one line", name="n", url="a\nb")
    refused(na.Source, "must be one line", name="n", url="a\r")


# Descriptions ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "One line.",
        "Two\nlines.",
        "2014. The year",
        "#hashtag",
        "####### seven",
        "----",
        "a\n  indented\nb",
        "_Context: a",
        "Formats: x",
        "a\u2028b",
        "1. [a](b)",
    ],
)
def test_descriptions(text: str) -> None:
    assert line_fault(text.split("\n")[0]) == ""
    assert event(description=text).description == text
    assert entry(description=text).description == text


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a\n\nb", "one paragraph"),
        ("a\n \t\nb", "one paragraph"),
        ("a\n\u2003\nb", "one paragraph"),
        ("# a", "like a heading"),
        ("a\n ###### b\nc", "like a heading"),
        ("a\n#", "like a heading"),
        ("#\tb", "like a heading"),
        ("---", "a rule between sections"),
        ("a\n --- \nb", "a rule between sections"),
        ("_Context: a_", "'_Context: ..._' line"),
        ("a\n\xa0_Context: _\t\nb", "'_Context: ..._' line"),
    ],
)
def test_what_cannot_stand_in_a_description(text: str, words: str) -> None:
    refused(event, words, description=text)
    refused(entry, words, description=text)


@pytest.mark.parametrize("text", [" a", "a ", "a\n", "\x1ca"])
def test_a_description_has_no_blanks_at_its_ends(text: str) -> None:
    refused(event, "must not begin or end with a blank", description=text)
    refused(event, "it holds a carriage return", description="a\r\nb")


def test_an_empty_description_is_none_on_an_event_and_an_empty_line_in_an_index() -> None:
    assert event(description="").description is None
    assert event(description=None).description is None
    assert entry(description="").description == ""
    assert entry().description is None


# Context ---------------------------------------------------------------------------------------


def test_a_term_with_a_comma_and_a_blank_becomes_two() -> None:
    link = na.RelatedLink(title="T", path="/a.md", context=("Washington, D.C.", "a,b", "c_"))
    assert link.context == ("Washington", "D.C.", "a,b", "c_")
    assert na.RelatedLink(title="T", path="/a.md").context == ()


@pytest.mark.parametrize("terms", [[""], ["a", ""], ["a", " "], ["a, , b"], ["a, "], [", a"]])
def test_a_term_is_not_empty(terms: list[str]) -> None:
    refused(na.RelatedLink, "a context term must not be empty", title="T", path="/a", context=terms)
    refused(na.IndexEntry, "a context term must not be empty", title="T", path="/a", context=terms)


def test_a_page_with_an_empty_term_is_read_as_it_stands() -> None:
    line = "[The pier opens.](/news/2016/02/29/the-pier-opens.md) _Context: pier, , fire_"
    text = event_text(related=[line]).replace("The pier burns.", "The pier burns. ")
    page = na.parse(text, PATH)
    assert isinstance(page, na.Event)
    assert page.related[0].context == ("pier", "", "fire")
    assert "pier, , fire" in na.render(page.replace(topic="War"))
    assert [d for d in na.check_text(text, PATH) if d.code.startswith("NA4")] == []


def test_what_is_refused_names_the_page() -> None:
    data = {"path": PATH, "date": "2016-03-02", "title": "T"}
    wrong: dict[str, Any] = {"title": 5, "topic": "a\nb", "related": [{"title": "", "path": "/a"}]}
    for name, value in wrong.items():
        with pytest.raises(ValidationError, match=rf"\(on the page {re.escape(PATH)}\)"):
            na.Event.model_validate(data | {name: value})
    with pytest.raises(ValidationError) as caught:
        na.Event.model_validate_json(json.dumps(data | wrong))
    found = caught.value.errors()
    assert [one["loc"] for one in found] == [("title",), ("topic",), ("related", 0, "title")]
    assert all(PATH in one["msg"] for one in found)
    for model, more in ((na.DayIndex, {"entries": 1}), (na.FrontPage, {"sections": ()})):
        with pytest.raises(ValidationError, match=r"on the page /index\.md"):
            model.model_validate({"path": "/index.md", **more})


# Entries ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("repeats", "numbers"),
    [
        ([], []),
        ([False, False, False], [1, 2, 3]),
        ([False, False, True], [1, 2, 2]),
        ([True], [1]),
        ([True, True, False], [1, 1, 2]),
        ([False, True, False, True], [1, 1, 2, 2]),
    ],
)
def test_entry_numbers(repeats: list[bool], numbers: list[int]) -> None:
    assert entry_numbers(repeats) == numbers


def test_a_change_is_an_update_unless_it_says_otherwise() -> None:
    change = na.Change(title="T", path="/a.md")
    assert (change.kind, change.timestamp, change.is_current) == ("Update", None, False)
    assert na.Change(title="T", path="/a.md", kind="Current version").is_current
    assert na.Change(title="T", path="/a.md", kind="Merged").kind == "Merged"


@pytest.mark.parametrize(
    ("kind", "words"),
    [("", "empty"), ("a(b", "parentheses"), ("a)b", "parentheses"), ("a\nb", "one line")],
)
def test_kinds_of_change_hold_no_parentheses(kind: str, words: str) -> None:
    refused(na.Change, words, title="T", path="/a.md", kind=kind)


def test_a_timestamp_is_what_a_page_can_write() -> None:
    assert na.Change(title="T", path="/a.md", timestamp=MOMENT).timestamp == MOMENT
    fraction = MOMENT.replace(microsecond=1)
    refused(na.Change, "whole seconds", title="T", path="/a.md", timestamp=fraction)
    zoned = MOMENT.replace(tzinfo=datetime.UTC)
    refused(na.Change, "no time zone", title="T", path="/a.md", timestamp=zoned)


def test_format_links_hold_no_blanks() -> None:
    refused(na.FormatLinks, "must not hold a blank", html_path="a b", json_path="", xml_path="")
    refused(na.FormatLinks, "must not hold a blank", html_path="", json_path="\xa0", xml_path="")
    assert na.FormatLinks(html_path="(", json_path="", xml_path=")").xml_path == ")"


@pytest.mark.parametrize(
    ("path", "html"),
    [
        (PATH, "/news/2016/03/2/the-pier-burns.html"),
        # The archive's generator leaves /news/ out here.
        (DAY_PATH, "2016/03/2/index.html"),
        ("/news/2016/03/2/README.md", "2016/03/2/index.html"),
        ("/index.md", "/index.html"),
        ("/README.md", "/index.html"),
    ],
)
def test_format_links_of_a_path(path: str, html: str) -> None:
    links = na.FormatLinks.of(path)
    assert links.html_path == html
    assert links.json_path == html.replace(".html", ".json")
    assert links.xml_path == html.replace(".html", ".xml")


# Pages -----------------------------------------------------------------------------------------


def test_an_event_needs_a_date_and_a_title() -> None:
    made = na.Event(date=DAY, title="T")
    assert (made.path, made.topic, made.description, made.cover_image) == ("", None, None, None)
    assert (made.sources, made.related, made.changes) == ((), (), ())
    assert made.layout == na.EventLayout()
    refused(na.Event, "Field required", title="T")
    refused(na.Event, "Field required", date=DAY)


@pytest.mark.parametrize(
    ("build", "own"),
    [
        (event, PATH),
        (lambda **parts: na.DayIndex(date=DAY, **parts), DAY_PATH),
        (lambda **parts: na.FrontPage(sections=(na.FrontSection(name="N"),), **parts), FRONT_PATH),
        (lambda **parts: na.OpinionIndex(**parts), OPINION_PATH),
        (lambda **parts: na.Editorial(title="T", author="A", **parts), EDITORIAL_PATH),
        (lambda **parts: na.ProsePage(text="", **parts), PROSE_PATH),
    ],
)
def test_a_page_stands_at_a_path_of_its_kind_or_none(
    build: Callable[..., na.Page], own: str
) -> None:
    assert build(path=own).path == own
    assert build().path == ""
    for other in {PATH, DAY_PATH, FRONT_PATH, OPINION_PATH} - {own}:
        refused(build, "path", path=other)


def test_an_editorials_folder_may_hold_other_prose() -> None:
    assert na.ProsePage(path=EDITORIAL_PATH, text="x").path == EDITORIAL_PATH
    refused(na.Editorial, "path", path=PROSE_PATH, title="T", author="A")


def test_a_last_source_named_cover_image_is_the_cover_image() -> None:
    cover = {"name": "Cover Image", "url": "http://a.example/1.jpg"}
    other = {"name": "Reuters", "url": "http://a.example/2"}
    taken = event(sources=(other, cover))
    assert taken == event(sources=(other,), cover_image={"url": cover["url"]})
    assert na.parse(na.render(taken)) == taken
    assert event(sources=(cover,)).sources == ()
    assert event(sources=(cover, other)).sources[0].name == "Cover Image"
    both = event(sources=(other, cover), cover_image={"url": "http://a.example/3.jpg"})
    assert [source.name for source in both.sources] == ["Reuters", "Cover Image"]


def test_a_layout_forgets_what_its_page_cannot_show() -> None:
    layout = na.EventLayout(
        date_link="/news/2016/03/2/index.md",
        source_heading="Sources",
        changes_first=True,
        topic_blanks=(" ", "  "),
        description_blanks=(" ", " "),
    )
    assert event(layout=layout).layout == na.EventLayout()
    assert event(layout=layout, topic="").layout.topic_blanks == ("", "   ")
    full = event(
        layout=layout,
        topic="a",
        description="b",
        sources=({"name": "n", "url": "u"},),
        related=({"title": "t", "path": "/a.md"},),
        changes=({"title": "t", "path": "/a.md"},),
    )
    assert full.layout == layout.model_copy(update={"date_link": None})
    covered = event(layout=layout, cover_image={"url": "u"}, related=full.related)
    assert covered.layout.source_heading == "Sources"
    assert not covered.layout.changes_first


def test_a_date_link_of_another_day_is_kept() -> None:
    made = event(layout={"date_link": "/news/2016/03/3/index.md"})
    assert made.day_path == "/news/2016/03/3/index.md"
    assert event().day_path == "/news/2016/03/2/index.md"
    index = na.DayIndex(date=DAY, layout=na.IndexLayout(date_link="/x.md"))
    assert index.day_path == "/x.md"
    settled = na.DayIndex(date=DAY, layout=na.IndexLayout(date_link=DAY_PATH))
    assert settled.layout.date_link is None
    assert settled.day_path == DAY_PATH


def test_the_layout_of_the_second_generation() -> None:
    layout = na.EventLayout.second_generation(PATH)
    assert layout.formats == na.FormatLinks.of(PATH)
    assert (layout.source_heading, layout.changes_first) == ("Sources", True)


def test_an_index_entry_has_a_description_or_a_context() -> None:
    refused(entry, "not both", description="d", context=("a",))
    refused(entry, "not both", description="", context=("a",))
    assert entry(context=("a",)).context == ("a",)


def test_an_index_entry_forgets_blanks_round_nothing() -> None:
    assert entry(topic_blanks=(" ", " ")).topic_blanks == ("", "")
    assert entry(topic="", topic_blanks=(" ", "\t")).topic_blanks == ("", " \t")
    assert entry(topic="a", topic_blanks=(" ", "")).topic_blanks == (" ", "")
    assert entry(description_blanks=(" ", "")).description_blanks == ("", "")
    assert entry(description="", description_blanks=(" ", "")).description_blanks == ("", "")
    assert entry(description="d", description_blanks=(" ", "")).description_blanks == (" ", "")


@pytest.mark.parametrize(
    "gap", ["", "\n", "\n\n", "#####\n\n", "##### a\n\n\n", "##### a\n#####\n\n"]
)
def test_gaps(gap: str) -> None:
    assert entry(gap=gap).gap == gap


@pytest.mark.parametrize("gap", ["a", "\n ", "#### a\n", "######\n\n", "#####a\n\n", "##### a"])
def test_what_is_no_gap(gap: str) -> None:
    refused(entry, "must be empty lines and '#####' lines", gap=gap)


def test_a_gap_ends_in_a_topic_line_only_above_a_topic() -> None:
    refused(entry, "that line is the entry's topic", gap="##### a\n")
    refused(entry, "that line is the entry's topic", gap="\n#####\n")
    assert entry(gap="##### a\n", topic="b").gap == "##### a\n"


@pytest.mark.parametrize(
    "build",
    [
        lambda entries, gap: na.DayIndex(
            date=DAY, entries=entries, layout=na.IndexLayout(final_gap=gap)
        ),
        lambda entries, gap: na.FrontSection(name="N", entries=entries, final_gap=gap),
        lambda entries, gap: na.OpinionIndex(entries=(*entries, entry(gap=gap))),
    ],
)
def test_two_empty_lines_below_a_bare_entry_are_its_description(
    build: Callable[..., na.DayIndex],
) -> None:
    assert build((entry(),), "\n\n") == build((entry(description=""),), "")
    topic = "##### a\n\n"
    found = build((entry(), entry(gap=topic), entry(gap="\n\n\n")), f"\n\n{topic}")
    told = entry(gap=topic, description="")
    assert found == build((entry(), told, entry(gap="\n", description="")), topic)
    assert build((entry(), entry(gap="\n")), "\n").entries[:2] == (entry(), entry(gap="\n"))
    for text in ({"description": "d"}, {"description": ""}, {"context": ("a",)}):
        assert build((entry(**text), entry(gap="\n", **text)), "\n").entries[1].gap == "\n"
    assert build((entry(),), topic).entries[0] == entry()


def test_a_front_page_has_a_section() -> None:
    refused(na.FrontPage, "at least 1", sections=())
    refused(na.FrontSection, "cannot hold ']('", name="[a](b)")
    refused(na.OpinionIndex, "cannot hold ']('", name="[a](b)")
    assert na.FrontSection(name="[a)").path is None


def test_prose_has_no_carriage_returns_and_starts_with_no_mark() -> None:
    assert na.ProsePage(text="").text == ""
    assert na.ProsePage(text="\n a\ufeff\n").text == "\n a\ufeff\n"
    refused(na.ProsePage, "must not begin with a byte order mark", text="\ufeffa")
    refused(na.ProsePage, "it holds a carriage return", text="a\r\nb")
    refused(na.Editorial, "it holds a carriage return", title="T", author="A", body="\r")
    assert na.Editorial(title="T", author="A", body="\ufeff").leading_blank_line


# All of them -----------------------------------------------------------------------------------

EVENT = event(
    path=PATH,
    description="d",
    sources=({"name": "n", "url": "u"},),
    changes=({"title": "t", "path": "/a.md", "timestamp": MOMENT},),
)


def test_models_are_frozen_and_know_their_fields() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        EVENT.title = "U"  # type: ignore[misc]
    refused(event, "Extra inputs are not permitted", titel="T")
    refused(entry, "Extra inputs are not permitted", summary="T")


def test_models_are_hashable_values() -> None:
    same = na.Event.model_validate(EVENT.model_dump())
    assert same == EVENT
    assert hash(same) == hash(EVENT)
    assert EVENT.model_copy(update={"date": TODAY}) != EVENT
    assert len({EVENT, same, event()}) == 2


def test_what_a_model_settles_is_settled_again_from_its_json() -> None:
    made = event(layout={"changes_first": True, "topic_blanks": (" ", "")}, topic="")
    assert na.Event.model_validate_json(made.model_dump_json()) == made


def test_a_replaced_field_is_validated() -> None:
    changed = EVENT.replace(title="U", date=TODAY)
    assert (changed.title, changed.date, changed.sources) == ("U", TODAY, EVENT.sources)
    assert EVENT.title == "T"
    refused(EVENT.replace, "must be one line", title="two\nlines")
    refused(EVENT.replace, "Extra inputs are not permitted", titel="T")
    refused(EVENT.replace, "must be a day of the calendar", date=0)
    assert EVENT.replace(topic="", layout={"topic_blanks": (" ", "")}).layout.topic_blanks[1] == " "
    assert EVENT.sources[0].replace(name="m").name == "m"
    refused(na.IndexLayout().replace, "must be empty lines", final_gap="a")


@pytest.mark.skipif(sys.version_info < (3, 13), reason="copy.replace came with Python 3.13")
def test_a_copy_of_the_standard_library_is_validated() -> None:
    assert copy.replace(EVENT, title="U").title == "U"  # type: ignore[attr-defined,unused-ignore]
    refused(lambda: copy.replace(EVENT, title="a\nb"), "one line")  # type: ignore[attr-defined,unused-ignore]


@pytest.mark.parametrize(
    "date",
    [0, 1456444800, 1.5, True, "1456444800", "2016-3-2", "2016-02-30", "2015-02-29", "0000-02-29",
     "2016-03-02T00:00:00", "20160302", "2016-W09-3", " 2016-03-02", "2016-03-02\n",
     "２０１６-03-02"],
)  # fmt: skip
def test_what_is_no_date(date: object) -> None:
    refused(event, "must be a day of the calendar", date=date)
    refused(na.DayIndex.model_validate, "must be a day", obj={"date": date})


def test_dates_as_text() -> None:
    assert event(date="2016-02-29").date == datetime.date(2016, 2, 29)
    assert event(date="2000-02-29").date.year == 2000
    refused(event, "must be a day of the calendar", date="1900-02-29")


@pytest.mark.parametrize("moment", [0, 1456444800, "2016-03-02", "2016-03-02T24:00:00",
    "2016-03-02T10:00:05Z", "2016-03-02T10:00:05.5", "2016-03-02T10:00", DAY])  # fmt: skip
def test_what_is_no_timestamp(moment: object) -> None:
    refused(na.Change, "whole seconds and no time zone", title="T", path="", timestamp=moment)


def test_timestamps_as_text() -> None:
    for text in ("2016-03-02T10:00:05", "2016-03-02 10:00:05"):
        change = na.Change.model_validate({"title": "T", "path": "", "timestamp": text})
        assert change.timestamp == MOMENT


@pytest.mark.parametrize("value", [0, 1, "true", "no", None])
def test_switches_are_true_or_false(value: object) -> None:
    refused(event, "valid boolean", layout={"changes_first": value})
    refused(na.FrontSection.model_validate, "boolean", obj={"name": "N", "rule": value})


@pytest.mark.parametrize("name", ["a (b).md", "a\nb.md", ") ", "a\r.md"])
def test_a_path_is_one_that_a_link_can_name(name: str) -> None:
    path = f"/news/2016/03/2/{name}"
    words = "one line" if "\n" in name or "\r" in name else "either blanks or parentheses"
    refused(event, words, path=path)
    refused(na.ProsePage, words, path=f"/about/{name}", text="")
    made = na.parse(na.render(event()), path)
    assert made == event()  # it has no path that its model could have


@pytest.mark.slow
def test_the_json_schema_admits_pages_and_nothing_else() -> None:
    schema = na.json_schema()
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert {"Event", "DayIndex", "FrontPage", "OpinionIndex", "Editorial", "ProsePage"} <= set(
        schema["$defs"]
    )
    validator = jsonschema.Draft202012Validator(schema)
    validator.check_schema(schema)
    validator.validate(EVENT.model_dump(mode="json"))
    validator.validate(na.ProsePage(text="").model_dump(mode="json"))
    wrong: list[object] = [{"title": "T"}, {"text": "", "more": 1}, {"text": 1}, []]
    for page in wrong:
        with pytest.raises(jsonschema.ValidationError):
            validator.validate(page)


@pytest.mark.parametrize(
    "path",
    [
        "/news/2016/03/2/a.html", "/news/2016/03/2/.md", "/news/2016/03/2/.a.md",
        "/news/2016/13/1/a.md", "/news/2016/00/1/a.md", "/news/2016/3/2/a.md",
        "/news/2016/03/01/a.md", "/news/2016/03/020/a.md", "/news/2016/03/0/a.md",
        "/news/2016/02/30/a.md", "/news/2015/02/29/a.md", "/news/0000/03/2/a.md",
        "/news/16/03/2/a.md", "/news/2016/04/31/a.md",
    ],
)  # fmt: skip
def test_a_path_is_of_a_day_that_an_archive_can_hold(path: str) -> None:
    refused(na.Event, "of a day of the calendar", path=path, date="2016-03-02", title="T")
    index = path.rpartition("/")[0] + "/index.md"
    if index != "/news/2016/03/2/index.md":
        refused(na.DayIndex, "of a day of the calendar", path=index, date="2016-03-02")
    page = na.parse("### [2016-03-2](/news/2016/03/2/index.md)\n\n# T\n\n\n\n", path)
    assert isinstance(page, na.Event)
    assert page.path == "", "such a page can be read, but its path is none"


@pytest.mark.parametrize("path", ["/news/2016/02/29/a.md", "/news/2000/02/29/é.md"])
def test_a_leap_day_is_one(path: str) -> None:
    assert na.Event(path=path, date=datetime.date(2016, 2, 29), title="T").path == path


def test_a_page_that_was_built_is_checked() -> None:
    page = na.Event(path=PATH, date=datetime.date(2016, 3, 5), title="T")
    assert {d.code for d in na.check_page(page)} == {"NA301", "NA502"}
    assert na.check_page(page, select=["NA3"], ignore=["NA301"]) == ()
    sourced = page.replace(sources=[na.Source(name="A", url="https://example.org/")])
    assert "NA106" in {d.code for d in na.check_page(sourced, edition="zh")}
    assert [
        d.code for d in na.check_page(page, select=["NA304"], today=datetime.date(2016, 1, 1))
    ] == ["NA304"]


def test_the_address_of_a_picture_holds_no_blanks() -> None:
    assert na.Source(name="A", url="/a b", image="/a(b)").image == "/a(b)"
    with pytest.raises(ValidationError, match="it must not hold a blank"):
        na.Source(name="A", url="/a b", image="/a b")


def test_what_is_said_of_nothing_is_forgotten() -> None:
    assert na.FrontSection(name="News", base="/zh").base == ""
    assert na.FrontSection(name="News", path="/index.md", base="/zh").base == "/zh"
    assert na.Source(name="", url="/a", name_blanks=(" ", "\t")).name_blanks == ("", " \t")
