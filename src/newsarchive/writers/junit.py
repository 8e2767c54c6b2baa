"""The report as JUnit XML: a test suite for each page, a test case for each finding.

It keeps to what the schemas of Jenkins (junit-10.xsd of its xUnit plugin) and of Ant's reports
both allow. What Ant's asks for and a check has not is there all the same: no test takes any time,
and all begin in 1970, so that equal reports are equal files.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from xml.sax.saxutils import escape, quoteattr

from newsarchive.findings.diagnostics import Diagnostic
from newsarchive.findings.report import Report
from newsarchive.findings.wording import part_shown
from newsarchive.page.patterns import pattern
from newsarchive.writers._view import Presentation

_ESCAPES = {"\n": "&#10;", "\r": "&#13;", "\t": "&#9;"}
# What no XML 1.0 document may hold, not even as a reference, and the control characters that it may
# hold but readers choke on.
_FORBIDDEN = pattern("[^\t\n\r\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_END = ("<system-out/>", "<system-err/>", "</testsuite>")


def lines(report: Report, view: Presentation = Presentation()) -> Iterator[str]:  # noqa: B008 - frozen
    """The report, an element a line.

    What fails the run is a failure, other findings are skipped tests: a run that ends with 0 has
    no failure. Without findings there is one test that passes, as some readers take a file
    without tests for an error.
    """
    yield '<?xml version="1.0" encoding="utf-8"?>'
    yield "<testsuites>"
    pages: dict[str, list[int]] = {}
    for number, diagnostic in enumerate(report.diagnostics):
        pages.setdefault(view.path(diagnostic), []).append(number)
    for suite, (file, numbers) in enumerate(pages.items()):
        failures = sum(_fails(report.diagnostics[number], view) for number in numbers)
        yield _head(file, suite, len(numbers), failures, len(numbers) - failures)
        yield from _properties(report) if report.left_out and suite == 0 else ("<properties/>",)
        yield from _cases(file, report, numbers, view)
        yield from _END
    if not pages:
        yield _head("newsarchive", 0, 1, 0, 0)
        yield "<properties/>"
        yield '<testcase name="no findings" classname="newsarchive" time="0"/>'
        yield from _END
    yield "</testsuites>"


def _head(file: str, number: int, tests: int, failures: int, skipped: int) -> str:
    name = _attribute(_named(file))
    return (
        f'<testsuite name={name} package={name} id="{number}" tests="{tests}" '
        f'failures="{failures}" errors="0" skipped="{skipped}" time="0" '
        'timestamp="1970-01-01T00:00:00" hostname="localhost">'
    )


def _properties(report: Report) -> Iterator[str]:
    """What the first suite says of the whole report."""
    yield "<properties>"
    for line in part_shown(report.diagnostics, report.left_out):
        yield f'<property name="findings" value={_attribute(line)}/>'
    yield "</properties>"


def _named(file: str) -> str:
    """A file's name, and something in place of none."""
    return file if file.strip() else "newsarchive"


def _cases(file: str, report: Report, numbers: Sequence[int], view: Presentation) -> Iterator[str]:
    for number in numbers:
        d = report.diagnostics[number]
        # Readers know a test by its name from one run to the next: no line numbers.
        name = f"{d.code} {d.name} {view.fingerprint(number)[:12] or number + 1}"
        yield f'<testcase name={_attribute(name)} classname={_attribute(_named(file))} time="0">'
        message = _attribute(d.message)
        url = report.urls.get(d.code, "")
        text = _text(f"{file}:{d.line}:{d.column}: {d.code} [{d.name}] {d.message}\n{url}".rstrip())
        kind = "failure" if _fails(d, view) else "skipped"
        yield f'<{kind} message={message} type="{d.severity.value}">{text}</{kind}>'
        yield "</testcase>"


def _fails(d: Diagnostic, view: Presentation) -> bool:
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
