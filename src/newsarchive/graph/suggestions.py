"""What a broken link may have meant: candidates, each with a score and reasons in words.

In this archive a path follows its page's title, so links break when titles are edited. Certain
evidence is a path: an older version's under the Changes of one page that exists, a rename in git's
history (of a page that kept its text or a source), or the same path in another form (letter case,
extension, percent-encoding). Likely evidence is text: the link quotes the title, and the edited
title still says the same.

The weights below were measured on 732 links that real title edits broke (right page: text
similarity 0.1 to 1, context terms found again in 99 %) against all 27,519 pages of six years
taken as deleted (nearest other page of the day: similarity above 0.15 in 2.6 %, above 0.3 in
0.4 %). See docs/explanation/what-is-safe.md.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING

from newsarchive.findings.diagnostics import Suggestion
from newsarchive.page.paths import INDEX_NAMES, PageKind, kind_of, path_fault, slugify
from newsarchive.page.reading import Link, Reading
from newsarchive.store.renames import History, Rename, content, history

if TYPE_CHECKING:
    from newsarchive.graph.view import ArchiveView

# A page of the same day with a text as near as this is the one: of 27,519 pages 4 have such a
# neighbour that they are not.
NEAR_ALONE = 0.5
# A page with a text as near as this is the one, if most context terms stand in it too ...
NEAR = 0.3
# ... as near as this, if all of them do ...
NEAR_WITH_CONTEXT = 0.15
# ... and as near as this, if moreover it links back.
NEAR_WITH_BACKLINK = 0.08
_SHOWN = 5
# Titles that tell how common words are: all 27,519 tell no more, and take 0.15 s.
_SAMPLE = 4096
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class _Candidate:
    """What is compared of one existing page."""

    path: str
    title: str
    words: Counter[str]
    slug_words: Counter[str]
    text: str
    terms: frozenset[str]
    targets: frozenset[str]
    old_titles: tuple[str, ...]


@dataclass
class Evidence:
    """Finds what broken links of an archive may have meant. Reads pages on demand, once each.

    Attributes:
        archive: a view of the archive.
        history: gives the renames that git knows of, for a folder.
        trouble: why git could not tell all renames, once that left a link without proof.
    """

    archive: ArchiveView
    history: Callable[[str], History] = history
    trouble: str = ""
    _days: dict[str, tuple[_Candidate, ...]] = field(default_factory=dict)

    def suggest(self, reading: Reading, link: Link) -> tuple[Suggestion, ...]:
        """The pages that a broken link may have meant, the likeliest first.

        A suggestion that `clear_best` names may be written; the others are for people to see.

        Args:
            reading: the page that the link stands on.
            link: a link whose target does not exist.
        """
        target = link.target.partition("#")[0]
        found = {s.path: s for s in self._likely(reading, link, target)}
        renamed, certain = self._renamed(target)
        if renamed and not certain:
            # Shown, but not written for this alone.
            score = 0.3
            reasons: tuple[str, ...] = ("git takes it for a rename, but it may be another event",)
            if renamed in found:
                score, reasons = found[renamed].score, (*found[renamed].reasons, *reasons)
            found[renamed] = Suggestion(renamed, score, reasons)
        for suggestion in self._certain(target, renamed if certain else None):
            found[suggestion.path] = suggestion
        if not any(suggestion.certain for suggestion in found.values()):
            self.trouble = self._history.trouble
        ordered = sorted(found.values(), key=lambda s: (-s.certain, -s.score, s.path))
        return tuple(ordered[:_SHOWN])

    def prepare(self) -> None:
        """Count the words of titles now: the first broken link then waits no longer than others."""
        self._weight("")

    def forget(self, folder: str) -> None:
        """Read the pages of a folder again when they are asked for next: they changed."""
        self._days.pop(folder, None)

    def _certain(self, target: str, renamed: str | None) -> list[Suggestion]:
        found: dict[str, list[str]] = {}
        if not path_fault(target):
            form = self.archive.same_but_form(target)
            if form:
                differs = (self.archive.near(target) or "").partition(": ")[0]
                found.setdefault(form, []).append(f"the same path but for {differs}")
        for page in self.archive.successors.get(target, ()):
            found.setdefault(page, []).append("renamed: the link's path stands under its Changes")
        if renamed:
            found.setdefault(renamed, []).append("renamed in git's history")
        return [Suggestion(path, 1.0, tuple(why), certain=True) for path, why in found.items()]

    @cached_property
    def _history(self) -> History:
        folder = self.archive.store.history
        return self.history(folder) if folder else History()

    @cached_property
    def _git(self) -> dict[str, Rename]:
        return self._history.latest()

    def _renamed(self, target: str) -> tuple[str | None, bool]:
        """Where git's history says that a page went, if that exists, and whether that is certain.

        git guesses renames: a small page that went and another that came in one commit are alike
        in half their lines. Certain is a page that moved as it was, or kept one of its sources.
        """
        hops: list[Rename] = []
        seen, path = {target}, target
        while path in self._git:
            hop = self._git[path]
            path = hop.path
            if path in seen:
                break
            seen.add(path)
            hops.append(hop)
            if path in self.archive:
                certain = all(h.alike == 100 for h in hops) or self._same_event(hops[0].blob, path)
                return path, certain
        return None, False

    def _same_event(self, blob: str, path: str) -> bool:
        """Whether a page shares a source with what an older file held."""
        from newsarchive.page.parser import read  # the rules import this module without the parser

        old = read(content(self.archive.store.history, blob), path)
        try:
            new = self.archive.reading(path)
        except OSError:
            return False
        return not {m["target"] for m in old.sources}.isdisjoint(m["target"] for m in new.sources)

    def _likely(self, reading: Reading, link: Link, target: str) -> list[Suggestion]:
        title = " ".join(link.text.split())
        found = []
        words, slug_words = _words(title), _words(_slug(target))
        terms = _context_of(reading, link)
        excluded = self._beside(reading, target)
        for candidate in self._same_day(target):
            if candidate.path == reading.path:
                continue
            suggestion = self._judge(candidate, reading, title, words, slug_words, terms)
            if suggestion and candidate.path in excluded:
                reason = "but both are listed side by side"
                suggestion = Suggestion(
                    suggestion.path, suggestion.score / 4, (*suggestion.reasons, reason)
                )
            if suggestion:
                found.append(suggestion)
        for path in self._by_slug.get(slugify(title), ()):
            day = target.rpartition("/")[0]
            if path.rpartition("/")[0] != day and path not in excluded and path != reading.path:
                other = self.archive.title(path)
                if other and other.split() == title.split():
                    found.append(Suggestion(path, 0.8, ("same title, another day",)))
        return found

    def _judge(
        self,
        candidate: _Candidate,
        reading: Reading,
        title: str,
        words: Counter[str],
        slug_words: Counter[str],
        terms: tuple[str, ...],
    ) -> Suggestion | None:
        if candidate.title == title:
            return Suggestion(candidate.path, 0.95, ("same title, same day",))
        if title in candidate.old_titles:
            return Suggestion(candidate.path, 0.9, ("an older version had this title, same day",))
        near = max(
            self._similarity(words, candidate.words),
            self._similarity(slug_words, candidate.slug_words),
        )
        reasons = [f"near title, same day ({near:.0%} alike)"]
        covered = _coverage(terms, candidate)
        back = reading.path in candidate.targets
        if terms and covered:
            reasons.append(
                f"{round(covered * len(terms))} of {len(terms)} context terms are its own"
            )
        if back:
            reasons.append("links back")
        all_terms = bool(terms) and covered == 1
        likely = (
            near >= NEAR_ALONE
            or (near >= NEAR and (covered >= 0.5 or not terms))
            or (near >= NEAR_WITH_CONTEXT and all_terms)
            or (near >= NEAR_WITH_BACKLINK and all_terms and back)
        )
        if likely:
            return Suggestion(candidate.path, 0.4 + 0.2 * near, tuple(reasons))
        if near >= NEAR_WITH_CONTEXT:
            # For people to see: below what `clear_best` takes.
            return Suggestion(candidate.path, min(near / 2, 0.35), tuple(reasons))
        return None

    def _similarity(self, one: Counter[str], other: Counter[str]) -> float:
        """Weighted Jaccard similarity: words that few pages use count more."""
        if not one or not other:
            return 0.0
        shared = sum(self._weight(word) * n for word, n in (one & other).items())
        return shared / sum(self._weight(word) * n for word, n in (one | other).items())

    def _weight(self, word: str) -> float:
        # Inverse document frequency, Robertson and Spärck Jones 1976, smoothed.
        return math.log((len(self._sample) + 1) / (self._frequency[word] + 0.5))

    @cached_property
    def _sample(self) -> list[str]:
        """Slugs from all years, for counting words: slugs are titles, and need no reading."""
        slugs = [slug for slug, paths in self._by_slug.items() for _ in paths]
        return slugs[:: max(1, len(slugs) // _SAMPLE)]

    @cached_property
    def _frequency(self) -> Counter[str]:
        """In how many slugs of the sample a word stands."""
        return Counter(chain.from_iterable({*slug.split("-")} for slug in self._sample))

    @cached_property
    def _by_slug(self) -> dict[str, list[str]]:
        """The pages that are no indexes; asking each path for its kind would take 0.1 s."""
        found: dict[str, list[str]] = {}
        for path in self.archive:
            found.setdefault(path[path.rfind("/") + 1 : -3], []).append(path)
        for name in INDEX_NAMES:
            found.pop(_slug(name), None)
        return found

    def _same_day(self, target: str) -> tuple[_Candidate, ...]:
        folder = target.rpartition("/")[0]
        if folder not in self._days:
            paths = self.archive.folder(folder) if kind_of(target) is PageKind.EVENT else []
            self._days[folder] = tuple(self._candidates(paths))
        return self._days[folder]

    def _candidates(self, paths: list[str]) -> list[_Candidate]:
        found = []
        for path in paths:
            try:
                reading = self.archive.reading(path)
            except OSError:
                continue
            title = " ".join(reading.text(reading.title).split())
            if kind_of(path) is not PageKind.EVENT or not title:
                continue
            contexts = [m["context"].split(", ") for m in reading.related if m["context"]]
            head = reading.body.partition("\n### Related:")[0].partition("\n### Changes:")[0]
            found.append(
                _Candidate(
                    path,
                    title,
                    _words(title),
                    _words(_slug(path)),
                    head.lower(),
                    frozenset(term for terms in contexts for term in terms),
                    frozenset(m["target"] for m in reading.related),
                    tuple(" ".join(m["text"].split()) for m in reading.changes),
                )
            )
        return found

    def _beside(self, reading: Reading, target: str) -> set[str]:
        """Pages that are listed beside the target, by the page itself or an index of the day.

        Who lists both means two events: the one is not the other under a new title.
        """
        found = {m["target"] for m in reading.related}
        folder = target.rpartition("/")[0]
        for name in INDEX_NAMES:
            targets = self.archive.listed_by(f"{folder}/{name}")
            if target in targets:
                found |= targets
        return found


def _context_of(reading: Reading, link: Link) -> tuple[str, ...]:
    """The context terms that the page gives for a link."""
    context = link.match.groupdict().get("context")
    if context is None:
        items = (item for item in reading.index_items() if item.match is link.match)
        context = next((i.context["context"] for i in items if i.context), None)
    return tuple(term for term in (context or "").split(", ") if term)


def _coverage(terms: tuple[str, ...], candidate: _Candidate) -> float:
    """Which share of the context terms the candidate knows, in its text or its own contexts."""
    if not terms:
        return 0.0
    known = sum(term in candidate.terms or term.lower() in candidate.text for term in terms)
    return known / len(terms)


def _slug(path: str) -> str:
    return path.rpartition("/")[2].removesuffix(".md")


def _words(text: str) -> Counter[str]:
    return Counter(_WORD.findall(text.lower()))
