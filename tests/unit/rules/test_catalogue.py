"""The catalogue: rules as data."""

import re
from itertools import pairwise
from pathlib import Path

import pytest

import newsarchive as na
from newsarchive.findings.remedies import Remedy, remedy_of
from newsarchive.rules import Rule
from tests.builders import PATH, TODAY

FAULTY = Path(__file__).parents[3] / "examples" / "faulty"
CODES = [rule.code for rule in na.ALL_RULES]

PERMANENT = {
    "NA101": ("undecodable", "error"),
    "NA102": ("byte-order-mark", "warning"),
    "NA103": ("line-endings", "warning"),
    "NA104": ("missing-date-heading", "error"),
    "NA105": ("missing-title", "error"),
    "NA106": ("unknown-section", "error"),
    "NA107": ("malformed-entry", "error"),
    "NA108": ("entry-numbering", "warning"),
    "NA109": ("unexpected-content", "warning"),
    "NA110": ("hidden-link", "warning"),
    "NA111": ("conflict-marker", "error"),
    "NA201": ("broken-related-link", "error"),
    "NA202": ("broken-index-entry", "error"),
    "NA203": ("broken-day-link", "error"),
    "NA204": ("link-outside-archive", "error"),
    "NA205": ("self-link", "error"),
    "NA206": ("duplicate-related-link", "error"),
    "NA207": ("link-title-mismatch", "warning"),
    "NA208": ("orphan-page", "warning"),
    "NA209": ("broken-change-link", "info"),
    "NA210": ("foreign-index-entry", "warning"),
    "NA211": ("broken-format-link", "warning"),
    "NA212": ("duplicate-index-entry", "warning"),
    "NA213": ("slug-collision", "error"),
    "NA214": ("one-sided-index-entry", "warning"),
    "NA301": ("date-mismatch", "error"),
    "NA302": ("invalid-date", "error"),
    "NA303": ("date-link-mismatch", "error"),
    "NA304": ("future-date", "error"),
    "NA305": ("previous-day-order", "warning"),
    "NA306": ("change-order", "warning"),
    "NA307": ("misfiled-page", "error"),
    "NA401": ("not-canonical", "warning"),
    "NA402": ("round-trip-loss", "error"),
    "NA501": ("invalid-source-url", "error"),
    "NA502": ("no-sources", "info"),
    "NA503": ("duplicate-source", "warning"),
    "NA504": ("markup-residue", "info"),
    "NA505": ("undecoded-entity", "info"),
    "NA506": ("nameless-source", "warning"),
    "NA906": ("unportable-name", "warning"),
    "NA907": ("misnamed-page", "warning"),
    "NA908": ("unknown-edition", "error"),
}
"""Codes and names never change, and a code is never used for something else."""


def test_codes_are_unique_and_in_order() -> None:
    assert sorted(set(CODES)) == CODES
    assert all(re.fullmatch(r"NA[1-9][0-9]{2}", code) for code in CODES)


def test_names_are_unique_words_in_kebab_case() -> None:
    names = [rule.name for rule in na.ALL_RULES]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", name) for name in names)
    assert not any(name.upper() in {*CODES, "ALL"} for name in names)


@pytest.mark.parametrize("code", PERMANENT)
def test_promised_codes_keep_name_and_severity(code: str) -> None:
    [rule] = [rule for rule in na.ALL_RULES if rule.code == code]
    assert (rule.name, rule.severity.value) == PERMANENT[code]


@pytest.mark.parametrize("rule", na.ALL_RULES, ids=CODES)
class TestEveryRule:
    def test_it_says_when_it_complains_and_why(self, rule: Rule) -> None:
        assert 15 <= len(rule.summary) <= 100
        # Some start with a name in quotes or in capitals: 'Previous Day...', HTML.
        assert rule.summary[0].islower() or rule.summary[0] == "'"
        assert not rule.summary.removesuffix(" ...").endswith(".")
        assert len(rule.why) > 40
        assert rule.why.endswith(".")
        assert "  " not in rule.why

    def test_a_good_example_comes_with_a_bad_one(self, rule: Rule) -> None:
        assert not (rule.good and not rule.bad)
        assert rule.bad != rule.good or not rule.bad

    def test_it_has_a_check_or_is_reported_by_the_run(self, rule: Rule) -> None:
        checks = [rule.page, rule.clock, rule.archive, rule.absent]
        assert any(checks) != (rule.code[2] == "9")

    def test_what_its_fix_does_reads_on_from_the_rule(self, rule: Rule) -> None:
        assert not rule.fix.endswith(".")
        assert not rule.fix or rule.fix[0].islower()

    def test_it_says_what_to_do(self, rule: Rule) -> None:
        assert rule.advice[0].isupper()
        assert rule.advice.endswith(".")
        assert rule.advice not in rule.why
        assert bool(rule.remedies) is bool(rule.fix)
        assert all(remedy.flags for remedy in rule.remedies)

    def test_its_scope_is_said(self, rule: Rule) -> None:
        assert rule.scope in ("page", "archive", "clock", "files")
        assert (rule.scope == "files") == rule.code.startswith("NA9")
        assert (rule.scope == "clock") == (rule.code == "NA304")


