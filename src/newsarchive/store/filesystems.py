"""Whatever fsspec knows as a file system: files in a zip, at GitHub, behind SFTP."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from newsarchive.errors import MissingPackageError, StorageError
from newsarchive.store.listing import Stat
from newsarchive.store.requests import (
    Content,
    RemoteFile,
    Wanted,
    fault,
    in_order,
    no_such_file,
    stat_of,
    telling,
)
from newsarchive.store.urls import PACKED, packed_file, scheme_of, shown

# What file systems call what differs when a file's content does, and when it changed.
_TAGS = ("ETag", "etag", "e_tag", "sha", "md5Hash", "md5", "CRC", "crc32c", "checksum", "chksum")
_TIMES = ("mtime", "LastModified", "last_modified", "updated", "modified", "date_time")
_LINK, _KIND = 0o120000, 0o170000


class FileSystemClient:
    """Reads what is below a folder of a file system, opened as ``fsspec.core.url_to_fs`` does.

    Raises:
        MissingPackageError: fsspec is not there, or what it needs for this.
        StorageError: it cannot make anything of the URL, or there is nothing of this name.
    """

    def __init__(self, url: str, options: Mapping[str, Any]) -> None:
        try:
            from fsspec.core import url_to_fs
        except ImportError:
            raise MissingPackageError("fsspec", "remote") from None
        self._url, scheme = shown(url), scheme_of(url)
        with telling(self._url):
            try:
                self._files, root = url_to_fs(_for_library(url), **options)
            except ImportError as error:
                cause = error.__cause__ if isinstance(error.__cause__, ImportError) else error
                raise MissingPackageError(cause.name or f"a package for {scheme}://", "") from None
            except ValueError:
                unknown = f"{scheme}:// is no storage that fsspec knows"
                raise StorageError(self._url, unknown) from None
        self._root: str = root if root == "/" else root.rstrip("/")
        # Where names begin without a slash, there is nothing by a name with one.
        self._base = f"{self._root.rstrip('/')}/" if root else ""

    @property
    def can_be_opened_again(self) -> bool:
        """Not what is in this process's memory."""
        return scheme_of(self._url) != "memory"

    def has_news(self) -> bool:
        """Whether there is a folder ``news``."""
        with telling(self._url):
            return bool(self._files.isdir(f"{self._base}news"))

    def files(self) -> Iterator[RemoteFile]:
        """All files below the folder."""
        with telling(self._url):
            self._files.invalidate_cache()
            found = self._files.find(self._root, detail=True)
        start = len(self._base.lstrip("/"))
        for name, told in found.items():
            path = name.lstrip("/")[start:].lstrip("/")
            mode = told.get("external_attr", 0) >> 16  # of a file in a zip
            is_link = told.get("type") == "link" or mode & _KIND == _LINK
            yield RemoteFile(f"/{path}", _state(told), is_link)

    def read(self, wanted: Iterable[Wanted], together: int) -> Iterator[tuple[str, Content]]:
        """What files hold; asked for together where the file system can."""
        if self._files.async_impl:
            yield from in_order(self._asked, wanted, together, self._files.loop)
            return
        for path, expected in wanted:
            content: Content | None = fault(path, None, expected) if expected else None
            with telling(self._url):
                try:
                    content = content or self._files.cat_file(f"{self._base}{path[1:]}")
                except (FileNotFoundError, KeyError):
                    content = no_such_file(path)
            yield path, _as_listed(path, expected, content)

    async def _asked(self, wanted: Wanted) -> tuple[str, Content]:
        path, expected = wanted
        content: Content | None = fault(path, None, expected) if expected else None
        with telling(self._url):
            try:
                content = content or await self._files._cat_file(f"{self._base}{path[1:]}")
            except FileNotFoundError:
                content = no_such_file(path)
        return path, _as_listed(path, expected, content)


def _as_listed(path: str, expected: Stat | None, content: Content) -> Content:
    """What a file holds, if that can be what was listed: these systems tell no state with it."""
    if expected and expected[0] and isinstance(content, bytes) and len(content) != expected[0]:
        return fault(path, expected, (len(content), *expected[1:])) or content
    return content


def _for_library(url: str) -> str:
    """A URL as fsspec has it: of what is in a packed file, the file comes after ``::``."""
    if scheme_of(url) not in PACKED:
        return url
    start, file, inside = packed_file(url)
    if not file:
        return url
    if "::" not in start:
        return f"{start}{inside}::{file}"
    head = start.removesuffix("::").rstrip("/")
    return f"{head}/{inside}::{file}" if inside else f"{start}{file}"


def _state(told: Mapping[str, Any]) -> tuple[int, ...]:
    tag = " ".join(str(told[key]) for key in _TAGS if told.get(key))
    return stat_of(told.get("size") or 0, _moment(told), tag)


def _moment(told: Mapping[str, Any]) -> float:
    """When a file changed, in seconds since 1970; 0 where that is not told."""
    when = next((told[key] for key in _TIMES if told.get(key)), 0)
    if isinstance(when, tuple):
        when = datetime.datetime(*when).replace(tzinfo=datetime.UTC)
    if isinstance(when, datetime.datetime):
        return when.timestamp()
    return float(when) if isinstance(when, int | float) else 0.0
