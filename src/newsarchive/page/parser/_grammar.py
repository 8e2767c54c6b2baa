"""Line patterns. Named groups are the parts' places; each pattern matches one whole line.

::

    entry    = number ". [" text "](" target ")" [ " _" tail "_" ]
    tail     = "Context: " terms | [ timestamp " " ] "(" kind ")"
    dated    = "[" year "-" month "-" day "](" target ")"
    formats  = "Formats: [HTML](" html ")  [JSON](" json ")  [XML](" xml ")  "

Link text ends at the first ``](``; brackets in it need not balance. A target without blanks ends
at the last ``)`` before a blank or the line's end; one with blanks holds no parentheses.
"""

import re

from newsarchive.page.patterns import pattern
from newsarchive.page.sections import SECTIONS, Note

# Blanks at a line's end count nowhere: any that `str.isspace` knows, as at the ends of titles.
_END = r"[^\S\n]*$"
# Link text: possessive runs with one exit, linear on any number of brackets.
_TEXT = r"(?P<text>[^\]\n]*+(?:\](?!\()[^\]\n]*+)*+)"
_TARGET = r"(?P<target>\S*)"
_LOOSE_TARGET = r"(?P<target>\S*(?=\)(?:\s|$))|[^()\n]*)"
_TAIL = (
    r"(?: _Context: (?P<context>[^\n]*)_"
    r"| _(?:(?P<timestamp>[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}) )?"
    r"\((?P<kind>[^()\n]+)\)_)?"
)

ENTRY = pattern(rf"(?P<number>[0-9]{{1,9}})\. \[{_TEXT}\]\({_TARGET}\){_TAIL}$", re.M)
ENTRIES = pattern(f"^{ENTRY.pattern}", re.M)
LOOSE_ENTRY = pattern(
    rf" {{0,3}}(?P<number>[0-9]{{1,9}})\.[ \t]+\[{_TEXT}\]\({_LOOSE_TARGET}\){_TAIL}{_END}", re.M
)
LINK = pattern(rf"[ \t]+\[{_TEXT}\]\({_LOOSE_TARGET}\){_END}", re.M)
DATED = pattern(
    r"[ \t]+(?P<label>\[(?P<text>(?P<year>[0-9]{1,6})-(?P<month>[0-9]{1,4})-(?P<day>[0-9]{1,4}))\])"
    rf"\({_LOOSE_TARGET}\){_END}",
    re.M,
)
FORMATS = pattern(
    r"Formats: \[HTML\]\((?P<html>\S*)\)  \[JSON\]\((?P<json>\S*)\)"
    rf"  \[XML\]\((?P<xml>\S*)\){_END}",
    re.M,
)
CONTEXT_LINE = pattern(rf"_Context: (?P<context>[^\n]*)_{_END}", re.M)
GAP = pattern(r"(?:(?:#####(?: [^\n]*)?)?\n)*")
EDITORIAL = pattern(
    r"(?P<blank>\n?)# (?P<title>[^\n]+)\n#### by (?P<author>[^\n]+)\n\n(?P<body>[\s\S]*)"
)

# A line of a description, as far as a glance tells: what looks like more is left to `line_fault`.
PLAIN_LINE = r"[ \t]*+(?!#|---|Formats:|_Context: )\S[^\n]*+"

# The same for entries without a "]" in their text or a ")" in their target. A class of one
# character takes a quarter of the time that a class of several takes; it runs over line endings,
# so that whoever uses these has to count lines.
SHORT = r"^(?P<number>[0-9]{1,9})\. \[(?=[ \t]*+[^\s\]])(?P<text>[^\]]*+)\]\((?P<target>[^)]*+)\)"
SHORT_CONTEXT = r"(?: _Context: (?P<context>[^\n]*)_)?"
_VERSION = (
    r" _(?:(?P<timestamp>[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}) )?"
    r"\((?P<kind>[^()\n]+)\)_"
)
# Groups that a section's entries lack: these never match, but a match can be asked for them.
_NO_CONTEXT = r"(?P<context>(?!))?"
_NO_VERSION = r"(?P<timestamp>(?!))?(?P<kind>(?!))?"

_SHORT_NOTES = {
    Note.NONE: f"{_NO_CONTEXT}{_NO_VERSION}",
    Note.CONTEXT: f"{SHORT_CONTEXT}{_NO_VERSION}",
    Note.VERSION: f"{_NO_CONTEXT}{_VERSION}",
}
SHORT_ENTRIES = {
    f"{name}:": pattern(f"{SHORT}{_SHORT_NOTES[section.note]}$", re.M)
    for section in SECTIONS
    for name in section.headings
}
"""The short patterns for the sections of an event, by the text of their headings."""
