"""What a writer may know beyond the report, and what several writers share."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType

from newsarchive.findings.diagnostics import Diagnostic, Severity
from newsarchive.findings.wording import Style, plain, unlinked
from newsarchive.page.document import Document
from newsarchive.page.lazy_tuples import NamedTuple


def as_named(file: str) -> str:
    """A file as it is named."""
    return file.replace(os.sep, "/")


def unknown(file: str) -> Document | None:
    """No file's text."""
    return None


class Suppressed(NamedTuple):
    """A finding that the baseline knows; what is not known of it is empty."""

    diagnostic: Diagnostic
    fingerprint: str = ""
    reason: str = ""


class Presentation(NamedTuple):
    """What a writer may know beyond the report, and what it is asked to show."""

    style: Style = plain  # colours a text (called as `click.style`)
    show_source: bool = False  # whether people see the line that a finding points at
    quiet: bool = False  # whether people see findings alone, without a summary
    # whether people see how often each rule complains in place of findings
    statistics: bool = False
    width: int = 100  # the columns that there are for a line
    # how people see findings together: by ``target`` or ``page``; empty for a line each
    group: str = ""
    full: bool = False  # whether groups are told whole, however many there are
    # whether people see findings of severity info; None means not in groups
    show_info: bool | None = None
    # the words of the command line, for the commands that may follow; empty where there was none
    command: tuple[str, ...] = ()
    # makes a text lead to a file, where the terminal can
    linked: Callable[[str, str], str] = unlinked
    # makes a text lead to a web address, where the terminal can
    hyperlinked: Callable[[str, str], str] = unlinked
    # the addresses of the pages that explain the rules, by code
    urls: Mapping[str, str] = MappingProxyType({})
    # the least severity that fails a run; None where nothing does
    fails: Severity | None = Severity.ERROR
    # the folder that other programs take paths from, as an absolute path; empty where there is
    # none
    base: str = ""
    # a finding's file as a path from there, with ``/``; absolute if it is elsewhere
    relative: Callable[[str], str] = as_named
    # the text of a finding's file, None where it cannot be read
    document: Callable[[str], Document | None] = unknown
    # for each finding of the report, its fingerprint; empty where not known
    fingerprints: Sequence[str] = ()
    # findings that are none of the report's, as the baseline knows them
    suppressed: Sequence[Suppressed] = ()

    def fingerprint(self, number: int) -> str:
        """The fingerprint of a report's finding, by its number; empty where not known."""
        return self.fingerprints[number] if self.fingerprints else ""

    def led(self, text: str, code: str) -> str:
        """A text that leads to the page of a rule, where that has one and the terminal can."""
        url = self.urls.get(code)
        return self.hyperlinked(text, url) if url else text

    def path(self, diagnostic: Diagnostic) -> str:
        """Where other programs find a finding's file."""
        return self.relative(diagnostic.file) if diagnostic.file else diagnostic.page.lstrip("/")


def told(diagnostics: Iterable[Diagnostic], view: Presentation) -> Iterable[Diagnostic]:
    """The findings that people see one by one."""
    shown = not view.group if view.show_info is None else view.show_info
    if shown or view.fails is Severity.INFO:
        return diagnostics
    return (d for d in diagnostics if d.severity is not Severity.INFO)
