"""What people read of findings: a line for each, and how much was found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from types import MappingProxyType

from newsarchive.findings.diagnostics import Diagnostic, Severity
from newsarchive.findings.remedies import Remedy, remedy_of
from newsarchive.page.printable import printable

Style = Callable[..., str]
Led = Callable[[str, str], str]
"""Makes a text lead to the page of a rule, which is given by code."""

COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.INFO: "blue"}


def plain(text: str, **_: object) -> str:
    """A text as it is: a style without colours."""
    return text


@cache
def _encode() -> Callable[[object], str]:
    from json import JSONEncoder

    # Nothing that is told holds itself: to look for that takes a tenth of the time.
    return JSONEncoder(check_circular=False).encode


def as_json(value: object) -> str:
    """A value as JSON in one line of visible ASCII: JSON itself lets DEL stand as it is."""
    return _encode()(value).replace("\x7f", "\\u007f")


def separated(texts: Iterator[str]) -> Iterator[str]:
    """Lines of JSON with a comma after each but the last."""
    last = next(texts, None)
    for text in texts:
        yield f"{last},"
        last = text
    if last is not None:
        yield last


def count(number: int, noun: str) -> str:
    """A number and its noun: ``1 page``, ``2 pages``, ``2 index entries``."""
    if number != 1:
        noun = {"entry": "entries", "index entry": "index entries", "day index": "day indexes",
                "opinion index": "opinion indexes"}.get(noun, noun + "s")  # fmt: skip
    return f"{number:,} {noun}"


def unlinked(text: str, place: str) -> str:
    """A text that leads nowhere."""
    return text


def line(d: Diagnostic, style: Style = plain, led: Led = unlinked) -> str:
    """A finding as one line; `led` makes its code lead to the rule's page."""
    fixable = " (fixable)" if remedy_of(d) is Remedy.SAFE else ""
    if style is plain:
        return f"{d}{fixable}"
    where = style(printable(d.where), bold=True)
    return f"{where}: {led(graded(d, style), d.code)} [{d.name}] {printable(d.message)}{fixable}"


def graded(d: Diagnostic, style: Style = plain) -> str:
    """How grave a finding is, and its code."""
    return style(f"{d.severity.value} {d.code}", fg=COLOURS[d.severity], bold=True)


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
    archives: Mapping[str, str] = MappingProxyType({}),
) -> Iterator[str]:
    """What was checked and what was found, in two to five lines."""
    kinds = f": {_kinds(pages, _PAGE_NOUNS)}" if pages else ""
    yield f"Checked {count(sum(pages.values()), 'page')}{kinds}."
    if links:
        yield f"Followed {count(sum(links.values()), 'link')}: {_kinds(links, _LINK_NOUNS)}."
    yield from read_as(archives)
    yield from passed_over(excluded)
    yield found(diagnostics, style)


def read_as(archives: Mapping[str, str]) -> Iterator[str]:
    """A line that names archives, where there are several, and editions but the English alone."""
    if len(archives) > 1:
        names = ", ".join(f"{root} (edition {name})" for root, name in archives.items())
        yield f"Read {len(archives):,} archives: {printable(names)}."
    elif (names := "".join(archives.values())) not in ("", "en"):
        yield f"Read as edition: {printable(names)}."


def passed_over(excluded: Sequence[str]) -> Iterator[str]:
    """A line that names what is none of the archive's, where something is."""
    if excluded:
        more = f" and {len(excluded) - _NAMED:,} more" if len(excluded) > _NAMED else ""
        names = ", ".join(printable(path.lstrip("/")) for path in excluded[:_NAMED])
        yield f"Left out, as no part of the archive: {names}{more}."


_NAMED = 5
"""How many files and folders that were passed over are named."""


def _kinds(counts: Mapping[str, int], nouns: Mapping[str, str]) -> str:
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(count(n, nouns.get(kind, kind.replace("-", " "))) for kind, n in ordered)


def part_shown(diagnostics: Sequence[Diagnostic], left_out: Sequence[Diagnostic]) -> Iterator[str]:
    """A line that says how many findings are left out, where some are."""
    if left_out:
        total = len(diagnostics) + len(left_out)
        yield f"Shown are the {len(diagnostics):,} most severe of {total:,} findings."


def found(diagnostics: Iterable[Diagnostic], style: Style = plain) -> str:
    """How much was found and how much of it can be repaired, in one line."""
    counts: Counter[Severity] = Counter()
    remedies: Counter[Remedy] = Counter()
    for d in diagnostics:
        counts[d.severity] += 1
        remedies[remedy_of(d)] += 1
    if not counts:
        return style("No findings.", fg="green", bold=True)
    hints = [
        f"{remedies[remedy]:,} {how} {remedy.asked}"
        for remedy, how in FIXED_BY.items()
        if remedies[remedy]
    ]
    return f"Found {counted(counts, style)}{'; ' if hints else ''}{', '.join(hints)}."


def counted(counts: Mapping[Severity, int], style: Style = plain) -> str:
    """How many findings of each severity there are: ``2 errors, 1 warning, 3 info``."""
    return ", ".join(
        style(counted_of(severity, counts[severity]), fg=COLOURS[severity], bold=True)
        for severity in Severity
        if counts[severity]
    )


def counted_of(severity: Severity, number: int) -> str:
    """How many findings of one severity there are: ``2 errors``."""
    return f"{number:,} info" if severity is Severity.INFO else count(number, severity.value)


FIXED_BY = {
    Remedy.SAFE: "can be fixed with",
    Remedy.LIKELY: "more with",
    Remedy.REMOVAL: "more with",
}
"""How findings are counted that options mend."""
