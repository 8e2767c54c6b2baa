"""NA5xx: are sources sound, and is the text free of residue?"""

import re
from collections.abc import Iterator
from functools import partial

from newsarchive.findings.diagnostics import Severity
from newsarchive.page.paths import PageKind
from newsarchive.page.patterns import pattern
from newsarchive.page.reading import Reading
from newsarchive.rules._rule import Finding, Rule

# RFC 3986: scheme "://" [ userinfo "@" ] host [ ":" port ]. The host is a name of letters (any
# script's), digits, "-" and "_" with at least one dot, an IPv4 address, or a bracketed IPv6 one.
_URL = pattern(
    r"(?i:https?)://(?:[^\s/?#@]*@)?"
    r"(?:[\w-]+(?:\.[\w-]+)+\.?|localhost|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?(?=[/?#]|\Z)"
)
# Parameters of templates, whose braces and bars may be gone. In a URL they are none.
_PARAMETERS = (
    "access-?date|agency|archive-?url|author|date|first|language|last|location|newspaper|pages?"
    "|publisher|title|url|work"
)
_RESIDUE = pattern(
    r"''|\{\{|\}\}|\[\[|\]\]|\[https?:|\|\||-\{|\}-"
    rf"|\|[ \t]*+[a-z][a-z0-9_-]{{0,30}}[ \t]*+=|(?<![\w?&;/.#-])(?:{_PARAMETERS})[ \t]?=(?!=)"
    r"|</?(?:a|b|br|div|em|i|p|ref|span|strong|sub|sup)\b[^<>]*>",
    re.I,
)
ENTITY = pattern(r"&(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")


def _invalid_url(reading: Reading) -> Iterator[Finding]:
    for m in (*reading.sources, *((reading.cover,) if reading.cover else ())):
        if not _URL.match(m["target"]):
            message = f"'{m['target'][:80]}' is no http or https URL with a host"
            yield Finding(m.start("target"), m.end("target"), message)


def _no_sources(reading: Reading) -> Iterator[Finding]:
    sources = reading.sources or reading.malformed_in("sources")
    if reading.kind is PageKind.EVENT and reading.title and not sources:
        yield Finding(*reading.clean(reading.title), "the event has no source")


def _duplicate(reading: Reading) -> Iterator[Finding]:
    if len(reading.sources) < 2:
        return
    first: dict[str, str] = {}
    for m in reading.sources:
        url = m["target"]
        if url in first:
            yield Finding(*m.span("target"), f"the URL is that of source {first[url]}")
        else:
            first[url] = m["number"]


def _own_text(reading: Reading) -> Iterator[tuple[str, int, int]]:
    """The parts of an event that are its own text: what each is, and its range."""
    for name, part in (
        ("title", reading.title),
        ("topic", reading.topic),
        ("description", reading.description),
    ):
        if part:
            yield name, *part
    for m in reading.sources:
        yield "source's name", *m.span("text")


def _residue(pattern: re.Pattern[str], what: str, reading: Reading) -> Iterator[Finding]:
    """One finding for each part with residue, at the first place."""
    for name, start, end in _own_text(reading):
        found = [m for m in pattern.finditer(reading.body, start, end) if _is_residue(m[0])]
        if found:
            more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
            yield Finding(*found[0].span(), f"'{found[0][0]}' in the {name}{more} is {what}")


def _is_residue(text: str) -> bool:
    if not text.startswith("&") or text[1] == "#":
        return True
    import html  # its table of names is large, and few pages have such text

    return html.unescape(text) != text


def _nameless(reading: Reading) -> Iterator[Finding]:
    for m in reading.sources:
        if not m["text"].strip():
            yield Finding(*m.span("number"), "the source has no name")


def _no_markup(reading: Reading) -> bool:
    own = reading.own_text
    # Substring tests together take a fraction of what the pattern takes.
    return not (
        "[" in own
        or "<" in own
        or "''" in own
        or "||" in own
        or "{{" in own
        or "}}" in own
        or "]]" in own
        or "=" in own
        or "-{" in own
        or "}-" in own
    )


RULES = (
    Rule(
        "NA501",
        "invalid-source-url",
        Severity.ERROR,
        "a source's URL is no http or https URL with a host",
        "A source that cannot be opened proves nothing. Spaces, a misspelt scheme or a "
        "publisher's name in place of the host are what scripts leave behind.",
        bad="1. [New Zealand Herald](http://New%20Zealand%20Herald)",
        good="1. [New Zealand Herald](https://www.nzherald.example/news/1)",
        advice="Write the address that the source really has, beginning with https:// or http://.",
        page=_invalid_url,
    ),
    Rule(
        "NA502",
        "no-sources",
        Severity.INFO,
        "an event has no source",
        "News without a source cannot be verified. Stubs of the archive are like that.",
        advice="Add a source, where there is one.",
        page=_no_sources,
        passes=lambda reading: bool(reading.sources),
    ),
    Rule(
        "NA503",
        "duplicate-source",
        Severity.WARNING,
        "one URL is listed twice among a page's sources",
        "Two entries with one URL are one source; mostly one of them should lead elsewhere.",
        bad="1. [Paper](https://paper.example/a)\n2. [Agency](https://paper.example/a)",
        good="1. [Paper](https://paper.example/a)\n2. [Agency](https://agency.example/b)",
        advice="Correct the address of one of the two, or delete it.",
        page=_duplicate,
        passes=lambda reading: len(reading.sources) < 2,
    ),
    Rule(
        "NA504",
        "markup-residue",
        Severity.INFO,
        "wiki, template or HTML markup is left in a page's own text",
        "Texts were taken from a wiki. Quotes for italics, templates, bracketed links and tags "
        "that were not converted are left in titles, topics, descriptions and names of sources. "
        "Link texts are not looked at: they quote other pages.",
        bad="# AP via ''Time",
        good="# AP via Time",
        advice="Write what the markup meant, as plain text.",
        page=partial(_residue, _RESIDUE, "left-over markup"),
        passes=_no_markup,
    ),
    Rule(
        "NA505",
        "undecoded-entity",
        Severity.INFO,
        "a character reference is left in a page's own text",
        "Descriptions were taken from web pages whose references were not decoded.",
        bad="Sony announces a &quot;supercharged&quot; console.",
        good='Sony announces a "supercharged" console.',
        advice="Write the character itself.",
        page=partial(_residue, ENTITY, "an undecoded character reference"),
        passes=lambda reading: "&" not in reading.own_text,
    ),
    Rule(
        "NA506",
        "nameless-source",
        Severity.WARNING,
        "a source has no name",
        "A link without a text is shown nowhere: readers cannot open it, nor see who reported.",
        bad="1. [ ](https://www.nzherald.example/news/1)",
        good="1. [New Zealand Herald](https://www.nzherald.example/news/1)",
        advice="Write the publisher's name between the brackets.",
        page=_nameless,
        passes=lambda reading: all(m["text"].strip() for m in reading.sources),
    ),
)
