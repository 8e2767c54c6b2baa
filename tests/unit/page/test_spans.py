"""Where each part of a page stands."""

import pytest

import newsarchive as na
from newsarchive.page.reading import Loc
from tests.builders import (
    DAY_PATH,
    EDITORIAL_PATH,
    FRONT_PATH,
    OPINION_PATH,
    PATH,
    PROSE_PATH,
    inspected,
    page,
)

EVENT = page(
    """

    Formats: [HTML](/a.html)  [JSON](/a.json)  [XML](/a.xml) ·

    ### [2016-03-2](/news/2016/03/2/index.md)

    #####  Veldania·
    #  The pier burns. ·

     One.
    Two. ·


    ### Sources:

    1. [ Post ](http://post.example/1)
    2. [Tide](http://tide.example/2)
    2. [Cover Image](http://post.example/3.jpg)

    ### Related:

    1. [[U.S.] votes ](/news/2016/03/1/u-s-votes.md) _Context: U.S., a,b, c_
    2. [It rains.](/news/2016/03/1/it-rains.md)

    ### Changes:

    1. [Smoke. ](/smoke.md) _2016-03-02 10:00:05 (First version)_
    1. [The pier burns. ](/b.md) _(Current version)_
    """
)


def shown(text: str, path: str) -> dict[Loc, str]:
    found = inspected(text, path)
    return {loc: found.document.text[slice(*span)] for loc, span in found.spans.items()}


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_every_part_of_an_event(newline: str, mark: str) -> None:
    found = shown(mark + EVENT.replace("\n", newline), PATH)
    assert found == {
        ("layout", "formats", "html_path"): "/a.html",
        ("layout", "formats", "json_path"): "/a.json",
        ("layout", "formats", "xml_path"): "/a.xml",
        ("date",): "2016-03-2",
        ("layout", "date_link"): "/news/2016/03/2/index.md",
        ("topic",): "Veldania",
        ("title",): "The pier burns.",
        ("description",): f"One.{newline}Two.",
        ("sources", 0): "1. [ Post ](http://post.example/1)",
        ("sources", 0, "name"): "Post",
        ("sources", 0, "url"): "http://post.example/1",
        ("sources", 1): "2. [Tide](http://tide.example/2)",
        ("sources", 1, "name"): "Tide",
        ("sources", 1, "url"): "http://tide.example/2",
        ("cover_image",): "2. [Cover Image](http://post.example/3.jpg)",
        ("cover_image", "url"): "http://post.example/3.jpg",
        ("related", 0): (
            "1. [[U.S.] votes ](/news/2016/03/1/u-s-votes.md) _Context: U.S., a,b, c_"
        ),
        ("related", 0, "title"): "[U.S.] votes",
        ("related", 0, "path"): "/news/2016/03/1/u-s-votes.md",
        ("related", 0, "context", 0): "U.S.",
        ("related", 0, "context", 1): "a,b",
        ("related", 0, "context", 2): "c",
        ("related", 1): "2. [It rains.](/news/2016/03/1/it-rains.md)",
        ("related", 1, "title"): "It rains.",
        ("related", 1, "path"): "/news/2016/03/1/it-rains.md",
        ("changes", 0): "1. [Smoke. ](/smoke.md) _2016-03-02 10:00:05 (First version)_",
        ("changes", 0, "title"): "Smoke.",
        ("changes", 0, "path"): "/smoke.md",
        ("changes", 0, "timestamp"): "2016-03-02 10:00:05",
        ("changes", 0, "kind"): "First version",
        ("changes", 1): "1. [The pier burns. ](/b.md) _(Current version)_",
        ("changes", 1, "title"): "The pier burns.",
        ("changes", 1, "path"): "/b.md",
        ("changes", 1, "kind"): "Current version",
    }


def test_a_span_is_a_place_in_the_document() -> None:
    found = inspected(EVENT)
    span = found.spans["related", 1, "path"]
    assert found.document.position(span.start) == (22, 16)
    assert found.document.position(span.end) == (22, 43)


def test_a_part_that_the_page_does_not_write_has_no_span() -> None:
    found = inspected("### [2016-03-2](/news/2016/03/2/index.md)\n\n# T \n\n\n\n")
    assert set(found.spans) == {("date",), ("layout", "date_link"), ("title",)}


def test_an_empty_topic_stands_at_one_place() -> None:
    text = "### [2016-03-2](/news/2016/03/2/index.md)\n\n#####  \n# T \n\n\n\n"
    span = inspected(text).spans["topic",]
    assert span.start == span.end
    assert text[: span.start].endswith("#####  ")


