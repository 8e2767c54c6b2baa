"""Pages that are open, in a session without an editor."""

from __future__ import annotations

from pathlib import Path

from newsarchive.lsp.loading import load
from newsarchive.lsp.session import OpenPage, Session
from newsarchive.store.listing import Scan
from tests.builders import PATH


def opened(root: Path, path: str = PATH, text: str | None = None) -> tuple[Session, OpenPage]:
    """A session with one page open, and its archive read."""
    session = Session()
    file = root / path[1:]
    uri = file.as_uri()
    session.open(uri, 1, file.read_text(encoding="utf-8") if text is None else text)
    page = session.pages[uri]
    assert page.archive
    for step in load(page.archive.store.base, page.archive.begin_listing(), lambda: True):
        if isinstance(step, Scan):
            page.archive.take_listing(step)
        else:
            page.archive.take(step)
    return session, page
