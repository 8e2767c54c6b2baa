"""How long parsers take for one event page, in this process and one thread."""

import random
import statistics
import time
from collections.abc import Callable
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

import newsarchive as na
from benchmarks.contenders import some_events

OURS = "newsarchive.parse"
MISTUNE = "mistune (AST)"

Parser = Callable[[str], object]
"""A page's text to whatever the parser makes of it."""

# Imported by name: which of them is installed is for the run to see, not for the type checker.
_PEERS: dict[str, tuple[str, Callable[[Any], Parser]]] = {
    MISTUNE: ("mistune", lambda module: module.create_markdown(renderer=None)),
    "markdown-it-py": ("markdown_it", lambda module: module.MarkdownIt().parse),
    "mistletoe": ("mistletoe", lambda module: module.Document),
}


def parsers() -> tuple[dict[str, Parser], list[str]]:
    """The peers that are installed, by name, and a note for each that is not."""
    found: dict[str, Parser] = {}
    notes = []
    for name, (module, make) in _PEERS.items():
        try:
            found[name] = make(import_module(module))
        except ImportError:
            notes.append(f"{name} is not installed (PyPI): skipped")
    return found, notes


def parse_times(archive: Path, pages: int, runs: int) -> tuple[dict[str, list[float]], list[str]]:
    """Time every parser on the same event pages.

    Args:
        archive: where the pages come from.
        pages: how many of them, chosen at random.
        runs: how often each is parsed; the parsers take turns.

    Returns:
        For each parser, each page's median in seconds (the same page at the same place), and
        notes of parsers that are missing.
    """
    found, notes = parsers()
    events = some_events(archive, pages, random.Random(2))
    times: dict[str, list[float]] = {name: [] for name in (OURS, *found)}
    for event in events:
        text = (archive / event.path[1:]).read_bytes().decode()
        candidates: dict[str, Parser] = {OURS: partial(na.parse, path=event.path), **found}
        for name, median in _page_medians(candidates, text, runs).items():
            times[name].append(median)
    return times, notes


def faster(times: dict[str, list[float]], peer: str) -> float:
    """How many times as long the peer takes for a page as we do: the median over the pages."""
    return statistics.median(
        other / own for own, other in zip(times[OURS], times[peer], strict=True)
    )


def _page_medians(candidates: dict[str, Parser], text: str, runs: int) -> dict[str, float]:
    measured: dict[str, list[float]] = {name: [] for name in candidates}
    for turn in range(-1, runs):
        for name, parse in candidates.items():
            start = time.perf_counter()
            parse(text)
            seconds = time.perf_counter() - start
            if turn >= 0:
                measured[name].append(seconds)
    return {name: statistics.median(values) for name, values in measured.items()}
