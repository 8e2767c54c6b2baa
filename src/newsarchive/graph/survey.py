"""What a run knows of all pages, and which of them have to be judged against the others."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, partial
from itertools import groupby
from typing import TYPE_CHECKING, Protocol

from newsarchive.graph.facts import key_of
from newsarchive.graph.merge import all_keys, keys_in, unmet
from newsarchive.graph.records import (
    KINDS,
    LINKS,
    WIDTH,
    FolderRecord,
    Row,
    are_rows,
    from_json,
    to_json,
)
from newsarchive.page.lazy_tuples import NamedTuple
from newsarchive.page.paths import INDEX_NAMES
from newsarchive.page.reading import LinkKind
from newsarchive.rules._wants import listed, previous

if TYPE_CHECKING:
    from newsarchive.store.listing import Scan

_ORDINAL = 1
_QUOTING = (LINKS.index(LinkKind.RELATED), LINKS.index(LinkKind.INDEX_ENTRY))


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

    Attributes:
        doubts: of those in doubt that want no more than entries to be right: the numbers of these.
    """

    def __init__(
        self, records: Iterable[FolderRecord], seed: int, in_doubt: list[str] | None = None
    ) -> None:
        self.records: list[FolderRecord] = list(records)
        self.seed: int = seed
        self._in_doubt = in_doubt
        self.doubts: dict[str, list[int]] = {}

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
            for name, rows in record.findings().items() if record.texts else ():
                yield f"{record.folder}/{name}", rows

    def titles(self) -> dict[str, str]:
        """The titles of all events that have one, by path."""
        return {path: title for record in self.records for path, title in _titles(record)}

    def titles_in(self, folder: str) -> dict[str, str]:
        """The titles of the events of one folder, by path."""
        record = self._by_folder.get(folder)
        return dict(_titles(record)) if record else {}

    @cached_property
    def _by_folder(self) -> dict[str, FolderRecord]:
        return {record.folder: record for record in self.records}

    def linking(self, kind: str) -> frozenset[str]:
        """The pages that have links of a kind."""
        column = WIDTH - len(LINKS) + LINKS.index(kind)
        counts = (array("I", record.numbers)[column::WIDTH] for record in self.records)
        return frozenset(
            f"{record.folder}/{name}"
            for record, links in zip(self.records, counts, strict=True)
            if any(links)
            for name, count in zip(record.page_names(), links, strict=True)
            if count
        )

    def lists(self, event: str) -> bool:
        """Whether an index page in an event's own folder lists it, by what that page gives."""
        record = self._by_folder.get(event.rpartition("/")[0])
        key = keys_in(key_of(listed(event), self.seed))[0]
        return record is not None and key in keys_in(record.gives)

    def successors(self) -> dict[str, tuple[str, ...]]:
        """For each path that Changes name as an older version's, the pages that name it."""
        found: dict[str, set[str]] = {}
        for record in self.records:
            for name, old_paths in record.old_paths().items():
                for old in old_paths:
                    found.setdefault(old, set()).add(f"{record.folder}/{name}")
        return {old: tuple(sorted(pages)) for old, pages in found.items()}

    def doubtful(self, scan: Days, latest: int) -> list[str]:
        """The pages that may have a finding of a rule that looks at other pages or at the clock."""
        in_doubt, later = self.in_doubt(scan), self.later(latest)
        for page in later:  # the clock asks for more of it
            self.doubts.pop(page, None)
        return [*dict.fromkeys((*in_doubt, *later))]

    def later(self, latest: int) -> list[str]:
        """The pages that are dated after a day, given as a proleptic ordinal."""
        numbers = (array("I", record.numbers)[_ORDINAL::WIDTH] for record in self.records)
        return [
            f"{record.folder}/{name}"
            for record, ordinals in zip(self.records, numbers, strict=True)
            if max(ordinals, default=0) > latest
            for name, ordinal in zip(record.page_names(), ordinals, strict=True)
            if ordinal > latest
        ]

    def in_doubt(self, scan: Days) -> list[str]:
        """The pages that want what none gives: what they link to may be gone, or titled otherwise.

        Args:
            scan: the archive's listing.
        """
        if self._in_doubt is None:
            found = [*self.unmet(all_keys(self.given(scan)))]
            names = {n: self.records[n].page_names() for n in {n for n, *_ in found}}
            paths = [f"{self.records[n].folder}/{names[n][page]}" for n, page, _ in found]
            doubts = (_entries(self.records[n], page, wanted) for n, page, wanted in found)
            self.doubts = {p: doubt for p, doubt in zip(paths, doubts, strict=True) if doubt}
            self._in_doubt = paths
        return self._in_doubt

    def unmet(self, given: set[int]) -> Iterator[tuple[int, int, list[int]]]:
        """What pages want and none gives, in the order of records and pages.

        Yields:
            The number of the record, that of the page in it, and where the keys stand in `wants`.
        """
        for number, positions in unmet(given, [record.wants for record in self.records]):
            page_of = partial(bisect_right, self.records[number].wants_ends())
            yield from ((number, page, [*wanted]) for page, wanted in groupby(positions, page_of))

    def given(self, scan: Days | None = None) -> Iterator[bytes]:
        """What pages and folders give, as joined keys.

        Without the archive's listing, nothing is given about the order of days.
        """
        earlier = scan.previous_days if scan else {}
        for record in self.records:
            yield record.gives
            day = record.folder
            before = earlier.get(day)
            if before or (scan and any(name in record.names for name in INDEX_NAMES)):
                yield key_of(previous(day, before or ""), self.seed)


