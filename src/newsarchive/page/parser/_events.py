"""From an event page's blocks to its parts."""

import datetime
import difflib
from collections.abc import Callable

from newsarchive.page.parser._grammar import DATED, ENTRY, FORMATS, LOOSE_ENTRY
from newsarchive.page.patterns import pattern
from newsarchive.page.reading import Heading, Match, Problem, ProblemKind, Reading
from newsarchive.page.sections import (
    BY_FIELD,
    BY_HEADING,
    COVER_IMAGE,
    SECTIONS,
    Note,
    Section,
    line_fault,
)

_KNOWN = " and ".join(", ".join(BY_HEADING).rsplit(", ", 1))
_NUMBER = pattern(r" {0,3}([0-9]{1,9})[.)]")


def read_event(reading: Reading, blocks: list[Match]) -> None:
    """Find an event page's parts among its blocks."""
    _EventReader(reading).read(blocks)


class _EventReader:
    """One pass over the blocks of an event page, from top to bottom."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.body = reading.body
        # The section that entries belong to; None before the first, "" in an unknown one.
        self.section: str | None = None
        self.seen: list[str] = []
        # Whether a text line continues the description (1), may begin it (0), or is too late (2).
        self.described = 0
        self.bad_heading: tuple[int, int] | None = None
        self.empty_title: tuple[int, int] | None = None

    def read(self, blocks: list[Match]) -> None:
        steps: dict[str | None, Callable[[Match], None]] = {
            "blank": self.blank,
            "section": self.section_heading,
            "heading": self.heading,
            "formats": self.formats,
            "text": self.text,
        }
        for m in blocks:
            steps[m.lastgroup](m)
        self.finish()

    def problem(self, kind: ProblemKind, start: int, end: int, message: str) -> None:
        self.reading.add_problem(Problem(kind, start, end, message))

    def line(self, m: Match) -> tuple[int, int]:
        """The block's range without its line ending."""
        end = m.end()
        return m.start(), end - 1 if self.body[end - 1] == "\n" else end

    def blank(self, m: Match) -> None:
        """An empty line, or anything else that ends a description which has begun."""
        if self.described == 1:
            self.described = 2

    def formats(self, m: Match) -> None:
        reading = self.reading
        if reading.heading or reading.title or reading.formats or self.section is not None:
            self.text(m)
            return
        reading.formats = FORMATS.match(self.body, m.start())
        if not reading.formats:
            start, end = self.line(m)
            self.problem(
                ProblemKind.OUT_OF_PLACE,
                start,
                end,
                "a 'Formats:' line that does not name HTML, JSON and XML once",
            )

    def heading(self, m: Match) -> None:
        self.blank(m)
        reading, level = self.reading, len(m["heading_marks"])
        start, end = self.line(m)
        text = (min(m.start("heading_text") + 1, end), end)
        if level == 3:
            self.date_heading(m, start, end)
        elif level == 1 and reading.title is None and self.section is None:
            if reading.text(text):
                reading.title = text
            else:
                self.empty_title = start, end
        elif level == 5 and not (reading.title or reading.topic) and self.section is None:
            reading.topic = text
        else:
            what = {1: "a second title", 5: "a second topic line"}.get(level, "a heading")
            self.problem(
                ProblemKind.OUT_OF_PLACE, start, end, f"{what} where an event page has none"
            )

    def date_heading(self, m: Match, start: int, end: int) -> None:
        reading = self.reading
        if reading.heading or reading.title or self.section is not None:
            what = "a second date heading" if DATED.match(self.body, start + 3) else "a heading"
            self.problem(
                ProblemKind.UNKNOWN_SECTION, start, end, f"{what} is no section; known are {_KNOWN}"
            )
            self.section = ""
            return
        dated = DATED.match(self.body, start + 3)
        if dated:
            reading.heading = Heading(dated)
        elif self.bad_heading is None:
            self.bad_heading = start, end

    def section_heading(self, m: Match) -> None:
        reading, name = self.reading, m["section_name"].rstrip()
        start, end = m.start(), m.start("section_name") + len(name)
        part = _field(name)
        if not part:
            early = not (reading.heading or reading.title or self.section is not None)
            if early and self.bad_heading is None and name[:1].isdigit():
                self.bad_heading = start, end
                return
            near = difflib.get_close_matches(name, list(BY_HEADING), n=1, cutoff=0.75)
            if len(name) > 100:
                near = []
            hint = f"did you mean '### {near[0]}'" if near else f"known are {_KNOWN}"
            shown = name if len(name) <= 60 else name[:57] + "..."
            self.problem(
                ProblemKind.UNKNOWN_SECTION, start, end, f"unknown section '### {shown}'; {hint}"
            )
            part = _field(near[0]) if near else ""
        elif part in self.seen:
            self.problem(ProblemKind.OUT_OF_PLACE, start, end, f"a second section '### {name}'")
        if part:
            self.seen.append(part)
            reading.section_headings.setdefault(part, (start, end))
        self.section = part
        if m.end("section_list") > m.start("section_list"):
            self.entries(m.start("section_list"), m.end("section_list"))

    def entries(self, pos: int, end: int) -> None:
        """Read the lines of a section; each is one whole entry or a problem."""
        body, section = self.body, self.section
        if not section:
            return
        found = getattr(self.reading, section)
        while pos < end:
            if body[pos] == "\n":
                pos += 1
                continue
            m = ENTRY.match(body, pos) or LOOSE_ENTRY.match(body, pos)
            wrong = _misfit(m, BY_FIELD[section]) if m else ""
            if m and not wrong:
                found.append(m)
                pos = m.end() + 1
            else:
                stop = body.find("\n", pos)
                stop = len(body) if stop < 0 else stop
                self.problem(ProblemKind.NO_ENTRY, pos, stop, wrong or _malformed(body[pos:stop]))
                if number := _NUMBER.match(body, pos):
                    start, after = number.span(1)
                    self.reading.malformed.append((section, start, after, int(number[1])))
                pos = stop + 1

    def text(self, m: Match) -> None:
        start, end = self.line(m)
        if not self.body[start:end].strip():
            self.blank(m)
        elif self.section is not None:
            if self.section:
                self.entries(start, end)
        elif self.reading.heading is None and self.reading.title is None:
            self.problem(ProblemKind.OUT_OF_PLACE, start, end, "text before the date heading")
        elif self.described == 2:
            self.problem(
                ProblemKind.OUT_OF_PLACE,
                start,
                end,
                "text after the description, which is one paragraph",
            )
        elif fault := line_fault(self.body[start:end]):
            self.blank(m)
            self.problem(ProblemKind.OUT_OF_PLACE, start, end, fault)
        else:
            first = self.reading.description[0] if self.reading.description else start
            self.reading.description = (first, end)
            self.described = 1

    def finish(self) -> None:
        reading = self.reading
        if reading.heading is None:
            start, end = self.bad_heading or (0, 0)
            found = "the heading is no" if self.bad_heading else "no"
            self.problem(
                ProblemKind.NO_DATE,
                start,
                end,
                f"{found} date heading '### [2013-02-20](/news/.../index.md)'",
            )
        if reading.title is None:
            after = reading.heading.match.end() if reading.heading else 0
            start, end = self.empty_title or (after, after)
            found = "the title is empty" if self.empty_title else "no title"
            self.problem(ProblemKind.NO_TITLE, start, end, f"{found}; expected a line '# Title'")
        for section in SECTIONS:
            entries = getattr(reading, section.field)
            if section.cover and entries and entries[-1]["text"].strip() == COVER_IMAGE:
                reading.cover = entries.pop()
        if not reading.complete:
            reading.problems.sort(key=lambda p: p.start)


