"""What one task finds out of its folders, where nobody holds the records of all.

A task compares what its own folders want with what they give. What is left of that is little, and
is compared with what other tasks leave.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from itertools import accumulate
from typing import NamedTuple

from newsarchive.graph.merge import in_order, keys_in
from newsarchive.graph.records import FolderRecord
from newsarchive.graph.survey import Summary, Survey
from newsarchive.store.listing import Listing


class Share(NamedTuple):
    """What is known of some folders, in place of their records."""

    summary: Summary  # what is certain; in doubt are the pages that are so whatever others say
    successors: dict[str, tuple[str, ...]]  # as `Survey.successors`
    gives: bytes  # the keys that the pages give, joined, in order
    wants: bytes  # the keys that they want and none of them gives, joined, in order
    pages: bytes  # for each of these, the number of the page that wants it, in 8 bytes


def share_of(
    records: Iterable[FolderRecord], listings: Sequence[Listing], seed: int, latest: int
) -> Share:
    """What records come to, one for each folder.

    Pages are counted in the folders' listings; some of them may not have been read.
    """
    survey = Survey(records, seed)
    given = b"".join(survey.given())
    keys: list[int] = []
    pages: list[int] = []
    firsts = accumulate((len(listing.names) for listing in listings), initial=0)
    places = [
        _places(first, listing, record)
        for first, listing, record in zip(firsts, listings, survey.records, strict=False)
    ]
    for number, page, wanted in survey.unmet({*keys_in(given)}):
        of_record = keys_in(survey.records[number].wants)
        keys += [of_record[at] for at in wanted]
        pages += [places[number][page]] * len(wanted)
    order = sorted(range(len(keys)), key=keys.__getitem__)
    return Share(
        Summary(*survey.counts(), survey.later(latest), dict(survey.findings())),
        survey.successors(),
        in_order(keys_in(given)),
        array("Q", [keys[at] for at in order]).tobytes(),
        array("Q", [pages[at] for at in order]).tobytes(),
    )


def _places(first: int, listing: Listing, record: FolderRecord) -> Sequence[int]:
    """The numbers of a record's pages, where those of a listing are counted from a first one."""
    names = record.page_names()
    if len(names) == len(listing.names):
        return range(first, first + len(names))
    return [first + listing.names.index(name) for name in names]  # some could not be read
