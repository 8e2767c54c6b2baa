"""Edits and fixes."""

import itertools
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import newsarchive as na
from newsarchive.editing import fixes
from newsarchive.editing.fixes import _holds, _is_touched
from newsarchive.findings.diagnostics import Applicability, Diagnostic, Fix
from newsarchive.findings.edits import Edit
from newsarchive.page.parser import read
from newsarchive.page.reading import Reading
from newsarchive.rules import entries
from newsarchive.rules._judging import run_rules as run
from tests.builders import PAGE, PATH, SMALL_ARCHIVE, TODAY, event, spoiled, write_archive

DAY = "/news/2016/03/2/index.md"


class TestApplyEdits:
    def test_in_any_order(self) -> None:
        edits = [Edit(4, 5, "E"), Edit(0, 1, "AA"), Edit(2, 2, "-")]
        assert na.apply_edits("abcde", edits) == "AAb-cdE"

    def test_none_leave_the_text_alone(self) -> None:
        assert na.apply_edits("abc", []) == "abc"
        assert na.apply_edits("", [Edit(0, 0, "x")]) == "x"

    def test_edits_may_touch_end_to_start(self) -> None:
        assert na.apply_edits("abcd", [Edit(0, 2, ""), Edit(2, 4, "x")]) == "x"

    def test_offsets_count_characters(self) -> None:
        assert na.apply_edits("a\r\n😀b", [Edit(4, 5, "B")]) == "a\r\n😀B"

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            (Edit(0, 3, "x"), Edit(2, 4, "y")),
            (Edit(0, 5, ""), Edit(1, 2, "")),
            (Edit(1, 1, "x"), Edit(1, 1, "y")),
            (Edit(1, 3, "x"), Edit(1, 3, "x")),
            (Edit(1, 1, "x"), Edit(1, 3, "y")),
        ],
    )
    def test_two_that_touch_the_same_text_conflict(self, one: Edit, other: Edit) -> None:
        for edits in ([one, other], [other, one]):
            with pytest.raises(na.EditConflictError) as caught:
                na.apply_edits("abcde", edits)
            assert {caught.value.first, caught.value.second} == {one, other}
            assert caught.value.first <= caught.value.second

    @pytest.mark.parametrize(
        "edit", [Edit(-1, 0, ""), Edit(2, 1, ""), Edit(0, 6, ""), Edit(6, 6, "")]
    )
    def test_one_outside_the_text_is_an_error(self, edit: Edit) -> None:
        with pytest.raises(ValueError, match=f"{edit.start}:{edit.end} in a text of 5"):
            na.apply_edits("abcde", [edit])

    @pytest.mark.property
    @given(st.text(), st.data())
    def test_what_no_edit_touches_stays(self, text: str, data: st.DataObject) -> None:
        cuts = sorted(data.draw(st.sets(st.integers(0, len(text)), max_size=8)))
        ranges = list(zip(cuts[::2], cuts[1::2], strict=False))
        replacements = [data.draw(st.text(max_size=3)) for _ in ranges]
        edits = [Edit(s, e, r) for (s, e), r in zip(ranges, replacements, strict=True)]
        changed = na.apply_edits(text, edits)
        pos = at = 0
        for (start, end), replacement in zip(ranges, replacements, strict=True):
            kept = text[pos:start]
            assert changed[at : at + len(kept)] == kept
            at += len(kept)
            assert changed[at : at + len(replacement)] == replacement
            pos, at = end, at + len(replacement)
        assert changed[at:] == text[pos:]


