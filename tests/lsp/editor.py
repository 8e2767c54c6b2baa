"""A real client of the language server, on standard input and output, as small as tests need it."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from lsprotocol import types
from pygls.protocol import default_converter
from pytest_lsp import ClientServerConfig, LanguageClient
from pytest_lsp.client import DEFAULT_CLIENT_FEATURES, register_lsp_features

from newsarchive.findings.edits import Edit, apply_edits
from newsarchive.lsp.places import Lines

PATIENCE = 60.0


class Client(LanguageClient):
    """A client that remembers what was told of which version of a document."""

    def __init__(self) -> None:
        super().__init__(converter_factory=default_converter)
        self.told: dict[str, tuple[int | None, Sequence[types.Diagnostic]]] = {}
        self.registered: list[types.Registration] = []
        self.offered: types.ServerCapabilities | None = None
        self.refreshed = 0


def make_client() -> Client:
    client = Client()

    def publish(client: Client, params: types.PublishDiagnosticsParams) -> None:
        client.told[params.uri] = params.version, params.diagnostics

    def register(client: Client, params: types.RegistrationParams) -> None:
        client.registered += params.registrations

    def refresh(client: Client, params: None) -> None:
        client.refreshed += 1

    features = {
        **DEFAULT_CLIENT_FEATURES,
        types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS: publish,
        types.CLIENT_REGISTER_CAPABILITY: register,
        types.WORKSPACE_DIAGNOSTIC_REFRESH: refresh,
    }
    register_lsp_features(client, features)
    return client


CONFIG = ClientServerConfig(
    server_command=[sys.executable, "-m", "newsarchive", "lsp", "--stdio"],
    client_factory=make_client,
)


async def until(holds: Callable[[], Any]) -> None:
    """Wait until something holds; what takes a minute does not come."""
    async with asyncio.timeout(PATIENCE):
        while not holds():
            await asyncio.sleep(0.005)


class Editor:
    """What a person does in an editor, on the pages of one archive.

    Args:
        client: the client.
        root: the archive's folder.
        encoding: whose code units places count.
    """

    def __init__(self, client: Client, root: Path, encoding: str = "utf-16") -> None:
        self.client, self.root, self.encoding = client, root, encoding
        self.texts: dict[str, str] = {}
        self.versions: dict[str, int] = {}

    def uri(self, path: str) -> str:
        return (self.root / path[1:]).as_uri()

    def path(self, uri: str) -> str:
        return "/" + uri.removeprefix(self.root.as_uri() + "/")

    def lines(self, path: str) -> Lines:
        return Lines(self.texts[path], self.encoding)

    def show(self, path: str, text: str | None = None) -> None:
        """Open a page, perhaps with another text than its file's."""
        if text is None:
            with open(self.root / path[1:], encoding="utf-8", newline="") as file:
                text = file.read()
        self.texts[path], self.versions[path] = text, 1
        item = types.TextDocumentItem(self.uri(path), "markdown", 1, text)
        self.client.text_document_did_open(types.DidOpenTextDocumentParams(item))

    async def open(self, path: str, text: str | None = None) -> list[types.Diagnostic]:
        """Open a page, as `show` does; what is found on it."""
        self.show(path, text)
        return await self.found(path)

    async def found(self, path: str) -> list[types.Diagnostic]:
        """The findings on the text as it is now."""
        uri, version = self.uri(path), self.versions[path]
        await until(lambda: self.client.told.get(uri, (None, ()))[0] == version)
        return list(self.client.told[uri][1])

    async def loaded(self) -> None:
        """Wait until the server has read the archive, which it does beside its answers."""
        told = f"pages of {self.root} in"
        await until(lambda: any(told in m.message for m in self.client.log_messages))

    async def becomes(
        self, path: str, expected: list[str], act: Callable[[], Any]
    ) -> list[types.Diagnostic]:
        """The findings on a page that was not edited, once they have these codes."""
        act()
        uri = self.uri(path)
        await until(lambda: codes(self.client.told[uri][1]) == expected)
        return list(self.client.told[uri][1])

    def type(self, path: str, old: str, new: str) -> None:
        """Replace the only `old` of a page by `new`, and tell the server of the change alone."""
        text = self.texts[path]
        assert text.count(old) == 1, f"{text.count(old)} of {old!r}"
        lines, start = self.lines(path), text.index(old)
        first, last = lines.place(start), lines.place(start + len(old))
        change = types.TextDocumentContentChangePartial(
            types.Range(types.Position(*first), types.Position(*last)), new
        )
        self.texts[path] = text.replace(old, new)
        self._changed(path, change)

    def put(self, path: str, text: str) -> None:
        """Replace a page's whole text."""
        self.texts[path] = text
        self._changed(path, types.TextDocumentContentChangeWholeDocument(text))

    def _changed(self, path: str, change: types.TextDocumentContentChangeEvent) -> None:
        self.versions[path] += 1
        document = types.VersionedTextDocumentIdentifier(self.versions[path], self.uri(path))
        self.client.text_document_did_change(types.DidChangeTextDocumentParams(document, [change]))

    def close(self, path: str) -> None:
        document = types.TextDocumentIdentifier(self.uri(path))
        self.client.text_document_did_close(types.DidCloseTextDocumentParams(document))

    def files(self, *changes: tuple[str, types.FileChangeType]) -> None:
        """Tell the server of files that came, went or changed."""
        events = [types.FileEvent(self.uri(path), kind) for path, kind in changes]
        self.client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams(events))

    def at(self, path: str, words: str, offset: int = 0) -> dict[str, Any]:
        """Parameters of a request about the place of some words on a page."""
        place = self.lines(path).place(self.texts[path].index(words) + offset)
        return {
            "text_document": types.TextDocumentIdentifier(self.uri(path)),
            "position": types.Position(*place),
        }

    def shown(self, path: str, range_: types.Range) -> str:
        """What a range marks on a page, open or not."""
        text = self.texts.get(path)
        if text is None:
            text = (self.root / path[1:]).read_text(encoding="utf-8")
        lines = Lines(text, self.encoding)
        start, end = (lines.offset(p.line, p.character) for p in (range_.start, range_.end))
        return text[start:end]

    async def actions(
        self, path: str, range_: types.Range, only: list[str] | None = None
    ) -> list[types.CodeAction]:
        context = types.CodeActionContext([], only=only)
        document = types.TextDocumentIdentifier(self.uri(path))
        params = types.CodeActionParams(document, range_, context)
        found = await self.client.text_document_code_action_async(params) or []
        return [action for action in found if isinstance(action, types.CodeAction)]

    def applied(self, edit: types.WorkspaceEdit | None) -> dict[str, str]:
        """The texts of the pages that an edit changes, after it; renamed pages as they are then.

        Nothing is written.
        """
        assert edit is not None
        out: dict[str, str] = {}
        for change in edit.document_changes or ():
            if isinstance(change, types.RenameFile):
                out[self.path(change.new_uri)] = out.pop(self.path(change.old_uri))
                continue
            assert isinstance(change, types.TextDocumentEdit)
            path = self.path(change.text_document.uri)
            assert change.text_document.version == self.versions.get(path)
            out[path] = self._edited(path, change.edits)
        for uri, edits in (edit.changes or {}).items():
            out[self.path(uri)] = self._edited(self.path(uri), edits)
        return out

    def _edited(self, path: str, edits: Sequence[Any]) -> str:
        text = self.texts.get(path)
        if text is None:
            text = (self.root / path[1:]).read_bytes().decode()
        lines = Lines(text, self.encoding)
        return apply_edits(
            text,
            [
                Edit(
                    lines.offset(e.range.start.line, e.range.start.character),
                    lines.offset(e.range.end.line, e.range.end.character),
                    e.new_text,
                )
                for e in edits
            ],
        )


def codes(found: Sequence[types.Diagnostic]) -> list[str]:
    """The codes of findings, but for "an older version is gone", which is usual."""
    return [str(diagnostic.code) for diagnostic in found if diagnostic.code != "NA209"]


def one(found: Sequence[types.Diagnostic], code: str) -> types.Diagnostic:
    """The only finding of a rule."""
    [diagnostic] = [diagnostic for diagnostic in found if diagnostic.code == code]
    return diagnostic
