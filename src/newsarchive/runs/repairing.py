"""Repairing an archive until nothing changes: a check, its fixes, the next check, and so on."""

from __future__ import annotations

import datetime
import os
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, NamedTuple

from newsarchive.archive import Archive
from newsarchive.findings.diagnostics import Diagnostic
from newsarchive.graph.answers import Answers
from newsarchive.runs.engine import check_archive, check_view
from newsarchive.runs.meant import meant
from newsarchive.runs.options import Progress, RunOptions

if TYPE_CHECKING:
    from newsarchive.editing.repair import RepairOutcome
    from newsarchive.findings.report import Report
    from newsarchive.settings import Settings

_ROUNDS = 5


class RepairRound(NamedTuple):
    """What a round of repairs starts from."""

    # the findings to repair, as far as they have fixes that are asked for
    wanted: tuple[Diagnostic, ...]
    kept: tuple[Diagnostic, ...] = ()  # findings that stay as they are


def repair(
    archive: Archive | str | os.PathLike[str],
    *,
    unsafe: bool = False,
    remove_dead: bool = False,
    write: bool = True,
    select: Iterable[str] = (),
    ignore: Iterable[str] = (),
    only: Iterable[str] | None = None,
    today: datetime.date | None = None,
    jobs: int | None = 1,
    progress: Progress | None = None,
    cache: str | os.PathLike[str] | None = None,
    settings: Settings | None = None,
) -> RepairOutcome:
    """Repair what a check of an archive finds, as ``newsarchive check --fix`` does.

    What is repaired may put other findings right, or make room for the next repair. So the
    archive is checked again after each round, until nothing changes. Each page is replaced in one
    step, and only if nobody changed it since it was read.

    Args:
        archive: the archive, or a path in it, as `check` takes it. An `Archive` reads its pages
            anew afterwards.
        unsafe: whether unsafe fixes are applied, not only safe ones.
        remove_dead: whether entries are removed whose target is gone (with `unsafe`).
        write: whether files are replaced; if not, the outcome says what the first round would
            change.
        select: rules whose findings are repaired, as `check` takes them.
        ignore: rules to leave out of those.
        only: archive paths of the pages whose findings are repaired, as `check` takes them. An
            event of theirs that no index lists is listed by that of its day.
        today: the day that future dates are measured against; by default the local date.
        jobs: how many processes read pages, as `check` takes it.
        progress: called with the number of pages done, and of all pages, in each check.
        cache: a folder outside the archive, as `check` takes it.
        settings: which rules hold where, as `check` takes them. Which fixes are applied is said
            by `unsafe` and `remove_dead` alone.

    Returns:
        What was repaired, what was refused, and the report of the last check.

    Raises:
        NotAnArchiveError: `archive` is a path that lies in no archive.
        PageNotFoundError: a path of `only`, or `archive` itself, means no page.
        UnknownRuleError: `select` or `ignore` names no rule.
        RefusedWriteError: the archive's files cannot be written to, as those that git keeps.
    """
    options = RunOptions.of(
        select=select, ignore=ignore, settings=settings, today=today, jobs=jobs,
        progress=progress, cache=cache,
    )  # fmt: skip
    given = archive
    archive, pages = meant(archive, only, settings)
    options = options._replace(only=pages)
    report = check_archive(archive, options)

    def look_again() -> RepairRound:
        nonlocal report
        report = check_archive(archive, options)
        return RepairRound(report.diagnostics)

    done = repair_in_rounds(
        archive, RepairRound(report.diagnostics), look_again,
        unsafe=unsafe, remove_dead=remove_dead, write=write,
    )  # fmt: skip
    done.report = report
    if isinstance(given, Archive):
        given.refresh()
    return done


def around(archive: Archive, outcome: RepairOutcome, options: RunOptions) -> tuple[Report, Report]:
    """What a check finds on the pages that repairs would change, and what it would find then.

    The archive holds none of the repairs.
    """
    from newsarchive.store.overlay import Overlay

    base = archive.file("/")
    texts = {f"/{file.removeprefix(base)}": new for file, _, new in outcome.changed}
    options = options._replace(only=frozenset(texts), progress=None, cache=None)
    then = Answers(Overlay(archive.store, texts), archive.scan, edition=archive.edition)
    return check_archive(archive, options), check_view(then, options)


def repair_in_rounds(
    archive: Archive,
    found: RepairRound,
    look_again: Callable[[], RepairRound],
    *,
    unsafe: bool = False,
    remove_dead: bool = False,
    write: bool = True,
) -> RepairOutcome:
    """Repair what was found, look again, and so on until nothing changes.

    The archive reads its pages anew in each round. If nothing is to be written, there is one round.
    """
    from newsarchive.editing.repair import RepairOutcome  # imports the parser
    from newsarchive.editing.repair import repair as repair_once

    done = RepairOutcome()
    for _ in range(_ROUNDS if write else 1):
        step = repair_once(
            archive, found.wanted, keep=found.kept,
            unsafe=unsafe, remove_dead=remove_dead, write=write,
        )  # fmt: skip
        done.add(step)
        if not write or not step.changed:
            break
        archive.refresh()
        found = look_again()
    return done
