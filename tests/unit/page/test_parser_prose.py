"""Editorials, prose, kinds of pages without a path, and texts that are no text."""

import pytest

import newsarchive as na
from newsarchive.page.parser import guess_kind, read
from newsarchive.page.paths import PageKind
from newsarchive.page.reading import Problem, ProblemKind
from tests.builders import (
    DAY_PATH,
    EDITORIAL_PATH,
    FRONT_PATH,
    OPINION_PATH,
    PATH,
    PROSE_PATH,
    codes_of,
    page,
)

EDITORIAL = page(
    """

    # On piers
    #### by A. Keeper

    They burn.

    ### Source:

    1. [not
    """
)


def test_an_editorial() -> None:
    parsed = na.parse(EDITORIAL, EDITORIAL_PATH)
    assert parsed == na.Editorial(
        path=EDITORIAL_PATH,
        title="On piers",
        author="A. Keeper",
        body="They burn.\n\n### Source:\n\n1. [not\n",
    )
    assert na.render(parsed) == EDITORIAL
    assert codes_of(EDITORIAL, EDITORIAL_PATH) == []


@pytest.mark.parametrize(
    ("text", "blank", "body"),
    [
        ("# T\n#### by A\n\n", False, ""),
        ("# T\n#### by A\n\n\n\n", False, "\n\n"),
        ("\n# T\n#### by A\n\n  x", True, "  x"),
    ],
)
def test_an_editorials_body_is_kept_as_it_stands(text: str, blank: bool, body: str) -> None:
    parsed = na.parse(text, EDITORIAL_PATH)
    assert isinstance(parsed, na.Editorial)
    assert (parsed.leading_blank_line, parsed.body) == (blank, body)
    assert na.render(parsed) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# T\n",
        "# T\n#### by A\n",
        "# T\n#### by A\ntext",
        "# T\n\n#### by A\n\n",
        "# T \n#### by A\n\n",
        "#  T\n#### by A\n\n",
        "# T\n#### by \u2028\n\n",
        "\n\n# T\n#### by A\n\n",
        "# T\n### by A\n\n",
    ],
)
def test_what_is_no_editorial_is_kept_word_for_word(text: str) -> None:
    assert na.parse(text, EDITORIAL_PATH) == na.ProsePage(path=EDITORIAL_PATH, text=text)


@pytest.mark.parametrize("path", [PROSE_PATH, "/news/2016/03/notes.md", "no-path", ""])
def test_prose_is_kept_word_for_word(path: str) -> None:
    for text in ("", "\n", EDITORIAL, "# FAQ\n\n1. [a](b", "\x00\u2028\x0c"):
        assert na.parse(text, path) == na.ProsePage(path=path, text=text)
        found = codes_of(text, path)  # one of the paths lies in no day's folder
        assert [code for code in found if not code.startswith("NA307")] == []


def test_prose_has_lf_and_no_mark_in_its_model() -> None:
    text = "\ufeff\ufeff# FAQ\r\n\rtext\r"
    parsed = na.parse(text, PROSE_PATH)
    assert parsed == na.ProsePage(path=PROSE_PATH, text="# FAQ\n\ntext\n")
    assert codes_of(text, PROSE_PATH) == ["NA102 1:1", "NA103 1:8"]


# Guessing --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("\n### [2016-03-2](/a)\n", PageKind.EVENT),
        ("text\n###  [1-1-1](\n## [2016-03-2](/a)\n", PageKind.EVENT),
        ("## [2016-03-2](/a)\n### [2016-03-2](/a)\n", PageKind.DAY_INDEX),
        ("##\t[2016-03-2](/a)", PageKind.DAY_INDEX),
        ("## Opinion\n## [2016-03-2](/a)\n", PageKind.DAY_INDEX),
        ("## [News](/a)\n## Opinion\n", PageKind.FRONT_PAGE),
        ("# A\n## Opinion\n## [News](/a)\n", PageKind.FRONT_PAGE),
        ("## [Previous Day...](/a)\n", PageKind.FRONT_PAGE),
        ("## [Today](/a)\n", PageKind.FRONT_PAGE),
        ("## [Yesterday](/a)\n", PageKind.FRONT_PAGE),
        ("## [Day Before Yesterday](/a)\n", PageKind.FRONT_PAGE),
        ("## [2016-03-2](/a)\n\n## [Previous Day...](/b)\n", PageKind.DAY_INDEX),
        ("## [Next Day...](/a)\n", PageKind.PROSE),
        ("## Opinions\n", PageKind.PROSE),
        ("## Opinion \n", PageKind.OPINION_INDEX),
        ("### [2016-03](/a)\n", PageKind.PROSE),
        ("#### [2016-03-2](/a)\n", PageKind.PROSE),
        (" ### [2016-03-2](/a)\n", PageKind.PROSE),
        ("# T\n#### by A\n\n", PageKind.PROSE),
        ("", PageKind.PROSE),
    ],
)
def test_the_first_telling_heading_decides(text: str, kind: PageKind) -> None:
    assert guess_kind(text) is kind
    assert read(text).kind is kind


