"""Whatever a rule of another package gives, a run goes on, and what comes out of it is sound."""

import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import newsarchive as na
from newsarchive.graph.records import finding_of, finding_row
from newsarchive.page.parser import read
from newsarchive.rules import BodyEdit, Finding, Repair, Rule
from newsarchive.rules._guard import guarded
from newsarchive.rules._judging import PageRules, run_rules
from newsarchive.rules._selection import select_rules
from newsarchive.writers import json as json_writer
from tests.builders import PAGE, PATH
from tests.seams import rules_of_packages

pytestmark = pytest.mark.property

TEXTS = [PAGE, "\ufeff" + PAGE.replace("\n", "\r\n"), "", "nothing"]
NONSENSE = st.sampled_from([None, True, 1.5, "x", b"x", (), [], "\ud800", object(), -1])
OFFSETS = st.one_of(st.integers(-1, len(PAGE) + 1), NONSENSE)
WORDS = st.one_of(st.text(max_size=5), NONSENSE)
EDITS = st.builds(BodyEdit, OFFSETS, OFFSETS, WORDS)
REPAIRS = st.builds(
    Repair,
    st.one_of(st.just("mend"), NONSENSE),
    st.one_of(st.lists(EDITS, max_size=3).map(tuple), NONSENSE),
    st.one_of(st.sampled_from(na.Applicability), NONSENSE),
    st.one_of(st.booleans(), NONSENSE),
    st.sampled_from(["", "", "/news/a.md"]),
)
SPANS = st.tuples(st.integers(0, 60), st.integers(0, 20)).map(lambda t: (t[0], t[0] + t[1]))
SOUND = st.builds(
    lambda span, edits, raw: Finding(
        span[0],
        span[1],
        "x",
        Repair("mend", tuple(BodyEdit(start, end, "\n# y") for start, end in edits)),
        raw=raw,
    ),
    SPANS,
    st.lists(SPANS, min_size=1, max_size=2),
    st.booleans(),
)
FINDINGS = st.builds(
    Finding, OFFSETS, OFFSETS, WORDS, st.one_of(st.none(), REPAIRS), raw=st.booleans()
)
GIVEN = st.one_of(NONSENSE, st.lists(st.one_of(SOUND, FINDINGS, NONSENSE), max_size=3))


def rule_that_gives(given: Any) -> Rule:
    warning = na.Severity.WARNING
    return guarded(
        Rule("XY1", "any", warning, "x", "y", fix="mend", page=lambda _: given, package="p")
    )


@given(st.sampled_from(TEXTS), GIVEN)
@example(PAGE, [Finding(0, 1, "x", Repair("mend", (BodyEdit(0, len(PAGE), ""),)))])
def test_findings_are_sound_or_the_rule_is_broken(text: str, given: Any) -> None:
    rule = rule_that_gives(given)
    reading = read(text, PATH)
    found = run_rules(reading, (rule, *select_rules(["NA905"])))
    for diagnostic in found:
        assert diagnostic.code in ("XY1", "NA905")
        assert 0 <= diagnostic.start <= diagnostic.end <= len(text)
        assert finding_of(finding_row(diagnostic), _any(diagnostic, rule), PATH, "") == diagnostic
    printed = json.loads("".join(json_writer.lines(na.Report(tuple(found)))))
    assert len(printed["diagnostics"]) == len(found)
    rules = PageRules([rule])
    own = rules.run(reading)
    assert own == [d for d in found if d.code == "XY1"]
    assert len(rules.broken) == len(found) - len(own)


def _any(diagnostic: na.Diagnostic, rule: Rule) -> Rule:
    return rule if diagnostic.code == "XY1" else select_rules(["NA905"])[0]


@given(st.sampled_from(TEXTS), st.lists(SOUND, max_size=3))
def test_fixes_are_made_or_refused(text: str, given: list[Finding]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        rules_of_packages(patch, rule_that_gives(given))
        fixed = na.fix_text(text, PATH, codes=["XY1"])
    # The rule always finds the same, so no fix ever mends anything.
    assert fixed.text == text
    assert fixed.applied == ()
