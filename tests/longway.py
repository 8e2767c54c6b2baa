"""The long way of what the library does in a short one: differential tests compare the two."""

from collections.abc import Iterable, Iterator, Mapping
from functools import partial

import newsarchive as na
from newsarchive.page.document import Document
from newsarchive.page.editions import EN
from newsarchive.page.parser import _blocks
from newsarchive.page.parser._sound import Sound, find
from newsarchive.page.reading import Reading
from newsarchive.rules._judging import PageRules
from newsarchive.runs.fingerprints import fingerprints
from newsarchive.runs.workers import Job, Read, Supply, glanced, judged
from newsarchive.store.local import LocalFolder
from tests.builders import TODAY

OFTEN_ASKED = {"NA209", "NA306", "NA502"}
"""What is asked about pages with Changes or without sources, in which nothing need be wrong."""


def read_by_blocks(short: Reading) -> Reading:
    """The text of an event or a day index, read block by block."""
    document = Document(short.document.text, short.path)
    reading = Reading(document, short.kind, short.build, short.edition)
    _blocks.read_by_blocks(reading)
    return reading


def difference_of_full_runs(
    old: na.Archive, new: na.Archive, names: dict[str, str]
) -> list[na.Diagnostic]:
    """By the definition: all findings of the new state but those that the old state had.

    Args:
        old, new: the two states.
        names: what pages of the new state were called in the old one.
    """
    before = na.check(na.Archive(old.root), select=["ALL"], today=TODAY).diagnostics
    after = na.check(new, select=["ALL"], today=TODAY).diagnostics
    known = set(fingerprints(old, before, {}))
    marks = fingerprints(new, after, names)
    return [d for d, mark in zip(after, marks, strict=True) if mark not in known]


def found_for_tables(
    texts: list[tuple[str, str]], edition: na.Edition
) -> Iterator[tuple[str, Sound]]:
    """What a check is given of pages whose rows are made, too."""
    return (one for one in find(texts, edition, short=False) if one[1].are_named)


def check_sound(
    pages: Mapping[str, str | bytes],
    rules: Iterable[na.Rule] = na.ALL_RULES,
    edition: na.Edition = EN,
) -> int:
    """A check says of pages that are read at a glance what it says of pages that are read whole.

    Args:
        pages: the pages by their archive paths.
        rules: the rules that are asked.
        edition: whose pages they are.

    Returns:
        How many pages were read at a glance, without any rule to be asked but those `OFTEN_ASKED`.
    """
    read = []
    for path, text in pages.items():
        data = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
        read.append(Read(path, path.rpartition("/")[2], (), b"", data))
    rules = tuple(rules)
    job = Job(LocalFolder("."), frozenset(rule.code for rule in rules), seed=7, edition=edition)
    short, whole = PageRules(rules), PageRules(rules)
    whole.are_screened = False
    supply = Supply.of(job)
    sound = glanced(read, short, supply)
    records = [*judged(job, read, sound, short)]
    assert records == [*judged(job, read, glanced(read, whole, supply), whole)]
    other = supply._replace(find=partial(found_for_tables, edition=edition))
    assert records == [*judged(job, read, glanced(read, short, other), short)]
    return sum(OFTEN_ASKED.issuperset(asked) for _, asked in sound.values())
