"""Mutation testing: change the source in one place, and see whether a test notices.

    python -m tests.mutate                        a sample of all chosen modules
    python -m tests.mutate --sample 0             every mutant there is (hours)
    python -m tests.mutate --module fixes --sample 50 --seed 7
    python -m tests.mutate --only "parser/_strict.py:120:0"

Each mutant is one small change of meaning: another operator, constant, or branch, a lost
statement. The tests that say most about its module run until the first failure. What survives is
listed with its line; it is a hole in the tests, or a change that changes nothing.
"""

import argparse
import ast
import copy
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "src"
TIMEOUT = 120
UNIT, PROPERTY = "tests/unit", "tests/property"

EDITOR_ROOMS = (
    "actions", "completion", "edits", "features", "findings", "formatting", "hovering",
    "navigation", "places", "pulling", "questions", "renaming", "server", "session", "symbols",
    "whole",
)  # fmt: skip
# The rooms of the strategies, and those whose tests say most about each.
STRATEGIES = {
    "archives": ["archives", "editions"],
    "editions": ["editions", "archives", "models"],
    "models": ["models", "parts", "editions"],
    "parts": ["parts", "models", "texts"],
    "texts": ["texts", "editions"],
}
EDITOR = [
    f"{UNIT}/lsp/test_session.py",
    f"{UNIT}/lsp/test_hovering.py",
    f"{UNIT}/lsp/test_places.py",
    "tests/lsp/test_server.py",
    "tests/lsp/test_requests.py",
    "tests/lsp/test_pulling.py",
    "tests/lsp/test_inside.py",
    "tests/lsp/test_capabilities.py",
    "tests/lsp/test_messages.py",
]

# Modules, and the tests that say most about them, the quickest first.
MODULES: dict[str, list[str]] = {
    "page/parser/_grammar.py": [
        "tests/test_data.py",
        f"{UNIT}/page/test_parser_events.py",
        f"{UNIT}/page/test_parser_indexes.py",
        f"{UNIT}/page/test_parser_prose.py",
        f"{PROPERTY}/test_two_ways.py",
    ],
    "page/parser/_canonical.py": [
        "tests/test_data.py",
        f"{UNIT}/page/test_parser_events.py",
        f"{UNIT}/page/test_parser_indexes.py",
        f"{PROPERTY}/test_canonical.py",
        f"{PROPERTY}/test_two_ways.py",
        f"{PROPERTY}/test_shortcuts.py",
    ],
    "page/parser/_events.py": [
        "tests/test_data.py",
        f"{UNIT}/page/test_parser_events.py",
        f"{UNIT}/rules/test_layout.py",
        f"{PROPERTY}/test_two_ways.py",
    ],
    "page/parser/_indexes.py": [
        "tests/test_data.py",
        f"{UNIT}/page/test_parser_indexes.py",
        f"{UNIT}/rules/test_layout.py",
        f"{PROPERTY}/test_two_ways.py",
    ],
    "page/parser/_build.py": [
        "tests/test_data.py",
        f"{UNIT}/page/test_parser_events.py",
        f"{UNIT}/page/test_parser_indexes.py",
        f"{UNIT}/page/test_parser_prose.py",
        f"{UNIT}/rules/test_layout.py",
        f"{PROPERTY}/test_two_ways.py",
    ],
    "page/parser/_unchecked.py": [
        "tests/test_data.py",
        f"{UNIT}/page/test_parser_events.py",
        f"{PROPERTY}/test_canonical.py",
    ],
    "page/rendering.py": [
        "tests/test_data.py",
        f"{UNIT}/page/test_rendering.py",
        f"{UNIT}/page/test_models.py",
        f"{PROPERTY}/test_two_ways.py",
    ],
    "editing/fixes.py": [
        f"{UNIT}/editing/test_fixes.py",
        f"{UNIT}/rules/test_entries.py",
        f"{UNIT}/editing/test_repair.py",
        "tests/test_data.py",
        f"{PROPERTY}/test_repair.py",
    ],
    "graph/suggestions.py": [
        f"{UNIT}/graph/test_suggestions.py",
        f"{UNIT}/editing/test_repair.py",
        "tests/test_examples.py",
    ],
    "rules/links.py": [
        f"{UNIT}/rules/test_links.py",
        f"{UNIT}/editing/test_repair.py",
        "tests/test_data.py",
        f"{UNIT}/rules/test_catalogue.py",
        "tests/test_examples.py",
    ],
    "editing/following.py": [f"{UNIT}/editing/test_moves.py", "tests/lsp/test_requests.py"],
    **{f"lsp/{name}.py": EDITOR for name in EDITOR_ROOMS},
    "lsp/server.py": [*EDITOR, "tests/lsp/test_hostile.py"],
    **{
        f"strategies/_{room}.py": [f"{UNIT}/strategies/test_{of}.py" for of in rooms]
        for room, rooms in STRATEGIES.items()
    },
}

