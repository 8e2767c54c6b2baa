"""What a run knows of the pages of one folder, in columns: what workers send and the cache keeps.

Columns of one folder are compared, sent and stored as a few strings, where an object for each page
would have to be handled one by one.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import accumulate, pairwise
from typing import Any

from newsarchive.findings.diagnostics import Applicability, Diagnostic, Fix, Suggestion, kept_fix
from newsarchive.findings.edits import Edit
from newsarchive.graph.facts import KEY_BYTES, Facts, existence_keys, joined_keys
from newsarchive.graph.merge import keys_in, unmet
from newsarchive.page.lazy_tuples import NamedTuple
from newsarchive.page.paths import INDEX_NAMES, PageKind
from newsarchive.page.reading import LinkKind
from newsarchive.rules._rule import Rule, diagnostic_of
from newsarchive.rules._wants import listed
from newsarchive.store.listing import STAT_FIELDS, Listing, Stat

DIGEST_BYTES = 32
KINDS = tuple(kind.value for kind in PageKind)
LINKS = tuple(kind.value for kind in LinkKind)
_KIND = {kind: number for number, kind in enumerate(KINDS)}
_EVENT, _DAY_INDEX = _KIND[PageKind.EVENT.value], _KIND[PageKind.DAY_INDEX.value]
# Numbers of one page: kind, ordinal, how many keys it gives and wants, links of each kind.
_FIXED, WANTED = 4, 3
WIDTH = _FIXED + len(LINKS)
_NONE = (0,) * len(LINKS)

BROKEN = "!"
"""What the code in a row starts with that says not what a rule found, but that it failed."""

Row = list[Any]
"""A finding as JSON, without what its rule and its page say already."""


def to_json(value: object) -> str:
    """A value as JSON."""
    import json  # most pages leave nothing to tell so

    return json.dumps(value)


def from_json(text: str) -> Any:
    """What JSON says.

    Raises:
        ValueError, RecursionError: it is none.
    """
    import json

    return json.loads(text)


class PageRecord(NamedTuple):
    """One page."""

    name: str  # its file name
    stat: Stat  # its file's state; empty in a run without a cache, as is `digest`
    digest: bytes  # a digest of its bytes
    facts: Facts  # what other pages' verdicts depend on
    findings: list[Row]  # its own findings


class FolderRecord(NamedTuple):
    """The pages of one folder, in columns."""

    folder: str  # the folder's archive path
    names: str  # file names, with NUL between them
    stats: bytes  # `Stat`s as 8-byte integers; empty where they are not known
    digests: bytes  # of the pages' bytes; empty where they are not known
    numbers: bytes  # `WIDTH` 4-byte integers for each page
    # gives, wants: keys (see `facts`), page by page; each page gives that it exists
    gives: bytes
    wants: bytes
    titles: str  # the titles of events, empty for other pages, a line each
    # former paths; findings of pages by themselves; findings that follow from the folder: each by
    # name, as JSON; empty where there are none
    texts: str

    @classmethod
    def of(cls, folder: str, records: Sequence[PageRecord], seed: int) -> FolderRecord:
        """The record of a folder with these pages, whose keys are of that seed."""
        numbers: list[int] = []
        gives: list[bytes] = []
        old_paths, findings = {}, {}
        # Most folders are small: what is done once for each page, or in C, costs least.
        exist = existence_keys([f"{folder}/{record.name}" for record in records], seed)
        for (name, _, _, facts, found), exists in zip(records, exist, strict=True):
            kind, links, given, wanted, ordinal, former, _ = facts
            gives += exists, given
            counts = len(given) // KEY_BYTES + 1, len(wanted) // KEY_BYTES
            numbers += _KIND[kind], ordinal, *counts, *map(links.get, LINKS, _NONE)
            if former:
                old_paths[name] = former
            if found:
                findings[name] = found
        return cls(
            folder,
            "\0".join([record.name for record in records]),
            array("q", [number for record in records for number in record.stat]).tobytes(),
            b"".join([record.digest for record in records]),
            array("I", numbers).tobytes(),
            b"".join(gives),
            b"".join([record.facts.wants for record in records]),
            "\n".join([record.facts.title for record in records]),
            to_json([old_paths, findings, {}]) if old_paths or findings else "",
        )

    def records(self) -> Iterator[PageRecord]:
        """The pages one by one."""
        names, titles = self.page_names(), self.titles.split("\n")
        stats, numbers = array("q", self.stats), array("I", self.numbers)
        old_paths, findings, _ = self._texts()
        given, wanted = self.key_spans(2), self.key_spans(3)
        for i, name in enumerate(names):
            kind, ordinal, *_ = row = numbers[i * WIDTH : (i + 1) * WIDTH]
            links = {key: n for key, n in zip(LINKS, row[_FIXED:], strict=True) if n}
            (start, end), (first, last) = given[i], wanted[i]
            facts = Facts(
                KINDS[kind],
                links,
                self.gives[start + KEY_BYTES : end],
                self.wants[first:last],
                ordinal,
                tuple(old_paths.get(name, ())),
                titles[i],
            )
            yield PageRecord(
                name,
                tuple(stats[i * STAT_FIELDS : (i + 1) * STAT_FIELDS]),
                self.digests[i * DIGEST_BYTES : (i + 1) * DIGEST_BYTES],
                facts,
                findings.get(name, []),
            )

    def page_names(self) -> list[str]:
        """The pages' file names."""
        return self.names.split("\0") if self.names else []

    def key_spans(self, column: int) -> list[tuple[int, int]]:
        """Where each page's keys stand in `gives` (column 2) or `wants` (column 3)."""
        counts = array("I", self.numbers)[column::WIDTH]
        return list(pairwise(accumulate((n * KEY_BYTES for n in counts), initial=0)))

    def wants_ends(self) -> list[int]:
        """How many keys the pages want, up to and with each."""
        return list(accumulate(array("I", self.numbers)[WANTED::WIDTH]))

    def old_paths(self) -> dict[str, list[str]]:
        """The paths that pages had, by the name that they have."""
        return self._texts()[0]

    def findings(self) -> dict[str, list[Row]]:
        """The findings that follow from the folder alone, by the pages' names."""
        _, own, placed = self._texts()
        return own | {name: [*own.get(name, ()), *rows] for name, rows in placed.items()}

    def _texts(self) -> tuple[dict[str, list[str]], dict[str, list[Row]], dict[str, list[Row]]]:
        old_paths, own, placed = from_json(self.texts) if self.texts else ({}, {}, {})
        return old_paths, own, placed

    def placed(self, findings: dict[str, list[Row]]) -> FolderRecord:
        """The record with what rules find of a page's place among the folder's, by name."""
        return self._replace(texts=to_json([*self._texts()[:2], findings]))

    def unplaced(self, seed: int) -> list[str]:
        """The pages that rules may find fault with which ask for the folder's other pages.

        These are events that no index there lists, and indexes that do not list the same.

        Args:
            seed: that of the record's keys.
        """
        kinds, names = array("I", self.numbers)[::WIDTH].tolist(), self.page_names()
        events = [name for name, kind in zip(names, kinds, strict=True) if kind == _EVENT]
        wanted = joined_keys([listed(f"{self.folder}/{name}") for name in events], seed)
        places = next(unmet({*keys_in(self.gives)}, [wanted]), (0, ()))[1]
        found = [events[at] for at in places]
        if kinds.count(_DAY_INDEX) > 1:
            spans = self.key_spans(2)
            indexes = [at for at, kind in enumerate(kinds) if kind == _DAY_INDEX]
            lists = {self.gives[spans[at][0] + KEY_BYTES : spans[at][1]] for at in indexes}
            if len(lists) > 1 and len({frozenset(keys_in(keys)) for keys in lists}) > 1:
                found += [names[at] for at in indexes]
        return found


