"""The kinds of values that keys of a configuration take, and the check of each."""

from __future__ import annotations

import datetime
import os
import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path, PureWindowsPath
from typing import Any

from newsarchive.errors import UnknownRuleError
from newsarchive.findings.diagnostics import Severity
from newsarchive.page.lazy_dataclasses import field, fields_of
from newsarchive.page.lazy_tuples import NamedTuple
from newsarchive.page.patterns import pattern
from newsarchive.rules._selection import select_rules

Parse = Callable[[object, Path], Any]
MAX_STARS = 4
"""How many stars one part of a pattern may hold: each more makes matching slower by a factor."""
MAX_DOUBLE_STARS = 4
"""How many parts of a pattern may be ``**``: the same."""

# What stands in brackets, closed or not, and what is escaped outside, as pathspec reads it.
_IN_BRACKETS = pattern(r"\\.|\[[!^]?(?P<set>\]?[^\]/]*)\]?")
# Git knows these as classes; Python takes some of them for what its sets may become one day.
_AMBIGUOUS = pattern(r"^\[|\[[:.=]|--|&&|\|\||~~")

# Without blanks, a query or a fragment: the path of a rule's page follows it.
_ADDRESS = pattern(r"https?://[A-Za-z0-9\[][!$-;=@-\[\]-~]*")


class WrongValueError(ValueError):
    """A value that its key does not take: why, and where in the table (keys, numbers in lists)."""

    def __init__(self, reason: str, *path: str | int) -> None:
        super().__init__(reason)
        self.reason = reason
        self.path = path


class Kind(NamedTuple):
    """One kind of values."""

    name: str  # what people call such a value: ``a list of rules``
    parse: Parse  # turns a TOML value into the setting's; gets the configuration's folder, too
    schema: Mapping[str, Any]  # the JSON Schema of the value
    # which shape of option sets it: words, texts, choice, switch, number, day, place, or
    # place-or-none; empty where no option does
    flag: str = ""
    choices: tuple[str, ...] = ()  # the words that it may be
    metavar: str = ""  # how help names the value


class Key(NamedTuple):
    """What there is to know of one key but its default."""

    kind: Kind  # which values it takes
    help: str  # what it is for, in one sentence; the option's help, too
    shown: str = ""  # how help names the default, empty where the value itself says it
    env: str = ""  # the environment variable that sets it
    required: bool = False  # whether its table must have it
    short: str = ""  # the option's short form, empty where there is none


def key(default: Any, kind: Kind, help: str, **more: Any) -> Any:
    """A dataclass field that is a key of the configuration; `more` as `Key` takes it."""
    metadata = {"key": (made := Key(kind, help, **more))}
    if isinstance(default, dict):
        return field(default_factory=lambda: dict(default), metadata=metadata)
    if made.required:
        return field(metadata=metadata)
    return field(default=default, metadata=metadata)


def keys_of(cls: type) -> dict[str, tuple[str, Key]]:
    """The keys of a table, as people write them, with the fields that hold them."""
    return {
        name.replace("_", "-"): (name, options["metadata"]["key"])
        for name, options in fields_of(cls).items()
        if "metadata" in options
    }


def parse_table(cls: type, table: Mapping[str, object], folder: Path) -> dict[str, Any]:
    """The values of a table of a configuration, by field.

    Raises:
        WrongValueError: a key is unknown or missing, or its value is wrong.
    """
    known = {name: one for name, (_, one) in keys_of(cls).items()}
    kinds = {name: one.kind for name, one in known.items()}
    return parse_keys(kinds, table, folder, [name for name in known if known[name].required])


def parse_keys(
    kinds: Mapping[str, Kind], table: Mapping[str, object], folder: Path, required: Iterable[str]
) -> dict[str, Any]:
    """The values of a table whose keys take these kinds, by field; raises as `parse_table`."""
    found = {}
    for name, value in table.items():
        if name not in kinds:
            raise WrongValueError(unknown("key", name, kinds), name)
        try:
            found[name.replace("-", "_")] = kinds[name].parse(value, folder)
        except WrongValueError as error:
            raise WrongValueError(error.reason, name, *error.path) from None
    for name in required:
        if name not in table:
            raise WrongValueError(f"the key {name!r} is missing: {kinds[name].name} is expected")
    return found


def unknown(what: str, word: str, known: Iterable[str]) -> str:
    """What messages say of a word that is none of those that are known."""
    import difflib

    names = list(known)
    near = difflib.get_close_matches(word.lower().replace("_", "-"), names, n=1)
    hint = f"; did you mean {near[0]!r}?" if near else ""
    return f"there is no {what} {shortened(repr(word))}{hint} (known: {', '.join(names)})"


def shortened(text: str) -> str:
    """A text as messages quote it: no longer than they are."""
    return text if len(text) <= 60 else f"{text[:60]}..."


