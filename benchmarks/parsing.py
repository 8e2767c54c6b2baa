"""How long parsers take for one event page, in this process and one thread."""

import gc
import random
import statistics
import time
from collections.abc import Callable
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
        runs: how often each is parsed. The parsers take turns, all pages in one turn: as in use,
            a parser has the processor's caches to itself.

    Returns:
        For each parser, each page's median in seconds (the same page at the same place), and
        notes of parsers that are missing.
    """
    found, notes = parsers()
    events = some_events(archive, pages, random.Random(2))
    texts = [((archive / e.path[1:]).read_bytes().decode(), e.path) for e in events]
    candidates: dict[str, Callable[[str, str], object]] = {OURS: na.parse}
    candidates |= {name: _without_path(parse) for name, parse in found.items()}
    measured: dict[str, list[list[float]]] = {name: [] for name in candidates}
    # What is in memory for the benchmark's sake must not make collecting a parser's garbage dearer.
    gc.collect()
    gc.freeze()
    try:
        for turn in range(-1, runs):
            for name, timed in candidates.items():
                seconds = [_seconds(timed, text, path) for text, path in texts]
                if turn >= 0:
                    measured[name].append(seconds)
    finally:
        gc.unfreeze()
    return {
        name: [statistics.median(page) for page in zip(*turns, strict=True)]
        for name, turns in measured.items()
    }, notes


def _without_path(parse: Parser) -> Callable[[str, str], object]:
    return lambda text, path: parse(text)


def _seconds(parse: Callable[[str, str], object], text: str, path: str) -> float:
    start = time.perf_counter()
    parse(text, path)
    return time.perf_counter() - start


def faster(times: dict[str, list[float]], peer: str) -> float:
    """How many times as long the peer takes for a page as we do: the median over the pages."""
    return statistics.median(
        other / own for own, other in zip(times[OURS], times[peer], strict=True)
    )