_COMPARED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
_COMPUTED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Add,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
    ast.Mod: ast.Add,
}


@dataclass(frozen=True)
class Mutant:
    """One change: of the `number`-th kind at a node of a module.

    Attributes:
        module: its file, below the package.
        line: where it is.
        number: which of the line's mutants it is.
        was, now: the code before and after.
        text: the module's text with the change.
    """

    module: str
    line: int
    number: int
    was: str
    now: str
    text: str

    @property
    def name(self) -> str:
        return f"{self.module}:{self.line}:{self.number}"


def changes(node: ast.AST) -> Iterator[ast.AST]:
    """What a node may become."""
    if isinstance(node, ast.Compare):
        for at, op in enumerate(node.ops):
            if type(op) in _COMPARED:
                new = copy.deepcopy(node)
                new.ops[at] = _COMPARED[type(op)]()
                yield new
    elif isinstance(node, ast.BoolOp):
        new_op = copy.deepcopy(node)
        new_op.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        yield new_op
        yield from (copy.deepcopy(value) for value in node.values)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield copy.deepcopy(node.operand)
    elif isinstance(node, ast.BinOp) and type(node.op) in _COMPUTED:
        binary = copy.deepcopy(node)
        binary.op = _COMPUTED[type(node.op)]()
        yield binary
    elif isinstance(node, ast.Constant):
        yield from (ast.Constant(value) for value in _constants(node.value))
    elif isinstance(node, ast.IfExp):
        yield copy.deepcopy(node.body)
        yield copy.deepcopy(node.orelse)
    elif isinstance(node, ast.If | ast.While):
        for value in (True, False):
            branch = copy.deepcopy(node)
            branch.test = ast.Constant(value)
            yield branch
    elif isinstance(node, ast.Return) and node.value is not None:
        if not (isinstance(node.value, ast.Constant) and node.value.value is None):
            yield ast.Return(ast.Constant(None))
    elif isinstance(node, ast.Assign | ast.AugAssign | ast.Expr | ast.Raise):
        yield ast.Pass()
    elif isinstance(node, ast.Continue):
        yield ast.Break()
    elif isinstance(node, ast.Break):
        yield ast.Continue()


def _constants(value: object) -> Iterator[str | int | bool]:
    if isinstance(value, bool):
        yield not value
    elif isinstance(value, int):
        yield value + 1
        yield value - 1
    elif isinstance(value, str):
        yield value + "X" if value else "X"
        if len(value) > 1 and any(c in value for c in "\\[(?"):
            yield from _patterns(value)


# Pieces of a pattern and what one slip of a finger makes of them.
_SLIPS = [("*", "+"), ("+", "*"), ("?", ""), ("^", ""), ("$", ""), (" ", ""), ("|", ""), ("9", "8")]
_SLIPS += [("\\n", ""), ("\\]", ""), ("1,", "2,"), ("{0,3}", ""), ("-", "")]


def _patterns(value: str) -> Iterator[str]:
    """A pattern with each of its repeats, anchors and characters changed once."""
    for old, new in _SLIPS:
        at = value.find(old)
        while at >= 0:
            yield value[:at] + new + value[at + len(old) :]
            at = value.find(old, at + len(old))


def mutants(module: str) -> list[Mutant]:
    """Every mutant of a module; docstrings, annotations and the catalogue's prose are left out."""
    tree = ast.parse((SOURCE / "newsarchive" / module).read_text("utf-8"))
    found: list[Mutant] = []
    count: Counter[int] = Counter()
    for parent, name, at, node in list(_places(tree, patterns="grammar" in module)):
        for new in changes(node):
            was = ast.unparse(node)
            ast.copy_location(new, node)
            _put(parent, name, at, new)
            text = ast.unparse(ast.fix_missing_locations(tree))
            _put(parent, name, at, node)
            line = getattr(node, "lineno", 0)
            shown = _shown(was, ast.unparse(new))
            found.append(Mutant(module, line, count[line], *shown, text))
            count[line] += 1
    return found


def _shown(was: str, now: str) -> tuple[str, str]:
    """Both, cut to what stands around their first difference."""
    first = next((i for i, (a, b) in enumerate(zip(was, now, strict=False)) if a != b), 0)
    start = max(0, first - 30)
    return repr(was[start : first + 50]), repr(now[start : first + 50])


