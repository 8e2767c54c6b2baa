"""From findings to diagnostics: running rules over one reading."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence

from newsarchive.findings.diagnostics import Diagnostic, Fix
from newsarchive.findings.edits import Edit
from newsarchive.page.document import Span
from newsarchive.page.reading import Reading
from newsarchive.rules._guard import BrokenRuleError, broken_diagnostic
from newsarchive.rules._rule import Finding, Lookup, Rule, is_canonical, no_problems
from newsarchive.rules.files import BROKEN


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
