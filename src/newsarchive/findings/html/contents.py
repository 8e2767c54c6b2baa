"""What stands in a health report: findings grouped and counted, with every list bounded."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate
from typing import Any

from newsarchive.findings.diagnostics import Diagnostic, Severity
from newsarchive.findings.html import svg
from newsarchive.findings.html.bounds import (
    CANDIDATES,
    CHOICES,
    LINKS,
    MISSING,
    ROWS,
    of_a_rule,
)  # fmt: skip
from newsarchive.findings.html.figures import Counted, Figures
from newsarchive.findings.missing import MissingPage, missing_pages
from newsarchive.findings.names import compared, day_and_slug, iso_day
from newsarchive.findings.remedies import Remedy, remedy_of
from newsarchive.page.printable import printable

_CLASSES = {
    Remedy.SAFE: "safe",
    Remedy.LIKELY: "likely",
    Remedy.CHOICE: "choice",
    Remedy.REMOVAL: "gone",
    Remedy.HAND: "hand",
}
_STEPS = {
    Remedy.SAFE: "look at the safe repairs, then write them with --fix",
    Remedy.LIKELY: "look at the likely ones, too",
    Remedy.REMOVAL: "and at the entries whose page is gone for good",
}


def contents(report: Counted, figures: Figures) -> dict[str, Any]:
    """What the template of a health report is given."""
    missing, counts = missing_pages(report.counted), report.counts()
    links = _links(missing)
    # Of 100,000 findings few stand in other folders than those before them.
    folders = Counter(
        (d.code, d.severity is Severity.INFO, d.page.rpartition("/")[0]) for d in report.counted
    )
    return {
        "report": report,
        "figures": figures,
        "counts": {severity.value: counts[severity] for severity in Severity},
        "broken": links.total(),
        "missing_total": len(links),
        "repairs": _repairs(report, missing, figures),
        "months": _months(missing, figures),
        "start": _start(links),
        "rules": list(_rules(report, figures)),
        "choices": [
            _choice(group, figures)
            for group in [g for g in missing if g.remedy is Remedy.CHOICE][:CHOICES]
        ],
        "choices_left": max(sum(g.remedy is Remedy.CHOICE for g in missing) - CHOICES, 0),
        "missing": [_missing(group) for group in missing[:MISSING]],
        "missing_left": max(len(missing) - MISSING, 0),
        "days": _days(folders),
        "rule_years": _rule_years(folders),
        "year_links": _matrix(figures.years),
        "components": sorted(figures.components.items(), reverse=True)[:ROWS],
        "events_total": sum(n * size for size, n in figures.components.items()),
        "orphans": _orphans(report),
        "hosts": _hosts(figures),
        "trend": _trend(figures),
        "excluded": report.excluded[:ROWS],
        "rows": ROWS,
    }


def _links(missing: Sequence[MissingPage]) -> Counter[tuple[str, str]]:
    """How many links lead to each missing page, by its archive's root and its path."""
    links = Counter[tuple[str, str]]()
    for group in missing:
        links[group.root, group.target] += len(group.links)
    return links


def _repairs(report: Counted, missing: Sequence[MissingPage], figures: Figures) -> dict[str, Any]:
    remedies = Counter(remedy_of(d) for d in report.counted if d.fix and not d.target)
    for group in missing:
        remedies[group.remedy] += len(group.links)
    legend = [
        (_CLASSES[remedy], remedy.value, remedies[remedy]) for remedy in Remedy if remedies[remedy]
    ]
    steps = []
    if figures.command:
        for remedy, text in _STEPS.items():
            if remedies[remedy]:
                flags = ["--diff", *remedy.flags.split()[1:]]
                steps.append((printable(shlex.join([*figures.command, *flags])), text))
    title = ", ".join(f"{number:,} {name}" for _, name, number in legend)
    return {
        "total": remedies.total(),
        "legend": legend,
        "steps": steps,
        "chart": svg.stacked("repairs", title, legend) if legend else "",
    }


def _months(missing: Sequence[MissingPage], figures: Figures) -> dict[str, Any]:
    """Broken links by the month of the page that is missing, and the events of each month."""
    found: Counter[str] = Counter()
    for group in missing:
        if day := iso_day(group.target):
            found[day[:7]] += len(group.links)
    if not found:
        return {}
    known = sorted({*found, *figures.events})
    keys = list(_months_between(known[0], known[-1]))
    title = f"Broken links by month of the missing page, {keys[0]} to {keys[-1]}"
    return {
        "chart": svg.columns("months", title, keys, found, figures.events),
        "rows": [(m, n, figures.events.get(m, 0)) for m, n in found.most_common(2 * ROWS)],
        "most": max(found.values()),
        "most_events": max(figures.events.values(), default=0),
        "two": sum(n for _, n in found.most_common(2)),
        "left": max(len(found) - 2 * ROWS, 0),
    }


def _months_between(first: str, last: str) -> Iterator[str]:
    year, month = int(first[:4]), int(first[5:7])
    while f"{year:04}-{month:02}" <= last and year < 10000:
        yield f"{year:04}-{month:02}"
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)


def _start(links: Counter[tuple[str, str]]) -> dict[str, Any]:
    """How many broken links the missing pages with most links stand for."""
    if not links:
        return {}
    total = links.total()
    shares = [done / total for done in accumulate(sorted(links.values(), reverse=True))]
    marks = [n for n in (10, 50, 100, 500) if n < len(shares)] + [len(shares)]
    title = "How many broken links are repaired with the missing pages that most links lead to"
    return {
        "chart": svg.curve("start", title, shares, marks[:4]),
        "rows": [(n, shares[n - 1]) for n in marks],
    }


