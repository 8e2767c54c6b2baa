"""Packages that bring rules, as an installer leaves them: for tests of rules of other packages."""

import itertools
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.seams import forget_plugins

_numbers = itertools.count()

HEAD = """\
from newsarchive import Severity
from newsarchive.rules import BodyEdit, Finding, Places, Repair, Rule, event_check

def rule(code="XY101", name="no-fires", **more):
    given = dict(severity=Severity.WARNING, summary="a title names a fire", why="It frightens.")
    return Rule(code, name, **{**given, **more})

def fires(reading):
    at = reading.body.find("burns")
    if at >= 0:
        yield Finding(at, at + 5, "the pier burns")

"""
"""What most modules of such a package begin with: `rule` makes a rule, `fires` is a check."""


def install(
    folder: Path,
    code: str,
    *,
    package: str = "desk-rules",
    version: str = "1.0",
    attribute: str = "RULES",
    entry: str = "desk",
) -> Path:
    """Install a package of one module, and return the module's file.

    Args:
        folder: where packages are.
        code: the module, without `HEAD`.
        package: the package's name.
        version: its version.
        attribute: what the entry point names in the module; empty for the module itself.
        entry: the entry point's name.
    """
    module = f"desk_rules_{next(_numbers)}"
    metadata = folder / f"{package.replace('-', '_')}-{version}.dist-info"
    metadata.mkdir(parents=True)
    (metadata / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: {package}\nVersion: {version}\n", "utf-8"
    )
    value = f"{module}:{attribute}" if attribute else module
    (metadata / "entry_points.txt").write_text(f"[newsarchive.rules]\n{entry} = {value}\n", "utf-8")
    file = folder / f"{module}.py"
    file.write_text(HEAD + textwrap.dedent(code), "utf-8")
    return file


def site_packages(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Have this process look for packages in a folder: the body of a fixture."""
    monkeypatch.syspath_prepend(str(folder))
    forget_plugins()
    yield folder
    forget_plugins()
    for name in [name for name in sys.modules if name.startswith("desk_rules_")]:
        del sys.modules[name]
