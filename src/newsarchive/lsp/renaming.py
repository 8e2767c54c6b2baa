"""Renaming a page: another title, the path that follows from it, and every link to it."""

from __future__ import annotations

import datetime

from lsprotocol import types

from newsarchive.editing.moves import move, retitle
from newsarchive.editing.pending import Pending
from newsarchive.errors import RefusedMoveError
from newsarchive.findings.edits import Edit
from newsarchive.lsp.edits import edits_between, text_edits, workspace_edit
from newsarchive.lsp.findings import span_range, title_span
from newsarchive.lsp.navigation import on_title
from newsarchive.lsp.places import Lines
from newsarchive.lsp.session import OpenPage, Session
from newsarchive.page.document import BOM
from newsarchive.page.paths import PageKind
from newsarchive.page.printable import printable
from newsarchive.store.transaction import FileChange


class CannotRenameError(ValueError):
    """A page cannot be renamed; the message says why."""


def renamable(page: OpenPage, offset: int) -> types.Range | None:
    """The title that a rename at an offset is about; None where there is none."""
    if page.archive is None or page.reading.kind is not PageKind.EVENT:
        return None
    if not on_title(page, offset):
        return None
    return span_range(page.lines, *title_span(page.reading))


def rename(
    session: Session,
    page: OpenPage,
    offset: int,
    name: str,
    *,
    renames_files: bool,
    versioned: bool = True,
    now: datetime.datetime | None = None,
) -> types.WorkspaceEdit:
    """What ``newsarchive mv`` would do, as an edit of the editor's.

    Args:
        session: what is open.
        page: the page.
        offset: a place on its title.
        name: its new title; or its new path, if it starts with ``/`` and ends with ``.md``.
        renames_files: whether the editor can rename files in an edit.
        versioned: whether it takes edits with versions.
        now: the time that the entry under Changes names; by default the local time.

    Raises:
        CannotRenameError: there is no title at that place, or the page cannot be renamed so.
    """
    archive = page.archive
    if archive is None or renamable(page, offset) is None:
        raise CannotRenameError("put the cursor on the title of an event page of an archive")
    pending = Pending(archive)
    try:
        if name.startswith("/") and name.endswith(".md"):
            move(pending, page.path, name)
        else:
            retitle(pending, page.path, name, now)
    except (RefusedMoveError, OSError, KeyError) as error:
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
            edits.append(_edit(session, page, FileChange(moved.like or "", old, change.new)))
        elif change.new is not None:
            edits.append(_edit(session, page, change))
    files = None
    if moved:
        files = (session.uri_of(archive, page.path), session.uri_of(archive, moved.path))
    return workspace_edit([e for e in edits if e[2]], files, versioned=versioned)


def _edit(
    session: Session, page: OpenPage, change: FileChange
) -> tuple[str, int | None, list[types.TextEdit]]:
    """The edits of one page."""
    assert page.archive
    uri = session.uri_of(page.archive, change.path)
    opened = session.pages.get(uri)
    old, new = ((data or b"").decode() for data in (change.old, change.new))
    if opened is None and old.startswith(BOM) and new.startswith(BOM):
        # Editors keep a byte order mark out of the text, and so out of their places.
        old, new = old.removeprefix(BOM), new.removeprefix(BOM)
    edits: list[Edit] = edits_between(old, new)
    made = text_edits(Lines(old, session.encoding), edits)
    return uri, opened.version if opened else None, made