def _places(tree: ast.AST, *, patterns: bool) -> Iterator[tuple[ast.AST, str, int | None, ast.AST]]:
    """Every node that may change, and where it hangs."""
    prose = {id(node) for call in ast.walk(tree) if _is_rule(call) for node in ast.walk(call)}
    for parent in ast.walk(tree):
        if id(parent) in prose:
            continue
        for name, value in ast.iter_fields(parent):
            if name in ("annotation", "returns", "decorator_list", "keywords") and _is_data(parent):
                continue
            many = value if isinstance(value, list) else [value]
            for at, node in enumerate(many):
                if not isinstance(node, ast.AST) or _is_docstring(node):
                    continue
                if name in ("annotation", "returns"):
                    continue
                if isinstance(parent, ast.Expr) and isinstance(node, ast.Constant):
                    continue
                if isinstance(parent, ast.Module) and isinstance(node, ast.Assign):
                    continue  # a name that is missing is found at once
                if isinstance(parent, ast.JoinedStr) and not patterns:
                    continue  # the wording of messages
                yield parent, name, at if isinstance(value, list) else None, node


def _is_rule(node: ast.AST) -> bool:
    """Whether a call makes a rule: what it says to people is looked at by other tests."""
    return isinstance(node, ast.Call) and ast.unparse(node.func) == "Rule"


def _is_data(parent: ast.AST) -> bool:
    return isinstance(parent, ast.ClassDef | ast.FunctionDef)


def _is_docstring(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _put(parent: ast.AST, name: str, at: int | None, node: ast.AST) -> None:
    if at is None:
        setattr(parent, name, node)
    else:
        getattr(parent, name)[at] = node


def preload() -> None:
    """Import what every run of tests needs, but the library: each mutant is a fork of this."""
    import hypothesis  # noqa: F401
    import markdown_it  # noqa: F401
    import mistune  # noqa: F401
    import pydantic  # noqa: F401
    import pytest  # noqa: F401


def survives(mutant: Mutant, copied: Path) -> str:
    """``survived``, ``killed``, ``timeout``, or ``stillborn`` where it does not compile."""
    try:
        compile(mutant.text, mutant.module, "exec")
    except (SyntaxError, ValueError):
        return "stillborn"
    file = copied / "newsarchive" / mutant.module
    original = file.read_text("utf-8")
    file.write_text(mutant.text, "utf-8")
    try:
        return _tested(MODULES[mutant.module], copied)
    finally:
        file.write_text(original, "utf-8")


def _tested(tests: list[str], copied: Path) -> str:
    child = os.fork()
    if not child:
        _run_tests(tests, copied)
    deadline = time.monotonic() + TIMEOUT
    while time.monotonic() < deadline:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return "survived" if os.waitstatus_to_exitcode(status) == 0 else "killed"
        time.sleep(0.02)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return "timeout"


def _run_tests(tests: list[str], copied: Path) -> None:
    """Run tests on the copied source, and end this process with pytest's status."""
    os.setsid()
    null = os.open(os.devnull, os.O_RDWR)
    for descriptor in range(3):
        os.dup2(null, descriptor)
    sys.dont_write_bytecode = True
    os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
    os.environ["PYTHONPATH"] = os.pathsep.join([str(copied), str(ROOT)])
    sys.path[:0] = [str(copied), str(ROOT)]
    os.chdir(ROOT)
    import pytest

    kept = [test for test in tests if (ROOT / test).exists()]
    base = tempfile.mkdtemp(prefix="mutant-")
    options = ["-x", "-q", "-p", "no:cacheprovider", f"--basetemp={base}/t"]
    # What is imported before the fork is no test.
    options += ["-W", "ignore:Module already imported:pytest.PytestAssertRewriteWarning"]
    status = pytest.main([*options, *kept])
    shutil.rmtree(base, ignore_errors=True)
    os._exit(int(status))


def main() -> None:
    """Try mutants and say which survived."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--module", action="append", default=[], help="part of a module's name")
    parser.add_argument("--sample", type=int, default=40, help="mutants a module; 0 means all")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", action="append", default=[], help="names of mutants")
    given = parser.parse_args()
    preload()
    results: Counter[tuple[str, str]] = Counter()
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        copied = Path(folder) / "src"
        shutil.copytree(SOURCE, copied, ignore=shutil.ignore_patterns("__pycache__"))
        for module in MODULES:
            if given.module and not any(part in module for part in given.module):
                continue
            every = mutants(module)
            chosen = [m for m in every if m.name in given.only] if given.only else every
            if not given.only and 0 < given.sample < len(every):
                chosen = random.Random(given.seed).sample(every, given.sample)
            if not given.only:
                whole = _tested(MODULES[module], copied)
                assert whole == "survived", f"the tests of {module} fail without a mutant"
            for mutant in sorted(chosen, key=lambda m: (m.line, m.number)):
                outcome = survives(mutant, copied)
                results[module, outcome] += 1
                if outcome == "survived":
                    print(f"{mutant.name}: {mutant.was}  ->  {mutant.now}", flush=True)
            counts = {o: n for (m, o), n in results.items() if m == module}
            print(f"# {module}: {len(every)} mutants, {len(chosen)} tried: {counts}", flush=True)


if __name__ == "__main__":
    main()
