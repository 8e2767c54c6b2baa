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

FORMATS = pattern(
    r"Formats: \[HTML\]\((?P<html>\S*)\)  \[JSON\]\((?P<json>\S*)\)"
    rf"  \[XML\]\((?P<xml>\S*)\){_END}",
    re.M,
)
GAP = pattern(r"(?:(?:#####(?: [^\n]*)?)?\n)*")
EDITORIAL = pattern(
    r"(?P<blank>\n?)# (?P<title>[^\n]+)\n#### by (?P<author>[^\n]+)\n\n(?P<body>[\s\S]*)"
)

# A page that is laid out as the archive does. Whoever uses the patterns of entries has to count
# lines: a class of one character takes a quarter of the time that a class of several takes, and
# runs over line endings. Without nested or adjacent overlapping repeats; possessive where a repeat
# is followed by something it could not give back.

# A line of a description. No conflict marker; what looks like more than a line is none here.
_LINE = r"[^\S\n]*+(?![<=>|#]|---|Formats:|_(?:%(notes)s): )\S[^\n]*+"
_NAMED = r"(?=[^\S\n]*+[^\s\]])"
_PARENTHESES = r"(?:\)(?!\s)[^)]*+)*+"
_LAID_OUT_LINK = (
    r"\[%(named)s(?P<text>[^\]]*+(?:\](?!\()[^\]]*+)*+)\]"
    rf"\(%(base)s(?P<target>[^)]*+{_PARENTHESES})\)"
)
_FORMATS_LINE = (
    r"\nFormats: \[HTML\]\((?P<html>[^\s()]*)\)  \[JSON\]\((?P<json>[^\s()]*)\)"
    r"  \[XML\]\((?P<xml>[^\s()]*)\)  \n\n"
)
_LAID_OUT_ENTRY = rf"^(?P<number>[0-9]++)\. {_LAID_OUT_LINK}"
_HEAD = (
    rf"(?:{_FORMATS_LINE})?"
    r"(?P<marks>###?) \[(?P<label>[0-9]{4}-[0-9]{2}-[1-9][0-9]?)\]"
    r"\(%(base)s(?P<target>[^\s()]*)\)\n\n"
)
_SECTIONS = "".join(
    rf"(?:### (?P<{name}_word>%({field})s):\n\n(?P<{name}>(?:[0-9][^\n]*+\n)++)(?:\n|\Z))?"
    for name, field in (
        ("sources", "sources"), ("related", "related"), ("changes", "changes"), ("last", "related")
    )
)  # fmt: skip
_EVENT = (
    r"(?:##### (?P<topic>[^\n]*+)\n)?# (?P<title>[^\n]*+)\n\n"
    rf"(?:(?P<description>{_LINE})\n|\n)\n(?:\n{_SECTIONS})?\Z"
)
_ITEM = (
    rf"(?P<item>^(?:##### (?P<topic>[^\n]*+)\n)?### {_LAID_OUT_LINK}\n"
    rf"(?:(?:_%(context)s: (?P<context>[^\n]*)_|(?P<description>{_LINE})|)\n\n)?)"
)
_DAY = r"^## \[(?P<text>%s)\]\(%%(base)s(?P<target>[^\s()]+)\)\n\n"
_PREVIOUS = _DAY % "%(previous_day)s"
_FRONT_TOP = rf"(?:{_FORMATS_LINE}|\n\n)?"
_FRONT_DAY = _DAY % "%(days)s|%(previous_day)s"
_NOTES = {
    Note.NONE: r"(?: \[%(image)s\]\((?P<image>\S+)\))?",
    Note.CONTEXT: f"(?:{_CONTEXT})?",
    Note.VERSION: _VERSION,
}
_OF_NO_CHECK = ("base", "image_label", "context_label", "context", "topic", "description")


