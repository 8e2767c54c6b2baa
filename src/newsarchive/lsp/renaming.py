"""Renaming pages: by another title or path, and in the editor's own list of files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from lsprotocol import types

from newsarchive.editing.following import ENTRIES, relink
from newsarchive.editing.moves import move
from newsarchive.editing.pending import Pending
from newsarchive.editing.retitling import retitle
from newsarchive.errors import RefusedMoveError
from newsarchive.findings.edits import Edit
from newsarchive.graph.live import Live
from newsarchive.lsp.edits import DocumentEdits, edits_between, text_edits, workspace_edit
from newsarchive.lsp.findings import span_range, title_span
from newsarchive.lsp.navigation import link_at, on_title, target_of
from newsarchive.lsp.places import Lines
from newsarchive.lsp.session import OpenPage, Session
from newsarchive.page.document import BOM, Span
from newsarchive.page.paths import PageKind, kind_of
from newsarchive.page.printable import printable
from newsarchive.store.transaction import FileChange

_REFUSALS = (RefusedMoveError, OSError, KeyError)


class CannotRenameError(ValueError):
    """A page cannot be renamed; the message says why."""


class _Named(NamedTuple):
    """A page that is named somewhere: its path, where, and the name that a new one replaces."""

    path: str
    span: Span
    name: str


def _named(page: OpenPage, offset: int) -> _Named | None:
    """The event page that a title or a link at an offset names; None where there is none."""
    archive, reading = page.archive, page.reading
    if archive is None:
        return None
    link = link_at(reading, offset)
    if link:
        path = target_of(link)
        if kind_of(path) is not PageKind.EVENT or path not in archive:
            return None
        target = reading.span(*link.match.span("target"))
        if link.kind not in ENTRIES or target[0] <= offset <= target[1]:
            return _Named(path, target, path)
        text = reading.span(*reading.clean(link.match.span("text")))
        return _Named(path, text, archive.title(path) or link.title)
    if reading.kind is PageKind.EVENT and on_title(page, offset):
        start, end = title_span(reading)
        return _Named(page.path, Span(start, end), page.text[start:end])
    return None


def renamable(page: OpenPage, offset: int) -> types.PrepareRenamePlaceholder | None:
    """Where the title or path stands that a rename at an offset is about, and what it is by now."""
    named = _named(page, offset)
    if named is None:
        return None
    return types.PrepareRenamePlaceholder(span_range(page.lines, *named.span), named.name)


def rename(
    session: Session, page: OpenPage, offset: int, name: str, *, renames_files: bool
) -> types.WorkspaceEdit:
    """What ``newsarchive mv`` would do, as an edit of the editor's.

    The offset lies on a page's title, or on a link to the page that is meant. The name is its new
    title; or its new path, if it starts with ``/`` and ends with ``.md``.

    Raises:
        CannotRenameError: no event is named at that place, or its page cannot be renamed so.
    """
    archive, named = page.archive, _named(page, offset)
    if archive is None or named is None:
        raise CannotRenameError(
            "put the cursor on the title of an event page of an archive, or on a link to one"
        )
    pending = Pending(archive)
    try:
        if name.startswith("/") and name.endswith(".md"):
            move(pending, named.path, name)
        else:
            retitle(pending, named.path, name)
    except _REFUSALS as error:
        raise CannotRenameError(printable(str(error))) from None
    changes = pending.changes()
    moved = next((change for change in changes if change.like), None)
    if moved and not renames_files:
        raise CannotRenameError(
            "the page would get another path, and this editor cannot rename files in an edit; "
            "use 'newsarchive mv'"
        )
    edits = []
    for change in changes:
        if change is moved:
            old = next(c.old for c in changes if c.path == moved.like)
            edits.append(_edit(session, archive, FileChange(moved.like or "", old, change.new)))
        elif change.new is not None:
            edits.append(_edit(session, archive, change))
    files = None
    if moved:
        files = (session.uri_of(archive, named.path), session.uri_of(archive, moved.path))
    return workspace_edit([e for e in edits if e[2]], files, versioned=session.versioned)


def follow_files(
    session: Session, renames: Iterable[tuple[str, str]]
) -> tuple[types.WorkspaceEdit | None, list[str]]:
    """Have links follow files and folders that the editor is about to rename (old and new URIs).

    Returns the edit that is to be made before, if there is any, and why some links cannot follow.
    """
    pending: dict[str, Pending] = {}
    refused = []
    for old_uri, new_uri in renames:
        archive, old = session.file_in(old_uri)
        if archive is None:
            continue
        changing = pending.setdefault(str(archive.root), Pending(archive))
        there, new = session.file_in(new_uri)
        for path, moved in _files_of(archive, old, new).items():
            try:
                if there is not archive or session.is_excluded(archive, moved):
                    raise RefusedMoveError(path, "it leaves the archive")
                relink(changing, path, moved)
            except _REFUSALS as error:
                if changing.links_in(path):
                    refused.append(printable(str(error)))
    edits = [
        edit
        for root, changed in pending.items()
        for change in changed.changes()
        if (edit := _edit(session, session.archives[root], change))[2]
    ]
    return workspace_edit(edits, versioned=session.versioned) if edits else None, refused


def _files_of(archive: Live, old: str, new: str) -> Mapping[str, str]:
    """What becomes of the path of a file, or of those of all files in a folder."""
    if archive.exists(old):
        return {old: new}
    return {path: new + path[len(old) :] for path in archive.files_below(old)}


def _edit(session: Session, archive: Live, change: FileChange) -> DocumentEdits:
    """The edits of one page."""
    uri = session.uri_of(archive, change.path)
    opened = session.pages.get(uri)
    old, new = ((data or b"").decode() for data in (change.old, change.new))
    if opened is None and old.startswith(BOM) and new.startswith(BOM):
        # Editors keep a byte order mark out of the text, and so out of their places.
        old, new = old.removeprefix(BOM), new.removeprefix(BOM)
    edits: list[Edit] = edits_between(old, new)
    made = text_edits(Lines(old, session.encoding), edits)
    return uri, opened.version if opened else None, made
