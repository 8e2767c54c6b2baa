"""From an index page's blocks to its parts."""

from newsarchive.page.parser._grammar import GAP
from newsarchive.page.parser._reader import BlockReader
from newsarchive.page.paths import PageKind
from newsarchive.page.reading import Heading, IndexItem, IndexSection, Match, ProblemKind, Reading
from newsarchive.page.sections import RULE, line_fault

_FIRST_HEADING = {
    PageKind.DAY_INDEX: "date heading '## [2013-02-20](/news/2013/02/20/index.md)'",
    PageKind.FRONT_PAGE: "heading '## [News](/news/2013/02/20/index.md)'",
    PageKind.OPINION_INDEX: "heading '## Opinion'",
}


def read_index(reading: Reading, blocks: list[Match]) -> None:
    """Find an index page's parts among its blocks."""
    _IndexReader(reading).read(blocks)


class _IndexReader(BlockReader):
    """One pass over the blocks of a day index, a front page or an opinion index."""

    def __init__(self, reading: Reading) -> None:
        super().__init__(reading)
        self.item: IndexItem | None = None
        # The topic line that may belong to the next entry: the line's start, its text's range.
        self.topic: tuple[int, int, int] | None = None
        # Topic lines since the last block that belong to no entry, and where that block ends.
        self.loose: list[tuple[int, int]] = []
        self.block_end = 0
        # Whether a text line may follow the entry's heading (0), continues (1), or is too late (2).
        self.described = 2

    def finish(self) -> None:
        """End what is open."""
        self.close(len(self.body))
        if not self.reading.sections:
            self.problem(ProblemKind.NO_DATE, 0, 0, f"no {_FIRST_HEADING[self.reading.kind]}")

    def ends(self, end: int, *, blank_line: bool = True) -> None:
        """Note where a block ends, the empty line that closes it included."""
        self.block_end = end + 1
        if blank_line and self.body[end + 1 : end + 2] == "\n":
            self.block_end += 1

    def loosen_topic(self) -> None:
        """A topic line that no entry follows at once belongs to none."""
        if self.topic:
            self.loose.append(self.topic[::2])
            self.topic = None

    def gap(self, start: int) -> str:
        """The hole between the last block and the one that starts at `start`."""
        item = self.item
        if item and item.empty_description:
            self.block_end += 2
        text = self.body[self.block_end : start]
        if not GAP.fullmatch(text):
            text = ""
            for line in self.loose:
                self.misplaced(*line, "a topic line without an entry below it")
        self.loose.clear()
        return text

    def close(self, start: int) -> None:
        """End the section that is open, at the offset where the next block starts."""
        self.loosen_topic()
        sections = self.reading.sections
        if sections and not sections[-1].rule and self.reading.previous is None:
            sections[-1].final_gap = self.gap(start)
        for line in self.loose:
            self.misplaced(*line, "a topic line without an entry below it")
        self.loose.clear()

    def blank(self, m: Match) -> None:
        self.loosen_topic()
        if self.item and self.described == 0 and m.end() - m.start() > 1:
            self.item.empty_description = True
        self.described = 2

    def formats(self, m: Match) -> None:
        if self.reading.sections or self.reading.formats:
            self.text(m)
            return
        if self.reading.kind is PageKind.OPINION_INDEX:
            self.misplaced(*self.line(m), "a 'Formats:' line where an opinion index has none")
            return
        self.take_formats(m)

    def section(self, m: Match) -> None:
        end = m.start("section_name") + len(m["section_name"].rstrip())
        self.problem(
            ProblemKind.NO_ENTRY,
            m.start(),
            end,
            "the heading is no index entry '### [Title](/news/.../slug.md)'",
        )
        self.described = 2
        self.item = None

    def heading(self, m: Match) -> None:
        start, end = self.line(m)
        level = len(m["heading_marks"])
        text = min(m.start("heading_text") + 1, end)
        self.described = 2
        if level == 5 and self.reading.sections:
            self.loosen_topic()
            self.topic = (start, text, end)
        elif level == 3 and self.reading.sections:
            self.entry(m, start, end)
        elif level == 2:
            self.close(start)
            self.open_section(m, start, end)
        else:
            self.misplaced(start, end, "a heading where an index page has none")

    def entry(self, m: Match, start: int, end: int) -> None:
        link = self.grammar.link.match(self.body, start + 3)
        if not link or not link["text"].strip():
            self.problem(
                ProblemKind.NO_ENTRY,
                start,
                end,
                "the heading is no index entry '### [Title](/news/.../slug.md)'",
            )
            self.loosen_topic()
            self.item = None
            return
        above = self.topic[0] if self.topic else start
        gap = self.gap(above)
        section = self.reading.sections[-1]
        if section.rule or self.reading.previous:
            gap = section.final_gap = ""
            previous = f"'{self.reading.edition.previous_day[0]}'"
            closed = "the rule that ends its section" if section.rule else previous
            self.misplaced(start, end, f"an entry below {closed}")
        self.item = IndexItem(link, start, end, gap=gap)
        if self.topic:
            self.item.topic = self.topic[1:]
            self.topic = None
        self.ends(end, blank_line=False)
        section.items.append(self.item)
        self.described = 0

    def open_section(self, m: Match, start: int, end: int) -> None:
        reading = self.reading
        link = self.grammar.link.match(self.body, start + 2)
        found = IndexSection(link, start, end)
        if reading.kind is PageKind.DAY_INDEX:
            dated = self.grammar.dated.match(self.body, start + 2)
            if dated and reading.heading is None:
                reading.heading = Heading(dated)
                found.match = dated
            elif (
                link
                and link["text"].strip() in reading.edition.previous_day
                and reading.previous is None
            ):
                reading.previous = found
                self.item = None
                self.ends(end)
                return
            else:
                self.misplaced(start, end, "a second heading where a day index has none")
                return
        elif not self.body[start + 2 : end].strip():
            self.misplaced(start, end, "an empty heading")
            return
        elif link and not link["text"].strip():
            self.problem(ProblemKind.NO_ENTRY, start, end, "the heading's link text is empty")
            return
        elif reading.kind is PageKind.OPINION_INDEX and (reading.sections or link):
            self.misplaced(start, end, "a heading where an opinion index has none")
            return
        elif not link and "](" in self.body[start:end]:
            self.problem(
                ProblemKind.NO_ENTRY,
                start,
                end,
                "the heading is not one whole link '## [Name](path)'",
            )
            return
        reading.sections.append(found)
        self.item = None
        self.ends(end, blank_line=found.match is not None)

    def text(self, m: Match) -> None:
        start, end = self.line(m)
        line = self.body[start:end]
        item = self.item
        if not line.strip():
            self.blank(m)
        elif line.rstrip() == RULE:
            self.rule(start, end)
        elif item is None or self.described == 2:
            self.misplaced(start, end, "text that belongs to no entry")
        elif self.described == 0 and (context := self.grammar.context_line.match(self.body, start)):
            item.context = context
            self.described = 2
            item.end = end
            self.ends(end)
        elif fault := line_fault(line, self.reading.edition):
            self.described = 2
            self.misplaced(start, end, fault)
        else:
            item.description = (item.description[0] if item.description else start, end)
            self.described = 1
            item.end = end
            self.ends(end)

    def rule(self, start: int, end: int) -> None:
        sections = self.reading.sections
        if self.reading.kind is PageKind.FRONT_PAGE and sections and not sections[-1].rule:
            self.close(start)
            sections[-1].rule = True
            self.item = None
            self.ends(end)
        else:
            self.misplaced(start, end, "a rule '---' where the page has none")
        self.described = 2
