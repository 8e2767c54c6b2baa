"""A finding and its fix, which may be kept as text and read when somebody asks for it."""

import pickle
from dataclasses import replace

import pytest

from newsarchive.findings.diagnostics import Applicability, Fix, kept_fix
from newsarchive.findings.edits import Edit

MADE = Fix("remove it", (Edit(1, 2, ""), Edit(5, 6, "1")), Applicability.UNSAFE, removes=True)


def kept(edits: str = '[[1, 2, ""], [5, 6, "1"]]') -> Fix:
    return kept_fix("remove it", edits, Applicability.UNSAFE, removes=True)


def test_it_is_the_fix_that_was_made() -> None:
    assert kept() == MADE
    assert hash(kept()) == hash(MADE)
    assert repr(kept()) == repr(MADE)
    assert kept().by_page == MADE.by_page
    assert pickle.loads(pickle.dumps(kept())) == MADE
    assert replace(kept(), title="x") == replace(MADE, title="x")


@pytest.mark.parametrize(
    "edits", ["", "[", "7", "[7]", "[[1, 2]]", '[["1", 2, ""]]', "[[1, 2, 3]]"]
)
def test_what_is_no_edit_changes_nothing(edits: str) -> None:
    assert kept(edits).edits == ()


def test_it_has_no_other_attribute() -> None:
    with pytest.raises(AttributeError):
        kept().other  # type: ignore[attr-defined]  # noqa: B018 - asked for
    with pytest.raises(AttributeError):
        Fix.__new__(Fix).edits  # noqa: B018 - asked for
