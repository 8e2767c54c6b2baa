"""From an index page's blocks to its parts, and from the parts to its model."""

from collections.abc import Callable

from pydantic import ValidationError

from newsarchive.models import DayIndex, FrontPage, OpinionIndex, Page
from newsarchive.models._text import RULE
from newsarchive.models.index import PREVIOUS_DAY
from newsarchive.parser._events import _blanks
from newsarchive.parser._grammar import CONTEXT_LINE, DATED, FORMATS, GAP, LINK
from newsarchive.paths import PageKind, day_path
from newsarchive.reading import Heading, IndexItem, IndexSection, Match, Problem, Reading


def read_index(reading: Reading, blocks: list[Match]) -> None:
    """Find an index page's parts among its blocks."""
    _IndexReader(reading).read(blocks)


class _IndexReader:
    """One pass over the blocks of a day index, a front page or an opinion index."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.body = reading.body
        self.item: IndexItem | None = None
        # The topic line that may belong to the next entry: the line's start, its text's range.
        self.topic: tuple[int, int, int] | None = None
        # Topic lines since the last block that belong to no entry, and where that block ends.
        self.loose: list[tuple[int, int]] = []
        self.block_end = 0
        # Whether a text line may follow the entry's heading (0), continues (1), or is too late (2).
        self.described = 2

    def read(self, blocks: list[Match]) -> None:
        steps: dict[str | None, Callable[[Match], None]] = {
            "blank": self.blank,
            "section": self.other_heading,
            "heading": self.heading,
            "formats": self.formats,
            "text": self.text,
        }
        for m in blocks:
            steps[m.lastgroup](m)
        self.close(len(self.body))
        if self.reading.kind is PageKind.DAY_INDEX and self.reading.heading is None:
            self.problem(
                "NA104", 0, 0, "no date heading '## [2013-02-20](/news/2013/02/20/index.md)'"
            )
        if not self.reading.complete:
            self.reading.problems.sort(key=lambda p: p.start)

    def problem(self, code: str, start: int, end: int, message: str) -> None:
        self.reading.problems.append(Problem(code, start, end, message))
        self.reading.complete = False

    def line(self, m: Match) -> tuple[int, int]:
        end = m.end()
        return m.start(), end - 1 if self.body[end - 1] == "\n" else end

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
            self.block_end += 1
        text = self.body[self.block_end : start]
        if not GAP.fullmatch(text):
            text = ""
            for line in self.loose:
                self.problem("NA109", *line, "a topic line without an entry below it")
        self.loose.clear()
        return text

    def close(self, start: int) -> None:
        """End the section that is open, at the offset where the next block starts."""
        self.loosen_topic()
        sections = self.reading.sections
        if sections and not sections[-1].rule and self.reading.previous is None:
            sections[-1].final_gap = self.gap(start)
        for line in self.loose:
            self.problem("NA109", *line, "a topic line without an entry below it")
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
        self.reading.formats = FORMATS.match(self.body, m.start())
        if not self.reading.formats:
            start, end = self.line(m)
            self.problem(
                "NA109", start, end, "a 'Formats:' line that does not name HTML, JSON and XML once"
            )

    def other_heading(self, m: Match) -> None:
        end = m.start("section_name") + len(m["section_name"].rstrip())
        self.problem(
            "NA107",
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
            self.section(m, start, end)
        else:
            self.problem("NA109", start, end, "a heading where an index page has none")

    def entry(self, m: Match, start: int, end: int) -> None:
        link = LINK.match(self.body, start + 3)
        if not link or not link["text"].strip():
            self.problem(
                "NA107",
                start,
                end,
                "the heading is no index entry '### [Title](/news/.../slug.md)'",
            )
            self.loosen_topic()
            self.item = None
            return
        above = self.topic[0] if self.topic else start
        gap = self.gap(above)
        self.item = IndexItem(link, start, end, gap=gap)
        if self.topic:
            self.item.topic = self.topic[1:]
            self.topic = None
        self.ends(end)
        self.reading.sections[-1].items.append(self.item)
        self.described = 0

    def section(self, m: Match, start: int, end: int) -> None:
        reading = self.reading
        link = LINK.match(self.body, start + 2)
        found = IndexSection(link, start, end)
        if reading.kind is PageKind.DAY_INDEX:
            dated = DATED.match(self.body, start + 2)
            if dated and reading.heading is None:
                reading.heading = Heading(dated)
                found.match = dated
            elif link and link["text"].strip() == PREVIOUS_DAY and reading.previous is None:
                reading.previous = found
                self.item = None
                self.ends(end)
                return
            else:
                self.problem("NA109", start, end, "a second heading where a day index has none")
                return
        elif not self.body[start + 2 : end].strip():
            self.problem("NA109", start, end, "an empty heading")
            return
        elif link and not link["text"].strip():
            self.problem("NA107", start, end, "the heading's link text is empty")
            return
        elif reading.kind is PageKind.OPINION_INDEX and (reading.sections or link):
            self.problem("NA109", start, end, "a heading where an opinion index has none")
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
        elif item and self.described == 0:
            item.context = CONTEXT_LINE.match(self.body, start)
            item.end = end
            self.ends(end)
            if item.context:
                self.described = 2
            elif line != RULE:
                item.description = (start, end)
                self.described = 1
            else:
                self.rule(start, end)
        elif item and item.description and self.described == 1 and line != RULE:
            if CONTEXT_LINE.match(self.body, start):
                self.problem("NA109", start, end, "a context line after a description; one of them")
            else:
                item.description = (item.description[0], end)
                item.end = end
                self.ends(end)
        elif line == RULE:
            self.rule(start, end)
        else:
            self.problem("NA109", start, end, "text that belongs to no entry")

    def rule(self, start: int, end: int) -> None:
        sections = self.reading.sections
        if self.reading.kind is PageKind.FRONT_PAGE and sections and not sections[-1].rule:
            self.close(start)
            sections[-1].rule = True
            self.item = None
            self.ends(end)
        else:
            self.problem("NA109", start, end, "a rule '---' where the page has none")
        self.described = 2


def build_index(reading: Reading) -> Page | None:
    """The page that a reading of an index found, None where it has no date or no section."""
    build = {PageKind.DAY_INDEX: _day_index, PageKind.FRONT_PAGE: _front_page}
    try:
        return build.get(reading.kind, _opinion_index)(reading)
    except ValidationError as error:  # pragma: no cover
        raise AssertionError(f"a reading that its model does not admit: {error}") from error


def _formats(reading: Reading) -> dict[str, object] | None:
    if not reading.formats:
        return None
    html, json, xml = reading.formats.group("html", "json", "xml")
    return {"html_path": html, "json_path": json, "xml_path": xml}


def _items(reading: Reading, items: list[IndexItem]) -> tuple[dict[str, object], ...]:
    return tuple(_item(reading.body, item) for item in items)


def _item(body: str, item: IndexItem) -> dict[str, object]:
    before, title, after = _blanks(item.match["text"])
    data: dict[str, object] = {
        "title": title,
        "path": item.match["target"],
        "title_blanks": (before, after),
        "gap": item.gap,
    }
    if item.topic:
        before, data["topic"], after = _blanks(body[slice(*item.topic)])
        data["topic_blanks"] = (before, after)
    if item.context:
        data["context"] = tuple(item.context["context"].split(", "))
    elif item.description:
        before, data["description"], after = _blanks(body[slice(*item.description)])
        data["description_blanks"] = (before, after)
    elif item.empty_description:
        data["description"] = ""
    return data


def _day_index(reading: Reading) -> Page | None:
    heading = reading.heading
    date = heading.date if heading else None
    if heading is None or date is None:
        return None
    layout: dict[str, object] = {"formats": _formats(reading)}
    if heading.target != day_path(date):
        layout["date_link"] = heading.target
    if reading.sections:
        layout["final_gap"] = reading.sections[0].final_gap
    data = {
        "path": reading.path,
        "date": date,
        "entries": _items(reading, list(reading.index_items())),
        "layout": layout,
    }
    if reading.previous and reading.previous.match:
        data["previous"] = reading.previous.match["target"]
    return DayIndex.model_validate(data)


def _front_page(reading: Reading) -> Page | None:
    if not reading.sections:
        return None
    sections = [
        {
            "name": (s.match["text"] if s.match else reading.body[s.start + 2 : s.end]).strip(),
            "path": s.match["target"] if s.match else None,
            "entries": _items(reading, s.items),
            "rule": s.rule,
            "final_gap": s.final_gap,
        }
        for s in reading.sections
    ]
    return FrontPage.model_validate(
        {"path": reading.path, "sections": sections, "formats": _formats(reading)}
    )


def _opinion_index(reading: Reading) -> Page | None:
    if not reading.sections or reading.formats:
        return None
    section = reading.sections[0]
    return OpinionIndex.model_validate(
        {
            "path": reading.path,
            "name": reading.body[section.start + 2 : section.end].strip(),
            "entries": _items(reading, section.items),
        }
    )
