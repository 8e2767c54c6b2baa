"""The pieces that pages are drawn from: lines, blanks, paths, targets, paragraphs."""

import datetime
import re
import string
from typing import TypeVar

from hypothesis import strategies as st

from newsarchive.page.models._text import BlankPair
from newsarchive.page.paths import INDEX_NAMES, day_folder
from newsarchive.page.sections import is_target, line_fault
from newsarchive.page.slugs import slugify

FEW = 3
"""How many there are at most where several may be: entries, terms, lines, pieces of a line."""

# Characters that mean something to the page format, to markdown, or to a careless program.
_BLANKS = "".join(c for c in map(chr, range(0x3001)) if c.isspace() and c not in "\r\n")
_INVISIBLE = "\x00\x7f\xad\u200b\u200d\u2060\ufeff\ufffd\ufffe"
_LETTERS = "abzAZ£–—’éÉßıİ漢ا\u0301🗞"
nasty = string.punctuation + string.digits + _BLANKS + _INVISIBLE + _LETTERS
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
    "### Related:",
    "2016-02-30",
    "&#39;",
    "[[",
    "{{",
    "||",
    "../",
    "#top",
)

T = TypeVar("T")


def some(kind: st.SearchStrategy[T], least: int = 0) -> st.SearchStrategy[list[T]]:
    """Lists of `FEW` at most."""
    return st.lists(kind, min_size=least, max_size=FEW)


any_character = st.characters(exclude_categories=["Cs"], exclude_characters="\r\n")
piece = st.one_of(
    st.text(string.ascii_lowercase),
    st.text(nasty),  # apart: mixed with all other characters, hardly one of these is drawn
    st.text(any_character),
    st.sampled_from(fragments),
)
lines = some(piece).map("".join)
clean_or_empty = lines.map(str.strip)
clean = clean_or_empty.map(lambda line: line or "x")
link_texts = clean.map(lambda line: line.replace("](", "]-("))
blanks = st.sampled_from(["", *_BLANKS, _BLANKS])
# Drawn as one value: a page has many of these, and hypothesis has a budget for each example.
blank_pairs: st.SearchStrategy[BlankPair] = st.sampled_from([("", " "), ("", "")]) | st.tuples(
    blanks, blanks
)
unbroken = lines.map(lambda line: "".join(line.split()))
without_parentheses = lines.map(lambda line: re.sub(r"[()]", "", line))

days = st.dates(datetime.date(2009, 1, 1), datetime.date(2018, 12, 31))
dates = days | st.dates()
# A link can name a page of such a name: it has blanks or parentheses, not both.
names = st.text(any_character, min_size=1, max_size=12).map(
    lambda name: name if is_target(name) else re.sub(r"[()]", "-", name)
)
_slugs = clean.map(slugify) | names.map(lambda name: name.rpartition("/")[2])


def _event_path(date: datetime.date, name: str) -> str:
    name = f"{name.lstrip('.').removesuffix('.md') or 'x'}.md"
    # Names of indexes are drawn, too: hypothesis draws what it reads in the code that is tested.
    return f"{day_folder(date)}/{f'x-{name}' if name in INDEX_NAMES else name}"


event_paths = st.builds(_event_path, dates, _slugs)
index_paths = st.builds(
    lambda date, name: f"{day_folder(date)}/{name}",
    dates,
    st.sampled_from(INDEX_NAMES),
)
targets = st.one_of(
    event_paths.map(lambda path: "".join(path.split())),
    st.sampled_from(["http://example.org/a", "https://example.org/?a=(b)&c=%20#", "/index.md", ""]),
    unbroken,
    without_parentheses,
)


def _paragraph(lines: list[str]) -> str:
    """A description of lines: what cannot stand there gets a letter before it."""
    return "\n".join(f"x{line}" if line_fault(line) else line for line in lines).strip()


paragraphs = some(lines, 1).map(_paragraph)
_terms = lines.map(lambda line: ", ".join(filter(str.strip, line.split(", "))) or "x")
contexts = some(_terms).map(tuple)
