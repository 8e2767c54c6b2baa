"""Shortcuts are right: what a cheap test passes over has nothing to be found.

A rule may bring a test that is true only where its check finds nothing; reading may prove a
page's layout while it finds the page's parts. Both are true of nearly every page of an archive,
so a mistake would hide findings rather than invent them: here they are held against the checks
themselves, on pages that are nearly in order.
"""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import newsarchive as na
from newsarchive import strategies as nas
from newsarchive.page.parser import read
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
        + "### [The pier. ](/news/2016/03/2/the-pier.md)\n_Context: a, b_\n\n"
        + f"### [C]({REBUILT})\n\n\n"
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

# Where a path is unknown, rules that compare with it have nothing to say.
NEARLY_IN_ORDER = st.builds(
    lambda page, known: (page[1], page[0] if known else ""),
    nas.nearly_page_texts(),
    st.sampled_from([True, True, True, False]),
)


@given(NEARLY_IN_ORDER)
@example((spoiled("/pier)\n", "/pier)\n\n"), PATH))
@example((SMALL_ARCHIVE[DAY].replace(PATH, DAY.replace("index", "../4/x")), DAY))
@settings(max_examples=150)
def test_a_rule_passes_only_where_its_check_finds_nothing(page: tuple[str, str]) -> None:
    text, path = page
    reading = read(text, path)
    for rule in na.ALL_RULES:
        if rule.page and rule.passes and rule.passes(reading):
            assert list(rule.page(reading)) == [], rule.code


@given(NEARLY_IN_ORDER)
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


@pytest.mark.parametrize(("text", "path"), BASES)
def test_a_line_more_or_less_hides_nothing(text: str, path: str) -> None:
    lines = text.splitlines(keepends=True)
    for at in range(len(lines)):
        for changed in (lines[:at] + lines[at + 1 :], lines[: at + 1] + lines[at:]):
            reading = read("".join(changed), path)
            for rule in na.ALL_RULES:
                if rule.page and rule.passes and rule.passes(reading):
                    assert list(rule.page(reading)) == [], rule.code


@pytest.mark.parametrize("cut", [2, 10, 20, 40, 70])
def test_a_page_that_is_cut_off_in_its_last_entry_is_not_in_order(cut: int) -> None:
    whole_line = {d.code for d in na.check_text(PAGE[:-cut] + "\n", PATH)}
    assert "NA107" in whole_line
    assert whole_line <= {d.code for d in na.check_text(PAGE[:-cut], PATH)}


@pytest.mark.parametrize(("text", "path"), BASES)
def test_the_bases_are_in_order(text: str, path: str) -> None:
    assert [d for d in na.check_text(text, path) if d.severity == "error"] == []
