"""Pages that list events: day index, front page, opinion index."""

from typing import Annotated, Any, ClassVar, Self

from pydantic import ConfigDict, Field, model_validator

from newsarchive.page.editions import EN
from newsarchive.page.models._paths import DayIndexPath, FrontPagePath, OpinionIndexPath
from newsarchive.page.models._text import (
    Base,
    BlankPair,
    CleanOrEmptyLine,
    Context,
    Day,
    Gap,
    Label,
    LinkTarget,
    LinkText,
    Model,
    PageModel,
    ParagraphOrEmpty,
    Switch,
)
from newsarchive.page.models.links import CONTEXT, FormatLinks
from newsarchive.page.paths import day_path

PREVIOUS_DAY = EN.previous_day[0]

# What `IndexEntry` refuses beyond its fields, as a JSON Schema says it.
_NO_ENTRY: dict[str, Any] = {
    "anyOf": [
        {
            "required": ["context", "description"],
            "properties": {"context": {"minItems": 1}, "description": {"type": "string"}},
        },
        {
            "required": ["gap"],
            "properties": {"gap": {"pattern": r"[^\n]\n$(?!\n)"}, "topic": {"type": "null"}},
        },
    ]
}


class IndexEntry(Model):
    """One event in an index (or one editorial among opinions).

    Attributes:
        title: the event's title as the link gives it.
        path: the archive path that the link leads to, right or wrong.
        topic: the ``#####`` line above; empty where the line is, None where there is none.
        description: the paragraph below; empty where an empty line is in its place, else None.
        context: the terms of the ``_Context: ..._`` line, which is in place of a description.
        title_blanks, topic_blanks, description_blanks: spaces that the clean values do not hold.
        gap: empty lines and topic lines without an event before the entry. Its first
            two empty lines are the description of an entry before it that has no text.
        base: what precedes the path, in editions whose links have such (``/zh``).
        context_label: the word before the context.
    """

    model_config: ClassVar[ConfigDict] = ConfigDict(json_schema_extra={"not": _NO_ENTRY})

    title: LinkText
    path: LinkTarget
    topic: CleanOrEmptyLine | None = None
    description: ParagraphOrEmpty | None = None
    context: Context = ()
    title_blanks: BlankPair = ("", " ")
    topic_blanks: BlankPair = ("", "")
    description_blanks: BlankPair = ("", "")
    gap: Gap = ""
    base: Base = ""
    context_label: Label = CONTEXT

    @model_validator(mode="after")
    def _settle_blanks(self) -> Self:
        if self.context and self.description is not None:
            raise ValueError("an index entry has a description or context terms, not both")
        if self.topic is None and self.gap.rpartition("\n")[0].rpartition("\n")[2]:
            raise ValueError("a gap that ends in a topic line: that line is the entry's topic")
        if not self.topic and self.topic_blanks != ("", ""):
            before, after = self.topic_blanks
            self._settle(topic_blanks=("", "") if self.topic is None else ("", before + after))
        if not self.description and self.description_blanks != ("", ""):
            self._settle(description_blanks=("", ""))
        if not self.context and self.context_label != CONTEXT:
            self._settle(context_label=CONTEXT)
        return self

    @property
    def _is_bare(self) -> bool:
        """Whether nothing stands below the title."""
        return self.description is None and not self.context


def _settled(
    entries: tuple[IndexEntry, ...], final_gap: str = ""
) -> tuple[tuple[IndexEntry, ...], str] | None:
    """Entries and the gap after them as a page would show them; None where they are so already.

    Two empty lines below an entry without text are its empty description, with the line that
    closes it, and not part of a gap; one alone is.
    """
    gaps = [*(entry.gap for entry in entries[1:]), final_gap]
    taken = [
        entry._is_bare and gap.startswith("\n\n") for entry, gap in zip(entries, gaps, strict=False)
    ]
    if not any(taken):
        return None
    found = []
    for at, entry in enumerate(entries):
        update: dict[str, object] = {"description": ""} if taken[at] else {}
        if at and taken[at - 1]:
            update["gap"] = entry.gap[2:]
        found.append(entry.model_copy(update=update) if update else entry)
    return tuple(found), final_gap[2:] if taken[-1] else final_gap


