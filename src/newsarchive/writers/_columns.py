"""How many columns of a terminal texts take, and texts that are cut to fit."""

from __future__ import annotations

from collections.abc import Iterator


def cells(text: str) -> int:
    """How many columns a text takes; escape sequences and marks above characters take none."""
    if text.isascii() and "\x1b" not in text:
        return len(text)
    from wcwidth import width  # for those whose texts are not plain

    return width(text)


def cut(text: str, room: int) -> str:
    """The beginning of a plain text, as much as there is room for, with ``…`` where it is cut."""
    if cells(text) <= room:
        return text
    kept = text[: max(room - 1, 0)]  # hardly a character takes less than a column
    while kept and cells(kept) > room - 1:
        kept = kept[:-1]
    return kept + "…"


def cut_front(text: str, room: int) -> str:
    """The end of a plain text, as much as there is room for."""
    if cells(text) <= room:
        return text
    kept = text[-max(room - 1, 0) :] if room > 1 else ""
    while kept and cells(kept) > room - 1:
        kept = kept[1:]
    return "…" + kept


def aligned(left: str, right: str, width: int) -> Iterator[str]:
    """Two texts at the ends of a line, or of two where one has no room for both."""
    gap = width - cells(left) - cells(right)
    if not right or gap >= 2:
        yield f"{left}{' ' * gap}{right}" if right else left
    else:
        yield left
        yield f"{' ' * max(width - cells(right), 0)}{right}"