def _rules(report: Counted, figures: Figures) -> Iterator[dict[str, Any]]:
    """Each rule that found something, the most severe first, with some of its findings."""
    by_code: dict[str, list[Diagnostic]] = {}
    for d in report.counted:
        by_code.setdefault(d.code, []).append(d)
    most, listed = max(map(len, by_code.values()), default=0), of_a_rule(len(by_code))
    gravity = {code: max({d.severity for d in found}) for code, found in by_code.items()}
    for code in sorted(by_code, key=lambda c: (-gravity[c].rank, -len(by_code[c]), c)):
        found = by_code[code]
        severity = gravity[code]
        yield {
            "code": code,
            "name": found[0].name,
            "severity": severity.value,
            "about": figures.rules.get(code, ""),
            "url": report.urls.get(code, ""),
            "number": len(found),
            "pages": len({d.file or d.page for d in found}),
            "bar": svg.bar(len(found) / most, f"s-{severity.value}"),
            "rows": [(*day_and_slug(d.page), f"{d.line}:{d.column}", d.message)
                     for d in found[:listed]],
            "left": max(len(found) - listed, 0),
        }  # fmt: skip


def _choice(group: MissingPage, figures: Figures) -> dict[str, Any]:
    """A missing page that people decide about: its title, and candidates with their evidence."""
    return {
        **_page(group.target, figures),
        "links": len(group.links),
        "where": [(*day_and_slug(d.page), d.line) for d in group.links[:LINKS]],
        "candidates": [
            {**_page(s.path, figures), "score": f"{s.score:.2f}", "reasons": s.reasons}
            for s in group.links[0].suggestions[:CANDIDATES]
        ],
    }


def _page(path: str, figures: Figures) -> dict[str, str]:
    day, slug = day_and_slug(path)
    return {"day": day, "slug": slug, "title": figures.titles.get(path, "")}


def _missing(group: MissingPage) -> dict[str, Any]:
    day, slug = day_and_slug(group.target)
    meant = group.meant if group.remedy in (Remedy.SAFE, Remedy.LIKELY) else None
    other, new = day_and_slug(meant.path) if meant else ("", "")
    return {
        "links": len(group.links),
        "day": day,
        "slug": slug,
        "change": compared(slug, new) if meant and other == day else None,
        "meant": f"{other} {new}".strip() if meant and other != day else "",
        "class": _CLASSES[group.remedy],
        "remedy": group.remedy.value,
        "where": [(*day_and_slug(d.page), d.line) for d in group.links[:LINKS]],
        "left": max(len(group.links) - LINKS, 0),
    }


def _days(folders: Mapping[tuple[str, bool, str], int]) -> dict[str, Any]:
    """Errors and warnings by the day of their page."""
    found = Counter[str]()
    for (_, is_info, folder), number in folders.items():
        if not is_info and (day := iso_day(f"{folder}/")):
            found[day] += number
    if not found:
        return {}
    years = Counter[str]()
    for day, number in found.items():
        years[day[:4]] += number
    title = f"Errors and warnings by day, {min(found)} to {max(found)}"
    rows = []
    for year, number in sorted(years.items()):
        days = {day: n for day, n in found.items() if day.startswith(year)}
        worst = max(days, key=lambda day: (days[day], day))
        rows.append((year, number, len(days), worst, days[worst]))
    return {"chart": svg.calendar("days", title, found), "rows": rows}


def _rule_years(folders: Mapping[tuple[str, bool, str], int]) -> dict[str, Any]:
    """Findings by rule and year of the page."""
    found = Counter[tuple[str, str]]()
    for (code, _, folder), number in folders.items():
        if day := iso_day(f"{folder}/"):
            found[code, day[:4]] += number
    return _matrix(found)


def _matrix(found: Mapping[tuple[str, str], int]) -> dict[str, Any]:
    """Counts by two keys as rows of cells, each with its shade."""
    if not found:
        return {}
    across = sorted({column for _, column in found})
    counts, most = Counter(found), max(found.values())
    rows = [
        (row, [(counts[row, column], svg.level(counts[row, column], most)) for column in across])
        for row in sorted({row for row, _ in found})
    ]
    return {"columns": across, "rows": rows}


def _orphans(report: Counted) -> dict[str, Any]:
    """Events that no index lists, as NA208 found them."""
    found = [d for d in report.counted if d.name == "orphan-page"]
    return {"number": len(found), "rows": [day_and_slug(d.page) for d in found[:ROWS]]}


def _hosts(figures: Figures) -> dict[str, Any]:
    ordered = sorted(figures.hosts.items(), key=lambda item: (-item[1], item[0]))
    most = ordered[0][1] if ordered else 1
    return {
        "rows": [
            (host, number, svg.bar(number / most, "plain")) for host, number in ordered[:ROWS]
        ],
        "left": max(len(ordered) - ROWS, 0),
        "total": sum(figures.hosts.values()),
    }


def _trend(figures: Figures) -> dict[str, Any]:
    runs = figures.runs[-60:]
    if len(runs) < 2:
        return {}
    series = {"errors": [run.errors for run in runs], "warnings": [run.warnings for run in runs]}
    title = f"Errors and warnings in {len(runs)} runs, {runs[0].day} to {runs[-1].day}"
    return {"chart": svg.trend("trend", title, series), "rows": runs[: -ROWS - 1 : -1]}
