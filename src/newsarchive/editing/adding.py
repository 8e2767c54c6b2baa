"""What adding an event and replacing a page change, page by page. Nothing is written here."""

from __future__ import annotations

from collections.abc import Sequence

from newsarchive.editing.days import laid_out, lead_back, written
from newsarchive.editing.moves import require_name
from newsarchive.editing.pending import FMT_FIRST, Pending, require_settled
from newsarchive.editing.wording import in_words_of, index_words
from newsarchive.errors import RefusedMoveError
from newsarchive.page.editions import Edition
from newsarchive.page.models import DayIndex, Event, FormatLinks, IndexLayout, Page
from newsarchive.page.paths import INDEX_NAMES, day_folder, day_path
from newsarchive.page.reading import Reading
from newsarchive.page.titles import event_path, fold_title
from newsarchive.rules.placement import DayIndexes, ListedEvent, listed_event


def add(
    archive: Pending, event: Event, topic: str | None = None, context: Sequence[str] = ()
) -> str:
    """Have a new event: its page, an entry in each index of its day, a new day in its place.

    Takes the archive as it is by now, and what `ArchiveChange.add` takes. Returns the event's path;
    raises RefusedMoveError where it cannot be added so, and OSError.
    """
    event = _as_archived(archive, event)
    path, folder = event.path, day_folder(event.date)
    if path.rpartition("/")[0] != folder:
        raise RefusedMoveError(path, f"the event's date says that it belongs to {folder}")
    require_name(archive, path)
    known = archive.index_copies(folder)
    if known and day_path(event.date) not in known and event.layout.date_link is None:
        # The heading leads to the index that is there.
        event = event.replace(layout=event.layout.replace(date_link=known[0]))
    archive.add(path, written(event, archive.edition))
    found = listed_event(archive.reading(path))
    assert found is not None  # its name is one that links can have, and it reads back
    if topic is not None:
        found = found._replace(topic=" ".join(topic.split()))
    if context:
        found = found._replace(context=", ".join(context), description="")
    if known:
        _list(archive, known, found)
    else:
        _add_day(archive, event, found)
    return path


def replace(archive: Pending, page: Page) -> str:
    """Give a page that is there other contents. Returns its path; raises as `moves.move` does."""
    path = page.path
    reading = archive.editable(path)
    require_settled(reading)
    old = laid_out(reading)
    if old is None:
        raise RefusedMoveError(path, FMT_FIRST)
    if isinstance(page, Event) and isinstance(old, Event):
        if page.title != old.title:
            raise RefusedMoveError(path, "other pages quote its title; retitle changes these, too")
        if page.date != old.date:
            raise RefusedMoveError(path, f"its path says that its day is {old.date}")
    elif isinstance(page, DayIndex) and isinstance(old, DayIndex):
        if {entry.path for entry in page.entries} != {entry.path for entry in old.entries}:
            raise RefusedMoveError(path, "it must list the same events; add and remove change that")
        if page.previous != old.previous or page.date != old.date:
            raise RefusedMoveError(path, "its day and the one before follow from its path")
    elif type(page) is not type(old):
        raise RefusedMoveError(path, f"it is no {type(page).__name__}")
    archive.rewrite(path, written(page, archive.edition))
    return path


def _as_archived(archive: Pending, event: Event) -> Event:
    """An event with the title that its page is to show, and the path that it has or gets."""
    text, path = event.title, event.path
    try:
        path = path or event_path(event.date, text, archive.edition)
    except ValueError as error:
        raise RefusedMoveError(text, str(error)) from None
    # What is ASCII is as it is to be, its blanks included.
    title = text if text.isascii() else fold_title(text, archive.edition)
    if not title:
        raise RefusedMoveError(path, f"nothing of the title {text!r} can be shown")
    return in_words_of(event.replace(path=path, title=title), archive.edition)


def _list(archive: Pending, copies: Sequence[str], event: ListedEvent) -> None:
    """List an event in each index of its day that does not yet."""
    indexes = _day_indexes(archive, [archive.editable(copy) for copy in copies])
    listing = dict(indexes.listing(event))
    having = set()
    for index, item in indexes.entries(event.path):
        having.add(index.path)
        if item.match["text"].split() != event.title.split():
            raise RefusedMoveError(index.path, "it lists that path with another title")
    for copy in copies:
        if copy in having:
            continue
        if copy not in listing:
            raise RefusedMoveError(copy, "the event cannot be listed there; check the page first")
        archive.edit(copy, [listing[copy]])
        _require_listed(archive, copy, event.path)


def _day_indexes(archive: Pending, copies: Sequence[Reading]) -> DayIndexes:
    return DayIndexes(copies, lambda path: archive.reading(path) if path in archive else None)


def _require_listed(archive: Pending, index: str, path: str) -> None:
    reading = archive.reading(index)
    if path not in reading.entry_paths or not reading.complete:
        raise RefusedMoveError(index, "the event cannot be listed there without loss")


def _add_day(archive: Pending, event: Event, listed: ListedEvent) -> None:
    """Have the index of a day that had none, in the style of a day beside it."""
    index = day_path(event.date)
    before, after = archive.previous_day(index), archive.next_day(index)
    beside = before or after
    models = archive.index_copies(beside.rpartition("/")[0]) if beside else []
    indexes = _day_indexes(archive, [archive.editable(path) for path in models])
    made = _new_indexes(event, before, indexes.copies, archive.edition)
    for page, model in made:
        archive.add(page.path, written(page, archive.edition))
        new = archive.reading(page.path)
        edit = indexes.entry(listed, model or new, new)
        archive.edit(page.path, [edit] if edit else [])
        _require_listed(archive, page.path, listed.path)
    for copy in archive.index_copies(after.rpartition("/")[0]) if after else []:
        lead_back(archive, copy, made[0][0].path)


def _new_indexes(
    event: Event, before: str | None, models: Sequence[Reading], edition: Edition
) -> list[tuple[DayIndex, Reading | None]]:
    """The indexes of a new day without entries, each with the one that it takes after.

    There are as many as a day beside it has, and an ``index.md`` in any case, which comes first.
    """
    folder = day_folder(event.date)
    names = {model.path.rpartition("/")[2]: model for model in models}
    found: list[tuple[DayIndex, Reading | None]] = []
    for name in (name for name in INDEX_NAMES if name in {INDEX_NAMES[0], *names}):
        model, path = names.get(name), f"{folder}/{name}"
        like = model.page if model else None
        if isinstance(like, DayIndex):
            formats = FormatLinks.of(path) if like.layout.formats else None
            layout = like.layout.replace(formats=formats, date_link=None, final_gap="")
        else:
            layout = IndexLayout(date_base=edition.base)
        if not isinstance(like, DayIndex) or like.previous is None:
            layout = index_words(layout, edition)
        found.append((DayIndex(path=path, date=event.date, previous=before, layout=layout), model))
    return found
