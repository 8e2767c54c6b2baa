"""How fast the language server answers: edits of random pages of an archive, over stdio.

python benchmarks/lsp.py ARCHIVE [-n EDITS] [--seed N] [--markdown FILE]

The server is started as editors start it. Once it has read the archive, a page at a time is
opened and edited as if by hand: letters into the title, the description or a link's path, and
out again. Measured is the time from an edit's message to the message with its findings.
"""

import argparse
import json
import random
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from newsarchive.archive import Archive
from newsarchive.lsp.places import Lines

GOAL_MS = 50
_EDITS_A_PAGE = 10
_SPOTS = (r"\n# ", r"\n\n(?=\w)", r"\]\(/news/\d+/\d+/\d+/\w")


class Client:
    """As much of an editor as measuring needs."""

    def __init__(self, root: Path) -> None:
        command = [sys.executable, "-m", "newsarchive", "lsp"]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert self._process.stdin
        assert self._process.stdout
        self._in, self._out = self._process.stdin, self._process.stdout
        folder = {"uri": root.as_uri(), "name": "archive"}
        self.ask("initialize", {"capabilities": {}, "workspaceFolders": [folder]})
        self.tell("initialized", {})

    def tell(self, method: str, params: Any, **more: Any) -> None:
        """Send a notification, or with an id a request."""
        message = {"jsonrpc": "2.0", "method": method, "params": params, **more}
        body = json.dumps(message).encode()
        self._in.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self._in.flush()

    def next(self) -> dict[str, Any]:
        """The next message."""
        length = 0
        while (header := self._out.readline()).strip() or not length:
            if not header:
                raise EOFError("the server went away")
            name, _, value = header.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        message: dict[str, Any] = json.loads(self._out.read(length))
        return message

    def ask(self, method: str, params: Any) -> Any:
        """Send a request and wait for its answer."""
        self.tell(method, params, id=1)
        while (message := self.next()).get("id") != 1:
            pass
        return message.get("result")

    def wait_for_log(self, words: str) -> None:
        """Wait for a log message with some words."""
        while words not in str(self.next().get("params", {})):
            pass

    def wait_for_findings(self, uri: str, version: int) -> int:
        """Wait for the findings on a document; returns how many there are."""
        while True:
            message = self.next()
            params = message.get("params", {})
            if message.get("method") == "textDocument/publishDiagnostics" and (
                (params["uri"], params.get("version")) == (uri, version)
            ):
                return len(params["diagnostics"])

    def stop(self) -> None:
        """Say goodbye."""
        self.ask("shutdown", None)
        self.tell("exit", None)
        self._in.close()
        self._process.wait()
        self._out.close()


def edits(text: str, chance: random.Random) -> Iterator[tuple[int, int, str]]:
    """Edits as a person makes them: letters into a place, then out again."""
    found = [[m.end() for m in re.finditer(words, text)] for words in _SPOTS]
    places = [spots for spots in found if spots] or [[0]]
    for _ in range(_EDITS_A_PAGE // 2):
        at = chance.choice(chance.choice(places))
        yield at, at, chance.choice("aeinrst")
        yield at, at + 1, ""


def measure(root: Path, count: int, seed: int) -> tuple[float, list[float]]:
    """Seconds until the archive is read, and milliseconds for each edit."""
    chance = random.Random(seed)
    archive = Archive(root)
    pages = list(archive)
    began = time.perf_counter()
    client = Client(root)
    client.wait_for_log("pages of")
    loaded = time.perf_counter() - began
    times: list[float] = []
    while len(times) < count:
        path = chance.choice(pages)
        uri, text = Path(archive.file(path)).as_uri(), archive.read_bytes(path).decode()
        document = {"uri": uri, "languageId": "markdown", "version": 0, "text": text}
        client.tell("textDocument/didOpen", {"textDocument": document})
        client.wait_for_findings(uri, 0)
        for version, (start, end, new) in enumerate(edits(text, chance), 1):
            lines = Lines(text)
            first, last = lines.place(start), lines.place(end)
            changed = {"start": first._asdict(), "end": last._asdict()}
            text = text[:start] + new + text[end:]
            began = time.perf_counter()
            client.tell(
                "textDocument/didChange",
                {
                    "textDocument": {"uri": uri, "version": version},
                    "contentChanges": [{"range": changed, "text": new}],
                },
            )
            client.wait_for_findings(uri, version)
            times.append(1000 * (time.perf_counter() - began))
        client.tell("textDocument/didClose", {"textDocument": {"uri": uri}})
    client.stop()
    return loaded, times


def table(root: Path, pages: int, loaded: float, times: list[float]) -> str:
    """The figures as a Markdown table."""
    cuts = statistics.quantiles(times, n=100, method="inclusive")
    median = statistics.median(times)
    verdict = "met" if median < GOAL_MS else "**missed**"
    rows = [
        ("archive read", f"{loaded:.1f} s", ""),
        ("edit to findings, median", f"{median:.1f} ms", f"< {GOAL_MS} ms: {verdict}"),
        ("edit to findings, 95 of 100", f"{cuts[94]:.1f} ms", ""),
        ("edit to findings, longest", f"{max(times):.1f} ms", ""),
    ]
    head = f"Language server, {len(times)} edits in {root.name} ({pages:,} pages):\n\n"
    lines = ["| what | time | goal |", "|---|--:|---|", *(f"| {' | '.join(row)} |" for row in rows)]
    return head + "\n".join(lines) + "\n"


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("archive", type=Path, metavar="ARCHIVE", help="a folder")
    parser.add_argument("-n", dest="edits", type=int, default=500, metavar="EDITS")
    parser.add_argument("--seed", type=int, default=1, metavar="N")
    parser.add_argument("--markdown", type=Path, metavar="FILE", help="write the table here, too")
    args = parser.parse_args()
    root = args.archive.resolve()
    loaded, times = measure(root, args.edits, args.seed)
    out = table(root, len(Archive(root)), loaded, times)
    if args.markdown:
        args.markdown.write_text(out, encoding="utf-8")
    print(out, end="")


if __name__ == "__main__":
    main()
