"""The folder that caches are in."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from newsarchive.settings._kinds import keys_of

if TYPE_CHECKING:
    from newsarchive.settings import Settings

NO_FOLDER = "no cache: this user has no home folder; --cache-dir names a folder for caches"


def default_folder() -> str | None:
    """The folder where this user's caches are, by the operating system's convention.

    None where the system knows no home folder for the user, as for one without an account.
    """
    import platformdirs

    try:
        folder = platformdirs.user_cache_dir("newsarchive", appauthor=False)
    except (RuntimeError, KeyError, OSError):
        return None
    return folder if os.path.isabs(folder) else None  # else "~" was left as it is


def cache_folder(settings: Settings, *, environment: bool = False) -> str | None:
    """The folder where runs with some settings keep what they read; None where they keep nothing.

    A variable of the `environment` may come before them. Options of a command have taken it up
    already.
    """
    if not settings.cache:
        return None
    said = None
    if environment:
        said = os.environ.get(keys_of(type(settings))["cache-dir"][1].env)
    return said or settings.cache_dir or default_folder()
