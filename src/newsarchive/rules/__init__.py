"""The rules: each is data and one function, and this tuple is the catalogue."""

from newsarchive.rules import dates, files, layout, links, roundtrip, sources
from newsarchive.rules._rule import Finding, Lookup, Rule

ALL_RULES: tuple[Rule, ...] = (
    *layout.RULES,
    *links.RULES,
    *dates.RULES,
    *roundtrip.RULES,
    *sources.RULES,
    *files.RULES,
)
"""Every rule, by code."""

__all__ = ["ALL_RULES", "Finding", "Lookup", "Rule"]
