"""What the findings of a run depend on besides the pages: this library and what it stands on."""

from __future__ import annotations

import os
import sys
from functools import cache
from importlib.util import find_spec
from itertools import chain

from xxhash import xxh3_128_hexdigest


def code_version() -> str:
    """What findings and facts depend on besides the pages.

    That is this library, mistune, Python, and the packages that bring rules.
    """
    from newsarchive.rules._plugins import plugins

    parts = [sys.version, sys.byteorder, *_own_code(), *plugins().marks]
    return xxh3_128_hexdigest("\0".join(parts).encode("utf-8", "replace"))


@cache
def _own_code() -> tuple[str, ...]:
    """The source files of this library and mistune, as they are when a process first asks.

    A process goes on with the code that it has loaded, whatever is installed over it meanwhile.
    """
    specs = filter(None, map(find_spec, ("newsarchive", "mistune")))
    folders = [folder for spec in specs for folder in spec.submodule_search_locations or ()]
    return tuple(chain.from_iterable(map(_sources, folders)))


def _sources(folder: str) -> list[str]:
    """The source files below a folder, each with its size and time."""
    found, pending = [], [folder]
    while pending:
        try:
            with os.scandir(pending.pop()) as entries:
                for entry in entries:
                    if entry.is_dir() and entry.name != "__pycache__":
                        pending.append(entry.path)
                    elif entry.name.endswith(".py"):
                        status = entry.stat()
                        found.append(f"{entry.path} {status.st_size} {status.st_mtime_ns}")
        except OSError:  # a package in a zip file: its version stands in its name
            found.append(folder)
    return sorted(found)
