"""What holds for every page and every text."""

import datetime
import itertools
import pickle
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import TypeAdapter

import newsarchive as na
from newsarchive import strategies as nas
from newsarchive.findings.diagnostics import Diagnostic, Severity
from newsarchive.page.document import BOM
from newsarchive.page.parser import read
from newsarchive.page.parser._blocks import blocks
from tests.builders import PATH, PATHS, PROSE_PATH, TODAY

pytestmark = pytest.mark.property

PAGE_ADAPTER: TypeAdapter[na.Page] = TypeAdapter(na.Page)

# Every code point, lone surrogates and NUL included, and what ends lines elsewhere.
ANY_TEXT = st.text(st.characters() | st.sampled_from("\r\n\x00\x0b\x0c\x1c\x85\u2028\ud800\ufeff"))
PATHS_OF_ALL_KINDS = st.sampled_from(PATHS)
TEXTS = st.one_of(nas.page_texts(), nas.damaged_page_texts())


def check_places(diagnostics: tuple[Diagnostic, ...], text: str) -> None:
    """Findings lie in the text, in order, and their lines and columns are those of offsets."""
    document = na.Document(text)
    assert [d.sort_key for d in diagnostics] == sorted(d.sort_key for d in diagnostics)
    for d in diagnostics:
        assert 0 <= d.start <= d.end <= len(text), d
        assert (d.line, d.column) == document.position(d.start)
        assert (d.end_line, d.end_column) == document.position(d.end)
        assert d.message
        assert "\n" not in d.message
        assert not d.message.endswith(".")
        edits = d.fix.edits if d.fix else ()
        assert all(0 <= e.start <= e.end <= len(text) for e in edits)


def check_total(text: str | bytes, path: str) -> na.Inspection:
    """A text can be inspected, whatever it is; what keeps it from being a page is said."""
    found = na.inspect(text, path, today=TODAY)
    check_places(found.diagnostics, found.document.text)
    for loc, span in found.spans.items():
        assert 0 <= span.start <= span.end <= len(found.document.text), loc
    if found.page is None:
        assert any(d.severity is Severity.ERROR for d in found.diagnostics)
        with pytest.raises(na.InvalidPageError) as caught:
            na.parse(text, path)
        assert caught.value.diagnostics
        assert str(caught.value)
    return found


@given(st.binary(), PATHS_OF_ALL_KINDS)
@example(b"\xef\xbb\xbf\xff", PATH)
@example(b"a\r\n\xed\xa0\x80", PATH)
@example(b"\xf0\x9f", PROSE_PATH)
def test_any_bytes_can_be_inspected(data: bytes, path: str) -> None:
    found = check_total(data, path)
    try:
        assert found.document.text == data.decode("utf-8")
    except UnicodeDecodeError:
        assert [d.code for d in found.diagnostics] == ["NA101"]


@given(ANY_TEXT, PATHS_OF_ALL_KINDS | ANY_TEXT)
@example("\ud800", "\udfff")
@example(BOM + BOM, PROSE_PATH)
@example("", "/index.md")
@example("", "/opinion/index.md")
def test_any_text_can_be_inspected_under_any_path(text: str, path: str) -> None:
    check_total(text, path)


@given(nas.damaged_page_texts())
@example((PATH, "### [2016-03-2](/a)\n\n# T\n\n # x\n"))
@example((PATH, "### [2016-03-2](/a)\n\n# T\n\ntext\n# x\ntext\n"))
@example(("/index.md", "## [N](/a)\n\n### [T](/a)\n\n\n---\n\n\n### [T](/a)\n\n\n\n---\n"))
def test_any_damage_can_be_inspected(damaged: tuple[str, str]) -> None:
    path, text = damaged
    check_total(text, path)


@given(
    st.lists(st.sampled_from(["\r\n", "\n", "\r", "a", "é", "\u2028", "\x0c", "🗞"])).map("".join)
)
def test_offsets_and_positions_agree_for_mixed_line_endings(text: str) -> None:
    document = na.Document(BOM + text)
    assert document.body == text.replace("\r\n", "\n").replace("\r", "\n")
    ends = re.split(r"\r\n|\r|\n", document.text)
    assert [document.line_text(n + 1) for n in range(document.line_count)] == ends
    for offset in range(len(document.body)):
        mapped = document.offset(offset)
        expected = document.body[offset]
        assert document.text[mapped] == expected or (expected, document.text[mapped]) == (
            "\n",
            "\r",
        )
        line, column = document.position(mapped)
        assert line == document.body.count("\n", 0, offset) + 1
        start = document.body.rfind("\n", 0, offset) + 1
        assert column == offset - start + 1 + (line == 1)


@given(TEXTS)
def test_the_text_at_a_span_is_the_part(given_text: tuple[str, str]) -> None:
    path, text = given_text
    found = na.inspect(text, path, today=TODAY)
    if found.page is None:
        return
    for loc, span in found.spans.items():
        part: object = found.page
        for step in loc:
            if isinstance(step, int):
                assert isinstance(part, tuple)
                part = part[step]
            else:
                part = getattr(part, step)
        shown = re.sub(r"\r\n?", "\n", text[span.start : span.end])
        if isinstance(part, str):
            assert shown == part, loc
        elif isinstance(part, datetime.datetime):
            assert datetime.datetime.fromisoformat(shown) == part
        elif isinstance(part, datetime.date):
            assert tuple(map(int, shown.split("-"))) == (part.year, part.month, part.day)


