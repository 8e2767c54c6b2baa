"""Choosing rules by words: codes, prefixes of codes, names."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from newsarchive.errors import UnknownRuleError
from newsarchive.rules._plugins import plugins, rules_in_force
from newsarchive.rules._rule import Rule
from newsarchive.rules.files import BROKEN


def select_rules(select: Iterable[str] = (), ignore: Iterable[str] = ()) -> tuple[Rule, ...]:
    """The rules that are chosen by codes, prefixes of codes, or names.

    No word means every rule that is on by default, and ``ALL`` every rule. Where a rule of another
    package is chosen, so is NA905, which says that it broke.

    Raises:
        UnknownRuleError: a word names no rule.
    """
    rules = rules_in_force()
    chosen = _codes_of(select, rules) or {rule.code for rule in rules if rule.default}
    if any(rule.package and rule.code in chosen for rule in rules):
        chosen.add(BROKEN.code)
    chosen -= _codes_of(ignore, rules)
    return tuple(rule for rule in rules if rule.code in chosen)


def named_rules(words: Iterable[str]) -> tuple[Rule, ...]:
    """The rules that words name, and no others; see `select_rules`.

    Raises:
        UnknownRuleError: a word names no rule.
    """
    rules = rules_in_force()
    codes = _codes_of(words, rules)
    return tuple(rule for rule in rules if rule.code in codes)


def words_of(words: Iterable[str]) -> tuple[str, ...]:
    """Words that a caller gives; a bare string is one word, not its letters.

    Raises:
        TypeError: what was given is no text.
    """
    found = (words,) if isinstance(words, str) else tuple(words)
    for word in found:
        if not isinstance(word, str):
            raise TypeError(f"expected text, not {word!r}")
    return found


def _codes_of(words: Iterable[str], rules: Sequence[Rule]) -> set[str]:
    found: set[str] = set()
    for word in words_of(words):
        upper = word.strip().upper()
        codes = {
            rule.code
            for rule in rules
            if upper == "ALL" or rule.code.startswith(upper or "-") or rule.name.upper() == upper
        }
        if not codes:
            import difflib

            known = [r.name for r in rules] + [r.code for r in rules]
            near = difflib.get_close_matches(word.strip().lower(), known, n=1, cutoff=0.6)
            near = near or difflib.get_close_matches(upper, known, n=1, cutoff=0.6)
            raise UnknownRuleError(word, near[0] if near else "", "; ".join(plugins().troubles))
        found |= codes
    return found
