"""What tests turn inside the library, said once: a part that moves is looked for here alone.

Each of these takes pytest's `monkeypatch` or a context of it, which turns it back.
"""

import importlib
import os
from pathlib import Path

import pytest

import newsarchive as na
from newsarchive.rules import Rule, _plugins
from newsarchive.runs import across, engine, processes, remembered, since, workers
from newsarchive.store import copies, locking, transaction


def at_rest(patch: pytest.MonkeyPatch) -> None:
    """Files count as long unchanged, though a test has just written them: a cache trusts them."""
    patch.setattr(remembered, "_TICK", -(10**15))


def small_tasks(patch: pytest.MonkeyPatch, pages: int = 1) -> None:
    """Processes get few pages at a time, so that a small archive is work for several."""
    patch.setattr(workers, "_TASK_PAGES", pages)
    patch.setattr(across, "_TASK_PAGES", pages)
    patch.setattr(across, "_FEW", 0)
    patch.setattr(across, "_SOME", 0)


def work_for_two(patch: pytest.MonkeyPatch) -> None:
    """Any few pages are enough for two processes to judge."""
    patch.setattr(across, "_FEW", 0)


def many_pages(patch: pytest.MonkeyPatch) -> None:
    """Any few pages that have to be read are many."""
    patch.setattr(engine, "_MANY_PAGES", 0)


def processes_are_copies(patch: pytest.MonkeyPatch) -> None:
    """Processes are forked, though another test may have left a thread behind."""
    patch.setattr(processes, "_may_fork", lambda: True)
    patch.setattr(copies, "is_alone", lambda: True)


def changes_count_as(patch: pytest.MonkeyPatch, *, large: bool) -> None:
    """A change takes two full runs however small it is, or none however large."""
    patch.setattr(since, "_FEW", -1 if large else 10**6)
    patch.setattr(since, "_MOST", -1 if large else 0)


def no_patience(patch: pytest.MonkeyPatch, seconds: float = 0.0) -> None:
    """Nobody waits for an archive that another changes."""
    patch.setattr(locking, "SECONDS_TO_WAIT", seconds)


def journal_only(patch: pytest.MonkeyPatch) -> None:
    """A change of an archive writes its journal and nothing after it, as if it had been killed."""
    patch.setattr(transaction, "_finish", lambda base, steps: None)


def none_may_write(patch: pytest.MonkeyPatch, *names: str) -> None:
    """Files of these names may not be written, or none may: root is refused nothing by modes."""
    patch.setattr(os, "access", lambda path, mode: bool(names) and Path(path).name not in names)


def forget_plugins() -> None:
    """Look for packages with rules anew, as another process does."""
    importlib.invalidate_caches()  # a folder is listed once within a tick of its clock
    _plugins._installed.cache_clear()


def rules_of_packages(patch: pytest.MonkeyPatch, *rules: Rule) -> None:
    """These are the rules of installed packages."""
    patch.setattr(_plugins, "plugins", lambda: _plugins.Plugins(rules))


def more_rules_of_the_library(patch: pytest.MonkeyPatch, *rules: Rule) -> None:
    """The library has these rules, too."""
    patch.setattr(_plugins, "ALL_RULES", (*na.ALL_RULES, *rules))
