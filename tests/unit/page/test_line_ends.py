"""Blanks at a line's end: one law for every line of every page, whatever the blank."""

import sys

import pytest

import newsarchive as na
from tests.builders import PAGE, PATH, SMALL_ARCHIVE, TODAY

BLANKS = [
    char for char in map(chr, range(sys.maxunicode + 1)) if char.isspace() and char not in " \r\n"
]
FRONT = (
    "\nFormats: [HTML](/index.html)  [JSON](/index.json)  [XML](/index.xml)  \n\n"
    + SMALL_ARCHIVE["/index.md"]
)
PAGES = {
    PATH: PAGE.replace("# The", "##### Fires\n# The"),
    "/news/2016/03/2/index.md": (
        "## [2016-03-2](/news/2016/03/2/index.md)\n\n"
        f"##### Fires\n### [The pier burns.]({PATH})\n_Context: pier, Veldania_\n\n"
        f"### [Rain.](/news/2016/03/2/rain.md)\nIt rains.\n\n"
        "## [Previous Day...](/news/2016/03/1/index.md)\n\n"
    ),
    "/index.md": FRONT,
    "/opinion/index.md": SMALL_ARCHIVE["/opinion/index.md"],
}
LINES = [(path, n) for path, text in PAGES.items() for n in range(text.count("\n"))]


def ending_in(path: str, line: int, blank: str) -> str:
    lines = PAGES[path].split("\n")
    lines[line] += blank
    return "\n".join(lines)


def said(text: str, path: str) -> list[tuple[str, int]]:
    return [(d.code, d.line) for d in na.check_text(text, path, today=TODAY)]


def test_there_are_many_blanks() -> None:
    assert {"\t", "\x0b", "\x0c", "\x1c", "\x85", "\xa0", "\u2028", "\u2029", "\u3000"} < {*BLANKS}


@pytest.mark.parametrize(("path", "line"), LINES)
def test_every_blank_is_as_good_as_a_space(path: str, line: int) -> None:
    text = ending_in(path, line, " ")
    expected = said(text, path)
    # Nothing worse than a layout of its own, which `fmt` mends.
    assert {code for code, _ in expected} <= {"NA401"}, text
    for blank in BLANKS:
        text = ending_in(path, line, blank)
        assert said(text, path) == expected, (blank, text)
        assert type(na.parse(text, path)) is type(na.parse(PAGES[path], path))
