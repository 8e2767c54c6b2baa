"""What ``newsarchive check`` prints and writes: reports, repairs, and how far it is."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING

from newsarchive.cli._console import click, echo
from newsarchive.cli._ending import is_dumb
from newsarchive.cli._targets import Target
from newsarchive.cli._words import command_line
from newsarchive.findings.diagnostics import Severity
from newsarchive.findings.report import Report, gravest_first
from newsarchive.page.lazy_tuples import NamedTuple
from newsarchive.page.printable import printable
from newsarchive.runs.options import Progress
from newsarchive.settings import Settings
from newsarchive.writers import BY_NAME, Format
from newsarchive.writers.text import count

if TYPE_CHECKING:
    from newsarchive.archive import Archive
    from newsarchive.editing.repair import RepairOutcome
    from newsarchive.writers._view import Presentation, Suppressed

_LINES_AT_ONCE = 500


class Output(NamedTuple):
    """What was asked for of a report's outputs: the files, and whether it is printed, too."""

    settings: Settings
    targets: tuple[Target, ...] = ()
    printed: bool = True

    @property
    def form(self) -> Format:
        """The format of standard output."""
        return BY_NAME[self.settings.output_format]

    @property
    def is_identified(self) -> bool:
        """Whether a report tells the findings' fingerprints."""
        return any(form.identified for form in self.forms)

    def room_for_known(self, report: Report) -> int:
        """How many findings that the baseline knows are told beside those that it does not."""
        told = self.settings.show_known and any(form.known for form in self.forms)
        most = self.settings.max_results or sys.maxsize
        return max(most - len(report.diagnostics), 0) if told else 0

    @property
    def forms(self) -> list[Format]:
        """The formats that a report is told in."""
        return [target.form for target in self.targets] + [self.form] * self.printed


def write_report(
    report: Report,
    output: Output,
    archives: Sequence[Archive],
    fails: Severity | None = Severity.ERROR,
    fingerprints: Sequence[str] = (),
    known: Sequence[Suppressed] = (),
) -> None:
    """Print a report, and write it to files; what baselines know is told, too.

    A run fails by findings as grave as `fails`.

    Raises:
        click.ClickException: a file cannot be written.
    """
    if most := output.settings.max_results:
        order = gravest_first(report.diagnostics)[:most]
        fingerprints = [fingerprints[number] for number in order] if fingerprints else ()
        report = report.gravest(most)
    from newsarchive.cli._view import documents

    view = _view(output, archives, fails, fingerprints)
    view = view._replace(
        suppressed=known, document=documents(archives, {d.page for d in report.diagnostics})
    )
    for form, file in output.targets:
        from newsarchive.store.atomic import put_lines

        try:
            put_lines(file, form.lines(report, view))
        except OSError as error:
            reason = error.strerror or str(error)
            raise click.ClickException(f"cannot write {file}: {reason}") from None
    if output.printed:
        print_lines(output.form.lines(report, _on_terminal(view, output)))


def tell_of_limits(report: Report, output: Output, known: int = 0) -> None:
    """Say on standard error where a report does not hold all findings, or holds too many.

    So many more that the baseline knows are told, too.
    """
    total = len(report.diagnostics)
    told = min(total, output.settings.max_results or total)
    # Formats for people say it themselves.
    if told < total and any(not form.media_type.startswith("text/") for form in output.forms):
        left = f"{total - told:,} of {total:,} findings"
        echo(f"--max-results leaves {left} out of the report.", err=True)
    for form in dict.fromkeys(output.forms):
        if form.known and known:
            what = f"{count(known, 'known finding')} as suppressed results; {form.known}"
            echo(f"{form.name}: {what} (--no-show-known leaves them out).", err=True)
        written = told + known * bool(form.known)
        if passed := form.limit_passed(written):
            most, what = passed
            hint = f"--max-results {most} keeps the most severe"
            echo(f"{form.name}: {written:,} findings; {what} ({hint}).", err=True)


