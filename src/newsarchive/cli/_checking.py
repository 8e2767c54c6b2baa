"""A check as the command runs it: archives are opened and checked, and what was found is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsarchive.cli._cluster import HERE, Cluster
from newsarchive.cli._console import click, echo
from newsarchive.cli._flags import Flags
from newsarchive.cli._git import StateRequest
from newsarchive.cli._locate import require_writable
from newsarchive.cli._output import (
    Output,
    print_diff,
    tell,
    tell_of_leftovers,
    tell_of_limits,
    tell_of_others,
    write_report,
)
from newsarchive.cli._runs import Outcome, Run, identified, open_runs, tell_of_baselines
from newsarchive.cli._targets import parse, require
from newsarchive.findings.diagnostics import Severity
from newsarchive.findings.report import Report, joined
from newsarchive.page.lazy_dataclasses import replace
from newsarchive.page.lazy_tuples import NamedTuple
from newsarchive.page.printable import printable
from newsarchive.settings import Settings

if TYPE_CHECKING:
    from newsarchive.editing.repair import RepairOutcome


class CheckRequest(NamedTuple):
    """What a check is asked to do."""

    paths: tuple[str, ...]  # what is meant: archives, or folders or pages in them
    root: str | None  # the archive's root, if it is not to be looked for
    pages_only: bool  # whether paths that mean no page are passed over
    flags: Flags
    asked: StateRequest  # which state is checked, and what it is compared with
    fix: bool = False
    diff: bool = False
    show_unneeded: bool = False  # whether to list what the baseline holds in vain
    cluster: Cluster = HERE


def run_check(request: CheckRequest) -> int:
    """What ``newsarchive check`` does; gives the exit status."""
    paths, root, pages_only, flags, asked, fix, diff, show_unneeded, cluster = request
    if fix and (asked.staged or asked.at is not None):
        raise click.UsageError(
            "--fix writes to the working tree, which --staged and --at do not check"
        )
    others: list[str] = []
    idle = pages_only and not paths
    opened = [] if idle else asked.open(paths, root, others if pages_only else None)
    for archive, _ in opened if fix else ():
        require_writable(archive, "--fix")
    flags = cluster.flags(flags)
    runs = open_runs(opened, flags, asked, beside=True)
    settings = runs[0].settings if runs else flags.settings(None)
    output = Output(settings, parse(settings.output_file), printed=not diff)
    require(output.targets, [run.archive for run in runs])
    _refuse_idle(flags, settings, acts=fix or diff)
    cluster = cluster.connected()
    runs = [run._replace(cluster=cluster) for run in runs]
    notices: list[str] = []
    outcomes = [_outcome(run, notices, output.is_identified) for run in runs]
    before = [outcome.report for outcome in outcomes]
    repairs: list[RepairOutcome] = []
    for number, run in enumerate(runs if fix or diff else ()):
        looks = [outcomes[number]]
        repairs.append(_repair(run, looks, notices, output.is_identified, write=not diff))
        outcomes[number] = looks[-1]
    report = joined([outcome.report for outcome in outcomes])
    told = asked.is_change or any(o.report.diagnostics or o.kept for o in outcomes)
    if not report.page_count and not told and not pages_only:
        roots = ", ".join(run.archive.store.home for run in runs)
        raise click.UsageError(printable(f"{roots}: nothing to check (no .md file)"))
    fails = None if settings.fail_on == "never" else Severity(settings.fail_on)
    if diff:
        print_diff(repairs)
    names, known = (
        identified(runs, outcomes, notices, output.room_for_known(report))
        if output.is_identified
        else ((), ())
    )
    write_report(report, output, [run.archive for run in runs], fails, names, known)
    for notice in () if settings.quiet else dict.fromkeys(notices):
        echo(printable(notice), err=True)
    if not settings.quiet:
        tell_of_others(others)
        tell_of_limits(report, output, len(known))
        tell_of_baselines(runs, outcomes, show_unneeded=show_unneeded)
    if fix or diff:
        tell(repairs, written=not diff, quiet=settings.quiet)
    if diff and not settings.quiet:
        _tell_what_would_be_left(runs, repairs)
    elif fix and not settings.quiet:
        tell_of_leftovers(joined(before), report)
    failed = any(
        _fails(run.settings, outcome.report) for run, outcome in zip(runs, outcomes, strict=True)
    )
    return 1 if failed or any(r.refused for r in repairs) else 0


def _refuse_idle(flags: Flags, settings: Settings, *, acts: bool) -> None:
    """Refuse options that would have no effect; a configuration may hold them all the same."""
    if flags.values.get("remove_dead") and not settings.unsafe_fixes:
        raise click.UsageError("--remove-dead takes effect with --unsafe-fixes only")
    for name in ("unsafe_fixes", "remove_dead"):
        if flags.values.get(name) and not acts:
            flag = f"--{name.replace('_', '-')}"
            raise click.UsageError(f"{flag} takes effect with --fix or --diff only")


def _outcome(run: Run, notices: list[str], identified: bool) -> Outcome:
    outcome = run.outcome(identified=identified)
    notices += outcome.report.notices
    return outcome


def _repair(
    run: Run, looks: list[Outcome], notices: list[str], identified: bool, *, write: bool
) -> RepairOutcome:
    """Repair what was found; `looks` starts with the first check and takes up those that follow."""
    from newsarchive.runs.repairing import RepairRound, repair_in_rounds

    def found() -> RepairRound:
        told = looks[-1].report.diagnostics
        among = set(told)
        return RepairRound(told, tuple(d for d in looks[-1].whole if d not in among))

    def look_again() -> RepairRound:
        looks.append(_outcome(run, notices, identified))
        return found()

    return repair_in_rounds(
        run.archive, found(), look_again,
        unsafe=run.settings.unsafe_fixes, remove_dead=run.settings.remove_dead, write=write,
    )  # fmt: skip


def _tell_what_would_be_left(runs: list[Run], repairs: list[RepairOutcome]) -> None:
    """Say on standard error what would be found after repairs, and is not found now."""
    from newsarchive.editing.fixes import is_wanted
    from newsarchive.runs.repairing import around

    changes = [(run, done) for run, done in zip(runs, repairs, strict=True) if done.changed]
    looks = [around(run.archive, done, run.options()) for run, done in changes]
    for number, (run, _) in enumerate(changes):
        unsafe, dead = run.settings.unsafe_fixes, run.settings.remove_dead
        now, then = looks[number]
        # The next round of --fix repairs what it was asked for.
        kept = (d for d in then.diagnostics if not is_wanted(d, unsafe=unsafe, remove_dead=dead))
        looks[number] = now, replace(then, diagnostics=tuple(kept))
    if looks:
        now, then = (joined(list(side)) for side in zip(*looks, strict=True))
        tell_of_leftovers(now, then, written=False)


def _fails(settings: Settings, report: Report) -> bool:
    return settings.fail_on != "never" and report.at_least(Severity(settings.fail_on))
