"""How much a health report lists at most: one of 100,000 findings is to open from a mail."""

CHOICES = 40
"""Missing pages that people decide about."""
CANDIDATES = 4
"""Pages that one of these may be."""
MISSING = 300
"""Missing pages in all."""
LINKS = 5
"""Places that link to one."""
OF_A_RULE = 40
"""Findings of one rule, where there are few rules."""
FINDINGS = 800
"""Findings of all rules, but for some of each."""
ROWS = 15
"""Rows of what is counted."""


def of_a_rule(rules: int) -> int:
    """How many findings of each rule are listed, where so many rules found something."""
    return min(OF_A_RULE, max(FINDINGS // max(rules, 1), 8))
