"""The floors of the library: who may import whom, and which outside library lives where."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

import newsarchive

ROOT = Path(newsarchive.__file__).parent
FILES = {path.relative_to(ROOT).as_posix(): path for path in sorted(ROOT.rglob("*.py"))}
MODULES = {
    "newsarchive"
    + "".join(f".{p}" for p in Path(name).with_suffix("").parts if p != "__init__"): name
    for name in FILES
}


def imports(name: str, *, typing_only: bool = True) -> Iterator[str]:
    """The modules that a file imports, wherever in it, by full name.

    Args:
        name: the file, below the package.
        typing_only: whether imports under ``if TYPE_CHECKING`` count.
    """
    tree = ast.parse(FILES[name].read_text("utf-8"))
    pending: list[ast.AST] = [tree]
    while pending:
        node = pending.pop()
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name}: relative imports hide the floor"
            assert node.module
            inner = [f"{node.module}.{alias.name}" for alias in node.names]
            yield from (full if full in MODULES else node.module for full in inner)
        elif (
            isinstance(node, ast.If)
            and ast.unparse(node.test) == "TYPE_CHECKING"
            and not typing_only
        ):
            pending.extend(node.orelse)
            continue
        pending.extend(ast.iter_child_nodes(node))


def importers(library: str) -> set[str]:
    """The files that import an outside library."""
    return {name for name in FILES if library in {found.split(".")[0] for found in imports(name)}}


def folder(name: str) -> str:
    """The part of the library that a file belongs to: its folder, or itself."""
    first, _, rest = name.partition("/")
    return first if rest else first.removesuffix(".py")


def parts_below(name: str) -> set[str]:
    """The parts of the library that a file imports at run time, but for its own."""
    found = {
        folder(MODULES[module])
        for module in imports(name, typing_only=False)
        if module in MODULES and MODULES[module] != "__init__.py"
    }
    return found - {folder(name)}


class TestOutsideLibraries:
    def test_mistune_lives_in_one_module(self) -> None:
        assert importers("mistune") == {"parser/_blocks.py"}

    def test_pydantic_lives_in_the_models_and_what_builds_them(self) -> None:
        homes = {folder(name) for name in importers("pydantic")}
        assert homes <= {"models", "parser", "strategies"}

    def test_the_library_of_the_command_line_lives_under_cli(self) -> None:
        assert {folder(name) for name in importers("click")} == {"cli"}

    def test_hypothesis_lives_in_the_strategies(self) -> None:
        assert {folder(name) for name in importers("hypothesis")} <= {"strategies"}

    def test_patterns_of_paths_are_read_by_the_settings_alone(self) -> None:
        assert importers("pathspec") == {"settings/_kinds.py", "settings/_settings.py"}

    def test_the_command_alone_waits_for_changes(self) -> None:
        assert importers("watchfiles") == {"cli/_watch.py"}

    def test_the_cache_alone_asks_where_caches_are(self) -> None:
        assert importers("platformdirs") <= {"cache.py"}

    def test_the_library_of_the_language_server_lives_in_one_module(self) -> None:
        assert importers("pygls") == {"lsp/server.py"}
        assert {folder(name) for name in importers("lsprotocol")} == {"lsp"}

    def test_there_are_no_others_and_each_is_declared(self) -> None:
        project = tomllib.loads((ROOT.parents[1] / "pyproject.toml").read_text("utf-8"))["project"]
        declared = list(project["dependencies"])
        declared += [one for extra in project["optional-dependencies"].values() for one in extra]
        known = {re.split(r"[^A-Za-z0-9_]", requirement)[0] for requirement in declared}
        strangers = {
            (name, module)
            for name in FILES
            for module in imports(name)
            if module.split(".")[0] not in {*known, *sys.stdlib_module_names, "newsarchive"}
        }
        assert strangers == set()


GROUND = ["diagnostics.py", "document.py", "errors.py", "paths.py", "vocabulary.py"]


class TestFloors:
    LIBRARY = sorted(n for n in FILES if folder(n) not in ("cli", "lsp", "writers", "__main__"))

    @pytest.mark.parametrize("name", LIBRARY)
    def test_the_library_knows_neither_command_nor_output_formats(self, name: str) -> None:
        assert not parts_below(name) & {"cli", "writers"}

    @pytest.mark.parametrize("name", sorted(n for n in FILES if folder(n) == "writers"))
    def test_output_formats_do_not_know_the_command(self, name: str) -> None:
        assert not parts_below(name) & {"cli", "engine", "archive", "repair", "parser"}

    @pytest.mark.parametrize("name", sorted(n for n in FILES if folder(n) == "lsp"))
    def test_the_language_server_does_not_know_the_command(self, name: str) -> None:
        assert "cli" not in parts_below(name)

    @pytest.mark.parametrize("name", sorted(n for n in FILES if folder(n) == "models"))
    def test_models_know_neither_text_nor_parser(self, name: str) -> None:
        assert parts_below(name) <= {"paths", "vocabulary"}

    def test_rendering_knows_the_models_alone(self) -> None:
        assert parts_below("rendering.py") <= {"models", "paths", "vocabulary"}

    @pytest.mark.parametrize("name", sorted(n for n in FILES if folder(n) == "parser"))
    def test_the_parser_judges_nothing(self, name: str) -> None:
        assert parts_below(name) <= {"document", "models", "paths", "reading", "vocabulary"}

    @pytest.mark.parametrize("name", sorted(n for n in FILES if folder(n) == "rules"))
    def test_rules_see_the_archive_only_through_their_protocol(self, name: str) -> None:
        assert not parts_below(name) & {"archive", "engine", "scan", "files", "repair"}

    @pytest.mark.parametrize("name", GROUND)
    def test_the_ground_floor_stands_on_nothing(self, name: str) -> None:
        assert parts_below(name) == set()

    def test_only_few_modules_touch_the_disk(self) -> None:
        callers = {
            name
            for name, path in FILES.items()
            if folder(name) not in ("cli", "__main__") and opens_files(path)
        }
        allowed = {
            "archive.py", "cache.py", "collect.py", "engine.py", "files.py", "gitlog.py",
            "locking.py", "packages.py", "scan.py", "transaction.py", "tree.py",
        }  # fmt: skip
        assert callers <= allowed

    def test_there_are_no_cycles_between_files(self) -> None:
        edges = {
            name: {
                MODULES[module]
                for module in top_imports(name)
                if module in MODULES and MODULES[module] not in (name, "__init__.py")
            }
            for name in FILES
            if name != "__init__.py"
        }
        assert cycle(edges) == []


def opens_files(path: Path) -> bool:
    """Whether a file's code opens, lists or writes files."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            if called in ("open", "os.open", "os.scandir", "os.listdir", "io.open"):
                return True
            if called.endswith((".read_bytes", ".read_text", ".write_bytes", ".write_text")):
                receiver = called.rpartition(".")[0]
                # `super()` is an archive where `self` is one.
                if receiver not in ("archive", "self", "self.archive", "self._archive", "super()"):
                    return True
    return False


