"""Rules of other packages: found through an entry point group, loaded once."""

from __future__ import annotations

import os
import sys
from functools import lru_cache

from newsarchive._site import rule_url
from newsarchive.page.lazy_tuples import NamedTuple
from newsarchive.rules._catalogue import ALL_RULES
from newsarchive.rules._packages import announcing
from newsarchive.rules._rule import Rule

GROUP = "newsarchive.rules"
"""The entry point group that a package announces its rules in."""

SWITCH = "NEWSARCHIVE_NO_PLUGINS"
"""The environment variable that leaves them all out; worker processes have it too."""


class Plugins(NamedTuple):
    """What other packages bring."""

    rules: tuple[Rule, ...] = ()  # their rules that can be used, by code
    troubles: tuple[str, ...] = ()  # what cannot be used and why, a sentence each
    marks: tuple[str, ...] = ()  # the packages' names, versions and the state of their files
    versions: tuple[tuple[str, str], ...] = ()  # the packages' versions, by name


def plugins() -> Plugins:
    """The rules of other packages, loaded on first use. Never raises on what they do."""
    if os.environ.get(SWITCH, "0") not in ("", "0"):
        return Plugins()
    return _installed(tuple(sys.path))


def rules_in_force() -> tuple[Rule, ...]:
    """Every rule there is: the library's own, then those of other packages.

    Other packages announce rules in the entry point group ``newsarchive.rules``. They are loaded
    on the first call. The environment variable ``NEWSARCHIVE_NO_PLUGINS`` leaves them out.
    """
    return (*ALL_RULES, *plugins().rules)


def rule_urls(site: str = "") -> dict[str, str]:
    """The addresses of the pages of all rules that have one, by code.

    Those of the library's own rules are where its documentation is hosted, by default on its own
    site.
    """
    return {
        rule.code: rule_url(rule.code, site) if site and rule.is_own else rule.url
        for rule in rules_in_force()
        if rule.url
    }


@lru_cache(maxsize=1)
def _installed(path: tuple[str, ...]) -> Plugins:
    folders = announcing(GROUP, path)
    if not folders:
        return Plugins()
    from newsarchive.rules._loading import Loader  # most archives are checked without plug-ins

    loader = Loader(GROUP)
    for folder in folders:
        loader.load_package(folder)
    rules = sorted(loader.rules, key=lambda rule: rule.code)
    versions = tuple(loader.versions.items())
    return Plugins(tuple(rules), tuple(loader.troubles), tuple(loader.marks), versions)
