"""Offsets, lines and columns of a text as it was read."""

import pickle

import pytest

from newsarchive.page.document import BOM, Document, Position, Span


def test_a_plain_text_is_its_own_body() -> None:
    document = Document("one\ntwo\n", "/index.md")
    assert document.body is document.text
    assert document.offset(5) == 5
    assert document.span(4, 7) == Span(4, 7)
    assert document.carriage_returns == ()
    assert not document.has_bom
    assert document.bom_length == 0


@pytest.mark.parametrize(
    ("text", "body"),
    [
        ("a\r\nb", "a\nb"),
        ("a\rb", "a\nb"),
        ("a\n\rb", "a\n\nb"),
        ("a\r\r\nb\r", "a\n\nb\n"),
        (BOM + "a", "a"),
        (BOM + BOM + "\r\na", "\na"),
        ("a" + BOM, "a" + BOM),
        ("a\x0b\x0c\x1c\x85\u2028b", "a\x0b\x0c\x1c\x85\u2028b"),
        ("", ""),
    ],
)
def test_the_body_has_no_marks_and_one_kind_of_line_ending(text: str, body: str) -> None:
    assert Document(text).body == body


@pytest.mark.parametrize(
    ("text", "style"),
    [
        ("", "\n"),
        ("a", "\n"),
        ("a\nb\n", "\n"),
        ("a\r\nb\r\n", "\r\n"),
        ("a\rb\r", "\r"),
        ("a\rb\n", "mixed"),
        ("a\r\nb\n", "mixed"),
        ("a\u2028b\x85", "\n"),
    ],
)
def test_newline_style(text: str, style: str) -> None:
    assert Document(text).newline == style


def test_carriage_returns_are_listed_with_their_line_feeds() -> None:
    assert Document("a\r\n\rb\n\r\r\n").carriage_returns == (
        Span(1, 3),
        Span(3, 4),
        Span(6, 7),
        Span(7, 9),
    )


def test_offsets_skip_marks_and_the_second_half_of_crlf() -> None:
    document = Document(BOM + BOM + "a\r\nb\rc\nd")
    assert document.has_bom
    assert document.bom_length == 2
    assert document.body == "a\nb\nc\nd"
    assert [document.offset(n) for n in range(8)] == [2, 3, 5, 6, 7, 8, 9, 10]
    assert document.span(2, 5) == Span(5, 8)
    assert document.text[5:8] == "b\rc"


def test_a_span_over_a_line_ending_takes_in_both_its_characters() -> None:
    document = Document("a\r\nb\r\n")
    start, end = document.span(1, 2)
    assert document.text[start:end] == "\r\n"
    start, end = document.span(0, 4)
    assert document.text[start:end] == "a\r\nb\r\n"


def test_positions_count_from_one_and_in_code_points() -> None:
    document = Document("ab\n\n🗞c\r\nd\re")
    assert document.position(0) == Position(1, 1)
    assert document.position(2) == Position(1, 3)
    assert document.position(3) == Position(2, 1)
    assert document.position(5) == Position(3, 2)
    assert document.position(6) == Position(3, 3)
    assert document.position(8) == Position(4, 1)
    assert document.position(10) == Position(5, 1)
    assert document.position(len(document.text)) == Position(5, 2)


@pytest.mark.parametrize("character", ["\x0b", "\x0c", "\x1c", "\x1d", "\x85", "\u2028", "\u2029"])
def test_only_lf_cr_and_crlf_end_lines(character: str) -> None:
    document = Document(f"a{character}b\nc")
    assert document.position(2) == Position(1, 3)
    assert document.position(4) == Position(2, 1)
    assert document.line_count == 2
    assert document.line_text(1) == f"a{character}b"


def test_the_end_of_a_text_that_ends_in_a_line_ending_is_a_line() -> None:
    document = Document("a\n")
    assert document.line_count == 2
    assert document.position(2) == Position(2, 1)
    assert [document.line_text(1), document.line_text(2)] == ["a", ""]


def test_line_texts_have_no_line_endings() -> None:
    document = Document("a\r\n\rb \n")
    assert [document.line_text(n) for n in range(1, 5)] == ["a", "", "b ", ""]


def test_documents_are_compared_by_text_and_path() -> None:
    assert Document("a", "/b.md") == Document("a", "/b.md")
    assert Document("a", "/b.md") != Document("a", "/c.md")
    assert Document("a\r\n") != Document("a\n")
    assert len({Document("a"), Document("a")}) == 1
    assert "body" not in repr(Document("a"))


def test_a_document_survives_pickling_with_what_it_has_worked_out() -> None:
    document = Document(BOM + "a\r\nb", "/x.md")
    assert document.position(4) == Position(2, 1)
    copy = pickle.loads(pickle.dumps(document))
    assert copy == document
    assert (copy.body, copy.offset(2), copy.position(4)) == ("a\nb", 4, Position(2, 1))
