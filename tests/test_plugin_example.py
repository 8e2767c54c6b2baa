"""The example of a plugin: installed as users install it, and run by the real command."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import newsarchive as na

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parent.parent
EXAMPLE = ROOT / "examples" / "plugin"
PAGE = "news/2016/03/3/first-residents-of-low-marsh-return-home.md"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the plugin installed from a copy of its source."""
    folder = tmp_path_factory.mktemp("plugin")
    source = shutil.copytree(EXAMPLE, folder / "source")
    options = ["--quiet", "--no-deps", "--no-index", "--no-build-isolation"]
    done = subprocess.run(
        [sys.executable, "-m", "pip", "install", *options, "--target", folder / "site", source],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return folder / "site"


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    return shutil.copytree(ROOT / "examples" / "archive", tmp_path / "archive")


def run(site: Path, *args: str | Path) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join(filter(None, [str(site), os.environ.get("PYTHONPATH")]))
    return subprocess.run(
        [sys.executable, "-m", *map(str, args)],
        capture_output=True, text=True, check=False, encoding="utf-8",
        env={**os.environ, "PYTHONPATH": path},
    )  # fmt: skip


def codes(site: Path, archive: Path, *args: str) -> dict[str, int]:
    """The number of findings of each code, as the JSON says."""
    done = run(site, "newsarchive", "check", archive, "--output-format", "json", *args)
    assert done.stderr == ""
    found: dict[str, int] = json.loads(done.stdout)["summary"]["codes"]
    return found


def test_only_what_it_says_is_installed(site: Path) -> None:
    names = {file.name for file in site.iterdir()} - {"__pycache__"}
    assert names == {"house_style.py", "newsarchive_house_style-1.0.0.dist-info"}


def test_its_rules_run_with_the_others(site: Path, archive: Path) -> None:
    before = na.check(archive).by_code()
    assert codes(site, archive) == {**before, "HS101": 18}
    assert codes(site, archive, "--no-plugins") == before


def test_they_are_selected_and_ignored(site: Path, archive: Path) -> None:
    assert codes(site, archive, "--select", "HS") == {"HS101": 18}
    assert codes(site, archive, "--select", "plain-http-source") == {"HS101": 18}
    assert codes(site, archive, "--select", "HS", "--ignore", "HS101") == {}


def test_they_are_off_by_default_if_they_say_so(site: Path, archive: Path) -> None:
    for index in ("index.md", "README.md"):
        (archive / "news/2016/03/2" / index).unlink()
    assert "HS103" not in codes(site, archive)
    assert codes(site, archive, "--select", "HS103")["HS103"] > 0


def test_what_is_found_is_printed(site: Path, archive: Path) -> None:
    done = run(site, "newsarchive", "check", archive, "--select", "HS", "--fail-on", "warning")
    assert done.returncode == 1
    expected = (
        f"{archive / PAGE}:14:25: warning HS101 [plain-http-source] the source's address 'http://"
    )
    assert expected in done.stdout


def test_what_is_found_is_fixed(site: Path, archive: Path) -> None:
    page = archive / PAGE
    page.write_text(page.read_text("utf-8").replace("The first ", "The  first "), "utf-8")
    before = page.read_text("utf-8")
    safe = run(site, "newsarchive", "check", archive, "--select", "HS", "--fix")
    assert "18 more with --unsafe-fixes" in safe.stdout
    done = run(site, "newsarchive", "check", archive, "--select", "HS", "--fix", "--unsafe-fixes")
    assert (done.returncode, "No findings." in done.stdout) == (0, True)
    assert "Fixed 18 findings in " in done.stderr
    assert page.read_text("utf-8") == before.replace("](http://", "](https://")
    assert na.check(archive).by_code() == na.check(ROOT / "examples" / "archive").by_code()


def test_its_own_tests_pass(site: Path, tmp_path: Path) -> None:
    tests = shutil.copy(EXAMPLE / "test_house_style.py", tmp_path)
    (tmp_path / "pytest.ini").write_text("[pytest]\n", "utf-8")
    done = run(site, "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", tmp_path, tests)
    assert done.returncode == 0, done.stdout
    assert "3 passed" in done.stdout


def test_a_double_blank_is_mended_safely(site: Path, archive: Path) -> None:
    page = archive / "news/2016/03/2/narrows-bridge.md"
    text = page.read_text("utf-8")
    title = text.index("# ")
    at = text.index("\n\n", title) + 2
    page.write_text(f"{text[:at]}Two  blanks.{text[at:]}", "utf-8")
    assert codes(site, archive, "--select", "HS102") == {"HS102": 1}
    done = run(site, "newsarchive", "check", archive, "--select", "HS102", "--fix")
    assert "Fixed 1 finding in 1 file." in done.stderr
    assert "Two blanks." in page.read_text("utf-8")
