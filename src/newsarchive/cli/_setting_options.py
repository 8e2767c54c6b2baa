"""The options that are settings, and what holds when a configuration is there, too."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

import click

from newsarchive.archive import Archive
from newsarchive.cli._locate import near
from newsarchive.cli._options import words
from newsarchive.errors import SettingsError
from newsarchive.page.printable import printable
from newsarchive.settings import Settings, load_settings
from newsarchive.settings._kinds import Key, keys_of
from newsarchive.settings._load import find_configuration, read_configuration

Command = Callable[..., int]

_OF_ONE_ARCHIVE = ("edition", "baseline")


class Flags(NamedTuple):
    """What the command line says about settings.

    Attributes:
        values: the fields that options (or environment variables) set.
        config: the configuration to read, None to look for one.
        isolated: whether no configuration is read.
        environment: the fields that an environment variable set.
        is_of_another: whether the configuration that is named is about another archive.
    """

    values: Mapping[str, Any]
    config: str | None = None
    isolated: bool = False
    environment: frozenset[str] = frozenset()
    is_of_another: bool = False

    def of_another_archive(self) -> Flags:
        """The same for an archive that no word names: without what is said of one archive alone."""
        values = {name: v for name, v in self.values.items() if not (v and name in _OF_ONE_ARCHIVE)}
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
            return replace(found, edition=None, baseline=None) if is_theirs else found
        read = read_configuration(self.config) if self.config else find_configuration(".")
        return read.settings() if read else Settings()


def setting_options(*names: str) -> Callable[[Command], Command]:
    """Options for settings, and ``--config`` and ``--isolated``; a command gets them as `flags`.

    Args:
        names: the fields of `Settings`; none means all that have an option.
    """
    keys = {field: (name, key) for name, (field, key) in keys_of(Settings).items()}
    chosen = [field for field, (_, key) in keys.items() if key.kind.flag]
    if names:
        chosen = [field for field in chosen if field in names]

    def decorate(command: Command) -> Command:
        @functools.wraps(command)
        def run(*, config: str | None, isolated: bool, **given: Any) -> int:
            if config is not None and isolated:
                raise click.UsageError("--config and --isolated exclude each other")
            context = click.get_current_context()
            values, environment = {}, set()
            for field in chosen:
                value = _value(keys[field][1], given.pop(field), given.pop(f"no_{field}", False))
                if value is not None:
                    values[field] = value
                    source = context.get_parameter_source(field)
                    if source is click.core.ParameterSource.ENVIRONMENT:
                        environment.add(field)
            flags = Flags(values, config, isolated, frozenset(environment))
            return command(flags=flags, **given)

        options: list[Callable[[Command], Command]] = [
            option for field in chosen for option in _options(*keys[field], field)
        ]
        decorated: Command = run
        for option in reversed([*options, *_WHERE]):
            decorated = option(decorated)
        return decorated

    return decorate


_WHERE: list[Callable[[Command], Command]] = [
    click.option(
        "--config", metavar="FILE",
        help="The configuration to read (default: newsarchive.toml, or pyproject.toml with "
        "[tool.newsarchive], in the archive or above it).",
    ),
    click.option("--isolated", is_flag=True, help="Read no configuration."),
]  # fmt: skip


def _options(name: str, key: Key, field: str) -> list[Callable[[Command], Command]]:
    """The options of one setting; their values are None (or empty) where they are not given."""
    kind, flag = key.kind, f"--{name}"
    default = key.default.replace("`", "") or (kind.choices and getattr(Settings(), field))
    text = key.help.removesuffix(".") + (f" (default: {default})." if default else ".")
    more: dict[str, Any] = {"help": text, "default": None, "envvar": key.env or None}
    if kind.flag in ("words", "texts"):
        return [click.option(flag, field, multiple=True, metavar=kind.metavar, help=text)]
    if kind.flag == "choice":
        return [click.option(flag, field, type=click.Choice(kind.choices), **more)]
    if kind.flag == "switch":
        names = [key.short] * bool(key.short) + [f"{flag}/--no-{name}"]
        return [click.option(*names, field, **more)]
    if kind.flag == "number":
        least = kind.schema["minimum"]
        return [click.option(flag, field, type=click.IntRange(least), metavar=kind.metavar, **more)]
    if kind.flag == "day":
        day = click.DateTime(["%Y-%m-%d"])
        return [click.option(flag, field, type=day, metavar=kind.metavar, **more)]
    place = click.option(flag, field, metavar=kind.metavar, **more)
    if kind.flag == "place":
        return [place]
    none = f"Use no {name}, whatever stands there or in the configuration."
    return [place, click.option(f"--no-{name}", f"no_{field}", is_flag=True, help=none)]


def _value(key: Key, given: Any, none: bool) -> Any:
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
