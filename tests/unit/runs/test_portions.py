"""Folders in tasks for others."""

from collections.abc import Iterator

import pytest

from newsarchive.runs.portions import MOST_PAGES, portions


def sizes(folders: int, hands: int, least: int = 1000, pages: int = 10) -> list[int]:
    """How many pages each task has."""
    tasks = list(portions([pages] * folders, int, hands, least))
    assert sum(map(sum, tasks)) == folders * pages
    return [sum(task) for task in tasks]


def test_nothing_makes_no_task() -> None:
    assert sizes(0, 2) == []


@pytest.mark.parametrize("hands", [1, 2, 8, 500])
@pytest.mark.parametrize("folders", [1, 150, 3000, 30_000, 900_000])
def test_each_folder_is_in_one_task_in_the_order_given(folders: int, hands: int) -> None:
    tasks = portions(range(folders), lambda folder: 1 + folder % 3, hands, 64)
    assert [folder for task in tasks for folder in task] == [*range(folders)]


def test_tasks_are_few_and_the_last_are_small() -> None:
    found = sizes(3000, 2)
    assert found[:4] == [1000] * 4
    assert found[4:] == sorted(found[4:], reverse=True)
    assert 3000 < found[4] < 4000
    assert found[-3] == 1000 >= found[-1]
    assert len(found) < 22
    assert len(sizes(1_000_000, 2)) < 400
    assert max(sizes(1_000_000, 2)) <= MOST_PAGES + 10
    assert sizes(1_000_000, 2)[-1] <= 1000


def test_whoever_waits_has_a_task_before_more_is_listed() -> None:
    listed: list[int] = []

    def listing() -> Iterator[int]:
        for number in range(10_000):
            listed.append(number)
            yield 10

    tasks = portions(listing(), int, 2, 1000)
    for _ in range(4):
        next(tasks)
    assert len(listed) == 400
    next(tasks)
    assert len(listed) < 4000
