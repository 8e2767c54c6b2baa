"""Which of a few pages have to be judged against others."""

import os
from datetime import date
from pathlib import Path

import pytest

import newsarchive as na
from newsarchive.archive import view_of
from newsarchive.rules._selection import select_rules
from newsarchive.runs.nearby import in_doubt
from tests.builders import DAY_PATH, OPENS, PATH, SMALL_ARCHIVE, event, write_archive

RULES = select_rules(())
TODAY = date(2020, 1, 1)
COPY = DAY_PATH.replace("index.md", "README.md")


def doubted(root: Path, *pages: str, **changed: str) -> list[str]:
    write_archive(root, {**SMALL_ARCHIVE, **{PLACES[name]: text for name, text in changed.items()}})
    return [*in_doubt(view_of(na.Archive(root)), pages, RULES, TODAY)]


PLACES = {"page": PATH, "index": DAY_PATH, "copy": COPY}


def test_pages_are_in_no_doubt_where_what_they_link_to_is_as_they_say(tmp_path: Path) -> None:
    assert doubted(tmp_path, PATH, DAY_PATH, OPENS) == []


@pytest.mark.parametrize(
    "related", ["[Other words.](" + OPENS + ")", "[The pier opens.](/news/2016/03/1/gone.md)"]
)
def test_a_page_is_in_doubt_where_they_are_not(tmp_path: Path, related: str) -> None:
    assert doubted(tmp_path, PATH, page=event(related=[related])) == [PATH]


def test_other_pages_doubts_are_left_out(tmp_path: Path) -> None:
    assert doubted(tmp_path, OPENS, page=event(related=["[No.](/news/2016/03/1/no.md)"])) == []


def test_an_index_is_in_doubt_where_it_names_another_day_before(tmp_path: Path) -> None:
    text = SMALL_ARCHIVE[DAY_PATH]
    assert "[Previous Day...](" in text
    assert doubted(tmp_path, DAY_PATH, index=text.partition("## [Previous")[0]) == [DAY_PATH]


def test_both_copies_of_an_index_are_compared(tmp_path: Path) -> None:
    other = SMALL_ARCHIVE[DAY_PATH].replace("### [", "##### A topic\n### [").replace(PATH, OPENS)
    assert DAY_PATH in doubted(tmp_path, DAY_PATH, copy=other)


def test_pages_to_come_are_in_doubt(tmp_path: Path) -> None:
    write_archive(tmp_path, SMALL_ARCHIVE)
    view = view_of(na.Archive(tmp_path))
    assert [*in_doubt(view, [PATH], RULES, date(2016, 1, 1))] == [PATH]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root reads all")
def test_nothing_is_settled_beside_a_page_that_cannot_be_read(tmp_path: Path) -> None:
    write_archive(tmp_path, SMALL_ARCHIVE)
    (tmp_path / DAY_PATH[1:]).chmod(0)
    assert [*in_doubt(view_of(na.Archive(tmp_path)), [PATH], RULES, TODAY)] == [PATH]