def _found(value: object) -> str:
    """A TOML value in words, for messages."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, int) and value.bit_length() > 1 << 10:  # Python does not write it out
        return "a number that is too long"
    return shortened(repr(value))


def expected(what: str, value: object) -> WrongValueError:
    """The error that a value is not what it ought to be."""
    return WrongValueError(f"expected {what}, found {_found(value)}")


def words_in(value: object, what: str) -> tuple[str, ...]:
    """A list of texts; `what` names it in messages."""
    if not isinstance(value, list):
        raise expected(what, value)
    for number, word in enumerate(value):
        if not isinstance(word, str):
            raise WrongValueError(f"expected text, found {_found(word)}", number)
    return tuple(value)


def _rule(word: str, *path: str | int) -> str:
    try:
        select_rules([word])
    except UnknownRuleError as error:
        brief = UnknownRuleError(shortened(word), error.near, error.missing)
        raise WrongValueError(str(brief), *path) from None
    return word


def _parse_rules(value: object, folder: Path) -> tuple[str, ...]:
    return tuple(_rule(word, n) for n, word in enumerate(words_in(value, RULES.name)))


def _parse_severities(value: object, folder: Path) -> dict[str, Severity]:
    if not isinstance(value, dict):
        raise expected(SEVERITIES.name, value)
    levels = [s.value for s in Severity]
    found = {}
    for word, level in value.items():
        _rule(word, word)
        if not isinstance(level, str):
            raise WrongValueError(f"expected {_any_of(levels)}, found {_found(level)}", word)
        if level not in levels:
            raise WrongValueError(unknown("severity", level, levels), word)
        found[word] = Severity(level)
    return found


def _parse_paths(value: object, folder: Path) -> tuple[str, ...]:
    patterns = _parse_patterns(value, folder)
    if not patterns:
        raise WrongValueError(f"expected {PATHS.name}, found an empty one")
    return patterns


def _parse_patterns(value: object, _: Path) -> tuple[str, ...]:
    patterns = words_in(value, PATHS.name)
    for number, one in enumerate(patterns):
        if fault := _pattern_fault(one):
            raise WrongValueError(fault, number)
    return patterns


def _pattern_fault(pattern: str) -> str:
    """Why a text is no pattern; empty where it is one."""
    from pathspec import GitIgnoreSpec

    shown = shortened(repr(pattern))
    for m in _IN_BRACKETS.finditer(pattern):
        if m["set"] and _AMBIGUOUS.search(m["set"]):
            return f"{shown} holds '[', '--', '&&', '||' or '~~' in brackets: not supported"
    parts = pattern.split("/")
    if any(part.count("*") > MAX_STARS for part in parts):
        return f"{shown} holds more than {MAX_STARS} stars between two slashes"
    if parts.count("**") > MAX_DOUBLE_STARS:
        return f"{shown} holds more than {MAX_DOUBLE_STARS} parts '**'"
    try:
        compiled = GitIgnoreSpec.from_lines([pattern]).patterns
    except (ValueError, re.error) as error:
        return f"{shown} is no pattern: {shortened(str(error))}"
    if all(one.include is None for one in compiled):
        return f"the pattern {shown} matches nothing"
    return ""


def _parse_day(value: object, folder: Path) -> datetime.date:
    if isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
        return value
    try:
        return datetime.datetime.strptime(str(value), "%Y-%m-%d").date()
    except ValueError:
        raise expected(DAY.name, value) from None


def _parse_place(value: object, folder: Path) -> str:
    """A path that the command may write to: one in the configuration's folder."""
    if not isinstance(value, str) or not value.strip() or not value.isprintable():
        raise expected(PLACE.name, value)
    shown = shortened(repr(value))
    pure = PureWindowsPath(value)  # knows both kinds of slashes, so that it means one everywhere
    if pure.drive or pure.root or ".." in pure.parts:
        raise WrongValueError(
            f"{shown} may lead out of the configuration's folder: expected a relative path "
            "without '..' (an option on the command line may name any place)"
        )
    base = os.path.realpath(folder)
    real = os.path.realpath(os.path.join(base, value))
    if not Path(real).is_relative_to(base):
        raise WrongValueError(f"{shown} leads out of the configuration's folder by a link")
    for part in (*pure.parts, *Path(real).relative_to(base).parts):
        # Who writes there can have git run a program. Windows drops dots and blanks at the end.
        if part.rstrip(". ").lower() in (".git", "git~1"):
            raise WrongValueError(f"{shown} lies in git's own folder")
    return os.path.join(folder, value)


def _parse_place_or_none(value: object, folder: Path) -> str | bool:
    if value is False:
        return False
    if not isinstance(value, str):
        raise expected(PLACE_OR_NONE.name, value)
    return _parse_place(value, folder)


