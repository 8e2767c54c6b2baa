"""Listing an archive's folder: names only, nothing is opened."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

from newsarchive.paths import PageKind, day_of, kind_of


class Trouble(NamedTuple):
    """A name that cannot be checked: rule code, archive path, message."""

    code: str
    path: str
    message: str


@dataclass
class Scan:
    """What a folder holds.

    Attributes:
        root: the folder as it was given.
        pages: the archive paths of its pages (``*.md``), in the order of the file tree.
        files: the archive paths of all its files, pages or not.
        troubles: names that cannot be pages, or folders that were not entered.
    """

    root: str
    pages: list[str] = field(default_factory=list)
    files: set[str] = field(default_factory=set)
    troubles: list[Trouble] = field(default_factory=list)

    @cached_property
    def page_set(self) -> frozenset[str]:
        """The pages, for asking."""
        return frozenset(self.pages)

    @cached_property
    def previous_days(self) -> dict[str, str]:
        """For each day's folder, the index page of the nearest earlier day that has one."""
        days = {}
        for path in self.pages:
            if kind_of(path) is PageKind.DAY_INDEX:
                folder = path.rpartition("/")[0]
                # index.md before README.md: links name the former.
                if folder not in days or path.endswith("/index.md"):
                    days[folder] = path
        ordered = sorted(days.items(), key=lambda item: day_of(item[1]) or (0, 0, 0))
        return {folder: previous for (_, previous), (folder, _) in pairwise(ordered)}


def scan(root: str) -> Scan:
    """List an archive's folder.

    Folders whose name starts with a dot are passed over. Symbolic links to folders are not
    entered, and links to files that lead out of the root are no pages; both are named.
    """
    found = Scan(root)
    _enter(found, root, "")
    return found


def _enter(found: Scan, folder: str, prefix: str) -> None:
    pending = [(folder, prefix)]
    while pending:
        folder, prefix = pending.pop()
        try:
            with os.scandir(folder) as entries:
                listed = sorted(entries, key=lambda e: e.name)
        except OSError as error:
            message = f"the folder cannot be read: {error.strerror}"
            found.troubles.append(Trouble("NA901", prefix or "/", message))
            continue
        below = []
        for entry in listed:
            path = f"{prefix}/{entry.name}"
            if entry.name.startswith("."):
                continue
            if entry.is_dir(follow_symlinks=False):
                below.append((entry.path, path))
            else:
                _file(found, entry, path)
        pending.extend(reversed(below))


def _file(found: Scan, entry: os.DirEntry[str], path: str) -> None:
    is_page = path.endswith(".md")
    if not path.isascii() and not _is_utf8(path):
        if is_page:
            found.troubles.append(Trouble("NA902", path, "the file's name is not UTF-8"))
        return
    if entry.is_symlink():
        if not _link(found, entry, path, is_page):
            return
    elif is_page and not entry.is_file(follow_symlinks=False):
        found.troubles.append(Trouble("NA901", path, "the page is no regular file"))
        return
    found.files.add(path)
    if is_page:
        found.pages.append(path)


def _link(found: Scan, entry: os.DirEntry[str], path: str, is_page: bool) -> bool:
    """Whether a symbolic link leads to a regular file inside the root."""
    try:
        mode = entry.stat().st_mode
    except OSError as error:
        if is_page:
            message = f"the symbolic link leads nowhere: {error.strerror}"
            found.troubles.append(Trouble("NA901", path, message))
        return False
    if stat.S_ISDIR(mode):
        found.troubles.append(Trouble("NA903", path, "a symbolic link to a folder is not entered"))
        return False
    inside = os.path.realpath(entry.path).startswith(os.path.realpath(found.root) + os.sep)
    if is_page and not inside:
        message = "the symbolic link leads out of the archive; the page is not read"
        found.troubles.append(Trouble("NA903", path, message))
        return False
    if is_page and not stat.S_ISREG(mode):
        found.troubles.append(Trouble("NA901", path, "the page is no regular file"))
        return False
    return inside


def _is_utf8(path: str) -> bool:
    try:
        path.encode()
    except UnicodeEncodeError:
        return False
    return True
