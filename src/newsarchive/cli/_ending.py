"""How the command's process ends, whatever happens to it: one line, and a status that tells.

| status | means |
|--:|---|
| 2 | misuse, or the run could not be carried out: no memory, output that cannot be written, a bug |
| 130, 143, 129 | interrupted: SIGINT, SIGTERM, SIGHUP |
| 141 | who read the output went away, as `head` does |
"""

from __future__ import annotations

import contextlib
import errno
import io
import os
import signal
import sys
from collections.abc import Callable, Iterator
from types import FrameType

from newsarchive.cli._console import click, echo
from newsarchive.errors import EndedBySignal, MissingPackageError, StorageError
from newsarchive.page.printable import printable

_SIGNALS = ("SIGTERM", "SIGHUP")
INTERRUPTED = 128 + signal.SIGINT
READER_WENT = 141
_BUG = "Error: this is a bug of newsarchive; please report it with the lines above"
_came: list[int] = []  # signals that raised


def ended(command: Callable[[], int | None]) -> int:
    """Run a command to its end, and tell what went wrong; returns the process's exit status."""
    _open_streams()
    try:
        with _signals():
            status = command() or 0
            if not sys.stdout.closed:  # the language server closes it itself
                sys.stdout.flush()
            return status
    except KeyboardInterrupt:
        return _tell("interrupted", INTERRUPTED)
    except EndedBySignal as error:
        return _tell("ended by a signal", 128 + error.number)
    except (StorageError, MissingPackageError) as error:
        return _tell(printable(f"Error: {error}"), 2)
    except SystemExit:  # click's answer to a pipe that nobody reads any more
        _drop_output()
        return READER_WENT
    except MemoryError:
        return _tell("Error: out of memory", 2)
    except OSError as error:
        _drop_output()
        if error.errno == errno.EPIPE:
            return READER_WENT
        where = f"{error.filename}: " if error.filename else "cannot go on: "
        if isinstance(error, FileNotFoundError) and not error.filename:
            return _tell("Error: the working folder is gone; go to another one", 2)
        return _tell(printable(f"Error: {where}{error.strerror or error}"), 2)
    except click.ClickException as error:
        return _tell(_shown(error), 2)
    except click.Abort:
        return _tell("interrupted", INTERRUPTED)
    except Exception:
        import traceback

        # Python would end with 1, which means that there are findings.
        with contextlib.suppress(OSError):
            traceback.print_exc()
        return _tell(_BUG, 2)


@contextlib.contextmanager
def _signals() -> Iterator[None]:
    """Have signals that ask the process to end raise, so that what is open is closed.

    The second one ends it at once. A signal that is ignored (``nohup``) stays so.
    """

    def end(number: int, frame: FrameType | None) -> None:
        signal.signal(number, signal.SIG_DFL)
        _came.append(number)
        raise EndedBySignal(number)

    _came.clear()
    taken: list[int] = []
    try:
        for name in _SIGNALS:
            number = getattr(signal, name, None)
            if number is not None and signal.getsignal(number) is signal.SIG_DFL:
                with contextlib.suppress(ValueError):  # not in the main thread
                    signal.signal(number, end)
                    taken.append(number)
        yield
    finally:
        for number in taken:
            signal.signal(number, signal.SIG_DFL)


def is_dumb() -> bool:
    """Whether the terminal shows text alone, as those in editors do."""
    return os.environ.get("TERM") == "dumb"


def end_if_asked() -> None:
    """Raise once more for a signal, where code that is not ours took it for ctrl-C."""
    if _came:
        raise EndedBySignal(_came[-1])


def _shown(error: click.ClickException) -> str:
    """What click says of misuse; names in it may hold anything."""
    out = io.StringIO()
    error.show(out)
    lines = out.getvalue().rstrip("\n").split("\n")
    return "\n".join("\t".join(map(printable, line.split("\t"))) for line in lines)


def _tell(message: str, status: int) -> int:
    with contextlib.suppress(OSError):
        echo(message, err=True)
    return status


def _open_streams() -> None:
    """Have all three streams, though the caller closed some (``>&-``).

    Else the next file that is opened would get a stream's number.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115 - stays open


def _drop_output() -> None:
    """Have nothing more written where writing failed: Python tries again when it ends."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):
            with contextlib.suppress(OSError, ValueError):
                os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
