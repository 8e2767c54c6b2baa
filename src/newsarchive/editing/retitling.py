"""What giving a page another title changes, page by page. Nothing is written here."""

from __future__ import annotations

import datetime
import unicodedata

from newsarchive.editing.days import laid_out
from newsarchive.editing.following import follow, form, linking, quotable
from newsarchive.editing.moves import require_event, require_free
from newsarchive.editing.pending import FMT_FIRST, Pending, require_settled
from newsarchive.editing.wording import note_of
from newsarchive.errors import RefusedMoveError
from newsarchive.page.editions import Edition
from newsarchive.page.models import Change, Event, EventLayout, FormatLinks
from newsarchive.page.parser import read
from newsarchive.page.patterns import pattern
from newsarchive.page.rendering import render
from newsarchive.page.sections import ChangeKind
from newsarchive.page.slugs import slugify
from newsarchive.page.titles import fold_title
from newsarchive.store.listing import is_utf8

# A terminal acts on control characters, and these turn the letters after them round.
_DIRECTIONS = pattern("[\u202a-\u202e\u2066-\u2069]")


def retitle(
    archive: Pending,
    path: str,
    title: str,
    now: datetime.datetime | None = None,
    slug: str | None = None,
) -> str:
    """Give an event page another title, and the path that follows from it.

    Takes the archive as it is by now, and what `ArchiveChange.retitle` takes. Spaces at the ends of
    a title do not count.

    Returns:
        The page's new path.

    Raises:
        PageNotFoundError: there is no page at `path`.
        RefusedMoveError: the page cannot be given that title.
        OSError: a page cannot be read.
    """
    require_event(archive, path)
    reading = archive.editable(path)
    require_settled(reading)
    event, text = reading.page, title.strip()
    if not isinstance(event, Event):
        raise RefusedMoveError(path, "no event can be read from it; 'newsarchive check' says why")
    if not event.path:  # it would be listed as the older version's
        raise RefusedMoveError(path, "no link can name this path: give the page another one first")
    if laid_out(reading) is None:
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
        require_free(archive, path, new)
    try:
        changed = _retitled(event, reading.edition, title, new, now or datetime.datetime.now())
    except ValueError:  # what a model does not admit
        raise RefusedMoveError(path, f"no page can have the title {title!r}") from None
    written = render(changed)
    if read(written, new, reading.edition).page != changed:
        raise RefusedMoveError(path, f"the page would not read back with the title {title!r}")
    archive.rewrite(path, written)
    pages = linking(archive, path)
    if new != path:
        archive.move(path, new)
    for page in pages:
        follow(archive, page, path, new, (event.title, title))
    return new


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
