"""What moving, retitling and removing a page changes, page by page. Nothing is written here."""

from __future__ import annotations

import datetime
import unicodedata

from newsarchive.editing.days import lead_back, leading_back
from newsarchive.editing.following import (
    ENTRIES,
    NOT_IN_NAMES,
    follow,
    form,
    linking,
    own_edits,
    quotable,
)
from newsarchive.editing.pending import FMT_FIRST, Pending, leads_to, require_settled
from newsarchive.editing.wording import note_of
from newsarchive.errors import PageNotFoundError, RefusedMoveError
from newsarchive.page.document import BOM
from newsarchive.page.editions import Edition
from newsarchive.page.models import Change, Event, EventLayout, FormatLinks
from newsarchive.page.parser import read
from newsarchive.page.paths import PageKind, kind_of, path_fault
from newsarchive.page.patterns import pattern
from newsarchive.page.printable import printable
from newsarchive.page.reading import LinkKind
from newsarchive.page.rendering import render
from newsarchive.page.sections import ChangeKind
from newsarchive.page.slugs import slugify
from newsarchive.page.targets import names_exactly, path_read
from newsarchive.page.titles import fold_title
from newsarchive.rules.entries import entry_removal, item_removal
from newsarchive.store.listing import is_utf8

_NAME_BYTES = 255
# A terminal acts on control characters, and these turn the letters after them round.
_DIRECTIONS = pattern("[\u202a-\u202e\u2066-\u2069]")


def move(archive: Pending, old: str, new: str) -> None:
    """Give an event page another path, and have every link to it follow.

    Args:
        archive: the archive as it is by now.
        old: the page's archive path.
        new: its new one, in the same day's folder.

    Raises:
        PageNotFoundError: there is no page at `old`.
        RefusedMoveError: the page cannot be moved there.
        OSError: a page cannot be read.
    """
    _require_event(archive, old)
    _require_free(archive, old, new)
    reading = archive.editable(old)
    require_settled(reading)
    archive.edit(old, own_edits(reading, old, new))
    pages = linking(archive, old)
    archive.move(old, new)
    for page in pages:
        follow(archive, page, old, new)


def retitle(
    archive: Pending,
    path: str,
    title: str,
    now: datetime.datetime | None = None,
    slug: str | None = None,
) -> str:
    """Give an event page another title, and the path that follows from it.

    Args:
        archive: the archive as it is by now.
        path: the page's archive path.
        title: its new title as people write it; blanks at its ends do not count.
        now: when it takes the place of the old one; by default the local time.
        slug: the last part of the new path, without ``.md``; by default what the edition's rule
            makes of the title.

    Returns:
        The page's new path.

    Raises:
        PageNotFoundError: there is no page at `path`.
        RefusedMoveError: the page cannot be given that title.
        OSError: a page cannot be read.
    """
    _require_event(archive, path)
    reading = archive.editable(path)
    require_settled(reading)
    event, text = reading.page, title.strip()
    if not isinstance(event, Event):
        raise RefusedMoveError(path, "no event can be read from it; 'newsarchive check' says why")
    if not event.path:  # it would be listed as the older version's
        raise RefusedMoveError(path, "no link can name this path: give the page another one first")
    document = reading.document
    if document.newline == "mixed" or render(event) != reading.body:
        raise RefusedMoveError(path, FMT_FIRST)
    _require_title(path, text)
    title = fold_title(text, archive.edition)
    if title == event.title and slug is None:
        raise RefusedMoveError(path, "that is its title already")
    if slug is None:
        slug = slugify(event.layout.title_blanks[0] + text, archive.edition)
    if not slug:
        raise RefusedMoveError(path, f"no path can be made of the title {text!r}; name a slug")
    new = f"{path.rpartition('/')[0]}/{slug}.md"
    if new != path:
        _require_free(archive, path, new)
    try:
        changed = _retitled(event, reading.edition, title, new, now or datetime.datetime.now())
    except ValueError:  # what a model does not admit
        raise RefusedMoveError(path, f"no page can have the title {title!r}") from None
    written = render(changed)
    if read(written, new, reading.edition).page != changed:
        raise RefusedMoveError(path, f"the page would not read back with the title {title!r}")
    archive.put(path, BOM * document.bom_length + written.replace("\n", document.newline))
    pages = linking(archive, path)
    if new != path:
        archive.move(path, new)
    for page in pages:
        follow(archive, page, path, new, (event.title, title))
    return new


