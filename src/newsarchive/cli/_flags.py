"""What a command line says about settings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from newsarchive.archive import Archive
from newsarchive.cli._console import click
from newsarchive.cli._locate import near
from newsarchive.cli._words import words
from newsarchive.errors import SettingsError
from newsarchive.page.lazy_tuples import NamedTuple
from newsarchive.page.printable import printable
from newsarchive.settings import Settings, load_settings
from newsarchive.settings._kinds import Key, keys_of
from newsarchive.settings._load import (
    OF_ONE_ARCHIVE,
    find_configuration,
    of_another_archive,
    read_configuration,
)

KEYS: dict[str, tuple[str, Key]] = {
    field: (name, key) for name, (field, key) in keys_of(Settings).items() if key.kind.flag
}
"""The settings that have an option, by field: its name, and what there is to know of it."""


class Flags(NamedTuple):
    """What the command line says about settings."""

    values: Mapping[str, Any]  # the fields that options (or environment variables) set
    config: str | None = None  # the configuration to read, None to look for one
    isolated: bool = False  # whether no configuration is read
    environment: frozenset[str] = frozenset()  # the fields that an environment variable set
    is_of_another: bool = False  # whether the configuration that is named is about another archive

    def of_another_archive(self) -> Flags:
        """The same for an archive that no word names: without what is said of one archive alone."""
        values = {name: v for name, v in self.values.items() if not (v and name in OF_ONE_ARCHIVE)}
        return self._replace(values=values, is_of_another=True)

    def settings(self, archive: Archive | None) -> Settings:
        """The settings that hold for an archive; None stands for the working folder.

        Raises:
            click.ClickException: the configuration cannot be read, or is wrong.
        """
        try:
            found = Settings() if self.isolated else self._configured(archive)
        except SettingsError as error:
            shown = SettingsError(near(error.file), error.line, error.key, error.reason)
            raise click.ClickException(printable(str(shown))) from None
        return found.override(**self.values)

    def _configured(self, archive: Archive | None) -> Settings:
        if archive is not None:
            found = load_settings(archive, config=self.config)
            is_theirs = self.is_of_another and self.config
            return of_another_archive(found) if is_theirs else found
        read = read_configuration(self.config) if self.config else find_configuration(".")
        return read.settings() if read else Settings()


def setting(key: Key, given: Any, none: bool) -> Any:
    """What an option sets; None where it is not given."""
    if key.kind.flag == "words":
        return words(given) or None
    if key.kind.flag == "texts":
        return given or None
    if key.kind.flag == "day":
        return given and given.date()
    if key.kind.flag == "place-or-none" and none:
        if given is not None:
            raise click.UsageError("an option and its --no- form exclude each other")
        return False
    return given