def test_families_stand_together() -> None:
    families = [code[:3] for code in CODES]
    assert len(set(families)) == 1 + sum(one != other for one, other in pairwise(families))


HEAD = "### [2013-02-20](/news/2013/02/20/index.md)\n\n"
TITLE = "# Title \n\n"
EXAMPLE_PATH = "/news/2013/02/20/page.md"

FRAMES = {
    "NA102": "{}\n\n" + TITLE + "\n\n",
    "NA103": HEAD + "{}\n\n\n\n",
    "NA104": "{}\n\n" + TITLE + "\n\n",
    "NA105": "{}\n\n",
    "NA106": HEAD + TITLE + "\n\n\n{}\n\n1. [A ](/news/2013/02/19/a.md)\n",
    "NA107": HEAD + TITLE + "\n\n\n### Related:\n\n1. [A](/news/2013/02/19/a.md)\n{}\n",
    "NA108": HEAD + TITLE + "\n\n\n### Source:\n\n{}\n",
    "NA109": HEAD + TITLE + "{}\n\n",
    "NA110": HEAD + TITLE + "\n\n\n### Source:\n\n{}\n",
    "NA111": HEAD + TITLE + "{}\n\n",
    "NA204": HEAD + TITLE + "\n\n\n### Related:\n\n{}\n",
    "NA302": "{}\n\n" + TITLE + "\n\n",
    "NA303": "{}\n\n" + TITLE + "\n\n",
    "NA501": HEAD + TITLE + "\n\n\n### Source:\n\n{}\n",
    "NA504": HEAD + "{}\n\n\n\n",
    "NA505": HEAD + TITLE + "{}\n\n",
    "NA506": HEAD + TITLE + "\n\n\n### Source:\n\n{}\n",
}
"""Where on a page an example stands."""


def example(text: str) -> str:
    """An example as text: what it writes as an escape is the character."""
    for escape, char in (("\\ufeff", "\ufeff"), ("\\r", "\r"), ("\\n", "")):
        text = text.replace(escape, char)
    return text


@pytest.mark.parametrize("code", FRAMES)
def test_bad_examples_break_their_rule_and_good_ones_keep_it(code: str) -> None:
    [rule] = [rule for rule in na.ALL_RULES if rule.code == code]
    path = EXAMPLE_PATH
    bad = FRAMES[code].format(example(rule.bad))
    good = FRAMES[code].format(example(rule.good))
    assert {d.code for d in na.check_text(bad, path, select=[code], today=TODAY)} == {code}
    assert na.check_text(good, path, select=["NA"], ignore=["NA502"], today=TODAY) == ()


def test_the_padded_day_is_laid_out_anew() -> None:
    [rule] = [rule for rule in na.ALL_RULES if rule.code == "NA401"]
    path = "/news/2013/02/1/slug.md"
    texts = [line + "\n\n" + TITLE + "\n\n" for line in (rule.bad, rule.good)]
    assert [len(na.check_text(t, path, select=["NA4"], today=TODAY)) for t in texts] == [1, 0]


@pytest.mark.parametrize("code", ["NA203", "NA303", "NA302"])
def test_headings_of_examples_can_be_read(code: str) -> None:
    [rule] = [rule for rule in na.ALL_RULES if rule.code == code]
    assert isinstance(na.parse(rule.good + "\n\n" + TITLE + "\n\n", PATH), na.Event)


def test_fixes_are_of_the_kinds_that_their_rules_say() -> None:
    remedies = {rule.code: rule.remedies for rule in na.ALL_RULES}
    found = {(d.code, remedy_of(d)) for d in na.check(FAULTY).diagnostics if d.fix}
    assert len(found) > 10
    assert [(code, remedy) for code, remedy in found if remedy not in remedies[code]] == []


def test_rules_with_a_safe_fix_are_those_of_the_layout_and_those_of_broken_links() -> None:
    safe = {rule.code for rule in na.ALL_RULES if rule.remedies[:1] == (Remedy.SAFE,)}
    assert safe == {"NA102", "NA103", "NA108", "NA401", "NA201", "NA202", "NA203"}
