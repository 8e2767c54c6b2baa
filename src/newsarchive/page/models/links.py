"""The entries of link sections: sources, cover image, related links, changes, formats."""

from typing import Annotated, Self

from pydantic import model_validator

from newsarchive.page.editions import EN
from newsarchive.page.models._text import (
    NO_PARENTHESES,
    NOT_EMPTY,
    Base,
    BlankPair,
    Context,
    Label,
    Line,
    LinkTarget,
    LinkText,
    LinkTextOrEmpty,
    Model,
    Moment,
    Unbroken,
)
from newsarchive.page.paths import PageKind, kind_of
from newsarchive.page.sections import ChangeKind as ChangeKind
from newsarchive.page.sections import entry_numbers as entry_numbers

CONTEXT = EN.context[0]
COVER_IMAGE = EN.cover_image[0]
IMAGE = EN.image[0]


class Source(Model):
    """One entry of ``### Source:``: who reported the event, and where.

    Attributes:
        name: the publisher as the page names it (``Reuters``); it may hold wiki markup, and
            it may be empty.
        url: the report's address as written; see NA501 for what counts as valid.
        image: the address of the report's picture, None where the entry has none.
        name_blanks: spaces around the name between the brackets.
        image_label: the text of the link to the picture.
    """

    name: LinkTextOrEmpty
    url: LinkTarget
    image: Unbroken | None = None
    name_blanks: BlankPair = ("", "")
    image_label: Label = IMAGE

    @model_validator(mode="after")
    def _settle_label(self) -> Self:
        if self.image is None and self.image_label != IMAGE:
            self._settle(image_label=IMAGE)
        if not self.name and self.name_blanks[0]:
            self._settle(name_blanks=("", "".join(self.name_blanks)))
        return self


class CoverImage(Model):
    """The picture of an event: the last entry of its sources, named ``Cover Image``.

    Attributes:
        url: the picture's address as written.
        label: the entry's name as the page's edition has it.
    """

    url: LinkTarget
    label: Label = COVER_IMAGE


class RelatedLink(Model):
    """One entry of ``### Related:``: another event, and what both have in common.

    Attributes:
        title: the other event's title as the link gives it, without spaces at its ends.
        path: the archive path that the link leads to, right or wrong.
        context: the shared subjects, in the page's order; empty where the entry names none.
        title_blanks: spaces around the title between the brackets (titles mostly end in one).
        base: what precedes the path, in editions whose links have such (``/zh``).
        context_label: the word before the context.
    """

    title: LinkText
    path: LinkTarget
    context: Context = ()
    title_blanks: BlankPair = ("", " ")
    base: Base = ""
    context_label: Label = CONTEXT

    @model_validator(mode="after")
    def _settle_label(self) -> Self:
        if not self.context and self.context_label != CONTEXT:
            self._settle(context_label=CONTEXT)
        return self


class Change(Model):
    """One entry of ``### Changes:``: an earlier version of the page, or the current one.

    Attributes:
        title: the title that the version had.
        path: the path that the version had; the current version links to itself.
        timestamp: when the next version took its place (no time zone is written); None for the
            current one, whose place none has taken.
        kind: mostly one of `ChangeKind`.
        title_blanks: spaces around the title between the brackets.
        base: what precedes the path, in editions whose links have such.
        kind_label: the words of the note; empty where they are the kind itself.
    """

    title: LinkText
    path: LinkTarget
    timestamp: Moment | None = None
    kind: Annotated[Line, NOT_EMPTY, NO_PARENTHESES] = ChangeKind.UPDATE.value
    title_blanks: BlankPair = ("", " ")
    base: Base = ""
    kind_label: Annotated[Line, NO_PARENTHESES] = ""

    @model_validator(mode="after")
    def _settle_label(self) -> Self:
        if self.kind_label == self.kind:
            self._settle(kind_label="")
        return self

    @property
    def is_current(self) -> bool:
        """Whether this entry is the page as it is now."""
        return self.kind == ChangeKind.CURRENT_VERSION


class FormatLinks(Model):
    """The ``Formats:`` line: where the same page is in other formats.

    Attributes:
        html_path, json_path, xml_path: the targets as written.
    """

    html_path: Unbroken
    json_path: Unbroken
    xml_path: Unbroken

    @classmethod
    def of(cls, path: str) -> Self:
        """The line that the archive writes for the page at `path` (``/news/.../slug.md``).

        A day index's links are relative and lack ``/news/``: so the archive's generator has it.
        """
        stem = path.removesuffix(".md")
        if kind_of(path) is PageKind.DAY_INDEX:
            stem = stem.rpartition("/")[0].removeprefix("/news/") + "/index"
        elif kind_of(path) is PageKind.FRONT_PAGE:
            stem = "/index"
        return cls(html_path=f"{stem}.html", json_path=f"{stem}.json", xml_path=f"{stem}.xml")
