"""`inspect`, `parse`, `check_text`, and the reading behind them."""

import datetime
import pickle

import pytest

import newsarchive as na
from newsarchive.page.paths import DayNumbers, day_path
from newsarchive.page.reading import Link
from tests.builders import DAY_PATH, FRONT_PATH, PATH, TODAY, event_of, inspected, page

HEAD = "### [2016-03-2](/news/2016/03/2/index.md)\n\n"
EVENT = page(
    """

    Formats: [HTML](/a.html)  [JSON](/a.json)  [XML](/a.xml) ·

    ### [2016-03-2](/news/2016/03/2/index.md)

    # The pier burns.·




    ### Sources:

    1. [ Post ](http://post.example/1)
    1. [Cover Image](http://post.example/3.jpg)

    ### Related:

    1. [It rains. ](/news/2016/03/1/it-rains.md) _Context: rain_

    ### Changes:

    1. [The pier burns. ](/news/2016/03/2/the-pier-burns.md) _(Current version)_
    """
)


def test_an_inspection_holds_the_page_its_findings_and_its_document() -> None:
    found = inspected(EVENT.replace("1. [Cover", "2. [Cover"))
    assert found.page == event_of(EVENT)
    assert [(d.code, d.line) for d in found.diagnostics] == [("NA108", 14)]
    assert found.document.path == PATH
    assert found.document.line_text(14).startswith("2. [Cover Image]")
    assert found.spans is found.spans


def test_findings_stand_in_the_order_of_the_text() -> None:
    text = "\ufeff### [2016-03-2](/a.md)\r\n\r\n# T '' &quot;\r\n\r\n\r\n\r\n\r\n### Foo:\r\n"
    found = inspected(text)
    assert [(d.code, d.line) for d in found.diagnostics] == [
        ("NA102", 1),
        ("NA303", 1),
        ("NA103", 1),
        ("NA502", 3),
        ("NA504", 3),
        ("NA505", 3),
        ("NA106", 8),
    ]


@pytest.mark.parametrize(
    ("today", "codes"),
    [
        (datetime.date(2016, 3, 1), ["NA304", "NA502"]),
        (datetime.date(2016, 3, 2), ["NA502"]),
        (datetime.date(2016, 3, 3), ["NA502"]),
    ],
)
def test_the_future_begins_after_today(today: datetime.date, codes: list[str]) -> None:
    text = f"{HEAD}# T \n\n\n\n"
    assert [d.code for d in na.inspect(text, PATH, today=today).diagnostics] == codes
    assert [d.code for d in na.check_text(text, PATH, today=today)] == codes


def test_without_a_given_day_it_is_today() -> None:
    tomorrow = datetime.date.today() + datetime.timedelta(2)
    text = f"### [{tomorrow.isoformat()}]({day_path(tomorrow)})\n\n# T \n\n\n\n"
    for found in (na.inspect(text).diagnostics, na.check_text(text)):
        assert "NA304" in [d.code for d in found]
    assert isinstance(na.parse(text), na.Event)


def test_parse_gives_a_page_or_says_why_not() -> None:
    assert na.parse(EVENT, PATH) == inspected(EVENT).page
    assert na.parse(EVENT.encode(), PATH) == inspected(EVENT).page
    with pytest.raises(na.InvalidPageError) as caught:
        na.parse("##### \n\ntext\n", PATH)
    # Only what keeps the page from being one: the stray text is a warning.
    assert [d.code for d in caught.value.diagnostics] == ["NA104", "NA105"]
    assert str(caught.value).splitlines() == [
        f"{PATH}:1:1: error NA104 [missing-date-heading] "
        "no date heading '### [2013-02-20](/news/.../index.md)'",
        f"{PATH}:1:1: error NA105 [missing-title] no title; expected a line '# Title'",
    ]


def test_parse_reads_what_can_be_read() -> None:
    text = EVENT.replace("1. [It rains. ]", "1. [It rains. ").replace("# The", "#### x\n# The")
    assert event_of(text) == event_of(EVENT).model_copy(update={"related": ()})


