"""Where the documentation is: the one place that says it."""

from __future__ import annotations

SITE = "https://newsarchive.github.io/newsarchive/"
"""The documentation's address, with a slash at its end."""


def rule_url(code: str, site: str = "") -> str:
    """The address of the page of one of the library's own rules; `site` ends with a slash.

    It names no version: a code never changes its meaning.
    """
    return f"{site or SITE}rules/{code}/"
