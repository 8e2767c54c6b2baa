"""Editions: what is one archive's own in a format that many share, as data.

Another edition is another `Edition`, here or in a configuration. Grammar, rules and rendering read
these values and name no word themselves. Kept free of pydantic, as `sections` is.
"""

from __future__ import annotations

from enum import StrEnum
from typing import overload

from newsarchive.page.lazy_dataclasses import dataclass
from newsarchive.page.patterns import pattern

_LANGUAGE = pattern(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*")
_BASE = pattern(r"(?:/[^/\s()#?%]+)*")
# What may stand after "### " and be no date, no link and no blank too many.
_HEADING = pattern(r"[^\s\[\]:0-9](?:[^\n\r:]*[^\s:])?")
_WORD = pattern(r"[^\s\[\]()_:](?:[^\n\r\[\]()_:]*[^\s\[\]()_:])?")


class SlugUnit(StrEnum):
    """What the length of a slug is counted in."""

    BYTES = "bytes"
    """Of the title in UTF-8."""
    CHARACTERS = "characters"


@dataclass(frozen=True)
class SlugRule:
    """How a title becomes a slug: cut, characters replaced, the others made ``-``, trimmed.

    Attributes:
        length: how much of the title counts, spaces at its start included.
        unit: what `length` counts.
        latin_1: whether the title's UTF-8 bytes are taken for one character each, as Latin-1 has
            it.
        letters: what characters become, before anything else is done to them.
        also_letters: what some of them become on other pages of the archive.
        dropped: characters that go without leaving a ``-``.
        lower_case: whether letters become small.
        ascii_only: whether nothing but ``a-z``, ``A-Z`` and ``0-9`` stays; otherwise letters and
            digits of all scripts do, and ``_``.
    """

    length: int = 60
    unit: SlugUnit = SlugUnit.CHARACTERS
    latin_1: bool = False
    letters: tuple[tuple[str, str], ...] = ()
    also_letters: tuple[tuple[str, str], ...] = ()
    dropped: str = ""
    lower_case: bool = False
    ascii_only: bool = False

    def __post_init__(self) -> None:
        """Refuse what is no rule.

        Raises:
            ValueError: a value is not allowed; the message begins with its name.
        """
        object.__setattr__(self, "unit", SlugUnit(self.unit))
        if self.length < 1:
            raise ValueError("length: it must be at least 1")
        for name in ("letters", "also_letters"):
            if any(len(letter) != 1 for letter, _ in getattr(self, name)):
                raise ValueError(f"{name}: each must be one character, and what it becomes")


Words = tuple[str, ...]
"""Readings of one thing: all of them are read, the first is written."""


@dataclass(frozen=True)
class Edition:
    """What is one archive's own: its language, its words, the base of its links, its slugs.

    An empty tuple of words says that the edition has no such thing.

    Attributes:
        name: what options and configurations call it (``zh``).
        language: the BCP 47 tag of its language.
        base: what precedes the paths of links, if only of some (``/zh``); files lie below
            the archive's root without it.
        sources, related, changes: headings of the sections of an event, without the colon.
        context: the word before the terms that two events share (``Context``).
        cover_image: the name of the last source, where that is no source but the event's picture.
        image: the text of a link behind a source, which leads to the source's picture.
        first_version, update, current_version: notes of the entries under Changes.
        previous_day: the text of the link to the day before.
        days: the text of the front page's links to its days, but for the previous one.
        slug: how titles become slugs.
        ascii_titles: whether titles on pages are ASCII, made so as the Unidecode tables have it.
    """

    name: str
    language: str
    base: str = ""
    sources: Words = ()
    related: Words = ()
    changes: Words = ()
    context: Words = ()
    cover_image: Words = ()
    image: Words = ()
    first_version: Words = ()
    update: Words = ()
    current_version: Words = ()
    previous_day: Words = ()
    days: Words = ()
    slug: SlugRule = SlugRule()
    ascii_titles: bool = False

    def __post_init__(self) -> None:
        """Refuse what no grammar could read back.

        Raises:
            ValueError: a value is not allowed; the message begins with its name.
        """
        if not self.name or not self.name.isprintable() or self.name != self.name.strip():
            raise ValueError("name: it must be a word")
        if not _LANGUAGE.fullmatch(self.language):
            raise ValueError("language: it must be a BCP 47 tag, as 'de' or 'pt-BR'")
        if not _BASE.fullmatch(self.base):
            raise ValueError("base: it must be a path such as '/de', or empty")
        if self.base == "/news" or self.base.startswith("/news/"):
            raise ValueError("base: it cannot be below '/news'")
        for name in WORD_FIELDS:
            wanted = _HEADING if name in HEADING_FIELDS else _WORD
            for word in getattr(self, name):
                if not wanted.fullmatch(word):
                    raise ValueError(f"{name}: {word!r} cannot be in a page")
        headings = [word for name in HEADING_FIELDS for word in getattr(self, name)]
        if twice := [word for word in headings if headings.count(word) > 1]:
            raise ValueError(f"{twice[0]!r} is the heading of two sections")
        for name in ("sources", "previous_day"):
            if not getattr(self, name):
                raise ValueError(f"{name}: it must have a word")

    def is_current_note(self, note: str | None) -> bool:
        """Whether a note under Changes says that its entry is the page as it is.

        The English words say so in every edition: they are written where it has no words for it.
        """
        return note in self.current_version or note in EN.current_version

    def __hash__(self) -> int:
        """Of what tells editions apart: tables of letters are long, and patterns are kept by it."""
        return hash((self.name, self.base, self.sources, self.related))


WORD_FIELDS = tuple(name for name, kind in Edition.__annotations__.items() if kind == "Words")
"""The attributes of an edition that hold words."""
HEADING_FIELDS = ("sources", "related", "changes")
"""Those that are headings of sections."""

# What U+00A0 to U+00FF become: lower-case values of the public Unidecode tables, with "-" for what
# a slug drops anyway, and "." for nothing. U+0080 to U+009F vanish.
_FROM_A0 = (
    "- - c- ps - y- - ss - -c- a - - . -r- - deg - 2 3 - u p - - 1 o - -1-4 -1-2 -3-4 -"
    " a a a a a a ae c e e e e i i i i d n o o o o o x o u u u u y th ss"
    " a a a a a a ae c e e e e i i i i d n o o o o o - o u u u u y th y"
)

EN = Edition(
    name="en",
    language="en",
    sources=("Source", "Sources"),
    related=("Related",),
    changes=("Changes",),
    context=("Context",),
    cover_image=("Cover Image",),
    image=("IMG",),
    first_version=("First version",),
    update=("Update",),
    current_version=("Current version",),
    previous_day=("Previous Day...",),
    days=("News", "Today", "Yesterday", "Day Before Yesterday"),
    slug=SlugRule(
        length=140,
        unit=SlugUnit.BYTES,
        latin_1=True,
        letters=(
            *((chr(code), "") for code in range(0x80, 0xA0)),
            *(
                (chr(0xA0 + at), "" if ascii_ == "." else ascii_)
                for at, ascii_ in enumerate(_FROM_A0.split())
            ),
        ),
        also_letters=(("£", "gbp"),),
        lower_case=True,
        ascii_only=True,
    ),
    ascii_titles=True,
)
"""The English edition: the words and slugs of the archive that the format comes from."""

ZH = Edition(
    name="zh",
    language="zh",
    base="/zh",
    sources=("信息来源",),
    related=("有关",),
    context=("消息", "上下文"),
    image=("IMG",),
    previous_day=("前一天...",),
    days=("今天", "昨天", "昨天前一天"),
    slug=SlugRule(length=60, dropped=".,"),
)
"""The Chinese edition of the same site."""

EDITIONS = {edition.name: edition for edition in (EN, ZH)}
"""The editions that are built in, by name. Of two that fit a page alike, the first is taken."""


@overload
def edition_of(edition: Edition | str) -> Edition: ...
@overload
def edition_of(edition: Edition | str | None) -> Edition | None: ...
def edition_of(edition: Edition | str | None) -> Edition | None:
    """An edition, or the one that is built in under a name; None for None.

    Raises:
        ValueError: no edition of that name is built in.
    """
    if edition is None or isinstance(edition, Edition):
        return edition
    if edition not in EDITIONS:
        known = " and ".join(f"'{name}'" for name in EDITIONS)
        raise ValueError(f"no edition is called '{edition}'; built in are {known}")
    return EDITIONS[edition]
