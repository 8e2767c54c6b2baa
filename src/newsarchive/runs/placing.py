"""Judging pages by the other pages of their folder, while the folder is read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from newsarchive.graph.answers import Answers
from newsarchive.graph.records import FolderRecord, Row, finding_row
from newsarchive.graph.survey import Survey
from newsarchive.page.editions import Edition
from newsarchive.page.parser._sound import Sound
from newsarchive.page.paths import PageKind
from newsarchive.page.reading import Reading
from newsarchive.rules import Rule
from newsarchive.rules._judging import LooksBeyond
from newsarchive.rules.screens import Asked
from newsarchive.store.listing import Listing, Scan
from newsarchive.store.overlay import Overlay
from newsarchive.store.store import Store


class Neighbours(Answers):
    """The pages of one folder, those that cannot be read among them.

    Args:
        store: where they are.
        listing: their names.
        texts: what those hold that were read just now.
        sound: what a glance found of those that are sound; copies of an index have it in common.
        edition: the archive's edition.
    """

    is_snapshot = True

    def __init__(
        self,
        store: Store,
        listing: Listing,
        texts: dict[str, bytes],
        sound: Mapping[str, tuple[Sound, Asked]],
        edition: Edition,
    ) -> None:
        super().__init__(Overlay(store, texts), Scan(folders=[listing]), edition=edition)
        self._sound = sound

    def _read(self, path: str) -> Reading:
        found = self._sound.get(path)
        if found and found[0].parts.kind is PageKind.EVENT:
            return found[0].whole  # all but its heading
        for other, reading in self._last_read.items() if found else ():
            if self._sound.get(other) is found:
                return reading.at(path)
        return super()._read(path)


def placed(record: FolderRecord, rules: Sequence[Rule], view: Answers, seed: int) -> FolderRecord:
    """A folder's record with what rules find that ask for no other folder's pages.

    Args:
        record: the record.
        rules: the rules.
        view: the folder's pages.
        seed: that of the record's keys.
    """
    view.survey = Survey([record], seed)
    judging = LooksBeyond(rules, None, view)
    found: dict[str, list[Row]] = {}
    for name in record.unplaced(seed):
        try:
            reading = view.reading(f"{record.folder}/{name}")
        except OSError:  # it went a moment ago: the next run sees it as it is then
            continue
        if rows := [*map(finding_row, judging.run(reading))]:
            found[name] = rows
    return record.placed(found) if found else record
