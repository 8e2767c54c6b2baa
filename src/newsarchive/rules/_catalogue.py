"""The library's own rules, family by family."""

from newsarchive.rules import dates, files, indexes, layout, links, roundtrip, sources
from newsarchive.rules._rule import Rule

_FAMILIES = (layout, links, indexes, dates, roundtrip, sources, files)

ALL_RULES: tuple[Rule, ...] = tuple(
    sorted((rule for family in _FAMILIES for rule in family.RULES), key=lambda rule: rule.code)
)
"""The library's own rules, by code."""
