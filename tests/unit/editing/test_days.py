"""The chain of days when one of them goes."""

import datetime
from pathlib import Path

import pytest

import newsarchive as na
from tests.builders import DAY_PATH, OPENS, REBUILT, SMALL_ARCHIVE, TODAY, texts, write_archive
from tests.faults import Run

FIRST, NEXT = "/news/2016/02/29/index.md", "/news/2016/03/4/index.md"
LINK = f"## [Previous Day...]({DAY_PATH})\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_archive(tmp_path, small=True)


@pytest.mark.parametrize("entries", [False, True])
def test_the_next_day_leads_to_the_day_before(root: Path, entries: bool) -> None:
    assert na.Archive(root).remove(DAY_PATH, entries) == (NEXT, DAY_PATH)
    expected = SMALL_ARCHIVE[NEXT].replace(DAY_PATH, FIRST)
    assert texts(root)[NEXT] == expected
    codes = {d.code for d in na.check(root, today=TODAY).diagnostics}
    assert not codes & {"NA305", "NA401"}


def test_without_an_earlier_day_the_link_goes(root: Path) -> None:
    na.Archive(root).remove(FIRST)
    assert texts(root)[DAY_PATH] == SMALL_ARCHIVE[DAY_PATH].replace(
        f"## [Previous Day...]({FIRST})\n\n", ""
    )
    assert "NA401" not in {d.code for d in na.check(root, today=TODAY).diagnostics}


@pytest.mark.parametrize(("mark", "newline"), [("", "\r\n"), ("\ufeff", "\n"), ("\ufeff", "\r")])
def test_line_endings_and_a_byte_order_mark_stay(root: Path, mark: str, newline: str) -> None:
    def as_bytes(text: str) -> bytes:
        return (mark + text.replace("\n", newline)).encode()

    (root / DAY_PATH[1:]).write_bytes(as_bytes(SMALL_ARCHIVE[DAY_PATH]))
    na.Archive(root).remove(FIRST)
    alone = SMALL_ARCHIVE[DAY_PATH].replace(f"## [Previous Day...]({FIRST})\n\n", "")
    assert (root / DAY_PATH[1:]).read_bytes() == as_bytes(alone)


def test_mixed_line_endings_stay_with_the_link(root: Path) -> None:
    mixed = SMALL_ARCHIVE[DAY_PATH].replace("\n", "\r\n", 1).encode()
    (root / DAY_PATH[1:]).write_bytes(mixed)
    na.Archive(root).remove(FIRST)
    assert (root / DAY_PATH[1:]).read_bytes() == mixed


def test_one_copy_of_two_goes(root: Path) -> None:
    copy = DAY_PATH.replace("index", "README")
    write_archive(root, {copy: SMALL_ARCHIVE[DAY_PATH]})
    na.Archive(root).remove(copy)
    assert texts(root)[NEXT] == SMALL_ARCHIVE[NEXT]
    write_archive(root, {copy: SMALL_ARCHIVE[DAY_PATH]})
    na.Archive(root).remove(DAY_PATH)
    assert texts(root)[NEXT] == SMALL_ARCHIVE[NEXT].replace(DAY_PATH, copy)


def test_two_days_in_one_change(root: Path) -> None:
    with na.Archive(root).change() as change:
        change.remove(DAY_PATH)
        change.remove(NEXT)
    later = "/news/2016/03/10/index.md"
    assert texts(root)[later] == SMALL_ARCHIVE[later].replace(NEXT, FIRST)


def test_a_link_elsewhere_stays_as_it_is(root: Path) -> None:
    odd = SMALL_ARCHIVE[NEXT].replace(DAY_PATH, FIRST)
    write_archive(root, {NEXT: odd})
    assert na.Archive(root).remove(DAY_PATH) == (DAY_PATH,)
    assert texts(root)[NEXT] == odd


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_first_day_is_led_back_to_from_a_page_without_such_a_link(
    root: Path, newline: str
) -> None:
    index = SMALL_ARCHIVE[FIRST].replace("\n", newline)
    (root / FIRST[1:]).write_bytes(index.encode())
    event = na.Event(date=datetime.date(2016, 2, 28), title="Ice melts.")
    assert FIRST in na.Archive(root).add(event)
    link = "## [Previous Day...](/news/2016/02/28/index.md)\n\n".replace("\n", newline)
    assert (root / FIRST[1:]).read_bytes() == (index + link).encode()


def test_one_that_is_laid_out_in_another_way_is_for_fmt_first(root: Path) -> None:
    odd = SMALL_ARCHIVE[FIRST].replace("### [", "###  [")
    write_archive(root, {FIRST: odd})
    event = na.Event(date=datetime.date(2016, 2, 28), title="Ice melts.")
    with pytest.raises(na.RefusedMoveError, match="newsarchive fmt"):
        na.Archive(root).add(event)
    assert texts(root) == {**SMALL_ARCHIVE, FIRST: odd}


def test_a_page_that_is_laid_out_in_another_way_keeps_a_link_that_cannot_be_led(
    root: Path,
) -> None:
    odd = SMALL_ARCHIVE[DAY_PATH].replace("## [Prev", "\n\n## [Prev")
    write_archive(root, {DAY_PATH: odd + "\n\n"})
    assert na.Archive(root).remove(FIRST) == (FIRST,)


def test_the_command_tells_of_it(run: Run, root: Path) -> None:
    would = run("rm", root / DAY_PATH[1:], "--diff")
    assert f"{root / NEXT[1:]}:4:22: would be led on" in would.err
    assert f"-{LINK}+## [Previous Day...]({FIRST})" in would.out
    done = run("rm", root / DAY_PATH[1:])
    assert f"{root / NEXT[1:]}:4:22: led on" in done.out
    assert f"{root / OPENS[1:]}" not in done.out
    assert "broken" in done.out, "the heading of the day's event"
    assert run("rm", root / REBUILT[1:]).status == 0
