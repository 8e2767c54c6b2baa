"""The pages of a folder in columns, and findings as rows."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import newsarchive as na
from newsarchive.graph.facts import Facts
from newsarchive.graph.records import (
    FolderRecord,
    PageRecord,
    are_rows,
    finding_of,
    finding_row,
    is_whole,
)
from tests.builders import OPENS, PAGE, REBUILT, TODAY, found_on, spoiled

FAULTY = Path(__file__).parents[3] / "examples" / "faulty"


def test_a_finding_comes_back_from_its_row() -> None:
    for text, code in [
        (spoiled("2. [Evening", "3. [Evening"), "NA108"),
        ("\ufeff" + PAGE, "NA102"),
        (spoiled("[The pier opens.]", "[[The pier opens.]"), "NA110"),
        (spoiled(f"[The pier is rebuilt.]({REBUILT})", f"[The pier opens.]({OPENS})"), "NA206"),
    ]:
        [found] = found_on(text, code)
        [rule] = [rule for rule in na.ALL_RULES if rule.code == code]
        assert found.fix
        assert finding_of(finding_row(found), rule, found.page, found.file) == found


def test_what_depends_on_other_pages_comes_back_from_its_row() -> None:
    rules = {rule.code: rule for rule in na.ALL_RULES}
    found = na.check(FAULTY, today=TODAY).diagnostics
    assert any(d.suggestions for d in found)
    assert any(d.fix and d.fix.page for d in found)
    for d in found:
        row = json.loads(json.dumps(finding_row(d)))
        assert finding_of(row, rules[d.code], d.page, d.file) == d
        assert are_rows([row], lambda _: True)
        # What a page says by itself is no reason to write to another.
        assert are_rows([row]) == (not (d.fix and d.fix.page))


@pytest.mark.parametrize(
    "spoil",
    [
        lambda row: row[8].__setitem__(1, [["0", 1, ""]]),
        lambda row: row[8].__setitem__(3, "no"),
        lambda row: row[8].__setitem__(4, "/another/page.md"),
        lambda row: row[8].__setitem__(2, "certain"),
        lambda row: row.__setitem__(2, "0"),
        lambda row: row.append(1),
    ],
)  # fmt: skip
def test_a_row_of_another_form_is_none(spoil: Callable[[list[Any]], None]) -> None:
    [found] = found_on("\ufeff" + PAGE, "NA102")
    row = json.loads(json.dumps(finding_row(found)))
    record = FolderRecord.of("/news", [page(row)], 1)
    assert is_whole(record)
    spoil(row)
    assert not is_whole(FolderRecord.of("/news", [page(row)], 1))


def page(row: list[Any]) -> PageRecord:
    facts = Facts("event", {}, b"12345678", b"", 7, (), "T")
    return PageRecord("a.md", (1, 2, 3, 4), b"x" * 32, facts, [row])


def test_pages_come_back_from_their_folders_record() -> None:
    facts = Facts("event", {"day": 1, "related": 2}, b"12345678", b"abcdefgh" * 3, 7, ("/a",), "T")
    pages = [
        PageRecord("a.md", (1, 2, 3, 4), b"x" * 32, facts, [["NA108", "m", 1, 2]]),
        PageRecord("é\n.md", (-1, -1, -1, -1), b"y" * 32, Facts("prose", {}, b"", b"", 0), []),
    ]
    assert list(FolderRecord.of("/news", pages, 1).records()) == pages
    assert list(FolderRecord.of("", [], 1).records()) == []
