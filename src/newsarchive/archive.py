"""An archive: a folder that holds ``news/``, and the pages in it."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote

from newsarchive.errors import NotAnArchiveError, PageNotFoundError
from newsarchive.models import Event, Page
from newsarchive.parser import read
from newsarchive.paths import INDEX_NAMES, PageKind, kind_of
from newsarchive.reading import Link, Reading, former_paths
from newsarchive.scan import Scan, scan


def find_root(path: str | os.PathLike[str]) -> Path:
    """The root of the archive that a file or folder belongs to: it, or the nearest above it.

    Raises:
        NotAnArchiveError: neither it nor any folder above it holds ``news/``.
    """
    given = Path(path)
    for folder in (given, *Path(os.path.abspath(given)).parents):
        if (folder / "news").is_dir():
            return folder
    raise NotAnArchiveError(str(path))


class InboundLink(NamedTuple):
    """A link that leads to a page: the page that it stands on, and the link."""

    page: str
    link: Link


class Archive:
    """A folder that holds ``news/``, read on demand.

    Pages are addressed by archive path (``/news/2013/02/20/slug.md``). Iteration goes over the
    pages' paths in the order of the file tree; ``path in archive`` asks for a page of exactly
    that name, byte for byte, whatever the file system thinks of letter case; ``archive[path]``
    reads the page. The folder is listed once and pages are read at each call: make a new
    `Archive` after the folder changed.

    Args:
        root: the folder.

    Raises:
        NotAnArchiveError: the folder holds no ``news/`` folder.
    """

    def __init__(self, root: str | os.PathLike[str]) -> None:
        self.root = Path(root)
        if not (self.root / "news").is_dir():
            raise NotAnArchiveError(str(root))

    def __repr__(self) -> str:
        return f"Archive({str(self.root)!r})"

    @cached_property
    def scan(self) -> Scan:
        """The folder's listing."""
        return scan(str(self.root))

    def __iter__(self) -> Iterator[str]:
        return iter(self.scan.pages)

    def __len__(self) -> int:
        return len(self.scan.pages)

    def __contains__(self, path: object) -> bool:
        return path in self.scan.page_set

    def __getitem__(self, path: str) -> Page:
        """The page at an archive path.

        Raises:
            PageNotFoundError: there is no such page.
            InvalidPageError: no page can be built from the file.
            OSError: the file cannot be read.
        """
        from newsarchive.inspection import parse

        return parse(self.read_bytes(path), path)

    def read_bytes(self, path: str) -> bytes:
        """The bytes of the page at an archive path.

        Raises:
            PageNotFoundError: there is no such page.
            OSError: the file cannot be read.
        """
        if path not in self:
            raise PageNotFoundError(path)
        return Path(self.file(path)).read_bytes()

    def file(self, path: str) -> str:
        """The file of an archive path, under the root as it was given."""
        return os.path.join(self.root, path[1:])

    def reading(self, path: str) -> Reading:
        """The parts of the page at an archive path; raises as `read_bytes` does."""
        return read(self.read_bytes(path), path)

    def pages(self) -> Iterator[Page]:
        """Every page that can be built, in the order of the file tree; the others are skipped."""
        for path in self:
            try:
                page = self.reading(path).page
            except OSError:
                continue
            if page is not None:
                yield page

    def events(self) -> Iterator[Event]:
        """Every event page that can be built, in the order of the file tree."""
        return (page for page in self.pages() if isinstance(page, Event))

    def links_out(self, path: str) -> tuple[Link, ...]:
        """The links of the page at an archive path, in the page's order.

        Raises:
            PageNotFoundError: there is no such page.
        """
        return tuple(self.reading(path).links())

    def links_in(self, path: str) -> tuple[InboundLink, ...]:
        """The links of other pages that lead to an archive path, whether it exists or not.

        The first call reads the whole archive.
        """
        return tuple(self._inbound.get(path, ()))

    @cached_property
    def _inbound(self) -> dict[str, list[InboundLink]]:
        found: dict[str, list[InboundLink]] = {}
        for path in self:
            try:
                reading = self.reading(path)
            except OSError:
                continue
            for link in reading.links():
                target = link.target.partition("#")[0]
                if target.startswith("/") and target != path:
                    found.setdefault(target, []).append(InboundLink(path, link))
        return found

    # What rules ask (`newsarchive.rules.Lookup`).

    def exists(self, path: str) -> bool:
        """Whether a file of exactly this archive path exists, page or not."""
        return path in self.scan.files

    def near(self, path: str) -> str | None:
        """A hint where `path` means a page that exists but for the path's form.

        Looks through letter case, a ``.html``, ``.json`` or ``.xml`` extension, a left-off
        extension, a trailing slash and percent-encoding.
        """
        found = self.same_but_form(path)
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

    def same_but_form(self, path: str) -> str | None:
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
        for path in self:
            found.setdefault(_fold(path), []).append(path)
        return found

    @cached_property
    def _titles(self) -> dict[str, str | None]:
        return {}

    def title(self, path: str) -> str | None:
        """The title of the event page at `path`; None where it has none or is none."""
        if path not in self._titles:
            title = None
            if kind_of(path) is PageKind.EVENT and path in self:
                try:
                    reading = self.reading(path)
                    title = reading.text(reading.title) or None
                except OSError:
                    pass
            self._titles[path] = title
        return self._titles[path]

    @cached_property
    def _listed(self) -> dict[str, frozenset[str]]:
        return {}

    def is_listed(self, path: str) -> bool:
        """Whether an index page in the event's own folder lists it."""
        folder = path.rpartition("/")[0]
        if folder not in self._listed:
            targets: set[str] = set()
            for name in INDEX_NAMES:
                index = f"{folder}/{name}"
                if index in self:
                    try:
                        items = self.reading(index).index_items()
                    except OSError:
                        continue
                    targets.update(item.match["target"].partition("#")[0] for item in items)
            self._listed[folder] = frozenset(targets)
        return path in self._listed[folder]

    @cached_property
    def successors(self) -> dict[str, tuple[str, ...]]:
        """For each path that Changes name as an older version's, the pages that name it.

        A run over the whole archive sets this from what it read; else the first use reads it.
        """
        found: dict[str, list[str]] = {}
        for path in self:
            try:
                data = self.read_bytes(path)
            except OSError:
                continue
            if b"### Changes:" in data:
                for old in former_paths(read(data, path)):
                    found.setdefault(old, []).append(path)
        return {old: tuple(sorted(set(pages))) for old, pages in found.items()}

    def previous_day(self, path: str) -> str | None:
        """The index of the nearest earlier day that has one, for an index page's path."""
        return self.scan.previous_days.get(path.rpartition("/")[0])


_OTHER_FORMS = (".html", ".htm", ".json", ".xml")


def _fold(path: str) -> str:
    return unicodedata.normalize("NFC", path).casefold()
