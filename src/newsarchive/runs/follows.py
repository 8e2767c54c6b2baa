"""What is kept of findings beside other pages, and which of them hold still.

Each page is kept with the folders that its findings follow from. Where the names of all pages are
the same, it is these that count: one edit asks only the pages near it again.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from newsarchive.graph.records import FolderRecord, Row, are_rows, from_json, to_json
from newsarchive.page.lazy_tuples import NamedTuple
from newsarchive.page.paths import target_path
from newsarchive.page.reading import Reading

if TYPE_CHECKING:
    from newsarchive.graph.answers import Answers

Told = tuple[str, list[Row], list[int]]
"""A page, its findings, and the numbers of the folders that these follow from."""


class Grounds(NamedTuple):
    """What all that is kept follows from."""

    others: str  # a digest of the names of files that are no pages
    renames: str  # one of the renames that git knows; empty where it was not asked
    codes: list[str]  # the rules that were asked
    names: str  # a digest of the names of all pages, and of what they say of older versions
    folders: list[str]  # one of the state of each folder, in order
    titles: list[str]  # digests of the titles of broken links: any page may come to be called so


class Kept(NamedTuple):
    """What was kept."""

    head: Grounds  # what it follows from
    lines: list[str]  # each page's line
    told: list[Told]  # what these lines say


def line_of(page: str, rows: list[Row], folders: Iterable[int]) -> str:
    """The line of a page."""
    return to_json([page, rows, sorted(folders)])


def told_in(lines: str) -> list[Told]:
    """What lines say.

    Raises:
        ValueError, RecursionError: they are none.
    """
    found: list[Told] = from_json(f"[{lines.replace(chr(10), ',')}]")
    return found


def text_of(head: Grounds, lines: Iterable[str]) -> str:
    """What `kept_in` takes."""
    return "\n".join([to_json(head), *lines])


def kept_in(text: str, view: Answers) -> Kept | None:
    """What was kept; None where the text does not say."""
    first, _, rest = text.partition("\n")
    has = view.scan.has
    try:
        head = Grounds(*from_json(first))
        told = told_in(rest)
        digests = [head.others, head.renames, head.names, *head.codes, *head.folders, *head.titles]
        if not all(type(digest) is str for digest in digests):
            return None
        for page, rows, folders in told:
            if not (has(page) and are_rows(rows, has)) or {*map(type, folders)} - {int}:
                return None
    except (ValueError, TypeError, AttributeError, RecursionError):
        return None
    return Kept(head, rest.split("\n") if rest else [], told)


class GroundsNow:
    """What findings follow from, in a view of an archive that is listed whole.

    Args:
        view: the view.
        records: gives the records of folders.
    """

    def __init__(
        self, view: Answers, records: Callable[[Collection[str]], Mapping[str, FolderRecord]]
    ) -> None:
        self._view, self._records = view, records

    @cached_property
    def others(self) -> str:
        """A digest of the names of files that are no pages."""
        return _digest("\0".join(sorted(self._view.scan.others)))

    @cached_property
    def renames(self) -> str:
        """A digest of the renames that git knows."""
        return _digest(repr(self._view.git_renames))

    @cached_property
    def names(self) -> str:
        """A digest of the names of all pages, and of what they say of older versions."""
        former, scan = sorted(self._view.successors.items()), self._view.scan
        folders = [listing.folder for listing in scan.folders]
        return _digest(repr((folders, [names for names, _ in scan.marks], former)))

    @cached_property
    def folders(self) -> list[str]:
        """A digest of each folder's names and states."""
        return [f"{mark:x}" for _, mark in self._view.scan.marks]

    def head(self, codes: list[str], before: Grounds | None, unsettled: Collection[str]) -> Grounds:
        """What findings follow from that are kept now.

        Args:
            codes: the rules that were asked.
            before: what those follow from that were kept before and hold still.
            unsettled: folders whose pages may change without a trace: they count as changed.
        """
        asked = {title_digest(title) for _, title in self._view.broken_targets}
        knows = asked or (before and before.renames)
        titles = sorted(asked.union(before.titles if before else ()))
        renames = self.renames if knows else ""
        paths = [listing.folder for listing in self._view.scan.folders]
        pairs = zip(paths, self.folders, strict=True)
        folders = ["" if path in unsettled else mark for path, mark in pairs]
        return Grounds(self.others, renames, codes, self.names, folders, titles)

    def holds(self, head: Grounds, codes: Sequence[str]) -> bool:
        """Whether all of it holds that is no matter of single pages."""
        return (
            {*codes} <= {*head.codes}
            and head.others == self.others
            and (not head.renames or head.renames == self.renames)
        )

    def changed(self, head: Grounds) -> frozenset[int] | None:
        """The folders that changed; None where any finding may have."""
        if head.names != self.names or len(head.folders) != len(self.folders):
            return None
        pairs = enumerate(zip(head.folders, self.folders, strict=True))
        found = frozenset(number for number, (was, now) in pairs if was != now)
        asked, listings = {*head.titles}, self._view.scan.folders
        records = self._records([listings[number].folder for number in found])
        titles = [title for of in records.values() for title in of.titles.split("\n") if title]
        if len(records) < len(found) or not asked.isdisjoint(
            title_digest(" ".join(title.split())) for title in titles
        ):
            return None
        return found


def followed(reading: Reading, view: Answers, numbers: Mapping[str, int]) -> set[int]:
    """The folders that the findings on a page follow from, the names of all pages aside.

    Args:
        reading: the page.
        view: the archive.
        numbers: the number of each folder; where none has one, nothing is kept.
    """
    if not numbers:
        return set()
    paths = [*reading.related_paths, *reading.entry_paths, *reading.day_paths]
    paths += [target_path(m["target"]) for m in reading.changes]
    paths += [reading.path, *view.suggested_by(reading)]
    folders = {path.rpartition("/")[0] for path in paths}
    return {numbers[folder] for folder in folders if folder in numbers}


def title_digest(title: str) -> str:
    """A digest of a title."""
    from xxhash import xxh3_64_hexdigest

    return xxh3_64_hexdigest(title.encode("utf-8", "surrogatepass"))


def _digest(text: str) -> str:
    from hashlib import sha256  # where something is kept

    return sha256(text.encode("utf-8", "surrogateescape")).hexdigest()
