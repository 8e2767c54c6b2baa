"""What is open in the editor, which archives it belongs to, and what is found on it."""

from __future__ import annotations

import datetime
import os
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from urllib.parse import unquote, urlsplit
from urllib.request import url2pathname

from newsarchive.errors import NotAnArchiveError, SettingsError
from newsarchive.findings.diagnostics import Diagnostic
from newsarchive.findings.report import Report
from newsarchive.graph.live import Live
from newsarchive.lsp.places import UTF_16, Lines
from newsarchive.page.document import BOM
from newsarchive.page.lazy_dataclasses import replace
from newsarchive.page.parser import read
from newsarchive.page.reading import Reading
from newsarchive.rules._judging import run_rules
from newsarchive.rules._selection import select_rules
from newsarchive.settings import Settings, load_settings
from newsarchive.settings._exclude import Exclusion
from newsarchive.store.local import LocalFolder, find_root
from newsarchive.store.overlay import Overlay
from newsarchive.store.store import Glance

# Seconds after which a configuration is looked for again: that takes some milliseconds.
_SETTINGS_LAST = 2.0


@dataclass
class OpenPage:
    """A page that is open in the editor."""

    uri: str
    version: int | None  # the number that the editor gave this text
    text: str  # its text, saved or not
    archive: Live | None  # the archive that it is a page of, if it is
    path: str  # its archive path; empty outside of an archive
    encoding: str = UTF_16  # whose code units places count
    # what was found on this very text; None where it was not checked yet
    findings: list[Diagnostic] | None = None
    excluded: bool = False  # whether a run passes it over: nothing is found then

    @property
    def can_be_judged(self) -> bool:
        """Whether it is known which files its links may lead to."""
        return self.archive is None or self.archive.is_listed_whole

    @cached_property
    def lines(self) -> Lines:
        """The places in the text."""
        return Lines(self.text, self.encoding)

    @cached_property
    def reading(self) -> Reading:
        """The text's parts."""
        return read(self.text, self.path, self.archive.edition if self.archive else None)

    def put(self, text: str, version: int | None) -> None:
        """Take up another text."""
        self.text, self.version, self.findings = text, version, None
        self.__dict__.pop("lines", None)
        self.__dict__.pop("reading", None)


