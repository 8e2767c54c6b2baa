"""Charts as SVG of counted marks: small, the same for the same numbers, without a script."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from markupsafe import Markup, escape

WIDTH = 720
"""The units that a chart is wide."""


def tag(name: str, *inside: str | Markup, **attributes: str | float) -> Markup:
    """An element; texts in it and its attributes are escaped."""
    shown = "".join(
        f' {key.replace("_", "-").strip("-")}="{escape(_number(value))}"'
        for key, value in attributes.items()
    )
    return Markup(f"<{name}{shown}>{''.join(map(escape, inside))}</{name}>")


def _number(value: str | float) -> str:
    return value if isinstance(value, str) else f"{value:.1f}".removesuffix(".0")


def chart(name: str, title: str, height: float, *inside: Markup) -> Markup:
    """A chart with a title that readers of screens tell."""
    return tag(
        "svg", tag("title", title, id=f"{name}-title"), *inside,
        viewBox=f"0 0 {WIDTH} {_number(height)}", role="img", aria_labelledby=f"{name}-title",
    )  # fmt: skip


def label(x: float, y: float, text: str, anchor: str = "start") -> Markup:
    """A text in a chart."""
    return tag("text", text, x=x, y=y, text_anchor=anchor)


def stacked(name: str, title: str, parts: Sequence[tuple[str, str, int]]) -> Markup:
    """One bar of parts: class, name and number of each; what is there is seen, however small."""
    total = sum(number for *_, number in parts)
    marks: list[Markup] = []
    left, room = 0.0, WIDTH - 4.0 * len(parts)
    for kind, word, number in parts:
        width = 4 + room * number / total
        wide = max(width - 2, 2)
        marks.append(tag("rect", x=left, y=0, width=wide, height=34, class_=f"part {kind}"))
        if width > 130:  # else the legend alone says it
            marks.append(tag("text", f"{number:,} {word}", x=left + 8, y=23, class_="on"))
        left += width
    return chart(name, title, 34, *marks)


def columns(
    name: str, title: str, keys: Sequence[str], front: Mapping[str, int], back: Mapping[str, int]
) -> Markup:
    """Columns of two series over months, each on its own scale; years stand below."""
    height, base = 150.0, 130.0
    step = WIDTH / max(len(keys), 1)
    marks = [
        _columns(keys, back, base, step, "behind"),
        _columns(keys, front, base, step, "bad"),
        tag("line", x1=0, y1=base, x2=WIDTH, y2=base, class_="axis"),
    ]
    years = [(n, key[:4]) for n, key in enumerate(keys) if n == 0 or key.endswith("-01")]
    apart = max(1, round(len(years) / 12))
    marks += [label(n * step, height - 4, year) for n, year in years[::apart]]
    return chart(name, title, height, *marks)


def _columns(
    keys: Sequence[str], counts: Mapping[str, int], base: float, step: float, kind: str
) -> Markup:
    most = max((counts.get(key, 0) for key in keys), default=0) or 1
    wide = max(step - (1 if step > 3 else 0), 0.5)
    path = "".join(
        f"M{_number(n * step)} {_number(base)}v-{_number(max(base * counts[key] / most, 1))}"
        f"h{_number(wide)}V{_number(base)}z"
        for n, key in enumerate(keys)
        if counts.get(key)
    )
    return tag("path", d=path, class_=kind)


def curve(name: str, title: str, values: Sequence[float], marks: Iterable[int]) -> Markup:
    """A rising curve of shares from 0 to 1, with some of its points named by their numbers."""
    height, base, right = 150.0, 130.0, WIDTH - 4.0
    most = max(len(values), 1)
    apart = max(1, most // 360)
    points = [(0.0, base)]
    points += [
        (right * (n + 1) / most, base - 120 * values[n])
        for n in (*range(0, most - 1, apart), most - 1)
        if values
    ]
    line = " ".join(f"{_number(x)},{_number(y)}" for x, y in points)
    named: list[Markup] = []
    for number in marks:
        x, y = right * number / most, base - 120 * values[number - 1]
        named.append(tag("circle", cx=x, cy=y, r=3.5, class_="bad"))
        text = f"{number:,}: {values[number - 1]:.0%}"
        late = x > right * 0.8
        named.append(label(x - 6 if late else x + 6, y + 18, text, "end" if late else "start"))
    axis = tag("line", x1=0, y1=base, x2=right, y2=base, class_="axis")
    return chart(
        name, title, height, tag("polyline", points=line, class_="line"), axis, *named,
        label(0, height - 4, "missing pages, those with most links first"),
    )  # fmt: skip


def bar(share: float, kind: str) -> Markup:
    """A bar in a table; what it says stands beside it as a number."""
    width = max(100 * share, 1)
    mark = tag("rect", x=0, y=0, width=width, height=10, class_=kind)
    return tag("svg", mark, viewBox="0 0 100 10", class_="bar", aria_hidden="true")


def calendar(name: str, title: str, days: Mapping[str, int]) -> Markup:
    """Days as squares, a line of weeks for each year, darker where there is more."""
    import datetime

    years = sorted({day[:4] for day in days})
    most = max(days.values(), default=1)
    paths: dict[int, list[str]] = {}
    for day, number in sorted(days.items()):
        try:
            date = datetime.date.fromisoformat(day)
        except ValueError:  # a path with a day that the calendar lacks
            continue
        first = datetime.date(date.year, 1, 1).weekday()
        week, weekday = divmod(date.timetuple().tm_yday - 1 + first, 7)
        x, y = 44 + 12 * week, 34 * 3 * years.index(day[:4]) + 12 * weekday
        paths.setdefault(level(number, most), []).append(f"M{x} {y}h10v10h-10z")
    marks = [tag("path", d="".join(d), class_=f"l{key}") for key, d in sorted(paths.items())]
    for n, year in enumerate(years):
        marks.append(label(0, 102 * n + 46, year))
        marks.append(tag("rect", x=42, y=102 * n - 2, width=53 * 12 + 2, height=86, class_="frame"))
    return chart(name, title, 102 * len(years), *marks)


def level(number: int, most: int) -> int:
    """A number's shade: 0 for none, 1 to 5 by its share of the most, small ones told apart."""
    if number <= 0:
        return 0
    share = number / max(most, 1)
    return 1 + sum(share > limit for limit in (0.02, 0.1, 0.3, 0.6))


def trend(name: str, title: str, series: Mapping[str, Sequence[int]]) -> Markup:
    """Lines over the runs of a history, each with the class of its name."""
    height, base = 150.0, 140.0
    most = max((max(values) for values in series.values() if values), default=0) or 1
    marks = [tag("line", x1=0, y1=base, x2=WIDTH - 80, y2=base, class_="axis")]
    for kind, values in series.items():
        step = (WIDTH - 80) / max(len(values) - 1, 1)
        points = [(n * step, base - 130 * value / most) for n, value in enumerate(values)]
        line = " ".join(f"{_number(x)},{_number(y)}" for x, y in points)
        marks.append(tag("polyline", points=line, class_=f"line {kind}"))
        marks.append(label(WIDTH - 74, points[-1][1] + 4, f"{kind} {values[-1]:,}"))
    return chart(name, title, height, *marks)