def with_unplaced(folders: Iterable[tuple[str, Sequence[PageRecord]]], seed: int) -> set[str]:
    """Those of some folders that may have pages which `FolderRecord.unplaced` gives.

    Args:
        folders: their paths, and the records of their pages.
        seed: that of the records' keys.
    """
    given: list[bytes] = []
    events: list[str] = []
    owners: list[str] = []
    found = set()
    for folder, records in folders:
        first = None
        for name, _, _, facts, _ in records:
            if facts.kind == KINDS[_EVENT]:
                events.append(listed(f"{folder}/{name}"))
                owners.append(folder)
            elif facts.kind == KINDS[_DAY_INDEX]:
                given.append(facts.gives)
                if first is not None and first != facts.gives:
                    found.add(folder)
                first = facts.gives
    wanted = joined_keys(events, seed)
    for _, places in unmet({*keys_in(b"".join(given))}, [wanted]):
        found.update([owners[at] for at in places])
    return found


def fits(record: FolderRecord, listing: Listing) -> bool:
    """Whether a folder's pages are those that were listed, in the state that they had."""
    return record.stats == listing.stats and record.names == "\0".join(listing.names)


def finding_row(diagnostic: Diagnostic, unless: str = "") -> Row:
    """A rule's finding as JSON; `finding_of` makes it a finding again.

    It does not hold while a file of the path `unless` exists.
    """
    d = diagnostic
    fix: Row | None = None
    if d.fix:
        of_it = d.fix
        # Edits of the page itself, which most are, are text in text: read when they are needed.
        own = not (of_it.page or of_it.more)
        edits = _edits_text(of_it.edits) if own else _edit_rows(of_it.edits)
        more = [[page, _edit_rows(of_other)] for page, of_other in of_it.more]
        fix = [of_it.title, edits, of_it.applicability.value, of_it.removes, of_it.page, *more]
    span = [d.start, d.end, d.line, d.column, d.end_line, d.end_column]
    row = [d.code, d.message, *span, fix, unless]
    if d.target or d.suggestions:
        row += [d.target, *([s.path, s.score, s.reasons, s.certain] for s in d.suggestions)]
    return row


def _edit_rows(edits: Iterable[Edit]) -> Row:
    return [[edit.start, edit.end, edit.replacement] for edit in edits]


