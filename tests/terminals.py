"""Runs of the command at a real terminal: a pseudo-terminal of a given size."""

import fcntl
import os
import pty
import struct
import subprocess
import termios
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from tests.faults import command

# What tells of the terminal that the tests themselves run in.
_OURS = ("NO_COLOR", "COLUMNS", "TERM_PROGRAM", "VTE_VERSION", "KITTY_WINDOW_ID", "WT_SESSION")


def at_a_terminal(
    *args: str | Path, width: int = 100, env: Mapping[str, str] = MappingProxyType({})
) -> str:
    """What a run shows at a terminal: all of it, escape sequences included.

    Args:
        args: the command line without the program.
        width: how many columns the terminal has.
        env: variables of its environment.
    """
    ours, its = pty.openpty()
    fcntl.ioctl(its, termios.TIOCSWINSZ, struct.pack("HHHH", 50, width, 0, 0))
    clean = {key: value for key, value in os.environ.items() if key not in _OURS}
    process = subprocess.Popen(
        command(*args), stdin=its, stdout=its, stderr=its,
        env={**clean, "TERM": "xterm-256color", "PYTHONUTF8": "1", **env},
    )  # fmt: skip
    os.close(its)
    found = b""
    while True:
        try:
            some = os.read(ours, 1 << 16)
        except OSError:  # the other end is closed
            break
        if not some:
            break
        found += some
    os.close(ours)
    process.wait(timeout=60)
    return found.decode("utf-8").replace("\r\n", "\n")
