"""Dataclasses that are finished when they are used: a start of the command uses few of all.

`dataclasses` compiles several functions for each class from text, and imports much of the standard
library to do so. Here making a value takes one function that all classes share. The real decorator
comes when anything else is asked for: equality, a hash, a repr, the fields, a signature, a value
that is made wrongly. Where many values are made, a function of their own makes them.
"""

from __future__ import annotations

from _thread import RLock
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass
    from dataclasses import field as field
    from dataclasses import replace as replace

_MANY = 250
"""How many values of a class are made by the function that all classes share."""
_FINISHING = RLock()
_OF_VALUES = ("__eq__", "__repr__", "__hash__")
_OF_FROZEN = ("__setattr__", "__delattr__")
_OF_ORDERED = ("__lt__", "__le__", "__gt__", "__ge__")
_OF_CLASS = ("__dataclass_fields__", "__dataclass_params__", "__match_args__", "__signature__")


class _Begun:
    """A dataclass that is not finished."""

    def __init__(self, cls: type, options: dict[str, bool]) -> None:
        self.cls: Any = cls
        self.options = options
        self.left = _MANY
        fields = {name: vars(cls).get(name, _Field()) for name in cls.__annotations__}
        self.fields: dict[str, dict[str, Any]] = {
            name: found.options if isinstance(found, _Field) else {"default": found}
            for name, found in fields.items()
        }
        self.given = [name for name, one in self.fields.items() if one.get("init", True)]
        self.plain = {n: one["default"] for n, one in self.fields.items() if "default" in one}
        self.makers = {
            name: one["default_factory"]
            for name, one in self.fields.items()
            if "default_factory" in one
        }
        self.required = set(self.given) - self.plain.keys() - self.makers.keys()
        names = _OF_VALUES + _OF_FROZEN * bool(options.get("frozen"))
        names += _OF_ORDERED * bool(options.get("order"))
        self.stand_ins: dict[str, object] = {name: self.method(name) for name in names}
        self.stand_ins |= {name: _OfClass(name, self.finish) for name in _OF_CLASS}
        self.stand_ins = {"__init__": self.start()} | {
            name: one for name, one in self.stand_ins.items() if name not in vars(cls)
        }
        for name, found in fields.items():
            if name in self.plain:
                setattr(cls, name, self.plain[name])
            elif isinstance(found, _Field) and name in vars(cls):
                delattr(cls, name)
        for name, one in self.stand_ins.items():
            setattr(cls, name, one)

    def finish(self) -> None:
        """Have the real decorator make of the class what it makes."""
        import dataclasses

        with _FINISHING:
            if vars(self.cls).get("__init__") is not self.stand_ins["__init__"]:
                return  # another thread was first
            for name in self.stand_ins:
                delattr(self.cls, name)
            for name, one in self.fields.items():
                setattr(self.cls, name, dataclasses.field(**one))
            dataclasses.dataclass(**self.options)(self.cls)

    def start(self) -> Callable[..., None]:
        """What makes a value, until there are many."""

        def __init__(value: Any, *args: Any, **named: Any) -> None:  # noqa: N807
            self.left -= 1
            values = dict(zip(self.given, args, strict=False)) | named
            once = len(values) == len(args) + len(named)
            if not (once and self.required <= values.keys() <= set(self.given)):
                self.finish()
                self.cls.__init__(value, *args, **named)
                return
            if self.left < 0:
                self.speed_up()
                self.cls.__init__(value, *args, **named)
                return
            made = {name: make() for name, make in self.makers.items() if name not in values}
            value.__dict__.update(self.plain | made | values)
            if hasattr(self.cls, "__post_init__"):
                value.__post_init__()

        return __init__

    def speed_up(self) -> None:
        """Have a function of the class's own make its values, as `dataclasses` would compile one.

        It sets the attributes of frozen values faster than that, and imports nothing.
        """
        known: dict[str, Any] = {"_none_": object()}
        known |= {f"_make_{name}_": make for name, make in self.makers.items()}
        known |= {f"_plain_{name}_": plain for name, plain in self.plain.items()}
        exec(self.init(), known)
        made = known["__init__"]
        made.__qualname__ = f"{self.cls.__qualname__}.__init__"
        with _FINISHING:
            if vars(self.cls).get("__init__") is self.stand_ins["__init__"]:
                self.stand_ins["__init__"] = self.cls.__init__ = made

    def init(self) -> str:
        """The text of that function."""
        frozen = self.options.get("frozen")
        takes, sets = ["_value_"], ["_set_ = _value_.__dict__"] if frozen else []
        for name in self.fields:
            value, default = name, ""
            if name in self.makers:
                value, default = f"_make_{name}_() if {name} is _none_ else {name}", "=_none_"
            elif name in self.plain:
                default = f"=_plain_{name}_"
            if name in self.given:
                takes.append(name + default)
            elif default:
                value = f"_make_{name}_()" if name in self.makers else f"_plain_{name}_"
            else:
                continue
            sets.append(f"_set_[{name!r}] = {value}" if frozen else f"_value_.{name} = {value}")
        if hasattr(self.cls, "__post_init__"):
            sets.append("_value_.__post_init__()")
        return "\n    ".join([f"def __init__({', '.join(takes)}):", *(sets or ["pass"])])

    def method(self, name: str) -> Callable[..., Any]:
        """What stands in for a method until it is called."""

        def stand_in(value: Any, *args: Any) -> Any:
            self.finish()
            # Values that may change have None in its place.
            return hash(value) if name == "__hash__" else getattr(self.cls, name)(value, *args)

        return stand_in


class _Field:
    """What `dataclasses.field` is going to be asked for."""

    def __init__(self, **options: Any) -> None:
        self.options = options


class _OfClass:
    """An attribute of the class that the finished class has in its place, or has not."""

    def __init__(self, name: str, finish: Callable[[], None]) -> None:
        self.name = name
        self.finish = finish

    def __get__(self, value: object, cls: type) -> Any:
        """What the finished class has."""
        self.finish()
        return getattr(cls, self.name)


if not TYPE_CHECKING:

    def dataclass(cls=None, /, **options):
        """As `dataclasses.dataclass`, for classes that have no base and no slots."""
        if cls is None:
            return lambda cls: dataclass(cls, **options)
        _FIELDS[cls] = _Begun(cls, options).fields
        return cls

    field = _Field

    def replace(value, **changes):
        """As `dataclasses.replace`."""
        kept = {name: getattr(value, name) for name in fields_of(type(value))}
        return type(value)(**kept | changes)


_FIELDS: dict[type, dict[str, dict[str, Any]]] = {}


def fields_of(cls: type) -> Mapping[str, Mapping[str, Any]]:
    """The fields of such a class, with what `dataclasses.field` is told of each."""
    return _FIELDS[cls]
