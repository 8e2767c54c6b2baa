"""The pieces that pages are drawn from: lines, blanks, paths, targets, paragraphs."""

import datetime
import re

from hypothesis import strategies as st

from newsarchive.page.models._text import BlankPair
from newsarchive.page.paths import day_folder
from newsarchive.page.sections import is_target, line_fault

# Characters that mean something to the page format, to markdown, or to a careless program.
_SYNTAX = "[]()_#*`<>&\\/|{}'\":.,-!~=+0123456789"
_BLANKS = " \t\x0b\x0c\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2003\u2028\u2029\u202f\u3000"
_INVISIBLE = "\x00\x7f\xad\u200b\u200d\u2060\ufeff\ufffd\ufffe"
_LETTERS = "abzAZ£–—’éÉßıİ漢ا\u0301🗞"
_NASTY = _SYNTAX + _BLANKS + _INVISIBLE + _LETTERS
fragments = (
    "](",
    "](/news/2016/03/1/a.md)",
    " _Context: a, b_",
    "_Context: a_",
    " _(Current version)_",
    " _2016-03-01 00:00:00 (Update)_",
    "# ",
    "##### ",
    "### [",
    "---",
    "1. [",
    "Formats: ",
    "Cover Image",
    "Previous Day...",
    "http://",
    "&quot;",
    ", ",
    "  ",
)

any_character = st.characters(exclude_categories=["Cs"], exclude_characters="\r\n")
piece = st.one_of(
    st.text(st.sampled_from("abc xyz"), max_size=12),
    st.text(any_character | st.sampled_from(_NASTY), max_size=12),
    st.sampled_from(fragments),
)
lines = st.lists(piece, max_size=4).map("".join)
clean_or_empty = lines.map(str.strip)
clean = clean_or_empty.map(lambda line: line or "x")
link_texts = clean.map(lambda line: line.replace("](", "]-("))
blanks = st.sampled_from(["", " ", "  ", *_BLANKS, " \x1c", "\u3000\t "])
# Drawn as one value: a page has many of these, and hypothesis has a budget for each example.
blank_pairs: st.SearchStrategy[BlankPair] = st.sampled_from([("", " "), ("", "")]) | st.tuples(
    blanks, blanks
)
unbroken = lines.map(lambda line: "".join(line.split()))

dates = st.one_of(
    st.dates(datetime.date(2009, 1, 1), datetime.date(2018, 12, 31)),
    st.dates(),
)
# A link can name a page of such a name: it has blanks or parentheses, not both.
names = st.text(any_character, min_size=1, max_size=12).map(
    lambda name: name if is_target(name) else re.sub(r"[()]", "-", name)
)
_slugs = st.one_of(
    st.text(st.sampled_from("abc-019"), min_size=1, max_size=12).map(lambda slug: f"{slug}.md"),
    names.map(lambda name: name.replace("/", "-")),
)


def _event_path(date: datetime.date, name: str) -> str:
    return f"{day_folder(date)}/{name.lstrip('.').removesuffix('.md') or 'x'}.md"


event_paths = st.builds(_event_path, dates, _slugs)
index_paths = st.builds(
    lambda date, name: f"{day_folder(date)}/{name}",
    dates,
    st.sampled_from(["index.md", "README.md"]),
)
targets = st.one_of(
    event_paths.map(lambda path: "".join(path.split())),
    st.sampled_from(["http://example.org/a", "https://example.org/?a=(b)&c=%20#", "/index.md", ""]),
    unbroken,
    lines.map(lambda line: re.sub(r"[()]", "", line)),
)


def _paragraph(lines: list[str]) -> str:
    """A description of lines: what cannot stand there gets a letter before it."""
    return "\n".join(f"x{line}" if line_fault(line) else line for line in lines).strip()


paragraphs = st.lists(lines, min_size=1, max_size=3).map(_paragraph)
_terms = lines.map(lambda line: ", ".join(filter(str.strip, line.split(", "))) or "x")
contexts = st.lists(_terms, max_size=4).map(tuple)
