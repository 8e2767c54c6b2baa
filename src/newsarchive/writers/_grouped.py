"""The report that people act on: what can be done, by missing page, the rest by page."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from newsarchive.findings.diagnostics import Diagnostic, Severity
from newsarchive.findings.missing import MissingPage, missing_pages
from newsarchive.findings.names import day_and_slug
from newsarchive.findings.remedies import Remedy, remedy_of
from newsarchive.findings.report import Report
from newsarchive.findings.wording import COLOURS, count, counted, part_shown, passed_over, read_as
from newsarchive.page.printable import printable
from newsarchive.writers._changed import shown_change
from newsarchive.writers._columns import aligned, cells, cut
from newsarchive.writers._commands import next_commands
from newsarchive.writers._view import Presentation, told

_UNCUT = 1_000_000
# How many groups of each class, pages, and findings of a page are told where not all are asked for.
_MOST = {Remedy.SAFE: 5, Remedy.LIKELY: 5}
_PAGES = 20
_ON_A_PAGE = 5

_HEADINGS = {
    Remedy.SAFE: ("SAFE", Remedy.SAFE.flags),
    Remedy.LIKELY: ("LIKELY", Remedy.LIKELY.flags),
    Remedy.CHOICE: ("YOUR CHOICE", ""),
    Remedy.REMOVAL: ("NOTHING NEAR", "restore the page, or --remove-dead"),
    Remedy.HAND: ("NOTHING NEAR", "restore the page"),
}


def grouped(report: Report, view: Presentation) -> Iterator[str]:
    """The report in groups."""
    shortened = False
    for line in _groups(report, view):
        shortened = shortened or "…" in line
        yield line
    if not view.quiet:
        yield from _totals(report, view, shortened=shortened)


def _groups(report: Report, view: Presentation) -> Iterator[str]:
    if not view.quiet:
        yield from _head(report, view)
    shown = list(told(report.diagnostics, view))
    by_target = [d for d in shown if d.target and view.group == "target"]
    for code in _codes(by_target):
        yield from _broken([d for d in by_target if d.code == code], view)
    others = [d for d in shown if not d.target] if view.group == "target" else shown
    yield from _by_page(others, view)
    yield from _left_out(report, len(report.diagnostics) - len(shown), view)


def _head(report: Report, view: Presentation) -> Iterator[str]:
    words = printable(shlex.join(view.command))
    looked_at = f"{count(report.page_count, 'page')}, {count(report.link_count, 'link')}"
    if cells(words) + cells(looked_at) + 6 <= view.width:
        yield f"{view.style(words, bold=True)}      {looked_at}" if words else looked_at
    else:
        yield from (view.style(cut(words, _room(view)), bold=True), looked_at)
    yield from read_as(report.archives)
    yield from passed_over(report.excluded)
    yield ""


def _codes(diagnostics: Iterable[Diagnostic]) -> list[str]:
    """The codes of findings: the most severe first, of these the most frequent."""
    found = list(diagnostics)
    ranks = {d.code: d.severity.rank for d in sorted(found, key=lambda d: d.severity.rank)}
    counts = Counter(d.code for d in found)
    return sorted(counts, key=lambda code: (-ranks[code], -counts[code], code))


def _room(view: Presentation) -> int:
    """The columns that a text may take; all that it asks for where everything is told."""
    return _UNCUT if view.full else view.width


def _rule(found: Sequence[Diagnostic], view: Presentation) -> str:
    d = found[0]
    grade = view.style(f"{d.severity.value:7}", fg=COLOURS[d.severity], bold=True)
    code = view.led(view.style(d.code, fg=COLOURS[d.severity], bold=True), d.code)
    return f"{grade}  {code} {d.name}"


def _broken(found: list[Diagnostic], view: Presentation) -> Iterator[str]:
    """Broken links of one rule, by what can be done about them."""
    groups = missing_pages(found)
    pages = len({d.file for d in found})
    targets = len({(g.root, g.target) for g in groups})
    what = f"{count(len(found), 'link')} on {count(pages, 'page')}"
    lead = "leads" if len(found) == 1 else "lead"
    where = f"{what} {lead} to {count(targets, 'missing page')}"
    head = _rule(found, view)
    if cells(head) + cells(where) + 4 <= view.width:
        yield f"{head}    {where}"
    else:
        yield from (head, f"  {where}")
    roots = {g.root for g in groups}
    for remedy in _HEADINGS:
        some = [g for g in groups if g.remedy is remedy]
        if some:
            yield ""
            yield from _class(remedy, some, view, named=len(roots) > 1)
    yield ""


def _class(
    remedy: Remedy, groups: list[MissingPage], view: Presentation, *, named: bool
) -> Iterator[str]:
    word, hint = _HEADINGS[remedy]
    links = sum(len(g.links) for g in groups)
    pages = len({(g.root, g.target) for g in groups})
    left = f"  {word}: {count(links, 'link')} to {count(pages, 'page')}"
    yield from aligned(view.style(left, bold=True), hint, view.width)
    most = len(groups) if view.full else _MOST.get(remedy, _PAGES)
    digits = len(f"{len(groups[0].links):,}")
    for group in groups[:most]:
        yield from _group(group, digits, view, named=named)
    rest = groups[most:]
    if rest:
        left_out = count(sum(len(g.links) for g in rest), "link")
        yield f"    {'…':>{digits}} {len(rest):,} more, {left_out}"


def _group(group: MissingPage, digits: int, view: Presentation, *, named: bool) -> Iterator[str]:
    """One missing page: its name and the one that is meant, candidates, and where the links are."""
    day, slug = map(printable, day_and_slug(group.target))
    column = f"    {len(group.links):>{digits},} × "
    owner = f"{printable(group.root)}: " if named else ""
    lead = f"{column}{owner}{day:10}  " if day else f"{column}{owner}"
    margin = " " * (cells(lead) - 2)
    room = max(_room(view) - cells(lead), 20)
    meant = group.meant if group.remedy in (Remedy.SAFE, Remedy.LIKELY) else None
    if meant is None:
        yield lead + cut(slug, room)
    else:
        other, new = map(printable, day_and_slug(meant.path))
        if other == day:
            first, *second = shown_change(slug, new, room, view.style)
            yield lead + first
            yield from (f"{margin}→ {line}" for line in second)
        else:
            yield lead + cut(slug, room)
            yield f"{margin}→ {cut(f'{other}  {new}' if other else new, room)}"
    if meant is None:
        for candidate in group.links[0].suggestions[: None if view.full else 3]:
            yield f"{margin}? {_candidate(candidate.path, day, room - 6)}  {candidate.score:.2f}"
    if meant is None or view.full:
        yield from _linking(group, f"{margin}in ", view)


def _candidate(path: str, day: str, room: int) -> str:
    other, slug = map(printable, day_and_slug(path))
    return cut(slug if other == day else f"{other}  {slug}" if other else slug, room)


def _linking(group: MissingPage, margin: str, view: Presentation) -> Iterator[str]:
    """Where the links to a missing page stand."""
    for d in group.links if view.full else group.links[:1]:
        more = "" if view.full or len(group.links) == 1 else f" +{len(group.links) - 1:,} more"
        end = f":{d.line}{more}"
        if view.full:
            name = printable(d.file or d.page)
        else:
            name = cut(" ".join(day_and_slug(printable(d.page))), view.width - cells(margin + end))
        yield f"{margin}{view.linked(name, d.file)}{end}"


def _by_page(found: list[Diagnostic], view: Presentation) -> Iterator[str]:
    """The findings of other rules: how many of each, then page by page."""
    if not found:
        return
    by_code: dict[str, list[Diagnostic]] = {}
    by_page: dict[str, list[Diagnostic]] = {}
    for d in found:
        by_code.setdefault(d.code, []).append(d)
        by_page.setdefault(d.file or d.page, []).append(d)
    codes = _codes(found)
    width = max(cells(_rule(by_code[code], view)) for code in codes)
    for code in codes:
        some = by_code[code]
        head = _rule(some, view)
        pages = count(len({d.file or d.page for d in some}), "page")
        what = f"{count(len(some), 'finding')} on {pages}"
        yield from aligned(
            f"{head}{' ' * (width - cells(head))}    {what}", _flags(some), view.width
        )
    yield ""
    # The pages with the gravest findings first, of these those with most.
    ordered = sorted(by_page, key=lambda p: (-max(d.severity.rank for d in by_page[p]), p))
    most = len(ordered) if view.full else _PAGES
    for page in ordered[:most]:
        yield from _page(by_page[page], view)
    if rest := ordered[most:]:
        left_out = count(sum(len(by_page[page]) for page in rest), "finding")
        yield f"  … {count(len(rest), 'more page')}, {left_out}"
    yield ""


def _flags(found: Iterable[Diagnostic]) -> str:
    """What repairs all of some findings; empty where nothing, or not the same, does."""
    flags = {remedy_of(d).flags for d in found}
    return flags.pop() if len(flags) == 1 else ""


def _page(found: list[Diagnostic], view: Presentation) -> Iterator[str]:
    name = cut(printable(found[0].file or found[0].page or "<text>"), _room(view) - 2)
    yield f"  {view.style(view.linked(name, found[0].file), bold=True)}"
    most = len(found) if view.full else _ON_A_PAGE
    places = [f"{d.line}:{d.column}" for d in found[:most]]
    width = max(map(len, places))
    for place, d in zip(places, found, strict=False):
        grade = view.style(f"{d.severity.value:7} {d.code}", fg=COLOURS[d.severity])
        head = f"    {place:>{width}} {view.led(grade, d.code)} "
        yield head + cut(printable(d.message), max(_room(view) - cells(head), 20))
        if view.show_source:
            from newsarchive.writers._excerpt import excerpt

            yield from (f"      {line}" for line in excerpt(d, view._replace(width=view.width - 6)))
    if len(found) > most:
        yield f"    {'…':>{width}} {count(len(found) - most, 'more finding')}"


def _left_out(report: Report, number: int, view: Presentation) -> Iterator[str]:
    """The findings of severity info where they are not told one by one."""
    if not number:
        return
    info = Counter(d.code for d in report.diagnostics if d.severity is Severity.INFO)
    codes = "   ".join(f"{code} {n:,}" for code, n in info.most_common())
    grade = view.style(f"{Severity.INFO.value:7}", fg=COLOURS[Severity.INFO], bold=True)
    hint = "shown with --show-info"
    yield from aligned(
        f"{grade}  {cut(codes, max(view.width - 11 - len(hint), 10))}", hint, view.width
    )
    yield ""


def _totals(report: Report, view: Presentation, *, shortened: bool) -> Iterator[str]:
    if not report.counted:
        yield view.style("No findings.", fg="green", bold=True)
        return
    remedies = Counter(map(remedy_of, report.counted))
    errors = [d for d in report.counted if d.severity is Severity.ERROR and d.fix is None]
    parts = [
        f"{remedies[remedy]:,} {remedy.value}"
        for remedy in (Remedy.SAFE, Remedy.LIKELY, Remedy.REMOVAL)
        if remedies[remedy]
    ]
    if errors:
        parts.append(f"{len(errors):,} need{'s' * (len(errors) == 1)} you")
    repairs = f"Repairs: {', '.join(parts)}." if parts else ""
    found = f"{counted(report.counts(), view.style)}."
    if cells(found) + cells(repairs) + 2 <= view.width:
        yield f"{found}  {repairs}".rstrip()
    else:
        yield from (found, repairs)
    yield from part_shown(report.diagnostics, report.left_out)
    yield from next_commands(report, view, shortened=shortened)
