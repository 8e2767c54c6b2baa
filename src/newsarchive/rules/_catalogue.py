"""The library's own rules, family by family."""

from newsarchive.rules import dates, files, layout, links, roundtrip, sources
from newsarchive.rules._rule import Rule

ALL_RULES: tuple[Rule, ...] = (
    *layout.RULES,
    *links.RULES,
    *dates.RULES,
    *roundtrip.RULES,
    *sources.RULES,
    *files.RULES,
)
"""The library's own rules, by code."""
