"""What most tests need to say: a page, its place, and what is found on it.

The input of a test stands in the test. `page` takes the margin off a text that is indented with
the code around it; a line that holds ``·`` at its end ends in one blank, so that no editor takes
it away.
"""

import datetime
import os
import textwrap
from pathlib import Path
from typing import TypeVar

import newsarchive as na
from newsarchive.findings.diagnostics import Diagnostic

P = TypeVar("P", na.Event, na.DayIndex, na.FrontPage, na.OpinionIndex)

TODAY = datetime.date(2020, 1, 1)
"""The clock of the tests: later than every page in them."""

EVENT_PATH = "/news/2016/03/2/the-pier-burns.md"
DAY_PATH = "/news/2016/03/2/index.md"
FRONT_PATH = "/index.md"
OPINION_PATH = "/opinion/index.md"
EDITORIAL_PATH = "/opinion/2016/03/2/on-piers/README.md"
PROSE_PATH = "/faq/README.md"
PATHS = (EVENT_PATH, DAY_PATH, FRONT_PATH, OPINION_PATH, EDITORIAL_PATH, PROSE_PATH, "")
"""One path of each kind of page, and none."""

DATA = Path(__file__).parent / "data"


def uncounted() -> dict[str, str]:
    """The environment for a process whose coverage is not counted: it does nothing but its own."""
    return {k: v for k, v in os.environ.items() if not k.startswith("COVERAGE_")}


def page(text: str) -> str:
    """A text without its margin and the line break after the opening quotes."""
    return textwrap.dedent(text.removeprefix("\n")).replace("·\n", " \n")


def inspected(text: str | bytes, path: str = EVENT_PATH) -> na.Inspection:
    """A text, read and checked on the day that all tests share."""
    return na.inspect(text, path, today=TODAY)


def found(text: str | bytes, path: str = EVENT_PATH) -> list[Diagnostic]:
    """The findings on one page, but for "the event has no source"."""
    return [d for d in inspected(text, path).diagnostics if d.code != "NA502"]


def codes_of(text: str | bytes, path: str = EVENT_PATH) -> list[str]:
    """Code and place of each finding, as ``NA107 4:1``, but for "the event has no source"."""
    return [f"{d.code} {d.line}:{d.column}" for d in found(text, path)]


def _of(kind: type[P], text: str, path: str) -> P:
    parsed = na.parse(text, path)
    assert isinstance(parsed, kind)
    return parsed


def event_of(text: str, path: str = EVENT_PATH) -> na.Event:
    """The event that a text is."""
    return _of(na.Event, text, path)


def index_of(text: str, path: str = DAY_PATH) -> na.DayIndex:
    """The day index that a text is."""
    return _of(na.DayIndex, text, path)


def front_of(text: str, path: str = FRONT_PATH) -> na.FrontPage:
    """The front page that a text is."""
    return _of(na.FrontPage, text, path)


def opinions_of(text: str, path: str = OPINION_PATH) -> na.OpinionIndex:
    """The opinion index that a text is."""
    return _of(na.OpinionIndex, text, path)
