"""Archives of an edition that nobody described: what their pages have in common is said once."""

from __future__ import annotations

from collections.abc import Iterable

from newsarchive.findings.diagnostics import Diagnostic
from newsarchive.rules._rule import diagnostic_of
from newsarchive.rules.files import FOREIGN
from newsarchive.rules.layout import UNKNOWN_SECTION

# Fewer pages than this have little in common by chance or by one person's hand.
_FEWEST = 3


def told_once(found: Iterable[Diagnostic], events: int, file: str) -> list[Diagnostic]:
    """Findings of a whole archive, where one stands for unknown headings that most events have."""
    found = list(found)
    pages: dict[str, set[str]] = {}
    for diagnostic in found:
        if diagnostic.code == UNKNOWN_SECTION.code:
            pages.setdefault(diagnostic.message, set()).add(diagnostic.page)
    shared = {
        message: len(having)
        for message, having in pages.items()
        if len(having) >= _FEWEST and 2 * len(having) > events
    }
    if not shared:
        return found
    commonest = max(shared, key=lambda message: (shared[message], message))
    heading = commonest.partition("; ")[0].removeprefix("unknown ")
    message = (
        "these pages look like an edition that newsarchive does not know: "
        f"{heading} on {shared[commonest]:,} of {events:,} pages; describe it in the configuration"
    )
    return [
        diagnostic_of(FOREIGN, message, "/", file),
        *(d for d in found if d.code != UNKNOWN_SECTION.code or d.message not in shared),
    ]
