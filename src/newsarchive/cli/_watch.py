"""``newsarchive watch``."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from newsarchive.archive import Archive, configured
from newsarchive.cli._ending import end_if_asked
from newsarchive.cli._flags import Flags
from newsarchive.cli._locate import place
from newsarchive.cli._options import no_plugins_option
from newsarchive.cli._output import print_lines
from newsarchive.cli._runs import Run, open_runs
from newsarchive.cli._setting_options import setting_options
from newsarchive.errors import NotAnArchiveError
from newsarchive.findings.diagnostics import Diagnostic, Severity
from newsarchive.findings.report import Report
from newsarchive.findings.wording import counted_of
from newsarchive.page.printable import printable
from newsarchive.writers import text as text_writer
from newsarchive.writers._view import Presentation
from newsarchive.writers.text import count

if TYPE_CHECKING:
    from newsarchive.runs.comparison import Snapshot

# Changes less than this apart are one burst: a checkout of git writes thousands of files a second.
_GAP = 100
_LONGEST_BURST = 10_000
_PULSE = 200  # how often it is asked whether the folder is still there; all in milliseconds
_TRIES = 5
_GRACE = 2.0  # seconds that the folder may be away, as when it is replaced by another


_OPTIONS = (
    "select", "extend_select", "ignore", "baseline", "jobs", "today", "cache", "cache_dir",
)  # fmt: skip


@click.command(short_help="Check an archive again whenever it changes.")
@click.argument("path", default=".", metavar="[PATH]")
@click.option("--clear", is_flag=True, help="Clear the screen before each report.")
@no_plugins_option
@setting_options(*_OPTIONS)
def watch(path: str, clear: bool, flags: Flags) -> int:
    """Check an archive, and again whenever it changes; ctrl-C ends.

    PATH is an archive's folder, or a folder or page in one: then only findings there are shown.
    The first report is whole. Each later one has the findings that appeared (+), those that went
    (-), and how many there are now. Files whose name starts with a dot are not looked at.

    Exit status: 0 ended with ctrl-C, 2 misuse, or the archive's folder is gone.
    """
    try:
        import watchfiles  # noqa: F401 - whether it is there
    except ImportError:
        raise click.ClickException(
            "'newsarchive watch' needs watchfiles: pip install 'newsarchive[watch]'"
        ) from None
    root, below = place(path, None)
    desk = _WatchedRuns(root, below, flags, clear, path)
    try:
        for changed in _bursts(root):
            desk.report(changed)
    except KeyboardInterrupt:
        end_if_asked()
        click.echo("Stopped.", err=True)
        return 0
    except NotAnArchiveError:
        raise click.ClickException(f"{root}: the archive's folder is gone") from None
    return 0  # pragma: no cover - bursts never end


def _bursts(root: Path) -> Iterator[frozenset[str]]:
    """The pages that changed, burst by burst; first an empty set, when listening has begun.

    However the root is spelled, it is its real path that is listened to: files are named as they
    were asked for, ``/archive/./news/...``, and no name may look hidden for that.

    Raises:
        NotAnArchiveError: the folder is gone.
        click.ClickException: it cannot be listened to.
    """
    from watchfiles import watch as listen

    here, named = os.getcwd(), os.path.abspath(root)
    while True:
        folder = _identity(named)
        real = os.path.realpath(named)
        begun = False
        try:
            for changes in listen(  # pragma: no branch - it never ends by itself
                real,
                watch_filter=partial(_is_looked_at, real),
                debounce=_LONGEST_BURST,
                step=_GAP,
                rust_timeout=_PULSE,
                yield_on_timeout=True,
            ):
                if _identity(named) != folder:  # another folder has its name: listen to that
                    break
                if changes or not begun:
                    yield frozenset(file for _, file in changes if file.endswith(".md"))
                    begun = True
            os.chdir(here)  # "." is the old folder still, wherever that went
        except OSError as error:
            raise click.ClickException(f"{root} cannot be watched: {error}") from None


def _identity(root: str) -> tuple[int, int]:
    """What tells the folder from another that is given its name.

    Raises:
        NotAnArchiveError: it stays away.
    """
    end = time.monotonic() + _GRACE
    while True:
        try:
            os.stat(os.path.join(root, "news"))
            status = os.stat(root)
        except OSError:
            if time.monotonic() > end:
                raise NotAnArchiveError(root) from None
            time.sleep(0.1)
        else:
            return status.st_dev, status.st_ino


def _is_looked_at(root: str, _: object, file: str) -> bool:
    """Not what a run passes over: names that start with a dot, journals among them."""
    return f"{os.sep}." not in file.removeprefix(root)


@dataclass
class _WatchedRuns:
    """Runs checks and says what they brought."""

    root: Path
    below: str
    flags: Flags
    clear: bool
    given: str = "."
    notices: frozenset[str] = frozenset()
    before: Snapshot | None = None
    run: Run | None = None

    def report(self, changed: frozenset[str]) -> None:
        """Check, and print what there is or, from the second time on, what is new."""
        from newsarchive.runs.comparison import difference

        report, now = self._look()
        before, self.before = self.before, now
        if before is None:
            self._clear()
            view = Presentation(command=("newsarchive", "check", self.given))
            if sys.stdout.isatty():
                from newsarchive.cli._terminal import for_people

                view = for_people(view)
            print_lines(text_writer.lines(report, view))
            click.echo(f"Watching {printable(str(self.root))}; ctrl-C ends.")
        else:
            appeared, gone = difference(before, now)
            if changed or appeared or gone:
                self._clear()
                _print_changes(appeared, gone, len(changed), report)
        new = dict.fromkeys(n for n in report.notices if n not in self.notices)
        self.notices = frozenset(report.notices)
        for notice in new:
            click.echo(printable(notice), err=True)

    def _look(self) -> tuple[Report, Snapshot]:
        """Check, and once more where a page goes while it is read.

        Raises:
            OSError: what is there cannot be read.
        """
        from newsarchive.runs.comparison import Snapshot

        left = _TRIES
        while True:
            archive = Archive(self.root)
            try:
                report = self._check(archive)
            except OSError:
                left -= 1
                if not left:
                    raise
                time.sleep(_PULSE / 1000)
            else:
                return report, Snapshot.of(archive, report.diagnostics, self.before)

    def _check(self, archive: Archive) -> Report:
        """The findings at the place that is watched.

        A configuration or baseline that became wrong is told of, and what it was before holds.

        Raises:
            click.ClickException: it is wrong from the start.
        """
        notices: tuple[str, ...] = ()
        try:
            [run] = open_runs([(archive, None)], self.flags)
        except click.ClickException as error:
            if self.run is None:
                raise
            run = self.run._replace(archive=configured(archive, self.run.settings))
            notices = (f"{error.format_message()}; going on with what was read before",)
        self.run = run
        for other in run.archive.beside:
            notices += (f"{other.root} is an archive of its own, which is not watched here",)
        report = run.outcome().report
        found = report.diagnostics
        if self.below:
            found = tuple(d for d in found if f"{d.page}/".startswith(f"{self.below}/"))
        return replace(report, diagnostics=found, notices=(*report.notices, *notices))

    def _clear(self) -> None:
        if self.clear:
            click.clear()


def _print_changes(
    appeared: list[Diagnostic], gone: list[Diagnostic], pages: int, report: Report
) -> None:
    for sign, colour, found in (("-", "green", gone), ("+", "red", appeared)):
        for d in found:
            click.echo(f"{click.style(sign, fg=colour, bold=True)} {d}")
    counts = report.counts()
    total = ", ".join(
        counted_of(severity, counts[severity]) if counts[severity] else f"no {severity.value}"
        for severity in Severity
        if counts[severity] or severity is Severity.ERROR
    )
    what = f"{len(appeared):,} new, {len(gone):,} gone" if appeared or gone else "nothing new"
    who = count(pages, "page") if pages else "the archive"
    click.echo(f"{time.strftime('%H:%M:%S')} {who} changed: {what}; now {total}.")