def _parse_address(value: object, folder: Path) -> str:
    if not isinstance(value, str) or not _ADDRESS.fullmatch(value):
        raise expected(ADDRESS.name, value)
    return value.rstrip("/") + "/"


def plain(name: str, is_one: Callable[[Any], bool], schema: Mapping[str, Any], **more: Any) -> Kind:
    """The kind of values that pass a test and are taken as they are."""

    def parse(value: object, folder: Path) -> Any:
        if not is_one(value):
            raise expected(name, value)
        return value

    return Kind(name, parse, schema, **more)


def _any_of(words: Iterable[str]) -> str:
    return "one of " + ", ".join(map(repr, words))


def choice(*words: str) -> Kind:
    """The kind of a value that is one of some words."""
    name = _any_of(words)

    def parse(value: object, folder: Path) -> str:
        if not isinstance(value, str):
            raise expected(name, value)
        if value not in words:
            raise WrongValueError(unknown("value", value, words))
        return value

    return Kind(name, parse, {"enum": list(words)}, "choice", words)


def outputs(formats: tuple[str, ...]) -> Kind:
    """The kind of a list of files, each with its format: ``sarif:report.sarif``."""
    name = "a list of formats and files: ['sarif:report.sarif']"

    def parse(value: object, folder: Path) -> tuple[str, ...]:
        found = []
        for at, word in enumerate(words_in(value, name)):
            form, colon, file = word.partition(":")
            if form not in formats:
                raise WrongValueError(unknown("format", form, formats), at)
            if not colon:
                raise WrongValueError(
                    f"{shortened(repr(word))} names no file; write '{form}:FILE'", at
                )
            try:
                found.append(f"{form}:{_parse_place(file, folder)}")
            except WrongValueError as error:
                raise WrongValueError(error.reason, at) from None
        return tuple(found)

    pattern = f"^({'|'.join(formats)}):."
    schema = {"type": "array", "items": {"type": "string", "pattern": pattern}}
    return Kind(name, parse, schema, "texts", metavar="FORMAT:FILE")


def tables(cls: type, title: str) -> Kind:
    """The kind of a list of tables, each with the keys of a dataclass."""

    def parse(value: object, folder: Path) -> tuple[Any, ...]:
        if not isinstance(value, list):
            raise expected("a list of tables ([[...]])", value)
        found = []
        for at, table in enumerate(value):
            if not isinstance(table, dict):
                raise WrongValueError(f"expected a table, found {_found(table)}", at)
            try:
                found.append(cls(**parse_table(cls, table, folder)))
            except WrongValueError as error:
                raise WrongValueError(error.reason, at, *error.path) from None
        return tuple(found)

    return Kind("a list of tables", parse, {"type": "array", "items": {"$ref": f"#/$defs/{title}"}})


_TEXTS = {"type": "array", "items": {"type": "string"}}
_RULE_WORDS = {"$ref": "#/$defs/rule"}
RULES = Kind(
    "a list of rules: codes ('NA201'), prefixes ('NA2'), names or 'ALL'",
    _parse_rules, {"type": "array", "items": _RULE_WORDS}, "words", metavar="RULES",
)  # fmt: skip
SEVERITIES = Kind(
    "a table of rules and severities: { NA503 = \"error\" }",
    _parse_severities,
    {
        "type": "object",
        "propertyNames": _RULE_WORDS,
        "additionalProperties": {"enum": [s.value for s in Severity]},
    },
)  # fmt: skip
PATHS = Kind(
    "a list of patterns as in .gitignore, for archive paths: ['/news/2012/']",
    _parse_paths, {**_TEXTS, "minItems": 1},
)  # fmt: skip
PATTERNS = Kind(PATHS.name, _parse_patterns, _TEXTS)
SWITCH = plain(
    "true or false", lambda value: type(value) is bool, {"type": "boolean"}, flag="switch"
)
NUMBER = plain(
    "a whole number from 1", lambda value: type(value) is int and value >= 1,
    {"type": "integer", "minimum": 1}, flag="number", metavar="N",
)  # fmt: skip
DAY = Kind(
    "a date: 2026-01-31", _parse_day, {"type": "string", "format": "date"}, "day",
    metavar="YYYY-MM-DD",
)  # fmt: skip
PLACE = Kind(
    "a path in the configuration's folder",
    _parse_place, {"type": "string", "minLength": 1}, "place", metavar="FOLDER",
)  # fmt: skip
PLACE_OR_NONE = Kind(
    "a path in the configuration's folder, or false",
    _parse_place_or_none,
    {"anyOf": [{"type": "string", "minLength": 1}, {"const": False}]},
    "place-or-none",
    metavar="FILE",
)
ADDRESS = Kind(
    "a web address: 'https://docs.example.org/newsarchive/'",
    _parse_address, {"type": "string", "format": "uri", "pattern": "^https?://"},
)  # fmt: skip
