"""What moving and removing a page changes, page by page. Nothing is written here.

No model of a page is made for that: who moves a page waits for none.
"""

from __future__ import annotations

from newsarchive.editing.days import lead_back, leading_back
from newsarchive.editing.following import ENTRIES, NOT_IN_NAMES, follow, linking, own_edits
from newsarchive.editing.pending import Pending, leads_to, require_settled
from newsarchive.errors import PageNotFoundError, RefusedMoveError
from newsarchive.page.paths import PageKind, kind_of, path_fault
from newsarchive.page.printable import printable
from newsarchive.page.reading import LinkKind
from newsarchive.page.targets import names_exactly, path_read
from newsarchive.rules.entries import entry_removal, item_removal

_NAME_BYTES = 255


def move(archive: Pending, old: str, new: str) -> None:
    """Give an event page another path, and have every link to it follow.

    Takes the archive as it is by now, and what `ArchiveChange.move` takes.

    Raises:
        PageNotFoundError: there is no page at `old`.
        RefusedMoveError: the page cannot be moved there.
        OSError: a page cannot be read.
    """
    require_event(archive, old)
    require_free(archive, old, new)
    reading = archive.editable(old)
    require_settled(reading)
    archive.edit(old, own_edits(reading, old, new))
    pages = linking(archive, old)
    archive.move(old, new)
    for page in pages:
        follow(archive, page, old, new)


def remove(archive: Pending, path: str, entries: bool = False) -> None:
    """Delete a page. Of a day's index, "previous day" of the next day leads to what is left.

    Takes the archive as it is by now, and what `ArchiveChange.remove` takes; raises as `move` does.
    """
    if path not in archive:
        raise PageNotFoundError(path)
    _require_no_alias(archive, path)
    if entries:
        for page in linking(archive, path, *ENTRIES):
            _take_out(archive, page, path)
    later = leading_back(archive, path)
    archive.remove(path)
    for index in later:
        lead_back(archive, index, archive.previous_day(index))


def require_event(archive: Pending, path: str) -> None:
    """Refuse what is no event's page.

    Raises:
        PageNotFoundError: there is no page at `path`.
        RefusedMoveError: it is another kind of page.
    """
    if path not in archive:
        raise PageNotFoundError(path)
    if kind_of(path) is not PageKind.EVENT:
        raise RefusedMoveError(path, "only event pages (/news/YYYY/MM/D/slug.md) can be moved")


def require_free(archive: Pending, old: str, new: str) -> None:
    """Refuse a path that no page can have, or this page cannot, or another file has."""
    require_name(archive, new)
    if new.rpartition("/")[0] != old.rpartition("/")[0]:
        reason = "a page stays in its day's folder: its heading and the day's index name the day"
        raise RefusedMoveError(new, reason)
    _require_no_alias(archive, old)


def require_name(archive: Pending, path: str) -> None:
    """Refuse a path that no new event's page can have.

    Raises:
        RefusedMoveError: it is none of an event, no link can name it, or there is a page.
    """
    name = path.rpartition("/")[2]
    fault = path_fault(path)
    if fault:
        raise RefusedMoveError(path, fault)
    if kind_of(path) is not PageKind.EVENT or not name.endswith(".md") or name.startswith("."):
        raise RefusedMoveError(path, "an event page's path is /news/YYYY/MM/D/slug.md")
    found = NOT_IN_NAMES.search(name)
    if found:
        raise RefusedMoveError(path, f"a link cannot name a page with {found[0]!r} in its path")
    try:
        length = len(name.encode())
    except UnicodeEncodeError:
        raise RefusedMoveError(ascii(path), "the name is not UTF-8") from None
    if length > _NAME_BYTES:
        raise RefusedMoveError(path, f"the name has {length} bytes; {_NAME_BYTES} are allowed")
    if not names_exactly(path):
        reason = f"a link to it would lead to {path_read(path)!r}, as renderers read it"
        raise RefusedMoveError(path, reason)
    if path in archive:
        raise RefusedMoveError(path, "there is a page of that path already")


def _require_no_alias(archive: Pending, path: str) -> None:
    """Refuse to take a path away that symbolic links lead to: they would lead nowhere."""
    found = archive.aliases(path)
    if found:
        more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
        raise RefusedMoveError(
            path,
            f"the symbolic link {printable(found[0])}{more} leads to it and would lead nowhere; "
            "remove it first, and make it anew for the new path",
        )


def _take_out(archive: Pending, page: str, target: str) -> None:
    """Take the related links and index entries that lead to a path out of a page."""
    while True:
        reading = archive.editable(page)
        links = list(reading.links())
        found = [link for link in links if link.kind in ENTRIES and leads_to(link.target, target)]
        if not found:
            return
        match = found[0].match
        if found[0].kind is LinkKind.RELATED:
            archive.edit(page, entry_removal(reading, "related", match))
        else:
            archive.edit(page, item_removal(reading, match))
        after = archive.reading(page)
        left = len(list(after.links()))
        if left != len(links) - 1 or len(after.problems) > len(reading.problems):
            raise RefusedMoveError(page, "its entry cannot be taken out without loss")
