"""Words have one meaning: classes that carry a word of the glossary stand in its row."""

import ast
import re
from collections import Counter
from pathlib import Path

import newsarchive

SOURCE = Path(newsarchive.__file__).parent
GLOSSARY = Path(__file__).parents[1] / "docs" / "glossary.md"
_ROW = re.compile(r"^\| \*\*(?P<words>.+?)\*\* \|[^|]+\|[^|]*\|(?P<classes>[^|]*)\|$", re.MULTILINE)
CLASSES = [
    node.name
    for file in sorted(SOURCE.rglob("*.py"))
    for node in ast.walk(ast.parse(file.read_text("utf-8")))
    if isinstance(node, ast.ClassDef)
]


def rows() -> dict[str, set[str]]:
    """The classes that the glossary names for each word that is one."""
    found: dict[str, set[str]] = {}
    for row in _ROW.finditer(GLOSSARY.read_text("utf-8")):
        for word in row["words"].split(","):
            found[word.strip().lower()] = set(re.findall(r"`(\w+)`", row["classes"]))
    return found


def words_of(name: str) -> list[str]:
    """The words of a class's name, as the glossary writes them."""
    known = rows()
    words = [word.lower() for word in re.findall(r"[A-Z][a-z]+", name)]
    return [word if word in known else word.removesuffix("s") for word in words]


def test_every_row_is_read() -> None:
    text = GLOSSARY.read_text("utf-8")
    assert len(_ROW.findall(text)) == len(re.findall(r"^\| \*\*", text, re.MULTILINE)) > 50


def test_a_class_with_a_word_of_the_glossary_stands_in_its_row() -> None:
    known = rows()
    missing = [
        f"{name} carries {word!r}: if it means that, name it there; else call it otherwise"
        for name in CLASSES
        for word in words_of(name)
        if word in known and name not in known[word]
    ]
    assert missing == []


def test_the_glossary_names_no_class_that_is_gone() -> None:
    assert {name for classes in rows().values() for name in classes} <= set(CLASSES)


def test_no_two_classes_have_one_name() -> None:
    assert [name for name, count in Counter(CLASSES).items() if count > 1] == []


def test_the_words_are_in_order() -> None:
    found = [row["words"].lower() for row in _ROW.finditer(GLOSSARY.read_text("utf-8"))]
    assert found == sorted(found)
