"""The table of sections: readings, models and pages agree with it."""

import dataclasses

import pytest

import newsarchive as na
from newsarchive.page.editions import EDITIONS, Edition
from newsarchive.page.parser import read
from newsarchive.page.parser._grammar import grammar_of
from newsarchive.page.parser._spans import spans_of
from newsarchive.page.reading import Reading
from newsarchive.page.sections import BY_FIELD, SECTIONS, Section
from newsarchive.rules.entries import entry_removal
from tests.builders import PAGE, PATH

each = pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.field)


@each
def test_readings_and_models_have_a_field_for_each(section: Section) -> None:
    assert section.field in na.Event.model_fields
    assert section.field in {field.name for field in dataclasses.fields(Reading)}
    [entry] = na.Event.model_fields[section.field].annotation.__args__[:1]  # type: ignore[union-attr]
    names = {section.text, section.target, f"{section.text}_blanks"}
    assert names <= set(entry.model_fields)
    assert ("context" in entry.model_fields) is (section.note == "context")
    assert ("timestamp" in entry.model_fields) is (section.note == "version")


@each
def test_its_entries_are_found_everywhere(section: Section) -> None:
    reading = read(PAGE, PATH)
    found = reading.entries(section)
    assert found
    links = [link for link in reading.links() if link.kind is section.kind]
    assert len(links) == reading.link_counts()[section.kind.value] == len(found) - section.pictured
    assert [loc[1] for loc in spans_of(reading) if loc[0] == section.field and len(loc) == 2] == [
        *range(len(links))
    ]
    for m, _ in found:
        edits = [
            na.Edit(e.start, e.end, e.replacement) for e in entry_removal(reading, section.field, m)
        ]
        left = na.check_text(na.apply_edits(PAGE, edits), PATH, select=["NA1", "NA4"])
        assert left == (), section.field


def test_headings_and_fields_are_one_sections_each() -> None:
    assert len(BY_FIELD) == len(SECTIONS)
    assert [section.first for section in SECTIONS] == [True, False, False]


@pytest.mark.parametrize(
    ("edition", "heading"),
    [
        (edition, heading)
        for edition in EDITIONS.values()
        for heading in grammar_of(edition).sections
    ],
)
def test_the_short_way_knows_every_heading(edition: Edition, heading: str) -> None:
    section = grammar_of(edition).sections[heading]
    entry = f"_({edition.current_version[0]})_" if section.note == "version" else ""
    line = f"1. [The pier burns.]({PATH}) {entry}".rstrip()
    head = PAGE.partition("### Source:")[0]
    reading = read(f"{head}### {heading}\n\n{line}\n", PATH, edition)
    assert reading.canonical
    assert len(reading.entries(section)) == 1
