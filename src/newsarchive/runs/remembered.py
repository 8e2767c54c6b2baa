"""What runs keep of all pages, brought up to date: as little of it is read as changes ask for.

Where nothing changed, that is one row. Where a few folders did, it is their records, and one row of
what the pages of all want and give. Else it is all records.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from newsarchive.graph.answers import Answers
from newsarchive.graph.records import KINDS, LINKS, FolderRecord, fits, page_count
from newsarchive.graph.survey import Summary, Survey
from newsarchive.page.paths import INDEX_NAMES
from newsarchive.rules import rules_in_force
from newsarchive.runs.cache import Cache
from newsarchive.runs.workers import Job, Work
from newsarchive.store.listing import Listing, Scan

if TYPE_CHECKING:
    from newsarchive.graph.joined import FolderKeys, Joined

# A file that changed less than this before it was read may change again within one tick of its
# file system's clock (2 s on FAT, 10 ms and less elsewhere) and look the same ever after.
_TICK = 2_000_000_000

# More pages than a process reads in one go are read by several, and kept at once.
_FEW_PAGES = 1024

Collect = Callable[[Job, Sequence[Work], int], list[FolderRecord]]
"""Gives the records of folders, where so many pages are done."""


class Remembered:
    """What the cache knows of an archive.

    Args:
        cache: the cache.
        view: the archive.
        listed: its listing, with states.
        today: the day that future dates are measured against.
        collect: reads folders.

    Attributes:
        unsettled: the folders that the next run has to look at again, though nothing may change.
    """

    def __init__(
        self, cache: Cache, view: Answers, listed: Scan, today: datetime.date, collect: Collect
    ) -> None:
        self._cache, self._view, self._scan, self._collect = cache, view, listed, collect
        self._latest = today.toordinal()
        self._new: dict[str, FolderRecord] = {}
        self.unsettled: frozenset[str] = frozenset()

    def known(self) -> Survey | Summary:
        """What is to know of all pages."""
        state, text = self._cache.summary()
        try:
            if text and state == self._scan.state:
                found: Summary | None = Summary.kept(text, self._scan, self._latest)
                self._collect(self._job(), [], self._scan.page_count())
            else:
                found = self._after_edits(state, text) if text else None
        except (ValueError, TypeError, AttributeError, LookupError, RecursionError):
            found = None
        if found is None:
            return self.survey()
        self._view.surveyor = partial(self.survey, found)
        return found

    def survey(self, whole: Summary | None = None) -> Survey:
        """The records of all pages, which are kept for the next run.

        Args:
            whole: what is known of them together.
        """
        listed, cache = self._scan, self._cache
        kept = cache.load()
        work: list[Work] = []
        records: dict[str, FolderRecord] = {}
        for listing in listed.folders:
            old = kept.pop(listing.folder, None)
            if old and fits(old, listing):
                records[listing.folder] = old
            else:
                work.append((listing, old))
        new = self._collect(self._job(), work, page_count(records.values()))
        records |= {record.folder: record for record in new}
        doubtful = whole.doubtful(listed, self._latest) if whole else None
        survey = Survey((records[one.folder] for one in listed.folders), cache.seed, doubtful)
        self._new = records
        self.unsettled = _unsettled(survey.records, listed.folders)
        if all(map(_has_all, survey.records, listed.folders)):
            found = Summary.of(survey, listed, self._latest)
            self._save(new, kept, found, partial(_joined, survey, listed, cache))
        else:
            cache.save(new, kept)
        return survey

    def records(self, folders: Collection[str]) -> Mapping[str, FolderRecord]:
        """The records of some folders as they are now, but for those that are not kept."""
        kept = self._cache.load([folder for folder in folders if folder not in self._new])
        return kept | {folder: self._new[folder] for folder in folders if folder in self._new}

    def _after_edits(self, state: bytes, text: str) -> Summary | None:
        """What is known of all pages, where few changed; None where that does not do.

        Args:
            state: that of the pages when they were last looked at together.
            text: what was found out of them then.
        """
        from newsarchive.graph.joined import FolderKeys, Joined, in_doubt

        scan, cache, joined = self._scan, self._cache, self._cache.joined(state)
        if joined is None:
            return None
        keys_of = joined.by_folder()
        listings = {listing.folder: listing for listing in scan.folders}
        changed = {
            listing.folder: listing
            for listing, (_, mark) in zip(scan.folders, scan.marks, strict=True)
            if (keys := keys_of.get(listing.folder)) is None or keys.mark != mark
        }
        pages = sum(len(listing.names) for listing in changed.values())
        if pages > _FEW_PAGES:
            return None
        touched = changed.keys() | (keys_of.keys() - listings.keys())
        before = self._kept(touched & keys_of.keys(), keys_of)
        shifted = self._kept(_shifted(scan, changed, before) - touched, keys_of)
        found = Summary.kept(text, scan, self._latest, without=touched)
        work = [(listing, before.get(folder)) for folder, listing in changed.items()]
        new = self._collect(self._job(), work, scan.page_count() - pages)
        self._new = {record.folder: record for record in new}
        for record in (*new, *shifted.values()):
            keys_of[record.folder] = FolderKeys.of(record, scan, cache.seed, cache.checksum(record))
        keys_of = {folder: keys_of[folder] for folder in listings}

        def names_of(folder: str) -> Sequence[str]:
            record = self._new.get(folder)
            return record.page_names() if record else listings[folder].names

        was, now = (Survey(records, cache.seed) for records in (before.values(), new))
        found = _added(found, was, now, scan, self._latest, in_doubt(keys_of, names_of))
        successors = _joined_successors(joined.successors(), now.successors(), touched)
        self._view.take_successors(successors)
        # Until then what was kept serves the next run as it did this one.
        self.unsettled = _unsettled(new, [changed[record.folder] for record in new])
        if not self.unsettled:
            gone = touched - changed.keys()
            self._save(new, gone, found, lambda: Joined.of(keys_of, successors))
        return found

    def _kept(
        self, folders: Collection[str], keys_of: Mapping[str, FolderKeys]
    ) -> dict[str, FolderRecord]:
        """Records that are kept as they were joined.

        Raises:
            ValueError: some are not.
        """
        found = self._cache.load(folders) if folders else {}
        for folder in folders:
            record = found.get(folder)
            if not (record and self._cache.checksum(record) == keys_of[folder].check):
                raise ValueError(folder)
        return found

    def _job(self) -> Job:
        # All rules on one page run: the next run may select others.
        codes = frozenset(rule.code for rule in rules_in_force())
        settled = self._scan.started - _TICK
        return Job(self._view.store, codes, self._cache.seed, True, settled, self._view.edition)

    def _save(
        self,
        records: Iterable[FolderRecord],
        gone: Collection[str],
        found: Summary,
        joined: Callable[[], Joined],
    ) -> None:
        """Keep what was found out; of pages that may change without a trace, for edits alone."""
        state = b"" if self.unsettled else self._scan.state
        self._cache.save(records, gone, state, found.text(self._latest), joined)


def _shifted(
    scan: Scan, changed: Mapping[str, Listing], before: Mapping[str, FolderRecord]
) -> frozenset[str]:
    """The days that have another one before them than they had."""
    now = {folder: _indexes(listing.names) for folder, listing in changed.items()}
    was = {folder: _indexes(record.page_names()) for folder, record in before.items()}
    if all(now.get(folder, "") == was.get(folder, "") for folder in now.keys() | was.keys()):
        return frozenset()
    rest = [listing for listing in scan.folders if listing.folder not in changed]
    former = [Listing(folder, record.page_names()) for folder, record in before.items()]
    old, new = Scan(folders=[*rest, *former]).previous_days, scan.previous_days
    return frozenset(day for day in old.keys() | new.keys() if old.get(day) != new.get(day))


def _indexes(names: Collection[str]) -> str:
    return " ".join([name for name in INDEX_NAMES if name in names])


def _added(
    found: Summary, was: Survey, now: Survey, scan: Scan, latest: int, in_doubt: Iterable[str]
) -> Summary:
    """What is known of all pages, where some folders have other records.

    Args:
        found: what was known of them, without the paths of these folders.
        was: their records before.
        now: their records.
        scan: the listing.
        latest: today, as a proleptic ordinal.
        in_doubt: the pages that want what none gives.
    """
    numbers = {listing.folder: number for number, listing in enumerate(scan.folders)}

    def place(path: str) -> int:
        return numbers[path.rpartition("/")[0]]

    pages, links = (
        {
            kind: n
            for kind in kinds
            if (n := all_.get(kind, 0) - old.get(kind, 0) + new.get(kind, 0))
        }
        for kinds, all_, old, new in zip(
            (KINDS, LINKS), found.counts(), was.counts(), now.counts(), strict=True
        )
    )
    rows = {**found.rows, **dict(now.findings())}
    later = sorted([*found.future, *now.later(latest)], key=place)
    return Summary(
        pages,
        links,
        [*dict.fromkeys((*in_doubt, *later))],
        {path: rows[path] for path in sorted(rows, key=place)},
        later,
    )


def _joined_successors(
    kept: Mapping[str, Iterable[str]], new: Mapping[str, Iterable[str]], touched: Collection[str]
) -> dict[str, tuple[str, ...]]:
    """`Survey.successors` of all pages, where those of some folders are told anew."""
    found: dict[str, set[str]] = {}
    for old, pages in kept.items():
        found[old] = {page for page in pages if page.rpartition("/")[0] not in touched}
    for old, pages in new.items():
        found.setdefault(old, set()).update(pages)
    return {old: tuple(sorted(pages)) for old, pages in found.items() if pages}


def _joined(survey: Survey, scan: Scan, cache: Cache) -> Joined:
    from newsarchive.graph.joined import Joined  # where there is something to keep

    return Joined.of_survey(survey, scan, cache.checksum)


def _unsettled(records: Iterable[FolderRecord], folders: Iterable[Listing]) -> frozenset[str]:
    """The folders whose pages cannot be read, or may change without their states telling."""
    pairs = zip(records, folders, strict=True)
    return frozenset(record.folder for record, listing in pairs if not fits(record, listing))


def _has_all(record: FolderRecord, listing: Listing) -> bool:
    """Whether all pages of a folder could be read."""
    return record.names == "\0".join(listing.names)
