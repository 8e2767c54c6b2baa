"""For authors of rules who would rather look at the page's model than at its parts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from newsarchive.findings.diagnostics import Applicability
from newsarchive.findings.edits import BodyEdit
from newsarchive.page.paths import PageKind
from newsarchive.page.reading import Loc, Reading
from newsarchive.rules._rule import Finding, PageCheck, Repair

if TYPE_CHECKING:
    from newsarchive.page.document import Span
    from newsarchive.page.models import Event


class Places:
    """Where the parts of a page stand, and findings made of that.

    Attributes:
        reading: the page.
    """

    def __init__(self, reading: Reading) -> None:
        self.reading = reading

    @cached_property
    def spans(self) -> Mapping[Loc, Span]:
        """Spans of the text as it was read, by place in the model: ``("sources", 0, "url")``."""
        from newsarchive.page.parser._spans import spans_of

        return spans_of(self.reading)

    def finding(
        self,
        loc: Loc,
        message: str,
        *,
        replacement: str | None = None,
        fix: str = "",
        applicability: Applicability = Applicability.UNSAFE,
    ) -> Finding:
        """A finding on one part of the page.

        Args:
            loc: the part's place in the model, as a tuple.
            message: one sentence without a full stop: what was found, then what was expected.
            replacement: the text that the fix puts in the part's place; None means no fix.
            fix: what the fix does, for people; needed with `replacement`.
            applicability: whether the fix is certain or has to be asked for.

        Raises:
            KeyError: the page has no such part.
        """
        span = self.spans.get(loc)
        if span is None:
            raise KeyError(f"the page has no part {loc!r}")
        repair = None
        if replacement is not None:
            repair = Repair(fix, (BodyEdit(*span, replacement),), applicability)
        return Finding(*span, message, repair, raw=True)


def event_check(check: Callable[[Event, Places], Iterable[Finding]]) -> PageCheck:
    """Make a page check of a function that looks at an event's model and the places of its parts.

    It is called for event pages that a model can be built of, and for no others. Building a model
    takes longer than all else on a page; a rule's `passes` can spare most pages that.
    """

    def run(reading: Reading) -> Iterable[Finding]:
        page = reading.page if reading.kind is PageKind.EVENT else None
        return check(page, Places(reading)) if page is not None else ()  # type: ignore[arg-type]

    return run
