"""Messages that are faulty: every request gets an answer at once, and the next one is taken."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from tests.lsp.editor import until
from tests.lsp.talk import Talk, talk

pytestmark = [pytest.mark.slow, pytest.mark.asyncio]

PARSE_ERROR, INVALID_REQUEST, INVALID_PARAMETERS = -32700, -32600, -32602
URI = {"uri": "file:///x.md"}
GOOD = {"line": 0, "character": 0}
IMPOSSIBLE = [1 << 31, -1, "a", None, [], {}, 1e300]


def body(method: str, params: object, **more: object) -> bytes:
    return json.dumps({"jsonrpc": "2.0", "method": method, "params": params, **more}).encode()


def framed(content: bytes, length: object = None) -> bytes:
    told = len(content) if length is None else length
    return b"Content-Length: %s\r\n\r\n%s" % (str(told).encode(), content)


@asynccontextmanager
async def quiet(caplog: pytest.LogCaptureFixture) -> AsyncIterator[Talk]:
    """A server that writes no trace, and answers what comes after the faulty message."""
    with caplog.at_level(logging.WARNING):
        async with talk() as editor:
            yield editor
            assert (await editor.ask("workspace/symbol", {"query": "none"}))["result"] == []
            assert editor.logged("an error in the server") == []
    assert caplog.records == []


async def refusal(editor: Talk, raw: bytes, number: object = None) -> int:
    """The code of the error that answers what is sent."""
    before = len(editor.said)
    editor.input.feed_data(raw)
    await until(lambda: any("error" in said for said in editor.said[before:]))
    answer = next(said for said in editor.said[before:] if "error" in said)
    assert answer["id"] == number
    assert answer["error"]["message"]
    return int(answer["error"]["code"])


@pytest.mark.parametrize("end", ["line", "character"])
@pytest.mark.parametrize(
    ("method", "more"),
    [
        ("textDocument/hover", {}),
        ("textDocument/definition", {}),
        ("textDocument/references", {"context": {"includeDeclaration": True}}),
        ("textDocument/completion", {}),
        ("textDocument/prepareRename", {}),
        ("textDocument/rename", {"newName": "x"}),
    ],
)
async def test_places_that_cannot_be_are_no_parameters(
    method: str, more: dict[str, Any], end: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with quiet(caplog) as editor:
        for number, value in enumerate(IMPOSSIBLE):
            params = {"textDocument": URI, "position": {**GOOD, end: value}, **more}
            found = await refusal(editor, framed(body(method, params, id=number)), number)
            assert found == INVALID_PARAMETERS, value


@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("textDocument/codeAction", {"textDocument": URI, "range": {"start": GOOD}}),
        ("textDocument/documentSymbol", {}),
        ("workspace/symbol", None),
        ("textDocument/hover", "x"),
    ],
)
async def test_other_parameters_than_a_method_takes_are_answered(
    method: str, params: object, caplog: pytest.LogCaptureFixture
) -> None:
    async with quiet(caplog) as editor:
        raw = framed(body(method, params, id="seven"))
        assert await refusal(editor, raw, "seven") == INVALID_PARAMETERS


@pytest.mark.parametrize(
    "length",
    ["abc", "-5", "", "1e3", "0x10", "+7", "5 5", "99999999999", "9" * 5000, 1 << 31, "0", "\xb2"],
)
async def test_a_length_that_cannot_be_is_answered_at_once(
    length: object, caplog: pytest.LogCaptureFixture
) -> None:
    async with quiet(caplog) as editor:
        content = body("workspace/symbol", {"query": ""}, id=1)
        assert await refusal(editor, framed(content, length)) == PARSE_ERROR


async def test_a_header_without_a_length_is_answered(caplog: pytest.LogCaptureFixture) -> None:
    async with quiet(caplog) as editor:
        assert await refusal(editor, b"Content-Type: x\r\n\r\n") == PARSE_ERROR


@pytest.mark.slow
@pytest.mark.parametrize("off", [-1, -10, -40])
async def test_a_length_that_is_too_short_costs_that_message_alone(
    off: int, caplog: pytest.LogCaptureFixture
) -> None:
    async with quiet(caplog) as editor:
        content = body("workspace/symbol", {"query": ""}, id=1)
        assert await refusal(editor, framed(content, len(content) + off)) == PARSE_ERROR


async def test_a_length_that_is_too_long_costs_the_next_message_alone(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with quiet(caplog) as editor:
        content = body("workspace/symbol", {"query": ""}, id=1)
        raw = framed(content, len(content) + 12) + framed(content)
        assert await refusal(editor, raw) == PARSE_ERROR


async def test_headers_are_read_in_any_case_and_order(caplog: pytest.LogCaptureFixture) -> None:
    async with quiet(caplog) as editor:
        content = body("workspace/symbol", {"query": "none"}, id=8)
        told = b"content-type: x\r\nCONTENT-LENGTH:%d\r\n\r\n\r\n" % len(content)
        editor.input.feed_data(b"\r\n" + told.replace(b"\r\n\r\n\r\n", b"\r\n\r\n") + content)
        await until(lambda: any(said.get("id") == 8 for said in editor.said))


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"{x}", PARSE_ERROR),
        (b"\xff", PARSE_ERROR),
        (b"[" * 60_000, PARSE_ERROR),
        (b'{"jsonrpc": "2.0", "id": %s}' % (b"9" * 5000), PARSE_ERROR),
        (b"[]", INVALID_REQUEST),
        (b"5", INVALID_REQUEST),
        (b"{}", INVALID_REQUEST),
        (b'{"jsonrpc": "2.0"}', INVALID_REQUEST),
        (b'{"jsonrpc": "1.0", "id": 1, "method": "shutdown"}', INVALID_REQUEST),
        (b'{"jsonrpc": "2.0", "id": {}, "method": "shutdown"}', INVALID_REQUEST),
        (b'{"jsonrpc": "2.0", "id": true, "method": "shutdown"}', INVALID_REQUEST),
        (b'{"jsonrpc": "2.0", "id": null, "method": "shutdown"}', INVALID_REQUEST),
    ],
    ids=range(12),
)
async def test_what_is_no_message_is_answered_without_a_number(
    content: bytes, code: int, caplog: pytest.LogCaptureFixture
) -> None:
    async with quiet(caplog) as editor:
        assert await refusal(editor, framed(content)) == code


async def test_a_request_of_what_has_no_answer_is_refused(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with quiet(caplog) as editor:
        document = {**URI, "languageId": "markdown", "version": 1, "text": ""}
        raw = framed(body("textDocument/didOpen", {"textDocument": document}, id=3))
        assert await refusal(editor, raw, 3) == INVALID_REQUEST
        raw = b'{"jsonrpc": "2.0", "id": 4, "method": 5}'
        assert await refusal(editor, framed(raw), 4) == INVALID_REQUEST


@pytest.mark.parametrize(
    "content",
    [
        body("textDocument/didOpen", {"textDocument": 5}),
        body("textDocument/hover", {"textDocument": URI, "position": GOOD}),
        b'{"jsonrpc": "2.0", "id": 77, "error": 5}',
        b'{"jsonrpc": "2.0", "id": null, "error": {"code": 1}}',
    ],
    ids=range(4),
)
async def test_what_wants_no_answer_gets_none_but_a_line_in_the_log(content: bytes) -> None:
    async with talk() as editor:
        editor.input.feed_data(framed(content))
        await until(lambda: editor.logged("a message from the editor is refused"))
        assert (await editor.ask("workspace/symbol", {"query": "none"}))["result"] == []
        assert [said for said in editor.said if "error" in said] == []


async def test_after_the_goodbye_requests_are_refused() -> None:
    async with talk() as editor:
        assert (await editor.ask("shutdown", None))["result"] is None
        answer = await editor.ask("workspace/symbol", {"query": "none"})
        assert answer["error"]["code"] == INVALID_REQUEST


async def test_an_input_that_ends_within_a_message_is_answered() -> None:
    async with talk() as editor:
        editor.input.feed_data(framed(b"{}", 50))
        await asyncio.sleep(0)
        editor.input.feed_eof()
        await until(lambda: any("error" in said for said in editor.said))
