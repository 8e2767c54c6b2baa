"""From findings to diagnostics: running rules over one reading."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

from newsarchive.findings.diagnostics import Diagnostic, Fix, in_order
from newsarchive.findings.edits import BodyEdit, Edit
from newsarchive.page.document import Span
from newsarchive.page.lazy_dataclasses import replace
from newsarchive.page.reading import Reading
from newsarchive.rules._rule import (
    Finding,
    Lookup,
    PageCheck,
    PageTest,
    Rule,
    diagnostic_of,
    is_canonical,
    no_problems,
)
from newsarchive.rules.conflicts import is_in_conflict
from newsarchive.rules.files import BROKEN
from newsarchive.rules.screens import PROVED, SCREENED


class PluginError(Exception):
    """The code of another package failed, or gave what it must not.

    Attributes:
        reason: what happened, in one line.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class BrokenRuleError(PluginError):
    """A rule of another package failed on a page.

    Attributes:
        rule: the rule.
        page: the page's archive path.
    """

    def __init__(self, rule: Rule, page: str, reason: str) -> None:
        super().__init__(reason)
        self.rule = rule
        self.page = page


def run_rules(
    reading: Reading,
    rules: Sequence[Rule],
    *,
    file: str = "",
    today: datetime.date | None = None,
    lookup: Lookup | None = None,
) -> list[Diagnostic]:
    """The findings of rules on one page, in the order of the text.

    Without `today`, the rule about future dates is skipped, and without `lookup` those that need
    the rest of the archive.
    """
    failed: list[BrokenRuleError] = []
    checks = [check for rule in rules for check in _checks(rule, reading, today, lookup)]
    found = _judge(reading, checks, file, failed)
    if failed and any(rule.code == BROKEN.code for rule in rules):
        found += [broken_diagnostic(e.rule, e.reason, reading.path, file) for e in failed]
        found.sort(key=in_order)
    return found


class PageRules:
    """Rules on one page alone, prepared for many pages: what `run_rules` gives, in half the time.

    Attributes:
        codes: their codes.
        within_folder: those of the rules given that ask for the other pages of a folder.
        broken: which rules of other packages failed on the last page.
    """

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._rules = [r for r in rules if (r.page and not r.archive) or r.absent]
        self.codes: frozenset[str] = frozenset(r.code for r in self._rules)
        self.within_folder: list[Rule] = [r for r in rules if r.within_folder]
        self._all = [(r, r.passes, r.page) for r in self._rules if r.page and not r.archive]
        self._undecoded = [check for check in self._all if check[0].undecoded]
        self._absent = [(r.absent, r) for r in rules if r.absent]
        # What a canonical page passes in any case need not be asked.
        implied = (is_canonical, no_problems)
        self._beyond_layout = [check for check in self._all if check[1] not in implied]
        self.broken: list[BrokenRuleError] = []
        self._only: dict[tuple[str, ...], PageRules] = {}

    @cached_property
    def are_screened(self) -> bool:
        """Whether each of them has a screen: those of other packages have none."""
        return self.codes <= PROVED.keys() | SCREENED.keys()

    def only(self, codes: Sequence[str]) -> PageRules:
        """Those of certain codes."""
        found = self._only.get(key := (*codes,))
        if found is None:
            found = self._only[key] = PageRules([r for r in self._rules if r.code in codes])
        return found

    def run(self, reading: Reading) -> list[Diagnostic]:
        """The findings on one page, in the order of the text."""
        self.broken.clear()
        checks = self._beyond_layout if reading.canonical else self._all
        if not reading.readable:
            checks = self._undecoded
        return _judge(reading, checks, "", self.broken)

    def conditional(self, reading: Reading) -> list[tuple[str, Diagnostic]]:
        """The findings that hold while no file of a path exists, each with that path."""
        return [
            (path, _diagnostic(reading, rule, finding, ""))
            for check, rule in self._absent
            for path, finding in check(reading)
        ]


