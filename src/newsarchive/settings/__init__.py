"""What an archive's configuration says: which rules hold where, how grave they are, and more.

A configuration is a table of TOML: ``[tool.newsarchive]`` in ``pyproject.toml``, or the whole of
``newsarchive.toml``. It is data only: nothing in it is run, and a file that it names to be
written lies in its own folder. The keys are the fields of `Settings`, so the check of a file, the
command's options, the JSON Schema and the reference are all made of one list.
"""

from newsarchive.settings._load import HasHome, load_settings
from newsarchive.settings._settings import PerPath, Settings

__all__ = ["HasHome", "PerPath", "Settings", "load_settings"]
