"""Folders in tasks for others: few tasks, as each passes a scheduler, of which the last are small.

Whoever is done takes the next. So what the last one to work still does when all others are done is
no more than a small task.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from newsarchive.runs.workers import Work

MOST_PAGES = 32_768
"""How many pages a task has at most, about: it takes some seconds."""

_ROUNDS = 2  # of each hand, that what is known to be left would take if all tasks were alike
_KNOWN = 2  # of what was done, this part may be listed and left


def portions(work: Iterable[Work], hands: int, least: int) -> Iterator[list[Work]]:
    """Tasks of folders: small ones at once, then large ones that become smaller to the end.

    Args:
        work: the folders. Some are listed ahead: tasks can only shrink before an end in sight.
        hands: how many tasks are done at a time.
        least: how many pages a task has at least, but for the last.
    """
    waiting: deque[Work] = deque()
    listed = done = 0  # pages that wait, and pages of tasks

    def task() -> list[Work]:
        nonlocal listed, done
        enough = min(max(listed // (_ROUNDS * hands), least), MOST_PAGES)
        some, pages = [], 0
        while waiting and pages < enough:
            some.append(waiting.popleft())
            pages += len(some[-1][0].names)
        listed, done = listed - pages, done + pages
        return some

    for folder in work:
        waiting.append(folder)
        listed += len(folder[0].names)
        if listed >= (least if done < hands * least else max(MOST_PAGES, done // _KNOWN)):
            yield task()
    while waiting:
        yield task()
