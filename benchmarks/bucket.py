"""A bucket on this machine whose answers take a while: a folder's files, as S3 gives them.

    python benchmarks/bucket.py FOLDER --delay 0.03

It prints its port and serves until its standard input ends. It knows what reading needs: listing,
a thousand keys at a time, and single objects. Nobody's signature is looked at.
"""

import argparse
import asyncio
import hashlib
import sys
from pathlib import Path
from typing import NamedTuple
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape

_AT_ONCE = 1000
_WHEN, _HTTP_WHEN = "2020-01-01T00:00:00.000Z", "Wed, 01 Jan 2020 00:00:00 GMT"


class Entry(NamedTuple):
    """An object as a listing has it."""

    key: str
    size: int
    tag: str


def entries(folder: Path) -> list[Entry]:
    """A folder's files, by key."""
    found = []
    for file in folder.rglob("*"):
        if file.is_file():
            data = file.read_bytes()
            tag = hashlib.md5(data, usedforsecurity=False).hexdigest()
            found.append(Entry(file.relative_to(folder).as_posix(), len(data), tag))
    return sorted(found)


def listing(found: list[Entry], query: dict[str, list[str]]) -> bytes:
    """One page of a listing, as XML."""
    prefix = query.get("prefix", [""])[0]
    start = int(query.get("continuation-token", ["0"])[0])
    most = min(int(query.get("max-keys", [_AT_ONCE])[0]), _AT_ONCE)
    matching = [entry for entry in found if entry.key.startswith(prefix)] if prefix else found
    some = matching[start : start + most]
    more = start + most < len(matching)
    rows = "".join(
        f"<Contents><Key>{escape(key)}</Key><LastModified>{_WHEN}</LastModified>"
        f"<ETag>&quot;{tag}&quot;</ETag><Size>{size}</Size></Contents>"
        for key, size, tag in some
    )
    after = f"<NextContinuationToken>{start + most}</NextContinuationToken>" if more else ""
    return (
        '<?xml version="1.0" encoding="UTF-8"?><ListBucketResult><Name>b</Name>'
        f"<KeyCount>{len(some)}</KeyCount><IsTruncated>{str(more).lower()}</IsTruncated>"
        f"{after}{rows}</ListBucketResult>"
    ).encode()


class Bucket:
    """Answers requests.

    Args:
        folder: whose files there are.
        delay: how many seconds each answer takes.
    """

    def __init__(self, folder: Path, delay: float) -> None:
        self.folder = folder
        self.delay = delay
        self.entries = entries(folder)
        self.tags = {entry.key: entry.tag for entry in self.entries}

    def answer(self, target: str) -> tuple[str, bytes, str]:
        """The status, body and tag of an answer."""
        parts = urlsplit(target)
        key = unquote(parts.path).lstrip("/").partition("/")[2]
        if not key:
            return "200 OK", listing(self.entries, parse_qs(parts.query)), ""
        if key not in self.tags:
            return "404 Not Found", b"<Error><Code>NoSuchKey</Code></Error>", ""
        return "200 OK", (self.folder / key).read_bytes(), self.tags[key]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer the requests of one connection."""
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                target = head.split(b" ", 2)[1].decode()
                status, body, tag = self.answer(target)
                await asyncio.sleep(self.delay)
                writer.write(
                    f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n"
                    f'ETag: "{tag}"\r\nLast-Modified: {_HTTP_WHEN}\r\n\r\n'.encode()
                    + body
                )
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()


async def run(folder: Path, delay: float) -> None:
    """Serve a folder's files until standard input ends."""
    bucket = Bucket(folder, delay)
    server = await asyncio.start_server(bucket.serve, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--delay", type=float, default=0.03, help="seconds (default: 0.03)")
    given = parser.parse_args()
    asyncio.run(run(given.folder, given.delay))