class IndexLayout(Model):
    """The layout of an index page.

    Attributes:
        formats: the ``Formats:`` line, None where there is none.
        date_link: the date heading's target where it is not the index of the heading's own day.
        date_base: what precedes that target, in editions whose links have such (``/zh``).
        final_gap: empty lines and topic lines without an event after the last entry.
        previous_label: the text of the link to the day before.
        previous_base: what precedes that link's path, in editions whose links have such.
    """

    formats: FormatLinks | None = None
    date_link: LinkTarget | None = None
    date_base: Base = ""
    final_gap: Gap = ""
    previous_label: Label = PREVIOUS_DAY
    previous_base: Base = ""


class DayIndex(PageModel):
    """The index page of a day.

    Attributes:
        path: the archive path (``/news/2013/02/20/index.md``), empty where unknown.
        date: the day that the heading names.
        entries: the day's events, in the page's order.
        previous: the target of ``Previous Day...``, None where there is none.
        layout: the page's layout.
    """

    path: DayIndexPath = ""
    date: Day
    entries: tuple[IndexEntry, ...] = ()
    previous: LinkTarget | None = None
    layout: IndexLayout = IndexLayout()

    @model_validator(mode="after")
    def _settle_layout(self) -> Self:
        reset: dict[str, object] = {}
        if settled := _settled(self.entries, self.layout.final_gap):
            self._settle(entries=settled[0])
            reset["final_gap"] = settled[1]
        if self.layout.date_link is not None and self.layout.date_link == day_path(self.date):
            reset["date_link"] = None
        if self.previous is None and self.layout.previous_label != PREVIOUS_DAY:
            reset["previous_label"] = PREVIOUS_DAY
        if self.previous is None and self.layout.previous_base:
            reset["previous_base"] = ""
        if reset:
            self._settle(layout=self.layout.model_copy(update=reset))
        return self

    @property
    def day_path(self) -> str:
        """The path that the date heading links to: mostly this page itself."""
        return day_path(self.date) if self.layout.date_link is None else self.layout.date_link


class FrontSection(Model):
    """A ``##`` heading of the front page and what is under it.

    Attributes:
        name: the heading's text: ``News``, ``Opinion``, ``Yesterday``, ``Previous Day...``.
        path: the day index that the heading links to, None for a heading without a link.
        entries: the events or editorials under it.
        rule: whether a ``---`` line closes the section.
        final_gap: empty lines and topic lines without an event after the last entry.
        base: what precedes the path, in editions whose links have such.
    """

    name: LinkText
    path: LinkTarget | None = None
    entries: tuple[IndexEntry, ...] = ()
    rule: Switch = False
    final_gap: Gap = ""
    base: Base = ""

    @model_validator(mode="after")
    def _settle_gaps(self) -> Self:
        if settled := _settled(self.entries, self.final_gap):
            self._settle(entries=settled[0], final_gap=settled[1])
        if self.path is None and self.base:
            self._settle(base="")
        return self


class FrontPage(PageModel):
    """The archive's front page: the newest days' events, and opinions.

    Attributes:
        path: ``/index.md`` or ``/README.md``, empty where unknown.
        sections: the page from top to bottom.
        formats: the ``Formats:`` line, None where there is none.
        leading_blank_lines: whether two empty lines open the page.
    """

    path: FrontPagePath = ""
    sections: Annotated[tuple[FrontSection, ...], Field(min_length=1)]
    formats: FormatLinks | None = None
    leading_blank_lines: Switch = False


class OpinionIndex(PageModel):
    """The list of editorials.

    Attributes:
        path: ``/opinion/index.md`` or ``/opinion/README.md``, empty where unknown.
        name: the heading's text.
        entries: the editorials, each with its topic line and teaser.
    """

    path: OpinionIndexPath = ""
    name: LinkText = "Opinion"
    entries: tuple[IndexEntry, ...] = ()

    @model_validator(mode="after")
    def _settle_gaps(self) -> Self:
        if settled := _settled(self.entries):
            self._settle(entries=settled[0])
        return self
