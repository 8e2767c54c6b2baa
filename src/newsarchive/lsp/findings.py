"""Findings as the protocol has them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from hashlib import blake2b
from types import MappingProxyType
from typing import Any

from lsprotocol import types

from newsarchive.findings.diagnostics import Diagnostic, Severity
from newsarchive.lsp.places import Lines
from newsarchive.lsp.session import OpenPage, Session
from newsarchive.page.reading import LinkKind, Reading
from newsarchive.rules import ALL_RULES
from newsarchive.rules._plugins import rule_urls
from newsarchive.rules._rule import Marks

SOURCE = "newsarchive"
MOST = 1000
"""Findings of one page that are told; one more says how many there are beyond."""

_SEVERITIES = {
    Severity.ERROR: types.DiagnosticSeverity.Error,
    Severity.WARNING: types.DiagnosticSeverity.Warning,
    Severity.INFO: types.DiagnosticSeverity.Information,
}
_MARKS = {rule.code: rule.marks for rule in ALL_RULES if rule.marks}
# What can go without loss: editors show it faded.
_UNNECESSARY = (Marks.SUPERFLUOUS, Marks.REPETITION)
_RELATED_SHOWN = 3


def span_range(lines: Lines, start: int, end: int) -> types.Range:
    """A span of a text as a range of the protocol."""
    first, last = lines.place(start), lines.place(end)
    return types.Range(types.Position(*first), types.Position(*last))


def title_span(reading: Reading) -> tuple[int, int]:
    """Where a page says what it is: its title, else its date, else its start."""
    if reading.title:
        return reading.span(*reading.clean(reading.title))
    if reading.heading:
        return reading.span(*reading.heading.match.span("text"))
    return 0, 0


def title_location(view: OpenPage) -> types.Location:
    """The place of a page's title."""
    return types.Location(view.uri, span_range(view.lines, *title_span(view.reading)))


def published(
    session: Session, page: OpenPage, *, related: bool, described: bool = False
) -> list[types.Diagnostic]:
    """The findings on an open page, with what the editor can show of them.

    That may be places that a finding has to do with (`related`), and pages about codes
    (`described`).
    """
    found = session.check(page)
    site = session.settings_of(page.archive).docs_url if found else None
    urls = rule_urls(site or "") if found and described else {}
    told = [as_diagnostic(session, page, d, related=related, urls=urls) for d in found[:MOST]]
    if len(found) > MOST:
        told.append(
            types.Diagnostic(
                types.Range(types.Position(0, 0), types.Position(0, 0)),
                f"{len(found) - MOST} more findings on this page are not shown; "
                "'newsarchive check' shows all",
                types.DiagnosticSeverity.Information,
                source=SOURCE,
            )
        )
    return told


def result_id(told: Iterable[types.Diagnostic]) -> str:
    """A name for what an editor was told of a page: the same for the same findings."""
    return blake2b(repr(list(told)).encode("utf-8", "replace"), digest_size=12).hexdigest()


def as_diagnostic(
    session: Session,
    page: OpenPage,
    found: Diagnostic,
    *,
    related: bool = False,
    urls: Mapping[str, str] = MappingProxyType({}),
) -> types.Diagnostic:
    """One finding; `urls` are the addresses of pages about rules, by code."""
    url = urls.get(found.code)
    elsewhere = list(_elsewhere(session, page, found)) if related else []
    marks = _MARKS.get(found.code)
    return types.Diagnostic(
        range=span_range(page.lines, found.start, found.end),
        message=found.message,
        severity=_SEVERITIES[found.severity],
        code=found.code,
        code_description=types.CodeDescription(url) if url else None,
        source=SOURCE,
        tags=[types.DiagnosticTag.Unnecessary] if marks in _UNNECESSARY else None,
        related_information=elsewhere or None,
        data=_data(found),
    )


def _data(found: Diagnostic) -> dict[str, Any]:
    data: dict[str, Any] = {"rule": found.name}
    if found.fix:
        data["fix"] = found.fix.applicability.value
    if found.target:
        data["target"] = found.target
    if found.suggestions:
        data["suggestions"] = [suggestion.path for suggestion in found.suggestions]
    return data


def _elsewhere(
    session: Session, page: OpenPage, found: Diagnostic
) -> Iterator[types.DiagnosticRelatedInformation]:
    """The places that a finding has to do with, and what they are to it."""
    archive = page.archive
    if _MARKS.get(found.code) is Marks.REPETITION:
        first = span_range(page.lines, *_first_entry(page.reading, found))
        place = types.Location(page.uri, first)
        yield types.DiagnosticRelatedInformation(place, "the first entry for this page")
    if archive is None:
        return
    named: Iterable[tuple[str, str]] = ()
    if _MARKS.get(found.code) is Marks.QUOTATION:
        named = [
            (link.target.partition("#")[0], "the title of the page")
            for link in page.reading.links()
            if _covers(page.reading, link.match, found)
        ]
    elif found.fix and found.fix.page:
        named = [(page, "the index of the day") for page, _ in found.fix.by_page]
    else:
        named = [
            (s.path, f"perhaps this page: {', '.join(s.reasons)}")
            for s in found.suggestions[:_RELATED_SHOWN]
        ]
    for path, why in named:
        view = session.view(archive, path)
        if view:
            yield types.DiagnosticRelatedInformation(title_location(view), why)


def _first_entry(reading: Reading, found: Diagnostic) -> tuple[int, int]:
    """The target of the first related entry that leads where the marked one does."""
    path = reading.document.text[found.start : found.end].partition("#")[0]
    return next(
        reading.span(*link.match.span("target"))
        for link in reading.links()
        if link.kind is LinkKind.RELATED and link.target.partition("#")[0] == path
    )


def _covers(reading: Reading, match: Any, found: Diagnostic) -> bool:
    start, end = reading.span(match.start(), match.end())
    return start <= found.start and found.end <= end
