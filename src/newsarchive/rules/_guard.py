"""What stands between a run and the code of other packages: no mistake in it takes a run down."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from contextlib import redirect_stdout
from functools import partial
from itertools import islice
from typing import TypeVar

from newsarchive.errors import EndedBySignal
from newsarchive.findings.diagnostics import Applicability, Suggestion
from newsarchive.findings.edits import BodyEdit
from newsarchive.page.lazy_dataclasses import replace
from newsarchive.page.reading import Reading
from newsarchive.rules._judging import BrokenRuleError, PluginError
from newsarchive.rules._rule import Finding, Repair, Rule

MOST = 10_000
"""How many findings a rule of another package may have on one page."""

T = TypeVar("T")


def attempt(call: Callable[[], T]) -> T:
    """What a call into another package's code gives.

    What it prints goes to standard error: standard output is the report's.

    Raises:
        PluginError: it raised anything but what ctrl-C and signals raise.
    """
    try:
        with redirect_stdout(sys.stderr):
            return call()
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt | EndedBySignal | PluginError):
            raise
        raise PluginError(_reason(error)) from error


def guarded(rule: Rule) -> Rule:
    """The rule with its functions behind a guard: they raise `BrokenRuleError` or nothing.

    Findings are made sure of: their types, their places, their edits.
    """
    return replace(
        rule,
        page=_guard(rule, rule.page, partial(_findings, rule, alone=True)),
        passes=_guard(rule, rule.passes, lambda _, passes: bool(passes)),
        clock=_guard(rule, rule.clock, partial(_findings, rule, alone=True)),
        archive=_guard(rule, rule.archive, partial(_findings, rule, alone=False)),
        # Not open to other packages: `archive` says the same, and is made sure of.
        absent=None,
        wants=None,
        within_folder=False,
        suggests=False,
        trouble=None,
        names=None,
        later=False,
        undecoded=False,
        layout=False,
        whole_page=False,
        marks=None,
    )


def _guard(
    rule: Rule, call: Callable[..., object] | None, take: Callable[[Reading, object], T]
) -> Callable[..., T] | None:
    """A function of a rule behind a guard, which takes what it gives; None where there is none."""
    if call is None:
        return None

    def run(reading: Reading, *more: object) -> T:
        try:
            return attempt(lambda: take(reading, call(reading, *more)))
        except PluginError as error:
            raise BrokenRuleError(rule, reading.path, error.reason) from error

    return run


def _findings(rule: Rule, reading: Reading, found: object, *, alone: bool) -> list[Finding]:
    """The findings that a check gave, made sure of."""
    if not isinstance(found, Iterable):
        raise PluginError(f"the check gave {_kind(found)}, expected findings")
    findings = list(islice(found, MOST + 1))
    if len(findings) > MOST:
        raise PluginError(f"the check gave more than {MOST:,} findings")
    for finding in findings:
        _make_sure(finding, reading, rule, alone=alone)
    return findings


def _make_sure(finding: object, reading: Reading, rule: Rule, *, alone: bool) -> None:
    """Check that what a check gave is a finding.

    One that saw the page `alone` cannot know of any other.

    Raises:
        PluginError: it is none.
    """
    if not isinstance(finding, Finding):
        raise PluginError(f"the check gave {_kind(finding)}, expected a Finding")
    text = reading.document.text if finding.raw else reading.body
    _range(finding.start, finding.end, text, "a finding")
    _words(finding.message, "a finding's message")
    _all_are(Suggestion, finding.suggestions, "a finding's suggestions")
    _words(finding.target, "a finding's target", empty=True)
    if alone and (finding.suggestions or finding.target):
        raise PluginError("only a check of the archive can have suggestions or a target")
    if finding.repair is not None:
        _repair(finding.repair, text, rule)


def _repair(repair: object, text: str, rule: Rule) -> None:
    if not isinstance(repair, Repair):
        raise PluginError(f"a finding's repair is {_kind(repair)}, expected a Repair")
    if not rule.fix:
        raise PluginError("a finding has a repair, but the rule's 'fix' does not say what it does")
    if repair.page or repair.more:
        raise PluginError("a repair may edit the finding's own page only")
    _all_are(Applicability, (repair.applicability,), "a repair's applicability")
    _all_are(bool, (repair.removes,), "a repair's removes")
    _words(repair.title, "a repair's title")
    _all_are(BodyEdit, repair.edits, "a repair's edits")
    if not repair.edits:
        raise PluginError("a repair has no edits")
    for edit in repair.edits:
        _range(edit.start, edit.end, text, "an edit")
        _words(edit.replacement, "an edit's replacement", empty=True)
    last = None
    for edit in sorted(repair.edits, key=lambda edit: (edit.start, edit.end)):
        if last and (edit.start < last.end or edit.start == last.start):
            raise PluginError(f"two edits at {edit.start} touch the same text")
        last = edit


def _range(start: object, end: object, text: str, what: str) -> None:
    if type(start) is not int or type(end) is not int:
        raise PluginError(f"{what} goes from {start!r} to {end!r}, expected two offsets")
    if not 0 <= start <= end <= len(text):
        raise PluginError(f"{what} goes from {start} to {end} in a text of {len(text)}")


def _words(text: object, what: str, *, empty: bool = False) -> None:
    if not isinstance(text, str):
        raise PluginError(f"{what} is {_kind(text)}, expected a str")
    if not (empty or text.strip()):
        raise PluginError(f"{what} is empty")
    text.encode()  # half a surrogate pair can be written nowhere: a reason of its own


def _all_are(kind: type, values: object, what: str) -> None:
    if not isinstance(values, tuple):
        raise PluginError(f"{what}: {_kind(values)}, expected a tuple")
    for value in values:
        if not isinstance(value, kind):
            raise PluginError(f"{what}: {_kind(value)}, expected a {kind.__name__}")


def _kind(value: object) -> str:
    return "None" if value is None else f"a {type(value).__name__}"


def _reason(error: BaseException) -> str:
    """An exception in one line, with the place that it was raised at."""
    import traceback

    text = " ".join("".join(traceback.format_exception_only(error)).split())
    if isinstance(error, SyntaxError):  # it names its own place
        return text
    frames = traceback.extract_tb(error.__traceback__)
    frame = [frame for frame in frames if not frame.filename.startswith("<")][-1]
    file = frame.filename.replace("\\", "/").rpartition("/")[2]
    return f"{text} ({file}, line {frame.lineno})"
