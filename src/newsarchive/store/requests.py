"""What clients of storages share: the files that they tell of, and requests that wait together."""

from __future__ import annotations

import asyncio
import errno
import os
import threading
from collections import deque
from collections.abc import Callable, Coroutine, Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from hashlib import sha256
from typing import Any, NamedTuple, Protocol, TypeVar

from newsarchive.errors import NewsArchiveError, StorageError
from newsarchive.store.atomic import MAX_BYTES
from newsarchive.store.listing import UNSETTLED, Stat

Item = TypeVar("Item")
Result = TypeVar("Result")

Wanted = tuple[str, Stat | None]
"""A file's archive path, and its state as it was listed; None where that is not known."""

_REFUSED = ("401", "403")
_ODD_KEY = "the key of an object has an empty part, '.' or '..': nothing can be listed beside it"

Content = bytes | OSError
"""What a file holds, or why it cannot be read."""


class RemoteFile(NamedTuple):
    """A file as a storage lists it."""

    path: str  # its archive path
    stat: Stat  # its state
    is_link: bool = False  # whether it is a symbolic link


class Client(Protocol):
    """What a store needs of a storage."""

    @property
    def can_be_opened_again(self) -> bool:
        """Whether another process finds the same there."""

    def has_news(self) -> bool:
        """Whether there is anything in its folder ``news/``."""

    def files(self) -> Iterator[RemoteFile]:
        """All its files, hidden ones among them, in any order."""

    def read(self, wanted: Iterable[Wanted], together: int) -> Iterator[tuple[str, Content]]:
        """What files hold, in the order given, of which so many are asked for at a time."""


class HeldFiles:
    """Files of a storage in memory, as another process gets them."""

    can_be_opened_again = False

    def __init__(self, held: Iterable[tuple[RemoteFile, Content]]) -> None:
        self._held = {file.path: (file, content) for file, content in held}

    @classmethod
    def of(cls, client: Client, together: int) -> Iterator[tuple[RemoteFile, Content]]:
        """All files of a storage, and what they hold."""
        files = list(client.files())
        contents = client.read(((file.path, file.stat) for file in files), together)
        for file, (_, content) in zip(files, contents, strict=True):
            yield file, content

    def has_news(self) -> bool:
        """Whether there is anything in its folder ``news/``."""
        return any(path.startswith("/news/") for path in self._held)

    def files(self) -> Iterator[RemoteFile]:
        """All files."""
        return (file for file, _ in self._held.values())

    def read(self, wanted: Iterable[Wanted], together: int) -> Iterator[tuple[str, Content]]:
        """What files hold."""
        for path, _ in wanted:
            yield path, self._held[path][1] if path in self._held else no_such_file(path)


def stat_of(size: int, when: float, tag: str) -> Stat:
    """The state of a file.

    The tag is what the storage gives each of its contents. Where it gives none, it is told by when
    it changed, in seconds since 1970.
    """
    if not tag and not when:
        return (size, *UNSETTLED[1:])
    moment = 0 if tag else int(when) * 1_000_000_000
    number = int.from_bytes(sha256(tag.encode()).digest()[:7]) if tag else 0
    return size, moment, moment, number


def no_such_file(path: str) -> OSError:
    """That there is no such file."""
    return FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), path)


def fault(path: str, expected: Stat | None, found: Stat) -> OSError | None:
    """What keeps a file from being read that is in a state; None where nothing does."""
    if found[0] > MAX_BYTES:
        return OSError(errno.EFBIG, f"it is larger than {MAX_BYTES >> 20} MiB", path)
    if expected is not None and expected != found:
        return OSError(errno.ESTALE, "it changed after it was listed; check again", path)
    return None


@contextmanager
def telling(url: str) -> Iterator[None]:
    """Have the errors of a storage's library told in words of our own: theirs may hold secrets.

    Raises:
        StorageError: the library raised something.
    """
    try:
        yield
    except BaseException as error:
        raise _refused(url, error) from None


def _refused(url: str, error: BaseException) -> BaseException:
    if isinstance(error, NewsArchiveError) or not isinstance(error, Exception):
        return error
    name, text = type(error).__name__, str(error)
    if name == "InvalidPathError":
        return StorageError(url, _ODD_KEY)
    answer = getattr(error, "response", None)  # of requests
    status = str(getattr(answer, "status_code", "")) or text.partition("status code: ")[2][:3]
    said = text.partition("<Code>")[2].partition("</Code>")[0]
    if "Permission" in name or "Auth" in name or "redential" in text or status in _REFUSED:
        reason = "the storage refuses access; look at the credentials"
    elif isinstance(error, FileNotFoundError) or status == "404":
        reason = "the storage has nothing of this name"
    elif "error sending request" in text or "Connect" in name or "Timeout" in name:
        reason = "the storage does not answer"
    else:
        why = error.strerror if isinstance(error, OSError) else None
        reason = f"the storage cannot be used: {why or name}"
    return StorageError(url, f"{reason} ({said})" if said.isalnum() else reason)


def in_order(
    ask: Callable[[Item], Coroutine[Any, Any, Result]],
    items: Iterable[Item],
    together: int,
    loop: asyncio.AbstractEventLoop,
) -> Iterator[Result]:
    """What a coroutine function gives for each item, in order; so many wait `together`.

    Items are taken up as results are. The loop runs in another thread.
    """
    waiting: deque[Any] = deque()
    try:
        for item in items:
            waiting.append(asyncio.run_coroutine_threadsafe(ask(item), loop))
            if len(waiting) >= together:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        for one in waiting:
            one.cancel()


def event_loop() -> asyncio.AbstractEventLoop:
    """A loop of this process that runs in a thread of its own, as a program may have another."""
    return _event_loop(os.getpid())


@cache
def _event_loop(process: int) -> asyncio.AbstractEventLoop:
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="newsarchive-requests", daemon=True).start()
    return loop
