"""Whether a CommonMark renderer shows an entry as the one link that the archive means.

Follows CommonMark 0.31.2, sections 6.1 (code spans), 6.3 (links), 6.5 (autolinks), 6.6 (raw HTML)
and 2.4 (backslash escapes), for the one question that matters here: does the first ``[`` of the
entry close at the archive's ``](``, and does the destination end where the archive's target does?

And sections 4.5 (fenced code blocks) and 4.6 (HTML blocks): does a line above the entry open a
block that takes it in?
"""

import re
from collections.abc import Iterator

from newsarchive.page.lazy_tuples import NamedTuple
from newsarchive.page.patterns import pattern
from newsarchive.page.targets import PUNCTUATION, target_fault

_PLAIN_TEXT = pattern(r"[^\[\]`<\\]*")
_PLAIN_TARGET = pattern(r"[^\s()<>\\\x00-\x20\x7f]*")
_SPECIAL = pattern(r"[\[\]`<\\]")
_HIDING = pattern(r"(?<!\\)([\[\]`<])")
_BACKTICKS = pattern(r"`+")
_ATTRIBUTE = (
    r"[ \t]+[A-Za-z_:][A-Za-z0-9_.:-]*(?:[ \t]*=[ \t]*(?:[^ \t\"'=<>`]+|'[^']*'|\"[^\"]*\"))?"
)
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
# Tags and autolinks; none of these runs on over a "<", so that many "<" cost no more than one.
_TAG = pattern(
    rf"<(?:[A-Za-z][A-Za-z0-9-]*(?:{_ATTRIBUTE})*[ \t]*/?>"
    r"|/[A-Za-z][A-Za-z0-9-]*[ \t]*>"
    r"|[A-Za-z][A-Za-z0-9.+-]{1,31}:[^\s<>\x00-\x20]*>"
    rf"|[A-Za-z0-9.!#$%&'*+/=?^_`{{|}}~-]+@{_LABEL}(?:\.{_LABEL})*>)"
)
# What opens a comment, an instruction, a declaration or a CDATA section, and what closes it.
_OPENERS = (
    (pattern("<!--"), "-->"),
    (pattern(r"<\?"), "?>"),
    (pattern("<![A-Za-z]"), ">"),
    (pattern(r"<!\[CDATA\["), "]]>"),
)
_EMPTY_COMMENT = pattern("<!--(?:>|->)")


def hidden_reason(line: str, start: int, close: int, target: str) -> str:
    """Why a renderer does not show an entry as its link; empty where it does.

    Takes the entry's line, the offsets of the ``[`` and the ``]`` of the link in it, and its
    target.
    """
    if _PLAIN_TEXT.fullmatch(line, start + 1, close) is None:
        reason = _Text(line).reason(start, close)
        if reason:
            return reason
    if _PLAIN_TARGET.fullmatch(target) is None:
        return target_fault(target)
    return ""


def escape_text(text: str) -> str:
    """A link text with its brackets, backticks and angle brackets escaped, if they hide it."""
    if not hidden_reason(f"[{text}]", 0, len(text) + 1, ""):
        return text
    return _HIDING.sub(r"\\\1", text)


class _Text:
    """Follows the brackets of a line as an inline parser does, each part of the line once."""

    def __init__(self, line: str) -> None:
        self.line = line
        # Where each closer stands last. A span that has none behind it is no span; without this
        # table each of many openers would look through the whole line for it.
        self.last: dict[str | int, int] = {}
        self.counted = False

    def reason(self, start: int, close: int) -> str:
        """Why the ``[`` at `start` is not closed by the ``]`` at `close`; empty where it is."""
        line, depth, pos = self.line, 0, start
        what = ""
        while pos <= close:
            m = _SPECIAL.search(line, pos, close + 1)
            assert m is not None, "a bracket stands at `close`"
            pos, char = m.end(), m[0]
            if char == "[":
                depth += 1
            elif char == "]":
                depth -= 1
                if depth == 0 or m.start() == close:
                    return "" if depth == 0 and m.start() == close else _UNBALANCED
            elif char == "\\":
                pos += line[pos : pos + 1] in PUNCTUATION
                what = "a backslash"
            elif char == "`":
                pos = self.after_code(m.start())
                what = "code"
            else:
                pos = self.after_html(m.start())
                what = "an HTML tag"
        return f"{what} in its text swallows the end of the link"

    def after_code(self, start: int) -> int:
        """Where the code span or, where there is none, the run of backticks at `start` ends."""
        opener = _BACKTICKS.match(self.line, start)
        assert opener is not None
        length, pos = len(opener[0]), opener.end()
        if not self.counted:
            self.counted = True
            self.last |= {len(r[0]): r.start() for r in _BACKTICKS.finditer(self.line)}
        # A run that a backslash cuts short opens with a length that the table need not hold.
        if self.last.get(length, -1) < pos:
            return pos
        runs = _BACKTICKS.finditer(self.line, pos)
        return next(run.end() for run in runs if len(run[0]) == length)

    def after_html(self, start: int) -> int:
        """Where the tag, comment or autolink at `start` ends, or the ``<`` if it is none."""
        line = self.line
        if m := _TAG.match(line, start) or _EMPTY_COMMENT.match(line, start):
            return m.end()
        for opener, closer in _OPENERS:
            if m := opener.match(line, start):
                if closer not in self.last:
                    self.last[closer] = line.rfind(closer)
                if self.last[closer] >= m.end():
                    return line.index(closer, m.end()) + len(closer)
        return start + 1


