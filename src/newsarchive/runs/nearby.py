"""Which of a few pages have to be judged against others, told by the pages around them alone."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from newsarchive.graph.facts import new_seed
from newsarchive.graph.survey import Survey
from newsarchive.page.lazy_tuples import NamedTuple
from newsarchive.page.paths import INDEX_NAMES
from newsarchive.page.patterns import pattern
from newsarchive.rules import Rule
from newsarchive.runs.workers import Job, read_folders
from newsarchive.store.listing import Listing

if TYPE_CHECKING:
    from newsarchive.graph.answers import Answers

_LINKED = pattern(rb"\((?:/[^()\s/]+)?(/news/[^()\s]+\.md)\)")


class _Days(NamedTuple):
    previous_days: Mapping[str, str]


def listings_of(pages: Iterable[str]) -> list[Listing]:
    """Some pages, by folder."""
    names: dict[str, list[str]] = {}
    for path in pages:
        folder, _, name = path.rpartition("/")
        names.setdefault(folder, []).append(name)
    return [Listing(folder, found) for folder, found in names.items()]


# More have so much around them that reading it takes as long as judging them.
_FEW = 100


def in_doubt(
    view: Answers, pages: Sequence[str], rules: Iterable[Rule], today: datetime.date
) -> Sequence[str]:
    """Those of some pages that may have a finding of a rule that looks beyond the page.

    Pages want what others give. Here only those that a page links to and the indexes of its day are
    asked what they give: what a page far away gives makes one more page doubtful, no less.
    """
    if len(pages) > _FEW or any(rule.looks_everywhere for rule in rules):
        return pages
    found = [data for _, data in view.store.read_many(pages) if isinstance(data, bytes)]
    linked = {path.decode("utf-8", "replace") for path in _LINKED.findall(b"\n".join(found))}
    folders = {path.rpartition("/")[0] for path in pages}
    indexes = {f"{folder}/{name}" for folder in folders for name in INDEX_NAMES}
    around = [path for path in sorted({*pages, *linked, *indexes}) if path in view]
    seed = new_seed()
    task = read_folders(
        # No rule runs: what pages want and give is told whichever do.
        Job(view.store, frozenset(), seed, edition=view.edition),
        [(listing, None) for listing in listings_of(around)],
    )
    if task.unreadable:
        return pages
    chosen = indexes.intersection(pages)  # nothing else wants to know of earlier days
    earlier = {path.rpartition("/")[0]: view.previous_day(path) or "" for path in chosen}
    doubtful = Survey(task.records, seed).doubtful(_Days(earlier), today.toordinal())
    doubtful += [f"{r.folder}/{name}" for r in task.records for name in r.unplaced(seed)]
    return [path for path in dict.fromkeys(doubtful) if path in pages]
