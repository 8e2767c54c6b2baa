"""What strategies draw, looked at until everything was met that is wanted."""

import contextlib
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

import newsarchive as na

T = TypeVar("T")


class EnoughError(Exception):
    """Every condition is met: no more draws are needed."""


def never_drawn(
    strategy: st.SearchStrategy[T], *wanted: Callable[[T], object], draws: int = 5000
) -> list[int]:
    """The positions of the conditions that none of the draws meets.

    What is drawn changes with any constant in the source, and some conditions are met once in
    some hundred draws. It ends when all are met: many draws cost nothing but where one is not.
    """
    missing = dict(enumerate(wanted))

    @settings(
        max_examples=draws,
        phases=[Phase.generate],
        derandomize=True,
        database=None,
        deadline=None,
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def draw(value: T) -> None:
        for number, condition in list(missing.items()):
            if condition(value):
                del missing[number]
        if not missing:
            raise EnoughError

    with contextlib.suppress(EnoughError):
        draw()
    return list(missing)


def all_of(strategy: st.SearchStrategy[T], part: Callable[[T], Any], *values: Any) -> None:
    """Each of these values is drawn, as a part of what a strategy draws."""
    missing = set(values)

    def was_the_last(drawn: T) -> bool:
        missing.discard(part(drawn))
        return not missing

    never_drawn(strategy, was_the_last, draws=20_000)
    assert missing == set()


def largest(
    strategy: st.SearchStrategy[T], measure: Callable[[T], dict[str, int]], draws: int
) -> dict[str, int]:
    """The largest of each number that is counted in what is drawn."""
    found: Counter[str] = Counter()

    def keep(drawn: T) -> None:
        for name, number in measure(drawn).items():
            found[name] = max(found[name], number)

    never_drawn(strategy, keep, draws=draws)
    return dict(found)


def codes_never_found(
    strategy: st.SearchStrategy[T],
    codes: list[str],
    check: Callable[[T], Iterable[na.Diagnostic]],
) -> set[str]:
    """The codes that are among the findings on no draw; each draw is checked once."""
    missing = set(codes)

    def was_the_last(drawn: T) -> bool:
        missing.difference_update(d.code for d in check(drawn))
        return not missing

    never_drawn(strategy, was_the_last)
    return missing
