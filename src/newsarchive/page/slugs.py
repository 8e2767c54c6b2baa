"""Slugs: what a page is called after its title, as its archive's edition has it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from newsarchive.page.editions import Edition, SlugUnit, edition_of
from newsarchive.page.patterns import pattern

_BESIDE_LETTERS = pattern(r"\W+")
_BESIDE_ASCII = pattern(r"[^A-Za-z0-9]+")
# Before titles stand up to three blanks on pages, which no model's title holds.
_BLANKS = 3


def slugify(title: str, edition: Edition | str = "en") -> str:
    """The slug that an archive derives from a title.

    The edition's rule says how much of the title counts, what its characters become, and which
    stay; every run of others is made one ``-``, and ``-`` at the ends goes. In English those are
    140 bytes of UTF-8, read as Latin-1 and made ASCII, so words are cut in the middle, and what is
    not ASCII leaves traces: ``£120`` gives ``aps120``.

    Args:
        title: a title; spaces before it count within the rule's length.
        edition: the archive's edition, or the name of one that is built in.

    Returns:
        The slug, without ``.md``; empty for a title without letters and digits.

    Raises:
        ValueError: no edition of that name is built in.
    """
    edition = edition_of(edition)
    return _slug(title, edition, _letters(edition))


def slugs_of(title: str, edition: Edition) -> list[str]:
    """The slugs that pages of a title may have: `slugify`'s, then what other pages have.

    Titles on pages lack the blanks that stood before them, and letters that became others
    (``PS120`` for ``£120``); what a letter becomes in slugs may have changed in the meantime.
    """
    rule = edition.slug
    titles, tables = [title], [_letters(edition)]
    for letter, other in rule.also_letters:
        for word in (other, dict(rule.letters).get(letter, other)):
            titles.append(_restored(title, word.upper(), letter))
    if any(letter in known for letter, _ in rule.also_letters for known in titles):
        tables.append(_letters(edition, also=True))
    if len(title.encode("utf-8", "replace")) > rule.length - _BLANKS:
        blanks = [" " * n for n in range(_BLANKS + 1)]
        titles = [before + known for known in dict.fromkeys(titles) for before in blanks]
    return list(dict.fromkeys(_slug(known, edition, table) for known in titles for table in tables))


def _slug(title: str, edition: Edition, letters: Mapping[int, str]) -> str:
    rule = edition.slug
    if rule.unit is SlugUnit.BYTES:
        raw = title.encode("utf-8", "replace")[: rule.length]
        text = raw.decode("latin-1" if rule.latin_1 else "utf-8", "ignore")
    else:
        text = title[: rule.length]
    text = text.translate(letters)
    beside = _BESIDE_ASCII if rule.ascii_only else _BESIDE_LETTERS
    return beside.sub("-", text.lower() if rule.lower_case else text).strip("-")


@lru_cache(maxsize=32)
def _letters(edition: Edition, also: bool = False) -> Mapping[int, str]:
    """What characters become, by their numbers."""
    rule = edition.slug
    pairs = (*rule.letters, *(rule.also_letters if also else ()))
    return str.maketrans({**dict.fromkeys(rule.dropped, ""), **dict(pairs)})


def _restored(title: str, word: str, letter: str) -> str:
    """A title with a letter where, before a digit, stands the word that was made of it."""
    first, *parts = title.split(word)
    return first + "".join([(letter if p[:1].isdigit() else word) + p for p in parts])
