"""What holds of pages in English must hold in the words of every edition."""

from collections.abc import Callable
from typing import TypeVar

from hypothesis import strategies as st

import newsarchive as na
from newsarchive import strategies as nas

T = TypeVar("T")


def of_editions(
    strategy: Callable[[na.Edition], st.SearchStrategy[T]],
) -> st.SearchStrategy[tuple[na.Edition, T]]:
    """An edition, built in or drawn, and what a strategy draws in its words."""
    return nas.editions().flatmap(lambda one: st.tuples(st.just(one), strategy(one)))
