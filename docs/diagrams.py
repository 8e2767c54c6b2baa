"""Two pictures made of what they show: the parts of a page of the samples, and the models.

The places in the page are those that the parser found (`Inspection.spans`), the boxes and fields
those of the models. So neither picture can say what is not so.
"""

import typing
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from pydantic import BaseModel

import newsarchive as na
from newsarchive.page.reading import Loc

ROOT = Path(__file__).parents[1]
SHOWN = "/news/2016/03/1/oster-flood-death-toll-rises-to-four.md"
_LONGEST = 92  # characters of a line that are drawn
_CHARACTER, _LINE = 7.2, 19
_COLOURS = {
    "title": "#b3261e", "date": "#0b57d0", "topic": "#7b3fa0", "description": "#5f6368",
    "sources": "#146c2e", "changes": "#a04f00", "related": "#00677d", "layout": "#80868b",
}  # fmt: skip
_STYLE = """
text { font: 12px ui-monospace, monospace; fill: #202124; white-space: pre }
.note { font-size: 11px } .name { font-weight: bold } .soft { fill: #5f6368 }
rect.back { fill: #ffffff } rect.box { fill: #f6f8fa; stroke: #9aa0a6 }
path { fill: none; stroke: #9aa0a6 } rect.head { fill: #dde5ee; stroke: #9aa0a6 }
"""


def _svg(width: float, height: float, title: str, parts: list[str]) -> bytes:
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" role="img">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style>"
        f'<rect class="back" width="{width:g}" height="{height:g}"/>'
    )
    return "\n".join([head, *parts, "</svg>\n"]).encode()


# The parts of a page.


def anatomy_svg() -> bytes:
    """An event page, line by line, with what the model calls its parts."""
    text = (ROOT / "examples/archive" / SHOWN[1:]).read_text("utf-8")
    spans = na.inspect(text, SHOWN).spans
    parts: list[str] = []
    start = row = 0
    for line in text.split("\n"):
        found = [
            (span.start - start, span.end - start, place)
            for place, span in spans.items()
            if start <= span.start < start + len(line) + 1 and _is_told(place)
        ]
        y = 24 + row * _LINE
        parts += _drawn_line(line, found, y)
        start += len(line) + 1
        row += 1
    width = 20 + (_LONGEST + 1) * _CHARACTER + 330
    return _svg(width, row * _LINE + 20, "The parts of an event page", parts)


def _is_told(place: Loc) -> bool:
    """Whether a part is named: leaves, and of equal ones the first."""
    return len(place) != 2 or not isinstance(place[1], int)


def _drawn_line(line: str, found: list[tuple[int, int, Loc]], y: float) -> Iterator[str]:
    shown = line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…"
    for start, end, place in sorted(found):
        if start < len(shown):
            x, width = 12 + start * _CHARACTER, (min(end, len(shown)) - start) * _CHARACTER
            yield (
                f'<rect x="{x:g}" y="{y - 13:g}" width="{width:g}" height="17" rx="2" '
                f'fill="{_COLOURS[str(place[0])]}" fill-opacity="0.16"/>'
            )
    if shown:
        yield (
            f'<text x="12" y="{y:g}" textLength="{len(shown) * _CHARACTER:g}" '
            f'lengthAdjust="spacingAndGlyphs">{escape(shown)}</text>'
        )
    names = dict.fromkeys(_name(place) for _, _, place in sorted(found))
    if names:
        colour = _COLOURS[str(sorted(found)[0][2][0])]
        x = 20 + (_LONGEST + 1) * _CHARACTER
        told = _list(list(names))
        yield f'<text class="note" x="{x:g}" y="{y:g}" style="fill:{colour}">{told}</text>'


def _name(place: Loc) -> str:
    """A part as code names it: ``sources[0].url``; of several in a row the row."""
    shown = ""
    for number, word in enumerate(place):
        if isinstance(word, int):
            shown += f"[{word}]" if number < len(place) - 1 else ""
        else:
            shown += f".{word}" if shown else word
    return shown


def _list(names: list[str]) -> str:
    """Names in one line; what they have in common is said once."""
    common = names[0].rpartition(".")[0]
    if common and len(names) > 1 and all(n.startswith(f"{common}.") for n in names):
        return f"{common}: {', '.join(name.removeprefix(f'{common}.') for name in names)}"
    return ", ".join(names)


# The models.

_COLUMN, _ROW = 330, 17


def models_svg() -> bytes:
    """Every model, its fields, and which model a field holds."""
    columns = _columns()
    places: dict[type, tuple[float, float]] = {}
    height = 0.0
    for number, models in enumerate(columns):
        y = 16.0
        for model in models:
            places[model] = (16 + number * _COLUMN, y)
            y += (len(model.model_fields) + 1) * _ROW + 30
        height = max(height, y)
    parts = [part for model in places for part in _arrows(model, places)]
    parts += [part for model, place in places.items() for part in _box(model, *place)]
    return _svg(16 + len(columns) * _COLUMN - 70, height, "The models of an archive's pages", parts)


def _columns() -> list[list[type[BaseModel]]]:
    """The pages' models, then what they hold, then what that holds."""
    depth: dict[type[BaseModel], int] = dict.fromkeys(typing.get_args(na.Page), 0)
    pending = deque(depth)
    while pending:
        model = pending.popleft()
        for info in model.model_fields.values():
            for held in _held(info.annotation):
                if depth.get(held, -1) < depth[model] + 1:
                    depth[held] = depth[model] + 1
                    pending.append(held)
    return [
        [model for model, found in depth.items() if found == number]
        for number in range(max(depth.values()) + 1)
    ]


def _held(annotation: Any) -> list[type[BaseModel]]:
    """The models that a type names."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for one in typing.get_args(annotation) for model in _held(one)]


def _box(model: type[BaseModel], x: float, y: float) -> Iterator[str]:
    width, fields = _COLUMN - 90, model.model_fields
    for kind, height in (("box", (len(fields) + 1) * _ROW + 8), ("head", _ROW + 4)):
        size = f'width="{width}" height="{height}"'
        yield f'<rect class="{kind}" x="{x:g}" y="{y:g}" {size}/>'
    yield f'<text class="name" x="{x + 8:g}" y="{y + 15:g}">{model.__name__}</text>'
    for number, (name, info) in enumerate(fields.items(), 1):
        held = _held(info.annotation)
        several = "several " if held and typing.get_origin(info.annotation) is tuple else ""
        shown = f"{name}: {several}{held[0].__name__}" if held else name
        kind = "" if held or info.is_required() else ' class="soft"'
        yield f'<text{kind} x="{x + 8:g}" y="{y + 17 + number * _ROW:g}">{shown}</text>'


def _arrows(model: type[BaseModel], places: dict[type, tuple[float, float]]) -> Iterator[str]:
    x, y = places[model]
    for number, info in enumerate(model.model_fields.values(), 1):
        for held in _held(info.annotation):
            to_x, to_y = places[held]
            from_x, from_y = x + _COLUMN - 90, y + 13 + number * _ROW
            middle = (from_x + to_x) / 2
            yield (
                f'<path d="M{from_x:g} {from_y:g} C{middle:g} {from_y:g} '
                f'{middle:g} {to_y + 10:g} {to_x:g} {to_y + 10:g}"/>'
            )
