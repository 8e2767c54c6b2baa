"""What a run knows of all pages, and which of them have to be judged against the others."""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Protocol

from newsarchive.graph.facts import KEY_BYTES, key_of
from newsarchive.graph.records import KINDS, LINKS, WIDTH, FolderRecord, Row, are_rows
from newsarchive.page.paths import INDEX_NAMES, PageKind
from newsarchive.rules._wants import previous, same_copies

if TYPE_CHECKING:
    from newsarchive.store.listing import Scan

_DAY_INDEX = KINDS.index(PageKind.DAY_INDEX.value)
_ORDINAL = 1


class Days(Protocol):
    """What knows which day comes before which, as a listing does."""

    @property
    def previous_days(self) -> Mapping[str, str]:
        """For each day's folder, the index page of the nearest earlier day that has one."""


class Survey:
    """The records of an archive's folders.

    Args:
        records: one for each folder that holds pages, in order.
        seed: the seed of their keys.
        in_doubt: what `in_doubt` gives, and perhaps more, where that is known.
    """

    def __init__(
        self, records: Iterable[FolderRecord], seed: int, in_doubt: list[str] | None = None
    ) -> None:
        self.records: list[FolderRecord] = list(records)
        self.seed: int = seed
        self._in_doubt = in_doubt

    def counts(self) -> tuple[dict[str, int], dict[str, int]]:
        """How many pages and how many links of each kind there are."""
        numbers = array("I", b"".join([record.numbers for record in self.records]))
        kinds = numbers[::WIDTH].tolist()
        pages = {kind: kinds.count(i) for i, kind in enumerate(KINDS)}
        first = WIDTH - len(LINKS)
        links = {kind: sum(numbers[first + i :: WIDTH]) for i, kind in enumerate(LINKS)}
        return {k: n for k, n in pages.items() if n}, {k: n for k, n in links.items() if n}

    def findings(self) -> Iterator[tuple[str, list[Row]]]:
        """The findings that pages have by themselves, by path."""
        for record in self.records:
            for name, rows in record.findings().items():
                yield f"{record.folder}/{name}", rows

    def titles(self) -> dict[str, str]:
        """The titles of all events that have one, by path."""
        return {
            f"{record.folder}/{name}": title
            for record in self.records
            for name, title in zip(record.page_names(), record.titles.split("\n"), strict=True)
            if title
        }

    def successors(self) -> dict[str, tuple[str, ...]]:
        """For each path that Changes name as an older version's, the pages that name it."""
        found: dict[str, set[str]] = {}
        for record in self.records:
            for name, old_paths in record.old_paths().items():
                for old in old_paths:
                    found.setdefault(old, set()).add(f"{record.folder}/{name}")
        return {old: tuple(sorted(pages)) for old, pages in found.items()}

    def doubtful(self, scan: Days, latest: int) -> list[str]:
        """The pages that may have a finding of a rule that looks at other pages or at the clock.

        Args:
            scan: the archive's listing.
            latest: today, as a proleptic ordinal.
        """
        numbers = (array("I", record.numbers)[_ORDINAL::WIDTH] for record in self.records)
        later = [
            f"{record.folder}/{name}"
            for record, ordinals in zip(self.records, numbers, strict=True)
            if max(ordinals, default=0) > latest
            for name, ordinal in zip(record.page_names(), ordinals, strict=True)
            if ordinal > latest
        ]
        return [*dict.fromkeys((*self.in_doubt(scan), *later))]

    def in_doubt(self, scan: Days) -> list[str]:
        """The pages that want what none gives: what they link to may be gone, or titled otherwise.

        Args:
            scan: the archive's listing.
        """
        if self._in_doubt is None:
            given = self._given(scan)
            self._in_doubt = [
                f"{record.folder}/{name}"
                for record in self.records
                # Whole folders first: 14 pages at the cost of one.
                if not given.issuperset(_keys(record.wants))
                for name, (start, end) in zip(record.page_names(), record.key_spans(3), strict=True)
                if not given.issuperset(_keys(record.wants[start:end]))
            ]
        return self._in_doubt

    def _given(self, scan: Days) -> set[int]:
        given: set[int] = set()
        earlier = scan.previous_days
        for record in self.records:
            given.update(_keys(record.gives))
            if _DAY_INDEX in array("I", record.numbers)[::WIDTH]:
                day = record.folder
                previous_day = previous(day, earlier.get(day, ""))
                given.update(_keys(key_of(previous_day, self.seed)))
                if _has_same_copies(record):
                    given.update(_keys(key_of(same_copies(day), self.seed)))
        return given


class Summary:
    """What a run found out of all pages together: a run over the same pages reads no record.

    Pages that are in doubt are judged anew by it, and so are findings that other files take away.

    Args:
        text: what `summarized` made.
        scan: the archive's listing, in the state of which that was made.
        latest: today, as a proleptic ordinal.

    Raises:
        ValueError, TypeError, AttributeError, RecursionError: it is no summary of these pages, or
            was made on a day to come: then more pages may be in doubt.
    """

    def __init__(self, text: str, scan: Scan, latest: int) -> None:
        made, self._pages, self._links, self._doubtful, self._findings = json.loads(text)
        pages = [*self._doubtful, *self._findings]
        if not (
            type(made) is int and made <= latest
            and all(kind in KINDS and type(n) is int for kind, n in self._pages.items())
            and all(kind in LINKS and type(n) is int for kind, n in self._links.items())
            and all(type(path) is str and path.endswith(".md") and scan.has(path) for path in pages)
            and all(map(are_rows, self._findings.values()))
        ):  # fmt: skip
            raise ValueError(text)

    def counts(self) -> tuple[dict[str, int], dict[str, int]]:
        """As `Survey.counts`."""
        return self._pages, self._links

    def findings(self) -> Iterable[tuple[str, list[Row]]]:
        """As `Survey.findings`."""
        found: dict[str, list[Row]] = self._findings
        return found.items()

    def doubtful(self, scan: Scan, latest: int) -> list[str]:
        """As `Survey.doubtful`; pages dated after the day of the run before are among them."""
        found: list[str] = self._doubtful
        return found


def summarized(survey: Survey, scan: Scan, latest: int) -> str:
    """What `Summary` takes: the outcome of a run on a day, for runs on that day and later."""
    return json.dumps(
        [latest, *survey.counts(), survey.doubtful(scan, latest), dict(survey.findings())]
    )


def _keys(joined: bytes) -> memoryview[int]:
    """Joined keys as numbers."""
    return memoryview(joined).cast("Q")


def _has_same_copies(record: FolderRecord) -> bool:
    """Whether the indexes of a day's folder list the same events of it."""
    if not all(f"\0{name}\0" in f"\0{record.names}\0" for name in INDEX_NAMES):
        return True
    names, spans = record.page_names(), record.key_spans(2)
    copies = [spans[names.index(name)] for name in INDEX_NAMES]
    # What a page gives is, first of all, that it exists; an index gives the events that it lists.
    listed = [set(_keys(record.gives[start + KEY_BYTES : end])) for start, end in copies]
    return listed[0] == listed[-1]
