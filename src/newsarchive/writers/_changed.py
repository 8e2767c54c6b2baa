"""An old name beside a new one: what differs is marked, what is equal gives way to it."""

from __future__ import annotations

from newsarchive.findings.names import compared
from newsarchive.findings.wording import Style
from newsarchive.writers._columns import cells, cut, cut_front

_LEAST = 12  # columns that what is equal keeps at least on either side


def shown_change(old: str, new: str, room: int, style: Style) -> list[str]:
    """One line that holds both names, or two that stand one below the other, in so many columns."""
    before, gone, came, after = compared(old, new)
    arrow = " → " if gone and came else "→ " if came else " →"
    spare = room - cells(f"[{gone}{arrow}{came}]")
    if spare >= min(cells(before), _LEAST) + min(cells(after), _LEAST):
        after = cut(after, max(spare - cells(before), min(cells(after), _LEAST)))
        before = cut_front(before, spare - cells(after))
        middle = f"{style(gone, fg='red')}{arrow}{style(came, fg='green')}"
        return [f"{before}[{middle}]{after}"]
    before = cut_front(before, room // 2)
    return [
        before + _marked(part, after, room - cells(before), style, colour)
        for part, colour in ((gone, "red"), (came, "green"))
    ]


def _marked(part: str, after: str, room: int, style: Style, colour: str) -> str:
    shown = cut(part, room)
    left = room - cells(shown)
    return style(shown, fg=colour) + (cut(after, left) if left > 0 else "")
