"""The server in this process, where reading can be held up: what no client can time."""

from __future__ import annotations

import asyncio
import re
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from newsarchive.lsp import loading, server, symbols
from newsarchive.lsp.findings import published
from tests.builders import OPENS, PAGE, PATH, REBUILT, event, spoiled, write_archive
from tests.lsp.editor import PATIENCE, until
from tests.lsp.talk import talk

pytestmark = [pytest.mark.slow, pytest.mark.asyncio]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_archive(tmp_path / "archive", small=True)


class Held:
    """Reading that is held up: what was `read` is handed over when it is `free`."""

    def __init__(self) -> None:
        self.read, self.free = threading.Event(), threading.Event()

    def load(self, store: Any, known: Any, goes_on: object, *given: Any) -> Iterator[Any]:
        steps = list(loading.load(store, known, lambda: True, *given))
        self.read.set()
        self.free.wait(PATIENCE)
        yield from steps


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Iterator[Held]:
    held = Held()
    monkeypatch.setattr(server, "load", held.load)
    yield held
    held.free.set()


async def test_pages_that_open_together_have_their_archive_read_once(
    root: Path, held: Held
) -> None:
    async with talk() as editor:
        editor.open(root / PATH[1:], spoiled(REBUILT, "/news/2016/03/4/gone.md"))
        editor.open(root / OPENS[1:], event("2016-02-29", "The pier is open."))
        await until(held.read.is_set)
        await until(lambda: len(editor.server.session.pages) == 2)
        assert editor.told(root / PATH[1:]) == []
        held.free.set()
        await until(lambda: editor.logged("pages of"))
        await until(lambda: editor.told(root / OPENS[1:]))
        await until(lambda: editor.told(root / PATH[1:])[-1:] == [(1, ["NA207", "NA201"])])
        assert len(editor.logged("read 12 pages of")) == 1


async def test_what_changes_while_an_archive_is_read_is_read_afterwards(
    root: Path, held: Held, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "_LATER", 0.001)
    file = root / PATH[1:]
    async with talk() as editor:
        editor.open(file, PAGE)
        await until(held.read.is_set)
        (root / OPENS[1:]).write_text(event("2016-02-29", "The pier is open."), "utf-8")
        editor.tell("textDocument/didSave", {"textDocument": {"uri": file.as_uri()}})
        waiting = editor.server._reloads
        await until(lambda: waiting)
        [first] = waiting.values()
        await until(lambda: first not in waiting.values())
        assert waiting, "put off once more"
        held.free.set()
        await until(lambda: editor.told(file)[-1:] == [(1, ["NA207"])])
        await until(lambda: len(editor.logged("read 12 pages of")) == 2)


@pytest.mark.parametrize("watches", [True, False])
async def test_a_save_has_files_looked_at_unless_the_editor_watches_them(
    root: Path, held: Held, watches: bool
) -> None:
    async with talk(watches=watches) as editor:
        editor.open(root / PATH[1:], PAGE)
        editor.tell("textDocument/didSave", {"textDocument": {"uri": (root / PATH[1:]).as_uri()}})
        editor.tell("workspace/symbol", {"query": "none"}, id=2)
        await until(lambda: any(said.get("id") == 2 for said in editor.said))
        assert bool(editor.server._reloads) is not watches
        assert bool(editor.of("client/registerCapability")) is watches


@pytest.mark.parametrize("watches", [True, False])
async def test_an_archive_that_was_read_is_looked_at_unless_the_editor_watches_it(
    root: Path, watches: bool
) -> None:
    async with talk(watches=watches) as editor:
        editor.open(root / PATH[1:], PAGE)
        await until(lambda: editor.logged("pages of"))
        editor.open(root / OPENS[1:], event("2016-02-29", "The pier opens."))
        await until(lambda: editor.told(root / OPENS[1:]))
        assert bool(editor.server._reloads) is not watches
        [told] = editor.logged("read 12 pages of")
        assert re.search(r" in \d\d?\.\d s$", told)


@pytest.mark.parametrize(
    ("method", "more", "answer"),
    [
        ("textDocument/rename", {"newName": "The pier sinks."}, None),
        ("textDocument/prepareRename", {}, None),
        ("textDocument/codeAction", {"context": {"diagnostics": []}}, []),
    ],
)
async def test_of_a_page_that_is_not_open_nothing_is_said(
    root: Path, method: str, more: dict[str, Any], answer: object
) -> None:
    place = {"line": 2, "character": 4}
    async with talk() as editor:
        params = {
            "textDocument": {"uri": (root / PATH[1:]).as_uri()},
            "position": place,
            "range": {"start": place, "end": place},
            **more,
        }
        if method.endswith("codeAction"):
            del params["position"]
        else:
            del params["range"]
        assert (await editor.ask(method, params)).get("result", "error") == answer


async def test_reading_ends_with_the_server(root: Path, held: Held) -> None:
    servers = []

    async def begin_and_end() -> None:
        async with talk() as editor:
            servers.append(editor.server)
            editor.open(root / PATH[1:], PAGE)
            await until(held.read.is_set)

    await asyncio.to_thread(asyncio.run, begin_and_end())
    assert not servers[0].beside.stop.is_set()
    held.free.set()
    assert await asyncio.to_thread(servers[0].beside.stop.wait, PATIENCE)


