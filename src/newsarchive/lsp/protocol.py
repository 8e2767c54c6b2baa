"""The protocol below the server: messages as they come in, and what is answered to faulty ones.

pygls leaves a request without an answer where its parameters, its JSON or its header are wrong, and
writes a trace for each request that is refused. An editor waits for an answer, and shows traces.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Generator
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any

from lsprotocol import types
from pygls.exceptions import (
    JsonRpcException,
    JsonRpcInternalError,
    JsonRpcInvalidParams,
    JsonRpcInvalidRequest,
    JsonRpcParseError,
)
from pygls.protocol import LanguageServerProtocol, lsp_method
from pygls.protocol.json_rpc import JsonRPCNotification, JsonRPCRequestMessage

if TYPE_CHECKING:
    from pygls.io_ import AsyncReader

_NOT_STRUCTURED = (ExceptionGroup, ValueError, TypeError, LookupError, AttributeError)
"""What is raised where JSON is no object of the protocol's: by fields together, or by one."""
_LENGTH = b"content-length:"
_LONGEST = 1 << 30
"""Bytes: a message that claims to be longer is none. Editors send a whole page at most."""


class Protocol(LanguageServerProtocol):
    """The protocol without pygls's own copies of texts, and with an answer to every request.

    Those copies count lines as `str.splitlines` does, which takes U+2028, form feeds and others for
    line endings, and editors do not.
    """

    @lsp_method(types.TEXT_DOCUMENT_DID_OPEN)
    def lsp_text_document__did_open(
        self, params: types.DidOpenTextDocumentParams
    ) -> Generator[Any, Any, None]:
        """A document was opened."""
        yield self.fm.features[types.TEXT_DOCUMENT_DID_OPEN], (params,), None

    @lsp_method(types.TEXT_DOCUMENT_DID_CHANGE)
    def lsp_text_document__did_change(
        self, params: types.DidChangeTextDocumentParams
    ) -> Generator[Any, Any, None]:
        """A document was edited."""
        yield self.fm.features[types.TEXT_DOCUMENT_DID_CHANGE], (params,), None

    @lsp_method(types.TEXT_DOCUMENT_DID_CLOSE)
    def lsp_text_document__did_close(
        self, params: types.DidCloseTextDocumentParams
    ) -> Generator[Any, Any, None]:
        """A document was closed."""
        yield self.fm.features[types.TEXT_DOCUMENT_DID_CLOSE], (params,), None

    async def serve(self, reader: AsyncReader) -> None:
        """Handle messages until the input ends; what goes wrong is told, and the next is taken."""
        while True:
            try:
                body = await _next(reader)
            except JsonRpcException as error:
                self._refuse(error)
                continue
            if body is None:
                return
            self._take(body)

    def _take(self, body: bytes) -> None:
        """Handle one message."""
        try:
            data = _parsed(body)
        except JsonRpcException as error:
            self._refuse(error)
            return
        try:
            message = self._structured(data)
        except JsonRpcException as error:
            is_request = "method" in data and "id" in data
            self._refuse(error, data.get("id"), answer=is_request)
            return
        self.handle_message(message)

    def _structured(self, data: dict[str, Any]) -> Any:
        """A message with its parameters as objects.

        Raises:
            JsonRpcException: it has no place here, or other parameters than its method takes.
        """
        if "method" not in data:
            return self.structure_message(data)
        method = data["method"]
        if method == types.INITIALIZE:
            _put_right(data)
        if not isinstance(method, str):
            raise JsonRpcInvalidRequest("a method is a string")
        if self._shutdown and "id" in data:
            raise JsonRpcInvalidRequest("the server was told to shut down")
        fallback = JsonRPCRequestMessage if "id" in data else JsonRPCNotification
        kind = self.get_message_type(method) or fallback
        try:
            message = self._converter.structure({"params": None, **data}, kind)
        except _NOT_STRUCTURED as error:
            raise JsonRpcInvalidParams(f"{method} takes other parameters") from error
        if "id" in data and not hasattr(message, "id"):
            raise JsonRpcInvalidRequest(f"{method} has no answer, and so no id")
        return message

    def _refuse(
        self, error: JsonRpcException, number: str | int | None = None, *, answer: bool = True
    ) -> None:
        """Answer a message with an error, if it wants an answer, and tell the server."""
        if answer:
            self._answer(error, number)
        self._server.report_server_error(error, JsonRpcException)

    def _answer(self, error: JsonRpcException, number: str | int | None) -> None:
        # No object of the protocol's: those leave out an id that is None.
        told = {"code": error.code, "message": error.message}
        self._send_data({"jsonrpc": self.VERSION, "id": number, "error": told})

    def _send_handler_result(self, future: Future[Any], *, msg_id: Any) -> None:
        """Answer a request. One that is refused is answered, and that is all."""
        error = None if future.cancelled() else future.exception()
        if isinstance(error, JsonRpcException) and not isinstance(error, JsonRpcInternalError):
            self._request_futures.pop(msg_id, None)
            self._answer(error, msg_id)
        else:
            super()._send_handler_result(future, msg_id=msg_id)


def _put_right(hello: dict[str, Any]) -> None:
    """Take `workspace.diagnostic` of an editor's capabilities for `workspace.diagnostics`.

    So it was called by `lsp-types`, which Helix is made with.
    """
    workspace: Any = hello
    for name in ("params", "capabilities", "workspace"):
        workspace = workspace.get(name) if isinstance(workspace, dict) else None
    if isinstance(workspace, dict) and "diagnostic" in workspace:
        workspace.setdefault("diagnostics", workspace["diagnostic"])


def _parsed(body: bytes) -> dict[str, Any]:
    """A message as JSON; raises JsonRpcException if it is no JSON, or no message."""
    try:
        data = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise JsonRpcParseError(f"a message is no JSON: {error}") from error
    fault = JsonRpcInvalidRequest("this is no message of JSON-RPC 2.0")
    if not isinstance(data, dict) or data.get("jsonrpc") != Protocol.VERSION:
        raise fault
    if not {"id", "method"} & data.keys():
        raise fault
    number = data.get("id", 0)
    is_number = isinstance(number, str | int) and not isinstance(number, bool)
    # An error of the editor's, too, has no number where a message could not be understood.
    if not is_number and not (number is None and "error" in data):
        raise JsonRpcInvalidRequest("an id is a string or an integer")
    return data


async def _next(reader: AsyncReader) -> bytes | None:
    """The next message; None at the end of the input.

    A message that is longer than its header says leaves a rest before the next header, on the same
    line. So the length is what stands at the end of a line.

    Raises:
        JsonRpcException: the header names no length that can be, or the input ends before.
    """
    length, has_header = b"", False
    while line := (await reader.readline()).lower():
        if line.strip():
            has_header = True
            length = line.rpartition(_LENGTH)[2].strip() if _LENGTH in line else length
        elif has_header:
            break
    else:
        return None
    if not length.isdigit() or len(length) > len(str(_LONGEST)) or int(length) > _LONGEST:
        raise JsonRpcParseError("a message has no valid Content-Length")
    try:
        body = await reader.readexactly(int(length))
    except asyncio.IncompleteReadError as error:
        body = error.partial
    if len(body) < int(length):
        raise JsonRpcParseError(f"the input ends within a message of {int(length)} bytes")
    return body
