"""The floors of the library: who may import whom, and which outside library lives where."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import newsarchive
from tests.floors import FLOORS

ROOT = Path(newsarchive.__file__).parent
FILES = {path.relative_to(ROOT).as_posix(): path for path in sorted(ROOT.rglob("*.py"))}
MODULES = {
    "newsarchive"
    + "".join(f".{p}" for p in Path(name).with_suffix("").parts if p != "__init__"): name
    for name in FILES
}


@cache
def imports(name: str) -> tuple[str, ...]:
    """The modules that a file imports, wherever in it, by full name."""
    return tuple(_imports(name))


def _imports(name: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(FILES[name].read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name}: relative imports hide the floor"
            assert node.module
            inner = [f"{node.module}.{alias.name}" for alias in node.names]
            yield from (full if full in MODULES else node.module for full in inner)


def importers(library: str) -> set[str]:
    """The files that import an outside library."""
    return {name for name in FILES if library in {found.split(".")[0] for found in imports(name)}}


def folder(name: str) -> str:
    """The part of the library that a file belongs to: its folder, or itself."""
    first, _, rest = name.partition("/")
    return first if rest else first.removesuffix(".py")


class TestOutsideLibraries:
    def test_mistune_lives_in_one_module(self) -> None:
        assert importers("mistune") == {"page/parser/_blocks.py"}

    def test_pydantic_lives_in_the_models_and_what_builds_them(self) -> None:
        homes = {folder(name) for name in importers("pydantic")}
        assert homes <= {"page", "strategies"}

    def test_the_library_of_the_command_line_lives_under_cli(self) -> None:
        assert {folder(name) for name in importers("click")} == {"cli"}

    def test_hypothesis_lives_in_the_strategies(self) -> None:
        assert {folder(name) for name in importers("hypothesis")} <= {"strategies"}

    def test_patterns_of_paths_are_read_by_the_settings_alone(self) -> None:
        assert {folder(name) for name in importers("pathspec")} == {"settings"}

    def test_the_command_alone_waits_for_changes(self) -> None:
        assert importers("watchfiles") == {"cli/_watch.py"}

    def test_one_module_knows_how_wide_texts_are(self) -> None:
        assert importers("wcwidth") == {"writers/_columns.py"}

    def test_titles_alone_are_made_ascii(self) -> None:
        assert importers("text_unidecode") == {"page/titles.py"}

    def test_one_module_asks_where_caches_are(self) -> None:
        assert importers("platformdirs") == {"runs/cache_folders.py"}

    def test_the_library_of_the_language_server_lives_in_two_modules(self) -> None:
        assert importers("pygls") == {"lsp/protocol.py", "lsp/server.py"}
        assert {folder(name) for name in importers("lsprotocol")} == {"lsp"}

    def test_one_module_knows_clusters(self) -> None:
        assert importers("distributed") == {"runs/dask.py"}

    def test_there_are_no_others_and_each_is_declared(self) -> None:
        project = tomllib.loads((ROOT.parents[1] / "pyproject.toml").read_text("utf-8"))["project"]
        declared = list(project["dependencies"])
        declared += [one for extra in project["optional-dependencies"].values() for one in extra]
        known = {re.split(r"[^\w-]", name)[0].replace("-", "_") for name in declared}
        known.add("pydantic_core")  # a part of pydantic: errors of one's own are made of it
        strangers = {
            (name, module)
            for name in FILES
            for module in imports(name)
            if module.split(".")[0] not in {*known, *sys.stdlib_module_names, "newsarchive"}
        }
        assert strangers == set()


NUMBERS = {part: number for number, parts in FLOORS for part in parts}


def edges() -> dict[str, set[str]]:
    """For each file the files of the library that it imports: lazily, for types, or at once."""
    found = {name: {MODULES[m] for m in imports(name) if m in MODULES} - {name} for name in FILES}
    del found["__init__.py"]  # what is public; it imports on demand, for whoever asks
    return found


class TestFloors:
    def test_every_part_has_its_floor(self) -> None:
        assert {folder(name) for name in FILES} == NUMBERS.keys()

    def test_there_are_at_most_ten(self) -> None:
        assert len({number for number, _ in FLOORS}) <= 10

    def test_no_import_goes_up_nor_to_a_neighbour(self) -> None:
        wrong = [
            f"{name} -> {target}"
            for name, targets in edges().items()
            for target in targets
            if folder(name) != folder(target)
            and NUMBERS[folder(target)] >= NUMBERS[folder(name)]
            and (name, target) != ("reading.py", "page/reading.py")
        ]
        assert sorted(wrong) == []

    def test_there_is_no_circle_of_files(self) -> None:
        assert cycle(edges()) == []

    def test_models_know_neither_text_nor_parser(self) -> None:
        for name in FILES:
            if name.startswith("page/models/"):
                known = {MODULES[m] for m in imports(name) if m in MODULES}
                rooms = ("editions", "path_laws", "paths", "patterns", "sections")
                allowed = {f"page/{room}.py" for room in rooms}
                assert all(n in allowed or n.startswith("page/models/") for n in known), name

    def test_the_parser_knows_no_rendering(self) -> None:
        for name in FILES:
            if name.startswith("page/parser/"):
                assert "newsarchive.page.rendering" not in set(imports(name))

    def test_only_few_modules_touch_the_disk(self) -> None:
        callers = {
            name
            for name, path in FILES.items()
            if folder(name) not in ("cli", "store", "__main__") and opens_files(path)
        }
        runs = {f"runs/{name}.py" for name in ("cache", "executors")}
        assert callers <= {"rules/_packages.py", *runs}


def opens_files(path: Path) -> bool:
    """Whether a file's code opens, lists or writes files."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            if called in ("open", "os.open", "os.scandir", "os.listdir", "io.open"):
                return True
            if called.endswith((".read_bytes", ".read_text", ".write_bytes", ".write_text")):
                receiver = called.rpartition(".")[0]
                # What is an archive, or a view of one, asks its store.
                views = ("archive", "self", "self.archive", "self._archive", "self._answers")
                if receiver not in views:
                    return True
    return False


