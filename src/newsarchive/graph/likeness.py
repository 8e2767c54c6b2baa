"""How alike titles are: words that few pages use count more.

A broken link is compared with the pages of its day that share a word with it, and with no others:
a day of many pages keeps where its words stand. So an archive in which every fourth page is gone
is checked in a time that grows with what is broken, not with that times the pages of a day.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from itertools import chain, pairwise

from newsarchive.page.patterns import pattern

_WORD = pattern(r"[^\W_]+")
# What ASCII text becomes before it is split at blanks, which is faster than to look for words.
_ASCII_WORDS = {n: chr(n).lower() if chr(n).isalnum() else " " for n in range(128)}
# Scripts without blanks between words: Thai to Khmer, Kana, Han; and Hangul, which has few.
_UNSPACED = pattern(
    "([\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff"
    "\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff]+)"
)
# Titles that tell how common words are: those of a whole archive tell no more.
_SAMPLE = 4096
# Sums in another order differ in their last bits.
_SLACK = 1e-9
# Days of so few pages, which nearly all are, are gone through faster than an index is made.
FEW = 64

Words = Mapping[str, int]
"""How often each word stands in a title."""


def words_of(text: str) -> Words:
    """The words of a title or a slug, in small letters, and how often each stands there.

    Where a script has no blanks between words, each character is one, and each two that follow one
    another: the pairs say more, and the characters find a title again that was put into another
    script, as simplified Chinese is.
    """
    return counted(split_words(text))


def split_words(text: str) -> list[str]:
    """The words of `words_of`, one after the other."""
    if text.isascii():
        return text.translate(_ASCII_WORDS).split()
    return [part for word in _WORD.findall(text.lower()) for part in _parts(word)]


def counted(words: Iterable[str]) -> Words:
    """How often each word is among some."""
    found: dict[str, int] = {}
    for word in words:
        found[word] = found.get(word, 0) + 1
    return found


def _parts(word: str) -> Iterator[str]:
    """What stands between blanks, taken apart where its script needs none."""
    for part in filter(None, _UNSPACED.split(word)):
        if _UNSPACED.match(part):
            yield from part
            yield from map("".join, pairwise(part))
        else:
            yield part


def _words_of_slug(slug: str) -> Iterable[str]:
    """The words of a slug, each once: in English those between its hyphens."""
    return {*slug.split("-")} if slug.isascii() else words_of(slug)


class Weights(dict[str, float]):
    """How much each word says: the inverse of how many pages use it.

    The slugs of pages are titles, and need no reading.
    """

    def __init__(self, slugs: list[str]) -> None:
        sample = slugs[:: max(1, len(slugs) // _SAMPLE)]
        pages = Counter(chain.from_iterable(_words_of_slug(slug) for slug in sample))
        # Inverse document frequency, Robertson and Spärck Jones 1976, smoothed.
        of_so_many = {n: math.log((len(sample) + 1) / (n + 0.5)) for n in {0, *pages.values()}}
        super().__init__({word: of_so_many[n] for word, n in pages.items()})
        self._of_none = of_so_many[0]

    def __missing__(self, word: str) -> float:
        return self._of_none

    def similarity(self, one: Words, other: Words) -> float:
        """How alike two titles are, from 0 to 1: weighted Jaccard similarity."""
        if not one or not other:
            return 0.0
        shared = union = 0.0
        for word, n in one.items():
            weight, m = self[word], other.get(word, 0)
            if m:
                shared += weight * min(n, m)
            union += weight * max(n, m)
        for word, m in other.items():
            if word not in one:
                union += self[word] * m
        return shared / union


class Titles:
    """The pages of one day by the words of their titles and slugs.

    Args:
        weights: what words count.
    """

    def __init__(self, weights: Weights) -> None:
        self._weights = weights
        self._words: list[frozenset[str]] = []
        self._both: list[frozenset[str]] = []
        self._totals: dict[int, float] = {}

    def add(self, title: Iterable[str], slug: Iterable[str]) -> None:
        """Take up the next page, by the words of its title and of its slug."""
        words = both = frozenset(title)
        if slug is not title:
            slug_words = frozenset(slug)
            words, both = words | slug_words, words & slug_words
        self._words.append(words)
        self._both.append(both)
        self.__dict__.pop("_places", None)

    def like(self, title: Words, slug: Words, least: float) -> list[int]:
        """The numbers of the pages that may be so similar: all that are, and some that are not."""
        weights = self._weights
        values = {word: weights[word] * n for word, n in title.items()}
        total = sum(values.values())
        if title is not slug:
            for word, n in slug.items():
                values[word] = weights[word] * max(n, title.get(word, 0))
            light = sum([weights[word] * n for word, n in slug.items()])
            total = min(total or light, light or total)
        words, enough, found = frozenset(values), least * total, []
        for number in self._with_a_word_of(values, enough):
            # As much as can be in common, and as little as the other has.
            known = _SLACK + sum([values[word] for word in words & self._words[number]])
            if known >= enough and known >= least * (total + self._total_of(number) - known):
                found.append(number)
        return found

    def _with_a_word_of(self, values: Mapping[str, float], enough: float) -> Iterable[int]:
        """The pages that may have words in common that count so much, all together."""
        if len(self._words) <= FEW:
            return range(len(self._words))
        telling, passed = {*values}, 0.0
        for word in sorted(values, key=values.__getitem__):
            # The words of every other title, such as "the", are too little even all together: a
            # title that has no more in common need not be looked at.
            passed += values[word]
            if passed >= enough:
                break
            telling.discard(word)
        return {number for word in telling for number in self._places.get(word, ())}

    @cached_property
    def _places(self) -> dict[str, list[int]]:
        """The pages that have a word."""
        found: dict[str, list[int]] = {}
        for number, words in enumerate(self._words):
            for word in words:
                found.setdefault(word, []).append(number)
        return found

    def _total_of(self, number: int) -> float:
        """The least that the words of a page's title, or of its slug, count."""
        if number not in self._totals:
            self._totals[number] = sum(map(self._weights.__getitem__, self._both[number]))
        return self._totals[number]
