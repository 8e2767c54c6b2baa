"""One text: its page, its diagnostics, its spans."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from functools import cached_property
from typing import TYPE_CHECKING

from newsarchive.findings.diagnostics import Diagnostic, InvalidPageError
from newsarchive.page.document import Document, Span
from newsarchive.page.editions import Edition, edition_of
from newsarchive.page.lazy_dataclasses import dataclass
from newsarchive.page.parser import page_of, read
from newsarchive.page.parser._spans import spans_of
from newsarchive.page.reading import Loc, Reading
from newsarchive.rules._judging import run_rules
from newsarchive.rules._selection import select_rules

if TYPE_CHECKING:
    from newsarchive.page.models import Page


@dataclass(frozen=True)
class Inspection:
    """What was found in one text.

    Attributes:
        reading: the parts of the text; the library's own view, which may change.
        diagnostics: the findings of the rules that need no other page, in the order of the text.
    """

    reading: Reading
    diagnostics: tuple[Diagnostic, ...]

    @property
    def document(self) -> Document:
        """The text as it was read, with its lines and positions."""
        return self.reading.document

    @property
    def page(self) -> Page | None:
        """The page's model, None where none can be built."""
        return self.reading.page

    @cached_property
    def spans(self) -> dict[Loc, Span]:
        """Where each part of the page is, keyed by pydantic location.

        ``spans["related", 3, "path"]`` is the half-open span, in code points of
        ``document.text``, of the fourth related link's target. Parts of a page that cannot be
        built have spans all the same.
        """
        return spans_of(self.reading)


def inspect(
    text: str | bytes,
    path: str = "",
    *,
    today: datetime.date | None = None,
    edition: Edition | str | None = None,
) -> Inspection:
    """Read a text and check it with every rule that needs no other page. Never raises on content.

    Args:
        text: a page's text, or its bytes in UTF-8.
        path: its archive path (``/news/2013/02/20/slug.md``), which decides what kind of page it
            is; where empty, the headings decide, and rules that compare with the path say nothing.
        today: the day that future dates are measured against; by default the local date.
        edition: the edition that it is read as, or the name of one that is built in; None is the
            one whose words it has.

    Raises:
        ValueError: no edition of that name is built in.
    """
    reading = read(text, path, edition_of(edition))
    found = run_rules(reading, select_rules(), today=today or datetime.date.today())
    return Inspection(reading, tuple(found))


def parse(text: str | bytes, path: str = "", *, edition: Edition | str | None = None) -> Page:
    """The page that a text is.

    Lines that are no part of any page are left out of the model; `inspect` reports them.

    Args:
        text: a page's text, or its bytes in UTF-8.
        path: its archive path; where empty, the headings decide what kind of page it is.
        edition: the edition that it is read as, or the name of one that is built in; None is the
            one whose words it has.

    Returns:
        An `Event`, `DayIndex`, `FrontPage`, `OpinionIndex`, `Editorial` or `ProsePage`.

    Raises:
        InvalidPageError: no page can be built; its `diagnostics` say why.
        ValueError: no edition of that name is built in.
    """
    edition = edition_of(edition)
    page = page_of(text, path, edition)
    if page is None:
        found = run_rules(read(text, path, edition), select_rules())
        raise InvalidPageError(tuple(d for d in found if d.severity == "error"))
    return page


def check_page(
    page: Page,
    *,
    select: Iterable[str] = (),
    ignore: Iterable[str] = (),
    today: datetime.date | None = None,
    edition: Edition | str | None = None,
) -> tuple[Diagnostic, ...]:
    """The findings of the rules that need no other page, on a page that was built or changed.

    Their places count in the text that `render` makes of it.

    Args:
        page: any page model.
        select: rules to run, as `check_text` takes them.
        ignore: rules to leave out of those.
        today: the day that future dates are measured against; by default the local date.
        edition: the edition that the page is of, as `check_text` takes it.

    Raises:
        UnknownRuleError: `select` or `ignore` names no rule.
        ValueError: no edition of that name is built in.
    """
    from newsarchive.page.rendering import render

    text = render(page)
    return check_text(text, page.path, select=select, ignore=ignore, today=today, edition=edition)


def check_text(
    text: str | bytes,
    path: str = "",
    *,
    select: Iterable[str] = (),
    ignore: Iterable[str] = (),
    today: datetime.date | None = None,
    edition: Edition | str | None = None,
) -> tuple[Diagnostic, ...]:
    """The findings of the rules that need no other page.

    Args:
        text: a page's text, or its bytes in UTF-8.
        path: its archive path; see `inspect`.
        select: rules to run: codes, prefixes of codes, or names; see `check`.
        ignore: rules to leave out of those.
        today: the day that future dates are measured against; by default the local date.
        edition: as for `parse`.

    Raises:
        UnknownRuleError: `select` or `ignore` names no rule.
        ValueError: no edition of that name is built in.
    """
    rules = select_rules(select, ignore)
    reading = read(text, path, edition_of(edition))
    return tuple(run_rules(reading, rules, today=today or datetime.date.today()))
