"""The run over an archive: read every page once, judge it, then judge what depends on others."""

from __future__ import annotations

import datetime
import multiprocessing
import os
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import NamedTuple

from newsarchive.archive import Archive
from newsarchive.diagnostics import Diagnostic
from newsarchive.facts import Facts, exists_key, facts_of, keys, previous_key
from newsarchive.parser import read
from newsarchive.paths import PageKind, kind_of
from newsarchive.report import Report
from newsarchive.rules import ALL_RULES, Rule
from newsarchive.rules._run import run_rules, select_rules

_CHUNK = 256
Progress = Callable[[int, int], None]


class PageResult(NamedTuple):
    """What reading one page gave: its own findings, and its facts (None if it was unreadable)."""

    path: str
    diagnostics: list[Diagnostic]
    facts: Facts | None


def check(
    archive: Archive | str | os.PathLike[str],
    *,
    select: Iterable[str] = (),
    ignore: Iterable[str] = (),
    only: Collection[str] | None = None,
    today: datetime.date | None = None,
    jobs: int | None = 1,
    progress: Progress | None = None,
) -> Report:
    """Check the pages of an archive.

    Args:
        archive: an archive, or the folder of one (a folder that holds ``news/``).
        select: rules to run, by code (``NA201``), prefix (``NA2``) or name; ``ALL`` is every rule.
            Empty means every rule that is on by default.
        ignore: rules to leave out of those.
        only: archive paths of the pages to check; None means all. Links are followed through the
            whole archive either way.
        today: the day that future dates are measured against; by default the local date.
        jobs: how many processes read pages; None means one for each core, 1 means no other
            process. The report does not depend on it.
        progress: called with the number of pages done, and of all pages.

    Returns:
        The findings, by page and place, and counts of pages and links.

    Raises:
        NotAnArchiveError: `archive` is a folder without ``news/``.
        UnknownRuleError: `select` or `ignore` names no rule.
    """
    rules = select_rules(select, ignore)
    if not isinstance(archive, Archive):
        archive = Archive(archive)
    today = today or datetime.date.today()
    pages = archive.scan.pages
    if only is not None:
        pages = [path for path in pages if path in only]
    results = list(_read_all(archive, pages, rules, jobs or os.cpu_count() or 1, progress))
    found = [d for result in results for d in result.diagnostics]
    found += _troubles(archive, rules, only)
    found += _across(archive, results, rules, today, complete=only is None)
    found.sort(key=lambda d: d.sort_key)
    kinds: Counter[str] = Counter()
    links: Counter[str] = Counter()
    for result in results:
        if result.facts:
            kinds[result.facts.kind] += 1
            links.update(result.facts.links)
    return Report(tuple(found), dict(kinds), dict(links))


def _read_all(
    archive: Archive, pages: list[str], rules: Sequence[Rule], jobs: int, progress: Progress | None
) -> Iterator[PageResult]:
    """Read every page, in this process or in others, in order."""
    root, done = str(archive.root), 0
    codes = tuple(rule.code for rule in rules)
    chunks = [pages[i : i + _CHUNK] for i in range(0, len(pages), _CHUNK)]
    for results in _map(root, chunks, codes, min(jobs, len(chunks))):
        yield from results
        done += len(results)
        if progress:
            progress(done, len(pages))


def _map(
    root: str, chunks: list[list[str]], codes: tuple[str, ...], jobs: int
) -> Iterator[list[PageResult]]:
    if jobs <= 1:
        for chunk in chunks:
            yield read_pages(root, chunk, codes)
        return
    # fork starts workers in milliseconds with everything imported; spawn is for other systems.
    method = "fork" if "fork" in multiprocessing.get_all_start_methods() else "spawn"
    context = multiprocessing.get_context(method)
    with ProcessPoolExecutor(jobs, mp_context=context) as pool:
        yield from pool.map(read_pages, [root] * len(chunks), chunks, [codes] * len(chunks))


def read_pages(root: str, pages: list[str], codes: tuple[str, ...]) -> list[PageResult]:
    """Read and judge pages, each by itself. Runs in worker processes."""
    rules = [rule for rule in ALL_RULES if rule.code in codes]
    return [_read_page(root, path, rules) for path in pages]


def _read_page(root: str, path: str, rules: Sequence[Rule]) -> PageResult:
    file = os.path.join(root, path[1:])
    try:
        with open(file, "rb") as handle:
            data = handle.read()
    except OSError as error:
        message = f"the page cannot be read: {error.strerror}"
        return PageResult(path, _reported(rules, "NA901", path, file, message), None)
    reading = read(data, path)
    return PageResult(path, run_rules(reading, rules, file=file), facts_of(reading))


def _reported(
    rules: Sequence[Rule], code: str, path: str, file: str, message: str
) -> list[Diagnostic]:
    """A finding about a file as such, which has no place in it."""
    return [
        Diagnostic(
            rule.code, rule.name, rule.severity, message, _printable(path), _printable(file),
            0, 0, 1, 1, 1, 1,
        )
        for rule in rules
        if rule.code == code
    ]  # fmt: skip


def _printable(name: str) -> str:
    """A file name with what is not UTF-8 in it replaced, so that any output can hold it."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _troubles(
    archive: Archive, rules: Sequence[Rule], only: Collection[str] | None
) -> list[Diagnostic]:
    return [
        diagnostic
        for code, path, message in archive.scan.troubles
        if only is None or path in only
        for diagnostic in _reported(rules, code, path, archive.file(path), message)
    ]


def _across(
    archive: Archive,
    results: list[PageResult],
    rules: Sequence[Rule],
    today: datetime.date,
    *,
    complete: bool,
) -> Iterator[Diagnostic]:
    """The findings of rules that look at other pages or at the clock."""
    rules = [rule for rule in rules if rule.archive or rule.clock]
    if complete:
        archive.successors = _successors(results)
    for path in _doubtful(archive, results, rules, today, complete=complete):
        file = archive.file(path)
        try:
            reading = archive.reading(path)
        except OSError:  # it was there a moment ago: the next run sees it as it is then
            continue
        yield from run_rules(reading, rules, file=file, today=today, lookup=archive, page=False)


def _successors(results: list[PageResult]) -> dict[str, tuple[str, ...]]:
    """For each path that Changes name as an older version's, the pages that name it."""
    found: dict[str, list[str]] = {}
    for result in results:
        for old in result.facts.old_paths if result.facts else ():
            found.setdefault(old, []).append(result.path)
    return {old: tuple(sorted(set(pages))) for old, pages in found.items()}


def _doubtful(
    archive: Archive,
    results: list[PageResult],
    rules: Sequence[Rule],
    today: datetime.date,
    *,
    complete: bool,
) -> Iterator[str]:
    """The pages that may have a finding of a rule that looks at other pages or at the clock."""
    given: set[bytes] = set()
    if complete:
        given.update(map(exists_key, archive.scan.pages))
        for path in archive.scan.pages:
            if kind_of(path) is PageKind.DAY_INDEX:
                folder = path.rpartition("/")[0]
                given.add(previous_key(folder, archive.scan.previous_days.get(folder, "")))
        for result in results:
            if result.facts:
                given.update(keys(result.facts.gives))
    latest = today.toordinal()
    every = not complete or any(rule.code == "NA211" for rule in rules)
    for result in results:
        facts = result.facts
        if facts and (every or facts.ordinal > latest or not given.issuperset(keys(facts.wants))):
            yield result.path
