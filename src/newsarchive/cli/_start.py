"""The command's entry point."""

from __future__ import annotations

import gc
import os
import sys
from typing import Any, NoReturn

from newsarchive.cli._console import click
from newsarchive.cli._ending import ended, is_dumb


def run(args: list[str] | None = None) -> NoReturn:
    """Run the command and leave the process with its exit status; see `newsarchive.cli.main`."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure: Any = getattr(stream, "reconfigure", None)
        if reconfigure:  # titles hold any script; a terminal that cannot show it gets escapes
            reconfigure(errors="backslashreplace")
    if "_NEWSARCHIVE_COMPLETE" in os.environ:
        from newsarchive.cli._completion import answer
        from newsarchive.cli._main import cli

        _collect_garbage()
        sys.exit(ended(lambda: answer(cli)))
    sys.exit(ended(lambda: _command(args)))


def _command(args: list[str] | None) -> int | None:
    """Run a command: a plain check as it is, everything else as click reads it."""
    colourless = bool(os.environ.get("NO_COLOR")) or is_dumb()
    given = sys.argv[1:] if args is None else args
    if given[:1] == ["check"] and _takes_plain_text(colourless):
        from newsarchive.cli import _plain

        try:
            if request := _plain.read(given[1:]):
                return _plain.run(request, given)
        except click.UsageError:
            pass  # which click tells with the command's usage
        finally:
            _collect_garbage()
    from newsarchive.cli._main import cli

    _collect_garbage()
    # None: colours wherever people read it.
    status: int | None = cli.main(args, standalone_mode=False, color=False if colourless else None)
    return status


def _collect_garbage() -> None:
    """Have the collector look for cycles of garbage from now on, but not among what is there."""
    gc.freeze()
    gc.enable()


def _takes_plain_text(colourless: bool) -> bool:
    """Whether both streams take what is written to them as it is."""
    streams = (sys.stdout, sys.stderr)
    return (
        os.name == "posix"
        and all(getattr(stream, "encoding", None) == "utf-8" for stream in streams)
        and not (colourless and sys.stdout.isatty())
    )