class TestFixText:
    def test_a_page_in_order_stays_as_it_is(self) -> None:
        fixed = na.fix_text(PAGE, PATH)
        assert fixed == na.Fixed(PAGE, ())

    def test_everything_at_once(self) -> None:
        text = spoiled("[2016-03-2]", "[2016-03-02]", PAGE.replace("\n2. ", "\n9. "))
        text = "\ufeff" + text.replace("\n", "\r\n")
        fixed = na.fix_text(text, PATH)
        assert fixed.text == PAGE
        # Laying the page out anew numbers its entries too.
        assert {d.code for d in fixed.applied} == {"NA102", "NA103", "NA401"}
        assert fixed.refused == ()

    @pytest.mark.parametrize("path", SMALL_ARCHIVE)
    def test_every_kind_of_page_can_be_cleaned(self, path: str) -> None:
        text = "\ufeff" + SMALL_ARCHIVE[path].replace("\n", "\r")
        assert na.fix_text(text, path).text == SMALL_ARCHIVE[path]

    def test_fixing_twice_changes_nothing_more(self) -> None:
        text = "\ufeff" + PAGE.replace("\n2. ", "\n\n4. ").replace("\n", "\r\n")
        once = na.fix_text(text, PATH).text
        assert na.fix_text(once, PATH) == na.Fixed(once, ())

    def test_only_the_codes_that_are_asked_for(self) -> None:
        text = "\ufeff" + PAGE.replace("\n", "\r\n")
        fixed = na.fix_text(text, PATH, codes={"NA102"})
        assert fixed.text == PAGE.replace("\n", "\r\n")
        assert [d.code for d in fixed.applied] == ["NA102"]
        assert na.fix_text(text, PATH, codes=set()).text == text

    def test_numbers_are_fixed_where_the_page_is_not_understood(self) -> None:
        text = spoiled("Nobody was hurt.\n", "Nobody was hurt.\n\nNobody at all.\n")
        text = spoiled("2. [Evening", "5. [Evening", text)
        fixed = na.fix_text(text, PATH)
        assert fixed.text == spoiled("5. [Evening", "2. [Evening", text)

    def test_a_malformed_line_keeps_its_place_and_its_text(self) -> None:
        text = event(related=["[A](/a.md)", "[B(/b.md)", "[C](/c.md)"])
        text = spoiled("3. [C]", "7. [C]", text)
        assert na.fix_text(text, PATH).text == spoiled("7. [C]", "3. [C]", text)

    def test_a_text_without_a_path_can_be_fixed(self) -> None:
        assert na.fix_text("\ufeff" + PAGE).text == PAGE

    def test_bytes_that_were_no_text_are_left_alone(self) -> None:
        text = b"\xef\xbb\xbf\xff\r\n".decode("utf-8", "surrogateescape")
        assert na.fix_text(text, PATH).text == text

    def test_unsafe_fixes_need_asking(self) -> None:
        text = event(related=[f"[The pier burns. ]({PATH})", "[B](/b.md)"])
        assert na.fix_text(text, PATH).text == text
        fixed = na.fix_text(text, PATH, unsafe=True)
        assert fixed.text == event(related=["[B](/b.md)"])
        assert [d.code for d in fixed.applied] == ["NA205"]


