"""The report as JUnit XML: a test suite for each page, a test case for each finding."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby
from xml.sax.saxutils import escape, quoteattr

from newsarchive.findings.diagnostics import Diagnostic
from newsarchive.findings.report import Report
from newsarchive.writers._view import View

_ESCAPES = {"\n": "&#10;", "\r": "&#13;", "\t": "&#9;"}
# What no XML 1.0 document may hold, not even as a reference.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def lines(report: Report, view: View = View()) -> Iterator[str]:  # noqa: B008 - frozen
    """The report, an element a line.

    What fails the run is a failure, other findings are skipped tests: a run that ends with 0 has
    no failure. Without findings there is one test that passes, as some readers take a file
    without tests for an error.
    """
    found = report.diagnostics
    failures = sum(_fails(d, view) for d in found)
    counts = f'tests="{len(found) or 1}" failures="{failures}" errors="0"'
    yield '<?xml version="1.0" encoding="utf-8"?>'
    yield f'<testsuites name="newsarchive" {counts}>'
    if not found:
        yield '<testsuite name="newsarchive" tests="1" failures="0" errors="0" skipped="0">'
        yield '<testcase name="no findings" classname="newsarchive"/>'
        yield "</testsuite>"
    start = 0
    for file, group in groupby(found, key=view.path):
        end = start + sum(1 for _ in group)
        yield from _suite(file, report, range(start, end), view)
        start = end
    yield "</testsuites>"


def _suite(file: str, report: Report, numbers: range, view: View) -> Iterator[str]:
    found = report.diagnostics
    failures = sum(_fails(found[number], view) for number in numbers)
    yield (
        f'<testsuite name={_attribute(file)} tests="{len(numbers)}" failures="{failures}" '
        f'errors="0" skipped="{len(numbers) - failures}">'
    )
    for number in numbers:
        d = found[number]
        # Readers know a test by its name from one run to the next: no line numbers.
        name = f"{d.code} {d.name} {view.fingerprint(number)[:12] or number + 1}"
        place = f'file={_attribute(file)} line="{d.line}"'
        yield f"<testcase name={_attribute(name)} classname={_attribute(file)} {place}>"
        message = _attribute(d.message)
        if _fails(d, view):
            text = _text(f"{file}:{d.line}:{d.column}: {d.code} [{d.name}] {d.message}")
            yield f'<failure message={message} type="{d.severity.value}">{text}</failure>'
        else:
            yield f"<skipped message={message}/>"
        yield "</testcase>"
    yield "</testsuite>"


def _fails(d: Diagnostic, view: View) -> bool:
    return view.fails is not None and d.severity >= view.fails


def _attribute(text: str) -> str:
    return _ascii(quoteattr(_allowed(text), _ESCAPES))


def _text(text: str) -> str:
    return _ascii(escape(_allowed(text), _ESCAPES))


def _allowed(text: str) -> str:
    return _FORBIDDEN.sub(lambda m: m[0].encode("unicode_escape").decode(), text)


def _ascii(text: str) -> str:
    """Other characters as references: a standard output that is not UTF-8 spoils nothing."""
    return text.encode("ascii", "xmlcharrefreplace").decode()
