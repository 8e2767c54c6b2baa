"""The rows of the tables: what each says of a page, sound or damaged."""

import datetime
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

import newsarchive as na
from newsarchive import strategies as nas
from newsarchive.page.editions import ZH
from newsarchive.page.paths import PageKind
from newsarchive.tables.making import Intake, between, tasks
from newsarchive.tables.rows import PageParts, is_built, rows_of
from newsarchive.tables.schema import TABLES, columns
from tests.builders import (
    DAY_PATH,
    EDITORIAL_PATH,
    FRONT_PATH,
    LATER,
    OPENS,
    PAGE,
    PATH,
    PROSE_PATH,
    SMALL_ARCHIVE,
    spoiled,
    write_archive,
)

OF_PAGES = tuple(name for name in TABLES if name not in ("findings", "meta"))


def rows(
    text: str | bytes, table: str, path: str = PATH, others: Iterable[str] = SMALL_ARCHIVE
) -> list[Any]:
    """The rows of one page alone, as named tuples."""
    data = text.encode() if isinstance(text, str) else text
    page = PageParts(path, data, {*others})
    return [TABLES[table].row(*row) for row in rows_of(page, table)]


class TestAnEvent:
    def test_says_of_itself(self) -> None:
        [row] = rows(PAGE, "pages")
        assert (row.path, row.kind, row.date) == (PATH, "event", datetime.date(2016, 3, 2))
        assert (row.title, row.description) == ("The pier burns.", "Nobody was hurt.")
        assert row.cover_image == "https://post.example.org/pier.jpg"
        assert (row.topic, row.body, row.author, row.built) == (None, None, None, True)
        assert (row.bytes, len(row.sha256)) == (len(PAGE.encode()), 64)

    def test_has_its_sources_but_not_the_cover_image_among_them(self) -> None:
        found = rows(PAGE, "sources")
        assert [(r.n, r.name, r.host, r.line) for r in found] == [
            (1, "Harbour Post", "post.example.org", 10),
            (2, "Evening Tide", "tide.example.org", 11),
        ]

    def test_has_related_events_with_context(self) -> None:
        first, second = rows(PAGE, "related")
        assert (first.title, first.target, first.target_exists) == ("The pier opens.", OPENS, True)
        assert (first.context, second.context) == (("pier", "Veldania"), ())

    def test_says_which_targets_are_not_there(self) -> None:
        assert not any(row.target_exists for row in rows(PAGE, "related", others=()))

    def test_has_versions_with_times(self) -> None:
        first, _, current = rows(PAGE, "changes")
        assert (first.kind, first.timestamp) == (
            "First version",
            datetime.datetime(2016, 3, 2, 10),
        )
        assert (current.kind, current.path, current.timestamp) == ("Current version", PATH, None)

    def test_has_its_links_in_the_order_of_the_page(self) -> None:
        found = rows(PAGE, "links")
        assert [row.n for row in found] == [*range(1, len(found) + 1)]
        assert [(row.line, row.column) for row in found] == sorted(
            (row.line, row.column) for row in found
        )
        for row in found:
            assert PAGE.split("\n")[row.line - 1][row.column - 1 :].startswith(row.target)
        assert [row.resolved for row in found if row.kind == "related"] == [
            OPENS,
            "/news/2016/03/4/the-pier-is-rebuilt.md",
        ]
        assert {row.resolved for row in found if row.kind in ("source", "cover-image")} == {None}

    @pytest.mark.parametrize("text", ["\ufeff" + PAGE, PAGE.replace("\n", "\r\n")])
    def test_has_its_links_where_a_check_would_point(self, text: str) -> None:
        reading = na.inspect(text, PATH)
        places = [reading.document.position(m.start()) for m in re.finditer(r"(?<=\]\()", text)]
        assert [(row.line, row.column) for row in rows(text, "links")] == places


def test_an_event_of_another_edition() -> None:
    text = (
        "### [2016-03-2](/zh/news/2016/03/2/index.md)\n\n# 码头着火。\n\n\n\n\n### 信息来源:\n\n"
        "1. [邮报](https://post.example.org/a) [IMG](https://post.example.org/a.jpg)\n\n"
        f"### 有关:\n\n1. [码头开放。](/zh{OPENS}) _上下文: 码头, 港口_\n"
    )
    page = PageParts(PATH, text.encode(), {*SMALL_ARCHIVE}, edition=ZH)
    made = {name: [TABLES[name].row(*row) for row in rows_of(page, name)] for name in OF_PAGES}
    assert [(r.title, r.edition, r.built) for r in made["pages"]] == [("码头着火。", "zh", True)]
    assert [(r.name, r.image) for r in made["sources"]] == [
        ("邮报", "https://post.example.org/a.jpg")
    ]
    assert [(r.target, r.target_exists, r.context) for r in made["related"]] == [
        (OPENS, True, ("码头", "港口"))
    ]
    assert [(r.kind, r.resolved) for r in made["links"]] == [
        ("day", DAY_PATH),
        ("source", None),
        ("related", OPENS),
    ]