class TestRefused:
    """A rule whose fix is wrong must not spoil a page."""

    def fixed_by(
        self, monkeypatch: pytest.MonkeyPatch, edit: Edit, code: str = "NA401"
    ) -> na.Fixed:
        def one_finding(*_: object, **__: object) -> list[Diagnostic]:
            return [
                Diagnostic(code, "name", na.Severity.WARNING, "message", PATH, "",
                           0, 0, 1, 1, 1, 1, Fix("spoil it", (edit,), Applicability.SAFE))
            ]  # fmt: skip

        monkeypatch.setattr(fixes, "run_rules", one_finding)
        return na.fix_text(PAGE, PATH)

    @pytest.mark.parametrize(
        "edit",
        [
            Edit(0, len(PAGE), ""),
            Edit(PAGE.index("# The pier"), PAGE.index("# The pier") + 2, ""),
            Edit(PAGE.index("1. [Harbour"), PAGE.index("1. [Harbour") + 3, "- "),
            Edit(0, 4, ""),
        ],
        ids=["everything", "the title's mark", "an entry's number", "the heading's"],
    )
    def test_a_fix_that_loses_something_is_refused(
        self, monkeypatch: pytest.MonkeyPatch, edit: Edit
    ) -> None:
        fixed = self.fixed_by(monkeypatch, edit)
        assert fixed.text == PAGE
        assert fixed.applied == ()
        assert [(e.path, e.code) for e in fixed.refused] == [(PATH, "NA401")]

    def test_it_is_refused_once_however_much_else_is_repaired(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        bad = Diagnostic(
            "NA401", "name", na.Severity.WARNING, "message", PATH, "", 0, 0, 1, 1, 1, 1,
            Fix("spoil it", (Edit(0, 4, ""),), Applicability.SAFE),
        )  # fmt: skip

        def run_rules(reading: Reading, rules: list[na.Rule], **more: Any) -> list[Diagnostic]:
            numbering = [rule for rule in rules if rule.code == "NA108"]
            worse = [bad] if any(rule.code == "NA401" for rule in rules) else []
            return [*worse, *run(reading, numbering, **more)]

        monkeypatch.setattr(fixes, "run_rules", run_rules)
        fixed = na.fix_text(PAGE.replace("\n2. ", "\n7. "), PATH)
        assert fixed.text == PAGE
        assert len(fixed.applied) > 1
        assert [error.code for error in fixed.refused] == ["NA401"]

    def test_a_fix_that_leaves_no_page_is_refused(self) -> None:
        [found] = na.check_text("\ufeff" + PAGE, PATH, select=["NA102"], today=TODAY)
        reading = read("\ufeff" + PAGE, PATH)
        assert found.fix
        assert reading.page
        day = reading.document.text.index("2016-03-2]")
        edits = (*found.fix.edits, Edit(day, day + 9, "2016-02-30"))
        spoiling = replace(found, fix=replace(found.fix, edits=edits))
        for diagnostic, fixed in (
            (found, PAGE),
            (spoiling, None),
            (replace(found, fix=None), None),
        ):
            assert fixes.fixed(reading, [diagnostic], [found], na.ALL_RULES, None) == fixed

    def test_fixes_that_never_end_are_stopped(self, monkeypatch: pytest.MonkeyPatch) -> None:
        text = "\ufeff" + PAGE.replace("\n2. ", "\n7. ")
        assert len(na.fix_text(text, PATH).applied) > 1
        monkeypatch.setattr(fixes, "_ROUNDS", 1)
        fixed = na.fix_text(text, PATH)
        assert len(fixed.applied) == 1
        assert fixed.text not in (text, PAGE)
        for _ in range(9):
            text = na.fix_text(text, PATH).text
        assert text == PAGE

    def test_one_that_is_refused_leaves_those_above_it_repaired(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        text = event(related=[f"[The pier burns.]({PATH}#{n})" for n in range(9)] + ["[B](/b.md)"])
        really = fixes.fixed

        def spoils(reading: Reading, group: list[Diagnostic], *rest: Any) -> str | None:
            shown = [reading.document.text[d.start : d.end] for d in group]
            return None if any("#4" in part for part in shown) else really(reading, group, *rest)

        monkeypatch.setattr(fixes, "fixed", spoils)
        monkeypatch.setattr(entries, "MAX_RENUMBERED", 0)
        fixed = na.fix_text(text, PATH, codes={"NA205"}, unsafe=True)
        assert [f"#{n}" in fixed.text for n in range(5)] == [False] * 4 + [True]
        assert len(fixed.refused) == 1
        assert "[B](/b.md)" in fixed.text

    def test_a_rule_whose_fixes_are_refused_again_and_again_is_not_tried_for_ever(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        tried = []

        def spoils(reading: Reading, group: list[Diagnostic], *_: object) -> None:
            tried.append(len(group))

        def many(*_: object, **__: object) -> list[Diagnostic]:
            return [
                Diagnostic("NA401", "name", na.Severity.WARNING, f"message {n}", PATH, "",
                           n, n, 1, 1, 1, 1, Fix("spoil it", (Edit(2 * n, 2 * n + 1, ""),)))
                for n in range(200)
            ]  # fmt: skip

        monkeypatch.setattr(fixes, "fixed", spoils)
        monkeypatch.setattr(fixes, "run_rules", many)
        fixed = na.fix_text(PAGE, PATH)
        assert fixed.text == PAGE
        assert len(fixed.refused) == 200
        assert len(tried) < 20 * 9

    def test_a_fix_that_changes_nothing_ends(self, monkeypatch: pytest.MonkeyPatch) -> None:
        fixed = self.fixed_by(monkeypatch, Edit(3, 3, ""))
        assert fixed.text == PAGE
        assert len(fixed.refused) == 1


def test_what_must_be_mended_on_another_page_is_not_mended_here(tmp_path: Path) -> None:
    lost = "/news/2016/03/2/lost.md"
    archive = na.Archive(write_archive(tmp_path, {lost: event(title="Lost.")}, small=True))
    [found] = na.check(archive, only=[lost], select=["NA208"], today=TODAY).diagnostics
    assert found.fix
    assert found.fix.page == DAY
    text = event(title="Lost.")
    assert na.fix_text(text, lost, unsafe=True, lookup=archive) == na.Fixed(text, (), ())


def test_fixes_of_findings_agree_with_fix_text() -> None:
    text = PAGE.replace("\n2. ", "\n9. ")
    found = na.check_text(text, PATH, today=TODAY)
    assert na.apply_edits(text, [e for d in found if d.fix for e in d.fix.edits]) == PAGE


class TestHiddenLinks:
    """NA110: what hides a link is escaped, and the page stays as it is then."""

    @pytest.mark.parametrize(
        ("before", "after"),
        [
            ("[[Reuters](https://a.example/1)", r"[\[Reuters](https://a.example/1)"),
            ("[Time]s](https://a.example/1)", r"[Time\]s](https://a.example/1)"),
            ("[A](https://a.example/a_(b)", "[A](https://a.example/a_%28b)"),
            ("[A](https://a.example/a b)", "[A](https://a.example/a%20b)"),
        ],
    )
    def test_a_source(self, before: str, after: str) -> None:
        text = event(sources=[before])
        assert na.fix_text(text, PATH).text == text
        fixed = na.fix_text(text, PATH, codes={"NA110"}, unsafe=True)
        assert fixed.text == event(sources=[after])
        assert [d.code for d in fixed.applied] == ["NA110"]
        assert na.check_text(fixed.text, PATH, select=["NA1", "NA4"]) == ()
        assert na.fix_text(fixed.text, PATH, unsafe=True) == na.Fixed(fixed.text, ())

    def test_a_related_link_keeps_its_target(self) -> None:
        text = event(related=["[A [draft](/news/2016/03/4/a.md)", "[B](/news/2016/03/4/b c.md)"])
        fixed = na.fix_text(text, PATH, unsafe=True)
        assert fixed.text == spoiled("[A [draft]", r"[A \[draft]", text)
        assert na.fix_text(fixed.text, PATH, unsafe=True) == na.Fixed(fixed.text, ())


class TestWanted:
    @pytest.mark.parametrize(
        ("applicability", "removes", "flags", "wanted"),
        [
            (Applicability.SAFE, False, {}, True),
            (Applicability.UNSAFE, False, {}, False),
            (Applicability.UNSAFE, False, {"unsafe": True}, True),
            (Applicability.UNSAFE, True, {"unsafe": True}, False),
            (Applicability.UNSAFE, True, {"remove_dead": True}, False),
            (Applicability.UNSAFE, True, {"unsafe": True, "remove_dead": True}, True),
        ],
    )
    def test_flags(
        self, applicability: Applicability, removes: bool, flags: dict[str, bool], wanted: bool
    ) -> None:
        fix = Fix("mend it", (Edit(0, 1, ""),), applicability, removes)
        found = Diagnostic("NA201", "name", na.Severity.ERROR, "message", PATH, "",
                           0, 0, 1, 1, 1, 1, fix)  # fmt: skip
        assert fixes.is_wanted(found, **flags) is wanted

    def test_no_fix_is_never_wanted(self) -> None:
        found = Diagnostic("NA201", "name", na.Severity.ERROR, "message", PATH, "",
                           0, 0, 1, 1, 1, 1)  # fmt: skip
        assert not fixes.is_wanted(found, unsafe=True, remove_dead=True)


class TestLostParts:
    def lost(self, old: str, new: str, *edits: Edit) -> dict[tuple[str, str], int]:
        return dict(fixes.lost_parts(read(old, PATH), read(new, PATH), edits))

    def test_nothing(self) -> None:
        assert self.lost(PAGE, PAGE) == {}

    def test_what_the_edit_itself_takes_is_not_lost(self) -> None:
        start = PAGE.index("Nobody was hurt.")
        edit = Edit(start, start + len("Nobody was hurt."), "All is well.")
        assert self.lost(PAGE, na.apply_edits(PAGE, [edit]), edit) == {}

    def test_what_goes_beyond_it_is(self) -> None:
        changed = PAGE.replace("Nobody was hurt.", "").replace("Evening Tide", "")
        found = self.lost(PAGE, changed, Edit(0, 1, ""))
        assert ("description", "Nobody was hurt.") in found

    def test_a_duplicate_counts(self) -> None:
        two = event(related=["[A](/a.md)", "[A](/a.md)"])
        assert self.lost(two, event(related=["[A](/a.md)"])) != {}


def test_a_range_is_touched_where_an_edit_overlaps_or_covers_it() -> None:
    places = list(itertools.combinations_with_replacement(range(6), 2))
    for first, second in itertools.product(places, places):
        if first[1] >= second[0]:
            continue  # edits are in order and apart
        touched = [first, second]
        for start, end in places:
            expected = any(
                (start < last and begin < end) or (begin <= start and end <= last)
                for begin, last in touched
            )
            found = _is_touched(start, end, touched, [last for _, last in touched])
            assert found is expected, (start, end, touched)


NUMBERED = spoiled("2. [Evening", "7. [Evening")


def fix_of_number() -> na.Fix:
    [diagnostic] = na.check_text(NUMBERED, PATH, select=["NA108"])
    assert diagnostic.fix is not None
    return diagnostic.fix


@pytest.mark.parametrize(
    "after",
    [
        NUMBERED.replace("# The pier burns.", "# The pier does not burn."),
        NUMBERED.replace("Nobody was hurt.", "Nobody was hurt.\n\nNobody."),
        NUMBERED.replace("# The pier burns.", ""),
        NUMBERED.replace("1. [Harbour Post](https://post.example.org/pier)\n", ""),
        NUMBERED.replace("_Context: pier, Veldania_", "_Context: pier_"),
    ],
)
def test_a_fix_does_not_hold_that_changes_the_page_elsewhere(after: str) -> None:
    assert not _holds(read(NUMBERED, PATH), read(after, PATH), fix_of_number().edits)


def test_a_fix_holds_that_changes_what_it_names() -> None:
    fix = fix_of_number()
    after = na.apply_edits(NUMBERED, fix.edits)
    assert after == PAGE
    assert _holds(read(NUMBERED, PATH), read(after, PATH), fix.edits)
