"""Patterns that are made on first use."""

import copy
import pickle

from newsarchive.page.patterns import pattern


def test_they_can_be_copied_and_pickled_before_they_are_made() -> None:
    letters = pattern("a+")
    for other in (copy.copy(letters), pickle.loads(pickle.dumps(letters))):
        assert other.fullmatch("aa")
        assert other.pattern == "a+"
