"""What two states of an archive have apart, page by page and field by field."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple

from newsarchive.archive import Archive
from newsarchive.page.parser import read
from newsarchive.page.parts import former_paths
from newsarchive.page.reading import Reading
from newsarchive.runs.since import TwoStates, change_to
from newsarchive.store.git_tree import GitTree

if TYPE_CHECKING:
    from newsarchive.page.models import Page


class RenameReason(StrEnum):
    """Why a page that went and one that came are taken for one."""

    CHANGES = "changes"
    """The new page's Changes name the old path."""
    GIT = "git"
    """git takes it for renamed."""
    SAME_EVENT = "same-event"
    """Of one day, and with the same title, description or source as no other page there."""


class PageDifference(NamedTuple):
    """A page that both states have.

    Attributes:
        path: its archive path in the new state.
        old_path: that in the old state; another one where the page was renamed.
        fields: by the name of a field of its model, the old and the new value. `text` stands for
            what no field says, and for a page that cannot be built.
        reason: why it is taken for the old page, where it was renamed.
    """

    path: str
    old_path: str
    fields: dict[str, tuple[Any, Any]]
    reason: RenameReason | None = None


@dataclass(frozen=True)
class ArchiveDifference:
    """What two states of an archive have apart.

    Attributes:
        added: the paths of pages that only the new state has, in order.
        removed: those that only the old state has.
        renamed: pages that have another path, and perhaps other fields.
        changed: pages that have other fields.
    """

    added: tuple[str, ...]
    removed: tuple[str, ...]
    renamed: tuple[PageDifference, ...]
    changed: tuple[PageDifference, ...]


def diff(
    old: Archive | str | os.PathLike[str], new: Archive | str | os.PathLike[str]
) -> ArchiveDifference:
    """Compare two states of an archive: folders, or what git keeps (`Archive.at`).

    Args:
        old: the state to start from, or its folder.
        new: the state to end at, or its folder.

    Raises:
        NotAnArchiveError: a folder is none.
        GitError: git cannot show a state.
        OSError: a page cannot be read.
    """
    old, new = (one if isinstance(one, Archive) else Archive(one) for one in (old, new))
    states = _states(old, new)
    names = {path: (before, _reason(states, path, before)) for path, before in states.names.items()}
    gone = {path for path in old if path not in new} - {before for before, _ in names.values()}
    come = {path for path in new if path not in old} - names.keys()
    for before, path in _same_events(old, new, gone, come):
        names[path] = before, RenameReason.SAME_EVENT
        gone.discard(before)
        come.discard(path)
    both = [path for path in sorted(states.contents) if path in old and path in new]
    changed = [
        PageDifference(path, path, fields)
        for path in both
        if (fields := _fields(states, path, path))
    ]
    renamed = [
        PageDifference(path, before, _fields(states, before, path), reason)
        for path, (before, reason) in sorted(names.items())
    ]
    return ArchiveDifference(
        tuple(sorted(come)), tuple(sorted(gone)), tuple(renamed), tuple(changed)
    )


def _states(old: Archive, new: Archive) -> TwoStates:
    store = old.store
    if isinstance(store, GitTree) and store.revision and _is_of(new, store):
        found = change_to(new, store.revision)
        return TwoStates(old, new, found.contents, found.moves, found.working_tree)
    paths = [path for path in old if path in new]
    pairs = zip(old.store.read_many(paths), new.store.read_many(paths), strict=True)
    return TwoStates(old, new, frozenset(path for (path, a), (_, b) in pairs if a != b))


def _is_of(new: Archive, old: GitTree) -> bool:
    """Whether a state belongs to the repository that keeps another, at the same place in it."""
    return os.path.realpath(new.store.history or os.devnull) == os.path.realpath(old.history)


def _reason(states: TwoStates, path: str, before: str) -> RenameReason:
    former = former_paths(states.new.reading(path))
    return RenameReason.CHANGES if before in former else RenameReason.GIT


def _same_events(
    old: Archive, new: Archive, gone: set[str], come: set[str]
) -> Iterator[tuple[str, str]]:
    """Pairs of pages of one day that say the same of something that no other page there says."""
    there: dict[tuple[str, ...], list[str]] = {}
    here: dict[tuple[str, ...], list[str]] = {}
    for archive, paths, signs in ((old, gone, there), (new, come, here)):
        for path in sorted(paths):
            for sign in _signs(archive.reading(path)):
                signs.setdefault(sign, []).append(path)
    taken: set[str] = set()
    for sign, (path, *others) in sorted(here.items()):
        before = there.get(sign, [])
        if not others and len(before) == 1 and not taken & {path, before[0]}:
            taken |= {path, before[0]}
            yield before[0], path


def _signs(reading: Reading) -> set[tuple[str, ...]]:
    folder = reading.path.rpartition("/")[0]
    said = {("title", reading.text(reading.title)), ("text", reading.text(reading.description))}
    said |= {("source", m["target"]) for m in reading.sources}
    return {(folder, *sign) for sign in said if sign[1]}


def _fields(states: TwoStates, before: str, path: str) -> dict[str, tuple[Any, Any]]:
    """What a page's fields were and are, where that differs."""
    old, new = _data(states.old, before), _data(states.new, path)
    if old == new:
        return {}
    was, now = _page(states.old, old, before), _page(states.new, new, path)
    if type(was) is type(now) and was is not None and now is not None:
        fields = {
            name: (value, getattr(now, name))
            for name, value in was
            if name != "path" and value != getattr(now, name)
        }
        if fields:
            return fields
    return {"text": (old.decode("utf-8", "replace"), new.decode("utf-8", "replace"))}


def _data(archive: Archive, path: str) -> bytes:
    return archive.read_bytes(path)


def _page(archive: Archive, data: bytes, path: str) -> Page | None:
    return read(data, path, archive.edition).page
