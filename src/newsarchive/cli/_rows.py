"""Lines about pages and links: whole in a pipe, in columns that fit on a terminal."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import NamedTuple

import click

from newsarchive.findings.names import day_and_slug
from newsarchive.page.printable import printable

_COLOURS = {
    "ok": "green", "broken": "red", "absent": "yellow", "external": "blue", "removed": "red",
    "changed": "yellow", "renamed": "green", "would break": "red", "would go": "yellow",
    "taken out": "yellow", "led on": "green", "would be led on": "green",
}  # fmt: skip


class Told(NamedTuple):
    """One line."""

    line: str  # all of it, as a pipe gets it
    word: str = ""  # what happens or holds, in a word
    file: str = ""  # the file of the page that it is about; empty where that goes without saying
    name: str = ""  # what people call that page; by default its day and slug
    place: str = ""  # where in it, as ``16:3``
    text: str = ""  # what more there is to say


def tell(rows: Sequence[Told], *, err: bool = False) -> None:
    """Print lines."""
    if not rows or not (sys.stderr if err else sys.stdout).isatty():
        for row in rows:
            click.echo(row.line, err=err)
        return
    from newsarchive.cli._terminal import columns, link_maker, shown
    from newsarchive.writers._columns import cells, cut

    room, linked = columns(), link_maker()
    names = [printable(row.name or _named(row.file)) for row in rows]
    named = min(max(map(cells, names)), room // (2 if any(row.text for row in rows) else 1))
    placed = max(len(row.place) for row in rows)
    worded = max(len(row.word) for row in rows)
    for name, row in zip(names, rows, strict=True):
        parts = []
        if worded:
            word = f"{row.word:{worded}}"
            parts.append(click.style(word, fg=_COLOURS.get(row.word)))
        if placed:
            parts.append(f"{row.place:>{placed}}")
        if named:
            kept = cut(name, min(named, room - sum(map(cells, parts)) - 2 * len(parts)))
            parts.append(linked(kept, row.file) + " " * (named - cells(kept)) * bool(row.text))
        left = room - sum(cells(part) for part in parts) - 2 * len(parts)
        if row.text:
            parts.append(cut(printable(row.text), max(left, 10)))
        click.echo(shown("  ".join(parts).rstrip()), err=err)


def _named(file: str) -> str:
    """What people call the page of a file."""
    start = file.rfind("/news/")
    day, slug = day_and_slug(file[start:] if start >= 0 else file)
    return f"{day:10}  {slug}" if day else slug
