"""Pictures of what people see: the terminal as SVG, a health report as a browser shows it.

Both are of `examples/faulty`; diagrams of pages and models are in `diagrams.py`. An SVG is made
anew and compared. No two browsers draw the same bytes, so the PNG carries a digest of the page that
it shows: where the page changed, it is stale.
"""

import base64
import hashlib
import re
import struct
import tempfile
import zlib
from collections.abc import Callable
from contextlib import chdir
from dataclasses import replace
from io import StringIO
from pathlib import Path

from docs.diagrams import anatomy_svg, models_svg
from rich.console import Console
from rich.text import Text

import newsarchive as na

ROOT = Path(__file__).parents[1]
WIDTH = 100
_SIZE = (1100, 1000)
_PROGRESS = re.compile(r".*\r(?:\x1b\[K)?")
_FONTS = re.compile(r"\s*@font-face \{.*?\}\n", re.S)
_KEY = b"newsarchive"


def terminal_svg() -> bytes:
    """What ``newsarchive check faulty`` shows at a terminal of 100 columns."""
    from tests.terminals import at_a_terminal

    with chdir(ROOT / "examples"), tempfile.TemporaryDirectory() as cache:
        said = at_a_terminal(
            "check", "faulty", "--select", "NA1,NA2", "--ignore", "NA211",
            width=WIDTH, env={"NEWSARCHIVE_CACHE_DIR": cache},
        )  # fmt: skip
    lines = [_PROGRESS.sub("", line) for line in said.rstrip("\n").split("\n")]
    console = Console(record=True, width=WIDTH, file=StringIO(), color_system="truecolor")
    console.print(Text.from_ansi("\n".join(lines)), no_wrap=True, crop=True)
    svg = console.export_svg(title="newsarchive check", unique_id="terminal")
    return _FONTS.sub("", svg).encode()


def report_html() -> str:
    """The health report that is shown: the same wherever it is made."""
    with chdir(ROOT / "examples"):
        report, figures = na.check("faulty", ignore=["NA211"]), na.figures("faulty")
    named = replace(figures, name="faulty", command=("newsarchive", "check", "faulty"))
    return report.to_html(named)


def report_png() -> bytes:
    """The health report's first screen; needs Chromium."""
    from tests.browser import Browser

    html = report_html()
    browser = Browser()
    try:
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "report.html"
            file.write_text(html, "utf-8")
            browser.open(file, _SIZE[0])
            clip = {"x": 0, "y": 0, "width": _SIZE[0], "height": _SIZE[1], "scale": 1}
            shot = browser.call("Page.captureScreenshot", clip=clip, captureBeyondViewport=True)
    finally:
        browser.close()
    return _marked(base64.b64decode(shot["data"]), digest(html))


def digest(html: str) -> bytes:
    """What a picture of a page is known by."""
    return hashlib.sha256(html.encode()).hexdigest().encode()


def _marked(png: bytes, text: bytes) -> bytes:
    """A PNG with a text in it, before its end."""
    data = b"tEXt" + _KEY + b"\0" + text
    chunk = struct.pack(">I", len(data) - 4) + data + struct.pack(">I", zlib.crc32(data))
    return png[:-12] + chunk + png[-12:]


def is_fresh_png(png: bytes) -> bool:
    """Whether a picture shows the report as it is now."""
    return _KEY + b"\0" + digest(report_html()) in png


def _made(make: Callable[[], bytes]) -> tuple[Callable[[], bytes], Callable[[bytes], bool]]:
    """A picture that is made anew and compared."""
    return make, lambda found: found == make()


PICTURES: dict[str, tuple[Callable[[], bytes], Callable[[bytes], bool]]] = {
    "docs/pictures/anatomy.svg": _made(anatomy_svg),
    "docs/pictures/models.svg": _made(models_svg),
    "docs/pictures/terminal.svg": _made(terminal_svg),
    "docs/pictures/report.png": (report_png, is_fresh_png),
}
"""How each picture is made, and what tells whether it is as it should be."""
