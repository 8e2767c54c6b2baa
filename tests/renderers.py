"""What CommonMark renderers show as links: cmark-gfm, written in C, and markdown-it-py.

Used to hold the library's links against theirs. Links are compared as pairs of target and text:
targets decoded as far as they go, since renderers encode them each in its own way, and texts
without blanks.
"""

from collections import Counter
from collections.abc import Callable, Collection
from html.parser import HTMLParser
from urllib.parse import unquote_to_bytes

import cmarkgfm  # type: ignore[import-untyped]
from cmarkgfm.cmark import Options  # type: ignore[import-untyped]
from markdown_it import MarkdownIt
from markdown_it.common.utils import unescapeAll

import newsarchive as na
from newsarchive.page.editions import EN
from newsarchive.page.parser import read
from newsarchive.page.reading import LinkKind, base_of
from newsarchive.rules._commonmark import hidden_blocks

_MARKDOWN_IT = MarkdownIt("commonmark")
# CommonMark knows no forbidden schemes; markdown-it drops links to "javascript:" by default.
_MARKDOWN_IT.validateLink = lambda url: True  # type: ignore[method-assign]
# Nor does it rewrite addresses, as markdown-it does ("0://@" becomes "0://").
_MARKDOWN_IT.normalizeLink = lambda url: url  # type: ignore[method-assign]


class _Links(HTMLParser):
    """Collects the targets of links."""

    def __init__(self) -> None:
        super().__init__()
        self.targets: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self.targets.append(dict(attrs).get("href") or "")


def targets_of(html: str) -> list[str]:
    """The targets of the links in a page's HTML, as they stand there."""
    links = _Links()
    links.feed(html)
    links.close()
    return links.targets


def _cmark(text: str) -> str:
    html: str = cmarkgfm.markdown_to_html(text, options=Options.CMARK_OPT_UNSAFE)
    return html


HTML: dict[str, Callable[[str], str]] = {
    "cmark-gfm": _cmark,
    "markdown-it-py": _MARKDOWN_IT.render,
}
"""The renderers, by name."""


def links_by(renderer: str, text: str) -> list[bytes]:
    """The targets of the links that a renderer shows, decoded."""
    return [unquote_to_bytes(target) for target in targets_of(HTML[renderer](text))]


ENTRIES = frozenset(
    (LinkKind.SOURCE, LinkKind.COVER_IMAGE, LinkKind.RELATED, LinkKind.CHANGE, LinkKind.INDEX_ENTRY)
)
"""The links that NA110 looks at: all but those of the format's own lines."""


def by_us(
    text: str,
    path: str,
    kinds: Collection[LinkKind] = tuple(LinkKind),
    edition: na.Edition = EN,
) -> tuple[list[bytes], list[bytes]]:
    """The targets of the library's links: those that NA110 takes for shown, and the others."""
    reading = read(text, path, edition)
    document = reading.document
    hidden = {d.line for d in na.check_text(text, path, select=["NA110"], edition=edition)}
    blocks = list(hidden_blocks(document.body))
    found: tuple[list[bytes], list[bytes]] = ([], [])
    for link in reading.links():
        if link.kind in kinds:
            line = document.position(document.offset(link.start)).line
            inside = any(block.end <= link.start < block.until for block in blocks)
            found[inside or line in hidden].append(_decoded(base_of(link.match) + link.target))
            if picture := link.match.groupdict().get("image"):  # no rule asks whether it is shown
                found[1].append(_decoded(picture))
    return found


def _decoded(target: str) -> bytes:
    return unquote_to_bytes(unescapeAll(target).replace("\0", "\ufffd"))  # as NUL is shown


def differences(
    text: str, path: str, edition: na.Edition = EN
) -> dict[str, tuple[Counter[bytes], Counter[bytes]]]:
    """For each renderer: links that it should show and does not, and those that it alone shows.

    A link that NA110 takes for hidden may be shown in part.
    """
    shown, hidden = by_us(text, path, edition=edition)
    found = {}
    for name in HTML:
        theirs = Counter(links_by(name, text))
        missing, extra = Counter(shown) - theirs, theirs - Counter(shown) - Counter(hidden)
        if missing or extra:
            found[name] = (missing, extra)
    return found


class _First(HTMLParser):
    """Finds out what an entry shows first: a link, or anything else."""

    def __init__(self) -> None:
        super().__init__()
        self.target: str | None = None
        self.done = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if not self.done and tag == "a":
            self.target = dict(attrs).get("href") or ""
        self.done = self.done or tag not in ("ol", "li", "p")

    def handle_data(self, data: str) -> None:
        self.done = self.done or bool(data.strip("\n"))


def opens_with_link_to(renderer: str, line: str, target: str) -> bool:
    """Whether a renderer shows a line, an entry, as a link to a target from its start on."""
    first = _First()
    first.feed(HTML[renderer](line))
    first.close()
    wanted = unescapeAll(target).replace("\0", "\ufffd")
    return first.target is not None and unquote_to_bytes(first.target) == unquote_to_bytes(wanted)
