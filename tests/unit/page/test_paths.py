"""What a path says about its page, slugs, and targets that are no paths."""

import datetime

import pytest

from newsarchive.page.paths import (
    DayNumbers,
    PageKind,
    day_folder,
    day_label,
    day_of,
    day_path,
    kind_of,
    path_fault,
)


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/news/2013/02/20/slug.md", PageKind.EVENT),
        ("/news/2013/02/1/a b.md", PageKind.EVENT),
        ("/news/2013/2/01/slug", PageKind.EVENT),
        ("/news/2013/02/30/slug.md", PageKind.EVENT),
        ("/news/2013/02/20/Index.md", PageKind.EVENT),
        ("/news/2013/02/20/readme.md", PageKind.EVENT),
        ("/news/2013/02/20/index.md", PageKind.DAY_INDEX),
        ("/news/2013/02/20/README.md", PageKind.DAY_INDEX),
        ("/news/99/99/99/index.md", PageKind.DAY_INDEX),
        ("/index.md", PageKind.FRONT_PAGE),
        ("/README.md", PageKind.FRONT_PAGE),
        ("/opinion/index.md", PageKind.OPINION_INDEX),
        ("/opinion/README.md", PageKind.OPINION_INDEX),
        ("/opinion/2013/02/20/slug/README.md", PageKind.EDITORIAL),
        ("/opinion/slug/index.md", PageKind.EDITORIAL),
        ("/opinion/2013/02/20/slug.md", PageKind.PROSE),
        ("/news/2013/02/index.md", PageKind.PROSE),
        ("/news/2013/02/20/deeper/slug.md", PageKind.PROSE),
        ("/news/2013/02/20/", PageKind.PROSE),
        ("/news/x/02/20/slug.md", PageKind.PROSE),
        ("/news/2013/02/20000/slug.md", PageKind.PROSE),
        ("news/2013/02/20/slug.md", PageKind.PROSE),
        ("/archive/news/2013/02/20/slug.md", PageKind.PROSE),
        ("/faq/README.md", PageKind.PROSE),
        ("/opinions/index.md", PageKind.PROSE),
        ("index.md", PageKind.FRONT_PAGE),
        ("", PageKind.PROSE),
    ],
)
def test_the_kind_of_a_path(path: str, kind: PageKind) -> None:
    assert kind_of(path) is kind


def test_the_day_of_a_path_is_as_written() -> None:
    assert day_of("/news/2013/02/30/index.md") == DayNumbers(2013, 2, 30)
    assert day_of("/news/2013/2/01/a.md") == (2013, 2, 1)
    assert day_of("/opinion/2013/02/20/a/README.md") is None
    assert day_of("/index.md") is None


def test_a_day_that_does_not_exist_has_no_date() -> None:
    assert DayNumbers(2016, 2, 29).date() == datetime.date(2016, 2, 29)
    assert DayNumbers(2013, 2, 29).date() is None
    assert DayNumbers(0, 1, 1).date() is None
    assert DayNumbers(10000, 1, 1).date() is None


@pytest.mark.parametrize(
    ("date", "folder", "label"),
    [
        (datetime.date(2013, 2, 1), "/news/2013/02/1", "2013-02-1"),
        (datetime.date(2013, 12, 31), "/news/2013/12/31", "2013-12-31"),
        (datetime.date(87, 1, 10), "/news/0087/01/10", "0087-01-10"),
    ],
)
def test_months_are_padded_and_days_are_not(date: datetime.date, folder: str, label: str) -> None:
    assert day_folder(date) == folder
    assert day_path(date) == f"{folder}/index.md"
    assert day_label(date) == label
    assert day_of(day_path(date)) == (date.year, date.month, date.day)


@pytest.mark.parametrize(
    "target",
    [
        "/news/2013/02/20/slug.md",
        "/",
        "/a b/c",
        "/news/a..b/c...md",
        "/news/2013/02/20/what-is-a-.md",
        "/news/a%20b.md",
        "/news/1:2.md",
    ],
)
def test_archive_paths_have_no_fault(target: str) -> None:
    assert path_fault(target) == ""


@pytest.mark.parametrize(
    ("target", "words"),
    [
        ("", "no target"),
        ("http://example.org/a", "out of the archive"),
        ("mailto:someone", "out of the archive"),
        ("//example.org/a", "out of the archive"),
        ("news/2013/02/20/slug.md", "relative"),
        ("./slug.md", "relative"),
        ("?a", "relative"),
        ("/a\0b", "NUL or a backslash"),
        ("/a%00b", "NUL or a backslash"),
        ("/a\\b", "NUL or a backslash"),
        ("/a%5Cb", "NUL or a backslash"),
        ("/../a", "climbs out"),
        ("/a/../../b", "climbs out"),
        ("/%2e%2e/a", "climbs out"),
        ("/a/../b", "'.' or '..'"),
        ("/a/./b", "'.' or '..'"),
        ("/a/..", "'.' or '..'"),
        ("/.", "'.' or '..'"),
    ],
)
def test_what_is_no_archive_path(target: str, words: str) -> None:
    assert words in path_fault(target)


def test_hidden_files_are_paths() -> None:
    assert path_fault("/.git/config") == ""
    assert path_fault("/a/.hidden") == ""
