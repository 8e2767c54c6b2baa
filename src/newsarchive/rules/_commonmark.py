"""Whether a CommonMark renderer shows an entry as the one link that the archive means.

Follows CommonMark 0.31.2, sections 6.1 (code spans), 6.3 (links), 6.6 (raw HTML) and 2.4
(backslash escapes), for the one question that matters here: does the first ``[`` of the entry
close at the archive's ``](``, and does the destination end where the archive's target does?
"""

import re

_PLAIN_TEXT = re.compile(r"[^\[\]`<\\]*")
_PLAIN_TARGET = re.compile(r"[^\s()<>\\\x00-\x20\x7f]*")
_SPECIAL = re.compile(r"[\[\]`<\\]")
_BACKTICKS = re.compile(r"`+")
_PUNCTUATION = frozenset("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")
_ATTRIBUTE = (
    r"[ \t]+[A-Za-z_:][A-Za-z0-9_.:-]*(?:[ \t]*=[ \t]*(?:[^ \t\"'=<>`]+|'[^']*'|\"[^\"]*\"))?"
)
_HTML = re.compile(
    rf"<(?:[A-Za-z][A-Za-z0-9-]*(?:{_ATTRIBUTE})*[ \t]*/?>"
    r"|/[A-Za-z][A-Za-z0-9-]*[ \t]*>"
    r"|!-->|!--->|!--(?:(?!-->)[^\n])*-->|\?(?:(?!\?>)[^\n])*\?>|![A-Za-z][^>\n]*>"
    r"|!\[CDATA\[(?:(?!\]\]>)[^\n])*\]\]>"
    r"|[A-Za-z][A-Za-z0-9.+-]{1,31}:[^\s<>\x00-\x20]*>"
    r"|[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9.-]+>)"
)
_MAX_PARENTHESES = 32


def hidden_reason(line: str, start: int, close: int, target: str) -> str:
    """Why a renderer does not show an entry as its link; empty where it does.

    Args:
        line: the entry's line.
        start: offset in `line` of the link's ``[``.
        close: offset in `line` of the ``]`` that ends the link text.
        target: the link's target as written.
    """
    if _PLAIN_TEXT.fullmatch(line, start + 1, close) is None:
        reason = _text_reason(line, start, close)
        if reason:
            return reason
    if _PLAIN_TARGET.fullmatch(target) is None:
        return _target_reason(target)
    return ""


def _text_reason(line: str, start: int, close: int) -> str:
    """Follow the brackets of a link text as an inline parser does."""
    depth, pos = 0, start
    runs: dict[int, int] | None = None
    while pos <= close:
        m = _SPECIAL.search(line, pos, close + 1)
        if m is None:  # pragma: no cover - the loop ends at the `]` that stands at `close`
            break
        pos, char = m.end(), m[0]
        if char == "\\":
            pos += line[pos : pos + 1] in _PUNCTUATION
        elif char == "`":
            if runs is None:
                runs = {len(r[0]): r.start() for r in _BACKTICKS.finditer(line)}
            opener = _BACKTICKS.match(line, m.start())
            assert opener is not None
            pos = opener.end()
            if runs[len(opener[0])] >= pos:
                pos = _code_end(line, pos, len(opener[0]))
        elif char == "<":
            tag = _HTML.match(line, m.start())
            pos = tag.end() if tag else pos
        elif char == "[":
            depth += 1
        elif m.start() == close:
            return "its brackets do not balance" if depth != 1 else ""
        else:
            depth -= 1
            if depth == 0:
                return "its brackets do not balance"
    return "code or an HTML tag in its text swallows the end of the link"


def _code_end(line: str, pos: int, length: int) -> int:
    """Where the code span ends whose opening run of `length` backticks ends at `pos`."""
    for run in _BACKTICKS.finditer(line, pos):
        if len(run[0]) == length:
            return run.end()
    raise AssertionError("a run of this length stands further on")  # pragma: no cover


def _target_reason(target: str) -> str:
    """Why a destination does not end where the target does."""
    if not target:
        return ""
    if target.startswith("<"):
        return "its target starts with '<'"
    depth, pos = 0, 0
    while pos < len(target):
        char = target[pos]
        if char == "\\" and target[pos + 1 : pos + 2] in _PUNCTUATION:
            pos += 1
        elif char <= " " or char == "\x7f":
            return "a raw blank stands in its target"
        elif char == "(":
            depth += 1
        elif char == ")":
            depth -= 1
        if depth < 0 or depth > _MAX_PARENTHESES:
            break
        pos += 1
    return "the parentheses of its target do not balance" if depth else ""