def cycle(edges: dict[str, set[str]]) -> list[str]:
    """The files of a cycle of imports, or nothing."""
    left = {name: set(targets) for name, targets in edges.items()}
    while left:
        free = [name for name, targets in left.items() if not targets & left.keys()]
        if not free:
            return sorted(left)
        for name in free:
            del left[name]
    return []


def test_the_test_itself_sees_imports() -> None:
    assert "newsarchive.page.document" in set(imports("page/reading.py"))
    assert "mistune.block_parser" in set(imports("page/parser/_blocks.py"))
    assert MODULES["newsarchive.rules.links"] == "rules/links.py"
    assert cycle({"a": {"b"}, "b": {"c"}, "c": {"b"}}) == ["a", "b", "c"]


@pytest.mark.parametrize("name", FILES)
def test_no_file_is_too_long_to_be_read_at_once(name: str) -> None:
    assert len(FILES[name].read_text("utf-8").splitlines()) <= 400


WHERE_PROCESSES_END = "cli/_ending.py"
"""Here, and nowhere else, a bug becomes an exit status: after its traceback, and not 1."""


@pytest.mark.parametrize("name", sorted(FILES.keys() - {WHERE_PROCESSES_END}))
def test_nothing_catches_every_exception(name: str) -> None:
    for node in ast.walk(ast.parse(FILES[name].read_text("utf-8"))):
        if isinstance(node, ast.ExceptHandler):
            assert node.type is not None, f"{name}:{node.lineno}"
            caught = ast.unparse(node.type)
            last_line = caught == "BaseException" and isinstance(node.body[-1], ast.Raise)
            assert caught not in ("Exception", "BaseException") or last_line


CODE = re.compile(r"\bNA[0-9]{1,3}\b")


@pytest.mark.parametrize("name", [name for name in FILES if folder(name) != "rules"])
def test_no_code_is_named_but_by_its_rule(name: str) -> None:
    """What others need to know of a rule is a property of it."""
    tree = ast.parse(FILES[name].read_text("utf-8"))
    named = [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        # Sentences for people may name one as an example.
        if CODE.fullmatch(node.value)
    ]
    assert named == []
