"""What readers of blocks have in common: one pass over a page's blocks, from top to bottom."""

from newsarchive.page.parser._grammar import FORMATS, grammar_of
from newsarchive.page.reading import Match, Problem, ProblemKind, Reading


class BlockReader:
    """Finds a page's parts among its blocks, each of which the method takes that its rule names."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.body = reading.body
        self.grammar = grammar_of(reading.edition)

    def read(self, blocks: list[Match]) -> None:
        """Find the parts."""
        for m in blocks:
            getattr(self, m.lastgroup or "")(m)
        self.finish()
        if not self.reading.complete:
            self.reading.problems.sort(key=lambda p: p.start)

    def finish(self) -> None:
        """Look at what has no block of its own."""

    def problem(self, kind: ProblemKind, start: int, end: int, message: str) -> None:
        """Note trouble."""
        self.reading.add_problem(Problem(kind, start, end, message))

    def misplaced(self, start: int, end: int, message: str) -> None:
        """Note what has no place there."""
        self.problem(ProblemKind.OUT_OF_PLACE, start, end, message)

    def line(self, m: Match) -> tuple[int, int]:
        """The block's range without its line ending."""
        end = m.end()
        return m.start(), end - 1 if self.body[end - 1] == "\n" else end

    def take_formats(self, m: Match) -> None:
        """Take up the ``Formats:`` line, where it may stand."""
        self.reading.formats = FORMATS.match(self.body, m.start())
        if not self.reading.formats:
            self.misplaced(
                *self.line(m), "a 'Formats:' line that does not name HTML, JSON and XML once"
            )
