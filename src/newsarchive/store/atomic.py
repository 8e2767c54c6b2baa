"""Reading a file's bytes, and replacing them: whole or not at all."""

import contextlib
import errno
import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

MAX_BYTES = 1 << 24
"""What a page may have: 16 MiB. Real ones have 2.3 kB; a small pull request can hold gigabytes."""

_PREFIX, _SUFFIX = ".newsarchive-", ".tmp"
# A pipe that took a page's place must not have us wait for somebody to write to it.
_READ = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0)


def read_bytes(file: str, most: int = MAX_BYTES) -> bytes:
    """A page's content, read without the objects that `open` makes.

    Raises:
        OSError: it cannot be read, is no regular file, or is larger than `most`.
    """
    handle = os.open(file, _READ)
    try:
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode):
            raise OSError(errno.EINVAL, "it is no regular file", file)
        # One more than there should be: a second read is needed only where the file grows.
        data = os.read(handle, min(status.st_size, most) + 1)
        if len(data) > status.st_size:
            parts, size = [data], len(data)
            while size <= most and (part := os.read(handle, 1 << 16)):
                parts.append(part)
                size += len(part)
            data = b"".join(parts)
    finally:
        os.close(handle)
    require_size(data, file, most)
    return data


def require_size(data: bytes, file: str, most: int = MAX_BYTES) -> None:
    """Refuse what is too large; raises OSError if there are more bytes than there may be."""
    if len(data) > most:
        raise OSError(errno.EFBIG, f"it is larger than {most >> 20} MiB", file)


def replace_bytes(file: str | os.PathLike[str], data: bytes, *, expected: bytes) -> None:
    """Replace a file's content in one step.

    The bytes are written to a new file in the same folder, flushed to the disk, and given the old
    file's mode and owner; then it takes the old one's name. Whenever the process ends, the file
    holds either its old bytes or its new ones.

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
    if read_bytes(str(path)) != expected:
        raise FileExistsError(f"{path} changed since it was read")
    put_bytes(path, data, status)


def put_bytes(
    path: Path, data: bytes, like: os.stat_result | None, *, private: bool = True
) -> None:
    """Give a file its content in one step, whether it exists or not, and ask nothing.

    It gets the mode and owner of the status `like`. Without one it is for its owner alone, or, if
    not `private`, gets the mode that the process's mask leaves. A signal that asks the process to
    end waits until the step is done.

    Raises:
        OSError: the file cannot be written; it is as it was.
    """
    with signals_held():
        _put(path, (data,), like, None if like or private else new_mode(0o666))


def put_lines(file: str | os.PathLike[str], lines: Iterable[str]) -> None:
    """Write a text file in one step, as it is made: the old file stays until the new one is whole.

    A file that is there keeps its mode and owner; a new one gets what the process's mask leaves.
    Where it is a symbolic link, what that leads to is meant. What is no regular file, such as a
    pipe or ``/dev/null``, is written to as it is.

    Raises:
        OSError: it cannot be written; an old file is as it was.
    """
    path = Path(os.path.realpath(file))
    chunks = (f"{line}\n".encode("utf-8", "backslashreplace") for line in lines)
    try:
        status: os.stat_result | None = os.stat(file)  # of a pipe, not the name it resolves to
    except FileNotFoundError:
        status = None
    if status and not stat.S_ISREG(status.st_mode):
        with open(file, "wb") as out:
            out.writelines(chunks)
        return
    if status and not os.access(path, os.W_OK):
        raise PermissionError(errno.EACCES, "the file is read-only", str(file))
    mode = None if status else new_mode(0o666)
    _put(path, chunks, status, mode)


def new_mode(mode: int) -> int:
    """What the process's mask leaves of the mode of a new file; to ask is to set it, too."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mode & ~mask


def _put(
    path: Path, chunks: Iterable[bytes], like: os.stat_result | None, mode: int | None = None
) -> None:
    import tempfile  # most runs only read

    handle, temporary = tempfile.mkstemp(prefix=_PREFIX, suffix=_SUFFIX, dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as out:
            out.writelines(chunks)
            out.flush()
            os.fsync(out.fileno())
        if mode is not None:
            os.chmod(temporary, mode)
        if like is not None:
            os.chmod(temporary, stat.S_IMODE(like.st_mode))
            new = os.stat(temporary)
            if hasattr(os, "chown") and (new.st_uid, new.st_gid) != (like.st_uid, like.st_gid):
                os.chown(temporary, like.st_uid, like.st_gid)
        os.replace(temporary, path)
    except BaseException as error:
        os.unlink(temporary)
        if isinstance(error, OSError):
            error.filename, error.filename2 = str(path), None  # not the temporary file's
        raise


def sweep(folders: Iterable[str | os.PathLike[str]]) -> None:
    """Remove the temporary files that a run left in folders when it was killed.

    Only for one who holds the archive's lock: those of a run at work look the same.
    """
    for folder in folders:
        with contextlib.suppress(OSError), os.scandir(folder) as entries:
            named = [e for e in entries if e.name.startswith(_PREFIX) and e.name.endswith(_SUFFIX)]
            for entry in named:
                if not entry.is_dir(follow_symlinks=False):
                    os.unlink(entry)


@contextlib.contextmanager
def signals_held() -> Iterator[None]:
    """Have signals that ask the process to end wait for a moment, where the system can."""
    import signal

    if not hasattr(signal, "pthread_sigmask"):  # pragma: no cover - other systems
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _ends())
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def release_signals() -> None:
    """Let signals through again, in a process that was started while they were held."""
    import signal

    if hasattr(signal, "pthread_sigmask"):  # pragma: no branch - other systems
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _ends())


def _ends() -> set[int]:
    """The signals that ask a process to end."""
    import signal

    return {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}
