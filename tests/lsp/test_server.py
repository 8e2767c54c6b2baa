"""The language server, asked by a real client over standard input and output."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_lsp
from lsprotocol import types
from pytest_lsp import client_capabilities

from tests.builders import PATH, write_archive
from tests.lsp.editor import CONFIG, Client, Editor, codes

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_lsp.fixture(config=CONFIG, scope="module")  # type: ignore[untyped-decorator]
async def client(client: Client) -> AsyncIterator[None]:
    params = types.InitializeParams(client_capabilities("visual-studio-code"))
    await client.initialize_session(params)
    yield
    await client.shutdown_session()


@pytest.fixture
def editor(client: Client, tmp_path: Path) -> Editor:
    return Editor(client, write_archive(tmp_path / "archive", small=True))


class TestFindings:
    async def test_a_sound_page_has_none(self, editor: Editor) -> None:
        assert await editor.open(PATH) == []

    async def test_unsaved_text_is_checked(self, editor: Editor) -> None:
        await editor.open(PATH)
        editor.type(PATH, "# The pier burns.\n", "# The pier burns.\n# Twice\n")
        assert "NA109" in codes(await editor.found(PATH))
        editor.type(PATH, "# Twice\n", "")
        assert await editor.found(PATH) == []