def _edits_text(edits: Iterable[Edit]) -> str:
    """The rows of edits as `to_json` has them, which takes longer for so few numbers."""
    from json.encoder import encode_basestring_ascii as quoted

    rows = [f"[{edit.start}, {edit.end}, {quoted(edit.replacement)}]" for edit in edits]
    return f"[{', '.join(rows)}]"


def broken_row(code: str, reason: str) -> Row:
    """The row that says that a rule of another package failed on the page."""
    return [f"{BROKEN}{code}", reason, 0, 0, 1, 1, 1, 1, None, ""]


def finding_of(row: Row, rule: Rule, page: str, file: str) -> Diagnostic:
    """The finding that `finding_row` made a row of, of a rule, on a page and its file."""
    fix = _fix_of(row[8]) if row[8] else None
    target = row[10] if len(row) > 10 else ""
    suggestions = tuple(
        [
            Suggestion(path, score, (*reasons,), certain)
            for path, score, reasons, certain in row[11:]
        ]
    )
    return diagnostic_of(rule, row[1], page, file, (*row[2:8],), fix, suggestions, target)


def _fix_of(fixed: Row) -> Fix:
    title, edits, applicability, removes, other, *more = fixed
    if type(edits) is str:
        return kept_fix(title, edits, _APPLICABILITY[applicability], removes)
    others = tuple((path, _edits(of_it)) for path, of_it in more)
    return Fix(title, _edits(edits), _APPLICABILITY[applicability], removes, other, others)


def _edits(rows: Iterable[Row]) -> tuple[Edit, ...]:
    return tuple(Edit(*edit) for edit in rows)


def row_code(row: Row) -> str:
    """The code of a row's rule."""
    code: str = row[0]
    return code


def row_unless(row: Row) -> str:
    """The archive path whose file takes the finding away; empty where the finding holds anyway."""
    path: str = row[9]
    return path


def page_count(records: Iterable[FolderRecord]) -> int:
    """How many pages there are."""
    return sum(len(record.numbers) for record in records) // (WIDTH * array("I").itemsize)


def is_whole(record: FolderRecord) -> bool:
    """Whether a record that was kept can be one: its columns agree with each other.

    Whoever can write to a cache can write records. One that is not whole must not stop a run.
    """
    pages = len(record.page_names())
    if len(record.numbers) != pages * WIDTH * array("I").itemsize:
        return False
    numbers = array("I", record.numbers)
    given, wanted = numbers[2::WIDTH], numbers[3::WIDTH]
    return (
        max(numbers[::WIDTH], default=0) < len(KINDS)
        and len(record.stats) == pages * STAT_FIELDS * array("q").itemsize
        and len(record.digests) == pages * DIGEST_BYTES
        and len(record.gives) == KEY_BYTES * sum(given)
        and len(record.wants) == KEY_BYTES * sum(wanted)
        and all(given)
        and record.titles.count("\n") == max(pages, 1) - 1
        and (not record.texts or _has_form(record))
    )


def _has_form(record: FolderRecord) -> bool:
    """Whether a record's JSON holds what `FolderRecord.of` and `placed` put there."""
    names = {*INDEX_NAMES}.intersection(record.page_names())
    indexes = {f"{record.folder}/{name}" for name in names}
    try:
        old_paths, findings, placed = from_json(record.texts)
        return (
            all(type(path) is str for paths in old_paths.values() for path in paths)
            and all(map(are_rows, findings.values()))
            and all(are_rows(rows, indexes.__contains__) for rows in placed.values())
        )
    except (ValueError, TypeError, AttributeError, RecursionError):
        return False


def are_rows(rows: list[Row], has: Callable[[str], bool] | None = None) -> bool:
    """Whether rows are what `finding_row` makes; raises ValueError or TypeError if not.

    `has` tells which pages may be edited besides the findings' own. None means no other: of what a
    page says by itself, no fix of another follows.
    """
    return all(_is_row(row, has) for row in rows)


def _is_row(row: Row, has: Callable[[str], bool] | None) -> bool:
    kinds = (*map(type, row),)
    if kinds[:8] != _PLAIN or kinds[9:10] != (str,) or kinds[10:11] not in ((), (str,)):
        return False
    if row[8] is not None and not _is_fix(row[8], has):
        return False
    for path, score, reasons, certain in row[11:]:
        if [*map(type, (path, score, certain))] != [str, float, bool]:
            return False
        if not all(type(reason) is str for reason in reasons):
            return False
    return True


_PLAIN = (str, str, int, int, int, int, int, int)
_PLAIN_FIX = (str, str, str, bool, str)
_APPLICABILITY = {one.value: one for one in Applicability}


def _is_fix(fixed: Row, has: Callable[[str], bool] | None) -> bool:
    title, edits, applicability, removes, *pages = fixed
    if applicability not in _APPLICABILITY:
        return False
    if (*map(type, fixed),) == _PLAIN_FIX and pages == [""]:
        return True
    if type(title) is not str or type(removes) is not bool:
        return False
    page, *more = pages
    for path, made in [(page, edits), *more]:
        if path != "" and not (type(path) is str and has and has(path)):
            return False
        for start, end, replacement in made:
            if [*map(type, (start, end, replacement))] != [int, int, str]:
                return False
    return True
