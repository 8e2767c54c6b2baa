"""Questions about an archive, answered from what is read on demand, or from a survey of all."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from newsarchive.graph.derived import Derived
from newsarchive.page.parts import former_paths
from newsarchive.page.paths import PageKind, kind_of, target_path
from newsarchive.page.reading import InboundLink, Link, LinkKind, Reading
from newsarchive.store.listing import Exclude, Scan, is_utf8
from newsarchive.store.store import Glance, Store, scan

if TYPE_CHECKING:
    from newsarchive.findings.diagnostics import Suggestion
    from newsarchive.graph.inbound import KeptReferrers, Referrers
    from newsarchive.graph.suggestions import Evidence
    from newsarchive.graph.survey import Survey
    from newsarchive.page.editions import Edition
    from newsarchive.rules.placement import DayIndexes

Kept = tuple["Callable[[Answers], Survey | None]", "Callable[[Answers], KeptReferrers | None]"]
"""What is told of a view by what runs keep: `Answers.surveyor`, `Answers.linker`."""

_SOME_DAYS = 8
"""So many pages that were read last stay in memory: rules ask for those of an event's day."""


class Answers(Derived):
    """A view of a store as it was when it was first asked: listed once, pages read on demand.

    Attributes:
        suggesting: whether broken links get suggestions, which take reading other pages.
    """

    is_snapshot: bool = False  # whether a page that was read lately need not be read again
    survey: Survey | None = None  # what a run over all pages knows of them
    # makes a survey of what runs keep, where that is known to be less work than to read all pages
    surveyor: Callable[[], Survey | None] | None = None
    # tells by what runs keep which pages link to one
    linker: Callable[[], KeptReferrers | None] | None = None

    def __init__(
        self,
        store: Store,
        scan: Scan | None = None,
        *,
        suggesting: bool = True,
        exclude: Exclude | None = None,
        edition: Edition | None = None,
    ) -> None:
        self._store = store
        self._edition = edition
        self.exclude = exclude
        self._scan = scan
        self._suggesting = suggesting
        self._last_read: dict[str, Reading] = {}

    def anew(self, *, suggesting: bool = True) -> Answers:
        """A view of its own, which knows the names but learns for itself."""
        return Answers(
            self._store,
            self._scan,
            suggesting=suggesting,
            exclude=self.exclude,
            edition=self.edition,
        )

    @property
    def store(self) -> Store:
        """Where the files are."""
        return self._store

    @cached_property
    def edition(self) -> Edition:
        """The archive's edition."""
        if self._edition is not None:
            return self._edition
        from newsarchive.graph.recognition import recognized  # names of files need no parser

        return recognized(self._store)

    # Names.

    @property
    def scan(self) -> Scan:
        """The store's listing."""
        if self._scan is None:
            # Where runs keep what they read, the states of files will be asked for, too.
            self._scan = scan(self._store, stats=bool(self.linker), exclude=self.exclude)
        return self._scan

    def take_scan(self, found: Scan) -> None:
        """Take up the store's listing, where someone else made it."""
        self._scan = found

    @cached_property
    def _glance(self) -> Glance:
        return Glance(self._store, self.exclude)

    @property
    def is_scanned(self) -> bool:
        """Whether the store has been listed."""
        return self._scan is not None

    @property
    def listed(self) -> Scan:
        """What has been listed so far: the whole store, or the parts that were asked for."""
        return self._glance.found if self._scan is None else self._scan

    def __contains__(self, path: object) -> bool:
        if not (isinstance(path, str) and super().__contains__(path)):
            return False
        beside = self.listed.beside
        return not (beside and path.startswith(beside))

    def exists(self, path: str) -> bool:
        """Whether a file of exactly this archive path exists, page or not."""
        return self._glance.exists(path) if self._scan is None else self._scan.has(path)

    def aliases(self) -> dict[str, list[str]]:
        """For each file that symbolic links lead to, their archive paths, in order."""
        return self._store.aliases(self.scan)

    def folder(self, folder: str) -> list[str]:
        """The archive paths of the pages in a folder (``/news/2013/02/20``), not below it."""
        return [f"{folder}/{name}" for name in self.scan.names_in(folder)]

    # What pages say.

    def reading(self, path: str) -> Reading:
        """The parts of the page at an archive path; raises as `read_bytes` does."""
        if path in self._last_read:
            return self._last_read[path]
        found = self._read(path)
        if self.is_snapshot:
            if len(self._last_read) >= _SOME_DAYS:
                self._last_read.clear()
            self._last_read[path] = found
        return found

    def _read(self, path: str) -> Reading:
        return super().reading(path)

    @cached_property
    def _titles(self) -> dict[str, str | None]:
        return {}

    def title(self, path: str) -> str | None:
        """The title of the event page at `path`; None where it has none or is none."""
        if path not in self._titles:
            is_event = kind_of(path) is PageKind.EVENT and path in self
            if is_event and self.survey:
                self._titles.update(self.survey.titles_in(path.rpartition("/")[0]))
            if path not in self._titles:
                reading = self.readable(path) if is_event else None
                self._titles[path] = reading.text(reading.title) or None if reading else None
        return self._titles[path]

    def _has_versions(self, path: str) -> bool:
        return self._versioned is None or path in self._versioned

    @cached_property
    def _versioned(self) -> frozenset[str] | None:
        return self.survey.linking(LinkKind.CHANGE) if self.survey else None

    @cached_property
    def _listed(self) -> dict[str, frozenset[str]]:
        return {}

    def listed_by(self, index: str) -> frozenset[str]:
        """The paths that an index page lists; none where there is no such page."""
        if index not in self._listed:
            reading = self.readable(index) if index in self else None
            items = reading.index_items() if reading else ()
            self._listed[index] = frozenset(i.match["target"].partition("#")[0] for i in items)
        return self._listed[index]

    def is_listed(self, path: str) -> bool:
        """Whether an index page in the event's own folder lists it."""
        return self.survey.lists(path) if self.survey else super().is_listed(path)

    def _day_indexes(self, folder: str) -> DayIndexes:
        if folder not in self._last_day:  # events that lack an entry come day by day
            self._last_day = {folder: super()._day_indexes(folder)}
        return self._last_day[folder]

    @cached_property
    def _last_day(self) -> dict[str, DayIndexes]:
        return {}

    def links_in(self, path: str) -> tuple[InboundLink, ...]:
        """The links of other pages that lead to an archive path, whether it exists or not.

        The first call reads all pages, but for what runs keep.
        """
        return tuple(
            InboundLink(page, link)
            for page in self.referrers(path)
            if page != path
            for target, link in self._links_of(page)
            if target == path
        )

    def referrers(self, path: str) -> list[str]:
        """The pages that may link to an archive path, and perhaps others; as `links_in` reads."""
        if not is_utf8(path):
            return []
        referrers = self._kept_referrers if path.endswith(".md") else None
        return (referrers or self._referrers).of(path)

    @cached_property
    def _kept_referrers(self) -> KeptReferrers | None:
        if self.linker:
            return self.linker()
        from newsarchive.graph.inbound import KeptReferrers

        survey = self.take_survey()
        return KeptReferrers.of_survey(survey, self.scan, self) if survey else None

    @cached_property
    def _referrers(self) -> Referrers:
        from newsarchive.graph.inbound import SearchedReferrers

        return SearchedReferrers(self._store.read_many(self), base=self.edition.base)

    @cached_property
    def _links_of(self) -> Callable[[str], list[tuple[str, Link]]]:
        """The links of a page with the paths that they lead to; of the last pages, kept."""

        def links_of(page: str) -> list[tuple[str, Link]]:
            reading = self.readable(page)
            return [(target_path(link.target), link) for link in reading.links()] if reading else []

        return lru_cache(maxsize=1024)(links_of)

    def take_survey(self) -> Survey | None:
        """What is known of all pages, where it is kept."""
        if self.survey is None and self.surveyor:
            self.survey, self.surveyor = self.surveyor(), None
        return self.survey

    def take_successors(self, found: dict[str, tuple[str, ...]]) -> None:
        """Take up `successors`, where someone else found them."""
        self.successors = found

    @cached_property
    def successors(self) -> dict[str, tuple[str, ...]]:
        """For each path that Changes name as an older version's, the pages that name it.

        A run over the whole archive knows this from what it read; else the first use reads it.
        """
        if survey := self.take_survey():
            return survey.successors()
        from newsarchive.page.parser import read

        headings = [f"### {word}:".encode() for word in self.edition.changes]
        found: dict[str, list[str]] = {}
        for path, data in self._store.read_many(self):
            if isinstance(data, bytes) and any(heading in data for heading in headings):
                for old in former_paths(read(data, path, self.edition)):
                    found.setdefault(old, []).append(path)
        return {old: tuple(sorted(set(pages))) for old, pages in found.items()}

    @cached_property
    def _evidence(self) -> Evidence:
        from newsarchive.graph.suggestions import Evidence

        return Evidence(self)

    def prepare(self, *, evidence: bool = True) -> None:
        """Learn now what copies of this process would else learn each for itself.

        Args:
            evidence: also what links to missing pages ask.
        """
        self.exists("/")
        assert self._versioned is not None or not self.survey
        if not evidence:
            return
        titles = self.survey.titles() if self.survey else None
        self._titles.update(titles or {})
        self._evidence.prepare(titles)
        self.same_but_form("/")
        assert self.git_renames is not None
        assert self.successors is not None

    def suggest(self, reading: Reading, link: Link) -> tuple[Suggestion, ...]:
        """The pages that a broken link of a page may have meant, the likeliest first."""
        return self._evidence.suggest(reading, link) if self._suggesting else ()
