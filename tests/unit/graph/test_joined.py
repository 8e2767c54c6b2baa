"""What is joined of all folders; what edits make of it: `tests/unit/runs/test_remembered.py`."""

from array import array

import pytest

from newsarchive.graph.joined import FolderKeys, Joined, in_doubt

ONE, TWO, THREE = b"one.....", b"two.....", b"three..."
KEYS = {
    "/news/1": FolderKeys(1, 10, ONE, TWO + ONE, array("I", [1, 0, 1]).tobytes()),
    "/news/2": FolderKeys(2, 20, b"", ONE + ONE + TWO, array("I", [2, 1]).tobytes()),
    "": FolderKeys(3, 30, ONE + THREE, b"", array("I", [0]).tobytes()),
}
FORMER = {"/news/1/old.md": ("/news/1/a.md",)}


def test_keys_are_joined_and_taken_apart() -> None:
    joined = Joined.of(KEYS, FORMER)
    assert joined.by_folder() == KEYS
    assert joined.is_whole()
    assert joined.pages() == 6
    assert joined.successors() == {old: [*pages] for old, pages in FORMER.items()}
    none = Joined.of({}, {})
    assert none.is_whole()
    assert (none.by_folder(), none.successors(), none.pages()) == ({}, {}, 0)


@pytest.mark.parametrize("column", Joined._fields)
def test_columns_that_do_not_agree_are_told(column: str) -> None:
    joined = Joined.of(KEYS, FORMER)
    less = joined._replace(**{column: getattr(joined, column)[:-8]})
    assert not less.is_whole()


def test_pages_are_in_doubt_that_want_what_none_gives() -> None:
    names = {"/news/1": ["a.md", "b.md", "c.md"], "/news/2": ["d.md", "e.md"], "": ["f.md"]}
    found = in_doubt(KEYS, names.__getitem__)
    assert [*found] == ["/news/1/a.md", "/news/2/e.md"]