class TestOtherPages:
    def test_an_index_has_an_entry_for_each_event(self) -> None:
        text = (
            "## [2016-03-2](/news/2016/03/2/index.md)\n\n"
            f"##### Piers\n### [The pier burns. ]({PATH})\n_Context: pier, Veldania_\n\n"
            f"### [The pier opens. ]({OPENS})\nIt does.\n\n"
        )
        first, second = rows(text, "entries", DAY_PATH)
        assert (first.section, first.n, first.title) == ("2016-03-2", 1, "The pier burns.")
        assert (first.topic, first.context, first.description) == (
            "Piers",
            ("pier", "Veldania"),
            None,
        )
        assert (second.topic, second.context, second.description) == (None, (), "It does.")

    def test_the_front_page_has_them_by_section(self) -> None:
        found = rows(SMALL_ARCHIVE[FRONT_PATH], "entries", FRONT_PATH)
        assert [(r.section, r.n, r.title) for r in found] == [
            ("News", 1, "The pier opens again."),
            ("Opinion", 2, "On piers"),
        ]

    def test_an_editorial_has_an_author_and_a_body(self) -> None:
        [row] = rows("# On piers\n#### by A. Keeper\n\nThey burn.\n", "pages", EDITORIAL_PATH)
        assert (row.title, row.author, row.body) == ("On piers", "A. Keeper", "They burn.")

    def test_prose_is_all_body(self) -> None:
        [row] = rows("# Questions\n\nNone.\n", "pages", PROSE_PATH)
        assert (row.title, row.body, row.built) == (None, "# Questions\n\nNone.\n", True)


class TestADamagedPage:
    def test_has_a_row_without_a_model(self) -> None:
        [row] = rows(spoiled("[2016-03-2]", "[2016-02-30]"), "pages")
        assert (row.built, row.date, row.title) == (False, None, "The pier burns.")

    def test_keeps_all_rows_though_it_is_not_utf8(self) -> None:
        broken = PAGE.encode().replace(b"pier burns", b"pi\xffr burns", 1)
        assert rows(broken, "pages")[0].built is False
        for table in ("sources", "related", "changes", "links"):
            assert len(rows(broken, table)) == len(rows(PAGE, table))
        assert rows(broken, "models") == [(PATH, None, None)]

    def test_keeps_lines_that_are_no_whole_entries(self) -> None:
        text = spoiled("1. [The pier opens.](/news/2016/02/29/", "1. [The pier opens.(/news/")
        first, second = rows(text, "related")
        assert (first.n, first.target, first.target_exists, first.line) == (1, "", False, 16)
        assert first.title.startswith("[The pier opens.(/news/")
        assert second.n == 2

    @pytest.mark.parametrize("table", OF_PAGES)
    def test_that_cannot_be_read_has_a_row_of_pages(self, table: str) -> None:
        error = OSError(13, "Permission denied")
        page = PageParts(PATH, error, frozenset())
        found = [*rows_of(page, table)]
        if table == "pages":
            [row] = found
            assert row[:2] == (PATH, "event")
            assert row[-3:] == (None, None, False)
        elif table == "models":
            assert found == [(PATH, None, None)]
        else:
            assert found == []


@pytest.mark.property
@given(nas.nearly_page_texts())
def test_a_row_says_whether_there_is_a_model(drawn: tuple[str, str]) -> None:
    path, text = drawn
    data = text.encode()
    page = PageParts(path, data, frozenset())
    assert is_built(page) == (na.inspect(text, path).page is not None)


@pytest.mark.property
@given(nas.nearly_page_texts())
def test_rows_have_the_types_and_keys_of_their_tables(drawn: tuple[str, str]) -> None:
    path, text = drawn
    for table in OF_PAGES:
        keys = []
        for row in rows(text, table, path):
            for column, value in zip(columns(TABLES[table]), row, strict=True):
                assert value is not None or column.optional
            keys.append(tuple(getattr(row, name) for name in TABLES[table].key))
        assert keys == sorted(set(keys))


class TestAnArchive:
    def test_gives_events_the_topics_of_their_day(self, tmp_path: Path) -> None:
        index = SMALL_ARCHIVE[DAY_PATH].replace("### [The", "##### Piers\n### [The")
        archive = na.Archive(write_archive(tmp_path, {DAY_PATH: index}, small=True))
        made = Intake(archive.store, [PATH, OPENS], archive.scan.files).rows(["pages"])
        assert made["pages"][4] == ["Piers", None]

    def test_and_index_md_has_the_last_word(self, tmp_path: Path) -> None:
        index = SMALL_ARCHIVE[DAY_PATH].replace("### [The", "##### Piers\n### [The")
        readme = index.replace("Piers", "Fires")
        other = f"{DAY_PATH.removesuffix('index.md')}README.md"
        pages = {DAY_PATH: index, other: readme}
        archive = na.Archive(write_archive(tmp_path, pages, small=True))
        made = Intake(archive.store, [PATH], archive.scan.files).rows(["pages"])
        assert made["pages"][4] == ["Piers"]

    def test_work_is_divided_the_same_whoever_does_it(self) -> None:
        paths = [f"/news/2016/03/{day}/{n:03}.md" for day in range(1, 10) for n in range(100)]
        portions = [*tasks(paths)]
        assert [path for portion in portions for path in portion] == paths
        assert [len(portion) for portion in portions] == [300, 300, 300]
        assert [len(portion) for portion in tasks(["/a/b.md"] * 2000)] == [1024, 976]

    def test_days_are_those_of_folders(self) -> None:
        day = datetime.date(2016, 3, 2)
        assert between(SMALL_ARCHIVE, day, day) == [DAY_PATH, PATH]
        assert LATER in between(SMALL_ARCHIVE, day, None)
        assert PROSE_PATH in between(SMALL_ARCHIVE, None, None)


def test_kinds_that_the_schema_names_are_those_that_there_are() -> None:
    [meaning] = [c.meaning for c in columns(TABLES["pages"]) if c.name == "kind"]
    assert set(re.findall(r"[a-z-]+", meaning)) - {"or"} == {kind.value for kind in PageKind}
    [meaning] = [c.meaning for c in columns(TABLES["links"]) if c.name == "kind"]
    assert set(re.findall(r"[a-z-]+", meaning)) - {"or"} == {kind.value for kind in na.LinkKind}
