"""The promised interface: one sorted list of names, each documented and where it says it is."""

import ast
import importlib
import inspect
import pkgutil
import re
import subprocess
import sys
from enum import Enum
from pathlib import Path
from types import ModuleType

import pytest
from pydantic import BaseModel

import newsarchive as na

SOURCE = Path(na.__file__)
PROMISED = {
    "ALL_RULES", "Archive", "Change", "DayIndex", "Diagnostic", "Editorial", "Event", "FrontPage",
    "InvalidPageError", "NewsArchiveError", "OpinionIndex", "ProsePage", "RelatedLink", "Report",
    "Severity", "Source", "check", "check_text", "inspect", "json_schema", "parse", "render",
}  # fmt: skip
"""Names that documents and users rely on; they may gain company, but never go."""


def typed_imports() -> dict[str, str]:
    """Names that the package imports for type checkers, and the modules they come from."""
    found: dict[str, str] = {}
    for node in ast.parse(SOURCE.read_text("utf-8")).body:
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            for statement in node.body:
                assert isinstance(statement, ast.ImportFrom)
                assert statement.module
                for alias in statement.names:
                    assert alias.asname is None
                    found[alias.name] = statement.module
    return found


def modules() -> list[str]:
    walked = pkgutil.walk_packages(na.__path__, "newsarchive.")
    return [m.name for m in walked if not m.name.endswith("__main__")]


def test_all_is_sorted_and_says_each_name_once() -> None:
    assert na.__all__ == sorted(set(na.__all__))


def test_type_checkers_see_exactly_these_names() -> None:
    assert sorted([*typed_imports(), "__version__"]) == na.__all__


def test_names_come_from_where_type_checkers_are_told() -> None:
    homes = {name: f"newsarchive.{home}" for name, home in na._HOME.items()}
    assert homes == typed_imports()


def test_dir_shows_them_and_nothing_else() -> None:
    assert dir(na) == na.__all__


def test_what_is_promised_is_there() -> None:
    assert set(na.__all__) >= PROMISED


@pytest.mark.parametrize("name", na.__all__)
def test_every_name_can_be_imported_and_says_what_it_is(name: str) -> None:
    value = getattr(na, name)
    if inspect.isclass(value):
        assert value.__doc__
        assert value.__module__.startswith("newsarchive")
        inherited = next((b.__doc__ for b in value.__mro__[1:] if b.__doc__), None)
        assert value.__doc__ != inherited, "the docstring is only that of the class above"
    elif callable(value):
        assert value.__doc__
        assert value.__module__.startswith("newsarchive")


def test_a_star_import_gives_them_all() -> None:
    given: dict[str, object] = {}
    exec("from newsarchive import *", given)
    assert given.keys() >= set(na.__all__)


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match=r"module 'newsarchive' has no attribute 'no_such'"):
        _ = na.no_such
    assert not hasattr(na, "read")


def test_a_name_is_looked_up_once() -> None:
    assert na.parse is na.parse
    assert "parse" in vars(na)


@pytest.mark.slow
def test_no_submodule_takes_the_place_of_a_public_name() -> None:
    code = (
        "import importlib, sys, types\n"
        "for name in sys.argv[1:]: importlib.import_module(name)\n"
        "import newsarchive as na\n"
        "print([n for n in na.__all__ if isinstance(getattr(na, n), types.ModuleType)])\n"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code, *modules()],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.stdout, done.stderr) == ("[]\n", "")


@pytest.mark.parametrize("name", modules())
def test_every_module_says_what_it_is_for(name: str) -> None:
    module = importlib.import_module(name)
    assert isinstance(module, ModuleType)
    assert module.__doc__
    assert module.__doc__.strip()


def public_classes() -> list[type]:
    found = [getattr(na, name) for name in na.__all__]
    return [value for value in found if inspect.isclass(value)]


@pytest.mark.parametrize("cls", public_classes(), ids=lambda cls: cls.__name__)
def test_every_public_method_and_property_has_a_docstring(cls: type) -> None:
    bare = [
        name
        for name, value in vars(cls).items()
        if not name.startswith("_")
        and (inspect.isfunction(value) or isinstance(value, property | classmethod))
        and not inspect.getdoc(value)
    ]
    assert bare == []


@pytest.mark.parametrize(
    "cls",
    [c for c in public_classes() if issubclass(c, BaseModel) and not issubclass(c, Enum)],
    ids=lambda cls: cls.__name__,
)
def test_every_field_of_a_model_is_described(cls: type[BaseModel]) -> None:
    text = cls.__doc__ or ""
    missing = [name for name in cls.model_fields if name not in text]
    assert missing == []


def test_the_version_is_a_release() -> None:
    parts = na.__version__.split(".")
    assert len(parts) == 3
    assert all(part.isdigit() for part in parts)


def test_the_package_says_that_it_is_typed() -> None:
    assert (SOURCE.parent / "py.typed").is_file()


def signatures() -> dict[str, str]:
    """The annotations of all that the public names promise, as text."""
    found: dict[str, str] = {}
    homes = [
        na,
        *(importlib.import_module(f"newsarchive.{name}") for name in ("rules", "settings")),
    ]
    for home in homes:
        for name in home.__all__:
            value = getattr(home, name)
            members = vars(value).items() if inspect.isclass(value) else [("", value)]
            for member, inner in members:
                inner = getattr(inner, "fget", inner) or inner
                inner = getattr(inner, "__func__", inner)
                if inspect.isfunction(inner) and (
                    not member.startswith("_") or member == "__init__"
                ):
                    for place, words in inspect.get_annotations(inner).items():
                        found[f"{name}.{member}({place})"] = str(words)
    return found


def test_what_stands_in_public_signatures_is_public() -> None:
    public = {*na.__all__}
    for home in ("rules", "settings"):
        public |= {*importlib.import_module(f"newsarchive.{home}").__all__}
    own = {
        name: module
        for module in modules()
        for name, value in vars(importlib.import_module(module)).items()
        if inspect.isclass(value) and value.__module__.startswith("newsarchive")
    }
    private = {
        f"{where}: {word}"
        for where, words in signatures().items()
        if not where.startswith("Reading.")  # the library's own view of a page, which may change
        for word in re.findall(r"\b[A-Z]\w+", words)
        if word in own and word not in public
    }
    assert private == set()