def test_parts_of_a_page_that_cannot_be_built_have_spans() -> None:
    found = inspected("### [2016-02-30](/a.md)\n\n### Related:\n\n1. [T ](/b.md)\n")
    assert found.page is None
    assert set(found.spans) == {
        ("date",),
        ("layout", "date_link"),
        ("related", 0),
        ("related", 0, "title"),
        ("related", 0, "path"),
    }


def test_every_part_of_a_day_index() -> None:
    text = page(
        """

        Formats: [HTML](h)  [JSON](j)  [XML](x) ·

        ## [2016-03-2](/news/2016/03/2/index.md)

        ##### Veldania·
        ### [ A ](/news/2016/03/2/a.md)
         One.
        Two.

        ### [B](/news/2016/03/2/b.md)
        _Context: U.S., c_

        ### [C](/news/2016/03/2/c.md)


        ## [Previous Day...](/news/2016/03/1/index.md)

        """
    )
    assert shown(text, DAY_PATH) == {
        ("layout", "formats", "html_path"): "h",
        ("layout", "formats", "json_path"): "j",
        ("layout", "formats", "xml_path"): "x",
        ("date",): "2016-03-2",
        ("layout", "date_link"): "/news/2016/03/2/index.md",
        ("entries", 0): "### [ A ](/news/2016/03/2/a.md)\n One.\nTwo.",
        ("entries", 0, "topic"): "Veldania",
        ("entries", 0, "title"): "A",
        ("entries", 0, "path"): "/news/2016/03/2/a.md",
        ("entries", 0, "description"): "One.\nTwo.",
        ("entries", 1): "### [B](/news/2016/03/2/b.md)\n_Context: U.S., c_",
        ("entries", 1, "title"): "B",
        ("entries", 1, "path"): "/news/2016/03/2/b.md",
        ("entries", 1, "context", 0): "U.S.",
        ("entries", 1, "context", 1): "c",
        ("entries", 2): "### [C](/news/2016/03/2/c.md)",
        ("entries", 2, "title"): "C",
        ("entries", 2, "path"): "/news/2016/03/2/c.md",
        ("previous",): "/news/2016/03/1/index.md",
    }


def test_every_part_of_a_front_page() -> None:
    text = page(
        """

        Formats: [HTML](h)  [JSON](j)  [XML](x) ·

        ## [ News ](/news/2016/03/2/index.md)

        ### [A](/a.md)

        ##  Opinion·
        ### [B](/b.md)
        They burn.

        ---

        """
    )
    assert shown(text, FRONT_PATH) == {
        ("formats", "html_path"): "h",
        ("formats", "json_path"): "j",
        ("formats", "xml_path"): "x",
        ("sections", 0): "## [ News ](/news/2016/03/2/index.md)",
        ("sections", 0, "name"): "News",
        ("sections", 0, "path"): "/news/2016/03/2/index.md",
        ("sections", 0, "entries", 0): "### [A](/a.md)",
        ("sections", 0, "entries", 0, "title"): "A",
        ("sections", 0, "entries", 0, "path"): "/a.md",
        ("sections", 1): "##  Opinion ",
        ("sections", 1, "name"): "Opinion",
        ("sections", 1, "entries", 0): "### [B](/b.md)\nThey burn.",
        ("sections", 1, "entries", 0, "title"): "B",
        ("sections", 1, "entries", 0, "path"): "/b.md",
        ("sections", 1, "entries", 0, "description"): "They burn.",
    }


def test_every_part_of_an_opinion_index() -> None:
    assert shown("## Opinion\n### [B](/b.md)\nThey burn.\n\n", OPINION_PATH) == {
        ("name",): "Opinion",
        ("entries", 0): "### [B](/b.md)\nThey burn.",
        ("entries", 0, "title"): "B",
        ("entries", 0, "path"): "/b.md",
        ("entries", 0, "description"): "They burn.",
    }
    assert shown("### [B](/b.md)\n", OPINION_PATH) == {}


@pytest.mark.parametrize("path", [EDITORIAL_PATH, PROSE_PATH])
def test_prose_has_no_parts(path: str) -> None:
    assert shown("\n# T\n#### by A\n\nx\n", path) == {}


def test_bytes_that_are_not_utf_8_have_no_parts() -> None:
    assert na.inspect(b"\xff", PATH).spans == {}
