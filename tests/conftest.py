"""Hypothesis profiles: `ci` repeats itself, `deep` searches (``--hypothesis-profile=deep``)."""

import os
import re
import signal
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile(
    "ci",
    derandomize=True,
    max_examples=60,
    deadline=None,
    database=None,
    print_blob=True,
    # Pages are large values; drawing them is slow by hypothesis's measure, not by ours.
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
settings.register_profile("deep", settings.get_profile("ci"), derandomize=False, max_examples=3000)
settings.load_profile("ci")


def pytest_configure(config: pytest.Config) -> None:
    """Keep the command's caches out of the cache folder of whoever runs the tests."""
    folder = tempfile.TemporaryDirectory(prefix="newsarchive-tests-", ignore_cleanup_errors=True)
    os.environ["XDG_CACHE_HOME"] = folder.name
    config.add_cleanup(folder.cleanup)


@pytest.hookimpl(optionalhook=True)  # xdist may not be there
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """What ``-n auto`` means: one more than there are cores where tests wait for processes."""
    return (os.cpu_count() or 1) + ("not slow" not in config.option.markexpr)


# The marks of a whole module, as its text has them.
_MARKS = re.compile(r"^pytestmark = .*(?:\n    .*)*", re.MULTILINE)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave out modules whose marks are not asked for: to read them takes longer than to test."""
    wanted = config.option.markexpr
    if collection_path.suffix != ".py" or " or " in wanted:
        return None
    marks = "".join(_MARKS.findall(collection_path.read_text(encoding="utf-8")))
    unwanted = re.findall(r"not (\w+)", wanted)
    return any(f"mark.{mark}" in marks for mark in unwanted) or None


@pytest.fixture(scope="session", autouse=True)
def signals_as_usual() -> None:
    """Have processes end at signals, though whoever started the tests ignores some (``nohup``)."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if hasattr(signal, "SIGHUP"):
        signal.signal(signal.SIGHUP, signal.SIG_DFL)
