"""The ``newsarchive`` command. Commands import the library when they run, not before."""

import gc
import sys
from typing import NoReturn

from newsarchive._version import __version__

__all__ = ["main"]


def main(args: list[str] | None = None) -> NoReturn:
    """Run the command and leave the process with its exit status."""
    if (sys.argv[1:] if args is None else args) == ["--version"]:
        # Without click, whose import is most of a start.
        try:
            sys.stdout.write(f"newsarchive {__version__}\n")
            sys.stdout.flush()
        except (AttributeError, OSError):
            pass  # no output, or nobody who reads it: what follows meets that, too, and tells
        else:
            sys.exit(0)
    gc.disable()  # a start makes no garbage; the command enables it
    try:
        if args is None and sys.getfilesystemencoding() != "utf-8":
            from newsarchive.cli._locale import start_again_in_utf8

            start_again_in_utf8()
        from newsarchive.cli._start import run
    except ImportError:  # a damaged installation is no finding, which is what 1 means
        import traceback

        traceback.print_exc()
        sys.exit(2)
    run(args)
