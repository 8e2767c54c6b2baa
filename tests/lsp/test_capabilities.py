"""What is answered to editors by what they say of themselves: recorded ones, and edges of these."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Any

import pytest

from tests.builders import OPENS, PAGE, PATH, spoiled, write_archive
from tests.lsp.editor import until
from tests.lsp.talk import Talk, talk

pytestmark = [pytest.mark.slow, pytest.mark.asyncio]

DAY = "/news/2016/03/2/index.md"
RECORDED = Path(__file__).parents[1] / "data" / "capabilities"
EDITORS = {
    file.stem: json.loads(file.read_text("utf-8"))["capabilities"]
    for file in sorted(RECORDED.glob("*.json"))
}
VERSIONED = ["emacs-eglot", "helix-25.01", "helix-25.07", "vscode", "vscode-1.65", "zed"]
CANNOT_RENAME_FILES = ["emacs-29-eglot", "emacs-30-eglot"]
ASK_FOR_FINDINGS = ["helix-25.07", "vscode"]
COUNT_IN = {
    "emacs-29-eglot": "utf-32",
    "emacs-30-eglot": "utf-32",
    "emacs-eglot": "utf-32",
    "helix-25.01": "utf-8",
    "helix-25.07": "utf-8",
    "neovim-0.11": "utf-8",
    "vscode": "utf-16",
    "vscode-1.65": "utf-16",
    "zed": "utf-16",
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_archive(tmp_path / "archive", small=True)


def at(file: Path, words: str) -> dict[str, Any]:
    """Parameters of a request about the place of some words on the page."""
    before = PAGE[: PAGE.index(words)]
    place = {"line": before.count("\n"), "character": len(before) - before.rfind("\n") - 1}
    return {"textDocument": {"uri": file.as_uri()}, "position": place}


async def rename(editor: Talk, root: Path, name: str) -> dict[str, Any]:
    """The answer to the wish for another title, or path, of the page."""
    editor.open(root / PATH[1:], PAGE)
    await until(lambda: editor.logged("pages of"))
    return await editor.ask(
        "textDocument/rename", {**at(root / PATH[1:], "pier burns"), "newName": name}
    )


def versions(edit: dict[str, Any]) -> dict[str, int | None]:
    """The version that an edit names for each document."""
    documents = [change["textDocument"] for change in edit["documentChanges"] if "edits" in change]
    return {document["uri"]: document["version"] for document in documents}


@pytest.mark.parametrize("name", EDITORS)
async def test_places_are_counted_as_the_editor_would_rather_have_it(root: Path, name: str) -> None:
    text = spoiled("2. [Evening", "9. [Evening", PAGE.replace("[Harbour", "[😋é Harbour"))
    file, encoding = root / PATH[1:], COUNT_IN[name]
    async with talk(can=EDITORS[name]) as editor:
        offered = editor.said[0]["result"]["capabilities"]
        assert offered["positionEncoding"] == encoding
        editor.open(file, text)
        await until(lambda: editor.logged("pages of"))
        links = (await editor.ask("textDocument/documentLink", at(file, "# The")))["result"]
    [post] = [link for link in links if link.get("target") == "https://post.example.org/pier"]
    before, width = "1. [😋é Harbour Post](", {"utf-8": 1, "utf-16": 2, "utf-32": 4}[encoding]
    codec = encoding if encoding == "utf-8" else f"{encoding}-le"
    assert post["range"]["start"]["character"] == len(before.encode(codec)) // width
    assert ("tooltip" in str(links)) is (name == "vscode")


@pytest.mark.parametrize("name", EDITORS)
async def test_findings_are_told_or_asked_for_never_both(root: Path, name: str) -> None:
    file = root / PATH[1:]
    asks = name in ASK_FOR_FINDINGS
    async with talk(can=EDITORS[name]) as editor:
        assert ("diagnosticProvider" in editor.said[0]["result"]["capabilities"]) is asks
        editor.open(file, spoiled("2. [Evening", "9. [Evening"))
        if asks:
            asked = {"textDocument": {"uri": file.as_uri()}}
            found = (await editor.ask("textDocument/diagnostic", asked))["result"]["items"]
            assert "NA108" in {item["code"] for item in found}
            assert editor.told(file) == []
        else:
            await until(lambda: editor.told(file))
            assert "NA108" in editor.told(file)[-1][1]


@pytest.mark.parametrize("name", EDITORS)
@pytest.mark.parametrize("slash", ["", "/"])
async def test_links_follow_a_folder_that_is_renamed(root: Path, name: str, slash: str) -> None:
    """Helix has a slash at the end of a folder's address, others do not."""
    old, new = (root / "opinion/2016/03/9" / n for n in ("on-piers", "piers"))
    files = [{"oldUri": old.as_uri() + slash, "newUri": new.as_uri() + slash}]
    async with talk(can=EDITORS[name]) as editor:
        answer = await editor.ask("workspace/willRenameFiles", {"files": files})
    edit = answer["result"]
    if name == "neovim-0.11":
        uris = set(edit["changes"])
    else:
        uris = {change["textDocument"]["uri"] for change in edit["documentChanges"]}
    assert uris == {(root / page).as_uri() for page in ("index.md", "opinion/index.md")}


