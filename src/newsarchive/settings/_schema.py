"""The JSON Schema of a configuration, for editors and other tools."""

from __future__ import annotations

import dataclasses
from typing import Any

from newsarchive.rules import ALL_RULES
from newsarchive.settings._kinds import Kind, keys_of
from newsarchive.settings._settings import PerPath, Settings

# The kinds of configuration keys refer to these by name (`#/$defs/...`).
_TITLE = "Configuration of newsarchive"


def settings_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of ``newsarchive.toml``, and of ``[tool.newsarchive]``.

    The paths, dates and rules that it admits may still be refused when they are read.
    """
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": _TITLE,
        "description": "newsarchive.toml, or the table [tool.newsarchive] of pyproject.toml.",
        **_table(Settings),
        "$defs": {"per-path": _table(PerPath), "rule": _rule()},
    }


def _table(cls: type) -> dict[str, Any]:
    known = keys_of(cls)
    properties = {
        name: {**key.kind.schema, "description": key.help, **_default(cls, field, key.kind)}
        for name, (field, key) in known.items()
    }
    required = [name for name, (_, key) in known.items() if key.required]
    return {
        "type": "object",
        "properties": properties,
        **({"required": required} if required else {}),
        "additionalProperties": False,
    }


def _default(cls: type, field: str, kind: Kind) -> dict[str, Any]:
    [found] = (f for f in dataclasses.fields(cls) if f.name == field)
    if found.default is None or found.default is dataclasses.MISSING:
        return {}
    default = found.default
    return {"default": list(default) if isinstance(default, tuple) else default}


def _rule() -> dict[str, Any]:
    """A word that names rules: those that are known, for completion, and any that looks so."""
    codes = [rule.code for rule in ALL_RULES]
    prefixes = sorted({code[:3] for code in codes})
    return {
        "description": "A rule's code or name, a prefix of codes, or ALL.",
        "anyOf": [
            {"enum": ["ALL", *prefixes, *codes, *(rule.name for rule in ALL_RULES)]},
            {"type": "string", "pattern": "^[A-Za-z][A-Za-z0-9-]*$"},
        ],
    }
