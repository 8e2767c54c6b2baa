"""Patterns that are compiled when they are first used: a run uses few of all that there are."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from typing import Any, AnyStr

_METHODS = ("findall", "finditer", "fullmatch", "match", "search", "split", "sub", "subn")


class LazyPattern:
    """What `re.compile` makes, made on first use."""

    def __init__(self, source: str | bytes, flags: int) -> None:
        self.pattern = source
        self.flags = flags

    def __getattr__(self, name: str) -> Any:
        """A method or attribute of the compiled pattern; from then on the methods are our own."""
        if name.startswith("__"):  # copying and pickling ask for these
            raise AttributeError(name)
        compiled = re.compile(self.pattern, self.flags)
        self.__dict__ |= {method: getattr(compiled, method) for method in _METHODS}
        return getattr(compiled, name)


def pattern(source: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """A pattern; to be used as what `re.compile` gives, for a fraction of its price at import."""
    return cast("re.Pattern[AnyStr]", LazyPattern(source, flags))
