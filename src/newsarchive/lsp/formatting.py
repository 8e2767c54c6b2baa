"""Laying out a page as ``newsarchive fmt`` does."""

from __future__ import annotations

from newsarchive.editing.fixes import fix_text
from newsarchive.findings.edits import Edit
from newsarchive.lsp.edits import edits_between
from newsarchive.lsp.session import OpenPage, Session
from newsarchive.rules.conflicts import is_in_conflict


def formatted(session: Session, page: OpenPage) -> list[Edit]:
    """The edits that lay out a page, on its text as it is now.

    There are none on a page that a run passes over, or that a merge left with conflict markers.
    """
    if page.excluded or is_in_conflict(page.reading):
        return []
    settings = session.settings_of(page.archive).layout_alone()
    codes = settings.codes_for(page.path)
    return edits_between(page.text, fix_text(page.text, page.path, codes=codes).text)
