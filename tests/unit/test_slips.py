"""What mutation testing found that no other test would have noticed (see tests/mutate.py)."""

import itertools
from pathlib import Path

import pytest

import newsarchive as na
from newsarchive.fixes import _holds, _is_touched
from newsarchive.parser import read
from tests.builders import PAGE, PATH, spoiled, write_archive
from tests.support import TODAY, codes_of, found

HEAD = "### [2016-03-2](/news/2016/03/2/index.md)\n\n"
TITLED = f"{HEAD}# T \n\n\n\n\n"


def test_a_finding_in_the_last_line_ends_with_the_text() -> None:
    for ending in ("", "\n"):
        text = f"{TITLED}# Again"
        [second] = found(text + ending)
        assert (second.code, text[second.start : second.end]) == ("NA109", "# Again")


def test_a_second_date_heading_above_the_title_is_no_section() -> None:
    assert "NA106 3:1" in codes_of(f"{HEAD}{HEAD}# T \n\n\n\n")


def test_lines_below_a_heading_that_is_no_section_belong_to_none() -> None:
    text = f"{TITLED}### [2016-03-1](/a)\n\n1. [a](/b)\n"
    reading = read(text, PATH)
    assert reading.related == reading.sources == reading.changes == []
    assert codes_of(text)[0] == "NA106 8:1"


@pytest.mark.parametrize("section", ["Source", "Related", "Changes"])
def test_nothing_but_a_note_may_follow_an_entry(section: str) -> None:
    note = " _(Update)_" if section == "Changes" else ""
    for tail in ("!", "!!", " !", "_"):
        text = f"{TITLED}### {section}:\n\n1. [a](/b){note}{tail}\n"
        assert "NA107 10:1" in codes_of(text), text


@pytest.mark.parametrize("hidden", ["a [b", "a <b c='](/x)'>", "a `b](/x)`", "a\\"])
def test_what_hides_a_link_is_seen_on_a_page_that_is_in_order(hidden: str) -> None:
    text = f"{TITLED}### Related:\n\n1. [{hidden}](/news/2016/03/1/a.md) _Context: ``'>_\n"
    if "`" in hidden:
        text = text.replace("/x)`", "/x").replace("``'>", "`")
    assert [d.code for d in na.check_text(text, PATH, select=["NA110"])] == ["NA110"]


def test_plain_entries_are_proved_to_be_so() -> None:
    reading = read(PAGE, PATH)
    assert reading.canonical
    assert reading.plain


@pytest.mark.parametrize("title", ["The [pier] opens.", "The pier <opens>.", "`The` pier", "a\\b"])
def test_odd_entries_keep_no_page_from_being_in_order(title: str) -> None:
    reading = read(spoiled("[The pier opens.]", f"[{title}]"), PATH)
    assert reading.canonical
    assert not reading.plain


@pytest.mark.parametrize("text", ["# T", "\nFormats: [HTML](/a)\n\n# T \n", "# T\n\ntext\n"])
def test_an_orphan_is_marked_by_its_first_line(tmp_path: Path, text: str) -> None:
    root = write_archive(tmp_path, {PATH: text})
    [orphan] = na.check(root, select=["NA208"], today=TODAY).diagnostics
    assert text[orphan.start : orphan.end] == text.partition("\n")[0]


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


def fix_of_number() -> na.Diagnostic:
    [diagnostic] = na.check_text(NUMBERED, PATH, select=["NA108"])
    return diagnostic


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
    assert not _holds(read(NUMBERED, PATH), read(after, PATH), fix_of_number())


def test_a_fix_holds_that_changes_what_it_names() -> None:
    fix = fix_of_number().fix
    assert fix is not None
    after = na.apply_edits(NUMBERED, fix.edits)
    assert after == PAGE
    assert _holds(read(NUMBERED, PATH), read(after, PATH), fix_of_number())
