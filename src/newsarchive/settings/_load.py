"""Finding and reading a configuration."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

from newsarchive.errors import SettingsError
from newsarchive.page.lazy_dataclasses import replace
from newsarchive.page.lazy_tuples import NamedTuple
from newsarchive.page.patterns import pattern
from newsarchive.settings._kinds import WrongValueError, parse_table, shortened
from newsarchive.settings._settings import Settings
from newsarchive.store.atomic import read_bytes
from newsarchive.store.local import find_root
from newsarchive.store.store import DistantStore, Store
from newsarchive.store.urls import is_url

_WRITTEN = ("cache-dir", "output-file")
"""The keys that name places to write to."""

OF_ONE_ARCHIVE = ("edition", "baseline")
"""The settings that hold for one archive alone, not for those in folders of its own."""

OWN, SHARED = "newsarchive.toml", "pyproject.toml"
LIMIT = 1 << 20
"""The size of a configuration that is read: no honest one is as large."""

_TOO_LARGE = f"it is larger than {LIMIT:,} bytes"

_AT_LINE = pattern(r" ?\(at (?:line (?P<line>[0-9]+), column [0-9]+|end of document)\)$")


class Configuration(NamedTuple):
    """A configuration as it was read: its file, what it holds, and the keys above its table."""

    file: str
    text: str
    table: Mapping[str, Any]
    base: tuple[str, ...]

    def line(self, *path: str | int) -> int:
        """The line of a key, or of what it stands in; 0 where that is not known."""
        from newsarchive.settings._lines import lines_of  # for what is wrong

        full, lines = (*self.base, *path), lines_of(self.text)
        found = (lines.get(full[:n]) for n in range(len(full), len(self.base) - 1, -1))
        return next((line for line in found if line), 0)

    def settings(self) -> Settings:
        """The settings that it says.

        Raises:
            SettingsError: a key is unknown, or its value is wrong.
        """
        try:
            values = self._values()
        except WrongValueError as error:
            reason = error.reason
            if error.path == ("tool",) and not self.base:
                reason = "in this file the keys belong at the top, without [tool.newsarchive]"
            line = self.line(*error.path)
            raise SettingsError(self.file, line, _shown(error.path), reason) from None
        return Settings(**values, file=self.file, configured=frozenset(values))

    def _values(self) -> dict[str, Any]:
        if not is_url(self.file):
            return parse_table(Settings, self.table, Path(self.file).parent)
        # Nothing is written to a storage; a baseline is read from there.
        table = {key: value for key, value in self.table.items() if key not in _WRITTEN}
        values = parse_table(Settings, table, Path("/"))
        if isinstance(values.get("baseline"), str):
            values["baseline"] = f"{self.file.rpartition('/')[0]}{values['baseline']}"
        return values


class HasHome(Protocol):
    """What has a folder of its own, as an archive does."""

    @property
    def home(self) -> Path:
        """The folder where a configuration is looked for."""


def load_settings(
    archive: HasHome | str | os.PathLike[str], *, config: str | os.PathLike[str] | None = None
) -> Settings:
    """The settings that hold for an archive.

    Args:
        archive: an archive, or a file or folder in one, or a URL of one.
        config: the configuration to read; None looks for one in the archive's folder and those
            above it, up to the one that holds ``.git``. What one in the folder of an archive
            around this one says of edition and baseline holds for that archive alone. Of an
            archive that a URL names, its own folder is looked into.

    Returns:
        What the configuration says; the defaults where there is none.

    Raises:
        NotAnArchiveError: `archive` is a path that lies in no archive.
        SettingsError: the configuration cannot be read, or says what is not allowed.
    """
    if config is not None:
        return read_configuration(config).settings()
    store = getattr(archive, "store", None)
    if is_url(archive):
        from newsarchive.store.remote import open_around  # most archives are folders

        store = open_around(archive)[0]
    if isinstance(store, DistantStore):
        return _settings_in(store)
    root = find_root(archive) if isinstance(archive, str | os.PathLike) else archive.home
    found = find_configuration(root)
    if not found:
        return Settings()
    settings, folder = found.settings(), Path(found.file).parent
    if (folder / "news").is_dir() and not folder.samefile(root):
        # It is another archive's, which this one is in a folder of, as Chinese news in "zh/".
        settings = of_another_archive(settings)
    return settings


def of_another_archive(settings: Settings) -> Settings:
    """Settings without what they say of one archive alone: they were read for another one."""
    nothing: dict[str, Any] = dict.fromkeys(OF_ONE_ARCHIVE)
    return replace(settings, **nothing)


def _settings_in(store: DistantStore) -> Settings:
    """The settings of an archive in a storage: what its own configuration says."""
    for number, folder in enumerate(store.around()):
        found = configuration_in(folder)
        if found:
            settings = found.settings()
            return of_another_archive(settings) if number else settings
    return Settings()


def configuration_in(store: Store) -> Configuration | None:
    """The configuration in the root of a store; None where there is none.

    Raises:
        SettingsError: it cannot be read.
    """
    for name in (OWN, SHARED):
        file = store.label(f"/{name}")
        try:
            data = store.read(f"/{name}")
        except FileNotFoundError:
            continue
        except OSError as error:
            raise SettingsError(file, 0, "", f"it cannot be read: {error.strerror}") from None
        if len(data) > LIMIT:
            raise SettingsError(file, 0, "", _TOO_LARGE)
        if found := _parsed(file, data):
            return found
    return None


def find_configuration(root: str | os.PathLike[str]) -> Configuration | None:
    """The configuration in a folder or the nearest above it; None where there is none.

    Raises:
        SettingsError: one cannot be read.
    """
    top = Path(os.path.abspath(root))
    for folder in (top, *top.parents):
        for name in (OWN, SHARED):
            file = str(folder / name)
            # Also a link that leads nowhere, or a folder: what cannot be read is an error.
            if os.path.lexists(file) and (found := _read(file)):
                return found
        if os.path.lexists(folder / ".git"):  # what lies above belongs to others
            break
    return None


def read_configuration(file: str | os.PathLike[str]) -> Configuration:
    """The configuration in a file.

    Raises:
        SettingsError: it cannot be read, or is a ``pyproject.toml`` without the table.
    """
    found = _read(os.fspath(file))
    if found is None:
        raise SettingsError(os.fspath(file), 0, "", "it holds no table [tool.newsarchive]")
    return found


def _read(file: str) -> Configuration | None:
    """A configuration; None for a ``pyproject.toml`` without the table."""
    return _parsed(file, _bytes(file))


def _parsed(file: str, data: bytes) -> Configuration | None:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise SettingsError(file, line, "", "it is not UTF-8") from None
    table = _toml(file, text)
    base: tuple[str, ...] = ()
    if os.path.basename(file) == SHARED:
        base = ("tool", "newsarchive")
        for name in base:
            if not isinstance(table, dict) or name not in table:
                return None
            table = table[name]
        if not isinstance(table, dict):
            line = Configuration(file, text, {}, base).line()
            raise SettingsError(file, line, ".".join(base), "expected a table")
    return Configuration(file, text, table, base)


def _toml(file: str, text: str) -> Any:
    """What a text says as TOML."""
    import tomllib  # where there is a configuration

    from newsarchive.settings._lines import MOST_PARTS, key_of_many_parts

    if many := key_of_many_parts(text):
        key, line = many
        raise SettingsError(file, line, shortened(key), f"a key of more than {MOST_PARTS} parts")
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = _AT_LINE.search(str(error))
        last = text.count("\n") + (not text.endswith("\n"))
        line = 0 if not place else int(place["line"]) if place["line"] else max(last, 1)
        reason = f"it is not TOML: {_AT_LINE.sub('', str(error))}"
        raise SettingsError(file, line, "", reason) from None
    except RecursionError:
        raise SettingsError(file, 0, "", "its tables and lists are nested too deeply") from None
    except ValueError as error:  # a number of more digits than Python takes
        raise SettingsError(file, 0, "", f"it holds a number that is too long: {error}") from None


def _bytes(file: str) -> bytes:
    """What a file of decent size holds."""
    try:
        status = os.stat(file)
        if stat.S_ISREG(status.st_mode) and status.st_size <= LIMIT:
            return read_bytes(file)
    except OSError as error:
        raise SettingsError(file, 0, "", f"it cannot be read: {error.strerror}") from None
    except ValueError as error:  # a NUL in the name
        raise SettingsError(file, 0, "", f"it cannot be read: {error}") from None
    regular = stat.S_ISREG(status.st_mode)
    reason = _TOO_LARGE if regular else "it is no regular file"
    raise SettingsError(file, 0, "", reason)


def _shown(path: tuple[str | int, ...]) -> str:
    """Where in a table, as people write it: ``per-path[0].ignore``."""
    shown = ""
    for part in path:
        if isinstance(part, int):
            shown += f"[{part}]"
        else:
            plain = re.fullmatch(r"[A-Za-z0-9_-]+", part)
            shown += ("." if shown else "") + shortened(part if plain else repr(part))
    return shown
