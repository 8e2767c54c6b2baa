"""The block pass: mistune with a narrow grammar of our own. The only importer of mistune.

mistune scans the body and calls one method for each block; this module keeps the blocks' matches,
which tile the body. Its stock rules know nothing of the archive and would read a description that
starts with "2014. The year" as a list; of its grammar nothing is used, of its scanner all.
"""

import re
from functools import lru_cache
from typing import Any, ClassVar

from mistune.block_parser import BlockParser
from mistune.core import BlockState

from newsarchive.page.editions import EN, Edition
from newsarchive.page.parser._grammar import PLAIN_LINE, grammar_of

Match = re.Match[str]


class _State(BlockState):
    """A block state that collects matches instead of token dictionaries."""

    def __init__(self, parent: Any = None) -> None:
        super().__init__(parent)
        self.blocks: list[Match] = []


class _ArchiveBlocks(BlockParser):
    """The blocks of an edition. Every line is matched by exactly one rule: nothing falls through.

    ``blank``: a run of empty lines. ``section``: a ``###`` heading without a link, with the run
    of lines below it that start with a digit. ``heading``: any other heading. ``formats``: a line
    that starts with ``Formats:``. ``text``: any other line.

    Three more take several lines at once where these are laid out as the archive does; `outline`
    tries them first. ``opening``: an event page down to its first section. ``part``: a section
    that the format knows, with the empty line below it. ``item``: an entry of an index with its
    topic, and its description or context with the empty line that closes it.

    Args:
        edition: the edition.
    """

    state_cls = _State
    # Anchored, without nested or adjacent overlapping repeats; possessive where a repeat is
    # followed by something it could not give back, so that hostile input stays linear.
    SPECIFICATION: ClassVar[dict[str, str]] = {
        "opening": (
            r"\A(?:\nFormats: \[HTML\]\(\S*\)  \[JSON\]\(\S*\)  \[XML\]\(\S*\)  \n\n)?"
            r"(?P<opening_date>### \[[0-9]{4}-[0-9]{2}-[1-9][0-9]?\]\(\S*\)\n\n)"
            r"(?:##### (?P<opening_topic>[^\n]*+)\n)?# (?P<opening_title>[^\n]*+)\n\n"
            rf"(?:(?P<opening_description>{PLAIN_LINE})\n|\n)\n\n"
        ),
        "part": (
            r"^### (?P<part_name>(?:%(headings)s):)\n\n"
            r"(?P<part_list>(?:[0-9][^\n]*+\n)++)(?P<part_end>\n?+)"
        ),
        "item": (
            r"^(?:##### (?P<item_topic>[^\n]*+)\n)?(?P<item_heading>### \[[^\n]*+)\n"
            r"(?:(?:_(?:%(contexts)s): (?P<item_context>[^\n]*)_\n"
            rf"|(?P<item_description>{PLAIN_LINE})\n|(?P<item_empty>\n))\n)?"
        ),
        "blank": r"^\n++",
        "section": (
            r"^###[ \t]++(?P<section_name>[^\[\s][^\n]*+)(?:\n|\Z)"
            r"(?P<section_list>\n*+(?:[0-9][^\n]*+(?:\n|\Z))*+)"
        ),
        "heading": r"^(?P<heading_marks>\#{1,6})(?P<heading_text>(?:[ \t][^\n]*+)?+)(?:\n|\Z)",
        "formats": r"^Formats:[^\n]*+(?:\n|\Z)",
        "text": r"^[^\n]++(?:\n|\Z)",
    }

    def __init__(self, edition: Edition) -> None:
        super().__init__()
        words = grammar_of(edition).words
        self.specification = {name: rule % words for name, rule in self.specification.items()}
        self.rules = ["blank", "section", "heading", "formats", "text"]

    def _keep(self, m: Match, state: _State) -> int:
        state.blocks.append(m)
        return m.end()

    parse_blank = parse_section = parse_heading = parse_formats = parse_text = _keep
    parse_opening = parse_part = parse_item = _keep


@lru_cache
def _parser(edition: Edition) -> _ArchiveBlocks:
    return _ArchiveBlocks(edition)


def blocks(body: str, edition: Edition = EN) -> list[Match]:
    r"""The blocks of a body, in order; `lastgroup` names each one's rule.

    Args:
        body: text with ``"\n"`` line endings.
        edition: whose page it is.

    Returns:
        Matches whose spans tile the body: each starts where the one before it ends.
    """
    return outline(body, edition)


def outline(body: str, edition: Edition, *first: str) -> list[Match]:
    """The blocks of a body where some rules (``opening``, ``part``, ``item``) are tried first."""
    parser, state = _parser(edition), _State()
    state.process(body)
    parser.parse(state, [*first, *parser.rules])
    return state.blocks
