"""The outcome of a run over an archive."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from newsarchive.findings.diagnostics import Diagnostic, InvalidPageError, Severity


@dataclass(frozen=True)
class Report:
    """Findings of a run, and what was looked at.

    Attributes:
        diagnostics: all findings, by page and place.
        pages: how many pages of each kind were checked (keys of `PageKind`).
        links: how many links of each kind they hold (keys of `LinkKind`).
        notices: what there is to tell of the run itself, such as a cache that cannot be used.
    """

    diagnostics: tuple[Diagnostic, ...]
    pages: Mapping[str, int] = field(default_factory=dict)
    links: Mapping[str, int] = field(default_factory=dict)
    notices: tuple[str, ...] = field(default=(), compare=False)

    @property
    def page_count(self) -> int:
        """How many pages were checked."""
        return sum(self.pages.values())

    @property
    def link_count(self) -> int:
        """How many links those pages hold."""
        return sum(self.links.values())

    def counts(self) -> Counter[Severity]:
        """How many findings of each severity there are."""
        return Counter(d.severity for d in self.diagnostics)

    def by_code(self) -> Counter[str]:
        """How many findings of each code there are."""
        return Counter(d.code for d in self.diagnostics)

    def at_least(self, severity: Severity) -> bool:
        """Whether a finding is at least as grave as `severity`."""
        return any(d.severity.rank >= severity.rank for d in self.diagnostics)

    def raise_for_errors(self) -> Report:
        """This report, for chaining.

        Raises:
            InvalidPageError: it holds findings of severity error; they are its `diagnostics`.
        """
        errors = tuple(d for d in self.diagnostics if d.severity is Severity.ERROR)
        if errors:
            raise InvalidPageError(errors)
        return self
