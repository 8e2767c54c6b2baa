"""Named tuples that are finished late are what the real ones are."""

from __future__ import annotations

import copy
import inspect
import pickle
import typing
from collections.abc import Callable
from typing import Any

import pytest

from newsarchive.page import lazy_tuples as lazy


def classes(named_tuple: Any) -> Any:
    """The same class, of one base or the other."""

    class Point(named_tuple):  # type: ignore[misc]
        """A point."""

        x: int
        y: int = 2
        names: tuple[str, ...] = ()

        @property
        def total(self) -> int:
            return int(self.x + self.y)

        @classmethod
        def at(cls, x: int) -> Any:
            return cls(x)

    return Point


class Kept(lazy.NamedTuple):
    """One that can be found by its name, as pickling wants it."""

    word: str
    number: int = 1


def told(make: Callable[[], Any]) -> object:
    """What becomes of a call: its value as text, or what it raises."""
    try:
        found = make()
    except Exception as error:
        return type(error).__name__, str(error)
    return repr(found)


def taken(point: Any) -> list[tuple[str, object]]:
    """What a class takes, by its signature; annotations stay as they are written in one of both."""
    return [(one.name, one.default) for one in inspect.signature(point).parameters.values()]


ASKED: dict[str, Callable[[Any], Any]] = {
    "a repr": lambda point: point(1),
    "all given": lambda point: point(1, 3, ("a",)),
    "by name": lambda point: point(y=1, x=3),
    "a tuple": lambda point: (isinstance(point(1), tuple), tuple(point(1)), len(point(1))),
    "equal": lambda point: (point(1) == point(1), point(1) == (1, 2, ()), point(1) < point(2)),
    "a hash": lambda point: len({point(1), point(1), (1, 2, ())}),
    "an attribute": lambda point: (point(1).x, point(1).names, point.at(4).total),
    "set": lambda point: setattr(point(1), "x", 2),
    "another": lambda point: setattr(point(1), "z", 2),
    "too few": lambda point: point(),
    "too many": lambda point: point(1, 2, (), 5),
    "twice": lambda point: point(1, x=2),
    "unknown": lambda point: point(1, z=2),
    "taken apart": lambda point: [*point(1)],
    "replaced": lambda point: point(1)._replace(y=5, names=("b",)),
    "replaced wrongly": lambda point: point(1)._replace(z=5),
    "made": lambda point: point._make([1, 2, ()]),
    "made of too little": lambda point: point._make([1, 2]),
    "a dict": lambda point: point(1)._asdict(),
    "fields": lambda point: (point._fields, point._field_defaults, point.__match_args__),
    "a signature": taken,
    "a signature after": lambda point: (point(1), taken(point)),
    "hints": lambda point: typing.get_type_hints(point),
    "names": lambda point: (point.__name__, point.__qualname__, point.__module__, point.__doc__),
    "copied": lambda point: copy.copy(point(1)) == copy.deepcopy(point(1)) == point(1),
    "no dict": lambda point: hasattr(point(1), "__dict__"),
}


@pytest.mark.parametrize("what", ASKED)
def test_whatever_is_asked_is_answered_alike(what: str) -> None:
    late, real = classes(lazy.NamedTuple), classes(typing.NamedTuple)
    for _ in range(2):  # before and after the first value
        assert told(lambda: ASKED[what](late)) == told(lambda: ASKED[what](real))


def test_values_are_pickled() -> None:
    assert pickle.loads(pickle.dumps(Kept("a"))) == Kept("a")


def test_a_value_is_matched() -> None:
    match Kept("a", 3):
        case Kept(word, number):
            assert (word, number) == ("a", 3)
