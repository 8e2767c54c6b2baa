"""Pages that are no news: editorials, and prose that is kept word for word."""

from typing import Annotated

from pydantic import AfterValidator, Field

from newsarchive.page.models._text import CleanLine, Model
from newsarchive.page.paths import PageKind, kind_of

Verbatim = Annotated[str, Field(pattern=r"^(?:[^\r\uFEFF][^\r]*)?$")]
"""Text as it stands, with ``"\\n"`` line endings and no byte order mark at its start."""


def _editorial_path(value: str) -> str:
    if value and kind_of(value) is not PageKind.EDITORIAL:
        raise ValueError("an editorial's path is /opinion/YYYY/MM/D/slug/README.md")
    return value


class Editorial(Model):
    """An opinion piece: title and author are read, its prose is kept word for word.

    Attributes:
        path: the archive path, empty where unknown.
        title: the ``#`` heading.
        author: the name after ``#### by``.
        body: everything after the empty line below the author, as it stands.
        leading_blank_line: whether an empty line opens the page (as the archive's do).
    """

    path: Annotated[str, AfterValidator(_editorial_path)] = ""
    title: CleanLine
    author: CleanLine
    body: Annotated[str, Field(pattern=r"^[^\r]*$")] = ""
    leading_blank_line: bool = True


def _prose_path(value: str) -> str:
    if value and kind_of(value) not in (PageKind.PROSE, PageKind.EDITORIAL):
        raise ValueError("a prose page's path is not that of an event or an index")
    return value


class ProsePage(Model):
    """A page that is no news (FAQ, API documentation): its text, word for word.

    Attributes:
        path: the archive path, empty where unknown.
        text: the whole text.
    """

    path: Annotated[str, AfterValidator(_prose_path)] = ""
    text: Verbatim
