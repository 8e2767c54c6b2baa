"""How alike titles are: words that few pages use count more.

A broken link is compared with the pages of its day that share a word with it, and with no others:
each day keeps where its words stand. So an archive in which every fourth page is gone is checked
in a time that grows with what is broken, not with that times the pages of a day.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from itertools import chain

from newsarchive.page.patterns import pattern

_WORD = pattern(r"[^\W_]+")
# Titles that tell how common words are: those of a whole archive tell no more.
_SAMPLE = 4096
# Sums in another order differ in their last bits.
_SLACK = 1e-9

Words = Mapping[str, int]
"""How often each word stands in a title."""


def words_of(text: str) -> Words:
    """The words of a title or a slug, in small letters."""
    found: dict[str, int] = {}
    for word in _WORD.findall(text.lower()):
        found[word] = found.get(word, 0) + 1
    return found


class Weights(dict[str, float]):
    """How much each word says: the inverse of how many pages use it. Made where first asked for.

    Args:
        slugs: the slugs of all pages; they are titles, and need no reading.
    """

    def __init__(self, slugs: list[str]) -> None:
        sample = slugs[:: max(1, len(slugs) // _SAMPLE)]
        self._size = len(sample)
        self._frequency = Counter(chain.from_iterable({*slug.split("-")} for slug in sample))

    def __missing__(self, word: str) -> float:
        # Inverse document frequency, Robertson and Spärck Jones 1976, smoothed.
        weight = self[word] = math.log((self._size + 1) / (self._frequency[word] + 0.5))
        return weight

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
        self._totals: list[float] = []
        self._places: dict[str, list[tuple[int, int]]] = {}

    def add(self, title: Words, slug: Words) -> None:
        """Take up the next page."""
        words, total = self._joined(title, slug)
        number = len(self._totals)
        self._totals.append(total)
        places = self._places
        for word, n in words.items():
            if word in places:
                places[word].append((number, n))
            else:
                places[word] = [(number, n)]

    def like(self, title: Words, slug: Words, least: float) -> list[int]:
        """The numbers of the pages that may be so similar: all that are, and some that are not."""
        words, total = self._joined(title, slug)
        weights = self._weights
        counted = sorted([(weights[word] * n, word, n) for word, n in words.items()])
        shared: dict[int, float] = {}
        passed = 0.0
        for value, word, n in counted:
            # The words of every other title, such as "the", are too little even all together: a
            # title that has no more in common need not be looked at.
            if passed + value < least * total:
                passed += value
                continue
            for number, m in self._places.get(word, ()):
                shared[number] = shared.get(number, 0.0) + (value if m >= n else value / n * m)
        passed += _SLACK
        return [
            number
            for number, known in shared.items()
            if known + passed >= least * (total + self._totals[number] - known - passed)
        ]

    def _joined(self, title: Words, slug: Words) -> tuple[Words, float]:
        """The words of both, and what those of the lighter one count: bounds of what is common."""
        weights = self._weights
        total = sum([weights[word] * n for word, n in title.items()])
        if title is slug:
            return title, total
        words = {**title}
        for word, n in slug.items():
            words[word] = max(n, words.get(word, 0))
        light = sum([weights[word] * n for word, n in slug.items()])
        return words, min(total or light, light or total)
