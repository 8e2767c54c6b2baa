"""The JSON Schema and the models admit the same: any JSON near a page, in both directions."""

import copy
import json
import re
from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

import newsarchive as na
from newsarchive import strategies
from newsarchive.page.models._text import line_fault
from newsarchive.page.paths import PageKind, is_day_folder, kind_of
from newsarchive.page.sections import BLANK, INNER_BLANK
from newsarchive.strategies._parts import blanks, event_paths, lines
from tests.builders import PATHS

pytestmark = pytest.mark.property

SCHEMA = na.json_schema()
ANY = TypeAdapter(na.Page)
MODELS = {
    model.__name__: model
    for model in (
        na.Change, na.CoverImage, na.DayIndex, na.Editorial, na.Event, na.EventLayout,
        na.FormatLinks, na.FrontPage, na.FrontSection, na.IndexEntry, na.IndexLayout,
        na.OpinionIndex, na.ProsePage, na.RelatedLink, na.Source,
    )
}  # fmt: skip
VALIDATORS = {
    name: jsonschema.Draft202012Validator({"$ref": f"#/$defs/{name}", "$defs": SCHEMA["$defs"]})
    for name in MODELS
}
ANY_PAGE = jsonschema.Draft202012Validator(SCHEMA)

texts = st.one_of(
    lines,
    st.text(st.sampled_from(" \n\r\t\x1c\x85\u2028#-_a()[]0"), max_size=9),
    st.sampled_from(
        ["", "Cover Image", "](", "---", " --- ", "# a", "#", "a\n#\tb", "a\n\nb", "_Context: a_",
         "true", "0", "Source", "\n", "\n\n", "#####\n", "##### a\n\n", "\ufeffa", "a, b",
         "2016-02-29", "2015-02-29", "1900-02-29", "2000-02-29", "0000-01-01", "0004-02-29",
         "2016-03-02T10:00:05", "2016-03-02 10:00:05Z", "2016-04-31", "9999-12-31", *PATHS]
    ),
    event_paths,
    st.builds("/news/{}/{}/{}/{}".format, *[st.sampled_from(["1", "02", "2016", "１", ""])] * 3,
              st.sampled_from(["index.md", "README.md", "index.md\n", "a.md", ""])),
    st.builds("{}{}".format, blanks, lines),
)  # fmt: skip
values = st.one_of(
    texts,
    st.none() | st.booleans() | st.integers(-1, 2) | st.sampled_from([1456444800, 1.0, 0.5]),
    st.lists(texts, max_size=3),
    st.just({}),
)


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Each container in a JSON value, with each of its keys."""
    keys: list[Any] = list(value) if isinstance(value, dict) else []
    keys = list(range(len(value))) if isinstance(value, list) else keys
    for key in keys:
        yield value, key
        yield from places(value[key])


@st.composite
def near_pages(draw: st.DrawFn) -> tuple[str, Any]:
    """The name of a model, and JSON that is one, or nearly."""
    page = draw(strategies.pages())
    found = json.loads(page.model_dump_json())
    name = type(page).__name__
    for _ in range(draw(st.integers(0, 3))):
        spots = [*places(found)]
        if not spots:
            break
        container, key = draw(st.sampled_from(spots))
        change = draw(st.sampled_from(["set", "drop", "swap", "double", "add"]))
        other, from_key = draw(st.sampled_from(spots))
        if change == "drop":
            del container[key]
        elif change == "swap":
            container[key] = copy.deepcopy(other[from_key])
        elif change == "double" and isinstance(container, list):
            container.insert(key, copy.deepcopy(container[key]))
        elif change == "add" and isinstance(container, dict):
            container[draw(st.sampled_from(["more", "text", "date", "name"]))] = draw(values)
        else:
            container[key] = draw(values)
    parts = [("", found)] + [("", holder[key]) for holder, key in places(found)]
    if draw(st.booleans()):
        return name, found
    return draw(st.sampled_from(sorted(MODELS))), draw(st.sampled_from(parts))[1]


def admitted(name: str, value: Any) -> Any:
    """What a model makes of JSON; None where it refuses it."""
    try:
        return MODELS[name].model_validate_json(json.dumps(value))
    except ValidationError:
        return None


@given(near_pages())
def test_a_model_admits_what_the_schema_admits(drawn: tuple[str, Any]) -> None:
    name, value = drawn
    assert VALIDATORS[name].is_valid(value) == (admitted(name, value) is not None)
    try:
        ANY.validate_json(json.dumps(value))
        taken = True
    except ValidationError:
        taken = False
    assert ANY_PAGE.is_valid(value) == taken


@given(near_pages())
def test_what_a_model_admits_comes_back_from_its_page_and_its_json(drawn: tuple[str, Any]) -> None:
    name, value = drawn
    page = admitted(name, value)
    if page is None:
        return
    again = type(page).model_validate_json(page.model_dump_json())
    assert again == page
    assert VALIDATORS[name].is_valid(json.loads(page.model_dump_json()))
    if isinstance(page, na.Page) and page.path:
        assert na.parse(na.render(page), page.path) == page


@given(texts | st.lists(texts, max_size=3).map("\n".join))
def test_a_description_is_what_no_line_forbids(text: str) -> None:
    sound = (
        "\r" not in text
        and text == text.strip()
        and not (text and any(map(line_fault, text.split("\n"))))
    )
    made = admitted("Event", {"date": "2016-03-02", "title": "T", "description": text})
    assert (made is not None) == sound


@given(texts)
def test_a_page_has_a_path_of_its_kind(path: str) -> None:
    kinds = {
        "Event": {PageKind.EVENT}, "DayIndex": {PageKind.DAY_INDEX},
        "FrontPage": {PageKind.FRONT_PAGE}, "OpinionIndex": {PageKind.OPINION_INDEX},
        "Editorial": {PageKind.EDITORIAL}, "ProsePage": {PageKind.PROSE, PageKind.EDITORIAL},
    }  # fmt: skip
    needed = {"date": "2016-03-02", "title": "T", "author": "A", "text": "", "sections": [
        {"name": "N"}
    ]}  # fmt: skip
    for name, allowed in kinds.items():
        known = MODELS[name].model_fields
        made = admitted(name, {k: v for k, v in needed.items() if k in known} | {"path": path})
        linkable = admitted("CoverImage", {"url": path}) is not None
        allowed_here = not path or (kind_of(path) in allowed and can_be_held(path))
        assert (made is not None) == (linkable and allowed_here)


def can_be_held(path: str) -> bool:
    """Whether a path of a day's page is that of a day of the calendar, and of a page."""
    folder, _, name = path.rpartition("/")
    if kind_of(path) not in (PageKind.EVENT, PageKind.DAY_INDEX):
        return True
    return is_day_folder(folder) and name.endswith(".md") and not name.startswith(".")


@given(st.characters())
def test_blanks_are_what_strings_strip(character: str) -> None:
    assert (re.fullmatch(f"[{BLANK}]", character) is not None) == character.isspace()


def test_every_blank_is_known() -> None:
    every = "".join(map(chr, range(0x11_0000)))
    assert "".join(re.findall(f"[{BLANK}]", every)) == "".join(filter(str.isspace, every))
    assert set(re.findall(f"[{INNER_BLANK}]", every)) == {*filter(str.isspace, every)} - {*"\r\n"}


def test_patterns_are_what_python_and_javascript_have_in_common() -> None:
    found = {
        holder[key] for holder, key in places(SCHEMA) if key == "pattern" and holder[key] != ""
    }
    assert len(found) > 15
    for pattern in found:
        # JavaScript refuses escapes of what needs none; others mean more characters in Python.
        assert set(re.findall(r"\\(.)", pattern)) <= {*"nrtxusS.[]()"}, pattern
        assert "\\s" not in pattern.replace("[\\s\\S]", ""), pattern
        assert pattern.startswith("^") or pattern == r"[^\n]\n$(?!\n)", pattern
