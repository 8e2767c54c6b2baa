"""Paths that mean a page in another form: letter case, extension, percent-encoding."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import unquote

from newsarchive.page.paths import PageKind, kind_of

_OTHER_FORMS = (".html", ".htm", ".json", ".xml")


@dataclass
class Forms:
    """Looks up pages by paths that differ from theirs in form alone.

    Attributes:
        pages: the archive paths of all pages.
    """

    pages: Iterable[str]

    def hint(self, path: str) -> str | None:
        """A hint where `path` means a page that exists but for the path's form.

        Looks through letter case, a ``.html``, ``.json`` or ``.xml`` extension, a left-off
        extension, a trailing slash and percent-encoding.
        """
        found = self.meant(path)
        if found is None:
            return None
        differs = []
        rest = path
        if unquote(rest) != rest:
            differs.append("percent-encoding")
            rest = unquote(rest)
        if rest.endswith("/"):
            differs.append("a trailing slash")
            rest = rest.rstrip("/")
        stem, extension = os.path.splitext(rest)
        if extension.lower() in _OTHER_FORMS:
            differs.append(f"'{extension}' for '.md'")
            rest = stem + ".md"
        elif not rest.lower().endswith(".md"):
            differs.append("a left-off extension")
            rest = f"{rest}/index.md" if kind_of(found) is not PageKind.EVENT else f"{rest}.md"
        if rest != found:
            differs.append("another letter case")
        return f"{' and '.join(differs)}: '{found}' exists"

    def meant(self, path: str) -> str | None:
        """The one page that `path` means but for the path's form; None where none or several."""
        base = unquote(path).rstrip("/")
        stem, extension = os.path.splitext(base)
        stem = stem if extension.lower() in (*_OTHER_FORMS, ".md") else base
        candidates = {
            found
            for name in (f"{stem}.md", f"{base}/index.md", f"{base}/README.md")
            for found in self._folded.get(_fold(name), ())
        }
        if len(candidates) > 1:  # index.md before README.md: both are copies of one index
            candidates = {c for c in candidates if not c.endswith("/README.md")}
        return candidates.pop() if len(candidates) == 1 else None

    @cached_property
    def _folded(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for path in self.pages:
            found.setdefault(_fold(path), []).append(path)
        return found


def _fold(path: str) -> str:
    return unicodedata.normalize("NFC", path).casefold()
