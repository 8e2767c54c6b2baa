"""Names of files: bytes that are read as UTF-8, whatever the process's locale says.

Python reads and writes names in the locale's encoding. Where that is UTF-8 the names are right as
they are. Elsewhere, as in Latin-1 or in ASCII without Python's UTF-8 mode, they are translated
where a folder is listed and where a file is opened, and nowhere else.
"""

from __future__ import annotations

import os
import sys

IS_UTF8 = sys.getfilesystemencoding() == "utf-8"
"""Whether the system's names are right as they are."""


def name_of(given: str) -> str:
    """A name or path as a person reads it, of what the system's functions gave."""
    return given if IS_UTF8 else decoded(os.fsencode(given))


def is_plain(name: str) -> bool:
    """Whether a name certainly is UTF-8: what else Python reads cannot be printed."""
    return name.isascii() or name.isprintable()


def system_name(name: str) -> str:
    """What the system's functions take for a name or path; what they gave is taken as well.

    Each byte beyond ASCII stands for itself (as Python has those that it cannot decode), which is
    right in any encoding.
    """
    return name if IS_UTF8 else encoded(name).decode("ascii", "surrogateescape")


def decoded(name: bytes) -> str:
    """A name of these bytes; those that are no UTF-8 stay apart from all characters."""
    return name.decode("utf-8", "surrogateescape")


def encoded(name: str) -> bytes:
    """The bytes of a name."""
    return name.encode("utf-8", "surrogateescape")
