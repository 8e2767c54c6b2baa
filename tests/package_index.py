"""A package index on this machine: a wheel of the project, and what it needs as installed."""

import re
import threading
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from html import escape
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import Distribution, distribution
from pathlib import Path
from urllib.parse import quote

_NAME = re.compile(r"[A-Za-z0-9._-]+")


def normalized(name: str) -> str:
    """A package's name as indexes have it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def needed(name: str) -> set[str]:
    """What a package needs, and what that needs, without extras; all of it is installed."""
    found, pending = set(), [name]
    while pending:
        for line in distribution(pending.pop()).requires or ():
            requirement, _, marker = line.partition(";")
            word = _NAME.match(requirement)
            if word and not marker.strip() and normalized(word[0]) not in found:
                found.add(normalized(word[0]))
                pending.append(word[0])
    return found


def repacked(package: Distribution, folder: Path) -> Path:
    """The wheel that an installed package came from, made of its files."""
    tags = re.findall(r"^Tag: (\S+)-(\S+)-(\S+)$", package.read_text("WHEEL") or "", re.M)
    kinds = "-".join(".".join(dict.fromkeys(some)) for some in zip(*tags, strict=True))
    wheel = folder / f"{package.name.replace('-', '_')}-{package.version}-{kinds}.whl"
    with zipfile.ZipFile(wheel, "w") as packed:
        for file in package.files or ():
            place = Path(str(file.locate()))
            if ".." not in file.parts and file.suffix != ".pyc" and place.is_file():
                packed.write(place, file.as_posix())
    return wheel


class _Index(SimpleHTTPRequestHandler):
    """The simple interface of an index, over a folder of wheels."""

    def do_GET(self) -> None:
        found = re.fullmatch(r"/simple/([^/]+)/", self.path)
        if not found:
            with suppress(BrokenPipeError):  # some ask for the end of a wheel alone
                super().do_GET()
            return
        files = [f.name for f in Path(self.directory).glob("*.whl")]
        mine = [f for f in files if normalized(f.partition("-")[0]) == found[1]]
        page = "".join(f'<a href="/{quote(name)}">{escape(name)}</a>\n' for name in sorted(mine))
        body = f"<!DOCTYPE html><html><body>{page}</body></html>".encode()
        self.send_response(200 if mine else 404)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def served(wheel: Path, folder: Path, more: Iterable[str] = ()) -> Iterator[str]:
    """The address of an index with a wheel of newsarchive, and all that it needs.

    Args:
        wheel: the wheel.
        folder: where to put wheels.
        more: other installed packages to offer.
    """
    (folder / wheel.name).write_bytes(wheel.read_bytes())
    for name in {*needed("newsarchive"), *more}:
        repacked(distribution(name), folder)
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Index, directory=str(folder))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/simple/"
        server.shutdown()
