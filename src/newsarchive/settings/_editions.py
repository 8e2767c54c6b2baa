"""Editions in a configuration: one by its name, or a table that describes another."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from newsarchive.page.editions import EDITIONS, WORD_FIELDS, Edition, SlugRule, SlugUnit
from newsarchive.settings._kinds import (
    NUMBER,
    SWITCH,
    Kind,
    WrongValueError,
    choice,
    expected,
    parse_keys,
    plain,
    unknown,
    words_in,
)


def _parse_words(value: object, folder: Path) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else words_in(value, _WORDS.name)


def _parse_letters(value: object, folder: Path) -> tuple[tuple[str, str], ...]:
    if not isinstance(value, dict):
        raise expected(_LETTERS.name, value)
    for letter, other in value.items():
        if not isinstance(other, str):
            raise WrongValueError(f"{expected('text', other)}", letter)
    return tuple(value.items())


_STRING = {"type": "string"}
_TEXT = plain("text", lambda value: isinstance(value, str), _STRING)
_WORDS = Kind(
    "a word, or a list of words that are read alike, the one that is written first",
    _parse_words,
    {"anyOf": [_STRING, {"type": "array", "items": _STRING}]},
)
_LETTERS = Kind(
    'a table of letters and what they become: { "\u00df" = "ss" }',
    _parse_letters,
    {"type": "object", "additionalProperties": _STRING},
)


def _table(make: Callable[..., Any], keys: Mapping[str, Kind], required: tuple[str, ...]) -> Kind:
    """The kind of a table whose keys are the attributes of a value."""

    def parse(value: object, folder: Path) -> Any:
        if not isinstance(value, dict):
            raise expected("a table", value)
        found = parse_keys(keys, value, folder, required)
        try:
            return make(**found)
        except ValueError as error:
            name, _, reason = str(error).partition(": ")
            if name.replace("-", "_") in found:
                raise WrongValueError(reason, name.replace("_", "-")) from None
            raise WrongValueError(str(error)) from None

    schema = {
        "type": "object",
        "properties": {name: kind.schema for name, kind in keys.items()},
        "required": list(required),
        "additionalProperties": False,
    }
    return Kind("a table", parse, schema)


SLUG_KEYS = {
    "length": NUMBER,
    "unit": choice(*(unit.value for unit in SlugUnit)),
    "latin-1": SWITCH,
    "letters": _LETTERS,
    "also-letters": _LETTERS,
    "dropped": _TEXT,
    "lower-case": SWITCH,
    "ascii-only": SWITCH,
}
"""The keys of the table that describes a slug rule."""

EDITION_KEYS = {
    "name": _TEXT,
    "language": _TEXT,
    "base": _TEXT,
    **{name.replace("_", "-"): _WORDS for name in WORD_FIELDS},
    "slug": _table(SlugRule, SLUG_KEYS, ()),
}
"""The keys of the table that describes an edition."""

REQUIRED = ("name", "language", "sources", "previous-day")
"""The keys that it must have."""

_DESCRIBED = _table(Edition, EDITION_KEYS, REQUIRED)


def _parse_edition(value: object, folder: Path) -> Edition:
    if isinstance(value, str):
        if value not in EDITIONS:
            raise WrongValueError(unknown("edition", value, EDITIONS))
        return EDITIONS[value]
    if not isinstance(value, dict):
        raise expected(EDITION.name, value)
    found: Edition = _DESCRIBED.parse(value, folder)
    return found


EDITION = Kind(
    f"the name of an edition ({', '.join(map(repr, EDITIONS))}), or a table that describes one",
    _parse_edition,
    {"anyOf": [{"enum": list(EDITIONS)}, _DESCRIBED.schema]},
    "choice",
    tuple(EDITIONS),
)
