"""A session in a clone whose git cannot tell all renames."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_lsp
from lsprotocol import types
from pytest_lsp import client_capabilities

from tests.builders import PATH, REBUILT, SMALL_ARCHIVE
from tests.lsp.editor import CONFIG, Client, Editor, until
from tests.repositories import archive_in_git, commit, git, needs_git

pytestmark = [pytest.mark.slow, needs_git, pytest.mark.asyncio(loop_scope="module")]


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A shallow clone."""
    folder = tmp_path_factory.mktemp("shallow")
    archive = archive_in_git(folder / "archive", small=True)
    commit(archive)
    git(folder, "clone", "-q", "--depth", "1", f"file://{archive}", "clone")
    return folder / "clone"


@pytest_lsp.fixture(config=CONFIG, scope="module")  # type: ignore[untyped-decorator]
async def client(client: Client, root: Path) -> AsyncIterator[None]:
    params = types.InitializeParams(client_capabilities("neovim"), root_uri=root.as_uri())
    await client.initialize_session(params)
    yield
    await client.shutdown_session()


@pytest.mark.slow
async def test_the_log_says_why_a_link_has_no_proof(client: Client, root: Path) -> None:
    editor = Editor(client, root)
    await editor.loaded()
    await editor.open(PATH, SMALL_ARCHIVE[PATH].replace(REBUILT, "/news/2016/03/4/gone.md"))

    def said() -> bool:
        return any("this clone is shallow" in told.message for told in client.log_messages)

    await until(said)
    [told] = [m for m in client.log_messages if "git could not tell of all renames" in m.message]
    assert told.type is types.MessageType.Warning
