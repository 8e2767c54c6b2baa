"""Titles: from the text that people write to what a page shows, and to the page's path."""

from __future__ import annotations

import datetime

from newsarchive.page.editions import Edition, edition_of
from newsarchive.page.paths import day_folder
from newsarchive.page.slugs import slugify


def fold_title(text: str, edition: Edition | str = "en") -> str:
    """The title that an archive's pages show for a text.

    In English that is ASCII, as the Unidecode tables have it: ``Léré – £120`` becomes
    ``Lere - PS120``. A slug comes from the text before.

    Args:
        text: a title as people write it; spaces at its ends do not count.
        edition: the archive's edition, or the name of one that is built in.

    Raises:
        ValueError: no edition of that name is built in.
    """
    if not edition_of(edition).ascii_titles:
        return text.strip()
    if not text.isascii():
        from text_unidecode import unidecode  # its tables take a while, and most titles need none

        text = unidecode(text)
    return " ".join(text.split())


def event_path(date: datetime.date, title: str, edition: Edition | str = "en") -> str:
    """The archive path of an event: ``/news/2013/02/20/slug.md``.

    Args:
        date: its day.
        title: its title as people write it, before it is folded.
        edition: the archive's edition, or the name of one that is built in.

    Raises:
        ValueError: no slug can be made of the title, or no edition of that name is built in.
    """
    slug = slugify(title, edition)
    if not slug:
        raise ValueError(f"no path can be made of the title {title!r}: it has no letter or digit")
    return f"{day_folder(date)}/{slug}.md"
