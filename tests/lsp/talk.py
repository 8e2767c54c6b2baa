"""A server in this process, and an editor that speaks with it in plain JSON."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from newsarchive.lsp.features import HANDLERS
from newsarchive.lsp.server import Server
from tests.lsp.editor import until


class Talk:
    """A server on streams in memory, and what it said."""

    def __init__(self, registers: dict[str, Any]) -> None:
        self.registers = registers
        self.server = Server(HANDLERS)
        self.server.protocol.set_writer(self)
        self.input = asyncio.StreamReader()
        self.said: list[dict[str, Any]] = []
        self._asked = 0

    def write(self, data: bytes) -> None:
        said = json.loads(data.partition(b"\r\n\r\n")[2])
        self.said.append(said)
        if said.get("method") == "client/registerCapability" and self.registers:
            self.feed({"jsonrpc": "2.0", "id": said["id"], **self.registers})

    def close(self) -> None:
        pass

    def tell(self, method: str, params: object, **more: object) -> None:
        self.feed({"jsonrpc": "2.0", "method": method, "params": params, **more})

    def feed(self, message: dict[str, Any]) -> None:
        body = json.dumps(message).encode()
        self.input.feed_data(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))

    def open(self, file: Path, text: str, version: int = 1) -> None:
        document = {"uri": file.as_uri(), "languageId": "markdown", "version": version}
        self.tell("textDocument/didOpen", {"textDocument": {**document, "text": text}})

    def close_page(self, file: Path) -> None:
        self.tell("textDocument/didClose", {"textDocument": {"uri": file.as_uri()}})

    async def ask(self, method: str, params: object) -> dict[str, Any]:
        """The answer to a request: its "result" or its "error"."""
        self._asked += 1
        number = f"asked {self._asked}"
        self.tell(method, params, id=number)
        await until(lambda: any(said.get("id") == number for said in self.said))
        [answer] = [said for said in self.said if said.get("id") == number]
        return answer

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
async def talk(
    *,
    watches: bool = False,
    registers: dict[str, Any] | None = None,
    can: object = None,
    folders: Iterable[Path] = (),
    **options: object,
) -> AsyncIterator[Talk]:
    """A server that met an editor, which can do nothing but perhaps watch files.

    Args:
        watches: whether it can do that.
        registers: what it answers who wants to be told of files; nothing where this is empty.
        can: all that it says of what it can do, instead.
        folders: those of its workspace.
        options: its initialization options.
    """
    talk = Talk({"result": None} if registers is None else registers)
    can = can or {"workspace": {"didChangeWatchedFiles": {"dynamicRegistration": watches}}}
    hello = {"capabilities": can, "processId": None, "rootUri": None}
    hello["workspaceFolders"] = [{"uri": f.as_uri(), "name": f.name} for f in folders]
    talk.tell("initialize", {**hello, "initializationOptions": options}, id=1)
    talk.tell("initialized", {})
    serving = asyncio.ensure_future(talk.server.protocol.serve(talk.input))
    await until(lambda: talk.said)
    yield talk
    talk.input.feed_eof()
    await serving