def _field(heading: str) -> str:
    """The part of the model under a heading; empty for one that is not known."""
    section = BY_HEADING.get(heading)
    return section.field if section else ""


def _misfit(m: Match, section: Section) -> str:
    """Why a well-formed entry does not belong into its section; empty where it does."""
    if not m["text"].strip():
        return "the entry's link text is empty"
    kind = m["kind"]
    if section.note is Note.VERSION:
        if kind is None:
            return "a change ends in '_2017-10-12 03:57:01 (Update)_' or '_(Current version)_'"
        stamp = m["timestamp"]
        if stamp is not None:
            try:
                datetime.datetime.fromisoformat(stamp)
            except ValueError:
                return f"the change's time '{stamp}' does not exist"
    elif kind is not None:
        return "a version note '_(...)_' belongs under Changes"
    elif section.note is not Note.CONTEXT and m["context"] is not None:
        return "a '_Context: ..._' note belongs under Related"
    return ""


def _malformed(line: str) -> str:
    """What keeps a line from being one whole link entry."""
    if not line[:1].isdigit():
        return "the line is no numbered link entry; expected '1. [Title](target)'"
    if "](" not in line:
        missing = "']'" if "[" in line else "'[Title](target)'"
        return f"the entry has no {missing} before its target; expected '1. [Title](target)'"
    if ")" not in line[line.index("](") :]:
        return "the entry's link has no closing ')'; expected '1. [Title](target)'"
    return "the line is not one whole link entry; expected '1. [Title](target)' and its note"
