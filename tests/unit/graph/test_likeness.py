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


def test_where_no_blanks_are_characters_count_alone_and_with_the_next() -> None:
    assert words_of("港口起火，3人受伤") == dict.fromkeys(
        ["港", "口", "起", "火", "港口", "口起", "起火", "3", "人", "受", "伤", "人受", "受伤"], 1
    )
    assert words_of("Lutra号ok") == {"lutra": 1, "号": 1, "ok": 1}
    assert words_of("Léré and Köln") == {"léré": 1, "and": 1, "köln": 1}


@pytest.mark.parametrize(
    ("gone", "edited"),
    [
        ("港口起火造成3人受伤", "索雷尔港口夜间起火造成至少5人受伤"),
        ("総理大臣が新しい橋を開通させる", "総理大臣がソレルの新しい橋を開通させた"),
        ("항구에서화재가발생하여세명이다쳤다", "항구에서큰화재가발생하여네명이다쳤다"),
        ("ไฟไหม้ท่าเรือมีผู้บาดเจ็บสามคน", "ไฟไหม้ท่าเรือมีผู้บาดเจ็บห้าคน"),
    ],
    ids=["Han", "Kana", "Hangul", "Thai"],
)
def test_titles_without_blanks_are_alike_where_characters_follow_one_another_in_both(
    gone: str, edited: str
) -> None:
    other = "科学家公布水獭的新照片"
    weights = Weights([gone, edited, other])
    near = weights.similarity(words_of(gone), words_of(edited))
    assert near > 0.25
    assert weights.similarity(words_of(gone), words_of(other)) < near / 4


def test_slugs_without_blanks_tell_how_common_their_parts_are() -> None:
    weights = Weights(["港口起火", "港口重新开放", "港口迎来新船", "博物馆开放"])
    assert weights["港口"] < weights["博物"]
