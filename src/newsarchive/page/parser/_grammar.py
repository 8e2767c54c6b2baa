"""Line patterns. Named groups are the parts' places; each pattern matches one whole line.

::

    entry    = number ". [" text "](" target ")" [ " [" label "](" image ")" ] [ " _" tail "_" ]
    tail     = label ": " terms | [ timestamp " " ] "(" kind ")"
    dated    = "[" year "-" month "-" day "](" target ")"
    formats  = "Formats: [HTML](" html ")  [JSON](" json ")  [XML](" xml ")  "

Link text ends at the first ``](``; brackets in it need not balance. A target without blanks ends
at the last ``)`` before a blank or the line's end; one with blanks holds no parentheses. What an
edition's links may have before their paths is no part of the target: links with it and without
it lead to the same page.
"""

import re
from functools import lru_cache

from newsarchive.page.editions import EN, WORD_FIELDS, Edition, Words
from newsarchive.page.patterns import pattern
from newsarchive.page.reading import Match
from newsarchive.page.sections import SECTIONS, Note

# What stands in parentheses behind "%" is an edition's: `Grammar` fills it in.

# Blanks at a line's end count nowhere: any that `str.isspace` knows, as at the ends of titles.
_END = r"[^\S\n]*$"
# Link text: possessive runs with one exit, linear on any number of brackets.
_TEXT = r"(?P<text>[^\]\n]*+(?:\](?!\()[^\]\n]*+)*+)"
_TARGET = r"%(base)s(?P<target>\S*)"
_LOOSE_TARGET = r"%(base)s(?P<target>\S*(?=\)(?:\s|$))|[^()\n]*)"
_CONTEXT = r" _%(context)s: (?P<context>[^\n]*)_"
_VERSION = (
    r" _(?:(?P<timestamp>[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}) )?"
    r"\((?P<kind>[^()\n]+)\)_"
)
_IMAGE = r"(?: \[%(image)s\]\((?P<image>\S*)\))?"
_TAIL = f"(?:{_CONTEXT}|{_VERSION})?"
_ENTRY = rf"(?P<number>[0-9]{{1,9}})\. \[{_TEXT}\]\({_TARGET}\)%(tail)s$"
_LOOSE_ENTRY = (
    rf" {{0,3}}(?P<number>[0-9]{{1,9}})\.[ \t]+\[{_TEXT}\]\({_LOOSE_TARGET}\)%(tail)s{_END}"
)
_LINK = rf"[ \t]+\[{_TEXT}\]\({_LOOSE_TARGET}\){_END}"
_DATED = (
    r"[ \t]+(?P<label>\[(?P<text>(?P<year>[0-9]{1,6})-(?P<month>[0-9]{1,4})-(?P<day>[0-9]{1,4}))\])"
    rf"\({_LOOSE_TARGET}\){_END}"
)
_CONTEXT_LINE = rf"_%(context)s: (?P<context>[^\n]*)_{_END}"
_FRONT_PAGE = r"^## \[(?:%(days)s|%(previous_day)s)\]\("
# Where a page has words of its edition.
_TELLING = rf"^### (?:%(headings)s):|{_FRONT_PAGE}|_(?:%(contexts)s): |\]\(%(telling_base)s/"

FORMATS = pattern(
    r"Formats: \[HTML\]\((?P<html>\S*)\)  \[JSON\]\((?P<json>\S*)\)"
    rf"  \[XML\]\((?P<xml>\S*)\){_END}",
    re.M,
)
GAP = pattern(r"(?:(?:#####(?: [^\n]*)?)?\n)*")
EDITORIAL = pattern(
    r"(?P<blank>\n?)# (?P<title>[^\n]+)\n#### by (?P<author>[^\n]+)\n\n(?P<body>[\s\S]*)"
)

# A line of a description, as far as a glance tells: what looks like more is left to `line_fault`.
PLAIN_LINE = r"[ \t]*+(?!#|---|Formats:|_(?:%(notes)s): )\S[^\n]*+"

# What takes several lines at once where these are laid out as the archive does: an event page down
# to its first section, a section with the empty line below it, and an entry of an index with its
# topic, and its description or context with the empty line that closes it. Without nested or
# adjacent overlapping repeats; possessive where a repeat is followed by something it could not give
# back, so that hostile input stays linear.
_OPENING = (
    r"\A(?:\nFormats: \[HTML\]\(\S*\)  \[JSON\]\(\S*\)  \[XML\]\(\S*\)  \n\n)?"
    r"(?P<opening_date>### \[[0-9]{4}-[0-9]{2}-[1-9][0-9]?\]\(\S*\)\n\n)"
    r"(?:##### (?P<opening_topic>[^\n]*+)\n)?# (?P<opening_title>[^\n]*+)\n\n"
    rf"(?:(?P<opening_description>{PLAIN_LINE})\n|\n)\n\n"
)
_PART = (
    r"^### (?P<part_name>(?:%(headings)s):)\n\n"
    r"(?P<part_list>(?:[0-9][^\n]*+\n)++)(?P<part_end>\n?+)"
)
_ITEM = (
    r"^(?:##### (?P<item_topic>[^\n]*+)\n)?(?P<item_heading>### \[[^\n]*+)\n"
    r"(?:(?:_(?:%(contexts)s): (?P<item_context>[^\n]*)_\n"
    rf"|(?P<item_description>{PLAIN_LINE})\n|(?P<item_empty>\n))\n)?"
)

