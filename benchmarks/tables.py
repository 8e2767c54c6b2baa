"""Markdown of what was measured."""

import statistics
from collections.abc import Iterable, Sequence

from benchmarks.goals import Goal
from benchmarks.growth import Step
from benchmarks.measure import Sample
from benchmarks.parsing import OURS, faster

_MIB = 1 << 20


def _memory(peak: int) -> str:
    """Memory in a table; a process may be gone before it was looked at."""
    return f"{peak / _MIB:.0f} MiB" if peak else "–"


def table(header: Sequence[str], rows: Iterable[Sequence[str]], left: int = 1) -> str:
    """A Markdown table whose first `left` columns are set left and the others right."""
    rule = ["---" if column < left else "--:" for column in range(len(header))]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in (header, rule, *rows))


def seconds(value: float) -> str:
    """A time with three digits that say something, in s, ms or µs."""
    for factor, unit in ((1, "s"), (1e3, "ms"), (1e6, "µs")):
        scaled = value * factor
        if scaled >= 1 or unit == "µs":
            digits = 2 if scaled < 10 else 1 if scaled < 100 else 0
            return f"{scaled:.{digits}f} {unit}"
    raise AssertionError("the last unit takes everything")  # pragma: no cover


def span(values: Sequence[float]) -> str:
    """The least and the greatest of several times."""
    return f"{seconds(min(values))} – {seconds(max(values))}"


def commands(samples: dict[str, Sample], peer: str, label: str) -> str:
    """Times and memory of commands.

    Args:
        samples: what was measured, by name, in the table's order.
        peer: the one that the others are compared with, if it is among them.
        label: what the column of the comparison is called.
    """
    other = samples.get(peer)
    return table(
        ("command", "median", "min – max", label, "peak memory"),
        (
            (
                f"`{name}`" if ", " not in name else f"`{name.replace(', ', '`, ', 1)}",
                seconds(sample.median),
                span(sample.times),
                f"{sample.against(other):.2f} ×" if other else "–",
                _memory(sample.peak),
            )
            for name, sample in samples.items()
        ),
    )


def parsers(times: dict[str, list[float]]) -> str:
    """Times of parsers for a page each."""
    return table(
        ("parser", "median page", "min – max", "newsarchive is faster by"),
        (
            (
                f"`{name}`",
                seconds(statistics.median(values)),
                span(values),
                "–" if name == OURS else f"{faster(times, name):.1f} ×",
            )
            for name, values in times.items()
        ),
    )


def growth(steps: Sequence[Step]) -> str:
    """Times and memory at growing numbers of pages."""
    names = list(steps[0].samples)
    header = ["pages", "size"]
    for name in names:
        header += [f"`{name}`", "× the row above", "peak memory"]
    rows = []
    for place, step in enumerate(steps):
        row = [f"{step.pages:,}", f"{step.size / 1e6:,.0f} MB"]
        for name in names:
            sample = step.samples[name]
            before = steps[place - 1].samples[name] if place else None
            row += [
                seconds(sample.median),
                f"{sample.median / before.median:.2f} ×" if before else "–",
                _memory(sample.peak),
            ]
        rows.append(row)
    return table(header, rows, left=0)


def goals(figures: Iterable[tuple[Goal, float | None]]) -> str:
    """Figures beside the goals, and whether they are met."""
    return table(
        ("goal", "figure", "must", "aim", "verdict"),
        (
            (
                goal.what,
                goal.shown(figure),
                goal.bound(goal.must),
                goal.bound(goal.aim),
                goal.verdict(figure),
            )
            for goal, figure in figures
        ),
    )
