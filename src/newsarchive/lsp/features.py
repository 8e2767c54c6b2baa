"""What the server answers, message by message."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from lsprotocol import types

from newsarchive.lsp import navigation, renaming, symbols
from newsarchive.lsp.actions import FIX_ALL, Actions
from newsarchive.lsp.completion import complete
from newsarchive.lsp.places import Place, replaced
from newsarchive.lsp.session import OpenPage, file_of

if TYPE_CHECKING:
    from newsarchive.graph.live import Live
    from newsarchive.lsp.server import Server

_MANY = 50
"""Files that came, went or changed at once: rather than one by one, all is listed anew."""
_WATCHER = "newsarchive-files"


# The session.


def initialize(ls: Server, params: types.InitializeParams) -> None:
    """The editor says hello."""
    ls.begin(params.initialization_options)


def initialized(ls: Server, params: types.InitializedParams) -> None:
    """The editor is ready: ask to be told of files, and read the archives it has open."""
    ls.watches_files = bool(ls.can("workspace.did_change_watched_files.dynamic_registration"))
    if ls.watches_files:
        options = types.DidChangeWatchedFilesRegistrationOptions([types.FileSystemWatcher("**/*")])
        method = types.WORKSPACE_DID_CHANGE_WATCHED_FILES
        registration = types.Registration(_WATCHER, method, options)
        ls.client_register_capability(types.RegistrationParams([registration]))
    folders = [folder.uri for folder in ls.workspace.folders.values()]
    if not folders and ls.workspace.root_uri:
        folders = [ls.workspace.root_uri]
    for uri in folders:
        _load_folder(ls, uri)


def folders_changed(ls: Server, params: types.DidChangeWorkspaceFoldersParams) -> None:
    """Folders were added to the workspace, or taken from it."""
    for folder in params.event.added:
        _load_folder(ls, folder.uri)


def _load_folder(ls: Server, uri: str) -> None:
    file = file_of(uri)
    archive = ls.session.archive_of(file) if file else None
    if archive and not archive.is_loaded:
        ls.load(archive)


def shutdown(ls: Server, params: None) -> None:
    """The editor says goodbye."""
    ls.is_shut_down = True
    ls.end()


def exited(ls: Server, params: None) -> None:
    """The editor goes away, with or without a goodbye."""
    ls.end()


# Texts and files.


def did_open(ls: Server, params: types.DidOpenTextDocumentParams) -> None:
    """A document was opened."""
    document = params.text_document
    is_page = document.uri.endswith(".md") or document.language_id == "markdown"
    if not is_page:
        return
    changed = ls.session.open(document.uri, document.version, document.text)
    page = ls.session.pages[document.uri]
    if page.archive and not page.archive.is_loaded:
        ls.load(page.archive)
    elif page.archive and not ls.watches_files:
        ls.load_later(page.archive)
    _tell(ls, page, changed)


def did_change(ls: Server, params: types.DidChangeTextDocumentParams) -> None:
    """A document was edited."""
    page = ls.session.pages.get(params.text_document.uri)
    if page is None:
        return
    text = page.text
    for change in params.content_changes:
        if isinstance(change, types.TextDocumentContentChangePartial):
            start, end = (
                Place(p.line, p.character) for p in (change.range.start, change.range.end)
            )
            text = replaced(text, page.encoding, start, end, change.text)
        else:
            text = change.text
    changed = ls.session.change(page.uri, params.text_document.version, text)
    _tell(ls, page, changed)


def did_save(ls: Server, params: types.DidSaveTextDocumentParams) -> None:
    """A document was saved: other files may have changed, too."""
    page = ls.session.pages.get(params.text_document.uri)
    if page and page.archive and not ls.watches_files:
        ls.load_later(page.archive)


def did_close(ls: Server, params: types.DidCloseTextDocumentParams) -> None:
    """A document was closed: what counts is its file again."""
    uri = params.text_document.uri
    if uri in ls.session.pages:
        changed = ls.session.close(uri)
        ls.forget(uri)
        if changed:
            ls.check_all(changed)


def _tell(ls: Server, page: OpenPage, changed: Live | None) -> None:
    ls.check_soon(page)
    if changed:
        ls.check_all(changed, but=page)


def files_changed(ls: Server, params: types.DidChangeWatchedFilesParams) -> None:
    """Files came, went or changed."""
    _look_at(ls, [change.uri for change in params.changes])


def files_created(ls: Server, params: types.CreateFilesParams) -> None:
    """Files were made in the editor."""
    _look_at(ls, [file.uri for file in params.files])


def files_deleted(ls: Server, params: types.DeleteFilesParams) -> None:
    """Files were deleted in the editor."""
    _look_at(ls, [file.uri for file in params.files])


def files_renamed(ls: Server, params: types.RenameFilesParams) -> None:
    """Files were renamed in the editor."""
    _look_at(ls, [uri for file in params.files for uri in (file.old_uri, file.new_uri)])


def _look_at(ls: Server, uris: list[str]) -> None:
    files: dict[str, list[str]] = {}
    for uri in dict.fromkeys(uris):
        archive, path = ls.session.file_in(uri)
        if archive and "." in path.rpartition("/")[2]:
            files.setdefault(str(archive.root), []).append(path)
        elif archive:
            # Perhaps a folder, with pages in it that nobody names.
            ls.load_later(archive)
    for root, paths in files.items():
        archive = ls.session.archives[root]
        if len(paths) > _MANY:
            ls.load_later(archive)
        elif archive.look_at(paths):
            ls.check_all(archive)


# Questions.


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
    """What a link leads to."""
    place = _at(ls, params)
    kinds = ls.can("text_document.hover.content_format") or ()
    markdown = types.MarkupKind.Markdown in kinds
    return navigation.hover(ls.session, *place, markdown=markdown) if place else None


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
    if page is None or (page.archive and not page.archive.is_listed_whole):
        return []
    start, end = (
        page.lines.offset(place.line, place.character)
        for place in (params.range.start, params.range.end)
    )
    only = params.context.only
    kinds = None if only is None else [getattr(kind, "value", kind) for kind in only]
    return Actions(ls.session, page, _versioned(ls)).at(start, end, kinds)


def prepare_rename(ls: Server, params: types.PrepareRenameParams) -> types.Range | None:
    """The title that a rename would be about."""
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
            versioned=_versioned(ls),
        )
    except renaming.CannotRenameError as error:
        raise ls.refuse(str(error)) from None


async def _up_to_date(ls: Server, archive: Live, *, fresh: bool) -> None:
    """Wait until an archive is read; with `fresh`, look for files that changed since."""
    if fresh and ls.is_loading(archive):  # it may have passed what changed since
        await ls.load(archive).wait()
    if fresh or not archive.is_loaded:
        await ls.load(archive).wait()


def _versioned(ls: Server) -> bool:
    return bool(ls.can("workspace.workspace_edit.document_changes"))


_PAGES = types.FileOperationRegistrationOptions(
    [types.FileOperationFilter(types.FileOperationPattern("**/*"), scheme="file")]
)

HANDLERS: Mapping[str, tuple[Any, Any]] = {
    types.INITIALIZE: (initialize, None),
    types.INITIALIZED: (initialized, None),
    types.SHUTDOWN: (shutdown, None),
    types.EXIT: (exited, None),
    types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS: (folders_changed, None),
    types.TEXT_DOCUMENT_DID_OPEN: (did_open, None),
    types.TEXT_DOCUMENT_DID_CHANGE: (did_change, None),
    types.TEXT_DOCUMENT_DID_SAVE: (did_save, None),
    types.TEXT_DOCUMENT_DID_CLOSE: (did_close, None),
    types.WORKSPACE_DID_CHANGE_WATCHED_FILES: (files_changed, None),
    types.WORKSPACE_DID_CREATE_FILES: (files_created, _PAGES),
    types.WORKSPACE_DID_DELETE_FILES: (files_deleted, _PAGES),
    types.WORKSPACE_DID_RENAME_FILES: (files_renamed, _PAGES),
    types.TEXT_DOCUMENT_DEFINITION: (definition, None),
    types.TEXT_DOCUMENT_REFERENCES: (references, None),
    types.TEXT_DOCUMENT_HOVER: (hover, None),
    types.TEXT_DOCUMENT_COMPLETION: (
        completion,
        types.CompletionOptions(trigger_characters=["[", "(", "/"]),
    ),
    types.TEXT_DOCUMENT_DOCUMENT_SYMBOL: (document_symbols, None),
    types.WORKSPACE_SYMBOL: (workspace_symbols, None),
    types.TEXT_DOCUMENT_CODE_ACTION: (
        code_actions,
        types.CodeActionOptions(code_action_kinds=[types.CodeActionKind.QuickFix, FIX_ALL]),
    ),
    types.TEXT_DOCUMENT_PREPARE_RENAME: (prepare_rename, None),
    types.TEXT_DOCUMENT_RENAME: (rename, None),
}
"""The messages that are handled: by what, and what is said of it to the editor."""
