"""The chain of days: each index leads to that of the day before, whichever days come and go."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsarchive.editing.pending import FMT_FIRST, Pending, leads_to
from newsarchive.errors import RefusedMoveError
from newsarchive.findings.edits import BodyEdit
from newsarchive.page.editions import Edition
from newsarchive.page.paths import PageKind, kind_of
from newsarchive.page.reading import Reading

if TYPE_CHECKING:
    from newsarchive.page.models import Page


def written(page: Page, edition: Edition) -> str:
    """A page's text, if it reads back as the page; raises RefusedMoveError if it does not."""
    from newsarchive.page.parser import read
    from newsarchive.page.rendering import render

    text = render(page)
    if read(text, page.path, edition).page != page:
        raise RefusedMoveError(page.path, "the page would not read back as it is given")
    return text


def leading_back(archive: Pending, path: str) -> list[str]:
    """The indexes of the next day whose "previous day" is a page; none unless it is an index."""
    after = archive.next_day(path) if kind_of(path) is PageKind.DAY_INDEX else None
    copies = archive.index_copies(after.rpartition("/")[0]) if after else []
    return [
        copy
        for copy in copies
        if (link := archive.reading(copy).previous)
        and link.match
        and leads_to(link.match["target"], path)
    ]


def lead_back(archive: Pending, index: str, path: str | None) -> None:
    """Have "previous day" of an index lead to a path, or nowhere.

    Raises:
        RefusedMoveError: it has no such link, and cannot get one.
        OSError: it cannot be read.
    """
    from newsarchive.page.models import DayIndex

    reading = archive.editable(index)
    if path is None:
        if isinstance(page := laid_out(reading), DayIndex):
            archive.rewrite(index, written(page.replace(previous=None), archive.edition))
    elif reading.previous and reading.previous.match:
        start, end = reading.previous.match.span("target")
        archive.edit(index, [BodyEdit(start, end, path)])
    else:
        from newsarchive.editing.wording import index_words

        page = laid_out(reading)
        if not isinstance(page, DayIndex):
            raise RefusedMoveError(index, FMT_FIRST)
        page = page.replace(previous=path, layout=index_words(page.layout, archive.edition))
        archive.rewrite(index, written(page, archive.edition))


def is_laid_out(reading: Reading) -> bool:
    """Whether a page is as `laid_out` wants it; of most this was proved while they were read."""
    return reading.canonical or laid_out(reading) is not None


def laid_out(reading: Reading) -> Page | None:
    """The page, if its model says all of its text: one kind of line ending, the standard layout."""
    from newsarchive.page.rendering import render

    page = reading.page
    if page is None or reading.document.newline == "mixed" or render(page) != reading.body:
        return None
    return page
