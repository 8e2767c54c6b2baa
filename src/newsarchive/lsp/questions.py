"""What is asked about places, pages and archives, and what is answered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lsprotocol import types

from newsarchive.lsp import hovering, navigation, renaming, symbols
from newsarchive.lsp.actions import Actions, formatted
from newsarchive.lsp.completion import complete
from newsarchive.lsp.edits import text_edits
from newsarchive.lsp.session import OpenPage

if TYPE_CHECKING:
    from newsarchive.graph.live import Live
    from newsarchive.lsp.server import Server


def _at(ls: Server, params: Any) -> tuple[OpenPage, int] | None:
    """The open page and the offset that a request is about; None for a page that is not open."""
    page = ls.session.pages.get(params.text_document.uri)
    if page is None:
        return None
    return page, page.lines.offset(params.position.line, params.position.character)


def definition(
    ls: Server, params: types.DefinitionParams
) -> list[types.LocationLink] | list[types.Location]:
    """Where a link leads."""
    place = _at(ls, params)
    found = navigation.definition(ls.session, *place) if place else []
    if ls.can("text_document.definition.link_support"):
        return found
    return [types.Location(link.target_uri, link.target_selection_range) for link in found]


async def references(ls: Server, params: types.ReferenceParams) -> list[types.Location]:
    """The links to a page."""
    page = ls.session.pages.get(params.text_document.uri)
    if page and page.archive:
        await _up_to_date(ls, page.archive, fresh=not ls.watches_files)
    place = _at(ls, params)
    if place is None:
        return []
    declaration = params.context.include_declaration
    return navigation.references(ls.session, *place, declaration=declaration)


def hover(ls: Server, params: types.HoverParams) -> types.Hover | None:
    """What there is to know of a place."""
    place = _at(ls, params)
    kinds = ls.can("text_document.hover.content_format") or ()
    markdown = types.MarkupKind.Markdown in kinds
    return hovering.hover(ls.session, *place, markdown=markdown) if place else None


def completion(ls: Server, params: types.CompletionParams) -> types.CompletionList | None:
    """What may stand at a place."""
    place = _at(ls, params)
    return complete(*place) if place else None


def document_symbols(
    ls: Server, params: types.DocumentSymbolParams
) -> list[types.DocumentSymbol] | list[types.SymbolInformation]:
    """The parts of a page."""
    page = ls.session.pages.get(params.text_document.uri)
    if page is None:
        return []
    nested = ls.can("text_document.document_symbol.hierarchical_document_symbol_support")
    return symbols.outline(page) if nested else symbols.flat(page)


def workspace_symbols(
    ls: Server, params: types.WorkspaceSymbolParams
) -> list[types.SymbolInformation]:
    """The titles of all archives."""
    return symbols.titles(ls.session, params.query)


def code_actions(ls: Server, params: types.CodeActionParams) -> list[types.CodeAction]:
    """What can be done about findings."""
    page = ls.session.pages.get(params.text_document.uri)
    if page is None or not page.can_be_judged:
        return []
    start, end = (
        page.lines.offset(place.line, place.character)
        for place in (params.range.start, params.range.end)
    )
    only = params.context.only
    kinds = None if only is None else [getattr(kind, "value", kind) for kind in only]
    return Actions(ls.session, page).at(start, end, kinds)


def formatting(ls: Server, params: types.DocumentFormattingParams) -> list[types.TextEdit]:
    """A page as `fmt` lays it out."""
    page = ls.session.pages.get(params.text_document.uri)
    return text_edits(page.lines, formatted(ls.session, page)) if page else []


def document_links(ls: Server, params: types.DocumentLinkParams) -> list[types.DocumentLink]:
    """The links of a page."""
    page = ls.session.pages.get(params.text_document.uri)
    tooltips = bool(ls.can("text_document.document_link.tooltip_support"))
    links = navigation.document_links(ls.session, page, tooltips=tooltips) if page else ()
    return list(links)


def prepare_rename(
    ls: Server, params: types.PrepareRenameParams
) -> types.PrepareRenamePlaceholder | None:
    """The title or path that a rename would be about."""
    place = _at(ls, params)
    return renaming.renamable(*place) if place else None


async def rename(ls: Server, params: types.RenameParams) -> types.WorkspaceEdit | None:
    """A page's new title or path, with every link to it."""
    page = ls.session.pages.get(params.text_document.uri)
    if page and page.archive:
        # Files are about to be changed: what is known of them must be so.
        await _up_to_date(ls, page.archive, fresh=True)
    place = _at(ls, params)
    if place is None:
        return None
    operations = ls.can("workspace.workspace_edit.resource_operations") or ()
    try:
        return renaming.rename(
            ls.session,
            *place,
            params.new_name,
            renames_files=types.ResourceOperationKind.Rename in operations,
        )
    except renaming.CannotRenameError as error:
        raise ls.refuse(str(error)) from None


async def will_rename_files(
    ls: Server, params: types.RenameFilesParams
) -> types.WorkspaceEdit | None:
    """What becomes of the links to files and folders that the editor is about to rename."""
    renames = [(file.old_uri, file.new_uri) for file in params.files]
    for archive in {id(a): a for old, _ in renames if (a := ls.session.file_in(old)[0])}.values():
        await _up_to_date(ls, archive, fresh=True)
    edit, refused = renaming.follow_files(ls.session, renames)
    for reason in refused:
        ls.tell(f"links do not follow: {reason}", types.MessageType.Warning)
    return edit


async def _up_to_date(ls: Server, archive: Live, *, fresh: bool) -> None:
    """Wait until an archive is read; with `fresh`, look for files that changed since."""
    if fresh and ls.is_loading(archive):  # it may have passed what changed since
        await ls.load(archive).wait()
    if fresh or not archive.is_loaded:
        await ls.load(archive).wait()
