"""The block pass: mistune with a narrow grammar of our own. The only importer of mistune.

mistune scans the body and calls one method for each block; this module keeps the blocks' matches,
which tile the body. Its stock rules know nothing of the archive and would read a description that
starts with "2014. The year" as a list; of its grammar nothing is used, of its scanner all.
"""

from functools import lru_cache
from typing import Any, ClassVar

from mistune.block_parser import BlockParser
from mistune.core import BlockState

from newsarchive.page.parser._events import read_event
from newsarchive.page.parser._indexes import read_index
from newsarchive.page.paths import PageKind
from newsarchive.page.reading import Match, Reading


class _State(BlockState):
    """A block state that collects matches instead of token dictionaries."""

    def __init__(self, parent: Any = None) -> None:
        super().__init__(parent)
        self.blocks: list[Match] = []


class _ArchiveBlocks(BlockParser):
    """The blocks of a page. Every line is matched by exactly one rule: nothing falls through.

    ``blank``: a run of empty lines. ``section``: a ``###`` heading without a link, with the run
    of lines below it that start with a digit. ``heading``: any other heading. ``formats``: a line
    that starts with ``Formats:``. ``text``: any other line.
    """

    state_cls = _State
    # Anchored, without nested or adjacent overlapping repeats; possessive where a repeat is
    # followed by something it could not give back, so that hostile input stays linear.
    SPECIFICATION: ClassVar[dict[str, str]] = {
        "blank": r"^\n++",
        "section": (
            r"^###[ \t]++(?P<section_name>[^\[\s][^\n]*+)(?:\n|\Z)"
            r"(?P<section_list>\n*+(?:[0-9][^\n]*+(?:\n|\Z))*+)"
        ),
        "heading": r"^(?P<heading_marks>\#{1,6})(?P<heading_text>(?:[ \t][^\n]*+)?+)(?:\n|\Z)",
        "formats": r"^Formats:[^\n]*+(?:\n|\Z)",
        "text": r"^[^\n]++(?:\n|\Z)",
    }

    def __init__(self) -> None:
        super().__init__()
        self.rules = [*self.specification]

    def _keep(self, m: Match, state: _State) -> int:
        state.blocks.append(m)
        return m.end()

    parse_blank = parse_section = parse_heading = parse_formats = parse_text = _keep


@lru_cache
def _parser() -> _ArchiveBlocks:
    return _ArchiveBlocks()


def blocks(body: str) -> list[Match]:
    """The blocks of a body, in order; `lastgroup` names each one's rule.

    The matches' spans tile the body: each starts where the one before it ends.
    """
    parser, state = _parser(), _State()
    state.process(body)
    parser.parse(state, parser.rules)
    return state.blocks


def read_by_blocks(reading: Reading) -> None:
    """Find the parts of an event or an index among its blocks."""
    reader = read_event if reading.kind is PageKind.EVENT else read_index
    reader(reading, blocks(reading.body))
