"""A check whose options are of the common forms, read without click: that is a fourth of a start.

What is read here is read as click reads it. Whatever it might read otherwise, or refuse, is left
to it.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

from newsarchive.cli import _words
from newsarchive.cli._checking import CheckRequest, run_check
from newsarchive.cli._flags import KEYS, Flags, setting
from newsarchive.cli._git import request
from newsarchive.settings._kinds import Key

_VALUES = ("root", "config", "since", "at")
_SWITCHES = ("pages_only", "staged", "hook_range", "isolated")


def _forms() -> dict[str, tuple[str, Key | None, Any]]:
    """The options: the name of each, its setting if it is one, what it says; None: a value."""
    forms: dict[str, tuple[str, Key | None, Any]] = {}
    for names, says in ((_VALUES, None), (_SWITCHES, True)):
        forms |= {f"--{name.replace('_', '-')}": (name, None, says) for name in names}
    for field, (name, key) in KEYS.items():
        if key.kind.flag == "switch":
            forms[f"--no-{name}"] = field, key, False
            forms |= {form: (field, key, True) for form in (f"--{name}", key.short) if form}
        elif key.kind.flag != "day":
            forms[f"--{name}"] = field, key, None
            if key.kind.flag == "place-or-none":
                forms[f"--no-{name}"] = f"no_{field}", None, True
    return forms


def read(args: Sequence[str]) -> CheckRequest | None:
    """What the words after ``check`` ask for; None where click has to read them.

    Raises:
        click.UsageError: options exclude each other.
    """
    forms, said = _forms(), dict[str, Any]()
    paths, rest = [], [*reversed(args)]
    while rest:
        word = rest.pop()
        if not word.startswith("-"):
            paths.append(word)
            continue
        form, equals, value = word.partition("=")
        if form not in forms:
            return None
        field, key, says = forms[form]
        if says is None:
            if not equals:
                value = rest.pop() if rest else "-"
            says = _value(key, value, said.get(field, ()))
            if says is None:
                return None
        elif equals:
            return None
        said[field] = says
    if said.get("config") is not None and said.get("isolated"):
        return None
    flags = _flags(said)
    staged, hook_range = (said.get(name, False) for name in ("staged", "hook_range"))
    asked = request(said.get("since"), staged, hook_range, said.get("at"))
    pages_only = said.get("pages_only", False)
    return CheckRequest(tuple(paths), said.get("root"), pages_only, flags, asked)


def _value(key: Key | None, value: str, before: tuple[str, ...]) -> Any:
    """What an option's value says; None where click has to say it."""
    if value.startswith("-"):
        return None
    if key is None or key.kind.flag in ("place", "place-or-none"):
        return value
    if key.kind.flag in ("words", "texts"):
        return (*before, value)
    if key.kind.flag == "choice":
        return value if value in key.kind.choices else None
    small = value.isascii() and value.isdigit() and len(value) < 10
    return int(value) if small and int(value) >= key.kind.schema["minimum"] else None


def _flags(said: dict[str, Any]) -> Flags:
    """What options and environment variables say about settings."""
    values, environment = {}, set()
    for field, (_, key) in KEYS.items():
        given = said.get(field, () if key.kind.flag == "words" else None)
        if field not in said and key.env and os.environ.get(key.env):
            given = os.environ[key.env]
            environment.add(field)
        value = setting(key, given, f"no_{field}" in said)
        if value is not None:
            values[field] = value
    return Flags(values, said.get("config"), "isolated" in said, frozenset(environment))


def run(request: CheckRequest, line: Sequence[str]) -> int:
    """Run a check that the words of a command line ask for."""
    _words.plain = ("newsarchive", *line)
    try:
        return run_check(request)
    finally:
        _words.plain = ()