def test_a_path_decides_before_any_heading() -> None:
    text = "## [2016-03-2](/news/2016/03/2/index.md)\n\n"
    for path, kind in (
        (PATH, PageKind.EVENT),
        (DAY_PATH, PageKind.DAY_INDEX),
        (FRONT_PATH, PageKind.FRONT_PAGE),
        (OPINION_PATH, PageKind.OPINION_INDEX),
        (EDITORIAL_PATH, PageKind.EDITORIAL),
        (PROSE_PATH, PageKind.PROSE),
    ):
        assert read(text, path).kind is kind


# Bytes and surrogates --------------------------------------------------------------------------


def test_bytes_are_utf_8() -> None:
    text = "# Léré 漢 🗞\n"
    assert na.parse(text.encode(), PROSE_PATH) == na.parse(text, PROSE_PATH)


@pytest.mark.parametrize(
    ("data", "place", "end", "message"),
    [
        (b"\xff", (1, 1), (0, 1), "byte 0xff is not UTF-8"),
        (b"a\r\nL\xe9r\xe9\n", (2, 2), (4, 5), "byte 0xe9 is not UTF-8"),
        ("é\n\n".encode() + b"\x80", (3, 1), (3, 4), "byte 0x80 is not UTF-8"),
        ("a\r\r\né".encode() + b"\xf0\x9f\x97 ", (3, 2), (5, 6), "byte 0xf0 0x9f 0x97 is not"),
        (b"\xef\xbb\xbf\xff", (1, 2), (1, 2), "byte 0xff is not UTF-8"),
        (b"a\xed\xa0\x80", (1, 2), (1, 2), "byte 0xed is not UTF-8"),
        (b"a\xc3", (1, 2), (1, 2), "byte 0xc3 is not UTF-8"),
    ],
)
def test_bytes_that_are_not_utf_8(
    data: bytes, place: tuple[int, int], end: tuple[int, int], message: str
) -> None:
    for path in (PATH, DAY_PATH, PROSE_PATH, ""):
        (finding,) = na.check_text(data, path)
        assert finding.code == "NA101"
        assert (finding.line, finding.column) == place
        assert (finding.start, finding.end) == end
        assert finding.message.startswith(message)
        with pytest.raises(na.InvalidPageError, match="NA101"):
            na.parse(data, path)
    assert read(data, PATH).document.text == data.decode("utf-8", "replace")


def test_lone_surrogates_are_no_text() -> None:
    (finding,) = na.check_text("a\r\n\ud83d\udcf0", PATH)
    assert (finding.code, finding.start, finding.end) == ("NA101", 3, 4)
    assert finding.message == "a lone surrogate is no text"
    assert na.inspect("\udfff", "").page is None


def test_a_text_that_is_no_text_has_no_parts() -> None:
    reading = read(b"### [2016-03-2](/a)\n\n# T\xff\n", PATH)
    assert reading.kind is PageKind.EVENT
    assert not reading.readable
    assert not reading.complete
    assert (reading.page, reading.heading, reading.title) == (None, None, None)
    assert list(reading.links()) == []
    assert reading.problems == [Problem(ProblemKind.UNDECODABLE, 24, 25, "byte 0xff is not UTF-8")]
    assert read(b"## [2016-03-2](/a)\xff", "").kind is PageKind.PROSE


def test_a_path_with_lone_surrogates_is_made_printable() -> None:
    for text in ("x", b"\xff", "\ud800"):
        reading = read(text, "/faq/\udcff.md")
        assert reading.path == "/faq/?.md"
        reading.path.encode()


@pytest.mark.parametrize("names", [["Previous Day..."], ["Opinion", "News"], ["Yesterday"]])
def test_a_front_page_without_a_path_comes_back_as_one(names: list[str]) -> None:
    sections = tuple(
        na.FrontSection(name=name, path=None if name == "Opinion" else "/news/2016/03/2/index.md")
        for name in names
    )
    page = na.FrontPage(sections=sections)
    assert na.parse(na.render(page)) == page
