"""What the last release promised of the public interface: nothing goes without a word.

griffe compares the source as it is with that of the release. What breaks a caller is named in the
changelog under "Breaking" of what is unreleased, or this fails.
"""

from __future__ import annotations

import io
import re
import subprocess
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("griffe", reason="no griffe (dependency group test)")
import griffe

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[1]
CHANGELOG = (ROOT / "CHANGELOG.md").read_text("utf-8")
UNRELEASED = CHANGELOG.partition("\n## Unreleased\n")[2].partition("\n## ")[0]


def git(*words: str) -> str:
    done = subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout.strip()


def last_release() -> str:
    """The commit of the last release: its tag, or the last commit of the day that it is dated."""
    found = re.search(r"^## (\S+) \((\d{4}-\d{2}-\d{2})\)$", CHANGELOG, re.M)
    assert found, "the changelog has no release"
    version, day = found.groups()
    tag = git("rev-parse", "--verify", "--quiet", f"v{version}^{{commit}}")
    return tag or git("rev-list", "-1", f"--before={day}T23:59:59Z", "HEAD")


class KnownDataclasses(griffe.Extension):
    """Lets griffe know the library's own decorator as that of dataclasses, which it stands for."""

    def on_package(self, *, pkg: griffe.Module, **_: object) -> None:
        for module in _modules(pkg):
            found = module.members.get("dataclass")
            if isinstance(found, griffe.Alias) and found.target_path.endswith(LAZY):
                found.target_path = "dataclasses.dataclass"
                module.imports["dataclass"] = "dataclasses.dataclass"


LAZY = "lazy_dataclasses.dataclass"


def _modules(module: griffe.Module) -> Iterator[griffe.Module]:
    yield module
    for inner in module.modules.values():
        if isinstance(inner, griffe.Module):
            yield from _modules(inner)


def interface(package: Any) -> griffe.Module:
    """What can be imported from the package itself, wherever it is defined, as one module."""
    module = griffe.Module("newsarchive")
    for name in map(str, package.exports or ()):
        if name in package.members:
            found = package.members[name]
            found = found.final_target if found.is_alias else found
            if found.is_attribute and isinstance(found.value, griffe.ExprName):  # another name
                found = found.parent.members.get(found.value.name, found)
            module.members[name] = found
    return module


def loaded(folder: Path) -> griffe.Module:
    """The interface of the package in a folder, read and not imported."""
    extensions = griffe.load_extensions(KnownDataclasses())
    package = griffe.load(
        "newsarchive", search_paths=[folder], try_relative_path=False, extensions=extensions
    )
    return interface(package)


def broken(old: griffe.Module, new: griffe.Module) -> dict[str, str]:
    """What a caller loses, by the name that the changelog would call it."""
    found = {}
    known = [(module, name) for module in (old, new) for name in module.members]
    for breakage in griffe.find_breaking_changes(old, new):
        if re.search(r"-> (field|key)\(", breakage.explain()):  # how a field is written
            continue
        path = breakage.obj.path
        for module, public in known:
            target = module.members[public].path
            if path == target or path.startswith(f"{target}."):
                path = public + path.removeprefix(target)
        found[path] = breakage.explain()
    return found


def test_what_breaks_callers_is_in_the_changelog(tmp_path: Path) -> None:
    commit = last_release()
    if not commit:
        pytest.skip("no history: a source package, or a shallow clone")
    kept = subprocess.run(
        ["git", "archive", commit, "src"], cwd=ROOT, stdout=subprocess.PIPE, check=True
    ).stdout
    with tarfile.open(fileobj=io.BytesIO(kept)) as files:
        files.extractall(tmp_path, filter="data")
    old, new = (loaded(folder / "src") for folder in (tmp_path, ROOT))
    told = UNRELEASED.partition("\n### Breaking\n")[2].partition("\n### ")[0]
    found = broken(old, new)
    assert {name: why for name, why in found.items() if f"`{name}`" not in told} == {}


def test_a_parameter_that_goes_is_seen(tmp_path: Path) -> None:
    for folder, parameters in (("old", "a, b=1"), ("new", "a")):
        package = tmp_path / folder / "newsarchive"
        package.mkdir(parents=True)
        (package / "__init__.py").write_text(
            "from newsarchive.inner import C\n__all__ = ['C']\n", "utf-8"
        )
        (package / "inner.py").write_text(
            f"class C:\n    def m(self, {parameters}): ...\ndef unseen({parameters}): ...\n",
            "utf-8",
        )
    old, new = (loaded(tmp_path / folder) for folder in ("old", "new"))
    assert list(broken(old, new)) == ["C.m"]
