"""What a run is asked to do: one value, made of what callers give."""

from __future__ import annotations

import datetime
import os
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

from newsarchive.page.lazy_tuples import NamedTuple
from newsarchive.rules import Rule
from newsarchive.rules._selection import select_rules, words_of

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from newsarchive.settings import Settings
    from newsarchive.store.listing import Scan

Progress = Callable[[int, int], None]
"""Called with the number of pages done, and of all pages."""


class RunOptions(NamedTuple):
    """What a run is asked to do; `newsarchive.check` says more of each."""

    rules: tuple[Rule, ...]  # the rules that run on at least one page
    today: datetime.date  # the day that future dates are measured against
    # which of them hold where, and how severe their findings are; None judges nothing
    settings: Settings | None = None
    only: frozenset[str] | None = None  # the pages that are looked at; None means all
    jobs: int | None = 1  # how many processes read pages; None means one for each core
    progress: Progress | None = None  # told how far the run is
    # the folder where the run keeps what it read; None keeps nothing
    cache: str | os.PathLike[str] | None = None
    executor: Executor | None = None  # who reads pages, in place of processes of our own
    # has folders read in place of `workers.collect`, with the same arguments
    collector: Callable[[Any, Iterable[Any], Any], Iterator[Any]] | None = None
    # the archive's files with their states, where someone has just listed them; used with a cache
    listing: Scan | None = None

    @classmethod
    def of(
        cls,
        *,
        select: Iterable[str] = (),
        ignore: Iterable[str] = (),
        settings: Settings | None = None,
        today: datetime.date | None = None,
        **others: Any,
    ) -> RunOptions:
        """The options that callers give, with their words for rules made rules.

        Rules to run, and to leave out, take the place of those of the settings. `today` is the
        local date by default; `others` are the other fields.

        Raises:
            UnknownRuleError: a word names no rule.
        """
        if settings is None:
            rules = select_rules(select, ignore)
        else:
            given = {"select": words_of(select), "ignore": words_of(ignore)}
            settings = settings.override(**{key: words for key, words in given.items() if words})
            rules = settings.rules()
        return cls(rules, today or datetime.date.today(), settings, **others)


def cores() -> int:
    """How many processes can work at a time."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1  # pragma: no cover - other systems
