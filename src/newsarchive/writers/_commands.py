"""The commands to type next: true for this archive, and for the options of this run."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from newsarchive.findings.remedies import Remedy, remedy_of
from newsarchive.findings.report import Report
from newsarchive.page.printable import printable
from newsarchive.writers._columns import cells
from newsarchive.writers._view import Presentation

# What one run was asked for and the next is not.
_OF_ONE_RUN = {
    "--fix", "--diff", "--unsafe-fixes", "--remove-dead", "--full", "--show-info", "--statistics",
    "-q", "--quiet",
}  # fmt: skip
_PROMISES = {
    Remedy.SAFE: "look at the {} safe repairs",
    Remedy.LIKELY: "look at the {} likely repairs",
    Remedy.REMOVAL: "look at the {} that would be removed",
}


def further(command: Sequence[str], *more: str) -> str:
    """The command line again, with other options, as people type it."""
    words = [word for word in command if word not in _OF_ONE_RUN]
    return printable(shlex.join([*words, *more]))


def next_commands(report: Report, view: Presentation, *, shortened: bool) -> Iterator[str]:
    """What to type next, and what for, where something was found."""
    if not view.command:
        return
    remedies = Counter(map(remedy_of, report.counted))
    commands: list[tuple[str, str]] = []
    for remedy, promise in _PROMISES.items():
        if remedies[remedy]:
            flags = remedy.flags.split()[1:]
            number = f"{remedies[remedy]:,}"
            text = promise.format(number).replace("1 safe repairs", "safe repair")
            commands.append((further(view.command, "--diff", *flags), text))
            break
    worst = max(d.severity for d in report.counted)
    counts = Counter(d.code for d in report.counted if d.severity is worst)
    code = counts.most_common(1)[0][0]
    whole = "--full shows everything" if shortened and not view.full else ""
    commands.append((f"newsarchive explain {code}", whole))
    yield from _laid_out(commands, view)


def _laid_out(commands: Iterable[tuple[str, str]], view: Presentation) -> Iterator[str]:
    rows = list(commands)
    width = max(cells(command) for command, _ in rows)
    for number, (command, text) in enumerate(rows):
        lead = "Next:  " if number == 0 else "       "
        shown = view.style(command, fg="cyan")
        if 7 + width + 3 + cells(text) <= view.width:
            yield f"{lead}{shown}{' ' * (width - cells(command) + 3)}{text}".rstrip()
        else:
            yield f"{lead}{shown}"
            if text:
                yield f"         {text}"
