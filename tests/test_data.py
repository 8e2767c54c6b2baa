"""Pages kept as files: each drives several tests.

``valid/x.md`` is a page that checks clean but for notes, ``x.json`` its model (which names its
path). ``invalid/NA###-x.md`` breaks that rule; ``x.diagnostics`` names the path in its first
line and then every finding as ``CODE line:column``; ``x.fixed.md`` is what the safe fixes make of
it, absent where they make nothing.
"""

import json
from pathlib import Path

import pytest
from pydantic import TypeAdapter

import newsarchive as na
from newsarchive.findings.diagnostics import Severity
from newsarchive.page.parser import read
from newsarchive.page.parser._blocks import blocks
from tests.builders import DATA, TODAY, inspected

VALID = sorted(DATA.glob("valid/*.md"))
INVALID = sorted(file for file in DATA.glob("invalid/*.md") if not file.stem.endswith(".fixed"))
ADAPTER: TypeAdapter[na.Page] = TypeAdapter(na.Page)

each_valid = pytest.mark.parametrize("file", VALID, ids=lambda file: file.stem)
each_invalid = pytest.mark.parametrize("file", INVALID, ids=lambda file: file.stem)
each = pytest.mark.parametrize("file", [*VALID, *INVALID], ids=lambda file: file.stem)


def path_of(file: Path) -> str:
    if file in VALID:
        path = json.loads(file.with_suffix(".json").read_bytes())["path"]
        assert isinstance(path, str)
        return path
    first, *_ = file.with_suffix(".diagnostics").read_text("utf-8").splitlines()
    word, _, path = first.partition(" ")
    assert word == "path"
    return path


def text_of(file: Path) -> str:
    """The file's text; for bytes that are none, what is read in their place."""
    return file.read_bytes().decode("utf-8", "replace")


def test_there_are_files_and_every_file_belongs_to_a_case() -> None:
    assert len(VALID) >= 15
    assert len(INVALID) >= 25
    expected = {file.with_suffix(".json") for file in VALID} | set(VALID) | set(INVALID)
    expected |= {file.with_suffix(".diagnostics") for file in INVALID}
    expected |= {file.with_suffix(".fixed.md") for file in INVALID}
    assert set(DATA.glob("*valid/*")) <= expected


def test_every_kind_of_page_is_among_the_valid() -> None:
    kinds = {read(file.read_bytes(), path_of(file)).kind for file in VALID}
    assert kinds == set(na.PageKind)


def test_every_code_that_one_page_can_show_has_a_case() -> None:
    codes = {rule.code for rule in na.ALL_RULES if rule.page or rule.clock}
    # No page is known that loses anything (NA402): see property/.
    assert {file.name[:5] for file in INVALID} == codes - {"NA402"}


# Valid pages -----------------------------------------------------------------------------------


@each_valid
def test_the_model_is_that_of_the_json(file: Path) -> None:
    written = file.with_suffix(".json").read_text("utf-8")
    page = na.parse(file.read_bytes(), path_of(file))
    assert page == type(page).model_validate_json(written)
    assert page == ADAPTER.validate_json(written)
    assert page.model_dump_json(indent=2) + "\n" == written


@each_valid
def test_the_model_is_written_as_the_page(file: Path) -> None:
    written = ADAPTER.validate_json(file.with_suffix(".json").read_bytes())
    assert na.render(written).encode() == file.read_bytes()


@each_valid
def test_a_valid_page_checks_clean_but_for_notes(file: Path) -> None:
    found = na.check_text(file.read_bytes(), path_of(file), today=TODAY)
    assert [d for d in found if d.severity is not Severity.INFO] == []


@each_valid
@pytest.mark.parametrize("newline", ["\r\n", "\r"])
def test_line_endings_and_a_mark_are_no_part_of_the_page(file: Path, newline: str) -> None:
    text, path = text_of(file), path_of(file)
    strange = "\ufeff" + text.replace("\n", newline)
    assert na.parse(strange, path) == na.parse(text, path)
    codes = {d.code for d in na.check_text(text, path, today=TODAY)}
    also = {d.code for d in na.check_text(strange, path, today=TODAY)}
    assert also - codes == {"NA102", "NA103"}
    assert na.fix_text(strange, path).text == text


@each_valid
def test_a_valid_page_needs_no_fix(file: Path) -> None:
    fixed = na.fix_text(text_of(file), path_of(file))
    assert (fixed.text, fixed.applied, fixed.refused) == (text_of(file), (), ())


@each_valid
def test_a_page_cut_off_anywhere_can_be_inspected(file: Path) -> None:
    text, path = text_of(file), path_of(file)
    for end in range(0, len(text), 7):
        found = inspected(text[:end], path)
        if found.page is not None and found.reading.complete:
            assert read(na.render(found.page), path).page == found.page


# Invalid pages ---------------------------------------------------------------------------------


@each_invalid
def test_exactly_these_findings(file: Path) -> None:
    found = na.check_text(file.read_bytes(), path_of(file), today=TODAY)
    _, *lines = file.with_suffix(".diagnostics").read_text("utf-8").splitlines()
    assert [f"{d.code} {d.line}:{d.column}" for d in found] == lines
    assert file.name[:5] in {d.code for d in found}


@each_invalid
def test_each_finding_marks_something_in_the_text(file: Path) -> None:
    text = text_of(file)
    for d in na.check_text(file.read_bytes(), path_of(file), today=TODAY):
        assert 0 <= d.start <= d.end <= len(text)
        assert (d.page, d.file) == (path_of(file), "")
        # What is missing has no extent; everything else has.
        assert (d.start < d.end) is not (d.code in ("NA104", "NA105") and d.start == d.end)


@each_invalid
def test_the_safe_fixes_give_the_fixed_page(file: Path) -> None:
    try:
        text = file.read_bytes().decode("utf-8")
    except UnicodeDecodeError:
        assert not file.with_suffix(".fixed.md").exists()
        return
    path, expected = path_of(file), file.with_suffix(".fixed.md")
    fixed = na.fix_text(text, path)
    assert fixed.text == (expected.read_bytes().decode() if expected.exists() else text)
    assert (fixed.text == text) is (fixed.applied == ())
    again = na.fix_text(fixed.text, path)
    assert (again.text, again.applied) == (fixed.text, ())
    repaired = {d.code for d in fixed.applied}
    assert repaired.isdisjoint(d.code for d in na.check_text(fixed.text, path, today=TODAY))
    assert read(fixed.text, path).page == read(text, path).page


# All of them -----------------------------------------------------------------------------------


@each
def test_spans_lie_in_the_text_and_parts_in_their_entries(file: Path) -> None:
    found = inspected(file.read_bytes(), path_of(file))
    text = found.document.text
    for loc, span in found.spans.items():
        assert 0 <= span.start <= span.end <= len(text), loc
        above = found.spans.get(loc[:-1])
        # A topic stands above its entry; every other part stands in it.
        if above and loc[-1] != "topic" and loc[0] != "sections":
            assert above.start <= span.start <= span.end <= above.end, loc


@each
def test_blocks_tile_the_text(file: Path) -> None:
    body = na.Document(text_of(file)).body
    assert "".join(m[0] for m in blocks(body)) == body


@each
def test_rendering_is_a_fixpoint(file: Path) -> None:
    page = inspected(file.read_bytes(), path_of(file)).page
    if page is not None:
        once = na.render(page)
        assert na.parse(once, page.path) == page
        assert na.render(na.parse(once, page.path)) == once
