"""What mutation testing found that no other test would have noticed (see tests/mutate.py)."""

import itertools
from pathlib import Path

import pytest

import newsarchive as na
from newsarchive.editing.fixes import _holds, _is_touched
from newsarchive.page.parser import read
from newsarchive.rules.links import same_title
from tests.builders import (
    DAY_PATH,
    FRONT_PATH,
    PAGE,
    PATH,
    TODAY,
    codes_of,
    event,
    event_of,
    found,
    found_in,
    front_of,
    index_of,
    spoiled,
    write_archive,
)

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


INDEX = "## [2016-03-2](/news/2016/03/2/index.md)\n\n"


def test_a_heading_that_leads_to_its_own_day_is_no_layout() -> None:
    assert event_of(PAGE).layout.date_link is None
    odd = event_of(spoiled("(/news/2016/03/2/index.md)", "(/news/2016/03/02/index.md)"))
    assert odd.layout.date_link == "/news/2016/03/02/index.md"


@pytest.mark.parametrize("heading", ["###  [A](/a)", "### [A](/a) ", "### [A](/a)  "])
def test_entries_of_an_index_with_blanks_too_many_are_not_in_order(heading: str) -> None:
    text = f"{INDEX}{heading}\n\n\n"
    assert [code.partition(" ")[0] for code in codes_of(text, DAY_PATH)] == ["NA401"]
    [entry] = index_of(text).entries
    assert (entry.title, entry.path) == ("A", "/a")


@pytest.mark.parametrize("heading", ["### [A(/a)", "### [A]", "### [ ](/a)", "### [A](/a) b"])
def test_headings_that_are_no_link_are_no_entries_of_an_index(heading: str) -> None:
    text = f"{INDEX}{heading}\n\n\n"
    assert codes_of(text, DAY_PATH) == ["NA107 3:1"]
    assert index_of(text).entries == ()


def test_what_ends_an_index_takes_no_description() -> None:
    text = f"{INDEX}### [A](/a)\n## [Previous Day...](/x)\ntext\n"
    assert codes_of(text, DAY_PATH) == ["NA109 5:1"]
    assert index_of(text).entries[0].description is None
    front = "## [News](/news/2016/03/10/index.md)\n\n### [A](/a)\n---\ntext\n"
    assert codes_of(front, FRONT_PATH) == ["NA109 5:1"]
    assert front_of(front).sections[0].entries[0].description is None


def test_targets_may_be_empty() -> None:
    formats = "\nFormats: [HTML](a)  [JSON]()  [XML](c)  \n\n"
    event = event_of(f"{formats}{TITLED}### Source:\n\n1. [a]()\n")
    assert event.layout.formats
    assert event.layout.formats.json_path == ""
    assert [source.url for source in event.sources] == [""]


def test_blanks_before_a_name_are_not_those_behind_it() -> None:
    text = f"{TITLED}### Source:\n\n1. [ a  ](u)\n"
    [source] = event_of(text).sources
    assert (source.name, source.name_blanks) == ("a", (" ", "  "))
    assert na.render(event_of(text)) == text


@pytest.mark.parametrize(("digits", "is_entry"), [(9, True), (10, False)])
def test_a_number_has_nine_digits_at_most(digits: int, is_entry: bool) -> None:
    text = f"{TITLED}### Related:\n\n{'1' * digits}. [a](/b)\n"
    assert codes_of(text) == ["NA108 10:1" if is_entry else "NA107 10:1"]
    assert bool(read(text, PATH).related) is is_entry


def test_a_heading_that_begins_with_a_figure_stands_for_the_date() -> None:
    assert codes_of("### 2. March 2016\n\n# T \n\n\n\n\n") == ["NA104 1:1"]
    assert codes_of("### March 2016\n\n# T \n\n\n\n\n")[0].startswith("NA104")


def test_older_versions_at_paths_that_cannot_be_are_not_looked_for(tmp_path: Path) -> None:
    for path in ("https://a.example/b.md", "../b.md", ""):
        change = f"[The pier burns.]({path}) _(First version)_"
        text = event(changes=[change, f"[The pier burns.]({PATH}) _(Current version)_"])
        write_archive(tmp_path, {PATH: text}, small=True)
        assert found_in(tmp_path, "NA209") == []


def test_titles_with_escaped_brackets_are_the_same() -> None:
    assert same_title(r"a \[b c", "a [b  c")
    assert same_title(r"a \[b\] c", "a [b] c")
    assert not same_title(r"a \[b", "a b")


def test_without_a_date_heading_text_below_the_title_is_the_description() -> None:
    text = "# T \n\nText.\n\n\n"
    assert codes_of(text) == ["NA104 1:1"]
    start, end = read(text, PATH).description or (0, 0)
    assert text[start:end] == "Text."
    assert codes_of(f"Text.\n\n{text}") == ["NA104 1:1", "NA109 1:1"]
