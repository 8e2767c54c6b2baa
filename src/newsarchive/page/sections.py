"""The format's fixed words and small laws, which models, parser and rules all know.

Kept apart from the models so that neither a check nor a cached run imports pydantic (0.12 s).
"""

import re
from enum import StrEnum

COVER_IMAGE = "Cover Image"
PREVIOUS_DAY = "Previous Day..."
RULE = "---"

# Patterns for models and JSON Schema are written in what Python and JavaScript have in common: \s
# means other characters in each, and $ may stand before a last newline in Python.
INNER_BLANK = r"\t\x0b\x0c\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
BLANK = rf"\n\r{INNER_BLANK}"
"""For a class in a pattern: what `str.isspace` knows. `INNER_BLANK` lacks the line endings."""
END = r"$(?!\n)"

TARGET = re.compile(rf"^(?:[^{BLANK}]*|[^()\r\n]*){END}")
"""A link's target, or a path that a link can name: blanks or parentheses, not both, on one line."""

_BLOCK_START = re.compile(r"#{1,6}(?:[ \t]|$)")
_CONTEXT_LINE = re.compile(r"_Context: .*_")


class ChangeKind(StrEnum):
    """The kinds of version that the archive's own pages name."""

    FIRST_VERSION = "First version"
    UPDATE = "Update"
    CURRENT_VERSION = "Current version"


def entry_numbers(repeats: list[bool]) -> list[int]:
    """The numbers of a section's entries: 1, 2, 3 ..., but the same again where one repeats.

    Args:
        repeats: for each entry, whether it repeats the number before it, as a cover image and
            the current version do.
    """
    numbers: list[int] = []
    for repeat in repeats:
        last = numbers[-1] if numbers else 0
        numbers.append(max(1, last) if repeat else last + 1)
    return numbers


def line_fault(line: str) -> str:
    """Why a line cannot stand in a description; empty where it can.

    Blanks at the line's ends do not count: without them it would be what it must not be.
    """
    line = line.strip()
    if not line:
        return "a description is one paragraph: it holds no empty line"
    if _BLOCK_START.match(line):
        return f"a description's line cannot start like a heading: {line[:40]!r}"
    if line == RULE:
        return "a description's line cannot be '---': that is a rule between sections"
    if _CONTEXT_LINE.fullmatch(line):
        return "a description's line cannot look like a '_Context: ..._' line"
    return ""


def is_target(text: str) -> bool:
    """Whether a link can have this as its target, as it stands."""
    return TARGET.match(text) is not None
