"""What the terminal can show: colours, links, characters, and how wide it is."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

from newsarchive.cli._console import click
from newsarchive.cli._ending import is_dumb
from newsarchive.findings.wording import unlinked
from newsarchive.store.urls import is_url
from newsarchive.writers._view import Presentation

_LEAST = 40  # columns: what is narrower gets lines that wrap
_POORER = str.maketrans("…→×∅−", "~>x--")
# Terminals that make OSC 8 a link; others show the text alone, but some old ones show the codes.
_LINKING = ("iTerm.app", "WezTerm", "vscode", "ghostty", "Hyper", "Tabby", "rio", "WarpTerminal")
_MARKS = ("KITTY_WINDOW_ID", "WT_SESSION", "KONSOLE_VERSION", "DOMTERM")


def columns() -> int:
    """How wide the terminal is; 100 where there is none, and nothing says it (``COLUMNS``)."""
    import shutil

    return max(shutil.get_terminal_size((100, 24)).columns, _LEAST)


def can_link() -> bool:
    """Whether the terminal says that it can show links."""
    known = (
        os.environ.get("TERM_PROGRAM") in _LINKING
        or any(mark in os.environ for mark in _MARKS)
        or int((os.environ.get("VTE_VERSION") or "0").partition(".")[0] or 0) >= 5000
    )
    return known and not is_dumb()


def link_maker() -> Callable[[str, str], str]:
    """What makes a text lead to a file, where the terminal can."""
    return _linked if can_link() else unlinked


def _hyperlinked(text: str, address: str) -> str:
    return f"\x1b]8;;{address}\x1b\\{text}\x1b]8;;\x1b\\"


def _linked(text: str, file: str) -> str:
    if not file or is_url(file):
        return text
    import socket

    path = Path(os.path.abspath(file)).as_uri().removeprefix("file://")
    return _hyperlinked(text, f"file://{socket.gethostname()}{path}")


def for_people(view: Presentation, group: str = "target") -> Presentation:
    """A view as a terminal shows it."""
    view = view._replace(style=click.style, group=group, width=columns())
    return view._replace(linked=_linked, hyperlinked=_hyperlinked) if can_link() else view


def shown(text: str) -> str:
    """A text with plainer marks where standard output's encoding has no others."""
    if text.isascii():
        return text
    encoding = (getattr(sys.stdout, "encoding", None) or "utf-8").lower()
    return text if encoding.startswith("utf") else text.translate(_POORER)
