"""A view of an archive while it changes: names, titles and links in memory.

`Answers` lists a store once and reads pages on demand. A server cannot: it is asked at every
keystroke, and files come and go. So this keeps an entry for each page (what it says of itself and
of others) and the reverse of the links, and takes up changes page by page.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from sys import intern

from newsarchive.graph.derived import Derived
from newsarchive.graph.page_summary import PageOnDisk, PageSummary, summary_of
from newsarchive.graph.recognition import recognized
from newsarchive.graph.suggestions import Evidence
from newsarchive.page.editions import Edition
from newsarchive.page.parser import read
from newsarchive.page.paths import PageKind, kind_of, target_path
from newsarchive.page.reading import InboundLink, Reading
from newsarchive.store.listing import Exclude, Listing, Scan, Stat
from newsarchive.store.overlay import Overlay
from newsarchive.store.renames import History, Rename
from newsarchive.store.store import Glance


class Live(Derived):
    """A view that is kept in step. Knows nothing at first: see `take_listing` and `take`.

    Everything happens in one thread; only the reading of files may be done in another
    (`newsarchive.lsp.loading`). Texts of pages that are open lie over the archive's files.
    """

    def __init__(self, store: Overlay) -> None:
        self._edition: Edition | None = None
        self.is_listed_whole: bool = False
        self.is_loaded = False
        self.exclude: Exclude | None = None
        self.states: dict[str, Stat] = {}
        self.renames: dict[str, Rename] | None = None
        self.wants_renames: bool = False
        self._store = store
        self._successors: dict[str, tuple[str, ...]] = {}
        self._files: set[str] = set()
        self._folders_names: dict[str, set[str]] = {}
        self._entries: dict[str, PageSummary] = {}
        self._readings: dict[str, Reading] = {}
        # Of the open pages: those whose file was seen, and those whose file has gone since.
        self._seen: set[str] = set()
        self._lost: set[str] = set()
        # Most are linked to from a page or two: tuples take a fifth of what sets do.
        self._sources: dict[str, tuple[str, ...]] = {}
        # Pages that changed while a listing was under way: it may have seen them before or after.
        self._newer: set[str] = set()

    @property
    def store(self) -> Overlay:
        """Where the files are."""
        return self._store

    @property
    def root(self) -> Path:
        """The archive's folder."""
        return Path(self._store.home)

    def file(self, path: str) -> str:
        """The file of an archive path, under the root as it was given."""
        return self._store.label(path)

    @property
    def edition(self) -> Edition:
        """The archive's edition: what it was said to be, or the one whose words its files have."""
        if self._edition is None:
            self._edition = recognized(self._store.base)
        return self._edition

    def take_edition(self, edition: Edition | None) -> None:
        """Take up what a configuration says of the edition; None if it says nothing."""
        before, self._edition = self._edition, edition
        if before not in (None, self.edition):
            self.states.clear()  # so that the next listing has the pages read anew
            for path, reading in self._readings.items():
                self._readings[path] = read(reading.document.text, path, self.edition)

    # What came from a listing (see `loading`).

    def begin_listing(self) -> dict[str, Stat]:
        """Note that a listing starts; returns the states of the files that are known."""
        self._newer.clear()
        return dict(self.states)

    def take_listing(self, found: Scan) -> None:
        """Take up which files there are; pages that are gone are forgotten."""
        for path in self._readings.keys() - self._newer:
            self._note_file(path, is_there=found.has(path))
        kept = self._files & (self._newer | self._readings.keys()) - self._lost
        gone = {path for path in self._newer if path not in self._files}
        # A listing makes paths anew each time; these are those that links and entries hold.
        files = {intern(path) for path in found.files | kept} - gone
        for path in self._entries.keys() - files:
            self._put(path, None)
        if files != self._files or not self.is_listed_whole:
            self._take_files(files, found)
        for path in self._readings.keys() & files - self._entries.keys():
            self._put(path, self._read_entry(path))
        self.is_listed_whole = True

    def _take_files(self, files: set[str], found: Scan) -> None:
        """Take up which files there are now: those of a listing, but for a few."""
        self._files = files
        self._folders_names = {folder: set(names) for folder, names, _ in found.folders}
        for path in files - found.files:
            if not path.startswith(found.beside):
                self._add_name(path)
        for path in found.files - files:
            self._remove_name(path)
        self._reshaped()

    def take(self, pages: Iterable[PageOnDisk]) -> None:
        """Take up pages that were read, but for those that changed since, or are open."""
        for path, state, entry in pages:
            if path not in self._newer and path not in self._readings and path in self._files:
                self.states[path] = state
                self._put(path, entry or PageSummary())

    # What changed since.

    def open(self, path: str, text: str) -> bool:
        """Take up the text of a page; returns whether others may now be judged otherwise.

        A page that was never saved is there while it is open. One whose file has gone since it was
        opened is not, although the editor still holds its text: whoever reads the archive next
        finds none. It is there again when it is saved.
        """
        if path not in self._readings:
            self._note_file(path, is_there=Glance(self._store.base, self.exclude).exists(path))
        if path in self._lost:
            self._readings[path] = read(text, path, self.edition)
            self._store.put(path, text.encode("utf-8", "surrogatepass"))
            return False
        new = path not in self._files
        if new:
            self._add(path)
        self._newer.add(path)
        self.states.pop(path, None)
        self._store.put(path, text.encode("utf-8", "surrogatepass"))
        reading = self._readings[path] = read(text, path, self.edition)
        before = self._entries.get(path)
        entry = summary_of(reading)
        self._put(path, entry)
        return new or before != entry

    def close(self, path: str) -> bool:
        """Forget the text of a page that is no longer open; what counts is its file again."""
        self._readings.pop(path, None)
        self._seen.discard(path)
        self._lost.discard(path)
        self._store.drop(path)
        return self.look_at([path])

    def look_at(self, paths: Iterable[str]) -> bool:
        """Look at files that came, went or changed. Open pages keep their text (see `open`).

        Returns whether pages may now be judged otherwise.
        """
        glance = Glance(self._store.base, self.exclude)
        changed = False
        for path in paths:
            self._newer.add(path)
            before = self._entries.get(path)
            there = path in self._files
            is_there = glance.exists(path)
            if path in self._readings:
                self._note_file(path, is_there=is_there)
                is_there = path not in self._lost
            if not is_there:
                if there:
                    self._remove(path)
                changed |= there
                continue
            if not there:
                self._add(path)
            if path.endswith(".md"):
                self.states.pop(path, None)
                self._put(path, self._read_entry(path))
            changed |= not there or before != self._entries.get(path)
        return changed

    def prepare(self) -> None:
        """Have ready what the first broken link and the first model of a page need: half a second.

        That is pages by their paths in other forms, words of titles, and pydantic.
        """
        assert read("", "/news/2000/01/1/none.md").page is None
        self.same_but_form("/")
        self._evidence.prepare()

    def take_renames(self, renames: Mapping[str, Rename]) -> None:
        """Take up the renames of git's history."""
        self.renames = dict(renames)
        self.__dict__.pop("_evidence", None)

    # What is known.

    def entry(self, path: str) -> PageSummary | None:
        """What is known of a page, read now if need be; None where there is none."""
        if path not in self._entries and path in self:
            self._put(path, self._read_entry(path))
        return self._entries.get(path)

    def titles(self) -> Iterator[tuple[str, str]]:
        """Path and title of every event that has one, as far as they were read; the last first."""
        entries = reversed(self._entries.items())
        return ((path, entry.title) for path, entry in entries if entry.title)

    def with_term(self, term: str) -> Iterator[tuple[str, int]]:
        """The pages with a context term, as far as they were read, and on how many links each."""
        entries = self._entries.items()
        return ((path, n) for path, entry in entries if (n := entry.terms.count(term)))

    def bears_on(self, path: str) -> set[str]:
        """The pages whose findings may depend on a page, as it is now.

        Those that link to it or to an older path of its; of an index, the events of its day, too.
        """
        entry = self._entries.get(path) or PageSummary()
        found = {page for name in (path, *entry.former) for page in self._sources.get(name, ())}
        if kind_of(path) is PageKind.DAY_INDEX:
            found.update(self.folder(path.rpartition("/")[0]))
        return found - {path}

    def files_below(self, folder: str) -> list[str]:
        """The archive paths of all files in a folder, at any depth."""
        return sorted(path for path in self._files if path.startswith(f"{folder}/"))

    def folders_below(self, folder: str) -> list[str]:
        """The names of the folders directly in a folder that hold pages, at any depth."""
        prefix = f"{folder}/"
        return sorted(
            {
                f[len(prefix) :].partition("/")[0]
                for f in self._folders_names
                if f.startswith(prefix)
            }
        )

    # What every view answers.

    @cached_property
    def scan(self) -> Scan:
        """What is known of the folder; its troubles are not looked at here."""
        folders = [
            Listing(folder, sorted(names)) for folder, names in sorted(self._folders_names.items())
        ]
        return Scan(folders, {path for path in self._files if not path.endswith(".md")})

    @property
    def successors(self) -> dict[str, tuple[str, ...]]:
        """For each path that Changes name as an older version's, the pages that name it."""
        return self._successors

    def exists(self, path: str) -> bool:
        """Whether a file of exactly this archive path exists, or is open and was never saved."""
        return path in self._files

    def reading(self, path: str) -> Reading:
        """The parts of the page at an archive path; raises as `read_bytes` does."""
        if path in self._readings and path in self:
            return self._readings[path]
        return super().reading(path)

    def links_in(self, path: str) -> tuple[InboundLink, ...]:
        """The links of other pages that lead to an archive path, whether it exists or not."""
        return tuple(
            InboundLink(page, link)
            for page in self.referrers(path)
            if (reading := self.readable(page))
            for link in reading.links()
            if target_path(link.target) == path
        )

    def referrers(self, path: str) -> list[str]:
        """The pages that link to an archive path."""
        return sorted(self._sources.get(path, ()))

    def title(self, path: str) -> str | None:
        """The title of the event page at `path`; None where it has none or is none."""
        entry = self.entry(path)
        return entry.title or None if entry else None

    def listed_by(self, index: str) -> frozenset[str]:
        """The paths that an index page lists; none where there is no such page."""
        entry = self.entry(index)
        return entry.listed if entry else frozenset()

    def folder(self, folder: str) -> list[str]:
        """The archive paths of the pages in a folder (``/news/2013/02/20``), not below it."""
        return [f"{folder}/{name}" for name in sorted(self._folders_names.get(folder, ()))]

    @cached_property
    def _evidence(self) -> Evidence:
        return Evidence(self, self._known_renames)

    def _known_renames(self, root: str) -> History:
        """The renames of git's history if they are known; asking git takes too long for a key."""
        self.wants_renames = True
        return History(tuple((self.renames or {}).items()))

    def _note_file(self, path: str, *, is_there: bool) -> None:
        """Note whether an open page has its file; one that never had any is not lost."""
        if is_there:
            self._seen.add(path)
            self._lost.discard(path)
        elif path in self._seen:
            self._lost.add(path)

    # Keeping the reverse in step.

    def _read_entry(self, path: str) -> PageSummary:
        try:
            return summary_of(self.reading(path))
        except OSError:
            return PageSummary()

    def _put(self, path: str, entry: PageSummary | None) -> None:
        """Replace what is known of a page; None means that there is no page any more."""
        old = self._entries.pop(path, None) or PageSummary()
        if entry is not None:
            self._entries[path] = entry
        new = entry or PageSummary()
        if old.targets != new.targets:
            for target in set(old.targets).difference(new.targets):
                left = tuple(page for page in self._sources.pop(target) if page != path)
                if left:
                    self._sources[target] = left
            for target in set(new.targets).difference(old.targets):
                self._sources[target] = (*self._sources.get(target, ()), path)
        if old.former != new.former:
            for former in {*old.former, *new.former}:
                pages = {*self._successors.get(former, ())} - {path}
                if former in new.former:
                    pages.add(path)
                self._successors[former] = tuple(sorted(pages))
                if not pages:
                    del self._successors[former]
        if "_evidence" in self.__dict__:
            self._evidence.forget(path.rpartition("/")[0])

    def _add(self, path: str) -> None:
        self._files.add(path)
        self._add_name(path)
        self._reshaped()

    def _remove(self, path: str) -> None:
        self._files.discard(path)
        self.states.pop(path, None)
        self._remove_name(path)
        self._put(path, None)
        self._reshaped()

    def _add_name(self, path: str) -> None:
        if path.endswith(".md"):
            folder, _, name = path.rpartition("/")
            self._folders_names.setdefault(folder, set()).add(name)

    def _remove_name(self, path: str) -> None:
        folder, _, name = path.rpartition("/")
        names = self._folders_names.get(folder, set())
        names.discard(name)
        if not names:
            self._folders_names.pop(folder, None)

    def _reshaped(self) -> None:
        """Drop what depends on which pages there are."""
        for name in ("scan", "_forms", "_evidence"):
            self.__dict__.pop(name, None)
