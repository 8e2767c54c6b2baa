"""Names of files are read as UTF-8, also where the locale says otherwise."""

from __future__ import annotations

import codecs
import contextlib
import locale
import os
import sys

_IO = "PYTHONIOENCODING"


def start_again_in_utf8() -> None:
    """Start the command once more, in Python's UTF-8 mode.

    An archive's names are bytes that are read as UTF-8, as git and its pages have them. In another
    locale Python would read them in that locale's encoding, find no page by the name that links
    give it, and write such names into pages. The locale still says how to print, but for plain
    ASCII, where Python itself takes UTF-8. Nothing happens where the command is a part of another
    program, or cannot be started again.
    """
    arguments = sys.argv[1:]
    is_ours = sys.orig_argv[len(sys.orig_argv) - len(arguments) :] == arguments
    if not (is_ours and sys.executable) or getattr(sys, "frozen", False):
        return
    environment = dict(os.environ)
    printed = locale.getencoding()
    if codecs.lookup(printed).name != "ascii":
        environment.setdefault(_IO, printed)
    with contextlib.suppress(OSError):
        command = [sys.executable, "-X", "utf8", *sys.orig_argv[1:]]
        os.execve(sys.executable, command, environment)
