"""The short way gives what the long way gives: canonical pages, and tests that rules pass.

A check takes the short way on nearly every page. Whatever it leaves out is done here.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import example, given
from pydantic import BaseModel

import newsarchive as na
from newsarchive import strategies as nas
from newsarchive.page.editions import EDITIONS
from newsarchive.page.parser import guess_edition, read, telling_words
from newsarchive.page.parser._grammar import grammar_of
from newsarchive.page.paths import PageKind
from newsarchive.page.reading import IndexSection, Match, Reading
from newsarchive.page.rendering import render
from newsarchive.rules._judging import PageRules, run_rules
from tests.builders import PAGE, PATH, SMALL_ARCHIVE, TODAY
from tests.longway import read_by_blocks

pytestmark = pytest.mark.property

DAY = "/news/2016/03/2/index.md"
PAGE_RULES = [rule for rule in na.ALL_RULES if rule.page and not rule.archive]
FAST = PageRules(na.ALL_RULES)

# Pages that are as they should be but for little or nothing, and pages that are not.
TEXTS = nas.nearly_page_texts() | nas.damaged_page_texts()


def place(match: Match | None) -> Any:
    if match is None:
        return None
    return match.span(), {n: match.span(n) for n, text in match.groupdict().items() if text}


def section(found: IndexSection | None) -> Any:
    if found is None:
        return None
    items = [
        (place(i.match), i.start, i.end, i.topic, i.description, place(i.context),
         i.empty_description, i.gap)
        for i in found.items
    ]  # fmt: skip
    return place(found.match), found.start, found.end, items, found.rule, found.final_gap


def parts(reading: Reading) -> Iterator[Any]:
    """Every part that was found, and where."""
    yield place(reading.formats)
    yield place(reading.heading.match) if reading.heading else None
    yield reading.topic, reading.title, reading.description, reading.section_headings
    yield [place(m) for m in reading.sources], place(reading.cover)
    yield [place(m) for m in reading.related], [place(m) for m in reading.changes]
    yield [section(s) for s in reading.sections], section(reading.previous)
    yield reading.problems, reading.malformed, reading.complete, reading.readable


def whole(model: object) -> Any:
    """All that pydantic knows of a model, by which two may differ though they are equal."""
    if isinstance(model, tuple):
        return [whole(one) for one in model]
    if not isinstance(model, BaseModel):
        return model
    values = [(name, whole(value)) for name, value in vars(model).items()]
    kept = (model.__pydantic_extra__, model.__pydantic_private__)
    return type(model), values, model.model_fields_set, kept, model.model_dump_json()


def check_canonical(text: str, path: str, edition: na.Edition | None = None) -> None:
    reading = read(text, path, edition)
    if not reading.canonical:
        return
    long = read_by_blocks(reading)
    assert list(parts(reading)) == list(parts(long))
    page = long.page
    assert page is not None
    # What NA401 and NA402 would have compared.
    assert render(page) == text
    # The model of a proved layout is not validated; the long way's is.
    short = read(text, path, edition).page
    assert short == page
    assert whole(short) == whole(page)
    assert short.replace() == page
    assert type(page).model_validate_json(page.model_dump_json()) == page


@given(TEXTS)
@example((PATH, PAGE))
@example((DAY, SMALL_ARCHIVE[DAY]))
def test_a_canonical_page_is_what_the_long_way_finds(drawn: tuple[str, str]) -> None:
    check_canonical(drawn[1], drawn[0])


@given(nas.events() | nas.day_indexes() | nas.front_pages())
def test_so_is_every_page_that_is_written_from_a_model(
    page: na.Event | na.DayIndex | na.FrontPage,
) -> None:
    check_canonical(render(page), page.path)


def test_the_pages_of_the_small_archive_are_canonical() -> None:
    for path, text in {**SMALL_ARCHIVE, PATH: PAGE}.items():
        reading = read(text, path)
        if reading.kind in (PageKind.EVENT, PageKind.DAY_INDEX):
            assert reading.canonical, path


FRONT = f"""

## [Today]({DAY})

##### Harbour
### [ The pier burns.]({PATH})
Nobody was hurt.

### [The pier opens again. ]({PATH})
---

## [Previous Day...](/news/2016/03/1/index.md)

---

