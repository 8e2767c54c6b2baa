"""An archive as a change leaves it, before anything is written: what its pages would hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import cached_property

from newsarchive.errors import PageNotFoundError, RefusedMoveError
from newsarchive.findings.edits import BodyEdit, Edit, apply_edits
from newsarchive.graph.inbound import SearchedReferrers
from newsarchive.graph.view import ChangeableView
from newsarchive.page.document import BOM
from newsarchive.page.editions import Edition
from newsarchive.page.parser import read
from newsarchive.page.paths import INDEX_NAMES, DayNumbers, day_of
from newsarchive.page.reading import InboundLink, Reading
from newsarchive.rules.conflicts import is_in_conflict
from newsarchive.rules.written import harmed_links
from newsarchive.store.transaction import FileChange

FMT_FIRST = "does not have the archive's standard layout; run 'newsarchive fmt' on it first"


class Pending:
    """The pages of an archive, some of them changed, added or gone.

    Each operation on it sees what those before it did. What the archive holds besides is asked of a
    view of it, whose pages are read when they are needed, each once.
    """

    def __init__(self, archive: ChangeableView) -> None:
        self._archive = archive
        self._before: dict[str, bytes | None] = {}
        # What changed: a page's bytes, or None where it went.
        self._now: dict[str, bytes | None] = {}
        self._readings: dict[str, Reading] = {}
        self._origins: dict[str, str] = {}

    @property
    def edition(self) -> Edition:
        """The archive's edition."""
        return self._archive.edition

    # What is there.

    def __contains__(self, path: str) -> bool:
        if path in self._now:
            return self._now[path] is not None
        return path in self._archive

    def exists(self, path: str) -> bool:
        """Whether there is a file of exactly this archive path, page or not."""
        return path in self if path in self._now else self._archive.exists(path)

    def reading(self, path: str) -> Reading:
        """The parts of a page as it is by now.

        Raises:
            PageNotFoundError: there is no such page.
            OSError: its file cannot be read.
        """
        if path not in self:
            raise PageNotFoundError(path)
        if path not in self._readings:
            if path not in self._before:
                self._before[path] = self._archive.read_bytes(path)
            data = self._now.get(path, self._before[path])
            self._readings[path] = read(data or b"", path, self._archive.edition)
        return self._readings[path]

    def links_in(self, path: str) -> list[InboundLink]:
        """The links of other pages that lead to an archive path, whether it exists or not."""
        found = []
        known = (page for page in self._archive.referrers(path) if page not in self._now)
        changed = (page for page in self._changed.of(path) if self._now.get(page) is not None)
        for page in dict.fromkeys([*known, *changed]):
            with suppress(OSError):
                links = self.reading(page).links() if page != path else ()
                found += [InboundLink(page, link) for link in links if leads_to(link.target, path)]
        return found

    @cached_property
    def _changed(self) -> SearchedReferrers:
        """Where to look for links on pages that changed; what a step took back stays in it."""
        return SearchedReferrers((), base=self.edition.base)

    @cached_property
    def _aliases(self) -> dict[str, list[str]]:
        return self._archive.aliases()

    def aliases(self, path: str) -> list[str]:
        """The symbolic links that lead to a page."""
        return self._aliases.get(path, [])

    def is_alias(self, path: str) -> bool:
        """Whether a page is a symbolic link to one that has a path of its own."""
        return path not in self._now and self._archive.store.is_alias(path)

    # Days.

    def index_copies(self, folder: str) -> list[str]:
        """The paths of the index pages of a day's folder; the one that links mean comes first."""
        return [path for name in INDEX_NAMES if (path := f"{folder}/{name}") in self]

    def previous_day(self, path: str) -> str | None:
        """The index page of the nearest earlier day that has one."""
        return self._nearest(path, later=False)

    def next_day(self, path: str) -> str | None:
        """The index page of the nearest later day that has one."""
        return self._nearest(path, later=True)

    def _nearest(self, path: str, *, later: bool) -> str | None:
        ask = self._archive.next_day if later else self._archive.previous_day
        known = ask(path)
        while known and not self.index_copies(_folder(known)):  # gone by this change
            known = ask(known)
        folders = {_folder(known)} if known else set()
        day = day_of(path)
        for page in self._now:
            other = day_of(page)
            if day and other and (other > day if later else other < day):
                folders.add(_folder(page))
        days: list[tuple[DayNumbers, str]] = [
            (number, folder)
            for folder in folders
            if (number := day_of(f"{folder}/index.md")) is not None and self.index_copies(folder)
        ]
        if not days:
            return None
        return self.index_copies((min if later else max)(days)[1])[0]

    # Changing it.

    @contextmanager
    def step(self) -> Iterator[None]:
        """All that is done within holds, or nothing of it: where it raises, it was never done."""
        kept = dict(self._now), dict(self._readings), dict(self._origins)
        try:
            yield
        except BaseException:
            self._now, self._readings, self._origins = kept
            raise

    def editable(self, path: str) -> Reading:
        """The parts of a page whose text can be edited.

        Raises:
            RefusedMoveError: it is no text.
            PageNotFoundError, OSError: as `reading`.
        """
        reading = self.reading(path)
        if not reading.readable:
            raise RefusedMoveError(path, "the page is not UTF-8")
        return reading

    def edit(self, path: str, edits: Iterable[BodyEdit]) -> None:
        """Edit a page: ranges of its body, in the text as it was read; raises as `put` does."""
        document = self.editable(path).document
        spans = [Edit(*document.span(e.start, e.end), e.replacement) for e in edits]
        self.put(path, apply_edits(document.text, spans))

    def edit_surely(self, path: str, edits: Iterable[BodyEdit]) -> None:
        """Edit a page as `edit` does, where it is certain that nothing else of it changes."""
        before = self.editable(path)
        require_settled(before)
        body = apply_edits(before.body, [Edit(e.start, e.end, e.replacement) for e in edits])
        if body != before.body:
            self._hold(path, body)

    def put(self, path: str, text: str) -> None:
        """Give a page that is there another text.

        Raises:
            RefusedMoveError: a renderer would no longer show one of its links, or lead it astray;
                or a merge left conflict markers in it.
        """
        before = self.editable(path)
        if text == before.document.text:
            return
        require_settled(before)
        after = read(text, path, before.edition)
        if any(harmed_links(before, after)):
            raise RefusedMoveError(path, "a renderer would not show one of its links any more")
        self._hold(path, text)
        self._readings[path] = after

    def rewrite(self, path: str, body: str) -> None:
        """Give a page another body, with the byte order mark and line endings of before.

        Its line endings are all alike (`newsarchive.editing.days.laid_out`); raises as `put` does.
        """
        document = self.editable(path).document
        self.put(path, BOM * document.bom_length + body.replace("\n", document.newline))

    def add(self, path: str, text: str) -> None:
        """Have a page where there is none."""
        self._touch(path)
        self._hold(path, text)

    def move(self, old: str, new: str) -> None:
        """Have a page's text under another path; its file keeps its mode and owner."""
        text = self.editable(old).document.text
        self._origins[new] = self._origins.pop(old, old)
        self.add(new, text)
        self.remove(old)

    def remove(self, path: str) -> None:
        """Have a page no more."""
        self._touch(path)
        self._now[path] = None
        self._readings.pop(path, None)

    def _hold(self, path: str, text: str) -> None:
        data = self._now[path] = text.encode()
        self._changed.take(path, data)
        self._readings.pop(path, None)

    def _touch(self, path: str) -> None:
        if path not in self._before:
            there = path in self._archive
            self._before[path] = self._archive.read_bytes(path) if there else None

    def changes(self) -> tuple[FileChange, ...]:
        """What becomes of the files of the pages that changed."""
        return tuple(
            FileChange(path, old, new, like=self._origin(path) if old is None else "")
            for path, new in self._now.items()
            if (old := self._before[path]) != new
        )

    def _origin(self, path: str) -> str:
        """Where a page was before, if there still is a file to take mode and owner of."""
        origin = self._origins.get(path, "")
        return origin if self._before.get(origin) is not None else ""


def leads_to(target: str, path: str) -> bool:
    """Whether a link's target leads to an archive path, perhaps to a place on the page."""
    return target.partition("#")[0] == path


def require_settled(reading: Reading) -> None:
    """Refuse to edit a page of which a merge left nobody certain what it says."""
    if is_in_conflict(reading):
        raise RefusedMoveError(reading.path, "it holds conflict markers; finish the merge first")


def _folder(path: str) -> str:
    return path.rpartition("/")[0]
