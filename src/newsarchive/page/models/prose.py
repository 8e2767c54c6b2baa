"""Pages that are no news: editorials, and prose that is kept word for word."""

from typing import Annotated

from newsarchive.page.models._paths import EditorialPath, ProsePath
from newsarchive.page.models._text import NO_MARK, NO_RETURN, CleanLine, PageModel, Switch, Text

Verbatim = Annotated[Text, NO_RETURN, NO_MARK]
"""Text as it stands, with ``"\\n"`` line endings and no byte order mark at its start."""


class Editorial(PageModel):
    """An opinion piece: title and author are read, its prose is kept word for word.

    Attributes:
        path: the archive path, empty where unknown.
        title: the ``#`` heading.
        author: the name after ``#### by``.
        body: everything after the empty line below the author, as it is.
        leading_blank_line: whether an empty line opens the page (as the archive's do).
    """

    path: EditorialPath = ""
    title: CleanLine
    author: CleanLine
    body: Annotated[Text, NO_RETURN] = ""
    leading_blank_line: Switch = True


class ProsePage(PageModel):
    """A page that is no news (FAQ, API documentation): its text, word for word.

    Attributes:
        path: the archive path, empty where unknown.
        text: the whole text.
    """

    path: ProsePath = ""
    text: Verbatim
