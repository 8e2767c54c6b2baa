"""The entries of link sections: sources, cover image, related links, changes, formats."""

from typing import Annotated, Self

from newsarchive.page.models._text import (
    NO_PARENTHESES,
    NOT_EMPTY,
    BlankPair,
    Context,
    Line,
    LinkTarget,
    LinkText,
    Model,
    Moment,
    Unbroken,
)
from newsarchive.page.paths import PageKind, kind_of
from newsarchive.page.sections import COVER_IMAGE as COVER_IMAGE
from newsarchive.page.sections import ChangeKind as ChangeKind
from newsarchive.page.sections import entry_numbers as entry_numbers


class Source(Model):
    """One entry of ``### Source:``: who reported the event, and where.

    Attributes:
        name: the publisher as the page names it (``Reuters``); wiki markup may stand in it.
        url: the report's address as written; see NA501 for what counts as valid.
        name_blanks: blanks around the name between the brackets.
    """

    name: LinkText
    url: LinkTarget
    name_blanks: BlankPair = ("", "")


class CoverImage(Model):
    """The picture of an event: the last entry of its sources, named ``Cover Image``.

    Attributes:
        url: the picture's address as written.
    """

    url: LinkTarget


class RelatedLink(Model):
    """One entry of ``### Related:``: another event, and what both have in common.

    Attributes:
        title: the other event's title as the link gives it, without blanks at its ends.
        path: the archive path that the link leads to, right or wrong.
        context: the shared subjects, in the page's order; empty where the entry names none.
        title_blanks: blanks around the title between the brackets (titles mostly end in one).
    """

    title: LinkText
    path: LinkTarget
    context: Context = ()
    title_blanks: BlankPair = ("", " ")


class Change(Model):
    """One entry of ``### Changes:``: an earlier version of the page, or the current one.

    Attributes:
        title: the title that the version had.
        path: the path that the version had; the current version links to itself.
        timestamp: when the next version took its place (no time zone is written); None for the
            current one, whose place none has taken.
        kind: mostly one of `ChangeKind`.
        title_blanks: blanks around the title between the brackets.
    """

    title: LinkText
    path: LinkTarget
    timestamp: Moment | None = None
    kind: Annotated[Line, NOT_EMPTY, NO_PARENTHESES] = ChangeKind.UPDATE.value
    title_blanks: BlankPair = ("", " ")

    @property
    def is_current(self) -> bool:
        """Whether this entry stands for the page as it is."""
        return self.kind == ChangeKind.CURRENT_VERSION


class FormatLinks(Model):
    """The ``Formats:`` line: where the same page stands in other formats.

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
