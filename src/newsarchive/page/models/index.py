"""Pages that list events: day index, front page, opinion index."""

import datetime
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from newsarchive.page.models._text import (
    BlankPair,
    CleanOrEmptyLine,
    Context,
    Gap,
    LinkTarget,
    LinkText,
    Model,
    Paragraph,
)
from newsarchive.page.models.links import FormatLinks
from newsarchive.page.paths import PageKind, day_path, kind_of
from newsarchive.page.sections import PREVIOUS_DAY as PREVIOUS_DAY


class IndexEntry(Model):
    """One event in an index (or one editorial among opinions).

    Attributes:
        title: the event's title as the link gives it.
        path: the archive path that the link leads to, right or wrong.
        topic: the ``#####`` line above; empty where the line is, None where there is none.
        description: the paragraph below; empty where an empty line stands for it, else None.
        context: the terms of the ``_Context: ..._`` line, which stands in place of a description.
        title_blanks, topic_blanks, description_blanks: blanks that the clean values do not hold.
        gap: empty lines and topic lines without an event that stand before the entry.
    """

    title: LinkText
    path: LinkTarget
    topic: CleanOrEmptyLine | None = None
    description: Literal[""] | Paragraph | None = None
    context: Context = ()
    title_blanks: BlankPair = ("", " ")
    topic_blanks: BlankPair = ("", "")
    description_blanks: BlankPair = ("", "")
    gap: Gap = ""

    @model_validator(mode="after")
    def _settle(self) -> Self:
        if self.context and self.description is not None:
            raise ValueError("an index entry has a description or context terms, not both")
        if not self.topic and self.topic_blanks != ("", ""):
            before, after = self.topic_blanks
            settled = ("", "") if self.topic is None else ("", before + after)
            object.__setattr__(self, "topic_blanks", settled)
        if self.topic is None and self.gap.rpartition("\n")[0].rpartition("\n")[2]:
            raise ValueError("a gap that ends in a topic line: that line is the entry's topic")
        if not self.description and self.description_blanks != ("", ""):
            object.__setattr__(self, "description_blanks", ("", ""))
        return self


def _check_gaps(entries: tuple[IndexEntry, ...], final_gap: str = "") -> None:
    """Raise where a page would show an entry's empty description and a gap the other way round."""
    gaps = [*(entry.gap for entry in entries[1:]), final_gap]
    for entry, gap in zip(entries, gaps, strict=False):
        if entry.description is None and not entry.context and gap.startswith("\n"):
            raise ValueError("an empty line below an entry without text is its description ''")


def _day_index_path(value: str) -> str:
    if value and kind_of(value) is not PageKind.DAY_INDEX:
        raise ValueError("a day index's path is /news/YYYY/MM/D/index.md or .../README.md")
    return value


class IndexLayout(Model):
    """How an index page is laid out.

    Attributes:
        formats: the ``Formats:`` line, None where there is none.
        date_link: the date heading's target where it is not the index of the heading's own day.
        final_gap: empty lines and topic lines without an event after the last entry.
    """

    formats: FormatLinks | None = None
    date_link: LinkTarget | None = None
    final_gap: Gap = ""


class DayIndex(Model):
    """The index page of a day.

    Attributes:
        path: the archive path (``/news/2013/02/20/index.md``), empty where unknown.
        date: the day that the heading names.
        entries: the day's events, in the page's order.
        previous: the target of ``Previous Day...``, None where there is none.
        layout: how the page is laid out.
    """

    path: Annotated[str, AfterValidator(_day_index_path)] = ""
    date: datetime.date
    entries: tuple[IndexEntry, ...] = ()
    previous: LinkTarget | None = None
    layout: IndexLayout = IndexLayout()

    @model_validator(mode="after")
    def _settle(self) -> Self:
        _check_gaps(self.entries, self.layout.final_gap)
        if self.layout.date_link is not None and self.layout.date_link == day_path(self.date):
            object.__setattr__(self, "layout", self.layout.model_copy(update={"date_link": None}))
        return self

    @property
    def day_path(self) -> str:
        """The path that the date heading links to: mostly this page itself."""
        return day_path(self.date) if self.layout.date_link is None else self.layout.date_link


class FrontSection(Model):
    """A ``##`` heading of the front page and what stands under it.

    Attributes:
        name: the heading's text: ``News``, ``Opinion``, ``Yesterday``, ``Previous Day...``.
        path: the day index that the heading links to, None for a heading without a link.
        entries: the events or editorials under it.
        rule: whether a ``---`` line closes the section.
        final_gap: empty lines and topic lines without an event after the last entry.
    """

    name: LinkText
    path: LinkTarget | None = None
    entries: tuple[IndexEntry, ...] = ()
    rule: bool = False
    final_gap: Gap = ""

    @model_validator(mode="after")
    def _settle(self) -> Self:
        _check_gaps(self.entries, self.final_gap)
        return self


def _front_page_path(value: str) -> str:
    if value and kind_of(value) is not PageKind.FRONT_PAGE:
        raise ValueError("the front page's path is /index.md or /README.md")
    return value


class FrontPage(Model):
    """The archive's front page: the newest days' events, and opinions.

    Attributes:
        path: ``/index.md`` or ``/README.md``, empty where unknown.
        sections: the page from top to bottom.
        formats: the ``Formats:`` line, None where there is none.
    """

    path: Annotated[str, AfterValidator(_front_page_path)] = ""
    sections: Annotated[tuple[FrontSection, ...], Field(min_length=1)]
    formats: FormatLinks | None = None


def _opinion_index_path(value: str) -> str:
    if value and kind_of(value) is not PageKind.OPINION_INDEX:
        raise ValueError("the opinion index's path is /opinion/index.md or /opinion/README.md")
    return value


class OpinionIndex(Model):
    """The list of editorials.

    Attributes:
        path: ``/opinion/index.md`` or ``/opinion/README.md``, empty where unknown.
        name: the heading's text.
        entries: the editorials, each with its topic line and teaser.
    """

    path: Annotated[str, AfterValidator(_opinion_index_path)] = ""
    name: LinkText = "Opinion"
    entries: tuple[IndexEntry, ...] = ()

    @model_validator(mode="after")
    def _settle(self) -> Self:
        _check_gaps(self.entries)
        return self