@dataclass
class Session:
    """Everything that one editor has open."""

    encoding: str = UTF_16  # whose code units places count, as agreed with the editor
    # is told what is wrong with a configuration
    complain: Callable[[str], None] = lambda message: None
    versioned: bool = True  # whether the editor takes edits with versions
    # fields of `Settings` that the editor sets, over every configuration
    chosen: dict[str, tuple[str, ...]] = field(default_factory=dict)
    pages: dict[str, OpenPage] = field(default_factory=dict)  # the open pages, by URI
    # the archives that were met, by their folder
    archives: dict[str, Live] = field(default_factory=dict)
    _settings: dict[str, tuple[float, Settings, str]] = field(default_factory=dict)

    # Where things are.

    def archive_of(self, file: str) -> Live | None:
        """The archive that a file or folder lies in, the nearest one; None outside of all."""
        try:
            root = str(find_root(file))
            if root not in self.archives:
                self.archives[root] = Live(Overlay(LocalFolder(root)))
        except (NotAnArchiveError, OSError, ValueError):
            return None
        return self.archives[root]

    def locate(self, uri: str) -> tuple[Live | None, str]:
        """The archive that a document is a page of, and its archive path; None and "" if none."""
        archive, path = self.file_in(uri)
        return (archive, path) if path.endswith(".md") else (None, "")

    def file_in(self, uri: str) -> tuple[Live | None, str]:
        """The archive that a file or folder lies in, and its archive path; None and "" if none."""
        file = file_of(uri)
        archive = self.archive_of(file) if file else None
        if archive is None:
            return None, ""
        path = "/" + "/".join(Path(file).relative_to(archive.root).parts)
        # What a run passes over is nothing here either.
        if "/." in path or path != path.encode("utf-8", "replace").decode():
            return None, ""
        return archive, path

    def uri_of(self, archive: Live, path: str) -> str:
        """What the editor calls a page, as it said itself where the page is open."""
        for page in self.open_in(archive):
            if page.path == path:
                return page.uri
        return Path(os.path.abspath(archive.file(path))).as_uri()

    def open_in(self, archive: Live) -> Iterator[OpenPage]:
        """The pages of an archive that are open."""
        return (page for page in self.pages.values() if page.archive is archive)

    def view(
        self, archive: Live, path: str, found: Iterable[Diagnostic] | None = None
    ) -> OpenPage | None:
        """A page as it would be if it were opened; None where it cannot be read.

        What a run `found` on its file is taken over; without, it is checked when it is asked for.
        """
        try:
            text = archive.read_bytes(path).decode("utf-8", "replace")
        except (OSError, KeyError):
            return None
        findings = None if found is None else list(found)
        # Editors keep a byte order mark out of the text, and so out of their places.
        if text.startswith(BOM):
            text = text.removeprefix(BOM)
            findings = findings and [_moved(d, -len(BOM)) for d in findings]
        uri = self.uri_of(archive, path)
        return OpenPage(uri, None, text, archive, path, self.encoding, findings)

    def peek(self, archive: Live, path: str, found: Iterable[Diagnostic] | None = None) -> OpenPage:
        """The same, without a text where it cannot be read."""
        known = None if found is None else list(found)
        uri = self.uri_of(archive, path)
        nothing = OpenPage(uri, None, "", archive, path, self.encoding, known)
        return self.view(archive, path, known) or nothing

    def is_saved(self, page: OpenPage) -> bool:
        """Whether a page's file holds its text."""
        archive = page.archive
        try:
            data = archive.store.base.read(page.path) if archive else b""
        except (OSError, KeyError):
            return False
        return data.decode("utf-8", "replace").removeprefix(BOM) == page.text.removeprefix(BOM)

    # What is open. Each returns the archive in which other pages may now be judged otherwise.

    def open(self, uri: str, version: int | None, text: str) -> Live | None:
        """Take up a page that was opened."""
        archive, path = self.locate(uri)
        if archive and self.is_excluded(archive, path):
            self.pages[uri] = OpenPage(uri, version, text, None, "", self.encoding, excluded=True)
            return None
        page = self.pages[uri] = OpenPage(uri, version, text, archive, path, self.encoding)
        return self._take_up(page)

    def is_excluded(self, archive: Live, path: str) -> bool:
        """Whether a run over the archive passes a file over; it need not be there yet."""
        patterns = self.settings_of(archive).exclude
        exclude = Exclusion(patterns) if patterns else None
        if exclude and exclude(path):
            return True
        glance = Glance(archive.store.base, exclude)
        glance.exists(path)
        return any(path.startswith(f"{folder}/") for folder in glance.found.excluded)

    def change(self, uri: str, version: int | None, text: str) -> Live | None:
        """Take up a page's new text."""
        page = self.pages[uri]
        page.put(text, version)
        return self._take_up(page)

    def close(self, uri: str) -> Live | None:
        """Forget a page that was closed."""
        page = self.pages.pop(uri, None)
        if page is None or page.archive is None:
            return None
        return page.archive if page.archive.close(page.path) else None

    def _take_up(self, page: OpenPage) -> Live | None:
        if page.archive is None:
            return None
        changed = page.archive.open(page.path, page.text)
        if page.path in page.archive:
            page.reading = page.archive.reading(page.path)
        return page.archive if changed else None

    # What is found.

    def check(self, page: OpenPage) -> list[Diagnostic]:
        """The findings on an open page, as its text is now."""
        if page.excluded:
            return []
        if page.findings is None:
            settings = self.settings_of(page.archive)
            found = run_rules(
                page.reading,
                settings.rules(),
                file=file_of(page.uri) or page.uri,
                today=settings.today or datetime.date.today(),
                lookup=page.archive,
            )
            page.findings = list(settings.judge(Report(tuple(found))).diagnostics)
        return page.findings

    def settings_of(self, archive: Live | None) -> Settings:
        """What the configuration around an archive says; the defaults where there is none.

        It is looked for again after a while, so that who edits it need not start anew. One that is
        wrong is complained of once, and the usual rules run.
        """
        if archive is None:
            return Settings().override(**self.chosen)
        root, now = str(archive.root), time.monotonic()
        asked, settings, fault = self._settings.get(root, (-_SETTINGS_LAST, Settings(), ""))
        if now - asked >= _SETTINGS_LAST:
            known, fault = fault, ""
            try:
                settings = load_settings(root).override(**self.chosen)
            except SettingsError as error:
                settings, fault = Settings().override(**self.chosen), str(error)
                if fault != known:
                    self.complain(f"{fault}; the usual rules run")
            self._settings[root] = now, settings, fault
        return settings

    def select(self, select: Iterable[str], ignore: Iterable[str]) -> None:
        """Choose the rules that run; raises UnknownRuleError if a word names no rule."""
        words = {"select": tuple(select), "ignore": tuple(ignore)}
        select_rules(*words.values())
        self.chosen = {field: given for field, given in words.items() if given}


def _moved(found: Diagnostic, by: int) -> Diagnostic:
    return replace(found, start=max(found.start + by, 0), end=max(found.end + by, 0))


def file_of(uri: str) -> str:
    """The file that a URI names, as an absolute path; empty where it names none of this machine."""
    try:
        parts = urlsplit(uri)
    except ValueError:
        return ""
    if parts.scheme != "file" or parts.netloc not in ("", "localhost") or parts.query:
        return ""
    if os.name == "nt":  # pragma: no cover - other systems
        return url2pathname(parts.path)
    path = unquote(parts.path, errors="surrogateescape")
    return os.path.normpath(path) if path.startswith("/") and "\0" not in path else ""
