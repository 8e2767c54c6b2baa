"""The archives of a run, each with its settings and its baseline."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from newsarchive.archive import Archive, configured
from newsarchive.cli._cluster import HERE, Cluster
from newsarchive.cli._console import click, echo, refusing
from newsarchive.cli._flags import Flags
from newsarchive.cli._git import WORKING_TREE, StateRequest
from newsarchive.cli._locate import near
from newsarchive.cli._output import show_progress
from newsarchive.errors import BaselineError, UnknownRuleError
from newsarchive.findings.diagnostics import Diagnostic
from newsarchive.findings.report import Report
from newsarchive.page.lazy_dataclasses import replace
from newsarchive.page.lazy_tuples import NamedTuple
from newsarchive.page.printable import printable
from newsarchive.runs.cache_folders import NO_FOLDER, cache_folder
from newsarchive.runs.options import RunOptions
from newsarchive.settings import Settings
from newsarchive.store.urls import is_url
from newsarchive.writers.text import count

if TYPE_CHECKING:
    from newsarchive.runs.baseline import KnownFinding
    from newsarchive.writers._view import Suppressed

# The baseline's module is imported where there is one.
DEFAULT_NAME = ".newsarchive-baseline.jsonl"


class Outcome(NamedTuple):
    """What a run over one archive found."""

    report: Report  # the findings that are told: without a baseline all, with one the new
    # all findings on the pages of these, known or not, among which equal ones are counted
    whole: tuple[Diagnostic, ...]
    # the findings that the baseline keeps back, each with its entry
    kept: tuple[tuple[Diagnostic, KnownFinding], ...] = ()
    unneeded: tuple[KnownFinding, ...] = ()  # what it holds in vain
    doubtful: int = 0  # how many of its entries cannot be judged, as git could not tell all renames


class Run(NamedTuple):
    """One archive of a run."""

    archive: Archive
    only: frozenset[str] | None  # the pages that are meant; None means all
    settings: Settings
    baseline: str = ""  # the file of known findings; empty where there is none
    known: tuple[KnownFinding, ...] = ()  # what that file holds
    asked: StateRequest = WORKING_TREE  # which state is checked, and what it is compared with
    cluster: Cluster = HERE

    def check(self) -> Report:
        """All findings that count by the settings.

        Raises:
            click.UsageError: the settings name a rule that does not exist.
        """
        options = self.options()
        with without_collector():
            report = self.cluster.call(
                lambda executor: self.asked.check(self.archive, options._replace(executor=executor))
            )
        if self.settings.cache and options.cache is None and self.asked.at is None:
            return replace(report, notices=(*report.notices, NO_FOLDER))
        return report

    def outcome(self, *, identified: bool = False) -> Outcome:
        """What a check tells of: findings that the baseline does not know.

        With `identified`, their fingerprints are going to be asked for.
        """
        report = whole = self.check()
        if self.asked.is_change and report.diagnostics and (self.baseline or identified):
            whole = self._whole(report)
        if not self.baseline:
            return Outcome(report, whole.diagnostics)
        from newsarchive.runs.baseline import Scope, compare

        found = compare(self.known, self.archive, whole, Scope(self.settings, self.only))
        if found.trouble:
            from newsarchive.store.renames import notice

            report = with_notice(report, notice(found.trouble))
        if not self.asked.is_change:
            return Outcome(
                replace(report, diagnostics=found.report.diagnostics), whole.diagnostics,
                found.kept, found.unneeded, len(found.doubtful),
            )  # fmt: skip
        new = set(found.report.diagnostics)
        told = tuple(d for d in report.diagnostics if d in new)
        asked = set(report.diagnostics)
        kept = tuple(pair for pair in found.kept if pair[0] in asked)
        return Outcome(replace(report, diagnostics=told), whole.diagnostics, kept)

    def _whole(self, report: Report) -> Report:
        """All findings on the pages of what a change brought about."""
        pages = frozenset(d.page for d in report.diagnostics)
        found = WORKING_TREE.check(self.archive, self.options()._replace(only=pages)).diagnostics
        among = set(found)
        rest = (d for d in report.diagnostics if d not in among)  # files changed meanwhile
        return replace(report, diagnostics=(*found, *rest))

    def options(self) -> RunOptions:
        """What the run is asked to do.

        Raises:
            click.UsageError: the settings name a rule that does not exist.
        """
        settings = self.settings
        with refusing(UnknownRuleError):
            return RunOptions.of(
                settings=settings,
                only=self.only,
                today=settings.today,
                jobs=settings.jobs,
                progress=show_progress(self.archive.store.home, settings.quiet),
                cache=cache_folder(settings),
            )


@contextmanager
def without_collector() -> Iterator[None]:
    """No search for cycles of garbage meanwhile: there are none, and it takes a sixth of the time.

    The command's process is its own; a library's call leaves the collector to the program.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.freeze()  # the search would begin with all that was found
            gc.enable()


