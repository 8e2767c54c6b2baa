"""What a merge leaves on a page where nobody settled it."""

import re
from collections.abc import Iterator

from newsarchive.page.paths import PageKind
from newsarchive.page.patterns import pattern
from newsarchive.page.reading import Reading
from newsarchive.rules._rule import Finding

# Seven, or more where the merge of two merges had conflicts of its own or the settings say so.
_MARKER = pattern(r"^(?:<{7,}|>{7,}|\|{7,}|={7,})(?=[ \t]|$)[^\n]*+", re.M)
_SIGNS = ("<<<<<<<", ">>>>>>>", "=======", "|||||||")
# In prose, a line of "=" makes a heading of the line above, and one of "|" is a row of a table.
_CLEAR = "<>"
_OF_PROSE = (PageKind.PROSE, PageKind.EDITORIAL)


def no_markers(reading: Reading) -> bool:
    """Whether a page certainly holds no conflict marker."""
    body = reading.body
    if reading.canonical:
        # All lines of such a page but for its descriptions begin as the format has it.
        if reading.kind is PageKind.EVENT:
            part = reading.description
            return part is None or body[part[0]] not in "<=>|"
        parts = [item.description for item in reading.index_items() if item.description]
        return all(body[start] not in "<=>|" for start, _ in parts)
    return not any(sign in body for sign in _SIGNS)


def conflict_markers(reading: Reading) -> Iterator[Finding]:
    """NA111: one finding for each line that a merge left."""
    if no_markers(reading):
        return
    found = list(_MARKER.finditer(reading.body))
    if reading.kind in _OF_PROSE and not any(m[0][0] in _CLEAR for m in found):
        return
    for m in found:
        shown = m[0] if len(m[0]) <= 40 else m[0][:37] + "..."
        yield Finding(*m.span(), f"'{shown}' is a conflict marker: a merge was not settled")


def is_in_conflict(reading: Reading) -> bool:
    """Whether a merge left markers on a page, so that nobody knows what it is to say."""
    return next(conflict_markers(reading), None) is not None
