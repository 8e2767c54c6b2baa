"""How fast the language server answers: edits of random pages of an archive, over stdio.

python benchmarks/lsp.py ARCHIVE [-n EDITS] [--seed N] [--markdown FILE]

The server is started as editors start it. Once it has read the archive, a page at a time is
opened and edited as if by hand: letters into the title, the description or a link's path, and
out again. Measured is the time from an edit's message to the message with its findings; then how
long each kind of request takes. Other servers are asked for the findings on all pages, with the
cache that a check left, in turn with a check. The most memory that any of them took comes last.
"""

import argparse
import json
import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from newsarchive import check
from newsarchive.archive import Archive
from newsarchive.lsp.places import Lines
from newsarchive.page.paths import PageKind, kind_of

GOAL_MS, GOAL_MB = 10, 200
_EDITS_A_PAGE = 10
_SPOTS = (r"\n# ", r"\n\n(?=\w)", r"\]\(/news/\d+/\d+/\d+/\w")


class Client:
    """As much of an editor as measuring needs."""

    def __init__(self, root: Path, *, workspace: bool = False, cache: str = "") -> None:
        """Start a server; with `workspace`, one that is asked for the findings on all pages."""
        command = [sys.executable, "-m", "newsarchive", "lsp"]
        given = {**os.environ, **({"NEWSARCHIVE_CACHE_DIR": cache} if cache else {})}
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=given
        )
        assert self._process.stdin
        assert self._process.stdout
        self._in, self._out = self._process.stdin, self._process.stdout
        folder = {"uri": root.as_uri(), "name": "archive"}
        operations = {"workspaceEdit": {"resourceOperations": ["rename"]}}
        hello: dict[str, Any] = {"workspaceFolders": [folder], "capabilities": {}}
        hello["capabilities"] = {"workspace": operations}
        if workspace:
            hello["capabilities"] = {
                "textDocument": {"diagnostic": {}},
                "workspace": {
                    "diagnostics": {"refreshSupport": True},
                    "didChangeWatchedFiles": {"dynamicRegistration": True},
                },
            }
            hello["initializationOptions"] = {"diagnosticMode": "workspace"}
        self.ask("initialize", hello)
        self.tell("initialized", {})

    def tell(self, method: str, params: Any, **more: Any) -> None:
        """Send a notification, or with an id a request."""
        self._send({"method": method, "params": params, **more})

    def _send(self, message: dict[str, Any]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self._in.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self._in.flush()

    def next(self) -> dict[str, Any]:
        """The next message; what the server asks of an editor is granted."""
        length = 0
        while (header := self._out.readline()).strip() or not length:
            if not header:
                raise EOFError("the server went away")
            name, _, value = header.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        message: dict[str, Any] = json.loads(self._out.read(length))
        if "method" in message and "id" in message:
            self._send({"id": message["id"], "result": None})
        return message

    def ask(self, method: str, params: Any) -> Any:
        """Send a request and wait for its answer."""
        self.tell(method, params, id=1)
        while (message := self.next()).get("id") != 1 or "method" in message:
            pass
        if "error" in message:
            raise ValueError(f"{method}: {message['error']['message']}")
        return message.get("result")

    def time(self, method: str, params: Any) -> float:
        """How long a request takes, in milliseconds."""
        began = time.perf_counter()
        self.ask(method, params)
        return 1000 * (time.perf_counter() - began)

    def memory(self) -> float | None:
        """The most memory that the server took until now, in MB; None where nothing tells."""
        status = Path(f"/proc/{self._process.pid}/status")
        found = re.search(r"VmHWM:\s+(\d+) kB", status.read_text() if status.exists() else "")
        return int(found[1]) * 1024 / 1e6 if found else None

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


class Figures(NamedTuple):
    """What was measured.

    Attributes:
        loaded: seconds until the archive was read.
        edits: milliseconds from each edit to its findings.
        answers: milliseconds for each kind of request, by its name.
        memory: the most memory that a server took, in MB; None where nothing tells.
    """

    loaded: float
    edits: list[float]
    answers: dict[str, list[float]]
    memory: float | None


class Page:
    """A page that is open, and places in it."""

    def __init__(self, client: Client, archive: Archive, path: str) -> None:
        self._client = client
        self.uri = Path(archive.file(path)).as_uri()
        self.text = archive.read_bytes(path).decode()
        document = {"uri": self.uri, "languageId": "markdown", "version": 0, "text": self.text}
        client.tell("textDocument/didOpen", {"textDocument": document})

    def edit(self, start: int, end: int, new: str, version: int) -> None:
        """Replace a part of its text."""
        lines = Lines(self.text)
        first, last = lines.place(start), lines.place(end)
        changed = {"start": first._asdict(), "end": last._asdict()}
        self.text = self.text[:start] + new + self.text[end:]
        document = {"uri": self.uri, "version": version}
        changes = [{"range": changed, "text": new}]
        self._client.tell(
            "textDocument/didChange", {"textDocument": document, "contentChanges": changes}
        )

    def at(self, words: str) -> dict[str, Any]:
        """Parameters of a request about the end of the first match of a pattern, or the start."""
        found = re.search(words, self.text)
        place = Lines(self.text).place(found.end() if found else 0)
        return {"textDocument": {"uri": self.uri}, "position": place._asdict()}

    def close(self) -> None:
        """Close it."""
        self._client.tell("textDocument/didClose", {"textDocument": {"uri": self.uri}})


def _renamed(page: Page) -> dict[str, Any]:
    new = f"{page.uri.rpartition('/')[0]}/another-name.md"
    return {"files": [{"oldUri": page.uri, "newUri": new}]}


_TITLE, _TERM, _LINK = r"\n# .", r"_Context: .", r"\n1\. \[."
REQUESTS: tuple[tuple[str, int, str, Callable[[Page], dict[str, Any]]], ...] = (
    ("hover on a title", 50, "textDocument/hover", lambda p: p.at(_TITLE)),
    ("hover on a context term", 50, "textDocument/hover", lambda p: p.at(_TERM)),
    ("completion of a title", 50, "textDocument/completion", lambda p: p.at(_LINK)),
    ("document links", 50, "textDocument/documentLink", lambda p: p.at("")),
    ("formatting", 50, "textDocument/formatting",
     lambda p: {**p.at(""), "options": {"tabSize": 4, "insertSpaces": True}}),
    ("symbols, empty query", 50, "workspace/symbol", lambda p: {"query": ""}),
    ("symbols, two words", 50, "workspace/symbol", lambda p: {"query": "people killed"}),
    ("symbols, no match", 50, "workspace/symbol", lambda p: {"query": "zzzz"}),
    ("rename by title", 1500, "textDocument/rename",
     lambda p: {**p.at(_TITLE), "newName": "Another title than this one."}),
    ("rename of a file, its links", 1500, "workspace/willRenameFiles", _renamed),
)  # fmt: skip
"""What is asked: its name, the goal in milliseconds, the method, and the parameters."""
EVERYTHING, UNCHANGED = "findings on all pages", "findings on all pages, unchanged"
AT_ONCE = "findings on all pages, asked at the start"
WARM = "for comparison: a check with nothing changed"


def measure(root: Path, count: int, seed: int, rounds: int = 3) -> Figures:
    """Have a server judge edits and answer requests.

    Args:
        root: the archive.
        count: how many edits are measured.
        seed: what chooses the pages.
        rounds: how often each request is made, each time on another page.
    """
    chance = random.Random(seed)
    archive = Archive(root)
    pages = list(archive)
    began = time.perf_counter()
    client = Client(root)
    client.wait_for_log("pages of")
    loaded = time.perf_counter() - began
    times: list[float] = []
    while len(times) < count:
        page = Page(client, archive, chance.choice(pages))
        client.wait_for_findings(page.uri, 0)
        for version, (start, end, new) in enumerate(edits(page.text, chance), 1):
            began = time.perf_counter()
            page.edit(start, end, new, version)
            client.wait_for_findings(page.uri, version)
            times.append(1000 * (time.perf_counter() - began))
        page.close()
    answers: dict[str, list[float]] = {}
    events = [page for page in pages if kind_of(page) is PageKind.EVENT]
    for _ in range(rounds):
        page = Page(client, archive, chance.choice(events))
        client.wait_for_findings(page.uri, 0)
        for name, _, method, parameters in REQUESTS:
            answers.setdefault(name, []).append(client.time(method, parameters(page)))
        page.close()
    taken = [client.memory()]
    client.stop()
    answers |= all_pages(root, rounds, taken)
    return Figures(loaded, times, answers, max((mb for mb in taken if mb), default=None))


def all_pages(root: Path, rounds: int, taken: list[float | None]) -> dict[str, list[float]]:
    """How long it takes to be told of all pages, with the cache of a check that ran before.

    Args:
        root: the archive.
        rounds: how many servers are asked at their start, and how many when they have read it.
        taken: takes up how much memory each of them took.
    """
    found: dict[str, list[float]] = {EVERYTHING: [], UNCHANGED: [], AT_ONCE: [], WARM: []}
    everything: dict[str, Any] = {"previousResultIds": []}
    with tempfile.TemporaryDirectory() as folder:
        check(root, cache=folder, jobs=None)
        for _ in range(rounds):
            began = time.perf_counter()
            check(root, cache=folder)
            found[WARM].append(1000 * (time.perf_counter() - began))
            for name in (AT_ONCE, EVERYTHING):
                client = Client(root, workspace=True, cache=folder)
                if name is EVERYTHING:
                    client.wait_for_log("pages of")
                found[name].append(client.time("workspace/diagnostic", everything))
                found[UNCHANGED].append(client.time("workspace/diagnostic", everything))
                taken.append(client.memory())
                client.stop()
    return found


def table(root: Path, pages: int, found: Figures) -> str:
    """The figures as a Markdown table."""
    times = found.edits
    cuts = statistics.quantiles(times, n=100, method="inclusive")
    goals = {name: goal for name, goal, *_ in REQUESTS}
    rows = [
        ("archive read", f"{found.loaded:.1f} s", ""),
        ("edit to findings, median", *_judged(statistics.median(times), GOAL_MS)),
        ("edit to findings, 95 of 100", f"{cuts[94]:.1f} ms", ""),
        ("edit to findings, longest", f"{max(times):.1f} ms", ""),
        *((name, *_judged(statistics.median(each), goals.get(name)))
          for name, each in found.answers.items()),
    ]  # fmt: skip
    if found.memory is not None:
        rows.append(("most memory", *_judged(found.memory, GOAL_MB, "MB")))
    head = f"Language server, {len(times)} edits in {root.name} ({pages:,} pages):\n\n"
    lines = ["| what | median | goal |", "|---|--:|---|"]
    lines += [f"| {' | '.join(row)} |" for row in rows]
    return head + "\n".join(lines) + "\n"


def _judged(figure: float, goal: int | None, unit: str = "ms") -> tuple[str, str]:
    verdict = "met" if goal and figure <= goal else "**missed**"
    return f"{figure:,.1f} {unit}", f"≤ {goal:,} {unit}: {verdict}" if goal else ""


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("archive", type=Path, metavar="ARCHIVE", help="a folder")
    parser.add_argument("-n", dest="edits", type=int, default=500, metavar="EDITS")
    parser.add_argument("--seed", type=int, default=1, metavar="N")
    parser.add_argument("--markdown", type=Path, metavar="FILE", help="write the table here, too")
    args = parser.parse_args()
    root = args.archive.resolve()
    out = table(root, len(Archive(root)), measure(root, args.edits, args.seed))
    if args.markdown:
        args.markdown.write_text(out, encoding="utf-8")
    print(out, end="")


if __name__ == "__main__":
    main()
