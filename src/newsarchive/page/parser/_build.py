"""From a reading to the page's model."""

import datetime
from collections.abc import Callable
from typing import Any

from pydantic import ValidationError

from newsarchive.page.editions import Edition
from newsarchive.page.models import (
    DayIndex,
    Editorial,
    Event,
    FrontPage,
    OpinionIndex,
    Page,
    ProsePage,
)
from newsarchive.page.models._text import FROM_PAGE
from newsarchive.page.parser._grammar import EDITORIAL, Grammar, grammar_of
from newsarchive.page.path_laws import may_have_path
from newsarchive.page.paths import PageKind, day_path
from newsarchive.page.reading import IndexItem, Match, Reading, base_of
from newsarchive.page.sections import SECTIONS, ChangeKind, Note, Section, blanks_apart

Data = dict[str, Any]
"""What a model is made of, by field."""


def build(reading: Reading) -> Page | None:
    """The page that a reading found, None where its date, its title or every section is missing."""
    data = data_of(reading)
    if data is None:
        return None
    model = Editorial if "author" in data else _MODELS.get(reading.kind, ProsePage)
    try:
        return model.model_validate(data, context=FROM_PAGE)
    except ValidationError as error:  # pragma: no cover - readings are made for their models
        raise AssertionError(f"a reading that its model does not admit: {error}") from error


def data_of(reading: Reading) -> Data | None:
    """What the page's model is made of; None where there is none."""
    return _MAKERS.get(reading.kind, _prose)(reading)


def path_of(path: str, kind: PageKind) -> str:
    """A page's path, if a link can name it and no fault is in it; else no model may have it."""
    return path if may_have_path(kind, path) else ""


# The group that tells what stands behind the link of an entry.
_SAID = {Note.NONE: "image", Note.CONTEXT: "context", Note.VERSION: "kind"}
_BLANKS = {section.text: f"{section.text}_blanks" for section in SECTIONS}


def _event(reading: Reading) -> Data | None:
    heading = reading.heading
    date = heading.date if heading else None
    if heading is None or date is None or reading.title is None:
        return None
    body, grammar = reading.body, grammar_of(reading.edition)
    before, title, after = blanks_apart(body[slice(*reading.title)])
    layout: Data = {"title_blanks": (before, after)}
    data: Data = {"path": path_of(reading.path, reading.kind), "date": date, "title": title}
    if heading.target != day_path(date):
        layout["date_link"] = heading.target
    layout["date_base"] = base_of(heading.match)
    if reading.formats:
        html, json, xml = reading.formats.group("html", "json", "xml")
        layout["formats"] = {"html_path": html, "json_path": json, "xml_path": xml}
    if reading.topic:
        before, data["topic"], after = blanks_apart(body[slice(*reading.topic)])
        layout["topic_blanks"] = (before, after)
    if reading.description:
        before, data["description"], after = blanks_apart(body[slice(*reading.description)])
        layout["description_blanks"] = (before, after)
    headings = reading.section_headings
    for section in SECTIONS:
        if matches := getattr(reading, section.field):
            data[section.field] = tuple([entry_data(m, section, grammar) for m in matches])
        if section.field in headings:
            start, end = headings[section.field]
            name = body[start + 3 : end].strip()
            if name in grammar.sections:
                layout[section.heading] = name[:-1]
    if reading.cover:
        data["cover_image"] = {
            "url": reading.cover["target"],
            "label": reading.cover["text"].strip(),
        }
    if "changes" in headings and "related" in headings:
        layout["changes_first"] = headings["changes"] < headings["related"]
    layout["final_blank_line"] = body.endswith(final_blanks(data))
    data["layout"] = layout
    return data


def final_blanks(data: Data) -> str:
    """How an event's page ends where its layout has one empty line more than usual."""
    if "sources" in data or "related" in data or "changes" in data or "cover_image" in data:
        return "\n\n"
    return "\n\n\n" if "description" in data else "\n\n\n\n\n"


def entry_data(m: Match, section: Section, grammar: Grammar) -> Data:
    """What the model of an entry is made of."""
    note = section.note
    raw, target, said = m.group("text", "target", _SAID[note])
    before, text, after = blanks_apart(raw)
    data: Data = {
        section.text: text,
        section.target: target,
        _BLANKS[section.text]: (before, after),
    }
    if not section.pictured and (base := base_of(m)):
        data["base"] = base
    if note is Note.VERSION:
        stamp = m["timestamp"]
        data["kind"] = _kind(said, grammar.edition)
        data["kind_label"] = said
        data["timestamp"] = None if stamp is None else datetime.datetime.fromisoformat(stamp)
    elif said is None:
        pass
    elif note is Note.CONTEXT:
        data["context"] = tuple(said.split(", "))
        data["context_label"] = m["context_label"]
    else:
        data["image"] = said
        data["image_label"] = m["image_label"]
    return data


