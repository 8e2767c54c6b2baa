"""Dataclasses that are finished late are what the real ones are."""

from __future__ import annotations

import copy
import dataclasses
import inspect
import pickle
import threading
from collections.abc import Callable
from typing import Any

import pytest

from newsarchive.page import lazy_dataclasses as lazy

LAZY: Any = (lazy.dataclass, lazy.field)
REAL: Any = (dataclasses.dataclass, dataclasses.field)


def classes(dataclass: Any, field: Any) -> tuple[Any, Any]:
    """The same two classes, by one decorator or the other."""

    @dataclass(frozen=True, order=True)
    class Point:
        """A point."""

        x: int
        y: int = 2
        names: list[str] = field(default_factory=list, compare=False)
        hidden: str = field(default="h", repr=False)
        length: int = field(init=False, default=7)

        def __post_init__(self) -> None:
            if self.x < 0:
                raise ValueError("x: too small")

    @dataclass
    class Basket:
        apples: int
        more: dict[str, int] = field(default_factory=dict)

        def __repr__(self) -> str:
            return "a basket"

    return Point, Basket


def told(make: Callable[[], Any]) -> object:
    """What becomes of a call: its value as text, or what it raises."""
    try:
        found = make()
    except Exception as error:
        text = str(error).replace("_Begun.start.<locals>.", "").replace("classes.<locals>.", "")
        return type(error).__name__, text.replace("Point.__init__", "__init__")
    return repr(found)


@lazy.dataclass(frozen=True)
class Kept:
    """One that can be found by its name, as pickling wants it."""

    word: str
    number: int = 1


ASKED: dict[str, Callable[[Any, Any], Any]] = {
    "a repr": lambda point, _: point(1),
    "its own repr": lambda _, basket: basket(1),
    "all given": lambda point, _: point(1, 3, ["a"], hidden="b"),
    "by name": lambda point, _: point(y=1, x=3),
    "equal": lambda point, _: (point(1) == point(1), point(1) == point(2), point(1) == 1),
    "compared": lambda point, _: (point(1) < point(2), point(1) >= point(2)),
    "a hash": lambda point, _: len({point(1), point(1), point(2)}),
    "no hash": lambda _, basket: hash(basket(1)),
    "set": lambda point, _: setattr(point(1), "x", 2),
    "deleted": lambda point, _: delattr(point(1), "x"),
    "set where that may be": lambda _, basket: setattr(basket(1), "apples", 2),
    "too few": lambda point, _: point(),
    "too many": lambda point, _: point(1, 2, [], "h", 5),
    "twice": lambda point, _: point(1, x=2),
    "unknown": lambda point, _: point(1, z=2),
    "not to be given": lambda point, _: point(1, length=2),
    "refused": lambda point, _: point(-1),
    "fields": lambda point, _: [field.name for field in dataclasses.fields(point)],
    "of a value": lambda point, _: dataclasses.asdict(point(1)),
    "is one": lambda point, _: (
        dataclasses.is_dataclass(point),
        dataclasses.is_dataclass(point(1)),
    ),
    "replaced": lambda _, basket: dataclasses.replace(basket(1), apples=2).apples,
    "a signature": lambda point, _: list(inspect.signature(point).parameters),
    "to match": lambda point, _: point.__match_args__,
    "defaults": lambda point, _: (point.y, point.hidden, hasattr(point, "x")),
    "a docstring": lambda point, _: point.__doc__,
    "copied": lambda point, _: copy.copy(point(1)) == point(1),
    "attributes": lambda point, _: (point(1).names, point(1).y, point(1).length),
    "lists of their own": lambda point, _: point(1).names is point(1).names,
}


@pytest.mark.parametrize("before", [0, 300])
@pytest.mark.parametrize("what", ASKED)
def test_whatever_is_asked_is_answered_alike(what: str, before: int) -> None:
    """Also where a function of the class's own makes the values."""
    late, real = classes(*LAZY), classes(*REAL)
    for number in range(before):
        _ = late[0](number), late[1](number)
    assert told(lambda: ASKED[what](*late)) == told(lambda: ASKED[what](*real))


def test_making_values_finishes_nothing() -> None:
    point, _ = classes(*LAZY)
    first = point(0)
    slow = vars(point)["__init__"]
    made = [point(number) for number in range(300)]
    assert vars(point)["__init__"] is not slow
    assert not isinstance(vars(point)["__dataclass_fields__"], dict)
    assert made[:1] == [first]
    assert [one.x for one in made] == list(range(300))


def test_values_are_pickled_before_and_after() -> None:
    early = pickle.dumps(Kept("a"))
    assert Kept("a") == pickle.loads(early)
    assert pickle.loads(pickle.dumps(Kept("a"))) == Kept("a")


def test_a_value_is_replaced_without_finishing_its_class() -> None:
    _, basket = classes(*LAZY)
    assert lazy.replace(basket(1, {"b": 2}), apples=3).more == {"b": 2}
    assert not isinstance(vars(basket)["__dataclass_fields__"], dict)
    with pytest.raises(TypeError, match="nothing"):
        lazy.replace(basket(1), nothing=3)


def test_threads_may_finish_a_class_at_once() -> None:
    point, _ = classes(*LAZY)
    values = [point(number % 2) for number in range(40)]
    found: list[int] = []
    threads = [threading.Thread(target=lambda value=v: found.append(hash(value))) for v in values]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 40


def test_who_comes_second_finds_a_class_finished() -> None:
    point, _ = classes(*LAZY)
    begun = vars(point)["__dataclass_fields__"]
    begun.finish()
    made = vars(point)["__init__"]
    begun.finish()
    assert vars(point)["__init__"] is made
    assert point(1).y == 2