@given(ANY_TEXT.filter(lambda text: "\r" not in text) | nas.page_texts().map(lambda t: t[1]))
def test_blocks_tile_the_body(body: str) -> None:
    found = blocks(body)
    assert "".join(m[0] for m in found) == body
    assert all(m[0] for m in found)
    assert all(one.end() == other.start() for one, other in itertools.pairwise(found))


@given(nas.pages())
def test_a_rendered_page_is_read_as_itself(page: na.Page) -> None:
    text = na.render(page)
    reading = read(text, page.path)
    assert reading.page == page
    assert reading.complete
    assert reading.problems == []


@given(TEXTS)
def test_rendering_is_a_fixpoint(given_text: tuple[str, str]) -> None:
    path, text = given_text
    reading = read(text, path)
    if reading.page is None or not reading.complete:
        return
    once = na.render(reading.page)
    again = read(once, path)
    assert again.page == reading.page
    assert na.render(again.page) == once


@given(nas.page_texts())
def test_a_page_text_is_canonical(given_text: tuple[str, str]) -> None:
    path, text = given_text
    assert na.render(na.parse(text, path)) == text
    assert na.check_text(text, path, select=["NA4", "NA101", "NA104", "NA105", "NA109"]) == ()
    assert na.fix_text(text, path).text == text


@given(nas.pages())
def test_json_loses_nothing(page: na.Page) -> None:
    text = page.model_dump_json()
    assert type(page).model_validate_json(text) == page
    assert PAGE_ADAPTER.validate_json(text) == page
    assert type(page).model_validate(page.model_dump()) == page


@given(nas.pages(), nas.pages())
def test_pages_are_values(page: na.Page, other: na.Page) -> None:
    copy = pickle.loads(pickle.dumps(page))
    assert copy == page
    assert hash(copy) == hash(page)
    assert len({page, copy, other}) == 1 + (page != other)


@given(nas.damaged_page_texts())
def test_diagnostics_survive_pickling(damaged: tuple[str, str]) -> None:
    path, text = damaged
    found = na.check_text(text, path, today=TODAY)
    assert pickle.loads(pickle.dumps(found)) == found


FIXED_CODES = ("NA102", "NA103", "NA108", "NA401")


@given(nas.damaged_page_texts())
def test_fixing_is_idempotent_and_clears_its_codes(damaged: tuple[str, str]) -> None:
    path, text = damaged
    fixed = na.fix_text(text, path)
    assert fixed.refused == ()
    again = na.fix_text(fixed.text, path)
    assert (again.text, again.applied) == (fixed.text, ())
    left = {d.code for d in na.check_text(fixed.text, path) if d.fix}
    assert left.isdisjoint(FIXED_CODES)


@given(nas.damaged_page_texts())
def test_fixing_keeps_the_page(damaged: tuple[str, str]) -> None:
    path, text = damaged
    before = read(text, path)
    after = read(na.fix_text(text, path).text, path)
    assert after.page == before.page
    assert len(after.problems) <= len(before.problems)


@given(nas.damaged_page_texts())
def test_a_fix_changes_nothing_but_what_it_names(damaged: tuple[str, str]) -> None:
    path, text = damaged
    assert na.fix_text(text, path, codes=["NA102"]).text == text.lstrip(BOM)
    unix = text.replace("\r\n", "\n").replace("\r", "\n")
    assert na.fix_text(text, path, codes=["NA103"]).text == unix
    numbers = re.compile(r"^( {0,3})[0-9]+(?=\.)", re.M)
    renumbered = na.fix_text(unix, path, codes=["NA108"]).text
    assert numbers.sub(r"\1", renumbered) == numbers.sub(r"\1", unix)


@st.composite
def well_made_events(draw: st.DrawFn) -> na.Event:
    """Events as a script would build them, with only what news has: any text, sound links."""
    odd = draw(nas.events())
    day = odd.date
    names = st.text(st.characters(categories=["L", "N"]), min_size=1)
    numbers = draw(st.lists(st.integers(1, 99), unique=True, min_size=3, max_size=3))
    related = draw(st.lists(st.tuples(names, st.lists(names)), max_size=2))
    times = sorted(draw(st.lists(st.datetimes(), max_size=3)))
    path = f"/news/{day.year:04d}/{day.month:02d}/{day.day}/this.md"
    return na.Event(
        path=path,
        date=day,
        title=odd.title,
        topic=odd.topic,
        description=odd.description,
        sources=tuple(na.Source(name=draw(names), url=f"https://example.org/{n}") for n in numbers),
        related=tuple(
            na.RelatedLink(title=title, path=f"/news/2016/03/{n}/a.md", context=tuple(terms))
            for n, (title, terms) in zip(numbers, related, strict=False)
        ),
        changes=tuple(
            na.Change(
                title=draw(names), path="/news/2016/03/1/old.md", timestamp=t.replace(microsecond=0)
            )
            for t in times
        ),
    )


@given(well_made_events())
def test_an_event_built_from_public_fields_checks_clean(event: na.Event) -> None:
    found = na.check_text(na.render(event), event.path, today=datetime.date.max)
    assert [d for d in found if d.severity is not Severity.INFO] == []
