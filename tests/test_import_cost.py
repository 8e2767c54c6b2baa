"""What starting costs: heavy libraries are imported where they are used, not before."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.builders import uncounted

pytestmark = pytest.mark.slow

HEAVY = (
    *("asyncio", "click", "dask", "distributed", "fsspec", "hypothesis", "lsprotocol", "mistune"),
    *("multiprocessing", "networkx", "obstore", "pyarrow", "pydantic", "pygls", "rich", "sqlite3"),
    "wcwidth",
)


_TELL = f"""
def tell():
    print(*sorted({set(HEAVY)!r} & sys.modules.keys()), file=sys.stderr)
atexit.register(tell)
"""


def imported(code: str, *args: str, env: dict[str, str] | None = None) -> set[str]:
    """The heavy libraries that a fresh interpreter has imported after some code."""
    script = f"import atexit, sys\nsys.argv[0] = 'newsarchive'\n{_TELL}\n{code}"
    done = subprocess.run(
        [sys.executable, "-c", script, *args],
        capture_output=True, text=True, check=False, env={**uncounted(), **(env or {})},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return set(done.stderr.split("\n")[-2].split())


RUN = "from newsarchive.cli import main\nmain()"


def test_importing_the_library_imports_nothing_heavy() -> None:
    assert imported("import newsarchive") == set()


def test_neither_does_looking_round_in_it() -> None:
    assert imported("import newsarchive as na\ndir(na), na.__all__, na.__version__") == set()


def test_errors_severities_and_paths_need_no_models() -> None:
    code = "import newsarchive as na\nna.NewsArchiveError, na.Severity, na.PageKind, na.slugify"
    assert imported(code) == set()


def test_opening_an_archive_needs_neither_rules_nor_parser() -> None:
    assert imported("import newsarchive as na\nna.Archive, na.find_root, na.InboundLink") == set()


@pytest.mark.parametrize("args", [["--version"], ["--help"], ["-h"]])
def test_the_commands_own_help_needs_no_more_than_click(args: list[str]) -> None:
    assert imported(RUN, *args) <= {"click"}


def test_completing_a_commands_name_needs_no_more_than_click() -> None:
    env = {
        "_NEWSARCHIVE_COMPLETE": "bash_complete",
        "COMP_WORDS": "newsarchive che",
        "COMP_CWORD": "1",
    }
    assert imported(RUN, env=env) <= {"click"}


@pytest.mark.parametrize("command", ["rules", "explain", "completion"])
def test_the_help_of_a_small_command_needs_no_parser(command: str) -> None:
    assert imported(RUN, command, "--help").isdisjoint({"mistune", "pydantic"})


def test_a_check_needs_none_of_the_extras() -> None:
    archive = str(Path(__file__).parents[1] / "examples/archive")
    assert imported(RUN, "check", archive, "--no-cache", "-q").isdisjoint(
        {"dask", "distributed", "fsspec", "networkx", "obstore", "pyarrow"}
    )


@pytest.mark.parametrize("command", ["check", "export", "fmt", "lsp", "show"])
def test_the_help_of_a_command_needs_no_more_than_click(command: str) -> None:
    assert imported(RUN, command, "--help") <= {"click"}


def test_a_check_that_finds_nothing_needs_nothing_to_write_with() -> None:
    code = f"import atexit\natexit.register(lambda: print('shutil' in sys.modules))\n{RUN}"
    script = f"import sys\nsys.argv[0] = 'newsarchive'\n{code}"
    folder = Path(__file__).parents[1] / "examples/archive/news/2016/02/27"
    page = folder / "freight-train-derails-at-quillan.md"
    done = subprocess.run(
        [sys.executable, "-c", script, "check", page, "--no-cache", "--jobs", "1", "-q"],
        capture_output=True, text=True, check=False, env=uncounted(),
    )  # fmt: skip
    assert (done.stdout, done.returncode) == ("False\n", 0)


def test_a_check_of_a_sound_page_needs_no_parser_and_no_finished_dataclass() -> None:
    archive = Path(__file__).parents[1] / "examples/archive"
    page = next((archive / "news/2016/02/27").glob("a-*.md"))
    code = "import newsarchive as na, sys\nna.check(sys.argv[1])\n"
    code += "assert 'dataclasses' not in sys.modules"
    assert imported(code, str(page)) == set()


def test_a_plain_check_of_a_sound_page_starts_without_click() -> None:
    archive = Path(__file__).parents[1] / "examples/archive"
    page = next((archive / "news/2016/02/27").glob("a-*.md"))
    code = "import atexit\natexit.register(lambda: print('inspect' in sys.modules))\n"
    script = f"import sys\nsys.argv[0] = 'newsarchive'\n{code}{RUN}"
    args = [sys.executable, "-c", script, "check", str(page), "--no-cache", "-q"]
    done = subprocess.run(args, capture_output=True, text=True, check=False, env=uncounted())
    assert (done.stdout.split("\n")[-2], done.stderr, done.returncode) == ("False", "", 0)
    assert imported(RUN, "check", str(page), "--no-cache") == set()


def test_models_need_no_parser_and_the_library_no_command_line() -> None:
    assert imported("import newsarchive as na\nna.Event") == {"pydantic"}
    assert imported("import newsarchive as na\nna.parse('# x')") == {"pydantic"}
    odd = "import newsarchive as na\nna.inspect('# x', path='/news/2016/03/2/a.md')"
    assert "mistune" in imported(odd)
