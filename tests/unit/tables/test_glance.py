"""The short way to rows makes the rows that the long way makes, and takes nearly every page."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from pydantic import TypeAdapter

import newsarchive as na
from newsarchive import strategies as nas
from newsarchive.page.editions import EN, ZH
from newsarchive.tables.glance import Glance, glances, host_of
from newsarchive.tables.jsonl import encode
from newsarchive.tables.rows import PageParts, rows_of
from newsarchive.tables.schema import (
    TABLES,
    Columns,
    Row,
    columns_of,
    extend_by_rows,
    no_rows,
)
from newsarchive.tables.together import add_rows
from tests.builders import DAY_PATH, OPENS, PAGE, PATH, SMALL_ARCHIVE, day_index, event, spoiled
from tests.editions import of_editions

OF_PAGES = tuple(name for name in TABLES if name not in ("findings", "meta"))
FILES = frozenset(SMALL_ARCHIVE)
TOPICS = {PATH: "Piers"}
EXAMPLES = Path(__file__).parents[3] / "examples"
NEWER = "\nFormats: [HTML](/a.html)  [JSON](/news/2016/03/2/index.md)  [XML](/c.xml)  \n\n"


def glance(path: str, data: bytes | OSError, edition: na.Edition = EN) -> Glance | None:
    """What is seen of a page, if its layout can be proved."""
    seen = glances({path: data}, edition, {path.rpartition("/")[0]: TOPICS}).get(path)
    return seen if seen and not seen.sound.parts.changes else None


def ways(
    path: str, data: bytes, edition: na.Edition
) -> tuple[dict[str, list[Row]], dict[str, list[Row]]] | None:
    """The rows of a page by either way; None where only the long one is open."""
    seen = glance(path, data, edition)
    if seen is None:
        return None
    short = {name: no_rows(TABLES[name]) for name in OF_PAGES}
    add_rows([seen], FILES, short)
    page = PageParts(path, data, FILES, edition, TOPICS)
    long = {name: [*rows_of(page, name)] for name in OF_PAGES}
    models = columns_of(TABLES["models"], long["models"])
    assert as_json(short.pop("models")) == as_json(models)
    del long["models"]
    return {name: [*zip(*made, strict=True)] for name, made in short.items()}, long


def as_json(models: Columns) -> Any:
    """Models as those who read JSON lines have them."""
    return json.loads(encode(TABLES["models"], models))


def same(path: str, text: str, edition: na.Edition = EN) -> bool:
    """Whether the short way is open; both lead to the same rows then."""
    found = ways(path, text.encode(), edition)
    if found is None:
        return False
    assert found[0] == found[1]
    return True


@pytest.mark.property
@given(of_editions(lambda one: nas.nearly_page_texts(edition=one) | nas.page_texts(edition=one)))
def test_nearly_pages(drawn: tuple[na.Edition, tuple[str, str]]) -> None:
    edition, page = drawn
    same(*page, edition)


@pytest.mark.property
@given(of_editions(lambda one: nas.events(edition=one) | nas.day_indexes(edition=one)))
def test_pages(drawn: tuple[na.Edition, na.Event | na.DayIndex]) -> None:
    edition, page = drawn
    for path in {page.path, PATH if isinstance(page, na.Event) else DAY_PATH}:
        same(path, na.render(page), edition)


@pytest.mark.property
@given(nas.nearly_page_texts())
def test_models_give_back_every_page(drawn: tuple[str, str]) -> None:
    path, text = drawn
    gives_back(path, text.encode())


@pytest.mark.property
@given(nas.pages())
def test_models_give_back_every_page_that_can_be_built(page: na.Page) -> None:
    assert gives_back(page.path or PATH, na.render(page).encode()) or not page.path


def gives_back(path: str, data: bytes) -> bool:
    """Whether a page comes back from its model as JSON; where it does not, its text is there."""
    models = no_rows(TABLES["models"])
    seen = glance(path, data)
    if seen:
        add_rows([seen], FILES, {"models": models})
    else:
        extend_by_rows(models, rows_of(PageParts(path, data, FILES), "models"))
    found = json.loads(encode(TABLES["models"], models))
    assert found["path"] == path
    if found["text"] is not None:
        assert found["text"].encode() == data
        return False
    page: na.Page = TypeAdapter(na.Page).validate_python(found["model"])
    assert na.render(page).encode() == data
    return True


@pytest.mark.parametrize("name", ["archive", "faulty"])
def test_samples_mostly_take_it(name: str) -> None:
    archive = na.Archive(EXAMPLES / name)
    taken = [same(path, archive.read_bytes(path).decode("utf-8", "replace")) for path in archive]
    assert sum(taken) > 0.5 * len(taken)


PLAIN = event(
    description="Nobody was hurt.",
    sources=[
        "[ Harbour Post ](HTTP://Post.example.org:80/pier)",
        "[x](no address)".replace(" ", ""),
    ],
    related=[f"[The pier opens. ]({OPENS}#top) _Context: pier, Veldania_", "[Gone.](/gone.md)"],
)
INDEX = (
    day_index("2016-03-2", [("The pier burns. ", PATH)])
    + f"##### Piers\n### [Ropes. ]({OPENS})\n_Context: pier, Veldania_\n\n"
    + "### [Rain.](/rain.md)\nIt rains.\n\n## [Previous Day...](/news/2016/02/29/index.md)\n\n"
)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (PATH, PLAIN),
        (PATH, PLAIN + "\n"),
        (PATH, spoiled("_Context: pier, Veldania_", "_Context: _", PLAIN)),
        ("/news/2016/03/2/x\N{LATIN SMALL LETTER E WITH ACUTE}.md", PLAIN),
        (PATH, NEWER + PLAIN.replace("### Source:", "### Sources:")),
        (PATH, PLAIN.replace("# The", "##### \n# The")),
        (PATH, PLAIN.replace("# The", "#####  Fires \n#  The")),
        (PATH, event(sources=["[Post](https://a.example.org/)", "[Cover Image](https://b.example/c.jpg)"])
         .replace("2. [Cover", "1. [Cover")),
        (PATH, event(sources=[])),
        (PATH, event(sources=[], description="All is well.")),
        (DAY_PATH, INDEX),
        (DAY_PATH, NEWER + INDEX),
        (DAY_PATH, INDEX.partition("## [Prev")[0]),
    ],
)  # fmt: skip
def test_what_takes_it(path: str, text: str) -> None:
    assert same(path, text)


def test_what_an_edition_has_before_paths_does() -> None:
    for head in ("", NEWER):
        text = head + day_index("2016-03-2", [("The pier burns. ", PATH)])
        assert same(DAY_PATH, text, ZH)
        assert same(DAY_PATH, text.replace("](/news", f"]({ZH.base}/news"), ZH)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (PATH, PAGE),  # with changes
        (OPENS, PLAIN),  # of another day
        ("/news/2016/3/2/x.md", PLAIN),
        (PATH, PLAIN.replace("\n", "\r\n")),
        (PATH, "\ufeff" + PLAIN),
        (PATH, spoiled("1. [The pier opens. ](", "1. [The pier opens. (", PLAIN)),
        (PATH, spoiled("# The pier burns.", "#  ", PLAIN)),
        (PATH, spoiled("2. [Gone", "7. [Gone", PLAIN)),
        (PATH, event(sources=["[Post](https://a.example/)", "[Cover Image](https://b.example/)"])),
        (PATH, spoiled("### Related:", "### Relatedd:", PLAIN)),
        (DAY_PATH, INDEX + "More.\n"),
        (DAY_PATH, "## [2016-03-2](/news/2016/03/2/index.md)\n\n"),
    ],
)
def test_what_does_not(path: str, text: str) -> None:
    assert not same(path, text)


def test_what_is_no_text_does_not() -> None:
    assert glance(PATH, b"\xff") is None
    assert glance(PATH, OSError(13, "Permission denied")) is None


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://Post.example.org/pier", "post.example.org"),
        ("http://post.example.org:80/", "post.example.org"),
        ("https://user@post.example.org", "post.example.org"),
        ("no address", None),
        ("http://[bad", None),
        ("", None),
    ],
)
def test_hosts(url: str, host: str | None) -> None:
    assert host_of(url) == host