def _kind(label: str, edition: Edition) -> str:
    """What a version is, in whatever words its note says it."""
    for kind in ChangeKind:
        if label in getattr(edition, kind.name.lower()):
            return kind.value
    return label


def _formats(reading: Reading) -> Data | None:
    if not reading.formats:
        return None
    html, json, xml = reading.formats.group("html", "json", "xml")
    return {"html_path": html, "json_path": json, "xml_path": xml}


def _items(reading: Reading, items: list[IndexItem]) -> tuple[Data, ...]:
    grammar = grammar_of(reading.edition)
    return tuple(_item(reading.body, item, grammar) for item in items)


def _item(body: str, item: IndexItem, grammar: Grammar) -> Data:
    before, title, after = blanks_apart(item.match["text"])
    data: Data = {
        "title": title,
        "path": item.match["target"],
        "title_blanks": (before, after),
        "gap": item.gap,
        "base": base_of(item.match),
    }
    if item.topic:
        before, data["topic"], after = blanks_apart(body[slice(*item.topic)])
        data["topic_blanks"] = (before, after)
    if item.context:
        data["context"] = tuple(item.context["context"].split(", "))
        data["context_label"] = item.context["context_label"]
    elif item.description:
        before, data["description"], after = blanks_apart(body[slice(*item.description)])
        data["description_blanks"] = (before, after)
    elif item.empty_description:
        data["description"] = ""
    return data


def _day_index(reading: Reading) -> Data | None:
    heading = reading.heading
    date = heading.date if heading else None
    if heading is None or date is None:
        return None
    layout: Data = {"formats": _formats(reading)}
    if heading.target != day_path(date):
        layout["date_link"] = heading.target
    layout["date_base"] = base_of(heading.match)
    layout["final_gap"] = reading.sections[0].final_gap  # the heading opened a section
    data = {
        "path": path_of(reading.path, reading.kind),
        "date": date,
        "entries": _items(reading, list(reading.index_items())),
        "layout": layout,
    }
    if reading.previous and (link := reading.previous.match):
        data["previous"] = link["target"]
        layout["previous_label"] = link["text"].strip()
        layout["previous_base"] = base_of(link)
    return data


def _front_page(reading: Reading) -> Data | None:
    if not reading.sections:
        return None
    sections = [
        {
            "name": (s.match["text"] if s.match else reading.body[s.start + 2 : s.end]).strip(),
            "path": s.match["target"] if s.match else None,
            "base": base_of(s.match) if s.match else "",
            "entries": _items(reading, s.items),
            "rule": s.rule,
            "final_gap": s.final_gap,
        }
        for s in reading.sections
    ]
    return {
        "path": path_of(reading.path, reading.kind),
        "sections": sections,
        "formats": _formats(reading),
        "leading_blank_lines": reading.body.startswith("\n\n"),
    }


def _opinion_index(reading: Reading) -> Data | None:
    if not reading.sections:
        return None
    section = reading.sections[0]
    return {
        "path": path_of(reading.path, reading.kind),
        "name": reading.body[section.start + 2 : section.end].strip(),
        "entries": _items(reading, section.items),
    }


def _prose(reading: Reading) -> Data:
    body = reading.body
    if reading.kind is PageKind.EDITORIAL and (m := EDITORIAL.fullmatch(body)):
        data: Data = {
            "path": path_of(reading.path, reading.kind),
            "title": m["title"],
            "author": m["author"],
            "body": m["body"],
            "leading_blank_line": bool(m["blank"]),
        }
        try:
            Editorial.model_validate(data)
        except ValidationError:
            pass  # blanks round title or author: kept word for word below
        else:
            return data
    return {"path": path_of(reading.path, reading.kind), "text": body}


_MAKERS: dict[PageKind, Callable[[Reading], Data | None]] = {
    PageKind.EVENT: _event,
    PageKind.DAY_INDEX: _day_index,
    PageKind.FRONT_PAGE: _front_page,
    PageKind.OPINION_INDEX: _opinion_index,
}
_MODELS: dict[PageKind, type[Page]] = {
    PageKind.EVENT: Event,
    PageKind.DAY_INDEX: DayIndex,
    PageKind.FRONT_PAGE: FrontPage,
    PageKind.OPINION_INDEX: OpinionIndex,
}