class LooksBeyond:
    """Rules on other pages and on the clock, prepared for many pages.

    Attributes:
        broken: which rules of other packages failed on pages.
    """

    def __init__(self, rules: Sequence[Rule], today: datetime.date | None, lookup: Lookup) -> None:
        self._checks = [check for rule in rules for check in _checks_beyond(rule, today, lookup)]
        self.broken: list[BrokenRuleError] = []

    def run(self, reading: Reading) -> list[Diagnostic]:
        """The findings on one page, in the order of the text."""
        return _judge(reading, self._checks, "", self.broken)


# A function of a rule, ready to be called with a reading alone: the rule, a test that says whether
# to pass it over, the function. A plain tuple: a named one takes twice as long to take apart.
_Check = tuple[Rule, PageTest | None, PageCheck]


def _checks(
    rule: Rule, reading: Reading, today: datetime.date | None, lookup: Lookup | None
) -> Iterator[_Check]:
    """The functions of a rule that run, by what there is to look at; as for `run_rules`."""
    alone, archive, absent = rule.page, rule.archive, rule.absent
    if alone and not (archive and lookup is not None) and (reading.readable or rule.undecoded):
        yield rule, rule.passes, alone
    yield from _checks_beyond(rule, today, lookup)
    if absent and lookup is not None:
        yield (
            rule,
            None,
            lambda reading: [f for path, f in absent(reading) if not lookup.exists(path)],
        )


def _checks_beyond(
    rule: Rule, today: datetime.date | None, lookup: Lookup | None
) -> Iterator[_Check]:
    """The functions of a rule that look beyond a page."""
    clock, archive = rule.clock, rule.archive
    if clock and today is not None:
        yield rule, None, lambda reading: clock(reading, today)
    if archive and lookup is not None:
        yield rule, None, lambda reading: archive(reading, lookup)


def _judge(
    reading: Reading, checks: Iterable[_Check], file: str, failed: list[BrokenRuleError]
) -> list[Diagnostic]:
    """Run checks on a page: the one place where this is done."""
    found = []
    for rule, passes, run in checks:
        try:
            if passes is not None and passes(reading):
                continue
            for finding in run(reading):
                found.append(_diagnostic(reading, rule, finding, file))
        except BrokenRuleError as error:
            failed.append(error)
    if not found:
        return found
    if any(d.fix for d in found) and is_in_conflict(reading):
        found = [replace(d, fix=None) for d in found]  # first somebody has to say which text counts
    found.sort(key=in_order)
    return found


def _diagnostic(reading: Reading, rule: Rule, finding: Finding, file: str) -> Diagnostic:
    document = reading.document
    if finding.raw:
        span = Span(finding.start, finding.end)
    else:
        span = document.span(finding.start, finding.end)
    fix = None
    repair = finding.repair
    if repair:
        if finding.raw or repair.page or document.body is document.text:
            edits = [*map(_as_read, repair.edits)]
        else:
            edits = [Edit(*document.span(e.start, e.end), e.replacement) for e in repair.edits]
        fix = Fix(
            repair.title,
            tuple(edits),
            repair.applicability,
            repair.removes,
            repair.page,
            tuple((page, tuple(map(_as_read, more))) for page, more in repair.more),
        )
    place = document.place(*span)
    return diagnostic_of(
        rule, finding.message, reading.path, file, place, fix, finding.suggestions, finding.target
    )


def _as_read(edit: BodyEdit) -> Edit:
    """An edit whose offsets count in the text as read already."""
    return Edit(edit.start, edit.end, edit.replacement)


def broken_diagnostic(rule: Rule, reason: str, page: str, file: str, more: int = 0) -> Diagnostic:
    """The finding that a rule of another package broke, first on this page, and on more."""
    others = f" (and on {more:,} other page{'s' * (more > 1)})" if more else ""
    message = (
        f"the rule {rule.code} [{rule.name}] of the package '{rule.package}' broke on this "
        f"page{others}, where its findings are missing: {reason}"
    )
    return diagnostic_of(BROKEN, message, page, file)
