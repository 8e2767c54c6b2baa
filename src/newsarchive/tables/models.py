"""Models of pages whose layout is proved, as JSON: written at once, without an object each.

What a model's fields are by default is left out, as `rows` leaves it out.
"""

from __future__ import annotations

from json.encoder import encode_basestring as quoted

from newsarchive.page.editions import EN
from newsarchive.page.parser._canonical import IndexParts
from newsarchive.page.path_laws import may_have_path
from newsarchive.page.reading import base_of
from newsarchive.page.sections import blanks_apart
from newsarchive.tables.glance import EventGlance, Glance, day_of


def as_json(page: Glance) -> str:
    """The model of a page as JSON."""
    parts = page.sound.parts
    path = parts.path if may_have_path(parts.kind, parts.path) else ""
    said = [
        f'"path": {quoted(path)}',
        f'"date": "{day_of(parts.ordinal)[0].isoformat()}"',
    ]
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
        _add_event(page, said, layout)
    else:
        _add_index(page.found, said, layout)
    if layout:
        said.append(f'"layout": {_object(layout)}')
    return _object(said)


def _object(fields: list[str]) -> str:
    return f"{{{', '.join(fields)}}}"


def _add_event(page: EventGlance, said: list[str], layout: list[str]) -> None:
    found, m = page.found, page.found.match
    topic, title, description = m["topic"], m["title"], m["description"]
    for name, raw, behind in (
        ("title", title, " "), ("topic", topic, ""), ("description", description, "")
    ):  # fmt: skip
        if raw is not None:
            field, *blanks = _fields(name, raw, behind)
            said.append(field)
            layout += blanks
    sources, linked = page.sources, found.related
    if sources[0]:
        said.append(f'"sources": [{", ".join(map(_source, *sources[1:]))}]')
        layout += _unless("source_heading", m["sources_word"], EN.sources[0])
    elif found.cover:
        layout += _unless("source_heading", m["sources_word"], EN.sources[0])
    if linked[0]:
        said.append(f'"related": [{", ".join(map(_related, *linked[1:]))}]')
        layout += _unless("related_heading", m["related_word"], EN.related[0])
    if found.cover:
        label = _unless("label", found.sources[1][-1], EN.cover_image[0])
        said.append(f'"cover_image": {_object([f"{_URL}{quoted(page.cover or str())}", *label])}')
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


def _fields(name: str, raw: str, behind: str = "") -> list[str]:
    """A text, and the blanks at its ends, unless there is only what mostly stands behind it."""
    text = raw.strip()
    if raw == text + behind:
        return [f'"{name}": {quoted(text)}']
    before, text, after = blanks_apart(raw)
    return [
        f'"{name}": {quoted(text)}',
        f'"{name}_blanks": [{quoted(before)}, {quoted(after)}]',
    ]


def _terms(label: str, context: str) -> list[str]:
    if not label:
        return []
    terms = quoted(context).replace(", ", '", "')
    return [f'"context": [{terms}]', *_unless("context_label", label, EN.context[0])]


def _source(name: str, url: str, label: str, image: str) -> str:
    fields = _fields("name", name)
    fields.insert(1, f'"url": {quoted(url)}')
    if image:
        fields += [f'"image": {quoted(image)}', f'"image_label": {quoted(label)}']
    return _object(fields)


def _related(raw: str, base: str, target: str, label: str, context: str) -> str:
    fields = _fields("title", raw, " ")
    fields.insert(1, f'"path": {quoted(target)}')
    if base:
        fields.append(f'"base": {quoted(base)}')
    return _object([*fields, *_terms(label, context)])


def _entry(
    whole: str, topic: str, raw: str, base: str, target: str, label: str, context: str, text: str
) -> str:
    fields = _fields("title", raw, " ")
    fields.insert(1, f'"path": {quoted(target)}')
    if base:
        fields.append(f'"base": {quoted(base)}')
    if whole.startswith("#####"):
        fields += _fields("topic", topic)
    fields += _terms(label, context)
    if text:
        fields += _fields("description", text)
    elif not label and whole.endswith("\n\n"):
        fields.append('"description": ""')
    return _object(fields)