def test_check_text_runs_the_rules_that_are_asked_for() -> None:
    text = "### [2016-03-2](/a.md)\n\n# T \n\n\n\n\n### Foo:\n"

    def codes(select: tuple[str, ...] = (), ignore: tuple[str, ...] = ()) -> list[str]:
        found = na.check_text(text, PATH, select=select, ignore=ignore, today=TODAY)
        return [d.code for d in found]

    assert codes() == ["NA303", "NA502", "NA106"]
    assert codes(select=("NA1",)) == ["NA106"]
    assert codes(select=("no-sources", "NA303")) == ["NA303", "NA502"]
    assert codes(ignore=("NA5", "unknown-section")) == ["NA303"]
    assert codes(select=("NA1",), ignore=("NA106",)) == []
    with pytest.raises(na.UnknownRuleError, match="NA999"):
        codes(select=("NA999",))
    with pytest.raises(na.UnknownRuleError, match="did you mean 'no-sources'"):
        codes(ignore=("no-source",))


def test_errors_survive_pickling() -> None:
    with pytest.raises(na.InvalidPageError) as caught:
        na.parse("", PATH)
    copy = pickle.loads(pickle.dumps(caught.value))
    assert copy.diagnostics == caught.value.diagnostics
    assert str(copy) == str(caught.value)


# Readings --------------------------------------------------------------------------------------


def shown(link: Link) -> tuple[str, str, str]:
    return link.kind.value, link.text, link.target


def test_the_links_of_an_event() -> None:
    reading = inspected(EVENT).reading
    links = list(reading.links())
    assert list(map(shown, links)) == [
        ("format", "html", "/a.html"),
        ("format", "json", "/a.json"),
        ("format", "xml", "/a.xml"),
        ("day", "2016-03-2", "/news/2016/03/2/index.md"),
        ("source", " Post ", "http://post.example/1"),
        ("cover-image", "Cover Image", "http://post.example/3.jpg"),
        ("related", "It rains. ", "/news/2016/03/1/it-rains.md"),
        ("change", "The pier burns. ", "/news/2016/03/2/the-pier-burns.md"),
    ]
    assert [link.title for link in links[4:6]] == ["Post", "Cover Image"]
    assert [reading.body[link.start : link.end] for link in links[4:6]] == [
        "1. [ Post ](http://post.example/1)",
        "1. [Cover Image](http://post.example/3.jpg)",
    ]


def test_the_links_of_a_day_index() -> None:
    text = page(
        """
        ## [2016-03-2](/news/2016/03/2/index.md)

        ### [A ](/a.md)

        ## [Previous Day...](/news/2016/03/1/index.md)

        """
    )
    assert list(map(shown, inspected(text, DAY_PATH).reading.links())) == [
        ("day", "2016-03-2", "/news/2016/03/2/index.md"),
        ("index-entry", "A ", "/a.md"),
        ("previous-day", "Previous Day...", "/news/2016/03/1/index.md"),
    ]


def test_the_links_of_a_front_page() -> None:
    text = "## [News](/n.md)\n\n### [A](/a.md)\n\n## Opinion\n### [B](/b.md)\n\n## [Y](/y.md)\n\n"
    assert list(map(shown, inspected(text, FRONT_PATH).reading.links())) == [
        ("day", "News", "/n.md"),
        ("index-entry", "A", "/a.md"),
        ("index-entry", "B", "/b.md"),
        ("day", "Y", "/y.md"),
    ]


def test_a_heading_is_read_as_it_is_written() -> None:
    heading = inspected("### [2016-02-30](/a.md)\n").reading.heading
    assert heading is not None
    assert heading.numbers == DayNumbers(2016, 2, 30)
    assert (heading.date, heading.target) == (None, "/a.md")


def test_a_reading_gives_parts_without_their_blanks() -> None:
    reading = inspected(f"{HEAD}#  T  \n\n\n\n").reading
    assert reading.title is not None
    assert reading.body[slice(*reading.title)] == " T  "
    assert reading.text(reading.title) == "T"
    assert reading.text(None) == ""
    assert reading.body[slice(*reading.clean(reading.title))] == "T"
    blank = reading.clean((reading.title[1] - 2, reading.title[1]))
    assert blank[0] == blank[1]
