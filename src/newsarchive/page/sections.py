"""The format's sections and small laws, which models, parser and rules all know.

Kept apart from the models so that neither a check nor a cached run imports pydantic.
"""

from enum import StrEnum

from newsarchive.page.editions import EN, Edition
from newsarchive.page.lazy_tuples import NamedTuple
from newsarchive.page.patterns import pattern

RULE = "---"

# Patterns for models and JSON Schema are written in what Python and JavaScript have in common: \s
# means other characters in each, and $ may stand before a last newline in Python.
INNER_BLANK = r"\t\x0b\x0c\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
BLANK = rf"\n\r{INNER_BLANK}"
"""For a class in a pattern: what `str.isspace` knows. `INNER_BLANK` lacks the line endings."""
END = r"$(?!\n)"

TARGET = pattern(rf"^(?:[^{BLANK}]*|[^()\r\n]*){END}")
"""A link's target, or a path that a link can name: blanks or parentheses, not both, on one line."""

_BLOCK_START = pattern(r"#{1,6}(?:[ \t]|$)")
_NOTE_LINE = pattern(r"_([^:]*): .*_")


class ChangeKind(StrEnum):
    """The kinds of version that the archive's own pages name, in whatever words."""

    FIRST_VERSION = "First version"
    UPDATE = "Update"
    CURRENT_VERSION = "Current version"


class LinkKind(StrEnum):
    """What a link is to its page."""

    SOURCE = "source"
    COVER_IMAGE = "cover-image"
    RELATED = "related"
    CHANGE = "change"
    INDEX_ENTRY = "index-entry"
    DAY = "day"
    PREVIOUS_DAY = "previous-day"
    FORMAT = "format"


class Note(StrEnum):
    """What may stand behind the link of an entry."""

    NONE = "none"
    CONTEXT = "context"
    """`_Context: term, term_`, or nothing."""
    VERSION = "version"
    """`_2017-10-12 03:57:01 (Update)_`."""


class Section(NamedTuple):
    """A `###` section of an event page: a list of numbered links."""

    # the section's name in the model, in a reading, in its problems and in an edition, which has
    # the headings
    field: str
    heading: str  # what the model's layout calls the heading
    kind: LinkKind  # what its links are to the page
    # text, target: what the model calls the link's text and target
    text: str = "title"
    target: str = "path"
    note: Note = Note.NONE  # what stands behind an entry's link
    first: bool = False  # whether it stands above all others
    # whether a last entry of a certain name is no entry but the cover image, which repeats the
    # number before it, and whether others may have an image of their own. Its links lead out of
    # the archive.
    pictured: bool = False


SECTIONS = (
    Section(
        "sources",
        "source_heading",
        LinkKind.SOURCE,
        text="name",
        target="url",
        first=True,
        pictured=True,
    ),
    Section("related", "related_heading", LinkKind.RELATED, note=Note.CONTEXT),
    Section("changes", "changes_heading", LinkKind.CHANGE, note=Note.VERSION),
)
"""The sections of an event page. Another one is a row here and a field of the same name in
`Reading`, in the model and in `Edition`; patterns, numbers, spans, links, rendering and removal
follow."""

BY_FIELD = {section.field: section for section in SECTIONS}


def entry_numbers(repeats: list[bool]) -> list[int]:
    """The numbers of a section's entries: 1, 2, 3 ..., but the same again where one repeats.

    A cover image and the current version repeat the number before them.
    """
    numbers: list[int] = []
    for repeat in repeats:
        last = numbers[-1] if numbers else 0
        numbers.append(max(1, last) if repeat else last + 1)
    return numbers


def version_note(edition: Edition, kind: ChangeKind) -> str:
    """How an edition says which version an entry of Changes is; empty where it does not."""
    words: tuple[str, ...] = getattr(edition, kind.name.lower())
    return words[0] if words else ""


def line_fault(line: str, edition: Edition = EN) -> str:
    """Why a line cannot stand in a description; empty where it can.

    Blanks at the line's ends do not count: without them it would be what it must not be. A line of
    context terms in English can stand in no edition: a page's model does not know its edition.
    """
    line = line.strip()
    if not line:
        return "a description is one paragraph: it holds no empty line"
    if _BLOCK_START.match(line):
        return f"a description's line cannot start like a heading: {line[:40]!r}"
    if line == RULE:
        return "a description's line cannot be '---': that is a rule between sections"
    note = _NOTE_LINE.fullmatch(line)
    if note and note[1] in (*edition.context, *EN.context):
        return f"a description's line cannot look like a '_{note[1]}: ..._' line"
    return ""


def blanks_apart(raw: str) -> tuple[str, str, str]:
    """Blanks before, the clean text, blanks after; a text of blanks only counts as after."""
    text = raw.strip()
    if len(text) == len(raw):
        return "", raw, ""
    if not text:
        return "", "", raw
    start = raw.index(text)
    return raw[:start], text, raw[start + len(text) :]


def is_target(text: str) -> bool:
    """Whether a link can have this as its target, as it stands."""
    return TARGET.match(text) is not None
