"""What users install: built from the sources, complete, the same each time, and it works."""

import email.parser
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
import venv
import zipfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

import newsarchive
from tests.package_index import served

ROOT = Path(__file__).parent.parent
PACKAGE = Path(newsarchive.__file__).parent
EPOCH = "1577836800"  # 2020-01-01

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(find_spec("hatchling") is None, reason="needs hatchling"),
]


def build(source: Path, target: Path) -> dict[str, Path]:
    """Build wheel and source package with the project's own backend, without a network."""
    target.mkdir()
    script = (
        "import sys\nfrom hatchling import build\n"
        "build.build_wheel(sys.argv[1])\nbuild.build_sdist(sys.argv[1])\n"
    )
    environment = {**os.environ, "SOURCE_DATE_EPOCH": EPOCH}
    line = [sys.executable, "-c", script, str(target)]
    done = subprocess.run(line, cwd=source, env=environment, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return {file.suffix: file for file in target.iterdir()}


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project's files, without what lies about in a working folder."""
    target = tmp_path_factory.mktemp("source") / "project"
    for name in project_files():
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, target / name)
    return target


def project_files() -> list[str]:
    """The files of the project: what git keeps, or all that an unpacked source package holds."""
    if (ROOT / ".git").exists():
        line = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
        listed = subprocess.run(line, cwd=ROOT, capture_output=True, check=True).stdout.decode()
        return [name for name in listed.split("\0") if name and (ROOT / name).is_file()]
    files = (file.relative_to(ROOT) for file in ROOT.rglob("*") if file.is_file())
    made = {"__pycache__", ".pytest_cache", ".hypothesis", ".coverage", "PKG-INFO"}
    return [file.as_posix() for file in files if made.isdisjoint(file.parts)]


