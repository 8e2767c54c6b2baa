"""How alike titles are: words that few pages use count more.

A broken link is compared with the pages of its day that share a word with it, and with no others:
each day keeps where its words stand. So an archive in which every fourth page is gone is checked
in a time that grows with what is broken, not with that times the pages of a day.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain

_WORD = re.compile(r"[^\W_]+")
# Titles that tell how common words are: all 27,519 tell no more, and take 0.15 s.
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


class Weights:
    """How much each word says: the inverse of how many pages use it.

    Args:
        slugs: the slugs of all pages; they are titles, and need no reading.
    """

    def __init__(self, slugs: list[str]) -> None:
        sample = slugs[:: max(1, len(slugs) // _SAMPLE)]
        self._size = len(sample)
        self._frequency = Counter(chain.from_iterable({*slug.split("-")} for slug in sample))
        self._known: dict[str, float] = {}

    def weight(self, word: str) -> float:
        """What a word counts."""
        found = self._known.get(word)
        if found is None:
            # Inverse document frequency, Robertson and Spärck Jones 1976, smoothed.
            found = math.log((self._size + 1) / (self._frequency[word] + 0.5))
            self._known[word] = found
        return found

    def total(self, words: Words) -> float:
        """What all words of a title count."""
        return sum([self.weight(word) * n for word, n in words.items()])

    def similarity(self, one: Words, other: Words) -> float:
        """How alike two titles are, from 0 to 1: weighted Jaccard similarity."""
        if not one or not other:
            return 0.0
        shared = union = 0.0
        for word, n in one.items():
            weight, m = self.weight(word), other.get(word, 0)
            if m:
                shared += weight * min(n, m)
            union += weight * max(n, m)
        for word, m in other.items():
            if word not in one:
                union += self.weight(word) * m
        return shared / union


@dataclass
class Titles:
    """The titles of one day, by their words.

    Attributes:
        weights: what words count.
    """

    weights: Weights
    _totals: list[float] = field(default_factory=list)
    _places: dict[str, list[tuple[int, int]]] = field(default_factory=dict)

    def add(self, words: Words) -> None:
        """Take up the next title."""
        number = len(self._totals)
        self._totals.append(self.weights.total(words))
        for word, n in words.items():
            self._places.setdefault(word, []).append((number, n))

    def like(self, words: Words, least: float) -> Iterator[int]:
        """The numbers of the titles that may be so similar: all that are, and some that are not."""
        weight = self.weights.weight
        counted = sorted([(weight(word) * n, word, n) for word, n in words.items()])
        total = sum([value for value, _, _ in counted])
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
        for number, known in shared.items():
            common = known + passed + _SLACK
            if common >= least * (total + self._totals[number] - common):
                yield number
