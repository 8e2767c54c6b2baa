"""The rules: each is data and one function, and `ALL_RULES` is the catalogue.

What is in `__all__` is for authors of rules, here and in other packages, and is meant to stay.
"""

from newsarchive.findings.edits import BodyEdit
from newsarchive.rules import dates, files, layout, links, roundtrip, sources
from newsarchive.rules._authoring import Places, event_check
from newsarchive.rules._plugins import plugins
from newsarchive.rules._rule import Finding, Lookup, Repair, Rule

ALL_RULES: tuple[Rule, ...] = (
    *layout.RULES,
    *links.RULES,
    *dates.RULES,
    *roundtrip.RULES,
    *sources.RULES,
    *files.RULES,
)
"""The library's own rules, by code."""


def rules_in_force() -> tuple[Rule, ...]:
    """Every rule there is: the library's own, then those of other packages.

    Other packages announce rules in the entry point group ``newsarchive.rules``. They are loaded
    on the first call. The environment variable ``NEWSARCHIVE_NO_PLUGINS`` leaves them out.
    """
    return (*ALL_RULES, *plugins().rules)


__all__ = [
    "ALL_RULES",
    "BodyEdit",
    "Finding",
    "Lookup",
    "Places",
    "Repair",
    "Rule",
    "event_check",
    "rules_in_force",
]
