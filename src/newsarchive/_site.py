"""Where the documentation is: the one place that says it."""

from __future__ import annotations

SITE = "https://newsarchive.github.io/newsarchive/"
"""The documentation's address, with a slash at its end."""


def rule_url(code: str, site: str = "") -> str:
    """The address of the page of one of the library's own rules.

    It names no version: a code never changes its meaning.

    Args:
        code: the rule's code.
        site: where the documentation is hosted, with a slash at its end; empty for `SITE`.
    """
    return f"{site or SITE}rules/{code}/"
