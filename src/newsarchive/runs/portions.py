"""Folders in tasks for others: few tasks, as each passes a scheduler, of which the last are small.

Whoever is done takes the next. So what the last one to work still does when all others are done is
no more than a small task.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

Folder = TypeVar("Folder")

MOST_PAGES = 32_768
"""How many pages a task has at most, about: it takes some seconds."""

_HELD = 2  # tasks of each hand: one that it does, and one that waits there
_ROUNDS = 2  # of all these, that what is known to be left would take if all were alike
_KNOWN = 2  # of what was done, this part may be listed and left


def portions(
    folders: Iterable[Folder], pages_of: Callable[[Folder], int], hands: int, least: int
) -> Iterator[list[Folder]]:
    """Tasks of folders: small ones at once, then large ones that become smaller to the end.

    Some folders are listed ahead: tasks can only shrink before an end in sight. So many `hands` do
    tasks at a time, and each has so many pages at least, but for the last.
    """
    waiting: deque[Folder] = deque()
    listed = done = 0  # pages that wait, and pages of tasks

    def task() -> list[Folder]:
        nonlocal listed, done
        enough = min(max(listed // (_ROUNDS * _HELD * hands), least), MOST_PAGES)
        some: list[Folder] = []
        pages = 0
        while waiting and pages < enough:
            some.append(waiting.popleft())
            pages += pages_of(some[-1])
        listed, done = listed - pages, done + pages
        return some

    for folder in folders:
        waiting.append(folder)
        listed += pages_of(folder)
        if listed >= (least if done < _HELD * hands * least else max(MOST_PAGES, done // _KNOWN)):
            yield task()
    while waiting:
        yield task()
