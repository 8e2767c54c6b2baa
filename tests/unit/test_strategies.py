"""The strategies are listed and documented, and nothing else needs them."""

import subprocess
import sys

import pytest
from hypothesis import strategies as st

from newsarchive import strategies as nas

pytestmark = pytest.mark.slow


def test_the_library_does_not_need_hypothesis() -> None:
    code = (
        "import sys; sys.modules['hypothesis'] = None; import newsarchive as na; "
        "[getattr(na, name) for name in na.__all__]; "
        "assert 'newsarchive.strategies' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_every_strategy_is_listed_and_documented() -> None:
    assert nas.__all__ == sorted(nas.__all__)
    for name in nas.__all__:
        strategy = getattr(nas, name)
        assert strategy.__doc__, name
        assert isinstance(strategy(), st.SearchStrategy)
