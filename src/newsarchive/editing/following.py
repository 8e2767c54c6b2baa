"""Links that follow a page: to the path that it gets, and to its new title where they quote it."""

from __future__ import annotations

from collections.abc import Iterator

from newsarchive.editing.pending import Pending, leads_to
from newsarchive.errors import RefusedMoveError
from newsarchive.findings.edits import BodyEdit
from newsarchive.page.paths import PageKind, is_day_folder, kind_of
from newsarchive.page.patterns import pattern
from newsarchive.page.reading import LinkKind, Reading
from newsarchive.page.targets import names_exactly
from newsarchive.rules._commonmark import escape_text, may_hold_blocks
from newsarchive.rules.titles import same_title
from newsarchive.store.listing import is_utf8

ENTRIES = (LinkKind.RELATED, LinkKind.INDEX_ENTRY)
"""The links that quote the title of the page they lead to; a removal can take them out."""

_DAILY = (PageKind.EVENT, PageKind.DAY_INDEX)
"""The pages that lie in a day's folder."""

_FORMATS = ("html", "json", "xml")
NOT_IN_NAMES = pattern(r"[\s()\[\]<>#?%\\\x00-\x1f\x7f]")
"""A character of a file's name that no link can have in its target."""

_WORDS = pattern(r"/[\w./~-]*")
_MARKUP = pattern(r"[\[\]<>`\\]")


def linking(archive: Pending, path: str, *kinds: LinkKind) -> list[str]:
    """The other pages that link to an archive path, each once."""
    links = archive.links_in(path)
    pages = dict.fromkeys(page for page, link in links if not kinds or link.kind in kinds)
    # What a symbolic link leads to is changed under its own name.
    return [page for page in pages if not archive.is_alias(page)]


def follow(
    archive: Pending, page: str, old: str, new: str, titles: tuple[str, str] | None = None
) -> None:
    """Have the links of another page lead to the new path, and quote the new title."""
    reading = archive.editable(page)
    former = (titles[0], quotable(titles[0])) if titles else ()
    title = quotable(titles[1]) if titles else ""
    edits: list[BodyEdit] = []
    expected = []
    sure = _is_sure(reading, new, title)
    for link in reading.links():
        text, target = link.text, link.target
        if leads_to(target, old) and link.kind is not LinkKind.FORMAT:
            sure = sure and target == old
            if old != new:
                start = link.match.start("target")
                edits.append(BodyEdit(start, start + len(old), new))
                target = new + target[len(old) :]
            if link.kind in ENTRIES and link.title in former:
                start = link.match.start("text") + len(text) - len(text.lstrip())
                edits.append(BodyEdit(start, start + len(link.title), title))
                text = text.replace(link.title, title)
        expected.append((link.kind, text, target))
    if sure:
        archive.edit_surely(page, edits)
        return
    archive.edit(page, edits)
    found = archive.reading(page).links()
    if [(link.kind, link.text, link.target) for link in found] != expected:
        raise RefusedMoveError(page, "its links cannot be changed without loss")


def _is_sure(reading: Reading, path: str, title: str) -> bool:
    """Whether links of a page can have a path as target, and a title as text, and all else stays.

    Reading the page again would tell the same: every line of it is known, nothing on it hides what
    stands below, and neither path nor title holds a character by which a link or a line could end.
    """
    return (
        reading.canonical
        and not may_hold_blocks(reading.body)
        and _WORDS.fullmatch(path) is not None
        and title.isprintable()
        and _MARKUP.search(title) is None
    )


def own_edits(reading: Reading, old: str, new: str) -> Iterator[BodyEdit]:
    """The edits by which a page's links to itself follow it; older versions keep their path."""
    formats = reading.formats
    for name in _FORMATS if formats else ():
        if formats and formats[name] == form(old, name):
            yield BodyEdit(*formats.span(name), form(new, name))
    for link in reading.links():
        if link.kind is LinkKind.FORMAT or not leads_to(link.target, old):
            continue
        if link.kind is LinkKind.CHANGE and not reading.is_current(link.match):
            continue
        start = link.match.start("target")
        yield BodyEdit(start, start + len(old), new)


def form(path: str, extension: str) -> str:
    """The path of a page's other format, as its line of formats has it."""
    return f"{path.removesuffix('.md')}.{extension}"


def quotable(title: str) -> str:
    """A title as link text can give it, its brackets escaped where they would hide the link."""
    plain = title.replace("](", "] (")
    escaped = escape_text(plain)
    return escaped if same_title(escaped, plain) else plain


def relink(archive: Pending, old: str, new: str) -> None:
    """Have all links follow a file that is about to get another path by other hands.

    The file, a page or another, stays where it is, and its day need not stay the same; what it
    holds follows, too.

    Raises:
        RefusedMoveError: no link could lead there, or a page's links cannot be changed.
        OSError: a page cannot be read.
    """
    _require_linkable(archive, old, new)
    with archive.step():
        if old in archive:
            archive.edit(old, own_edits(archive.editable(old), old, new))
        for page in linking(archive, old):
            follow(archive, page, old, new)


def _require_linkable(archive: Pending, old: str, new: str) -> None:
    """Refuse a path that no link can name, or that makes a page another kind of page, or none."""
    found = NOT_IN_NAMES.search(new)
    if found:
        raise RefusedMoveError(new, f"a link cannot name a path with {found[0]!r} in it")
    if "/." in new or not (is_utf8(new) and names_exactly(new)):
        raise RefusedMoveError(new, "no link can name this path")
    if archive.exists(new):
        raise RefusedMoveError(new, "there is a file of that path already")
    if not old.endswith(".md"):
        return
    kind = kind_of(new)
    if not new.endswith(".md") or kind is not kind_of(old):
        raise RefusedMoveError(new, f"there it is no {kind_of(old)} page any more")
    if kind in _DAILY and not is_day_folder(new.rpartition("/")[0]):
        raise RefusedMoveError(new, "the folder of a day is /news/YYYY/MM/D")
