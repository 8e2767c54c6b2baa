"""Loading the rules of other packages, and making sure that they can be used."""

from __future__ import annotations

import os
from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING

from newsarchive.findings.diagnostics import Severity
from newsarchive.page.lazy_dataclasses import replace
from newsarchive.page.patterns import pattern
from newsarchive.rules._catalogue import ALL_RULES
from newsarchive.rules._guard import attempt, guarded
from newsarchive.rules._judging import PluginError
from newsarchive.rules._packages import code_state
from newsarchive.rules._rule import Rule

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

_CODE = pattern(r"(?P<prefix>[A-Z]{2,4})[0-9]{3}")
_NAME = pattern(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_TEXTS = ("code", "name", "summary", "why", "bad", "good", "fix", "advice", "url")
_URL = pattern(r"https?://[A-Za-z0-9\[][!#-;=?-\[\]-~]*")
_CHECKS = ("page", "passes", "clock", "archive")


class Loader:
    """Takes up rules from packages, one by one, as an entry point group announces them."""

    def __init__(self, group: str) -> None:
        self._group = group
        self.rules: list[Rule] = []
        self.troubles: list[str] = []
        self.marks: list[str] = []
        self.versions: dict[str, str] = {}
        self._owners = {word: rule for rule in ALL_RULES for word in (rule.code, rule.name)}

    def load_package(self, folder: str) -> None:
        """Take up the rules of the package with this metadata folder."""
        try:
            package, version, points = attempt(partial(_read, folder, self._group))
        except PluginError as error:
            self.troubles.append(f"the package in '{folder}' cannot be read: {error.reason}")
            return
        self.versions[package] = version
        for point in points:
            origin = f"the package '{package}' (entry point '{point.name}')"
            self.marks += [package, version, point.value]
            try:
                # Before it is imported: what changes later is not the code that ran.
                self.marks += attempt(partial(code_state, point.module))
                found = attempt(partial(_load, point))
            except PluginError as error:
                self.troubles.append(f"the rules of {origin} cannot be loaded: {error.reason}")
                continue
            for rule in found:
                self._take(rule, package, origin)

    def _take(self, rule: object, package: str, origin: str) -> None:
        fault = _fault(rule, self._owners)
        if isinstance(rule, Rule) and not fault:
            rule = guarded(replace(rule, package=package))
            self.rules.append(rule)
            self._owners |= {rule.code: rule, rule.name: rule}
        else:
            what = f"the rule {rule.code!r}" if isinstance(rule, Rule) else "a rule"
            self.troubles.append(f"{what} of {origin} cannot be used: {fault}")


def _read(folder: str, group: str) -> tuple[str, str, list[EntryPoint]]:
    """A package's name, version, and entry points of the group."""
    from importlib.metadata import PathDistribution
    from pathlib import Path

    package = PathDistribution(Path(folder))
    points = [point for point in package.entry_points if point.group == group]
    # Where metadata is damaged, what is missing is None, and is to raise in Pythons to come.
    known = package.metadata
    name = known["Name"] if "Name" in known else os.path.basename(folder)
    version = known["Version"] if "Version" in known else ""  # noqa: SIM401 - it has no `get`
    return name, version, sorted(points, key=lambda point: point.name)


def _load(point: EntryPoint) -> list[object]:
    """What an entry point names: one rule or several."""
    value = point.load()
    if isinstance(value, Rule):
        return [value]
    if isinstance(value, Iterable) and not isinstance(value, str | bytes):
        return list(value)
    kind = type(value).__name__
    raise PluginError(f"'{point.value}' is a {kind}, expected a Rule or several")


def _fault(rule: object, owners: dict[str, Rule]) -> str:
    """What is wrong with what a package gave for a rule; empty where nothing is.

    Owners are the rules that there are already, by code and by name.
    """
    if not isinstance(rule, Rule):
        return f"it is a {type(rule).__name__}, expected a Rule"
    for field in _TEXTS:
        if not isinstance(getattr(rule, field), str):
            return f"its {field} is no str"
    code = _CODE.fullmatch(rule.code)
    if not code or code["prefix"].startswith("NA") or code["prefix"] == "ALL":
        return "a code is two to four capital letters, not beginning with NA, and three digits"
    if not _NAME.fullmatch(rule.name):
        return f"its name {rule.name!r} is not words of small letters with hyphens between them"
    if not isinstance(rule.severity, Severity):
        return f"its severity is {rule.severity!r}, expected a Severity"
    if not (rule.summary.strip() and rule.why.strip()):
        return "its summary or its why is empty"
    if rule.url and not _URL.fullmatch(rule.url):
        return f"its url {rule.url!r} is no address that begins with https:// or http://"
    for field in _CHECKS:
        if getattr(rule, field) is not None and not callable(getattr(rule, field)):
            return f"its {field} is no function"
    if not (rule.page or rule.clock or rule.archive):
        return "it has no check: page, clock or archive"
    for word in (rule.code, rule.name):
        owner = owners.get(word)
        if owner:
            whose = f"the package '{owner.package}'" if owner.package else "newsarchive itself"
            return f"{whose} has a rule called {word!r} already"
    return ""
