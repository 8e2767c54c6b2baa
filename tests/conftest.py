"""Hypothesis profiles: `ci` repeats itself, `deep` searches (``--hypothesis-profile=deep``)."""

import os
import signal
import tempfile

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
def pytest_xdist_auto_num_workers() -> int:
    """What ``-n auto`` means: one more than there are cores, as many tests wait for processes."""
    return (os.cpu_count() or 1) + 1


@pytest.fixture(scope="session", autouse=True)
def signals_as_usual() -> None:
    """Have processes end at signals, though whoever started the tests ignores some (``nohup``)."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if hasattr(signal, "SIGHUP"):
        signal.signal(signal.SIGHUP, signal.SIG_DFL)
