"""Replacing a file's bytes: whole or not at all."""

import os
import stat
import tempfile
from pathlib import Path


def replace_bytes(file: str | os.PathLike[str], data: bytes, *, expected: bytes) -> None:
    """Replace a file's content in one step.

    The bytes are written to a new file in the same folder, flushed to the disk, and given the old
    file's mode and owner; then it takes the old one's name. Whenever the process ends, the
    file holds either its old bytes or its new ones.

    Args:
        file: the file.
        data: its new content.
        expected: the content that it must still have.

    Raises:
        FileExistsError: the file's content is no longer `expected`.
        OSError: it is no regular file, or cannot be read, written or replaced.
    """
    path = Path(file)
    status = path.lstat()
    if not stat.S_ISREG(status.st_mode):
        raise PermissionError(f"{path} is no regular file")
    if not os.access(path, os.W_OK):
        raise PermissionError(f"{path} is read-only")
    if path.read_bytes() != expected:
        raise FileExistsError(f"{path} changed since it was read")
    handle, temporary = tempfile.mkstemp(prefix=f".{path.name[:40]}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        os.chmod(temporary, stat.S_IMODE(status.st_mode))
        new = os.stat(temporary)
        if hasattr(os, "chown") and (new.st_uid, new.st_gid) != (status.st_uid, status.st_gid):
            os.chown(temporary, status.st_uid, status.st_gid)
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise
