"""The pages of one day, by what a broken link may say of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from newsarchive.graph.likeness import Titles, Weights, Words, words_of
from newsarchive.page.lazy_tuples import NamedTuple
from newsarchive.page.reading import Reading


class Candidate(NamedTuple):
    """What is compared first of one existing page; it needs no reading."""

    path: str
    title: str
    words: Words
    slug_words: Words

    @classmethod
    def of(cls, path: str, title: str) -> Candidate:
        """A page of a title; slugs mostly have its words."""
        words, slug = words_of(title), slug_of(path)
        if slug == "-".join(words):  # most titles: no word twice, and nothing cut off
            return cls(path, title, words, words)
        slug_words = words_of(slug)
        return cls(path, title, words, words if slug_words == words else slug_words)


class Details(NamedTuple):
    """What else is compared of a page that is near, or had other titles."""

    text: str
    terms: frozenset[str]
    targets: frozenset[str]
    old_titles: tuple[str, ...]

    @classmethod
    def of(cls, reading: Reading) -> Details:
        """What a page says."""
        contexts = [m["context"].split(", ") for m in reading.related if m["context"]]
        head = reading.body.partition("\n### Related:")[0].partition("\n### Changes:")[0]
        return cls(
            head.lower(),
            frozenset(term for terms in contexts for term in terms),
            frozenset(m["target"] for m in reading.related),
            tuple(" ".join(m["text"].split()) for m in reading.changes),
        )

    def coverage(self, terms: tuple[str, ...]) -> float:
        """Which share of context terms the page knows, in its text or its own contexts."""
        if not terms:
            return 0.0
        known = sum(term in self.terms or term.lower() in self.text for term in terms)
        return known / len(terms)


class Day:
    """The pages of one day.

    Args:
        candidates: its pages.
        weights: what words count.
        least: how alike a title must be to be looked at.
    """

    def __init__(self, candidates: Iterable[Candidate], weights: Weights, least: float) -> None:
        self.candidates: list[Candidate] = list(candidates)
        self._weights, self._least = weights, least
        self._titles = Titles(weights)
        self._by_title: dict[str, list[int]] = {}
        for number, candidate in enumerate(self.candidates):
            self._by_title.setdefault(candidate.title, []).append(number)
            self._titles.add(candidate.words, candidate.slug_words)

    def add_old_titles(self, number: int, titles: Iterable[str]) -> None:
        """Have a page found by the titles of its older versions, too."""
        for title in {*titles} - {self.candidates[number].title}:
            self._by_title.setdefault(title, []).append(number)

    def near(self, title: str, path: str) -> Iterator[tuple[Candidate, float]]:
        """The pages that are to be looked at, in their order, and how near each is.

        Args:
            title: what a link quotes.
            path: the path that it leads to.
        """
        asked = Candidate.of(path, title)
        named = self._by_title.get(asked.title, ())
        like = self._titles.like(asked.words, asked.slug_words, self._least)
        for number in sorted({*named, *like}):
            candidate = self.candidates[number]
            near = self._weights.similarity(asked.words, candidate.words)
            if asked.slug_words is not asked.words or candidate.slug_words is not candidate.words:
                by_slug = self._weights.similarity(asked.slug_words, candidate.slug_words)
                near = max(near, by_slug)
            if near >= self._least or number in named:
                yield candidate, near

    def nearer_to(
        self, others: Iterable[str], near: Iterable[tuple[Candidate, float]]
    ) -> frozenset[str]:
        """The pages that are more like one of some other paths than they are like what was asked.

        Args:
            others: the paths.
            near: what `near` gave for what was asked.
        """
        words = [words_of(slug_of(path)) for path in others]
        return frozenset(
            candidate.path
            for candidate, like in near
            if any(self._weights.similarity(one, candidate.slug_words) > like for one in words)
        )


def slug_of(path: str) -> str:
    """A page's name without its extension."""
    return path.rpartition("/")[2].removesuffix(".md")