async def test_the_recorded_editors_are_those_of_the_documentation() -> None:
    assert set(EDITORS) == {*VERSIONED, *CANNOT_RENAME_FILES, "neovim-0.11"} == set(COUNT_IN)


@pytest.mark.parametrize("name", [n for n in EDITORS if n not in CANNOT_RENAME_FILES])
@pytest.mark.parametrize(
    ("wish", "path"),
    [
        ("Other.", "/news/2016/03/2/other.md"),
        ("/news/2016/03/2/moved.md", "/news/2016/03/2/moved.md"),
    ],
)
async def test_a_title_or_path_is_given_to_a_page_and_its_file(
    root: Path, name: str, wish: str, path: str
) -> None:
    async with talk(can=EDITORS[name]) as editor:
        answer = await rename(editor, root, wish)
    edit = answer["result"]
    assert set(edit) == {"documentChanges"}
    *edits, renamed = edit["documentChanges"]
    assert renamed == {
        "kind": "rename",
        "oldUri": (root / PATH[1:]).as_uri(),
        "newUri": (root / path[1:]).as_uri(),
    }
    assert len(edits) >= 2
    told = versions(edit)
    assert told[(root / DAY[1:]).as_uri()] is None
    assert told[(root / PATH[1:]).as_uri()] == (1 if name in VERSIONED else None)


@pytest.mark.parametrize("name", EDITORS)
async def test_another_title_of_the_same_path_is_an_edit_of_texts(root: Path, name: str) -> None:
    async with talk(can=EDITORS[name]) as editor:
        answer = await rename(editor, root, "The pier burns!")
    edit = answer["result"]
    if name == "neovim-0.11":
        assert set(edit) == {"changes"}
        assert set(edit["changes"]) >= {(root / PATH[1:]).as_uri(), (root / DAY[1:]).as_uri()}
    else:
        assert set(edit) == {"documentChanges"}
        assert versions(edit)[(root / PATH[1:]).as_uri()] == 1


@pytest.mark.parametrize(
    "edits",
    [
        None,
        {},
        {"documentChanges": True},
        {"documentChanges": True, "resourceOperations": ["create", "delete"]},
        {"resourceOperations": []},
    ],
)
async def test_where_files_cannot_be_renamed_the_refusal_says_what_can(
    root: Path, edits: object, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        async with talk(can={"workspace": {"workspaceEdit": edits}}) as editor:
            answer = await rename(editor, root, "Other.")
            moved = await rename(editor, root, "/news/2016/03/2/moved.md")
    assert answer["error"]["code"] == moved["error"]["code"] == -32803
    assert "use 'newsarchive mv'" in answer["error"]["message"]
    assert editor.logged("error") == []
    assert caplog.records == [], "a refusal is an answer, no error of the server's"


@pytest.mark.parametrize("name", EDITORS)
async def test_all_questions_are_answered_as_the_editor_takes_it(
    root: Path, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    can = EDITORS[name]
    file = root / PATH[1:]
    link = at(file, "[The pier opens.")
    with caplog.at_level(logging.WARNING):
        async with talk(can=can) as editor:
            editor.open(file, spoiled("2. [Evening", "9. [Evening"))
            await until(lambda: editor.logged("pages of"))
            hover = await editor.ask("textDocument/hover", link)
            assert hover["result"]["contents"]["kind"] == "markdown"
            [place] = (await editor.ask("textDocument/definition", link))["result"]
            links = can["textDocument"].get("definition", {}).get("linkSupport", False)
            assert place["targetUri" if links else "uri"] == (root / OPENS[1:]).as_uri()
            symbols = await editor.ask("textDocument/documentSymbol", link)
            outline = can["textDocument"].get("documentSymbol", {})
            nested = outline.get("hierarchicalDocumentSymbolSupport", False)
            assert ("children" in symbols["result"][0]) is nested
            whole = {"start": {"line": 0, "character": 0}, "end": {"line": 99, "character": 0}}
            asked = {**link, "range": whole, "context": {"diagnostics": []}}
            action, *_ = (await editor.ask("textDocument/codeAction", asked))["result"]
            assert set(action["edit"]) == {
                "changes" if name == "neovim-0.11" else "documentChanges"
            }
            watches = can["workspace"]["didChangeWatchedFiles"]["dynamicRegistration"]
            assert bool(editor.of("client/registerCapability")) is watches
    assert caplog.records == []
