"""Which findings appeared and which went between two runs."""

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import newsarchive as na
from newsarchive.findings.diagnostics import Diagnostic
from newsarchive.runs import comparison
from newsarchive.runs.comparison import Difference, NamedFinding, Snapshot, difference
from newsarchive.runs.fingerprints import fingerprints
from tests.builders import (
    OPENS,
    PATH,
    REBUILT,
    SMALL_ARCHIVE,
    TODAY,
    spoiled,
    write_archive,
)

PAGE = SMALL_ARCHIVE[PATH]
SPOILT = spoiled("2. [Evening", "3. [Evening", PAGE)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_archive(tmp_path, small=True)


def look(root: Path, before: Snapshot | None = None) -> Snapshot:
    archive = na.Archive(root)
    return Snapshot.of(archive, na.check(archive, today=TODAY).diagnostics, before)


def shown(found: Difference) -> tuple[list[str], list[str]]:
    """Code and line of what appeared and of what went."""
    appeared, gone = ([f"{d.code} {d.line}" for d in some] for some in found)
    return appeared, gone


class TestDifference:
    def test_nothing_changed(self, root: Path) -> None:
        before = look(root)
        assert difference(before, look(root)) == ([], [])
        write_archive(root, {PATH: PAGE.replace("Nobody", "No one")})
        assert difference(before, look(root)) == ([], [])

    def test_a_finding_appears_and_goes(self, root: Path) -> None:
        clean = look(root)
        write_archive(root, {PATH: SPOILT})
        spoilt = look(root, clean)
        assert shown(difference(clean, spoilt)) == (["NA108 11"], [])
        assert shown(difference(spoilt, clean)) == ([], ["NA108 11"])

    def test_findings_on_pages_that_did_not_change_count(self, root: Path) -> None:
        before = look(root)
        (root / REBUILT[1:]).unlink()
        after = look(root, before)
        appeared, gone = difference(before, after)
        assert {"NA201", "NA202"} <= {d.code for d in appeared}
        assert PATH in {d.page for d in appeared}
        assert gone == []
        assert [d.sort_key for d in appeared] == sorted(d.sort_key for d in appeared)

    def test_one_that_only_moved_down_is_the_same(self, root: Path) -> None:
        twice = PAGE.replace("(/news/2016/03/4/the-pier-is-rebuilt.md)", f"({OPENS})")
        write_archive(root, {PATH: twice})
        before = look(root)
        assert Counter(m.diagnostic.code for m in before.pages[PATH])["NA206"] == 1
        write_archive(root, {PATH: twice.replace("\n### Related", "\n\n\n### Related")})
        after = look(root, before)
        assert after.pages[PATH] != before.pages[PATH]
        appeared, gone = difference(before, after)
        assert "NA206" not in {d.code for d in [*appeared, *gone]}

    def test_so_is_one_whose_page_was_renamed_if_changes_say_so(self, root: Path) -> None:
        other = "/news/2016/03/2/fire.md"
        write_archive(root, {PATH: SPOILT})
        before = look(root)
        (root / PATH[1:]).rename(root / other[1:])
        appeared, gone = difference(before, look(root, before))
        assert "NA108" not in {d.code for d in [*appeared, *gone]}
        assert "NA201" in {d.code for d in appeared}

    def test_so_is_one_with_other_words_around_it(self, root: Path) -> None:
        write_archive(root, {PATH: SPOILT})
        before = look(root)
        write_archive(root, {PATH: spoiled("2. [Evening Tide", "3. [Evening Post", PAGE)})
        after = look(root, before)
        assert difference(before, after) == ([], [])

    def test_a_second_one_like_the_first_is_new(self, root: Path) -> None:
        index = "/news/2016/03/2/index.md"
        text = (root / index[1:]).read_text("utf-8")
        entry = "### [Gone](/news/2016/03/2/gone.md)\n\n\n"
        at = text.index("## [Previous")
        write_archive(root, {index: text[:at] + entry + text[at:]})
        one = look(root)
        write_archive(root, {index: text[:at] + entry * 2 + text[at:]})
        two = look(root, one)
        assert [d.code for d in difference(one, two).appeared].count("NA202") == 1
        assert [d.code for d in difference(two, one).gone].count("NA202") == 1

    def test_pages_whose_findings_are_the_same_are_not_read(
        self, root: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        write_archive(root, {PATH: SPOILT})
        before = look(root)
        asked: list[Diagnostic] = []

        def listen(archive: na.Archive, found: list[Diagnostic]) -> list[str]:
            asked.extend(found)
            return fingerprints(archive, found)

        monkeypatch.setattr(comparison, "fingerprints", listen)
        assert look(root, before) == before
        assert asked == []
        write_archive(root, {OPENS: "# No heading\n"})
        look(root, before)
        assert {d.page for d in asked} >= {OPENS}


def finding(page: str, line: int, message: str) -> Diagnostic:
    severity = na.Severity.ERROR
    return Diagnostic("XY1", "x", severity, message, page, page, line, line, line, 1, line, 1)


MARKED = st.builds(
    lambda page, line, message, mark: NamedFinding(finding(page, line, message), mark),
    st.sampled_from(["/a", "/b"]),
    st.integers(1, 3),
    st.sampled_from(["m", "n"]),
    st.sampled_from("xyz"),
)


def snapshot(marked: list[NamedFinding]) -> Snapshot:
    pages: dict[str, tuple[NamedFinding, ...]] = {}
    for one in sorted(marked, key=lambda m: m.diagnostic.sort_key):
        pages[one.diagnostic.page] = (*pages.get(one.diagnostic.page, ()), one)
    return Snapshot(pages)


@pytest.mark.property
@given(st.lists(MARKED, max_size=6), st.lists(MARKED, max_size=6))
def test_what_appeared_less_what_went_is_what_there_is_more(
    one: list[NamedFinding], two: list[NamedFinding]
) -> None:
    before, after = snapshot(one), snapshot(two)
    appeared, gone = difference(before, after)
    assert len(appeared) - len(gone) == len(two) - len(one)
    assert set(appeared) <= {m.diagnostic for m in two}
    assert set(gone) <= {m.diagnostic for m in one}
    assert difference(after, before) == (gone, appeared)
    assert difference(after, after) == ([], [])
