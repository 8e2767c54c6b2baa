"""From text to pages: `parse`, `inspect`, and the reading that the rules look at."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newsarchive.page.document import Document
from newsarchive.page.editions import EDITIONS, EN, Edition
from newsarchive.page.parser._canonical import read_canonical
from newsarchive.page.parser._grammar import grammar_of
from newsarchive.page.paths import PageKind, kind_of
from newsarchive.page.patterns import pattern
from newsarchive.page.reading import Problem, ProblemKind, Reading

if TYPE_CHECKING:
    from newsarchive.page.models import Event, Page

_OF_BLOCKS = frozenset(
    (PageKind.EVENT, PageKind.DAY_INDEX, PageKind.FRONT_PAGE, PageKind.OPINION_INDEX)
)
_DATE_HEADING = pattern(r"^(##|###)[ \t]+\[[0-9]+-[0-9]+-[0-9]+\]\(", re.M)
_OPINION = pattern(r"^## Opinion[^\S\n]*$", re.M)
_SURROGATE = pattern("[\ud800-\udfff]")


def guess_kind(body: str, edition: Edition = EN) -> PageKind:
    """The kind of a page whose path is not known, by its first telling heading."""
    m = _DATE_HEADING.search(body)
    if m:
        return PageKind.DAY_INDEX if m[1] == "##" else PageKind.EVENT
    # A front page may have opinions, too, and above its days.
    if grammar_of(edition).front_page.search(body):
        return PageKind.FRONT_PAGE
    return PageKind.OPINION_INDEX if _OPINION.search(body) else PageKind.PROSE


def guess_edition(body: str) -> Edition:
    """The built-in edition whose words a page has, the English one where it has none."""
    # Nearly every page has words of one edition only, which is told without counting any.
    lines = f"\n{body}"
    found = [
        edition
        for edition in EDITIONS.values()
        if edition is EN or any(text in lines for text in grammar_of(edition).telling)
    ]
    return max(found, key=lambda edition: telling_words(body, edition)) if found[1:] else EN


def telling_words(body: str, edition: Edition) -> int:
    """How often a page has words of an edition where they tell of it."""
    return sum(map(f"\n{body}".count, grammar_of(edition).telling))


def read(text: str | bytes, path: str = "", edition: Edition | None = None) -> Reading:
    """Read a text: find its parts and what keeps them from being found. Never raises on content.

    Without a path, the kind of page is guessed from its headings; without an edition, it is read as
    the one whose words it has.
    """
    if isinstance(text, bytes):
        try:
            text = text.decode("utf-8")
        except UnicodeDecodeError as error:
            return _undecodable(error, path, edition)
    elif not text.isascii() and (m := _SURROGATE.search(text)):
        place = m.start(), m.end()
        return _unusable(text, path, place, "a lone surrogate is no text", edition)
    if not path.isascii():
        path = path.encode("utf-8", "replace").decode("utf-8")
    document = Document(text, path)
    edition = edition or guess_edition(document.body)
    kind = kind_of(path) if path else guess_kind(document.body, edition)
    reading = Reading(document, kind, _page_of, edition)
    if kind in _OF_BLOCKS and not read_canonical(reading):
        # Imported on first use, with mistune: pages of the archive's own layout do without.
        from newsarchive.page.parser._blocks import read_by_blocks

        reading = Reading(document, kind, _page_of, edition)
        read_by_blocks(reading)
    return reading


def page_of(text: str | bytes, path: str = "", edition: Edition | None = None) -> Page | None:
    """The page that a text is, None where none can be built; arguments as for `read`."""
    if (
        isinstance(text, str)
        and (not path or kind_of(path) is PageKind.EVENT)
        and _is_usual(text + path)
    ):
        page = _event(text, path, edition or guess_edition(text))
        if page:
            return page
    return read(text, path, edition).page


def _is_usual(text: str) -> bool:
    """Whether a text holds neither carriage returns nor lone surrogates."""
    try:
        return "\r" not in text and (text.isascii() or bool(text.encode()))
    except UnicodeEncodeError:
        return False


def _undecodable(error: UnicodeDecodeError, path: str, edition: Edition | None) -> Reading:
    data = error.object
    text = data.decode("utf-8", "replace")
    start = len(data[: error.start].decode("utf-8"))
    found = " ".join(
        f"0x{byte:02x}" for byte in data[error.start : error.start + 4][: error.end - error.start]
    )
    return _unusable(text, path, (start, start + 1), f"byte {found} is not UTF-8", edition)


def _unusable(
    text: str, path: str, place: tuple[int, int], message: str, edition: Edition | None
) -> Reading:
    """A reading of a text that is no text: one problem, no parts, no page."""
    document = Document(text, path.encode("utf-8", "replace").decode("utf-8"))
    kind = kind_of(path) if path else PageKind.PROSE
    reading = Reading(document, kind, lambda _: None, edition or EN, complete=False, readable=False)
    # `place` counts in the text as read; problems count in the body.
    start = len(Document(text[: place[0]]).body)
    end = start + place[1] - place[0]
    reading.problems.append(Problem(ProblemKind.UNDECODABLE, start, end, message))
    return reading


def _page_of(reading: Reading) -> Page | None:
    # Imported on first use: a check builds no model of a page that is sound.
    from newsarchive.page.parser._build import build

    short = reading.canonical and reading.kind is PageKind.EVENT
    return (short and _event(reading.body, reading.path, reading.edition)) or build(reading)


def _event(text: str, path: str, edition: Edition) -> Event | None:
    from newsarchive.page.parser._unchecked import event_of

    return event_of(text, path, edition)
