"""Named tuples that are finished when the first is made: a start of the command makes few of all.

`typing.NamedTuple` compiles a function and a type for each field of each class, which took a sixth
of the check of one page. Classes are written as with that one, and are what it makes: tuples whose
fields have names. Annotations stay as they are written.
"""

from __future__ import annotations

from collections import _tuplegetter  # type: ignore[attr-defined]  # what named tuples are of
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import NamedTuple as NamedTuple
    from typing import Self


class _WithFields(tuple[Any, ...]):
    """What all named tuples have in common."""

    __slots__ = ()
    if TYPE_CHECKING:
        _fields: tuple[str, ...]

    @classmethod
    def _make(cls, values: Iterable[Any]) -> Self:
        """A value of all its fields, in order."""
        made = tuple.__new__(cls, values)
        if len(made) != len(cls._fields):
            raise TypeError(f"Expected {len(cls._fields)} arguments, got {len(made)}")
        return made

    def _replace(self, /, **changes: Any) -> Self:
        """The same with other values of some fields."""
        made = self._make(map(changes.pop, self._fields, self))
        if changes:
            raise ValueError(f"Got unexpected field names: {[*changes]!r}")
        return made

    def _asdict(self) -> dict[str, Any]:
        """The values by the names of their fields."""
        return dict(zip(self._fields, self, strict=True))

    def __repr__(self) -> str:
        shown = ", ".join(f"{name}={value!r}" for name, value in self._asdict().items())
        return f"{type(self).__name__}({shown})"

    def __getnewargs__(self) -> tuple[Any, ...]:
        return tuple(self)


class _Unmade:
    """A class that makes no values yet."""

    def __init__(self, fields: tuple[str, ...], defaults: tuple[Any, ...]) -> None:
        self.fields = fields
        self.defaults = defaults
        self.cls: Any = None

    def finish(self) -> Any:
        """Give the class the function that makes its values."""
        names = "".join(f"{name}, " for name in self.fields)
        known = {"_make_": tuple.__new__, "__name__": f"namedtuple_{self.cls.__name__}"}
        new = eval(f"lambda _cls, {names}: _make_(_cls, ({names}))", known)
        new.__name__ = "__new__"
        new.__qualname__ = f"{self.cls.__name__}.__new__"
        new.__defaults__ = self.defaults or None
        new.__annotations__ = self.cls.__annotations__
        self.cls.__new__ = staticmethod(new)
        return new

    def new(self, cls: Any, *args: Any, **named: Any) -> Any:
        """The first value."""
        return self.finish()(cls, *args, **named)

    def __get__(self, value: object, cls: type) -> Any:
        """The class's signature."""
        from inspect import signature

        told = signature(self.finish())
        return told.replace(parameters=[*told.parameters.values()][1:])


class _Maker(type):
    """Makes a class of what its body holds."""

    def __new__(cls, name: str, bases: tuple[type, ...], body: dict[str, Any]) -> Any:
        fields = tuple(body.get("__annotations__", ()))
        defaults = {field: body.pop(field) for field in fields if field in body}
        begun = _Unmade(fields, (*defaults.values(),))

        def __new__(cls: Any, *args: Any, **named: Any) -> Any:  # noqa: N807
            return begun.new(cls, *args, **named)

        own = {
            "__slots__": (),
            "__match_args__": fields,
            "__signature__": begun,
            "__new__": __new__,
            "_fields": fields,
            "_field_defaults": defaults,
        }
        getters = {field: _tuplegetter(at, None) for at, field in enumerate(fields)}
        begun.cls = type(name, (_WithFields,), {**body, **own, **getters})
        return begun.cls


if not TYPE_CHECKING:
    _BASE = type.__new__(_Maker, "NamedTuple", (), {})

    class _Written:
        def __mro_entries__(self, bases):
            return (_BASE,)

    NamedTuple = _Written()
    """As `typing.NamedTuple`, for classes that have it as their only base."""