class Summary(NamedTuple):
    """What a run found out of all pages together: no record is needed to go on from there.

    Pages that are in doubt are judged anew, and so are findings that other files take away.
    """

    # pages, links: how many there are of each kind
    pages: dict[str, int]
    links: dict[str, int]
    in_doubt: list[str]  # the pages that have to be judged against others or the clock
    rows: dict[str, list[Row]]  # the findings that pages have by themselves, by path
    future: Sequence[str] = ()  # those in doubt that are dated after the day of the run

    @classmethod
    def kept(cls, text: str, scan: Scan, latest: int, without: Collection[str] = ()) -> Summary:
        """What `text` made, for a run over the same pages in the same state.

        Pages of the folders `without` are left out: they are in another state.

        Raises:
            ValueError, TypeError, AttributeError, RecursionError: it is no summary of these pages,
                or was made on a day to come: then more pages may be in doubt.
        """
        made, *fields = from_json(text)
        found = cls(*fields)
        if without:
            found = found._without(without)
        if not (
            type(made) is int and made <= latest
            and all(kind in KINDS and type(n) is int for kind, n in found.pages.items())
            and all(kind in LINKS and type(n) is int for kind, n in found.links.items())
            and all(
                type(path) is str and path.endswith(".md") and scan.has(path)
                for path in [*found.in_doubt, *found.rows, *found.future]
            )
            and all(
                are_rows(rows, partial(_is_index_by, scan, path))
                for path, rows in found.rows.items()
            )
        ):  # fmt: skip
            raise ValueError(text)
        return found

    @classmethod
    def of(cls, survey: Survey, scan: Scan, latest: int) -> Summary:
        """What the records of all pages come to, on a day."""
        doubtful, own = survey.doubtful(scan, latest), dict(survey.findings())
        return cls(*survey.counts(), doubtful, own, survey.later(latest))

    def text(self, latest: int) -> str:
        """What `kept` takes: the outcome of a run on a day, for runs that day and later."""
        return to_json([latest, *self])

    def _without(self, folders: Collection[str]) -> Summary:
        def stays(path: str) -> bool:
            return path.rpartition("/")[0] not in folders

        rows = {path: rows for path, rows in self.rows.items() if stays(path)}
        in_doubt, future = ([*filter(stays, paths)] for paths in (self.in_doubt, self.future))
        return self._replace(in_doubt=in_doubt, rows=rows, future=future)

    def counts(self) -> tuple[dict[str, int], dict[str, int]]:
        """As `Survey.counts`."""
        return self.pages, self.links

    def findings(self) -> Iterable[tuple[str, list[Row]]]:
        """As `Survey.findings`."""
        return self.rows.items()

    def doubtful(self, scan: Scan, latest: int) -> list[str]:
        """As `Survey.doubtful`; pages dated after the day of the run before are among them."""
        return self.in_doubt

    def later(self, latest: int) -> Sequence[str]:
        """As `Survey.later`, and perhaps more."""
        return self.future


def _entries(record: FolderRecord, page: int, unmet: list[int]) -> list[int]:
    """The numbers of a page's entries that are in doubt; none where more of what it wants is.

    Args:
        record: the record of its folder.
        page: its number there.
        unmet: where its wants that are not given stand in the record's.
    """
    _, _, _, wants, *links = array("I", record.numbers)[page * WIDTH : (page + 1) * WIDTH]
    first = record.wants_ends()[page] - wants
    return (
        [at - first for at in unmet] if unmet[-1] - first < sum(links[n] for n in _QUOTING) else []
    )


def _is_index_by(scan: Scan, page: str, path: str) -> bool:
    """Whether there is an index of this path in a page's folder: others are not edited with it."""
    folder, _, name = path.rpartition("/")
    return name in INDEX_NAMES and folder == page.rpartition("/")[0] and scan.has(path)


def _titles(record: FolderRecord) -> Iterator[tuple[str, str]]:
    """The paths of the events that have a title, and that."""
    folder = record.folder
    for name, title in zip(record.page_names(), record.titles.split("\n"), strict=True):
        if title:
            yield f"{folder}/{name}", title
