"""Paths that mean a page in another form: letter case, extension, percent-encoding and the like."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterable
from urllib.parse import unquote

from newsarchive.page.paths import PageKind, kind_of
from newsarchive.store.listing import Listing

_OTHER_FORMS = (".html", ".htm", ".json", ".xml")


class Forms:
    """Looks up pages by paths that differ from theirs in form alone.

    Args:
        folders: the folders of all pages.
    """

    def __init__(self, folders: Iterable[Listing]) -> None:
        self._listings: dict[str, list[Listing]] = {}
        for listing in folders:
            self._listings.setdefault(_fold(listing.folder), []).append(listing)
        self._folded: dict[str, dict[str, list[str]]] = {}

    def hint(self, path: str) -> str | None:
        """A hint where `path` means a page that exists but for the path's form.

        Looks through letter case, Unicode's normal forms, a ``.html``, ``.json`` or ``.xml``
        extension, a left-off extension, a trailing slash and percent-encoding.
        """
        found = self.meant(path)
        if found is None:
            return None
        differs = []
        rest = path
        if _decoded(rest) != rest:
            differs.append("percent-encoding")
            rest = _decoded(rest)
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
        if _composed(rest) != _composed(found):
            differs.append("another letter case")
        if _lower(rest) != _lower(found):
            differs.append(f"another Unicode form ({_form(rest)} for {_form(found)})")
        return f"{' and '.join(differs)}: '{found}' exists"

    def meant(self, path: str) -> str | None:
        """The one page that `path` means but for the path's form; None where none or several.

        The nearest counts: the very name of a page is asked for first, then that name in another
        Unicode form, then in another letter case.
        """
        whole = _decoded(path)
        base = whole.rstrip("/")
        stem, extension = os.path.splitext(base)
        stem = stem if extension.lower() in (*_OTHER_FORMS, ".md") else base
        names = (f"{stem}.md", f"{base}/index.md", f"{base}/README.md")
        pages = {page for name in names for page in self._pages(_fold(name))}
        if len(pages) < 2:
            return next(iter(pages), None)
        for wanted, form in (((whole,), _same), (names, _same), (names, _composed), (names, _fold)):
            forms = {form(name) for name in wanted}
            found = {page for page in pages if form(page) in forms}
            if len(found) > 1:  # index.md before README.md: both are copies of one index
                found = {page for page in found if not page.endswith("/README.md")}
            if found:
                return found.pop() if len(found) == 1 else None
        return None

    def _pages(self, form: str) -> list[str]:
        """The pages whose paths have a folded form; few folders are asked for."""
        folder, _, name = form.rpartition("/")
        if folder not in self._folded:
            found = self._folded[folder] = {}
            for prefix, names, _ in self._listings.get(folder, ()):
                for one in names:
                    found.setdefault(_fold(one), []).append(f"{prefix}/{one}")
        return self._folded[folder].get(name, [])


def _decoded(path: str) -> str:
    """A path without percent-encoding; as it is where that is no UTF-8."""
    try:
        return unquote(path, errors="strict") if "%" in path else path
    except UnicodeDecodeError:
        return path


def _same(path: str) -> str:
    return path


def _composed(path: str) -> str:
    return path if path.isascii() else unicodedata.normalize("NFC", path)


def _lower(path: str) -> str:
    """A path with each letter in lower case, where that is one letter.

    `str.casefold` goes further: it takes ``ß`` for ``ss``, which are two spellings.
    """
    if path.isascii():
        return path.lower()
    lower = [(char, char.lower()) for char in path]
    return "".join([small if len(small) == 1 else char for char, small in lower])


def _fold(path: str) -> str:
    if path.isascii():
        return path.lower()
    return _composed(_lower(_composed(path)))


def _form(path: str) -> str:
    """Which of Unicode's normal forms a path is in, by name."""
    known = (form for form in ("NFC", "NFD") if unicodedata.is_normalized(form, path))
    return next(known, "a mixture")
