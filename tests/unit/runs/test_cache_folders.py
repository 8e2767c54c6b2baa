"""Where caches are."""

import pytest

from newsarchive.runs.cache_folders import cache_folder, default_folder
from newsarchive.settings import Settings

VARIABLE = "NEWSARCHIVE_CACHE_DIR"


def test_what_settings_say_comes_before_the_users_folder() -> None:
    assert cache_folder(Settings()) == default_folder()
    assert cache_folder(Settings(cache_dir="/there")) == "/there"


def test_the_environment_comes_first_for_who_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "/elsewhere")
    settings = Settings(cache_dir="/there")
    assert cache_folder(settings, environment=True) == "/elsewhere"
    assert cache_folder(settings) == "/there", "options have taken the variable up already"


def test_who_keeps_nothing_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "/elsewhere")
    assert cache_folder(Settings(cache=False, cache_dir="/there"), environment=True) is None
