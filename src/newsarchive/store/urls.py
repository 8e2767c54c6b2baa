"""Archives that are named by a URL: telling one from a folder, and showing it without secrets."""

from __future__ import annotations

from typing import TypeGuard

_NO_USER = ("github", "zip", "tar")
"""Kinds of storages in whose URLs something else than a user may stand before an ``@``."""

PACKED: dict[str, tuple[str, ...]] = {"zip": (".zip",), "tar": (".tar", ".tar.gz", ".tgz")}
"""Kinds of storages that are a file by themselves, and how the names of such files end."""


def is_url(name: object) -> TypeGuard[str]:
    """Whether a word names a storage by URL (``s3://bucket/prefix``), not a folder."""
    scheme, found, _ = name.partition("://") if isinstance(name, str) else ("", "", "")
    plain = scheme.replace("+", "").replace("-", "").replace(".", "")
    return bool(found) and len(plain) > 1 and plain.isascii() and plain.isalnum()


def scheme_of(url: str) -> str:
    """What a URL begins with: the kind of its storage."""
    return url.partition("://")[0]


def shown(url: str) -> str:
    """A URL as it may be told and kept: without user, password and query, which may be secret.

    Nor has it a slash at its end. Of several that are chained by ``::`` each is shown so.
    """
    return "::".join(map(_without_secrets, url.split("::"))) if is_url(url) else url


def _without_secrets(url: str) -> str:
    scheme, found, rest = url.partition("://")
    if not found:
        return url.rstrip("/")
    host, slash, path = rest.partition("/")
    if scheme not in _NO_USER:
        host = host.rpartition("@")[2]
    place = f"{host}{slash}{path}"
    if scheme not in PACKED:
        place = place.partition("?")[0]
    return f"{scheme}://{place.rstrip('/')}"


def above(url: str) -> tuple[str, str]:
    """The URL of the folder that something is in, and its name; an empty name at the top."""
    head, asked, query = url.partition("?")
    folder, _, name = head.rstrip("/").rpartition("/")
    scheme = scheme_of(url)
    is_top = folder.endswith(("/", ":")) or (scheme in PACKED and not packed_file(folder)[1])
    return (url, "") if is_top else (f"{folder}{asked}{query}", name)


def packed_file(url: str) -> tuple[str, str, str]:
    """Of a URL of what is in a packed file: its start up to the file's name, that, and the rest.

    ``zip://old/news.zip/en`` is ``("zip://", "old/news.zip", "en")``; of ``zip://en::news.zip``
    the start is ``zip://en::``. The name is empty where there is none.
    """
    start, mark, place = url.rpartition("::")
    if not mark:
        start, mark, place = url.partition("://")
    for end in PACKED.get(scheme_of(url), ()):
        file, found, rest = f"{place}/".partition(f"{end}/")
        if found:
            return f"{start}{mark}", f"{file}{end}", rest.strip("/")
    return f"{start}{mark}", "", ""
