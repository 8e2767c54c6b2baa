"""Pages that were built in code, in the words of their archive's edition."""

from __future__ import annotations

from typing import Any, TypeVar

from newsarchive.page.editions import EN, Edition, Words
from newsarchive.page.models import Change, ChangeKind, Event, EventLayout, IndexLayout, RelatedLink
from newsarchive.page.models.links import Source
from newsarchive.page.sections import SECTIONS, version_note

_Entry = TypeVar("_Entry", Source, RelatedLink)
_Linking = TypeVar("_Linking", RelatedLink, Change)


def in_words_of(event: Event, edition: Edition) -> Event:
    """An event with the words of an edition wherever it has those that models have of themselves.

    Words are layout: whoever builds an event need not think of them. Models speak English.
    """
    headings: dict[str, Any] = {
        section.heading: words[0]
        for section in SECTIONS
        if (words := getattr(edition, section.field))
        and (heading := getattr(event.layout, section.heading)) in getattr(EN, section.field)
        and (heading not in words or _is_default(event.layout, section.heading))
    }
    return event.replace(
        layout=event.layout.replace(**headings),
        sources=[_said(source, image_label=edition.image) for source in event.sources],
        related=[
            _led(_said(link, context_label=edition.context), edition) for link in event.related
        ],
        changes=[_led(_noted(change, edition), edition) for change in event.changes],
    )


def index_words(layout: IndexLayout, edition: Edition) -> IndexLayout:
    """The layout of an index that gets its first link to the day before, in an edition's words."""
    return layout.replace(previous_label=edition.previous_day[0], previous_base=layout.date_base)


def _is_default(model: Source | RelatedLink | Change | EventLayout, name: str) -> bool:
    return bool(getattr(model, name) == type(model).model_fields[name].default)


def _said(entry: _Entry, **words: Words) -> _Entry:
    """An entry with the first of the words, where it has none of its own."""
    [(name, known)] = words.items()
    return entry.replace(**{name: known[0]}) if known and _is_default(entry, name) else entry


def _led(entry: _Linking, edition: Edition) -> _Linking:
    """An entry whose link has before its path what links of the edition have."""
    if not edition.base or entry.base or not entry.path.startswith("/"):
        return entry
    return entry.replace(base=edition.base)


def _noted(change: Change, edition: Edition) -> Change:
    """A version in the words of an edition."""
    if change.kind_label or change.kind not in {*ChangeKind}:
        return change
    return change.replace(kind_label=version_note(edition, ChangeKind(change.kind)))
