"""From an event page's blocks to its parts."""

import datetime

from newsarchive.page.editions import Words
from newsarchive.page.parser._reader import BlockReader
from newsarchive.page.patterns import pattern
from newsarchive.page.reading import Heading, Match, ProblemKind, Reading
from newsarchive.page.sections import BY_FIELD, SECTIONS, Note, Section, line_fault

_NUMBER = pattern(r" {0,3}([0-9]{1,9})[.)]")


def read_event(reading: Reading, blocks: list[Match]) -> None:
    """Find an event page's parts among its blocks."""
    _EventReader(reading).read(blocks)


class _EventReader(BlockReader):
    """One pass over the blocks of an event page, from top to bottom."""

    def __init__(self, reading: Reading) -> None:
        super().__init__(reading)
        # The section that entries belong to; None before the first, "" in an unknown one.
        self.within: str | None = None
        self.seen: list[str] = []
        # Whether a text line continues the description (1), may begin it (0), or is too late (2).
        self.described = 0
        self.bad_heading: tuple[int, int] | None = None
        self.empty_title: tuple[int, int] | None = None

    def blank(self, m: Match) -> None:
        """An empty line, or anything else that ends a description which has begun."""
        if self.described == 1:
            self.described = 2

    def formats(self, m: Match) -> None:
        reading = self.reading
        if reading.heading or reading.title or reading.formats or self.within is not None:
            self.text(m)
            return
        self.take_formats(m)

    def heading(self, m: Match) -> None:
        self.blank(m)
        reading, level = self.reading, len(m["heading_marks"])
        start, end = self.line(m)
        text = (min(m.start("heading_text") + 1, end), end)
        if level == 3:
            self.date_heading(m, start, end)
        elif level == 1 and reading.title is None and self.within is None:
            if reading.text(text):
                reading.title = text
            else:
                self.empty_title = start, end
        elif level == 5 and not (reading.title or reading.topic) and self.within is None:
            reading.topic = text
        else:
            what = {1: "a second title", 5: "a second topic line"}.get(level, "a heading")
            self.misplaced(start, end, f"{what} where an event page has none")

    def date_heading(self, m: Match, start: int, end: int) -> None:
        reading = self.reading
        if reading.heading or reading.title or self.within is not None:
            dated = self.grammar.dated.match(self.body, start + 3)
            what = "a second date heading" if dated else "a heading"
            known = self.grammar.known
            self.problem(
                ProblemKind.UNKNOWN_SECTION, start, end, f"{what} is no section; known are {known}"
            )
            self.within = ""
            return
        dated = self.grammar.dated.match(self.body, start + 3)
        if dated:
            reading.heading = Heading(dated)
        elif self.bad_heading is None:
            self.bad_heading = start, end

    def section(self, m: Match) -> None:
        reading, name = self.reading, m["section_name"].rstrip()
        start, end = m.start(), m.start("section_name") + len(name)
        part = self.field(name)
        if not part:
            early = not (reading.heading or reading.title or self.within is not None)
            if early and self.bad_heading is None and name[:1].isdigit():
                self.bad_heading = start, end
                return
            import difflib  # most pages have no such heading

            known = list(self.grammar.sections)
            near = difflib.get_close_matches(name, known, n=1, cutoff=0.75)
            if len(name) > 100:
                near = []
            hint = f"did you mean '### {near[0]}'" if near else f"known are {self.grammar.known}"
            shown = name if len(name) <= 60 else name[:57] + "..."
            self.problem(
                ProblemKind.UNKNOWN_SECTION, start, end, f"unknown section '### {shown}'; {hint}"
            )
            part = self.field(near[0]) if near else ""
        elif part in self.seen:
            self.misplaced(start, end, f"a second section '### {name}'")
        if part:
            self.seen.append(part)
            reading.section_headings.setdefault(part, (start, end))
        self.within = part
        if m.end("section_list") > m.start("section_list"):
            self.entries(m.start("section_list"), m.end("section_list"))

    def field(self, heading: str) -> str:
        """The part of the model under a heading; empty for one that is not known."""
        section = self.grammar.sections.get(heading)
        return section.field if section else ""

    def entries(self, pos: int, end: int) -> None:
        """Read the lines of a section; each is one whole entry or a problem."""
        body, section = self.body, self.within
        if not section:
            return
        found = getattr(self.reading, section)
        entry, loose_entry = self.grammar.entry[section], self.grammar.loose_entry[section]
        while pos < end:
            if body[pos] == "\n":
                pos += 1
                continue
            m = entry.match(body, pos) or loose_entry.match(body, pos)
            wrong = self.misfit(m, BY_FIELD[section]) if m else ""
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

    def misfit(self, m: Match, section: Section) -> str:
        """Why a well-formed entry does not belong into its section; empty where it does."""
        edition = self.reading.edition
        if not (section.pictured or m["text"].strip()):
            return "the entry's link text is empty"
        kind = m["kind"]
        if section.note is Note.VERSION:
            if kind is None:
                update, current = edition.update or ("Update",), edition.current_version
                own = f" or '_({current[0]})_'" if current else ""
                return f"a change ends in '_2017-10-12 03:57:01 ({update[0]})_'{own}"
            stamp = m["timestamp"]
            if stamp is not None:
                try:
                    datetime.datetime.fromisoformat(stamp)
                except ValueError:
                    return f"the change's time '{stamp}' does not exist"
        elif kind is not None:
            return f"a version note '_(...)_' belongs under {_under(edition.changes)}"
        elif section.note is not Note.CONTEXT and m["context"] is not None:
            label = m["context_label"]
            return f"a '_{label}: ..._' note belongs under {_under(edition.related)}"
        return ""

    def text(self, m: Match) -> None:
        reading = self.reading
        start, end = self.line(m)
        if not self.body[start:end].strip():
            self.blank(m)
        elif self.within is not None:
            if self.within:
                self.entries(start, end)
        elif self.reading.heading is None and self.reading.title is None:
            self.misplaced(start, end, "text before the date heading")
        elif self.described == 2:
            self.misplaced(start, end, "text after the description, which is one paragraph")
        elif fault := line_fault(self.body[start:end], reading.edition):
            self.blank(m)
            self.misplaced(start, end, fault)
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
            cover = reading.edition.cover_image
            last = entries[-1] if section.pictured and entries else None
            if last and last["text"].strip() in cover and last["image"] is None:
                reading.cover = entries.pop()


def _under(headings: Words) -> str:
    """Where something belongs, for people."""
    return headings[0] if headings else "a section that this edition does not have"


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
