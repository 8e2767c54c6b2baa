"""The event page: the news item that everything else is about."""

from typing import Annotated, Self

from pydantic import AfterValidator, model_validator

from newsarchive.page.editions import EN
from newsarchive.page.models._paths import EventPath
from newsarchive.page.models._text import (
    Base,
    BlankPair,
    CleanLine,
    CleanOrEmptyLine,
    Day,
    Heading,
    LinkTarget,
    Model,
    PageModel,
    ParagraphOrEmpty,
    Switch,
)
from newsarchive.page.models.links import (
    COVER_IMAGE,
    Change,
    CoverImage,
    FormatLinks,
    RelatedLink,
    Source,
)
from newsarchive.page.paths import day_path
from newsarchive.page.sections import SECTIONS


def _none_if_empty(value: str | None) -> str | None:
    return value or None


class EventLayout(Model):
    """The layout of an event page: facts of its bytes that its news does not depend on.

    The archive's generator changed step by step, so each is a fact of its page. The defaults are
    the first generation's layout. A fact that a page cannot show (`source_heading` without
    sources, `changes_first` without both sections) is reset to its default.

    Attributes:
        formats: the ``Formats:`` line, None where there is none.
        date_link: the date heading's target where it is not the index of the heading's own day.
        date_base: what precedes that target, in editions whose links have such (``/zh``).
        title_blanks, topic_blanks, description_blanks: spaces before and after the clean values.
        source_heading: ``Source`` or ``Sources``, whatever the count, or the word of another
            edition; `related_heading` and `changes_heading` likewise.
        changes_first: whether Changes come before Related.
        final_blank_line: whether one more empty line than usual ends the page.
    """

    formats: FormatLinks | None = None
    date_link: LinkTarget | None = None
    date_base: Base = ""
    title_blanks: BlankPair = ("", " ")
    topic_blanks: BlankPair = ("", "")
    description_blanks: BlankPair = ("", "")
    source_heading: Heading = EN.sources[0]
    related_heading: Heading = EN.related[0]
    changes_heading: Heading = EN.changes[0]
    changes_first: Switch = False
    final_blank_line: Switch = False

    @classmethod
    def second_generation(cls, path: str) -> Self:
        """The later layout: a ``Formats:`` line, ``### Sources:``, Changes before Related."""
        return cls(formats=FormatLinks.of(path), source_heading="Sources", changes_first=True)


_HEADINGS = [
    (each.field, each.heading, EventLayout.model_fields[each.heading].default, each.pictured)
    for each in SECTIONS
]


class Event(PageModel):
    """An event page.

    Attributes:
        path: the archive path (``/news/2013/02/20/slug.md``), empty where unknown or where no
            link can name it.
        date: the day that the heading names.
        title: what happened, in a sentence or more, without spaces at its ends.
        topic: the ``#####`` line over the title; empty where the line is, None where there is none.
        description: a paragraph about the event, None where there is none.
        sources: who reported it, in the page's order; the cover image is not one of them: a
            last one named ``Cover Image`` becomes it, on a page with English headings.
        cover_image: the picture, the last entry of the sources' section.
        related: other events with shared context, in the page's order.
        changes: the page's versions, oldest first.
        layout: the page's layout; leave it alone unless the bytes matter to you.
    """

    path: EventPath = ""
    date: Day
    title: CleanLine
    topic: CleanOrEmptyLine | None = None
    description: Annotated[ParagraphOrEmpty | None, AfterValidator(_none_if_empty)] = None
    sources: tuple[Source, ...] = ()
    cover_image: CoverImage | None = None
    related: tuple[RelatedLink, ...] = ()
    changes: tuple[Change, ...] = ()
    layout: EventLayout = EventLayout()

    @model_validator(mode="after")
    def _settle_layout(self) -> Self:
        layout = self.layout
        last = self.sources[-1] if self.sources and self.cover_image is None else None
        if (
            last
            and last.name == COVER_IMAGE
            and last.image is None
            and layout.source_heading in EN.sources
        ):
            self._settle(sources=self.sources[:-1], cover_image=CoverImage(url=last.url))
        reset: dict[str, object] = {}
        for field, heading, default, pictured in _HEADINGS:
            shown = getattr(self, field) or (pictured and self.cover_image)
            if not shown and getattr(layout, heading) != default:
                reset[heading] = default
        if layout.changes_first and not (self.changes and self.related):
            reset["changes_first"] = False
        if layout.date_link is not None and layout.date_link == day_path(self.date):
            reset["date_link"] = None
        if not self.topic and layout.topic_blanks != ("", ""):
            before, after = layout.topic_blanks
            reset["topic_blanks"] = ("", "") if self.topic is None else ("", before + after)
        if self.description is None and layout.description_blanks != ("", ""):
            reset["description_blanks"] = ("", "")
        if reset and any(getattr(layout, name) != value for name, value in reset.items()):
            self._settle(layout=layout.model_copy(update=reset))
        return self

    @property
    def day_path(self) -> str:
        """The path that the date heading links to: mostly the index page of the event's day."""
        return day_path(self.date) if self.layout.date_link is None else self.layout.date_link
