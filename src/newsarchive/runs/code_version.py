"""What the findings of a run depend on besides the pages: this library and what it stands on."""

from __future__ import annotations

import sys
from functools import cache

from xxhash import xxh3_128_hexdigest

from newsarchive.rules._packages import code_state


def code_version() -> str:
    """What findings and facts depend on besides the pages.

    That is this library, mistune, Python, and the packages that bring rules.
    """
    from newsarchive.rules._plugins import plugins

    parts = [sys.version, sys.byteorder, *_own_code(), *plugins().marks]
    return xxh3_128_hexdigest("\0".join(parts).encode("utf-8", "replace"))


@cache
def _own_code() -> tuple[str, ...]:
    """The files of this library and mistune, as they are when a process first asks.

    A process goes on with the code that it has loaded, whatever is installed over it meanwhile.
    """
    return (*code_state("newsarchive"), *code_state("mistune"))