class Grammar:
    """The patterns of one edition.

    Args:
        edition: the edition.

    Attributes:
        words: what an edition puts into patterns, by name.
        sections: the sections of its events, by the text of their headings.
        known: those texts, for people.
        entry, loose_entry: an entry, and one that is written without care; by the section's field.
            Links of sources lead elsewhere: no base is cut off theirs.
        head, event, entries, item, previous: what stands at the top of a page of a day, an event
            below that, the entries of its sections, an entry of an index, its link to the day
            before; each laid out as the archive does.
        front_top, front_day: what stands at the top of a front page, the heading of one of its
            days; laid out likewise.
        short_entries, short_item: those without parentheses in targets, with a text, and without
            groups but for number, text, target and image.
        link, dated, context_line: what stands in headings, and below those of an index.
        front_page: the heading of a front page's day.
        telling: texts that tell of this edition, those of headings with the line end before them.
    """

    def __init__(self, edition: Edition) -> None:
        self.edition = edition
        self.sections = {
            f"{word}:": section for section in SECTIONS for word in getattr(edition, section.field)
        }
        self.known = " and ".join(", ".join(self.sections).rsplit(", ", 1))
        base = re.escape(edition.base)
        self.words = {name: _either(getattr(edition, name)) for name in WORD_FIELDS} | {
            "notes": _either((*dict.fromkeys((*edition.context, *EN.context)),)),
            "image": f"(?P<image_label>{_either(edition.image)})",
            "context": f"(?P<context_label>{_either(edition.context)})",
            "any_base": f"(?:{base}(?=/))?+" if base else "",
            "base": f"(?P<base>{base}(?=/))?+" if base else "(?P<base>)",
            "named": _NAMED,
            "tail": _TAIL,
        }
        # A source without a name is one all the same.
        outside = {"base": "", "tail": _IMAGE + _TAIL, "named": ""}
        of = {section.field: outside if section.pictured else {} for section in SECTIONS}
        self.entry = {field: self.filled(_ENTRY, **more) for field, more in of.items()}
        self.loose_entry = {field: self.filled(_LOOSE_ENTRY, **more) for field, more in of.items()}
        self.head, self.event = self.filled(_HEAD), self.filled(_EVENT)
        self.entries, self.short_entries = {}, {}
        for section in SECTIONS:
            field, entry = section.field, f"{_LAID_OUT_ENTRY}{_NOTES[section.note]}$"
            self.entries[field] = self.filled(entry, **of[field])
            self.short_entries[field] = self.shortened(entry, **of[field] | {"named": _NAMED})
        self.item, self.previous = self.filled(_ITEM), self.filled(_PREVIOUS)
        self.front_top, self.front_day = self.filled(_FRONT_TOP), self.filled(_FRONT_DAY)
        self.short_item = self.shortened(_ITEM)
        self.link = self.filled(_LINK)
        self.dated = self.filled(_DATED)
        self.context_line = self.filled(_CONTEXT_LINE)
        self.front_page = self.filled(_FRONT_PAGE)
        self.telling = (
            *(f"\n### {heading}" for heading in self.sections),
            *(f"\n## [{word}](" for word in (*edition.days, *edition.previous_day)),
            *(f"_{word}: " for word in edition.context),
            *((f"]({edition.base}/",) if edition.base else ()),
        )

    def filled(self, template: str, **more: str) -> re.Pattern[str]:
        """The pattern that a template is with this edition's words, and with others."""
        words = self.words | more
        words["tail"] %= words
        return pattern(template % words, re.M)

    def shortened(self, template: str, **more: str) -> re.Pattern[str]:
        """The same without what a check does without: finding all takes less time."""
        short = self.filled(template, **more).pattern.replace(_PARENTHESES, "")
        for name in _OF_NO_CHECK:
            short = short.replace(f"(?P<{name}>", "(?:")
        return pattern(short, re.M)


def _either(words: Words) -> str:
    """A pattern of any of these words."""
    return "|".join(map(re.escape, words)) or "(?!)"


@lru_cache
def grammar_of(edition: Edition) -> Grammar:
    """The grammar of an edition: one for each, whose patterns are compiled once."""
    return Grammar(edition)
