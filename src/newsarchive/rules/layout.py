"""NA1xx: is the page laid out as the format has it?"""

from bisect import bisect_left
from collections.abc import Iterator

from newsarchive.findings.diagnostics import Applicability, Severity
from newsarchive.findings.edits import BodyEdit
from newsarchive.findings.remedies import Remedy
from newsarchive.page.reading import Link, LinkKind, ProblemKind, Reading
from newsarchive.page.sections import SECTIONS, entry_numbers
from newsarchive.rules._commonmark import escape_text, hidden_blocks, hidden_reason, may_hold_blocks
from newsarchive.rules._rule import Finding, Repair, Rule, is_canonical, no_problems, problems
from newsarchive.rules.conflicts import conflict_markers, no_markers
from newsarchive.rules.written import SHOWN_AS_LINKS, shown_reason


def _byte_order_mark(reading: Reading) -> Iterator[Finding]:
    if reading.document.has_bom:
        end = reading.document.bom_length
        repair = Repair("remove the byte order mark", (BodyEdit(0, end, ""),))
        yield Finding(0, end, "the file starts with a byte order mark", repair, raw=True)


def _line_endings(reading: Reading) -> Iterator[Finding]:
    found = reading.document.carriage_returns
    if found:
        shown = reading.document.newline.encode("unicode_escape").decode()
        many = f"{len(found)} line ending{'s' if len(found) > 1 else ''} with a carriage return"
        edits = tuple(BodyEdit(start, end, "\n") for start, end in found)
        repair = Repair("end every line in \\n", edits)
        yield Finding(*found[0], f"{many} ({shown}); lines end in \\n", repair, raw=True)


def entry_numbering(reading: Reading) -> Iterator[Finding]:
    """NA108: one finding for each section whose numbers do not run."""
    for section in SECTIONS:
        if not getattr(reading, section.field):
            continue
        entries = [
            ((m.start("number"), m.end("number"), int(m["number"])), repeats)
            for m, repeats in reading.entries(section)
        ]
        entries += [(e[1:], False) for e in reading.malformed if e[0] == section.field]
        ordered = sorted(entries)
        expected = entry_numbers([repeat for _, repeat in ordered])
        wrong = [
            (start, end, number, right)
            for ((start, end, number), _), right in zip(ordered, expected, strict=True)
            if number != right
        ]
        if wrong:
            start, end, number, right = wrong[0]
            more = f" (and {len(wrong) - 1} more below)" if len(wrong) > 1 else ""
            edits = tuple(BodyEdit(s, e, str(r)) for s, e, _, r in wrong)
            message = f"the entry is numbered {number}, expected {right}{more}"
            yield Finding(start, end, message, Repair("number the entries 1, 2, 3 ...", edits))


def _all_plain(reading: Reading) -> bool:
    """Whether no text and no target of an entry holds a character that could hide the link."""
    entries = [m for section in SECTIONS for m, _ in reading.entries(section)]
    if reading.sections:
        entries += [item.match for item in reading.index_items()]
    # Substring tests on the joined parts take a tenth of a pattern on each.
    texts = "".join([m["text"] for m in entries])
    targets = "".join([m["target"] for m in entries])
    return targets.isprintable() and not (
        "[" in texts
        or "]" in texts
        or "\\" in texts
        or "`" in texts
        or "<" in texts
        or "(" in targets
        or ")" in targets
        or "\\" in targets
        or "<" in targets
        or " " in targets
    )


def _hidden_link(reading: Reading) -> Iterator[Finding]:
    if may_hold_blocks(reading.body):
        yield from _hidden_below(reading)
    for link in reading.links(*SHOWN_AS_LINKS):
        if reason := shown_reason(reading, link, link.text):
            message = f"no CommonMark renderer shows this entry as a link: {reason}"
            yield Finding(*link.match.span("text"), message, _escaped(link))