def _view(
    output: Output, archives: Sequence[Archive], fails: Severity | None, fingerprints: Sequence[str]
) -> Presentation:
    from newsarchive.cli._view import base_folder, relative_to
    from newsarchive.writers._view import Presentation

    base = base_folder(archives)
    settings = output.settings
    group, width = settings.group or "none", 100
    if group != "none":
        from newsarchive.cli._terminal import columns

        width = columns()
    return Presentation(
        show_source=bool(settings.show_source),
        group=group.removesuffix("none"),
        full=settings.full,
        show_info=settings.show_info,
        command=command_line(),
        quiet=settings.quiet,
        statistics=settings.statistics,
        width=width,
        fails=fails,
        base=str(base),
        relative=relative_to(base),
        fingerprints=fingerprints,
    )


def _on_terminal(view: Presentation, output: Output) -> Presentation:
    """The view of what is printed: with colours and groups where people read it."""
    if not sys.stdout.isatty():
        return view
    from newsarchive.cli._terminal import for_people

    settings = output.settings
    view = for_people(view, view.group if settings.group else "target")
    return view if view.group or settings.show_source is False else view._replace(show_source=True)


def print_lines(lines: Iterator[str]) -> None:
    """Print lines, many at once: each call waits for the terminal or the pipe."""
    from newsarchive.cli._terminal import shown

    while some := list(islice(lines, _LINES_AT_ONCE)):
        echo(shown("\n".join(some)))


def print_diff(repairs: list[RepairOutcome]) -> None:
    """Print what repairs would change."""
    from newsarchive.writers.diff import unified

    for outcome in repairs:
        for file, old, new in outcome.changed:
            for line in unified(file, old, new):
                echo(line)


def tell(repairs: list[RepairOutcome], *, written: bool, quiet: bool = False) -> None:
    """Say on standard error what was repaired and what was refused."""
    findings = sum(r.fixed.total() for r in repairs)
    files = {file for r in repairs for file, _, _ in r.changed}
    for file, reason in dict.fromkeys(pair for r in repairs for pair in r.refused):
        echo(f"not repaired: {printable(file)}: {printable(reason)}", err=True)
    if not quiet:
        verb = "Fixed" if written else "Would fix"
        done = f"{verb} {count(findings, 'finding')} in {count(len(files), 'file')}."
        echo(done, err=True)


def tell_of_leftovers(before: Report, after: Report, *, written: bool = True) -> None:
    """Say on standard error what repairs leave behind: findings that were not there before.

    Links that lead to the right page again quote its old title still, which is the next to repair.
    """
    from newsarchive.findings.remedies import remedy_of
    from newsarchive.findings.wording import count
    from newsarchive.writers._commands import further

    for code, number in (after.by_code() - before.by_code()).items():
        found = [d for d in after.diagnostics if d.code == code]
        flags = {remedy_of(d).flags for d in found} - {""}
        told = f"This {'left' if written else 'would leave'} {count(number, 'more finding')}"
        told += f" of {code} [{found[0].name}]"
        if len(flags) == 1:
            again = further(command_line(), "--select", code, *flags.pop().split())
            told += f"; {'next' if written else 'then'}: {again}"
        echo(told, err=True)


def tell_of_others(others: Sequence[str]) -> None:
    """Say on standard error that words were passed over."""
    if others:
        what = "are no pages" if len(others) > 1 else "is no page"
        echo(f"Skipped {count(len(others), 'path')} that {what}.", err=True)


def show_progress(name: str, quiet: bool = False) -> Progress | None:
    """A progress line on a terminal's standard error; None where there is no terminal."""
    if quiet or not sys.stderr.isatty() or is_dumb():
        return None

    def show(done: int, total: int) -> None:
        end = "\r" if done < total else "\r\x1b[K"
        shown = f"{printable(name)}: {done:,} of {total:,} pages" if done < total else ""
        echo(shown + end, err=True, nl=False, color=True)

    return show
