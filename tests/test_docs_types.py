"""The examples of the documentation keep to their types, as mypy's strict mode has them."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parent.parent
EXAMPLE = re.compile(r"^```python[^\n]*\n(.*?)^```$", re.M | re.S)
MOST_LINES = 6


def pages() -> dict[str, list[str]]:
    """The examples of each page."""
    files = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
    found = {file: EXAMPLE.findall(file.read_text("utf-8")) for file in files}
    return {str(file.relative_to(ROOT)): examples for file, examples in found.items() if examples}


def test_examples_pass_mypy_strict(tmp_path: Path) -> None:
    pytest.importorskip("mypy", reason="no mypy (dependency group dev)")
    names = {}
    for number, (page, examples) in enumerate(pages().items()):
        file = tmp_path / f"page_{number}.py"
        file.write_text("\n\n".join(examples), "utf-8")
        names[file.name] = page
    line = (sys.executable, "-m", "mypy", "--strict", "--config-file", ROOT / "pyproject.toml")
    done = subprocess.run(
        [*line, "--cache-dir", ROOT / ".mypy_cache", *sorted(tmp_path.glob("*.py"))],
        cwd=ROOT, env={**os.environ, "MYPYPATH": str(ROOT / "examples/import_portal")},
        capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    told = re.sub(r"\S*(page_\d+\.py)", lambda m: names[m[1]], done.stdout)
    assert done.returncode == 0, told + done.stderr


def test_nine_programs_are_short() -> None:
    text = (ROOT / "docs/how-to/recipes-for-researchers.md").read_text("utf-8")
    programs = text.partition("## Nine programs\n")[2].partition("\n## ")[0].split("\n### ")[1:]
    assert len(programs) == 9
    for program in programs:
        [code] = EXAMPLE.findall(program)
        lines = [line for line in code.split("\n") if line.strip()]
        assert len(lines) <= MOST_LINES, program


@pytest.mark.parametrize("page", ["make-a-feed", "write-json-ld"])
def test_what_says_twenty_lines_has_no_more(page: str) -> None:
    [code] = EXAMPLE.findall((ROOT / f"docs/how-to/{page}.md").read_text("utf-8"))
    assert len([line for line in code.split("\n") if line.strip()]) <= 20
