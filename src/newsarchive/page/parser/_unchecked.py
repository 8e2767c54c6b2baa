"""Events whose layout is proved, made without validation: their parts are what models admit.

The proof leaves nothing that a model might refuse, but for what Changes say.
"""

from typing import Any, TypeVar

from pydantic import BaseModel

from newsarchive.page.editions import Edition
from newsarchive.page.models import (
    Change,
    CoverImage,
    Event,
    EventLayout,
    FormatLinks,
    RelatedLink,
    Source,
)
from newsarchive.page.models._text import Model
from newsarchive.page.models.links import CONTEXT, COVER_IMAGE, IMAGE
from newsarchive.page.parser._build import entry_data, final_blanks, path_of
from newsarchive.page.parser._canonical import event_parts, head_of
from newsarchive.page.parser._grammar import grammar_of
from newsarchive.page.paths import PageKind
from newsarchive.page.sections import BY_FIELD, blanks_apart

Data = dict[str, Any]
"""What a model is made of, by field."""

M = TypeVar("M", bound=Model)


def event_of(text: str, path: str, edition: Edition) -> Event | None:
    """The event that validation makes of a canonical page, in a third of the time; None for others.

    The text has no carriage returns.
    """
    grammar = grammar_of(edition)
    head = head_of(text, grammar)
    if head is None or head.kind is not PageKind.EVENT:
        return None
    found = event_parts(text, head.match.end(), grammar)
    if found is None:
        return None
    m, names = found.match, found.sources[1]
    if names and names[-1] == COVER_IMAGE and not found.cover:  # the model makes one of it
        return None
    base, target = head.match.group("base", "target")
    layout: Data = {"date_base": base or ""}
    data: Data = {"path": path_of(path, PageKind.EVENT), "date": head.date}
    for field in ("topic", "title", "description"):
        if (raw := m[field]) is not None:
            before, data[field], after = blanks_apart(raw)
            layout[f"{field}_blanks"] = before, after
    if target != head.day:
        layout["date_link"] = target
    if head.match["html"] is not None:
        html, json, xml = head.match.group("html", "json", "xml")
        formats = {"html_path": html, "json_path": json, "xml_path": xml}
        layout["formats"] = _made(FormatLinks, formats, {*formats})
    if names:
        if found.cover:
            cover = {"url": found.sources[2][-1], "label": names[-1]}
            data["cover_image"] = _made(CoverImage, cover, {*cover})
        sources = [*map(_source, *found.sources[1:])][: len(names) - found.cover]
        if sources:
            data["sources"] = tuple(sources)
    if found.related[0]:
        data["related"] = tuple(map(_related, *found.related[1:]))
    if found.changes:
        data["changes"] = tuple(
            [Change.model_validate(entry_data(c, _CHANGES, grammar)) for c in found.changes]
        )
    for group, heading in _HEADINGS:
        if (word := m[group]) is not None:
            layout[heading] = word
    if found.changes and found.related[0]:
        layout["changes_first"] = m["last"] is not None
    layout["final_blank_line"] = text.endswith(final_blanks(data))
    data["layout"] = _made(EventLayout, {**_LAYOUT, **layout}, {*layout})
    return _made(Event, {**_EVENT, **data}, {*data})


_CHANGES = BY_FIELD["changes"]
# Fields in their order; those without a default are given in any case.
_LAYOUT, _EVENT = (
    {name: field.default for name, field in model.model_fields.items()}
    for model in (EventLayout, Event)
)
_HEADINGS = (
    ("sources_word", "source_heading"),
    ("related_word", "related_heading"),
    ("changes_word", "changes_heading"),
    ("last_word", "related_heading"),
)


def _source(raw: str, url: str, label: str, image: str) -> Source:
    before, name, after = blanks_apart(raw)
    values: Data = {
        "name": name,
        "url": url,
        "image": image or None,
        "name_blanks": (before, after),
        "image_label": label or IMAGE,
    }
    return _made(Source, values, {*values} if image else _GIVEN_OF_SOURCES.copy())


def _related(raw: str, base: str, path: str, label: str, context: str) -> RelatedLink:
    before, title, after = blanks_apart(raw)
    values: Data = {
        "title": title,
        "path": path,
        "context": tuple(context.split(", ")) if label else (),
        "title_blanks": (before, after),
        "base": base,
        "context_label": label or CONTEXT,
    }
    given = {*values} if label else _GIVEN_OF_RELATED.copy()
    if not base:
        given.remove("base")
    return _made(RelatedLink, values, given)


_GIVEN_OF_SOURCES = {"name", "url", "name_blanks"}
_GIVEN_OF_RELATED = {"title", "path", "title_blanks", "base"}


_put_values, _put_names, _put_extra, _put_private = (
    vars(BaseModel)[f"__{slot}__"].__set__
    for slot in ("dict", "pydantic_fields_set", "pydantic_extra", "pydantic_private")
)


def _made(model: type[M], values: Data, given: set[str]) -> M:
    """A model that holds what it is given: a fifth of what `model_construct` takes.

    Values are those of all its fields, in their order; given are those that are not there by
    default.
    """
    made = model.__new__(model)
    # Models are frozen: their slots are filled.
    _put_values(made, values)
    _put_names(made, given)
    _put_extra(made, None)
    _put_private(made, None)
    return made
