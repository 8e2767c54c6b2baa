"""The archives of a run, each with its settings and its baseline."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import click

from newsarchive.archive import Archive
from newsarchive.cache import default_folder
from newsarchive.cli._git import WORKING_TREE, Asked
from newsarchive.cli._options import near
from newsarchive.cli._output import show_progress
from newsarchive.cli._settings import Flags
from newsarchive.errors import BaselineError, UnknownRuleError
from newsarchive.report import Report
from newsarchive.settings import Settings
from newsarchive.writers.text import count, printable

if TYPE_CHECKING:
    from newsarchive.baseline import Entry

# The baseline's module is imported where there is one.
DEFAULT_NAME = ".newsarchive-baseline.jsonl"


@dataclass(frozen=True)
class Outcome:
    """What a run over one archive found.

    Attributes:
        report: the findings that are told: without a baseline all, with one the new.
        known: how many the baseline keeps back.
        unneeded: what it holds in vain.
    """

    report: Report
    known: int = 0
    unneeded: tuple[Entry, ...] = ()


@dataclass(frozen=True)
class Run:
    """One archive of a run.

    Attributes:
        archive: the archive.
        only: the pages that are meant; None means all.
        settings: what holds for it.
        baseline: the file of known findings; empty where there is none.
        known: what that file holds.
        asked: which state is checked, and what it is compared with.
    """

    archive: Archive
    only: Collection[str] | None
    settings: Settings
    baseline: str = ""
    known: tuple[Entry, ...] = ()
    asked: Asked = WORKING_TREE

    def check(self) -> Report:
        """All findings that count by the settings.

        Raises:
            click.UsageError: the settings name a rule that does not exist.
        """
        try:
            return self.asked.check(self.archive, **self._settings())
        except UnknownRuleError as error:
            raise click.UsageError(printable(str(error))) from None

    def outcome(self) -> Outcome:
        """What a check tells of: findings that the baseline does not know."""
        report = self.check()
        if not self.baseline:
            return Outcome(report)
        from newsarchive.baseline import Scope, compare

        whole = report
        if self.asked.is_change:
            # Equal findings are counted from the top of a page, so all of a page are needed.
            pages = {d.page for d in report.diagnostics}
            whole = WORKING_TREE.check(self.archive, **{**self._settings(), "only": pages})
        found = compare(self.known, self.archive, whole, Scope(self.settings, self.only))
        if not self.asked.is_change:
            return Outcome(found.report, found.known, found.unneeded)
        new = set(found.report.diagnostics)
        told = tuple(d for d in report.diagnostics if d in new)
        known = len(report.diagnostics) - len(told)
        return Outcome(replace(report, diagnostics=told), known)

    def _settings(self) -> dict[str, Any]:
        settings = self.settings
        return {
            "settings": settings,
            "only": self.only,
            "today": settings.today,
            "jobs": settings.jobs,
            "progress": show_progress(str(self.archive.root), settings.quiet),
            "cache": (settings.cache_dir or default_folder()) if settings.cache else None,
        }

    def anew(self) -> Run:
        """The same after files changed."""
        return replace(self, archive=Archive(self.archive.root))


def open_runs(
    opened: Iterable[tuple[Archive, Collection[str] | None]],
    flags: Flags,
    asked: Asked = WORKING_TREE,
) -> list[Run]:
    """Archives, and which of their pages are meant, with what holds for each.

    Raises:
        click.ClickException: a configuration or a baseline is wrong.
    """
    runs = []
    for archive, only in opened:
        settings = flags.settings(archive)
        file = baseline_file(archive, settings)
        runs.append(Run(archive, only, settings, file, load(file) if file else (), asked))
    if len(runs) > 1 and flags.values.get("baseline"):
        raise click.UsageError("--baseline is for one archive; here are several")
    return runs


def baseline_file(archive: Archive, settings: Settings) -> str:
    """The file of known findings; empty where there is none or it is not to be used."""
    if settings.baseline is None:
        file = os.path.join(archive.home, DEFAULT_NAME)
        return file if os.path.lexists(file) else ""
    return settings.baseline if isinstance(settings.baseline, str) else ""


def load(file: str) -> tuple[Entry, ...]:
    """The entries of a baseline.

    Raises:
        click.ClickException: it cannot be read.
    """
    from newsarchive.baseline import read_baseline

    try:
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
        told = f"Baseline {near(run.baseline)}: {count(outcome.known, 'known finding')} not shown"
        gone = len(outcome.unneeded)
        if gone:
            told += f"; {count(gone, 'entry')} no longer needed"
            told += " ('newsarchive baseline --prune' takes them out)"
        click.echo(f"{told}.", err=True)
        for entry in outcome.unneeded if show_unneeded else ():
            text = f"{entry.page}:{entry.line}: {entry.code} {entry.message}"
            click.echo(f"    no longer needed: {printable(text)}", err=True)
