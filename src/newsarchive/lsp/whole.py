"""The findings on all pages of an archive, open or not."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from lsprotocol import types

from newsarchive.archive import Archive, configured, view_of
from newsarchive.findings.report import Report
from newsarchive.graph.live import Live
from newsarchive.lsp.session import OpenPage, Session
from newsarchive.runs.cache_folders import cache_folder
from newsarchive.runs.engine import check_view
from newsarchive.runs.options import RunOptions
from newsarchive.settings import Settings
from newsarchive.store.listing import Scan


class Verdict(NamedTuple):
    """What an editor is told of a page."""

    uri: str
    version: int | None
    told: list[types.Diagnostic]


class Whole:
    """What is found on the pages of an archive.

    A run over its files, with the cache that `check` has, tells of most pages, and is repeated
    when files change. Pages that are open, and those that unsaved texts bear on, are judged anew
    each time, as an editor shows them.
    """

    def __init__(
        self,
        session: Session,
        archive: Live,
        told: Callable[[OpenPage], list[types.Diagnostic]],
        aside: Callable[[Callable[[], Report]], Awaitable[Report]],
    ) -> None:
        self._session, self._archive = session, archive
        self._told, self._aside = told, aside
        self._of_files: dict[str, Verdict] = {}
        self._state: int | None = None
        self._lock = asyncio.Lock()

    async def findings(self, state: int, listing: Scan | None = None) -> list[Verdict]:
        """The pages with findings, and what these are.

        The state is a number that is another one whenever files changed; a listing of the files is
        given where it is known that they are like this still.
        """
        async with self._lock:
            if self._state != state:
                self._of_files = {page.path: made async for page, made in self._run(listing)}
                self._state = state
            found = dict(self._of_files)
        for page in self._unsaved():
            found[page.path] = self._shown(page)
            await asyncio.sleep(0)  # keys that were typed meanwhile do not wait
        return [page for page in found.values() if page.told]

    async def _run(self, listing: Scan | None) -> AsyncIterator[tuple[OpenPage, Verdict]]:
        settings = self._session.settings_of(self._archive)
        report = await self._aside(partial(_checked, self._archive.root, settings, listing))
        for path, group in groupby(report.diagnostics, key=lambda d: d.page):
            page = self._session.peek(self._archive, path, group)
            yield page, self._shown(page)
            await asyncio.sleep(0)

    def _unsaved(self) -> Iterator[OpenPage]:
        """The pages that are open, and those that unsaved texts of theirs bear on."""
        opened = {page.path: page for page in self._session.open_in(self._archive)}
        others: set[str] = set()
        for page in opened.values():
            if not self._session.is_saved(page):
                others |= self._archive.bears_on(page.path)
        yield from opened.values()
        yield from (self._session.peek(self._archive, path) for path in others - opened.keys())

    def _shown(self, page: OpenPage) -> Verdict:
        return Verdict(page.uri, page.version, self._told(page))


def _checked(root: Path, settings: Settings, listing: Scan | None) -> Report:
    """A run as `newsarchive check` does it, without a baseline."""
    options = RunOptions.of(
        settings=settings,
        today=settings.today,
        jobs=settings.jobs,
        cache=cache_folder(settings, environment=True),
        listing=listing,
    )
    view = view_of(configured(Archive(root), settings))
    try:
        return check_view(view, options)
    finally:
        view.surveyor = None  # it holds the run, and that the view: both would stay a while
