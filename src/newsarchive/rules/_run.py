"""From findings to diagnostics: running rules over one reading, and choosing which."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence

from newsarchive.diagnostics import Diagnostic, Edit, Fix
from newsarchive.document import Span
from newsarchive.errors import UnknownRuleError
from newsarchive.reading import Reading
from newsarchive.rules import rules_in_force
from newsarchive.rules._guard import BrokenRuleError, broken_diagnostic
from newsarchive.rules._plugins import plugins
from newsarchive.rules._rule import Finding, Lookup, Rule, is_canonical, no_problems
from newsarchive.rules.files import BROKEN


def select_rules(select: Iterable[str] = (), ignore: Iterable[str] = ()) -> tuple[Rule, ...]:
    """The rules that are chosen by codes, prefixes of codes, or names.

    Where a rule of another package is chosen, so is NA905, which says that it broke.

    Args:
        select: what to run; empty means every rule that is on by default. ``ALL`` is every rule.
        ignore: what to leave out of that.

    Raises:
        UnknownRuleError: a word names no rule.
    """
    rules = rules_in_force()
    chosen = _codes_of(select, rules) or {rule.code for rule in rules if rule.default}
    if any(rule.package and rule.code in chosen for rule in rules):
        chosen.add(BROKEN.code)
    chosen -= _codes_of(ignore, rules)
    return tuple(rule for rule in rules if rule.code in chosen)


def named_rules(words: Iterable[str]) -> tuple[Rule, ...]:
    """The rules that words name, and no others; see `select_rules`.

    Raises:
        UnknownRuleError: a word names no rule.
    """
    rules = rules_in_force()
    codes = _codes_of(words, rules)
    return tuple(rule for rule in rules if rule.code in codes)


def _codes_of(words: Iterable[str], rules: Sequence[Rule]) -> set[str]:
    found: set[str] = set()
    for word in words:
        upper = word.strip().upper()
        codes = {
            rule.code
            for rule in rules
            if upper == "ALL" or rule.code.startswith(upper or "-") or rule.name.upper() == upper
        }
        if not codes:
            import difflib

            known = [r.name for r in rules] + [r.code for r in rules]
            near = difflib.get_close_matches(word.strip().lower(), known, n=1, cutoff=0.6)
            near = near or difflib.get_close_matches(upper, known, n=1, cutoff=0.6)
            raise UnknownRuleError(word, near[0] if near else "", "; ".join(plugins().troubles))
        found |= codes
    return found


def run_rules(
    reading: Reading,
    rules: Sequence[Rule],
    *,
    file: str = "",
    today: datetime.date | None = None,
    lookup: Lookup | None = None,
    page: bool = True,
    broken: list[BrokenRuleError] | None = None,
) -> list[Diagnostic]:
    """The findings of rules on one page, in the order of the text.

    Args:
        reading: the page.
        rules: the rules to run.
        file: how diagnostics name the page's file.
        today: the day that future dates are measured against; None skips that rule.
        lookup: the rest of the archive; None skips the rules that need it.
        page: whether the rules on the page alone run.
        broken: takes up which rules of other packages failed; None makes findings of that.
    """
    found = []
    failed: list[BrokenRuleError] = []
    for rule in rules:
        findings: Iterable[Finding] = ()
        try:
            if rule.page and page and not (rule.archive and lookup is not None):
                if rule.passes is not None and rule.passes(reading):
                    continue
                if reading.readable or rule.code == "NA101":
                    findings = rule.page(reading)
            elif rule.clock and today is not None:
                findings = rule.clock(reading, today)
            elif rule.archive and lookup is not None:
                findings = rule.archive(reading, lookup)
            elif rule.absent and page and lookup is not None:
                findings = [f for path, f in rule.absent(reading) if not lookup.exists(path)]
        except BrokenRuleError as error:
            failed.append(error)
        found += [_diagnostic(reading, rule, finding, file) for finding in findings]
    if broken is not None:
        broken += failed
    elif failed and any(rule.code == BROKEN.code for rule in rules):
        found += [broken_diagnostic(e.rule, e.reason, reading.path, file) for e in failed]
    found.sort(key=lambda d: d.sort_key)
    return found


class PageRules:
    """Rules on one page alone, prepared for many pages: what `run_rules` gives, in half the time.

    Args:
        rules: the rules; those that look at other pages or at the clock are left out.

    Attributes:
        broken: which rules of other packages failed on the last page.
    """

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._all = [(r.passes, r.page, r) for r in rules if r.page and not r.archive]
        self._absent = [(r.absent, r) for r in rules if r.absent]
        # What a canonical page passes in any case need not be asked.
        implied = (is_canonical, no_problems)
        self.broken: list[BrokenRuleError] = []
        self._beyond_layout = [entry for entry in self._all if entry[0] not in implied]

    def run(self, reading: Reading) -> list[Diagnostic]:
        """The findings on one page, in the order of the text."""
        found = []
        self.broken.clear()
        for passes, check, rule in self._beyond_layout if reading.canonical else self._all:
            try:
                if passes is not None and passes(reading):
                    continue
                if reading.readable or rule.code == "NA101":
                    for finding in check(reading):
                        found.append(_diagnostic(reading, rule, finding, ""))
            except BrokenRuleError as error:
                self.broken.append(error)
        found.sort(key=lambda d: d.sort_key)
        return found

    def conditional(self, reading: Reading) -> list[tuple[str, Diagnostic]]:
        """The findings that hold while no file of a path exists, each with that path."""
        return [
            (path, _diagnostic(reading, rule, finding, ""))
            for check, rule in self._absent
            for path, finding in check(reading)
        ]


def _diagnostic(reading: Reading, rule: Rule, finding: Finding, file: str) -> Diagnostic:
    document = reading.document
    if finding.raw:
        span = Span(finding.start, finding.end)
    else:
        span = document.span(finding.start, finding.end)
    fix = None
    repair = finding.repair
    if repair:
        edits = []
        for e in repair.edits:
            raw = finding.raw or repair.page
            start, end = (e.start, e.end) if raw else document.span(e.start, e.end)
            edits.append(Edit(start, end, e.replacement))
        fix = Fix(repair.title, tuple(edits), repair.applicability, repair.removes, repair.page)
    first, last = document.position(span.start), document.position(span.end)
    return Diagnostic(
        rule.code,
        rule.name,
        rule.severity,
        finding.message,
        reading.path,
        file,
        span.start,
        span.end,
        first.line,
        first.column,
        last.line,
        last.column,
        fix,
        finding.suggestions,
        finding.target,
    )
