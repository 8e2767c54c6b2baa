"""Judging pages by the other pages of their folder, while the folder is read."""

from __future__ import annotations

from collections.abc import Sequence

from newsarchive.graph.answers import Answers
from newsarchive.graph.records import FolderRecord, Row, finding_row
from newsarchive.graph.survey import Survey
from newsarchive.page.editions import Edition
from newsarchive.rules import Rule
from newsarchive.rules._judging import LooksBeyond
from newsarchive.store.listing import Listing, Scan
from newsarchive.store.overlay import Overlay
from newsarchive.store.store import Store


def placed(
    record: FolderRecord,
    rules: Sequence[Rule],
    view: Answers,
    seed: int,
) -> FolderRecord:
    """A folder's record with what rules find that ask for no other folder's pages.

    Args:
        record: the record.
        rules: the rules.
        view: the folder's pages.
        seed: that of the record's keys.
    """
    view.is_snapshot = True
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


def view_of_folder(
    store: Store, listing: Listing, texts: dict[str, bytes], edition: Edition
) -> Answers:
    """The pages of one folder, those that cannot be read among them; `texts` were read just now."""
    return Answers(Overlay(store, texts), Scan(folders=[listing]), edition=edition)