_UNBALANCED = "its brackets do not balance"


class Block(NamedTuple):
    """Code or HTML, in which a renderer shows no links."""

    # start, end: what opens it, as offsets in the body
    start: int
    end: int
    until: int  # where its last line ends
    what: str  # what it is, in words


_BLOCK_TAGS = (
    "address|article|aside|base|basefont|blockquote|body|caption|center|col|colgroup|dd|details|"
    "dialog|dir|div|dl|dt|fieldset|figcaption|figure|footer|form|frame|frameset|h[1-6]|head|"
    "header|hr|html|iframe|legend|li|link|main|menu|menuitem|nav|noframes|ol|optgroup|option|p|"
    "param|search|section|summary|table|tbody|td|tfoot|th|thead|title|tr|track|ul"
)
# The lines that say where blocks begin: headings and items of lists, then what opens a block.
_LINES = pattern(
    r"^(?:(?P<heading>#{1,6}(?=[ \t\n]))"
    r"|(?P<item> {0,3}(?:[-+*]|[0-9]{1,9}[.)])(?=[ \t\n]))"
    r"|(?P<indent> {0,3})(?P<opener>"
    r"(?P<fence>`{3,}(?=[^`\n]*$)|~{3,})"
    r"|<(?P<raw>pre|script|style|textarea)(?=[ \t>\n])"
    r"|(?P<comment><!--)|(?P<instruction><\?)|(?P<declaration><![a-z])|(?P<data><!\[cdata\[)"
    rf"|</?(?P<block>{_BLOCK_TAGS})(?=[ \t\n]|/?>)"
    # Section 4.6 leaves out "</pre>" and its like here; renderers do not.
    rf"|(?P<tag><(?:[a-z][a-z0-9-]*(?:{_ATTRIBUTE})*[ \t]*/?|/[a-z][a-z0-9-]*[ \t]*)>"
    r"(?=[ \t]*$))))",
    re.M | re.I,
)
_FENCE = pattern(r"^ {0,3}(?P<run>`{3,}|~{3,})[ \t]*$", re.M)
_EMPTY_LINE = pattern(r"\n[ \t]*(?:\n|\Z)")
_CLOSERS = {
    "raw": pattern("</(?:pre|script|style|textarea)>", re.I),
    "comment": pattern("-->"),
    "instruction": pattern(r"\?>"),
    "declaration": pattern(">"),
    "data": pattern(r"\]\]>"),
}
_NAMES = {
    "fence": "a code block",
    "block": "an HTML block",
    "tag": "an HTML block",
    "raw": "an HTML element",
    "comment": "a comment",
    "instruction": "a processing instruction",
    "declaration": "a declaration",
    "data": "a CDATA section",
}


def may_hold_blocks(body: str) -> bool:
    """Whether there can be `hidden_blocks`, at the cost of three substring tests."""
    return "<" in body or "```" in body or "~~~" in body


def hidden_blocks(body: str) -> Iterator[Block]:
    """The blocks of code and HTML that lines at the left margin open, from the top."""
    pos, until, in_list = 0, -1, False
    while m := _LINES.search(body, pos):
        pos = m.end()
        if m.lastgroup in ("heading", "item"):
            in_list = m.lastgroup == "item"
        elif in_list and len(m["indent"]) == 3:
            continue  # a part of the list's item
        elif not m["tag"] or until == m.start() - 1 or _is_free(body, m.start()):
            found = _block(body, m)
            yield found
            pos = until = found.until


def _is_free(body: str, start: int) -> bool:
    """Whether a line is no part of a paragraph that begins above it."""
    above = body[body.rfind("\n", 0, max(start - 1, 0)) + 1 : start]
    return not above.strip() or above.startswith("#")


def _block(body: str, m: re.Match[str]) -> Block:
    """The block that a line opens."""
    start, end = m.span("opener")
    kind = next(kind for kind in _NAMES if m[kind])
    if kind == "fence":
        until = _end_of_code(body, m)
    elif kind in _CLOSERS:
        closing = _CLOSERS[kind].search(body, start)
        until = _end_of_line(body, closing.end()) if closing else len(body)
    else:
        blank = _EMPTY_LINE.search(body, end)
        until = blank.start() if blank else len(body)
    return Block(start, end, until, _NAMES[kind])


def _end_of_code(body: str, m: re.Match[str]) -> int:
    """Where a fenced code block ends: at a fence no shorter, or with the page."""
    fence = m["fence"]
    for closing in _FENCE.finditer(body, _end_of_line(body, m.end())):
        if closing["run"].startswith(fence):
            return closing.end()
    return len(body)


def _end_of_line(body: str, pos: int) -> int:
    end = body.find("\n", pos)
    return len(body) if end < 0 else end