"""


def test_a_front_page_is_canonical() -> None:
    check_canonical(FRONT, "/index.md")
    assert read(FRONT, "/index.md").canonical


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("\n\n## [Today]", "\n## [Today]"),
        ("\n\n## [Today]", "\nFormats: [HTML](/a)  [JSON](/b)  [XML](/c)  \n\n## [Today]"),
        ("[Today]", "[Tomorrow]"),
        ("[Today]", "[Today "),
        ("hurt.\n", "hurt.\n\n"),
        ("---\n\n## [P", "## [P"),
        ("---\n\n## [P", "---\n## [P"),
        ("---\n\n## [P", "\n\n---\n\n## [P"),
        ("index.md)\n\n---\n\n", "index.md)\n\n"),
        ("index.md)\n\n---\n\n", "index.md)\n"),
        ("Nobody", "\u3000Nobody"),
        ("[ The", "[\u3000The"),
        ("[ The", "[ \n"),
    ],
)
def test_front_pages_that_differ_a_little(old: str, new: str) -> None:
    """Whether they are canonical or not, nothing differs."""
    text = FRONT.replace(old, new, 1)
    assert text != FRONT
    check_canonical(text, "/index.md")
    check_passes(text, "/index.md")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("# The", "#  The"),
        ("1. [Harbour", "01. [Harbour"),
        ("2. [Cover Image]", "3. [Cover Image]"),
        ("2. [Cover Image]", "2. [ Cover Image]"),
        ("2. [The pier burns.]", "3. [The pier burns.]"),
        ("\n\n### Related", "\n\n\n### Related"),
        ("\n\n### Related", "\n### Related"),
        ("### Related:", "### Related: "),
        ("### Related:", "###  Related:"),
        ("[2016-03-2]", "[2016-03-02]"),
        ("[2016-03-2]", "[2016-3-2]"),
        ("10:00:00 (Update)", "25:00:00 (Update)"),
        (" _(Current version)_\n", " _(Current version)_"),
        ("### Changes:\n", "### Changes:\n\n"),
        ("### Source:", "### Sauce:"),
        ("Nobody was hurt.", "Nobody was hurt.\nNobody."),
        ("Nobody", "\ufeffNobody"),
        ("Nobody", "\u3000Nobody"),
        ("1. [Harbour", "1. [\u3000Harbour"),
        ("1. [Harbour Post]", "1. [ ]"),
        ("1. [Harbour Post]", "1. []"),
        ("1. [Harbour Post]", "1. [\n]"),
        (")\n2. [Cover", ") [IMG](//host/a(1).png)\n2. [Cover"),
        (")\n2. [Cover", ") [IMG](//host/a).png)\n2. [Cover"),
        (")\n2. [Cover", ") [IMG]()\n2. [Cover"),
        (")\n2. [Cover", ") [IMG](a b)\n2. [Cover"),
        ("\n", "\r\n"),
    ],
)
def test_pages_that_differ_a_little(old: str, new: str) -> None:
    """Whether they are canonical or not, nothing differs."""
    text = PAGE.replace(old, new, 1) if old != "\n" else PAGE.replace(old, new)
    assert text != PAGE
    check_canonical(text, PATH)
    check_passes(text, PATH)


def check_passes(text: str, path: str) -> None:
    reading = read(text, path)
    for rule in PAGE_RULES:
        if rule.page and rule.passes and reading.readable and rule.passes(reading):
            assert list(rule.page(reading)) == [], rule.code
    found = run_rules(read(text, path), PAGE_RULES)
    assert FAST.run(read(text, path)) == found


@given(TEXTS)
def test_a_rule_passes_a_page_only_where_it_finds_nothing(drawn: tuple[str, str]) -> None:
    check_passes(drawn[1], drawn[0])


@given(TEXTS)
def test_links_are_counted_as_they_are_given(drawn: tuple[str, str]) -> None:
    reading = read(drawn[1], drawn[0])
    kinds = [link.kind.value for link in reading.links()]
    assert reading.link_counts() == {kind: kinds.count(kind) for kind in kinds}


def test_the_clock_is_no_rule_on_one_page_alone() -> None:
    text = SMALL_ARCHIVE[DAY].replace("2016-03-2", "2999-03-2")
    assert "NA304" in {d.code for d in na.check_text(text, DAY, today=TODAY)}
    assert "NA304" not in {d.code for d in FAST.run(read(text, DAY))}


@given(TEXTS)
def test_the_edition_of_a_page_is_that_of_most_words(drawn: tuple[str, str]) -> None:
    marks = [mark for edition in EDITIONS.values() for mark in grammar_of(edition).telling]
    for body in (drawn[1], *(f"{drawn[1]}\n{mark}/x.md)" for mark in marks)):
        expected = max(EDITIONS.values(), key=lambda edition: telling_words(body, edition))
        assert guess_edition(body) is expected, body
