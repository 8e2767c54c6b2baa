"""What a rule of another package may give, and what becomes of it where it gives anything else."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest

import newsarchive as na
from newsarchive.page.parser import read
from newsarchive.page.reading import Reading
from newsarchive.rules import BodyEdit, Finding, Lookup, Places, Repair, Rule, event_check
from newsarchive.rules._guard import MOST, guarded
from newsarchive.rules._judging import BrokenRuleError, PageRules, run_rules
from newsarchive.rules._selection import select_rules
from tests.builders import PAGE, PATH, TODAY, event

READING = read(PAGE, PATH)


def rule(check: Any, fix: str = "mend it", **more: Any) -> Rule:
    severity = na.Severity.WARNING
    return Rule("XY101", "any", severity, "x", "y", fix=fix, page=check, package="desk", **more)


def gives(*values: Any) -> Callable[[Reading], Iterable[Any]]:
    return lambda _: list(values)


def reason(check: Any, fix: str = "mend it") -> str:
    """Why a rule is broken."""
    check_again = guarded(rule(check, fix)).page
    assert check_again
    with pytest.raises(BrokenRuleError) as caught:
        check_again(READING)
    assert (caught.value.page, caught.value.rule.code) == (PATH, "XY101")
    return caught.value.reason


def repaired(*edits: Any, **more: Any) -> Finding:
    return Finding(0, 1, "x", Repair(more.pop("title", "t"), tuple(edits), **more))


def test_sound_findings_come_through() -> None:
    edits = (BodyEdit(5, 5, "a"), BodyEdit(3, 5, ""), BodyEdit(0, 2, "b"))
    found = [Finding(0, len(READING.body), "x"), repaired(*edits)]
    check = guarded(rule(gives(*found))).page
    assert check
    assert check(READING) == found


def test_a_rule_without_checks_stays_without() -> None:
    assert guarded(rule(None)) == rule(None)


class TestFailures:
    def test_an_exception_is_told_with_its_place(self) -> None:
        def check(_: Reading) -> Iterator[Finding]:
            yield Finding(0, 1, "x")
            raise ValueError("no\nidea")

        assert reason(check).startswith("ValueError: no idea (test_guard.py, line ")

    def test_one_that_cannot_be_shown_is_told_too(self) -> None:
        class MuteError(Exception):
            def __str__(self) -> str:
                raise RuntimeError

        def check(_: Reading) -> Iterator[Finding]:
            raise MuteError

        assert "MuteError" in reason(check)

    def test_leaving_the_process_is_a_failure(self) -> None:
        def check(_: Reading) -> Iterator[Finding]:
            raise SystemExit(3)

        assert reason(check).startswith("SystemExit: 3")

    def test_a_wrong_number_of_arguments_is_one(self) -> None:
        assert "TypeError" in reason(lambda _one, _two: [])

    def test_so_is_endless_recursion(self) -> None:
        def check(reading: Reading) -> Iterator[Finding]:
            return check(reading)

        assert "RecursionError" in reason(check)

    def test_ctrl_c_is_none(self) -> None:
        def check(_: Reading) -> Iterator[Finding]:
            raise KeyboardInterrupt

        stopped = guarded(rule(check)).page
        assert stopped
        with pytest.raises(KeyboardInterrupt):
            stopped(READING)


FINDINGS = {
    "the check gave None, expected findings": lambda _: None,
    "the check gave a Finding, expected findings": lambda _: Finding(0, 1, "x"),
    f"the check gave more than {MOST:,} findings": gives(*[Finding(0, 1, "x")] * (MOST + 1)),
    "the check gave a str, expected a Finding": lambda _: "x",
    "a finding goes from 3 to 2 in a text": gives(Finding(3, 2, "x")),
    "a finding goes from -1 to 2 in a text": gives(Finding(-1, 2, "x")),
    "a finding goes from 0 to 99999 in a text": gives(Finding(0, 99999, "x")),
    "a finding goes from 0 to 99998 in a text": gives(Finding(0, 99998, "x", raw=True)),
    "a finding goes from 0 to '1', expected two offsets": gives(Finding(0, "1", "x")),  # type: ignore[arg-type]
    "a finding goes from True to 1": gives(Finding(True, 1, "x")),
    "a finding's message is a bytes, expected a str": gives(Finding(0, 1, b"x")),  # type: ignore[arg-type]
    "a finding's message is empty": gives(Finding(0, 1, " ")),
    "UnicodeEncodeError": gives(Finding(0, 1, "\ud800")),
    "a finding's suggestions: a list, expected a tuple": gives(
        Finding(0, 1, "x", suggestions=[])  # type: ignore[arg-type]
    ),
    "a finding's suggestions: a str, expected a Suggestion": gives(
        Finding(0, 1, "x", suggestions=("y",))  # type: ignore[arg-type]
    ),
    "a finding's target is None, expected a str": gives(Finding(0, 1, "x", target=None)),  # type: ignore[arg-type]
    "only a check of the archive can have suggestions": gives(Finding(0, 1, "x", target="/a")),
    "a finding's repair is a str, expected a Repair": gives(Finding(0, 1, "x", "y")),  # type: ignore[arg-type]
    "a repair may edit the finding's own page only": gives(repaired(BodyEdit(0, 1, ""), page="/a")),
    "a repair's applicability: a str, expected": gives(
        repaired(BodyEdit(0, 1, ""), applicability="safe")
    ),
    "a repair's removes: a int, expected a bool": gives(repaired(BodyEdit(0, 1, ""), removes=1)),
    "a repair's title is empty": gives(repaired(BodyEdit(0, 1, ""), title="")),
    "a repair has no edits": gives(repaired()),
    "a repair's edits: a Edit, expected a BodyEdit": gives(repaired(na.Edit(0, 1, ""))),
    "an edit goes from 0 to 99999 in a text": gives(repaired(BodyEdit(0, 99999, ""))),
    "an edit's replacement is a int": gives(repaired(BodyEdit(0, 1, 7))),  # type: ignore[arg-type]
    "surrogates not allowed": gives(repaired(BodyEdit(0, 1, "\udcff"))),
    "two edits at 1 touch the same text": gives(repaired(BodyEdit(0, 2, ""), BodyEdit(1, 3, ""))),
    "two edits at 4 touch the same text": gives(repaired(BodyEdit(4, 4, ""), BodyEdit(4, 4, "a"))),
}


@pytest.mark.parametrize("expected", FINDINGS)
def test_nonsense_is_named(expected: str) -> None:
    assert expected in reason(FINDINGS[expected])


def test_a_repair_of_a_rule_without_a_fix_is_nonsense() -> None:
    check = gives(repaired(BodyEdit(0, 1, "")))
    assert reason(check, fix="").startswith("a finding has a repair, but the rule's 'fix'")


class TestRunning:
    @staticmethod
    def broken(failing: tuple[str, ...] = ("page",)) -> Rule:
        def fail(*_: object) -> Any:
            raise ValueError("no")

        functions: dict[str, Any] = dict.fromkeys(failing, fail)
        return guarded(rule(functions.pop("page", None), **functions))

    def test_the_other_rules_run_on(self) -> None:
        rules = (self.broken(), *select_rules(["NA905", "NA502"]))
        bare = read(event(sources=()), PATH)
        found = run_rules(bare, rules)
        assert [d.code for d in found] == ["NA905", "NA502"]
        assert found[0].message.startswith(
            "the rule XY101 [any] of the package 'desk' broke on this page, where its findings "
            "are missing: ValueError: no (test_guard.py, line "
        )
        assert (found[0].line, found[0].page) == (1, PATH)

    def test_nothing_is_said_where_it_is_ignored(self) -> None:
        assert run_rules(READING, (self.broken(),)) == []

    def test_a_failing_test_is_a_failure_of_its_rule(self) -> None:
        one = self.broken(failing=("passes", "page"))
        [found] = run_rules(READING, (one, *select_rules(["NA905"])))
        assert (found.code, found.page) == ("NA905", PATH)
        assert found.message.startswith("the rule XY101 ")

    def test_a_sound_test_passes_the_check_over(self) -> None:
        one = guarded(rule(gives("nonsense"), passes=lambda _: 1))
        assert run_rules(READING, (one, *select_rules(["NA905"]))) == []

    def test_clock_and_archive_are_guarded(self) -> None:
        for name in ("clock", "archive"):
            rules = (self.broken(failing=(name,)), *select_rules(["NA905"]))
            [found] = run_rules(READING, rules, today=TODAY, lookup=NOBODY)
            assert found.code == "NA905"

    def test_a_clock_s_check_may_not(self) -> None:
        """It knows no other pages; what such a finding holds while they are gone, nobody could."""
        suggestion = na.Suggestion("/news/a.md", 1.0, ("why",))
        for more in ({"suggestions": (suggestion,)}, {"target": "/news/b.md"}):
            finding = Finding(0, 1, "x", **more)
            one = guarded(rule(None, clock=lambda _reading, _today, found=finding: [found]))
            [found] = run_rules(READING, (one, *select_rules(["NA905"])), today=TODAY)
            assert (found.code, found.suggestions, found.target) == ("NA905", (), "")

    def test_an_archive_s_check_may_suggest(self) -> None:
        suggestion = na.Suggestion("/news/a.md", 1.0, ("why",))
        finding = Finding(0, 1, "x", suggestions=(suggestion,), target="/news/b.md")
        one = guarded(rule(None, archive=lambda _reading, _archive: [finding]))
        [found] = run_rules(READING, (one,), lookup=NOBODY)
        assert (found.suggestions, found.target) == ((suggestion,), "/news/b.md")

    def test_page_rules_remember_the_last_page_s_failures(self) -> None:
        good = guarded(rule(gives(Finding(0, 1, "x"))))
        rules = PageRules([self.broken(), good])
        assert [d.code for d in rules.run(READING)] == ["XY101"]
        assert [e.reason.partition(" (")[0] for e in rules.broken] == ["ValueError: no"]
        fine = PageRules([good])
        fine.run(READING)
        assert fine.broken == []


class _Nobody:
    """An archive that nothing is asked of."""


NOBODY: Lookup = _Nobody()  # type: ignore[assignment]


class TestPlaces:
    def test_a_finding_stands_where_the_part_does(self) -> None:
        @event_check
        def check(event: na.Event, places: Places) -> Iterator[Finding]:
            for number, source in enumerate(event.sources):
                yield places.finding(("sources", number, "url"), source.url)

        found = run_rules(READING, (guarded(rule(check)),))
        assert [PAGE[d.start : d.end] for d in found] == [d.message for d in found]
        assert len(found) == 2

    def test_so_does_its_fix_whatever_the_line_endings(self) -> None:
        @event_check
        def check(event: na.Event, places: Places) -> Iterator[Finding]:
            if event.title.endswith("burns."):
                yield places.finding(("title",), "x", replacement="The pier glows.", fix="glow")

        text = "\ufeff" + PAGE.replace("\n", "\r\n")
        [found] = run_rules(read(text, PATH), (guarded(rule(check)),))
        assert found.fix
        assert found.fix.applicability is na.Applicability.UNSAFE
        fixed = na.apply_edits(text, found.fix.edits)
        assert fixed == text.replace("# The pier burns.", "# The pier glows.")

    def test_only_events_are_looked_at(self) -> None:
        @event_check
        def check(event: na.Event, places: Places) -> Iterator[Finding]:
            raise AssertionError

        for text, path in [("# Questions\n\nNone.\n", "/faq/README.md"), ("nothing", PATH)]:
            assert list(check(read(text, path))) == []

    def test_an_unknown_part_is_named(self) -> None:
        with pytest.raises(KeyError, match=r"the page has no part \('sourcs', 0\)"):
            Places(READING).finding(("sourcs", 0), "x")
