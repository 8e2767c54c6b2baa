"""The words of a command line, as commands that outputs propose repeat them."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from typing import Any

from newsarchive.cli._console import click
from newsarchive.store.urls import is_url, shown

WORDS = "newsarchive.words"
"""The key in click's `Context.meta`."""
CACHE_DIR = "NEWSARCHIVE_CACHE_DIR"
"""The environment variable that names the folder that caches are kept in."""

plain: Sequence[str] = ()
"""The words, where they were read without click."""


def words(values: Iterable[str]) -> tuple[str, ...]:
    """Option values that may hold several words apart by commas."""
    return tuple(word.strip() for value in values for word in value.split(",") if word.strip())


def command_line() -> tuple[str, ...]:
    """The words of the command line; empty where no command line was read."""
    context: Any = click.get_current_context(silent=True) if "click" in sys.modules else None
    return tuple(map(_shown, context.meta.get(WORDS, ()) if context else plain))


def _shown(word: str) -> str:
    """A word of the command line without what may be secret in a URL."""
    option, sign, value = word.partition("=")
    return f"{option}={shown(value)}" if sign and is_url(value) else shown(word)