def open_runs(
    opened: Iterable[tuple[Archive, frozenset[str] | None]],
    flags: Flags,
    asked: StateRequest = WORKING_TREE,
    *,
    beside: bool = False,
) -> list[Run]:
    """Archives, and which of their pages are meant, with what holds for each.

    With `beside`, the archives in folders of those that are meant as a whole are meant, too. They
    have their own edition and baseline, whatever options say.

    Raises:
        click.ClickException: a configuration or a baseline is wrong.
    """
    runs = [_run(archive, only, flags, asked) for archive, only in opened]
    if len(runs) > 1 and flags.values.get("baseline"):
        raise click.UsageError("--baseline is for one archive; here are several")
    if not beside:
        return runs
    known = {_identity(run.archive) for run in runs}
    theirs = flags.of_another_archive()
    for run in tuple(runs):
        for other in run.archive.beside if run.only is None else ():
            if _identity(other) not in known:
                runs.append(_run(other, None, theirs, asked))
    return runs


def _identity(archive: Archive) -> str:
    """What tells an archive from others."""
    home = archive.store.home
    return home if is_url(home) else os.path.realpath(home)


def _run(archive: Archive, only: frozenset[str] | None, flags: Flags, asked: StateRequest) -> Run:
    settings = flags.settings(archive)
    archive = configured(archive, settings)
    file = baseline_file(archive, settings)
    return Run(archive, only, settings, file, load(file, archive) if file else (), asked)


def with_notice(report: Report, text: str) -> Report:
    """The report with a notice, if it has not got that yet."""
    return replace(report, notices=tuple(dict.fromkeys((*report.notices, text))))


def identified(
    runs: Sequence[Run], outcomes: Sequence[Outcome], notices: list[str], known: int
) -> tuple[list[str], tuple[Suppressed, ...]]:
    """The fingerprints of the findings that are told, in their order; and what baselines keep back.

    `notices` gets what there is to tell of how sure the fingerprints are; so many of what baselines
    keep back are told, too.
    """
    told = [d for outcome in outcomes for d in outcome.report.diagnostics]
    kept = [pair for outcome in outcomes for pair in outcome.kept][:known]
    made = _fingerprints(runs, outcomes, [*told, *(d for d, _ in kept)], notices)
    from newsarchive.writers._view import Suppressed

    names = made[len(told) :]
    suppressed = (Suppressed(d, n, e.reason) for (d, e), n in zip(kept, names, strict=True))
    return made[: len(told)], tuple(suppressed)


def _fingerprints(
    runs: Sequence[Run], outcomes: Sequence[Outcome], told: list[Diagnostic], notices: list[str]
) -> list[str]:
    """The fingerprints of some of the findings.

    Equal findings are counted among all of their page: else one would get another's name as soon
    as that one is known.
    """
    if not told:
        return []
    from newsarchive.runs.fingerprints import joint_fingerprints  # imports the parser

    whole = [d for outcome in outcomes for d in outcome.whole]
    made, trouble = joint_fingerprints([run.archive for run in runs], whole)
    if trouble:
        from newsarchive.store.renames import notice

        notices.append(notice(trouble))
    if told == whole:
        return made
    names: dict[Diagnostic, list[str]] = {}
    for d, name in zip(whole, made, strict=True):
        names.setdefault(d, []).append(name)
    return [names[d].pop(0) for d in told]


def baseline_file(archive: Archive, settings: Settings) -> str:
    """The file of known findings; empty where there is none or it is not to be used."""
    store = archive.store
    if settings.baseline is None and is_url(store.home):
        try:
            return store.label(f"/{DEFAULT_NAME}") if store.read(f"/{DEFAULT_NAME}") else ""
        except OSError:
            return ""
    if settings.baseline is None:
        file = os.path.join(archive.home, DEFAULT_NAME)
        return file if os.path.lexists(file) else ""
    return settings.baseline if isinstance(settings.baseline, str) else ""


def load(file: str, archive: Archive) -> tuple[KnownFinding, ...]:
    """The entries of a baseline; one that a URL names is in the archive.

    Raises:
        click.ClickException: it cannot be read.
    """
    from newsarchive.runs.baseline import entries_of, read_baseline

    try:
        if is_url(file):
            return entries_of(file, archive.store.read(file.removeprefix(archive.store.home)))
        return read_baseline(file)
    except BaselineError as error:
        shown = BaselineError(near(error.file), error.line, error.reason)
        raise click.ClickException(printable(str(shown))) from None
    except FileNotFoundError:
        raise click.ClickException(
            f"{near(file)}: no such baseline; 'newsarchive baseline' writes it"
        ) from None
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise click.ClickException(f"{near(file)}: {why}") from None


def tell_of_baselines(runs: list[Run], outcomes: list[Outcome], *, show_unneeded: bool) -> None:
    """Say on standard error what baselines kept back, and what they hold in vain."""
    for run, outcome in zip(runs, outcomes, strict=True):
        if not run.baseline:
            continue
        told = (
            f"Baseline {near(run.baseline)}: {count(len(outcome.kept), 'known finding')} not shown"
        )
        gone = len(outcome.unneeded)
        if gone:
            told += f"; {count(gone, 'entry')} no longer needed"
            told += " ('newsarchive baseline --prune' takes them out)"
        if outcome.doubtful:
            told += f"; {count(outcome.doubtful, 'entry')} that cannot be judged"
        echo(f"{told}.", err=True)
        for entry in outcome.unneeded if show_unneeded else ():
            text = f"{entry.page}:{entry.line}: {entry.code} {entry.message}"
            echo(f"    no longer needed: {printable(text)}", err=True)
