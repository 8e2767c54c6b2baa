"""The rules: each is data and one function, and `ALL_RULES` is the catalogue.

What is in `__all__` is for authors of rules, here and in other packages, and is meant to stay.
"""

from newsarchive.findings.edits import BodyEdit
from newsarchive.findings.remedies import Remedy
from newsarchive.page.reading import Reading
from newsarchive.rules._authoring import Places, event_check
from newsarchive.rules._catalogue import ALL_RULES
from newsarchive.rules._plugins import rules_in_force
from newsarchive.rules._rule import Finding, Lookup, Marks, Repair, Rule

__all__ = [
    "ALL_RULES",
    "BodyEdit",
    "Finding",
    "Lookup",
    "Marks",
    "Places",
    "Reading",
    "Remedy",
    "Repair",
    "Rule",
    "event_check",
    "rules_in_force",
]