def top_imports(name: str) -> set[str]:
    """The modules that importing a file imports: not those within its functions."""
    found: set[str] = set()
    for node in ast.parse(FILES[name].read_text("utf-8")).body:
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            full = [f"{node.module}.{alias.name}" for alias in node.names]
            found.update(f if f in MODULES else node.module for f in full)
    return found


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
    assert "newsarchive.document" in set(imports("reading.py"))
    assert "mistune.block_parser" in set(imports("parser/_blocks.py"))
    assert MODULES["newsarchive.rules.links"] == "rules/links.py"
    assert cycle({"a": {"b"}, "b": {"c"}, "c": {"b"}}) == ["a", "b", "c"]


@pytest.mark.parametrize("name", FILES)
def test_no_file_is_too_long_to_be_read_at_once(name: str) -> None:
    assert len(FILES[name].read_text("utf-8").splitlines()) <= 400


@pytest.mark.parametrize("name", FILES)
def test_nothing_catches_every_exception(name: str) -> None:
    for node in ast.walk(ast.parse(FILES[name].read_text("utf-8"))):
        if isinstance(node, ast.ExceptHandler):
            assert node.type is not None, f"{name}:{node.lineno}"
            caught = ast.unparse(node.type)
            last_line = caught == "BaseException" and isinstance(node.body[-1], ast.Raise)
            assert caught not in ("Exception", "BaseException") or last_line
