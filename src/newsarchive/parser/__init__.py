"""From text to pages: `parse`, `inspect`, and the reading that the rules look at."""

import re

from pydantic import ValidationError

from newsarchive.document import Document
from newsarchive.models import Editorial, Page, ProsePage
from newsarchive.parser._blocks import blocks
from newsarchive.parser._events import build_event, read_event
from newsarchive.parser._grammar import EDITORIAL
from newsarchive.parser._indexes import build_index, read_index
from newsarchive.paths import PageKind, kind_of
from newsarchive.reading import Problem, Reading

_INDEXES = (PageKind.DAY_INDEX, PageKind.FRONT_PAGE, PageKind.OPINION_INDEX)
_DATE_HEADING = re.compile(r"^(##|###)[ \t]+\[[0-9]+-[0-9]+-[0-9]+\]\(", re.M)
_FIRST_HEADING = re.compile(r"^## (?:\[News\]\(|(Opinion)$)", re.M)
_SURROGATE = re.compile("[\ud800-\udfff]")


def guess_kind(body: str) -> PageKind:
    """The kind of a page whose path is not known, by its first telling heading."""
    m = _DATE_HEADING.search(body)
    if m:
        return PageKind.DAY_INDEX if m[1] == "##" else PageKind.EVENT
    m = _FIRST_HEADING.search(body)
    if m:
        return PageKind.OPINION_INDEX if m[1] else PageKind.FRONT_PAGE
    return PageKind.PROSE


def read(text: str | bytes, path: str = "") -> Reading:
    """Read a text: find its parts and what keeps them from being found. Never raises on content.

    Args:
        text: a page's text, or its bytes (UTF-8).
        path: its archive path; where empty, the kind of page is guessed from its headings.
    """
    if isinstance(text, bytes):
        try:
            text = text.decode("utf-8")
        except UnicodeDecodeError as error:
            return _undecodable(error, path)
    elif not text.isascii() and (m := _SURROGATE.search(text)):
        return _unusable(text, path, m.start(), m.end(), "a lone surrogate is no text")
    if not path.isascii():
        path = path.encode("utf-8", "replace").decode("utf-8")
    document = Document(text, path)
    kind = kind_of(path) if path else guess_kind(document.body)
    if kind is PageKind.EVENT:
        reading = Reading(document, kind, build_event)
        read_event(reading, blocks(document.body))
    elif kind in _INDEXES:
        reading = Reading(document, kind, build_index)
        read_index(reading, blocks(document.body))
    else:
        reading = Reading(document, kind, _build_prose)
    return reading


def _undecodable(error: UnicodeDecodeError, path: str) -> Reading:
    data = error.object
    text = data.decode("utf-8", "replace")
    start = len(data[: error.start].decode("utf-8"))
    found = " ".join(
        f"0x{byte:02x}" for byte in data[error.start : error.start + 4][: error.end - error.start]
    )
    return _unusable(text, path, start, start + 1, f"byte {found} is not UTF-8")


def _unusable(text: str, path: str, start: int, end: int, message: str) -> Reading:
    """A reading of a text that is no text: one problem, no parts, no page."""
    document = Document(text, path.encode("utf-8", "replace").decode("utf-8"))
    kind = kind_of(path) if path else PageKind.PROSE
    reading = Reading(document, kind, lambda _: None, complete=False, readable=False)
    # `start` counts in the text as read; problems count in the body.
    before = Document(text[:start])
    start = len(before.body)
    reading.problems.append(Problem("NA101", start, start + end - start, message))
    return reading


def _build_prose(reading: Reading) -> Page:
    body = reading.body
    if reading.kind is PageKind.EDITORIAL and (m := EDITORIAL.fullmatch(body)):
        try:
            return Editorial(
                path=reading.path,
                title=m["title"],
                author=m["author"],
                body=m["body"],
                leading_blank_line=bool(m["blank"]),
            )
        except ValidationError:
            pass  # blanks round title or author: kept word for word below
    return ProsePage(path=reading.path, text=body)
