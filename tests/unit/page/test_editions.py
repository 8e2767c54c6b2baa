"""Editions are data: values that compare, and words that a page can hold."""

import dataclasses
import pickle
from typing import Any

import pytest

from newsarchive.page.editions import EDITIONS, EN, WORD_FIELDS, ZH, Edition, SlugRule

PLAIN: dict[str, Any] = {
    "name": "de",
    "language": "de",
    "sources": ("Quelle", "Quellen"),
    "previous_day": ("Vorheriger Tag...",),
}


@pytest.mark.parametrize("edition", EDITIONS.values(), ids=EDITIONS)
def test_an_edition_is_a_value(edition: Edition) -> None:
    copy = pickle.loads(pickle.dumps(edition))
    assert (copy, hash(copy)) == (edition, hash(edition))
    assert EDITIONS[edition.name] is edition
    assert edition != dataclasses.replace(edition, base="/elsewhere")
    with pytest.raises(dataclasses.FrozenInstanceError):
        edition.base = ""  # type: ignore[misc]


def test_the_first_word_is_the_one_that_is_written() -> None:
    assert (EN.sources[0], ZH.context[0]) == ("Source", "消息")
    assert {"sources", "context", "days", "previous_day"} <= set(WORD_FIELDS)
    assert not {"name", "language", "base", "slug"} & set(WORD_FIELDS)


def test_what_an_edition_lacks_it_need_not_name() -> None:
    assert Edition(**PLAIN).changes == ()
    assert Edition(**PLAIN).slug == SlugRule()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"name": ""}, "name: "),
        ({"name": " de"}, "name: "),
        ({"name": "d\ne"}, "name: "),
        ({"language": "d"}, "language: "),
        ({"language": "de_DE"}, "language: "),
        ({"base": "de"}, "base: "),
        ({"base": "/de/"}, "base: "),
        ({"base": "/d e"}, "base: "),
        ({"base": "/news"}, "base: "),
        ({"base": "/news/de"}, "base: "),
        ({"sources": ()}, "sources: "),
        ({"previous_day": ()}, "previous_day: "),
        ({"sources": ("Quelle:",)}, "sources: 'Quelle:'"),
        ({"related": ("[Verwandt]",)}, "related: "),
        ({"related": ("1. Verwandt",)}, "related: "),
        ({"related": ("Verwandt ",)}, "related: "),
        ({"related": ("Ver\nwandt",)}, "related: "),
        ({"related": ("",)}, "related: "),
        ({"related": ("Quelle",)}, "'Quelle' is the heading of two sections"),
        ({"context": ("Zusammen_hang",)}, "context: "),
        ({"image": ("Bild]",)}, "image: "),
        ({"update": ("(Neu)",)}, "update: "),
    ],
)
def test_what_no_page_could_hold_is_refused(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match="^" + message.replace("[", r"\[")):
        Edition(**PLAIN | changes)


@pytest.mark.parametrize(
    "changes",
    [
        {"base": ""},
        {"base": "/a/de"},
        {"base": "/newsletter"},
        {"language": "zh-Hant-TW"},
        {"sources": ("Quelle [alt]", "来源", "à propos de", "–")},
    ],
)
def test_what_a_page_can_hold_is_allowed(changes: dict[str, Any]) -> None:
    edition = Edition(**PLAIN | changes)
    assert all(getattr(edition, name) == value for name, value in changes.items())


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"length": 0}, "length: "),
        ({"letters": (("ae", "ä"),)}, "letters: "),
        ({"also_letters": (("", "a"),)}, "also_letters: "),
    ],
)
def test_what_is_no_slug_rule_is_refused(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=f"^{message}"):
        SlugRule(**changes)
