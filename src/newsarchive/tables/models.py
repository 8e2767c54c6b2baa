"""Models of pages whose layout is proved, as JSON: written at once, without an object each.

What a model's fields are by default is left out, as `rows` leaves it out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from json.encoder import encode_basestring as quoted

from newsarchive.page.editions import EN
from newsarchive.page.parser._canonical import Columns as Entries
from newsarchive.page.parser._canonical import IndexParts
from newsarchive.page.path_laws import may_have_path
from newsarchive.page.reading import base_of
from newsarchive.page.sections import blanks_apart
from newsarchive.tables.glance import EventGlance, Glance, chained, day_of
from newsarchive.tables.jsonl import between_quotes


def as_json(pages: Sequence[Glance]) -> list[str]:
    """The models of pages as JSON."""
    related = iter(_related([p.found.related for p in pages if isinstance(p, EventGlance)]))
    return [_model(page, related) for page in pages]


def _model(page: Glance, related: Iterator[str]) -> str:
    """The model of a page, whose related links come next, as JSON."""
    parts = page.sound.parts
    path = parts.path if may_have_path(parts.kind, parts.path) else ""
    said = [f'"path": {quoted(path)}', f'"date": "{day_of(parts.ordinal)[0].isoformat()}"']
    layout: list[str] = []
    if head := page.sound.head:
        if base := base_of(head):
            layout.append(f'"date_base": {quoted(base)}')
        if head["html"] is not None:
            targets = [f'"{name}_path": {quoted(head[name])}' for name in ("html", "json", "xml")]
            layout.append(f'"formats": {_object(targets)}')
    elif not isinstance(page, EventGlance) and parts.edition.base:
        layout.append(f'"date_base": {quoted(parts.edition.base)}')
    if isinstance(page, EventGlance):
        _add_event(page, related, said, layout)
    else:
        _add_index(page.found, said, layout)
    if layout:
        said.append(f'"layout": {_object(layout)}')
    return _object(said)


def _object(fields: list[str]) -> str:
    return f"{{{', '.join(fields)}}}"


def _add_event(
    page: EventGlance, related: Iterator[str], said: list[str], layout: list[str]
) -> None:
    found, m, (title, topic, description) = page.found, page.found.match, page.found.own
    for name, raw, behind in (
        ("title", title, " "), ("topic", topic, ""), ("description", description, "")
    ):  # fmt: skip
        if raw is not None:
            text = raw.strip()
            said.append(f'"{name}": {quoted(text)}')
            if raw != text + behind:
                layout += _blanks(name, raw)
    sources, linked = page.sources, found.related
    if sources[0]:
        said.append(f'"sources": [{", ".join(map(_source, *sources[1:]))}]')
    if many := len(linked[0]):
        said.append(f'"related": [{", ".join(islice(related, many))}]')
        layout += _unless("related_heading", m["related_word"], EN.related[0])
    if found.sources[0]:
        layout += _unless("source_heading", m["sources_word"], EN.sources[0])
    if found.cover:
        label = _unless("label", found.sources[1][-1], EN.cover_image[0])
        said.append(f'"cover_image": {_object([f"{_URL}{quoted(found.sources[2][-1])}", *label])}')
    last = "\n\n" if found.sources[0] or linked[0] else "\n\n\n" if description else "\n\n\n\n\n"
    if page.text.endswith(last):
        layout.append('"final_blank_line": true')


_URL = '"url": '


def _add_index(found: IndexParts, said: list[str], layout: list[str]) -> None:
    said.append(f'"entries": [{", ".join(map(_entry, *found.items))}]')
    if m := found.previous:
        said.append(f'"previous": {quoted(m["target"])}')
        layout += _unless("previous_label", m["text"], EN.previous_day[0])
        if base := base_of(m):
            layout.append(f'"previous_base": {quoted(base)}')


def _unless(name: str, value: str, usual: str) -> list[str]:
    """A field, unless it is what it is by default."""
    return [] if value == usual else [f'"{name}": {quoted(value)}']


def _blanks(name: str, raw: str) -> list[str]:
    """The field of the blanks at a text's ends."""
    before, _, after = blanks_apart(raw)
    return [f'"{name}_blanks": [{quoted(before)}, {quoted(after)}]']


def _related(columns: Sequence[Entries]) -> list[str]:
    """All related links of pages: as they are many, their texts are written together."""
    if not any(column[0] for column in columns):
        return []
    raws, bases, targets, labels, contexts = chained(columns)
    titles = [*map(str.strip, raws)]
    more = [
        "" if raw == f"{title} " else f", {_blanks('title', raw)[0]}"
        for raw, title in zip(raws, titles, strict=True)
    ]
    if any(bases):
        more = [
            f'{said}, "base": {quoted(base)}' if base else said
            for said, base in zip(more, bases, strict=True)
        ]
    contexts = [
        _terms(label, context) if label else ""
        for label, context in zip(labels, between_quotes(contexts), strict=True)
    ]
    texts = zip(between_quotes(titles), between_quotes(targets), more, contexts, strict=True)
    return [
        f'{{"title": "{title}", "path": "{target}"{said}{context}}}'
        for title, target, said, context in texts
    ]


# Of each entry at a time, as there are many: a text that grows takes half the time of a list.


def _source(raw: str, url: str, label: str, image: str) -> str:
    name = raw.strip()
    said = f'{{"name": {quoted(name)}, "url": {quoted(url)}'
    if raw != name:
        said += f", {_blanks('name', raw)[0]}"
    if image:
        said += f', "image": {quoted(image)}, "image_label": {quoted(label)}'
    return f"{said}}}"


def _entry(
    whole: str, topic: str, raw: str, base: str, target: str, label: str, context: str, text: str
) -> str:
    said = _link(raw, base, target)
    if whole.startswith("#####"):
        said += _text("topic", topic)
    if label:
        said += _terms(label, quoted(context)[1:-1])
    elif text:
        said += _text("description", text)
    elif whole.endswith("\n\n"):
        said += ', "description": ""'
    return f"{said}}}"


def _link(raw: str, base: str, target: str) -> str:
    title = raw.strip()
    said = f'{{"title": {quoted(title)}, "path": {quoted(target)}'
    if raw != f"{title} ":
        said += f", {_blanks('title', raw)[0]}"
    return f'{said}, "base": {quoted(base)}' if base else said


def _text(name: str, raw: str) -> str:
    text = raw.strip()
    said = f', "{name}": {quoted(text)}'
    return said if raw == text else f"{said}, {_blanks(name, raw)[0]}"


def _terms(label: str, context: str) -> str:
    """The terms of a context as it stands between quotes."""
    terms = context.replace(", ", '", "')
    said = f', "context": ["{terms}"]'
    return said if label == EN.context[0] else f'{said}, "context_label": {quoted(label)}'
