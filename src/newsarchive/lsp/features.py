"""What the server answers, message by message."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from lsprotocol import types

from newsarchive.lsp import pulling, questions
from newsarchive.lsp.actions import FIX_ALL
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
    if ls.pulls:
        ls.offer(pulling.OF_PAGES)
        if ls.shows_all:
            ls.offer(pulling.OF_ALL)


def initialized(ls: Server, params: types.InitializedParams) -> None:
    """The editor is ready: ask to be told of files, and read the archives it has open."""
    watching = None
    if ls.can("workspace.did_change_watched_files.dynamic_registration"):
        options = types.DidChangeWatchedFilesRegistrationOptions([types.FileSystemWatcher("**/*")])
        method = types.WORKSPACE_DID_CHANGE_WATCHED_FILES
        watching = types.Registration(_WATCHER, method, options)
    ls.watch_files(watching)
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
    ls.note_change(files=True)


def did_close(ls: Server, params: types.DidCloseTextDocumentParams) -> None:
    """A document was closed: what counts is its file again."""
    uri = params.text_document.uri
    if uri in ls.session.pages:
        changed = ls.session.close(uri)
        ls.forget(uri)
        ls.note_change()
        if changed:
            ls.check_all(changed)


def _tell(ls: Server, page: OpenPage, changed: Live | None) -> None:
    ls.note_change()
    if not ls.pulls:  # else the editor asks for it
        ls.check_soon(page)
    if changed:
        ls.check_all(changed, but=page)


def files_changed(ls: Server, params: types.DidChangeWatchedFilesParams) -> None:
    """Files came, went or changed."""
    _look_at(ls, [change.uri for change in params.changes])


def files_listed(ls: Server, params: types.CreateFilesParams | types.DeleteFilesParams) -> None:
    """Files were made or deleted in the editor."""
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
        ls.note_change(files=True)
        if len(paths) > _MANY:
            ls.load_later(archive)
        elif archive.look_at(paths):
            ls.check_all(archive)


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
    types.WORKSPACE_DID_CREATE_FILES: (files_listed, _PAGES),
    types.WORKSPACE_DID_DELETE_FILES: (files_listed, _PAGES),
    types.WORKSPACE_DID_RENAME_FILES: (files_renamed, _PAGES),
    types.TEXT_DOCUMENT_DEFINITION: (questions.definition, None),
    types.TEXT_DOCUMENT_REFERENCES: (questions.references, None),
    types.TEXT_DOCUMENT_HOVER: (questions.hover, None),
    types.TEXT_DOCUMENT_COMPLETION: (
        questions.completion,
        types.CompletionOptions(trigger_characters=["[", "(", "/", " "]),
    ),
    types.TEXT_DOCUMENT_DOCUMENT_SYMBOL: (questions.document_symbols, None),
    types.WORKSPACE_SYMBOL: (questions.workspace_symbols, None),
    types.TEXT_DOCUMENT_CODE_ACTION: (
        questions.code_actions,
        types.CodeActionOptions(code_action_kinds=[types.CodeActionKind.QuickFix, FIX_ALL]),
    ),
    types.TEXT_DOCUMENT_FORMATTING: (questions.formatting, None),
    types.TEXT_DOCUMENT_DOCUMENT_LINK: (questions.document_links, None),
    types.WORKSPACE_WILL_RENAME_FILES: (questions.will_rename_files, _PAGES),
    types.TEXT_DOCUMENT_PREPARE_RENAME: (questions.prepare_rename, None),
    types.TEXT_DOCUMENT_RENAME: (questions.rename, None),
}
"""The messages that are handled: by what, and what is said of it to the editor."""
