"""How a session starts: archives of the workspace, chosen rules, git's history."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_lsp
from lsprotocol import types
from pytest_lsp import client_capabilities

from tests.builders import OPENS, PATH, REBUILT, SMALL_ARCHIVE, event, write_archive
from tests.lsp.editor import CONFIG, Client, Editor, codes, until
from tests.repositories import commit, git, needs_git

pytestmark = [pytest.mark.slow, needs_git, pytest.mark.asyncio(loop_scope="module")]

OLD = "/news/2016/03/3/the-pier-was-rebuilt.md"


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive whose history renames a page."""
    root = tmp_path_factory.mktemp("start") / "archive"
    write_archive(root, {OLD: SMALL_ARCHIVE[REBUILT], REBUILT: None}, small=True)
    git(root, "init", "-q")
    commit(root)
    (root / OLD[1:]).rename(root / REBUILT[1:])
    commit(root)
    return root


@pytest_lsp.fixture(config=CONFIG, scope="module")  # type: ignore[untyped-decorator]
async def client(client: Client, root: Path) -> AsyncIterator[None]:
    params = types.InitializeParams(
        client_capabilities("neovim"),
        root_uri=root.as_uri(),
        initialization_options={"select": ["NA2", "NA1"], "ignore": ["NA209", "NA211"]},
    )
    await client.initialize_session(params)
    yield
    await client.shutdown_session()


async def test_the_workspaces_archive_is_read_at_once(client: Client, root: Path) -> None:
    await Editor(client, root).loaded()
    found = await client.workspace_symbol_async(types.WorkspaceSymbolParams("rebuilt"))
    assert [symbol.name for symbol in found or ()] == ["The pier is rebuilt."]


async def test_renames_in_gits_history_come_as_soon_as_git_has_answered(
    client: Client, root: Path
) -> None:
    editor = Editor(client, root)
    await editor.open(PATH, SMALL_ARCHIVE[PATH].replace(REBUILT, OLD))

    def proven() -> bool:
        return any(
            isinstance(d.data, dict) and d.data.get("fix") == "safe"
            for d in client.told[editor.uri(PATH)][1]
        )

    await until(proven)
    [found] = client.told[editor.uri(PATH)][1]
    assert "renamed in git's history" in found.message


async def test_only_chosen_rules_run(client: Client, root: Path) -> None:
    editor = Editor(client, root)
    found = await editor.open(OPENS, event("2016-03-2", "Another ''pier''.").replace("1.", "3."))
    assert codes(found) == ["NA108"]


async def test_many_files_at_once_are_listed_anew(client: Client, root: Path) -> None:
    editor = Editor(client, root)
    pages = {f"/news/2016/03/7/{number}.md": event("2016-03-7", "T.") for number in range(60)}
    text = event("2016-03-4", "T.", related=["[T.](/news/2016/03/7/1.md)"])
    assert codes(await editor.open(REBUILT, text)) == ["NA201"]
    write_archive(root, pages)
    await editor.becomes(
        REBUILT, [], lambda: editor.files(*((p, types.FileChangeType.Created) for p in pages))
    )