async def test_a_page_that_is_closed_at_once_is_not_told_of(tmp_path: Path) -> None:
    notes, other = tmp_path / "notes.md", tmp_path / "other.md"
    async with talk() as editor:
        editor.open(notes, spoiled("2. [Evening", "9. [Evening"))
        editor.close_page(notes)
        editor.open(notes, PAGE, 2)
        editor.open(other, spoiled("2. [Evening", "9. [Evening"))
        await until(lambda: editor.told(other))
        assert editor.told(other) == [(1, ["NA108"])]
        assert editor.told(notes) == [(None, []), (2, [])]
        assert editor.logged("error") == []


async def test_an_unforeseen_error_is_logged_with_its_place_and_the_server_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **more: object) -> None:
        raise LookupError("nothing of the kind")

    monkeypatch.setattr(server, "published", fail)
    notes, other = tmp_path / "notes.md", tmp_path / "other.md"
    async with talk() as editor:
        editor.open(notes, PAGE)
        await until(lambda: editor.logged("error"))
        [told] = editor.logged("error")
        assert told.startswith("an error in the server: Traceback")
        assert ", in fail\n" in told
        assert told.endswith("LookupError: nothing of the kind\n")
        monkeypatch.setattr(server, "published", published)
        editor.open(other, PAGE)
        await until(lambda: editor.told(other))
        assert editor.told(notes) == []


async def test_so_is_one_in_an_answer_and_the_answer_says_so(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise LookupError("nothing of the kind")

    monkeypatch.setattr(symbols, "titles", fail)
    async with talk() as editor:
        answer = await editor.ask("workspace/symbol", {"query": "pier"})
        assert "nothing of the kind" in answer["error"]["message"]
        [told] = editor.logged("error")
        assert told.startswith("an error in the server: ")
        assert told.endswith("LookupError: nothing of the kind")
        monkeypatch.undo()
        assert (await editor.ask("workspace/symbol", {"query": "pier"}))["result"] == []


async def test_an_error_while_an_archive_is_read_ends_that_reading_only(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise MemoryError("no room")

    errors: list[BaseException | None] = []
    with monkeypatch.context() as patched:
        patched.setattr(loading, "read", fail)
        patched.setattr(threading, "excepthook", lambda given: errors.append(given.exc_value))
        async with talk() as editor:
            editor.open(root / PATH[1:], spoiled(REBUILT, "/news/2016/03/4/gone.md"))
            await until(lambda: editor.logged("pages of"))
            await until(lambda: [str(error) for error in errors] == ["no room"])
            await until(lambda: editor.told(root / PATH[1:])[-1:] == [(1, ["NA201"])])
            patched.undo()
            editor.server.load(next(iter(editor.server.session.archives.values())))
            await until(lambda: editor.logged("read 12 pages of"))


async def test_a_rename_sees_links_that_came_while_an_archive_was_read(
    root: Path, held: Held
) -> None:
    place = {"textDocument": {"uri": (root / PATH[1:]).as_uri()}}
    place["position"] = {"line": 2, "character": 3}  # type: ignore[dict-item]
    async with talk() as editor:
        editor.open(root / PATH[1:], PAGE)
        await until(held.read.is_set)
        text = event("2016-03-4", "The pier is rebuilt.", related=[f"[The pier burns.]({PATH})"])
        (root / REBUILT[1:]).write_text(text, "utf-8")
        editor.tell("textDocument/rename", {**place, "newName": "The pier burns!"}, id=9)
        await until(lambda: editor.server.session.pages)
        held.free.set()
        await until(lambda: any(said.get("id") == 9 for said in editor.said))
        [answer] = [said for said in editor.said if said.get("id") == 9]
        assert (root / REBUILT[1:]).as_uri() in answer["result"]["changes"]


async def test_a_single_word_of_the_editor_is_one_and_no_letters(tmp_path: Path) -> None:
    file = tmp_path / "notes.md"
    async with talk(select="NA108") as editor:
        editor.open(file, "\n" + spoiled("2. [Evening", "9. [Evening"))
        await until(lambda: editor.told(file))
        assert editor.told(file) == [(1, ["NA108"])]


async def test_what_cannot_be_sent_is_not_told_over_and_over(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    def closed(data: bytes) -> None:
        raise ValueError("I/O operation on closed file")

    async with talk() as editor:
        editor.write = closed  # type: ignore[method-assign]
        editor.server.log("the archive was read")
    told = [record for record in caplog.records if record.message == "Error sending data"]
    assert len(told) == 1


async def test_after_the_end_nothing_is_told_of_what_was_under_way(root: Path, held: Held) -> None:
    async with talk() as editor:
        editor.open(root / PATH[1:], PAGE)
        await until(held.read.is_set)
        load = editor.server.load(next(iter(editor.server.session.archives.values())))
        await editor.ask("shutdown", None)
        said = len(editor.said)
        held.free.set()
        await until(load.is_set)
        assert editor.said[said:] == []
