"""What people read of findings: a line for each, and how much was found."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from newsarchive.findings.diagnostics import Applicability, Diagnostic, Fix, Severity
from newsarchive.page.printable import printable

Style = Callable[..., str]

COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.INFO: "blue"}


def plain(text: str, **_: object) -> str:
    """A text as it is: a style without colours."""
    return text


def nothing(_: Diagnostic) -> Iterable[str]:
    """No line."""
    return ()


def as_json(value: object) -> str:
    """A value as JSON in one line of visible ASCII: JSON itself lets DEL stand as it is."""
    return json.dumps(value).replace("\x7f", "\\u007f")


def count(number: int, noun: str) -> str:
    """A number and its noun: ``1 page``, ``2 pages``, ``2 index entries``."""
    if number != 1:
        noun = {"entry": "entries", "index entry": "index entries", "day index": "day indexes",
                "opinion index": "opinion indexes"}.get(noun, noun + "s")  # fmt: skip
    return f"{number:,} {noun}"


def line(d: Diagnostic, style: Style = plain) -> str:
    """A finding as one line."""
    fixable = " (fixable)" if d.fix and flags_of(d.fix) == "--fix" else ""
    if style is plain:
        return f"{d}{fixable}"
    code = style(d.code, fg=COLOURS[d.severity], bold=True)
    where = style(printable(d.where), bold=True)
    return f"{where}: {code} [{d.name}] {printable(d.message)}{fixable}"


def grouped(
    diagnostics: Sequence[Diagnostic],
    style: Style = plain,
    below: Callable[[Diagnostic], Iterable[str]] = nothing,
) -> Iterator[str]:
    """Findings line by line; links to one missing page stand together, below the first.

    Args:
        diagnostics: the findings.
        style: colours a text.
        below: what stands below the line of a finding.
    """
    groups = _by_missing_page(diagnostics)
    for diagnostic in diagnostics:
        group = groups.get(_missing_page(diagnostic)) if diagnostic.target else None
        if group and group[0] is not diagnostic:
            continue  # below the first link to the same missing page
        many = f" (linked from {count(len(group), 'place')})" if group else ""
        yield line(diagnostic, style) + many
        yield from below(diagnostic)
        for other in group[1:] if group else ():
            yield f"    also {printable(other.where)}: {other.code} [{other.name}]"


def _missing_page(d: Diagnostic) -> tuple[str, str]:
    """The archive's root and the missing page: a report may be of several archives."""
    return d.file.removesuffix(d.page), d.target


def _by_missing_page(
    diagnostics: Iterable[Diagnostic],
) -> dict[tuple[str, str], list[Diagnostic]]:
    """The broken links by the page that is missing, where several lead to it."""
    groups: dict[tuple[str, str], list[Diagnostic]] = {}
    for diagnostic in diagnostics:
        if diagnostic.target:
            groups.setdefault(_missing_page(diagnostic), []).append(diagnostic)
    return {target: group for target, group in groups.items() if len(group) > 1}


_PAGE_NOUNS = {"prose": "prose page"}
_LINK_NOUNS = {
    "related": "related link",
    "change": "change",
    "day": "day link",
    "previous-day": "previous-day link",
    "format": "format link",
}


def summary(
    pages: Mapping[str, int],
    links: Mapping[str, int],
    diagnostics: Iterable[Diagnostic],
    style: Style = plain,
    excluded: Sequence[str] = (),
) -> Iterator[str]:
    """What was checked and what was found, in two to four lines."""
    kinds = f": {_kinds(pages, _PAGE_NOUNS)}" if pages else ""
    yield f"Checked {count(sum(pages.values()), 'page')}{kinds}."
    if links:
        yield f"Followed {count(sum(links.values()), 'link')}: {_kinds(links, _LINK_NOUNS)}."
    if excluded:
        more = f" and {len(excluded) - _NAMED:,} more" if len(excluded) > _NAMED else ""
        names = ", ".join(printable(path.lstrip("/")) for path in excluded[:_NAMED])
        yield f"Passed over, as none of the archive's: {names}{more}."
    yield found(diagnostics, style)


_NAMED = 5
"""How many files and folders that were passed over are named."""


def _kinds(counts: Mapping[str, int], nouns: Mapping[str, str]) -> str:
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(count(n, nouns.get(kind, kind.replace("-", " "))) for kind, n in ordered)


def part_shown(diagnostics: Sequence[Diagnostic], left_out: Sequence[Diagnostic]) -> Iterator[str]:
    """A line that says how many findings are left out, where some are."""
    if left_out:
        total = len(diagnostics) + len(left_out)
        yield f"Shown are the {len(diagnostics):,} gravest of {total:,} findings."


def found(diagnostics: Iterable[Diagnostic], style: Style = plain) -> str:
    """How much was found and how much of it can be repaired, in one line."""
    counts: Counter[Severity] = Counter()
    fixes: Counter[str] = Counter()
    for d in diagnostics:
        counts[d.severity] += 1
        if d.fix is not None:
            fixes[flags_of(d.fix)] += 1
    if not counts:
        return style("No findings.", fg="green", bold=True)
    kinds = ", ".join(
        style(count(counts[s], s.value) if s is not Severity.INFO else f"{counts[s]:,} info",
              fg=COLOURS[s], bold=True)
        for s in Severity
        if counts[s]
    )  # fmt: skip
    hints = [f"{fixes[flags]:,} {how} {flags}" for flags, how in FIXED_BY.items() if fixes[flags]]
    return f"Found {kinds}{'; ' if hints else ''}{', '.join(hints)}."


FIXED_BY = {
    "--fix": "can be fixed with",
    "--unsafe-fixes": "more with",
    "--unsafe-fixes --remove-dead": "more with",
}
"""The flags that it takes to have fixes written, and how findings are counted that they mend."""


def flags_of(fix: Fix) -> str:
    """The flags that it takes to have a fix written."""
    if fix.removes:
        return "--unsafe-fixes --remove-dead"
    return "--fix" if fix.applicability is Applicability.SAFE else "--unsafe-fixes"
