"""The project's own files agree with each other."""

import os
import re
import tomllib
from pathlib import Path

import newsarchive

ROOT = Path(__file__).parent.parent


def quick_start() -> list[str]:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    section = text.split("## Quick start", 1)[1].split("\n## ", 1)[0]
    return re.findall(r"^```sh\n(.*?)^```", section, re.M | re.S)


def test_the_quick_start_is_two_commands() -> None:
    first, second = quick_start()
    assert "newsarchive check examples/archive" in first
    assert "pytest" in second
    assert first.count("\n") == second.count("\n") == 1


def test_ci_runs_the_readme_s_test_command() -> None:
    script = (ROOT / ".ci/run").read_text(encoding="utf-8").splitlines()
    assert quick_start()[1].strip() in script


def test_ci_is_a_program() -> None:
    assert os.access(ROOT / ".ci/run", os.X_OK)


def test_the_version_is_the_package_s() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["dynamic"] == ["version"]
    assert re.fullmatch(r"\d+\.\d+\.\d+", newsarchive.__version__)


def test_the_changelog_has_a_place_for_what_comes() -> None:
    assert "\n## Unreleased\n" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_releases_are_dated_and_what_comes_stands_above_them() -> None:
    headings = re.findall(r"^## (.+)$", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.M)
    assert headings[0] == "Unreleased"
    assert all(re.fullmatch(r"\d+\.\d+\.\d+ \(\d{4}-\d{2}-\d{2}\)", h) for h in headings[1:])
    assert headings[1].startswith(f"{newsarchive.__version__} ")


def test_nothing_is_installed_from_an_index_that_lacks_it() -> None:
    """The project is on no package index: whoever follows its pages gets it from the repository."""
    pages = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "action.yml"]
    pages += sorted((ROOT / "docs").rglob("*.md"))
    wrong = re.compile(
        r"(?:pip|pipx|uv|uvx)\b[^\n`]*?\b(?:install|run|uvx)\b(?![^\n`]*(?:git\+|--spec|--from))"
        r"[^\n`]*[ '\"]newsarchive(?![-/\w.])(?![^\n]*git\+)"
    )
    found = {page.name: wrong.findall(page.read_text("utf-8")) for page in pages}
    assert {name: lines for name, lines in found.items() if lines} == {}
    assert wrong.search("pip install 'newsarchive[lsp]'")
    assert wrong.search("python -m pip install --quiet newsarchive")
    assert not wrong.search("pipx run --spec git+https://a.example/newsarchive newsarchive check")


def test_the_package_is_typed() -> None:
    assert (ROOT / "src/newsarchive/py.typed").is_file()
