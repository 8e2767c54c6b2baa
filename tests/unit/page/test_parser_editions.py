"""Pages of other editions: the same models, in other words."""

import datetime
from pathlib import Path

import pytest

import newsarchive as na
from newsarchive.page.editions import EDITIONS, EN, ZH
from newsarchive.page.parser import guess_edition, read
from tests.builders import DAY_PATH, FRONT_PATH, PAGE, PATH, page

OTHER = "/news/2016/03/1/码头开放.md"

EVENT = page(
    f"""
    ### [2016-03-2](/news/2016/03/2/index.md)

    ##### 码头
    #  码头起火。·




    ### 信息来源:

    1. [海港报](https://post.example.org/pier) [IMG](https://post.example.org/pier.jpg)
    2. [晚报](https://evening.example.org/1)

    ### 有关:

    1. [ 码头开放。 ](/zh{OTHER}) _消息: 码头, 火灾_
    2. [码头开放。](/news/2016/02/29/a.md) _上下文: 码头_
    3. [ 雨。](/zh/news/2016/02/29/b.md)
    """
)

DAY = page(
    """
    ## [2016-03-2](/zh/news/2016/03/2/index.md)

    #####·
    ### [ 码头起火。 ](/zh/news/2016/03/2/the-pier-burns.md)
    ##### 雨
    ### [ 雨。 ](/news/2016/03/2/雨.md)
    ## [前一天...](/zh/news/2016/03/1/index.md)

    """
)

FRONT = page(
    """


    ## [今天](/news/2016/03/2/index.md)

    ##### 码头
    ### [ 码头起火。 ](/zh/news/2016/03/2/the-pier-burns.md)
    ---

    ## [昨天](/news/2016/03/1/index.md)

    ---

    ## [前一天...](/news/2016/02/29/index.md)

    ---

    """
)
FRONT = f"\n\n{FRONT.lstrip()}"


def test_an_event() -> None:
    event = na.parse(EVENT, PATH)
    assert isinstance(event, na.Event)
    assert event.sources == (
        na.Source(
            name="海港报",
            url="https://post.example.org/pier",
            image="https://post.example.org/pier.jpg",
        ),
        na.Source(name="晚报", url="https://evening.example.org/1"),
    )
    assert [(link.path, link.base, link.context) for link in event.related] == [
        (OTHER, "/zh", ("码头", "火灾")),
        ("/news/2016/02/29/a.md", "", ("码头",)),
        ("/news/2016/02/29/b.md", "/zh", ()),
    ]
    assert [link.context_label for link in event.related] == ["消息", "上下文", "Context"]
    assert (event.layout.source_heading, event.layout.related_heading) == ("信息来源", "有关")


def test_a_day_index() -> None:
    index = na.parse(DAY, DAY_PATH)
    assert isinstance(index, na.DayIndex)
    assert [(entry.path, entry.base, entry.topic) for entry in index.entries] == [
        (PATH, "/zh", ""),
        ("/news/2016/03/2/雨.md", "", "雨"),
    ]
    assert (index.previous, index.day_path) == ("/news/2016/03/1/index.md", DAY_PATH)
    layout = index.layout
    assert (layout.previous_label, layout.previous_base, layout.date_base) == (
        "前一天...",
        "/zh",
        "/zh",
    )


def test_a_front_page() -> None:
    front = na.parse(FRONT, FRONT_PATH)
    assert isinstance(front, na.FrontPage)
    assert front.leading_blank_lines
    assert [(s.name, s.rule, len(s.entries)) for s in front.sections] == [
        ("今天", True, 1),
        ("昨天", True, 0),
        ("前一天...", True, 0),
    ]


@pytest.mark.parametrize(("text", "path"), [(EVENT, PATH), (DAY, DAY_PATH), (FRONT, FRONT_PATH)])
def test_bytes_and_json_come_back(text: str, path: str) -> None:
    for where in (path, ""):
        found = na.parse(text, where)
        assert na.render(found) == text
        assert type(found).model_validate_json(found.model_dump_json()) == found
        assert na.parse(text, where, edition="zh") == found
    assert [d.code for d in na.check_text(text, path) if d.severity != "info"] == []
    if path != FRONT_PATH:
        assert read(text, path).canonical


def test_a_page_in_the_words_of_another_edition_is_none_of_this() -> None:
    found = na.inspect(EVENT, PATH, edition="en")
    assert [d.code for d in found.diagnostics if d.code == "NA106"] == ["NA106", "NA106"]
    with pytest.raises(ValueError, match="no edition is called 'xx'; built in are 'en' and 'zh'"):
        na.parse(EVENT, PATH, edition="xx")


@pytest.mark.parametrize(
    ("text", "edition"),
    [
        (PAGE, EN),
        (EVENT, ZH),
        (DAY, ZH),
        (FRONT, ZH),
        ("", EN),
        ("### 有关:\n\n### Related:\n", EN),
        ("### 有关:\n\n### Related:\n\n1. [a](/b) _消息: c_\n", ZH),
        ("1. [a](/zh/news/2016/03/2/a.md)\n", ZH),
        ("## [Yesterday](/a)\n", EN),
    ],
)
def test_words_tell_the_edition(text: str, edition: na.Edition) -> None:
    assert guess_edition(text) is edition


@pytest.mark.parametrize("edition", EDITIONS.values(), ids=EDITIONS)
def test_what_a_page_lacks_shows_no_word(edition: na.Edition) -> None:
    day = datetime.date(2016, 3, 2)
    event = na.Event(
        date=day,
        title="T",
        layout=na.EventLayout(source_heading=edition.sources[0], related_heading="来源"),
    )
    assert event.layout == na.EventLayout()
    index = na.DayIndex(date=day, layout=na.IndexLayout(previous_label=edition.previous_day[0]))
    assert index.layout == na.IndexLayout()


def test_an_archive_finds_its_pages_with_the_base_and_without(tmp_path: Path) -> None:
    for path, text in ((PATH, EVENT), (DAY_PATH, DAY), (OTHER, EVENT)):
        file = tmp_path / path[1:]
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    archive = na.Archive(tmp_path)
    assert archive.edition is ZH
    assert archive[f"/zh{PATH}"] == archive[PATH]
    assert f"/zh{PATH}" in archive
    assert archive.links_in(f"/zh{OTHER}") == archive.links_in(OTHER) != ()
    assert archive.title(f"/zh{PATH}") == "码头起火。"
    assert f"/zh{PATH}" not in na.Archive(tmp_path, edition="en")
    report = na.check(tmp_path)
    broken = {d.target for d in report.diagnostics if d.code in ("NA201", "NA202", "NA203")}
    assert OTHER not in broken
    assert "NA106" in na.check(tmp_path, edition="en").by_code()
