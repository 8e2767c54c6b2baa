"""One change of an archive at a time: a lock on its folder, which no file is needed for.

The lock is the operating system's. It ends with the process that holds it, however that ends.
Where a file system has no such locks, none is taken.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterator

from newsarchive.errors import RefusedWriteError

SECONDS_TO_WAIT = 5.0
_PAUSE = 0.05


@contextlib.contextmanager
def locked(root: str | os.PathLike[str]) -> Iterator[None]:
    """Hold an archive's lock; wait a little for who holds it.

    Raises:
        RefusedWriteError: another process holds it for longer than `SECONDS_TO_WAIT`.
        OSError: the folder cannot be opened.
    """
    try:
        import fcntl
    except ImportError:  # pragma: no cover - other systems
        yield
        return
    handle = os.open(root, os.O_RDONLY)
    try:
        until = time.monotonic() + SECONDS_TO_WAIT
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() >= until:
                    reason = f"{_holder(handle)} is changing this archive; try again later"
                    raise RefusedWriteError(str(root), reason) from None
                time.sleep(_PAUSE)
                continue
            except OSError:  # a file system without locks
                pass
            break
        yield
    finally:
        os.close(handle)


def _holder(handle: int) -> str:
    """Who holds the lock of an open folder, as far as the system tells."""
    status = os.fstat(handle)
    device = f"{os.major(status.st_dev):02x}:{os.minor(status.st_dev):02x}:{status.st_ino}"
    with contextlib.suppress(OSError), open("/proc/locks", encoding="ascii") as locks:
        for line in locks:  # "1: FLOCK  ADVISORY  WRITE 4711 fe:00:131 0 EOF"
            fields = line.split()
            if fields[1] == "FLOCK" and fields[5] == device and int(fields[4]) > 0:
                return f"process {fields[4]}"
    return "another process"
