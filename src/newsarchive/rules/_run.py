"""From findings to diagnostics: running rules over one reading, and choosing which."""

from __future__ import annotations

import datetime
import difflib
from collections.abc import Iterable, Sequence

from newsarchive.diagnostics import Diagnostic, Edit, Fix
from newsarchive.document import Span
from newsarchive.errors import UnknownRuleError
from newsarchive.reading import Reading
from newsarchive.rules import ALL_RULES
from newsarchive.rules._rule import Finding, Lookup, Rule


def select_rules(select: Iterable[str] = (), ignore: Iterable[str] = ()) -> tuple[Rule, ...]:
    """The rules that are chosen by codes, prefixes of codes, or names.

    Args:
        select: what to run; empty means every rule that is on by default. ``ALL`` is every rule.
        ignore: what to leave out of that.

    Raises:
        UnknownRuleError: a word names no rule.
    """
    chosen = _named(select) or {rule.code for rule in ALL_RULES if rule.default}
    chosen -= _named(ignore)
    return tuple(rule for rule in ALL_RULES if rule.code in chosen)


def _named(words: Iterable[str]) -> set[str]:
    found: set[str] = set()
    for word in words:
        upper = word.strip().upper()
        codes = {
            rule.code
            for rule in ALL_RULES
            if upper == "ALL" or rule.code.startswith(upper or "-") or rule.name.upper() == upper
        }
        if not codes:
            known = [r.name for r in ALL_RULES] + [r.code for r in ALL_RULES]
            near = difflib.get_close_matches(word.strip(), known, n=1, cutoff=0.6)
            raise UnknownRuleError(word, near[0] if near else "")
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
) -> list[Diagnostic]:
    """The findings of rules on one page, in the order of the text.

    Args:
        reading: the page.
        rules: the rules to run.
        file: how diagnostics name the page's file.
        today: the day that future dates are measured against; None skips that rule.
        lookup: the rest of the archive; None skips the rules that need it.
        page: whether the rules on the page alone run.
    """
    found = []
    for rule in rules:
        findings: Iterable[Finding] = ()
        if rule.page and page:
            if reading.readable or rule.code == "NA101":
                findings = rule.page(reading)
        elif rule.clock and today is not None:
            findings = rule.clock(reading, today)
        elif rule.archive and lookup is not None:
            findings = rule.archive(reading, lookup)
        found += [_diagnostic(reading, rule, finding, file) for finding in findings]
    found.sort(key=lambda d: d.sort_key)
    return found


def _diagnostic(reading: Reading, rule: Rule, finding: Finding, file: str) -> Diagnostic:
    document = reading.document
    if finding.raw:
        span = Span(finding.start, finding.end)
    else:
        span = document.span(finding.start, finding.end)
    fix = None
    if finding.repair:
        edits = []
        for e in finding.repair.edits:
            start, end = (e.start, e.end) if finding.raw else document.span(e.start, e.end)
            edits.append(Edit(start, end, e.replacement))
        fix = Fix(finding.repair.title, tuple(edits), finding.repair.applicability)
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
    )
