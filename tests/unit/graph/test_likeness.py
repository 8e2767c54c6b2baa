"""How alike titles are, by the book and by the index of a day."""

import math
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsarchive.graph.likeness import Titles, Weights, words_of

COMMON = ["the", "a", "of", "storm", "harbour", "pier", "veldania", "ten", "hurt"]
WORDS = st.lists(st.sampled_from(COMMON), max_size=9)
TITLES = st.lists(WORDS.map(" ".join), max_size=8)


def by_the_book(weights: Weights, one: str, other: str) -> float:
    """Weighted Jaccard similarity as sets of counted words define it."""
    first, second = Counter(one.split()), Counter(other.split())
    if not first or not second:
        return 0.0
    both, either = first & second, first | second
    shared, union = (
        sum(weights[word] * n for word, n in words.items()) for words in (both, either)
    )
    return shared / union


@pytest.mark.property
@given(
    TITLES,
    WORDS.map(" ".join),
    st.sampled_from([0.01, 0.08, 0.3, 0.5, 1.0]),
    st.integers(0, 9),
    st.sampled_from([0, 100]),
)
def test_a_day_of_few_or_many_pages_gives_every_title_that_is_near_enough(
    titles: list[str], asked: str, least: float, cut: int, more: int
) -> None:
    weights = Weights([title.replace(" ", "-") for title in [*titles, asked]])
    day = Titles(weights)
    for title in titles:
        day.add(words_of(title), words_of(title[cut:]))
    for number in range(more):
        day.add(words_of(f"storm {number}"), words_of(f"pier {number}"))
    like = set(day.like(words_of(asked), words_of(asked[:cut]), least))
    for number, title in enumerate(titles):
        near = weights.similarity(words_of(asked), words_of(title))
        assert math.isclose(near, by_the_book(weights, asked, title))
        slugs_near = weights.similarity(words_of(asked[:cut]), words_of(title[cut:]))
        if max(near, slugs_near) >= least:
            assert number in like


def test_titles_of_common_words_alone_are_not_looked_at() -> None:
    common = [f"the-rise-and-fall-of-the-house-of-{n}" for n in range(200)]
    weights = Weights(common)
    day = Titles(weights)
    for slug in common:
        day.add(words_of(slug), words_of(slug))
    storm, house = words_of("the storm and the harbour of veldania"), words_of("house 7")
    assert day.like(storm, storm, 0.5) == []
    assert 7 in day.like(house, house, 0.5)


def test_words_are_counted_in_small_letters() -> None:
    assert words_of("The storm, the_pier: THE end-of 2016") == {
        "the": 3, "storm": 1, "pier": 1, "end": 1, "of": 1, "2016": 1
    }  # fmt: skip
