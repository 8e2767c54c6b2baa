"""The language server among odd clients, odd documents and errors: it answers, and goes on."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
import pytest_lsp
from click.testing import CliRunner
from lsprotocol import types
from pygls.exceptions import JsonRpcException

from newsarchive.cli._main import cli
from tests.builders import OPENS, PAGE, PATH, REBUILT, spoiled, write_archive
from tests.lsp.editor import CONFIG, Client, Editor, codes, one, until

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]

NOWHERE = types.Range(types.Position(0, 0), types.Position(0, 0))


@pytest_lsp.fixture(config=CONFIG, scope="module")  # type: ignore[untyped-decorator]
async def client(client: Client) -> AsyncIterator[None]:
    """A client that can do next to nothing, and counts in UTF-8."""
    general = types.GeneralClientCapabilities(position_encodings=["utf-8"])
    capabilities = types.ClientCapabilities(general=general)
    options = {"ignore": "NA2", "select": ["no-such-rule"]}
    await client.initialize_session(
        types.InitializeParams(capabilities, initialization_options=options)
    )
    yield
    await client.shutdown_session()


@pytest.fixture
def editor(client: Client, tmp_path: Path) -> Editor:
    return Editor(client, write_archive(tmp_path / "archive", small=True), "utf-8")


class TestPoorClients:
    async def test_an_unknown_rule_is_told_and_the_usual_ones_run(self, editor: Editor) -> None:
        await until(lambda: editor.client.messages)
        assert "no-such-rule" in editor.client.messages[0].message
        found = await editor.open(PATH, spoiled(REBUILT, "/news/2016/03/4/x.md"))
        assert codes(found) == ["NA201"]
        assert found[0].related_information is None

    async def test_places_count_bytes(self, editor: Editor) -> None:
        text = spoiled("# The pier burns.", "# 😋é The ''pier'' burns.")
        found = one(await editor.open(PATH, text), "NA504")
        assert found.range.start == types.Position(2, len("# 😋é The ".encode()))
        editor.type(PATH, "😋é The ''pier''", "😋 The pier")
        editor.type(PATH, "😋 The", "The")
        assert codes(await editor.found(PATH)) == []

    async def test_a_definition_is_a_plain_place(self, editor: Editor) -> None:
        await editor.open(PATH)
        params = types.DefinitionParams(**editor.at(PATH, "[The pier opens."))
        [found] = await editor.client.text_document_definition_async(params)  # type: ignore[misc]
        assert isinstance(found, types.Location)
        assert editor.path(found.uri) == OPENS

    async def test_hover_is_plain_text(self, editor: Editor) -> None:
        await editor.open(PATH)
        params = types.HoverParams(**editor.at(PATH, "[The pier opens."))
        found = await editor.client.text_document_hover_async(params)
        assert found
        assert found.contents == types.MarkupContent(
            types.MarkupKind.PlainText,
            "The pier opens.\n2016-02-29\nShared context: pier, Veldania",
        )

    async def test_symbols_are_flat(self, editor: Editor) -> None:
        await editor.open(PATH)
        params = types.DocumentSymbolParams(types.TextDocumentIdentifier(editor.uri(PATH)))
        found = await editor.client.text_document_document_symbol_async(params) or []
        assert [(s.name, getattr(s, "container_name", "")) for s in found][:3] == [
            ("The pier burns.", None),
            ("Source", "The pier burns."),
            ("Harbour Post", "Source"),
        ]

    async def test_a_fix_is_a_plain_edit(self, editor: Editor) -> None:
        text = spoiled("2. [Evening", "9. [Evening", PAGE.replace("Nobody", "😋 Nobody"))
        found = one(await editor.open(PATH, text), "NA108")
        [action, *_] = await editor.actions(PATH, found.range)
        assert action.edit
        assert action.edit.document_changes is None
        assert editor.applied(action.edit)[PATH] == PAGE.replace("Nobody", "😋 Nobody")

    async def test_a_rename_that_it_cannot_do_is_refused(self, editor: Editor) -> None:
        await editor.open(PATH)
        params = types.RenameParams(new_name="Other.", **editor.at(PATH, "pier burns"))
        with pytest.raises(
            JsonRpcException, match=r"this editor cannot rename files.*; use 'newsarchive mv'$"
        ):
            await editor.client.text_document_rename_async(params)

    async def test_a_rename_that_keeps_the_path_is_done(self, editor: Editor) -> None:
        await editor.open(PATH)
        params = types.RenameParams(new_name="The pier burns!", **editor.at(PATH, "pier burns"))
        edit = await editor.client.text_document_rename_async(params)
        assert "# The pier burns!\n" in editor.applied(edit)[PATH]

    async def test_without_a_watcher_files_are_looked_at_after_a_save(self, editor: Editor) -> None:
        assert editor.client.registered == []
        await editor.open(PATH)
        (editor.root / OPENS[1:]).unlink()
        document = types.TextDocumentIdentifier(editor.uri(PATH))

        def save() -> None:
            editor.client.text_document_did_save(types.DidSaveTextDocumentParams(document))

        await editor.becomes(PATH, ["NA201"], save)

    async def test_a_page_in_a_hidden_buffer_is_gone_with_its_file(self, editor: Editor) -> None:
        await editor.open(OPENS)
        await editor.open(PATH)
        (editor.root / OPENS[1:]).unlink()
        document = types.TextDocumentIdentifier(editor.uri(PATH))

        def save() -> None:
            editor.client.text_document_did_save(types.DidSaveTextDocumentParams(document))

        await editor.becomes(PATH, ["NA201"], save)

    async def test_a_folder_of_the_workspace_is_read_before_anything_is_opened(
        self, editor: Editor
    ) -> None:
        folders = [(editor.root.parent / "away", "away"), (editor.root, "archive")]
        added = [types.WorkspaceFolder(folder.as_uri(), name) for folder, name in folders]
        event = types.WorkspaceFoldersChangeEvent(added, [])
        editor.client.workspace_did_change_workspace_folders(
            types.DidChangeWorkspaceFoldersParams(event)
        )
        await editor.loaded()
        found = await editor.client.workspace_symbol_async(types.WorkspaceSymbolParams("rebuilt"))
        assert editor.uri(REBUILT) in [symbol.location.uri for symbol in found or ()]


class TestOddDocuments:
    @pytest.fixture(autouse=True)
    def no_error(self, client: Client) -> Iterator[None]:
        """Nothing that a test asks is an error in the server."""
        before = len(client.log_messages)
        yield
        logged = client.log_messages[before:]
        assert [m.message for m in logged if m.type is types.MessageType.Error] == []

    @pytest.mark.parametrize(
        "uri",
        [
            "untitled:Untitled-1",
            "file:///c%3A/archive/news/2016/03/2/x.md",
            "file:///C:/archive/news/2016/03/2/x.md",
            "file://server/share/news/2016/03/2/x.md",
            "file:///no/such/folder/news/2016/03/2/x.md",
            "file:///a%00b.md",
            "file:///%ff%fe.md",
            "git:/news/2016/03/2/x.md?ref",
            "http://[broken/x.md",
            "x.md",
            f"file:///{'x' * 5000}.md",
        ],
    )
    async def test_odd_uris_are_pages_without_an_archive(self, client: Client, uri: str) -> None:
        item = types.TextDocumentItem(uri, "markdown", 7, "# a\n\n### [2016-03-2](x)\n")
        client.text_document_did_open(types.DidOpenTextDocumentParams(item))
        await until(lambda: client.told.get(uri, (None,))[0] == 7)
        place = types.Position(2, 6)
        document = types.TextDocumentIdentifier(uri)
        assert not await client.text_document_definition_async(
            types.DefinitionParams(document, place)
        )
        context = types.ReferenceContext(include_declaration=True)
        assert not await client.text_document_references_async(
            types.ReferenceParams(context, document, place)
        )

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "\0\x01\x02\x1b[2J\x7f" * 50,
            "[" * 50_000,
            "1. [" + "](" * 20_000,
            "x" * 300_000,
            "\n" * 20_000,
            "\r" * 999 + "\r\n\u2028\x85\x0b",
            PAGE + "\ud800",
            "\ufeff\ufeff" + PAGE,
            "## [2016-03-2](/news/2016/03/2/index.md)\n\n### [x]()\n" * 200,
        ],
        ids=range(10),
    )
    async def test_odd_texts_are_checked_and_asked_about(self, editor: Editor, text: str) -> None:
        await editor.open(PATH, text)
        whole = types.Range(types.Position(0, 0), types.Position(1 << 30, 1 << 30))
        await editor.actions(PATH, whole)
        document = types.TextDocumentIdentifier(editor.uri(PATH))
        for place in (types.Position(0, 3), types.Position(1 << 30, 1 << 30)):
            at: dict[str, Any] = {"text_document": document, "position": place}
            await editor.client.text_document_hover_async(types.HoverParams(**at))
            await editor.client.text_document_completion_async(types.CompletionParams(**at))
            await editor.client.text_document_prepare_rename_async(types.PrepareRenameParams(**at))
        symbols = types.DocumentSymbolParams(document)
        await editor.client.text_document_document_symbol_async(symbols)
        editor.put(PATH, PAGE)
        assert codes(await editor.found(PATH)) == []

    async def test_files_that_are_no_text(self, editor: Editor) -> None:
        (editor.root / OPENS[1:]).write_bytes(b"\xff\xfe\x00" * 1000)
        (editor.root / REBUILT[1:]).unlink()
        (editor.root / REBUILT[1:]).mkdir()
        found = await editor.open(PATH)
        assert "NA201" in codes(found)
        params = types.HoverParams(**editor.at(PATH, "[The pier opens."))
        assert await editor.client.text_document_hover_async(params)

    async def test_a_file_that_vanishes_unseen(self, editor: Editor) -> None:
        await editor.open(PATH)
        await editor.loaded()
        (editor.root / OPENS[1:]).unlink()
        params = types.DefinitionParams(**editor.at(PATH, "[The pier opens."))
        assert not await editor.client.text_document_definition_async(params)
        hover = await editor.client.text_document_hover_async(
            types.HoverParams(**editor.at(PATH, "[The pier opens."))
        )
        assert hover

    async def test_documents_that_are_not_open(self, editor: Editor) -> None:
        at: dict[str, Any] = {
            "text_document": types.TextDocumentIdentifier(editor.uri(PATH)),
            "position": types.Position(0, 0),
        }
        client = editor.client
        assert await client.text_document_hover_async(types.HoverParams(**at)) is None
        assert await client.text_document_completion_async(types.CompletionParams(**at)) is None
        rename = types.RenameParams(new_name="x", **at)
        assert await client.text_document_rename_async(rename) is None
        context = types.ReferenceContext(include_declaration=True)
        assert not await client.text_document_references_async(
            types.ReferenceParams(context=context, **at)
        )
        assert await editor.actions(PATH, NOWHERE) == []
        symbols = types.DocumentSymbolParams(at["text_document"])
        assert await client.text_document_document_symbol_async(symbols) == []
        editor.texts[PATH], editor.versions[PATH] = PAGE, 1
        editor.type(PATH, "Nobody", "Somebody")
        editor.close(PATH)
        assert await editor.open(PATH) == []

    async def test_changes_in_odd_places(self, editor: Editor) -> None:
        await editor.open(PATH)
        document = types.VersionedTextDocumentIdentifier(2, editor.uri(PATH))
        backwards = types.Range(types.Position(1 << 30, 0), types.Position(0, 0))
        changes: list[types.TextDocumentContentChangeEvent] = [
            types.TextDocumentContentChangePartial(backwards, "x"),
            types.TextDocumentContentChangeWholeDocument(PAGE),
        ]
        editor.client.text_document_did_change(types.DidChangeTextDocumentParams(document, changes))
        editor.versions[PATH] = 2
        assert codes(await editor.found(PATH)) == []


class TestOddMessages:
    async def test_unknown_ones_are_answered_and_passed_over(self, client: Client) -> None:
        with pytest.raises(JsonRpcException):
            await asyncio.wrap_future(client.protocol.send_request("news/unknown", {}))
        client.protocol.notify("news/unknown", {})
        assert await client.workspace_symbol_async(types.WorkspaceSymbolParams("zzzz")) == []


def message(method: str, **more: object) -> bytes:
    body = json.dumps({"jsonrpc": "2.0", "method": method, **more}).encode()
    return b"Content-Length: %d\r\n\r\n%s" % (len(body), body)


def served(*messages: bytes) -> tuple[int, bytes]:
    """Exit status and output of a server that got some messages, then the end of its input.

    It writes no trace.
    """
    command = [sys.executable, "-m", "newsarchive", "lsp"]
    done = subprocess.run(
        command, input=b"".join(messages), capture_output=True, timeout=120, check=False
    )
    assert b"Traceback" not in done.stderr
    return done.returncode, done.stdout


class TestEnds:
    async def test_messages_before_hello_are_refused_and_then_it_goes_on(self) -> None:
        document = {"uri": "file:///x.md", "languageId": "markdown", "version": 1, "text": ""}
        at = {"textDocument": {"uri": "file:///x.md"}, "position": {"line": 0, "character": 0}}
        status, out = served(
            message("textDocument/didOpen", params={"textDocument": document}),
            message("textDocument/hover", params=at, id=1),
            message("initialize", params={"capabilities": {}}, id=2),
            message("shutdown", id=3),
            message("exit"),
        )
        assert b'"code": -32002' in out
        assert b'"newsarchive"' in out
        assert status == 0

    async def test_malformed_messages_are_logged_and_then_it_goes_on(self) -> None:
        status, out = served(
            message("initialize", params={"capabilities": {}}, id=1),
            message("textDocument/didOpen", params={"textDocument": 5}),
            b"Content-Length: 3\r\n\r\n{x}",
            message("shutdown", id=2),
            message("exit"),
        )
        assert out.count(b"a message from the editor is refused") == 2
        assert out.count(b'"id": null') == 1
        assert status == 0

    async def test_an_editor_that_goes_away_is_status_1(self) -> None:
        assert served(message("initialize", params={"capabilities": {}}, id=1))[0] == 1

    async def test_without_the_extra_the_command_says_how_to_install_it(self) -> None:
        code = (
            "import sys\nsys.modules['pygls'] = None\n"
            "sys.argv = ['newsarchive', 'lsp']\nfrom newsarchive.cli import main\nmain()"
        )
        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=False
        )
        assert done.returncode == 2
        assert "the language server needs pygls" in done.stderr
        assert "pip install 'newsarchive[lsp]'" in done.stderr
        assert "Traceback" not in done.stderr

    async def test_the_help_names_the_extra(self) -> None:
        assert "newsarchive[lsp]" in CliRunner().invoke(cli, ["lsp", "--help"]).output
