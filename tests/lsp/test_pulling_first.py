"""The first answer to who asks for all findings: with the listing that reading began with."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from newsarchive.lsp import loading, server, session
from newsarchive.page import parser
from newsarchive.runs import engine
from newsarchive.store import store
from tests.builders import OPENS, PATH, SMALL_ARCHIVE, spoiled, write_archive
from tests.lsp.editor import PATIENCE, until
from tests.lsp.talk import talk
from tests.lsp.test_pulling import CAN, everything

pytestmark = [pytest.mark.slow, pytest.mark.asyncio]

FAULTY = spoiled("2. [Evening", "9. [Evening", SMALL_ARCHIVE[PATH])
REGISTER = "client/registerCapability"
MODE: dict[str, Any] = {"can": CAN, "diagnosticMode": "workspace"}


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("NEWSARCHIVE_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setattr(server, "_SHORTLY", PATIENCE)
    return write_archive(tmp_path / "archive", {PATH: FAULTY}, small=True)


@pytest.fixture
def listings(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """What runs list of their own accord."""
    made: list[object] = []

    def counted(look: Callable[..., Any]) -> Callable[..., Any]:
        def listed(where: object, **given: Any) -> Any:
            made.append(where)
            return look(where, **given)

        return listed

    for name in ("scan", "scan_in_halves"):
        monkeypatch.setattr(engine, name, counted(getattr(engine, name)))
    return made


async def test_files_are_not_listed_again_where_the_editor_tells_of_them(
    root: Path, listings: list[object]
) -> None:
    async with talk(folders=[root], **MODE) as editor:
        said, _ = await everything(editor)
        assert (said, listings) == ({(root / PATH[1:]).as_uri(): ["NA108"]}, [])
        (root / PATH[1:]).write_text(SMALL_ARCHIVE[PATH], "utf-8")
        changes = [{"uri": (root / PATH[1:]).as_uri(), "type": 2}]
        editor.tell("workspace/didChangeWatchedFiles", {"changes": changes})
        said, _ = await everything(editor)
        assert (said, len(listings)) == ({}, 1)


async def test_an_editor_may_ask_before_it_has_said_so(root: Path, listings: list[object]) -> None:
    async with talk(folders=[root], registers={}, **MODE) as editor:
        asked = everything(editor)
        await editor.ask("workspace/symbol", {"query": "none"})
        [wish] = [said for said in editor.said if said.get("method") == REGISTER]
        editor.feed({"jsonrpc": "2.0", "id": wish["id"], "result": None})
        said, _ = await asked
        assert (said, listings) == ({(root / PATH[1:]).as_uri(): ["NA108"]}, [])


async def test_a_listing_serves_one_answer(root: Path, listings: list[object]) -> None:
    async with talk(folders=[root], **MODE) as editor:
        await everything(editor)
        changes = [{"uri": (root / "none.pdf").as_uri(), "type": 1}]
        editor.tell("workspace/didChangeWatchedFiles", {"changes": changes})
        await everything(editor)
        assert len(listings) == 1
        await everything(editor)
        assert len(listings) == 1, "nothing changed since"


@pytest.mark.parametrize("answer", [{}, {"error": {"code": -32803, "message": "no"}}])
async def test_they_are_where_it_has_not_said_that_it_will(
    root: Path, listings: list[object], answer: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "_SHORTLY", 0.01)
    async with talk(folders=[root], registers=answer, **MODE) as editor:
        await until(lambda: editor.logged("pages of"))
        (root / PATH[1:]).write_text(SMALL_ARCHIVE[PATH], "utf-8")
        said, _ = await everything(editor)
        assert (said, len(listings)) == ({}, 1)


async def test_nor_is_one_after_which_files_changed(root: Path, listings: list[object]) -> None:
    async with talk(folders=[root], **MODE) as editor:
        await until(lambda: editor.logged("pages of"))
        (root / PATH[1:]).write_text(SMALL_ARCHIVE[PATH], "utf-8")
        changes = [{"uri": (root / PATH[1:]).as_uri(), "type": 2}]
        editor.tell("workspace/didChangeWatchedFiles", {"changes": changes})
        said, _ = await everything(editor)
        assert (said, len(listings)) == ({}, 1)


async def test_nor_one_that_left_out_other_files(
    root: Path, listings: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A configuration may lie above the folders of which an editor tells."""
    monkeypatch.setattr(session, "_SETTINGS_LAST", 0)
    async with talk(folders=[root], **MODE) as editor:
        await until(lambda: editor.logged("pages of"))
        (root.parent / "newsarchive.toml").write_text(f'exclude = ["{PATH[1:]}"]\n', "utf-8")
        said, _ = await everything(editor)
        assert (PATH in str(said), len(listings)) == (False, 1)


async def test_nor_is_a_listing_believed_during_which_files_changed(
    root: Path, listings: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go_on = threading.Event(), threading.Event()
    look = store.scan

    def slow(*given: Any, **more: Any) -> Any:
        found = look(*given, **more)
        begun.set()
        go_on.wait(PATIENCE)
        return found

    monkeypatch.setattr(loading, "scan", slow)
    async with talk(folders=[root], **MODE) as editor:
        await until(begun.is_set)
        (root / PATH[1:]).write_text(SMALL_ARCHIVE[PATH], "utf-8")
        changes = [{"uri": (root / PATH[1:]).as_uri(), "type": 2}]
        editor.tell("workspace/didChangeWatchedFiles", {"changes": changes})
        await editor.ask("workspace/symbol", {"query": "none"})
        go_on.set()
        said, _ = await everything(editor)
        assert (said, len(listings)) == ({}, 1)


async def test_the_answer_does_not_wait_until_all_pages_are_read(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on, read = threading.Event(), parser.read

    def slow(*given: Any) -> Any:
        go_on.wait(PATIENCE)
        return read(*given)

    monkeypatch.setattr(loading, "read", slow)
    async with talk(folders=[root], **MODE) as editor:
        shown, known = await everything(editor)
        assert list(shown.values()) == [["NA108"]]
        assert editor.logged("pages of") == []
        editor.open(root / OPENS[1:], SMALL_ARCHIVE[OPENS].replace("opens.", "is open."))
        go_on.set()
        async with asyncio.timeout(PATIENCE):  # what links there is not known at first
            while shown != {(root / path[1:]).as_uri(): told for path, told in BOTH.items()}:
                said, known = await everything(editor, known)
                shown |= {uri: told for uri, told in said.items() if told != "unchanged"}


BOTH = {PATH: ["NA108", "NA207"], "/news/2016/02/29/index.md": ["NA207"]}