def _hidden_below(reading: Reading) -> Iterator[Finding]:
    """What opens a block that takes in links."""
    starts = sorted(link.start for link in reading.links())
    for block in hidden_blocks(reading.body):
        hidden = bisect_left(starts, block.until) - bisect_left(starts, block.end)
        if hidden:
            links = "the link" if hidden == 1 else f"{hidden:,} links"
            message = f"no CommonMark renderer shows {links} below: this opens {block.what}"
            yield Finding(block.start, block.end, message)


def _escaped(link: Link) -> Repair | None:
    """Escape what hides a link; None where that would change which page it leads to."""
    text, target = escape_text(link.text), link.target
    if link.kind in (LinkKind.SOURCE, LinkKind.COVER_IMAGE):
        target = target.translate(_PERCENT)
    edits = [
        BodyEdit(*link.match.span(name), new)
        for name, old, new in (("text", link.text, text), ("target", link.target, target))
        if new != old
    ]
    line = f"[{text}]"
    if not edits or hidden_reason(line, 0, len(line) - 1, target):
        return None
    return Repair("escape what hides the link", tuple(edits), Applicability.UNSAFE)


_PERCENT = str.maketrans({char: f"%{ord(char):02X}" for char in " \t()<>\\"})


UNKNOWN_SECTION = Rule(
    "NA106",
    "unknown-section",
    Severity.ERROR,
    "a '###' section heading is unknown",
    "Readers look for 'Source:' or 'Sources:', 'Related:' and 'Changes:' and skip the rest. "
    "The message names the known one that is near; its entries are checked as if it were spelt so.",
    bad="### Relatedd:",
    good="### Related:",
    advice="Correct the spelling of the heading, or delete the section.",
    page=problems(ProblemKind.UNKNOWN_SECTION),
    passes=no_problems,
)