def remove(archive: Pending, path: str, entries: bool = False) -> None:
    """Delete a page. Of a day's index, "previous day" of the next day leads to what is left.

    Args:
        archive: the archive as it is by now.
        path: the page's archive path.
        entries: whether related links and index entries that lead to it are taken out, too.

    Raises:
        PageNotFoundError: there is no such page.
        RefusedMoveError: an entry cannot be taken out without loss.
        OSError: a page cannot be read.
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


def _require_event(archive: Pending, path: str) -> None:
    if path not in archive:
        raise PageNotFoundError(path)
    if kind_of(path) is not PageKind.EVENT:
        raise RefusedMoveError(path, "only event pages (/news/YYYY/MM/D/slug.md) can be moved")


def _require_free(archive: Pending, old: str, new: str) -> None:
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


def _require_title(path: str, title: str) -> None:
    """Refuse a title that no page can show, or no link can quote."""
    if "\n" in title or "\r" in title:
        raise RefusedMoveError(path, "a title is one line")
    if not is_utf8(title):
        raise RefusedMoveError(path, f"no page can have the title {title!r}")
    hidden = _unseen(title)
    if hidden:
        raise RefusedMoveError(path, f"a title has no {hidden}")
    if "](" in title:
        raise RefusedMoveError(path, "no link can quote a title with '](' in it")


def _unseen(title: str) -> str:
    """A character of a title that nobody sees, but programs act on; empty where there is none."""
    for character in title:
        if _DIRECTIONS.match(character):
            return f"character that turns text round (U+{ord(character):04X})"
        if unicodedata.category(character) in ("Cc", "Zl", "Zp"):
            return f"control character (U+{ord(character):04X})"
    return ""


def _retitled(
    event: Event, edition: Edition, title: str, new: str, now: datetime.datetime
) -> Event:
    """The event under another title and path, with its versions as its edition lists them."""
    old = event.path
    versions = _versions(event, edition, title, new, now) if edition.changes else ()
    formats = event.layout.formats
    layout = dict(event.layout)
    if versions and not event.changes:
        layout["changes_heading"] = edition.changes[0]
    if formats:
        layout["formats"] = FormatLinks(
            html_path=_followed(formats.html_path, old, new, "html"),
            json_path=_followed(formats.json_path, old, new, "json"),
            xml_path=_followed(formats.xml_path, old, new, "xml"),
        )
        layout["changes_first"] = event.layout.changes_first or not event.changes
    related = [{**dict(link), "path": new} if link.path == old else link for link in event.related]
    return Event.model_validate(
        {
            **dict(event),
            "path": new,
            "title": title,
            "related": related,
            "changes": versions,
            "layout": EventLayout.model_validate(layout),
        }
    )


def _versions(
    event: Event, edition: Edition, title: str, new: str, now: datetime.datetime
) -> tuple[Change, ...]:
    """The event's versions, the one that it was until now among them."""
    blanks, base, changes = event.layout.title_blanks, "", []
    for change in event.changes:
        if change.is_current:
            blanks, base = change.title_blanks, change.base
        else:
            changes.append(change)
    former = Change(
        title=quotable(event.title),
        path=event.path,
        timestamp=now.replace(microsecond=0, tzinfo=None),
        title_blanks=blanks,
        base=base,
        kind=(kind := ChangeKind.UPDATE if event.changes else ChangeKind.FIRST_VERSION),
        kind_label=note_of(edition, kind),
    )
    current = Change(
        title=quotable(title),
        path=new,
        title_blanks=blanks,
        base=base,
        kind=ChangeKind.CURRENT_VERSION,
        kind_label=note_of(edition, ChangeKind.CURRENT_VERSION),
    )
    return (*changes, former, current)


def _followed(target: str, old: str, new: str, extension: str) -> str:
    return form(new, extension) if target == form(old, extension) else target


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
