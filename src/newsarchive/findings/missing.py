"""Broken links by the page that is missing: what people decide about once, not link by link."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from newsarchive.findings.diagnostics import Diagnostic, Suggestion, clear_best
from newsarchive.findings.remedies import Remedy, remedy_of


class MissingPage(NamedTuple):
    """A page that links of one rule lead to in vain, and that the same can be done about."""

    root: str  # the archive's root, as files show it
    target: str  # the archive path that does not exist
    remedy: Remedy
    links: list[Diagnostic]  # the findings, by page and place; at least one

    @property
    def meant(self) -> Suggestion | None:
        """The page that a repair would lead to."""
        return clear_best(self.links[0].suggestions)


def missing_pages(diagnostics: Iterable[Diagnostic]) -> list[MissingPage]:
    """Findings of broken links by missing page, those with most links first."""
    groups: dict[tuple[str, str, Remedy, str], MissingPage] = {}
    for d in diagnostics:
        if d.target:
            root, remedy = d.file.removesuffix(d.page), remedy_of(d)
            best = clear_best(d.suggestions) if d.fix else None
            key = (root, d.target, remedy, best.path if best else "")
            group = groups.get(key)
            if group is None:
                groups[key] = group = MissingPage(root, d.target, remedy, [])
            group.links.append(d)
    return sorted(groups.values(), key=lambda g: (-len(g.links), g.target, g.root))
