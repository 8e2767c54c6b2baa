"""Names for findings that stay the same when lines shift or a page is renamed.

A fingerprint is made of the rule's code, of who the page is, and of the words that the finding
points at: not of line numbers, and not of the message, whose wording may change. Who a page is,
is its oldest path that its Changes or git's history show, so that a rename keeps it.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cached_property

from newsarchive.archive import Archive
from newsarchive.diagnostics import Diagnostic
from newsarchive.document import Document
from newsarchive.gitlog import renames
from newsarchive.parser import read
from newsarchive.reading import former_paths

VERSION = 1
"""The way fingerprints are made; another way has another number."""

_NUMBER = re.compile(r"^[ \t]*[0-9]+\.[ \t]+", re.M)


def fingerprints(
    archive: Archive, diagnostics: Iterable[Diagnostic], names: Mapping[str, str] | None = None
) -> list[str]:
    """A fingerprint for each finding, 32 hexadecimal digits.

    Two findings of one run never share one: equal ones are counted from the top of the page.

    Args:
        archive: the archive that the findings are about, as it was when they were made.
        diagnostics: findings, in the order of a report.
        names: who each page is, by its path; pages that are not in it are known by their own
            path. None: Changes and git's history tell.
    """
    maker = _Maker(archive, names)
    return [maker.fingerprint(diagnostic) for diagnostic in diagnostics]


class _Maker:
    def __init__(self, archive: Archive, names: Mapping[str, str] | None) -> None:
        self._archive, self._names = archive, names
        self._path, self._text, self._identity = "", "", ""
        self._seen: Counter[str] = Counter()

    def fingerprint(self, diagnostic: Diagnostic) -> str:
        if diagnostic.page != self._path:
            self._open(diagnostic.page)
        start = self._text.rfind("\n", 0, diagnostic.start) + 1
        end = self._text.find("\n", max(diagnostic.start, diagnostic.end - 1))
        lines = self._text[start : end if end >= 0 else None]
        words = " ".join(_NUMBER.sub("", lines).split())
        key = "\0".join((diagnostic.code, self._identity, words))
        self._seen[key] += 1
        key += f"\0{self._seen[key]}"
        return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:32]

    def _open(self, path: str) -> None:
        self._path, self._text = path, ""
        former: tuple[str, ...] = ()
        try:
            data = self._archive.read_bytes(path)
        except (OSError, KeyError):
            pass
        else:
            # As the findings' offsets count: bytes that are not UTF-8 become one character each.
            self._text = Document(data.decode("utf-8", "replace"), path).text
            if self._names is None:
                former = former_paths(read(data, path))
        if self._names is None:
            self._identity = self._oldest(former[0] if former else path)
        else:
            self._identity = self._names.get(path, path)

    def _oldest(self, path: str) -> str:
        seen = {path}
        while (older := self._origins.get(path)) and older not in seen:
            seen.add(older)
            path = older
        return path

    @cached_property
    def _origins(self) -> dict[str, str]:
        return {new.path: old for old, new in renames(str(self._archive.root)).items()}
