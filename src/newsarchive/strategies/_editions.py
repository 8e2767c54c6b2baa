"""Editions, and pages in their words."""

from __future__ import annotations

from typing import Any, TypeVar

from hypothesis import strategies as st
from pydantic import BaseModel

from newsarchive.page.editions import EDITIONS, EN, WORD_FIELDS, Edition, SlugRule, edition_of
from newsarchive.page.models import (
    Change,
    ChangeKind,
    DayIndex,
    Event,
    FrontPage,
    OpinionIndex,
    RelatedLink,
    Source,
)
from newsarchive.strategies._parts import unbroken

P = TypeVar("P", bound=BaseModel)
E = TypeVar("E", Source, RelatedLink, Change)

_LETTERS = st.text("abcdeäöüßéøλжשคか京", min_size=4, max_size=8)
_SLUGS = st.builds(
    SlugRule, length=st.integers(40, 140), lower_case=st.booleans(), ascii_only=st.booleans()
)


@st.composite
def editions(draw: st.DrawFn) -> Edition:
    """Editions: those that are built in, and others in drawn words."""
    if draw(st.booleans()):
        return draw(st.sampled_from(list(EDITIONS.values())))
    drawn = draw(st.lists(_LETTERS, min_size=2 * len(WORD_FIELDS), unique=True))
    words: dict[str, Any] = {}
    for name in WORD_FIELDS:
        least = int(name in ("sources", "previous_day"))
        words[name] = tuple(drawn.pop() for _ in range(draw(st.integers(least, 2))))
    return Edition(
        name="drawn", language="und", base=draw(st.sampled_from(["", "/de", "/a/b"])),
        slug=draw(_SLUGS), **words,
    )  # fmt: skip


def in_words(
    draw: st.DrawFn,
    edition: Edition | str | None,
    page: P,
    pictures: st.SearchStrategy[str] = unbroken,
) -> P:
    """A page that was drawn in English words, in those of an edition; as it is for None."""
    named = edition_of(edition)
    return page if named is None else _Words(draw, named, pictures).page(page)


def entries_in_words(
    entries: st.SearchStrategy[E], edition: Edition | str | None
) -> st.SearchStrategy[E]:
    """Entries that are drawn in English words, in those of an edition; as they are for None."""
    named = edition_of(edition)
    if named is None:
        return entries

    @st.composite
    def worded(draw: st.DrawFn) -> E:
        return _Words(draw, named, unbroken).entry(draw(entries))

    return worded()


class _Words:
    """Puts parts of a page into the words of an edition."""

    def __init__(self, draw: st.DrawFn, edition: Edition, pictures: st.SearchStrategy[str]) -> None:
        self._draw, self._edition, self._pictures = draw, edition, pictures

    def entry(self, entry: E) -> E:
        data = dict(entry)
        if isinstance(entry, Source):
            data = self._source(data)
        elif isinstance(entry, Change):
            data = self._change(data)
        else:
            data = self._noted(data)
        return type(entry)(**data)

    def page(self, page: P) -> P:
        data = dict(page)
        if isinstance(page, Event):
            data |= self._event(page)
        elif isinstance(page, DayIndex):
            layout = dict(page.layout) | {"previous_label": self._word("previous_day")}
            layout |= {"previous_base": self._base(page.previous)}
            data |= {"entries": self._entries(page.entries), "layout": layout}
        elif isinstance(page, FrontPage):
            sections = [dict(section) for section in page.sections]
            for section in sections:
                section["entries"] = self._entries(section["entries"])
                section["base"] = self._base(section["path"])
                for name in ("days", "previous_day"):
                    if section["name"] in getattr(EN, name) and getattr(self._edition, name):
                        section["name"] = self._word(name)
            data |= {"sections": sections}
        elif isinstance(page, OpinionIndex):
            data |= {"entries": self._entries(page.entries)}
        return type(page)(**data)

    def _event(self, event: Event) -> dict[str, Any]:
        edition, layout = self._edition, dict(event.layout)
        layout["source_heading"] = self._word("sources")
        for name in ("related", "changes"):
            if getattr(edition, name):
                layout[f"{name}_heading"] = self._word(name)
        cover = event.cover_image if edition.cover_image else None
        return {
            "sources": [self._source(dict(source)) for source in event.sources],
            "cover_image": cover and {"url": cover.url, "label": self._word("cover_image")},
            "related": [self._noted(dict(r)) for r in event.related] if edition.related else (),
            "changes": [self._change(dict(c)) for c in event.changes] if edition.changes else (),
            "layout": layout,
        }

    def _source(self, source: dict[str, Any]) -> dict[str, Any]:
        if not self._edition.image or not self._draw(st.booleans()):
            return source
        return source | {"image": self._draw(self._pictures), "image_label": self._word("image")}

    def _change(self, change: dict[str, Any]) -> dict[str, Any]:
        label = ""
        for kind in ChangeKind:
            words = getattr(self._edition, kind.name.lower())
            if change["kind"] == kind and words:
                label = self._draw(st.sampled_from(words))
        return change | {"base": self._base(change["path"]), "kind_label": label}

    def _noted(self, entry: dict[str, Any]) -> dict[str, Any]:
        entry["base"] = self._base(entry["path"])
        if not self._edition.context:
            return entry | {"context": ()}
        return entry | {"context_label": self._word("context")}

    def _entries(self, entries: tuple[Any, ...]) -> list[dict[str, Any]]:
        return [self._noted(dict(entry)) for entry in entries]

    def _word(self, name: str) -> str:
        word: str = self._draw(st.sampled_from(getattr(self._edition, name)))
        return word

    def _base(self, path: str | None) -> str:
        has_one = path is not None and path.startswith("/") and self._draw(st.booleans())
        return self._edition.base if has_one else ""
