"""Applying fixes: edits on the text as it was read, verified by reading the outcome again."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from newsarchive.errors import UnverifiedFixError
from newsarchive.findings.diagnostics import Applicability, Diagnostic
from newsarchive.findings.edits import Edit, apply_edits
from newsarchive.page.editions import Edition, edition_of
from newsarchive.page.parser import read
from newsarchive.page.parser._spans import spans_of
from newsarchive.page.reading import Reading
from newsarchive.rules import Lookup, Rule, rules_in_force
from newsarchive.rules._judging import run_rules
from newsarchive.rules._selection import words_of
from newsarchive.rules.written import harmed_links

# A page has a finding or two that a fix mends, rarely a dozen; each round mends some of one rule.
_ROUNDS = 1000
# Each that is refused takes reading the page again: past so many, the rule's others are not tried.
_MOST_REFUSED = 20


@dataclass(frozen=True)
class Fixed:
    """The outcome of repairing one text.

    Attributes:
        text: the text after all fixes that held.
        applied: the findings that were repaired.
        refused: fixes that would have changed more than they say; none of their edits was made.
    """

    text: str
    applied: tuple[Diagnostic, ...]
    refused: tuple[UnverifiedFixError, ...] = ()


def is_wanted(diagnostic: Diagnostic, *, unsafe: bool = False, remove_dead: bool = False) -> bool:
    """Whether a finding's fix is among those asked for."""
    fix = diagnostic.fix
    if fix is None or (fix.removes and not remove_dead):
        return False
    return unsafe or fix.applicability is Applicability.SAFE


def fix_text(
    text: str,
    path: str = "",
    *,
    codes: Collection[str] | None = None,
    keep: Collection[tuple[str, str]] = (),
    unsafe: bool = False,
    remove_dead: bool = False,
    lookup: Lookup | None = None,
    edition: Edition | str | None = None,
) -> Fixed:
    """Repair a page's findings.

    Fixes are applied rule by rule, each on the text as those before left it, and are verified:
    what the page says outside the edits must be the same before and after, and the findings must
    be gone. Fixes of one rule that touch different text are verified together, and by halves where
    that fails. A fix that does not pass is refused; nothing of it stays.

    Args:
        text: a page's text as it was read, line endings and byte order mark included.
        path: its archive path.
        codes: the rules whose fixes are applied; None means all.
        keep: codes and messages of findings that stay.
        unsafe: whether unsafe fixes are applied too.
        remove_dead: whether entries are removed whose target is gone (with `unsafe`).
        lookup: the archive, for the rules that look at other pages; None leaves those out.
        edition: the edition that the page is read as, or the name of one that is built in; None
            is that of the archive, where one is given, else the one whose words the page has.
    """
    edition = getattr(lookup, "edition", None) if edition is None else edition_of(edition)
    chosen = None if codes is None else words_of(codes)
    rules = [
        rule for rule in rules_in_force() if rule.fix and (chosen is None or rule.code in chosen)
    ]
    applied: list[Diagnostic] = []
    refused: list[UnverifiedFixError] = []
    refusals: Counter[str] = Counter()
    left = set(keep)
    for _ in range(_ROUNDS):
        reading = read(text, path, edition)
        found = run_rules(reading, rules, lookup=lookup)
        wanted = [
            d
            for d in found
            if (d.code, d.message) not in left
            and is_wanted(d, unsafe=unsafe, remove_dead=remove_dead)
            and not (d.fix and d.fix.page)  # edits of another page: see `editing.repair`
        ]
        if not wanted:
            break
        group = _apart(wanted)
        changed = fixed(reading, group, found, rules, lookup)
        while changed is None and len(group) > 1:
            group = group[: len(group) // 2]
            changed = fixed(reading, group, found, rules, lookup)
        if changed is not None:
            text = changed
            applied += group
            continue
        code = group[0].code
        refusals[code] += 1
        if refusals[code] >= _MOST_REFUSED:
            group = [d for d in wanted if d.code == code]
        left |= {(d.code, d.message) for d in group}
        refused += [UnverifiedFixError(path, code) for _ in group]
    return Fixed(text, tuple(applied), tuple(refused))


def _apart(wanted: Iterable[Diagnostic]) -> list[Diagnostic]:
    """The first finding, and those of its rule whose fixes touch none of the others' text."""
    group: list[Diagnostic] = []
    end = -1
    for d in wanted:
        if d.fix is None or (group and d.code != group[0].code):
            continue
        start = min((edit.start for edit in d.fix.edits), default=0)
        if start > end or not group:
            group.append(d)
            end = max((edit.end for edit in d.fix.edits), default=0)
    return group


def fixed(
    reading: Reading,
    group: Sequence[Diagnostic],
    found: Iterable[Diagnostic],
    rules: Iterable[Rule],
    lookup: Lookup | None,
) -> str | None:
    """A page's text after the fixes of findings of one rule, verified as one; None if refused.

    `found` are all findings of that rule, perhaps with others; it is one of the rules.
    """
    edits = [edit for d in group if d.fix for edit in d.fix.edits]
    changed = apply_edits(reading.document.text, edits)
    own = [rule for rule in rules if rule.code == group[0].code]
    after = read(changed, reading.path, reading.edition)
    left = len(run_rules(after, own, lookup=lookup))
    before = sum(d.code == group[0].code for d in found)
    return changed if left <= before - len(group) and _holds(reading, after, edits) else None


def _holds(before: Reading, after: Reading, edits: Iterable[Edit]) -> bool:
    """Whether fixes left everything outside their edits as it was."""
    if len(after.problems) > len(before.problems):
        return False
    if before.page is not None and after.page is None:
        return False
    if any(harmed_links(before, after)):
        return False
    if after.page == before.page:
        return True
    return not lost_parts(before, after, edits)


def lost_parts(before: Reading, after: Reading, edits: Iterable[Edit]) -> Counter[tuple[str, str]]:
    """The parts of a page outside the edits that are gone afterwards, and how many of each.

    A part is its name without entry numbers, and its text.
    """
    touched = sorted((edit.start, edit.end) for edit in edits)
    kept = _parts(before, touched)
    return kept - _parts(after, [])


def _parts(reading: Reading, touched: list[tuple[int, int]]) -> Counter[tuple[str, str]]:
    """A page's parts by name and text, but for those that an edit touches."""
    text = reading.document.text
    ends = [end for _, end in touched]
    found: Counter[tuple[str, str]] = Counter()
    for loc, (start, end) in spans_of(reading).items():
        if isinstance(loc[-1], int) and "context" not in loc:
            continue  # a whole entry: its own parts are looked at one by one
        if not _is_touched(start, end, touched, ends):
            name = ".".join(step for step in loc if isinstance(step, str))
            found[name, text[start:end]] += 1
    return found


def _is_touched(start: int, end: int, touched: list[tuple[int, int]], ends: list[int]) -> bool:
    """Whether an edit overlaps or covers a range; `touched` is in order, `ends` are its ends."""
    at = bisect_left(ends, start)
    while at < len(touched) and touched[at][0] <= end:
        first, last = touched[at]
        if (start < last and first < end) or (first <= start and end <= last):
            return True
        at += 1
    return False
