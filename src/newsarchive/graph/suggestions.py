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

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain, islice
from typing import TYPE_CHECKING

from newsarchive.findings.diagnostics import LIKELY, Suggestion
from newsarchive.graph.day import Candidate, Day, Details, slug_of
from newsarchive.graph.likeness import Weights
from newsarchive.page.lazy_tuples import NamedTuple
from newsarchive.page.paths import INDEX_NAMES, PageKind, kind_of, path_fault, target_path
from newsarchive.page.reading import Link, LinkKind, Reading
from newsarchive.page.slugs import slugs_of
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
# Events come again under one title (record highs, a search that goes on): of 27,519 deleted pages
# 5 have a namesake on another day. It is shown; `clear_best` takes no score as low as this.
SAME_TITLE_ANOTHER_DAY = 0.35
# A title that is told word for word outweighs what is only alike.
SURE = 0.9
_SHOWN = 5
# So many days stay in memory; of days of many pages, which take long, all do.
_SOME_DAYS = 16


class _Page:
    """What the page of a link says beside the link; made once for all links of a page."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.related = frozenset(m["target"] for m in reading.related)
        self.known: list[Known] = []

    def terms(self, link: Link) -> tuple[str, ...]:
        """The context terms that the page gives for a link."""
        if link.kind is LinkKind.INDEX_ENTRY:
            note = self.reading.item_of(link.match).context
            context = note["context"] if note else ""
        else:
            context = link.match.groupdict().get("context") or ""
        return tuple(term for term in context.split(", ") if term)


class _BrokenLink(NamedTuple):
    """What a broken link says of the page that it means."""

    page: str
    title: str
    terms: tuple[str, ...]


class Known(NamedTuple):
    """What there is to say of a target and a title, whichever page links so."""

    # the pages of the target's day that are to be looked at: the path and title of each, and how
    # near that title is
    near: list[tuple[str, str, float]]
    elsewhere: list[str]  # pages of other days with that title
    listings: list[frozenset[str]]  # what the indexes of the day list, where they list the target
    # the pages that no index of the day lists, where the target is not listed either: older
    # versions may stay beside the page that took their place
    unlisted: frozenset[str]
    # the pages near it that are nearer to another page which the day lists and has lost
    taken: frozenset[str]
    certain: list[Suggestion]  # the pages that a path proves
    renamed: str | None  # where git takes the target to have gone, if it is not certain


@dataclass
class Evidence:
    """Finds what broken links of an archive may have meant. Reads pages on demand, once each.

    Attributes:
        archive: a view of the archive.
        history: gives the renames that git knows of, for a folder.
        trouble: why git could not tell all renames, once that left a link without proof.
        known: what was found out of targets and titles; None where no page comes into question.
    """

    archive: ArchiveView
    history: Callable[[str], History] = history
    trouble: str = ""
    known: dict[tuple[str, str], Known | None] = field(default_factory=dict)
    _days: dict[str, Day] = field(default_factory=dict)
    _read: dict[str, Details | None] = field(default_factory=dict)
    _page: _Page | None = None
    _by_name: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    _titled: dict[str, list[str]] | None = None

    def suggest(self, reading: Reading, link: Link) -> tuple[Suggestion, ...]:
        """The pages that a broken link (of this page) may have meant, the likeliest first.

        A suggestion that `clear_best` names may be written; the others are for people to see.
        """
        key = target_path(link.target), " ".join(link.text.split())
        if key not in self.known:
            self.known[key] = self._found(*key)
        known = self.known[key]
        if known is None:  # most pages that are gone have no other near them
            self.trouble = self.renames.trouble
            return ()
        if self._page is None or self._page.reading is not reading:
            self._page = _Page(reading)
        self._page.known.append(known)
        found = {s.path: s for s in self._likely(self._page, link, known)}
        if known.renamed:
            # Shown, but not written for this alone.
            score = 0.3
            reasons: tuple[str, ...] = ("git takes it for a rename, but it may be another event",)
            if known.renamed in found:
                score = found[known.renamed].score
                reasons = (*found[known.renamed].reasons, *reasons)
            found[known.renamed] = Suggestion(known.renamed, score, reasons)
        for suggestion in known.certain:
            found[suggestion.path] = suggestion
        if not any(suggestion.certain for suggestion in found.values()):
            self.trouble = self.renames.trouble
        ordered = sorted(found.values(), key=lambda s: (-s.certain, -s.score, s.path))
        return tuple(ordered[:_SHOWN])

    def prepare(self, titles: Mapping[str, str] | None = None) -> None:
        """Look at all titles now: the first broken link then waits no longer than others.

        They are given where they are known without reading any page.
        """
        assert self._weights is not None
        if titles is not None:
            self._titled = _by_title(titles.items())

    def forget(self, folder: str) -> None:
        """Read the pages of a folder again when they are asked for next: they changed."""
        self._days.pop(folder, None)
        for path in [path for path in self._read if path.rpartition("/")[0] == folder]:
            del self._read[path]
        self.known.clear()
        self._by_name.clear()
        self._titled = None
        self.__dict__.pop("_renamed_pages", None)

    def suggested_by(self, reading: Reading) -> list[str]:
        """The pages that suggestions follow from on the page that was asked about last.

        Those of the days that its links lead to are not named.
        """
        page = self._page
        found: list[str] = []
        for known in page.known if page and page.reading is reading else ():
            found += [*known.elsewhere, *[s.path for s in known.certain]]
            found += [known.renamed] if known.renamed else []
        return found

    def _found(self, target: str, title: str) -> Known | None:
        """What there is to say; None where no page comes into question."""
        folder = target.rpartition("/")[0]
        day = self._same_day(folder, target)
        near = list(day.near(title, target))
        elsewhere = [p for p in self._namesakes(title) if p.rpartition("/")[0] != folder]
        renamed, is_certain = self._renamed(target)
        certain = self._certain(target, renamed if is_certain else None)
        if not (near or elsewhere or certain or renamed):
            return None
        lists = [self.archive.listed_by(f"{folder}/{name}") for name in INDEX_NAMES]
        listed = frozenset().union(*lists)
        return Known(
            [(candidate.path, candidate.title, like) for candidate, like in near],
            elsewhere,
            [listed for listed in lists if target in listed],
            frozenset(candidate.path for candidate, _ in near) - listed
            if listed and target not in listed
            else frozenset(),
            day.nearer_to(self._lost(folder, listed - {target}), near) if near else frozenset(),
            certain,
            None if is_certain else renamed,
        )

    def _lost(self, folder: str, listed: frozenset[str]) -> list[str]:
        """The pages of a day that an index of it lists, and that are not there."""
        return [p for p in listed if p.startswith(f"{folder}/") and p not in self.archive]

    def _certain(self, target: str, renamed: str | None) -> list[Suggestion]:
        found: dict[str, list[str]] = {}
        if not path_fault(target):
            form = self.archive.same_but_form(target)
            if form:
                differs = (self.archive.near(target) or "").partition(": ")[0]
                found.setdefault(form, []).append(f"the same path but for {differs}")
        for page in self.archive.successors.get(target, ()):
            found.setdefault(page, []).append("renamed: its Changes list the link's path")
        if renamed:
            found.setdefault(renamed, []).append("renamed in git's history")
        return [Suggestion(path, 1.0, tuple(why), certain=True) for path, why in found.items()]

    @cached_property
    def renames(self) -> History:
        """The renames that git knows of, asked for once."""
        folder = self.archive.store.history
        return self.history(folder) if folder else History()

    @cached_property
    def _git(self) -> dict[str, Rename]:
        return self.renames.latest()

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

        old = read(content(self.archive.store.history, blob), path, self.archive.edition)
        try:
            new = self.archive.reading(path)
        except OSError:
            return False
        return not {m["target"] for m in old.sources}.isdisjoint(m["target"] for m in new.sources)

    def _likely(self, page: _Page, link: Link, known: Known) -> list[Suggestion]:
        reading = page.reading
        asked = _BrokenLink(reading.path, " ".join(link.text.split()), page.terms(link))
        # Who lists both means two events: the one is not the other under a new title.
        beside = [page.related, *known.listings]
        found = []
        for path, title, like in known.near:
            if path == reading.path:
                continue
            suggestion = self._judge(path, title, like, asked)
            if suggestion and any(path in listed for listed in beside):
                suggestion = _doubted(suggestion, "but both are listed side by side")
            elif suggestion and suggestion.score < SURE and path in known.taken:
                suggestion = _doubted(suggestion, "but another missing page is nearer to it")
            if suggestion:
                found.append(suggestion)
        if any(s.score >= LIKELY and s.path not in known.unlisted for s in found):
            reason = "but no index of its day lists it"
            found = [_doubted(s, reason) if s.path in known.unlisted else s for s in found]
        elsewhere = (
            path
            for path in known.elsewhere
            if path != reading.path and not any(path in listed for listed in beside)
        )
        for path in islice(elsewhere, _SHOWN):
            found.append(Suggestion(path, SAME_TITLE_ANOTHER_DAY, ("same title, another day",)))
        return found

    def _judge(self, path: str, title: str, like: float, asked: _BrokenLink) -> Suggestion | None:
        if title == asked.title:
            return Suggestion(path, 0.95, ("same title, same day",))
        details = self._details(path)
        if details is None:
            return None
        if asked.title in details.old_titles:
            return Suggestion(path, SURE, ("an older version had this title, same day",))
        return _judge_near(like, path, details, asked)

    @cached_property
    def _weights(self) -> Weights:
        """What words count, by the slugs of all years."""
        return Weights([slug for slug, paths in self._by_slug.items() for _ in paths])

    def _namesakes(self, title: str) -> list[str]:
        """The pages that have a title and the slug that follows from it, in order."""
        if self._titled is None:  # few are asked for: the titles of pages with the slug will do
            slugs = [s for s in slugs_of(title, self.archive.edition) if s in self._by_slug]
            named = [path for slug in slugs for path in self._of_slug(slug).get(title, [])]
        elif named := self._titled.get(title, []):
            slugs = slugs_of(title, self.archive.edition)
            named = [path for path in named if slug_of(path) in slugs]
        return sorted(named)

    def _of_slug(self, slug: str) -> dict[str, list[str]]:
        """The pages of a slug by their titles."""
        if slug not in self._by_name:
            paths = self._by_slug[slug]
            self._by_name[slug] = _by_title((path, self.archive.title(path)) for path in paths)
        return self._by_name[slug]

    @cached_property
    def _by_slug(self) -> dict[str, list[str]]:
        """The pages that are no indexes; not asked path by path, as there are many."""
        found: dict[str, list[str]] = {}
        for path in self.archive:
            found.setdefault(path[path.rfind("/") + 1 : -3], []).append(path)
        for name in INDEX_NAMES:
            found.pop(slug_of(name), None)
        return found

    def _same_day(self, folder: str, target: str) -> Day:
        if folder not in self._days:
            paths = self.archive.folder(folder) if kind_of(target) is PageKind.EVENT else []
            titles = ((path, " ".join((self.archive.title(path) or "").split())) for path in paths)
            candidates = (Candidate(path, title) for path, title in titles if title)
            day = Day(candidates, self._weights, NEAR_WITH_BACKLINK)
            for number, candidate in enumerate(day.candidates):
                if candidate.path in self._renamed_pages:
                    details = self._details(candidate.path)
                    day.add_old_titles(number, details.old_titles if details else ())
            if len(self._days) >= _SOME_DAYS:  # links to a day come together, by its index
                self._days = {of: other for of, other in self._days.items() if other.is_large}
            self._days[folder] = day
        return self._days[folder]

    @cached_property
    def _renamed_pages(self) -> frozenset[str]:
        """The pages that name paths of older versions of theirs."""
        return frozenset(chain.from_iterable(self.archive.successors.values()))

    def _details(self, path: str) -> Details | None:
        """What is compared of a page that has to be read for it; None where it cannot be read."""
        if path not in self._read:
            try:
                self._read[path] = Details.of(self.archive.reading(path))
            except OSError:
                self._read[path] = None
        return self._read[path]


def _by_title(titles: Iterable[tuple[str, str | None]]) -> dict[str, list[str]]:
    """Paths by the titles that go with them, whose blanks do not count."""
    found: dict[str, list[str]] = {}
    for path, title in titles:
        if title:
            found.setdefault(" ".join(title.split()), []).append(path)
    return found


def _doubted(suggestion: Suggestion, reason: str) -> Suggestion:
    """A suggestion that is shown, but neither written nor in the way of another."""
    reasons = (*suggestion.reasons, reason)
    return Suggestion(suggestion.path, suggestion.score / 4, reasons)


def _judge_near(near: float, path: str, details: Details, asked: _BrokenLink) -> Suggestion | None:
    """What the text of a page says, beside how near its title is."""
    reasons = [f"near title, same day ({near:.0%} alike)"]
    covered, terms = details.coverage(asked.terms), asked.terms
    back = asked.page in details.targets
    if terms and covered:
        reasons.append(f"{round(covered * len(terms))} of {len(terms)} context terms match")
    if back:
        reasons.append("links back")
    all_terms = bool(terms) and covered == 1
    likely = (
        near >= NEAR_ALONE
        or (near >= NEAR and (covered >= 0.5 or not terms))
        or (near >= NEAR_WITH_CONTEXT and all_terms)
        or (all_terms and back)
    )
    if likely:
        return Suggestion(path, 0.4 + 0.2 * near, tuple(reasons))
    if near >= NEAR_WITH_CONTEXT:
        # For people to see: below what `clear_best` takes.
        return Suggestion(path, min(near / 2, 0.35), tuple(reasons))
    return None
