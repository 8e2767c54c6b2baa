"""Places as editors count them."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from newsarchive.lsp.places import UTF_8, UTF_16, UTF_32, Lines, Place, replaced
from newsarchive.page.document import Document

ENCODINGS = (UTF_8, UTF_16, UTF_32)
TEXT = "a😋b\r\nx\u2028é😋\rz\n"

TEXTS = st.text(st.sampled_from("ab \n\ré\u2028\x0c😋\ud800"), max_size=30)


@pytest.mark.parametrize(
    ("encoding", "place"),
    [(UTF_8, Place(1, 10)), (UTF_16, Place(1, 5)), (UTF_32, Place(1, 4))],
)
def test_a_place_counts_units_of_its_encoding(encoding: str, place: Place) -> None:
    lines = Lines(TEXT, encoding)
    assert lines.place(TEXT.index("\rz")) == place
    assert lines.offset(*place) == TEXT.index("\rz")


def test_half_a_character_is_its_start() -> None:
    assert Lines("a😋b", UTF_16).offset(0, 2) == 1
    assert [Lines("a😋b", UTF_8).offset(0, n) for n in range(7)] == [0, 1, 1, 1, 1, 2, 3]
    assert Lines("é", UTF_8).offset(0, 1) == 0


def test_beyond_a_line_is_its_end_and_beyond_the_text_the_texts() -> None:
    for encoding in ENCODINGS:
        lines = Lines(TEXT, encoding)
        assert lines.offset(0, 99) == TEXT.index("\r\n")
        assert lines.offset(99, 0) == len(TEXT)
        assert lines.offset(-1, -1) == 0
        assert lines.place(999) == Place(3, 0)
        assert lines.place(-1) == Place(0, 0)


def test_a_lines_text_stands_between_line_endings() -> None:
    lines = Lines(TEXT)
    assert [TEXT[slice(*lines.line_span(n))] for n in (-1, 0, 1, 2, 3, 99)] == [
        *("a😋b", "a😋b", "x\u2028é😋", "z", "", "")
    ]


def test_replacing_between_two_places() -> None:
    assert replaced("a😋b\nc", UTF_16, Place(0, 3), Place(1, 0), "X") == "a😋Xc"
    assert replaced("ab", UTF_16, Place(0, 2), Place(0, 0), "X") == "X"


@pytest.mark.property
@given(TEXTS, st.sampled_from(ENCODINGS))
@example("😋" * 5 + "a", UTF_16)
def test_every_offset_has_its_place_and_back(text: str, encoding: str) -> None:
    lines = Lines(text, encoding)
    document = Document(text)
    for offset in range(len(text) + 1):
        place = lines.place(offset)
        assert place.line == document.position(offset).line - 1
        if text[offset - 1 : offset + 1] != "\r\n":
            assert lines.offset(*place) == offset


@pytest.mark.property
@given(TEXTS, st.sampled_from(ENCODINGS), st.integers(-1, 9), st.integers(-1, 40))
def test_any_place_is_somewhere_in_its_line(
    text: str, encoding: str, line: int, character: int
) -> None:
    lines = Lines(text, encoding)
    offset = lines.offset(line, character)
    start, end = lines.line_span(line)
    assert start <= offset <= end or offset == len(text)


@pytest.mark.property
@given(TEXTS, st.sampled_from(ENCODINGS), st.data())
def test_characters_count_as_encoded(text: str, encoding: str, data: st.DataObject) -> None:
    offset = data.draw(st.integers(0, len(text)))
    place = Lines(text, encoding).place(offset)
    start = Lines(text, encoding).line_span(place.line)[0]
    width = {UTF_8: 1, UTF_16: 2, UTF_32: 4}[encoding]
    codec = f"{encoding}-le" if width > 1 else encoding
    raw = text[start:offset].encode(codec, "surrogatepass")
    assert place.character == len(raw) // width
