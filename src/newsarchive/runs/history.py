"""A history of reports: a file of JSON lines that each run appends to, so that "new" is true.

A line has the counts of a run, and which findings came and went since the line before, by their
fingerprints. So the file grows by what changes, and the last run's findings are all lines folded.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from newsarchive.errors import HistoryError
from newsarchive.findings.diagnostics import Severity
from newsarchive.findings.html.figures import RunPoint
from newsarchive.findings.report import Report
from newsarchive.runs.fingerprints import VERSION
from newsarchive.store.atomic import read_bytes

FORMAT = 1
"""The version of the file's lines."""

MOST_BYTES = 1 << 28
_KEY = "newsarchive-history"
_NUMBERS = ("error", "warning", "info", "pages", "links", "fingerprints")


@dataclass(frozen=True)
class PastRuns:
    """The runs that a file tells of."""

    lines: tuple[str, ...] = ()  # the file's lines
    runs: tuple[RunPoint, ...] = ()  # the runs, in order
    # the fingerprints of the last one's findings; None where there was none, or where they were
    # made in another way
    known: frozenset[str] | None = None

    def appended(self, report: Report, day: str, state: str, found: Iterable[str]) -> PastRuns:
        """This history with one more run: its day, its archive's state, its fingerprints."""
        now = frozenset(found)
        before = self.known or frozenset()
        counts = report.counts()
        line: dict[str, Any] = {
            _KEY: FORMAT,
            "day": day,
            "state": state,
            "pages": report.page_count,
            "links": report.link_count,
            **{severity.value: counts[severity] for severity in Severity},
            "fingerprints": VERSION,
            "new": sorted(now - before),
            "gone": sorted(before - now),
        }
        return PastRuns((*self.lines, json.dumps(line)), (*self.runs, _point(line)), now)


def read_history(file: str | os.PathLike[str]) -> PastRuns:
    """The history that a file holds; an empty one where there is no file.

    Raises:
        HistoryError: the file is no history, is damaged, or was made by a newer version.
        OSError: it cannot be read.
    """
    name = os.fspath(file)
    if not os.path.lexists(name):
        return PastRuns()
    text = read_bytes(name, MOST_BYTES).decode("utf-8", "replace")
    lines = tuple(line for line in text.split("\n") if line.strip())
    runs: list[RunPoint] = []
    known: set[str] = set()
    version = VERSION
    for number, values in _objects(name, lines):
        if values["fingerprints"] != version:
            known, version = set(), values["fingerprints"]
        known -= set(values["gone"])
        known |= set(values["new"])
        runs.append(_point(values))
        if number == 1 and values["gone"]:
            raise HistoryError(name, 1, "the first run tells of findings that went: lines are lost")
    usable = runs and version == VERSION
    return PastRuns(lines, tuple(runs), frozenset(known) if usable else None)


def _objects(file: str, lines: Iterable[str]) -> Iterator[tuple[int, dict[str, Any]]]:
    for number, line in enumerate(lines, 1):
        try:
            values = json.loads(line)
        except (ValueError, RecursionError):
            values = None
        if not isinstance(values, dict) or type(values.get(_KEY)) is not int:
            raise HistoryError(file, number, "this is no line of a history; name another file")
        if values[_KEY] > FORMAT:
            raise HistoryError(file, number, "a newer newsarchive wrote it: update newsarchive")
        whole = (
            all(type(values.get(key)) is int for key in _NUMBERS)
            and isinstance(values.get("day"), str)
            and all(
                isinstance(values.get(key), list) and all(type(v) is str for v in values[key])
                for key in ("new", "gone")
            )
        )
        if not whole:
            raise HistoryError(file, number, "a part of the line is missing or of another kind")
        yield number, values


def _point(values: dict[str, Any]) -> RunPoint:
    return RunPoint(values["day"], values["error"], values["warning"], values["info"])
