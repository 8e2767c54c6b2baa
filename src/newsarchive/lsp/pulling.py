"""Findings that an editor asks for: those of a page, or of all pages of its archives."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

from lsprotocol import types

from newsarchive.lsp.findings import SOURCE, result_id

if TYPE_CHECKING:
    from newsarchive.graph.live import Live
    from newsarchive.lsp.loading import LookAtFiles
    from newsarchive.lsp.server import Server

_Answer = types.RelatedFullDocumentDiagnosticReport | types.RelatedUnchangedDocumentDiagnosticReport
_PageReport = (
    types.WorkspaceFullDocumentDiagnosticReport | types.WorkspaceUnchangedDocumentDiagnosticReport
)
_PAUSE = 0.3
"""Seconds that what changed may go on changing before all pages are looked at again."""


async def of_page(ls: Server, params: types.DocumentDiagnosticParams) -> _Answer:
    """The findings on a page; none on one that is not open."""
    uri = params.text_document.uri
    page = ls.session.pages.get(uri)
    if page and page.archive:
        await _listed(ls, page.archive)
        page = ls.session.pages.get(uri)
    told, made = ls.answer(page) if page and page.can_be_judged else ([], result_id(()))
    if made == params.previous_result_id:
        return types.RelatedUnchangedDocumentDiagnosticReport(made)
    return types.RelatedFullDocumentDiagnosticReport(told, result_id=made)


async def of_all(
    ls: Server, params: types.WorkspaceDiagnosticParams
) -> types.WorkspaceDiagnosticReport:
    """The findings on all pages of the archives that were met; pages without any are left out.

    Editors ask again as soon as they are answered. One that knows everything already is answered
    when something changes.
    """
    known = {given.uri: given.value for given in params.previous_result_ids}
    for archive in list(ls.session.archives.values()):
        await _listed(ls, archive)  # an editor asks before it has said whether it tells of files
    if not ls.watches_files:  # nobody tells of files that change: they are looked at
        ls.note_change(files=True)
    while True:
        changed = ls.changed
        reports = await _reports(ls, known)
        if not known or any(report.kind == "full" for report in reports):
            return types.WorkspaceDiagnosticReport(reports)
        await changed.wait()
        await asyncio.sleep(_PAUSE)


async def _listed(ls: Server, archive: Live) -> LookAtFiles | None:
    """The reading of an archive that began last, once that knows which files there are."""
    look = ls.latest_look(archive)
    if look:
        await look.listed.wait()
    return look


async def _reports(ls: Server, known: Mapping[str, str]) -> list[_PageReport]:
    """What is to be said of pages, by the result that is known of each."""
    from newsarchive.lsp.whole import Whole  # few editors ask for all pages: others start without

    found = {}
    for root, archive in list(ls.session.archives.items()):
        whole = ls.whole.setdefault(root, Whole(ls.session, archive, ls.told, ls.beside.ask))
        look = await _listed(ls, archive)
        with look.at_rest() if look else nullcontext():
            excluded = ls.session.settings_of(archive).exclude
            listing = look.take_scan(ls.file_changes, excluded) if look else None
            pages = await whole.findings(ls.file_changes, listing)
        found.update({page.uri: page for page in pages})
    reports: list[_PageReport] = []
    for uri in {**found, **dict.fromkeys(known)}:
        page = found.get(uri)
        told, version = (page.told, page.version) if page else ([], None)
        made = result_id(told)
        if made == known.get(uri):
            reports.append(types.WorkspaceUnchangedDocumentDiagnosticReport(uri, made, version))
        else:
            reports.append(
                types.WorkspaceFullDocumentDiagnosticReport(uri, told, version, result_id=made)
            )
    return reports


OF_PAGES: Mapping[str, tuple[Any, Any]] = {
    types.TEXT_DOCUMENT_DIAGNOSTIC: (
        of_page,
        types.DiagnosticOptions(
            inter_file_dependencies=True, workspace_diagnostics=False, identifier=SOURCE
        ),
    )
}
"""What is handled where an editor asks for findings."""
OF_ALL: Mapping[str, tuple[Any, Any]] = {types.WORKSPACE_DIAGNOSTIC: (of_all, None)}
"""What is handled besides where it asks for those of all pages."""
