"""The pages of one day, by what a broken link may say of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from newsarchive.graph.likeness import FEW, Titles, Weights, Words, counted, split_words, words_of
from newsarchive.page.lazy_tuples import NamedTuple
from newsarchive.page.reading import Reading


class Candidate(NamedTuple):
    """A page that a broken link may have meant, or the page that it says it means.

    Attributes:
        path: its archive path.
        title: its title.
    """

    path: str
    title: str

    def parts(self) -> tuple[list[str], list[str]]:
        """The words of its title, and those of its slug: the same, or as many as have room."""
        words, slug = split_words(self.title), slug_of(self.path)
        whole = "-".join(words)
        if slug == whole:
            return words, words
        is_cut_off = slug and whole.startswith(slug) and slug[-1] != "-"
        return words, slug.split("-") if is_cut_off else split_words(slug)

    def words(self) -> tuple[Words, Words]:
        """How often each word stands in its title, and in its slug: one value where that is so."""
        parts, slug_parts = self.parts()
        words = counted(parts)
        if slug_parts is parts or (slug_words := counted(slug_parts)) == words:
            return words, words
        return words, slug_words


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
            self._titles.add(*candidate.parts())
        self._words: dict[int, tuple[Words, Words]] = {}

    @property
    def is_large(self) -> bool:
        """Whether it has so many pages that it is not made anew for each broken link."""
        return len(self.candidates) > FEW

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
        words, slug_words = Candidate(path, title).words()
        named = self._by_title.get(title, ())
        like = self._titles.like(words, slug_words, self._least)
        for number in sorted({*named, *like}):
            others, slug_others = self._words_of(number)
            near = self._weights.similarity(words, others)
            if slug_words is not words or slug_others is not others:
                near = max(near, self._weights.similarity(slug_words, slug_others))
            if near >= self._least or number in named:
                yield self.candidates[number], near

    def _words_of(self, number: int) -> tuple[Words, Words]:
        """The words of a page; few are asked for more than those of the day have in common."""
        if number not in self._words:
            self._words[number] = self.candidates[number].words()
        return self._words[number]

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
            for _, slug_words in [candidate.words()]
            if any(self._weights.similarity(one, slug_words) > like for one in words)
        )


def slug_of(path: str) -> str:
    """A page's name without its extension."""
    return path.rpartition("/")[2].removesuffix(".md")
