"""The server in this process, where reading can be held up: what no client can time."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from pygls.io_ import run_async

from newsarchive.lsp import loading, server
from newsarchive.lsp.features import HANDLERS
from newsarchive.lsp.findings import published
from newsarchive.lsp.server import Server
from tests.builders import OPENS, PAGE, PATH, REBUILT, event, spoiled, write_archive
from tests.lsp.editor import PATIENCE, until

pytestmark = pytest.mark.asyncio


class Talk:
    """A server on streams in memory, and what it said."""

    def __init__(self) -> None:
        self.server = Server(HANDLERS)
        self.server.protocol.set_writer(self)
        self.input = asyncio.StreamReader()
        self.said: list[dict[str, Any]] = []

    def write(self, data: bytes) -> None:
        self.said.append(json.loads(data.partition(b"\r\n\r\n")[2]))

    def close(self) -> None:
        pass

    def tell(self, method: str, params: object, **more: object) -> None:
        given = {"jsonrpc": "2.0", "method": method, "params": params, **more}
        body = json.dumps(given).encode()
        self.input.feed_data(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))

    def open(self, file: Path, text: str, version: int = 1) -> None:
        document = {"uri": file.as_uri(), "languageId": "markdown", "version": version}
        self.tell("textDocument/didOpen", {"textDocument": {**document, "text": text}})

    def close_page(self, file: Path) -> None:
        self.tell("textDocument/didClose", {"textDocument": {"uri": file.as_uri()}})

    def of(self, method: str) -> list[dict[str, Any]]:
        """What was said of one kind."""
        return [said["params"] for said in self.said if said.get("method") == method]

    def told(self, file: Path) -> list[tuple[int | None, list[str]]]:
        """The findings that were told of a page: versions and codes."""
        return [
            (p.get("version"), [d["code"] for d in p["diagnostics"] if d["code"] != "NA209"])
            for p in self.of("textDocument/publishDiagnostics")
            if p["uri"] == file.as_uri()
        ]

    def logged(self, words: str) -> list[str]:
        """The lines of the log that hold some words."""
        told = (p["message"] for p in self.of("window/logMessage"))
        return [message for message in told if words in message]


@asynccontextmanager
async def talk(*, watches: bool = False, **options: object) -> AsyncIterator[Talk]:
    """A server that met an editor, which can do nothing but perhaps watch files."""
    talk = Talk()
    can = {"workspace": {"didChangeWatchedFiles": {"dynamicRegistration": watches}}}
    hello = {"capabilities": can, "processId": None, "rootUri": None}
    talk.tell("initialize", {**hello, "initializationOptions": options}, id=1)
    talk.tell("initialized", {})
    serving = asyncio.ensure_future(run_async(threading.Event(), talk.input, talk.server.protocol))
    await until(lambda: talk.said)
    yield talk
    talk.input.feed_eof()
    await serving


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_archive(tmp_path / "archive", small=True)


class Held:
    """Reading that is held up: what was `read` is handed over when it is `free`."""

    def __init__(self) -> None:
        self.read, self.free = threading.Event(), threading.Event()

    def load(self, *given: Any) -> Iterator[Any]:
        steps = list(loading.load(*given))
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


async def test_reading_ends_with_the_server(root: Path, held: Held) -> None:
    servers = []

    async def begin_and_end() -> None:
        async with talk() as editor:
            servers.append(editor.server)
            editor.open(root / PATH[1:], PAGE)
            await until(held.read.is_set)

    await asyncio.to_thread(asyncio.run, begin_and_end())
    assert not servers[0]._stop.is_set()
    held.free.set()
    assert await asyncio.to_thread(servers[0]._stop.wait, PATIENCE)


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
