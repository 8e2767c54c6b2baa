"""Drawn texts are pages, or have the damage that was done to them."""

from collections.abc import Callable, Iterable
from operator import ne

import pytest
from hypothesis import given
from hypothesis import strategies as st

import newsarchive as na
from newsarchive import strategies as nas
from newsarchive.page.document import BOM
from newsarchive.page.parser import read
from newsarchive.page.paths import kind_of
from newsarchive.strategies import _texts
from tests.draws import all_of, codes_never_found, never_drawn

pytestmark = pytest.mark.slow


def test_page_texts_are_of_every_kind() -> None:
    all_of(nas.page_texts(), lambda drawn: drawn[0], "/faq/README.md", "/opinion/index.md", "")


@given(nas.page_texts())
def test_page_texts_are_pages_of_their_paths(given_text: tuple[str, str]) -> None:
    path, text = given_text
    reading = read(text, path)
    assert reading.page is not None
    assert reading.problems == []
    assert path == "" or reading.kind is kind_of(path)


@pytest.mark.parametrize("generation", [1, 2])
def test_page_texts_are_of_either_generation(generation: int) -> None:
    def has_formats(drawn: tuple[str, str]) -> bool:
        return drawn[1].startswith("\nFormats: ")

    strategy = nas.page_texts(generation=generation)
    missing = never_drawn(
        strategy,
        lambda drawn: has_formats(drawn) is (generation == 1),
        lambda drawn: isinstance(na.parse(drawn[1], drawn[0]), na.Event),
        lambda drawn: isinstance(na.parse(drawn[1], drawn[0]), na.DayIndex),
        draws=60,
    )
    assert missing == [0]


def test_nearly_pages_are_of_archives_or_as_odd_as_others() -> None:
    missing = never_drawn(
        nas.nearly_page_texts(),
        lambda drawn: "https://example.org/0.jpg" in drawn[1],
        lambda drawn: drawn[0] == "/faq/README.md",
        lambda drawn: read(drawn[1], drawn[0]).canonical,
    )
    assert missing == []


LINES = ["first", "second", "third", ""]
TEXT = "\n".join(LINES)


@pytest.fixture
def one_page(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the same text drawn always, so that what became of it is seen."""
    page = na.ProsePage(path="/faq/README.md", text=TEXT)
    monkeypatch.setattr(_texts, "pages", lambda edition: st.just(page))
    monkeypatch.setattr(_texts, "archives", lambda edition: st.just({page.path: page.text}))


def is_with_more(text: str, of: str) -> bool:
    """Whether one character more stands somewhere in a text, but for its end."""
    return any(text[:at] + text[at + 1 :] == of for at in range(len(text) - 1))


LINES_CHANGED = [
    lambda text: text == TEXT,
    lambda text: text == "first\nthird\n",  # lost
    lambda text: text == "first\nsecond\nsecond\nthird\n",  # doubled
    lambda text: text == "second\nthird\n\nfirst",  # moved to the end
    lambda text: text == "third\nfirst\nsecond\n",  # moved to the start
]


@pytest.mark.usefixtures("one_page")
def test_nearly_pages_have_little_changed() -> None:
    changes: list[Callable[[str], object]] = [
        *LINES_CHANGED,
        lambda text: is_with_more(text, TEXT),  # put in
        lambda text: is_with_more(TEXT, text),  # left out
        lambda text: len(text) == len(TEXT) and sum(map(ne, text, TEXT)) == 1,  # replaced
        lambda text: text[:-1] == TEXT,  # put in at the end
        lambda text: text == TEXT[:-1],  # left out there
    ]
    drawn = nas.nearly_page_texts().map(lambda pair: pair[1])
    assert never_drawn(drawn, *changes) == []


@pytest.mark.usefixtures("one_page")
def test_damage_is_of_every_kind() -> None:
    """Each kind is looked for beside the others: a text that has one alone is rarely drawn."""
    drawn = nas.damaged_page_texts().map(lambda pair: pair[1])
    missing = never_drawn(
        drawn,
        lambda text: "first\nthird\n" in text,  # lost
        lambda text: "first\nsecond\nsecond\nthird" in text,  # doubled
        lambda text: "third\nfirst\nsecond" in text,  # moved
        lambda text: any(is_with_more(line, "second") for line in text.split("\n")),  # put in
        lambda text: text[:-1].endswith("third\n"),
        lambda text: text.count("\r\n") == text.count("\n") > 2,
        lambda text: "first\rsecond\rthird\r" in text,
        lambda text: text.count("\n") > text.count("\r\n") > 0,  # from some line on
        lambda text: text.startswith(f"{BOM}first"),
        lambda text: BOM in text[1:],
        lambda text: text == "",
        lambda text: text.endswith("\nsec"),  # cut off
    )
    assert missing == []


LAYOUT_CODES = ["NA102", "NA103", "NA104", "NA105", "NA106", "NA107", "NA108", "NA109", "NA401"]


def test_damage_breaks_every_rule_of_layout() -> None:
    def check(damaged: tuple[str, str]) -> Iterable[na.Diagnostic]:
        return na.check_text(damaged[1], damaged[0], select=LAYOUT_CODES)

    assert codes_never_found(nas.damaged_page_texts(), LAYOUT_CODES, check) == set()
