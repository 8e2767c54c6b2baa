"""Buckets and containers of object storages, through obstore."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from newsarchive.errors import MissingPackageError
from newsarchive.store.requests import (
    Content,
    RemoteFile,
    Wanted,
    event_loop,
    fault,
    in_order,
    no_such_file,
    stat_of,
    telling,
)
from newsarchive.store.urls import scheme_of, shown

if TYPE_CHECKING:
    from obstore import ObjectMeta
    from obstore.store import ObjectStore

    from newsarchive.store.listing import Stat

SCHEMES = frozenset({"s3", "s3a", "gs", "az", "azure", "abfs", "abfss", "adl", "memory"})
_LISTED_AT_ONCE = 1000
# The library's own ten attempts take a minute where nothing answers.
_RETRIES: Any = {"max_retries": 6}


class ObjectClient:
    """Reads what is below a prefix of a bucket.

    Options are as ``obstore.store.from_url`` takes them; or ``client``, a store of obstore.

    Raises:
        MissingPackageError: obstore is not there.
        StorageError: the library cannot make anything of the URL or the options.
    """

    def __init__(self, url: str, options: Mapping[str, Any]) -> None:
        try:
            import obstore.store
        except ImportError:
            raise MissingPackageError("obstore", "remote") from None
        self._library = obstore
        self._url = shown(url)
        with telling(self._url):
            self._store: ObjectStore = options.get("client") or _opened(url, options)

    @property
    def can_be_opened_again(self) -> bool:
        """Not what is in this process's memory."""
        return not isinstance(self._store, self._library.store.MemoryStore)

    def has_news(self) -> bool:
        """Whether there is an object below ``news/``."""
        with telling(self._url):
            return any(self._library.list(self._store, "news", chunk_size=1))

    def files(self) -> Iterator[RemoteFile]:
        """All objects below the prefix."""
        with telling(self._url):
            for batch in self._library.list(self._store, chunk_size=_LISTED_AT_ONCE):
                for found in batch:
                    yield RemoteFile(f"/{found['path']}", _state(found))

    def read(self, wanted: Iterable[Wanted], together: int) -> Iterator[tuple[str, Content]]:
        """What objects hold."""
        return in_order(self._content, wanted, together, event_loop())

    async def _content(self, wanted: Wanted) -> tuple[str, Content]:
        path, expected = wanted
        with telling(self._url):
            try:
                found = await self._library.get_async(self._store, path[1:])
            except (FileNotFoundError, ValueError):  # a key may be no path
                return path, no_such_file(path)
            wrong = fault(path, expected, _state(found.meta))
            return path, wrong or bytes(await found.bytes_async())


def _opened(url: str, options: Mapping[str, Any]) -> ObjectStore:
    from obstore.store import MemoryStore, from_url

    if scheme_of(url) == "memory":
        return MemoryStore()
    more: dict[str, Any] = dict(options)
    more.setdefault("retry_config", _RETRIES)
    profile = "AWS_PROFILE" in os.environ and "AWS_ACCESS_KEY_ID" not in os.environ
    if profile and scheme_of(url) in ("s3", "s3a") and "access_key_id" not in more:
        more.setdefault("credential_provider", _of_profile())
    return from_url(url, **more)


def _of_profile() -> Any:
    """What reads the profiles of Amazon's tools."""
    try:
        from obstore.auth.boto3 import Boto3CredentialProvider
    except ImportError:
        raise MissingPackageError("boto3", "") from None
    return Boto3CredentialProvider()


def _state(meta: ObjectMeta) -> Stat:
    # Azure has quotes around it where it answers for one, and none where it lists all.
    tag = (meta["e_tag"] or "").strip('"')
    return stat_of(meta["size"], meta["last_modified"].timestamp(), tag)