RULES = (
    Rule(
        "NA101",
        "undecodable",
        Severity.ERROR,
        "the bytes are not UTF-8",
        "Nobody can read such a page without guessing, so nothing else on it is checked. The "
        "finding is at the first bad byte.",
        bad="# L\\xe9r\\xe9 is flooded. ",
        good="# Léré is flooded. ",
        advice="Convert the file from the encoding that it really has, often Windows-1252 "
        "('iconv -f WINDOWS-1252 -t UTF-8'), or restore it from history.",
        page=problems(ProblemKind.UNDECODABLE),
        passes=no_problems,
        undecoded=True,
        whole_page=True,
    ),
    Rule(
        "NA102",
        "byte-order-mark",
        Severity.WARNING,
        "the file starts with a byte order mark",
        "U+FEFF is invisible, belongs to no page of the archive and hides the first heading from "
        "every reader that looks for it at the start of the file.",
        bad="\\ufeff### [2013-02-20](/news/2013/02/20/index.md)",
        good="### [2013-02-20](/news/2013/02/20/index.md)",
        advice="Run --fix, and have the editor save UTF-8 without a mark.",
        remedies=(Remedy.SAFE,),
        fix="removes the mark",
        page=_byte_order_mark,
        passes=is_canonical,
        whole_page=True,
        layout=True,
    ),
    Rule(
        "NA103",
        "line-endings",
        Severity.WARNING,
        "lines end in CR or CRLF",
        "The archive's lines end in LF. Other endings come from editors and from version control "
        "that converts files, and make every line differ. One finding a file, at the first such "
        "ending; everything else on the page is still checked.",
        bad="# Title \\r\\n",
        good="# Title \\n",
        advice="Run --fix. Where git converts files, set '* -text' in .gitattributes.",
        remedies=(Remedy.SAFE,),
        fix="makes every line ending LF",
        page=_line_endings,
        passes=is_canonical,
        whole_page=True,
        layout=True,
    ),
    Rule(
        "NA104",
        "missing-date-heading",
        Severity.ERROR,
        "an event page or day index has no date heading",
        "The heading says which day the page belongs to and links to that day. Without it there "
        "is no model of the page.",
        bad="### 20 February 2013",
        good="### [2013-02-20](/news/2013/02/20/index.md)",
        advice="Write the heading as the first line: the day, as a link to the day's index.",
        page=problems(ProblemKind.NO_DATE),
        passes=no_problems,
        whole_page=True,
    ),
    Rule(
        "NA105",
        "missing-title",
        Severity.ERROR,
        "an event page has no title",
        "The title is the news. Without it there is no model of the page, and links to the page "
        "cannot be compared with it.",
        bad="### [2013-02-20](/news/2013/02/20/index.md)\n\nA paragraph.",
        good="### [2013-02-20](/news/2013/02/20/index.md)\n\n# Title \n\nA paragraph.",
        advice="Write the title below the date, as '# Title'.",
        page=problems(ProblemKind.NO_TITLE),
        passes=no_problems,
        whole_page=True,
    ),
    UNKNOWN_SECTION,
    Rule(
        "NA107",
        "malformed-entry",
        Severity.ERROR,
        "a line of a link section is not one whole link entry",
        "Each line under Sources, Related and Changes is '1. [Title](target)' with the section's "
        "own note behind it, and each event of an index is '### [Title](target)'. Other lines are "
        "left out of the model.",
        bad="2. [Title(/news/2013/02/20/slug.md)",
        good="2. [Title](/news/2013/02/20/slug.md)",
        advice="Write the line as one link. A link text that holds brackets needs them in pairs, "
        "or escaped.",
        page=problems(ProblemKind.NO_ENTRY),
        passes=no_problems,
    ),
    Rule(
        "NA108",
        "entry-numbering",
        Severity.WARNING,
        "entries are not numbered 1, 2, 3 ...",
        "A cover image at the end of the sources and the current version under Changes repeat "
        "the number before them: that is right. One finding a section, at the first wrong number.",
        bad="1. [A](http://a.example)\n3. [B](http://b.example)",
        good="1. [A](http://a.example)\n2. [B](http://b.example)",
        advice="Run --fix.",
        remedies=(Remedy.SAFE,),
        fix="numbers the section's entries",
        page=entry_numbering,
        passes=is_canonical,
        layout=True,
    ),
    Rule(
        "NA109",
        "unexpected-content",
        Severity.WARNING,
        "there is text where the format has none",
        "A second paragraph, a second title, a heading of another level, text before the date: "
        "readers of the format do not see it, and the model does not hold it.",
        bad="The description.\n\nA second paragraph.",
        good="The description.",
        advice="Join second paragraphs with the description, and delete what does not belong to "
        "the page.",
        page=problems(ProblemKind.OUT_OF_PLACE),
        passes=no_problems,
    ),
    Rule(
        "NA110",
        "hidden-link",
        Severity.WARNING,
        "other markdown programs do not see an entry as a link",
        "The archive means the entry as a link, and it is checked as one. A renderer shows plain "
        "text, or a link to something else: brackets that do not balance, a space or "
        "unbalanced parentheses in the target, code or HTML that swallows the end. Or a line of "
        "text above opens a code block or HTML that swallows whole entries.",
        bad="1. [[Reuters](http://reuters.example/1)",
        good="1. [Reuters](http://reuters.example/1)",
        advice="Look at what --fix --unsafe-fixes would write with --diff. Where it offers "
        "nothing, escape what is in the way, or move the text above that swallows the "
        "entry.",
        remedies=(Remedy.LIKELY,),
        fix="escapes brackets of the text and parentheses of a source's URL",
        page=_hidden_link,
        passes=lambda reading: not may_hold_blocks(reading.body) and _all_plain(reading),
    ),
    Rule(
        "NA111",
        "conflict-marker",
        Severity.ERROR,
        "a line is a conflict marker of a merge",
        "The page holds two versions of itself, and nobody has chosen. Until the merge is "
        "finished, 'fmt' and repairs leave the page alone. In prose '=======' and '|||||||' "
        "count only beside one of the others: alone they are markdown.",
        bad="<<<<<<< HEAD\nOne person was hurt.\n=======\nTwo were hurt.\n>>>>>>> desk",
        good="Two were hurt.",
        advice="Finish the merge by hand and delete the lines that begin with '<<<<<<<', "
        "'|||||||', '=======' and '>>>>>>>'.",
        page=conflict_markers,
        passes=no_markers,
    ),
)
