"""Drawn pages are all that the models admit."""

import datetime
import itertools
import string
from collections.abc import Callable
from typing import Any, get_args

import pytest
from hypothesis import find, given, settings
from hypothesis import strategies as st

import newsarchive as na
from newsarchive import strategies as nas
from tests.draws import all_of, never_drawn

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    ("strategy", "paths"),
    [
        (nas.front_pages(), ["/index.md", "/README.md"]),
        (nas.opinion_indexes(), ["/opinion/index.md", "/opinion/README.md"]),
        (
            nas.prose_pages(),
            ["/faq/README.md", "/api/README.md", "/LICENSE.md", "/news/README.md"],
        ),
    ],
)
def test_pages_stand_at_every_path_of_their_kind(
    strategy: st.SearchStrategy[Any], paths: list[str]
) -> None:
    all_of(strategy, lambda page: page.path, *paths)


@given(nas.pages())
def test_pages_are_written_and_read_back(page: na.Page) -> None:
    assert na.parse(na.render(page), page.path) == page


@pytest.mark.parametrize(
    ("strategy", "part", "simplest"),
    [
        (nas.titles(), str, "x"),
        (
            nas.day_indexes(),
            lambda index: (index.path, index.date, index.entries),
            ("", datetime.date(2009, 1, 1), ()),
        ),
        (nas.prose_pages(), lambda page: page.text, ""),
    ],
)
def test_failures_shrink_to_what_is_short_and_plain(
    strategy: st.SearchStrategy[Any], part: Callable[[Any], object], simplest: object
) -> None:
    plain = settings(database=None, derandomize=True, deadline=None)
    assert part(find(strategy, lambda _: True, settings=plain)) == simplest


@pytest.mark.parametrize(
    ("path", "named"), [("", "/news/a.md"), ("/news/2016/03/2/a b.md", "/news/2016/03/2/ab.md")]
)
def test_events_of_the_second_generation_have_formats_at_any_path(path: str, named: str) -> None:
    formats = na.FormatLinks.of(named)
    drawn = nas.events(paths=st.just(path), generation=2)
    assert never_drawn(drawn, lambda event: event.layout.formats != formats, draws=20) == [0]


def test_events_are_as_odd_as_the_model_admits() -> None:
    missing = never_drawn(
        nas.events(),
        lambda event: event.path == "",
        lambda event: not event.path.isascii(),
        lambda event: event.date.year < 1000,
        lambda event: any(c.isspace() and c not in " \t" for c in event.title),
        lambda event: event.title.startswith("#"),
        lambda event: event.topic == "",
        lambda event: event.description is None,
        lambda event: event.description and "\n" in event.description,
        lambda event: event.description and event.description[0] in string.ascii_lowercase[:20],
        lambda event: any(source.name == "Cover Image" for source in event.sources),
        lambda event: event.cover_image and not event.sources,
        lambda event: any(link.title.count("[") != link.title.count("]") for link in event.related),
        lambda event: any(" " in link.path for link in event.related),
        lambda event: any(change.timestamp and change.is_current for change in event.changes),
        lambda event: event.layout.changes_first and event.layout.formats is None,
        lambda event: event.layout.date_link == "",
        lambda event: "\x1c" in "".join(event.layout.title_blanks),
    )
    assert missing == []


def test_day_indexes_are_as_odd_as_the_model_admits() -> None:
    missing = never_drawn(
        nas.day_indexes(),
        lambda index: len(index.entries) == 0,
        lambda index: index.layout.final_gap.startswith("\n"),
        lambda index: any(entry.description == "" for entry in index.entries),
        lambda index: any(entry.context for entry in index.entries),
        lambda index: any(entry.gap.startswith("\n") for entry in index.entries[1:]),
        lambda index: any(entry.gap and entry.topic is None for entry in index.entries),
        lambda index: index.previous == "",
        lambda index: any(
            above.description and entry.gap == "" and entry.topic is None
            for above, entry in itertools.pairwise(index.entries)
        ),
        lambda index: index.path.endswith("README.md"),
    )
    assert missing == []


def test_pages_are_of_every_kind() -> None:
    drawn: set[type[na.Page]] = set()

    def is_last(page: na.Page) -> bool:
        drawn.add(type(page))
        return drawn == set(get_args(na.Page))

    assert never_drawn(nas.pages(), is_last) == []
    assert drawn == set(get_args(na.Page))


def test_paths_can_be_given() -> None:
    path = "/news/2016/03/2/a.md"
    given_paths = nas.events(paths=st.just(path))
    assert never_drawn(given_paths, lambda event: event.path != path, draws=10) == [0]
    path = "/news/2016/03/2/index.md"
    given_indexes = nas.day_indexes(paths=st.just(path))
    assert never_drawn(given_indexes, lambda index: index.path != path, draws=10) == [0]


@given(nas.events(generation=1))
def test_the_first_generation_has_no_formats_and_its_own_order(event: na.Event) -> None:
    assert event.layout.model_copy(update={"title_blanks": ("", " ")}) == na.EventLayout()
    text = na.render(event)
    assert not text.startswith("\nFormats:")
    assert na.parse(text, event.path) == event


@given(nas.events(paths=st.just("/news/2016/03/2/a.md"), generation=2))
def test_the_second_generation_has_formats_of_its_path(event: na.Event) -> None:
    assert event.layout.formats == na.EventLayout.second_generation(event.path).formats
    text = na.render(event)
    assert text.startswith("\nFormats: [HTML](/news/2016/03/2/a.html)")
    if event.related and event.changes:
        assert text.index("### Changes:") < text.index("### Related:")
    assert na.parse(text, event.path) == event


def test_day_indexes_are_of_either_generation() -> None:
    first, second = nas.day_indexes(generation=1), nas.day_indexes(generation=2)
    assert never_drawn(first, lambda index: index.layout.formats is not None, draws=50) == [0]
    assert never_drawn(second, lambda index: index.layout.formats is None, draws=50) == [0]


@pytest.mark.parametrize("strategy", [nas.events, nas.day_indexes, nas.page_texts])
def test_there_are_two_generations(strategy: Callable[..., st.SearchStrategy[object]]) -> None:
    with pytest.raises(ValueError, match="generation is 1, 2 or None, not 3"):
        never_drawn(strategy(generation=3), lambda drawn: False, draws=1)
