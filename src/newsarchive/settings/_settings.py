"""The settings of a run, and what they make of a report."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from functools import cached_property
from itertools import compress
from typing import TYPE_CHECKING, Any

from newsarchive.findings.diagnostics import Diagnostic, Severity
from newsarchive.findings.report import Report
from newsarchive.page.editions import Edition
from newsarchive.page.lazy_dataclasses import dataclass, field, replace
from newsarchive.rules import ALL_RULES, Rule
from newsarchive.rules._plugins import rule_urls
from newsarchive.rules._selection import select_rules, words_of
from newsarchive.settings._editions import EDITION
from newsarchive.settings._kinds import (
    ADDRESS,
    DAY,
    NUMBER,
    PATHS,
    PATTERNS,
    PLACE,
    PLACE_OR_NONE,
    RULES,
    SEVERITIES,
    SWITCH,
    choice,
    key,
    outputs,
    tables,
)

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

FAIL_ON = (*(s.value for s in Severity), "never")
GROUPS = ("target", "page", "none")
FORMATS = (
    "text", "concise", "json", "jsonl", "sarif", "github", "gitlab", "markdown", "junit"
)  # fmt: skip


@dataclass(frozen=True)
class PerPath:
    """Settings for some pages.

    Attributes:
        paths: which pages: patterns as in ``.gitignore``, for archive paths. The last that
            matches a page decides; one that starts with ``!`` takes pages out.
        select: run only these rules there; empty means those that run elsewhere.
        extend_select: run these rules there, too.
        ignore: do not run these rules there.
        severities: how grave findings are there.
    """

    paths: tuple[str, ...] = key((), PATHS, "Which pages this table is about.", required=True)
    select: tuple[str, ...] = key((), RULES, "Run only these rules there.")
    extend_select: tuple[str, ...] = key((), RULES, "Run these rules there, too.")
    ignore: tuple[str, ...] = key((), RULES, "Do not run these rules there.")
    severities: Mapping[str, Severity] = key({}, SEVERITIES, "How severe findings are there.")


@dataclass(frozen=True)
class Settings:
    """What a configuration and the options of a run say, and how it judges findings.

    Fields are the keys of a configuration, with ``_`` for ``-``; `reference/configuration.md`
    says what each means.

    Attributes:
        file: the configuration that was read; empty where there is none.
        configured: the fields that the configuration sets.
        overridden: the fields that were set over it.
    """

    select: tuple[str, ...] = key(
        (), RULES,
        "Run only these rules: codes, prefixes (NA2) or names, with commas; ALL is all.",
        shown="every rule that is on by default",
    )  # fmt: skip
    extend_select: tuple[str, ...] = key((), RULES, "Run these rules, too.")
    ignore: tuple[str, ...] = key((), RULES, "Do not run these rules.")
    severities: Mapping[str, Severity] = key(
        {}, SEVERITIES, "How severe findings are; the most specific selector wins.",
        shown="as the rule says",
    )  # fmt: skip
    exclude: tuple[str, ...] = key(
        (), PATTERNS,
        "Files and folders that are not the archive's: not read, and no link's target.",
    )  # fmt: skip
    edition: Edition | str | None = key(
        None, EDITION,
        "The archive's edition by its name; a table describes one that is not built in.",
        shown="recognized from the pages",
    )  # fmt: skip
    per_path: tuple[PerPath, ...] = key(
        (), tables(PerPath, "per-path"),
        "Settings for some pages; where several tables match a page, they apply in order.",
    )  # fmt: skip
    fail_on: str = key(
        "error", choice(*FAIL_ON), "The least severity that makes the exit status 1."
    )
    output_format: str = key("text", choice(*FORMATS), "How findings are printed.")
    output_file: tuple[str, ...] = key(
        (), outputs(FORMATS), "Also write the report to a file, in a format of its own."
    )
    group: str | None = key(
        None, choice(*GROUPS),
        "With text: show links by missing page and the rest by page, everything by page, or a "
        "line for each finding.",
        shown="target on a terminal, none elsewhere",
    )  # fmt: skip
    full: bool = key(False, SWITCH, "In groups: show everything, nothing shortened.")
    show_info: bool | None = key(
        None, SWITCH, "With text and concise: show findings of severity info.",
        shown="except in groups",
    )  # fmt: skip
    show_source: bool | None = key(
        None, SWITCH, "With text: show the line of each finding.",
        shown="on a terminal, except in groups",
    )  # fmt: skip
    statistics: bool = key(
        False, SWITCH, "With text and concise: count the findings of each rule, and show none."
    )
    max_results: int | None = key(
        None, NUMBER,
        "Report at most so many findings, the most severe first; the others still count.",
        shown="all",
    )  # fmt: skip
    show_known: bool = key(
        True, SWITCH, "With sarif: also report what the baseline knows, as suppressed results."
    )
    quiet: bool = key(
        False, SWITCH, "Print findings alone: no summary, no notice, no progress.", short="-q"
    )
    unsafe_fixes: bool = key(
        False, SWITCH, "With --fix or --diff: also unsafe repairs, which are likely but not proven."
    )
    remove_dead: bool = key(
        False, SWITCH,
        "With --unsafe-fixes: also remove entries whose target is gone for good.",
    )  # fmt: skip
    baseline: str | bool | None = key(
        None, PLACE_OR_NONE, "The file of findings that are known and not reported.",
        shown="`.newsarchive-baseline.jsonl` in the archive, if it is there",
    )  # fmt: skip
    jobs: int | None = key(None, NUMBER, "Processes that read pages.", shown="one for each core")
    today: datetime.date | None = key(
        None, DAY, "The day that future dates are measured against.", shown="today"
    )
    cache: bool = key(True, SWITCH, "Use what earlier runs have read, and keep it up to date.")
    cache_dir: str | None = key(
        None, PLACE, "The folder that caches are kept in.", shown="in the user's cache folder",
        env="NEWSARCHIVE_CACHE_DIR",
    )  # fmt: skip
    docs_url: str | None = key(
        None, ADDRESS,
        "Where you host this documentation: findings lead to the rules' pages there.",
        shown="the project's own site",
    )  # fmt: skip

    file: str = ""
    configured: frozenset[str] = field(default=frozenset())
    overridden: frozenset[str] = field(default=frozenset())

    def override(self, **values: Any) -> Settings:
        """These settings with some fields set over the configuration, as options do.

        An overriding `select` or `ignore` binds the tables for some pages, too: these cannot
        bring back what it leaves out.
        """
        return replace(self, **values, overridden=self.overridden | values.keys())

    def layout_alone(self) -> Settings:
        """These settings, but of the rules those alone that `fmt` is about."""
        layout = tuple(rule.code for rule in ALL_RULES if rule.layout)
        return self.override(select=layout, extend_select=())

    def rules(self) -> tuple[Rule, ...]:
        """The rules that run: those that hold on at least one page.

        Raises:
            UnknownRuleError: a word names no rule.
        """
        everywhere = set(self._base)
        for table in self.per_path:
            everywhere |= _codes(table.select) | _codes(table.extend_select)
        codes = self._bounded(everywhere)
        return tuple(rule for rule in select_rules(["ALL"]) if rule.code in codes)

    def codes_for(self, page: str) -> frozenset[str]:
        """The codes of the rules that hold on the page of an archive path."""
        return self._verdict(page)[0]

    def judge(self, report: Report) -> Report:
        """A report as these settings see it; findings of rules that do not hold are left out.

        Args:
            report: the findings of a run, of these settings' rules or of more.

        Returns:
            The report with the findings that count, each as grave as the settings say. Nothing
            is added, and the order stays.
        """
        if self.docs_url:
            report = replace(report, urls=rule_urls(self.docs_url))
        found = tuple(d for d in map(self._judged, report.diagnostics) if d is not None)
        return report if found == report.diagnostics else replace(report, diagnostics=found)

    def _judged(self, diagnostic: Diagnostic) -> Diagnostic | None:
        codes, severities = self._verdict(diagnostic.page)
        if diagnostic.code not in codes:
            return None
        severity = severities.get(diagnostic.code, diagnostic.severity)
        if severity is diagnostic.severity:
            return diagnostic
        return replace(diagnostic, severity=severity)

    @cached_property
    def _base(self) -> frozenset[str]:
        """The codes of the rules that hold where no table says otherwise."""
        chosen = {rule.code for rule in select_rules(self.select)}
        return frozenset(chosen | _codes(self.extend_select)) - _codes(self.ignore)

    def _bounded(self, codes: Iterable[str]) -> frozenset[str]:
        found = frozenset(codes)
        if "select" in self.overridden:
            found &= self._base
        if "ignore" in self.overridden:
            found -= _codes(self.ignore)
        return found

    @cached_property
    def _specs(self) -> list[GitIgnoreSpec]:
        if not self.per_path:
            return []
        from pathspec import GitIgnoreSpec  # for those who have such tables

        return [GitIgnoreSpec.from_lines(words_of(table.paths)) for table in self.per_path]

    @cached_property
    def _verdicts(self) -> dict[tuple[bool, ...], tuple[frozenset[str], dict[str, Severity]]]:
        return {}

    def _verdict(self, page: str) -> tuple[frozenset[str], dict[str, Severity]]:
        """Which rules hold on a page, and how grave they are where that was set."""
        held = tuple(spec.match_file(page.lstrip("/")) for spec in self._specs) if page else ()
        if held not in self._verdicts:
            codes, severities = self._base, _severities(self.severities)
            for table in compress(self.per_path, held):
                codes = frozenset(_codes(table.select) or codes)
                codes = (codes | _codes(table.extend_select)) - _codes(table.ignore)
                severities |= _severities(table.severities)
            self._verdicts[held] = self._bounded(codes), severities
        return self._verdicts[held]


def _codes(words: tuple[str, ...]) -> set[str]:
    """The codes that words name; nothing where there are none."""
    return {rule.code for rule in select_rules(words)} if words else set()


def _severities(words: Mapping[str, Severity]) -> dict[str, Severity]:
    """Severities by code: a code or name before a longer prefix, that before a shorter one."""
    found: dict[str, Severity] = {}
    by_width = sorted((-len(_codes((word,))), word) for word in words)
    for _, word in by_width:  # the word that means most rules first, so that others win
        found.update(dict.fromkeys(_codes((word,)), words[word]))
    return found
