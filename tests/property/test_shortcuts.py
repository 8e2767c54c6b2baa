"""Shortcuts are right: what a cheap test passes over has nothing to be found.

A rule may bring a test that is true only where its check finds nothing; reading may prove a
page's layout while it finds the page's parts. Both are true of nearly every page of an archive,
so a mistake would hide findings rather than invent them: here they are held against the checks
themselves, on pages that are nearly in order.
"""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import newsarchive as na
from newsarchive.parser import read
from tests.builders import OPENS, PAGE, PATH, REBUILT, SMALL_ARCHIVE, event, spoiled

pytestmark = pytest.mark.property

DAY = "/news/2016/03/2/index.md"
FORMATS = "\nFormats: [HTML](/a.html)  [JSON](/a.json)  [XML](/a.xml)  \n\n"
_CHANGES_FIRST = (
    PAGE[: PAGE.index("### Related")]
    + PAGE[PAGE.index("### Changes") :]
    + "\n"
    + PAGE[PAGE.index("### Related") : PAGE.index("\n### Changes")]
)

BASES = [
    (PAGE, PATH),
    (FORMATS + spoiled("# The", "##### Fire\n# The", _CHANGES_FIRST), PATH),
    (event(sources=(), title="i died"), PATH),
    (event(description="Nobody.", related=[f"[A ]({OPENS}) _Context: a, b_"]), PATH),
    (SMALL_ARCHIVE[DAY], DAY),
    (
        FORMATS
        + f"## [2016-03-2]({DAY})\n\n##### Fire\n### [The pier burns. ]({PATH})\nNobody.\n\n"
        + f"### [The pier. ]({PATH})\n_Context: a, b_\n\n### [C]({REBUILT})\n\n\n"
        + "## [Previous Day...](/news/2016/03/1/index.md)\n\n",
        DAY,
    ),
    (SMALL_ARCHIVE["/index.md"], "/index.md"),
    (SMALL_ARCHIVE["/opinion/index.md"], "/opinion/index.md"),
    (
        SMALL_ARCHIVE["/opinion/2016/03/9/on-piers/README.md"],
        "/opinion/2016/03/9/on-piers/README.md",
    ),
]

_CHUNKS = st.sampled_from(
    ["\n", "\n\n", " ", "  ", "\t", "\r", "\r\n", "\ufeff", "\u00a0", "\u2028", "\x1c", "0", "1. ",
     "2. ", "10. ", "#", "# ", "### ", "##### ", "#####", "[", "]", "](", ")", "(", "`", "<b>", "<",
     "\\", "_", "''", "||", "{{", "[http://", "&amp;", "&", "&#39;", ", ", "Cover Image",
     "### Source:\n\n", "### Sources:\n\n", "### Related:\n\n", "### Changes:\n\n", "### X:\n\n",
     "_Context: a_", "_(Current version)_", " _2016-03-02 09:00:00 (Update)_", "---\n", "Formats: ",
     f"1. [A]({PATH})\n", f"2. [A]({OPENS})\n", f"### [A]({OPENS})\n\n", "#top", "../", "http://",
     "2016-02-30", "2016-3-2", "é", "😀"]
)  # fmt: skip


@st.composite
def nearly_in_order(draw: st.DrawFn) -> tuple[str, str]:
    """A page with a few small changes, and its path or none."""
    text, path = draw(st.sampled_from(BASES))
    for _ in range(draw(st.integers(0, 3))):
        kind = draw(st.sampled_from(["insert", "replace", "drop", "repeat", "drop a line"]))
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.integers(0, 4)))
        if kind == "insert":
            text = text[:start] + draw(_CHUNKS) + text[start:]
        elif kind == "replace":
            text = text[:start] + draw(_CHUNKS) + text[end:]
        elif kind == "drop":
            text = text[:start] + text[end:]
        else:
            lines = text.splitlines(keepends=True)
            if lines:
                at = draw(st.integers(0, len(lines) - 1))
                lines[at : at + 1] = lines[at : at + 1] * (2 if kind == "repeat" else 0)
            text = "".join(lines)
    return text, draw(st.sampled_from([path, path, path, ""]))


@given(nearly_in_order())
@example((spoiled("/pier)\n", "/pier)\n\n"), PATH))
@example((SMALL_ARCHIVE[DAY].replace(PATH, DAY.replace("index", "../4/x")), DAY))
def test_a_rule_passes_only_where_its_check_finds_nothing(page: tuple[str, str]) -> None:
    text, path = page
    reading = read(text, path)
    for rule in na.ALL_RULES:
        if rule.page and rule.passes and rule.passes(reading):
            assert list(rule.page(reading)) == [], rule.code


@given(nearly_in_order())
def test_a_layout_that_reading_proves_is_the_one_that_is_written(page: tuple[str, str]) -> None:
    text, path = page
    reading = read(text, path)
    if not reading.canonical:
        return
    assert reading.page is not None
    assert reading.problems == []
    assert reading.complete
    assert na.render(reading.page) == reading.body
    again = type(reading.page).model_validate_json(reading.page.model_dump_json())
    assert again == reading.page


@pytest.mark.parametrize("cut", [2, 10, 20, 40, 70])
def test_a_page_that_is_cut_off_in_its_last_entry_is_not_in_order(cut: int) -> None:
    whole_line = {d.code for d in na.check_text(PAGE[:-cut] + "\n", PATH)}
    assert "NA107" in whole_line
    assert whole_line <= {d.code for d in na.check_text(PAGE[:-cut], PATH)}


@pytest.mark.parametrize(("text", "path"), BASES)
def test_the_bases_are_in_order(text: str, path: str) -> None:
    assert [d for d in na.check_text(text, path) if d.severity == "error"] == []
