"""Output formats: each turns a report into lines of text.

A format is an entry of `FORMATS` and a module with one function, ``lines(report, view)``. It gives
the report line by line, without line endings, and never holds more than a finding at a time: a
report of a million findings is written as it is read.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

from newsarchive.page.lazy_tuples import NamedTuple

if TYPE_CHECKING:
    from newsarchive.findings.report import Report
    from newsarchive.writers._view import Presentation

# Writers are imported where they are used: the command's help needs their names alone.


class Format(NamedTuple):
    """One output format."""

    name: str  # how the command line calls it
    summary: str  # what it is, in a line without a full stop
    extension: str  # how names of its files end
    media_type: str  # its media type
    # whether it tells the findings' fingerprints, which take a look at each page
    identified: bool = False
    # what a reader makes of findings that the baseline knows, if it tells those, too
    known: str = ""
    # numbers of findings above which a reader of it does not take all, the largest first, and
    # what it does then
    limits: tuple[tuple[int, str], ...] = ()

    def limit_passed(self, findings: int) -> tuple[int, str] | None:
        """The largest limit that a number of findings passes; None where it passes none."""
        return next((limit for limit in self.limits if findings > limit[0]), None)

    def lines(self, report: Report, view: Presentation | None = None) -> Iterator[str]:
        """A report in this format, line by line, without line endings."""
        from newsarchive.writers._view import Presentation

        writer = importlib.import_module(f"newsarchive.writers.{self.name}")
        written: Iterator[str] = writer.lines(report, view or Presentation())
        return written


FORMATS: tuple[Format, ...] = (
    Format("text", "findings for people, with a summary; grouped on a terminal", ".txt",
           "text/plain"),
    Format("concise", "one line for each finding, and one for all", ".txt", "text/plain"),
    Format("json", "one JSON object", ".json", "application/json", True),
    Format("jsonl", "JSON lines: the summary, then each finding", ".jsonl",
           "application/jsonl", True),
    Format("sarif", "SARIF 2.1.0 with fixes, for code scanning", ".sarif",
           "application/sarif+json", True, "code scanning on GitHub takes them for open ones",
           ((25_000, "code scanning on GitHub refuses a run with more than 25,000"),
            (5_000, "code scanning on GitHub shows no more than 5,000"))),
    Format("github", "annotations, as workflow commands of GitHub Actions", ".txt", "text/plain"),
    Format("gitlab", "GitLab's Code Quality report", ".json", "application/json", True),
    Format("markdown", "what was found, what can be done, and the findings", ".md",
           "text/markdown"),
    Format("junit", "JUnit XML: a suite for each page", ".xml", "application/xml", True),
)  # fmt: skip
"""Every output format, in the order in which help lists them."""

BY_NAME = {form.name: form for form in FORMATS}
"""The same by name."""
