"""Findings that a real client asks for, over standard input and output."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_lsp
from lsprotocol import types

from tests.builders import OPENS, PATH, SMALL_ARCHIVE, spoiled, write_archive
from tests.lsp.editor import CONFIG, Client, Editor, until

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("pulling") / "archive"
    faulty = spoiled("2. [Evening", "9. [Evening", SMALL_ARCHIVE[PATH])
    return write_archive(root, {PATH: faulty}, small=True)


@pytest_lsp.fixture(config=CONFIG, scope="module")  # type: ignore[untyped-decorator]
async def client(client: Client, root: Path) -> AsyncIterator[None]:
    capabilities = types.ClientCapabilities(
        text_document=types.TextDocumentClientCapabilities(
            diagnostic=types.DiagnosticClientCapabilities()
        ),
        workspace=types.WorkspaceClientCapabilities(
            diagnostics=types.DiagnosticWorkspaceClientCapabilities(refresh_support=True)
        ),
    )
    params = types.InitializeParams(
        capabilities,
        root_uri=root.as_uri(),
        initialization_options={"diagnosticMode": "workspace"},
    )
    result = await client.initialize_session(params)
    client.offered = result.capabilities
    yield
    await client.shutdown_session()


async def test_a_page_is_asked_for_and_asked_for_again(client: Client, root: Path) -> None:
    editor = Editor(client, root)
    await editor.loaded()
    editor.show(OPENS)
    uri = types.TextDocumentIdentifier(editor.uri(OPENS))
    found = await client.text_document_diagnostic_async(types.DocumentDiagnosticParams(uri))
    assert isinstance(found, types.RelatedFullDocumentDiagnosticReport)
    assert not found.items
    editor.show(PATH)
    editor.type(PATH, "# The pier burns.", "# The pier is burning.")
    await until(lambda: client.refreshed)
    again = await client.text_document_diagnostic_async(
        types.DocumentDiagnosticParams(uri, previous_result_id=found.result_id)
    )
    assert isinstance(again, types.RelatedFullDocumentDiagnosticReport)
    assert [item.code for item in again.items] == ["NA207"]
    same = await client.text_document_diagnostic_async(
        types.DocumentDiagnosticParams(uri, previous_result_id=again.result_id)
    )
    assert isinstance(same, types.RelatedUnchangedDocumentDiagnosticReport)
    editor.close(PATH)
    editor.close(OPENS)
    assert client.told == {}


async def test_so_are_all_pages(client: Client, root: Path) -> None:
    assert client.offered
    provider = client.offered.diagnostic_provider
    assert isinstance(provider, types.DiagnosticOptions)
    assert provider.workspace_diagnostics
    found = await client.workspace_diagnostic_async(types.WorkspaceDiagnosticParams([]))
    [report] = found.items
    assert isinstance(report, types.WorkspaceFullDocumentDiagnosticReport)
    assert report.uri == (root / PATH[1:]).as_uri()
    assert [item.code for item in report.items] == ["NA108"]
