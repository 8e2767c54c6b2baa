"""Lines are what the standard library writes of each row."""

import json

from hypothesis import example, given
from hypothesis import strategies as st

from newsarchive.tables.jsonl import encode
from newsarchive.tables.schema import TABLES, columns_of

TEXTS = st.text(st.sampled_from('ab, "\\/\t\n\x1f\x7f\x80é\u2028龙\U0001f409'))
ROWS = st.tuples(TEXTS, st.just(1), TEXTS, st.none() | TEXTS, st.lists(TEXTS).map(tuple))


@given(st.lists(ROWS, min_size=1))
@example([("plain", 1, 'a "b"', None, ("c", "d")), ("plain", 2, "\\", "e", ())])
@example([("plain", 1, 'a "b"\x7f', None, ("c", 'd"')), ("plain", 2, "\t", "é", ())])
def test_of_texts_of_all_kinds(
    drawn: list[tuple[str, int, str, str | None, tuple[str, ...]]],
) -> None:
    rows = [(page, "", n, title, "", topic, None, terms) for page, n, title, topic, terms in drawn]
    names = TABLES["entries"].row._fields
    said = [dict(zip(names, row, strict=True)) for row in rows]
    written = encode(TABLES["entries"], columns_of(TABLES["entries"], rows)).decode()
    assert written == "".join(f"{json.dumps(one, ensure_ascii=False)}\n" for one in said)
