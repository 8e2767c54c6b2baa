"""Whether what a change wrote into a page still leads, in a renderer, where the archive means."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator

from newsarchive.page.paths import target_path
from newsarchive.page.reading import Link, LinkKind, Reading
from newsarchive.page.targets import names_exactly, path_read, target_fault
from newsarchive.rules._commonmark import hidden_blocks, hidden_reason, may_hold_blocks

SHOWN_AS_LINKS = (
    LinkKind.SOURCE,
    LinkKind.COVER_IMAGE,
    LinkKind.RELATED,
    LinkKind.CHANGE,
    LinkKind.INDEX_ENTRY,
)
"""The links that are entries of a page."""

ARCHIVE_LINKS = (
    LinkKind.RELATED,
    LinkKind.CHANGE,
    LinkKind.INDEX_ENTRY,
    LinkKind.DAY,
    LinkKind.PREVIOUS_DAY,
)
"""The links that lead into the archive."""


def harmed_links(before: Reading, after: Reading) -> Iterator[Link]:
    """The links that a change hid or wrote so that a renderer leads them to another page.

    What was so before is not the change's fault.
    """
    hidden = Counter(_said(link) for link in _hidden(before))
    for link in _hidden(after):
        hidden[_said(link)] -= 1
        if hidden[_said(link)] < 0:
            yield link
    known = {link.target for link in before.links(*ARCHIVE_LINKS)}
    for link in after.links(*ARCHIVE_LINKS):
        if link.target not in known:
            path = target_path(link.target)
            whole = not target_fault(link.target) and path_read(link.target) == path
            if not (whole and names_exactly(path)):
                yield link


def shown_reason(reading: Reading, link: Link, text: str) -> str:
    """Why no renderer would show an entry as a link, were its text another; or empty."""
    line = reading.body[link.start : link.end]
    start, end = (at - link.start for at in link.match.span("text"))
    changed = f"{line[:start]}{text}{line[end:]}"
    return hidden_reason(changed, start - 1, start + len(text), link.target)


def _hidden(reading: Reading) -> Iterator[Link]:
    """The entries that no renderer shows as links."""
    blocks = list(hidden_blocks(reading.body)) if may_hold_blocks(reading.body) else []
    ends = [block.end for block in blocks]
    for link in reading.links(*SHOWN_AS_LINKS):
        above = bisect_right(ends, link.start) - 1
        inside = above >= 0 and link.start < blocks[above].until
        if inside or shown_reason(reading, link, link.text):
            yield link


def _said(link: Link) -> tuple[LinkKind, str, str]:
    return link.kind, link.text, link.target
