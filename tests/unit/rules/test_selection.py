"""Choosing rules by code, prefix, name, and ``ALL``."""

import pickle

import pytest

import newsarchive as na
from newsarchive.rules._selection import select_rules
from tests.builders import PATH, TODAY, event

EVERY = [rule.code for rule in na.ALL_RULES]
DEFAULT = [rule.code for rule in na.ALL_RULES if rule.default]


def codes(select: list[str], ignore: list[str] | None = None) -> list[str]:
    return [rule.code for rule in select_rules(select, ignore or [])]


def test_by_default_every_rule_runs_but_those_that_are_off() -> None:
    assert codes([]) == DEFAULT
    assert set(EVERY) - set(DEFAULT) == {"NA211", "NA906"}


@pytest.mark.parametrize(
    ("word", "chosen"),
    [
        ("NA201", ["NA201"]),
        ("na201", ["NA201"]),
        (" NA201 ", ["NA201"]),
        ("broken-related-link", ["NA201"]),
        ("Broken-Related-Link", ["NA201"]),
        ("NA30", ["NA301", "NA302", "NA303", "NA304", "NA305", "NA306", "NA307"]),
        ("NA211", ["NA211"]),
        ("broken-format-link", ["NA211"]),
        ("ALL", EVERY),
        ("all", EVERY),
        ("NA", EVERY),
    ],
)
def test_a_word_chooses_rules(word: str, chosen: list[str]) -> None:
    assert codes([word]) == chosen


@pytest.mark.parametrize("family", ["NA1", "NA2", "NA3", "NA4", "NA5", "NA9"])
def test_a_prefix_chooses_its_family(family: str) -> None:
    assert codes([family]) == [code for code in EVERY if code.startswith(family)]


def test_words_add_up_in_the_order_of_the_catalogue() -> None:
    assert codes(["NA401", "NA2", "undecodable", "NA201"]) == [
        "NA101", *[code for code in EVERY if code.startswith("NA2")], "NA401",
    ]  # fmt: skip


def test_ignoring_takes_away_from_what_is_selected() -> None:
    assert codes([], ["NA2", "no-sources"]) == [
        code for code in DEFAULT if not code.startswith("NA2") and code != "NA502"
    ]
    assert codes(["NA2"], ["NA201", "NA211"])[0] == "NA202"
    assert codes(["NA201"], ["NA201"]) == []
    assert codes([], ["ALL"]) == []
    assert codes([], ["NA211"]) == DEFAULT


@pytest.mark.parametrize(
    ("word", "near"),
    [
        ("broken-related-lnk", "broken-related-link"),
        ("orphan", "orphan-page"),
        ("undecodeable", "undecodable"),
        ("NA207x", "NA207"),
        ("qqq", ""),
        ("", ""),
        ("-", ""),
        ("201", ""),
    ],
)
def test_a_word_that_names_no_rule_is_an_error_that_says_what_is_near(word: str, near: str) -> None:
    with pytest.raises(na.UnknownRuleError) as caught:
        select_rules([word])
    assert caught.value.word == word
    if near:
        assert caught.value.near == near
        assert f"did you mean {near!r}?" in str(caught.value)
    assert repr(word) in str(caught.value)
    assert isinstance(caught.value, ValueError)


def test_an_unknown_word_to_ignore_is_an_error_too() -> None:
    with pytest.raises(na.UnknownRuleError, match="'NA999'"):
        select_rules([], ["NA999"])


def test_check_text_selects_and_ignores() -> None:
    text = event(sources=(), title="The ''pier'' burns.")
    assert [d.code for d in na.check_text(text, PATH, today=TODAY)] == ["NA502", "NA504"]
    assert [d.code for d in na.check_text(text, PATH, select=["NA504"], today=TODAY)] == ["NA504"]
    assert na.check_text(text, PATH, ignore=["NA5"], today=TODAY) == ()
    with pytest.raises(na.UnknownRuleError):
        na.check_text(text, PATH, select=["no-such-rule"])


def test_unknown_rule_errors_survive_pickling() -> None:
    error = na.UnknownRuleError("x", "y")
    again = pickle.loads(pickle.dumps(error))
    assert (again.word, again.near, str(again)) == ("x", "y", str(error))