@pytest.fixture(scope="module")
def built(source: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return build(source, tmp_path_factory.mktemp("built") / "dist")


@pytest.fixture(scope="module")
def inside(built: dict[str, Path]) -> set[str]:
    with zipfile.ZipFile(built[".whl"]) as wheel:
        return {*wheel.namelist()}


def test_the_wheel_holds_the_package_and_nothing_else(inside: set[str]) -> None:
    modules = {
        "newsarchive/" + file.relative_to(PACKAGE).as_posix()
        for kind in ("*.py", "*.css", "*.jinja")
        for file in PACKAGE.rglob(kind)
    }
    info = {name for name in inside if name.startswith("newsarchive-")}
    assert inside - info == {*modules, "newsarchive/py.typed"}
    assert {name.partition("/")[2] for name in info} == {
        "METADATA", "RECORD", "WHEEL", "entry_points.txt", "licenses/LICENSE",
    }  # fmt: skip


def test_its_metadata_are_the_project_s(built: dict[str, Path]) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    with zipfile.ZipFile(built[".whl"]) as wheel:
        [name] = [name for name in wheel.namelist() if name.endswith("/METADATA")]
        found = email.parser.Parser().parsestr(wheel.read(name).decode())
    assert found["Version"] == newsarchive.__version__
    assert found["Requires-Python"] == project["requires-python"]
    needed = [line for line in found.get_all("Requires-Dist", []) if "extra ==" not in line]
    names = [re.split("[<>=]", line)[0] for line in project["dependencies"]]
    assert [re.split("[<>=]", line)[0] for line in needed] == names


def test_the_source_package_is_the_project(built: dict[str, Path]) -> None:
    with tarfile.open(built[".gz"]) as sources:
        names = {m.name.partition("/")[2] for m in sources.getmembers() if m.isfile()}
    assert names == {*project_files(), "PKG-INFO"}
    assert {"action.yml", ".pre-commit-hooks.yaml", "SECURITY.md", ".ci/run", "fuzz/README.md",
            "requirements-dev.lock", "examples/archive/index.md"} <= names  # fmt: skip


def test_no_library_that_it_needs_has_an_upper_bound() -> None:
    """A bound would hold whoever imports this library to it; tests say what works."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert [line for line in project["dependencies"] if re.search("[<~]|==", line)] == []


def test_two_builds_are_the_same_bytes(
    source: Path, built: dict[str, Path], tmp_path: Path
) -> None:
    copy = shutil.copytree(source, tmp_path / "elsewhere")
    for file in copy.rglob("*.py"):
        os.utime(file, (0, 0))
    again = build(copy, tmp_path / "dist")
    assert {kind: file.name for kind, file in again.items()} == {
        kind: file.name for kind, file in built.items()
    }
    for kind, file in again.items():
        assert file.read_bytes() == built[kind].read_bytes(), kind


@pytest.mark.skipif(find_spec("twine") is None, reason="needs twine")
def test_an_index_would_take_them(built: dict[str, Path]) -> None:
    line = [sys.executable, "-m", "twine", "check", "--strict", *map(str, built.values())]
    done = subprocess.run(line, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("PASSED") == 2


def test_the_wheel_works_in_an_environment_of_its_own(
    built: dict[str, Path], tmp_path: Path
) -> None:
    """Its own environment for the package; what it depends on is taken from this one."""
    home = tmp_path / "env"
    venv.create(home, with_pip=False, symlinks=True)
    python = home / "bin" / "python"
    [site] = home.glob("lib/python*/site-packages")
    with zipfile.ZipFile(built[".whl"]) as wheel:
        wheel.extractall(site)
    needed = {Path(str(find_spec(name).origin)).parent.parent  # type: ignore[union-attr]
              for name in ("click", "mistune", "platformdirs", "pydantic", "text_unidecode",
                           "wcwidth", "xxhash")}  # fmt: skip
    (site / "needed.pth").write_text("".join(f"{folder}\n" for folder in needed))
    archive = shutil.copytree(ROOT / "examples/archive", tmp_path / "archive")
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    script = (
        "import sys, importlib.metadata as m, newsarchive as na\n"
        "assert na.__file__.startswith(sys.prefix), na.__file__\n"
        "assert all(getattr(na, name) is not None for name in na.__all__ if name != 'strategies')\n"
        "[found] = m.entry_points(group='console_scripts', name='newsarchive')\n"
        "sys.argv = ['newsarchive', 'check', sys.argv[1], '--no-cache']\n"
        "found.load()()\n"
    )
    done = subprocess.run(
        [python, "-I", "-W", "error", "-c", script, archive],
        capture_output=True, text=True, check=False, env=environment, cwd=tmp_path,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert re.search(r"^Checked \d+ pages: ", done.stdout, re.M)


@pytest.fixture(scope="module")
def lock() -> str:
    """What `.ci/lock` wrote."""
    return (ROOT / "requirements-dev.lock").read_text("utf-8")


class TestLock:
    def test_every_package_is_pinned_with_hashes(self, lock: str) -> None:
        entries = re.split(r"\n(?=\S)", lock.strip())
        pins = [e for e in entries if not e.startswith("#")]
        assert len(pins) > 20
        for pin in pins:
            assert re.match(r"[\w.-]+==[\w.]+ ", pin), pin
            assert re.search(r"--hash=sha256:[0-9a-f]{64}", pin), pin

    def test_no_index_is_named(self, lock: str) -> None:
        assert not re.search(r"://|--index|--find-links|--trusted", lock)

    def test_it_pins_what_the_project_names(self, lock: str) -> None:
        found = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
        named = [*found["project"]["dependencies"], *found["build-system"]["requires"]]
        for group in ("test", "dev"):
            named += [entry for entry in found["dependency-groups"][group] if type(entry) is str]
        pinned = set(re.findall(r"^([\w.-]+)==", lock, re.M))
        wanted = {re.split(r"[<>=\[ ]", line)[0].lower().replace("_", "-") for line in named}
        assert wanted <= pinned


_WITHOUT_INSTALLING = re.compile(r"^(?:- run: )?((?:uvx --from|pipx run --spec) git\+.*)$", re.M)


def lines_without_installing() -> list[str]:
    """The lines of the documentation that run newsarchive without installing it."""
    pages = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
    found = [m[1] for page in pages for m in _WITHOUT_INSTALLING.finditer(page.read_text("utf-8"))]
    return list(dict.fromkeys(found))


@pytest.fixture(scope="module")
def index(built: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A package index that has newsarchive."""
    with served(built[".whl"], tmp_path_factory.mktemp("index"), more=["pip"]) as address:
        yield address


def test_the_documentation_has_such_lines() -> None:
    assert {line.split()[0] for line in lines_without_installing()} == {"uvx", "pipx"}


@pytest.mark.parametrize("line", lines_without_installing())
def test_lines_that_install_nothing_run(line: str, index: str, tmp_path: Path) -> None:
    """As written, but that the package comes from the index, and the archive is the sample."""
    program, *words = line.split()
    beside = Path(sys.executable).with_name(program)
    if not beside.exists():
        pytest.skip(f"no {program}")
    if "--since" in words:
        words = words[: words.index("--since")]
    words = ["newsarchive" if word.startswith("git+") else word for word in words]
    words = [word for word in words if word != "path/to/archive"]
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PIP_")}
    environment = {
        **clean, "HOME": str(tmp_path), "PIP_CONFIG_FILE": os.devnull, "PIP_INDEX_URL": index,
        "UV_DEFAULT_INDEX": index, "UV_NO_CONFIG": "1", "UV_CACHE_DIR": str(tmp_path / "uv"),
        "UV_PYTHON": sys.executable, "PIPX_HOME": str(tmp_path / "pipx"),
        "PIPX_DEFAULT_PYTHON": sys.executable, "UV_PYTHON_DOWNLOADS": "never",
    }  # fmt: skip
    done = subprocess.run(
        [str(beside), *words, str(ROOT / "examples/archive"), "--no-cache"],
        cwd=tmp_path, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Checked 82 pages" in done.stdout