# Entries without a "]" in their text or a ")" in their target. A class of one character takes a
# quarter of the time that a class of several takes; it runs over line endings, so that whoever
# uses these has to count lines.
SHORT = (
    r"^(?P<number>[0-9]{1,9})\. \[(?=[ \t]*+[^\s\]])(?P<text>[^\]]*+)\]"
    r"\(%(base)s(?P<target>[^)]*+)\)"
)
_SHORT_IMAGE = r"(?: \[%(image)s\]\((?P<image>[^)]*+)\))?"
# Groups that a section's entries lack: these never match, but a match can be asked for them.
_NO_CONTEXT = r"(?P<context>(?!))?"
_NO_VERSION = r"(?P<timestamp>(?!))?(?P<kind>(?!))?"
_SHORT_NOTES = {
    Note.NONE: f"{_NO_CONTEXT}{_NO_VERSION}",
    Note.CONTEXT: f"(?:{_CONTEXT})?{_NO_VERSION}",
    Note.VERSION: f"{_NO_CONTEXT}{_VERSION}",
}


class Grammar:
    """The patterns of one edition.

    Args:
        edition: the edition.

    Attributes:
        words: what an edition puts into patterns, by name.
        sections: the sections of its events, by the text of their headings.
        known: those texts, for people.
        entry, entries, loose_entry: an entry, one in lines of others, and one that is written
            without care; by the section's field. Links of sources lead elsewhere: no base is cut
            off theirs.
        short_entries: the short patterns, by the text of the heading.
        opening, part, item: an event page down to its first section, a section, an entry of an
            index, each laid out as the archive does.
        link, dated, context_line: what stands in headings, and below those of an index.
        front_page: the heading of a front page's day.
        telling: what only pages of this edition have.
        marks: texts one of which stands in whatever `telling` finds.
    """

    def __init__(self, edition: Edition) -> None:
        self.edition = edition
        self.sections = {
            f"{word}:": section for section in SECTIONS for word in getattr(edition, section.field)
        }
        self.known = " and ".join(", ".join(self.sections).rsplit(", ", 1))
        base = re.escape(edition.base)
        self.words = {name: _either(getattr(edition, name)) for name in WORD_FIELDS} | {
            "headings": _either(tuple(heading[:-1] for heading in self.sections)),
            "notes": _either((*dict.fromkeys((*edition.context, *EN.context)),)),
            "contexts": _either(edition.context),
            "images": _either(edition.image),
            "image": _named("image_label", edition.image),
            "context": _named("context_label", edition.context),
            "telling_base": base or "(?!)",
            "any_base": f"(?:{base}(?=/))?+" if base else "",
            "base": f"(?P<base>{base}(?=/))?+" if base else "",
            "tail": _TAIL,
        }
        outside = {"base": "", "tail": _IMAGE + _TAIL}
        of = {section.field: outside if section.pictured else {} for section in SECTIONS}
        self.entry = {field: self.filled(_ENTRY, **more) for field, more in of.items()}
        self.entries = {field: self.filled(f"^{_ENTRY}", **more) for field, more in of.items()}
        self.loose_entry = {field: self.filled(_LOOSE_ENTRY, **more) for field, more in of.items()}
        self.short_entries = {
            heading: self.filled(
                f"{SHORT}{_SHORT_IMAGE * section.pictured}{_SHORT_NOTES[section.note]}$",
                **of[section.field],
            )
            for heading, section in self.sections.items()
        }
        self.opening = self.filled(_OPENING)
        self.part = self.filled(_PART)
        self.item = self.filled(_ITEM)
        self.link = self.filled(_LINK)
        self.dated = self.filled(_DATED)
        self.context_line = self.filled(_CONTEXT_LINE)
        self.front_page = self.filled(_FRONT_PAGE)
        self.telling = self.filled(_TELLING)
        self.marks = (
            *(f"### {heading}" for heading in self.sections),
            *(f"## [{word}](" for word in (*edition.days, *edition.previous_day)),
            *(f"_{word}: " for word in edition.context),
            *((f"]({edition.base}/",) if edition.base else ()),
        )

    def filled(self, template: str, **more: str) -> re.Pattern[str]:
        """The pattern that a template is with this edition's words, and with others."""
        words = self.words | more
        words["tail"] %= words
        return pattern(template % words, re.M)

    def context_label(self, m: Match) -> str:
        """The word before the context terms of a match that has some."""
        words = self.edition.context
        return words[0] if len(words) == 1 else m["context_label"]

    def image_label(self, m: Match) -> str:
        """The text of the link to the image of a source that has one."""
        words = self.edition.image
        return words[0] if len(words) == 1 else m["image_label"]


def _either(words: Words) -> str:
    """A pattern of any of these words."""
    return "|".join(map(re.escape, words)) or "(?!)"


def _named(name: str, words: Words) -> str:
    """A pattern of any of these words, in a group of that name where there is more than one."""
    return _either(words) if len(words) < 2 else f"(?P<{name}>{_either(words)})"


@lru_cache
def grammar_of(edition: Edition) -> Grammar:
    """The grammar of an edition: one for each, whose patterns are compiled once."""
    return Grammar(edition)
