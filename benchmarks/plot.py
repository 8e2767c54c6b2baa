"""A line chart as SVG, written by hand."""

import math
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

_WIDTH, _HEIGHT = 720, 440
_LEFT, _RIGHT, _TOP, _BOTTOM = 70, 30, 50, 60
_COLOURS = ("#1b6ca8", "#d1495b", "#2a9d5c", "#8a5a9e")
_MARKERS = ("", "6 4", "2 3", "9 3 2 3")  # lines differ without colour, too

Line = Sequence[tuple[float, float]]
"""Points of one line, from left to right."""


def chart(title: str, x_label: str, y_label: str, lines: Mapping[str, Line]) -> str:
    """A chart with both axes from 0.

    Args:
        title: what stands above.
        x_label: what the axis from left to right is called.
        y_label: what the upright one is called.
        lines: the points of each line, by the name that the legend has for it.

    Returns:
        A standalone SVG document.
    """
    points = [point for line in lines.values() for point in line]
    x_ticks = ticks(max(x for x, _ in points))
    y_ticks = ticks(max(y for _, y in points))
    frame = _Frame(x_ticks[-1], y_ticks[-1])
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}"'
        ' font-family="sans-serif" font-size="13">',
        f"<title>{escape(title)}</title>",
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="white"/>',
        _text(_WIDTH / 2, 26, title, ' text-anchor="middle" font-size="16"'),
        *(_x_tick(frame, value) for value in x_ticks),
        *(_y_tick(frame, value) for value in y_ticks),
        _text((_LEFT + _WIDTH - _RIGHT) / 2, _HEIGHT - 14, x_label, ' text-anchor="middle"'),
        _text(18, _TOP - 14, y_label, ""),
        *(_line(frame, place, line) for place, line in enumerate(lines.values())),
        *(_legend(place, name) for place, name in enumerate(lines)),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def ticks(greatest: float) -> list[float]:
    """Round numbers from 0 to `greatest` or a little beyond, four to eight of them."""
    if greatest <= 0:
        return [0, 1]
    rough = greatest / 5
    power = 10 ** math.floor(math.log10(rough))
    step = min((m * power for m in (1, 2, 5, 10)), key=lambda s: abs(s - rough))
    return [n * step for n in range(math.ceil(greatest / step - 1e-9) + 1)]


class _Frame:
    """From values to places in the picture."""

    def __init__(self, x_end: float, y_end: float) -> None:
        self._x_end, self._y_end = x_end, y_end

    def x(self, value: float) -> float:
        return _LEFT + value / self._x_end * (_WIDTH - _LEFT - _RIGHT)

    def y(self, value: float) -> float:
        return _HEIGHT - _BOTTOM - value / self._y_end * (_HEIGHT - _TOP - _BOTTOM)


def _x_tick(frame: _Frame, value: float) -> str:
    x, bottom = frame.x(value), _HEIGHT - _BOTTOM
    return f'<path d="M{x:.1f} {bottom}v5" stroke="black"/>' + _text(
        x, bottom + 20, f"{value:,.10g}", ' text-anchor="middle"'
    )


def _y_tick(frame: _Frame, value: float) -> str:
    y, colour = frame.y(value), "#dddddd" if value else "black"
    return f'<path d="M{_LEFT} {y:.1f}H{_WIDTH - _RIGHT}" stroke="{colour}"/>' + _text(
        _LEFT - 8, y + 4, f"{value:,.10g}", ' text-anchor="end"'
    )


def _line(frame: _Frame, place: int, line: Line) -> str:
    colour = _COLOURS[place % len(_COLOURS)]
    places = [(frame.x(x), frame.y(y)) for x, y in line]
    joined = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    dots = "".join(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4"/>' for x, y in places)
    return (
        f'<polyline points="{joined}" fill="none" stroke="{colour}" stroke-width="2"'
        f' stroke-dasharray="{_MARKERS[place % len(_MARKERS)]}"/><g fill="{colour}">{dots}</g>'
    )


def _legend(place: int, name: str) -> str:
    colour, y = _COLOURS[place % len(_COLOURS)], _TOP + 20 + 20 * place
    return (
        f'<path d="M{_LEFT + 14} {y}h34" stroke="{colour}" stroke-width="2"'
        f' stroke-dasharray="{_MARKERS[place % len(_MARKERS)]}"/>'
        + _text(_LEFT + 56, y + 4, name, "")
    )


def _text(x: float, y: float, text: str, attributes: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}"{attributes}>{escape(text)}</text>'
